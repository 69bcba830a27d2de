/*
 * The messages of google.protobuf that ProtoJSON writes in a form of their own.
 *
 * Why: a Timestamp is text in JSON, not an object; reading and writing must agree.
 *
 * Memory: none. Threads: any. Errors: false for text or values outside the range of the type.
 */
#ifndef PROMOTEROS_JSON_WELLKNOWN_H
#define PROMOTEROS_JSON_WELLKNOWN_H

#include "json/schema.h"

#include "base/buffer.h"

#define WELLKNOWN_TEXT_SIZE 48

enum wellknown {
    WELLKNOWN_NONE, /* an ordinary message; Empty is one too */
    WELLKNOWN_TIMESTAMP,
    WELLKNOWN_DURATION,
    WELLKNOWN_FIELD_MASK,
    WELLKNOWN_WRAPPER, /* DoubleValue and so on: its one field's value */
    WELLKNOWN_STRUCT,
    WELLKNOWN_VALUE,
    WELLKNOWN_LIST_VALUE,
    WELLKNOWN_ANY
};

/* By its name, and only when it has the fields that it must have. */
enum wellknown wellknown_of(const struct schema_message *message);
/* google.protobuf.NullValue: null in JSON. */
bool wellknown_is_null(const struct schema_enum *enumeration);
/* The type of an Any from its URL ("type.googleapis.com/some.Message"); NULL when there is none. */
const struct schema_message *wellknown_any_type(const struct schema *schema, const char *url,
                                                size_t size);

/* Seconds since 1970 and nanoseconds in [0, 1e9): "2026-11-24T13:45:00.123Z", with 0, 3, 6 or 9
 * digits. */
bool timestamp_format(int64_t seconds, int64_t nanos, char text[WELLKNOWN_TEXT_SIZE]);
/* RFC 3339 with a zone, in capital letters, years 1 to 9999. */
bool timestamp_parse(const char *text, int64_t *seconds, int32_t *nanos);
/* "1.500s"; both parts have the same sign. */
bool duration_format(int64_t seconds, int64_t nanos, char text[WELLKNOWN_TEXT_SIZE]);
bool duration_parse(const char *text, int64_t *seconds, int32_t *nanos);

/* One path of a FieldMask, "show_id.name" to "showId.name" and back; false for a path that would
 * not come back the same. Both add to out. */
bool field_mask_to_json(const char *path, size_t size, struct buffer *out);
bool field_mask_from_json(const char *path, size_t size, struct buffer *out);

#endif
