/* Proper scores, exactly: definitions in the header. */
#include "services/score.h"

#include <math.h>

enum { SAFE_MEAN = 5000 };

static double mass_at_capacity(const Promoteros__V1__Distribution *d)
{
    return d->_mass_at_capacity_case ? d->mass_at_capacity : 0;
}

/* Quantiles below the mass at capacity; those above say what the mass says. */
static size_t knot_count(const Promoteros__V1__Distribution *d)
{
    size_t count = d->n_levels;
    while (d->_capacity_case && count > 0 &&
           (d->values[count - 1] >= d->capacity || d->levels[count - 1] > 1 - mass_at_capacity(d)))
        count--;
    return count;
}

/* Integral over [a, b] of the square of a line from p to q. */
static double square_integral(double a, double b, double p, double q)
{
    return b > a ? (b - a) * (p * p + p * q + q * q) / 3 : 0;
}

/* The piece of the CRPS where F goes from p at a to q at b. */
static double piece(double a, double b, double p, double q, struct outcome outcome)
{
    double y = outcome.value;
    if (b <= a)
        return 0;
    if (y >= b)
        return square_integral(a, b, p, q);
    if (y <= a)
        return outcome.at_least ? 0 : square_integral(a, b, 1 - p, 1 - q);
    double at_y = p + (q - p) * (y - a) / (b - a);
    double below = square_integral(a, y, p, at_y);
    return outcome.at_least ? below : below + square_integral(y, b, 1 - at_y, 1 - q);
}

double score_crps(const Promoteros__V1__Distribution *d, struct outcome outcome)
{
    double y = outcome.value, sum = 0;
    size_t knots = knot_count(d);
    double lowest = knots > 0 ? d->values[0] : d->capacity;
    if (y < lowest && !outcome.at_least)
        sum += lowest - y; /* F is 0 and the outcome's step 1 */
    for (size_t i = 0; i + 1 < knots; i++)
        sum += piece(d->values[i], d->values[i + 1], d->levels[i], d->levels[i + 1], outcome);
    double highest = knots > 0 ? d->values[knots - 1] : d->capacity;
    if (d->_capacity_case) {
        if (knots > 0)
            sum +=
                piece(highest, d->capacity, d->levels[knots - 1], 1 - mass_at_capacity(d), outcome);
        highest = d->capacity;
    }
    if (y > highest)
        sum += y - highest; /* F is 1 and the step still 0 */
    return sum;
}

double distribution_quantile(const Promoteros__V1__Distribution *d, double level)
{
    size_t knots = knot_count(d);
    if (knots == 0 || (d->_capacity_case && level > 1 - mass_at_capacity(d)))
        return d->capacity;
    if (level <= d->levels[0])
        return d->values[0];
    for (size_t i = 1; i < knots; i++)
        if (level <= d->levels[i])
            return d->values[i - 1] + (d->values[i] - d->values[i - 1]) *
                                          (level - d->levels[i - 1]) /
                                          (d->levels[i] - d->levels[i - 1]);
    double top = 1 - mass_at_capacity(d), last = d->levels[knots - 1];
    if (!d->_capacity_case || top <= last)
        return d->values[knots - 1];
    return d->values[knots - 1] +
           (d->capacity - d->values[knots - 1]) * (level - last) / (top - last);
}

bool distribution_has_interval_80(const Promoteros__V1__Distribution *d)
{
    double epsilon = 1e-9;
    return d->levels[0] <= 0.1 + epsilon &&
           (d->_capacity_case || d->levels[d->n_levels - 1] >= 0.9 - epsilon);
}

bool score_within_80(const Promoteros__V1__Distribution *d, struct outcome outcome)
{
    if (distribution_quantile(d, 0.9) < outcome.value)
        return false;
    return outcome.at_least || distribution_quantile(d, 0.1) <= outcome.value;
}

double score_relative_error(const Promoteros__V1__Distribution *d, struct outcome outcome)
{
    double median = distribution_quantile(d, 0.5);
    if (outcome.at_least && median > outcome.value)
        median = outcome.value;
    return fabs(median - outcome.value) / outcome.value;
}

double score_brier(double probability, double outcome)
{
    return (probability - outcome) * (probability - outcome);
}

double poisson_within_10_percent(double mean)
{
    if (!(mean > 0))
        return 0;
    if (mean >= SAFE_MEAN)
        return 1;
    /* A forecast f is within 10 % of every N in [f / 1.1, f / 0.9]: a window that slides with f. */
    double log_mean = log(mean), log_first = -mean, log_last = -mean;
    double share = 0, best = 0;
    long first = 0, last = -1;
    for (long forecast = 1; (double)forecast < 1.2 * mean + 2; forecast++) {
        for (; (double)(last + 1) * 0.9 <= (double)forecast + 1e-9; last++) {
            log_last += last >= 0 ? log_mean - log((double)(last + 1)) : 0;
            share += exp(log_last);
        }
        for (; (double)first * 1.1 < (double)forecast - 1e-9; first++) {
            share -= exp(log_first);
            log_first += log_mean - log((double)(first + 1));
        }
        best = share > best ? share : best;
    }
    return best;
}
