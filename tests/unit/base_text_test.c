/* Numbers, names and UTF-8 that strangers wrote. */
#include "base/id.h"
#include "base/text.h"
#include "unit/check.h"

#include <float.h>
#include <math.h>
#include <stdint.h>

static void utf8_is_checked(void)
{
    static const struct {
        const char *text;
        size_t size;
        bool good;
    } cases[] = {
        {"", 0, true},
        {"plain", 5, true},
        {"caf\xC3\xA9", 5, true},
        {"\xE2\x82\xAC", 3, true},
        {"\xF0\x9F\x8E\xB8", 4, true},
        {"\xF4\x8F\xBF\xBF", 4, true},
        {"\xF4\x90\x80\x80", 4, false}, /* beyond U+10FFFF */
        {"\xED\xA0\x80", 3, false},     /* surrogate */
        {"\xED\x9F\xBF", 3, true},
        {"\xC0\xAF", 2, false}, /* over-long */
        {"\xE0\x80\xAF", 3, false},
        {"\xF0\x80\x80\xAF", 4, false},
        {"\x80", 1, false},
        {"\xC3", 1, false},
        {"\xE2\x82", 2, false},
        {"\xF0\x9F\x8E", 3, false},
        {"\xC3(", 2, false},
        {"\xFF", 1, false},
        {"a\0b", 3, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (!CHECK(text_is_utf8(cases[i].text, cases[i].size) == cases[i].good))
            fprintf(stderr, "    case %zu\n", i);
}

static void integers_are_strict(void)
{
    static const struct {
        const char *text;
        bool good;
        int64_t value;
    } cases[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"+17", true, 17},
        {"007", true, 7},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"99999999999999999999999", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {" 1", false, 0},
        {"1 ", false, 0},
        {"1.0", false, 0},
        {"0x10", false, 0},
        {"1e3", false, 0},
        {"--1", false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t value = 42;
        if (!CHECK(text_parse_int(cases[i].text, &value) == cases[i].good))
            fprintf(stderr, "    \"%s\"\n", cases[i].text);
        CHECK_INT(value, cases[i].good ? cases[i].value : 42);
    }
}

static void doubles_are_strict(void)
{
    static const struct {
        const char *text;
        bool good;
        double value;
    } cases[] = {
        {"0", true, 0},         {"-1.5", true, -1.5},  {"+2", true, 2},     {".5", true, 0.5},
        {"1e3", true, 1000},    {"1E-3", true, 0.001}, {"1e+3", true, 1e3}, {"1e308", true, 1e308},
        {"1e-400", true, 0},    {"1e309", false, 0},   {"nan", false, 0},   {"inf", false, 0},
        {"Infinity", false, 0}, {"0x1p3", false, 0},   {"1.", false, 0},    {".", false, 0},
        {"", false, 0},         {"1,5", false, 0},     {" 1", false, 0},    {"1 ", false, 0},
        {"1e", false, 0},       {"1e+", false, 0},     {"1.5.2", false, 0}, {"-", false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double value = 42;
        if (!CHECK(text_parse_double(cases[i].text, &value) == cases[i].good))
            fprintf(stderr, "    \"%s\"\n", cases[i].text);
        CHECK(value == (cases[i].good ? cases[i].value : 42));
    }
}

static void doubles_print_shortest(void)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0, "0"},
        {-0.0, "-0"},
        {0.1, "0.1"},
        {1.0 / 3, "0.3333333333333333"},
        {100, "100"},
        {1e15, "1e+15"},
        {123456789, "123456789"},
        {0.1 + 0.2, "0.30000000000000004"},
        {DBL_MAX, "1.7976931348623157e+308"},
        {DBL_MIN, "2.2250738585072014e-308"},
        {4.9406564584124654e-324, "5e-324"},
        {NAN, "NaN"},
        {INFINITY, "Infinity"},
        {-INFINITY, "-Infinity"},
    };
    char text[32];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        text_format_double(cases[i].value, text);
        CHECK_STR(text, cases[i].text);
    }
    int errors = 0;
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = random_seed();
        double value, again = 0;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        text_format_double(value, text);
        errors += !text_parse_double(text, &again) || again != value;
    }
    CHECK_INT(errors, 0);
}

static void names_are_folded(void)
{
    static const struct {
        const char *name, *folded;
    } cases[] = {
        {"Bj\xC3\xB6rk", "bjork"},
        {"  Sigur   R\xC3\xB3s  ", "sigur ros"},
        {"Guns N' Roses", "guns n roses"},
        {"MOT\xC3\x96RHEAD!", "motorhead"},
        {"Beyonce\xCC\x81", "beyonce"}, /* a combining accent */
        {"\xC3\x86ther \xC5\x81\xC3\xB3"
         "dz",
         "aether lodz"},
        {"Stra\xC3\x9F"
         "e",
         "strasse"},
        {"\xE1\xBB\x86 V\xC5\xA9", "e vu"},
        {"AC/DC \xE2\x80\x93 Live", "ac dc live"},
        {"\xD0\x9A\xD0\xB8\xD0\xBD\xD0\xBE", "\xD0\x9A\xD0\xB8\xD0\xBD\xD0\xBE"},
        {"!!!", "!!!"},
        {" \xE2\x9C\xA8 ", "\xE2\x9C\xA8"},
        {"", ""},
        {"   ", ""},
        {"bad \xFF bytes", "bad bytes"},
        {"\xFF\xFE", ""},
    };
    char folded[64];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        text_fold_name(cases[i].name, folded, sizeof folded);
        CHECK_STR(folded, cases[i].folded);
    }
    char small[6];
    text_fold_name("Abcdefgh", small, sizeof small);
    CHECK_STR(small, "abcde");
    text_fold_name("Kino \xD0\x9A", small, sizeof small);
    CHECK_STR(small, "kino");
    text_fold_name("!!!!!!!!", small, sizeof small);
    CHECK_STR(small, "!!!!!");
}

static void distance_counts_edits(void)
{
    CHECK_INT(text_distance("listen", "listen"), 0);
    CHECK_INT(text_distance("listen", "lisen"), 1);
    CHECK_INT(text_distance("kitten", "sitting"), 3);
    CHECK_INT(text_distance("", "abc"), 3);
    char far[100];
    memset(far, 'x', sizeof far);
    far[99] = '\0';
    CHECK(text_distance(far, "x") > 1000);
}

CHECK_MAIN(utf8_is_checked, integers_are_strict, doubles_are_strict, doubles_print_shortest,
           names_are_folded, distance_counts_edits)
