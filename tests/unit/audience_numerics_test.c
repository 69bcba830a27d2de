/* Calendar, beta distribution and ridge regression against figures from outside. */
#include "numerics/beta.h"
#include "numerics/calendar.h"
#include "numerics/ridge.h"
#include "unit/check.h"

static void dates_are_read_and_written(void)
{
    const struct {
        const char *text;
        int day, weekday, iso_week;
    } rows[] = {{"1970-01-01", 0, 3, 1},      {"2000-02-29", 11016, 1, 9},
                {"2015-12-27", 16796, 6, 52}, {"2016-01-03", 16803, 6, 53},
                {"2021-01-04", 18631, 0, 1},  {"1998-09-27", 10496, 6, 39},
                {"2026-12-31", 20818, 3, 53}, {"1969-12-31", -1, 2, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int32_t day = -99;
        char text[CALENDAR_TEXT_SIZE];
        CHECK(calendar_parse(rows[i].text, &day));
        CHECK_INT(day, rows[i].day);
        CHECK_INT(calendar_weekday(day), rows[i].weekday);
        CHECK_INT(calendar_iso_week(day), rows[i].iso_week);
        calendar_format(day, text);
        CHECK_STR(text, rows[i].text);
    }
}

static void what_is_no_date_is_refused(void)
{
    const char *const rows[] = {"",           "2026",        "2026-2-03",  "2026-02-30",
                                "2025-02-29", "2026-13-01",  "2026-00-10", "2026-01-00",
                                "1899-12-31", "2026-01-011", "2026/01/01", "abcd-ef-gh",
                                "3000-01-01", "-026-01-01"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int32_t day;
        CHECK(!calendar_parse(rows[i], &day));
    }
}

static void beta_agrees_with_closed_forms(void)
{
    CHECK_NEAR(beta_cdf(0.3, 1, 1), 0.3, 1e-12);
    CHECK_NEAR(beta_cdf(0.3, 2, 1), 0.09, 1e-12);
    CHECK_NEAR(beta_cdf(0.3, 1, 3), 1 - 0.7 * 0.7 * 0.7, 1e-12);
    CHECK_NEAR(beta_cdf(0.5, 20, 20), 0.5, 1e-12);
    /* Binomial tail: P(Beta(3, 8) <= .25) = P(Bin(10, .25) >= 3). */
    CHECK_NEAR(beta_cdf(0.25, 3, 8), 0.474407, 1e-6);
    CHECK_INT(beta_cdf(-1, 2, 2), 0);
    CHECK_INT(beta_cdf(2, 2, 2), 1);
    CHECK(isnan(beta_cdf(0.5, 0, 1)) && isnan(beta_cdf(NAN, 1, 1)) &&
          isnan(beta_cdf(0.5, 1, INFINITY)));
}

static void beta_quantile_undoes_the_cdf(void)
{
    const double parameters[][2] = {{1, 1}, {0.5, 0.5}, {21.1, 2.9}, {300, 5}, {2, 80}};
    for (size_t i = 0; i < 5; i++) {
        double last = 0.0;
        for (double p = 0.05; p < 1.0; p += 0.05) {
            double x = beta_quantile(p, parameters[i][0], parameters[i][1]);
            CHECK_NEAR(beta_cdf(x, parameters[i][0], parameters[i][1]), p, 1e-8);
            CHECK(x >= last);
            last = x;
        }
    }
    CHECK(isnan(beta_quantile(1.5, 1, 1)) && isnan(beta_quantile(0.5, -1, 1)));
}

static void ridge_finds_the_plane(void)
{
    struct ridge ridge;
    double c[3];
    ridge_init(&ridge, 3);
    for (int i = 0; i < 20; i++) {
        double x[3] = {1, i, (i * 7) % 5};
        CHECK(ridge_add(&ridge, x, 2 - 0.5 * x[1] + 3 * x[2], 1 + i % 3));
    }
    CHECK(ridge_solve(&ridge, 0, c));
    CHECK_NEAR(c[0], 2, 1e-9);
    CHECK_NEAR(c[1], -0.5, 1e-9);
    CHECK_NEAR(c[2], 3, 1e-9);
    CHECK(ridge_solve(&ridge, 1e6, c));
    CHECK(fabs(c[1]) < 1e-3 && fabs(c[2]) < 1e-3);
}

static void ridge_refuses_what_is_not_a_number(void)
{
    struct ridge ridge;
    double bad[2] = {1, NAN}, good[2] = {1, 0}, c[2];
    ridge_init(&ridge, 2);
    CHECK(!ridge_solve(&ridge, 0.1, c));
    CHECK(!ridge_add(&ridge, bad, 1, 1));
    CHECK(!ridge_add(&ridge, good, INFINITY, 1));
    CHECK(!ridge_add(&ridge, good, 1, -1));
    CHECK(ridge_add(&ridge, good, 5, 1));
    CHECK(ridge_solve(&ridge, 0, c)); /* an input that is always zero has no coefficient */
    CHECK_NEAR(c[0], 5, 1e-12);
    CHECK_NEAR(c[1], 0, 1e-12);
}

CHECK_MAIN(dates_are_read_and_written, what_is_no_date_is_refused, beta_agrees_with_closed_forms,
           beta_quantile_undoes_the_cdf, ridge_finds_the_plane, ridge_refuses_what_is_not_a_number)
