/*
 * Where a daily series will be in 30, 60 or 90 days, as quantiles.
 *
 * Point forecasts come from the simple smoothers that win on such series: Theta on logs for flows
 * (streams a day), damped Holt for standing levels (followers, monthly listeners), each after
 * taking a weekly season out; a rolling origin inside the history may choose the other one where it
 * is clearly better. Intervals are split-conformal: the error on the log scale in units of the
 * series' own change over as many days, with multipliers fitted on past origins (coefficients.h).
 * A rise of a whole catalogue within weeks cannot be foreseen from one series; the intervals are
 * wide for that reason.
 *
 * Memory: the caller's struct, no allocation. Threads: pure functions. Errors: false means "not
 * enough data".
 */
#ifndef PROMOTEROS_TREND_GROWTH_H
#define PROMOTEROS_TREND_GROWTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trend-analyzer/trajectory.h"

enum {
    GROWTH_HISTORY_MAX = 400,
    GROWTH_HISTORY_MIN = 10,
    GROWTH_HORIZON_MAX = 90,
    GROWTH_GAP_MAX = 7,
    GROWTH_BUCKETS = 4,  /* horizons 1-7, 8-30, 31-60, 61-90 days */
    GROWTH_QUANTILES = 7 /* at growth_levels */
};

extern const double growth_levels[GROWTH_QUANTILES]; /* .025 .1 .25 .5 .75 .9 .975 */

enum growth_method { GROWTH_NAIVE2 = 0, GROWTH_DAMPED_HOLT, GROWTH_THETA_LOG, GROWTH_METHODS };

/* Cleaned daily values that end with the as-of day. */
struct growth_history {
    double values[GROWTH_HISTORY_MAX];
    size_t days;
    size_t days_filled, values_replaced;
    bool is_flow;
};

struct growth_forecast {
    enum growth_method method;
    size_t season_period;             /* 7: a weekly season was found; 1: none */
    double point[GROWTH_HORIZON_MAX]; /* median of day 1, 2, ... */
    double quantiles[GROWTH_HORIZON_MAX][GROWTH_QUANTILES];
    double scale[GROWTH_HORIZON_MAX]; /* the series' own log change over as many days */
};

/* Takes the newest stretch of a raw series that ends within TRAJECTORY_STALE_DAYS before last_day;
 * flows lose blatant spikes, levels lose jumps and resets. A series that ends before last_day is
 * forecast from its own end. */
bool growth_prepare(const struct trajectory_series *series, int64_t last_day,
                    struct growth_history *history);

/* Forecasts horizon days (at most GROWTH_HORIZON_MAX). */
bool growth_forecast(const struct growth_history *history, size_t horizon,
                     struct growth_forecast *forecast);

/* One method without choice or intervals, for comparison; false when it cannot be used. */
bool growth_point(const struct growth_history *history, enum growth_method method, size_t horizon,
                  double *point);

/* "weekly-seasonal naive", "damped Holt", "Theta on logs". */
const char *growth_method_name(enum growth_method method);

/* Bucket of a horizon in days, from 1. */
size_t growth_bucket(size_t days_ahead);

#endif
