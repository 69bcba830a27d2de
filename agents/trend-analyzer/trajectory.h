/*
 * One index of an artist's daily audience, from many platforms' raw series.
 *
 * Platforms differ in size by orders of magnitude and each has its own faults: missing days,
 * counters that fall back, bought followers, spikes that fade within days, rounded counts. So each
 * series is cleaned on the log scale and only its daily changes count; the index is the mean change
 * over the series, summed up. It says how audience grows, not how large it is, and one platform's
 * accident is diluted by the others.
 *
 * Cleaning of a series: one value a UTC day (the last); values below 0 or not finite are missing;
 * gaps up to TRAJECTORY_GAP_MAX days are interpolated on the log scale, a longer gap starts the
 * series anew after it; a flow (streams or posts a day) loses spikes by a Hampel filter and becomes
 * its 7-day mean; a level (followers) loses jumps and falls that its neighbouring days do not show,
 * by the same filter on its daily changes. A surge is believed once it has lasted four days.
 *
 * Memory: the caller's struct, no allocation. Threads: pure functions.
 * Errors: false means "not enough data", which is an answer.
 */
#ifndef PROMOTEROS_TREND_TRAJECTORY_H
#define PROMOTEROS_TREND_TRAJECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trend-analyzer/breakout.h"

enum {
    TRAJECTORY_DAYS = 120,      /* how far back the index looks */
    TRAJECTORY_DAYS_MIN = 14,   /* below: not enough data */
    TRAJECTORY_STALE_DAYS = 10, /* a series whose newest day is older does not count */
    TRAJECTORY_GAP_MAX = 14,
    TRAJECTORY_VALUES_MAX = 400 /* days that trajectory_daily() fills at most */
};

/* Raw points of one series, ordered by time. */
struct trajectory_series {
    const int64_t *observed_at_ms;
    const double *values;
    size_t count;
    bool is_flow; /* an amount a day, not a standing level */
};

struct trajectory {
    double index[TRAJECTORY_DAYS]; /* log index, one a day, the newest (as-of day) last; index[0] =
                                      0 */
    size_t days;                   /* used, counted from the end: index[0..days) */
    size_t series_used;
    size_t days_filled, values_replaced; /* by the cleaning, over all series */
    double sums[TRAJECTORY_DAYS];        /* of daily changes, by age: work area */
    unsigned counts[TRAJECTORY_DAYS];
};

/* A day number: milliseconds / 86,400,000 rounded down. */
int64_t trajectory_day(int64_t time_ms);

/* One value a day for the days ending with last_day, the newest last; NaN where none. Returns how
 * many are finite. */
size_t trajectory_daily(const struct trajectory_series *series, int64_t last_day, double *values,
                        size_t days);

/* Starts an index that ends with last_day. */
void trajectory_begin(struct trajectory *trajectory);

/* Cleans a series and adds its changes; false when it is too short or too old to count. */
bool trajectory_add(struct trajectory *trajectory, const struct trajectory_series *series,
                    int64_t last_day);

/* Sums up; false when no series counted. */
bool trajectory_finish(struct trajectory *trajectory);

/* Growth over the last 28 and 7 days as log ratio a week (Theil-Sen), and the weekly noise around
 * it. */
struct trajectory_growth {
    double growth, recent, noise;
};
bool trajectory_growth(const struct trajectory *trajectory, struct trajectory_growth *growth);

/* Log ratio that the growth leads to after the days ahead, damped by TRAJECTORY_DAMPING a day. */
#define TRAJECTORY_DAMPING 0.97
double trajectory_projection(const struct trajectory_growth *growth, double days_ahead);

/* Expected days until the projection reaches log_multiple; NaN when it never does. */
double trajectory_lead_days(const struct trajectory_growth *growth, double log_multiple);

/* Features of "the index rises by log_multiple within the horizon". */
bool trajectory_features(const struct trajectory *trajectory, double log_multiple,
                         double horizon_days, double features[BREAKOUT_FEATURES]);

#endif
