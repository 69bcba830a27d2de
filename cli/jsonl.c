/* One strict JSON object a line (RFC 8259), flattened to named texts. */
#include "base/text.h"
#include "cli/rows.h"

#include <string.h>

#define DEPTH_MAX     8
#define NAME_SIZE_MAX 256

struct parser {
    struct rows *rows;
    const char *at;
    const char *end;
    int depth;
    char *pool; /* room for decoded texts: each takes no more than it did in the line */
    char name[NAME_SIZE_MAX]; /* of the member being read, with dots */
};

static bool fail(struct parser *parser, const char *why)
{
    rows_refuse(parser->rows, "%s (at byte %zu)", why,
                (size_t)(parser->at - lines_text(&parser->rows->lines)) + 1);
    return false;
}

static void skip_blanks(struct parser *parser)
{
    while (parser->at < parser->end && strchr(" \t\r", *parser->at))
        parser->at++;
}

/* Whether the next byte is c; then moves behind it and the blanks that follow. */
static bool accept(struct parser *parser, char c)
{
    if (parser->at >= parser->end || *parser->at != c)
        return false;
    parser->at++;
    skip_blanks(parser);
    return true;
}

static bool read_hex(struct parser *parser, uint32_t *value)
{
    static const char digits[] = "0123456789abcdef";

    *value = 0;
    for (int i = 0; i < 4; i++, parser->at++) {
        const char *digit;
        if (parser->at >= parser->end)
            return fail(parser, "\\u needs four digits");
        digit = memchr(
            digits, *parser->at >= 'A' && *parser->at <= 'F' ? *parser->at + 32 : *parser->at, 16);
        if (!digit)
            return fail(parser, "\\u needs four digits");
        *value = *value << 4 | (uint32_t)(digit - digits);
    }
    return true;
}

static char *write_utf8(char *out, uint32_t value)
{
    if (value < 0x80) {
        *out++ = (char)value;
    } else if (value < 0x800) {
        *out++ = (char)(0xc0 | value >> 6);
        *out++ = (char)(0x80 | (value & 0x3f));
    } else if (value < 0x10000) {
        *out++ = (char)(0xe0 | value >> 12);
        *out++ = (char)(0x80 | (value >> 6 & 0x3f));
        *out++ = (char)(0x80 | (value & 0x3f));
    } else {
        *out++ = (char)(0xf0 | value >> 18);
        *out++ = (char)(0x80 | (value >> 12 & 0x3f));
        *out++ = (char)(0x80 | (value >> 6 & 0x3f));
        *out++ = (char)(0x80 | (value & 0x3f));
    }
    return out;
}

static bool read_escape(struct parser *parser, char **out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    uint32_t value, low;
    const char *plain;

    if (parser->at >= parser->end)
        return fail(parser, "a text is not closed");
    if (*parser->at != 'u') {
        plain = memchr(from, *parser->at, sizeof from - 1);
        if (!plain)
            return fail(parser, "there is no such escape");
        parser->at++;
        *(*out)++ = to[plain - from];
        return true;
    }
    parser->at++;
    if (!read_hex(parser, &value))
        return false;
    if (value >= 0xd800 && value < 0xdc00) {
        if (parser->end - parser->at < 2 || parser->at[0] != '\\' || parser->at[1] != 'u')
            return fail(parser, "half of a surrogate pair is missing");
        parser->at += 2;
        if (!read_hex(parser, &low))
            return false;
        if (low < 0xdc00 || low > 0xdfff)
            return fail(parser, "half of a surrogate pair is missing");
        value = 0x10000 + ((value - 0xd800) << 10) + (low - 0xdc00);
    } else if (value >= 0xdc00 && value < 0xe000) {
        return fail(parser, "half of a surrogate pair is missing");
    }
    if (value == 0)
        return fail(parser, "a text holds a NUL");
    *out = write_utf8(*out, value);
    return true;
}

/* A text, decoded into the pool; NULL when it is no good. */
static char *read_text(struct parser *parser)
{
    char *text = parser->pool, *out = text;

    if (parser->at >= parser->end || *parser->at != '"') {
        fail(parser, "a text in double quotes is expected");
        return NULL;
    }
    parser->at++;
    while (parser->at < parser->end && *parser->at != '"') {
        if ((unsigned char)*parser->at < 0x20) {
            fail(parser, "a text holds a control character");
            return NULL;
        }
        if (*parser->at != '\\') {
            *out++ = *parser->at++;
            continue;
        }
        parser->at++;
        if (!read_escape(parser, &out))
            return NULL;
    }
    if (parser->at >= parser->end) {
        fail(parser, "a text is not closed");
        return NULL;
    }
    parser->at++;
    skip_blanks(parser);
    *out++ = '\0';
    parser->pool = out;
    return text;
}

/* A number or true, false, null as it stands: the grammar of numbers is RFC 8259's. */
static char *read_plain(struct parser *parser)
{
    const char *from = parser->at;
    size_t size;
    char *text;

    while (parser->at < parser->end && !strchr(" \t\r,]}:", *parser->at))
        parser->at++;
    size = (size_t)(parser->at - from);
    text = parser->pool;
    memcpy(text, from, size);
    text[size] = '\0';
    parser->pool += size + 1;
    skip_blanks(parser);
    if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0 || strcmp(text, "null") == 0)
        return text;
    from = text + (*text == '-');
    size = strspn(from, "0123456789");
    if (size == 0 || (size > 1 && *from == '0')) {
        fail(parser, "a value is expected");
        return NULL;
    }
    from += size;
    if (*from == '.') {
        size = strspn(from + 1, "0123456789");
        from += size ? size + 1 : 0;
    }
    if (*from == 'e' || *from == 'E') {
        size_t sign = from[1] == '+' || from[1] == '-';
        size = strspn(from + 1 + sign, "0123456789");
        from += size ? size + 1 + sign : 0;
    }
    if (*from) {
        fail(parser, "a number is malformed");
        return NULL;
    }
    return text;
}

static bool add_value(struct parser *parser, const char *value)
{
    struct rows *rows = parser->rows;

    for (size_t i = 0; i < rows->count; i++)
        if (strcmp(rows->names[i], parser->name) == 0) {
            rows_refuse(rows, "the member \"%.80s\" stands there twice", parser->name);
            return false;
        }
    if (rows->count == ROWS_COLUMNS_MAX)
        return fail(parser, "there are too many members");
    rows->names[rows->count] = arena_string(&rows->arena, parser->name);
    rows->values[rows->count++] = value;
    return true;
}

/* A list of texts and numbers becomes one value: they follow one another in the pool. */
static bool read_list(struct parser *parser)
{
    char *joined = parser->pool;

    *parser->pool = '\0';
    for (bool first = true; !accept(parser, ']'); first = false) {
        if (!first && !accept(parser, ','))
            return fail(parser, "a comma or ] is expected in a list");
        if (!first)
            parser->pool[-1] = ROWS_LIST_SEPARATOR;
        if (!(parser->at < parser->end && *parser->at == '"' ? read_text(parser)
                                                             : read_plain(parser)))
            return false;
    }
    if (*joined == '\0')
        *parser->pool++ = '\0';
    return add_value(parser, joined);
}

static bool read_object(struct parser *parser);

static bool read_member(struct parser *parser)
{
    size_t outer = strlen(parser->name);
    const char *name = read_text(parser), *value;
    bool good;

    if (!name)
        return false;
    if (outer + strlen(name) + 2 > sizeof parser->name)
        return fail(parser, "a name is too long");
    snprintf(parser->name + outer, sizeof parser->name - outer, "%s%s", outer ? "." : "", name);
    if (!accept(parser, ':'))
        return fail(parser, "a colon is expected behind a name");
    if (accept(parser, '{')) {
        good = read_object(parser);
    } else if (accept(parser, '[')) {
        good = read_list(parser);
    } else {
        bool text = parser->at < parser->end && *parser->at == '"';
        value = text ? read_text(parser) : read_plain(parser);
        good = value && ((!text && strcmp(value, "null") == 0) || add_value(parser, value));
    }
    parser->name[outer] = '\0';
    return good;
}

/* Behind the opening brace. */
static bool read_object(struct parser *parser)
{
    if (++parser->depth > DEPTH_MAX)
        return fail(parser, "objects are nested too deeply");
    for (bool first = true; !accept(parser, '}'); first = false) {
        if (!first && !accept(parser, ','))
            return fail(parser, "a comma or } is expected");
        if (!read_member(parser))
            return false;
    }
    parser->depth--;
    return true;
}

static enum rows_result read_line(struct rows *rows, size_t size)
{
    const char *text = lines_text(&rows->lines);
    struct parser parser = {.rows = rows, .at = text, .end = text + size};

    if (memchr(text, '\0', size))
        return rows_refuse(rows, "it holds a NUL byte, which no text has");
    if (!text_is_utf8(text, size))
        return rows_refuse(rows, "it is not UTF-8; save the file in that encoding");
    parser.pool = arena_alloc(&rows->arena, 2 * size + 2);
    skip_blanks(&parser);
    if (!accept(&parser, '{'))
        return rows_refuse(rows, "it is not a JSON object");
    if (!read_object(&parser))
        return ROWS_REFUSED;
    if (parser.at != parser.end)
        return rows_refuse(rows, "there is something behind the object");
    return ROWS_ROW;
}

enum rows_result jsonl_next(struct rows *rows)
{
    size_t size;
    enum rows_result result;

    for (;;) {
        enum lines_result found = lines_peek(&rows->lines, 0, &size);
        rows->line = rows->lines.number;
        rows->count = 0;
        if (found == LINES_END)
            return ROWS_END;
        if (found == LINES_TOO_LONG && lines_skip(&rows->lines) != LINES_FAILED)
            return rows_refuse(rows, "it is longer than 1 MiB");
        if (found != LINES_LINE) {
            rows->failure = rows->lines.failure;
            return ROWS_FAILED;
        }
        if (strspn(lines_text(&rows->lines), " \t\r") >= size) {
            lines_consume(&rows->lines, size);
            continue;
        }
        result = read_line(rows, size);
        lines_consume(&rows->lines, size);
        return result;
    }
}
