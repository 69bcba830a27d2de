/*
 * Rows with named values, out of CSV (RFC 4180) or JSON lines.
 *
 * Why: the importers care for columns, not for formats. Both readers give the same rows, refuse bad
 * lines one by one with a reason, and go on behind them.
 *
 * CSV: UTF-8 with or without BOM, LF or CRLF, quoted fields (over at most 100 lines), a header.
 * JSON lines: one strict object a line, flattened: {"entity":{"ids":{"tiktok":"x"}}} is
 * "entity.ids.tiktok"; a list of texts becomes one value with ROWS_LIST_SEPARATOR between them.
 * null counts as absent.
 *
 * Memory: names and values are valid until the next row (a CSV's names until rows_close()).
 * Threads: one. Errors: ROWS_REFUSED for a line, ROWS_FAILED when the source or header is no good.
 */
#ifndef PROMOTEROS_CLI_ROWS_H
#define PROMOTEROS_CLI_ROWS_H

#include "base/arena.h"
#include "cli/lines.h"

#define ROWS_COLUMNS_MAX    256
#define ROWS_REFUSAL_SIZE   320
#define ROWS_LIST_SEPARATOR '\x1f'

enum rows_format { ROWS_CSV, ROWS_JSONL };
enum rows_result { ROWS_ROW, ROWS_REFUSED, ROWS_END, ROWS_FAILED };

struct rows {
    enum rows_format format;
    struct lines lines;
    struct arena arena;  /* of a row */
    struct arena header; /* of a CSV's names */
    char separator;
    bool opened;
    int64_t line; /* of the current row, from 1 */
    size_t count;
    const char *names[ROWS_COLUMNS_MAX];
    const char *values[ROWS_COLUMNS_MAX];
    char refusal[ROWS_REFUSAL_SIZE]; /* why the line was refused */
    struct failure failure;
};

/* separator: between the fields of CSV, usually ','. */
void rows_open(struct rows *rows, enum rows_format format, char separator,
               lines_read_function *read, void *context);
void rows_close(struct rows *rows);
/* For CSV: reads the header into names. For JSON lines: nothing to do. */
enum rows_result rows_read_header(struct rows *rows);
enum rows_result rows_next(struct rows *rows);

/* The two readers behind rows_next(). */
enum rows_result csv_next(struct rows *rows);
enum rows_result jsonl_next(struct rows *rows);
/* Fills rows->refusal. */
__attribute__((format(printf, 2, 3))) enum rows_result rows_refuse(struct rows *rows,
                                                                   const char *format, ...);

#endif
