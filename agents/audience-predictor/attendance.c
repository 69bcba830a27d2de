#include "audience-predictor/attendance.h"

#include <math.h>
#include <string.h>

#include "numerics/stats.h"

static void add_term(struct attendance *result, enum attendance_term_kind kind, enum level level,
                     double share)
{
    result->terms[result->term_count++] = (struct attendance_term){kind, level, share};
}

static void gather(const struct attendance_request *request, const struct past_show *shows,
                   size_t count, void *(*alloc)(void *context, size_t size), void *context,
                   struct comparables *comparables)
{
    size_t room = count ? count : 1;
    for (int level = 0; level < LEVELS; level++) {
        struct level_evidence *evidence = &comparables->levels[level];
        evidence->observations = alloc(context, room * sizeof *evidence->observations);
        evidence->shows = alloc(context, room * sizeof *evidence->shows);
    }
    struct comparables_scratch *scratch = alloc(context, room * sizeof *scratch);
    struct following_point *points = alloc(context, room * sizeof *points);
    comparables_build(&comparables_defaults, &request->coming, shows, count, scratch, points,
                      comparables);
}

static void from_comparables(const struct attendance_request *request, struct attendance *result)
{
    const struct shrinkage *shrinkage = &result->shrinkage;
    shrinkage_predict(&shrinkage_defaults, &result->comparables, (double)request->coming.capacity,
                      request->sold_tickets, &result->shrinkage);
    bool artist = shrinkage->levels[LEVEL_HERE].count || shrinkage->levels[LEVEL_ELSEWHERE].count;
    result->basis = artist ? BASIS_ARTIST : shrinkage->local_data ? BASIS_COMPARABLES : BASIS_PRIOR;
    result->demand = shrinkage->demand;
    if (result->comparables.market_shows) {
        result->baseline = result->comparables.market_share;
        add_term(result, TERM_PRIOR, LEVEL_MARKET, shrinkage->baseline - result->baseline);
    } else {
        result->baseline = shrinkage->prior_mean;
    }
    for (int level = LEVEL_MARKET + 1; level < LEVELS; level++)
        if (shrinkage->levels[level].count)
            add_term(result, TERM_LEVEL, (enum level)level, shrinkage->levels[level].contribution);
    add_term(result, TERM_SPREAD, LEVEL_MARKET, shrinkage->counting);
    if (request->sold_tickets > 0.0)
        add_term(result, TERM_SOLD, LEVEL_MARKET, shrinkage->sold_floor);
}

static bool from_own_weeks(const struct attendance_request *request, const struct past_show *shows,
                           size_t count, void *(*alloc)(void *context, size_t size), void *context,
                           struct attendance *result)
{
    const struct coming_show *coming = &request->coming;
    struct running_week *weeks = alloc(context, (count + 1) * sizeof *weeks);
    size_t week_count = run_history_weeks(coming, shows, count, weeks);
    if (!week_count)
        return false;
    struct market_week *market = alloc(context, (count + 1) * sizeof *market);
    size_t market_count = run_history_market(coming, shows, count, market);
    struct season_index season;
    season_index_fit(market, market_count, INT32_MAX, &season);
    struct running_input input = {.weeks = weeks,
                                  .week_count = week_count,
                                  .market = market,
                                  .market_count = market_count,
                                  .season = &season,
                                  .target_day = coming->day,
                                  /* One night of a run of blocks: no change of plan. */
                                  .target_performances =
                                      coming->performances > 1 ? coming->performances : NAN};
    if (!running_predict(&input, 1.0, &result->running))
        return false;
    const struct running_forecast *running = &result->running;
    result->basis = BASIS_RUNNING_SHOW;
    result->own_weeks = week_count;
    result->season_known = season.known;
    result->baseline = result->comparables.market_shows ? result->comparables.market_share
                                                        : market[market_count - 1].share;
    run_history_demand(running, &result->demand);
    add_term(result, TERM_OWN_LEVEL, LEVEL_HERE, running->level - result->baseline);
    if (season.known)
        add_term(result, TERM_SEASON, LEVEL_HERE, running->season);
    add_term(result, TERM_CORRECTION, LEVEL_HERE, running->correction);
    double centre = running->level + running->season + running->correction;
    double mean = demand_mean(&result->demand);
    add_term(result, TERM_SPREAD, LEVEL_HERE, mean - centre);
    if (request->sold_tickets > 0.0) {
        demand_at_least(&result->demand,
                        stats_clamp(request->sold_tickets / (double)coming->capacity, 0.0, 1.0));
        add_term(result, TERM_SOLD, LEVEL_HERE, demand_mean(&result->demand) - mean);
    }
    return true;
}

void attendance_predict(const struct attendance_request *request, const struct past_show *shows,
                        size_t count, void *(*alloc)(void *context, size_t size), void *context,
                        struct attendance *result)
{
    memset(result, 0, sizeof *result);
    gather(request, shows, count, alloc, context, &result->comparables);
    if (!from_own_weeks(request, shows, count, alloc, context, result))
        from_comparables(request, result);
    result->mean = demand_mean(&result->demand);
}
