/*
 * Heap memory that is always there.
 *
 * Why: handling "out of memory" at every call is code that never runs and is never tested. The
 * daemon ends instead, with a line that says so; what a stranger's message may cost is bounded by
 * arenas and buffers with a budget.
 *
 * Memory: the caller frees with free(). Threads: any. Errors: abort() when there is no memory or a
 * product overflows.
 */
#ifndef PROMOTEROS_BASE_MEMORY_H
#define PROMOTEROS_BASE_MEMORY_H

#include <stddef.h>

/* count * size zeroed bytes; never NULL. */
void *memory_new(size_t count, size_t size);
/* As realloc, for count * size bytes; what is new is not zeroed. */
void *memory_resize(void *old, size_t count, size_t size);
/* Copies; NULL stays NULL. */
char *memory_copy_string(const char *text);
/* Says that memory is out, and aborts. */
_Noreturn void memory_exhausted(size_t size);

#endif
