#include "json/writer.h"

#include <math.h>
#include <string.h>

static bool write_time(struct writer *writer, const struct schema_message *message,
                       enum wellknown kind, const struct span *spans, const uint8_t *end)
{
    char text[WELLKNOWN_TEXT_SIZE];
    int64_t parts[2];
    for (size_t i = 0; i < 2; i++)
        parts[i] = (int64_t)record_typed_value(
            message->fields[i].type, writer_last(&message->fields[i], &spans[i], end).value);
    bool good = kind == WELLKNOWN_TIMESTAMP ? timestamp_format(parts[0], parts[1], text)
                                            : duration_format(parts[0], parts[1], text);
    if (!good)
        return writer_refuse(writer, message->full_name, "is outside its range");
    buffer_add_format(writer->out, "\"%s\"", text);
    return true;
}

static bool write_mask(struct writer *writer, const struct schema_message *message,
                       const struct span *paths, const uint8_t *end)
{
    struct record_cursor cursor = {paths->count ? paths->first : end, end, NULL};
    struct record record;
    struct buffer text;
    bool good = true;
    buffer_open(&text, (size_t)(end - cursor.at) + 1);
    while (good && record_next(&cursor, &record) == RECORD_READ) {
        if (record.number != 1)
            continue;
        if (text.size)
            buffer_add_char(&text, ',');
        good = field_mask_to_json((const char *)record.bytes, record.size, &text);
    }
    if (!good)
        writer_refuse(writer, message->full_name, "holds a path that has no JSON form");
    else if (!writer_text(writer, text.data, text.size))
        good = writer_refuse(writer, message->full_name, "is not UTF-8 text, or contains NUL");
    buffer_close(&text);
    return good;
}

static bool write_value(struct writer *writer, const struct schema_message *message,
                        const struct span *spans, const uint8_t *end)
{
    for (size_t i = 0; i < message->field_count; i++) {
        const struct schema_field *field = &message->fields[i];
        if (spans[i].count == 0)
            continue;
        if (field->type == SCHEMA_DOUBLE &&
            !isfinite(record_double(field->type, writer_last(field, &spans[i], end).value)))
            return writer_refuse(writer, message->full_name,
                                 "holds a number that is not finite, which has no JSON form");
        return writer_field(writer, field, &spans[i], end);
    }
    return writer_refuse(writer, message->full_name, "holds nothing, which has no JSON form");
}

static bool write_any(struct writer *writer, const struct schema_message *message,
                      const struct span *spans, const uint8_t *end)
{
    struct record url = writer_last(&message->fields[0], &spans[0], end);
    struct record value = writer_last(&message->fields[1], &spans[1], end);
    struct pros_bytes bytes = {value.bytes, value.size};
    const char *text = (const char *)url.bytes;
    size_t written = 0;
    if (url.size == 0 && value.size == 0) {
        buffer_add_string(writer->out, "{}");
        return true;
    }
    const struct schema_message *type = wellknown_any_type(message->schema, text, url.size);
    if (!type)
        return writer_refuse(writer, message->full_name,
                             "holds a type that is not known here, which has no JSON form");
    writer_open(writer, '{');
    writer_name(writer, "@type", strlen("@type"), &written);
    if (!writer_text(writer, text, url.size))
        return writer_refuse(writer, message->full_name, "is not UTF-8 text, or contains NUL");
    bool good = false;
    if (wellknown_of(type) == WELLKNOWN_NONE)
        good = writer_members(writer, type, bytes, &written);
    else if (writer_name(writer, "value", strlen("value"), &written))
        good = writer_message(writer, type, bytes);
    writer_close(writer, '}', false);
    return good;
}

bool writer_wellknown(struct writer *writer, const struct schema_message *message,
                      enum wellknown kind, const struct span *spans, const uint8_t *end)
{
    switch (kind) {
    case WELLKNOWN_TIMESTAMP:
    case WELLKNOWN_DURATION:
        return write_time(writer, message, kind, spans, end);
    case WELLKNOWN_FIELD_MASK:
        return write_mask(writer, message, spans, end);
    case WELLKNOWN_VALUE:
        return write_value(writer, message, spans, end);
    case WELLKNOWN_ANY:
        return write_any(writer, message, spans, end);
    default: /* wrappers, Struct and ListValue are their only field */
        return writer_field(writer, &message->fields[0], spans, end);
    }
}
