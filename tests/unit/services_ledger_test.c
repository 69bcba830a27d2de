/* Predictions meet their outcomes. */
#include "unit/services_fixture.h"

#include <promoteros/v1/ledger_service.pb-c.h>

static struct pros_bytes pack(struct fixture *f, const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *data = arena_alloc(&f->arena, size + 1);
    protobuf_c_message_pack(message, data);
    return (struct pros_bytes){data, size};
}

/* Quantiles .1 .5 .9 at 100 200 300 unless it is a yes-or-no target; baseline 150. */
static void predict(struct fixture *f, const char *id, const char *target, const char *subject,
                    double probability, int64_t issue_ms)
{
    double levels[] = {.1, .5, .9}, values[] = {100, 200, 300};
    Promoteros__V1__Distribution distribution = PROMOTEROS__V1__DISTRIBUTION__INIT;
    Promoteros__V1__Prediction prediction = PROMOTEROS__V1__PREDICTION__INIT;
    distribution.levels = levels;
    distribution.values = values;
    distribution.n_levels = distribution.n_values = 3;
    prediction.id = (char *)id;
    prediction.target = (char *)target;
    prediction.subject = (char *)subject;
    prediction.agent = (char *)"audience-predictor";
    prediction._baseline_case = PROMOTEROS__V1__PREDICTION___BASELINE_BASELINE;
    prediction.issue_time = fixture_time(f, issue_ms);
    if (probability >= 0) {
        prediction._probability_case = PROMOTEROS__V1__PREDICTION___PROBABILITY_PROBABILITY;
        prediction.probability = probability;
        prediction.baseline = .5;
    } else {
        prediction.distribution = &distribution;
        prediction.baseline = 150;
    }
    struct store_prediction stored = {.id = id,
                                      .target = target,
                                      .subject = subject,
                                      .agent = "audience-predictor",
                                      .issue_ms = issue_ms,
                                      .due_ms = issue_ms + DAY_MS,
                                      .prediction = pack(f, &prediction.base)};
    struct store_batch *batch = store_batch_new();
    store_add_prediction(batch, &stored);
    CHECK_INT(store_commit(f->store, batch, NULL, &f->failure), PROS_OK);
}

static const Promoteros__V1__Prediction *get(struct fixture *f, const char *id)
{
    Promoteros__V1__GetPredictionRequest request = PROMOTEROS__V1__GET_PREDICTION_REQUEST__INIT;
    Promoteros__V1__GetPredictionResponse *response = NULL;
    request.id = (char *)id;
    EXPECT_OK(f, "LedgerService/GetPrediction", &request, &response);
    return response->prediction;
}

static size_t count_events(struct fixture *f, const char *type);

static const Promoteros__V1__GetScorecardResponse *scorecard(struct fixture *f, const char *target)
{
    Promoteros__V1__GetScorecardRequest request = PROMOTEROS__V1__GET_SCORECARD_REQUEST__INIT;
    Promoteros__V1__GetScorecardResponse *response = NULL;
    request.target = (char *)target;
    EXPECT_OK(f, "LedgerService/GetScorecard", &request, &response);
    return response;
}

static const char *upsert(struct fixture *f, Promoteros__V1__Show *show, const char *id)
{
    Promoteros__V1__UpsertShowRequest request = PROMOTEROS__V1__UPSERT_SHOW_REQUEST__INIT;
    Promoteros__V1__UpsertShowResponse *response = NULL;
    request.show = show;
    show->id = (char *)id;
    EXPECT_OK(f, "CatalogService/UpsertShow", &request, &response);
    return response->show->id;
}

/*
 * By hand, levels .1 .5 .9 at 100 200 300, outcome 210:
 *   [100, 200], F .1 to .5: 100 (.01 + .05 + .25) / 3 = 10.33333
 *   [200, 210], F .5 to .54: 10 (.25 + .27 + .2916) / 3 = 2.70533
 *   [210, 300], 1 - F .46 to .1: 90 (.2116 + .046 + .01) / 3 = 8.028
 *   sum 21.06667; baseline |150 - 210| = 60.
 */
static void test_attendance_scores(void)
{
    struct fixture f;
    char subject[200];
    fixture_open(&f);
    const char *artist = fixture_artist(&f, "The Examples"), *venue = fixture_venue(&f);
    const char *id = upsert(&f, fixture_show(&f, artist, venue, "2026-06-01", -1), "");
    snprintf(subject, sizeof subject, "show/%s", id);
    predict(&f, "pr_paid", "paid-tickets", subject, -1, NOW_MS);
    predict(&f, "pr_heads", "heads", subject, -1, NOW_MS);
    predict(&f, "pr_other", "paid-tickets", "show/sh_other", -1, NOW_MS);
    snprintf(subject, sizeof subject, "artist/%s/venue/%s/date/2026-06-01", artist, venue);
    predict(&f, "pr_sold", "sell-out", subject, .2, NOW_MS);
    predict(&f, "pr_late", "sell-out", subject, .9, NOW_MS + 1);
    CHECK_INT(scorecard(&f, "paid-tickets")->scored_count, 0);
    CHECK(!scorecard(&f, "paid-tickets")->_mean_score_case);
    CHECK(!scorecard(&f, "paid-tickets")->_within_10_percent_floor_case);

    upsert(&f, fixture_show(&f, artist, venue, "2026-06-01", 210), id);
    const Promoteros__V1__Prediction *paid = get(&f, "pr_paid");
    CHECK(paid->outcome && paid->score);
    CHECK_NEAR(paid->outcome->value, 210, 0);
    CHECK_STR(paid->outcome->source, "attendance");
    CHECK_NEAR(paid->score->crps, 21.0666667, 1e-6);
    CHECK_NEAR(paid->score->baseline_error, 60, 1e-12);
    CHECK_NEAR(paid->score->relative_error, 10.0 / 210, 1e-12);
    CHECK(paid->score->_within_80_case && paid->score->within_80);
    CHECK_NEAR(get(&f, "pr_sold")->score->brier, .04, 1e-12);
    CHECK(!get(&f, "pr_heads")->score && !get(&f, "pr_other")->score);
    CHECK(!get(&f, "pr_late")->outcome && !get(&f, "pr_late")->score);

    /* The same again adds nothing; a correction scores anew. */
    int64_t entries = 0, again = 0;
    CHECK_INT(store_verify_ledger(f.store, &entries, &f.failure), PROS_OK);
    upsert(&f, fixture_show(&f, artist, venue, "2026-06-01", 210), id);
    CHECK_INT(store_verify_ledger(f.store, &again, &f.failure), PROS_OK);
    CHECK_INT(again, entries);
    upsert(&f, fixture_show(&f, artist, venue, "2026-06-01", 500), id);
    paid = get(&f, "pr_paid");
    CHECK(paid->outcome->at_least && !paid->score->within_80);
    /* At least 500, all forecast mass below: the integral up to 500. */
    CHECK_NEAR(paid->score->crps, 10.3333333 + 100 * (.25 + .45 + .81) / 3 + 200, 1e-5);
    CHECK_NEAR(get(&f, "pr_sold")->score->brier, .64, 1e-12);
    CHECK_INT(scorecard(&f, "paid-tickets")->scored_count, 1);
    CHECK_INT(scorecard(&f, "paid-tickets")->open_count, 1);
    CHECK_NEAR(scorecard(&f, "paid-tickets")->within_10_percent_floor, 1, 0);
    CHECK_INT(count_events(&f, "prediction.scored"), 4);
    fixture_close(&f);
}

static void test_record_outcome(void)
{
    struct fixture f;
    fixture_open(&f);
    predict(&f, "pr_1", "paid-tickets", "show/sh_1", -1, NOW_MS);
    predict(&f, "pr_2", "paid-tickets", "show/sh_2", -1, NOW_MS + 1);
    predict(&f, "pr_3", "breakout", "artist/ar_1/followers-x2", .7, NOW_MS + 2);
    Promoteros__V1__RecordOutcomeRequest request = PROMOTEROS__V1__RECORD_OUTCOME_REQUEST__INIT;
    Promoteros__V1__RecordOutcomeResponse *response = NULL;
    request.request_id = (char *)"o-1";
    request.target = (char *)"paid-tickets";
    request.subject = (char *)"show/sh_1";
    request.value = 210;
    EXPECT_OK(&f, "LedgerService/RecordOutcome", &request, &response);
    CHECK_INT(response->n_scored_predictions, 1);
    CHECK_NEAR(response->scored_predictions[0]->score->crps, 21.0666667, 1e-6);
    request.value = 999; /* the id was answered: the first answer */
    EXPECT_OK(&f, "LedgerService/RecordOutcome", &request, &response);
    CHECK_NEAR(response->scored_predictions[0]->outcome->value, 210, 0);
    CHECK_NEAR(get(&f, "pr_1")->outcome->value, 210, 0);
    request.request_id = (char *)"o-2";
    request.subject = (char *)"show/sh_2";
    request.value = 100;
    EXPECT_OK(&f, "LedgerService/RecordOutcome", &request, &response);
    /* y = 100: [100, 200] 100 (.81 + .45 + .25) / 3 + [200, 300] 100 (.25 + .05 + .01) / 3 */
    const double second = 50.3333333 + 10.3333333, first = 21.0666667;
    const Promoteros__V1__GetScorecardResponse *card = scorecard(&f, "paid-tickets");
    CHECK_INT(card->scored_count, 2);
    CHECK_NEAR(card->mean_score, (first + second) / 2, 1e-6);
    CHECK_NEAR(card->mean_baseline_score, 55, 1e-9);
    CHECK_NEAR(card->skill, 1 - (first + second) / 110, 1e-6);
    CHECK_NEAR(card->coverage_80, 1, 0);
    CHECK_NEAR(card->within_10_percent, .5, 0);
    CHECK_NEAR(card->within_10_percent_floor, (.857 + .707) / 2, .005);
    CHECK_INT(card->n_worst_predictions, 2);
    CHECK_STR(card->worst_predictions[0]->id, "pr_2");

    struct {
        const char *target, *subject;
        double value;
        const char *reason;
    } cases[] = {{"paid-tickets", "show/sh_1", NAN, "NOT_FINITE"},
                 {"paid-tickets", "", 1, "EMPTY"},
                 {"Paid Tickets", "show/sh_1", 1, "BAD_NAME"},
                 {"", "show/sh_1", 1, "EMPTY"},
                 {"breakout", "artist/ar_1/followers-x2", .5, "BAD_OUTCOME"}};
    request.request_id = (char *)"";
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        request.target = (char *)cases[i].target;
        request.subject = (char *)cases[i].subject;
        request.value = cases[i].value;
        fixture_expect(&f, "LedgerService/RecordOutcome", &request.base, NULL,
                       PROS_INVALID_ARGUMENT, cases[i].reason, (int)i);
    }
    request.value = 1;
    EXPECT_OK(&f, "LedgerService/RecordOutcome", &request, &response);
    CHECK_NEAR(get(&f, "pr_3")->score->brier, .09, 1e-12);
    CHECK_NEAR(scorecard(&f, "breakout")->skill, 1 - .09 / .25, 1e-9);
    CHECK(!scorecard(&f, "breakout")->_within_10_percent_floor_case);
    fixture_close(&f);
}

static void test_pages_and_decisions(void)
{
    struct fixture f;
    fixture_open(&f);
    for (int i = 0; i < 7; i++) {
        char id[16];
        snprintf(id, sizeof id, "pr_%d", i);
        predict(&f, id, "paid-tickets", i % 2 ? "show/odd" : "show/even", -1, NOW_MS + i / 2);
    }
    Promoteros__V1__ListPredictionsRequest list = PROMOTEROS__V1__LIST_PREDICTIONS_REQUEST__INIT;
    Promoteros__V1__ListPredictionsResponse *page = NULL;
    size_t seen = 0, pages = 0;
    list.page_size = 2;
    do {
        EXPECT_OK(&f, "LedgerService/ListPredictions", &list, &page);
        seen += page->n_predictions;
        list.page_token = page->next_page_token;
        pages++;
    } while (*list.page_token && pages < 10);
    CHECK(seen == 7 && pages == 4);
    list.page_token = (char *)"p6162006364"; /* no number in it */
    EXPECT_REFUSED(&f, "LedgerService/ListPredictions", &list, PROS_INVALID_ARGUMENT,
                   "BAD_PAGE_TOKEN");
    list.page_token = (char *)"";
    list.page_size = 0;
    list.subject_prefix = (char *)"show/o";
    EXPECT_OK(&f, "LedgerService/ListPredictions", &list, &page);
    CHECK_INT(page->n_predictions, 3);

    Promoteros__V1__RecordDecisionRequest decide = PROMOTEROS__V1__RECORD_DECISION_REQUEST__INIT;
    Promoteros__V1__RecordDecisionResponse *decided = NULL;
    decide.prediction_id = (char *)"pr_1";
    decide.reason = (char *)"too dear";
    EXPECT_REFUSED(&f, "LedgerService/RecordDecision", &decide, PROS_INVALID_ARGUMENT, "BAD_KIND");
    decide.kind = PROMOTEROS__V1__DECISION_KIND__DECISION_KIND_PASSED;
    EXPECT_OK(&f, "LedgerService/RecordDecision", &decide, &decided);
    CHECK_STR(get(&f, "pr_1")->decision->reason, "too dear");
    decide.prediction_id = (char *)"pr_none";
    EXPECT_REFUSED(&f, "LedgerService/RecordDecision", &decide, PROS_NOT_FOUND,
                   "UNKNOWN_PREDICTION");
    fixture_close(&f);
}

static enum pros_status count_event(void *context, const struct store_event *event)
{
    struct {
        const char *type;
        size_t count;
    } *counter = context;
    counter->count += strcmp(event->type, counter->type) == 0;
    return PROS_OK;
}

static size_t count_events(struct fixture *f, const char *type)
{
    struct {
        const char *type;
        size_t count;
    } counter = {type, 0};
    CHECK_INT(store_read_events(f->store, 0, 1000, count_event, &counter, &f->failure), PROS_OK);
    return counter.count;
}

CHECK_MAIN(test_attendance_scores, test_record_outcome, test_pages_and_decisions)
