#include "cli/rows.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ROW_ARENA_BYTES (8u << 20)

void rows_open(struct rows *rows, enum rows_format format, char separator,
               lines_read_function *read, void *context)
{
    memset(rows, 0, sizeof *rows);
    rows->format = format;
    rows->separator = separator;
    lines_open(&rows->lines, read, context);
    arena_open(&rows->arena, ROW_ARENA_BYTES);
    arena_open(&rows->header, ROW_ARENA_BYTES);
}

void rows_close(struct rows *rows)
{
    lines_close(&rows->lines);
    arena_close(&rows->arena);
    arena_close(&rows->header);
}

enum rows_result rows_refuse(struct rows *rows, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(rows->refusal, sizeof rows->refusal, format, arguments);
    va_end(arguments);
    return ROWS_REFUSED;
}

static enum rows_result fail(struct rows *rows, const char *sentence)
{
    failure_set(&rows->failure, PROS_INVALID_ARGUMENT, "BAD_HEADER", "%s", sentence);
    return ROWS_FAILED;
}

static void skip_byte_order_mark(struct rows *rows)
{
    size_t size;

    if (lines_peek(&rows->lines, 0, &size) == LINES_LINE && size >= 3 &&
        memcmp(lines_text(&rows->lines), "\xef\xbb\xbf", 3) == 0)
        rows->lines.start += 3;
}

enum rows_result rows_read_header(struct rows *rows)
{
    enum rows_result result;

    skip_byte_order_mark(rows);
    rows->opened = true;
    if (rows->format == ROWS_JSONL)
        return ROWS_ROW;
    result = csv_next(rows);
    if (result == ROWS_END)
        return fail(rows, "The file is empty. Its first line must name the columns.");
    if (result == ROWS_REFUSED) {
        failure_set(&rows->failure, PROS_INVALID_ARGUMENT, "BAD_HEADER",
                    "The first line, which must name the columns, cannot be read: %s.",
                    rows->refusal);
        return ROWS_FAILED;
    }
    for (size_t i = 0; result == ROWS_ROW && i < rows->count; i++) {
        if (!*rows->values[i])
            rows->values[i] = "(unnamed)";
        for (size_t k = 0; k < i; k++)
            if (strcmp(rows->names[k], rows->values[i]) == 0 &&
                strcmp(rows->values[i], "(unnamed)") != 0) {
                failure_set(&rows->failure, PROS_INVALID_ARGUMENT, "BAD_HEADER",
                            "The header names the column \"%.80s\" twice. Rename one of them.",
                            rows->values[i]);
                return ROWS_FAILED;
            }
        rows->names[i] = arena_string(&rows->header, rows->values[i]);
    }
    return result;
}

enum rows_result rows_next(struct rows *rows)
{
    arena_reset(&rows->arena);
    return rows->format == ROWS_CSV ? csv_next(rows) : jsonl_next(rows);
}
