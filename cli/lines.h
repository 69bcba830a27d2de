/*
 * Lines of bounded length out of a stream of bytes.
 *
 * Why: a 10 MB line must cost one refused line, not 10 MB. Both file formats stand on this.
 *
 * Memory: one window of LINES_MAX_BYTES and a bit, freed by lines_close(). Threads: one.
 * Errors: LINES_FAILED with lines->failure filled, when the source fails.
 */
#ifndef PROMOTEROS_CLI_LINES_H
#define PROMOTEROS_CLI_LINES_H

#include "base/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINES_MAX_BYTES (1u << 20)

/* Bytes read, 0 at the end, -1 with the failure filled. */
typedef long lines_read_function(void *context, void *data, size_t size, struct failure *failure);

struct lines {
    lines_read_function *read;
    void *context;
    char *window;
    size_t start, end;
    bool at_end;    /* of the source */
    int64_t number; /* of the line at the start of the window, from 1 */
    struct failure failure;
};

enum lines_result { LINES_LINE, LINES_TOO_LONG, LINES_END, LINES_FAILED };

void lines_open(struct lines *lines, lines_read_function *read, void *context);
void lines_close(struct lines *lines);

/*
 * The line that begins offset bytes behind the current position: its size without the line feed.
 * Nothing is consumed. TOO_LONG: offset and line together are more than LINES_MAX_BYTES.
 */
enum lines_result lines_peek(struct lines *lines, size_t offset, size_t *size);
/* The current position; one byte behind the last peeked line may be overwritten. Valid until the
 * next peek. */
char *lines_text(const struct lines *lines);
/* Moves on by size bytes and the line feed behind them; counts the lines in between. */
void lines_consume(struct lines *lines, size_t size);
/* Moves on behind the next line feed, however far that is. */
enum lines_result lines_skip(struct lines *lines);

#endif
