/* Dates and instants: strict, and the same both ways. */
#include "base/clock.h"
#include "unit/check.h"

static void days_go_both_ways(void)
{
    static const struct {
        const char *date;
        int32_t days;
        int weekday; /* 0 = Monday */
    } cases[] = {
        {"1970-01-01", 0, 3},       {"1969-12-31", -1, 2},      {"2000-02-29", 11016, 1},
        {"2024-02-29", 19782, 3},   {"2026-11-24", 20781, 1},   {"1900-03-01", -25508, 3},
        {"0001-01-01", -719162, 0}, {"9999-12-31", 2932896, 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int32_t days = 7;
        char text[CLOCK_TEXT_SIZE];
        CHECK(clock_parse_date(cases[i].date, &days));
        CHECK_INT(days, cases[i].days);
        CHECK_INT(clock_weekday(days), cases[i].weekday);
        clock_format_date(days, text);
        CHECK_STR(text, cases[i].date);
    }
    int previous = -1, errors = 0;
    for (int32_t days = -719162; days <= 2932896; days += 1) {
        int year, month, day;
        clock_date_from_days(days, &year, &month, &day);
        errors += clock_days_from_date(year, month, day) != days;
        errors += previous >= 0 && clock_weekday(days) != (previous + 1) % 7;
        previous = clock_weekday(days);
    }
    CHECK_INT(errors, 0);
}

static void bad_dates_are_refused(void)
{
    static const char *const cases[] = {
        "",           "2023-02-29",  "1900-02-29",  "2026-13-01",  "2026-00-10",
        "2026-01-00", "2026-04-31",  "0000-01-01",  "2026-1-1",    "26-01-01",
        "2026/01/01", " 2026-01-01", "2026-01-01 ", "2026-01-01x", "+026-01-01",
        "2026-01-1x", "-001-01-01",  "20260101",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int32_t days = 42;
        if (!CHECK(!clock_parse_date(cases[i], &days)))
            fprintf(stderr, "    \"%s\"\n", cases[i]);
        CHECK_INT(days, 42);
    }
}

static void instants_go_both_ways(void)
{
    static const struct {
        const char *text;
        int64_t instant_ms;
        const char *again;
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"},
        {"2026-11-24", 1795478400000, "2026-11-24T00:00:00Z"},
        {"2026-11-24T13:45:00.123Z", 1795527900123, "2026-11-24T13:45:00.123Z"},
        {"2026-11-24t13:45:00z", 1795527900000, "2026-11-24T13:45:00Z"},
        {"2026-11-24 13:45:00Z", 1795527900000, "2026-11-24T13:45:00Z"},
        {"2026-11-24T15:45:00+02:00", 1795527900000, "2026-11-24T13:45:00Z"},
        {"2026-11-24T08:15:00-05:30", 1795527900000, "2026-11-24T13:45:00Z"},
        {"2026-11-24T13:45:00.1Z", 1795527900100, "2026-11-24T13:45:00.100Z"},
        {"2026-11-24T13:45:00.123999999Z", 1795527900123, "2026-11-24T13:45:00.123Z"},
        {"1969-12-31T23:59:59.999Z", -1, "1969-12-31T23:59:59.999Z"},
        {"0001-01-01T00:00:00Z", -62135596800000, "0001-01-01T00:00:00Z"},
        {"9999-12-31T23:59:59.999Z", 253402300799999, "9999-12-31T23:59:59.999Z"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t instant_ms = 7;
        char text[CLOCK_TEXT_SIZE];
        CHECK(clock_parse_instant(cases[i].text, &instant_ms));
        CHECK_INT(instant_ms, cases[i].instant_ms);
        clock_format_instant(instant_ms, text);
        CHECK_STR(text, cases[i].again);
    }
    char text[CLOCK_TEXT_SIZE];
    clock_format_instant(INT64_MAX, text);
    CHECK_STR(text, "9999-12-31T23:59:59.999Z");
    clock_format_instant(INT64_MIN, text);
    CHECK_STR(text, "0001-01-01T00:00:00Z");
}

static void bad_instants_are_refused(void)
{
    static const char *const cases[] = {
        "2026-11-24T13:45:00",
        "2026-11-24T13:45Z",
        "2026-11-24T24:00:00Z",
        "2026-11-24T13:60:00Z",
        "2026-11-24T13:45:60Z",
        "2026-11-24T13:45:00.Z",
        "2026-11-24T13:45:00+24:00",
        "2026-11-24T13:45:00+0200",
        "2026-11-24T13:45:00.1234567890Z",
        "2026-11-24T13:45:00Zx",
        "2026-02-30T13:45:00Z",
        "2026-11-24_13:45:00Z",
        "2026-11-24T",
        "2026-11-24T13:45:00+02:60",
        "1795527900",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t instant_ms = 42;
        if (!CHECK(!clock_parse_instant(cases[i], &instant_ms)))
            fprintf(stderr, "    \"%s\"\n", cases[i]);
        CHECK_INT(instant_ms, 42);
    }
}

static void dates_begin_in_the_east(void)
{
    int64_t begin_ms = clock_local_date_start_ms(clock_days_from_date(2026, 11, 24));
    char text[CLOCK_TEXT_SIZE];
    clock_format_instant(begin_ms, text);
    CHECK_STR(text, "2026-11-23T10:00:00Z");
}

static void clocks_run(void)
{
    CHECK(clock_now_ms() > INT64_C(1700000000000));
    int64_t before = clock_monotonic_us();
    CHECK(clock_monotonic_us() >= before);
}

CHECK_MAIN(days_go_both_ways, bad_dates_are_refused, instants_go_both_ways,
           bad_instants_are_refused, dates_begin_in_the_east, clocks_run)
