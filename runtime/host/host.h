/*
 * The agent host: takes calls, finds who answers them, runs them, and keeps what they reasoned.
 *
 * Why: every door (gRPC now, JSON and others later) hands over the same four things: a method,
 * bytes, a deadline and who asks; everything from access to the trace happens here, once. The
 * host's own services are tables of the same kind as agents and are dispatched exactly like them.
 *
 * Memory: a call's request must live until done() is called; what emit() and done() are given lives
 * until they return. Threads: host_submit() from any thread; handlers run on the host's pool;
 * emit() and done() are called from there. Errors: as gRPC status with a reason and a sentence;
 * done() is called exactly once for each accepted call.
 */
#ifndef PROMOTEROS_HOST_HOST_H
#define PROMOTEROS_HOST_HOST_H

#include "base/failure.h"
#include "store/store.h"
#include "json/schema.h"

#include <stdatomic.h>
#include <stdbool.h>

struct host;
struct method_figures; /* host/figures.h */

struct host_options {
    struct store *store;              /* NULL: nothing is kept (tests) */
    struct pros_bytes descriptor_set; /* of the host's own services and all agents that it ships */
    unsigned thread_count;            /* of the pool; 0 means twice the cores, at least 4 */
    unsigned queue_limit;             /* calls that may wait; 0 means 1024 */
    size_t run_budget_bytes;          /* memory of one run; 0 means 256 MiB */
    int64_t default_deadline_ms;      /* for calls without one; 0 means 60000 */
    bool require_key;                 /* refuse callers without an API key */
    int64_t (*now_ms)(void);          /* NULL: the machine's clock (tests hand in their own) */
};

enum pros_status host_open(const struct host_options *options, struct host **host,
                           struct failure *failure);
/* Refuses new calls, waits for those that run, then closes agents. */
void host_close(struct host *host);

/* Adds one of the host's own services; state is handed to its methods as agent_state. */
enum pros_status host_add_service(struct host *host, const struct pros_agent *service, void *state,
                                  struct failure *failure);
/* Loads an agent's module for thread isolation; refuses a wrong ABI, a bad table, unknown methods
 * and call cycles by name. */
enum pros_status host_load_agent(struct host *host, const char *path, const char *configuration,
                                 struct failure *failure);
/* After all are added: checks that every declared call exists and is side-effect free. */
enum pros_status host_seal(struct host *host, struct failure *failure);

/* ---- the registry ---- */
struct host_agent {
    const struct pros_agent *table;
    void *state;
    bool builtin;
    char module_sha256[65]; /* empty for builtin */
};

struct host_method {
    const struct host_agent *agent;
    const struct pros_method *entry;
    const struct schema_method *schema;
    const char *path;               /* "promoteros.v1.S/M" */
    bool carries_as_of;             /* field 1 of the request is as_of_time */
    bool carries_trace;             /* fields 1 and 2 of the response are trace_id and trace */
    struct method_figures *figures; /* of calls from doors */
};

/* By position; NULL at the end. */
const struct host_agent *host_agent_at(const struct host *host, size_t position);
const struct host_method *host_method_at(const struct host *host, size_t position);
const struct host_method *host_find_method(const struct host *host, const char *path);
/* The schema of every method served: the host's own set, completed by the agents' sets. NULL while
 * there is neither. */
const struct schema *host_schema(const struct host *host);

struct host_figures {
    int64_t start_ms, run_count, active_run_count;
    int64_t waiting_count; /* calls that no thread has taken yet */
};
struct host_figures host_get_figures(const struct host *host);
struct store *host_store(const struct host *host);

/* ---- calls ---- */
struct host_call {
    const struct host_method *method;
    struct pros_bytes request;
    int64_t deadline_us; /* on clock_monotonic_us(); 0: the default */
    int64_t submit_us;   /* the host's */
    /* Set by the door when the caller has gone; read by the run. */
    atomic_bool cancelled;
    /* A reply of a streaming method; may block while the reader is slow; not PROS_OK ends the run.
     * [pool thread] */
    enum pros_status (*emit)(struct host_call *call, struct pros_bytes reply);
    /* The end; reply is empty for streaming methods and failures. [pool thread, once] */
    void (*done)(struct host_call *call, enum pros_status status, const struct failure *failure,
                 struct pros_bytes reply);
};

/* Takes the call, or refuses it (RESOURCE_EXHAUSTED, UNAVAILABLE) without calling done(). */
enum pros_status host_submit(struct host *host, struct host_call *call, struct failure *failure);
/* Runs on the calling thread and waits; for tests and for the host itself. Reply in the arena. */
enum pros_status host_call_sync(struct host *host, const char *path, struct pros_bytes request,
                                struct arena *arena, struct pros_bytes *reply,
                                struct failure *failure);

#endif
