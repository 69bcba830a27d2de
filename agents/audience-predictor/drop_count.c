#include "audience-predictor/drop_count.h"

#include <math.h>
#include <stdlib.h>

#include "numerics/beta.h"
#include "numerics/stats.h"

#define RATES 20 /* equally likely show rates */

struct weighted {
    double heads, weight;
};

struct show_rate show_rate_prior(void)
{
    return (struct show_rate){DROP_PRIOR_COUNT * DROP_PRIOR_MEAN,
                              DROP_PRIOR_COUNT * (1.0 - DROP_PRIOR_MEAN), 0};
}

int show_rate_add(struct show_rate *rate, int64_t paid, int64_t heads, double weight)
{
    if (paid <= 0 || heads < 0 || !(weight > 0.0 && weight <= 1.0))
        return 0;
    double used = stats_clamp((double)heads / (double)paid, 0.0, 1.0);
    rate->used += weight * DROP_SHOW_COUNT * used;
    rate->unused += weight * DROP_SHOW_COUNT * (1.0 - used);
    rate->shows++;
    return 1;
}

double show_rate_mean(const struct show_rate *rate)
{
    return rate->used / (rate->used + rate->unused);
}

static int by_heads(const void *left, const void *right)
{
    double a = ((const struct weighted *)left)->heads, b = ((const struct weighted *)right)->heads;
    return (a > b) - (a < b);
}

/* Distribution of the heads as points: demand points below capacity and the mass at it, each with
 * every rate. */
static size_t spread_out(const struct demand *demand, double capacity, const double *rates,
                         const double *comps, struct weighted *points)
{
    size_t count = 0;
    for (size_t i = 0; i <= DEMAND_FULL; i++) {
        double full = i == DEMAND_FULL;
        double mass = full ? demand_sold_out(demand) : demand->mass[i];
        double share = full ? 1.0 : exp(DEMAND_LOW + DEMAND_STEP * (double)i);
        for (size_t r = 0; mass > 0.0 && r < RATES; r++)
            points[count++] =
                (struct weighted){share * capacity * rates[r] + comps[r], mass / RATES};
    }
    qsort(points, count, sizeof *points, by_heads);
    return count;
}

void drop_count_predict(const struct demand *demand, double capacity, const struct show_rate *rate,
                        double comps, struct drop_count *result)
{
    struct weighted points[(DEMAND_FULL + 1) * RATES];
    double rates[RATES], guests[RATES];
    for (size_t r = 0; r < RATES; r++) {
        double level = ((double)r + 0.5) / RATES;
        rates[r] = beta_quantile(level, rate->used, rate->unused);
        guests[r] = comps * beta_quantile(level, DROP_COMP_COUNT * DROP_COMP_MEAN,
                                          DROP_COMP_COUNT * (1.0 - DROP_COMP_MEAN));
    }
    size_t count = spread_out(demand, capacity, rates, guests, points), next = 0;
    double below = 0.0;
    result->mean = 0.0;
    for (size_t i = 0; i < count; i++) {
        below += points[i].weight;
        result->mean += points[i].weight * points[i].heads;
        while (next < DROP_QUANTILES && below >= (double)(next + 1) / (DROP_QUANTILES + 1))
            result->quantiles[next++] = points[i].heads;
    }
    while (next < DROP_QUANTILES)
        result->quantiles[next++] = count ? points[count - 1].heads : 0.0;
}
