#include "json/wire.h"

#include "base/text.h"
#include "json/record.h"

#include <math.h>
#include <stdio.h>

#define DEFAULT_DEPTH         64
#define DEFAULT_ELEMENT_COUNT 200000
#define DEFAULT_NUMBER_COUNT  4000000

/* Where the scan stands: one frame a nested message, on the stack. */
struct frame {
    const struct frame *parent;
    const struct schema_message *message;
    const struct schema_field *field; /* being looked at; NULL for an unknown one */
    uint64_t seen;                    /* singular messages so far, by the field's position */
};

struct scan {
    const struct schema_message *root;
    unsigned max_depth;
    size_t elements_left, numbers_left;
    struct failure *failure;
};

static size_t render_path(const struct frame *frame, char *text, size_t size)
{
    size_t used = frame->parent ? render_path(frame->parent, text, size) : 0;
    if (!frame->field || used >= size)
        return used;
    int added = snprintf(text + used, size - used, "%s%s", used ? "." : "", frame->field->name);
    return added < 0 ? used : used + (size_t)added;
}

static enum pros_status refuse(struct scan *scan, const struct frame *frame, const char *reason,
                               const char *problem)
{
    char path[256] = "";
    render_path(frame, path, sizeof path);
    return failure_set(scan->failure, PROS_INVALID_ARGUMENT, reason,
                       "The message of type %s %s%s%s %s; send it as its proto file describes it.",
                       scan->root->full_name, path[0] ? "is not valid: field \"" : "",
                       path[0] ? path : "", path[0] ? "\"" : "", problem);
}

static enum pros_status refuse_count(struct scan *scan, const char *what)
{
    return failure_set(scan->failure, PROS_RESOURCE_EXHAUSTED, "TOO_MANY_ELEMENTS",
                       "The message of type %s holds too many %s; send it in smaller parts.",
                       scan->root->full_name, what);
}

static bool enum_knows(const struct schema_enum *enumeration, uint64_t value)
{
    for (size_t i = 0; i < enumeration->value_count; i++)
        if ((uint64_t)(int64_t)enumeration->values[i].number == value)
            return true;
    return false;
}

static enum pros_status check_number(struct scan *scan, const struct frame *frame,
                                     const struct schema_field *field, uint64_t value)
{
    if (scan->numbers_left-- == 0)
        return refuse_count(scan, "numbers");
    switch (field->type) {
    case SCHEMA_DOUBLE:
    case SCHEMA_FLOAT:
        if (!isfinite(record_double(field->type, value)))
            return refuse(scan, frame, "NUMBER_NOT_FINITE", "is not a finite number");
        return PROS_OK;
    case SCHEMA_ENUM:
        if (!enum_knows(field->enumeration, value))
            return refuse(scan, frame, "UNKNOWN_ENUM_VALUE", "has a value that its enum lacks");
        return PROS_OK;
    default:
        return PROS_OK;
    }
}

static enum pros_status check_packed(struct scan *scan, const struct frame *frame,
                                     const struct schema_field *field, const struct record *record)
{
    struct record_cursor cursor = record_start((struct pros_bytes){record->bytes, record->size});
    uint64_t value = 0;
    enum record_result result;
    if (scan->numbers_left-- == 0)
        return refuse_count(scan, "numbers");
    while ((result = record_next_packed(&cursor, field->type, &value)) == RECORD_READ) {
        enum pros_status status = check_number(scan, frame, field, value);
        if (status != PROS_OK)
            return status;
    }
    return result == RECORD_END ? PROS_OK
                                : refuse(scan, frame, "MALFORMED_MESSAGE", cursor.problem);
}

static enum pros_status scan_message(struct scan *scan, struct frame *frame, unsigned depth,
                                     struct pros_bytes bytes);

static enum pros_status check_bytes(struct scan *scan, const struct frame *frame, unsigned depth,
                                    const struct record *record)
{
    const struct schema_field *field = frame->field;
    if (record_is_packable(field->type) && field->repeated)
        return check_packed(scan, frame, field, record);
    if (scan->elements_left-- == 0)
        return refuse_count(scan, "elements");
    if (field->type == SCHEMA_STRING) {
        if (record->size && !text_is_utf8((const char *)record->bytes, record->size))
            return refuse(scan, frame, "TEXT_NOT_UTF8", "is not UTF-8 text, or contains NUL");
        return PROS_OK;
    }
    if (field->type != SCHEMA_MESSAGE)
        return PROS_OK;
    if (depth >= scan->max_depth)
        return refuse(scan, frame, "NESTED_TOO_DEEPLY", "is nested too deeply");
    struct frame inner = {frame, field->message, NULL, 0};
    return scan_message(scan, &inner, depth + 1, (struct pros_bytes){record->bytes, record->size});
}

/* The format lets a message come in pieces that are to be merged. No program writes that, and
 * protobuf-c 1.4.1 fails to merge some of them (an unset oneof on both sides). */
static bool is_second_piece(struct frame *frame, const struct schema_field *field)
{
    size_t position = (size_t)(field - frame->message->fields);
    if (field->type != SCHEMA_MESSAGE || field->repeated || position >= 64)
        return false;
    uint64_t bit = UINT64_C(1) << position;
    bool second = frame->seen & bit;
    frame->seen |= bit;
    return second;
}

static enum pros_status check_record(struct scan *scan, struct frame *frame, unsigned depth,
                                     const struct record *record)
{
    const struct schema_field *field = schema_find_field(frame->message, record->number);
    frame->field = field;
    if (!field)
        return scan->elements_left-- == 0 ? refuse_count(scan, "unknown fields") : PROS_OK;
    bool packed =
        record->kind == RECORD_BYTES && field->repeated && record_is_packable(field->type);
    if (record->kind != record_type_of(field->type) && !packed)
        return refuse(scan, frame, "MALFORMED_MESSAGE", "has another type on the wire");
    if (is_second_piece(frame, field))
        return refuse(scan, frame, "MALFORMED_MESSAGE", "comes in more than one piece");
    if (record->kind == RECORD_BYTES)
        return check_bytes(scan, frame, depth, record);
    return check_number(scan, frame, field, record->value);
}

static enum pros_status scan_message(struct scan *scan, struct frame *frame, unsigned depth,
                                     struct pros_bytes bytes)
{
    struct record_cursor cursor = record_start(bytes);
    struct record record;
    enum record_result result;
    while ((result = record_next(&cursor, &record)) == RECORD_READ) {
        enum pros_status status = check_record(scan, frame, depth, &record);
        if (status != PROS_OK)
            return status;
    }
    frame->field = NULL;
    return result == RECORD_END ? PROS_OK
                                : refuse(scan, frame, "MALFORMED_MESSAGE", cursor.problem);
}

enum pros_status wire_scan(const struct schema_message *message, struct pros_bytes bytes,
                           const struct wire_limits *limits, struct failure *failure)
{
    static const struct wire_limits none;
    if (!limits)
        limits = &none;
    struct scan scan = {
        .root = message,
        .max_depth = limits->max_depth ? limits->max_depth : DEFAULT_DEPTH,
        .elements_left =
            limits->max_element_count ? limits->max_element_count : DEFAULT_ELEMENT_COUNT,
        .numbers_left = limits->max_number_count ? limits->max_number_count : DEFAULT_NUMBER_COUNT,
        .failure = failure,
    };
    struct frame root = {NULL, message, NULL, 0};
    return scan_message(&scan, &root, 1, bytes);
}
