/*
 * What the attendance backtests print and demand alike: the point metrics of the evaluation guide
 * in one row, the noise floor beside them, and the bar against the best simple rule. Test code,
 * included once by each backtest program.
 */
#ifndef PROMOTEROS_TESTS_BACKTEST_ATTENDANCE_REPORT_H
#define PROMOTEROS_TESTS_BACKTEST_ATTENDANCE_REPORT_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "backtest/eval_csv.h"
#include "backtest/eval_metrics.h"
#include "unit/check.h"

#define REPORT_SLACK   0.005 /* of MAPE, upper bound of the paired difference */
#define REPORT_REPEATS 1000
#define REPORT_SEED    20150101

/* Memory for one prediction after another: reset, not freed. */
struct report_pool {
    char *memory;
    size_t size, used;
};

static inline void *report_pool_alloc(void *context, size_t size)
{
    struct report_pool *pool = context;
    size_t aligned = (size + 15) / 16 * 16;
    if (!pool->memory)
        pool->memory = eval_alloc(pool->size, 1);
    if (aligned > pool->size - pool->used) {
        fprintf(stderr, "the pool of %zu bytes is too small\n", pool->size);
        exit(1);
    }
    void *result = pool->memory + pool->used;
    pool->used += aligned;
    return result;
}

static inline void report_header(void)
{
    printf("  %-36s %6s %6s %6s %6s %6s %6s\n", "", "w10", "w20", "MAPE", "MdAPE", "WAPE", "bias");
}

static inline void report_points(const char *name, const double *actual, const double *forecast,
                                 size_t count)
{
    printf("  %-36s %6.3f %6.3f %6.3f %6.3f %6.3f %+6.3f\n", name,
           eval_within(actual, forecast, count, 0.10), eval_within(actual, forecast, count, 0.20),
           eval_mape(actual, forecast, count), eval_median_ape(actual, forecast, count),
           eval_wape(actual, forecast, count), eval_bias(actual, forecast, count));
}

/* Best possible share within 10 % of the actual count when the mean is known and counts are
 * Poisson: the best window of forecasts for one mean, found by trying forecasts around it (domain
 * reference, 4.3). */
static inline double report_poisson_floor(double mean)
{
    if (mean > 5000.0)
        return 1.0;
    double best = 0.0;
    for (int step = -8; step <= 4; step++) {
        double forecast = mean * (1.0 + 0.01 * step);
        double low = ceil(forecast / 1.1 - 1e-9), high = floor(forecast / 0.9 + 1e-9), sum = 0.0;
        for (double k = low; k <= high; k += 1.0)
            sum += exp(k * log(mean) - mean - lgamma(k + 1.0));
        best = fmax(best, sum);
    }
    return best;
}

static inline void report_noise_floor(const double *actual, size_t count)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += report_poisson_floor(fmax(actual[i], 1.0));
    printf("  noise floor: w10 at most %.3f, were every mean known and counts Poisson\n",
           sum / (double)count);
}

/* Relative errors of both, paired bootstrap over units; fails above the slack. */
static inline void report_bar(const char *rule, const double *actual, const double *ours,
                              const double *theirs, const size_t *unit, size_t units, size_t count)
{
    double *a = eval_alloc(count, sizeof *a), *b = eval_alloc(count, sizeof *b);
    for (size_t i = 0; i < count; i++) {
        a[i] = fabs(ours[i] - actual[i]) / actual[i];
        b[i] = fabs(theirs[i] - actual[i]) / actual[i];
    }
    struct eval_interval interval =
        eval_mean_difference(a, b, unit, units, count, REPORT_REPEATS, REPORT_SEED);
    printf("  bar: MAPE ours %.4f, best simple rule (%s) %.4f; difference 95 %% [%+.4f, %+.4f]\n",
           eval_mean(a, count), rule, eval_mean(b, count), interval.low, interval.high);
    CHECK(eval_mean(a, count) <= eval_mean(b, count));
    CHECK(interval.high <= REPORT_SLACK);
    free(a);
    free(b);
}

#endif
