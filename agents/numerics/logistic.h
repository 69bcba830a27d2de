/*
 * Logistic regression with a ridge, scaling.
 *
 * Breakouts, sell-outs and no-shows are rare: with a dozen positives an unpenalised fit separates
 * the data and promises certainty. The ridge may pull towards a prior other than zero, e.g. a
 * simple rule known to rank well, so that the fit departs from it only as far as the data insist.
 *
 * Memory: no allocation; coefficient arrays are the caller's. Threads: pure functions.
 * Errors: false when an input is not finite, counts are out of bounds, or the iteration does not
 * settle. Source: iteratively reweighted least squares with step halving (Hastie, Tibshirani,
 * Friedman 2009, 4.4); Platt 1999 with the target smoothing of Lin, Lin, Weng 2007.
 */
#ifndef PROMOTEROS_NUMERICS_LOGISTIC_H
#define PROMOTEROS_NUMERICS_LOGISTIC_H

#include <stdbool.h>
#include <stddef.h>

#define LOGISTIC_FEATURES_MAX 16

struct logistic_data {
    const double *features; /* rows x count, one row after the other */
    const double *targets;  /* rows, each in [0, 1] */
    const double *weights;  /* rows, >= 0; NULL: all 1 */
    size_t rows;
    size_t count; /* features a row, at most LOGISTIC_FEATURES_MAX; 0 fits the intercept alone */
};

/* Minimises the negative log-likelihood + ridge/2 x sum (coefficient - prior)^2; the intercept is
 * not penalised. coefficients holds count + 1 values, the intercept first; prior (count values, may
 * be NULL: zeros). */
bool logistic_fit(const struct logistic_data *data, double ridge, const double *prior,
                  double *coefficients);

/* intercept + sum of coefficient x feature: the log-odds. */
double logistic_score(const double *coefficients, const double *features, size_t count);

/* Column means and standard deviations (1 where a column is constant), then x <- (x - mean) /
 * deviation. */
void logistic_moments(const double *features, size_t rows, size_t count, double *means,
                      double *deviations);
void logistic_standardise(double *features, size_t rows, size_t count, const double *means,
                          const double *deviations);

#endif
