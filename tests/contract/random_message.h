/*
 * Random messages of any type, the same on every machine, made from nothing but the schema.
 *
 * Why: what is true of JSON must hold for every message, not only for those that someone thought
 * of; a seed makes a failure repeat.
 *
 * What comes out is well-formed and has a JSON form: instants in range, a Value with something in
 * it, an Any of a known type, texts without NUL. The values are those that break things: limits of
 * every type, NaN, subnormal numbers, enum numbers without a name, unknown fields, empty messages.
 *
 * Memory: the bytes go to the caller's buffer. Threads: any. Errors: none; the buffer bounds the
 * size.
 */
#ifndef PROMOTEROS_TESTS_CONTRACT_RANDOM_MESSAGE_H
#define PROMOTEROS_TESTS_CONTRACT_RANDOM_MESSAGE_H

#include "base/buffer.h"
#include "json/schema.h"

void random_message_add(const struct schema_message *message, uint64_t seed, struct buffer *wire);

#endif
