#include "json/reader.h"

#include "base/text.h"
#include "json/parse.h"
#include "json/record.h"

#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MAX_EXACT INT64_C(9007199254740992) /* 2^53 */

/* ---- what is wrong ---- */

bool reader_refuse(struct reader *reader, const char *reason, const char *format, ...)
{
    char problem[512], path[JSON_PATH_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(problem, sizeof problem, format, arguments);
    va_end(arguments);
    json_place_path(reader->place, path);
    failure_set(reader->failure, PROS_INVALID_ARGUMENT, reason, "%s: %s.", path, problem);
    return false;
}

bool reader_refuse_value(struct reader *reader, const char *problem)
{
    return reader_refuse(reader, "INVALID_FIELD", "%s", problem);
}

/* ---- numbers ---- */

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

bool reader_integer(struct reader *reader, enum schema_type type, const char *text, uint64_t *value)
{
    int64_t narrow = 0;
    bool parsed = is_unsigned(type) ? parse_unsigned(text, value) : text_parse_int(text, &narrow);
    if (!is_unsigned(type))
        *value = (uint64_t)narrow;
    if (!parsed || !in_range(type, *value))
        return reader_refuse_value(reader, "must be a whole number in the range of its type");
    return true;
}

/* Bare numbers must be exact as doubles, since other JSON programs read them so; 2^53 + 1 has
 * become 2^53 in valuedouble, so what is written in digits is read from them. */
static bool read_bare_integer(struct reader *reader, enum schema_type type, const cJSON *item,
                              uint64_t *value)
{
    char text[JSON_NUMBER_SIZE];
    double wide = item->valuedouble;
    int64_t whole = 0;
    if (wide != floor(wide))
        return reader_refuse_value(reader, "must be a whole number");
    json_number_text(item, text);
    bool exact = fabs(wide) <= (double)MAX_EXACT;
    if (exact && !text_parse_int(text, &whole))
        whole = (int64_t)wide;
    if (!exact || whole > MAX_EXACT || whole < -MAX_EXACT)
        return reader_refuse_value(reader, "is too large for a bare number; write it in quotes");
    if (is_unsigned(type) && whole < 0)
        return reader_refuse_value(reader, "must not be negative");
    *value = (uint64_t)whole;
    return in_range(type, *value) ||
           reader_refuse_value(reader, "is outside the range of its type");
}

static bool read_floating(struct reader *reader, enum schema_type type, const cJSON *item,
                          uint64_t *value)
{
    double wide = item->valuedouble;
    if (cJSON_IsString(item) && !text_parse_double(item->valuestring, &wide))
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

static bool read_enum_number(struct reader *reader, const struct schema_enum *enumeration,
                             const cJSON *item, uint64_t *value)
{
    char text[JSON_NUMBER_SIZE];
    if (!cJSON_IsNumber(item))
        return reader_refuse_value(reader, "must be the name of an enum value, or its number");
    if (!read_bare_integer(reader, SCHEMA_INT32, item, value))
        return false;
    for (size_t i = 0; i < enumeration->value_count; i++)
        if ((uint64_t)(int64_t)enumeration->values[i].number == *value)
            return true;
    json_number_text(item, text);
    return reader_refuse(reader, "UNKNOWN_ENUM_VALUE", "%s is not a value of %s", text,
                         enumeration->full_name);
}

static bool read_enum(struct reader *reader, const struct schema_enum *enumeration,
                      const cJSON *item, uint64_t *value)
{
    if (!cJSON_IsString(item))
        return read_enum_number(reader, enumeration, item, value);
    for (size_t i = 0; i < enumeration->value_count; i++)
        if (strcmp(enumeration->values[i].name, item->valuestring) == 0) {
            *value = (uint64_t)(int64_t)enumeration->values[i].number;
            return true;
        }
    char given[JSON_NAME_SIZE];
    json_place_copy_name(item->valuestring, strlen(item->valuestring), given);
    return reader_refuse(
        reader, "UNKNOWN_ENUM_VALUE", "\"%s\" is not a value of %s; its first is %s", given,
        enumeration->full_name, enumeration->value_count ? enumeration->values[0].name : "missing");
}

bool reader_number(struct reader *reader, const struct schema_field *field, const cJSON *item,
                   uint64_t *value)
{
    if (field->type == SCHEMA_BOOL) {
        *value = cJSON_IsTrue(item);
        return cJSON_IsBool(item) || reader_refuse_value(reader, "must be true or false");
    }
    if (field->type == SCHEMA_ENUM)
        return read_enum(reader, field->enumeration, item, value);
    if (!cJSON_IsNumber(item) && !cJSON_IsString(item))
        return reader_refuse_value(reader, "must be a number");
    if (field->type == SCHEMA_DOUBLE || field->type == SCHEMA_FLOAT)
        return read_floating(reader, field->type, item, value);
    return cJSON_IsString(item) ? reader_integer(reader, field->type, item->valuestring, value)
                                : read_bare_integer(reader, field->type, item, value);
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
static bool add_base64(struct reader *reader, const char *text)
{
    size_t whole = strlen(text), size = whole;
    while (size && size + 2 >= whole && text[size - 1] == '=')
        size--;
    if (size % 4 == 1 || (size != whole && whole % 4 != 0))
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

bool reader_text(struct reader *reader, const struct schema_field *field, const cJSON *item)
{
    bool bytes = field->type == SCHEMA_BYTES;
    if (!cJSON_IsString(item))
        return reader_refuse_value(reader,
                                   bytes ? "must be bytes in base64" : "must be a text in quotes");
    if (bytes)
        return add_base64(reader, item->valuestring);
    buffer_add_string(reader->wire, item->valuestring);
    return true;
}

bool reader_wellknown(struct reader *reader, const struct schema_message *message,
                      enum wellknown kind, const cJSON *item)
{
    const char *text = cJSON_IsString(item) ? item->valuestring : "";
    int64_t seconds = 0;
    int32_t nanos = 0;
    if (kind == WELLKNOWN_UNSUPPORTED)
        return reader_refuse(reader, "INVALID_FIELD", "%s has no JSON form here",
                             message->full_name);
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
