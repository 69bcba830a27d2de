/* Figures, dates and money as strangers write them. */
#include "cli/clean.h"
#include "unit/check.h"

static char why[CLEAN_WHY_SIZE];

static void value_cases(void)
{
    static const struct {
        const char *text;
        char thousands;
        double want; /* -1: refused */
        bool rounded;
    } cases[] = {
        {"0", 0, 0, false},
        {"1234", 0, 1234, false},
        {"12.5", 0, 12.5, false},
        {"1.5e6", 0, 1.5e6, false},
        {"97.9K", 0, 97900, true},
        {"1.2M", 0, 1200000, true},
        {"3b", 0, 3e9, true},
        {"1,234", 0, -1, false},
        {"1,234", ',', 1234, false},
        {"1,234,567", ',', 1234567, false},
        {"12,34", ',', -1, false},
        {",123", ',', -1, false},
        {"1,234.5", ',', 1234.5, false},
        {"1,,234", ',', -1, false},
        {"1'234", '\'', 1234, false},
        {"", 0, -1, false},
        {"-1", 0, -1, false},
        {"NaN", 0, -1, false},
        {"inf", 0, -1, false},
        {"-Infinity", 0, -1, false},
        {"1e400", 0, -1, false},
        {"1e16", 0, -1, false},
        {"12 ", 0, -1, false},
        {"0x10", 0, -1, false},
        {"K", 0, -1, false},
        {"12KK", 0, -1, false},
        {"1.2.3", 0, -1, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double value = -1;
        bool rounded = false;
        bool good = clean_value(cases[i].text, cases[i].thousands, &value, &rounded, why);
        if (!CHECK_NEAR(good ? value : -1, cases[i].want, 0) ||
            !CHECK(!good || rounded == cases[i].rounded))
            fprintf(stderr, "    in case \"%s\"\n", cases[i].text);
        CHECK(good || *why);
    }
}

static void count_cases(void)
{
    static const struct {
        const char *text;
        int64_t want;
    } cases[] = {{"0", 0},
                 {"120", 120},
                 {"120.0", 120},
                 {"120.5", -1},
                 {"-3", -1},
                 {"", -1},
                 {"1K", -1},
                 {"1e3", -1},
                 {"+5", -1},
                 {"120.", -1},
                 {"99999999999999", -1},
                 {"99999999999999999999999", -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t count = -1;
        if (!CHECK_INT(clean_count(cases[i].text, 0, &count, why) ? count : -1, cases[i].want))
            fprintf(stderr, "    in case \"%s\"\n", cases[i].text);
    }
}

static void money_cases(void)
{
    static const struct {
        const char *text, *currency;
        int64_t want;
    } cases[] = {{"2500", "USD", 250000},    {"2500.00", "USD", 250000},
                 {"2500.5", "USD", 250050},  {"2,500.00", "USD", 250000},
                 {"2500.005", "USD", -1},    {"2500.000", "USD", 250000},
                 {"2500", "JPY", 2500},      {"2500.5", "JPY", -1},
                 {"2500.00", "JPY", 2500},   {"1.234", "KWD", 1234},
                 {"-1", "USD", -1},          {"", "USD", -1},
                 {"1", "XYZ", -1},           {"1.2.3", "USD", -1},
                 {"99999999999", "USD", -1}, {"1e3", "USD", -1}};
    char currency[4];
    int64_t minor;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        minor = -1;
        if (!CHECK_INT(clean_money(cases[i].text, ',', cases[i].currency, &minor, why) ? minor : -1,
                       cases[i].want))
            fprintf(stderr, "    in case \"%s\" %s\n", cases[i].text, cases[i].currency);
    }
    CHECK(clean_price("25.00 usd", &minor, currency, why));
    CHECK_INT(minor, 2500);
    CHECK_STR(currency, "USD");
    CHECK(!clean_price("25.00", &minor, currency, why));
    CHECK(!clean_price("25.00 dollars", &minor, currency, why));
}

static void date_cases(void)
{
    int32_t days = 0;
    int64_t ms = 0;

    CHECK(clean_date("1970-01-02", &days, why));
    CHECK_INT(days, 1);
    CHECK(!clean_date("24-11-2026", &days, why) && strstr(why, "wrong way round"));
    CHECK(!clean_date("24/11/2026", &days, why) && strstr(why, "wrong way round"));
    CHECK(!clean_date("2026-02-30", &days, why));
    CHECK(!clean_date("2026-1-2", &days, why));
    CHECK(!clean_date("", &days, why));
    CHECK(clean_instant("1970-01-02", &ms, why));
    CHECK_INT(ms, 86400000);
    CHECK(clean_instant("1970-01-01T00:00:01Z", &ms, why));
    CHECK_INT(ms, 1000);
    CHECK(clean_instant("1970-01-01 00:00:02", &ms, why));
    CHECK_INT(ms, 2000);
    CHECK(clean_instant("1970-01-01T01:00:03+01:00", &ms, why));
    CHECK_INT(ms, 3000);
    CHECK(!clean_instant("yesterday", &ms, why));
    CHECK(!clean_instant("1970-01-01 25:00:00", &ms, why));
}

static void small_cases(void)
{
    int64_t seconds = 0;
    double share = 0;
    bool value = false;

    CHECK(clean_duration("7d", &seconds, why) && seconds == 7 * 86400);
    CHECK(clean_duration("90", &seconds, why) && seconds == 90);
    CHECK(!clean_duration("7 days", &seconds, why));
    CHECK(!clean_duration("-7d", &seconds, why));
    CHECK(!clean_duration("99999999999999999d", &seconds, why));
    CHECK(clean_share("20%", &share, why) && share == 0.2);
    CHECK(clean_share("20 %", &share, why) && share == 0.2);
    CHECK(clean_share("0.2", &share, why) && share == 0.2);
    CHECK(!clean_share("20", &share, why));
    CHECK(!clean_share("120%", &share, why));
    CHECK(clean_bool("TRUE", &value, why) && value);
    CHECK(clean_bool("", &value, why) && !value);
    CHECK(!clean_bool("maybe", &value, why));
    CHECK(clean_kebab("source", "chart-us-weekly", why));
    CHECK(!clean_kebab("source", "Spotify", why));
    CHECK(!clean_kebab("source", "", why));
    CHECK(!clean_kebab("source", "-x", why));
}

CHECK_MAIN(value_cases, count_cases, money_cases, date_cases, small_cases)
