/*
 * Forecasts of one regular series by exponential smoothing, with a weekly season taken out first.
 *
 * The evaluation guide's finding: simple smoothers are hard to beat, so the agents use the
 * strongest of them and spend their effort on intervals. Each method forecasts a season-free
 * series; season_* takes the season out and puts it back.
 *
 * Input: values at regular steps, all finite, the oldest first (fill gaps before). Methods on logs
 * need values > 0. Memory: no allocation; outputs are the caller's. Threads: pure functions.
 * Errors: false when the series is too short (below 3 values), too long, not finite or, on logs,
 * not positive.
 */
#ifndef PROMOTEROS_NUMERICS_SMOOTHING_H
#define PROMOTEROS_NUMERICS_SMOOTHING_H

#include <stdbool.h>
#include <stddef.h>

#define SMOOTHING_LENGTH_MAX 800
#define SEASON_PERIOD_MAX    14

/* Simple exponential smoothing: alpha in [0.01, 0.99] by least squares of one-step errors; *level
 * is the forecast. */
bool smoothing_ses(const double *values, size_t length, double *alpha, double *level);

/* Holt's linear trend, damped (Gardner and McKenzie 1985); alpha, beta, phi by least squares on a
 * grid, refined. */
bool smoothing_damped_holt(const double *values, size_t length, double *forecast, size_t horizon);

/* Theta (Assimakopoulos and Nikolopoulos 2000) as SES with half the linear drift (Hyndman and
 * Billah 2003). */
bool smoothing_theta(const double *values, size_t length, double *forecast, size_t horizon);

/* Theta on log values, then exp: a constant growth rate instead of a constant increment. */
bool smoothing_theta_log(const double *values, size_t length, double *forecast, size_t horizon);

/* Repeats the last value; naive2 of the M competitions once the season is taken out. */
bool smoothing_naive(const double *values, size_t length, double *forecast, size_t horizon);

struct season {
    size_t period;                   /* 1: no season */
    double index[SEASON_PERIOD_MAX]; /* factor at position t % period, mean 1 */
};

/* Multiplicative season by ratios to a centred moving average (medians, so that spikes do not
 * enter), kept only when the autocorrelation at the period is significant at 90 % (the test of the
 * M4 benchmarks) and values are positive. */
struct season season_estimate(const double *values, size_t length, size_t period);

/* values[t] / index, and forecast[h] x index for the steps after length values. */
void season_remove(const struct season *season, const double *values, size_t length,
                   double *output);
void season_apply(const struct season *season, size_t length, double *forecast, size_t horizon);

/* Fills NaN runs of at most gap_max between finite values by straight lines; returns how many
 * values stay NaN. */
size_t smoothing_fill_gaps(double *values, size_t length, size_t gap_max);

/* Split conformal quantile: the ceil(level x (n + 1))-th smallest score (Vovk et al. 2005; Lei et
 * al. 2018). scores is sorted in place. NaN when count is too small for the level. */
double conformal_quantile(double *scores, size_t count, double level);

#endif
