#include "base/buffer.h"

#include "base/memory.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY_BYTES ((size_t)256)

void buffer_open(struct buffer *buffer, size_t max_bytes)
{
    assert(max_bytes < SIZE_MAX / 2);
    *buffer = (struct buffer){.max_bytes = max_bytes};
}

void buffer_close(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}

void buffer_clear(struct buffer *buffer)
{
    buffer->size = 0;
    buffer->overflowed = false;
    if (buffer->data)
        buffer->data[0] = '\0';
}

/* Room for size bytes and the NUL. After an overflow nothing more is taken, so that what is there
 * has no gaps. */
static bool reserve(struct buffer *buffer, size_t size)
{
    if (buffer->overflowed || size > buffer->max_bytes - buffer->size) {
        buffer->overflowed = true;
        return false;
    }
    size_t needed = buffer->size + size + 1;
    if (needed > buffer->capacity) {
        size_t capacity = buffer->capacity ? buffer->capacity * 2 : FIRST_CAPACITY_BYTES;
        if (capacity > buffer->max_bytes + 1)
            capacity = buffer->max_bytes + 1;
        if (capacity < needed)
            capacity = needed;
        buffer->data = memory_resize(buffer->data, capacity, 1);
        buffer->capacity = capacity;
    }
    return true;
}

void *buffer_extend(struct buffer *buffer, size_t size)
{
    if (!reserve(buffer, size))
        return NULL;
    char *room = buffer->data + buffer->size;
    buffer->size += size;
    buffer->data[buffer->size] = '\0';
    return room;
}

bool buffer_add(struct buffer *buffer, const void *data, size_t size)
{
    void *room = buffer_extend(buffer, size);
    if (room && size)
        memcpy(room, data, size);
    return room != NULL;
}

bool buffer_add_string(struct buffer *buffer, const char *text)
{
    return buffer_add(buffer, text, strlen(text));
}

bool buffer_add_char(struct buffer *buffer, char c)
{
    return buffer_add(buffer, &c, 1);
}

bool buffer_add_format(struct buffer *buffer, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    assert(length >= 0);
    char *room = buffer_extend(buffer, (size_t)length);
    if (room)
        vsnprintf(room, (size_t)length + 1, format, again);
    va_end(again);
    return room != NULL;
}
