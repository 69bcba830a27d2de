#include "json/wellknown.h"

#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_SECONDS          INT64_C(86400)
#define TIMESTAMP_MIN        INT64_C(-62135596800)
#define TIMESTAMP_MAX        INT64_C(253402300799)
#define DURATION_MAX_SECONDS INT64_C(315576000000)
#define SECOND_NANOS         1000000000

/* ---- what is what ---- */

struct form {
    const char *name;
    enum wellknown kind;
    unsigned char types[7]; /* of the fields 1, 2, ...; 0 at the end */
};

static const struct form forms[] = {
    {"Timestamp", WELLKNOWN_TIMESTAMP, {SCHEMA_INT64, SCHEMA_INT32}},
    {"Duration", WELLKNOWN_DURATION, {SCHEMA_INT64, SCHEMA_INT32}},
    {"FieldMask", WELLKNOWN_FIELD_MASK, {SCHEMA_STRING}},
    {"DoubleValue", WELLKNOWN_WRAPPER, {SCHEMA_DOUBLE}},
    {"FloatValue", WELLKNOWN_WRAPPER, {SCHEMA_FLOAT}},
    {"Int64Value", WELLKNOWN_WRAPPER, {SCHEMA_INT64}},
    {"UInt64Value", WELLKNOWN_WRAPPER, {SCHEMA_UINT64}},
    {"Int32Value", WELLKNOWN_WRAPPER, {SCHEMA_INT32}},
    {"UInt32Value", WELLKNOWN_WRAPPER, {SCHEMA_UINT32}},
    {"BoolValue", WELLKNOWN_WRAPPER, {SCHEMA_BOOL}},
    {"StringValue", WELLKNOWN_WRAPPER, {SCHEMA_STRING}},
    {"BytesValue", WELLKNOWN_WRAPPER, {SCHEMA_BYTES}},
    {"Struct", WELLKNOWN_STRUCT, {SCHEMA_MESSAGE}},
    {"Value",
     WELLKNOWN_VALUE,
     {SCHEMA_ENUM, SCHEMA_DOUBLE, SCHEMA_STRING, SCHEMA_BOOL, SCHEMA_MESSAGE, SCHEMA_MESSAGE}},
    {"ListValue", WELLKNOWN_LIST_VALUE, {SCHEMA_MESSAGE}},
    {"Any", WELLKNOWN_ANY, {SCHEMA_STRING, SCHEMA_BYTES}},
};

static bool has_fields(const struct schema_message *message, const struct form *form)
{
    bool map = form->kind == WELLKNOWN_STRUCT;
    bool repeated = map || form->kind == WELLKNOWN_LIST_VALUE || form->kind == WELLKNOWN_FIELD_MASK;
    if (message->field_count != strlen((const char *)form->types))
        return false;
    for (size_t i = 0; i < message->field_count; i++) {
        const struct schema_field *field = &message->fields[i];
        if (field->number != i + 1 || (unsigned)field->type != form->types[i] ||
            field->repeated != repeated || field->map != map)
            return false;
    }
    return true;
}

enum wellknown wellknown_of(const struct schema_message *message)
{
    static const char prefix[] = "google.protobuf.";
    if (strncmp(message->full_name, prefix, sizeof prefix - 1) != 0)
        return WELLKNOWN_NONE;
    const char *name = message->full_name + sizeof prefix - 1;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (strcmp(name, forms[i].name) == 0 && has_fields(message, &forms[i]))
            return forms[i].kind;
    return WELLKNOWN_NONE;
}

bool wellknown_is_null(const struct schema_enum *enumeration)
{
    return strcmp(enumeration->full_name, "google.protobuf.NullValue") == 0;
}

const struct schema_message *wellknown_any_type(const struct schema *schema, const char *url,
                                                size_t size)
{
    char name[256];
    const char *slash = size ? memrchr(url, '/', size) : NULL;
    size_t length = slash ? size - (size_t)(slash + 1 - url) : 0;
    if (length == 0 || length >= sizeof name || memchr(slash, '\0', length + 1))
        return NULL;
    memcpy(name, slash + 1, length);
    name[length] = '\0';
    return schema_find_message(schema, name);
}

/* ---- instants and spans ---- */

/* "", ".123", ".123456" or ".123456789". */
static void format_fraction(int64_t nanos, char text[16])
{
    if (nanos == 0)
        text[0] = '\0';
    else if (nanos % 1000000 == 0)
        snprintf(text, 16, ".%03d", (int)(nanos / 1000000));
    else if (nanos % 1000 == 0)
        snprintf(text, 16, ".%06d", (int)(nanos / 1000));
    else
        snprintf(text, 16, ".%09d", (int)nanos);
}

bool timestamp_format(int64_t seconds, int64_t nanos, char text[WELLKNOWN_TEXT_SIZE])
{
    if (seconds < TIMESTAMP_MIN || seconds > TIMESTAMP_MAX || nanos < 0 || nanos >= SECOND_NANOS)
        return false;
    int64_t days = seconds / DAY_SECONDS - (seconds % DAY_SECONDS < 0);
    int rest = (int)(seconds - days * DAY_SECONDS);
    int year, month, day;
    char fraction[16];
    clock_date_from_days((int32_t)days, &year, &month, &day);
    format_fraction(nanos, fraction);
    snprintf(text, WELLKNOWN_TEXT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d%sZ", year, month, day,
             rest / 3600, rest / 60 % 60, rest % 60, fraction);
    return true;
}

static bool read_digits(const char **at, int count, int most, int *value)
{
    int sum = 0;
    for (int i = 0; i < count; i++, (*at)++) {
        if (**at < '0' || **at > '9')
            return false;
        sum = sum * 10 + (**at - '0');
    }
    *value = sum;
    return sum <= most;
}

/* One to nine digits behind a point; none at all is 0. */
static bool read_fraction(const char **at, int32_t *nanos)
{
    *nanos = 0;
    if (**at != '.')
        return true;
    (*at)++;
    int32_t unit = SECOND_NANOS / 10;
    const char *start = *at;
    for (; **at >= '0' && **at <= '9'; (*at)++, unit /= 10) {
        if (*at - start == 9)
            return false;
        *nanos += (**at - '0') * unit;
    }
    return *at > start;
}

static bool read_zone(const char **at, int *offset_seconds)
{
    char sign = **at;
    int hours = 0, minutes = 0;
    (*at)++;
    if (sign == 'Z') {
        *offset_seconds = 0;
        return true;
    }
    if ((sign != '+' && sign != '-') || !read_digits(at, 2, 23, &hours) || *(*at)++ != ':' ||
        !read_digits(at, 2, 59, &minutes))
        return false;
    *offset_seconds = (hours * 3600 + minutes * 60) * (sign == '-' ? -1 : 1);
    return true;
}

bool timestamp_parse(const char *text, int64_t *seconds, int32_t *nanos)
{
    if (strlen(text) < 20 || text[10] != 'T')
        return false;
    char date[11];
    memcpy(date, text, 10);
    date[10] = '\0';
    int32_t days, fraction;
    int hour, minute, second, offset;
    const char *at = text + 11;
    if (!clock_parse_date(date, &days) || !read_digits(&at, 2, 23, &hour) || *at++ != ':' ||
        !read_digits(&at, 2, 59, &minute) || *at++ != ':' || !read_digits(&at, 2, 59, &second) ||
        !read_fraction(&at, &fraction) || *at == '\0' || !read_zone(&at, &offset) || *at != '\0')
        return false;
    int64_t sum = days * DAY_SECONDS + hour * 3600 + minute * 60 + second - offset;
    if (sum < TIMESTAMP_MIN || sum > TIMESTAMP_MAX)
        return false;
    *seconds = sum;
    *nanos = fraction;
    return true;
}

bool duration_format(int64_t seconds, int64_t nanos, char text[WELLKNOWN_TEXT_SIZE])
{
    if (seconds < -DURATION_MAX_SECONDS || seconds > DURATION_MAX_SECONDS ||
        nanos <= -SECOND_NANOS || nanos >= SECOND_NANOS || (seconds < 0 && nanos > 0) ||
        (seconds > 0 && nanos < 0))
        return false;
    char fraction[16];
    format_fraction(nanos < 0 ? -nanos : nanos, fraction);
    snprintf(text, WELLKNOWN_TEXT_SIZE, "%s%lld%ss", seconds < 0 || nanos < 0 ? "-" : "",
             (long long)(seconds < 0 ? -seconds : seconds), fraction);
    return true;
}

bool duration_parse(const char *text, int64_t *seconds, int32_t *nanos)
{
    bool negative = *text == '-';
    const char *at = text + negative;
    int64_t sum = 0;
    int32_t fraction;
    const char *start = at;
    for (; *at >= '0' && *at <= '9'; at++) {
        sum = sum * 10 + (*at - '0');
        if (sum > DURATION_MAX_SECONDS)
            return false;
    }
    if (at == start || !read_fraction(&at, &fraction) || strcmp(at, "s") != 0)
        return false;
    *seconds = negative ? -sum : sum;
    *nanos = negative ? -fraction : fraction;
    return true;
}

/* ---- paths ---- */

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

bool field_mask_to_json(const char *path, size_t size, struct buffer *out)
{
    for (size_t i = 0; i < size; i++) {
        bool upper = path[i] == '_';
        if (upper && (++i == size || !is_lower(path[i])))
            return false;
        if (is_upper(path[i]) || path[i] == ',')
            return false;
        buffer_add_char(out, (char)(upper ? path[i] - 'a' + 'A' : path[i]));
    }
    return size > 0;
}

bool field_mask_from_json(const char *path, size_t size, struct buffer *out)
{
    for (size_t i = 0; i < size; i++) {
        if (path[i] == '_')
            return false;
        if (is_upper(path[i]))
            buffer_add_char(out, '_');
        buffer_add_char(out, (char)(is_upper(path[i]) ? path[i] - 'A' + 'a' : path[i]));
    }
    return size > 0;
}
