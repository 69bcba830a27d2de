#include "json/parse.h"
#include "json/reader.h"
#include "json/record.h"

#include <string.h>

static bool read_time(struct reader *reader, enum wellknown kind, const cJSON *item)
{
    const char *text = cJSON_IsString(item) ? item->valuestring : "";
    int64_t seconds = 0;
    int32_t nanos = 0;
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

static bool read_mask(struct reader *reader, const cJSON *item)
{
    if (!cJSON_IsString(item))
        return reader_refuse_value(reader, "must be names of fields in one text, for example "
                                           "\"title,show.startsAt\"");
    const char *path = item->valuestring;
    while (*path || path > item->valuestring) {
        size_t size = strcspn(path, ",");
        record_add_tag(reader->wire, 1, RECORD_BYTES);
        size_t start = reader->wire->size;
        if (!field_mask_from_json(path, size, reader->wire))
            return reader_refuse_value(reader, "has a name that is empty or not in lowerCamelCase");
        record_insert_length(reader->wire, start);
        if (!path[size])
            break;
        path += size + 1;
    }
    return true;
}

/* By its JSON type; the numbers are those of struct.proto. */
static bool read_value(struct reader *reader, const struct schema_message *message,
                       const cJSON *item)
{
    size_t number = cJSON_IsNull(item)     ? 1
                    : cJSON_IsNumber(item) ? 2
                    : cJSON_IsString(item) ? 3
                    : cJSON_IsBool(item)   ? 4
                    : cJSON_IsObject(item) ? 5
                                           : 6;
    return reader_field(reader, &message->fields[number - 1], item);
}

static bool read_content(struct reader *reader, const struct schema_message *type,
                         const cJSON *object)
{
    static const char name[] = "value";
    if (wellknown_of(type) == WELLKNOWN_NONE)
        return reader_members(reader, type, object, "@type");
    const cJSON *value = NULL;
    for (const cJSON *item = object->child; item; item = item->next) {
        if (strcmp(item->string, name) == 0)
            value = item;
        else if (strcmp(item->string, "@type") != 0 && !reader->options->ignore_unknown)
            return reader_refuse(reader, "UNKNOWN_FIELD",
                                 "must have nothing but \"@type\" and \"value\" for %s",
                                 type->full_name);
    }
    if (!value)
        return reader_refuse(reader, "INVALID_FIELD", "must have a \"value\" for %s",
                             type->full_name);
    const struct json_place *outer = reader->place;
    struct json_place place = {outer, name, sizeof name - 1, 0};
    reader->place = &place;
    bool read = reader_message(reader, type, value);
    reader->place = outer;
    return read;
}

static bool read_any(struct reader *reader, const struct schema_message *message,
                     const cJSON *object)
{
    if (!cJSON_IsObject(object))
        return reader_refuse_value(reader, "must be an object in braces");
    if (!object->child)
        return true;
    const cJSON *url = cJSON_GetObjectItemCaseSensitive(object, "@type");
    const char *text = cJSON_IsString(url) ? url->valuestring : "";
    size_t size = strlen(text);
    const struct schema_message *type = wellknown_any_type(message->schema, text, size);
    if (!type)
        return reader_refuse_value(reader,
                                   "must name a type that is known here, for example "
                                   "\"@type\": \"type.googleapis.com/google.protobuf.Duration\"");
    record_add_tag(reader->wire, 1, RECORD_BYTES);
    record_add_varint(reader->wire, size);
    buffer_add(reader->wire, text, size);
    size_t before = reader->wire->size;
    record_add_tag(reader->wire, 2, RECORD_BYTES);
    size_t start = reader->wire->size;
    if (!read_content(reader, type, object))
        return false;
    if (reader->wire->size == start)
        reader_cut_back(reader, before);
    else
        record_insert_length(reader->wire, start);
    return true;
}

bool reader_wellknown(struct reader *reader, const struct schema_message *message,
                      enum wellknown kind, const cJSON *item)
{
    switch (kind) {
    case WELLKNOWN_TIMESTAMP:
    case WELLKNOWN_DURATION:
        return read_time(reader, kind, item);
    case WELLKNOWN_FIELD_MASK:
        return read_mask(reader, item);
    case WELLKNOWN_VALUE:
        return read_value(reader, message, item);
    case WELLKNOWN_ANY:
        return read_any(reader, message, item);
    default: /* wrappers, Struct and ListValue are their only field */
        return reader_field(reader, &message->fields[0], item);
    }
}
