#include "json/reader.h"

#include "base/text.h"
#include "json/check.h"
#include "json/parse.h"
#include "json/record.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MAX_EXACT UINT64_C(9007199254740992) /* 2^53 */
/* From here on a double rounds to an infinite float: the largest float and half a step. */
#define FLOAT_OVERFLOW 0x1.ffffffp127

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

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The text of a number, bare or in quotes; the same grammar holds for both. */
static bool number_text(const char *quoted, const cJSON *item, char text[JSON_NUMBER_SIZE])
{
    static const struct json_parse_limits one = {JSON_NUMBER_SIZE, 1, 1};
    if (!quoted) {
        json_number_text(item, text);
        return true;
    }
    size_t size = strlen(quoted);
    if (size == 0 || size >= JSON_NUMBER_SIZE || (*quoted != '-' && !is_digit(*quoted)) ||
        !is_digit(quoted[size - 1]))
        return false;
    memcpy(text, quoted, size + 1);
    return json_check(text, size, &one, NULL) == PROS_OK;
}

/* How many digits stand before the point when the exponent is applied; bounded. */
static int64_t digits_before_point(const char *mantissa)
{
    int64_t exponent = 0;
    size_t size = strspn(mantissa, "0123456789");
    const char *behind = strpbrk(mantissa, "eE");
    if (behind && !text_parse_int(behind + 1, &exponent))
        exponent = behind[1] == '-' ? -JSON_NUMBER_SIZE : JSON_NUMBER_SIZE;
    if (exponent > INT32_MAX || exponent < INT32_MIN)
        exponent = exponent < 0 ? -JSON_NUMBER_SIZE : JSON_NUMBER_SIZE;
    return (int64_t)size + exponent;
}

/* Exactly, from a number's text: "1.50e2" is 150. False for fractions and beyond 64 bits. */
static bool read_magnitude(const char *mantissa, uint64_t *magnitude)
{
    int64_t before = digits_before_point(mantissa), position = 0;
    uint64_t sum = 0;
    for (const char *c = mantissa; *c && *c != 'e' && *c != 'E'; c++) {
        if (*c == '.')
            continue;
        if (position++ >= before) {
            if (*c != '0')
                return false;
        } else if (__builtin_mul_overflow(sum, 10u, &sum) ||
                   __builtin_add_overflow(sum, (uint64_t)(*c - '0'), &sum)) {
            return false;
        }
    }
    for (; sum && position < before; position++)
        if (__builtin_mul_overflow(sum, 10u, &sum))
            return false;
    *magnitude = sum;
    return true;
}

static bool in_range(enum schema_type type, bool negative, uint64_t magnitude)
{
    bool narrow = type == SCHEMA_INT32 || type == SCHEMA_UINT32 || type == SCHEMA_SINT32 ||
                  type == SCHEMA_FIXED32 || type == SCHEMA_SFIXED32 || type == SCHEMA_ENUM;
    if (!schema_type_is_signed(type))
        return negative ? magnitude == 0 : !narrow || magnitude <= UINT32_MAX;
    uint64_t most = narrow ? (uint64_t)INT32_MAX : (uint64_t)INT64_MAX;
    return magnitude <= most + negative;
}

/* Bare numbers must be exact as doubles, since other JSON programs read them so. */
static bool read_integer(struct reader *reader, enum schema_type type, const char *quoted,
                         const cJSON *item, uint64_t *value)
{
    char text[JSON_NUMBER_SIZE];
    uint64_t magnitude = 0;
    if (!number_text(quoted, item, text))
        return reader_refuse_value(reader, "must be a whole number in the range of its type");
    bool negative = text[0] == '-';
    bool whole = read_magnitude(text + negative, &magnitude);
    if (!quoted && item->valuedouble != floor(item->valuedouble))
        return reader_refuse_value(reader, "must be a whole number");
    if (!quoted && (fabs(item->valuedouble) > (double)MAX_EXACT || magnitude > MAX_EXACT))
        return reader_refuse_value(reader, "is too large for a bare number; write it in quotes");
    if (!whole || !in_range(type, negative, magnitude))
        return reader_refuse_value(reader, "must be a whole number in the range of its type");
    *value = negative ? ~magnitude + 1 : magnitude;
    return true;
}

bool reader_key(struct reader *reader, enum schema_type type, const char *text, uint64_t *value)
{
    return read_integer(reader, type, text, NULL, value);
}

static bool read_quoted_double(const char *quoted, double *value)
{
    char text[JSON_NUMBER_SIZE];
    if (strcmp(quoted, "NaN") == 0)
        *value = (double)NAN;
    else if (strcmp(quoted, "Infinity") == 0)
        *value = (double)INFINITY;
    else if (strcmp(quoted, "-Infinity") == 0)
        *value = -(double)INFINITY;
    else
        return number_text(quoted, NULL, text) && text_parse_double(text, value);
    return true;
}

static bool read_floating(struct reader *reader, enum schema_type type, const cJSON *item,
                          uint64_t *value)
{
    double wide = item->valuedouble;
    if (cJSON_IsString(item) && !read_quoted_double(item->valuestring, &wide))
        return reader_refuse_value(reader, "must be a number");
    if (type == SCHEMA_DOUBLE) {
        memcpy(value, &wide, sizeof wide);
        return true;
    }
    if (isfinite(wide) && fabs(wide) >= FLOAT_OVERFLOW)
        return reader_refuse_value(reader, "is outside the range of its type");
    float narrow = (float)wide;
    uint32_t bits;
    memcpy(&bits, &narrow, sizeof bits);
    *value = bits;
    return true;
}

/* Enums are open: a number without a name is a value. */
static bool read_enum(struct reader *reader, const struct schema_enum *enumeration,
                      const cJSON *item, uint64_t *value)
{
    if (cJSON_IsNull(item) && wellknown_is_null(enumeration))
        return true;
    if (!cJSON_IsString(item))
        return cJSON_IsNumber(item)
                   ? read_integer(reader, SCHEMA_ENUM, NULL, item, value)
                   : reader_refuse_value(reader,
                                         "must be the name of an enum value, or its number");
    for (size_t i = 0; i < enumeration->value_count; i++)
        if (strcmp(enumeration->values[i].name, item->valuestring) == 0) {
            *value = (uint64_t)(int64_t)enumeration->values[i].number;
            return true;
        }
    if (reader->options->ignore_unknown)
        return reader->skipped = true;
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
    return read_integer(reader, field->type, cJSON_IsString(item) ? item->valuestring : NULL, item,
                        value);
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
