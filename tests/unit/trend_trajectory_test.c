/* The audience index and the growth forecast on clean, broken and hostile series. */
#include <float.h>

#include "trend-analyzer/growth.h"
#include "trend-analyzer/trajectory.h"
#include "unit/check.h"

enum { DAY_MS = 86400000, DAYS = 100, TODAY = 20000 };

static int64_t times[DAYS];
static double values[DAYS];

/* start x (1 + rate)^day, the last point today. */
static struct trajectory_series growing(double start, double rate, bool is_flow)
{
    for (int i = 0; i < DAYS; i++) {
        times[i] = (int64_t)(TODAY - DAYS + 1 + i) * DAY_MS + 3600000;
        values[i] = start * pow(1.0 + rate, i);
    }
    return (struct trajectory_series){times, values, DAYS, is_flow};
}

static bool index_of(const struct trajectory_series *series, struct trajectory *trajectory)
{
    trajectory_begin(trajectory);
    return trajectory_add(trajectory, series, TODAY) && trajectory_finish(trajectory);
}

static struct trajectory_growth growth_of(const struct trajectory_series *series)
{
    struct trajectory trajectory;
    struct trajectory_growth growth = {NAN, NAN, NAN};
    if (CHECK(index_of(series, &trajectory)))
        CHECK(trajectory_growth(&trajectory, &growth));
    return growth;
}

static void steady(void)
{
    struct trajectory_series series = growing(50000, 0.01, false);
    struct trajectory_growth growth = growth_of(&series);
    CHECK_NEAR(growth.growth, 7 * log(1.01), 1e-4);
    CHECK_NEAR(growth.recent, 7 * log(1.01), 1e-4);
    CHECK_NEAR(growth.noise, 0.01, 1e-9); /* the floor */
    series = growing(50000, 0.01, true);
    CHECK_NEAR(growth_of(&series).growth, 7 * log(1.01), 1e-3);
    series = growing(50000, 0.0, false);
    CHECK_NEAR(growth_of(&series).growth, 0.0, 1e-12);
}

/* Gaps, a reset, a bought jump, a fading spike: the growth of the last weeks stays what it is. */
static void accidents(void)
{
    double honest = 7 * log(1.01);
    struct trajectory_series series = growing(50000, 0.01, false);
    for (int i = 80; i < DAYS; i++)
        values[i] *= 0.3; /* counter fell back */
    CHECK_NEAR(growth_of(&series).growth, honest, 0.01);
    series = growing(50000, 0.01, false);
    for (int i = 85; i < DAYS; i++)
        values[i] += 200000; /* bought in one night; the honest part is diluted from then on */
    CHECK(growth_of(&series).growth < honest + 0.01);
    series = growing(50000, 0.01, true);
    values[90] *= 20;
    values[91] *= 8;
    CHECK_NEAR(growth_of(&series).growth, honest, 0.02);
    series = growing(50000, 0.01, true);
    values[DAYS - 1] *= 30; /* one day is not believed yet */
    CHECK(growth_of(&series).recent < 3 * honest);
    series = growing(50000, 0.01, false);
    for (int i = 70; i < 80; i++)
        values[i] = NAN;
    CHECK_NEAR(growth_of(&series).growth, honest, 0.01);
    values[95] = -5;
    values[96] = INFINITY;
    CHECK_NEAR(growth_of(&series).growth, honest, 0.01);
    series = growing(1234567, 0.002, false);
    for (int i = 0; i < DAYS; i++)
        values[i] = round(values[i] / 10000) * 10000; /* rounded by the platform */
    CHECK_NEAR(growth_of(&series).growth, 7 * log(1.002), 0.006);
}

/* A counter of all views so far is read as views a day. */
static void running_total(void)
{
    double daily[DAYS], total = 1e6;
    struct trajectory_series series = growing(1000, 0.01, true);
    for (int i = 0; i < DAYS; i++) {
        total += values[i] * (i % 7 == 0 ? 1.4 : 0.9);
        values[i] = total;
    }
    values[60] = 5.0; /* a reset for one day */
    CHECK(trajectory_daily(&series, TODAY, daily, DAYS) >= DAYS - 3);
    CHECK(isnan(daily[0]) && isnan(daily[60]));
    CHECK_NEAR(daily[DAYS - 1], 1000 * pow(1.01, DAYS - 1) * 0.9, 1e-6);
    CHECK_NEAR(growth_of(&series).growth, 7 * log(1.01), 0.02);
    series = growing(5000, 0.0, true); /* a steady amount a day is no total */
    trajectory_daily(&series, TODAY, daily, DAYS);
    CHECK_NEAR(daily[50], 5000.0, 0);
}

/* A surge that has lasted eight days is seen, and the recent growth sees it first. */
static void surge(void)
{
    struct trajectory_series series = growing(20000, 0.001, false);
    for (int i = 92; i < DAYS; i++)
        values[i] = values[i - 1] * 1.06;
    struct trajectory_growth growth = growth_of(&series);
    CHECK(growth.recent > 0.3);
    CHECK(growth.recent > growth.growth);
}

static void not_enough(void)
{
    struct trajectory trajectory;
    struct trajectory_series series = growing(1000, 0.0, false);
    series.count = 0;
    CHECK(!index_of(&series, &trajectory));
    series = growing(1000, 0.0, false);
    series.observed_at_ms += DAYS - 10;
    series.values += DAYS - 10;
    series.count = 10; /* ten days */
    CHECK(!index_of(&series, &trajectory));
    series = growing(1000, 0.0, false);
    series.count = DAYS - TRAJECTORY_STALE_DAYS - 1; /* stopped reporting */
    CHECK(!index_of(&series, &trajectory));
    series = growing(1000, 0.0, false);
    for (int i = 70; i < 90; i++)
        values[i] = NAN; /* the gap is too long, the rest too short */
    CHECK(!index_of(&series, &trajectory));
    for (int i = 0; i < DAYS; i++)
        values[i] = NAN;
    CHECK(!index_of(&series, &trajectory));
    trajectory_begin(&trajectory);
    CHECK(!trajectory_finish(&trajectory));
}

static void hostile(void)
{
    struct trajectory trajectory;
    struct trajectory_growth growth;
    double features[BREAKOUT_FEATURES];
    struct trajectory_series series = growing(1.0, 0.0, true);
    for (int i = 0; i < DAYS; i++)
        values[i] = i % 2 ? DBL_MAX : 0.0;
    if (index_of(&series, &trajectory) && trajectory_growth(&trajectory, &growth))
        CHECK(isfinite(growth.growth) && isfinite(growth.noise));
    times[0] = INT64_MIN;
    times[DAYS - 1] = INT64_MAX;
    CHECK(trajectory_daily(&series, TODAY, values, DAYS) <= DAYS);
    series = growing(5000, 0.01, false);
    CHECK(index_of(&series, &trajectory));
    CHECK(!trajectory_features(&trajectory, 0.0, 30, features));
    CHECK(!trajectory_features(&trajectory, NAN, 30, features));
    CHECK(!trajectory_features(&trajectory, 1.0, 0, features));
    CHECK(trajectory_features(&trajectory, log(2.0), 60, features));
    for (int f = 0; f < BREAKOUT_FEATURES; f++)
        CHECK(isfinite(features[f]));
    CHECK_INT(trajectory_day(-1), -1);
    CHECK_INT(trajectory_day(DAY_MS), 1);
}

/* Two platforms: one bought, one honest; the index believes the mean of the cleaned changes. */
static void platforms(void)
{
    struct trajectory trajectory;
    struct trajectory_growth growth;
    trajectory_begin(&trajectory);
    struct trajectory_series series = growing(5000, 0.02, false);
    CHECK(trajectory_add(&trajectory, &series, TODAY));
    series = growing(900000, 0.0, false);
    CHECK(trajectory_add(&trajectory, &series, TODAY));
    CHECK(trajectory_finish(&trajectory));
    CHECK_INT(trajectory.series_used, 2);
    CHECK(trajectory_growth(&trajectory, &growth));
    CHECK_NEAR(growth.growth, 7 * log(1.02) / 2, 1e-3);
}

static void lead(void)
{
    struct trajectory_growth growth = {0.2, 0.2, 0.02}, falling = {-0.1, -0.1, 0.02};
    double days = trajectory_lead_days(&growth, log(1.5));
    CHECK(days > 14 && days < 40);
    CHECK(trajectory_projection(&growth, days) >= log(1.5));
    CHECK(trajectory_projection(&growth, days - 1) < log(1.5));
    CHECK(isnan(trajectory_lead_days(&growth, 5.0))); /* flattens out before */
    CHECK(isnan(trajectory_lead_days(&falling, 0.5)));
    CHECK(isnan(trajectory_lead_days(&growth, NAN)));
}

static void forecast(void)
{
    static struct growth_history history;
    static struct growth_forecast result;
    struct trajectory_series series = growing(1000, 0.005, true);
    for (int i = 0; i < DAYS; i++)
        values[i] *= i % 7 == 0 ? 1.5 : 0.95; /* a weekly season */
    CHECK(growth_prepare(&series, TODAY, &history));
    CHECK(growth_forecast(&history, 90, &result));
    CHECK_INT(result.season_period, 7);
    CHECK_STR(growth_method_name(result.method), "Theta on logs");
    for (int h = 0; h < 90; h++) {
        CHECK_NEAR(result.quantiles[h][3], result.point[h], 1e-6);
        for (int q = 1; q < GROWTH_QUANTILES; q++)
            CHECK(result.quantiles[h][q] >= result.quantiles[h][q - 1]);
        CHECK(h == 0 || result.scale[h] >= result.scale[h - 1] * 0.999);
        CHECK(isfinite(result.quantiles[h][6]) && result.quantiles[h][0] >= 0.0);
    }
    series = growing(80000, 0.004, false);
    CHECK(growth_prepare(&series, TODAY, &history));
    CHECK(growth_forecast(&history, 30, &result));
    CHECK_STR(growth_method_name(result.method), "damped Holt");
    CHECK(result.point[29] > values[DAYS - 1]);
    for (int i = 50; i < DAYS; i++)
        values[i] *= 0.1; /* a reset: the newest level stands */
    CHECK(growth_prepare(&series, TODAY, &history));
    CHECK_INT(history.values_replaced, 1);
    CHECK(growth_forecast(&history, 30, &result));
    CHECK_NEAR(result.point[0], values[DAYS - 1], 0.02);
}

static void forecast_edges(void)
{
    static struct growth_history history;
    static struct growth_forecast result;
    struct trajectory_series series = growing(0.0, 0.0, true); /* all zero */
    CHECK(growth_prepare(&series, TODAY, &history));
    CHECK(growth_forecast(&history, 90, &result));
    CHECK_NEAR(result.point[89], 0.0, 1e-9);
    CHECK(!growth_forecast(&history, 0, &result));
    CHECK(!growth_forecast(&history, GROWTH_HORIZON_MAX + 1, &result));
    series = growing(1e300, 0.0, false);
    CHECK(growth_prepare(&series, TODAY, &history));
    if (growth_forecast(&history, 30, &result))
        CHECK(isfinite(result.quantiles[29][6]));
    series.count = 5;
    CHECK(!growth_prepare(&series, TODAY - DAYS + 5, &history));
    for (int i = 0; i < DAYS; i++)
        values[i] = NAN;
    series.count = DAYS;
    CHECK(!growth_prepare(&series, TODAY, &history));
    static const size_t buckets[][2] = {{1, 0},  {7, 0},  {8, 1},  {30, 1},
                                        {31, 2}, {60, 2}, {61, 3}, {90, 3}};
    for (size_t i = 0; i < sizeof buckets / sizeof *buckets; i++)
        CHECK_INT(growth_bucket(buckets[i][0]), buckets[i][1]);
}

CHECK_MAIN(steady, accidents, running_total, surge, not_enough, hostile, platforms, lead, forecast,
           forecast_edges)
