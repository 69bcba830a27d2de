/*
 * ProtoJSON, straight from and to wire bytes, by schema.
 *
 * Why: one walker serves every surface that speaks JSON (terminal, web door, A2A, MCP), with no
 * code per message. Rules: the ProtoJSON mapping (lowerCamelCase names, enums by name, 64-bit
 * integers as strings, bytes in base64, Timestamp and Duration as text); doubles in the shortest
 * form that reads back the same.
 *
 * Whatever the writer writes, the reader reads, and both count depth as wire_scan() does. Where the
 * mapping leaves a choice: maps are written in the order of their keys; unknown fields are not
 * written; a float shows the digits of the double that it equals, so any reader gets exactly it.
 * Any holds only types of the message's own schema. Stricter than the mapping: what json_parse()
 * refuses (duplicates, \u0000), a bare integer beyond 2^53, which most programs read as another
 * one, numbers in quotes that JSON itself would not allow (leading zeros, "+1"), and FieldMask
 * paths that would not come back.
 *
 * Memory: output goes to a bounded buffer of the caller's. Threads: any.
 * Errors: writing fails on malformed bytes or a full buffer; reading says where:
 * "shows[3].showDate: ...".
 */
#ifndef PROMOTEROS_JSON_JSON_H
#define PROMOTEROS_JSON_JSON_H

#include "base/buffer.h"
#include "json/schema.h"

#define JSON_MAX_DEPTH 64 /* messages within one another, entries of maps included */

struct json_options {
    bool pretty;     /* two blanks a level; else one line */
    bool all_fields; /* write proto3 defaults too */
};

enum pros_status json_write(const struct schema_message *message, struct pros_bytes wire,
                            const struct json_options *options, struct buffer *out,
                            struct failure *failure);

struct json_read_options {
    bool ignore_unknown; /* members and names of enum values; else they are refused */
};

/*
 * Text is UTF-8, size bytes, one value and nothing behind it, as json_parse() accepts it: at most a
 * million values. Duplicate members (also by a field's other name), wrong types, two members of a
 * oneof and messages nested deeper than JSON_MAX_DEPTH are refused. null leaves a field out, but is
 * a value for google.protobuf.Value and NullValue. Enum numbers without a name, NaN and infinities
 * pass, as the mapping says; wire_scan() refuses them for services. options may be NULL.
 */
enum pros_status json_read_with(const struct schema_message *message, const char *text, size_t size,
                                const struct json_read_options *options, struct buffer *wire,
                                struct failure *failure);
/* Without options. */
enum pros_status json_read(const struct schema_message *message, const char *text, size_t size,
                           struct buffer *wire, struct failure *failure);

#endif
