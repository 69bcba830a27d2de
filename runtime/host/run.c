#include "host/run.h"

#include "base/clock.h"
#include "base/memory.h"
#include "host/envelope.h"
#include "host/host_state.h"
#include "host/journal.h"
#include "host/trace.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- ending ---- */

enum pros_status run_guard(struct run *run, enum pros_status (*function)(void *context),
                           void *context)
{
    struct run_barrier barrier = {.outer = run->barrier};
    enum pros_status status;
    run->barrier = &barrier;
    if (sigsetjmp(barrier.place, 0) == 0)
        status = function(context);
    else
        status = PROS_RESOURCE_EXHAUSTED;
    run->barrier = barrier.outer;
    return status;
}

_Noreturn void run_end(struct run *run)
{
    assert(run->ended && run->barrier);
    siglongjmp(run->barrier->place, 1);
}

_Noreturn void run_exhaust(struct run *run)
{
    run->ended = true;
    failure_set(
        &run->failure, PROS_RESOURCE_EXHAUSTED, "RUN_BUDGET",
        "%s needed more than the %zu MiB that a run may use; ask for less at once, or raise "
        "host.run_budget_mb.",
        run->method->path, run->host->run_budget_bytes >> 20);
    run_end(run);
}

void *run_note(struct run *run, size_t size)
{
    void *memory = arena_try_alloc(&run->notes, size);
    if (!memory)
        run_exhaust(run);
    return memory;
}

/* ---- what the agent calls ---- */

static void *run_alloc(struct pros_run *face, size_t size)
{
    struct run *run = run_of(face);
    void *memory = arena_try_alloc(&run->arena, size);
    if (!memory)
        run_exhaust(run);
    return memory;
}

static enum pros_status run_fail(struct pros_run *face, enum pros_status status, const char *reason,
                                 const char *sentence)
{
    struct run *run = run_of(face);
    if (status == PROS_OK)
        status = PROS_INTERNAL;
    return failure_set(&run->failure, status, reason ? reason : "", "%s", sentence ? sentence : "");
}

enum pros_status run_check_time(const struct run *run, struct failure *failure)
{
    if (run->cancelled && atomic_load_explicit(run->cancelled, memory_order_acquire))
        return failure_set(failure, PROS_CANCELLED, "CALLER_GONE",
                           "The caller has gone; nothing further is done.");
    /* As pros_remaining_ms() says it: the last millisecond does not count. */
    if (run->deadline_us - clock_monotonic_us() < 1000)
        return failure_set(failure, PROS_DEADLINE_EXCEEDED, "DEADLINE",
                           "The time for this call is up; ask for less at once, or allow more "
                           "time.");
    return PROS_OK;
}

static int64_t run_remaining_ms(struct pros_run *face)
{
    const struct run *run = run_of(face);
    if (run_check_time(run, NULL) != PROS_OK)
        return 0;
    int64_t left_ms = (run->deadline_us - clock_monotonic_us()) / 1000;
    return left_ms > 0 ? left_ms : 0;
}

static int64_t run_as_of_ms(struct pros_run *face)
{
    return run_of(face)->as_of_ms;
}

/* SplitMix64 (Steele, Lea and Flood 2014). */
static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t run_random(struct pros_run *face)
{
    struct run *run = run_of(face);
    run->random_state += UINT64_C(0x9e3779b97f4a7c15);
    return mix(run->random_state);
}

static void run_chain_add(struct run_chain *chain, struct pros_bytes message)
{
    uint8_t both[64];
    memcpy(both, chain->digest, 32);
    digest_bytes(message, both + 32);
    digest_bytes((struct pros_bytes){both, sizeof both}, chain->digest);
    chain->count++;
}

static enum pros_status run_emit(struct pros_run *face, struct pros_bytes reply)
{
    struct run *run = run_of(face);
    struct failure failure;
    enum pros_status status = run_check_time(run, &failure);
    if (status == PROS_OK && !run->send)
        status = failure_set(&failure, PROS_INTERNAL, "NOT_A_STREAM",
                             "%s has one reply and cannot send others.", run->method->path);
    if (status == PROS_OK && run_is_traced(run))
        status = trace_check_reply(run, reply, &failure);
    if (status != PROS_OK) {
        run->failure = failure;
        return status;
    }
    run_chain_add(&run->sent, reply);
    return run->send(run, reply);
}

const struct pros_host run_host = {
    .size = sizeof(struct pros_host),
    .alloc = run_alloc,
    .step = reasoning_step,
    .input = reasoning_input,
    .conclude = reasoning_conclude,
    .alternative = reasoning_alternative,
    .flip = reasoning_flip,
    .limit = reasoning_limit,
    .summary = reasoning_summary,
    .predict = prediction_add,
    .call = call_once,
    .call_stream = call_stream,
    .emit = run_emit,
    .fail = run_fail,
    .remaining_ms = run_remaining_ms,
    .as_of_ms = run_as_of_ms,
    .random = run_random,
};

/* ---- from start to end ---- */

void run_chain_text(const struct run_chain *chain, char text[DIGEST_TEXT_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < 32; i++) {
        text[2 * i] = digits[chain->digest[i] >> 4];
        text[2 * i + 1] = digits[chain->digest[i] & 15];
    }
    text[64] = '\0';
}

bool run_is_traced(const struct run *run)
{
    return !run->method->agent->builtin;
}

struct run *run_new(struct host *host, const struct host_method *method, struct run *caller)
{
    struct run *run = memory_new(1, sizeof *run);
    run->face = (struct pros_run){&run_host, method->agent->state};
    run->host = host;
    run->method = method;
    run->caller = caller;
    arena_open(&run->arena, host->run_budget_bytes);
    arena_open(&run->notes, RUN_NOTES_BYTES);
    buffer_open(&run->reply, RUN_MESSAGE_BYTES);
    promoteros__v1__reasoning_trace__init(&run->trace);
    if (caller) {
        run->deadline_us = caller->deadline_us;
        run->cancelled = caller->cancelled;
        run->as_of_ms = caller->as_of_ms;
        run->seed = mix(caller->seed + ++caller->call_count);
    } else {
        run->seed = random_seed();
    }
    run->random_state = run->seed;
    if (run_is_traced(run))
        trace_id_new(run->trace_id);
    return run;
}

void run_free(struct run *run)
{
    arena_close(&run->arena);
    arena_close(&run->notes);
    buffer_close(&run->reply);
    free(run);
}

static enum pros_status choose_as_of(struct run *run, struct pros_bytes request)
{
    if (run->caller)
        return PROS_OK; /* the caller's, checked when that run started */
    bool given = false;
    int64_t asked_ms;
    run->as_of_ms = run->start_ms;
    if (run->method->carries_as_of) {
        enum pros_status status = envelope_read_as_of(request, &given, &asked_ms, &run->failure);
        if (status != PROS_OK)
            return status;
    }
    if (given && asked_ms > run->start_ms)
        return failure_set(&run->failure, PROS_INVALID_ARGUMENT, "AS_OF_IN_FUTURE",
                           "as_of_time lies in the future, of which nothing is known; leave it out "
                           "to ask as of now.");
    if (given)
        run->as_of_ms = asked_ms;
    return PROS_OK;
}

struct invocation {
    struct run *run;
    struct pros_bytes request;
    struct pros_bytes *reply;
};

static enum pros_status invoke(void *context)
{
    const struct invocation *call = context;
    const struct host_method *method = call->run->method;
    const struct registered *agent = (const struct registered *)method->agent;
    return agent->isolation->run(method, &call->run->face, call->request, call->reply);
}

/* A status is one of the canonical ones and comes with a sentence. */
static enum pros_status settle_failure(struct run *run, enum pros_status status)
{
    if (status == PROS_OK)
        return status;
    if ((int)status < 0 || status > PROS_UNAUTHENTICATED)
        return failure_set(&run->failure, PROS_INTERNAL, "BAD_STATUS",
                           "%s returned the status %d, which does not exist.", run->method->path,
                           (int)status);
    if (run->failure.code == status && run->failure.sentence[0])
        return status;
    return failure_set(&run->failure, status, "NO_REASON", "%s ended with %s and did not say why.",
                       run->method->path, status_name(status));
}

enum pros_status run_execute(struct run *run, struct pros_bytes request, struct pros_bytes *reply)
{
    struct invocation call = {run, request, reply};
    *reply = (struct pros_bytes){0};
    run->start_ms = run->host->now_ms();
    run->start_us = clock_monotonic_us();
    enum pros_status status = choose_as_of(run, request);
    if (status != PROS_OK)
        return status; /* it never started */
    journal_started(run);
    status = run_guard(run, invoke, &call);
    if (run->ended)
        status = PROS_RESOURCE_EXHAUSTED; /* even when its code went on after a failed call */
    status = settle_failure(run, status);
    if (run_is_traced(run))
        status = trace_finish(run, status, request, reply);
    if (status != PROS_OK)
        *reply = (struct pros_bytes){0};
    return status;
}
