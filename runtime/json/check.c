#include "json/check.h"

#include "base/utf8.h"
#include "json/place.h"

#include <stdbool.h>
#include <string.h>

struct checker {
    const char *start, *at, *end;
    const struct json_parse_limits *limits;
    const struct json_place *place;
    size_t value_count;
    unsigned depth;
    enum pros_status status;
    struct failure *failure;
};

/* ---- what is wrong ---- */

static bool refuse_as(struct checker *checker, enum pros_status status, const char *reason,
                      const char *problem)
{
    char path[JSON_PATH_SIZE], spot[JSON_SPOT_SIZE];
    json_place_path(checker->place, path);
    json_place_spot(checker->start, (size_t)(checker->end - checker->start), checker->at, spot);
    checker->status =
        failure_set(checker->failure, status, reason, "%s: %s (%s).", path, problem, spot);
    return false;
}

static bool refuse(struct checker *checker, const char *problem)
{
    return refuse_as(checker, PROS_INVALID_ARGUMENT, "INVALID_JSON", problem);
}

/* ---- characters ---- */

/* The character behind blanks; 0 at the end. */
static char peek(struct checker *checker)
{
    while (checker->at < checker->end && (*checker->at == ' ' || *checker->at == '\t' ||
                                          *checker->at == '\n' || *checker->at == '\r'))
        checker->at++;
    return checker->at < checker->end ? *checker->at : '\0';
}

static bool take(struct checker *checker, char wanted)
{
    if (peek(checker) != wanted)
        return false;
    checker->at++;
    return true;
}

static bool take_here(struct checker *checker, char wanted)
{
    bool here = checker->at < checker->end && *checker->at == wanted;
    checker->at += here;
    return here;
}

/* ---- texts ---- */

static bool check_hex(struct checker *checker, uint32_t *value)
{
    uint32_t sum = 0;
    for (int i = 0; i < 4; i++) {
        char c = checker->at < checker->end ? *checker->at : '\0';
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                                : 16;
        if (digit == 16)
            return refuse(checker, "has a \\u without four digits");
        sum = sum << 4 | digit;
        checker->at++;
    }
    *value = sum;
    return true;
}

/* Behind the backslash. */
static bool check_escape(struct checker *checker)
{
    uint32_t unit, low = 0;
    if (!take_here(checker, 'u')) {
        char c = checker->at < checker->end ? *checker->at : '\0';
        if (!c || !strchr("\"\\/bfnrt", c))
            return refuse(checker, "has an unknown escape in a text");
        checker->at++;
        return true;
    }
    if (!check_hex(checker, &unit))
        return false;
    if (unit == 0)
        return refuse(checker, "contains \\u0000, which a text cannot hold");
    if (unit < 0xD800 || unit > 0xDFFF)
        return true;
    bool paired = unit < 0xDC00 && take_here(checker, '\\') && take_here(checker, 'u');
    if (paired && !check_hex(checker, &low))
        return false;
    return (low >= 0xDC00 && low <= 0xDFFF) || refuse(checker, "has half of a surrogate pair");
}

/* Leaves the raw text between the quotes in from and size. */
static bool check_text(struct checker *checker, const char **from, size_t *size)
{
    checker->at++;
    *from = checker->at;
    while (checker->at < checker->end) {
        unsigned char c = (unsigned char)*checker->at;
        uint32_t point;
        size_t length;
        if (c == '"') {
            *size = (size_t)(checker->at++ - *from);
            return true;
        }
        if (c < 0x20)
            return refuse(checker, "has a raw control character in a text; write it as an escape");
        if (c == '\\') {
            checker->at++;
            if (!check_escape(checker))
                return false;
            continue;
        }
        length = utf8_read(checker->at, (size_t)(checker->end - checker->at), &point);
        if (length == 0)
            return refuse(checker, "is not UTF-8 text; save it in that encoding");
        checker->at += length;
    }
    return refuse(checker, "has a text without an end");
}

/* ---- numbers and words ---- */

static size_t take_digits(struct checker *checker)
{
    const char *start = checker->at;
    while (checker->at < checker->end && *checker->at >= '0' && *checker->at <= '9')
        checker->at++;
    return (size_t)(checker->at - start);
}

static bool check_number(struct checker *checker)
{
    const char *start = checker->at;
    take_here(checker, '-');
    const char *digits = checker->at;
    size_t count = take_digits(checker);
    if (count == 0)
        return refuse(checker, "must be a number");
    if (count > 1 && *digits == '0')
        return refuse(checker, "has a number with leading zeros");
    if (take_here(checker, '.') && take_digits(checker) == 0)
        return refuse(checker, "has a number without digits behind the point");
    if (take_here(checker, 'e') || take_here(checker, 'E')) {
        if (!take_here(checker, '+'))
            take_here(checker, '-');
        if (take_digits(checker) == 0)
            return refuse(checker, "has a number without digits in its exponent");
    }
    if ((size_t)(checker->at - start) >= JSON_NUMBER_SIZE)
        return refuse(checker, "has a number with too many digits");
    return true;
}

static bool check_word(struct checker *checker, const char *word, const char *problem)
{
    size_t size = strlen(word);
    if ((size_t)(checker->end - checker->at) < size || memcmp(checker->at, word, size) != 0)
        return refuse(checker, problem);
    checker->at += size;
    return true;
}

/* ---- values ---- */

static bool check_value(struct checker *checker);

static bool check_inner(struct checker *checker, struct json_place *place)
{
    place->outer = checker->place;
    checker->place = place;
    if (place->name && !take(checker, ':'))
        return refuse(checker, "has no \":\" behind its name");
    bool good = check_value(checker);
    checker->place = place->outer;
    return good;
}

/* Both begin behind the opening brace or bracket. */
static bool check_object(struct checker *checker)
{
    if (take(checker, '}'))
        return true;
    do {
        struct json_place place = {0};
        if (peek(checker) != '"')
            return refuse(checker, peek(checker) ? "has a name that must be a text in quotes"
                                                 : "has an object without its end");
        if (!check_text(checker, &place.name, &place.name_size) || !check_inner(checker, &place))
            return false;
    } while (take(checker, ','));
    return take(checker, '}') ||
           refuse(checker, "has an object without its end, or members without a comma");
}

static bool check_list(struct checker *checker)
{
    struct json_place place = {0};
    if (take(checker, ']'))
        return true;
    do {
        if (!check_inner(checker, &place))
            return false;
        place.index++;
    } while (take(checker, ','));
    return take(checker, ']') ||
           refuse(checker, "has a list without its end, or values without a comma");
}

static bool check_container(struct checker *checker, char opening)
{
    if (checker->depth == checker->limits->max_depth)
        return refuse_as(checker, PROS_INVALID_ARGUMENT, "NESTED_TOO_DEEPLY",
                         "is nested too deeply");
    checker->at++;
    checker->depth++;
    bool good = opening == '{' ? check_object(checker) : check_list(checker);
    checker->depth--;
    return good;
}

static bool check_value(struct checker *checker)
{
    const char *from;
    size_t size;
    char c = peek(checker);
    if (checker->value_count++ == checker->limits->max_value_count)
        return refuse_as(checker, PROS_RESOURCE_EXHAUSTED, "TOO_LARGE",
                         "has too many values; send it in smaller parts");
    switch (c) {
    case '{':
    case '[':
        return check_container(checker, c);
    case '"':
        return check_text(checker, &from, &size);
    case 't':
        return check_word(checker, "true", "must be true or false");
    case 'f':
        return check_word(checker, "false", "must be true or false");
    case 'n':
        return check_word(checker, "null", "must be null or a value");
    case '\0':
    case ',':
    case ']':
    case '}':
        return refuse(checker, "has no value where one must be");
    default:
        return (c == '-' || (c >= '0' && c <= '9'))
                   ? check_number(checker)
                   : refuse(checker, "must be a number, a text in quotes, a list, an object, true, "
                                     "false or null");
    }
}

enum pros_status json_check(const char *text, size_t size, const struct json_parse_limits *limits,
                            struct failure *failure)
{
    struct checker checker = {
        .start = text,
        .at = text,
        .end = size ? text + size : text,
        .limits = limits,
        .failure = failure,
    };
    if (size > limits->max_bytes)
        return failure_set(failure, PROS_RESOURCE_EXHAUSTED, "TOO_LARGE",
                           "The JSON document is larger than %zu bytes; send it in smaller parts.",
                           limits->max_bytes);
    peek(&checker);
    if (checker.at == checker.end)
        return failure_set(failure, PROS_INVALID_ARGUMENT, "INVALID_JSON",
                           "the JSON document: is empty; an object without members is {}.");
    if (!check_value(&checker))
        return checker.status;
    peek(&checker);
    if (checker.at != checker.end)
        refuse(&checker, "has something behind its end");
    return checker.status;
}
