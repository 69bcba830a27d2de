/*
 * Reading ProtoJSON: what the walk over messages and the reading of single values share.
 *
 * Why: errors must say where in the document they are, so both keep the place.
 *
 * Memory: the reader's owner holds the tree and the buffer. Threads: one. Errors: false; the
 * failure says "shows[3].showDate: ...". A full wire buffer is noticed once, at the end.
 */
#ifndef PROMOTEROS_JSON_READER_H
#define PROMOTEROS_JSON_READER_H

#include "base/buffer.h"
#include "json/place.h"
#include "json/schema.h"
#include "json/wellknown.h"

#include <cjson/cJSON.h>

struct reader {
    struct buffer *wire;
    struct failure *failure;
    const struct json_place *place;
    unsigned depth; /* of messages */
};

/* Both set the failure and return false. */
__attribute__((format(printf, 3, 4))) bool reader_refuse(struct reader *reader, const char *reason,
                                                         const char *format, ...);
bool reader_refuse_value(struct reader *reader, const char *problem);

/* A number, boolean or enum, as record_typed_value() would give it. */
bool reader_number(struct reader *reader, const struct schema_field *field, const cJSON *item,
                   uint64_t *value);
/* An integer of this type from its decimal text; all 64 bits may be used. */
bool reader_integer(struct reader *reader, enum schema_type type, const char *text,
                    uint64_t *value);
/* The content of a string or bytes field, to the wire. */
bool reader_text(struct reader *reader, const struct schema_field *field, const cJSON *item);
/* The fields of a Timestamp or Duration, to the wire. */
bool reader_wellknown(struct reader *reader, const struct schema_message *message,
                      enum wellknown kind, const cJSON *item);

#endif
