/*
 * How good a prediction was.
 *
 * Why: predictions are compared over years and across agents, so the rules are fixed here, proper
 * (they cannot be gamed by vague or by bold forecasts) and computed exactly.
 *
 * The forecast's distribution function F is piecewise linear through its quantiles. Below the
 * lowest quantile its probability sits on that quantile. Above the highest one, with a capacity, F
 * rises in a line to 1 - mass_at_capacity just below the capacity and jumps to 1 there; without a
 * capacity the rest sits on the highest quantile. A forecast of probability 1 at one value is a
 * point forecast: its CRPS is the absolute error, which makes the baseline comparable.
 *   CRPS = integral of (F(x) - [x >= y])^2 dx (Matheson and Winkler 1976), piece by piece.
 * When the outcome is only a lower bound ("at least y", a sell-out), forecast and outcome are both
 * cut at y: the integral ends there.
 *
 * Memory: none kept. Threads: pure. Errors: false for a distribution that is none.
 */
#ifndef PROMOTEROS_SERVICES_SCORE_H
#define PROMOTEROS_SERVICES_SCORE_H

#include <promoteros/v1/common.pb-c.h>
#include <stdbool.h>

struct outcome {
    double value;
    bool at_least;
};

/* The functions below take distributions without a defect (host/distribution.h). */
double score_crps(const Promoteros__V1__Distribution *distribution, struct outcome outcome);
/* The value with this probability below it. */
double distribution_quantile(const Promoteros__V1__Distribution *distribution, double level);
/* Whether the quantiles of 10 % and 90 % are given rather than beyond the outermost ones. */
bool distribution_has_interval_80(const Promoteros__V1__Distribution *distribution);
bool score_within_80(const Promoteros__V1__Distribution *distribution, struct outcome outcome);
/* |median - outcome| / outcome; the outcome is above 0. */
double score_relative_error(const Promoteros__V1__Distribution *distribution,
                            struct outcome outcome);
double score_brier(double probability, double outcome);

/*
 * The noise floor: the greatest possible probability, over all whole-numbered forecasts f, that
 * |f - N| / N <= 10 % when N is Poisson with this mean: what a forecaster who knows the true mean
 * of every show would reach. 1 within 1e-3 from 5000 on.
 */
double poisson_within_10_percent(double mean);

#endif
