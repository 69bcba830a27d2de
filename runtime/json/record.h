/*
 * Protobuf's wire format, one record at a time.
 *
 * Why: the pre-scan, the JSON writer and the schema's own reading all walk the same bytes; the
 * checks of tags, varints and lengths belong in one place.
 *
 * Memory: none; spans point into what was given. Threads: any. Errors: a malformed record ends the
 * walk with RECORD_BAD and problem says why, in words.
 */
#ifndef PROMOTEROS_JSON_RECORD_H
#define PROMOTEROS_JSON_RECORD_H

#include "base/buffer.h"
#include "json/schema.h"

enum record_type {
    RECORD_VARINT = 0,
    RECORD_FIXED64 = 1,
    RECORD_BYTES = 2,
    RECORD_FIXED32 = 5,
    RECORD_NONE = 100 /* fits no field of a schema */
};

struct record {
    uint32_t number;
    enum record_type kind;
    uint64_t value;       /* for varints and fixed */
    const uint8_t *bytes; /* for RECORD_BYTES */
    size_t size;
};

struct record_cursor {
    const uint8_t *at;
    const uint8_t *end;
    const char *problem;
};

enum record_result { RECORD_END, RECORD_READ, RECORD_BAD };

static inline struct record_cursor record_start(struct pros_bytes bytes)
{
    const uint8_t *at = bytes.data;
    return (struct record_cursor){at, bytes.size ? at + bytes.size : at, NULL};
}

enum record_result record_next(struct record_cursor *cursor, struct record *record);
/* One element of a packed field of this type. */
enum record_result record_next_packed(struct record_cursor *cursor, enum schema_type type,
                                      uint64_t *value);

/* How a field of this type is written when it is not packed. */
enum record_type record_type_of(enum schema_type type);
/* Numbers, booleans and enums can stand in a packed field. */
bool record_is_packable(enum schema_type type);
/* Cuts, sign-extends and unzigzags what was on the wire into the 64 bits of the typed value;
 * floating-point types keep their bits. */
uint64_t record_typed_value(enum schema_type type, uint64_t value);
double record_double(enum schema_type type, uint64_t bits);

size_t record_varint_size(uint64_t value);
bool record_add_varint(struct buffer *out, uint64_t value);
bool record_add_tag(struct buffer *out, uint32_t number, enum record_type kind);
/* The value as its type is written, without a tag; value as record_typed_value() gives it. */
bool record_add_value(struct buffer *out, enum schema_type type, uint64_t value);
/* Makes everything behind start the content of a length-delimited record, by inserting its length
 * there. */
bool record_insert_length(struct buffer *out, size_t start);

#endif
