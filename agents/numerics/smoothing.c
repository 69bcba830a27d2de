#include "numerics/smoothing.h"

#include <math.h>

#include "numerics/stats.h"

static bool is_usable(const double *values, size_t length)
{
    return length >= 3 && length <= SMOOTHING_LENGTH_MAX &&
           stats_count_finite(values, length) == length;
}

/* Scale that keeps squared errors in range for huge values. */
static double scale_of(const double *values, size_t length)
{
    double scale = 0.0;
    for (size_t i = 0; i < length; i++)
        scale = fmax(scale, fabs(values[i]));
    return scale > 0.0 ? scale : 1.0;
}

static double ses_error(const double *values, size_t length, double scale, double alpha,
                        double *level)
{
    double sum = 0.0, l = values[0] / scale;
    for (size_t i = 1; i < length; i++) {
        double error = values[i] / scale - l;
        sum += error * error;
        l += alpha * error;
    }
    *level = l * scale;
    return sum;
}

bool smoothing_ses(const double *values, size_t length, double *alpha, double *level)
{
    if (!is_usable(values, length))
        return false;
    double scale = scale_of(values, length), best = INFINITY, trial;
    for (int i = 1; i <= 99; i++) {
        double error = ses_error(values, length, scale, i / 100.0, &trial);
        if (error < best) {
            best = error;
            *alpha = i / 100.0;
            *level = trial;
        }
    }
    return true;
}

struct holt {
    double alpha, beta, phi;
    double level, trend;
};

static double holt_error(const double *values, size_t length, double scale, struct holt *holt)
{
    double level = values[0] / scale, trend = (values[1] - values[0]) / scale, sum = 0.0;
    for (size_t i = 1; i < length; i++) {
        double expected = level + holt->phi * trend, error = values[i] / scale - expected;
        sum += error * error;
        level = expected + holt->alpha * error;
        trend = holt->phi * trend + holt->alpha * holt->beta * error;
    }
    holt->level = level * scale;
    holt->trend = trend * scale;
    return sum;
}

static void holt_try(const double *values, size_t length, double scale, struct holt trial,
                     struct holt *best, double *best_error)
{
    trial.alpha = stats_clamp(trial.alpha, 0.01, 0.99);
    trial.beta = stats_clamp(trial.beta, 0.001, 0.99);
    trial.phi = stats_clamp(trial.phi, 0.8, 0.98); /* The bounds of R's forecast::ets. */
    double error = holt_error(values, length, scale, &trial);
    if (error < *best_error) {
        *best_error = error;
        *best = trial;
    }
}

bool smoothing_damped_holt(const double *values, size_t length, double *forecast, size_t horizon)
{
    static const double alphas[] = {0.05, 0.2, 0.4, 0.6, 0.8, 0.95};
    static const double betas[] = {0.005, 0.05, 0.2, 0.5, 0.9};
    static const double phis[] = {0.8, 0.9, 0.95, 0.98};
    struct holt best = {0};
    double best_error = INFINITY;
    if (!is_usable(values, length))
        return false;
    double scale = scale_of(values, length);
    for (size_t a = 0; a < sizeof alphas / sizeof *alphas; a++)
        for (size_t b = 0; b < sizeof betas / sizeof *betas; b++)
            for (size_t p = 0; p < sizeof phis / sizeof *phis; p++)
                holt_try(values, length, scale,
                         (struct holt){.alpha = alphas[a], .beta = betas[b], .phi = phis[p]}, &best,
                         &best_error);
    for (double step = 0.5; step > 0.02; step /= 2.0) { /* Pattern search around the best node. */
        for (int axis = 0; axis < 6; axis++) {
            struct holt trial = best;
            double sign = axis % 2 ? 1.0 : -1.0;
            trial.alpha += axis / 2 == 0 ? sign * step * 0.2 : 0.0;
            trial.beta += axis / 2 == 1 ? sign * step * 0.2 : 0.0;
            trial.phi += axis / 2 == 2 ? sign * step * 0.05 : 0.0;
            holt_try(values, length, scale, trial, &best, &best_error);
        }
    }
    double damped = 0.0, power = 1.0;
    for (size_t h = 0; h < horizon; h++) {
        power *= best.phi;
        damped += power;
        forecast[h] = best.level + damped * best.trend;
    }
    return true;
}

bool smoothing_theta(const double *values, size_t length, double *forecast, size_t horizon)
{
    double time[SMOOTHING_LENGTH_MAX], alpha, level, intercept, slope;
    if (!smoothing_ses(values, length, &alpha, &level))
        return false;
    for (size_t i = 0; i < length; i++)
        time[i] = (double)i;
    if (!stats_line(time, values, length, &intercept, &slope))
        return false;
    double lag = (1.0 - pow(1.0 - alpha, (double)length)) / alpha;
    for (size_t h = 0; h < horizon; h++)
        forecast[h] = level + slope / 2.0 * ((double)h + lag);
    return true;
}

bool smoothing_theta_log(const double *values, size_t length, double *forecast, size_t horizon)
{
    double logs[SMOOTHING_LENGTH_MAX];
    if (!is_usable(values, length))
        return false;
    for (size_t i = 0; i < length; i++) {
        if (!(values[i] > 0.0))
            return false;
        logs[i] = log(values[i]);
    }
    if (!smoothing_theta(logs, length, forecast, horizon))
        return false;
    for (size_t h = 0; h < horizon; h++)
        forecast[h] = exp(fmin(forecast[h], 700.0));
    return true;
}

bool smoothing_naive(const double *values, size_t length, double *forecast, size_t horizon)
{
    if (!is_usable(values, length))
        return false;
    for (size_t h = 0; h < horizon; h++)
        forecast[h] = values[length - 1];
    return true;
}

/* 90 % test of the autocorrelation at the period, as in the M4 competition's naive2. */
static bool is_seasonal(const double *values, size_t length, size_t period)
{
    double scale = scale_of(values, length), mean = stats_mean(values, length) / scale;
    double variance = 0.0, squares = 0.0, correlation = 0.0;
    for (size_t t = 0; t < length; t++)
        variance += (values[t] / scale - mean) * (values[t] / scale - mean);
    if (!(variance > 1e-18 * (double)length)) /* constant, to rounding */
        return false;
    for (size_t lag = 1; lag <= period; lag++) {
        double sum = 0.0;
        for (size_t t = lag; t < length; t++)
            sum += (values[t] / scale - mean) * (values[t - lag] / scale - mean);
        correlation = sum / variance;
        if (lag < period)
            squares += correlation * correlation;
    }
    return correlation > 1.645 * sqrt((1.0 + 2.0 * squares) / (double)length);
}

/* Centred moving average over one period at t; half weights at the ends of an even period. */
static double centred_mean(const double *values, size_t t, size_t period)
{
    size_t half = period / 2;
    double sum = 0.0;
    for (size_t i = t - half; i <= t + half; i++) {
        bool is_end = period % 2 == 0 && (i == t - half || i == t + half);
        sum += (is_end ? 0.5 : 1.0) * (values[i] / (double)period);
    }
    return sum;
}

struct season season_estimate(const double *values, size_t length, size_t period)
{
    struct season season = {.period = 1, .index = {1.0}};
    double ratios[SMOOTHING_LENGTH_MAX], scratch[SMOOTHING_LENGTH_MAX], mean = 0.0;
    if (period < 2 || period > SEASON_PERIOD_MAX || !is_usable(values, length) ||
        length < 3 * period)
        return season;
    for (size_t t = 0; t < length; t++)
        if (!(values[t] > 0.0))
            return season;
    if (!is_seasonal(values, length, period))
        return season;
    struct season found = {.period = period};
    for (size_t p = 0; p < period; p++) {
        size_t used = 0;
        for (size_t t = p; t < length; t += period)
            if (t >= period / 2 && t + period / 2 < length)
                ratios[used++] = values[t] / centred_mean(values, t, period);
        found.index[p] = stats_median(ratios, used, scratch);
        mean += found.index[p] / (double)period;
    }
    for (size_t p = 0; p < period; p++) {
        found.index[p] /= mean;
        if (!(found.index[p] > 1e-6) || isinf(found.index[p]))
            return season;
    }
    return found;
}

void season_remove(const struct season *season, const double *values, size_t length, double *output)
{
    for (size_t t = 0; t < length; t++)
        output[t] = values[t] / season->index[t % season->period];
}

void season_apply(const struct season *season, size_t length, double *forecast, size_t horizon)
{
    for (size_t h = 0; h < horizon; h++)
        forecast[h] *= season->index[(length + h) % season->period];
}

size_t smoothing_fill_gaps(double *values, size_t length, size_t gap_max)
{
    size_t left = 0, previous = length; /* length: no finite value yet */
    for (size_t i = 0; i <= length; i++) {
        if (i < length && !isfinite(values[i]))
            continue;
        size_t gap = previous == length ? i : i - previous - 1;
        if (previous == length || i == length || gap > gap_max) {
            left += gap;
        } else {
            double from = values[previous], to = values[i];
            for (size_t k = 1; k <= gap; k++) {
                double share = (double)k / (double)(gap + 1);
                values[previous + k] = from * (1.0 - share) + to * share;
            }
        }
        previous = i;
    }
    return left;
}

double conformal_quantile(double *scores, size_t count, double level)
{
    double rank = ceil(level * ((double)count + 1.0) - 1e-9);
    if (!(rank >= 1.0) || rank > (double)count)
        return NAN;
    stats_sort(scores, count);
    return scores[(size_t)rank - 1];
}
