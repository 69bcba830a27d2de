#include "audience-predictor/demand.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define WIDEST_KERNEL 4.0 /* standard deviations */
#define NARROWEST     (DEMAND_STEP / 2.0)

static double point(size_t i)
{
    return DEMAND_LOW + DEMAND_STEP * (double)i;
}

static size_t nearest(double log_ratio)
{
    double position = floor((log_ratio - DEMAND_LOW) / DEMAND_STEP + 0.5);
    if (!(position > 0.0))
        return 0;
    return position < DEMAND_POINTS - 1 ? (size_t)position : DEMAND_POINTS - 1;
}

static void normalise(struct demand *demand)
{
    double total = 0.0;
    for (size_t i = 0; i < DEMAND_POINTS; i++)
        total += demand->mass[i];
    assert(total > 0.0 && isfinite(total));
    for (size_t i = 0; i < DEMAND_POINTS; i++)
        demand->mass[i] /= total;
}

void demand_normal(struct demand *demand, double median_share, double spread)
{
    assert(median_share > 0.0 && spread > 0.0);
    double centre = fmin(fmax(log(median_share), DEMAND_LOW), point(DEMAND_POINTS - 1));
    spread = fmax(spread, NARROWEST);
    for (size_t i = 0; i < DEMAND_POINTS; i++) {
        double z = (point(i) - centre) / spread;
        demand->mass[i] = exp(-0.5 * z * z);
    }
    normalise(demand);
}

/* target += source smoothed by a normal kernel; what would leave the grid stays at its ends. */
static void add_smoothed(double target[DEMAND_POINTS], const double source[DEMAND_POINTS],
                         double spread)
{
    double kernel[DEMAND_POINTS], total = 0.0;
    double reach = spread > NARROWEST ? WIDEST_KERNEL * spread / DEMAND_STEP : 0.0;
    int half = reach < DEMAND_POINTS - 1 ? (int)reach : DEMAND_POINTS - 1;
    for (int k = 0; k <= half; k++) {
        double z = half ? DEMAND_STEP * k / spread : 0.0;
        kernel[k] = exp(-0.5 * z * z);
        total += k ? 2.0 * kernel[k] : kernel[k];
    }
    for (int i = 0; i < DEMAND_POINTS; i++) {
        if (source[i] <= 0.0)
            continue;
        for (int k = -half; k <= half; k++) {
            int j = i + k < 0 ? 0 : i + k >= DEMAND_POINTS ? DEMAND_POINTS - 1 : i + k;
            target[j] += source[i] * kernel[k < 0 ? -k : k] / total;
        }
    }
}

/* Adds weight over the points from first up, in proportion to the tail of shape there. */
static void add_tail(double target[DEMAND_POINTS], const struct demand *shape, size_t first,
                     double weight)
{
    double tail = 0.0;
    for (size_t i = first; i < DEMAND_POINTS; i++)
        tail += shape->mass[i];
    if (!(tail > 1e-12)) {
        target[first] += weight;
        return;
    }
    for (size_t i = first; i < DEMAND_POINTS; i++)
        target[i] += weight * shape->mass[i] / tail;
}

double demand_pool(struct demand *demand, const struct demand_observation *observations,
                   size_t count, double pseudo_count, double spread)
{
    double exact[DEMAND_POINTS] = {0}, pooled[DEMAND_POINTS] = {0}, total = 0.0;
    assert(pseudo_count > 0.0 && spread >= 0.0);
    for (size_t i = 0; i < count; i++) {
        const struct demand_observation *o = &observations[i];
        assert(isfinite(o->log_ratio) && o->weight > 0.0 && isfinite(o->extra_spread));
        total += o->weight;
        if (o->at_least)
            add_tail(pooled, demand, nearest(o->log_ratio), o->weight);
        else if (o->extra_spread > 0.0) {
            double alone[DEMAND_POINTS] = {0};
            alone[nearest(o->log_ratio)] = o->weight;
            add_smoothed(pooled, alone, hypot(spread, o->extra_spread));
        } else
            exact[nearest(o->log_ratio)] += o->weight;
    }
    add_smoothed(pooled, exact, spread);
    for (size_t i = 0; i < DEMAND_POINTS; i++)
        demand->mass[i] = (pseudo_count * demand->mass[i] + pooled[i]) / (pseudo_count + total);
    normalise(demand);
    return total;
}

static double log_likelihood(const struct demand_observation *o, double level, double spread)
{
    double deviation = hypot(spread, o->extra_spread);
    double z = (o->log_ratio - level) / deviation;
    if (o->at_least)
        return o->weight * log(fmax(0.5 * erfc(z / M_SQRT2), 1e-300));
    return o->weight * (-0.5 * z * z);
}

double demand_repeat(struct demand *demand, const struct demand_observation *observations,
                     size_t count, double spread)
{
    assert(spread > 0.0);
    double logs[DEMAND_POINTS], best = -INFINITY, total = 0.0;
    double before = demand_variance(demand);
    for (size_t k = 0; k < count; k++)
        total += observations[k].weight;
    if (!(total > 0.0))
        return 0.0;
    for (size_t i = 0; i < DEMAND_POINTS; i++) {
        logs[i] = log(fmax(demand->mass[i], 1e-300));
        for (size_t k = 0; k < count; k++)
            logs[i] += log_likelihood(&observations[k], point(i), spread);
        best = fmax(best, logs[i]);
    }
    for (size_t i = 0; i < DEMAND_POINTS; i++)
        demand->mass[i] = exp(logs[i] - best);
    normalise(demand);
    /* A new night varies around the level by spread; the prior already held that variation, so only
     * the part that the observations took away is put back. Exact at both ends: nothing learned,
     * everything learned. */
    double after = demand_variance(demand);
    if (before > 0.0 && after < before)
        demand_blur(demand, spread * sqrt(1.0 - after / before));
    return total;
}

void demand_blur(struct demand *demand, double spread)
{
    struct demand result = {{0}};
    add_smoothed(result.mass, demand->mass, spread);
    *demand = result;
    normalise(demand);
}

double demand_at_least(struct demand *demand, double share)
{
    size_t first = nearest(log(fmax(share, DEMAND_SHARE_LOWEST)));
    double left = 0.0;
    for (size_t i = first; i < DEMAND_POINTS; i++)
        left += demand->mass[i];
    for (size_t i = 0; i < first; i++)
        demand->mass[i] = 0.0;
    if (!(left > 1e-12))
        demand->mass[first] = 1.0;
    normalise(demand);
    return left;
}

double demand_variance(const struct demand *demand)
{
    double mean = 0.0, variance = 0.0;
    for (size_t i = 0; i < DEMAND_POINTS; i++)
        mean += demand->mass[i] * point(i);
    for (size_t i = 0; i < DEMAND_POINTS; i++)
        variance += demand->mass[i] * (point(i) - mean) * (point(i) - mean);
    return variance;
}

static double share_at(size_t i)
{
    return i < DEMAND_FULL ? exp(point(i)) : 1.0;
}

double demand_mean(const struct demand *demand)
{
    double mean = 0.0;
    for (size_t i = 0; i < DEMAND_POINTS; i++)
        mean += demand->mass[i] * share_at(i);
    return mean;
}

double demand_cdf(const struct demand *demand, double share)
{
    if (share >= 1.0)
        return 1.0;
    if (!(share > 0.0))
        return 0.0;
    /* Each point's mass lies evenly over the cell around it. */
    double position = (log(share) - DEMAND_LOW) / DEMAND_STEP + 0.5, below = 0.0;
    for (size_t i = 0; i < DEMAND_FULL && (double)i < position; i++) {
        double part = position - (double)i;
        below += demand->mass[i] * (part < 1.0 ? part : 1.0);
    }
    return below < 1.0 ? below : 1.0;
}

double demand_quantile(const struct demand *demand, double level)
{
    double below = 0.0;
    for (size_t i = 0; i < DEMAND_FULL; i++) {
        double next = below + demand->mass[i];
        if (next >= level && demand->mass[i] > 0.0) {
            double part = (level - below) / demand->mass[i];
            return fmin(1.0, exp(point(i) + DEMAND_STEP * (part - 0.5)));
        }
        below = next;
    }
    return 1.0;
}

double demand_sold_out(const struct demand *demand)
{
    double mass = 0.0;
    for (size_t i = DEMAND_FULL; i < DEMAND_POINTS; i++)
        mass += demand->mass[i];
    return mass;
}
