/*
 * The metrics of the evaluation guide, one definition for every backtest.
 *
 * Rankings: AUC, average precision, precision at recall, Brier score, expected calibration error,
 * paired bootstrap. Forecasts: WAPE, MAPE, median APE, bias, within 10 %, sMAPE, MASE, CRPS,
 * pinball, coverage, width.
 *
 * Rows whose values are not finite are the caller's mistake: every function asserts finite scores.
 * Deterministic: the bootstrap has its own generator, seeded by the caller.
 */
#ifndef PROMOTEROS_TESTS_BACKTEST_EVAL_METRICS_H
#define PROMOTEROS_TESTS_BACKTEST_EVAL_METRICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Area under the ROC curve, ties half; NaN without both classes. */
double eval_auc(const double *scores, const bool *labels, size_t count);

/* Average precision: sum over distinct thresholds of (recall gained x precision). */
double eval_average_precision(const double *scores, const bool *labels, size_t count);

/* Highest precision among thresholds with at least the given recall; *threshold (or NULL) is the
 * score there. */
double eval_precision_at_recall(const double *scores, const bool *labels, size_t count,
                                double recall, double *threshold);

/* Median of lead over the true positives with scores >= threshold; NaN leads are skipped. */
double eval_lead(const double *scores, const bool *labels, const double *leads, size_t count,
                 double threshold);

/* Mean squared error of probabilities, and expected calibration error over 10 equal-width bins. */
double eval_brier(const double *probabilities, const bool *labels, size_t count);
double eval_ece(const double *probabilities, const bool *labels, size_t count);

struct eval_interval {
    double low, high;
};

/* 95 % percentile interval over bootstrap resamples of rows: of one AUC, of AUC(ours) - AUC(theirs)
 * on the same rows. */
struct eval_interval eval_auc_interval(const double *scores, const bool *labels, size_t count,
                                       unsigned repeats, uint64_t seed);
struct eval_interval eval_auc_difference(const double *ours, const double *theirs,
                                         const bool *labels, size_t count, unsigned repeats,
                                         uint64_t seed);

/* 95 % percentile interval of mean(ours) - mean(theirs), paired losses, resampling units (group[i]
 * < groups; NULL: rows). */
struct eval_interval eval_mean_difference(const double *ours, const double *theirs,
                                          const size_t *group, size_t groups, size_t count,
                                          unsigned repeats, uint64_t seed);

/* Point forecasts p of y > 0. */
double eval_wape(const double *actual, const double *forecast, size_t count);
double eval_mape(const double *actual, const double *forecast, size_t count);
double eval_median_ape(const double *actual, const double *forecast, size_t count);
double eval_bias(const double *actual, const double *forecast, size_t count);
/* Share of rows with |p - y| / y <= share (+ 1e-6): share .10 is w10. */
double eval_within(const double *actual, const double *forecast, size_t count, double share);

/* Mean over the horizon of 200 |y - p| / (|y| + |p|); NaN actuals are skipped. */
double eval_smape(const double *actual, const double *forecast, size_t horizon);
/* Mean |y - p| over the horizon / mean in-sample |h[t] - h[t - period]|; NaN when the history is
 * constant. */
double eval_mase(const double *history, size_t length, size_t period, const double *actual,
                 const double *forecast, size_t horizon);

/* CRPS on the share u in [0, 1]: mean over EVAL_GRID points x of (F(x) - 1{u <= x})^2; cdf[i] = F(i
 * / 200). */
#define EVAL_GRID 201
double eval_crps(const double cdf[EVAL_GRID], double share);

/* Pinball loss of quantile forecast z at q. */
double eval_pinball(double actual, double z, double q);

/* Share of outcomes in [low, high], bounds included, and the mean width. */
double eval_coverage(const double *actual, const double *low, const double *high, size_t count);
double eval_width(const double *low, const double *high, size_t count);

/* Plain mean and median of the finite values. */
double eval_mean(const double *values, size_t count);
double eval_median(const double *values, size_t count);

/* splitmix64 (Steele et al. 2014), for resampling. */
uint64_t eval_random(uint64_t *state);

#endif
