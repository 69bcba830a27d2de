/* Wire bytes as a stranger may send them: what the pre-scan refuses, and what JSON makes of what is
 * allowed but unusual. */
#include "unit/json_fixture.h"
#include "json/wire.h"

static struct schema *schema;
static const struct schema_message *everything;

#define BYTES(text) ((struct pros_bytes){text, sizeof text - 1})

static void check_scan(struct pros_bytes bytes, enum pros_status want, const char *reason)
{
    struct failure failure = {0};
    CHECK_INT(wire_scan(everything, bytes, NULL, &failure), want);
    if (want != PROS_OK && !CHECK_STR(failure.reason, reason))
        fprintf(stderr, "    %s\n", failure.sentence);
}

static void test_scan(void)
{
    check_scan((struct pros_bytes){NULL, 0}, PROS_OK, NULL);
    check_scan(BYTES("\x28\x01"), PROS_OK, NULL); /* an_int32 = 1 */
    check_scan(BYTES("\x28"), PROS_INVALID_ARGUMENT, "MALFORMED_MESSAGE");
    check_scan(BYTES("\x2A\x00"), PROS_INVALID_ARGUMENT, "MALFORMED_MESSAGE"); /* wrong wire type */
    check_scan(BYTES("\x2B\x2C"), PROS_INVALID_ARGUMENT, "MALFORMED_MESSAGE"); /* group */
    check_scan(BYTES("\x00\x00"), PROS_INVALID_ARGUMENT, "MALFORMED_MESSAGE"); /* field 0 */
    check_scan(BYTES("\x28\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02"), PROS_INVALID_ARGUMENT,
               "MALFORMED_MESSAGE");
    check_scan(BYTES("\xA8\x80\x80\x80\x80\x00\x01"), PROS_INVALID_ARGUMENT, "MALFORMED_MESSAGE");
    check_scan(BYTES("\x4A\x7F"), PROS_INVALID_ARGUMENT, "MALFORMED_MESSAGE"); /* length */
    check_scan(BYTES("\x4A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"), PROS_INVALID_ARGUMENT,
               "MALFORMED_MESSAGE");
    check_scan(BYTES("\x4A\x02\xC3\xA4"), PROS_OK, NULL);
    check_scan(BYTES("\x4A\x01\xFF"), PROS_INVALID_ARGUMENT, "TEXT_NOT_UTF8");
    check_scan(BYTES("\x4A\x03"
                     "a\0b"),
               PROS_INVALID_ARGUMENT, "TEXT_NOT_UTF8");
    check_scan(BYTES("\x62\x01\xFF"), PROS_OK, NULL); /* bytes may be anything */
    check_scan(BYTES("\x09\x00\x00\x00\x00\x00\x00\xF8\x7F"), PROS_INVALID_ARGUMENT,
               "NUMBER_NOT_FINITE");
    check_scan(BYTES("\x15\x00\x00\x80\x7F"), PROS_INVALID_ARGUMENT, "NUMBER_NOT_FINITE");
    check_scan(BYTES("\x70\x01"), PROS_OK, NULL);
    check_scan(BYTES("\x70\xFB\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"), PROS_OK, NULL); /* -5 */
    check_scan(BYTES("\x70\x09"), PROS_INVALID_ARGUMENT, "UNKNOWN_ENUM_VALUE");
    check_scan(BYTES("\xAA\x01\x02\x01\x02"), PROS_OK, NULL); /* packed */
    check_scan(BYTES("\xA8\x01\x01"), PROS_OK, NULL);         /* packed field, loose on the wire */
    check_scan(BYTES("\xB2\x01\x02\x01\x02"), PROS_OK, NULL); /* loose field, packed on the wire */
    check_scan(BYTES("\xAA\x01\x02\x01\x82"), PROS_INVALID_ARGUMENT, "MALFORMED_MESSAGE");
    check_scan(BYTES("\xF8\x3F\x01"), PROS_OK, NULL); /* unknown field */
    check_scan(BYTES("\xA2\x06\x00\xA2\x06\x00"), PROS_INVALID_ARGUMENT, "MALFORMED_MESSAGE");
    check_scan(BYTES("\xFA\x01\x00\xFA\x01\x00"), PROS_INVALID_ARGUMENT, "MALFORMED_MESSAGE");
    struct failure failure = {0};
    wire_scan(everything, BYTES("\xA2\x06\x05\x12\x03\x1A\x01\xFF"), NULL, &failure);
    CHECK(strstr(failure.sentence, "\"node.children.name\"") != NULL);
}

static void test_scan_limits(void)
{
    struct wire_limits few = {.max_element_count = 2, .max_number_count = 3};
    struct failure failure = {0};
    CHECK_INT(wire_scan(everything, BYTES("\xBA\x01\x00\xBA\x01\x00"), &few, &failure), PROS_OK);
    CHECK_INT(wire_scan(everything, BYTES("\xBA\x01\x00\xBA\x01\x00\xBA\x01\x00"), &few, &failure),
              PROS_RESOURCE_EXHAUSTED);
    CHECK_INT(wire_scan(everything, BYTES("\xAA\x01\x03\x01\x02\x03"), &few, &failure),
              PROS_RESOURCE_EXHAUSTED);
    CHECK_STR(failure.reason, "TOO_MANY_ELEMENTS");
}

static void test_scan_depth(void)
{
    struct buffer wire, outer;
    struct failure failure = {0};
    buffer_open(&wire, 1 << 20);
    for (int depth = 1; depth <= 70; depth++) {
        struct wire_limits limits = {0};
        enum pros_status want = depth < 64 ? PROS_OK : PROS_INVALID_ARGUMENT;
        buffer_open(&outer, 1 << 20);
        buffer_add_format(&outer, "\x0A%c", (int)wire.size); /* Node.child; sizes stay below 128 */
        buffer_add(&outer, wire.data, wire.size);
        buffer_close(&wire);
        wire = outer;
        if (wire.size > 125)
            break;
        CHECK_INT(wire_scan(schema_find_message(schema, "promoteros.test.Node"),
                            fixture_bytes(&wire), &limits, &failure),
                  want);
    }
    struct wire_limits shallow = {.max_depth = 3};
    CHECK_INT(wire_scan(everything, BYTES("\xA2\x06\x02\x0A\x00"), &shallow, &failure), PROS_OK);
    CHECK_INT(wire_scan(everything, BYTES("\xA2\x06\x04\x0A\x02\x0A\x00"), &shallow, &failure),
              PROS_INVALID_ARGUMENT);
    buffer_close(&wire);
}

static void check_json(struct pros_bytes bytes, const char *want)
{
    struct buffer out;
    struct failure failure = {0};
    buffer_open(&out, 1 << 16);
    enum pros_status status = json_write(everything, bytes, NULL, &out, &failure);
    CHECK_INT(status, want ? PROS_OK : PROS_INVALID_ARGUMENT);
    if (want)
        CHECK_STR(out.data, want);
    buffer_close(&out);
}

static void test_unusual(void)
{
    check_json(BYTES("\x28\x01\x28\x02"), "{\"anInt32\":2}"); /* the last one counts */
    check_json(BYTES("\x28\x01\x28\x00"), "{}");
    /* A message in two pieces, with another field between them. */
    check_json(BYTES("\xA2\x06\x02\x12\x00\x28\x01\xA2\x06\x05\x12\x00\x1A\x01x"),
               "{\"anInt32\":1,\"node\":{\"children\":[{},{}],\"name\":\"x\"}}");
    /* Members of a oneof: the last one counts, and what it had before another one does not. */
    check_json(BYTES("\xF2\x01\x01z\xFA\x01\x00"), "{\"right\":{}}");
    check_json(BYTES("\xFA\x01\x03\x1A\x01x\xF2\x01\x01z\xFA\x01\x02\x12\x00"),
               "{\"right\":{\"children\":[{}]}}");
    check_json(BYTES("\xAA\x01\x02\x01\x02\xA8\x01\x03"), "{\"packed\":[1,2,3]}");
    /* Map: the last of two entries with one key counts; a missing key is the default. */
    check_json(BYTES("\xC2\x01\x05\x0A\x01k\x10\x01\xC2\x01\x05\x0A\x01k\x10\x02"),
               "{\"byName\":{\"k\":2}}");
    check_json(BYTES("\xC2\x01\x00"), "{\"byName\":{\"\":0}}");
    check_json(BYTES("\xAA\x01\x00\xB2\x01\x00"), "{}"); /* packed and empty */
    check_json(BYTES("\x70\x09"), "{\"aColour\":9}");
    check_json(BYTES("\xF8\x3F\x01"), "{}");
    check_json(BYTES("\x09\x00\x00\x00\x00\x00\x00\xF8\x7F"), "{\"aDouble\":\"NaN\"}");
    check_json(BYTES("\x09\x00\x00\x00\x00\x00\x00\xF0\xFF"), "{\"aDouble\":\"-Infinity\"}");
    check_json(BYTES("\x4A\x01\xFF"), NULL);
    check_json(BYTES("\x28"), NULL);
    check_json(BYTES("\xC2\x02\x02\x10\x05"), "{\"when\":\"1970-01-01T00:00:00.000000005Z\"}");
    check_json(BYTES("\xC2\x02\x0B\x10\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"), NULL);
}

/* What the mapping has no form for is refused, not guessed. */
static void test_without_form(void)
{
    check_json(BYTES("\xEA\x02\x00"), NULL); /* a Value without a kind */
    check_json(BYTES("\xEA\x02\x09\x11\x00\x00\x00\x00\x00\x00\xF8\x7F"), NULL); /* NaN */
    check_json(BYTES("\xEA\x02\x02\x08\x00"), "{\"value\":null}");
    check_json(BYTES("\xFA\x02\x05\x0A\x03"
                     "a_b"),
               "{\"mask\":\"aB\"}");
    check_json(BYTES("\xFA\x02\x05\x0A\x03"
                     "a_1"),
               NULL);
    check_json(BYTES("\xFA\x02\x03\x0A\x01"
                     "A"),
               NULL);
    check_json(BYTES("\xFA\x02\x02\x0A\x00"), NULL);
    check_json(BYTES("\xD2\x02\x00"), "{\"anything\":{}}");
    check_json(BYTES("\xD2\x02\x05\x0A\x03"
                     "a/B"),
               NULL);
    check_json(BYTES("\xD2\x02\x03\x12\x01x"), NULL); /* a value of no type */
    check_json(BYTES("\x4A\x03"
                     "a\0b"),
               NULL);
}

static void test_pretty_and_defaults(void)
{
    struct buffer out;
    struct failure failure = {0};
    struct json_options options = {.pretty = true, .all_fields = true};
    buffer_open(&out, 1 << 16);
    CHECK_INT(json_write(schema_find_message(schema, "promoteros.test.Node"),
                         BYTES("\x0A\x03\x1A\x01y"), &options, &out, &failure),
              PROS_OK);
    CHECK_STR(out.data, "{\n  \"child\": {\n    \"children\": [],\n    \"name\": \"y\"\n  },\n"
                        "  \"children\": [],\n  \"name\": \"\"\n}");
    buffer_close(&out);
    buffer_open(&out, 5);
    CHECK_INT(json_write(everything, BYTES("\x28\x01"), NULL, &out, &failure),
              PROS_RESOURCE_EXHAUSTED);
    buffer_close(&out);
}

static void test_schema(void)
{
    struct failure failure = {0};
    const struct schema_field *field = schema_find_field(everything, 20);
    CHECK(field && field->has_presence && field->oneof_index == -1);
    field = schema_find_field(everything, 31);
    CHECK(field && field->has_presence && field->oneof_index == 0);
    CHECK_INT(everything->oneof_count, 1);
    CHECK_STR(everything->oneof_names[0], "choice");
    field = schema_find_field(everything, 22);
    CHECK(field && field->repeated && !field->packed);
    field = schema_find_field(everything, 24);
    CHECK(field && field->map && field->message->field_count == 2);
    CHECK(schema_find_field(everything, 10) == NULL && schema_find_field(everything, 0) == NULL);
    CHECK(schema_load(BYTES("\x0A\x02"), &failure) == NULL);
    CHECK_STR(failure.reason, "BAD_DESCRIPTOR_SET");
    CHECK(schema_load(BYTES(""), &failure) == NULL);
    /* The same set twice is one set; agents bring the files that the host has. */
    size_t size = (size_t)(json_test_set_end - json_test_set);
    struct buffer twice;
    buffer_open(&twice, 2 * size);
    buffer_add(&twice, json_test_set, size);
    buffer_add(&twice, json_test_set, size);
    struct schema *merged = schema_load(fixture_bytes(&twice), &failure);
    CHECK(merged && schema_find_message(merged, "promoteros.test.Everything") != NULL);
    schema_close(merged);
    buffer_close(&twice);
    schema_close(schema);
}

static void test_load(void)
{
    schema = fixture_load();
    everything = schema_find_message(schema, "promoteros.test.Everything");
}

CHECK_MAIN(test_load, test_scan, test_scan_limits, test_scan_depth, test_unusual, test_without_form,
           test_pretty_and_defaults, test_schema)
