#include "contract/sample.h"

#include "json/record.h"

#include <stdio.h>
#include <string.h>

#define MAX_DEPTH 8

struct sampler {
    struct buffer *wire;
    uint64_t count; /* makes every number different */
};

static void add_message(struct sampler *sampler, const struct schema_message *message,
                        size_t variant, unsigned depth);

static uint64_t sample_number(struct sampler *sampler, const struct schema_field *field)
{
    uint64_t count = ++sampler->count;
    double wide = (double)count + 0.25;
    float narrow = (float)wide;
    uint64_t bits = 0;
    switch (field->type) {
    case SCHEMA_DOUBLE:
        memcpy(&bits, &wide, sizeof wide);
        return bits;
    case SCHEMA_FLOAT:
        memcpy(&bits, &narrow, sizeof narrow);
        return bits;
    case SCHEMA_BOOL:
        return 1;
    case SCHEMA_ENUM: /* the last one: a value that is added shows */
        return (uint64_t)(int64_t)field->enumeration->values[field->enumeration->value_count - 1]
            .number;
    case SCHEMA_INT64:
    case SCHEMA_SINT64:
        return (UINT64_C(1) << 53) + count; /* what a double cannot hold */
    default:
        return count;
    }
}

static void add_value(struct sampler *sampler, const struct schema_field *field, unsigned depth)
{
    char text[96];
    record_add_tag(sampler->wire, field->number, record_type_of(field->type));
    if (record_is_packable(field->type)) {
        record_add_value(sampler->wire, field->type, sample_number(sampler, field));
        return;
    }
    size_t start = sampler->wire->size;
    if (field->type == SCHEMA_MESSAGE) {
        add_message(sampler, field->message, 0, depth + 1);
    } else {
        int size = snprintf(text, sizeof text, "%.60s \xC3\xBC \"%llu\"", field->name,
                            (unsigned long long)++sampler->count);
        buffer_add(sampler->wire, text, (size_t)size);
    }
    record_insert_length(sampler->wire, start);
}

static void add_packed(struct sampler *sampler, const struct schema_field *field)
{
    record_add_tag(sampler->wire, field->number, RECORD_BYTES);
    size_t start = sampler->wire->size;
    for (int i = 0; i < 2; i++)
        record_add_value(sampler->wire, field->type, sample_number(sampler, field));
    record_insert_length(sampler->wire, start);
}

static void add_time(struct sampler *sampler)
{
    record_add_tag(sampler->wire, 1, RECORD_VARINT);
    record_add_varint(sampler->wire, UINT64_C(1767225600) + 86400 * ++sampler->count);
    record_add_tag(sampler->wire, 2, RECORD_VARINT);
    record_add_varint(sampler->wire, 250000000);
}

static const struct schema_field *chosen_of(const struct schema_message *message, int oneof,
                                            size_t variant)
{
    size_t count = 0;
    for (size_t i = 0; i < message->field_count; i++)
        count += message->fields[i].oneof_index == oneof;
    if (count == 0)
        return NULL;
    size_t wanted = variant % count;
    for (size_t i = 0; i < message->field_count; i++)
        if (message->fields[i].oneof_index == oneof && wanted-- == 0)
            return &message->fields[i];
    return NULL;
}

static void add_message(struct sampler *sampler, const struct schema_message *message,
                        size_t variant, unsigned depth)
{
    if (strcmp(message->full_name, "google.protobuf.Timestamp") == 0 ||
        strcmp(message->full_name, "google.protobuf.Duration") == 0) {
        add_time(sampler);
        return;
    }
    for (size_t i = 0; i < message->field_count; i++) {
        const struct schema_field *field = &message->fields[i];
        if (field->oneof_index >= 0 && chosen_of(message, field->oneof_index, variant) != field)
            continue;
        if (field->type == SCHEMA_MESSAGE && depth == MAX_DEPTH)
            continue;
        if (field->packed) {
            add_packed(sampler, field);
            continue;
        }
        add_value(sampler, field, depth);
        if (field->repeated && depth == 0 && !field->map)
            add_value(sampler, field, depth);
    }
}

void sample_add(const struct schema_message *message, size_t variant, struct buffer *wire)
{
    struct sampler sampler = {wire, 0};
    add_message(&sampler, message, variant, 0);
}

size_t sample_variant_count(const struct schema_message *message)
{
    size_t most = 1;
    for (size_t oneof = 0; oneof < message->oneof_count; oneof++) {
        size_t count = 0;
        for (size_t i = 0; i < message->field_count; i++)
            count += message->fields[i].oneof_index == (int)oneof;
        if (count > most)
            most = count;
    }
    return most;
}

const struct schema_field *sample_chosen(const struct schema_message *message, size_t variant)
{
    return chosen_of(message, 0, variant);
}
