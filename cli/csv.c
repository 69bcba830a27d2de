/* RFC 4180, record by record. A record with a line break inside quotes spans lines of the window.
 */
#include "base/text.h"
#include "cli/rows.h"

#include <string.h>

#define RECORD_LINES_MAX 100

/* Whether a quoted field is open at the end of text, given whether one was at its start. A quote
 * opens a field only at its beginning; inside, two quotes are one. */
static bool open_at_end(const char *text, size_t size, char separator, bool quoted, bool *fresh)
{
    for (size_t i = 0; i < size; i++) {
        if (quoted) {
            if (text[i] == '"' && i + 1 < size && text[i + 1] == '"')
                i++;
            else if (text[i] == '"')
                quoted = false;
            *fresh = false;
        } else if (text[i] == '"' && *fresh) {
            quoted = true;
            *fresh = false;
        } else {
            *fresh = text[i] == separator;
        }
    }
    return quoted;
}

/* The size of the record at the window's start, line breaks within quotes included. */
static enum lines_result find_record(struct rows *rows, size_t *size, bool *closed)
{
    bool quoted = false, fresh = true;
    size_t offset = 0, line_size = 0;

    for (int count = 0; count < RECORD_LINES_MAX; count++) {
        enum lines_result result = lines_peek(&rows->lines, offset, &line_size);
        if (count > 0 && result != LINES_LINE) {
            *closed = false;
            return result == LINES_FAILED ? result : LINES_LINE;
        }
        if (result != LINES_LINE)
            return result;
        quoted = open_at_end(lines_text(&rows->lines) + offset, line_size, rows->separator, quoted,
                             &fresh);
        *size = offset + line_size;
        if (!quoted) {
            *closed = true;
            return LINES_LINE;
        }
        offset += line_size + 1;
    }
    *closed = false;
    return LINES_LINE;
}

/* Takes the quotes off the field at *text, in place; *text moves behind the closing quote. */
static char *unquote(char **text, const char *end)
{
    char *field = *text + 1, *write = field, *read = field;

    while (read < end) {
        if (*read == '"') {
            if (read + 1 < end && read[1] == '"')
                read++;
            else
                break;
        }
        *write++ = *read++;
    }
    *text = read + 1;
    *write = '\0';
    return field;
}

static enum rows_result split(struct rows *rows, char *text, size_t size, bool header)
{
    char *end = text + size;
    size_t count = 0;

    *end = '\0';
    for (char *at = text;; at++) {
        char *field = at;
        if (count == ROWS_COLUMNS_MAX)
            return rows_refuse(rows, "it has more than %d columns", ROWS_COLUMNS_MAX);
        if (*at == '"') {
            field = unquote(&at, end);
            if (at < end && *at != rows->separator)
                return rows_refuse(rows, "column %zu has text behind its closing quote", count + 1);
        } else {
            char *next = memchr(at, rows->separator, (size_t)(end - at));
            at = next ? next : end;
        }
        rows->values[count++] = field;
        if (at >= end)
            break;
        *at = '\0';
    }
    if (!header && count != rows->count)
        return rows_refuse(rows, "it has %zu columns, the header has %zu", count, rows->count);
    rows->count = count;
    return ROWS_ROW;
}

static enum rows_result read_record(struct rows *rows, char *text, size_t size, bool header)
{
    if (memchr(text, '\0', size))
        return rows_refuse(rows, "it holds a NUL byte, which no text has");
    if (!text_is_utf8(text, size))
        return rows_refuse(rows, "it is not UTF-8; save the file in that encoding");
    return split(rows, text, size, header);
}

enum rows_result csv_next(struct rows *rows)
{
    bool header = rows->count == 0, closed = true, blank;
    char *record = NULL;
    size_t size = 0;

    for (;;) {
        enum lines_result found = find_record(rows, &size, &closed);
        char *text = lines_text(&rows->lines);
        rows->line = rows->lines.number;
        if (found == LINES_FAILED) {
            rows->failure = rows->lines.failure;
            return ROWS_FAILED;
        }
        if (found == LINES_END)
            return ROWS_END;
        if (found == LINES_TOO_LONG) {
            if (lines_skip(&rows->lines) == LINES_FAILED) {
                rows->failure = rows->lines.failure;
                return ROWS_FAILED;
            }
            return rows_refuse(rows, "it is longer than 1 MiB");
        }
        if (!closed) {
            /* Only this line is lost; what follows is read as if it had none of the quotes. */
            lines_skip(&rows->lines);
            return rows_refuse(rows, "a quote is opened and not closed");
        }
        blank = size == 0 || (size == 1 && text[0] == '\r');
        if (!blank) {
            record = arena_alloc(&rows->arena, size + 1);
            memcpy(record, text, size);
        }
        lines_consume(&rows->lines, size);
        if (blank)
            continue;
        return read_record(rows, record, size - (record[size - 1] == '\r'), header);
    }
}
