/*
 * Reads rows out of arbitrary bytes in pieces, for the two formats' fuzz targets.
 *
 * Why: both formats share one window, whose boundaries are where bugs would hide.
 * Memory: closed before returning. Threads: any. Errors: asserts.
 */
#ifndef PROMOTEROS_TESTS_FUZZ_ROWS_FUZZ_H
#define PROMOTEROS_TESTS_FUZZ_ROWS_FUZZ_H

#include "base/text.h"
#include "cli/clean.h"
#include "cli/rows.h"

#include <assert.h>
#include <string.h>

struct fuzz_bytes {
    const uint8_t *data;
    size_t size, at, piece;
};

static long fuzz_read(void *context, void *data, size_t size, struct failure *failure)
{
    struct fuzz_bytes *bytes = context;
    size_t count = bytes->size - bytes->at;

    (void)failure;
    count = count > bytes->piece ? bytes->piece : count;
    count = count > size ? size : count;
    memcpy(data, bytes->data + bytes->at, count);
    bytes->at += count;
    return (long)count;
}

/* Every value is UTF-8 and goes through the readers of figures; line numbers only grow. */
static void fuzz_rows(enum rows_format format, const uint8_t *data, size_t size)
{
    struct fuzz_bytes bytes = {data, size, 0, size % 7 ? size : 1};
    enum rows_result result;
    int64_t line = 0;
    struct rows rows;

    rows_open(&rows, format, ',', fuzz_read, &bytes);
    result = rows_read_header(&rows);
    while (result != ROWS_FAILED && (result = rows_next(&rows)) != ROWS_END &&
           result != ROWS_FAILED) {
        assert(rows.line > line);
        line = rows.line;
        for (size_t i = 0; result == ROWS_ROW && i < rows.count; i++) {
            char why[CLEAN_WHY_SIZE], currency[4];
            int64_t number;
            int32_t days;
            double value;
            bool flag;
            assert(text_is_utf8(rows.names[i], strlen(rows.names[i])));
            assert(text_is_utf8(rows.values[i], strlen(rows.values[i])));
            clean_value(rows.values[i], ',', &value, &flag, why);
            clean_count(rows.values[i], 0, &number, why);
            clean_price(rows.values[i], &number, currency, why);
            clean_instant(rows.values[i], &number, why);
            clean_date(rows.values[i], &days, why);
            clean_duration(rows.values[i], &number, why);
            clean_share(rows.values[i], &value, why);
            clean_kebab("source", rows.values[i], why);
        }
    }
    rows_close(&rows);
}

#endif
