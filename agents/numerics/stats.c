#include "numerics/stats.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

double stats_clamp(double value, double low, double high)
{
    if (!(value > low))
        return low;
    return value < high ? value : high;
}

double stats_softplus(double x)
{
    if (x > 0.0)
        return x + log1p(exp(-x));
    return log1p(exp(x));
}

double stats_sigmoid(double x)
{
    if (x >= 0.0)
        return 1.0 / (1.0 + exp(-x));
    double e = exp(x);
    return e / (1.0 + e);
}

static int compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    if (isnan(a) || isnan(b))
        return (isnan(a) != 0) - (isnan(b) != 0);
    return (a > b) - (a < b);
}

void stats_sort(double *values, size_t count)
{
    if (count > 1)
        qsort(values, count, sizeof *values, compare_doubles);
}

size_t stats_count_finite(const double *values, size_t count)
{
    size_t finite = 0;
    for (size_t i = 0; i < count; i++)
        finite += isfinite(values[i]) != 0;
    return finite;
}

/* Copies the finite values to scratch, sorted; returns their number. */
static size_t sorted_finite(const double *values, size_t count, double *scratch)
{
    size_t finite = 0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(values[i]))
            scratch[finite++] = values[i];
    stats_sort(scratch, finite);
    return finite;
}

double stats_mean(const double *values, size_t count)
{
    size_t finite = stats_count_finite(values, count);
    if (finite == 0)
        return NAN;
    double mean = 0.0; /* Each value divided first: a sum of huge values would overflow. */
    for (size_t i = 0; i < count; i++)
        if (isfinite(values[i]))
            mean += values[i] / (double)finite;
    return mean;
}

double stats_quantile_sorted(const double *sorted, size_t count, double q)
{
    if (count == 0 || isnan(q))
        return NAN;
    double position = stats_clamp(q, 0.0, 1.0) * (double)(count - 1);
    size_t below = (size_t)position;
    if (below + 1 >= count)
        return sorted[count - 1];
    double share = position - (double)below;
    return sorted[below] * (1.0 - share) + sorted[below + 1] * share;
}

double stats_quantile(const double *values, size_t count, double q, double *scratch)
{
    return stats_quantile_sorted(scratch, sorted_finite(values, count, scratch), q);
}

double stats_median(const double *values, size_t count, double *scratch)
{
    return stats_quantile(values, count, 0.5, scratch);
}

double stats_mad(const double *values, size_t count, double *scratch)
{
    double median = stats_median(values, count, scratch);
    if (isnan(median))
        return NAN;
    size_t finite = 0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(values[i]))
            scratch[finite++] = fabs(values[i] - median);
    stats_sort(scratch, finite);
    return 1.4826 * stats_quantile_sorted(scratch, finite, 0.5);
}

double stats_theil_sen(const double *x, const double *y, size_t count, double *scratch)
{
    size_t slopes = 0;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(x[i]) || !isfinite(y[i]))
            continue;
        for (size_t j = i + 1; j < count; j++) {
            if (!isfinite(x[j]) || !isfinite(y[j]) || x[j] == x[i])
                continue;
            scratch[slopes++] = (y[j] - y[i]) / (x[j] - x[i]);
        }
    }
    stats_sort(scratch, slopes);
    return stats_quantile_sorted(scratch, slopes, 0.5);
}

bool stats_line(const double *x, const double *y, size_t count, double *intercept, double *slope)
{
    double mean_x = 0.0, mean_y = 0.0, sxx = 0.0, sxy = 0.0;
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(x[i]) || !isfinite(y[i]))
            continue;
        used++;
        double dx = x[i] - mean_x; /* Welford's update: no cancellation for large x. */
        mean_x += dx / (double)used;
        mean_y += (y[i] - mean_y) / (double)used;
        sxx += dx * (x[i] - mean_x);
        sxy += dx * (y[i] - mean_y);
    }
    if (used < 2 || !(sxx > 0.0))
        return false;
    *slope = sxy / sxx;
    *intercept = mean_y - *slope * mean_x;
    return true;
}

size_t stats_hampel(const double *values, size_t count, size_t half_width, double limit,
                    double floor, double *output)
{
    assert(half_width <= STATS_HAMPEL_HALF_MAX);
    double scratch[2 * STATS_HAMPEL_HALF_MAX + 1];
    size_t replaced = 0;
    for (size_t i = 0; i < count; i++) {
        size_t first = i > half_width ? i - half_width : 0;
        size_t last = i + half_width < count ? i + half_width : count - 1;
        double median = stats_median(values + first, last - first + 1, scratch);
        double mad = stats_mad(values + first, last - first + 1, scratch);
        output[i] = values[i];
        double scale = mad > floor ? mad : floor;
        if (isfinite(values[i]) && fabs(values[i] - median) > limit * scale) {
            output[i] = median;
            replaced++;
        }
    }
    return replaced;
}
