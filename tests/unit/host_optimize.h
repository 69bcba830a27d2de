/*
 * One call of the fixture's deal agent, checked.
 *
 * Why: most tests of runs are "this agent does that; what comes out?". The checks count in the
 * program that includes this. Memory: release() what optimize() returns. Threads: the main one.
 */
#ifndef PROMOTEROS_TESTS_UNIT_HOST_OPTIMIZE_H
#define PROMOTEROS_TESTS_UNIT_HOST_OPTIMIZE_H

#include "unit/check.h"
#include "unit/host_fixture.h"

typedef Promoteros__V1__OptimizeDealResponse deal_response;

/* OptimizeDealResponse{recommendation: "ok"} */
static const struct pros_bytes ok_reply = {"\x22\x02ok", 4};
static const struct pros_bytes nothing = {"", 0};

/* A call of OPTIMIZE from outside; the unpacked reply, or NULL. */
static inline deal_response *optimize(struct fixture *fixture, struct pros_bytes request,
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

static inline void release(deal_response *response)
{
    if (response)
        promoteros__v1__optimize_deal_response__free_unpacked(response, NULL);
}

/* A behaviour of the deal agent: it calls PREDICT and ends as that call does. */
static inline enum pros_status call_predict(struct pros_run *run, struct pros_bytes request,
                                            struct pros_bytes *reply)
{
    struct pros_bytes answer;
    const char *id;
    (void)request;
    enum pros_status status = run->host->call(run, PREDICT, nothing, &answer, &id);
    *reply = ok_reply;
    return status;
}

/* Opens a fixture with one behaviour and expects a failure of OPTIMIZE. */
static inline void expect_failure(behaviour *deal, enum pros_status status, const char *reason)
{
    struct fixture fixture = {.optimize = deal};
    struct failure failure;
    if (CHECK(fixture_open(&fixture)))
        release(optimize(&fixture, nothing, status, reason, &failure));
    fixture_close(&fixture);
}

#endif
