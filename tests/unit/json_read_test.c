/* ProtoJSON: what is read and how it is written again; what is refused and in which words. */
#include "unit/json_fixture.h"
#include "json/wire.h"

static struct schema *schema;
static const struct schema_message *everything;

struct case_ {
    const char *text;
    const char *want;  /* as it is written again; NULL: the same */
    const char *error; /* part of the sentence; NULL: it is good */
};

static void check_case(const struct case_ *it)
{
    struct buffer wire, out;
    struct failure failure = {0};
    buffer_open(&wire, 1 << 16);
    buffer_open(&out, 1 << 16);
    enum pros_status status = json_read(everything, it->text, strlen(it->text), &wire, &failure);
    if (it->error) {
        bool right = status == PROS_INVALID_ARGUMENT && strstr(failure.sentence, it->error);
        if (!CHECK(right))
            fprintf(stderr, "    %s\n    status %d: %s\n", it->text, status, failure.sentence);
    } else if (!CHECK(status == PROS_OK)) {
        fprintf(stderr, "    %s\n    %s\n", it->text, failure.sentence);
    } else {
        CHECK(wire_scan(everything, fixture_bytes(&wire), NULL, &failure) == PROS_OK);
        CHECK(json_write(everything, fixture_bytes(&wire), NULL, &out, &failure) == PROS_OK);
        CHECK_STR(out.data, it->want ? it->want : it->text);
    }
    buffer_close(&wire);
    buffer_close(&out);
}

static void check_cases(const struct case_ *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_case(&cases[i]);
}

#define CHECK_CASES(cases) check_cases(cases, sizeof cases / sizeof *cases)

static void test_good(void)
{
    static const struct case_ cases[] = {
        {"{}", NULL, NULL},
        {" { } ", "{}", NULL},
        {"{\"aDouble\":0.1}", NULL, NULL},
        {"{\"aDouble\":-0}", "{\"aDouble\":-0}", NULL},
        {"{\"aDouble\":\"1.5\"}", "{\"aDouble\":1.5}", NULL},
        {"{\"aFloat\":1.5}", NULL, NULL},
        {"{\"anInt64\":\"-9223372036854775808\"}", NULL, NULL},
        {"{\"an_int64\":1e3}", "{\"anInt64\":\"1000\"}", NULL},
        {"{\"anInt64\":9007199254740992}", "{\"anInt64\":\"9007199254740992\"}", NULL},
        {"{\"aUint64\":\"18446744073709551615\"}", NULL, NULL},
        {"{\"aFixed64\":\"18446744073709551615\",\"aFixed32\":4294967295}", NULL, NULL},
        {"{\"aUint32\":4294967295}", NULL, NULL},
        {"{\"anInt32\":-2147483648}", NULL, NULL},
        {"{\"anInt32\":\"7\"}", "{\"anInt32\":7}", NULL},
        {"{\"anSfixed32\":-1,\"anSfixed64\":\"-1\",\"anSint32\":-2147483648,\"anSint64\":"
         "\"-9223372036854775808\"}",
         NULL, NULL},
        {"{\"aBool\":true}", NULL, NULL},
        {"{\"aBool\":false,\"anInt32\":0,\"aString\":\"\",\"aColour\":0}", "{}", NULL},
        {"{\"aString\":\"\\u00e4\\ud83d\\ude00\\n\\\"\\\\\\/\\u0001\"}",
         "{\"aString\":\"\xC3\xA4\xF0\x9F\x98\x80\\n\\\"\\\\/\\u0001\"}", NULL},
        {"{\"someBytes\":\"AAEC/w==\"}", NULL, NULL},
        {"{\"someBytes\":\"AAEC_w\"}", "{\"someBytes\":\"AAEC/w==\"}", NULL},
        {"{\"aColour\":\"COLOUR_DEEP\"}", NULL, NULL},
        {"{\"aColour\":1}", "{\"aColour\":\"COLOUR_RED\"}", NULL},
        {"{\"maybe\":0}", NULL, NULL},
        {"{\"maybe\":null}", "{}", NULL},
        {"{\"packed\":[1,-2,0],\"loose\":[3,0],\"texts\":[\"a\",\"\"]}", NULL, NULL},
        {"{\"packed\":[]}", "{}", NULL},
        {"{\"byName\":{\"b\":2,\"a\":1}}", "{\"byName\":{\"a\":1,\"b\":2}}", NULL},
        {"{\"byNumber\":{\"-1\":{\"name\":\"x\"},\"7\":{}}}",
         "{\"byNumber\":{\"-1\":{\"name\":\"x\"},\"7\":{}}}", NULL},
        {"{\"byTruth\":{\"false\":\"no\",\"true\":\"yes\"}}", NULL, NULL},
        {"{\"left\":\"\"}", NULL, NULL},
        {"{\"right\":{}}", NULL, NULL},
        {"{\"left\":null,\"right\":{}}", "{\"right\":{}}", NULL},
        {"{\"when\":\"2026-11-24T19:30:00Z\"}", NULL, NULL},
        {"{\"when\":\"1970-01-01T00:00:00Z\"}", NULL, NULL},
        {"{\"when\":\"0001-01-01T00:00:00.000000001Z\"}", NULL, NULL},
        {"{\"when\":\"2026-11-24T19:30:00.5+01:30\"}", "{\"when\":\"2026-11-24T18:00:00.500Z\"}",
         NULL},
        {"{\"howLong\":\"-1.5s\"}", "{\"howLong\":\"-1.500s\"}", NULL},
        {"{\"howLong\":\"315576000000s\"}", NULL, NULL},
        {"{\"@odd\":\"x\"}", NULL, NULL},
        {"{\"renamed\":\"x\"}", "{\"@odd\":\"x\"}", NULL},
        {"{\"node\":{\"children\":[{\"name\":\"x\"},{}]}}", NULL, NULL},
    };
    CHECK_CASES(cases);
}

static void test_good_numbers(void)
{
    static const struct case_ cases[] = {
        {"{\"anInt32\":\"1.50e2\"}", "{\"anInt32\":150}", NULL},
        {"{\"anInt32\":100.000}", "{\"anInt32\":100}", NULL},
        {"{\"anInt32\":-0}", "{}", NULL},
        {"{\"anInt32\":0e99999}", "{}", NULL},
        {"{\"anInt32\":10e-1}", "{\"anInt32\":1}", NULL},
        {"{\"aUint64\":\"1844674407370955161.5e1\"}", "{\"aUint64\":\"18446744073709551615\"}",
         NULL},
        {"{\"aUint32\":\"-0\"}", "{}", NULL},
        {"{\"aFloat\":3.4028235e38}", "{\"aFloat\":3.4028234663852886e+38}", NULL},
        {"{\"aDouble\":\"-0\"}", "{\"aDouble\":-0}", NULL},
        {"{\"maps\":{\"byUint64\":{\"18446744073709551615\":\"1\",\"2\":\"2\"},\"bySint64\":"
         "{\"5\":0,\"-9223372036854775808\":\"COLOUR_RED\"}}}",
         "{\"maps\":{\"byUint64\":{\"2\":\"2\",\"18446744073709551615\":\"1\"},\"bySint64\":"
         "{\"-9223372036854775808\":\"COLOUR_RED\",\"5\":\"COLOUR_UNSPECIFIED\"}}}",
         NULL},
    };
    CHECK_CASES(cases);
}

static void test_good_wellknown(void)
{
    static const struct case_ cases[] = {
        {"{\"structure\":{}}", NULL, NULL},
        {"{\"structure\":{\"a\":null,\"b\":[1.5,\"x\",false,{\"c\":{}},[]]}}", NULL, NULL},
        {"{\"value\":null}", NULL, NULL},
        {"{\"value\":0}", NULL, NULL},
        {"{\"value\":\"\"}", NULL, NULL},
        {"{\"value\":[]}", NULL, NULL},
        {"{\"list\":[null,{\"a\":null}]}", NULL, NULL},
        {"{\"list\":null,\"structure\":null,\"null\":null}", "{}", NULL},
        {"{\"mask\":\"\"}", NULL, NULL},
        {"{\"mask\":\"showId,deal.netPot2\"}", NULL, NULL},
        {"{\"empty\":{}}", NULL, NULL},
        {"{\"doubleValue\":0,\"floatValue\":1.5,\"int64Value\":\"-1\",\"uint64Value\":\"1\","
         "\"int32Value\":0,\"uint32Value\":4294967295,\"boolValue\":false,\"stringValue\":\"\","
         "\"bytesValue\":\"\"}",
         NULL, NULL},
        {"{\"boolValue\":null}", "{}", NULL},
        {"{\"anything\":{}}", NULL, NULL},
        {"{\"anything\":{\"@type\":\"type.googleapis.com/promoteros.test.Node\",\"name\":\"x\"}}",
         NULL, NULL},
        {"{\"anything\":{\"name\":\"x\",\"@type\":\"/promoteros.test.Node\"}}",
         "{\"anything\":{\"@type\":\"/promoteros.test.Node\",\"name\":\"x\"}}", NULL},
        {"{\"anything\":{\"@type\":\"a/google.protobuf.Value\",\"value\":null}}", NULL, NULL},
        {"{\"anything\":{\"@type\":\"a/google.protobuf.Empty\"}}", NULL, NULL},
        {"{\"anything\":{\"@type\":\"a/google.protobuf.Any\",\"value\":{\"@type\":"
         "\"a/google.protobuf.Duration\",\"value\":\"1s\"}}}",
         NULL, NULL},
        {"{\"choices\":{\"oneNull\":null}}", NULL, NULL},
        {"{\"choices\":{\"oneValue\":null,\"oneDouble\":null}}",
         "{\"choices\":{\"oneValue\":null}}", NULL},
        {"{\"choices\":{\"oneNull\":\"NULL_VALUE\"}}", "{\"choices\":{\"oneNull\":null}}", NULL},
        {"{\"lists\":{\"values\":[null,1],\"nulls\":[null,null]}}", NULL, NULL},
        {"{\"maps\":{\"nulls\":{\"a\":null},\"bySfixed64\":{\"-1\":null}}}",
         "{\"maps\":{\"bySfixed64\":{\"-1\":null},\"nulls\":{\"a\":null}}}", NULL},
    };
    CHECK_CASES(cases);
}

static void test_bad_wellknown(void)
{
    static const struct case_ cases[] = {
        {"{\"structure\":[]}", NULL, "structure: must be an object"},
        {"{\"list\":{}}", NULL, "list: must be a list"},
        {"{\"mask\":\"show_id\"}", NULL, "mask: has a name that is empty or not in"},
        {"{\"mask\":\"a,\"}", NULL, "is empty"},
        {"{\"mask\":[]}", NULL, "mask: must be names of fields"},
        {"{\"boolValue\":{\"value\":true}}", NULL, "boolValue: must be true or false"},
        {"{\"int32Value\":\"x\"}", NULL, "int32Value: must be a whole number"},
        {"{\"empty\":{\"a\":1}}", NULL, "empty: \"a\" is not a field"},
        {"{\"anything\":1}", NULL, "anything: must be an object"},
        {"{\"anything\":{\"name\":\"x\"}}", NULL, "must name a type"},
        {"{\"anything\":{\"@type\":\"promoteros.test.Node\"}}", NULL, "must name a type"},
        {"{\"anything\":{\"@type\":\"a/b.C\"}}", NULL, "must name a type"},
        {"{\"anything\":{\"@type\":\"a/\"}}", NULL, "must name a type"},
        {"{\"anything\":{\"@type\":\"a/google.protobuf.Value\"}}", NULL, "must have a \"value\""},
        {"{\"anything\":{\"@type\":\"a/google.protobuf.Value\",\"value\":1,\"x\":1}}", NULL,
         "nothing but"},
        {"{\"anything\":{\"@type\":\"a/google.protobuf.Duration\",\"value\":1}}", NULL,
         "anything.value: must be a duration"},
        {"{\"anything\":{\"@type\":\"a/promoteros.test.Node\",\"value\":{}}}", NULL,
         "\"value\" is not a field of promoteros.test.Node"},
        {"{\"lists\":{\"stringValues\":[null]}}", NULL, "stringValues[0]: must not be null"},
        {"{\"maps\":{\"byBool\":{\"true\":null}}}", NULL, "must not be null"},
        {"{\"choices\":{\"oneNull\":null,\"oneValue\":null}}", NULL, "only one of"},
        {"{\"when\":\"2026-11-24t19:30:00Z\"}", NULL, "must be an instant"},
        {"{\"when\":\"2026-11-24T19:30:00z\"}", NULL, "must be an instant"},
    };
    CHECK_CASES(cases);
}

static void check_read(const struct json_read_options *options, const char *text, const char *want)
{
    struct buffer wire, out;
    struct failure failure = {0};
    buffer_open(&wire, 1 << 16);
    buffer_open(&out, 1 << 16);
    if (!CHECK_INT(json_read_with(everything, text, strlen(text), options, &wire, &failure),
                   PROS_OK) ||
        !CHECK_INT(json_write(everything, fixture_bytes(&wire), NULL, &out, &failure), PROS_OK))
        fprintf(stderr, "    %s\n", failure.sentence);
    CHECK_STR(out.data, want);
    buffer_close(&wire);
    buffer_close(&out);
}

/* What the mapping allows, and the pre-scan of the services does not. */
static void test_open_values(void)
{
    check_read(NULL, "{\"aColour\":9}", "{\"aColour\":9}");
    check_read(NULL, "{\"aDouble\":\"NaN\",\"aFloat\":\"-Infinity\"}",
               "{\"aDouble\":\"NaN\",\"aFloat\":\"-Infinity\"}");
    check_read(NULL, "{\"doubleValue\":\"Infinity\"}", "{\"doubleValue\":\"Infinity\"}");
}

static void test_ignore_unknown(void)
{
    static const struct json_read_options ignore = {.ignore_unknown = true};
    check_read(&ignore, "{\"x\":{\"y\":[1]},\"maybe\":1,\"node\":{\"z\":null}}",
               "{\"maybe\":1,\"node\":{}}");
    check_read(&ignore,
               "{\"aColour\":\"PINK\",\"lists\":{\"colours\":[\"PINK\",1],\"looseColours\":[1,"
               "\"PINK\"]},\"maps\":{\"bySint64\":{\"1\":\"PINK\",\"2\":1}}}",
               "{\"maps\":{\"bySint64\":{\"2\":\"COLOUR_RED\"}},\"lists\":{\"colours\":"
               "[\"COLOUR_RED\"],\"looseColours\":[\"COLOUR_RED\"]}}");
    check_read(&ignore,
               "{\"anything\":{\"@type\":\"a/google.protobuf.Duration\",\"value\":\"1s\",\"x\":1}}",
               "{\"anything\":{\"@type\":\"a/google.protobuf.Duration\",\"value\":\"1s\"}}");
}

static void test_bad_syntax(void)
{
    static const struct case_ cases[] = {
        {"", NULL, "is empty"},
        {"[]", NULL, "must be an object"},
        {"{} x", NULL, "something behind its end"},
        {"{", NULL, "character 2"},
        {"{\"aBool\":true,}", NULL, "must be a text in quotes"},
        {"{\"aBool\" true}", NULL, "aBool: has no \":\""},
        {"{\"aBool\":tru}", NULL, "aBool: must be true or false"},
        {"{\"aString\":\"a\\u0000b\"}", NULL, "\\u0000"},
        {"{\"aString\":\"a\tb\"}", NULL, "raw control character"},
        {"{\"aString\":\"\xFF\"}", NULL, "not UTF-8"},
        {"{\"aString\":\"\\ud83d\"}", NULL, "surrogate"},
        {"{\"aString\":\"\\ude00\"}", NULL, "surrogate"},
        {"{\"aString\":\"\\x\"}", NULL, "unknown escape"},
        {"{\"aString\":\"abc", NULL, "without an end"},
        {"{\"anInt32\":01}", NULL, "leading zeros"},
        {"{\"anInt32\":+1}", NULL, "must be a number"},
        {"{\"aDouble\":1.}", NULL, "behind the point"},
        {"{\"aDouble\":1e}", NULL, "exponent"},
        {"{\"packed\":[1,2}", NULL, "list without its end"},
        {"{\"texts\":[\"a\" \"b\"]}", NULL, "list without its end"},
    };
    CHECK_CASES(cases);
}

static void test_bad_values(void)
{
    static const struct case_ cases[] = {
        {"{\"aDouble\":1e400}", NULL, "finite"},
        {"{\"aDouble\":\"nan\"}", NULL, "must be a number"},
        {"{\"aDouble\":\"1e400\"}", NULL, "must be a number"},
        {"{\"aDouble\":\" 1\"}", NULL, "must be a number"},
        {"{\"aDouble\":\"1 \"}", NULL, "must be a number"},
        {"{\"aDouble\":\"\"}", NULL, "must be a number"},
        {"{\"anInt32\":\"+1\"}", NULL, "whole number"},
        {"{\"anInt32\":\"0x1\"}", NULL, "whole number"},
        {"{\"anInt64\":\"1e19\"}", NULL, "whole number"},
        {"{\"anInt64\":\"0.1e-99999999999999999999\"}", NULL, "whole number"},
        {"{\"anInt64\":\"1e99999999999999999999\"}", NULL, "whole number"},
        {"{\"aDouble\":NaN}", NULL, "must be a number"},
        {"{\"aFloat\":1e39}", NULL, "outside the range"},
        {"{\"anInt64\":9007199254740994}", NULL, "write it in quotes"},
        {"{\"anInt64\":\"9223372036854775808\"}", NULL, "whole number in the range"},
        {"{\"anInt32\":2147483648}", NULL, "whole number in the range"},
        {"{\"anInt32\":1.5}", NULL, "whole number"},
        {"{\"aUint32\":-1}", NULL, "whole number in the range"},
        {"{\"aUint64\":\"-1\"}", NULL, "whole number in the range"},
        {"{\"aString\":1}", NULL, "text in quotes"},
        {"{\"someBytes\":\"A\"}", NULL, "base64"},
        {"{\"someBytes\":\"AA=\"}", NULL, "base64"},
        {"{\"someBytes\":\"A*==\"}", NULL, "base64"},
        {"{\"aColour\":\"COLOUR_PINK\"}", NULL, "not a value of promoteros.test.Colour"},
        {"{\"aColour\":2147483648}", NULL, "whole number in the range"},
        {"{\"aColour\":null,\"aColour\":1}", NULL, "given twice"},
        {"{\"packed\":[1,null]}", NULL, "packed[1]: must not be null"},
        {"{\"packed\":3}", NULL, "packed: must be a list"},
        {"{\"node\":{\"children\":[{},\n{\"name\":\"x\", \"name\":\"y\"}]}}", NULL,
         "node.children[1].name: is given twice"},
        {"{\"ADOUBLE\":1}", NULL, "\"ADOUBLE\" is not a field"},
        {"{\"anInt64\":9007199254740993}", NULL, "write it in quotes"},
        {"{\"anInt64\":-9007199254740993}", NULL, "write it in quotes"},
        {"{\"anInt64\":1e300}", NULL, "write it in quotes"},
        {"{\"byName\":{\"a b\":null}}", NULL, "byName[\"a b\"]: must not be null"},
        {"{\"byName\":{\"a\":\"x\"}}", NULL, "byName.a: must be a whole number"},
        {"{\"node\":null,\"texts\":[\n1e400]}", NULL,
         "texts[0]: is too large; it must be a finite number (at line 2, character 1)"},
        {"{\"maybe\":1,\"maybe\":2}", NULL, "maybe: is given twice"},
        {"{\"anInt32\":1,\"an_int32\":2}", NULL, "given twice"},
        {"{\"byName\":{\"a\":1,\"a\":2}}", NULL, "same key twice"},
        {"{\"byNumber\":{\"1\":{},\"1e0\":{}}}", NULL, "same key twice"},
        {"{\"byNumber\":{\"01\":{}}}", NULL, "byNumber.01: must be a whole number"},
        {"{\"byTruth\":{\"maybe\":\"x\"}}", NULL, "neither true nor false"},
        {"{\"left\":\"a\",\"right\":{}}", NULL, "only one of \"left\" and \"right\""},
        {"{\"when\":\"2026-11-24\"}", NULL, "when: must be an instant"},
        {"{\"when\":\"2026-02-30T00:00:00Z\"}", NULL, "must be an instant"},
        {"{\"when\":\"2026-11-24T19:30:00\"}", NULL, "must be an instant"},
        {"{\"when\":\"2026-11-24T24:00:00Z\"}", NULL, "must be an instant"},
        {"{\"when\":\"0001-01-01T00:00:00+01:00\"}", NULL, "must be an instant"},
        {"{\"when\":5}", NULL, "must be an instant"},
        {"{\"howLong\":\"1\"}", NULL, "must be a duration"},
        {"{\"aDuoble\":1}", NULL, "did you mean \"aDouble\""},
        {"{\"node\":{\"children\":[{},{\"nam\":1}]}}", NULL, "node.children[1]: \"nam\""},
    };
    CHECK_CASES(cases);
}

static void test_depth(void)
{
    struct buffer text, wire;
    struct failure failure = {0};
    for (int depth = 62; depth <= 100000; depth = depth == 62 ? 64 : depth * 40) {
        buffer_open(&text, 4 << 20);
        buffer_open(&wire, 4 << 20);
        buffer_add_string(&text, "{\"node\":");
        for (int i = 0; i < depth; i++)
            buffer_add_string(&text, "{\"child\":");
        buffer_add_string(&text, "{}");
        for (int i = 0; i <= depth; i++)
            buffer_add_char(&text, '}');
        enum pros_status status = json_read(everything, text.data, text.size, &wire, &failure);
        CHECK_INT(status, depth == 62 ? PROS_OK : PROS_INVALID_ARGUMENT);
        if (depth == 62)
            CHECK_INT(wire_scan(everything, fixture_bytes(&wire), NULL, &failure), PROS_OK);
        buffer_close(&text);
        buffer_close(&wire);
    }
    CHECK_STR(failure.reason, "NESTED_TOO_DEEPLY");
}

/* Each list within a Value is two messages: the deepest that is read passes the pre-scan. */
static void test_value_depth(void)
{
    for (size_t depth = 30; depth <= 33; depth++) {
        struct buffer text, wire;
        struct failure failure = {0};
        buffer_open(&text, 1 << 16);
        buffer_open(&wire, 1 << 16);
        buffer_add_string(&text, "{\"value\":");
        for (size_t i = 0; i < depth; i++)
            buffer_add_char(&text, '[');
        for (size_t i = 0; i < depth; i++)
            buffer_add_char(&text, ']');
        buffer_add_char(&text, '}');
        enum pros_status status = json_read(everything, text.data, text.size, &wire, &failure);
        CHECK_INT(status, depth <= 31 ? PROS_OK : PROS_INVALID_ARGUMENT);
        CHECK(depth > 31 || wire_scan(everything, fixture_bytes(&wire), NULL, &failure) == PROS_OK);
        CHECK(depth <= 31 || strcmp(failure.reason, "NESTED_TOO_DEEPLY") == 0);
        buffer_close(&text);
        buffer_close(&wire);
    }
}

static void test_small_buffer(void)
{
    static const char text[] =
        "{\"texts\":[\"aaaaaaaaaaaaaaaa\",\"bbbbbbbbbbbbbbbb\"],\"maybe\":1}";
    struct buffer wire;
    struct failure failure = {0};
    for (size_t max = 0; max < 38; max++) {
        buffer_open(&wire, max);
        CHECK_INT(json_read(everything, text, sizeof text - 1, &wire, &failure),
                  PROS_RESOURCE_EXHAUSTED);
        buffer_close(&wire);
    }
    schema_close(schema);
}

static void test_load(void)
{
    schema = fixture_load();
    everything = schema_find_message(schema, "promoteros.test.Everything");
    CHECK(everything != NULL);
}

CHECK_MAIN(test_load, test_good, test_good_numbers, test_good_wellknown, test_bad_wellknown,
           test_open_values, test_ignore_unknown, test_bad_syntax, test_bad_values, test_depth,
           test_value_depth, test_small_buffer)
