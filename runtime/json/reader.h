/*
 * Reading ProtoJSON: what the walk over messages, the reading of single values and the forms of
 * google.protobuf share.
 *
 * Why: errors must say where in the document they are, so all keep the place.
 *
 * Memory: the reader's owner holds the tree and the buffer. Threads: one. Errors: false; the
 * failure says "shows[3].showDate: ...". A full wire buffer is noticed once, at the end.
 */
#ifndef PROMOTEROS_JSON_READER_H
#define PROMOTEROS_JSON_READER_H

#include "base/buffer.h"
#include "json/json.h"
#include "json/place.h"
#include "json/wellknown.h"

#include <cjson/cJSON.h>

struct reader {
    struct buffer *wire;
    struct failure *failure;
    const struct json_place *place;
    unsigned depth; /* of messages */
    const struct json_read_options *options;
    bool skipped; /* the last value was an enum's unknown name, which is to be left out */
};

/* Both set the failure and return false. */
__attribute__((format(printf, 3, 4))) bool reader_refuse(struct reader *reader, const char *reason,
                                                         const char *format, ...);
bool reader_refuse_value(struct reader *reader, const char *problem);

/* ---- values (reader.c) ---- */

/* A number, boolean or enum, as record_typed_value() would give it. May set skipped. */
bool reader_number(struct reader *reader, const struct schema_field *field, const cJSON *item,
                   uint64_t *value);
/* An integer that is the key of a map. */
bool reader_key(struct reader *reader, enum schema_type type, const char *text, uint64_t *value);
/* The content of a string or bytes field, to the wire. */
bool reader_text(struct reader *reader, const struct schema_field *field, const cJSON *item);

/* ---- messages (read.c) ---- */

/* The content of a message, to the wire. */
bool reader_message(struct reader *reader, const struct schema_message *message, const cJSON *item);
/* Of an object's members those that are not called except (which may be NULL). */
bool reader_members(struct reader *reader, const struct schema_message *message,
                    const cJSON *object, const char *except);
/* A field with its tags, to the wire; its default only where that shows. */
bool reader_field(struct reader *reader, const struct schema_field *field, const cJSON *item);
/* Takes back what was written behind size. */
void reader_cut_back(struct reader *reader, size_t size);

/* ---- google.protobuf (read_wellknown.c) ---- */

/* The content of the message, to the wire. */
bool reader_wellknown(struct reader *reader, const struct schema_message *message,
                      enum wellknown kind, const cJSON *item);

#endif
