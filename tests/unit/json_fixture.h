/*
 * What the tests of runtime/json share: the schema of json_test.proto and both directions in one
 * call.
 *
 * Memory: static, for one test program. Threads: one. Errors: the test ends.
 */
#ifndef PROMOTEROS_TESTS_UNIT_JSON_FIXTURE_H
#define PROMOTEROS_TESTS_UNIT_JSON_FIXTURE_H

#include "base/buffer.h"
#include "unit/check.h"
#include "json/json.h"

extern const unsigned char json_test_set[], json_test_set_end[];

static inline struct schema *fixture_load(void)
{
    struct failure failure = {0};
    struct schema *schema = schema_load(
        (struct pros_bytes){json_test_set, (size_t)(json_test_set_end - json_test_set)}, &failure);
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
