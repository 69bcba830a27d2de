#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void memory_exhausted(size_t size)
{
    fprintf(stderr, "promoteros: out of memory (%zu bytes more were needed)\n", size);
    abort();
}

void *memory_new(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size ? size : 1);
    if (!memory)
        memory_exhausted(size);
    return memory;
}

void *memory_resize(void *old, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        memory_exhausted(SIZE_MAX);
    void *memory = realloc(old, bytes ? bytes : 1);
    if (!memory)
        memory_exhausted(bytes);
    return memory;
}

char *memory_copy_string(const char *text)
{
    if (!text)
        return NULL;
    size_t size = strlen(text) + 1;
    return memcpy(memory_new(1, size), text, size);
}
