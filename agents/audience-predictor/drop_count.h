/*
 * The drop count: heads in the room, from paid and complimentary tickets.
 *
 * Tickets sold and heads in the room are two quantities: the first drives the settlement, the
 * second bar and staffing. The share of tickets that are used is beta distributed; each past show
 * with both figures adds a few pseudo-counts only, since shows differ by more than chance
 * (beta-binomial, Skellam 1948).
 *
 * Prior: published no-show figures lie between about 5 % (before 2020), 12 % (Live Nation 2019), 17
 * % (2021) and 25-30 % (clubs and theatres in 2021): a mean show rate of 0.88 with nine tenths of
 * it between about 0.75 and 0.97. Sources: Billboard; Consequence and The Wall Street Journal;
 * Hypebot (domain reference, section 4.1). For complimentary tickets no figure is published: 0.7,
 * wide, marked as assumed.
 *
 * Memory: caller's. Threads: pure functions. Errors: impossible shows are left out.
 */
#ifndef PROMOTEROS_AUDIENCE_DROP_COUNT_H
#define PROMOTEROS_AUDIENCE_DROP_COUNT_H

#include <stddef.h>
#include <stdint.h>

#include "audience-predictor/demand.h"

#define DROP_PRIOR_MEAN  0.88
#define DROP_PRIOR_COUNT 24.0 /* pseudo-count of the prior */
#define DROP_SHOW_COUNT  6.0  /* pseudo-count that one past show adds */
#define DROP_COMP_MEAN   0.7
#define DROP_COMP_COUNT  8.0
#define DROP_QUANTILES   19 /* 5 % .. 95 % */

struct show_rate {
    double used, unused; /* parameters of the beta distribution */
    size_t shows;        /* past shows behind it */
};

struct show_rate show_rate_prior(void);

/* Takes in one past show; heads include complimentary guests, so a rate above 1 counts as 1.
 * Returns whether it was possible. */
int show_rate_add(struct show_rate *rate, int64_t paid, int64_t heads, double weight);

double show_rate_mean(const struct show_rate *rate);

struct drop_count {
    double mean;                      /* heads */
    double quantiles[DROP_QUANTILES]; /* heads, non-decreasing */
};

/* Heads for this demand; comps >= 0. A night with a high show rate has it for paid and
 * complimentary alike. */
void drop_count_predict(const struct demand *demand, double capacity, const struct show_rate *rate,
                        double comps, struct drop_count *result);

#endif
