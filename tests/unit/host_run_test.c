/* Runs: what an agent sees and what is noted of it. */
#include "base/id.h"
#include "unit/host_optimize.h"

#include <promoteros/typed.h>
#include <promoteros/v1/signal_service.pb-c.h>

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

static enum pros_status query_plainly(struct pros_run *run, struct pros_bytes request,
                                      struct pros_bytes *reply)
{
    const char *id;
    (void)request;
    enum pros_status status = run->host->call(run, QUERY, nothing, reply, &id);
    *reply = ok_reply;
    return status;
}

static enum pros_status answer_context(struct pros_run *run, struct pros_bytes request,
                                       struct pros_bytes *reply)
{
    (void)request;
    *reply = *(const struct pros_bytes *)fixture_of(run)->context;
    return PROS_OK;
}

static void test_simulated_evidence_is_marked(void)
{
    static const struct {
        struct pros_bytes reply;
        int status;
        int64_t observation_count;
    } cases[] = {
        {{"", 0}, PROS_INPUT_OBSERVED, 0},
        /* series: {observed_at_ms: [1, 2], point_flags: [1, 2]} */
        {{"\x0a\x08\x22\x02\x01\x02\x3a\x02\x01\x02", 10}, PROS_INPUT_OBSERVED, 2},
        /* the same with the flag 4 on one point, packed and not */
        {{"\x0a\x08\x22\x02\x01\x02\x3a\x02\x01\x05", 10}, PROS_INPUT_SIMULATED, 2},
        {{"\x0a\x06\x20\x01\x38\x04\x20\x02", 8}, PROS_INPUT_SIMULATED, 2},
        /* series without points: an element all the same */
        {{"\x0a\x00\x0a\x00", 4}, PROS_INPUT_OBSERVED, 2},
    };
    struct pros_bytes answer;
    struct fixture fixture = {
        .optimize = query_plainly, .query = answer_context, .context = &answer};
    struct failure failure;
    if (!CHECK(fixture_open(&fixture)))
        return;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        answer = cases[i].reply;
        deal_response *response = optimize(&fixture, nothing, PROS_OK, "", &failure);
        if (CHECK(response && response->trace) && CHECK_INT(response->trace->n_inputs, 1)) {
            CHECK_INT(response->trace->inputs[0]->status, cases[i].status);
            CHECK_INT(response->trace->inputs[0]->observation_count, cases[i].observation_count);
        }
        release(response);
    }
    fixture_close(&fixture);
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

CHECK_MAIN(test_reply_carries_trace, test_trace_is_the_hosts, test_failures, test_as_of,
           test_call_is_recorded, test_simulated_evidence_is_marked, test_agents_call_agents,
           test_calls_are_bounded_by_the_declaration, test_sync_refusals)
