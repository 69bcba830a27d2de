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

#define WELLKNOWN_TEXT_SIZE 48

enum wellknown {
    WELLKNOWN_NONE, /* an ordinary message */
    WELLKNOWN_TIMESTAMP,
    WELLKNOWN_DURATION,
    WELLKNOWN_UNSUPPORTED /* Any, Struct, wrappers: no contract of ours uses them */
};

enum wellknown wellknown_of(const struct schema_message *message);

/* Seconds since 1970 and nanoseconds in [0, 1e9): "2026-11-24T13:45:00.123Z", with 0, 3, 6 or 9
 * digits. */
bool timestamp_format(int64_t seconds, int64_t nanos, char text[WELLKNOWN_TEXT_SIZE]);
/* RFC 3339 with a zone, years 1 to 9999. */
bool timestamp_parse(const char *text, int64_t *seconds, int32_t *nanos);
/* "1.500s"; both parts have the same sign. */
bool duration_format(int64_t seconds, int64_t nanos, char text[WELLKNOWN_TEXT_SIZE]);
bool duration_parse(const char *text, int64_t *seconds, int32_t *nanos);

#endif
