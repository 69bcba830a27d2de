#include "json/scan.h"

#include <stdint.h>
#include <string.h>

static bool fail(struct json_scan *scan, const char *problem)
{
    scan->problem = problem;
    return false;
}

char json_scan_peek(struct json_scan *scan)
{
    while (scan->at < scan->end &&
           (*scan->at == ' ' || *scan->at == '\t' || *scan->at == '\n' || *scan->at == '\r'))
        scan->at++;
    return scan->at < scan->end ? *scan->at : '\0';
}

bool json_scan_take(struct json_scan *scan, char wanted)
{
    if (json_scan_peek(scan) != wanted)
        return false;
    scan->at++;
    return true;
}

bool json_scan_take_word(struct json_scan *scan, const char *word)
{
    size_t size = strlen(word);
    json_scan_peek(scan);
    if ((size_t)(scan->end - scan->at) < size || memcmp(scan->at, word, size) != 0)
        return false;
    scan->at += size;
    return true;
}

static bool read_hex(struct json_scan *scan, uint32_t *value)
{
    uint32_t sum = 0;
    if (scan->end - scan->at < 4)
        return fail(scan, "has a \\u without four digits");
    for (int i = 0; i < 4; i++) {
        char c = *scan->at++;
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                                : 16;
        if (digit == 16)
            return fail(scan, "has a \\u without four digits");
        sum = sum << 4 | digit;
    }
    *value = sum;
    return true;
}

static bool add_point(struct buffer *text, uint32_t point)
{
    unsigned char bytes[4];
    size_t size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = size; i-- > 1; point >>= 6)
        bytes[i] = (unsigned char)(0x80 | (point & 0x3F));
    bytes[0] = (unsigned char)(lead[size] | point);
    return buffer_add(text, bytes, size);
}

static bool read_escaped_point(struct json_scan *scan, struct buffer *text)
{
    uint32_t point, low;
    if (!read_hex(scan, &point))
        return false;
    if (point == 0)
        return fail(scan, "contains \\u0000, which text cannot hold");
    if (point >= 0xDC00 && point <= 0xDFFF)
        return fail(scan, "has half of a surrogate pair");
    if (point >= 0xD800 && point <= 0xDBFF) {
        if (scan->end - scan->at < 6 || scan->at[0] != '\\' || scan->at[1] != 'u')
            return fail(scan, "has half of a surrogate pair");
        scan->at += 2;
        if (!read_hex(scan, &low))
            return false;
        if (low < 0xDC00 || low > 0xDFFF)
            return fail(scan, "has half of a surrogate pair");
        point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
    }
    return add_point(text, point) || fail(scan, "is too long");
}

static bool read_escape(struct json_scan *scan, struct buffer *text)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (scan->at == scan->end)
        return fail(scan, "has a text without an end");
    char c = *scan->at++;
    if (c == 'u')
        return read_escaped_point(scan, text);
    const char *found = c ? strchr(from, c) : NULL;
    if (!found)
        return fail(scan, "has an unknown escape in a text");
    return buffer_add_char(text, to[found - from]) || fail(scan, "is too long");
}

bool json_scan_text(struct json_scan *scan, struct buffer *text)
{
    buffer_clear(text);
    if (!json_scan_take(scan, '"'))
        return fail(scan, "must be a text in quotes");
    for (;;) {
        const char *run = scan->at;
        while (scan->at < scan->end && (unsigned char)*scan->at >= 0x20 && *scan->at != '"' &&
               *scan->at != '\\')
            scan->at++;
        if (!buffer_add(text, run, (size_t)(scan->at - run)))
            return fail(scan, "is too long");
        if (scan->at == scan->end)
            return fail(scan, "has a text without an end");
        char c = *scan->at++;
        if (c == '"')
            return true;
        if (c != '\\')
            return fail(scan, "has a raw control character in a text; write it as an escape");
        if (!read_escape(scan, text))
            return false;
    }
}

static size_t take_digits(struct json_scan *scan)
{
    const char *start = scan->at;
    while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9')
        scan->at++;
    return (size_t)(scan->at - start);
}

static bool take_here(struct json_scan *scan, char c)
{
    bool here = scan->at < scan->end && *scan->at == c;
    scan->at += here;
    return here;
}

bool json_scan_number(struct json_scan *scan, char number[SCAN_NUMBER_SIZE])
{
    json_scan_peek(scan);
    const char *start = scan->at;
    take_here(scan, '-');
    const char *digits = scan->at;
    size_t count = take_digits(scan);
    if (count == 0)
        return fail(scan, "must be a number");
    if (count > 1 && *digits == '0')
        return fail(scan, "has a number with leading zeros");
    if (take_here(scan, '.') && take_digits(scan) == 0)
        return fail(scan, "has a number without digits behind the point");
    if (take_here(scan, 'e') || take_here(scan, 'E')) {
        if (!take_here(scan, '+'))
            take_here(scan, '-');
        if (take_digits(scan) == 0)
            return fail(scan, "has a number without digits in its exponent");
    }
    size_t size = (size_t)(scan->at - start);
    if (size >= SCAN_NUMBER_SIZE)
        return fail(scan, "has a number with too many digits");
    memcpy(number, start, size);
    number[size] = '\0';
    return true;
}
