/*
 * ProtoJSON, straight from and to wire bytes, by schema.
 *
 * Why: one walker serves every surface that speaks JSON (terminal, web door, A2A, MCP), with no
 * code per message. Rules: the ProtoJSON mapping (lowerCamelCase names, enums by name, 64-bit
 * integers as strings, bytes in base64, Timestamp and Duration as text); doubles in the shortest
 * form that reads back the same.
 *
 * Memory: output goes to a bounded buffer of the caller's. Threads: any.
 * Errors: writing fails on malformed bytes or a full buffer; reading says where:
 * "shows[3].showDate: ...".
 */
#ifndef PROMOTEROS_JSON_JSON_H
#define PROMOTEROS_JSON_JSON_H

#include "base/buffer.h"
#include "json/schema.h"

struct json_options {
    bool pretty;     /* two blanks a level; else one line */
    bool all_fields; /* write proto3 defaults too */
};

enum pros_status json_write(const struct schema_message *message, struct pros_bytes wire,
                            const struct json_options *options, struct buffer *out,
                            struct failure *failure);

/* Text is UTF-8, size bytes, one object and nothing behind it, as json_parse() accepts it: at most
 * a million values. Unknown members, duplicate keys, wrong types and messages nested deeper than 64
 * are refused. */
enum pros_status json_read(const struct schema_message *message, const char *text, size_t size,
                           struct buffer *wire, struct failure *failure);

#endif
