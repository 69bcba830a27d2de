/* What journal, traces and ledger keep of a run. */
#include "unit/check.h"
#include "unit/host_fixture.h"

#include <promoteros/v1/event_service.pb-c.h>
#include <unistd.h>

static const struct pros_bytes nothing = {"", 0};
static const struct pros_bytes ok_reply = {"\x22\x02ok", 4};

static char folder[] = "/tmp/promoteros-journal-XXXXXX";
static char address[64];

static void remove_store(void)
{
    static const char *const names[] = {"j.db", "j.db-wal", "j.db-shm", "j.db-lock", "j.db.lock"};
    char path[96];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
}

/* Events as "type:subject;..." in a buffer. */
static enum pros_status write_event(void *context, const struct store_event *event)
{
    char *text = context;
    size_t size = strlen(text);
    Promoteros__V1__Event *body =
        promoteros__v1__event__unpack(NULL, event->body.size, event->body.data);
    if (CHECK(body != NULL)) {
        CHECK_STR(body->type, event->type);
        CHECK_STR(body->trace_id, event->trace_id);
        CHECK_INT(strlen(body->trace_id), 32);
        const char *extra = body->detail_case == PROMOTEROS__V1__EVENT__DETAIL_STEP ? body->step->id
                            : body->detail_case == PROMOTEROS__V1__EVENT__DETAIL_RUN
                                ? body->run->status_message
                                : body->prediction->target;
        snprintf(text + size, 1024 - size, "%s=%s;", event->type, extra);
        promoteros__v1__event__free_unpacked(body, NULL);
    }
    return PROS_OK;
}

static void expect_events(struct store *store, int64_t after, const char *want)
{
    char text[1024] = "";
    struct failure failure;
    CHECK_INT(store_read_events(store, after, 100, write_event, text, &failure), PROS_OK);
    CHECK_STR(text, want);
}

static int64_t newest(struct store *store)
{
    return store_wait_events(store, 0, 0);
}

static enum pros_status two_steps(struct pros_run *run, struct pros_bytes request,
                                  struct pros_bytes *reply)
{
    struct fixture *fixture = fixture_of(run);
    struct store *store = fixture->options.store;
    int64_t before = *(int64_t *)fixture->context;
    double naive = 0.25;
    (void)request;
    pros_step(run, (struct pros_step){.kind = PROS_STEP_RULE, .title = "One"});
    /* What the journal would end with if the process died here. */
    if (store)
        while (store_wait_events(store, before + 1, 5000) < before + 2)
            ;
    pros_step(run, (struct pros_step){.kind = PROS_STEP_DECIDE, .title = "Two"});
    pros_summary(run, "It sells out.");
    /* Distribution{unit: "tickets", levels: [0.5], values: [1.0], mean: 1.0} */
    static const char one_ticket[] = "\x0a\x07tickets\x12\x08\0\0\0\0\0\0\xe0\x3f"
                                     "\x1a\x08\0\0\0\0\0\0\xf0\x3f\x21\0\0\0\0\0\0\xf0\x3f";
    pros_predict(run, (struct pros_prediction){.target = "sell-out",
                                               .subject = "show/sh_1",
                                               .due_at_ms = FIXTURE_NOW_MS + 1000,
                                               .probability = 0.75,
                                               .baseline = &naive,
                                               .baseline_name = "base rate"});
    pros_predict(run,
                 (struct pros_prediction){.target = "paid-tickets",
                                          .subject = "show/sh_1",
                                          .due_at_ms = FIXTURE_NOW_MS + 1000,
                                          .distribution = {one_ticket, sizeof one_ticket - 1}});
    *reply = ok_reply;
    return PROS_OK;
}

static enum pros_status step_and_fail(struct pros_run *run, struct pros_bytes request,
                                      struct pros_bytes *reply)
{
    (void)request;
    (void)reply;
    pros_step(run, (struct pros_step){.kind = PROS_STEP_RULE, .title = "One"});
    pros_predict(
        run, (struct pros_prediction){
                 .target = "sell-out", .subject = "show/sh_2", .due_at_ms = 1, .probability = 0.5});
    return pros_fail(run, PROS_NOT_FOUND, "NO_SHOW", "There is no such show.");
}

static enum pros_status quiet(struct pros_run *run, struct pros_bytes request,
                              struct pros_bytes *reply)
{
    (void)request;
    pros_step(run, (struct pros_step){.kind = PROS_STEP_RULE, .title = "One"});
    *reply = nothing;
    return PROS_OK;
}

static enum pros_status predict_quietly(struct pros_run *run, struct pros_bytes request,
                                        struct pros_bytes *reply)
{
    pros_predict(run, (struct pros_prediction){.target = "sell-out",
                                               .subject = "show/sh_3",
                                               .due_at_ms = FIXTURE_NOW_MS + 1000,
                                               .probability = 0.5});
    return quiet(run, request, reply);
}

struct predictions {
    int count;
    char trace_id[40], text[256];
};

static enum pros_status write_prediction(void *context, const struct store_prediction *stored)
{
    struct predictions *predictions = context;
    size_t size = strlen(predictions->text);
    Promoteros__V1__Prediction *body =
        promoteros__v1__prediction__unpack(NULL, stored->prediction.size, stored->prediction.data);
    predictions->count++;
    if (CHECK(body != NULL)) {
        CHECK_STR(body->id, stored->id);
        CHECK(strncmp(body->id, "pr_", 3) == 0);
        CHECK_STR(body->agent, "deal-optimizer");
        CHECK_STR(body->agent_version, "1.2.3");
        CHECK_INT(body->due_time->seconds * 1000 + body->due_time->nanos / 1000000,
                  FIXTURE_NOW_MS + 1000);
        CHECK_INT(stored->due_ms, FIXTURE_NOW_MS + 1000);
        CHECK_INT(stored->issue_ms, FIXTURE_NOW_MS);
        snprintf(predictions->trace_id, sizeof predictions->trace_id, "%s", body->trace_id);
        snprintf(predictions->text + size, sizeof predictions->text - size, "%s %g %g %s;",
                 body->target, body->probability, body->baseline,
                 body->distribution ? body->distribution->unit : "-");
        promoteros__v1__prediction__free_unpacked(body, NULL);
    }
    return PROS_OK;
}

static int count_predictions(struct store *store, struct predictions *predictions)
{
    struct store_prediction_query query = {.open = -1};
    struct failure failure;
    *predictions = (struct predictions){0};
    CHECK_INT(store_list_predictions(store, &query, write_prediction, predictions, &failure),
              PROS_OK);
    return predictions->count;
}

struct traces {
    int count;
    int status_sum;
};

static enum pros_status write_trace(void *context, const struct store_trace *trace)
{
    struct traces *traces = context;
    traces->count++;
    traces->status_sum += trace->status_code;
    return PROS_OK;
}

static struct traces list_traces(struct store *store)
{
    struct traces traces = {0};
    struct failure failure;
    CHECK_INT(store_list_traces(store, NULL, INT64_MAX, NULL, write_trace, &traces, &failure),
              PROS_OK);
    return traces;
}

static enum pros_status call(struct fixture *fixture, const char *path, struct arena *arena)
{
    struct pros_bytes reply;
    struct failure failure = {0};
    *(int64_t *)fixture->context = newest(fixture->options.store);
    enum pros_status status = host_call_sync(fixture->host, path, nothing, arena, &reply, &failure);
    if (status != PROS_OK)
        CHECK(failure.sentence[0] != '\0');
    return status;
}

static void check_success(struct fixture *fixture, struct store *store, struct arena *arena)
{
    struct predictions predictions;
    CHECK_INT(call(fixture, OPTIMIZE, arena), PROS_OK);
    /* All of it is on the disk when the reply comes. */
    expect_events(store, 0,
                  "run.started=;step.taken=s1;step.taken=s2;prediction.issued=sell-out;"
                  "prediction.issued=paid-tickets;run.finished=;");
    CHECK_INT(count_predictions(store, &predictions), 2);
    CHECK(strstr(predictions.text, "sell-out 0.75 0.25 -;") != NULL);
    CHECK(strstr(predictions.text, "paid-tickets 0 0 tickets;") != NULL);
    struct store_trace stored;
    struct failure failure;
    if (!CHECK_INT(store_get_trace(store, predictions.trace_id, arena, &stored, &failure), PROS_OK))
        return;
    CHECK_STR(stored.agent, "deal-optimizer");
    CHECK_STR(stored.method, OPTIMIZE);
    CHECK_STR(stored.summary, "It sells out.");
    CHECK_INT(stored.status_code, 0);
    CHECK(stored.reply.size == ok_reply.size &&
          memcmp(stored.reply.data, ok_reply.data, ok_reply.size) == 0);
    Promoteros__V1__ReasoningTrace *trace =
        promoteros__v1__reasoning_trace__unpack(NULL, stored.trace.size, stored.trace.data);
    if (CHECK(trace != NULL)) {
        CHECK_STR(trace->trace_id, predictions.trace_id);
        CHECK_INT(trace->n_steps, 2);
        promoteros__v1__reasoning_trace__free_unpacked(trace, NULL);
    }
}

static void check_failed_run(struct fixture *fixture, struct store *store, struct arena *arena)
{
    struct predictions predictions;
    int64_t before = newest(store);
    fixture->optimize = step_and_fail;
    CHECK_INT(call(fixture, OPTIMIZE, arena), PROS_NOT_FOUND);
    /* A failure does not wait for the disk. */
    while (store_wait_events(store, before + 2, 5000) < before + 3)
        ;
    expect_events(store, before, "run.started=;step.taken=s1;run.finished=There is no such show.;");
    CHECK_INT(count_predictions(store, &predictions), 2);
    CHECK_INT(list_traces(store).count, 2);
    CHECK_INT(list_traces(store).status_sum, PROS_NOT_FOUND);
}

static void check_levels(struct fixture *fixture, struct store *store, struct arena *arena)
{
    /* SettleDeal keeps no journal. */
    int64_t before = newest(store);
    fixture->optimize = quiet;
    CHECK_INT(call(fixture, SETTLE, arena), PROS_OK);
    CHECK_INT(newest(store), before);
    CHECK_INT(list_traces(store).count, 2);
    /* But a prediction is worth nothing without the trace that explains it. */
    struct predictions predictions;
    fixture->optimize = predict_quietly;
    CHECK_INT(call(fixture, SETTLE, arena), PROS_OK);
    expect_events(store, before, "prediction.issued=sell-out;");
    CHECK_INT(count_predictions(store, &predictions), 3);
    CHECK_INT(list_traces(store).count, 3);
    /* EvaluateDeal keeps the end of a run, not its progress. */
    before = newest(store);
    fixture->optimize = quiet;
    CHECK_INT(call(fixture, EVALUATE, arena), PROS_OK);
    expect_events(store, before, "run.finished=;");
    CHECK_INT(list_traces(store).count, 4);
    before = newest(store);
    /* The host's own services write their own events. */
    fixture->query = quiet;
    CHECK_INT(call(fixture, QUERY, arena), PROS_OK);
    CHECK_INT(newest(store), before);
}

static void test_journal(void)
{
    struct failure failure = {0};
    struct store *store = NULL;
    struct arena arena;
    int64_t before = 0;
    if (!CHECK(mkdtemp(folder) != NULL))
        return;
    snprintf(address, sizeof address, "sqlite:%s/j.db", folder);
    if (!CHECK_INT(store_open(address, &store, &failure), PROS_OK)) {
        fprintf(stderr, "    %s\n", failure.sentence);
        return;
    }
    struct fixture fixture = {
        .optimize = two_steps, .context = &before, .options = {.store = store}};
    arena_open(&arena, 0);
    if (CHECK(fixture_open(&fixture))) {
        CHECK(host_store(fixture.host) == store);
        check_success(&fixture, store, &arena);
        check_failed_run(&fixture, store, &arena);
        check_levels(&fixture, store, &arena);
    }
    fixture_close(&fixture);
    arena_close(&arena);
    store_close(store);
    remove_store();
}

CHECK_MAIN(test_journal)
