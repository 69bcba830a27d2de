#include "json/json.h"

#include "base/memory.h"
#include "base/text.h"
#include "json/parse.h"
#include "json/reader.h"
#include "json/record.h"

#include <stdlib.h>
#include <string.h>

/* A message is an object, and a list or map of messages one more level. */
static const struct json_parse_limits limits = {
    .max_bytes = (size_t)256 << 20,
    .max_depth = 2 * JSON_MAX_DEPTH,
};

void reader_cut_back(struct reader *reader, size_t size)
{
    if (!reader->wire->data)
        return;
    reader->wire->size = size;
    reader->wire->data[size] = '\0';
}

static bool enter(struct reader *reader)
{
    if (reader->depth == JSON_MAX_DEPTH)
        return reader_refuse(reader, "NESTED_TOO_DEEPLY", "is nested too deeply");
    reader->depth++;
    return true;
}

/* ---- fields ---- */

/* One value with its tag; empty says whether it is the type's default. */
static bool read_value(struct reader *reader, const struct schema_field *field, const cJSON *item,
                       bool *empty)
{
    record_add_tag(reader->wire, field->number, record_type_of(field->type));
    if (record_is_packable(field->type)) {
        uint64_t value = 0;
        if (!reader_number(reader, field, item, &value))
            return false;
        *empty = value == 0;
        record_add_value(reader->wire, field->type, value);
        return true;
    }
    size_t start = reader->wire->size;
    bool read = field->type == SCHEMA_MESSAGE ? reader_message(reader, field->message, item)
                                              : reader_text(reader, field, item);
    *empty = reader->wire->size == start;
    record_insert_length(reader->wire, start);
    return read;
}

static bool read_single(struct reader *reader, const struct schema_field *field, const cJSON *item)
{
    size_t start = reader->wire->size;
    bool empty = false;
    if (!read_value(reader, field, item, &empty))
        return false;
    if (reader->skipped || (empty && !field->has_presence))
        reader_cut_back(reader, start);
    reader->skipped = false;
    return true;
}

/* Elsewhere null says that there is no value. */
static bool takes_null(const struct schema_field *field)
{
    return field->type == SCHEMA_ENUM
               ? wellknown_is_null(field->enumeration)
               : field->type == SCHEMA_MESSAGE && wellknown_of(field->message) == WELLKNOWN_VALUE;
}

static bool read_element(struct reader *reader, const struct schema_field *field, const cJSON *item)
{
    bool empty;
    size_t start = reader->wire->size;
    if (cJSON_IsNull(item) && !takes_null(field))
        return reader_refuse_value(reader, "must not be null");
    uint64_t value = 0;
    if (!(field->packed ? reader_number(reader, field, item, &value)
                        : read_value(reader, field, item, &empty)))
        return false;
    if (reader->skipped)
        reader_cut_back(reader, start);
    else if (field->packed)
        record_add_value(reader->wire, field->type, value);
    reader->skipped = false;
    return true;
}

static bool read_repeated(struct reader *reader, const struct schema_field *field,
                          const cJSON *list)
{
    const struct json_place *outer = reader->place;
    struct json_place place = {.outer = outer};
    size_t start = 0;
    const cJSON *item;
    if (!cJSON_IsArray(list))
        return reader_refuse_value(reader, "must be a list in brackets");
    if (!list->child)
        return true;
    if (field->packed) {
        record_add_tag(reader->wire, field->number, RECORD_BYTES);
        start = reader->wire->size;
    }
    reader->place = &place;
    cJSON_ArrayForEach(item, list)
    {
        if (!read_element(reader, field, item))
            return false;
        place.index++;
    }
    reader->place = outer;
    if (field->packed)
        record_insert_length(reader->wire, start);
    return true;
}

/* ---- maps ---- */

static bool read_key(struct reader *reader, const struct schema_field *key, const char *text,
                     uint64_t *value)
{
    if (key->type == SCHEMA_STRING) {
        size_t size = strlen(text);
        record_add_tag(reader->wire, key->number, RECORD_BYTES);
        record_add_varint(reader->wire, size);
        buffer_add(reader->wire, text, size);
        return true;
    }
    if (key->type == SCHEMA_BOOL) {
        *value = strcmp(text, "true") == 0;
        if (!*value && strcmp(text, "false") != 0)
            return reader_refuse_value(reader, "has a key that is neither true nor false");
    } else if (!reader_key(reader, key->type, text, value)) {
        return false;
    }
    record_add_tag(reader->wire, key->number, record_type_of(key->type));
    record_add_value(reader->wire, key->type, *value);
    return true;
}

static bool read_entry(struct reader *reader, const struct schema_field *field, const cJSON *item,
                       uint64_t *key)
{
    bool empty;
    const struct schema_field *value = &field->message->fields[1];
    size_t before = reader->wire->size;
    record_add_tag(reader->wire, field->number, RECORD_BYTES);
    size_t start = reader->wire->size;
    if (!read_key(reader, &field->message->fields[0], item->string, key))
        return false;
    if (cJSON_IsNull(item) && !takes_null(value))
        return reader_refuse_value(reader, "must not be null");
    if (!read_value(reader, value, item, &empty))
        return false;
    if (reader->skipped)
        reader_cut_back(reader, before);
    else
        record_insert_length(reader->wire, start);
    reader->skipped = false;
    return true;
}

static int compare_keys(const void *a, const void *b)
{
    uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;
    return one < other ? -1 : one > other;
}

/* Texts are unique already; numbers have several spellings. */
static bool check_keys(struct reader *reader, enum schema_type type, uint64_t *keys, size_t count)
{
    if (type == SCHEMA_STRING || count < 2)
        return true;
    qsort(keys, count, sizeof *keys, compare_keys);
    for (size_t i = 1; i < count; i++)
        if (keys[i - 1] == keys[i])
            return reader_refuse(reader, "DUPLICATE_MEMBER", "has the same key twice");
    return true;
}

static bool read_map(struct reader *reader, const struct schema_field *field, const cJSON *object)
{
    const struct json_place *outer = reader->place;
    struct json_place place = {.outer = outer};
    const cJSON *item;
    size_t count = 0;
    bool good = true;
    if (!cJSON_IsObject(object))
        return reader_refuse_value(reader, "must be an object in braces");
    if (!enter(reader)) /* an entry is a message */
        return false;
    uint64_t *keys = memory_new((size_t)cJSON_GetArraySize(object) + 1, sizeof *keys);
    reader->place = &place;
    for (item = object->child; good && item; item = item->next) {
        place.name = item->string;
        place.name_size = strlen(item->string);
        good = read_entry(reader, field, item, &keys[count++]);
    }
    reader->place = outer;
    reader->depth--;
    good = good && check_keys(reader, field->message->fields[0].type, keys, count);
    free(keys);
    return good;
}

bool reader_field(struct reader *reader, const struct schema_field *field, const cJSON *item)
{
    return field->map        ? read_map(reader, field, item)
           : field->repeated ? read_repeated(reader, field, item)
                             : read_single(reader, field, item);
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

static bool refuse_member(struct reader *reader, const struct schema_message *message,
                          const char *name)
{
    const struct schema_field *best = NULL;
    char given[JSON_NAME_SIZE];
    size_t least = 4;
    for (size_t i = 0; i < message->field_count; i++) {
        size_t distance = text_distance(message->fields[i].json_name, name);
        if (distance < least) {
            least = distance;
            best = &message->fields[i];
        }
    }
    json_place_copy_name(name, strlen(name), given);
    return reader_refuse(reader, "UNKNOWN_FIELD", "\"%s\" is not a field of %s%s%s%s", given,
                         message->full_name, best ? "; did you mean \"" : "",
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

static bool read_content(struct reader *reader, const struct schema_message *message,
                         const struct schema_field *field, const cJSON *item, unsigned char *seen)
{
    unsigned char *state = &seen[field - message->fields];
    if (*state != UNSEEN) /* by its other name */
        return reader_refuse(reader, "DUPLICATE_MEMBER", "is given twice");
    *state = SEEN_NULL;
    if (cJSON_IsNull(item) && (field->repeated || !takes_null(field)))
        return true;
    if (!check_oneof(reader, message, field, seen))
        return false;
    *state = SEEN_VALUE;
    return reader_field(reader, field, item);
}

static bool read_member(struct reader *reader, const struct schema_message *message,
                        const cJSON *item, unsigned char *seen)
{
    const struct json_place *outer = reader->place;
    const struct schema_field *field = find_member(message, item->string);
    if (!field && reader->options->ignore_unknown)
        return true;
    if (!field)
        return refuse_member(reader, message, item->string);
    struct json_place place = {outer, field->json_name, strlen(field->json_name), 0};
    reader->place = &place;
    bool read = read_content(reader, message, field, item, seen);
    reader->place = outer;
    return read;
}

static bool read_members(struct reader *reader, const struct schema_message *message,
                         const cJSON *object, const char *except)
{
    bool read = true;
    unsigned char *seen = memory_new(message->field_count + 1, 1);
    for (const cJSON *item = object->child; read && item; item = item->next)
        if (!except || strcmp(item->string, except) != 0)
            read = read_member(reader, message, item, seen);
    free(seen);
    return read;
}

bool reader_members(struct reader *reader, const struct schema_message *message,
                    const cJSON *object, const char *except)
{
    if (!enter(reader))
        return false;
    bool read = read_members(reader, message, object, except);
    reader->depth--;
    return read;
}

bool reader_message(struct reader *reader, const struct schema_message *message, const cJSON *item)
{
    enum wellknown kind = wellknown_of(message);
    if (kind == WELLKNOWN_NONE && !cJSON_IsObject(item))
        return reader_refuse_value(reader, "must be an object in braces");
    if (!enter(reader))
        return false;
    bool read = kind == WELLKNOWN_NONE ? read_members(reader, message, item, NULL)
                                       : reader_wellknown(reader, message, kind, item);
    reader->depth--;
    return read;
}

enum pros_status json_read_with(const struct schema_message *message, const char *text, size_t size,
                                const struct json_read_options *options, struct buffer *wire,
                                struct failure *failure)
{
    static const struct json_read_options strict;
    struct reader reader = {
        .wire = wire, .failure = failure, .options = options ? options : &strict};
    cJSON *tree;
    enum pros_status status = json_parse(text, size, &limits, &tree, failure);
    if (status != PROS_OK)
        return status;
    bool read = reader_message(&reader, message, tree);
    cJSON_Delete(tree);
    if (wire->overflowed)
        return failure_set(failure, PROS_RESOURCE_EXHAUSTED, "TOO_LARGE",
                           "The message is larger than %zu bytes; send it in smaller parts.",
                           wire->max_bytes);
    return read ? PROS_OK : PROS_INVALID_ARGUMENT;
}

enum pros_status json_read(const struct schema_message *message, const char *text, size_t size,
                           struct buffer *wire, struct failure *failure)
{
    return json_read_with(message, text, size, NULL, wire, failure);
}
