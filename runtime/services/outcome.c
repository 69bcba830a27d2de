/* What happened, and what that says about the predictions of it. */
#include "services/outcome.h"

#include "host/distribution.h"

#include <string.h>

static enum pros_status unpack_part(struct arena *arena,
                                    const ProtobufCMessageDescriptor *descriptor,
                                    struct pros_bytes bytes, void *message, struct failure *failure)
{
    return bytes.size ? stored_unpack(arena, descriptor, bytes, message, failure) : PROS_OK;
}

enum pros_status prediction_unpack(struct arena *arena, const struct store_prediction *stored,
                                   Promoteros__V1__Prediction **prediction, struct failure *failure)
{
    TRY(stored_unpack(arena, &promoteros__v1__prediction__descriptor, stored->prediction,
                      prediction, failure));
    (*prediction)->outcome = NULL;
    (*prediction)->score = NULL;
    (*prediction)->decision = NULL;
    TRY(unpack_part(arena, &promoteros__v1__outcome__descriptor, stored->outcome,
                    &(*prediction)->outcome, failure));
    TRY(unpack_part(arena, &promoteros__v1__score__descriptor, stored->score, &(*prediction)->score,
                    failure));
    return unpack_part(arena, &promoteros__v1__decision__descriptor, stored->decision,
                       &(*prediction)->decision, failure);
}

static void score_quantity(const Promoteros__V1__Prediction *prediction, struct outcome outcome,
                           Promoteros__V1__Score *score)
{
    const Promoteros__V1__Distribution *distribution = prediction->distribution;
    if (distribution_defect(distribution))
        return;
    score->_crps_case = PROMOTEROS__V1__SCORE___CRPS_CRPS;
    score->crps = score_crps(distribution, outcome);
    if (outcome.value > 0) {
        score->_relative_error_case = PROMOTEROS__V1__SCORE___RELATIVE_ERROR_RELATIVE_ERROR;
        score->relative_error = score_relative_error(distribution, outcome);
    }
    if (distribution_has_interval_80(distribution)) {
        score->_within_80_case = PROMOTEROS__V1__SCORE___WITHIN_80_WITHIN_80;
        score->within_80 = score_within_80(distribution, outcome);
    }
    if (prediction->_baseline_case) {
        double low = prediction->baseline - outcome.value;
        bool beyond = outcome.at_least && low > 0;
        score->_baseline_error_case = PROMOTEROS__V1__SCORE___BASELINE_ERROR_BASELINE_ERROR;
        score->baseline_error = beyond ? 0 : low < 0 ? -low : low;
    }
}

/* Every part that the prediction and the outcome allow; the rest stays unset. */
static void score_prediction(const Promoteros__V1__Prediction *prediction, struct outcome outcome,
                             Promoteros__V1__Score *score)
{
    promoteros__v1__score__init(score);
    if (prediction->distribution) {
        score_quantity(prediction, outcome, score);
    } else if (prediction->_probability_case) {
        score->_brier_case = PROMOTEROS__V1__SCORE___BRIER_BRIER;
        score->brier = score_brier(prediction->probability, outcome.value);
        if (prediction->_baseline_case) {
            score->_baseline_error_case = PROMOTEROS__V1__SCORE___BASELINE_ERROR_BASELINE_ERROR;
            score->baseline_error = score_brier(prediction->baseline, outcome.value);
        }
    }
}

static enum pros_status keep_prediction(void *context, const struct store_prediction *stored)
{
    struct prediction_list *list = context;
    list->predictions = arena_grow(list->arena, list->predictions, list->count, &list->capacity,
                                   sizeof *list->predictions);
    return prediction_unpack(list->arena, stored, &list->predictions[list->count++], list->failure);
}

enum pros_status find_predictions(struct work *work, const char *target, const char *subject,
                                  struct prediction_list *list)
{
    struct store_prediction_query query = {.target = target, .subject = subject, .open = -1};
    list->arena = work->arena;
    list->failure = &work->failure;
    return store_list_predictions(work->store, &query, keep_prediction, list, &work->failure);
}

static bool is_recorded(const Promoteros__V1__Prediction *prediction, struct outcome outcome)
{
    return prediction->outcome && prediction->outcome->value == outcome.value &&
           (prediction->outcome->at_least != 0) == outcome.at_least;
}

static enum pros_status add_outcome(struct work *work, struct store_batch *batch,
                                    Promoteros__V1__Prediction *prediction, struct outcome outcome,
                                    const char *source)
{
    if (!prediction->distribution && outcome.value != 0 && outcome.value != 1)
        return failure_set(&work->failure, PROS_INVALID_ARGUMENT, "BAD_OUTCOME",
                           "value is %g, but \"%s\" is a yes-or-no target; send 1 for yes or 0 for "
                           "no.",
                           outcome.value, prediction->target);
    prediction->outcome = arena_alloc(work->arena, sizeof *prediction->outcome);
    promoteros__v1__outcome__init(prediction->outcome);
    prediction->outcome->value = outcome.value;
    prediction->outcome->at_least = outcome.at_least;
    prediction->outcome->record_time = timestamp_new(work->arena, work->as_of_ms);
    prediction->outcome->source = (char *)source;
    prediction->score = arena_alloc(work->arena, sizeof *prediction->score);
    score_prediction(prediction, outcome, prediction->score);
    store_add_ledger(batch, prediction->id, LEDGER_OUTCOME,
                     arena_pack(work->arena, &prediction->outcome->base));
    store_add_ledger(batch, prediction->id, LEDGER_SCORE,
                     arena_pack(work->arena, &prediction->score->base));
    Promoteros__V1__Event event = PROMOTEROS__V1__EVENT__INIT;
    event.detail_case = PROMOTEROS__V1__EVENT__DETAIL_PREDICTION;
    event.prediction = prediction;
    event.trace_id = prediction->trace_id;
    add_event(work, batch, "prediction.scored", prediction->id, &event);
    return PROS_OK;
}

enum pros_status add_outcomes(struct work *work, struct store_batch *batch,
                              const struct prediction_list *list, const char *target,
                              struct outcome outcome, const char *source)
{
    for (size_t i = 0; i < list->count; i++) {
        Promoteros__V1__Prediction *prediction = list->predictions[i];
        if (strcmp(prediction->target, target) == 0 && !is_recorded(prediction, outcome))
            TRY(add_outcome(work, batch, prediction, outcome, source));
    }
    return PROS_OK;
}

/* Who predicts what is known already has seen it: that says nothing about how good the agent is. */
static void leave_out_hindsight(struct prediction_list *list, int64_t known_ms)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        Promoteros__V1__Prediction *prediction = list->predictions[i];
        if (timestamp_ms(prediction->as_of_time ? prediction->as_of_time
                                                : prediction->issue_time) <= known_ms)
            list->predictions[kept++] = prediction;
    }
    list->count = kept;
}

enum pros_status add_show_outcomes(struct work *work, struct store_batch *batch,
                                   const Promoteros__V1__Show *show)
{
    const Promoteros__V1__Attendance *attendance = show->attendance;
    if (!attendance || (!attendance->_paid_tickets_case && !attendance->_heads_case))
        return PROS_OK;
    struct prediction_list list = {0};
    TRY(find_predictions(work, NULL, arena_format(work->arena, "show/%s", show->id), &list));
    TRY(find_predictions(work, NULL,
                         arena_format(work->arena, "artist/%s/venue/%s/date/%s", show->artist_id,
                                      show->venue_id, show->show_date),
                         &list));
    leave_out_hindsight(&list, timestamp_ms(attendance->known_time));
    if (attendance->_paid_tickets_case) {
        bool sold_out = attendance->paid_tickets >= show->capacity_tickets;
        struct outcome paid = {(double)attendance->paid_tickets, sold_out};
        TRY(add_outcomes(work, batch, &list, "paid-tickets", paid, "attendance"));
        struct outcome sell_out = {sold_out ? 1 : 0, false};
        TRY(add_outcomes(work, batch, &list, "sell-out", sell_out, "attendance"));
    }
    if (attendance->_heads_case) {
        struct outcome heads = {(double)attendance->heads, false};
        TRY(add_outcomes(work, batch, &list, "heads", heads, "attendance"));
    }
    return PROS_OK;
}

static enum pros_status see_any(void *context, const struct store_prediction *stored)
{
    (void)stored;
    *(bool *)context = false;
    return PROS_CANCELLED; /* one is enough */
}

enum pros_status ledger_is_empty(struct work *work, bool *empty)
{
    struct store_prediction_query query = {.open = -1};
    struct failure failure = {0};
    *empty = true;
    enum pros_status status = store_list_predictions(work->store, &query, see_any, empty, &failure);
    if (status != PROS_OK && *empty) {
        work->failure = failure;
        return status;
    }
    return PROS_OK;
}
