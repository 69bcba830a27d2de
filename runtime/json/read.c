#include "json/json.h"

#include "base/memory.h"
#include "base/text.h"
#include "json/record.h"
#include "json/scan.h"
#include "json/wellknown.h"

#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH      64
#define MAX_EXACT      9007199254740992.0 /* 2^53 */
#define MAX_TEXT_BYTES ((size_t)256 << 20)

struct reader {
    struct json_scan scan;
    struct buffer *wire;
    struct buffer text; /* the last text that was decoded */
    struct failure *failure;
    char path[256]; /* "shows[3].showDate" */
    size_t path_size;
    unsigned depth;
};

static bool read_message(struct reader *reader, const struct schema_message *message);

/* ---- where we are, and what is wrong ---- */

__attribute__((format(printf, 2, 3))) static size_t enter(struct reader *reader, const char *format,
                                                          ...)
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

static void leave(struct reader *reader, size_t before)
{
    reader->path_size = before;
    reader->path[before] = '\0';
}

__attribute__((format(printf, 3, 4))) static bool refuse(struct reader *reader, const char *reason,
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

static bool refuse_token(struct reader *reader)
{
    return refuse(reader, "INVALID_JSON", "%s (at character %zu)",
                  reader->scan.problem ? reader->scan.problem : "is not valid JSON",
                  (size_t)(reader->scan.at - reader->scan.start) + 1);
}

static bool refuse_value(struct reader *reader, const char *problem)
{
    return refuse(reader, "INVALID_FIELD", "%s", problem);
}

/* A full wire buffer is noticed once, at the end. */
static void cut_back(struct buffer *buffer, size_t size)
{
    if (!buffer->data)
        return;
    buffer->size = size;
    buffer->data[size] = '\0';
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
            return refuse_value(reader, "must be a number");
        return json_scan_number(&reader->scan, number) || refuse_token(reader);
    }
    if (!json_scan_text(&reader->scan, &reader->text))
        return refuse_token(reader);
    if (reader->text.size == 0 || reader->text.size >= SCAN_NUMBER_SIZE)
        return refuse_value(reader, "must be a number");
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
static bool parse_integer(struct reader *reader, enum schema_type type, const char *number,
                          bool quoted, uint64_t *value)
{
    double wide = 0;
    if (quoted) {
        int64_t narrow = 0;
        bool parsed =
            is_unsigned(type) ? parse_unsigned(number, value) : text_parse_int(number, &narrow);
        if (!is_unsigned(type))
            *value = (uint64_t)narrow;
        if (!parsed || !in_range(type, *value))
            return refuse_value(reader, "must be a whole number in the range of its type");
        return true;
    }
    if (!text_parse_double(number, &wide) || wide != floor(wide))
        return refuse_value(reader, "must be a whole number");
    if (fabs(wide) > MAX_EXACT)
        return refuse_value(reader, "is too large for a bare number; write it in quotes");
    if (is_unsigned(type) && wide < 0)
        return refuse_value(reader, "must not be negative");
    *value = (uint64_t)(int64_t)wide;
    return in_range(type, *value) || refuse_value(reader, "is outside the range of its type");
}

static bool parse_floating(struct reader *reader, enum schema_type type, const char *number,
                           uint64_t *value)
{
    double wide = 0;
    if (!text_parse_double(number, &wide) || !isfinite(wide))
        return refuse_value(reader, "must be a finite number");
    if (type == SCHEMA_DOUBLE) {
        memcpy(value, &wide, sizeof wide);
        return true;
    }
    if (fabs(wide) > (double)FLT_MAX)
        return refuse_value(reader, "is outside the range of its type");
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
            !parse_integer(reader, SCHEMA_INT32, number, false, value))
            return false;
        for (size_t i = 0; i < enumeration->value_count; i++)
            if ((uint64_t)(int64_t)enumeration->values[i].number == *value)
                return true;
        return refuse(reader, "UNKNOWN_ENUM_VALUE", "%s is not a value of %s", number,
                      enumeration->full_name);
    }
    if (!json_scan_text(&reader->scan, &reader->text))
        return refuse_token(reader);
    for (size_t i = 0; i < enumeration->value_count; i++)
        if (strcmp(enumeration->values[i].name, reader->text.data) == 0) {
            *value = (uint64_t)(int64_t)enumeration->values[i].number;
            return true;
        }
    return refuse(reader, "UNKNOWN_ENUM_VALUE", "\"%.60s\" is not a value of %s; its first is %s",
                  reader->text.data, enumeration->full_name,
                  enumeration->value_count ? enumeration->values[0].name : "missing");
}

static bool read_bool(struct reader *reader, uint64_t *value)
{
    *value = json_scan_take_word(&reader->scan, "true");
    return *value || json_scan_take_word(&reader->scan, "false") ||
           refuse_value(reader, "must be true or false");
}

static bool read_number(struct reader *reader, const struct schema_field *field, uint64_t *value)
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
    return parse_integer(reader, field->type, number, quoted, value);
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
        return refuse_value(reader, "must be bytes in base64");
    uint32_t group = 0;
    for (size_t i = 0; i < size; i++) {
        int digit = base64_digit(text[i]);
        if (digit < 0)
            return refuse_value(reader, "must be bytes in base64");
        group = group << 6 | (uint32_t)digit;
        if (i % 4 != 0) /* the 2nd, 3rd and 4th digit complete a byte each */
            buffer_add_char(reader->wire, (char)(group >> (2 * (3 - i % 4)) & 0xFF));
    }
    return true;
}

static bool read_text(struct reader *reader, const struct schema_field *field)
{
    if (json_scan_peek(&reader->scan) != '"')
        return refuse_value(reader, field->type == SCHEMA_BYTES ? "must be bytes in base64"
                                                                : "must be a text in quotes");
    if (!json_scan_text(&reader->scan, &reader->text))
        return refuse_token(reader);
    if (field->type == SCHEMA_BYTES)
        return add_base64(reader);
    buffer_add(reader->wire, reader->text.data, reader->text.size);
    return true;
}

static bool read_wellknown(struct reader *reader, const struct schema_message *message,
                           enum wellknown kind)
{
    int64_t seconds = 0;
    int32_t nanos = 0;
    if (kind == WELLKNOWN_UNSUPPORTED)
        return refuse(reader, "INVALID_FIELD", "%s has no JSON form here", message->full_name);
    if (json_scan_peek(&reader->scan) == '"') {
        if (!json_scan_text(&reader->scan, &reader->text))
            return refuse_token(reader);
    } else {
        buffer_clear(&reader->text);
    }
    const char *text = reader->text.size ? reader->text.data : "";
    if (kind == WELLKNOWN_TIMESTAMP && !timestamp_parse(text, &seconds, &nanos))
        return refuse_value(reader, "must be an instant with its zone, for example "
                                    "\"2026-11-24T19:30:00Z\"");
    if (kind == WELLKNOWN_DURATION && !duration_parse(text, &seconds, &nanos))
        return refuse_value(reader, "must be a duration, for example \"1.500s\"");
    if (seconds && record_add_tag(reader->wire, 1, RECORD_VARINT))
        record_add_value(reader->wire, SCHEMA_INT64, (uint64_t)seconds);
    if (nanos && record_add_tag(reader->wire, 2, RECORD_VARINT))
        record_add_value(reader->wire, SCHEMA_INT32, (uint64_t)(int64_t)nanos);
    return true;
}

/* ---- fields ---- */

/* One value with its tag; empty says whether it is the type's default. */
static bool read_value(struct reader *reader, const struct schema_field *field, bool *empty)
{
    record_add_tag(reader->wire, field->number, record_type_of(field->type));
    if (record_is_packable(field->type)) {
        uint64_t value = 0;
        if (!read_number(reader, field, &value))
            return false;
        *empty = value == 0;
        record_add_value(reader->wire, field->type, value);
        return true;
    }
    size_t start = reader->wire->size;
    bool read = field->type == SCHEMA_MESSAGE ? read_message(reader, field->message)
                                              : read_text(reader, field);
    *empty = reader->wire->size == start;
    record_insert_length(reader->wire, start);
    return read;
}

static bool read_single(struct reader *reader, const struct schema_field *field)
{
    size_t start = reader->wire->size;
    bool empty = false;
    if (!read_value(reader, field, &empty))
        return false;
    if (empty && !field->has_presence)
        cut_back(reader->wire, start);
    return true;
}

static bool read_element(struct reader *reader, const struct schema_field *field)
{
    bool empty;
    if (json_scan_take_word(&reader->scan, "null"))
        return refuse_value(reader, "must not be null");
    if (!field->packed)
        return read_value(reader, field, &empty);
    uint64_t value = 0;
    if (!read_number(reader, field, &value))
        return false;
    record_add_value(reader->wire, field->type, value);
    return true;
}

static bool read_repeated(struct reader *reader, const struct schema_field *field)
{
    if (!json_scan_take(&reader->scan, '['))
        return refuse_value(reader, "must be a list in brackets");
    if (json_scan_take(&reader->scan, ']'))
        return true;
    size_t start = 0;
    if (field->packed) {
        record_add_tag(reader->wire, field->number, RECORD_BYTES);
        start = reader->wire->size;
    }
    size_t index = 0;
    do {
        size_t before = enter(reader, "[%zu]", index++);
        if (!read_element(reader, field))
            return false;
        leave(reader, before);
    } while (json_scan_take(&reader->scan, ','));
    if (!json_scan_take(&reader->scan, ']')) {
        reader->scan.problem = "has a list without its end";
        return refuse_token(reader);
    }
    if (field->packed)
        record_insert_length(reader->wire, start);
    return true;
}

/* ---- maps ---- */

/* Writes the key into the entry and keeps its bytes, to find duplicates. */
static bool read_key(struct reader *reader, const struct schema_field *key, struct buffer *keys)
{
    uint64_t value = 0;
    if (!json_scan_text(&reader->scan, &reader->text))
        return refuse_token(reader);
    if (key->type == SCHEMA_STRING) {
        buffer_add(keys, reader->text.data, reader->text.size + 1);
        record_add_tag(reader->wire, key->number, RECORD_BYTES);
        record_add_varint(reader->wire, reader->text.size);
        buffer_add(reader->wire, reader->text.data, reader->text.size);
        return true;
    }
    if (key->type == SCHEMA_BOOL) {
        value = strcmp(reader->text.data, "true") == 0;
        if (!value && strcmp(reader->text.data, "false") != 0)
            return refuse_value(reader, "has a key that is neither true nor false");
    } else if (!parse_integer(reader, key->type, reader->text.data, true, &value)) {
        return false;
    }
    buffer_add_format(keys, "%llx%c", (unsigned long long)value, '\0');
    record_add_tag(reader->wire, key->number, record_type_of(key->type));
    record_add_value(reader->wire, key->type, value);
    return true;
}

static bool read_entry(struct reader *reader, const struct schema_field *field, struct buffer *keys)
{
    bool empty;
    record_add_tag(reader->wire, field->number, RECORD_BYTES);
    size_t start = reader->wire->size;
    if (!read_key(reader, &field->message->fields[0], keys))
        return false;
    size_t before = enter(reader, "[\"%.40s\"]", reader->text.data);
    if (!json_scan_take(&reader->scan, ':'))
        return refuse_token(reader);
    if (json_scan_take_word(&reader->scan, "null"))
        return refuse_value(reader, "must not be null");
    if (!read_value(reader, &field->message->fields[1], &empty))
        return false;
    record_insert_length(reader->wire, start);
    leave(reader, before);
    return true;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool check_keys(struct reader *reader, const struct buffer *keys, size_t count)
{
    if (keys->overflowed)
        return refuse_value(reader, "has keys that are too long together");
    const char **list = memory_new(count + 1, sizeof *list);
    const char *at = keys->data;
    for (size_t i = 0; i < count; i++, at += strlen(at) + 1)
        list[i] = at;
    qsort(list, count, sizeof *list, compare_texts);
    bool unique = true;
    for (size_t i = 1; i < count; i++)
        unique = unique && strcmp(list[i - 1], list[i]) != 0;
    free(list);
    return unique || refuse(reader, "DUPLICATE_MEMBER", "has the same key twice");
}

static bool read_map(struct reader *reader, const struct schema_field *field)
{
    if (!json_scan_take(&reader->scan, '{'))
        return refuse_value(reader, "must be an object in braces");
    if (json_scan_take(&reader->scan, '}'))
        return true;
    struct buffer keys;
    buffer_open(&keys, MAX_TEXT_BYTES);
    size_t count = 0;
    bool good;
    do {
        count++;
        good = read_entry(reader, field, &keys);
    } while (good && json_scan_take(&reader->scan, ','));
    if (good && !json_scan_take(&reader->scan, '}')) {
        reader->scan.problem = "has an object without its end";
        good = refuse_token(reader);
    }
    good = good && check_keys(reader, &keys, count);
    buffer_close(&keys);
    return good;
}

/* ---- messages ---- */

enum seen { UNSEEN, SEEN_NULL, SEEN_VALUE };

static const struct schema_field *find_member(const struct schema_message *message,
                                              const char *name)
{
    for (size_t i = 0; i < message->field_count; i++)
        if (strcmp(message->fields[i].json_name, name) == 0 ||
            strcmp(message->fields[i].name, name) == 0)
            return &message->fields[i];
    return NULL;
}

static bool refuse_member(struct reader *reader, const struct schema_message *message)
{
    const struct schema_field *best = NULL;
    size_t least = 4;
    for (size_t i = 0; i < message->field_count; i++) {
        size_t distance = text_distance(message->fields[i].json_name, reader->text.data);
        if (distance < least) {
            least = distance;
            best = &message->fields[i];
        }
    }
    return refuse(reader, "UNKNOWN_FIELD", "\"%.60s\" is not a field of %s%s%s%s",
                  reader->text.data, message->full_name, best ? "; did you mean \"" : "",
                  best ? best->json_name : "", best ? "\"?" : "");
}

static bool check_oneof(struct reader *reader, const struct schema_message *message,
                        const struct schema_field *field, const unsigned char *seen)
{
    for (size_t i = 0; i < message->field_count && field->oneof_index >= 0; i++)
        if (message->fields[i].oneof_index == field->oneof_index && seen[i] == SEEN_VALUE)
            return refuse(reader, "ONEOF_SET_TWICE", "only one of \"%s\" and \"%s\" can be given",
                          message->fields[i].json_name, field->json_name);
    return true;
}

static bool read_member(struct reader *reader, const struct schema_message *message,
                        unsigned char *seen)
{
    if (!json_scan_text(&reader->scan, &reader->text))
        return refuse_token(reader);
    const struct schema_field *field = find_member(message, reader->text.data);
    if (!field)
        return refuse_member(reader, message);
    size_t before = enter(reader, "%s%s", reader->path_size ? "." : "", field->json_name);
    unsigned char *state = &seen[field - message->fields];
    if (*state != UNSEEN)
        return refuse(reader, "DUPLICATE_MEMBER", "is given twice");
    if (!json_scan_take(&reader->scan, ':')) {
        reader->scan.problem = "has no \":\" behind its name";
        return refuse_token(reader);
    }
    if (json_scan_take_word(&reader->scan, "null")) {
        *state = SEEN_NULL;
        leave(reader, before);
        return true;
    }
    if (!check_oneof(reader, message, field, seen))
        return false;
    *state = SEEN_VALUE;
    bool read = field->map        ? read_map(reader, field)
                : field->repeated ? read_repeated(reader, field)
                                  : read_single(reader, field);
    if (read)
        leave(reader, before);
    return read;
}

static bool read_members(struct reader *reader, const struct schema_message *message,
                         unsigned char *seen)
{
    if (!json_scan_take(&reader->scan, '{'))
        return refuse_value(reader, "must be an object in braces");
    if (json_scan_take(&reader->scan, '}'))
        return true;
    do {
        if (!read_member(reader, message, seen))
            return false;
    } while (json_scan_take(&reader->scan, ','));
    if (json_scan_take(&reader->scan, '}'))
        return true;
    reader->scan.problem = "has an object without its end";
    return refuse_token(reader);
}

static bool read_message(struct reader *reader, const struct schema_message *message)
{
    enum wellknown kind = wellknown_of(message);
    if (kind != WELLKNOWN_NONE)
        return read_wellknown(reader, message, kind);
    if (reader->depth == MAX_DEPTH)
        return refuse(reader, "NESTED_TOO_DEEPLY", "is nested too deeply");
    reader->depth++;
    unsigned char *seen = memory_new(message->field_count + 1, 1);
    bool read = read_members(reader, message, seen);
    free(seen);
    reader->depth--;
    return read;
}

static bool read_document(struct reader *reader, const struct schema_message *message)
{
    if (!text_is_utf8(reader->scan.start, (size_t)(reader->scan.end - reader->scan.start)))
        return refuse(reader, "INVALID_JSON", "is not UTF-8 text, or contains NUL");
    if (!read_message(reader, message))
        return false;
    if (json_scan_peek(&reader->scan) == '\0')
        return true;
    reader->scan.problem = "has something behind its end";
    return refuse_token(reader);
}

enum pros_status json_read(const struct schema_message *message, const char *text, size_t size,
                           struct buffer *wire, struct failure *failure)
{
    struct failure own; /* carries the status even when the caller wants no words */
    struct reader reader = {
        .scan = {text, text, text + size, NULL},
        .wire = wire,
        .failure = failure ? failure : &own,
    };
    if (size == 0)
        return failure_set(failure, PROS_INVALID_ARGUMENT, "INVALID_JSON",
                           "the JSON document: is empty; write {} for a message without fields.");
    buffer_open(&reader.text, size + 1);
    bool read = read_document(&reader, message);
    buffer_close(&reader.text);
    if (wire->overflowed)
        return failure_set(failure, PROS_RESOURCE_EXHAUSTED, "TOO_LARGE",
                           "The message is larger than %zu bytes; send it in smaller parts.",
                           wire->max_bytes);
    return read ? PROS_OK : PROS_INVALID_ARGUMENT;
}
