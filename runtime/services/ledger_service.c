/* LedgerService: predictions, outcomes, decisions. The scorecard is in scorecard.c. */
#include "services/check.h"
#include "services/outcome.h"
#include "services/page.h"
#include "services/scorecard.h"

#include <inttypes.h>
#include <string.h>

enum { SUBJECT_BYTES_MAX = 300, REASON_BYTES_MAX = 2000 };

/* ---- reading ---- */

struct prediction_page {
    struct prediction_list list;
    size_t size;
    bool more;
};

static enum pros_status keep_page(void *context, const struct store_prediction *stored)
{
    struct prediction_page *page = context;
    struct prediction_list *list = &page->list;
    if (list->count == page->size) {
        page->more = true;
        return PROS_CANCELLED;
    }
    list->predictions = arena_grow(list->arena, list->predictions, list->count, &list->capacity,
                                   sizeof *list->predictions);
    return prediction_unpack(list->arena, stored, &list->predictions[list->count++], list->failure);
}

static enum pros_status list_page(struct work *work, const struct store_prediction_query *query,
                                  struct prediction_page *page)
{
    struct failure failure = {0};
    page->list.arena = work->arena;
    page->list.failure = &work->failure;
    enum pros_status status = store_list_predictions(work->store, query, keep_page, page, &failure);
    if (status == PROS_OK || page->more)
        return PROS_OK;
    if (!work->failure.sentence[0])
        work->failure = failure;
    return status;
}

static enum pros_status list_predictions(struct work *work,
                                         const Promoteros__V1__ListPredictionsRequest *request,
                                         Promoteros__V1__ListPredictionsResponse *response)
{
    struct prediction_page page = {0};
    TRY(check_page_size(&work->failure, request->page_size, &page.size));
    TRY(check_text(&work->failure, "", "target", request->target, ID_BYTES_MAX));
    TRY(check_text(&work->failure, "", "subject_prefix", request->subject_prefix,
                   SUBJECT_BYTES_MAX));
    struct store_prediction_query query = {
        .target = *request->target ? request->target : NULL,
        .subject_prefix = *request->subject_prefix ? request->subject_prefix : NULL,
        .open = request->_open_case ? request->open != 0 : -1};
    if (*request->page_token)
        TRY(page_token_parse_number(work->arena, 'p', request->page_token, &query.before_issue_ms,
                                    &query.before_id, &work->failure));
    TRY(list_page(work, &query, &page));
    response->predictions = page.list.predictions;
    response->n_predictions = page.list.count;
    if (page.more) {
        const Promoteros__V1__Prediction *last = page.list.predictions[page.list.count - 1];
        const char *issued = arena_format(work->arena, "%" PRId64, timestamp_ms(last->issue_time));
        response->next_page_token = page_token_new(work->arena, 'p', issued, last->id);
    }
    return PROS_OK;
}
SERVICE_METHOD(list_predictions, Promoteros__V1__ListPredictionsRequest,
               promoteros__v1__list_predictions_request, Promoteros__V1__ListPredictionsResponse,
               promoteros__v1__list_predictions_response)

static enum pros_status find_prediction(struct work *work, const char *field, const char *id,
                                        Promoteros__V1__Prediction **prediction)
{
    TRY(check_text(&work->failure, "", field, id, ID_BYTES_MAX));
    struct store_prediction_query query = {.id = id, .open = -1};
    struct prediction_page page = {.size = 1};
    TRY(list_page(work, &query, &page));
    if (page.list.count == 0)
        return failure_set(&work->failure, PROS_NOT_FOUND, "UNKNOWN_PREDICTION",
                           "There is no prediction with the id \"%s\"; look it up in the list of "
                           "predictions.",
                           id);
    *prediction = page.list.predictions[0];
    return PROS_OK;
}

static enum pros_status get_prediction(struct work *work,
                                       const Promoteros__V1__GetPredictionRequest *request,
                                       Promoteros__V1__GetPredictionResponse *response)
{
    return find_prediction(work, "id", request->id, &response->prediction);
}
SERVICE_METHOD(get_prediction, Promoteros__V1__GetPredictionRequest,
               promoteros__v1__get_prediction_request, Promoteros__V1__GetPredictionResponse,
               promoteros__v1__get_prediction_response)

/* ---- writing ---- */

static void add_recorded_event(struct work *work, struct store_batch *batch, const char *subject,
                               struct outcome outcome)
{
    Promoteros__V1__Outcome recorded = PROMOTEROS__V1__OUTCOME__INIT;
    recorded.value = outcome.value;
    recorded.at_least = outcome.at_least;
    recorded.record_time = timestamp_new(work->arena, work->as_of_ms);
    recorded.source = (char *)"user";
    Promoteros__V1__Event event = PROMOTEROS__V1__EVENT__INIT;
    event.detail_case = PROMOTEROS__V1__EVENT__DETAIL_OUTCOME;
    event.outcome = &recorded;
    add_event(work, batch, "outcome.recorded", subject, &event);
}

static enum pros_status build_outcome(struct work *work, struct store_batch *batch,
                                      const void *message, void *reply)
{
    const Promoteros__V1__RecordOutcomeRequest *request = message;
    Promoteros__V1__RecordOutcomeResponse *response = reply;
    struct outcome outcome = {request->value, request->at_least};
    struct prediction_list list = {0};
    TRY(find_predictions(work, request->target, request->subject, &list));
    TRY(add_outcomes(work, batch, &list, request->target, outcome, "user"));
    add_recorded_event(work, batch, request->subject, outcome);
    response->scored_predictions = list.predictions;
    response->n_scored_predictions = list.count;
    return PROS_OK;
}

static enum pros_status record_outcome(struct work *work,
                                       const Promoteros__V1__RecordOutcomeRequest *request,
                                       Promoteros__V1__RecordOutcomeResponse *response)
{
    TRY(check_slug(&work->failure, "", "target", request->target, "paid-tickets"));
    TRY(check_text(&work->failure, "", "subject", request->subject, SUBJECT_BYTES_MAX));
    if (!*request->subject)
        return failure_set(&work->failure, PROS_INVALID_ARGUMENT, "EMPTY",
                           "subject is empty; write for example \"show/sh_...\".");
    TRY(check_finite(&work->failure, "", "value", request->value));
    return write_once(work, request->request_id, "promoteros.v1.LedgerService/RecordOutcome",
                      request, &response->base, build_outcome);
}
SERVICE_METHOD(record_outcome, Promoteros__V1__RecordOutcomeRequest,
               promoteros__v1__record_outcome_request, Promoteros__V1__RecordOutcomeResponse,
               promoteros__v1__record_outcome_response)

static enum pros_status build_decision(struct work *work, struct store_batch *batch,
                                       const void *message, void *reply)
{
    const Promoteros__V1__RecordDecisionRequest *request = message;
    Promoteros__V1__RecordDecisionResponse *response = reply;
    TRY(find_prediction(work, "prediction_id", request->prediction_id, &response->prediction));
    Promoteros__V1__Decision *decision = arena_alloc(work->arena, sizeof *decision);
    promoteros__v1__decision__init(decision);
    decision->kind = request->kind;
    decision->reason = request->reason;
    decision->record_time = timestamp_new(work->arena, work->as_of_ms);
    response->prediction->decision = decision;
    store_add_ledger(batch, request->prediction_id, LEDGER_DECISION,
                     arena_pack(work->arena, &decision->base));
    Promoteros__V1__Event event = PROMOTEROS__V1__EVENT__INIT;
    event.detail_case = PROMOTEROS__V1__EVENT__DETAIL_DECISION;
    event.decision = decision;
    add_event(work, batch, "decision.recorded", request->prediction_id, &event);
    return PROS_OK;
}

static enum pros_status record_decision(struct work *work,
                                        const Promoteros__V1__RecordDecisionRequest *request,
                                        Promoteros__V1__RecordDecisionResponse *response)
{
    if (request->kind <= 0 || !protobuf_c_enum_descriptor_get_value(
                                  &promoteros__v1__decision_kind__descriptor, (int)request->kind))
        return failure_set(&work->failure, PROS_INVALID_ARGUMENT, "BAD_KIND",
                           "kind is %d; say booked (1), passed (2) or overridden (3).",
                           (int)request->kind);
    TRY(check_text(&work->failure, "", "reason", request->reason, REASON_BYTES_MAX));
    return write_once(work, request->request_id, "promoteros.v1.LedgerService/RecordDecision",
                      request, &response->base, build_decision);
}
SERVICE_METHOD(record_decision, Promoteros__V1__RecordDecisionRequest,
               promoteros__v1__record_decision_request, Promoteros__V1__RecordDecisionResponse,
               promoteros__v1__record_decision_response)

static enum pros_status get_scorecard(struct work *work,
                                      const Promoteros__V1__GetScorecardRequest *request,
                                      Promoteros__V1__GetScorecardResponse *response)
{
    TRY(check_slug(&work->failure, "", "target", request->target, "paid-tickets"));
    TRY(check_text(&work->failure, "", "agent", request->agent, ID_BYTES_MAX));
    return scorecard_fill(work, request, response);
}
SERVICE_METHOD(get_scorecard, Promoteros__V1__GetScorecardRequest,
               promoteros__v1__get_scorecard_request, Promoteros__V1__GetScorecardResponse,
               promoteros__v1__get_scorecard_response)

static const struct pros_method methods[] = {
    {.name = "ListPredictions",
     .summary = "Lists predictions, newest first.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .journal = PROS_JOURNAL_NONE,
     .handle = list_predictions_bytes},
    {.name = "GetPrediction",
     .summary = "Returns a prediction with its outcome and score.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .journal = PROS_JOURNAL_NONE,
     .handle = get_prediction_bytes},
    {.name = "RecordOutcome",
     .summary = "Records what happened and scores the predictions of it.",
     .journal = PROS_JOURNAL_NONE,
     .handle = record_outcome_bytes},
    {.name = "RecordDecision",
     .summary = "Records what a person decided about a prediction.",
     .journal = PROS_JOURNAL_NONE,
     .handle = record_decision_bytes},
    {.name = "GetScorecard",
     .summary = "Returns how good the scored predictions were, beside the naive baseline.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .journal = PROS_JOURNAL_NONE,
     .handle = get_scorecard_bytes},
};

const struct pros_agent ledger_service_table = {
    .size = sizeof(struct pros_agent),
    .abi = PROS_ABI,
    .method_size = sizeof(struct pros_method),
    .name = "ledger",
    .title = "Ledger",
    .summary = "Keeps predictions, outcomes and decisions, and says how good the predictions were.",
    .version = PROMOTEROS_VERSION,
    .service = "promoteros.v1.LedgerService",
    .methods = methods,
    .method_count = sizeof methods / sizeof *methods,
};
