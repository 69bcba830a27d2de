/*
 * A growing buffer that is born with its maximum (curl's dynbuf).
 *
 * Why: every buffer that input can grow needs a bound, and the bound belongs where the buffer is
 * made.
 *
 * Memory: heap, owned by the buffer; buffer_close() frees and zeroes. data always has a NUL behind
 * size bytes once something was added. Threads: one at a time. Errors: an addition beyond the
 * maximum returns false and marks the buffer as overflowed; it keeps what it had and takes nothing
 * more before buffer_clear().
 */
#ifndef PROMOTEROS_BASE_BUFFER_H
#define PROMOTEROS_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

struct buffer {
    char *data;
    size_t size;
    size_t capacity;
    size_t max_bytes;
    bool overflowed;
};

void buffer_open(struct buffer *buffer, size_t max_bytes);
void buffer_close(struct buffer *buffer);
void buffer_clear(struct buffer *buffer);
bool buffer_add(struct buffer *buffer, const void *data, size_t size);
bool buffer_add_string(struct buffer *buffer, const char *text);
bool buffer_add_char(struct buffer *buffer, char c);
__attribute__((format(printf, 2, 3))) bool buffer_add_format(struct buffer *buffer,
                                                             const char *format, ...);
/* Room for size more bytes at the end, already counted; NULL beyond the maximum. */
void *buffer_extend(struct buffer *buffer, size_t size);

#endif
