#include "trend-analyzer/growth.h"

#include <math.h>
#include <string.h>

#include "numerics/smoothing.h"
#include "numerics/stats.h"
#include "trend-analyzer/models.h"

enum { WEEK = 7, SCALE_DAYS_MAX = 28, HAMPEL_HALF = 7 };

static const double SPIKE_LIMIT = 6.0, SPIKE_FLOOR = 0.5;
static const double JUMP_LIMIT = 6.0, JUMP_FLOOR = 0.02;
static const double SCALE_FLOOR = 0.005; /* of log change, times the root of the days */

const double growth_levels[GROWTH_QUANTILES] = {0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975};

const char *growth_method_name(enum growth_method method)
{
    static const char *const names[GROWTH_METHODS] = {"weekly-seasonal naive", "damped Holt",
                                                      "Theta on logs"};
    return names[method];
}

size_t growth_bucket(size_t days_ahead)
{
    if (days_ahead <= WEEK)
        return 0;
    if (days_ahead <= 30)
        return 1;
    return days_ahead <= 60 ? 2 : 3;
}

static size_t clean_flow(double *values, size_t count)
{
    double logs[GROWTH_HISTORY_MAX], clean[GROWTH_HISTORY_MAX];
    for (size_t i = 0; i < count; i++)
        logs[i] = log1p(values[i]);
    size_t replaced = stats_hampel(logs, count, HAMPEL_HALF, SPIKE_LIMIT, SPIKE_FLOOR, clean);
    for (size_t i = 0; i < count; i++)
        if (clean[i] != logs[i])
            values[i] = expm1(clean[i]);
    return replaced;
}

/* Jumps that the days around do not show are taken out; the newest level stays, the older ones
 * move. */
static size_t clean_level(double *values, size_t count)
{
    double changes[GROWTH_HISTORY_MAX], clean[GROWTH_HISTORY_MAX];
    for (size_t i = 1; i < count; i++)
        changes[i - 1] = log1p(values[i]) - log1p(values[i - 1]);
    size_t replaced = stats_hampel(changes, count - 1, HAMPEL_HALF, JUMP_LIMIT, JUMP_FLOOR, clean);
    double level = log1p(values[count - 1]);
    for (size_t i = count - 1; i > 0 && replaced > 0; i--) {
        level -= clean[i - 1];
        values[i - 1] = fmax(expm1(fmin(level, 700.0)), 0.0);
    }
    return replaced;
}

bool growth_prepare(const struct trajectory_series *series, int64_t last_day,
                    struct growth_history *history)
{
    double values[GROWTH_HISTORY_MAX];
    trajectory_daily(series, last_day, values, GROWTH_HISTORY_MAX);
    size_t last = GROWTH_HISTORY_MAX;
    while (last > 0 && !isfinite(values[last - 1]))
        last--;
    if (last == 0 || GROWTH_HISTORY_MAX - last > TRAJECTORY_STALE_DAYS)
        return false;
    size_t holes = last - stats_count_finite(values, last);
    size_t left = smoothing_fill_gaps(values, last, GROWTH_GAP_MAX), first = last;
    while (first > 0 && isfinite(values[first - 1]))
        first--;
    if (last - first < GROWTH_HISTORY_MIN)
        return false;
    history->days = last - first;
    history->days_filled = holes - left;
    history->is_flow = series->is_flow;
    memcpy(history->values, values + first, history->days * sizeof *values);
    if (series->is_flow)
        history->values_replaced = clean_flow(history->values, history->days);
    else
        history->values_replaced = clean_level(history->values, history->days);
    return true;
}

/* Forecast of the first days values; shift 1 where a log of 0 would be needed. */
static bool point_of(const double *values, size_t days, bool is_flow, enum growth_method method,
                     size_t horizon, double *point, size_t *period)
{
    double shifted[GROWTH_HISTORY_MAX], adjusted[GROWTH_HISTORY_MAX], lowest = INFINITY;
    for (size_t i = 0; i < days; i++)
        lowest = fmin(lowest, values[i]);
    double shift = lowest >= 1.0 ? 0.0 : 1.0;
    for (size_t i = 0; i < days; i++)
        shifted[i] = values[i] + shift;
    struct season season = season_estimate(shifted, days, is_flow ? WEEK : 1);
    season_remove(&season, shifted, days, adjusted);
    bool done = false;
    if (method == GROWTH_NAIVE2)
        done = smoothing_naive(adjusted, days, point, horizon);
    else if (method == GROWTH_DAMPED_HOLT)
        done = smoothing_damped_holt(adjusted, days, point, horizon);
    else
        done = smoothing_theta_log(adjusted, days, point, horizon);
    if (!done)
        return false;
    season_apply(&season, days, point, horizon);
    for (size_t h = 0; h < horizon; h++)
        point[h] = fmax(point[h] - shift, 0.0);
    *period = season.period;
    return true;
}

bool growth_point(const struct growth_history *history, enum growth_method method, size_t horizon,
                  double *point)
{
    size_t period;
    return point_of(history->values, history->days, history->is_flow, method, horizon, point,
                    &period);
}

/* The series' own log change over lag days, as a robust deviation; longer lags by the root of time.
 */
static void own_scale(const struct growth_history *history, size_t horizon, double *scale)
{
    double changes[GROWTH_HISTORY_MAX], scratch[GROWTH_HISTORY_MAX], last = 0.0;
    size_t longest = history->days / 2 < SCALE_DAYS_MAX ? history->days / 2 : SCALE_DAYS_MAX;
    for (size_t h = 1; h <= horizon; h++) {
        if (h <= longest) {
            size_t count = history->days - h;
            for (size_t i = 0; i < count; i++)
                changes[i] = log1p(history->values[i + h]) - log1p(history->values[i]);
            last = stats_mad(changes, count, scratch);
            last = fmax(last, h > 1 ? scale[h - 2] : 0.0); /* never narrower further ahead */
            scale[h - 1] = last;
        } else {
            scale[h - 1] = last * sqrt((double)h / (double)longest);
        }
        scale[h - 1] = fmax(scale[h - 1], SCALE_FLOOR * sqrt((double)h));
    }
}

bool growth_forecast(const struct growth_history *history, size_t horizon,
                     struct growth_forecast *forecast)
{
    if (history->days < GROWTH_HISTORY_MIN || history->days > GROWTH_HISTORY_MAX || horizon == 0 ||
        horizon > GROWTH_HORIZON_MAX)
        return false;
    forecast->method = history->is_flow ? GROWTH_THETA_LOG : GROWTH_DAMPED_HOLT;
    if (!point_of(history->values, history->days, history->is_flow, forecast->method, horizon,
                  forecast->point, &forecast->season_period))
        return false;
    own_scale(history, horizon, forecast->scale);
    for (size_t h = 0; h < horizon; h++) {
        const double *multipliers = growth_multipliers[history->is_flow][growth_bucket(h + 1)];
        for (size_t q = 0; q < GROWTH_QUANTILES; q++) {
            double away = stats_clamp(multipliers[q] * forecast->scale[h], -20.0, 20.0);
            forecast->quantiles[h][q] = fmax(expm1(log1p(forecast->point[h]) + away), 0.0);
        }
    }
    return true;
}
