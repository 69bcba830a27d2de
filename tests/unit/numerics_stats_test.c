/* Order statistics and robust slopes, against hand-made answers and hostile inputs. */
#include <float.h>

#include "numerics/stats.h"
#include "unit/check.h"

static void quantiles(void)
{
    static const struct {
        double values[6];
        size_t count;
        double q, want;
    } cases[] = {
        {{3, 1, 2}, 3, 0.5, 2},
        {{4, 1, 3, 2}, 4, 0.5, 2.5},
        {{1, 2, 3, 4, 5}, 5, 0.25, 2},
        {{1, 2, 3, 4, 5}, 5, 0.9, 4.6},
        {{7}, 1, 0.1, 7},
        {{NAN, 5, NAN, 1}, 4, 0.5, 3},
        {{INFINITY, 5, -INFINITY, 1}, 4, 1.0, 5},
        {{-4, -2}, 2, 0.0, -4},
        {{1, 2}, 2, 7.0, 2}, /* q is held inside [0, 1] */
        {{1, 2}, 2, -1.0, 1},
        {{DBL_MAX, DBL_MAX}, 2, 0.5, DBL_MAX},
    };
    double scratch[6];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_NEAR(stats_quantile(cases[i].values, cases[i].count, cases[i].q, scratch),
                   cases[i].want, 1e-12);
    const double none[] = {NAN, NAN};
    CHECK(isnan(stats_median(none, 2, scratch)));
    CHECK(isnan(stats_median(none, 0, scratch)));
    CHECK(isnan(stats_quantile(cases[0].values, 3, NAN, scratch)));
}

static void moments(void)
{
    const double values[] = {2, 4, 4, 4, 5, 5, 7, 9, NAN}, huge[] = {DBL_MAX, DBL_MAX, -DBL_MAX};
    double scratch[9];
    CHECK_NEAR(stats_mean(values, 9), 5.0, 1e-12);
    CHECK_NEAR(stats_mad(values, 9, scratch), 1.4826 * 0.5, 1e-12);
    CHECK(isfinite(stats_mean(huge, 3)));
    CHECK(isnan(stats_mean(values, 0)));
    CHECK(isnan(stats_mad(values, 0, scratch)));
    CHECK_INT(stats_count_finite(values, 9), 8);
}

static void links(void)
{
    CHECK_NEAR(stats_sigmoid(0.0), 0.5, 1e-15);
    CHECK_NEAR(stats_sigmoid(-800.0), 0.0, 1e-300);
    CHECK_NEAR(stats_sigmoid(800.0), 1.0, 0);
    CHECK_NEAR(stats_softplus(-800.0), 0.0, 1e-300);
    CHECK_NEAR(stats_softplus(800.0), 800.0, 1e-12);
    CHECK_NEAR(stats_sigmoid(log(3.0)), 0.75, 1e-12);
    CHECK(isnan(stats_sigmoid(NAN)));
    CHECK_NEAR(stats_clamp(NAN, 1.0, 2.0), 1.0, 0);
    CHECK_NEAR(stats_clamp(9.0, 1.0, 2.0), 2.0, 0);
}

static void slopes(void)
{
    const double x[] = {0, 1, 2, 3, 4, 5}, y[] = {1, 3, 5, 7, 900, 11},
                 holes[] = {1, NAN, 5, 7, NAN, 11};
    const double same[] = {2, 2, 2, 2, 2, 2};
    double scratch[15], intercept, slope;
    CHECK_NEAR(stats_theil_sen(x, y, 6, scratch), 2.0, 1e-12); /* deaf to the outlier */
    CHECK_NEAR(stats_theil_sen(x, holes, 6, scratch), 2.0, 1e-12);
    CHECK_NEAR(stats_theil_sen(x, same, 6, scratch), 0.0, 1e-12);
    CHECK(isnan(stats_theil_sen(same, y, 6, scratch)));
    CHECK(isnan(stats_theil_sen(x, y, 1, scratch)));
    CHECK(stats_line(x, holes, 6, &intercept, &slope));
    CHECK_NEAR(slope, 2.0, 1e-12);
    CHECK_NEAR(intercept, 1.0, 1e-12);
    CHECK(!stats_line(same, y, 6, &intercept, &slope));
    CHECK(!stats_line(x, y, 0, &intercept, &slope));
}

static void hampel(void)
{
    double values[20], output[20];
    for (size_t i = 0; i < 20; i++)
        values[i] = 10.0;
    values[8] = 500.0;
    values[12] = NAN;
    CHECK_INT(stats_hampel(values, 20, 5, 4.0, 0.1, output), 1);
    CHECK_NEAR(output[8], 10.0, 1e-12);
    CHECK(isnan(output[12]));
    for (size_t i = 0; i < 20; i++)
        values[i] = (double)i; /* steady growth is no outlier */
    CHECK_INT(stats_hampel(values, 20, 5, 4.0, 0.1, output), 0);
    CHECK_INT(stats_hampel(values, 0, 5, 4.0, 0.1, output), 0);
    CHECK_INT(stats_hampel(values, 1, 5, 4.0, 0.1, output), 0);
}

CHECK_MAIN(quantiles, moments, links, slopes, hampel)
