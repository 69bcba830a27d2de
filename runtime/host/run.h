/*
 * One run of one method.
 *
 * Why: an agent is handed a table of functions and its memory, and is watched: budget, deadline,
 * cancellation, what it called and what it said about its reasoning. All of that is struct run.
 *
 * Ending a run: pros_alloc() never returns NULL, so a run beyond its budget is left by siglongjmp
 * to its innermost barrier. A barrier stands wherever the host enters the run's code: at the
 * method, and again at each on_reply() that a callee's pros_emit() leads to. There the jump stops,
 * the callee is told RESOURCE_EXHAUSTED and returns through its own frames, closing cursors and
 * locks in order; only then does the jump go on, to the barrier outside. So a jump passes over
 * frames of the run itself and of host functions that hold nothing, never over a callee or the
 * store.
 *
 * Memory: `arena` is the agent's; `notes` holds what the host recorded and ends with the run.
 * Threads: the run's thread only. Errors: in `failure`; what is wrong with the trace in `defect`.
 */
#ifndef PROMOTEROS_HOST_RUN_H
#define PROMOTEROS_HOST_RUN_H

#include "base/buffer.h"
#include "base/id.h"
#include "host/registry.h"

#include <promoteros/v1/ledger_service.pb-c.h>
#include <promoteros/v1/trace.pb-c.h>
#include <setjmp.h>

/* What a trace may hold; beyond it the run ends as beyond its budget. */
#define RUN_NOTES_BYTES ((size_t)16 * 1024 * 1024)
/* The largest message that the host composes. */
#define RUN_MESSAGE_BYTES ((size_t)1024 * 1024 * 1024)

struct run_barrier {
    sigjmp_buf place;
    struct run_barrier *outer;
};

/* A digest over messages in order: digest(previous digest, digest of the message). */
struct run_chain {
    uint8_t digest[32];
    int64_t count;
};
void run_chain_text(const struct run_chain *chain, char text[DIGEST_TEXT_SIZE]);

struct run {
    struct pros_run face; /* first: what the agent sees */
    struct host *host;
    const struct host_method *method;
    struct run *caller; /* NULL for a call from outside */
    /* Shared with nested runs. */
    int64_t deadline_us;
    const atomic_bool *cancelled; /* NULL: nobody can */
    int64_t as_of_ms;

    struct arena arena;
    struct run_barrier *barrier;
    bool ended; /* beyond its budget: the jump is under way */
    struct failure failure;

    char trace_id[TRACE_ID_TEXT_SIZE]; /* empty for the host's own services */
    int64_t start_ms, start_us;
    uint64_t seed, random_state;
    uint64_t call_count;
    struct arena notes;
    struct failure defect; /* the first thing wrong with its reasoning */
    Promoteros__V1__ReasoningTrace trace;
    Promoteros__V1__Prediction **predictions;
    size_t prediction_count;

    enum pros_status (*send)(struct run *run, struct pros_bytes reply);
    void *send_context;
    struct run_chain sent;
    struct buffer reply; /* composed by the host */
};

/* What the host hands to agents. */
extern const struct pros_host run_host;

static inline struct run *run_of(struct pros_run *face)
{
    return (struct run *)(void *)face;
}

/* caller NULL: a run from outside, whose deadline and cancellation the caller of run_new() sets. */
struct run *run_new(struct host *host, const struct host_method *method, struct run *caller);
void run_free(struct run *run);
/*
 * Runs the method and everything around it: as-of, journal, trace, ledger. *reply lives until
 * run_free(); the reason of a failure is in run->failure.
 */
enum pros_status run_execute(struct run *run, struct pros_bytes request, struct pros_bytes *reply);

/* Calls a function of the run's side; when the run is ended in it, returns RESOURCE_EXHAUSTED. */
enum pros_status run_guard(struct run *run, enum pros_status (*function)(void *context),
                           void *context);
/* Goes on with ending the run. */
_Noreturn void run_end(struct run *run);
/* Ends the run since it is beyond its budget. */
_Noreturn void run_exhaust(struct run *run);
/* Memory for what the host records; ends the run beyond RUN_NOTES_BYTES. */
void *run_note(struct run *run, size_t size);
bool run_is_traced(const struct run *run);
/* CANCELLED or DEADLINE_EXCEEDED, with a sentence, when the run should stop; else OK. */
enum pros_status run_check_time(const struct run *run, struct failure *failure);

/* ---- the functions of run_host, by file ---- */
/* reasoning.c */
const char *reasoning_step(struct pros_run *face, const struct pros_step *step);
const char *reasoning_input(struct pros_run *face, const struct pros_input *input);
void reasoning_conclude(struct pros_run *face, const struct pros_conclusion *conclusion);
void reasoning_alternative(struct pros_run *face, const struct pros_alternative *alternative);
void reasoning_flip(struct pros_run *face, const struct pros_flip *flip);
void reasoning_limit(struct pros_run *face, const char *text);
void reasoning_summary(struct pros_run *face, const char *text);
/* prediction.c */
void prediction_add(struct pros_run *face, const struct pros_prediction *prediction);
/* call.c */
enum pros_status call_once(struct pros_run *face, const char *path, struct pros_bytes request,
                           struct pros_bytes *reply, const char **input_id);
enum pros_status call_stream(struct pros_run *face, const char *path, struct pros_bytes request,
                             enum pros_status (*on_reply)(void *context, struct pros_bytes reply),
                             void *context, const char **input_id);

#endif
