/*
 * Seeded random numbers for the demo city.
 *
 * Why: a demo must be the same on every machine for a seed, so the generator (PCG32, M. O'Neill
 * 2014) and the distributions on it are ours and use nothing of the agents.
 *
 * Memory: one small struct, by the caller. Threads: one struct, one thread. Errors: none.
 */
#ifndef PROMOTEROS_CLI_DEMO_RANDOM_H
#define PROMOTEROS_CLI_DEMO_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct dice {
    uint64_t state;
    uint64_t stream;
};

/* Each stream of a seed is independent: one for each artist, so that adding one does not change the
 * others. */
void dice_open(struct dice *dice, uint64_t seed, uint64_t stream);
/* Uniform in [0, 1). */
double dice_uniform(struct dice *dice);
double dice_between(struct dice *dice, double low, double high);
/* Uniform in [low, high]. */
int dice_int(struct dice *dice, int low, int high);
bool dice_chance(struct dice *dice, double probability);
double dice_normal(struct dice *dice, double mean, double deviation);
/* exp(normal(log(median), deviation)). */
double dice_lognormal(struct dice *dice, double median, double deviation);
/* Mean >= 0; exact for small means, rounded normal above 200. */
int64_t dice_poisson(struct dice *dice, double mean);

#endif
