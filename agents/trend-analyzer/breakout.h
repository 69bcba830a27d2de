/*
 * The probability that something breaks out: reaches a stated level within a stated horizon.
 *
 * One idea for every definition: an event is a target on the log scale, and a series has a level, a
 * growth and a distance to that target. "Extrapolation" says where the growth would lead; a
 * logistic model on growth, distance, acceleration, level and the lead artist's earlier record
 * turns that into a probability. On charts a two-number rule is very hard to beat, so the fit is
 * pulled towards that rule and leaves it only as far as the data insist.
 *
 * The backtests and the agent compute features by these same functions.
 *
 * Memory: none allocated. Threads: pure functions. Errors: false means "not enough data", an answer
 * and not a failure.
 */
#ifndef PROMOTEROS_TREND_BREAKOUT_H
#define PROMOTEROS_TREND_BREAKOUT_H

#include <stdbool.h>
#include <stddef.h>

enum breakout_feature {
    BREAKOUT_GROWTH = 0,   /* log ratio per step, clipped to +-3 */
    BREAKOUT_DISTANCE,     /* log target - log level: what is still missing; >= 0 */
    BREAKOUT_LEVEL,        /* log level - log floor: how far above the visible edge */
    BREAKOUT_ACCELERATION, /* growth of the newer half - growth of the older half; 0 below four
                              points */
    BREAKOUT_RECORD,       /* log(1 + earlier entries of the lead artist) */
    BREAKOUT_RECORD_BEST,  /* how near the lead artist's earlier best came to the target, in [0, 1]
                            */
    BREAKOUT_PROJECTION, /* (damped projection - distance) / its own uncertainty, clipped to +-8 */
    BREAKOUT_STRENGTH,   /* growth in units of the series' own noise, clipped to +-8 */
    BREAKOUT_FEATURES
};

/* A chart entry as seen so far. Ranks serve as levels by log level = -log rank. */
struct breakout_chart {
    const double *log_levels; /* one a step, the oldest first; all finite */
    size_t count;             /* at least 2 */
    double log_target;
    double log_floor;    /* the chart's edge now */
    double record_count; /* earlier chart entries of the lead artist; NaN: unknown, counts as 0 */
    double record_best;  /* log level of the lead artist's earlier best on the scale of log_levels;
                            NaN: none */
};

/* Fills features (the last two stay 0); false when count < 2, a value is not finite or the target
 * is already reached. */
bool breakout_chart_features(const struct breakout_chart *chart,
                             double features[BREAKOUT_FEATURES]);

/* A fitted model: log-odds = intercept + sum of coefficient x feature. Tables are in
 * coefficients.h. */
struct breakout_model {
    const char *name;      /* what it was fitted on, kebab-case */
    const char *fitted_on; /* the same in words, with the dates */
    int rows, positives;   /* of the fit */
    double intercept;
    double coefficients[BREAKOUT_FEATURES];
    double references[BREAKOUT_FEATURES]; /* the fit's means: a contribution is measured from the
                                             usual case */
};

/* One reason: coefficient x (feature - reference), in log-odds. */
struct breakout_reason {
    enum breakout_feature feature;
    double value;
    double amount;
};

struct breakout_answer {
    double probability;
    double log_odds;
    double baseline; /* log-odds of the usual case: every feature at its reference */
    struct breakout_reason reasons[BREAKOUT_FEATURES]; /* the largest amount first; features without
                                                          coefficient left out */
    size_t reason_count;
};

/* baseline + sum of amounts = log_odds, exactly in the order given. Features must be finite. */
void breakout_evaluate(const struct breakout_model *model, const double features[BREAKOUT_FEATURES],
                       struct breakout_answer *answer);

/* The log-odds alone. */
double breakout_score(const struct breakout_model *model, const double features[BREAKOUT_FEATURES]);

/* A short name, snake_case ("growth"). */
const char *breakout_feature_name(enum breakout_feature feature);

#endif
