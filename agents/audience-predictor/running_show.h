/*
 * Running shows: the same production, week after week (or night after night) in one room.
 *
 * Once a few weeks are on the books the run itself is the best comparable there is, and the rule to
 * beat is exponential smoothing of its share of capacity (Brown 1959; Hyndman et al. 2008, simple
 * exponential smoothing). This file computes that rule, takes the season out of the history and
 * puts the target week's season in, adds a linear correction fitted on other runs (least absolute
 * relative error), and spreads the result by quantiles of past errors in units of a fitted scale.
 * Coefficients: running_show_table.c, written by tests/backtest/attendance_fit.c.
 *
 * Units: shares of sellable capacity; days as day numbers (numerics/calendar.h).
 * Memory: caller's. Threads: pure functions. Errors: false when the history does not allow the
 * answer.
 */
#ifndef PROMOTEROS_AUDIENCE_RUNNING_SHOW_H
#define PROMOTEROS_AUDIENCE_RUNNING_SHOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RUNNING_WEEKS_MIN    5    /* observed weeks before this file may be used */
#define RUNNING_HORIZON_MAX  13   /* weeks ahead; beyond, the comparables decide */
#define RUNNING_SHARE_MAX    1.15 /* standing room: shares above are reporting noise */
#define RUNNING_SMOOTHING    0.7  /* weight of the newest week */
#define RUNNING_FEATURES     20
#define RUNNING_SCALE_INPUTS 6
#define RUNNING_QUANTILES    19 /* 5 % .. 95 % in steps of 5 % */
#define RUNNING_TABLE_ROWS   4  /* fitted horizons */

struct running_week {
    int32_t day;         /* last day of the week */
    double share;        /* of that week's capacity, already at most RUNNING_SHARE_MAX */
    double price;        /* average price paid; NaN unknown */
    double performances; /* NaN unknown */
};

/* Mean share of all shows of the market in one week. */
struct market_week {
    int32_t day;
    double share;
    double shows;
};

/* Additive week-of-year deviations from the year's mean; all zero with fewer than two years or
 * five shows a week. */
struct season_index {
    bool known;
    double years;
    double deviation[54]; /* by ISO week, [1, 53] */
};

struct running_input {
    const struct running_week *weeks; /* ascending by day, newest last, none after the origin */
    size_t week_count;
    const struct market_week *market; /* ascending, none after the origin */
    size_t market_count;
    const struct season_index *season;
    int32_t target_day;
    double target_performances; /* NaN unknown */
};

/* One fitted horizon. */
struct running_coefficients {
    double horizon_weeks;
    double correction[RUNNING_FEATURES];
    double scale[RUNNING_SCALE_INPUTS];  /* of log |error| */
    double quantiles[RUNNING_QUANTILES]; /* of error / scale */
};
extern const struct running_coefficients running_table[RUNNING_TABLE_ROWS];

struct running_forecast {
    double horizon_weeks;
    double level;      /* smoothed share, season taken out */
    double season;     /* the target week's season */
    double correction; /* fitted on other runs */
    double likely;     /* share: level + season + correction, inside [0, ceiling] */
    double scale;
    double quantiles[RUNNING_QUANTILES]; /* of the share, inside [0, ceiling] */
};

/* Season from market weeks before before_day (pass INT32_MAX for all). */
void season_index_fit(const struct market_week *market, size_t count, int32_t before_day,
                      struct season_index *season);
double season_index_at(const struct season_index *season, int32_t day);

/* Simple exponential smoothing of the shares, starting from the first. */
double running_smooth(const struct running_week *weeks, size_t count);

/* Inputs of the correction and of the scale, and the level they correct; false with fewer than
 * RUNNING_WEEKS_MIN weeks or a target outside (0, RUNNING_HORIZON_MAX] weeks. */
bool running_features(const struct running_input *input, double features[RUNNING_FEATURES],
                      double scale_inputs[RUNNING_SCALE_INPUTS], struct running_forecast *forecast);

/* The forecast; coefficients of horizons between two fitted ones are interpolated. ceiling: largest
 * share that can be sold, in [1, RUNNING_SHARE_MAX]. */
bool running_predict(const struct running_input *input, double ceiling,
                     struct running_forecast *forecast);

/* The same with one row of coefficients (what the fitting program and expanding windows call). */
bool running_predict_with(const struct running_coefficients *coefficients,
                          const struct running_input *input, double ceiling,
                          struct running_forecast *forecast);

/* P(share <= x) by linear interpolation of the quantiles, with linear tails. */
double running_cdf(const struct running_forecast *forecast, double x);

#endif
