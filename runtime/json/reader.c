#include "json/reader.h"

#include "base/text.h"
#include "json/record.h"

#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MAX_EXACT 9007199254740992.0 /* 2^53 */

/* ---- where we are, and what is wrong ---- */

size_t reader_enter(struct reader *reader, const char *format, ...)
{
    size_t before = reader->path_size;
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(reader->path + before, sizeof reader->path - before, format, arguments);
    va_end(arguments);
    if (size > 0)
        reader->path_size = before + (size_t)size < sizeof reader->path ? before + (size_t)size
                                                                        : sizeof reader->path - 1;
    return before;
}

void reader_leave(struct reader *reader, size_t before)
{
    reader->path_size = before;
    reader->path[before] = '\0';
}

__attribute__((format(printf, 3, 4))) bool reader_refuse(struct reader *reader, const char *reason,
                                                         const char *format, ...)
{
    char problem[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(problem, sizeof problem, format, arguments);
    va_end(arguments);
    failure_set(reader->failure, PROS_INVALID_ARGUMENT, reason, "%s: %s.",
                reader->path_size ? reader->path : "the JSON document", problem);
    return false;
}

bool reader_refuse_token(struct reader *reader)
{
    return reader_refuse(reader, "INVALID_JSON", "%s (at character %zu)",
                         reader->scan.problem ? reader->scan.problem : "is not valid JSON",
                         (size_t)(reader->scan.at - reader->scan.start) + 1);
}

bool reader_refuse_value(struct reader *reader, const char *problem)
{
    return reader_refuse(reader, "INVALID_FIELD", "%s", problem);
}

/* ---- numbers ---- */

static bool is_number_start(char c)
{
    return c == '-' || (c >= '0' && c <= '9');
}

/* The text of a number, quoted or not. */
static bool read_digits(struct reader *reader, char number[SCAN_NUMBER_SIZE], bool *quoted)
{
    *quoted = json_scan_peek(&reader->scan) == '"';
    if (!*quoted) {
        if (!is_number_start(json_scan_peek(&reader->scan)))
            return reader_refuse_value(reader, "must be a number");
        return json_scan_number(&reader->scan, number) || reader_refuse_token(reader);
    }
    if (!json_scan_text(&reader->scan, &reader->text))
        return reader_refuse_token(reader);
    if (reader->text.size == 0 || reader->text.size >= SCAN_NUMBER_SIZE)
        return reader_refuse_value(reader, "must be a number");
    memcpy(number, reader->text.data, reader->text.size + 1);
    return true;
}

static bool parse_unsigned(const char *text, uint64_t *value)
{
    uint64_t sum = 0;
    if (!*text)
        return false;
    for (; *text; text++)
        if (*text < '0' || *text > '9' || __builtin_mul_overflow(sum, 10u, &sum) ||
            __builtin_add_overflow(sum, (uint64_t)(*text - '0'), &sum))
            return false;
    *value = sum;
    return true;
}

static bool is_unsigned(enum schema_type type)
{
    return type == SCHEMA_UINT64 || type == SCHEMA_FIXED64 || type == SCHEMA_UINT32 ||
           type == SCHEMA_FIXED32;
}

static bool is_narrow(enum schema_type type)
{
    return type == SCHEMA_INT32 || type == SCHEMA_UINT32 || type == SCHEMA_SINT32 ||
           type == SCHEMA_FIXED32 || type == SCHEMA_SFIXED32;
}

static bool in_range(enum schema_type type, uint64_t value)
{
    if (!is_narrow(type))
        return true;
    if (is_unsigned(type))
        return value <= UINT32_MAX;
    return (int64_t)value >= INT32_MIN && (int64_t)value <= INT32_MAX;
}

/* Bare numbers must be exact as doubles, since other JSON programs read them so. */
bool reader_integer(struct reader *reader, enum schema_type type, const char *number, bool quoted,
                    uint64_t *value)
{
    double wide = 0;
    if (quoted) {
        int64_t narrow = 0;
        bool parsed =
            is_unsigned(type) ? parse_unsigned(number, value) : text_parse_int(number, &narrow);
        if (!is_unsigned(type))
            *value = (uint64_t)narrow;
        if (!parsed || !in_range(type, *value))
            return reader_refuse_value(reader, "must be a whole number in the range of its type");
        return true;
    }
    if (!text_parse_double(number, &wide) || wide != floor(wide))
        return reader_refuse_value(reader, "must be a whole number");
    if (fabs(wide) > MAX_EXACT)
        return reader_refuse_value(reader, "is too large for a bare number; write it in quotes");
    if (is_unsigned(type) && wide < 0)
        return reader_refuse_value(reader, "must not be negative");
    *value = (uint64_t)(int64_t)wide;
    return in_range(type, *value) ||
           reader_refuse_value(reader, "is outside the range of its type");
}

static bool parse_floating(struct reader *reader, enum schema_type type, const char *number,
                           uint64_t *value)
{
    double wide = 0;
    if (!text_parse_double(number, &wide) || !isfinite(wide))
        return reader_refuse_value(reader, "must be a finite number");
    if (type == SCHEMA_DOUBLE) {
        memcpy(value, &wide, sizeof wide);
        return true;
    }
    if (fabs(wide) > (double)FLT_MAX)
        return reader_refuse_value(reader, "is outside the range of its type");
    float narrow = (float)wide;
    uint32_t bits;
    memcpy(&bits, &narrow, sizeof bits);
    *value = bits;
    return true;
}

static bool read_enum(struct reader *reader, const struct schema_enum *enumeration, uint64_t *value)
{
    char number[SCAN_NUMBER_SIZE];
    bool quoted;
    if (json_scan_peek(&reader->scan) != '"') {
        if (!read_digits(reader, number, &quoted) ||
            !reader_integer(reader, SCHEMA_INT32, number, false, value))
            return false;
        for (size_t i = 0; i < enumeration->value_count; i++)
            if ((uint64_t)(int64_t)enumeration->values[i].number == *value)
                return true;
        return reader_refuse(reader, "UNKNOWN_ENUM_VALUE", "%s is not a value of %s", number,
                             enumeration->full_name);
    }
    if (!json_scan_text(&reader->scan, &reader->text))
        return reader_refuse_token(reader);
    for (size_t i = 0; i < enumeration->value_count; i++)
        if (strcmp(enumeration->values[i].name, reader->text.data) == 0) {
            *value = (uint64_t)(int64_t)enumeration->values[i].number;
            return true;
        }
    return reader_refuse(reader, "UNKNOWN_ENUM_VALUE",
                         "\"%.60s\" is not a value of %s; its first is %s", reader->text.data,
                         enumeration->full_name,
                         enumeration->value_count ? enumeration->values[0].name : "missing");
}

static bool read_bool(struct reader *reader, uint64_t *value)
{
    *value = json_scan_take_word(&reader->scan, "true");
    return *value || json_scan_take_word(&reader->scan, "false") ||
           reader_refuse_value(reader, "must be true or false");
}

bool reader_number(struct reader *reader, const struct schema_field *field, uint64_t *value)
{
    char number[SCAN_NUMBER_SIZE];
    bool quoted;
    if (field->type == SCHEMA_BOOL)
        return read_bool(reader, value);
    if (field->type == SCHEMA_ENUM)
        return read_enum(reader, field->enumeration, value);
    if (!read_digits(reader, number, &quoted))
        return false;
    if (field->type == SCHEMA_DOUBLE || field->type == SCHEMA_FLOAT)
        return parse_floating(reader, field->type, number, value);
    return reader_integer(reader, field->type, number, quoted, value);
}

/* ---- texts and bytes ---- */

static int base64_digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

/* Both alphabets, with or without padding. */
static bool add_base64(struct reader *reader)
{
    size_t size = reader->text.size;
    const char *text = reader->text.data;
    while (size && size + 2 >= reader->text.size && text[size - 1] == '=')
        size--;
    bool padded = size != reader->text.size;
    if (size % 4 == 1 || (padded && reader->text.size % 4 != 0))
        return reader_refuse_value(reader, "must be bytes in base64");
    uint32_t group = 0;
    for (size_t i = 0; i < size; i++) {
        int digit = base64_digit(text[i]);
        if (digit < 0)
            return reader_refuse_value(reader, "must be bytes in base64");
        group = group << 6 | (uint32_t)digit;
        if (i % 4 != 0) /* the 2nd, 3rd and 4th digit complete a byte each */
            buffer_add_char(reader->wire, (char)(group >> (2 * (3 - i % 4)) & 0xFF));
    }
    return true;
}

bool reader_text(struct reader *reader, const struct schema_field *field)
{
    if (json_scan_peek(&reader->scan) != '"')
        return reader_refuse_value(reader, field->type == SCHEMA_BYTES
                                               ? "must be bytes in base64"
                                               : "must be a text in quotes");
    if (!json_scan_text(&reader->scan, &reader->text))
        return reader_refuse_token(reader);
    if (field->type == SCHEMA_BYTES)
        return add_base64(reader);
    buffer_add(reader->wire, reader->text.data, reader->text.size);
    return true;
}

bool reader_wellknown(struct reader *reader, const struct schema_message *message,
                      enum wellknown kind)
{
    int64_t seconds = 0;
    int32_t nanos = 0;
    if (kind == WELLKNOWN_UNSUPPORTED)
        return reader_refuse(reader, "INVALID_FIELD", "%s has no JSON form here",
                             message->full_name);
    if (json_scan_peek(&reader->scan) == '"') {
        if (!json_scan_text(&reader->scan, &reader->text))
            return reader_refuse_token(reader);
    } else {
        buffer_clear(&reader->text);
    }
    const char *text = reader->text.size ? reader->text.data : "";
    if (kind == WELLKNOWN_TIMESTAMP && !timestamp_parse(text, &seconds, &nanos))
        return reader_refuse_value(reader, "must be an instant with its zone, for example "
                                           "\"2026-11-24T19:30:00Z\"");
    if (kind == WELLKNOWN_DURATION && !duration_parse(text, &seconds, &nanos))
        return reader_refuse_value(reader, "must be a duration, for example \"1.500s\"");
    if (seconds && record_add_tag(reader->wire, 1, RECORD_VARINT))
        record_add_value(reader->wire, SCHEMA_INT64, (uint64_t)seconds);
    if (nanos && record_add_tag(reader->wire, 2, RECORD_VARINT))
        record_add_value(reader->wire, SCHEMA_INT32, (uint64_t)(int64_t)nanos);
    return true;
}
