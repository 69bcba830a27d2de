/* Runs: what an agent sees, what is noted, how a run ends. */
#include "base/clock.h"
#include "base/id.h"
#include "unit/check.h"
#include "unit/host_fixture.h"

#include <promoteros/typed.h>
#include <promoteros/v1/signal_service.pb-c.h>

typedef Promoteros__V1__OptimizeDealResponse deal_response;

/* OptimizeDealResponse{recommendation: "ok"} */
static const struct pros_bytes ok_reply = {"\x22\x02ok", 4};
static const struct pros_bytes nothing = {"", 0};

/* A call of OPTIMIZE from outside; the unpacked reply, or NULL. */
static deal_response *optimize(struct fixture *fixture, struct pros_bytes request,
                               enum pros_status want, const char *want_reason,
                               struct failure *failure)
{
    struct arena arena;
    struct pros_bytes reply;
    deal_response *response = NULL;
    *failure = (struct failure){0};
    arena_open(&arena, 0);
    enum pros_status status =
        host_call_sync(fixture->host, OPTIMIZE, request, &arena, &reply, failure);
    CHECK_INT(status, want);
    if (status == PROS_OK)
        response = promoteros__v1__optimize_deal_response__unpack(NULL, reply.size, reply.data);
    else
        CHECK_INT(failure->code, status);
    if (!CHECK_STR(failure->reason, want_reason))
        fprintf(stderr, "    said: %s\n", failure->sentence);
    arena_close(&arena);
    CHECK_INT(host_get_figures(fixture->host).active_run_count, 0);
    return response;
}

static void release(deal_response *response)
{
    if (response)
        promoteros__v1__optimize_deal_response__free_unpacked(response, NULL);
}

/* Opens a fixture with one behaviour and expects a failure of OPTIMIZE. */
static void expect_failure(behaviour *deal, enum pros_status status, const char *reason)
{
    struct fixture fixture = {.optimize = deal};
    struct failure failure;
    if (CHECK(fixture_open(&fixture)))
        release(optimize(&fixture, nothing, status, reason, &failure));
    fixture_close(&fixture);
}

/* ---- replies and traces ---- */

static enum pros_status reason_fully(struct pros_run *run, struct pros_bytes request,
                                     struct pros_bytes *reply)
{
    (void)request;
    double capacity = 600, share = 0.75, low = 400, high = 500;
    const char *room = pros_input(run, (struct pros_input){.name = "capacity",
                                                           .source = "request",
                                                           .value = &capacity,
                                                           .unit = "people",
                                                           .status = PROS_INPUT_OBSERVED});
    CHECK_STR(room, "i1");
    CHECK_STR(pros_step(run, (struct pros_step){.kind = PROS_STEP_RULE,
                                                .title = "Share",
                                                .statement = "three quarters",
                                                .value = &share}),
              "s1");
    CHECK_STR(pros_step(run, (struct pros_step){.kind = PROS_STEP_COMPUTE,
                                                .title = "Multiply",
                                                .formula = "capacity * share",
                                                .uses = "i1 s1"}),
              "s2");
    struct pros_contribution parts[] = {{50, "a fine day", "s2"},
                                        {-150, "a quarter stays away", "i1"}};
    pros_conclude(run, (struct pros_conclusion){.name = "paid_tickets",
                                                .unit = "tickets",
                                                .value = 500,
                                                .link = PROS_LINK_IDENTITY,
                                                .baseline = 600,
                                                .baseline_text = "all of it",
                                                .contributions = parts,
                                                .contribution_count = 2,
                                                .low = &low,
                                                .high = &high,
                                                .interval_level = 0.8,
                                                .confidence = PROS_CONFIDENCE_HEURISTIC});
    pros_alternative(run, (struct pros_alternative){"none", 1, "USD", "lost", -3});
    pros_flip(run, (struct pros_flip){"capacity", 600, 300, "people", "pass"});
    pros_limit(run, "one venue only");
    pros_summary(run, "Five hundred come.");
    *reply = ok_reply;
    return PROS_OK;
}

static void test_reply_carries_trace(void)
{
    struct fixture fixture = {.optimize = reason_fully};
    struct failure failure;
    if (!CHECK(fixture_open(&fixture)))
        return;
    deal_response *response = optimize(&fixture, nothing, PROS_OK, "", &failure);
    if (CHECK(response && response->trace)) {
        const Promoteros__V1__ReasoningTrace *trace = response->trace;
        char digest[DIGEST_TEXT_SIZE];
        CHECK_STR(response->recommendation, "ok");
        CHECK_STR(response->trace_id, trace->trace_id);
        CHECK_INT(strlen(trace->trace_id), 32);
        CHECK_STR(trace->schema, "https://promoteros.dev/reasoning-trace/v1");
        CHECK_STR(trace->method, OPTIMIZE);
        CHECK_STR(trace->agent->name, "deal-optimizer");
        CHECK_STR(trace->agent->version, "1.2.3");
        CHECK_INT(trace->as_of_time->seconds, FIXTURE_NOW_MS / 1000);
        CHECK_INT(trace->as_of_time->nanos, 123000000);
        digest_text(nothing, digest);
        CHECK_STR(trace->request_sha256, digest);
        digest_text(ok_reply, digest);
        CHECK_STR(trace->reply_sha256, digest);
        CHECK_STR(trace->summary, "Five hundred come.");
        CHECK_INT(trace->n_inputs, 1);
        CHECK_INT(trace->n_alternatives + trace->n_flips + trace->n_limits, 3);
        if (CHECK_INT(trace->n_steps, 2)) {
            CHECK_INT(trace->steps[1]->n_use_ids, 2);
            CHECK_INT(trace->steps[1]->n_parent_ids, 1);
            CHECK_STR(trace->steps[1]->parent_ids[0], "s1");
        }
        if (CHECK_INT(trace->n_conclusions, 1)) {
            CHECK_NEAR(trace->conclusions[0]->residual, 0, 1e-12);
            CHECK_INT(trace->conclusions[0]->n_contributions, 2);
            CHECK_NEAR(trace->conclusions[0]->high, 500, 0);
        }
    }
    release(response);
    fixture_close(&fixture);
}

static enum pros_status forge_trace(struct pros_run *run, struct pros_bytes request,
                                    struct pros_bytes *reply)
{
    (void)run;
    (void)request;
    /* trace_id: "x", recommendation: "ok", trace: {summary: "y"} */
    *reply = (struct pros_bytes){"\x0a\x01x\x22\x02ok\x12\x03\x5a\x01y", 12};
    return PROS_OK;
}

static void test_trace_is_the_hosts(void)
{
    struct fixture fixture = {.optimize = forge_trace};
    struct failure failure;
    if (!CHECK(fixture_open(&fixture)))
        return;
    deal_response *response = optimize(&fixture, nothing, PROS_OK, "", &failure);
    if (CHECK(response && response->trace)) {
        CHECK_INT(strlen(response->trace_id), 32);
        CHECK_STR(response->trace->summary, "");
        CHECK_STR(response->recommendation, "ok");
    }
    release(response);
    fixture_close(&fixture);
}

static enum pros_status reply_garbage(struct pros_run *run, struct pros_bytes request,
                                      struct pros_bytes *reply)
{
    (void)run;
    (void)request;
    *reply = (struct pros_bytes){"\x22\x7fok", 4};
    return PROS_OK;
}

static enum pros_status fail_silently(struct pros_run *run, struct pros_bytes request,
                                      struct pros_bytes *reply)
{
    (void)run;
    (void)request;
    (void)reply;
    return PROS_NOT_FOUND;
}

static enum pros_status fail_strangely(struct pros_run *run, struct pros_bytes request,
                                       struct pros_bytes *reply)
{
    (void)run;
    (void)request;
    (void)reply;
    return (enum pros_status)99;
}

static enum pros_status fail_well(struct pros_run *run, struct pros_bytes request,
                                  struct pros_bytes *reply)
{
    (void)request;
    *reply = ok_reply; /* of no consequence */
    return pros_fail(run, PROS_INVALID_ARGUMENT, "CAPACITY_ZERO", "The room's capacity is %d.", 0);
}

static void test_failures(void)
{
    expect_failure(reply_garbage, PROS_INTERNAL, "BAD_REPLY");
    expect_failure(fail_silently, PROS_NOT_FOUND, "NO_REASON");
    expect_failure(fail_strangely, PROS_INTERNAL, "BAD_STATUS");
    expect_failure(fail_well, PROS_INVALID_ARGUMENT, "CAPACITY_ZERO");
}

/* ---- bad reasoning: a table of one-line agents ---- */

enum flaw {
    SUM_OFF,
    VALUE_NAN,
    AMOUNT_INFINITE,
    LOGIT_ONE,
    LOG_ZERO,
    LINK_NONE,
    INTERVAL_TURNED,
    INTERVAL_HALF,
    INTERVAL_LEVEL,
    CONFIDENCE_NONE,
    USE_UNKNOWN,
    USE_FUTURE,
    CONTRIBUTION_UNKNOWN,
    STEP_KIND,
    STEP_NAN,
    INPUT_STATUS,
    FLIP_NAN,
    TEXT_BYTES,
    PREDICTION_SUBJECT,
    PREDICTION_PROBABILITY,
    PREDICTION_DUE,
    PREDICTION_DISTRIBUTION,
    PREDICTION_LEVELS,
    FLAW_COUNT
};

static void conclude_badly(struct pros_run *run, enum flaw flaw)
{
    double low = 1, high = 2;
    struct pros_contribution part = {1, "one", NULL};
    struct pros_conclusion bad = {.name = "margin",
                                  .value = 3,
                                  .link = PROS_LINK_IDENTITY,
                                  .baseline = 2,
                                  .contributions = &part,
                                  .contribution_count = 1,
                                  .low = &low,
                                  .high = &high,
                                  .interval_level = 0.8,
                                  .confidence = PROS_CONFIDENCE_EXACT};
    switch (flaw) {
    case SUM_OFF:
        bad.value = 3.0001;
        break;
    case VALUE_NAN:
        bad.value = NAN;
        break;
    case AMOUNT_INFINITE:
        part.amount = INFINITY;
        break;
    case LOGIT_ONE:
        bad.value = 1;
        bad.link = PROS_LINK_LOGIT;
        break;
    case LOG_ZERO:
        bad.value = 0;
        bad.link = PROS_LINK_LOG;
        break;
    case LINK_NONE:
        bad.link = (enum pros_link)0;
        break;
    case INTERVAL_TURNED:
        low = 4;
        break;
    case INTERVAL_HALF:
        bad.high = NULL;
        break;
    case INTERVAL_LEVEL:
        bad.interval_level = 1;
        break;
    case CONFIDENCE_NONE:
        bad.confidence = (enum pros_confidence)0;
        break;
    default:
        part.use = "i7";
        break;
    }
    pros_conclude(run, bad);
}

static void predict_badly(struct pros_run *run, enum flaw flaw)
{
    struct pros_prediction bad = {
        .target = "sell-out", .subject = "show/sh_1", .due_at_ms = 1, .probability = 0.5};
    /* Distribution{levels: [0.5, 0.5], values: [1, 2]} */
    static const unsigned char equal_levels[] = {
        0x12, 16, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f,
        0x1a, 16, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0,    0x40};
    if (flaw == PREDICTION_SUBJECT)
        bad.subject = "";
    if (flaw == PREDICTION_PROBABILITY)
        bad.probability = 1.5;
    if (flaw == PREDICTION_DUE)
        bad.due_at_ms = 0;
    if (flaw == PREDICTION_DISTRIBUTION)
        bad.distribution = (struct pros_bytes){"\xff", 1};
    if (flaw == PREDICTION_LEVELS)
        bad.distribution = (struct pros_bytes){equal_levels, sizeof equal_levels};
    pros_predict(run, bad);
}

static enum pros_status reason_badly(struct pros_run *run, struct pros_bytes request,
                                     struct pros_bytes *reply)
{
    enum flaw flaw = *(const enum flaw *)fixture_of(run)->context;
    double nan = NAN;
    (void)request;
    *reply = ok_reply;
    switch (flaw) {
    case USE_UNKNOWN:
    case USE_FUTURE:
    case STEP_NAN:
    case STEP_KIND:
        pros_step(run, (struct pros_step){.kind = flaw == STEP_KIND ? (enum pros_step_kind)9
                                                                    : PROS_STEP_RULE,
                                          .uses = flaw == USE_UNKNOWN  ? "i1"
                                                  : flaw == USE_FUTURE ? "s1"
                                                                       : NULL,
                                          .value = flaw == STEP_NAN ? &nan : NULL});
        break;
    case INPUT_STATUS:
        pros_input(run, (struct pros_input){.name = "x"});
        break;
    case FLIP_NAN:
        pros_flip(run, (struct pros_flip){"x", NAN, 1, "", ""});
        break;
    case TEXT_BYTES:
        pros_limit(run, "\xff");
        break;
    case PREDICTION_SUBJECT:
    case PREDICTION_PROBABILITY:
    case PREDICTION_DUE:
    case PREDICTION_DISTRIBUTION:
    case PREDICTION_LEVELS:
        predict_badly(run, flaw);
        break;
    default:
        conclude_badly(run, flaw);
        break;
    }
    return PROS_OK;
}

static void test_bad_reasoning_is_refused(void)
{
    static const char *const reasons[FLAW_COUNT] = {[SUM_OFF] = "TRACE_ARITHMETIC",
                                                    [VALUE_NAN] = "TRACE_ARITHMETIC",
                                                    [AMOUNT_INFINITE] = "TRACE_ARITHMETIC",
                                                    [LOGIT_ONE] = "TRACE_ARITHMETIC",
                                                    [LOG_ZERO] = "TRACE_ARITHMETIC",
                                                    [LINK_NONE] = "TRACE_ARITHMETIC",
                                                    [INTERVAL_TURNED] = "TRACE_INTERVAL",
                                                    [INTERVAL_HALF] = "TRACE_INTERVAL",
                                                    [INTERVAL_LEVEL] = "TRACE_INTERVAL",
                                                    [CONFIDENCE_NONE] = "TRACE_KIND",
                                                    [USE_UNKNOWN] = "TRACE_REFERENCE",
                                                    [USE_FUTURE] = "TRACE_REFERENCE",
                                                    [CONTRIBUTION_UNKNOWN] = "TRACE_REFERENCE",
                                                    [STEP_KIND] = "TRACE_KIND",
                                                    [STEP_NAN] = "TRACE_ARITHMETIC",
                                                    [INPUT_STATUS] = "TRACE_KIND",
                                                    [FLIP_NAN] = "TRACE_ARITHMETIC",
                                                    [TEXT_BYTES] = "TRACE_TEXT",
                                                    [PREDICTION_SUBJECT] = "TRACE_PREDICTION",
                                                    [PREDICTION_PROBABILITY] = "TRACE_PREDICTION",
                                                    [PREDICTION_DUE] = "TRACE_PREDICTION",
                                                    [PREDICTION_DISTRIBUTION] = "TRACE_PREDICTION",
                                                    [PREDICTION_LEVELS] = "TRACE_PREDICTION"};
    enum flaw flaw;
    struct fixture fixture = {.optimize = reason_badly, .context = &flaw};
    struct failure failure;
    if (!CHECK(fixture_open(&fixture)))
        return;
    for (int i = 0; i < FLAW_COUNT; i++) {
        flaw = (enum flaw)i;
        int before = check_failures;
        release(optimize(&fixture, nothing, PROS_INTERNAL, reasons[i], &failure));
        if (check_failures != before)
            fprintf(stderr, "    flaw %d\n", i);
        if (flaw <= LINK_NONE)
            CHECK(strstr(failure.sentence, "margin") != NULL);
    }
    fixture_close(&fixture);
}

/* ---- as of ---- */

static enum pros_status keep_as_of(struct pros_run *run, struct pros_bytes request,
                                   struct pros_bytes *reply)
{
    (void)request;
    *(int64_t *)fixture_of(run)->context = pros_as_of_ms(run);
    *reply = ok_reply;
    return PROS_OK;
}

static void test_as_of(void)
{
    static const struct {
        int64_t seconds;
        int32_t nanos;
        enum pros_status status;
        const char *reason;
        int64_t as_of_ms;
    } cases[] = {
        {1600000000, 5999999, PROS_OK, "", INT64_C(1600000000005)},
        {-1, 999000000, PROS_OK, "", -1},
        {0, 0, PROS_OK, "", 0},
        {FIXTURE_NOW_MS / 1000, 123999999, PROS_OK, "", FIXTURE_NOW_MS},
        {FIXTURE_NOW_MS / 1000, 124000000, PROS_INVALID_ARGUMENT, "AS_OF_IN_FUTURE", 0},
        {INT64_C(253402300799), 0, PROS_INVALID_ARGUMENT, "AS_OF_IN_FUTURE", 0},
        {INT64_C(253402300800), 0, PROS_INVALID_ARGUMENT, "AS_OF_INVALID", 0},
        {INT64_MAX, 0, PROS_INVALID_ARGUMENT, "AS_OF_INVALID", 0},
        {INT64_MIN, 0, PROS_INVALID_ARGUMENT, "AS_OF_INVALID", 0},
        {0, -1, PROS_INVALID_ARGUMENT, "AS_OF_INVALID", 0},
        {0, 1000000000, PROS_INVALID_ARGUMENT, "AS_OF_INVALID", 0},
    };
    int64_t seen;
    struct fixture fixture = {.optimize = keep_as_of, .context = &seen};
    struct failure failure;
    if (!CHECK(fixture_open(&fixture)))
        return;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Google__Protobuf__Timestamp time = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
        Promoteros__V1__OptimizeDealRequest request = PROMOTEROS__V1__OPTIMIZE_DEAL_REQUEST__INIT;
        uint8_t packed[64];
        time.seconds = cases[i].seconds;
        time.nanos = cases[i].nanos;
        request.as_of_time = &time;
        struct pros_bytes bytes = {packed,
                                   promoteros__v1__optimize_deal_request__pack(&request, packed)};
        seen = -12345;
        release(optimize(&fixture, bytes, cases[i].status, cases[i].reason, &failure));
        CHECK_INT(seen, cases[i].status == PROS_OK ? cases[i].as_of_ms : -12345);
    }
    release(optimize(&fixture, nothing, PROS_OK, "", &failure));
    CHECK_INT(seen, FIXTURE_NOW_MS);
    release(optimize(&fixture, (struct pros_bytes){"\x0a\x05", 2}, PROS_INVALID_ARGUMENT,
                     "BAD_MESSAGE", &failure));
    fixture_close(&fixture);
}

/* ---- calls ---- */

/* QuerySignalsResponse{series: [{observed_at_ms: [1, 2, 3]}, {observed_at_ms: [4]}], commit_seq:
 * 42} */
static const struct pros_bytes four_points = {
    "\x0a\x05\x22\x03\x01\x02\x03\x0a\x03\x22\x01\x04\x10\x2a", 14};

static enum pros_status answer_query(struct pros_run *run, struct pros_bytes request,
                                     struct pros_bytes *reply)
{
    /* As of the caller's moment, whatever the caller wrote; protobuf-c reads it the same. */
    Promoteros__V1__QuerySignalsRequest *query =
        promoteros__v1__query_signals_request__unpack(NULL, request.size, request.data);
    CHECK(query && query->as_of_time && query->as_of_time->seconds == 1600000000 &&
          query->as_of_time->nanos == 0 && query->n_sources == 1);
    if (query)
        promoteros__v1__query_signals_request__free_unpacked(query, NULL);
    CHECK_INT(pros_as_of_ms(run), INT64_C(1600000000000));
    void *copy = pros_alloc(run, four_points.size);
    memcpy(copy, four_points.data, four_points.size);
    *reply = (struct pros_bytes){copy, four_points.size};
    return PROS_OK;
}

static enum pros_status query_once(struct pros_run *run, struct pros_bytes request,
                                   struct pros_bytes *reply)
{
    Google__Protobuf__Timestamp time = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    Promoteros__V1__QuerySignalsRequest query = PROMOTEROS__V1__QUERY_SIGNALS_REQUEST__INIT;
    char source[] = "spotify", *sources[] = {source};
    (void)request;
    time.seconds = 1; /* overwritten by the host, nanos too */
    time.nanos = 999;
    query.as_of_time = &time;
    query.sources = sources;
    query.n_sources = 1;
    ProtobufCMessage *answer = NULL;
    const char *id = NULL;
    enum pros_status status = pros_call(
        run, QUERY, &query.base, &promoteros__v1__query_signals_response__descriptor, &answer, &id);
    if (status != PROS_OK)
        return status;
    CHECK_STR(id, "i1");
    CHECK_INT(((Promoteros__V1__QuerySignalsResponse *)(void *)answer)->n_series, 2);
    pros_step(run, (struct pros_step){.kind = PROS_STEP_RETRIEVE, .title = "Fetch", .uses = id});
    *reply = ok_reply;
    return PROS_OK;
}

/* as_of_time: 1600000000 s */
static const struct pros_bytes in_2020 = {"\x0a\x06\x08\x80\xa0\xf8\xfa\x05", 8};

static void test_call_is_recorded(void)
{
    struct fixture fixture = {.optimize = query_once, .query = answer_query};
    struct failure failure;
    if (!CHECK(fixture_open(&fixture)))
        return;
    deal_response *response = optimize(&fixture, in_2020, PROS_OK, "", &failure);
    if (CHECK(response && response->trace) && CHECK_INT(response->trace->n_inputs, 1) &&
        CHECK_INT(response->trace->n_children, 1)) {
        char digest[DIGEST_TEXT_SIZE];
        digest_text(four_points, digest);
        const Promoteros__V1__TraceInput *input = response->trace->inputs[0];
        CHECK_STR(input->source, QUERY);
        CHECK_STR(input->sha256, digest);
        CHECK_INT(input->observation_count, 4);
        CHECK_STR(response->trace->children[0]->method, QUERY);
        CHECK_STR(response->trace->children[0]->reply_sha256, digest);
        CHECK_STR(response->trace->children[0]->trace_id, "");
        CHECK_INT(response->trace->commit_seq, 42);
    }
    release(response);
    fixture_close(&fixture);
}

static enum pros_status call_predict(struct pros_run *run, struct pros_bytes request,
                                     struct pros_bytes *reply)
{
    struct pros_bytes answer;
    const char *id;
    (void)request;
    enum pros_status status = run->host->call(run, PREDICT, nothing, &answer, &id);
    *reply = ok_reply;
    return status;
}

static enum pros_status predict_fails(struct pros_run *run, struct pros_bytes request,
                                      struct pros_bytes *reply)
{
    (void)request;
    (void)reply;
    return pros_fail(run, PROS_NOT_FOUND, "NO_ARTIST", "There is no artist ar_1.");
}

static enum pros_status predict_well(struct pros_run *run, struct pros_bytes request,
                                     struct pros_bytes *reply)
{
    (void)run;
    (void)request;
    *reply = nothing;
    return PROS_OK;
}

static void test_agents_call_agents(void)
{
    struct fixture fixture = {.optimize = call_predict, .predict = predict_fails};
    struct failure failure;
    if (!CHECK(fixture_open(&fixture)))
        return;
    release(optimize(&fixture, nothing, PROS_NOT_FOUND, "NO_ARTIST", &failure));
    CHECK_STR(failure.sentence, "There is no artist ar_1.");
    fixture.predict = predict_well;
    deal_response *response = optimize(&fixture, nothing, PROS_OK, "", &failure);
    if (CHECK(response && response->trace) && CHECK_INT(response->trace->n_children, 1)) {
        CHECK_INT(strlen(response->trace->children[0]->trace_id), 32);
        CHECK(strcmp(response->trace->children[0]->trace_id, response->trace_id) != 0);
    }
    release(response);
    fixture_close(&fixture);
}

static enum pros_status call_undeclared(struct pros_run *run, struct pros_bytes request,
                                        struct pros_bytes *reply)
{
    const char *id;
    (void)request;
    return run->host->call(run, "promoteros.v1.SignalService/BeginSignalImport", nothing, reply,
                           &id);
}

static enum pros_status call_stream_for_one(struct pros_run *run, struct pros_bytes request,
                                            struct pros_bytes *reply)
{
    const char *id;
    (void)request;
    return run->host->call(run, SCAN, nothing, reply, &id);
}

static enum pros_status emit_without_stream(struct pros_run *run, struct pros_bytes request,
                                            struct pros_bytes *reply)
{
    (void)request;
    (void)reply;
    return pros_emit(run, ok_reply);
}

static void test_calls_are_bounded_by_the_declaration(void)
{
    expect_failure(call_undeclared, PROS_PERMISSION_DENIED, "CALL_NOT_DECLARED");
    expect_failure(call_stream_for_one, PROS_INTERNAL, "CALL_KIND");
    expect_failure(emit_without_stream, PROS_INTERNAL, "NOT_A_STREAM");
}

/* ---- the budget ---- */

#define BUDGET ((size_t)1024 * 1024)

static enum pros_status eat(struct pros_run *run, struct pros_bytes request,
                            struct pros_bytes *reply)
{
    (void)request;
    (void)reply;
    for (int i = 0; i < 1000; i++)
        memset(pros_alloc(run, 10000), 1, 10000);
    CHECK(!"reached");
    return PROS_OK;
}

static enum pros_status eat_notes(struct pros_run *run, struct pros_bytes request,
                                  struct pros_bytes *reply)
{
    (void)request;
    (void)reply;
    for (int i = 0; i < 1000000; i++)
        pros_limit(run, "a sentence that is kept for the trace, again and again and again");
    CHECK(!"reached");
    return PROS_OK;
}

/* A scan that holds a cursor while it sends; each open and close is written down. */
static char cursor_log[64];
static int cursors;

static enum pros_status scan_with_cursor(struct pros_run *run, struct pros_bytes request,
                                         struct pros_bytes *reply)
{
    (void)request;
    (void)reply;
    char name = (char)('a' + cursors++);
    enum pros_status status = PROS_OK;
    snprintf(cursor_log + strlen(cursor_log), 8, "+%c", name);
    /* ScanSignalsResponse{name: "x"} */
    for (int i = 0; i < 3 && status == PROS_OK; i++)
        status = pros_emit(run, (struct pros_bytes){"\x12\x01x", 3});
    snprintf(cursor_log + strlen(cursor_log), 8, "-%c", name);
    return status;
}

static enum pros_status eat_reply(void *context, struct pros_bytes reply)
{
    return eat(context, reply, NULL);
}

static enum pros_status scan_and_eat(struct pros_run *run, struct pros_bytes request,
                                     struct pros_bytes *reply)
{
    const char *id;
    (void)request;
    *reply = ok_reply;
    run->host->call_stream(run, SCAN, nothing, eat_reply, run, &id);
    CHECK(!"reached");
    return PROS_OK;
}

static enum pros_status scan_again_and_eat(void *context, struct pros_bytes reply)
{
    struct pros_bytes unused;
    return scan_and_eat(context, reply, &unused);
}

static enum pros_status scan_twice_and_eat(struct pros_run *run, struct pros_bytes request,
                                           struct pros_bytes *reply)
{
    const char *id;
    (void)request;
    (void)reply;
    run->host->call_stream(run, SCAN, nothing, scan_again_and_eat, run, &id);
    CHECK(!"reached");
    return PROS_OK;
}

static enum pros_status tolerate_predict(struct pros_run *run, struct pros_bytes request,
                                         struct pros_bytes *reply)
{
    struct pros_bytes answer;
    const char *id;
    (void)request;
    CHECK_INT(run->host->call(run, PREDICT, nothing, &answer, &id), PROS_RESOURCE_EXHAUSTED);
    *reply = ok_reply;
    return PROS_OK;
}

static enum pros_status tolerate_in_reply(void *context, struct pros_bytes reply)
{
    struct pros_bytes unused;
    return tolerate_predict(context, reply, &unused);
}

static enum pros_status scan_and_tolerate(struct pros_run *run, struct pros_bytes request,
                                          struct pros_bytes *reply)
{
    const char *id;
    (void)request;
    *reply = ok_reply;
    return run->host->call_stream(run, SCAN, nothing, tolerate_in_reply, run, &id);
}

static enum pros_status answer_hugely(struct pros_run *run, struct pros_bytes request,
                                      struct pros_bytes *reply)
{
    (void)request;
    /* An unknown field of 700,000 bytes: within the callee's budget, beyond what the caller has
     * left. */
    unsigned char *data = pros_alloc(run, 700000);
    memcpy(data, "\xfa\x7f\xdc\xdc\x2a", 5);
    *reply = (struct pros_bytes){data, 5 + 700000 - 5 - 4};
    return PROS_OK;
}

static enum pros_status half_then_query(struct pros_run *run, struct pros_bytes request,
                                        struct pros_bytes *reply)
{
    const char *id;
    (void)request;
    pros_alloc(run, BUDGET / 2);
    run->host->call(run, QUERY, nothing, reply, &id);
    CHECK(!"reached");
    return PROS_OK;
}

static void test_budget(void)
{
    static const struct {
        behaviour *optimize, *predict, *query;
        enum pros_status status;
        const char *reason, *log;
    } cases[] = {
        {eat, NULL, NULL, PROS_RESOURCE_EXHAUSTED, "RUN_BUDGET", ""},
        {eat_notes, NULL, NULL, PROS_RESOURCE_EXHAUSTED, "RUN_BUDGET", ""},
        /* In on_reply(): the callee closes its cursor first. */
        {scan_and_eat, NULL, NULL, PROS_RESOURCE_EXHAUSTED, "RUN_BUDGET", "+a-a"},
        {scan_twice_and_eat, NULL, NULL, PROS_RESOURCE_EXHAUSTED, "RUN_BUDGET", "+a+b-b-a"},
        /* A callee's end is a failed call for its caller. */
        {call_predict, eat, NULL, PROS_RESOURCE_EXHAUSTED, "RUN_BUDGET", ""},
        {call_predict, scan_and_eat, NULL, PROS_RESOURCE_EXHAUSTED, "RUN_BUDGET", "+a-a"},
        {tolerate_predict, scan_and_eat, NULL, PROS_OK, "", "+a-a"},
        {scan_and_tolerate, eat, NULL, PROS_OK, "", "+a-a"},
        {scan_and_tolerate, scan_and_eat, NULL, PROS_OK, "", "+a+b-b+c-c+d-d-a"},
        {half_then_query, NULL, answer_hugely, PROS_RESOURCE_EXHAUSTED, "RUN_BUDGET", ""},
    };
    struct failure failure;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture fixture = {.optimize = cases[i].optimize,
                                  .predict = cases[i].predict,
                                  .query = cases[i].query,
                                  .scan = scan_with_cursor,
                                  .options = {.run_budget_bytes = BUDGET}};
        int before = check_failures;
        cursor_log[0] = '\0';
        cursors = 0;
        if (!CHECK(fixture_open(&fixture)))
            return;
        release(optimize(&fixture, nothing, cases[i].status, cases[i].reason, &failure));
        CHECK_STR(cursor_log, cases[i].log);
        /* The host goes on. */
        fixture.optimize = reason_fully;
        release(optimize(&fixture, nothing, PROS_OK, "", &failure));
        fixture_close(&fixture);
        if (check_failures != before)
            fprintf(stderr, "    case %zu\n", i);
    }
}

/* ---- streams ---- */

static enum pros_status stop_at_second(void *context, struct pros_bytes reply)
{
    (void)reply;
    return ++*(int *)context == 2 ? PROS_OUT_OF_RANGE : PROS_OK;
}

static enum pros_status scan_two(struct pros_run *run, struct pros_bytes request,
                                 struct pros_bytes *reply)
{
    const char *id;
    int count = 0;
    (void)request;
    CHECK_INT(run->host->call_stream(run, SCAN, nothing, stop_at_second, &count, &id),
              PROS_OUT_OF_RANGE);
    CHECK_INT(count, 2);
    CHECK_STR(id, "i1");
    *reply = ok_reply;
    return PROS_OK;
}

static void test_stream_may_be_stopped(void)
{
    struct fixture fixture = {.optimize = scan_two, .scan = scan_with_cursor};
    struct failure failure;
    cursor_log[0] = '\0';
    cursors = 0;
    if (!CHECK(fixture_open(&fixture)))
        return;
    deal_response *response = optimize(&fixture, nothing, PROS_OK, "", &failure);
    CHECK_STR(cursor_log, "+a-a");
    if (CHECK(response && response->trace) && CHECK_INT(response->trace->n_inputs, 1)) {
        /* digest(digest(0, reply), reply), each with the digest of the reply */
        uint8_t both[64] = {0};
        char want[DIGEST_TEXT_SIZE];
        for (int i = 0; i < 2; i++) {
            digest_bytes((struct pros_bytes){"\x12\x01x", 3}, both + 32);
            digest_text((struct pros_bytes){both, 64}, want);
            digest_bytes((struct pros_bytes){both, 64}, both);
        }
        CHECK_STR(response->trace->inputs[0]->sha256, want);
    }
    release(response);
    fixture_close(&fixture);
}

static void test_sync_refusals(void)
{
    struct fixture fixture = {0};
    struct failure failure;
    struct arena arena;
    struct pros_bytes reply;
    arena_open(&arena, 0);
    if (!CHECK(fixture_open(&fixture)))
        return;
    CHECK_INT(host_call_sync(fixture.host, "a.B/C", nothing, &arena, &reply, &failure),
              PROS_UNIMPLEMENTED);
    CHECK_INT(host_call_sync(fixture.host, SCAN, nothing, &arena, &reply, &failure),
              PROS_INVALID_ARGUMENT);
    arena_close(&arena);
    fixture_close(&fixture);
}

CHECK_MAIN(test_reply_carries_trace, test_trace_is_the_hosts, test_failures,
           test_bad_reasoning_is_refused, test_as_of, test_call_is_recorded,
           test_agents_call_agents, test_calls_are_bounded_by_the_declaration, test_budget,
           test_stream_may_be_stopped, test_sync_refusals)
