#include "base/arena.h"

#include "base/memory.h"

#include <assert.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BLOCK_BYTES ((size_t)4096)
#define MAX_BLOCK_BYTES   ((size_t)1024 * 1024)

struct arena_block {
    struct arena_block *older;
    size_t capacity;
    size_t used;
    alignas(max_align_t) unsigned char data[];
};

void arena_open(struct arena *arena, size_t budget_bytes)
{
    *arena = (struct arena){.budget_bytes = budget_bytes};
}

static void free_blocks(struct arena_block *block)
{
    while (block) {
        struct arena_block *older = block->older;
        free(block);
        block = older;
    }
}

void arena_reset(struct arena *arena)
{
    arena->used_bytes = 0;
    struct arena_block **link = &arena->blocks;
    if (!*link)
        return;
    while ((*link)->older)
        link = &(*link)->older;
    struct arena_block *first = *link;
    *link = NULL;
    free_blocks(arena->blocks);
    first->used = 0;
    arena->blocks = first;
}

void arena_close(struct arena *arena)
{
    free_blocks(arena->blocks);
    *arena = (struct arena){0};
}

static struct arena_block *add_block(struct arena *arena, size_t size)
{
    size_t capacity = FIRST_BLOCK_BYTES - sizeof(struct arena_block);
    if (arena->blocks) {
        capacity = arena->blocks->capacity * 2;
        if (capacity > MAX_BLOCK_BYTES)
            capacity = MAX_BLOCK_BYTES;
    }
    if (capacity < size)
        capacity = size;
    struct arena_block *block = malloc(sizeof *block + capacity);
    if (!block)
        return NULL;
    *block = (struct arena_block){.older = arena->blocks, .capacity = capacity};
    arena->blocks = block;
    return block;
}

void *arena_try_alloc(struct arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > SIZE_MAX / 2)
        return NULL;
    size = size ? (size + align - 1) / align * align : align;
    size_t used;
    if (__builtin_add_overflow(arena->used_bytes, size, &used) ||
        (arena->budget_bytes && used > arena->budget_bytes))
        return NULL;
    struct arena_block *block = arena->blocks;
    if (!block || block->capacity - block->used < size)
        block = add_block(arena, size);
    if (!block)
        return NULL;
    void *memory = block->data + block->used;
    block->used += size;
    arena->used_bytes = used;
    return memset(memory, 0, size);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    void *memory = arena_try_alloc(arena, size);
    if (!memory)
        memory_exhausted(size);
    return memory;
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        memory_exhausted(SIZE_MAX);
    return arena_alloc(arena, bytes);
}

void *arena_copy(struct arena *arena, const void *data, size_t size)
{
    void *copy = arena_alloc(arena, size);
    if (size)
        memcpy(copy, data, size);
    return copy;
}

char *arena_string(struct arena *arena, const char *text)
{
    return text ? arena_copy(arena, text, strlen(text) + 1) : NULL;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    assert(length >= 0);
    size_t size = (size_t)length + 1;
    char *text = arena_alloc(arena, size);
    vsnprintf(text, size, format, again);
    va_end(again);
    return text;
}
