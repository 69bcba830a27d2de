/*
 * A message with every field set, made from nothing but the schema.
 *
 * Why: golden files and fuzz corpora need valid messages of every type, the same on every machine.
 *
 * Memory: the bytes go to the caller's buffer. Threads: any. Errors: none; the buffer bounds the
 * size.
 */
#ifndef PROMOTEROS_TESTS_CONTRACT_SAMPLE_H
#define PROMOTEROS_TESTS_CONTRACT_SAMPLE_H

#include "base/buffer.h"
#include "json/schema.h"

/* variant chooses the members of the oneofs at the top: member number variant modulo their count;
 * further in it is always the first. */
void sample_add(const struct schema_message *message, size_t variant, struct buffer *wire);
/* How many variants show every member at the top. */
size_t sample_variant_count(const struct schema_message *message);
/* The member that a variant chooses of the first oneof; NULL where there is none. */
const struct schema_field *sample_chosen(const struct schema_message *message, size_t variant);

#endif
