/*
 * A region of memory that dies as a whole.
 *
 * Why: a run, a request and an import each need many small pieces with one lifetime. Freeing them
 * singly is work and a source of bugs; an arena is reset in one go, and its budget bounds what a
 * stranger's message can make us allocate.
 *
 * Memory: blocks grow from 4 KiB; what arena_alloc() gives is zeroed, aligned for any type, and
 * lives until arena_reset() or arena_close(). Threads: one arena, one thread at a time. Errors:
 * beyond the budget arena_try_alloc() returns NULL; arena_alloc() aborts (use it where the size is
 * ours).
 */
#ifndef PROMOTEROS_BASE_ARENA_H
#define PROMOTEROS_BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first */
    size_t used_bytes;          /* sum of what was asked for, rounded up */
    size_t budget_bytes;        /* 0: no bound */
};

void arena_open(struct arena *arena, size_t budget_bytes);
/* Forgets everything but the first block. */
void arena_reset(struct arena *arena);
void arena_close(struct arena *arena);

void *arena_try_alloc(struct arena *arena, size_t size);
void *arena_alloc(struct arena *arena, size_t size);
/* count * size, checked for overflow. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t size);
void *arena_copy(struct arena *arena, const void *data, size_t size);
char *arena_string(struct arena *arena, const char *text);
__attribute__((format(printf, 2, 3))) char *arena_format(struct arena *arena, const char *format,
                                                         ...);

#endif
