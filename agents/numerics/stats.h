/*
 * Order statistics and robust location, scale and slope.
 *
 * Signals come with holes, resets and bought spikes; means and least squares follow every one of
 * them. These functions answer the same questions from medians and say "no answer" (NaN) instead of
 * guessing.
 *
 * Memory: nothing is allocated; a function that must sort takes scratch of stated length from the
 * caller. Threads: pure functions. Errors: NaN when too few finite values are left; NaN inputs are
 * skipped unless a function says otherwise.
 */
#ifndef PROMOTEROS_NUMERICS_STATS_H
#define PROMOTEROS_NUMERICS_STATS_H

#include <stdbool.h>
#include <stddef.h>

/* Values kept inside [low, high]; NaN becomes low. */
double stats_clamp(double value, double low, double high);

/* log(1 + exp(x)) and 1 / (1 + exp(-x)) without overflow; NaN stays NaN. */
double stats_softplus(double x);
double stats_sigmoid(double x);

/* Sorts ascending; NaN sorts last. */
void stats_sort(double *values, size_t count);

/* Number of finite values. */
size_t stats_count_finite(const double *values, size_t count);

/* Mean of the finite values. */
double stats_mean(const double *values, size_t count);

/* Linear-interpolation quantile (Hyndman-Fan type 7) of finite values sorted ascending; q in [0,
 * 1]. */
double stats_quantile_sorted(const double *sorted, size_t count, double q);

/* Quantile and median of the finite values; scratch holds count doubles. */
double stats_quantile(const double *values, size_t count, double q, double *scratch);
double stats_median(const double *values, size_t count, double *scratch);

/* 1.4826 x median absolute deviation: the standard deviation of a normal sample, deaf to outliers.
 */
double stats_mad(const double *values, size_t count, double *scratch);

/* Theil-Sen slope of y over x (Theil 1950, Sen 1968): the median of the slopes of all pairs with
 * different x. Pairs with a value that is not finite are skipped. scratch holds count x (count - 1)
 * / 2 doubles. */
double stats_theil_sen(const double *x, const double *y, size_t count, double *scratch);

/* Least-squares line through the finite points; false when fewer than two different x remain. */
bool stats_line(const double *x, const double *y, size_t count, double *intercept, double *slope);

/* Hampel filter (Pearson 2002): a value further than limit x scale from the median of the window of
 * half_width values each side is replaced by that median; scale is the window's MAD, at least floor
 * (so that one spike on a constant series is caught, and rounding is not). Returns how many were
 * replaced. NaN stays. The ends use the part of the window that exists. half_width <=
 * STATS_HAMPEL_HALF_MAX. output may not alias values. */
#define STATS_HAMPEL_HALF_MAX 15
size_t stats_hampel(const double *values, size_t count, size_t half_width, double limit,
                    double floor, double *output);

#endif
