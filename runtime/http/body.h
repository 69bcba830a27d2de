/*
 * The body of a request as it arrives: by length, or in chunks.
 *
 * Why: bodies come in any pieces, one byte at a time if a stranger likes; what is kept is bounded,
 * and what a chunk may cost beside its content is bounded too (long extensions, trailers).
 *
 * Memory: the content goes to the caller's buffer, whose maximum is the body's. Threads: one.
 * Errors: BODY_BAD for chunks that are not RFC 9112's; BODY_TOO_LARGE when the buffer is full.
 */
#ifndef PROMOTEROS_HTTP_BODY_H
#define PROMOTEROS_HTTP_BODY_H

#include "base/buffer.h"
#include "http/head.h"

/* Chunk extensions and trailers together. */
#define BODY_MAX_EXTRA ((size_t)4096)

enum body_part {
    BODY_DATA,
    BODY_SIZE,
    BODY_EXTENSION,
    BODY_SIZE_LF,
    BODY_DATA_CR,
    BODY_DATA_LF,
    BODY_TRAILER,
    BODY_TRAILER_LF,
    BODY_COMPLETE
};

struct body {
    bool chunked;
    enum body_part part;
    uint64_t left; /* of the body, or of the chunk */
    unsigned digit_count;
    size_t extra_bytes, trailer_size;
};

enum body_result { BODY_MORE, BODY_END, BODY_BAD, BODY_TOO_LARGE };

void body_open(struct body *body, const struct head *head);
/* Takes *taken of the bytes; what stands behind the end is left alone. */
enum body_result body_feed(struct body *body, const char *data, size_t size, size_t *taken,
                           struct buffer *content);

#endif
