/*
 * Demand as a distribution on a grid of log ratios to the capacity on sale.
 *
 * Attendance is demand cut off at the capacity: a sell-out says "at least this many" and nothing
 * more, and ignoring that biases everything learned from it (Tobin 1958; for an opera house,
 * Ozhegova & Ozhegov 2018). So demand is kept on a scale without the cut, x = log(tickets wanted /
 * capacity), and the cut is made only when a figure is read off. A grid needs no family: half the
 * rooms sell out, the rest trail off to the left, an artist may sit in either part. Cut-off
 * observations spread their mass over the tail of the distribution they update (Susarla & Van Ryzin
 * 1976).
 *
 * Units: shares of capacity in [0, 1]; log ratios; masses that sum to 1.
 * Memory: the struct. Threads: pure functions. Errors: none; arguments are asserted finite.
 */
#ifndef PROMOTEROS_AUDIENCE_DEMAND_H
#define PROMOTEROS_AUDIENCE_DEMAND_H

#include <stdbool.h>
#include <stddef.h>

#define DEMAND_POINTS       401
#define DEMAND_LOW          (-5.0) /* 0.7 % of capacity; lower counts are put here */
#define DEMAND_STEP         0.02
#define DEMAND_FULL         250   /* the point of x = 0 */
#define DEMAND_SOLD_OUT     0.995 /* a share from here on counts as sold out */
#define DEMAND_SHARE_LOWEST 1e-4

struct demand {
    double mass[DEMAND_POINTS];
};

/* What one comparable says on the target's scale. */
struct demand_observation {
    double log_ratio;
    bool at_least;       /* it was sold out */
    double weight;       /* in (0, 1]: recency, repeated rows */
    double extra_spread; /* standard deviation that scaling from another room adds, >= 0 */
};

/* Normal in log ratio: median share and standard deviation of the log. */
void demand_normal(struct demand *demand, double median_share, double spread);

/* Mean of pseudo_count x demand and of the observations, each smoothed by spread (a Dirichlet
 * process prior, Ferguson 1973): for groups of different artists. Returns the summed weight. */
double demand_pool(struct demand *demand, const struct demand_observation *observations,
                   size_t count, double pseudo_count, double spread);

/* Bayes on the grid: the observations repeat one unknown level with a standard deviation of spread;
 * demand is the prior of a new observation. For shows of one artist. Returns the summed weight. */
double demand_repeat(struct demand *demand, const struct demand_observation *observations,
                     size_t count, double spread);

/* Adds normal noise of this standard deviation in log ratio. */
void demand_blur(struct demand *demand, double spread);

/* Rules out that fewer than this share is sold (tickets already sold); share in [0, 1]. Returns the
 * mass that was left; with none, all demand is put at that share. */
double demand_at_least(struct demand *demand, double share);

/* Variance of the log ratio. */
double demand_variance(const struct demand *demand);

/* Mean of the share sold, min(1, exp(x)). */
double demand_mean(const struct demand *demand);

/* P(share <= x), right-continuous, 1 for x >= 1; linear between grid points. */
double demand_cdf(const struct demand *demand, double share);

/* Smallest share s with P(share <= s) >= level; 1 inside the mass at capacity. */
double demand_quantile(const struct demand *demand, double level);

/* P(sold out): the mass at capacity. */
double demand_sold_out(const struct demand *demand);

#endif
