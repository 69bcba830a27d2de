#include "json/writer.h"

#include "base/memory.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- single values ---- */

static bool write_bytes(struct writer *writer, const struct schema_field *field,
                        const struct record *record)
{
    if (field->type == SCHEMA_MESSAGE)
        return writer_message(writer, field->message,
                              (struct pros_bytes){record->bytes, record->size});
    if (field->type == SCHEMA_BYTES)
        writer_base64(writer->out, record->bytes, record->size);
    else if (!writer_text(writer, (const char *)record->bytes, record->size))
        return writer_refuse(writer, field->name, "is not UTF-8 text, or contains NUL");
    return true;
}

/* A record that holds one value of the field. */
static bool write_value(struct writer *writer, const struct schema_field *field,
                        const struct record *record)
{
    if (record->kind == RECORD_BYTES)
        return write_bytes(writer, field, record);
    writer_number(writer, field, record_typed_value(field->type, record->value));
    return true;
}

static struct record read_at(const uint8_t *at, const uint8_t *end)
{
    struct record_cursor cursor = {at, end, NULL};
    struct record record = {0};
    record_next(&cursor, &record); /* was read before, when the message was indexed */
    return record;
}

struct record writer_last(const struct schema_field *field, const struct span *span,
                          const uint8_t *end)
{
    return span->count ? read_at(span->last, end)
                       : (struct record){.kind = record_type_of(field->type)};
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
        writer_message(writer, field->message, (struct pros_bytes){merged.data, merged.size});
    buffer_close(&merged);
    return written;
}

/* Of a field that is not repeated; the default where there is no record. */
static bool write_single(struct writer *writer, const struct schema_field *field,
                         const struct span *span, const uint8_t *end)
{
    if (field->type == SCHEMA_MESSAGE && span->count > 1)
        return write_merged(writer, field, span, end);
    struct record record = writer_last(field, span, end);
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
            return writer_refuse(writer, field->name, "has another type on the wire");
        if (packed && record.size == 0)
            continue;
        struct span *span = &spans[field - message->fields];
        if (field->oneof_index >= 0)
            forget_other_members(message, spans, field);
        if (span->count++ == 0)
            span->first = start;
        span->last = start;
    }
    return result == RECORD_END || writer_refuse(writer, message->full_name, cursor.problem);
}

static void begin_element(struct writer *writer, const struct schema_field *field, size_t *count)
{
    if ((*count)++)
        buffer_add_string(writer->out,
                          writer->options->pretty && field->type != SCHEMA_MESSAGE ? ", " : ",");
    if (field->type == SCHEMA_MESSAGE)
        writer_new_line(writer);
}

static bool write_packed(struct writer *writer, const struct schema_field *field,
                         const struct record *record, size_t *count)
{
    struct record_cursor cursor = record_start((struct pros_bytes){record->bytes, record->size});
    uint64_t value = 0;
    enum record_result result;
    while ((result = record_next_packed(&cursor, field->type, &value)) == RECORD_READ) {
        begin_element(writer, field, count);
        writer_number(writer, field, record_typed_value(field->type, value));
    }
    return result == RECORD_END || writer_refuse(writer, field->name, cursor.problem);
}

static bool write_repeated(struct writer *writer, const struct schema_field *field,
                           const struct span *span, const uint8_t *end)
{
    struct record_cursor cursor = {span->count ? span->first : end, end, NULL};
    struct record record;
    size_t count = 0;
    writer_open(writer, '[');
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
    writer_close(writer, ']', count == 0 || field->type != SCHEMA_MESSAGE);
    return true;
}

/* ---- maps: entries by key, so that one message has one text; of two with one key the later
 * counts. Texts are in the order of their bytes, numbers ascend, false comes before true. ---- */

struct entry {
    struct span spans[2]; /* key and value */
    const uint8_t *end;
    struct record key;
    uint64_t order; /* of a key that is a number */
    size_t position;
};

static int compare_keys(const struct entry *a, const struct entry *b)
{
    if (a->key.kind != RECORD_BYTES)
        return a->order < b->order ? -1 : a->order > b->order;
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

static bool read_entry(struct writer *writer, const struct schema_message *message,
                       struct pros_bytes bytes, struct entry *entry)
{
    const struct schema_field *key = &message->fields[0];
    if (!index_message(writer, message, bytes, entry->spans))
        return false;
    const uint8_t *at = bytes.data;
    entry->end = bytes.size ? at + bytes.size : at;
    entry->key = writer_last(key, &entry->spans[0], entry->end);
    entry->key.value = record_typed_value(key->type, entry->key.value);
    entry->order = entry->key.value;
    if (schema_type_is_signed(key->type))
        entry->order ^= UINT64_C(1) << 63;
    return true;
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
        entries[count].position = count;
        if (!read_entry(writer, field->message, (struct pros_bytes){record.bytes, record.size},
                        &entries[count++]))
            return false;
    }
    qsort(entries, count, sizeof *entries, compare_entries);
    return true;
}

static bool write_key(struct writer *writer, const struct schema_field *key,
                      const struct entry *entry, size_t *written)
{
    char text[24];
    if (key->type == SCHEMA_STRING)
        return writer_name(writer, (const char *)entry->key.bytes, entry->key.size, written);
    uint64_t value = entry->key.value;
    int size =
        key->type == SCHEMA_BOOL ? snprintf(text, sizeof text, "%s", value ? "true" : "false")
        : schema_type_is_signed(key->type) ? snprintf(text, sizeof text, "%" PRId64, (int64_t)value)
                                           : snprintf(text, sizeof text, "%" PRIu64, value);
    return writer_name(writer, text, (size_t)size, written);
}

static bool write_entry(struct writer *writer, const struct schema_field *field,
                        const struct entry *entry, size_t *written)
{
    if (!write_key(writer, &field->message->fields[0], entry, written))
        return writer_refuse(writer, field->name,
                             "has a key that is not UTF-8 text, or contains NUL");
    return write_single(writer, &field->message->fields[1], &entry->spans[1], entry->end);
}

static bool write_map(struct writer *writer, const struct schema_field *field,
                      const struct span *span, const uint8_t *end)
{
    size_t written = 0;
    bool good = true;
    writer_open(writer, '{');
    writer->depth++; /* an entry is a message */
    if (span->count) {
        struct entry *entries = memory_new(span->count, sizeof *entries);
        good = read_entries(writer, field, span, end, entries);
        for (size_t i = 0; i < span->count && good; i++)
            if (i + 1 == span->count || compare_keys(&entries[i], &entries[i + 1]) != 0)
                good = write_entry(writer, field, &entries[i], &written);
        free(entries);
    }
    writer->depth--;
    writer_close(writer, '}', written == 0);
    return good;
}

bool writer_field(struct writer *writer, const struct schema_field *field, const struct span *span,
                  const uint8_t *end)
{
    return field->map        ? write_map(writer, field, span, end)
           : field->repeated ? write_repeated(writer, field, span, end)
                             : write_single(writer, field, span, end);
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

static bool write_fields(struct writer *writer, const struct schema_message *message,
                         const struct span *spans, const uint8_t *end, size_t *written)
{
    for (size_t i = 0; i < message->field_count; i++) {
        const struct schema_field *field = &message->fields[i];
        if (is_default(field, &spans[i], end) &&
            (!writer->options->all_fields || field->has_presence))
            continue;
        if (!writer_name(writer, field->json_name, strlen(field->json_name), written))
            return writer_refuse(writer, field->name, "has a name that is not UTF-8 text");
        if (!writer_field(writer, field, &spans[i], end))
            return false;
    }
    return true;
}

/* An object with all fields, or with written only its members: see writer_members(). */
static bool write_content(struct writer *writer, const struct schema_message *message,
                          struct pros_bytes bytes, struct span *spans, size_t *written)
{
    const uint8_t *start = bytes.data;
    const uint8_t *end = bytes.size ? start + bytes.size : start;
    enum wellknown kind = wellknown_of(message);
    size_t own = 0;
    if (!index_message(writer, message, bytes, spans))
        return false;
    if (written)
        return write_fields(writer, message, spans, end, written);
    if (kind != WELLKNOWN_NONE)
        return writer_wellknown(writer, message, kind, spans, end);
    writer_open(writer, '{');
    bool good = write_fields(writer, message, spans, end, &own);
    writer_close(writer, '}', own == 0);
    return good;
}

static bool write_message(struct writer *writer, const struct schema_message *message,
                          struct pros_bytes bytes, size_t *written)
{
    if (writer->depth == JSON_MAX_DEPTH)
        return writer_refuse(writer, message->full_name, "is nested too deeply");
    struct span *spans = memory_new(message->field_count + 1, sizeof *spans);
    writer->depth++;
    bool good = write_content(writer, message, bytes, spans, written);
    writer->depth--;
    free(spans);
    return good;
}

bool writer_message(struct writer *writer, const struct schema_message *message,
                    struct pros_bytes bytes)
{
    return write_message(writer, message, bytes, NULL);
}

bool writer_members(struct writer *writer, const struct schema_message *message,
                    struct pros_bytes bytes, size_t *written)
{
    return write_message(writer, message, bytes, written);
}

enum pros_status json_write(const struct schema_message *message, struct pros_bytes wire,
                            const struct json_options *options, struct buffer *out,
                            struct failure *failure)
{
    static const struct json_options plain;
    struct writer writer = {message, options ? options : &plain, out, failure, 0, 0};
    if (!writer_message(&writer, message, wire))
        return PROS_INVALID_ARGUMENT;
    if (out->overflowed)
        return failure_set(failure, PROS_RESOURCE_EXHAUSTED, "TOO_LARGE",
                           "The answer is larger than %zu bytes as JSON; ask for less at once.",
                           out->max_bytes);
    return PROS_OK;
}
