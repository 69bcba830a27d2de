/*
 * What the tests of JSON against random messages share: one schema of the contract and of
 * json_test.proto.
 *
 * Memory: the set lives as long as the process. Threads: one. Errors: the test ends.
 */
#ifndef PROMOTEROS_TESTS_CONTRACT_JSON_FIXTURE_H
#define PROMOTEROS_TESTS_CONTRACT_JSON_FIXTURE_H

#include "base/buffer.h"
#include "contract/random_message.h"
#include "json/json.h"

#include <stdio.h>
#include <stdlib.h>

#define FIXTURE_MAX_BYTES ((size_t)16 << 20)

extern const unsigned char promoteros_descriptor_set[], promoteros_descriptor_set_end[];
extern const unsigned char json_test_set[], json_test_set_end[];

/* Both sets, one behind the other, are a set. */
static inline struct schema *fixture_load(struct buffer *set)
{
    struct failure failure = {0};
    buffer_open(set, FIXTURE_MAX_BYTES);
    buffer_add(set, promoteros_descriptor_set,
               (size_t)(promoteros_descriptor_set_end - promoteros_descriptor_set));
    buffer_add(set, json_test_set, (size_t)(json_test_set_end - json_test_set));
    struct schema *schema = schema_load((struct pros_bytes){set->data, set->size}, &failure);
    if (!schema) {
        fprintf(stderr, "%s\n", failure.sentence);
        exit(1);
    }
    return schema;
}

static inline struct pros_bytes fixture_bytes(const struct buffer *buffer)
{
    return (struct pros_bytes){buffer->data, buffer->size};
}

#endif
