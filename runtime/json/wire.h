/*
 * Looks at protobuf bytes before protobuf-c may.
 *
 * Why: protobuf-c has no limit on nesting (30 KB crash a thread), amplifies memory 68 times, and
 * checks neither UTF-8 nor NUL in strings. The pre-scan walks the bytes by the schema first and
 * refuses what would hurt.
 *
 * Memory: none. Threads: any. Errors: INVALID_ARGUMENT names the field; RESOURCE_EXHAUSTED for too
 * many elements.
 */
#ifndef PROMOTEROS_JSON_WIRE_H
#define PROMOTEROS_JSON_WIRE_H

#include "json/schema.h"

struct wire_limits {
    unsigned max_depth;       /* nested messages; 0 means 64 */
    size_t max_element_count; /* submessages, strings and unknown fields; 0 means 200000 */
    size_t max_number_count;  /* packed numbers; 0 means 4000000 */
};

/*
 * Checks that the bytes are a well-formed message of this type within the limits: tags, lengths and
 * wire types fit, no groups, strings are UTF-8 without NUL, floating-point fields are finite, enum
 * fields hold known values, a singular message comes in one piece.
 */
enum pros_status wire_scan(const struct schema_message *message, struct pros_bytes bytes,
                           const struct wire_limits *limits, struct failure *failure);

#endif
