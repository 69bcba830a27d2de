#include <math.h>
#include <string.h>

#include "trend-analyzer/trend.h"

char *text_copy(struct pros_run *run, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = pros_alloc(run, size);
    memcpy(copy, text, size);
    return copy;
}

Promoteros__V1__EntityRef *entity_copy(struct pros_run *run,
                                       const Promoteros__V1__EntityRef *entity)
{
    Promoteros__V1__EntityRef *copy = pros_alloc(run, sizeof *copy);
    promoteros__v1__entity_ref__init(copy);
    copy->kind = entity->kind;
    copy->id = text_copy(run, entity->id);
    return copy;
}

char *words_change(struct pros_run *run, double log_ratio)
{
    double percent = 100.0 * expm1(log_ratio);
    return pros_format(run, "%+.*f %%", fabs(percent) < 9.95 ? 1 : 0, percent);
}

bool ranking_wants(const struct ranking *ranking, double probability)
{
    return ranking->count < ranking->max_count ||
           probability >= ranking->best[ranking->count - 1]->probability;
}

/* More probable first; equal ones by id, so that the order never depends on the store's. */
static bool is_before(const Promoteros__V1__BreakoutCandidate *a,
                      const Promoteros__V1__BreakoutCandidate *b)
{
    if (a->probability != b->probability)
        return a->probability > b->probability;
    return strcmp(a->entity->id, b->entity->id) < 0;
}

void ranking_add(struct ranking *ranking, Promoteros__V1__BreakoutCandidate *candidate)
{
    size_t place = ranking->count;
    if (ranking->count == ranking->max_count) {
        if (!is_before(candidate, ranking->best[ranking->count - 1]))
            return;
        place--;
    } else {
        ranking->count++;
    }
    while (place > 0 && is_before(candidate, ranking->best[place - 1])) {
        ranking->best[place] = ranking->best[place - 1];
        place--;
    }
    ranking->best[place] = candidate;
}

Promoteros__V1__BreakoutCandidate *candidate_new(struct pros_run *run,
                                                 const struct subject *subject,
                                                 const struct breakout_answer *answer)
{
    Promoteros__V1__BreakoutCandidate *candidate = pros_alloc(run, sizeof *candidate);
    promoteros__v1__breakout_candidate__init(candidate);
    candidate->entity = entity_copy(run, subject->entity);
    candidate->name = text_copy(run, subject->name);
    candidate->n_artist_ids = subject->artist_count;
    candidate->artist_ids = pros_alloc(run, (subject->artist_count + 1) * sizeof(char *));
    for (size_t i = 0; i < subject->artist_count; i++)
        candidate->artist_ids[i] = text_copy(run, subject->artist_ids[i]);
    candidate->probability = answer->probability;
    candidate->baseline_log_odds = answer->baseline;
    candidate->n_reasons = answer->reason_count;
    candidate->reasons = pros_alloc(run, (answer->reason_count + 1) * sizeof *candidate->reasons);
    return candidate;
}

void candidate_reason(struct pros_run *run, Promoteros__V1__BreakoutCandidate *candidate,
                      size_t position, const struct breakout_reason *reason, char *text)
{
    Promoteros__V1__BreakoutReason *message = pros_alloc(run, sizeof *message);
    promoteros__v1__breakout_reason__init(message);
    message->name = text_copy(run, breakout_feature_name(reason->feature));
    message->text = text;
    message->amount = reason->amount;
    candidate->reasons[position] = message;
}

void note_insufficient(struct detection *detection, const struct subject *subject, int64_t points,
                       char *reason)
{
    Promoteros__V1__DetectBreakoutsResponse *response = detection->response;
    response->insufficient_count++;
    if (response->n_insufficient == TREND_LISTED_MAX)
        return;
    Promoteros__V1__InsufficientData *entry = pros_alloc(detection->run, sizeof *entry);
    promoteros__v1__insufficient_data__init(entry);
    entry->entity = entity_copy(detection->run, subject->entity);
    entry->name = text_copy(detection->run, subject->name);
    entry->reason = reason;
    entry->point_count = points;
    response->insufficient[response->n_insufficient++] = entry;
}

/* One conclusion and one ledger entry for a candidate. */
static void record_candidate(struct detection *detection, const struct breakout_model *model,
                             const Promoteros__V1__BreakoutCandidate *candidate, const char *step)
{
    struct pros_run *run = detection->run;
    struct pros_contribution *sum = pros_alloc(run, (candidate->n_reasons + 1) * sizeof *sum);
    for (size_t i = 0; i < candidate->n_reasons; i++)
        sum[i] = (struct pros_contribution){candidate->reasons[i]->amount,
                                            candidate->reasons[i]->text, step};
    bool is_track = candidate->entity->kind == PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_TRACK;
    pros_conclude(run, (struct pros_conclusion){
                           .name = "breakout_probability",
                           .unit = pros_format(run, "probability for %s", candidate->name),
                           .value = candidate->probability,
                           .link = PROS_LINK_LOGIT,
                           .baseline = candidate->baseline_log_odds,
                           .baseline_text = "log-odds of the usual case in the data of the fit",
                           .contributions = sum,
                           .contribution_count = candidate->n_reasons,
                           .confidence = PROS_CONFIDENCE_MODEL,
                           .sample_size = model->rows,
                       });
    double base_rate = (double)model->positives / model->rows;
    pros_predict(run,
                 (struct pros_prediction){
                     .target = "breakout",
                     .subject = pros_format(run, "%s/%s/%s", is_track ? "track" : "artist",
                                            candidate->entity->id, detection->definition->name),
                     .due_at_ms = pros_as_of_ms(run) + (int64_t)detection->horizon_days * 86400000,
                     .probability = candidate->probability,
                     .baseline = &base_rate,
                     .baseline_name = "base rate of the fit",
                 });
}

void detection_record(struct detection *detection, const struct breakout_model *model)
{
    struct pros_run *run = detection->run;
    Promoteros__V1__DetectBreakoutsResponse *response = detection->response;
    response->candidates = detection->ranking.best;
    response->n_candidates = detection->ranking.count;
    pros_step(run,
              (struct pros_step){.kind = PROS_STEP_VALIDATE,
                                 .title = "Clean the series",
                                 .statement = pros_format(
                                     run,
                                     "%lld examined, %lld with too little data; %zu missing days "
                                     "filled in, %zu jumps or spikes replaced.",
                                     (long long)response->examined_count,
                                     (long long)response->insufficient_count,
                                     detection->days_filled, detection->values_replaced),
                                 .uses = detection->evidence});
    const char *step = pros_step(
        run,
        (struct pros_step){.kind = PROS_STEP_MODEL,
                           .title = "Breakout model",
                           .statement = pros_format(run,
                                                    "Logistic model %s, fitted on %d cases with %d "
                                                    "breakouts: %s.",
                                                    model->name, model->rows, model->positives,
                                                    model->fitted_on),
                           .formula = "log-odds = baseline + sum of coefficient x (feature - usual "
                                      "value)",
                           .uses = detection->evidence});
    for (size_t i = 0; i < response->n_candidates; i++)
        record_candidate(detection, model, response->candidates[i], step);
    pros_step(run,
              (struct pros_step){.kind = PROS_STEP_COMPARE,
                                 .title = "Rank",
                                 .statement = pros_format(run, "The %zu most probable are listed.",
                                                          response->n_candidates),
                                 .uses = step});
    if (response->n_candidates)
        pros_summary(
            run,
            pros_format(run, "%s is the most likely to break out (%.0f %% within %d days: %s).",
                        response->candidates[0]->name, 100.0 * response->candidates[0]->probability,
                        detection->horizon_days, response->definition_text));
    else
        pros_summary(run, "Nothing examined had enough data for a breakout probability.");
    for (size_t i = 0; i < response->n_limits; i++)
        pros_limit(run, response->limits[i]);
}
