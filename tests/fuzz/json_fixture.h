/*
 * What the fuzz targets of runtime/json share: four messages, and the round trip.
 *
 * Memory: the schemas live as long as the process. Threads: one. Errors: abort().
 */
#ifndef PROMOTEROS_TESTS_FUZZ_JSON_FIXTURE_H
#define PROMOTEROS_TESTS_FUZZ_JSON_FIXTURE_H

#include "base/buffer.h"
#include "json/json.h"
#include "json/wire.h"

#include <stdlib.h>
#include <string.h>

#define FIXTURE_MAX_BYTES ((size_t)64 << 20)

extern const unsigned char promoteros_descriptor_set[], promoteros_descriptor_set_end[];
extern const unsigned char json_test_set[], json_test_set_end[];

static inline struct schema *fixture_load(const unsigned char *set, const unsigned char *end)
{
    struct schema *schema = schema_load((struct pros_bytes){set, (size_t)(end - set)}, NULL);
    if (!schema)
        abort();
    return schema;
}

/* choice in [0, 3] */
static inline const struct schema_message *fixture_message(size_t choice)
{
    static struct schema *own, *test;
    static const char *const names[] = {
        "promoteros.v1.OptimizeDealRequest", "promoteros.v1.AppendShowImportRequest",
        "promoteros.v1.ListEventsResponse", "promoteros.test.Everything"};
    if (!own) {
        own = fixture_load(promoteros_descriptor_set, promoteros_descriptor_set_end);
        test = fixture_load(json_test_set, json_test_set_end);
    }
    const struct schema_message *message =
        schema_find_message(choice == 3 ? test : own, names[choice]);
    if (!message)
        abort();
    return message;
}

/* The pre-scan refuses what the mapping allows: open enums and numbers that are not finite. */
static inline bool fixture_passes_scan(const struct schema_message *message,
                                       struct pros_bytes bytes)
{
    struct failure failure = {0};
    return wire_scan(message, bytes, NULL, &failure) == PROS_OK ||
           strcmp(failure.reason, "UNKNOWN_ENUM_VALUE") == 0 ||
           strcmp(failure.reason, "NUMBER_NOT_FINITE") == 0;
}

/* Well-formed bytes: JSON, read back, and JSON again. Only instants out of range and messages
 * without a JSON form may be refused; the test message may hold an Any, whose content nobody has
 * looked at. */
static inline void fixture_check_round_trip(const struct schema_message *message,
                                            struct pros_bytes bytes)
{
    struct buffer text, wire, again;
    struct failure failure = {0};
    buffer_open(&text, FIXTURE_MAX_BYTES);
    buffer_open(&wire, FIXTURE_MAX_BYTES);
    buffer_open(&again, FIXTURE_MAX_BYTES);
    if (json_write(message, bytes, NULL, &text, &failure) != PROS_OK) {
        if (!strstr(failure.sentence, "range") && !strstr(failure.sentence, "no JSON form") &&
            strcmp(message->full_name, "promoteros.test.Everything") != 0)
            abort();
    } else {
        if (json_read(message, text.data, text.size, &wire, &failure) != PROS_OK)
            abort();
        struct pros_bytes read = {wire.data, wire.size};
        if (!fixture_passes_scan(message, read) ||
            json_write(message, read, NULL, &again, &failure) != PROS_OK)
            abort();
        if (again.size != text.size || memcmp(again.data, text.data, text.size) != 0)
            abort();
    }
    buffer_close(&text);
    buffer_close(&wire);
    buffer_close(&again);
}

#endif
