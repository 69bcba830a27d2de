#include "backtest/eval_metrics.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "backtest/eval_csv.h"

uint64_t eval_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

struct scored {
    double score;
    size_t row;
};

/* Highest score first; rows break ties so that the order is always the same. */
static int compare_scored(const void *left, const void *right)
{
    const struct scored *a = left, *b = right;
    if (a->score != b->score)
        return a->score < b->score ? 1 : -1;
    return (a->row > b->row) - (a->row < b->row);
}

static struct scored *ranked(const double *scores, size_t count)
{
    struct scored *order = eval_alloc(count, sizeof *order);
    for (size_t i = 0; i < count; i++) {
        assert(isfinite(scores[i]));
        order[i] = (struct scored){scores[i], i};
    }
    qsort(order, count, sizeof *order, compare_scored);
    return order;
}

/* AUC where row i counts weights[i] times. */
static double weighted_auc(const struct scored *order, const bool *labels, const unsigned *weights,
                           size_t count)
{
    double positives = 0.0, negatives = 0.0, wins = 0.0;
    for (size_t i = 0; i < count;) {
        double tied_positives = 0.0, tied_negatives = 0.0;
        double score = order[i].score;
        for (; i < count && order[i].score == score; i++) {
            double weight = weights ? weights[order[i].row] : 1.0;
            if (labels[order[i].row])
                tied_positives += weight;
            else
                tied_negatives += weight;
        }
        wins += tied_negatives * (positives + tied_positives / 2.0);
        positives += tied_positives;
        negatives += tied_negatives;
    }
    return positives > 0.0 && negatives > 0.0 ? wins / (positives * negatives) : NAN;
}

double eval_auc(const double *scores, const bool *labels, size_t count)
{
    struct scored *order = ranked(scores, count);
    double auc = weighted_auc(order, labels, NULL, count);
    free(order);
    return auc;
}

static size_t count_true(const bool *labels, size_t count)
{
    size_t positives = 0;
    for (size_t i = 0; i < count; i++)
        positives += labels[i];
    return positives;
}

double eval_average_precision(const double *scores, const bool *labels, size_t count)
{
    struct scored *order = ranked(scores, count);
    double positives = (double)count_true(labels, count), sum = 0.0;
    size_t hits = 0;
    for (size_t i = 0; i < count;) {
        size_t before = hits;
        double score = order[i].score;
        for (; i < count && order[i].score == score; i++)
            hits += labels[order[i].row];
        sum += (double)(hits - before) / positives * ((double)hits / (double)i);
    }
    free(order);
    return positives > 0.0 ? sum : NAN;
}

double eval_precision_at_recall(const double *scores, const bool *labels, size_t count,
                                double recall, double *threshold)
{
    struct scored *order = ranked(scores, count);
    double positives = (double)count_true(labels, count), best = NAN;
    size_t hits = 0;
    for (size_t i = 0; i < count;) {
        double score = order[i].score;
        for (; i < count && order[i].score == score; i++)
            hits += labels[order[i].row];
        double precision = (double)hits / (double)i;
        if ((double)hits >= recall * positives - 1e-9 && !(precision <= best)) {
            best = precision;
            if (threshold)
                *threshold = score;
        }
    }
    free(order);
    return best;
}

double eval_lead(const double *scores, const bool *labels, const double *leads, size_t count,
                 double threshold)
{
    double *found = eval_alloc(count, sizeof *found);
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        if (labels[i] && scores[i] >= threshold && isfinite(leads[i]))
            found[used++] = leads[i];
    double median = eval_median(found, used);
    free(found);
    return median;
}

double eval_brier(const double *probabilities, const bool *labels, size_t count)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += (probabilities[i] - labels[i]) * (probabilities[i] - labels[i]);
    return sum / (double)count;
}

double eval_ece(const double *probabilities, const bool *labels, size_t count)
{
    double probability[10] = {0}, outcome[10] = {0}, sum = 0.0;
    for (size_t i = 0; i < count; i++) {
        assert(probabilities[i] >= 0.0 && probabilities[i] <= 1.0);
        size_t bin = probabilities[i] < 1.0 ? (size_t)(probabilities[i] * 10.0) : 9;
        probability[bin] += probabilities[i];
        outcome[bin] += labels[i];
    }
    for (size_t bin = 0; bin < 10; bin++)
        sum += fabs(outcome[bin] - probability[bin]);
    return sum / (double)count;
}

static int compare_double(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static struct eval_interval percentile_interval(double *values, size_t count)
{
    if (count == 0)
        return (struct eval_interval){NAN, NAN};
    qsort(values, count, sizeof *values, compare_double);
    size_t low = (size_t)floor(0.025 * (double)(count - 1) + 0.5);
    size_t high = (size_t)floor(0.975 * (double)(count - 1) + 0.5);
    return (struct eval_interval){values[low], values[high]};
}

/* theirs may be NULL: then the interval is of our AUC alone. */
static struct eval_interval auc_bootstrap(const double *ours, const double *theirs,
                                          const bool *labels, size_t count, unsigned repeats,
                                          uint64_t seed)
{
    struct scored *a = ranked(ours, count), *b = theirs ? ranked(theirs, count) : NULL;
    unsigned *weights = eval_alloc(count, sizeof *weights);
    double *values = eval_alloc(repeats, sizeof *values);
    size_t used = 0;
    for (unsigned r = 0; r < repeats; r++) {
        memset(weights, 0, count * sizeof *weights);
        for (size_t i = 0; i < count; i++)
            weights[eval_random(&seed) % count]++;
        double value = weighted_auc(a, labels, weights, count);
        if (b)
            value -= weighted_auc(b, labels, weights, count);
        if (isfinite(value))
            values[used++] = value;
    }
    struct eval_interval interval = percentile_interval(values, used);
    free(a);
    free(b);
    free(weights);
    free(values);
    return interval;
}

struct eval_interval eval_auc_interval(const double *scores, const bool *labels, size_t count,
                                       unsigned repeats, uint64_t seed)
{
    return auc_bootstrap(scores, NULL, labels, count, repeats, seed);
}

struct eval_interval eval_auc_difference(const double *ours, const double *theirs,
                                         const bool *labels, size_t count, unsigned repeats,
                                         uint64_t seed)
{
    return auc_bootstrap(ours, theirs, labels, count, repeats, seed);
}

struct eval_interval eval_mean_difference(const double *ours, const double *theirs,
                                          const size_t *group, size_t groups, size_t count,
                                          unsigned repeats, uint64_t seed)
{
    size_t units = group ? groups : count;
    double *sums = eval_alloc(units, sizeof *sums), *sizes = eval_alloc(units, sizeof *sizes);
    double *values = eval_alloc(repeats, sizeof *values);
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        size_t unit = group ? group[i] : i;
        assert(unit < units);
        sums[unit] += ours[i] - theirs[i];
        sizes[unit] += 1.0;
    }
    for (unsigned r = 0; r < repeats && units > 0; r++) {
        double sum = 0.0, size = 0.0;
        for (size_t i = 0; i < units; i++) {
            size_t unit = (size_t)(eval_random(&seed) % units);
            sum += sums[unit];
            size += sizes[unit];
        }
        if (size > 0.0)
            values[used++] = sum / size;
    }
    struct eval_interval interval = percentile_interval(values, used);
    free(sums);
    free(sizes);
    free(values);
    return interval;
}

double eval_wape(const double *actual, const double *forecast, size_t count)
{
    double error = 0.0, total = 0.0;
    for (size_t i = 0; i < count; i++) {
        error += fabs(forecast[i] - actual[i]);
        total += actual[i];
    }
    return error / total;
}

double eval_mape(const double *actual, const double *forecast, size_t count)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += fabs(forecast[i] - actual[i]) / actual[i];
    return sum / (double)count;
}

double eval_median_ape(const double *actual, const double *forecast, size_t count)
{
    double *errors = eval_alloc(count, sizeof *errors);
    for (size_t i = 0; i < count; i++)
        errors[i] = fabs(forecast[i] - actual[i]) / actual[i];
    double median = eval_median(errors, count);
    free(errors);
    return median;
}

double eval_bias(const double *actual, const double *forecast, size_t count)
{
    double error = 0.0, total = 0.0;
    for (size_t i = 0; i < count; i++) {
        error += forecast[i] - actual[i];
        total += actual[i];
    }
    return error / total;
}

double eval_within(const double *actual, const double *forecast, size_t count, double share)
{
    size_t inside = 0;
    for (size_t i = 0; i < count; i++)
        inside += fabs(forecast[i] - actual[i]) / actual[i] <= share + 1e-6;
    return (double)inside / (double)count;
}

double eval_smape(const double *actual, const double *forecast, size_t horizon)
{
    double sum = 0.0;
    size_t used = 0;
    for (size_t h = 0; h < horizon; h++) {
        if (!isfinite(actual[h]))
            continue;
        double scale = fabs(actual[h]) + fabs(forecast[h]);
        sum += scale > 0.0 ? 200.0 * fabs(actual[h] - forecast[h]) / scale : 0.0;
        used++;
    }
    return used ? sum / (double)used : NAN;
}

double eval_mase(const double *history, size_t length, size_t period, const double *actual,
                 const double *forecast, size_t horizon)
{
    double scale = 0.0, sum = 0.0;
    size_t used = 0;
    for (size_t t = period; t < length; t++)
        scale += fabs(history[t] - history[t - period]) / (double)(length - period);
    for (size_t h = 0; h < horizon; h++) {
        if (!isfinite(actual[h]))
            continue;
        sum += fabs(actual[h] - forecast[h]);
        used++;
    }
    return used && scale > 0.0 ? sum / (double)used / scale : NAN;
}

double eval_crps(const double cdf[EVAL_GRID], double share)
{
    double sum = 0.0;
    for (size_t i = 0; i < EVAL_GRID; i++) {
        double step = share <= (double)i / (EVAL_GRID - 1) ? 1.0 : 0.0;
        sum += (cdf[i] - step) * (cdf[i] - step);
    }
    return sum / EVAL_GRID;
}

double eval_pinball(double actual, double z, double q)
{
    return fmax(q * (actual - z), (q - 1.0) * (actual - z));
}

double eval_coverage(const double *actual, const double *low, const double *high, size_t count)
{
    size_t inside = 0;
    for (size_t i = 0; i < count; i++)
        inside += actual[i] >= low[i] && actual[i] <= high[i];
    return (double)inside / (double)count;
}

double eval_width(const double *low, const double *high, size_t count)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += high[i] - low[i];
    return sum / (double)count;
}

double eval_mean(const double *values, size_t count)
{
    double sum = 0.0;
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (isfinite(values[i])) {
            sum += values[i];
            used++;
        }
    }
    return used ? sum / (double)used : NAN;
}

double eval_median(const double *values, size_t count)
{
    double *sorted = eval_alloc(count, sizeof *sorted);
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(values[i]))
            sorted[used++] = values[i];
    qsort(sorted, used, sizeof *sorted, compare_double);
    double median = NAN;
    if (used)
        median = (sorted[(used - 1) / 2] + sorted[used / 2]) / 2.0;
    free(sorted);
    return median;
}
