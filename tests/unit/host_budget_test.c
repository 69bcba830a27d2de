/* How a run ends that wants too much, and in which order everything unwinds. */
#include "base/id.h"
#include "unit/host_optimize.h"

static enum pros_status be_modest(struct pros_run *run, struct pros_bytes request,
                                  struct pros_bytes *reply)
{
    (void)run;
    (void)request;
    *reply = ok_reply;
    return PROS_OK;
}

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
        fixture.optimize = be_modest;
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

CHECK_MAIN(test_budget, test_stream_may_be_stopped)
