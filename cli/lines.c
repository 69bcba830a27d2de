#include "cli/lines.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW_BYTES (2 * LINES_MAX_BYTES)

void lines_open(struct lines *lines, lines_read_function *read, void *context)
{
    *lines = (struct lines){.read = read, .context = context, .number = 1};
    lines->window = malloc(WINDOW_BYTES + 1);
    if (!lines->window)
        abort();
    lines->window[0] = '\0';
}

void lines_close(struct lines *lines)
{
    free(lines->window);
    lines->window = NULL;
}

char *lines_text(const struct lines *lines)
{
    return lines->window + lines->start;
}

/* More bytes behind those that are there; false when the source failed. */
static bool fill(struct lines *lines)
{
    long got;

    if (lines->start > 0) {
        memmove(lines->window, lines->window + lines->start, lines->end - lines->start);
        lines->end -= lines->start;
        lines->start = 0;
    }
    got = lines->read(lines->context, lines->window + lines->end, WINDOW_BYTES - lines->end,
                      &lines->failure);
    if (got < 0)
        return false;
    lines->at_end = got == 0;
    lines->end += (size_t)got;
    lines->window[lines->end] = '\0';
    return true;
}

enum lines_result lines_peek(struct lines *lines, size_t offset, size_t *size)
{
    size_t scanned = offset;

    for (;;) {
        size_t held = lines->end - lines->start;
        char *text = lines->window + lines->start;
        char *feed = held > scanned ? memchr(text + scanned, '\n', held - scanned) : NULL;
        if (feed) {
            *size = (size_t)(feed - text) - offset;
            return (size_t)(feed - text) > LINES_MAX_BYTES ? LINES_TOO_LONG : LINES_LINE;
        }
        if (held > LINES_MAX_BYTES)
            return LINES_TOO_LONG;
        if (lines->at_end) {
            *size = held > offset ? held - offset : 0;
            return held > offset ? LINES_LINE : LINES_END;
        }
        scanned = held > offset ? held : offset;
        if (!fill(lines))
            return LINES_FAILED;
    }
}

void lines_consume(struct lines *lines, size_t size)
{
    const char *text = lines->window + lines->start, *end = text + size;

    while ((text = memchr(text, '\n', (size_t)(end - text)))) {
        lines->number++;
        text++;
    }
    lines->number++;
    lines->start += size;
    if (lines->start < lines->end)
        lines->start++;
}

enum lines_result lines_skip(struct lines *lines)
{
    for (;;) {
        char *text = lines->window + lines->start;
        char *feed = memchr(text, '\n', lines->end - lines->start);
        if (feed) {
            lines->start += (size_t)(feed - text) + 1;
            lines->number++;
            return LINES_LINE;
        }
        lines->start = lines->end = 0;
        if (lines->at_end) {
            lines->number++;
            return LINES_END;
        }
        if (!fill(lines))
            return LINES_FAILED;
    }
}
