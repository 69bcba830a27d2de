/* The checks around cJSON: what enters, what is refused and where the sentence says it is. */
#include "base/buffer.h"
#include "unit/check.h"
#include "json/parse.h"

#include <cjson/cJSON.h>
#include <math.h>

static const struct json_parse_limits small = {
    .max_bytes = 64, .max_depth = 3, .max_value_count = 6};

/* Without a byte behind the text, so that the sanitizer sees every step too far. */
static enum pros_status parse(const char *text, size_t size, const struct json_parse_limits *limits,
                              cJSON **tree, char **copy, struct failure *failure)
{
    *copy = malloc(size ? size : 1);
    memcpy(*copy, text, size);
    return json_parse(*copy, size, limits, tree, failure);
}

struct case_ {
    const char *text;
    const char *error; /* part of the sentence; NULL: it is good */
};

static void check_cases(const struct case_ *cases, size_t count,
                        const struct json_parse_limits *limits)
{
    for (size_t i = 0; i < count; i++) {
        struct failure failure = {0};
        cJSON *tree;
        char *copy;
        enum pros_status status =
            parse(cases[i].text, strlen(cases[i].text), limits, &tree, &copy, &failure);
        bool right = cases[i].error ? status != PROS_OK && !tree && *failure.reason &&
                                          strstr(failure.sentence, cases[i].error)
                                    : status == PROS_OK && tree;
        if (!CHECK(right))
            fprintf(stderr, "    %s\n    status %d: %s\n", cases[i].text, status, failure.sentence);
        CHECK_INT(failure.code, status);
        cJSON_Delete(tree);
        free(copy);
    }
}

#define CHECK_CASES(cases, limits) check_cases(cases, sizeof cases / sizeof *cases, limits)

static void test_good(void)
{
    static const struct case_ cases[] = {
        {"1", NULL},
        {"-0", NULL},
        {"-1.5E+3", NULL},
        {"1e-400", NULL},
        {"\"\"", NULL},
        {"null", NULL},
        {" [ true , false , null ] \r\n\t", NULL},
        {"{\"\":[],\"a\":{}}", NULL},
        {"{\"a\":1,\"A\":2}", NULL},
        {"[{\"a\":1},{\"a\":1}]", NULL},
        {"\"\\ud83d\\ude00 \\u0001 \xF4\x8F\xBF\xBF\"", NULL},
        {"123456789012345678901234567890123456789012345678901234567890123", NULL},
    };
    CHECK_CASES(cases, NULL);
}

static void test_bad_texts(void)
{
    static const struct case_ cases[] = {
        {"", "is empty"},
        {" \n", "is empty"},
        {"\xEF\xBB\xBF{}", "at character 1"},
        {"{}\n\n x", "something behind its end (at line 3, character 2)"},
        {"1 2", "something behind its end (at character 3)"},
        {"{\"a\":\"x\\u0000y\"}", "a: contains \\u0000"},
        {"{\"\\u0000\":1}", "contains \\u0000"},
        {"\"\\ud83d\"", "surrogate"},
        {"\"\\ud83d\\n\"", "surrogate"},
        {"\"\\ud83d\\ud83d\"", "surrogate"},
        {"\"\\ude00\"", "surrogate"},
        {"\"\\u12g4\"", "without four digits"},
        {"\"\\u12", "without four digits"},
        {"\"\\x\"", "unknown escape"},
        {"\"\\", "unknown escape"},
        {"\"a\nb\"", "raw control character"},
        {"\"\x7F\"", NULL},
        {"\"\xC0\x80\"", "not UTF-8"},
        {"\"\xED\xA0\x80\"", "not UTF-8"},
        {"\"\xF0\x9F\x98", "not UTF-8"},
        {"{\"\xFF\":1}", "not UTF-8"},
        {"'a'", "must be a number, a text"},
        {"{a:1}", "must be a text in quotes"},
        {"[1,]", "[1]: has no value"},
        {"{\"a\":}", "a: has no value"},
        {"[1 2]", "list without its end"},
        {"[1", "list without its end"},
        {"{\"a\":1", "object without its end"},
        {"[1}", "list without its end"},
        {"/* note */ 1", "must be a number, a text"},
        {"True", "must be a number, a text"},
        {"truest", "something behind"},
        {"nul", "null"},
    };
    CHECK_CASES(cases, NULL);
}

static void test_bad_numbers(void)
{
    static const struct case_ cases[] = {
        {"01", "leading zeros"},
        {"-01", "leading zeros"},
        {"0x10", "something behind"},
        {"1.", "behind the point"},
        {".5", "must be a number"},
        {"+1", "must be a number"},
        {"-", "must be a number"},
        {"1e", "exponent"},
        {"1e+", "exponent"},
        {"NaN", "must be a number"},
        {"-Infinity", "must be a number"},
        {"1234567890123456789012345678901234567890123456789012345678901234", "too many digits"},
        {"{\"a\":[0,{\"b\":\n 1e400}]}",
         "a[1].b: is too large; it must be a finite number (at line 2, character 2)"},
        {"[\"1e400\",\"\\\"9\",-1e400]", "[2]: is too large"},
    };
    CHECK_CASES(cases, NULL);
}

static void test_duplicates(void)
{
    static const struct case_ cases[] = {
        {"{\"a\":1,\"b\":2,\"a\":3}", "a: is given twice"},
        {"{\"a\":1,\"\\u0061\":2}", "a: is given twice"},
        {"[{},{\"shows\":[{\"x y\":{},\"x y\":1}]}]", "[1].shows[0][\"x y\"]: is given twice"},
        {"{\"\":1,\"\":1}", "[\"\"]: is given twice"},
        {"{\"a\\nb\":1,\"a\\nb\":1}", "[\"a?b\"]: is given twice"},
    };
    CHECK_CASES(cases, NULL);
}

static void test_limits(void)
{
    static const struct case_ cases[] = {
        {"[[[]]]", NULL},
        {"[[[[]]]]", "[0][0][0]: is nested too deeply"},
        {"[1,2,3,4,5]", NULL},
        {"[1,2,3,4,5,6]", "[5]: has too many values"},
        {"\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"",
         "larger than 64 bytes"},
    };
    CHECK_CASES(cases, &small);
    struct failure failure;
    cJSON *tree;
    CHECK_INT(json_parse("[1,2,3,4,5,6]", 13, &small, &tree, &failure), PROS_RESOURCE_EXHAUSTED);
    CHECK_INT(json_parse("[[[[]]]]", 8, &small, &tree, &failure), PROS_INVALID_ARGUMENT);
    CHECK_STR(failure.reason, "NESTED_TOO_DEEPLY");
    CHECK_INT(json_parse("[", 1, NULL, &tree, NULL), PROS_INVALID_ARGUMENT);
}

/* 64 levels are good, 65 are not, a million cost nothing. */
static void test_depth(void)
{
    static char text[1000000];
    struct failure failure;
    cJSON *tree;
    memset(text, '[', sizeof text);
    CHECK_INT(json_parse(text, sizeof text, NULL, &tree, &failure), PROS_INVALID_ARGUMENT);
    CHECK_STR(failure.reason, "NESTED_TOO_DEEPLY");
    memset(text + 64, ']', 64);
    CHECK_INT(json_parse(text, 128, NULL, &tree, &failure), PROS_OK);
    cJSON_Delete(tree);
    memset(text + 64, '[', 1);
    memset(text + 65, ']', 65);
    CHECK_INT(json_parse(text, 130, NULL, &tree, &failure), PROS_INVALID_ARGUMENT);
}

/* A number keeps its digits; a text and a name with digits in them do not disturb the order. */
static void test_number_texts(void)
{
    static const char text[] =
        "{\"1\":9007199254740993,\"b\":\"-2\\\\\",\"c\":[-1.50e3,0.1,true,{\"4\":0}]}";
    char number[JSON_NUMBER_SIZE];
    struct failure failure;
    cJSON *tree, *list;
    if (!CHECK_INT(json_parse(text, sizeof text - 1, NULL, &tree, &failure), PROS_OK))
        return;
    json_number_text(cJSON_GetObjectItemCaseSensitive(tree, "1"), number);
    CHECK_STR(number, "9007199254740993");
    list = cJSON_GetObjectItemCaseSensitive(tree, "c");
    json_number_text(cJSON_GetArrayItem(list, 0), number);
    CHECK_STR(number, "-1.50e3");
    json_number_text(cJSON_GetArrayItem(list, 1), number);
    CHECK_STR(number, "0.1");
    json_number_text(cJSON_GetArrayItem(list, 3)->child, number);
    CHECK_STR(number, "0");
    CHECK_NEAR(cJSON_GetArrayItem(list, 0)->valuedouble, -1500, 0);
    cJSON_Delete(tree);
}

/* Quadratic work would take minutes here. */
static void test_many_members(void)
{
    struct buffer text;
    struct failure failure;
    cJSON *tree;
    buffer_open(&text, 16 << 20);
    buffer_add_string(&text, "{\"n7\":0");
    for (int i = 300000; i > 8; i--)
        buffer_add_format(&text, ",\"n%d\":0", i);
    buffer_add_string(&text, "}");
    CHECK_INT(json_parse(text.data, text.size, NULL, &tree, &failure), PROS_OK);
    cJSON_Delete(tree);
    text.data[text.size - 1] = ',';
    buffer_add_string(&text, "\"n7\":1}");
    CHECK_INT(json_parse(text.data, text.size, NULL, &tree, &failure), PROS_INVALID_ARGUMENT);
    CHECK_STR(failure.reason, "DUPLICATE_MEMBER");
    buffer_close(&text);
}

CHECK_MAIN(test_good, test_bad_texts, test_bad_numbers, test_duplicates, test_limits, test_depth,
           test_number_texts, test_many_members)
