/*
 * Shrinkage over comparables: from what is known of any show to what is known of this artist in
 * this room.
 *
 * A wide neutral prior is updated by one level of comparables after another, widest first. Each
 * level moves the expectation by an amount that depends on how many comparables it has, so a level
 * with none moves nothing and a single sold-out night does not decide. The moves are differences of
 * one running expectation and so add up to the result exactly: they are the explanation.
 *
 * Memory: the struct. Threads: pure functions. Errors: none.
 */
#ifndef PROMOTEROS_AUDIENCE_SHRINKAGE_H
#define PROMOTEROS_AUDIENCE_SHRINKAGE_H

#include "audience-predictor/comparables.h"

struct level_settings {
    double pseudo_count; /* group levels: comparables that the wider levels count for */
    double spread;       /* standard deviation of log ratio around one comparable */
    bool repeats;        /* shows of one artist (demand_repeat) instead of a group (demand_pool) */
};

struct shrinkage_settings {
    double prior_median; /* share of capacity: "no local data" */
    double prior_spread;
    struct level_settings levels[LEVELS];
};
extern const struct shrinkage_settings shrinkage_defaults;

struct level_result {
    size_t count, sold_out;
    double effective_count; /* summed weights */
    double weight;          /* share of this level in the expectation after it, [0, 1) */
    double mean, spread;    /* of its comparables' shares, sell-outs at least 1 */
    double contribution;    /* share of capacity that it moved the expectation by */
};

struct shrinkage {
    struct demand demand;
    double prior_mean; /* share */
    double baseline;   /* share after the market level */
    bool local_data;   /* any comparable at all */
    struct level_result levels[LEVELS];
    double counting;   /* moved by the chance of counts */
    double sold_floor; /* moved by tickets already sold */
    double mean;       /* prior_mean + all contributions + counting + sold_floor */
};

/* sold_tickets < 0: not known. count_noise: add the chance variation of counts (Poisson) at this
 * capacity. */
void shrinkage_predict(const struct shrinkage_settings *settings,
                       const struct comparables *comparables, double capacity, double sold_tickets,
                       struct shrinkage *result);

#endif
