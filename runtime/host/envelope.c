#include "host/envelope.h"

#include "json/record.h"

#include <string.h>

/* google.protobuf.Timestamp: years 1 to 9999. */
#define MIN_SECONDS INT64_C(-62135596800)
#define MAX_SECONDS INT64_C(253402300799)

static bool is_message_field(const struct schema_message *message, uint32_t number,
                             const char *name, const char *type)
{
    const struct schema_field *field = schema_find_field(message, number);
    return field && !field->repeated && strcmp(field->name, name) == 0 && field->message &&
           strcmp(field->message->full_name, type) == 0;
}

bool envelope_carries_as_of(const struct schema_message *request)
{
    return is_message_field(request, 1, "as_of_time", "google.protobuf.Timestamp");
}

bool envelope_carries_trace(const struct schema_message *response)
{
    const struct schema_field *id = schema_find_field(response, 1);
    return id && !id->repeated && id->type == SCHEMA_STRING && strcmp(id->name, "trace_id") == 0 &&
           is_message_field(response, 2, "trace", "promoteros.v1.ReasoningTrace");
}

static enum pros_status refuse(struct failure *failure)
{
    return failure_set(failure, PROS_INVALID_ARGUMENT, "BAD_MESSAGE",
                       "The bytes are not a valid protobuf message.");
}

enum pros_status envelope_read_as_of(struct pros_bytes request, bool *given, int64_t *as_of_ms,
                                     struct failure *failure)
{
    struct record_cursor cursor = record_start(request);
    struct record record, part;
    enum record_result result, inner;
    int64_t seconds = 0, nanos = 0;
    *given = false;
    while ((result = record_next(&cursor, &record)) == RECORD_READ) {
        if (record.number != 1 || record.kind != RECORD_BYTES)
            continue;
        *given = true;
        struct record_cursor inside = record_start((struct pros_bytes){record.bytes, record.size});
        while ((inner = record_next(&inside, &part)) == RECORD_READ) {
            if (part.number == 1 && part.kind == RECORD_VARINT)
                seconds = (int64_t)part.value;
            if (part.number == 2 && part.kind == RECORD_VARINT)
                nanos = (int64_t)part.value;
        }
        if (inner == RECORD_BAD)
            return refuse(failure);
    }
    if (result == RECORD_BAD)
        return refuse(failure);
    if (seconds < MIN_SECONDS || seconds > MAX_SECONDS || nanos < 0 || nanos > 999999999)
        return failure_set(failure, PROS_INVALID_ARGUMENT, "AS_OF_INVALID",
                           "as_of_time is not a moment between the years 1 and 9999.");
    *as_of_ms = seconds * 1000 + nanos / 1000000;
    return PROS_OK;
}

static bool add_record(struct buffer *out, const struct record *record)
{
    bool ok = record_add_tag(out, record->number, record->kind);
    switch (record->kind) {
    case RECORD_VARINT:
        return ok && record_add_varint(out, record->value);
    case RECORD_FIXED64:
        return ok &&
               buffer_add(out, &record->value, 8); /* little-endian hosts only, as the store */
    case RECORD_FIXED32: {
        uint32_t value = (uint32_t)record->value;
        return ok && buffer_add(out, &value, 4);
    }
    default:
        return ok && record_add_varint(out, record->size) &&
               buffer_add(out, record->bytes, record->size);
    }
}

/* Copies the records whose number is above last_skipped. */
static enum pros_status copy_without(struct pros_bytes bytes, uint32_t last_skipped,
                                     struct buffer *out, struct failure *failure)
{
    struct record_cursor cursor = record_start(bytes);
    struct record record;
    enum record_result result;
    bool ok = true;
    while (ok && (result = record_next(&cursor, &record)) == RECORD_READ)
        if (record.number > last_skipped)
            ok = add_record(out, &record);
    if (!ok)
        return failure_set(failure, PROS_RESOURCE_EXHAUSTED, "MESSAGE_TOO_LARGE",
                           "The message is too large to be handed on.");
    return result == RECORD_BAD ? refuse(failure) : PROS_OK;
}

enum pros_status envelope_set_as_of(struct pros_bytes request, int64_t as_of_ms, struct buffer *out,
                                    struct failure *failure)
{
    int64_t milliseconds = as_of_ms % 1000;
    if (milliseconds < 0)
        milliseconds += 1000;
    int64_t seconds = (as_of_ms - milliseconds) / 1000;
    record_add_tag(out, 1, RECORD_BYTES);
    size_t start = out->size;
    record_add_tag(out, 1, RECORD_VARINT);
    record_add_varint(out, (uint64_t)seconds);
    record_add_tag(out, 2, RECORD_VARINT);
    record_add_varint(out, (uint64_t)(milliseconds * 1000000));
    record_insert_length(out, start);
    return copy_without(request, 1, out, failure);
}

enum pros_status envelope_add_trace(struct pros_bytes reply, const char *trace_id,
                                    struct pros_bytes trace, struct buffer *out,
                                    struct failure *failure)
{
    struct record id = {.number = 1,
                        .kind = RECORD_BYTES,
                        .bytes = (const uint8_t *)trace_id,
                        .size = strlen(trace_id)};
    struct record body = {
        .number = 2, .kind = RECORD_BYTES, .bytes = trace.data, .size = trace.size};
    if (!add_record(out, &id) || !add_record(out, &body))
        return failure_set(failure, PROS_RESOURCE_EXHAUSTED, "MESSAGE_TOO_LARGE",
                           "The reply with its trace is too large.");
    return copy_without(reply, 2, out, failure);
}

/* promoteros.v1.SignalSeries.point_flags. */
#define POINT_FLAG_SIMULATED 4u
/* The contract nests less deeply. */
#define MAX_FACT_DEPTH 16

/* What is read of a field, by its name. */
enum fact { FACT_NONE, FACT_POINT, FACT_POINT_FLAGS, FACT_SIMULATED, FACT_COMMIT_SEQ };

static enum fact fact_of(const struct schema_field *field)
{
    if (field->repeated && strcmp(field->name, "observed_at_ms") == 0)
        return FACT_POINT;
    if (field->repeated && strcmp(field->name, "point_flags") == 0)
        return FACT_POINT_FLAGS;
    if (!field->repeated && field->type == SCHEMA_BOOL && strcmp(field->name, "simulated") == 0)
        return FACT_SIMULATED;
    if (!field->repeated && field->type == SCHEMA_INT64 && strcmp(field->name, "commit_seq") == 0)
        return FACT_COMMIT_SEQ;
    return FACT_NONE;
}

static void add_fact(enum fact fact, uint64_t value, int64_t *point_count,
                     struct envelope_facts *facts)
{
    if (fact == FACT_POINT)
        ++*point_count;
    else if (fact == FACT_COMMIT_SEQ && (int64_t)value > facts->commit_seq)
        facts->commit_seq = (int64_t)value;
    else if ((fact == FACT_POINT_FLAGS && (value & POINT_FLAG_SIMULATED)) ||
             (fact == FACT_SIMULATED && value))
        facts->simulated = true;
}

/* Adds what one field says; returns the number of points in it. */
static int64_t add_field(const struct schema_field *field, const struct record *record, int depth,
                         struct envelope_facts *facts);

static int64_t add_message(const struct schema_message *message, struct pros_bytes bytes, int depth,
                           struct envelope_facts *facts)
{
    struct record_cursor cursor = record_start(bytes);
    struct record record;
    int64_t point_count = 0;
    while (record_next(&cursor, &record) == RECORD_READ) {
        const struct schema_field *field = schema_find_field(message, record.number);
        if (field)
            point_count += add_field(field, &record, depth, facts);
    }
    return point_count;
}

static int64_t add_field(const struct schema_field *field, const struct record *record, int depth,
                         struct envelope_facts *facts)
{
    int64_t point_count = 0;
    struct pros_bytes inside = {record->bytes, record->size};
    if (field->message) {
        if (record->kind != RECORD_BYTES || depth == MAX_FACT_DEPTH)
            return 0;
        point_count = add_message(field->message, inside, depth + 1, facts);
        /* An element of the reply's own lists is an observation when it holds no points. */
        if (depth == 0 && field->repeated && !field->map)
            facts->observation_count += point_count ? point_count : 1;
        return point_count;
    }
    enum fact fact = fact_of(field);
    if (fact == FACT_NONE)
        return 0;
    if (record->kind != RECORD_BYTES) {
        add_fact(fact, record->value, &point_count, facts);
        return point_count;
    }
    uint64_t value;
    struct record_cursor packed = record_start(inside);
    while (record_next_packed(&packed, field->type, &value) == RECORD_READ)
        add_fact(fact, value, &point_count, facts);
    return point_count;
}

void envelope_add_facts(const struct schema_message *response, struct pros_bytes reply,
                        struct envelope_facts *facts)
{
    add_message(response, reply, 0, facts);
}

/* The name of a FileDescriptorProto: its field 1. */
static bool file_name(const struct record *file, char *name, size_t size)
{
    struct record_cursor cursor = record_start((struct pros_bytes){file->bytes, file->size});
    struct record record;
    while (record_next(&cursor, &record) == RECORD_READ)
        if (record.number == 1 && record.kind == RECORD_BYTES) {
            if (record.size >= size)
                return false;
            memcpy(name, record.bytes, record.size);
            name[record.size] = '\0';
            return true;
        }
    return false;
}

enum pros_status envelope_merge_files(struct pros_bytes set, const struct schema *known,
                                      struct buffer *out, size_t *count, struct failure *failure)
{
    struct record_cursor cursor = record_start(set);
    struct record record;
    enum record_result result;
    char name[512];
    *count = 0;
    while ((result = record_next(&cursor, &record)) == RECORD_READ) {
        if (record.number != 1 || record.kind != RECORD_BYTES)
            continue;
        if (!file_name(&record, name, sizeof name))
            return refuse(failure);
        if (known && schema_find_file(known, name))
            continue;
        if (!add_record(out, &record))
            return failure_set(failure, PROS_RESOURCE_EXHAUSTED, "DESCRIPTORS_TOO_LARGE",
                               "The contracts of all agents together are too large.");
        (*count)++;
    }
    return result == RECORD_BAD ? refuse(failure) : PROS_OK;
}
