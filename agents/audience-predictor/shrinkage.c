#include "audience-predictor/shrinkage.h"

#include <math.h>
#include <string.h>

#include "numerics/stats.h"

const struct shrinkage_settings shrinkage_defaults = {
    .prior_median = 0.6,
    .prior_spread = 0.5,
    .levels = {[LEVEL_MARKET] = {2.0, 0.1, false},
               [LEVEL_ROOM] = {2.0, 0.1, false},
               [LEVEL_PRICE] = {2.0, 0.1, false},
               [LEVEL_GENRE] = {64.0, 0.1, false},
               [LEVEL_FOLLOWING] = {30.0, 0.1, false},
               [LEVEL_OPENING] = {8.0, 0.1, false},
               [LEVEL_ELSEWHERE] = {0.0, 0.6, true},
               [LEVEL_HERE] = {.repeats = true}}};

/* Weighted mean and standard deviation of the comparables' shares as seen from the target. */
static void describe(const struct level_evidence *evidence, struct level_result *level)
{
    double sum = 0.0, squares = 0.0;
    level->count = evidence->count;
    level->sold_out = evidence->sold_out;
    level->effective_count = 0.0;
    for (size_t i = 0; i < evidence->count; i++) {
        const struct demand_observation *o = &evidence->observations[i];
        double share = exp(fmin(o->log_ratio, 3.0));
        level->effective_count += o->weight;
        sum += o->weight * share;
        squares += o->weight * share * share;
    }
    level->mean = level->spread = NAN;
    if (!(level->effective_count > 0.0))
        return;
    level->mean = sum / level->effective_count;
    level->spread = sqrt(fmax(0.0, squares / level->effective_count - level->mean * level->mean));
}

static void take_level(const struct level_settings *settings, const struct level_evidence *evidence,
                       struct demand *demand, struct level_result *level)
{
    describe(evidence, level);
    level->weight = level->contribution = 0.0;
    if (!(level->effective_count > 0.0))
        return;
    double before = demand_mean(demand), n = level->effective_count;
    if (settings->repeats) {
        double prior = demand_variance(demand);
        demand_repeat(demand, evidence->observations, evidence->count, settings->spread);
        level->weight = n / (n + settings->spread * settings->spread / prior);
    } else {
        demand_pool(demand, evidence->observations, evidence->count, settings->pseudo_count,
                    settings->spread);
        level->weight = n / (n + settings->pseudo_count);
    }
    level->contribution = demand_mean(demand) - before;
}

void shrinkage_predict(const struct shrinkage_settings *settings,
                       const struct comparables *comparables, double capacity, double sold_tickets,
                       struct shrinkage *result)
{
    memset(result, 0, sizeof *result);
    struct demand *demand = &result->demand;
    demand_normal(demand, settings->prior_median, settings->prior_spread);
    result->prior_mean = demand_mean(demand);
    for (int i = 0; i < LEVELS; i++) {
        struct level_settings level = settings->levels[i];
        if (i == LEVEL_HERE)
            level.spread = comparables->repeat_spread; /* learned from this market */
        take_level(&level, &comparables->levels[i], demand, &result->levels[i]);
        result->local_data = result->local_data || result->levels[i].count > 0;
        if (i == LEVEL_MARKET)
            result->baseline = demand_mean(demand);
    }
    double before = demand_mean(demand);
    demand_blur(demand, 1.0 / sqrt(fmax(1.0, capacity * before)));
    result->counting = demand_mean(demand) - before;
    if (sold_tickets > 0.0) {
        before = demand_mean(demand);
        demand_at_least(demand, stats_clamp(sold_tickets / capacity, 0.0, 1.0));
        result->sold_floor = demand_mean(demand) - before;
    }
    result->mean = demand_mean(demand);
}
