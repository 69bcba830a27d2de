#include "json/json.h"

#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"
#include "json/record.h"
#include "json/wellknown.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 64

/* Records of one field within one message. */
struct span {
    const uint8_t *first; /* where the first record starts */
    const uint8_t *last;
    size_t count;
};

struct writer {
    const struct schema_message *root;
    const struct json_options *options;
    struct buffer *out;
    struct failure *failure;
    unsigned depth;
};

static bool write_message(struct writer *writer, const struct schema_message *message,
                          struct pros_bytes bytes);

static bool refuse(struct writer *writer, const char *name, const char *problem)
{
    failure_set(writer->failure, PROS_INVALID_ARGUMENT, "MALFORMED_MESSAGE",
                "A message of type %s cannot be shown: field \"%s\" %s.", writer->root->full_name,
                name, problem);
    return false;
}

/* ---- layout ---- */

static void new_line(struct writer *writer)
{
    if (!writer->options->pretty)
        return;
    buffer_add_char(writer->out, '\n');
    for (unsigned i = 0; i < writer->depth; i++)
        buffer_add_string(writer->out, "  ");
}

static void open_bracket(struct writer *writer, char bracket)
{
    buffer_add_char(writer->out, bracket);
    writer->depth++;
}

static void close_bracket(struct writer *writer, char bracket, bool empty)
{
    writer->depth--;
    if (!empty)
        new_line(writer);
    buffer_add_char(writer->out, bracket);
}

static bool write_text(struct writer *writer, const char *text, size_t size)
{
    struct buffer *out = writer->out;
    buffer_add_char(out, '"');
    for (size_t i = 0; i < size;) {
        uint32_t point = 0;
        size_t length = utf8_read(text + i, size - i, &point);
        if (length == 0)
            return false;
        if (point == '"' || point == '\\') {
            buffer_add_char(out, '\\');
            buffer_add_char(out, (char)point);
        } else if (point == '\n') {
            buffer_add_string(out, "\\n");
        } else if (point == '\t') {
            buffer_add_string(out, "\\t");
        } else if (point == '\r') {
            buffer_add_string(out, "\\r");
        } else if (point < 0x20 || point == 0x7F) {
            buffer_add_format(out, "\\u%04x", (unsigned)point);
        } else {
            buffer_add(out, text + i, length);
        }
        i += length;
    }
    buffer_add_char(out, '"');
    return true;
}

static void write_base64(struct buffer *out, const uint8_t *bytes, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    buffer_add_char(out, '"');
    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        uint32_t group = (uint32_t)bytes[i] << 16 | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
                         (left > 2 ? (uint32_t)bytes[i + 2] : 0);
        char text[4] = {digits[group >> 18], digits[group >> 12 & 63],
                        left > 1 ? digits[group >> 6 & 63] : '=',
                        left > 2 ? digits[group & 63] : '='};
        buffer_add(out, text, sizeof text);
    }
    buffer_add_char(out, '"');
}

/* ---- single values ---- */

static void write_enum(struct writer *writer, const struct schema_enum *enumeration, int64_t number)
{
    for (size_t i = 0; i < enumeration->value_count; i++)
        if (enumeration->values[i].number == number) {
            buffer_add_format(writer->out, "\"%s\"", enumeration->values[i].name);
            return;
        }
    buffer_add_format(writer->out, "%" PRId64, number);
}

static void write_double(struct writer *writer, double value)
{
    char text[32];
    text_format_double(value, text);
    bool word = text[0] == 'N' || text[0] == 'I' || text[1] == 'I';
    buffer_add_format(writer->out, word ? "\"%s\"" : "%s", text);
}

/* value is typed; quoted forces quotes, as for the keys of maps. */
static void write_number(struct writer *writer, const struct schema_field *field, uint64_t value,
                         bool quoted)
{
    const char *quote = quoted ? "\"" : "";
    switch (field->type) {
    case SCHEMA_DOUBLE:
    case SCHEMA_FLOAT:
        write_double(writer, record_double(field->type, value));
        return;
    case SCHEMA_BOOL:
        buffer_add_format(writer->out, "%s%s%s", quote, value ? "true" : "false", quote);
        return;
    case SCHEMA_ENUM:
        write_enum(writer, field->enumeration, (int64_t)value);
        return;
    case SCHEMA_INT64:
    case SCHEMA_SINT64:
    case SCHEMA_SFIXED64:
        buffer_add_format(writer->out, "\"%" PRId64 "\"", (int64_t)value);
        return;
    case SCHEMA_UINT64:
    case SCHEMA_FIXED64:
        buffer_add_format(writer->out, "\"%" PRIu64 "\"", value);
        return;
    default:
        buffer_add_format(writer->out, "%s%" PRId64 "%s", quote, (int64_t)value, quote);
    }
}

static bool write_bytes(struct writer *writer, const struct schema_field *field,
                        const struct record *record)
{
    if (field->type == SCHEMA_MESSAGE)
        return write_message(writer, field->message,
                             (struct pros_bytes){record->bytes, record->size});
    if (field->type == SCHEMA_BYTES)
        write_base64(writer->out, record->bytes, record->size);
    else if (!write_text(writer, (const char *)record->bytes, record->size))
        return refuse(writer, field->name, "is not UTF-8 text");
    return true;
}

/* A record that holds one value of the field. */
static bool write_value(struct writer *writer, const struct schema_field *field,
                        const struct record *record)
{
    if (record->kind == RECORD_BYTES)
        return write_bytes(writer, field, record);
    write_number(writer, field, record_typed_value(field->type, record->value), false);
    return true;
}

static struct record read_at(const uint8_t *at, const uint8_t *end)
{
    struct record_cursor cursor = {at, end, NULL};
    struct record record = {0};
    record_next(&cursor, &record); /* was read before, when the message was indexed */
    return record;
}

/* The wire allows a message in pieces; their concatenation is the merged message. */
static bool write_merged(struct writer *writer, const struct schema_field *field,
                         const struct span *span, const uint8_t *end)
{
    struct buffer merged;
    struct record_cursor cursor = {span->first, end, NULL};
    struct record record;
    buffer_open(&merged, (size_t)(end - span->first) + 1);
    while (record_next(&cursor, &record) == RECORD_READ)
        if (record.number == field->number && record.size)
            buffer_add(&merged, record.bytes, record.size);
    bool written =
        write_message(writer, field->message, (struct pros_bytes){merged.data, merged.size});
    buffer_close(&merged);
    return written;
}

/* Of a field that is not repeated; the default where there is no record. */
static bool write_single(struct writer *writer, const struct schema_field *field,
                         const struct span *span, const uint8_t *end)
{
    if (field->type == SCHEMA_MESSAGE && span->count > 1)
        return write_merged(writer, field, span, end);
    struct record record = {.kind = record_type_of(field->type)};
    if (span->count)
        record = read_at(span->last, end);
    return write_value(writer, field, &record);
}

/* ---- messages ---- */

static void forget_other_members(const struct schema_message *message, struct span *spans,
                                 const struct schema_field *field)
{
    for (size_t i = 0; i < message->field_count; i++)
        if (message->fields[i].oneof_index == field->oneof_index && &message->fields[i] != field)
            spans[i].count = 0;
}

/* Finds the records of each field; of a oneof's members only the last one counts. */
static bool index_message(struct writer *writer, const struct schema_message *message,
                          struct pros_bytes bytes, struct span *spans)
{
    struct record_cursor cursor = record_start(bytes);
    struct record record;
    enum record_result result;
    const uint8_t *start = cursor.at;
    for (; (result = record_next(&cursor, &record)) == RECORD_READ; start = cursor.at) {
        const struct schema_field *field = schema_find_field(message, record.number);
        if (!field)
            continue;
        bool packed =
            record.kind == RECORD_BYTES && field->repeated && record_is_packable(field->type);
        if (record.kind != record_type_of(field->type) && !packed)
            return refuse(writer, field->name, "has another type on the wire");
        if (packed && record.size == 0)
            continue;
        struct span *span = &spans[field - message->fields];
        if (field->oneof_index >= 0)
            forget_other_members(message, spans, field);
        if (span->count++ == 0)
            span->first = start;
        span->last = start;
    }
    return result == RECORD_END || refuse(writer, message->full_name, cursor.problem);
}

static void begin_element(struct writer *writer, const struct schema_field *field, size_t *count)
{
    if ((*count)++)
        buffer_add_string(writer->out,
                          writer->options->pretty && field->type != SCHEMA_MESSAGE ? ", " : ",");
    if (field->type == SCHEMA_MESSAGE)
        new_line(writer);
}

static bool write_packed(struct writer *writer, const struct schema_field *field,
                         const struct record *record, size_t *count)
{
    struct record_cursor cursor = record_start((struct pros_bytes){record->bytes, record->size});
    uint64_t value = 0;
    enum record_result result;
    while ((result = record_next_packed(&cursor, field->type, &value)) == RECORD_READ) {
        begin_element(writer, field, count);
        write_number(writer, field, record_typed_value(field->type, value), false);
    }
    return result == RECORD_END || refuse(writer, field->name, cursor.problem);
}

static bool write_repeated(struct writer *writer, const struct schema_field *field,
                           const struct span *span, const uint8_t *end)
{
    struct record_cursor cursor = {span->count ? span->first : end, end, NULL};
    struct record record;
    size_t count = 0;
    open_bracket(writer, '[');
    while (record_next(&cursor, &record) == RECORD_READ) {
        if (record.number != field->number)
            continue;
        if (record.kind == RECORD_BYTES && record_is_packable(field->type)) {
            if (!write_packed(writer, field, &record, &count))
                return false;
            continue;
        }
        begin_element(writer, field, &count);
        if (!write_value(writer, field, &record))
            return false;
    }
    close_bracket(writer, ']', count == 0 || field->type != SCHEMA_MESSAGE);
    return true;
}

/* ---- maps: entries by key; of two with one key the later counts ---- */

struct entry {
    struct span spans[2]; /* key and value */
    const uint8_t *end;
    struct record key;
    size_t position;
};

static int compare_keys(const struct entry *a, const struct entry *b)
{
    if (a->key.kind != RECORD_BYTES)
        return a->key.value < b->key.value ? -1 : a->key.value > b->key.value;
    size_t size = a->key.size < b->key.size ? a->key.size : b->key.size;
    int order = size ? memcmp(a->key.bytes, b->key.bytes, size) : 0;
    return order ? order : a->key.size < b->key.size ? -1 : a->key.size > b->key.size;
}

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    int order = compare_keys(a, b);
    return order ? order : a->position < b->position ? -1 : a->position > b->position;
}

static bool read_entries(struct writer *writer, const struct schema_field *field,
                         const struct span *span, const uint8_t *end, struct entry *entries)
{
    struct record_cursor cursor = {span->first, end, NULL};
    struct record record;
    size_t count = 0;
    while (count < span->count && record_next(&cursor, &record) == RECORD_READ) {
        if (record.number != field->number)
            continue;
        struct entry *entry = &entries[count];
        if (!index_message(writer, field->message, (struct pros_bytes){record.bytes, record.size},
                           entry->spans))
            return false;
        const struct schema_field *key = &field->message->fields[0];
        entry->end = record.size ? record.bytes + record.size : record.bytes;
        entry->position = count++;
        entry->key.kind = record_type_of(key->type);
        if (entry->spans[0].count)
            entry->key = read_at(entry->spans[0].last, entry->end);
        entry->key.value = record_typed_value(key->type, entry->key.value);
    }
    qsort(entries, count, sizeof *entries, compare_entries);
    return true;
}

static bool write_entry(struct writer *writer, const struct schema_field *field,
                        const struct entry *entry, size_t *written)
{
    const struct schema_field *key = &field->message->fields[0];
    if ((*written)++)
        buffer_add_char(writer->out, ',');
    new_line(writer);
    if (entry->key.kind != RECORD_BYTES)
        write_number(writer, key, entry->key.value, true);
    else if (!write_text(writer, (const char *)entry->key.bytes, entry->key.size))
        return refuse(writer, field->name, "has a key that is not UTF-8 text");
    buffer_add_string(writer->out, writer->options->pretty ? ": " : ":");
    return write_single(writer, &field->message->fields[1], &entry->spans[1], entry->end);
}

static bool write_map(struct writer *writer, const struct schema_field *field,
                      const struct span *span, const uint8_t *end)
{
    size_t written = 0;
    bool good = true;
    open_bracket(writer, '{');
    if (span->count) {
        struct entry *entries = memory_new(span->count, sizeof *entries);
        good = read_entries(writer, field, span, end, entries);
        for (size_t i = 0; i < span->count && good; i++)
            if (i + 1 == span->count || compare_keys(&entries[i], &entries[i + 1]) != 0)
                good = write_entry(writer, field, &entries[i], &written);
        free(entries);
    }
    close_bracket(writer, '}', written == 0);
    return good;
}

/* ---- fields ---- */

static bool is_default(const struct schema_field *field, const struct span *span,
                       const uint8_t *end)
{
    if (span->count == 0)
        return true;
    if (field->has_presence || field->repeated)
        return false;
    struct record record = read_at(span->last, end);
    return record.size == 0 && record_typed_value(field->type, record.value) == 0;
}

static bool write_field(struct writer *writer, const struct schema_field *field,
                        const struct span *span, const uint8_t *end, size_t *written)
{
    if (is_default(field, span, end) && (!writer->options->all_fields || field->has_presence))
        return true;
    if ((*written)++)
        buffer_add_char(writer->out, ',');
    new_line(writer);
    buffer_add_format(writer->out,
                      writer->options->pretty ? "\"%s\": " : "\"%s\":", field->json_name);
    if (field->map)
        return write_map(writer, field, span, end);
    if (field->repeated)
        return write_repeated(writer, field, span, end);
    return write_single(writer, field, span, end);
}

static bool write_wellknown(struct writer *writer, const struct schema_message *message,
                            enum wellknown kind, const struct span *spans, const uint8_t *end)
{
    char text[WELLKNOWN_TEXT_SIZE];
    int64_t parts[2] = {0, 0};
    for (size_t i = 0; i < 2; i++)
        if (spans[i].count)
            parts[i] = (int64_t)record_typed_value(message->fields[i].type,
                                                   read_at(spans[i].last, end).value);
    bool good = kind == WELLKNOWN_TIMESTAMP ? timestamp_format(parts[0], parts[1], text)
                                            : duration_format(parts[0], parts[1], text);
    if (!good)
        return refuse(writer, message->full_name, "is outside its range");
    buffer_add_format(writer->out, "\"%s\"", text);
    return true;
}

static bool write_fields(struct writer *writer, const struct schema_message *message,
                         struct pros_bytes bytes, struct span *spans)
{
    if (!index_message(writer, message, bytes, spans))
        return false;
    const uint8_t *start = bytes.data;
    const uint8_t *end = bytes.size ? start + bytes.size : start;
    enum wellknown kind = wellknown_of(message);
    if (kind == WELLKNOWN_UNSUPPORTED)
        return refuse(writer, message->full_name, "has no JSON form here");
    if (kind != WELLKNOWN_NONE)
        return write_wellknown(writer, message, kind, spans, end);
    size_t written = 0;
    open_bracket(writer, '{');
    for (size_t i = 0; i < message->field_count; i++)
        if (!write_field(writer, &message->fields[i], &spans[i], end, &written))
            return false;
    close_bracket(writer, '}', written == 0);
    return true;
}

static bool write_message(struct writer *writer, const struct schema_message *message,
                          struct pros_bytes bytes)
{
    if (writer->depth >= 2 * MAX_DEPTH)
        return refuse(writer, message->full_name, "is nested too deeply");
    struct span *spans = memory_new(message->field_count + 1, sizeof *spans);
    bool written = write_fields(writer, message, bytes, spans);
    free(spans);
    return written;
}

enum pros_status json_write(const struct schema_message *message, struct pros_bytes wire,
                            const struct json_options *options, struct buffer *out,
                            struct failure *failure)
{
    static const struct json_options plain;
    struct writer writer = {message, options ? options : &plain, out, failure, 0};
    if (!write_message(&writer, message, wire))
        return PROS_INVALID_ARGUMENT;
    if (out->overflowed)
        return failure_set(failure, PROS_RESOURCE_EXHAUSTED, "TOO_LARGE",
                           "The answer is larger than %zu bytes as JSON; ask for less at once.",
                           out->max_bytes);
    return PROS_OK;
}
