/* Smoothers, seasons, gaps and conformal quantiles. */
#include "numerics/smoothing.h"
#include "unit/check.h"

enum { LENGTH = 60, AHEAD = 5 };

typedef bool (*method)(const double *values, size_t length, double *forecast, size_t horizon);
static const method methods[] = {smoothing_naive, smoothing_damped_holt, smoothing_theta,
                                 smoothing_theta_log};

static void constant_series(void)
{
    double values[LENGTH], forecast[AHEAD];
    for (size_t i = 0; i < LENGTH; i++)
        values[i] = 42.0;
    for (size_t m = 0; m < 4; m++) {
        CHECK(methods[m](values, LENGTH, forecast, AHEAD));
        for (size_t h = 0; h < AHEAD; h++)
            CHECK_NEAR(forecast[h], 42.0, 1e-9);
    }
}

static void trends(void)
{
    double line[LENGTH], growth[LENGTH], forecast[AHEAD];
    for (size_t i = 0; i < LENGTH; i++) {
        line[i] = 100.0 + 3.0 * (double)i;
        growth[i] = 100.0 * pow(1.02, (double)i);
    }
    CHECK(smoothing_damped_holt(line, LENGTH, forecast, AHEAD));
    CHECK(forecast[AHEAD - 1] > line[LENGTH - 1] + 10.0 &&
          forecast[AHEAD - 1] <= line[LENGTH - 1] + 15.1);
    CHECK(smoothing_theta(line, LENGTH, forecast,
                          AHEAD)); /* half the slope, from nearly the last value */
    CHECK(forecast[AHEAD - 1] > line[LENGTH - 1] && forecast[AHEAD - 1] < line[LENGTH - 1] + 15.0);
    CHECK(smoothing_theta_log(growth, LENGTH, forecast, AHEAD));
    CHECK_NEAR(log(forecast[4] / forecast[3]), log(1.02) / 2.0, 1e-9);
}

static void refusals(void)
{
    const double bad[] = {1, 2, NAN, 4, 5}, zero[] = {1, 0, 2, 3, 4},
                 huge[] = {1e300, 1.1e300, 1.2e300, 1.2e300};
    const double negative[] = {-5, -4, -3, -2};
    double forecast[AHEAD], alpha, level;
    for (size_t m = 0; m < 4; m++) {
        CHECK(!methods[m](bad, 5, forecast, AHEAD));
        CHECK(!methods[m](bad, 2, forecast, AHEAD));
        CHECK(!methods[m](bad, 0, forecast, AHEAD));
        CHECK(methods[m](huge, 4, forecast, AHEAD));
        CHECK(isfinite(forecast[0]));
    }
    CHECK(!smoothing_theta_log(zero, 5, forecast, AHEAD));
    CHECK(!smoothing_theta_log(negative, 4, forecast, AHEAD));
    CHECK(smoothing_theta(negative, 4, forecast, AHEAD));
    CHECK(!smoothing_ses(bad, SMOOTHING_LENGTH_MAX + 1, &alpha, &level));
}

static void ses(void)
{
    const double level_shift[] = {10, 10, 10, 10, 20, 20, 20, 20};
    double alpha, level;
    CHECK(smoothing_ses(level_shift, 8, &alpha, &level));
    CHECK(alpha > 0.9 && level > 19.9);
}

static void seasons(void)
{
    double values[70], adjusted[70], forecast[7];
    static const double week[7] = {0.8, 0.8, 0.9, 0.9, 1.2, 1.4, 1.0};
    for (size_t i = 0; i < 70; i++)
        values[i] = 1000.0 * week[i % 7] * (i == 30 ? 9.0 : 1.0); /* one spike */
    struct season season = season_estimate(values, 70, 7);
    values[30] = 900.0;
    season = season_estimate(values, 70, 7);
    CHECK_INT(season.period, 7);
    for (size_t p = 0; p < 7; p++)
        CHECK_NEAR(season.index[p], week[p], 0.01);
    season_remove(&season, values, 70, adjusted);
    CHECK(smoothing_naive(adjusted, 70, forecast, 7));
    season_apply(&season, 70, forecast, 7);
    for (size_t h = 0; h < 7; h++)
        CHECK_NEAR(forecast[h], 1000.0 * week[h], 15.0);
    for (size_t i = 0; i < 70; i++)
        values[i] = 5.0;
    CHECK_INT(season_estimate(values, 70, 7).period, 1); /* constant */
    values[3] = 0.0;
    CHECK_INT(season_estimate(values, 70, 7).period, 1); /* not positive */
    CHECK_INT(season_estimate(values, 20, 7).period, 1); /* below three periods */
    CHECK_INT(season_estimate(values, 70, SEASON_PERIOD_MAX + 1).period, 1);
}

static void gaps(void)
{
    double values[] = {NAN, 1, NAN, NAN, 4, NAN, NAN, NAN, 8, NAN};
    CHECK_INT(smoothing_fill_gaps(values, 10, 2), 5); /* the ends and the gap of three stay */
    CHECK_NEAR(values[2], 2.0, 1e-12);
    CHECK_NEAR(values[3], 3.0, 1e-12);
    CHECK(isnan(values[0]) && isnan(values[5]) && isnan(values[9]));
    double none[] = {NAN, NAN};
    CHECK_INT(smoothing_fill_gaps(none, 2, 5), 2);
    CHECK_INT(smoothing_fill_gaps(none, 0, 5), 0);
}

static void conformal(void)
{
    double scores[] = {9, 1, 8, 2, 7, 3, 6, 4, 5};
    CHECK_NEAR(conformal_quantile(scores, 9, 0.8), 8.0, 1e-12); /* the 8th of 9: ceil(0.8 x 10) */
    CHECK_NEAR(conformal_quantile(scores, 9, 0.9), 9.0, 1e-12);
    CHECK(isnan(conformal_quantile(scores, 9, 0.95))); /* nine outcomes cannot promise 95 % */
    CHECK(isnan(conformal_quantile(scores, 0, 0.5)));
    CHECK(isnan(conformal_quantile(scores, 9, 0.0)));
}

CHECK_MAIN(constant_series, trends, refusals, ses, seasons, gaps, conformal)
