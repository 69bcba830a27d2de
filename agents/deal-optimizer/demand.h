/*
 * Demand as probabilities of whole ticket counts.
 *
 * Why: a predictor states a few quantiles, a mean and the mass at capacity; a payoff needs the
 * probability of each count. Between quantiles the distribution function is linear, beyond the
 * outer ones the density falls linearly to zero (it starts as high as in the outermost stretch),
 * and what lies beyond the room is a sold-out room.
 *
 * Memory: the caller's. Threads: any. Errors: false with BAD_DISTRIBUTION and a sentence.
 */
#ifndef PROMOTEROS_DEAL_DEMAND_H
#define PROMOTEROS_DEAL_DEMAND_H

#include "deal-optimizer/validate.h"

#define DEMAND_MAX_QUANTILES 256

struct demand {
    const double *levels, *values; /* as in promoteros.v1.Distribution */
    size_t count;
    double mean;
    bool has_capacity, has_mass;
    double capacity, mass_at_capacity;
};

/*
 * Fills pmf[0..room] so that it adds up to 1. A capacity below the room's bounds the counts; the
 * mass at capacity is then kept as stated. *mean: the mean of pmf, to be compared with the stated
 * one.
 */
bool demand_tickets(const struct demand *demand, int64_t room, double *pmf, double *mean,
                    struct deal_error *error);

#endif
