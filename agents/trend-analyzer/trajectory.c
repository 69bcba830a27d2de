#include "trend-analyzer/trajectory.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "numerics/smoothing.h"
#include "numerics/stats.h"

enum { WINDOW = 28, WEEK = 7, HAMPEL_HALF = 7, TOTAL_STEPS_MIN = 28 };

static const double HAMPEL_LIMIT = 4.0;
static const double LEVEL_FLOOR = 0.01; /* a daily change of 1 % is never an outlier by itself */
static const double FLOW_FLOOR = 0.15;
static const double TOTAL_STEP_MAX = 0.03;
static const double NOISE_FLOOR = 0.01; /* a week */

int64_t trajectory_day(int64_t time_ms)
{
    int64_t day = time_ms / 86400000;
    return time_ms % 86400000 < 0 ? day - 1 : day;
}

/* A flow that almost only rises, by little each day, is a running total: an amount a day has its
 * ups and downs. */
static bool is_running_total(const double *values, size_t days)
{
    double previous = NAN, steps[TRAJECTORY_VALUES_MAX], scratch[TRAJECTORY_VALUES_MAX];
    size_t count = 0, rises = 0, falls = 0;
    for (size_t i = 0; i < days; i++) {
        if (!isfinite(values[i]))
            continue;
        if (isfinite(previous) && previous > 0.0) {
            rises += values[i] > previous;
            falls += values[i] < previous;
            steps[count++] = values[i] / previous - 1.0;
        }
        previous = values[i];
    }
    return count >= TOTAL_STEPS_MIN && rises * 10 >= count * 8 && falls * 50 <= count &&
           stats_median(steps, count, scratch) < TOTAL_STEP_MAX;
}

/* Running total to amounts a day; a fall (a reset) and the first value give none. */
static void take_differences(double *values, size_t days)
{
    double previous = NAN;
    size_t since = 0;
    for (size_t i = 0; i < days; i++, since++) {
        double value = values[i];
        if (!isfinite(value))
            continue;
        values[i] = value >= previous ? (value - previous) / (double)since : NAN;
        previous = value;
        since = 0;
    }
}

size_t trajectory_daily(const struct trajectory_series *series, int64_t last_day, double *values,
                        size_t days)
{
    assert(days <= TRAJECTORY_VALUES_MAX);
    for (size_t i = 0; i < days; i++)
        values[i] = NAN;
    for (size_t i = 0; i < series->count; i++) {
        int64_t age = last_day - trajectory_day(series->observed_at_ms[i]);
        if (age >= 0 && age < (int64_t)days && isfinite(series->values[i]) &&
            series->values[i] >= 0.0)
            values[days - 1 - (size_t)age] = series->values[i];
    }
    if (series->is_flow && is_running_total(values, days))
        take_differences(values, days);
    return stats_count_finite(values, days);
}

/* First index of the newest stretch without NaN that ends at last. */
static size_t stretch_start(const double *values, size_t last)
{
    size_t first = last;
    while (first > 0 && isfinite(values[first - 1]))
        first--;
    return first;
}

/* A flow: spikes out, then the mean of the last seven days (of the stretch). */
static size_t smooth_flow(double *values, size_t count)
{
    double filtered[TRAJECTORY_DAYS];
    size_t replaced = stats_hampel(values, count, HAMPEL_HALF, HAMPEL_LIMIT, FLOW_FLOOR, filtered);
    for (size_t i = 0; i < count; i++) {
        size_t first = i + 1 >= WEEK ? i + 1 - WEEK : 0;
        values[i] = stats_mean(filtered + first, i - first + 1);
    }
    return replaced;
}

void trajectory_begin(struct trajectory *trajectory)
{
    memset(trajectory, 0, sizeof *trajectory);
}

bool trajectory_add(struct trajectory *trajectory, const struct trajectory_series *series,
                    int64_t last_day)
{
    double logs[TRAJECTORY_DAYS], changes[TRAJECTORY_DAYS], clean[TRAJECTORY_DAYS];
    size_t seen = trajectory_daily(series, last_day, logs, TRAJECTORY_DAYS);
    size_t last = TRAJECTORY_DAYS;
    while (last > 0 && !isfinite(logs[last - 1]))
        last--;
    if (seen < 3 || TRAJECTORY_DAYS - last > TRAJECTORY_STALE_DAYS)
        return false;
    for (size_t i = 0; i < last; i++)
        logs[i] = log1p(logs[i]);
    size_t holes = last - stats_count_finite(logs, last);
    size_t left = smoothing_fill_gaps(logs, last, TRAJECTORY_GAP_MAX);
    size_t first = stretch_start(logs, last - 1), count = last - first, replaced = 0;
    if (count < TRAJECTORY_DAYS_MIN)
        return false;
    double *stretch = logs + first;
    if (series->is_flow) {
        replaced = smooth_flow(stretch, count);
        for (size_t i = 1; i < count; i++)
            clean[i - 1] = stretch[i] - stretch[i - 1];
        /* The first means grow from one day to seven: no change can be read from them. */
        first += WEEK - 1;
        count -= WEEK - 1;
        memmove(clean, clean + WEEK - 1, (count - 1) * sizeof *clean);
    } else {
        for (size_t i = 1; i < count; i++)
            changes[i - 1] = stretch[i] - stretch[i - 1];
        replaced = stats_hampel(changes, count - 1, HAMPEL_HALF, HAMPEL_LIMIT, LEVEL_FLOOR, clean);
    }
    for (size_t i = 0; i + 1 < count; i++) {
        trajectory->sums[first + i + 1] += clean[i];
        trajectory->counts[first + i + 1]++;
    }
    trajectory->series_used++;
    trajectory->days_filled += holes - left;
    trajectory->values_replaced += replaced;
    return true;
}

/* The newest days may lack a reading in every series: the index stands still there. */
bool trajectory_finish(struct trajectory *trajectory)
{
    size_t first = 0, last = TRAJECTORY_DAYS;
    while (last > 0 && trajectory->counts[last - 1] == 0)
        last--;
    for (first = last; first > 0 && trajectory->counts[first - 1] > 0; first--)
        ;
    if (first == last)
        return false;
    trajectory->index[0] = 0.0;
    trajectory->days = 1;
    for (size_t i = first; i < last; i++) {
        double change = trajectory->sums[i] / trajectory->counts[i];
        trajectory->index[trajectory->days] = trajectory->index[trajectory->days - 1] + change;
        if (++trajectory->days == TRAJECTORY_DAYS)
            break;
    }
    return true;
}

/* Theil-Sen slope a day over the newest span values. */
static double slope_of(const double *index, size_t days, size_t span)
{
    double time[WINDOW + 1], scratch[(WINDOW + 1) * WINDOW / 2];
    for (size_t i = 0; i < span; i++)
        time[i] = (double)i;
    return stats_theil_sen(time, index + days - span, span, scratch);
}

bool trajectory_growth(const struct trajectory *trajectory, struct trajectory_growth *growth)
{
    double weekly[TRAJECTORY_DAYS], scratch[TRAJECTORY_DAYS];
    size_t days = trajectory->days, span = days < WINDOW + 1 ? days : WINDOW + 1;
    if (days < WEEK + 1)
        return false;
    growth->growth = stats_clamp(WEEK * slope_of(trajectory->index, days, span), -3.0, 3.0);
    growth->recent = stats_clamp(WEEK * slope_of(trajectory->index, days, WEEK + 1), -3.0, 3.0);
    size_t count = 0;
    for (size_t i = WEEK; i < days; i++)
        weekly[count++] = trajectory->index[i] - trajectory->index[i - WEEK];
    double noise = stats_mad(weekly, count, scratch);
    growth->noise = noise > NOISE_FLOOR ? noise : NOISE_FLOOR;
    return true;
}

double trajectory_projection(const struct trajectory_growth *growth, double days_ahead)
{
    double damped = TRAJECTORY_DAMPING * (1.0 - pow(TRAJECTORY_DAMPING, days_ahead)) /
                    (1.0 - TRAJECTORY_DAMPING);
    return (growth->growth + growth->recent) / 2.0 / WEEK * damped;
}

double trajectory_lead_days(const struct trajectory_growth *growth, double log_multiple)
{
    double daily = (growth->growth + growth->recent) / 2.0 / WEEK;
    if (!(daily > 0.0) || !(log_multiple > 0.0))
        return NAN;
    double share = log_multiple / daily * (1.0 - TRAJECTORY_DAMPING) / TRAJECTORY_DAMPING;
    return share < 1.0 ? ceil(log1p(-share) / log(TRAJECTORY_DAMPING)) : NAN;
}

bool trajectory_features(const struct trajectory *trajectory, double log_multiple,
                         double horizon_days, double features[BREAKOUT_FEATURES])
{
    struct trajectory_growth growth;
    if (!(log_multiple > 0.0) || !(horizon_days >= 1.0) || !trajectory_growth(trajectory, &growth))
        return false;
    double uncertainty = growth.noise * sqrt(horizon_days / WEEK);
    double excess = trajectory_projection(&growth, horizon_days) - log_multiple;
    features[BREAKOUT_GROWTH] = growth.growth;
    features[BREAKOUT_DISTANCE] = log_multiple;
    features[BREAKOUT_LEVEL] = 0.0;
    features[BREAKOUT_ACCELERATION] = stats_clamp(growth.recent - growth.growth, -1.0, 1.0);
    features[BREAKOUT_RECORD] = 0.0;
    features[BREAKOUT_RECORD_BEST] = 0.0;
    features[BREAKOUT_PROJECTION] = stats_clamp(asinh(excess / uncertainty), -8.0, 8.0);
    features[BREAKOUT_STRENGTH] = stats_clamp(asinh(growth.growth / growth.noise), -8.0, 8.0);
    return true;
}
