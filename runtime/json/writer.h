/*
 * Writing ProtoJSON: what the walk over messages, the writing of single values and the forms of
 * google.protobuf share.
 *
 * Why: a message of google.protobuf has a form of its own, which is made of the same parts as that
 * of any other message; each of the three files fits on a few screens.
 *
 * Memory: the writer's owner holds the buffer; spans point into the wire bytes. Threads: one.
 * Errors: false, and the failure is set. A full buffer is noticed once, at the end.
 */
#ifndef PROMOTEROS_JSON_WRITER_H
#define PROMOTEROS_JSON_WRITER_H

#include "json/json.h"
#include "json/record.h"
#include "json/wellknown.h"

struct writer {
    const struct schema_message *root;
    const struct json_options *options;
    struct buffer *out;
    struct failure *failure;
    unsigned indent; /* open brackets */
    unsigned depth;  /* of messages */
};

/* Records of one field within one message. */
struct span {
    const uint8_t *first; /* where the first record starts */
    const uint8_t *last;
    size_t count;
};

bool writer_refuse(struct writer *writer, const char *name, const char *problem);

/* ---- values (writer.c) ---- */

void writer_new_line(struct writer *writer);
void writer_open(struct writer *writer, char bracket);
void writer_close(struct writer *writer, char bracket, bool empty);
/* A new member of an object: comma, line, name and colon. False for a name that is not UTF-8. */
bool writer_name(struct writer *writer, const char *name, size_t size, size_t *written);
/* In quotes; false for what is not UTF-8 or holds NUL, and then part of it is written. */
bool writer_text(struct writer *writer, const char *text, size_t size);
void writer_base64(struct buffer *out, const uint8_t *bytes, size_t size);
/* value is typed, as of record_typed_value(). */
void writer_number(struct writer *writer, const struct schema_field *field, uint64_t value);

/* ---- messages (write.c) ---- */

/* The last record of a span that has one; an empty record of the field's kind otherwise. */
struct record writer_last(const struct schema_field *field, const struct span *span,
                          const uint8_t *end);
bool writer_message(struct writer *writer, const struct schema_message *message,
                    struct pros_bytes bytes);
/* A field with its list or map brackets; the default where there is no record. */
bool writer_field(struct writer *writer, const struct schema_field *field, const struct span *span,
                  const uint8_t *end);
/* The members of an object that is open already and has *written of them. */
bool writer_members(struct writer *writer, const struct schema_message *message,
                    struct pros_bytes bytes, size_t *written);

/* ---- google.protobuf (write_wellknown.c) ---- */

bool writer_wellknown(struct writer *writer, const struct schema_message *message,
                      enum wellknown kind, const struct span *spans, const uint8_t *end);

#endif
