#include "json/json.h"

#include "base/memory.h"
#include "base/text.h"
#include "json/reader.h"
#include "json/record.h"

#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH      64
#define MAX_TEXT_BYTES ((size_t)256 << 20)

static bool read_message(struct reader *reader, const struct schema_message *message);

static void cut_back(struct buffer *buffer, size_t size)
{
    if (!buffer->data)
        return;
    buffer->size = size;
    buffer->data[size] = '\0';
}

/* ---- fields ---- */

/* One value with its tag; empty says whether it is the type's default. */
static bool read_value(struct reader *reader, const struct schema_field *field, bool *empty)
{
    record_add_tag(reader->wire, field->number, record_type_of(field->type));
    if (record_is_packable(field->type)) {
        uint64_t value = 0;
        if (!reader_number(reader, field, &value))
            return false;
        *empty = value == 0;
        record_add_value(reader->wire, field->type, value);
        return true;
    }
    size_t start = reader->wire->size;
    bool read = field->type == SCHEMA_MESSAGE ? read_message(reader, field->message)
                                              : reader_text(reader, field);
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
        return reader_refuse_value(reader, "must not be null");
    if (!field->packed)
        return read_value(reader, field, &empty);
    uint64_t value = 0;
    if (!reader_number(reader, field, &value))
        return false;
    record_add_value(reader->wire, field->type, value);
    return true;
}

static bool read_repeated(struct reader *reader, const struct schema_field *field)
{
    if (!json_scan_take(&reader->scan, '['))
        return reader_refuse_value(reader, "must be a list in brackets");
    if (json_scan_take(&reader->scan, ']'))
        return true;
    size_t start = 0;
    if (field->packed) {
        record_add_tag(reader->wire, field->number, RECORD_BYTES);
        start = reader->wire->size;
    }
    size_t index = 0;
    do {
        size_t before = reader_enter(reader, "[%zu]", index++);
        if (!read_element(reader, field))
            return false;
        reader_leave(reader, before);
    } while (json_scan_take(&reader->scan, ','));
    if (!json_scan_take(&reader->scan, ']')) {
        reader->scan.problem = "has a list without its end";
        return reader_refuse_token(reader);
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
        return reader_refuse_token(reader);
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
            return reader_refuse_value(reader, "has a key that is neither true nor false");
    } else if (!reader_integer(reader, key->type, reader->text.data, true, &value)) {
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
    size_t before = reader_enter(reader, "[\"%.40s\"]", reader->text.data);
    if (!json_scan_take(&reader->scan, ':'))
        return reader_refuse_token(reader);
    if (json_scan_take_word(&reader->scan, "null"))
        return reader_refuse_value(reader, "must not be null");
    if (!read_value(reader, &field->message->fields[1], &empty))
        return false;
    record_insert_length(reader->wire, start);
    reader_leave(reader, before);
    return true;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool check_keys(struct reader *reader, const struct buffer *keys, size_t count)
{
    if (keys->overflowed)
        return reader_refuse_value(reader, "has keys that are too long together");
    const char **list = memory_new(count + 1, sizeof *list);
    const char *at = keys->data;
    for (size_t i = 0; i < count; i++, at += strlen(at) + 1)
        list[i] = at;
    qsort(list, count, sizeof *list, compare_texts);
    bool unique = true;
    for (size_t i = 1; i < count; i++)
        unique = unique && strcmp(list[i - 1], list[i]) != 0;
    free(list);
    return unique || reader_refuse(reader, "DUPLICATE_MEMBER", "has the same key twice");
}

static bool read_map(struct reader *reader, const struct schema_field *field)
{
    if (!json_scan_take(&reader->scan, '{'))
        return reader_refuse_value(reader, "must be an object in braces");
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
        good = reader_refuse_token(reader);
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
    return reader_refuse(reader, "UNKNOWN_FIELD", "\"%.60s\" is not a field of %s%s%s%s",
                         reader->text.data, message->full_name, best ? "; did you mean \"" : "",
                         best ? best->json_name : "", best ? "\"?" : "");
}

static bool check_oneof(struct reader *reader, const struct schema_message *message,
                        const struct schema_field *field, const unsigned char *seen)
{
    for (size_t i = 0; i < message->field_count && field->oneof_index >= 0; i++)
        if (message->fields[i].oneof_index == field->oneof_index && seen[i] == SEEN_VALUE)
            return reader_refuse(reader, "ONEOF_SET_TWICE",
                                 "only one of \"%s\" and \"%s\" can be given",
                                 message->fields[i].json_name, field->json_name);
    return true;
}

static bool read_member(struct reader *reader, const struct schema_message *message,
                        unsigned char *seen)
{
    if (!json_scan_text(&reader->scan, &reader->text))
        return reader_refuse_token(reader);
    const struct schema_field *field = find_member(message, reader->text.data);
    if (!field)
        return refuse_member(reader, message);
    size_t before = reader_enter(reader, "%s%s", reader->path_size ? "." : "", field->json_name);
    unsigned char *state = &seen[field - message->fields];
    if (*state != UNSEEN)
        return reader_refuse(reader, "DUPLICATE_MEMBER", "is given twice");
    if (!json_scan_take(&reader->scan, ':')) {
        reader->scan.problem = "has no \":\" behind its name";
        return reader_refuse_token(reader);
    }
    if (json_scan_take_word(&reader->scan, "null")) {
        *state = SEEN_NULL;
        reader_leave(reader, before);
        return true;
    }
    if (!check_oneof(reader, message, field, seen))
        return false;
    *state = SEEN_VALUE;
    bool read = field->map        ? read_map(reader, field)
                : field->repeated ? read_repeated(reader, field)
                                  : read_single(reader, field);
    if (read)
        reader_leave(reader, before);
    return read;
}

static bool read_members(struct reader *reader, const struct schema_message *message,
                         unsigned char *seen)
{
    if (!json_scan_take(&reader->scan, '{'))
        return reader_refuse_value(reader, "must be an object in braces");
    if (json_scan_take(&reader->scan, '}'))
        return true;
    do {
        if (!read_member(reader, message, seen))
            return false;
    } while (json_scan_take(&reader->scan, ','));
    if (json_scan_take(&reader->scan, '}'))
        return true;
    reader->scan.problem = "has an object without its end";
    return reader_refuse_token(reader);
}

static bool read_message(struct reader *reader, const struct schema_message *message)
{
    enum wellknown kind = wellknown_of(message);
    if (kind != WELLKNOWN_NONE)
        return reader_wellknown(reader, message, kind);
    if (reader->depth == MAX_DEPTH)
        return reader_refuse(reader, "NESTED_TOO_DEEPLY", "is nested too deeply");
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
        return reader_refuse(reader, "INVALID_JSON", "is not UTF-8 text, or contains NUL");
    if (!read_message(reader, message))
        return false;
    if (json_scan_peek(&reader->scan) == '\0')
        return true;
    reader->scan.problem = "has something behind its end";
    return reader_refuse_token(reader);
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
