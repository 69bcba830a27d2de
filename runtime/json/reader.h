/*
 * Reading ProtoJSON: what the walk over messages and the reading of single values share.
 *
 * Why: errors must say where in the document they are, so both keep the path.
 *
 * Memory: the reader's owner holds the buffers. Threads: one. Errors: false; the failure says
 * "shows[3].showDate: ...". A full wire buffer is noticed once, at the end.
 */
#ifndef PROMOTEROS_JSON_READER_H
#define PROMOTEROS_JSON_READER_H

#include "base/buffer.h"
#include "json/scan.h"
#include "json/schema.h"
#include "json/wellknown.h"

struct reader {
    struct json_scan scan;
    struct buffer *wire;
    struct buffer text; /* the last text that was decoded */
    struct failure *failure;
    char path[256]; /* "shows[3].showDate" */
    size_t path_size;
    unsigned depth;
};

/* Adds to the path; what it returns goes to reader_leave(). */
__attribute__((format(printf, 2, 3))) size_t reader_enter(struct reader *reader, const char *format,
                                                          ...);
void reader_leave(struct reader *reader, size_t before);

/* All three set the failure and return false. */
__attribute__((format(printf, 3, 4))) bool reader_refuse(struct reader *reader, const char *reason,
                                                         const char *format, ...);
bool reader_refuse_value(struct reader *reader, const char *problem);
bool reader_refuse_token(struct reader *reader);

/* A number, boolean or enum, as record_typed_value() would give it. */
bool reader_number(struct reader *reader, const struct schema_field *field, uint64_t *value);
/* The decimal text of an integer of this type; quoted ones may use all 64 bits. */
bool reader_integer(struct reader *reader, enum schema_type type, const char *number, bool quoted,
                    uint64_t *value);
/* The content of a string or bytes field, to the wire. */
bool reader_text(struct reader *reader, const struct schema_field *field);
/* The fields of a Timestamp or Duration, to the wire. */
bool reader_wellknown(struct reader *reader, const struct schema_message *message,
                      enum wellknown kind);

#endif
