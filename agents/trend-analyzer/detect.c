#include <string.h>

#include "trend-analyzer/trend.h"

enum { CANDIDATES_DEFAULT = 20, CANDIDATES_MAX = 1000, LIMITS_MAX = 8 };

#define IS_SET(message, field) ((message)->_##field##_case != 0)

static enum pros_status check_numbers(struct detection *detection)
{
    const Promoteros__V1__DetectBreakoutsRequest *request = detection->request;
    const struct breakout_definition *definition = detection->definition;
    struct pros_run *run = detection->run;
    detection->horizon_days = definition->horizon_days;
    detection->multiple = definition->multiple;
    detection->ranking.max_count = CANDIDATES_DEFAULT;
    if (IS_SET(request, horizon_days)) {
        int days = request->horizon_days;
        if (definition->kind == DEFINITION_CHART && days != definition->horizon_days)
            return pros_fail(run, PROS_INVALID_ARGUMENT, "HORIZON_FIXED",
                             "horizon_days is %d, but %s always looks %d days ahead; leave it out.",
                             days, definition->name, definition->horizon_days);
        if (definition->kind != DEFINITION_CHART && (days < 7 || days > 90))
            return pros_fail(run, PROS_INVALID_ARGUMENT, "HORIZON_RANGE",
                             "horizon_days is %d; it must be between 7 and 90.", days);
        detection->horizon_days = days;
    }
    if (IS_SET(request, target_multiple)) {
        if (definition->kind != DEFINITION_AUDIENCE)
            return pros_fail(
                run, PROS_INVALID_ARGUMENT, "MULTIPLE_NOT_USED",
                "target_multiple goes with an audience definition, not with %s; leave it out.",
                definition->name);
        if (!(request->target_multiple >= 1.1 && request->target_multiple <= 100.0))
            return pros_fail(run, PROS_INVALID_ARGUMENT, "MULTIPLE_RANGE",
                             "target_multiple is %g; it must be between 1.1 and 100.",
                             request->target_multiple);
        detection->multiple = request->target_multiple;
    }
    if (IS_SET(request, max_candidate_count)) {
        if (request->max_candidate_count < 1 || request->max_candidate_count > CANDIDATES_MAX)
            return pros_fail(run, PROS_INVALID_ARGUMENT, "CANDIDATE_COUNT",
                             "max_candidate_count is %d; it must be between 1 and %d.",
                             request->max_candidate_count, CANDIDATES_MAX);
        detection->ranking.max_count = (size_t)request->max_candidate_count;
    }
    return PROS_OK;
}

static enum pros_status check_entities(const struct detection *detection)
{
    const Promoteros__V1__DetectBreakoutsRequest *request = detection->request;
    if (request->n_entities > TREND_ENTITIES_MAX)
        return pros_fail(
            detection->run, PROS_INVALID_ARGUMENT, "TOO_MANY_ENTITIES",
            "%zu entities are named, at most %d are taken; name fewer, or none to examine all.",
            request->n_entities, TREND_ENTITIES_MAX);
    for (size_t i = 0; i < request->n_entities; i++) {
        enum pros_status status = entity_check(detection->run, request->entities[i], "entities");
        if (status != PROS_OK)
            return status;
        if (request->entities[i]->kind != request->entities[0]->kind)
            return pros_fail(
                detection->run, PROS_INVALID_ARGUMENT, "MIXED_KINDS",
                "entities mixes artists and songs; ask for each kind in a call of its own.");
        bool by_artist = detection->definition->goal == CHART_ARTIST_TOP10;
        bool is_artist =
            request->entities[i]->kind == PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_ARTIST;
        if (detection->definition->kind == DEFINITION_CHART && is_artist != by_artist)
            return pros_fail(detection->run, PROS_INVALID_ARGUMENT, "ENTITY_KIND",
                             "%s is about %s; entities names the other kind.",
                             detection->definition->name, by_artist ? "artists" : "songs");
    }
    return PROS_OK;
}

enum pros_status trend_detect(struct pros_run *run,
                              const Promoteros__V1__DetectBreakoutsRequest *request,
                              Promoteros__V1__DetectBreakoutsResponse *response)
{
    struct detection detection = {.run = run, .request = request, .response = response};
    detection.definition = definition_find(request->definition);
    if (!detection.definition)
        return pros_fail(run, PROS_INVALID_ARGUMENT, "UNKNOWN_DEFINITION",
                         "There is no breakout definition \"%.80s\"; there are %s.",
                         request->definition, definition_names());
    enum pros_status status = check_numbers(&detection);
    if (status == PROS_OK)
        status = check_entities(&detection);
    if (status != PROS_OK)
        return status;
    bool is_chart = detection.definition->kind == DEFINITION_CHART;
    response->definition = text_copy(run, detection.definition->name);
    response->definition_text =
        is_chart
            ? text_copy(run, detection.definition->text)
            : pros_format(run, "%s reaches %g times its present level within %d days",
                          detection.definition->text, detection.multiple, detection.horizon_days);
    response->horizon_days = detection.horizon_days;
    response->limits = pros_alloc(run, LIMITS_MAX * sizeof *response->limits);
    response->insufficient = pros_alloc(run, TREND_LISTED_MAX * sizeof *response->insufficient);
    detection.ranking.best =
        pros_alloc(run, (detection.ranking.max_count + 1) * sizeof *detection.ranking.best);
    pros_step(run, (struct pros_step){.kind = PROS_STEP_RULE,
                                      .title = "Definition",
                                      .statement = response->definition_text});
    return is_chart ? detect_chart(&detection) : detect_daily(&detection);
}
