/*
 * The plugin interface of PromoterOS: all that an agent needs to know of its host.
 *
 * Why: an agent is maths. It has no sockets, files, clocks or threads; it sees typed messages and
 * reaches data and other agents through one door, pros_call(), which the host records. So every
 * answer lists its evidence without the agent's help, and a run can be repeated from the record
 * with the same bytes as the result.
 *
 * An agent is a shared module that exports one symbol, promoteros_agent(), which returns a constant
 * description: a table of methods with the agent's own FileDescriptorSet. From it the host derives
 * the gRPC method, the JSON route and every other door. Neither side links to the other: the host
 * lends a table of functions with each run.
 *
 * Versions: PROS_ABI is 0 while the interface moves. Structs begin with their size and grow only at
 * the end.
 *
 * Memory: what pros_alloc() and pros_call() give lives in the run's arena and dies with the run;
 * nothing is freed by hand. Strings and bytes that an agent hands to the host are copied before the
 * function returns. A run beyond its memory budget is ended inside any of these functions, which
 * then do not return: an agent holds no heap memory, file or lock while it calls one.
 *
 * Threads: a method may run many times at once; what open() returns is read-only afterwards. All
 * functions of a run are called from the thread that the run was started on.
 *
 * Errors: a method returns a canonical gRPC status code; before any but PROS_OK it says why with
 * pros_fail(), in words that a venue manager understands: what happened, and how to go on.
 */
#ifndef PROMOTEROS_AGENT_H
#define PROMOTEROS_AGENT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PROS_ABI 0u

/* Canonical gRPC status codes. */
enum pros_status {
    PROS_OK = 0,
    PROS_CANCELLED = 1,
    PROS_UNKNOWN = 2,
    PROS_INVALID_ARGUMENT = 3,
    PROS_DEADLINE_EXCEEDED = 4,
    PROS_NOT_FOUND = 5,
    PROS_ALREADY_EXISTS = 6,
    PROS_PERMISSION_DENIED = 7,
    PROS_RESOURCE_EXHAUSTED = 8,
    PROS_FAILED_PRECONDITION = 9,
    PROS_ABORTED = 10,
    PROS_OUT_OF_RANGE = 11,
    PROS_UNIMPLEMENTED = 12,
    PROS_INTERNAL = 13,
    PROS_UNAVAILABLE = 14,
    PROS_DATA_LOSS = 15,
    PROS_UNAUTHENTICATED = 16
};

/* Numbers as in promoteros.v1.StepKind, InputStatus, Link and ConfidenceKind. */
enum pros_step_kind {
    PROS_STEP_RETRIEVE = 1,
    PROS_STEP_VALIDATE,
    PROS_STEP_COMPUTE,
    PROS_STEP_RULE,
    PROS_STEP_MODEL,
    PROS_STEP_COMPARE,
    PROS_STEP_DECIDE
};
enum pros_input_status {
    PROS_INPUT_OBSERVED = 1,
    PROS_INPUT_IMPUTED,
    PROS_INPUT_DEFAULTED,
    PROS_INPUT_ASSUMED,
    PROS_INPUT_STALE,
    PROS_INPUT_SIMULATED
};
enum pros_link { PROS_LINK_IDENTITY = 1, PROS_LINK_LOG, PROS_LINK_LOGIT };
enum pros_confidence {
    PROS_CONFIDENCE_CALIBRATED = 1,
    PROS_CONFIDENCE_MODEL,
    PROS_CONFIDENCE_HEURISTIC,
    PROS_CONFIDENCE_EXACT
};

/* Bytes that somebody else owns; the comment at each use says who and for how long. */
struct pros_bytes {
    const void *data;
    size_t size;
};

/* A step as it is taken. Strings may be NULL. */
struct pros_step {
    enum pros_step_kind kind;
    const char *title;     /* a few words */
    const char *statement; /* a sentence with its figures */
    const char *formula;   /* plain notation */
    const char *uses;      /* ids of inputs and steps, separated by blanks: "i1 s2" */
    const double *value;   /* the figure that it produced, or NULL */
    const char *unit;
};

/* Something that the reasoning used and the host did not hand over: a figure of the request, or a
 * default. */
struct pros_input {
    const char *name;
    const char *source; /* "request", "default", or a published source */
    const double *value;
    const char *unit;
    enum pros_input_status status;
    int64_t observed_at_ms; /* 0: not said */
    int64_t observation_count;
};

struct pros_contribution {
    double amount;    /* on the link's scale */
    const char *text; /* the reason in words */
    const char *use;  /* the input or step that it comes from, or NULL */
};

/*
 * A figure that came out. The host computes residual = link(value) - baseline - sum of amounts and
 * refuses the run when |residual| exceeds the method's max_residual_share of the largest magnitude
 * in the sum (1e-9 where that is 0).
 */
struct pros_conclusion {
    const char *name; /* snake_case, for example "paid_tickets" */
    const char *unit;
    double value;
    enum pros_link link;
    double baseline;
    const char *baseline_text;
    const struct pros_contribution *contributions;
    size_t contribution_count;
    const double *low, *high; /* an interval, or NULL */
    double interval_level;    /* in (0, 1), with an interval */
    enum pros_confidence confidence;
    int64_t sample_size;
};

struct pros_alternative {
    const char *label;
    double value;
    const char *unit;
    const char *rejected_because;
    double delta; /* its value minus that of the choice */
};

struct pros_flip {
    const char *input;
    double from_value, to_value;
    const char *unit;
    const char *new_outcome;
};

/* A prediction for the ledger; scored when the outcome of (target, subject) is recorded. */
struct pros_prediction {
    const char *target;  /* kebab-case, as in promoteros.v1.Prediction */
    const char *subject; /* as in promoteros.v1.Prediction */
    int64_t due_at_ms;
    /* A packed promoteros.v1.Distribution for a quantity, else empty and probability is used. */
    struct pros_bytes distribution;
    double probability;
    const double *baseline; /* what the naive rule says, or NULL */
    const char *baseline_name;
};

struct pros_run;

/* What the host lends to a run. Call through the pros_*() helpers below. [the run's thread] */
struct pros_host {
    size_t size;
    /* Zeroed memory, aligned for any type; never NULL: a run over its budget is ended by the host.
     */
    void *(*alloc)(struct pros_run *run, size_t size);
    /* Records; each returns the id ("s1", "i4"), which lives as long as the run. */
    const char *(*step)(struct pros_run *run, const struct pros_step *step);
    const char *(*input)(struct pros_run *run, const struct pros_input *input);
    void (*conclude)(struct pros_run *run, const struct pros_conclusion *conclusion);
    void (*alternative)(struct pros_run *run, const struct pros_alternative *alternative);
    void (*flip)(struct pros_run *run, const struct pros_flip *flip);
    void (*limit)(struct pros_run *run, const char *text);
    void (*summary)(struct pros_run *run, const char *text);
    void (*predict)(struct pros_run *run, const struct pros_prediction *prediction);
    /*
     * Calls a method that the agent declared in calls[], for example
     * "promoteros.v1.SignalService/QuerySignals". The reply lives in the run's arena; *input_id is
     * the id of the recorded input. The host puts the run's as-of time into field 1 of the request.
     * On failure the callee's reason is kept, so `return status;` passes it on.
     */
    enum pros_status (*call)(struct pros_run *run, const char *method, struct pros_bytes request,
                             struct pros_bytes *reply, const char **input_id);
    /*
     * Calls a streaming method and hands each reply to on_reply(context, reply); the reply's bytes
     * live only until on_reply returns. Anything but PROS_OK from on_reply ends the stream and is
     * returned.
     */
    enum pros_status (*call_stream)(struct pros_run *run, const char *method,
                                    struct pros_bytes request,
                                    enum pros_status (*on_reply)(void *context,
                                                                 struct pros_bytes reply),
                                    void *context, const char **input_id);
    /* Sends one reply of a streaming method; blocks while the reader is slow; not PROS_OK: stop. */
    enum pros_status (*emit)(struct pros_run *run, struct pros_bytes reply);
    /* Says why the run fails; returns status. reason is UPPER_SNAKE; the sentence is copied. */
    enum pros_status (*fail)(struct pros_run *run, enum pros_status status, const char *reason,
                             const char *sentence);
    /* Milliseconds until the deadline; 0 once the caller has gone or the time is up. Long loops
     * ask. */
    int64_t (*remaining_ms)(struct pros_run *run);
    /* The moment as of which the run reasons, in milliseconds since 1970-01-01 UTC: the only clock
     * there is. */
    int64_t (*as_of_ms)(struct pros_run *run);
    /* 64 random bits from the run's seed; the same in a repeated run. */
    uint64_t (*random)(struct pros_run *run);
};

/* A run as the agent sees it; the host's own part follows. */
struct pros_run {
    const struct pros_host *host;
    void *agent_state; /* what open() returned */
};

enum pros_method_flags {
    PROS_STREAMS = 1 << 0,          /* replies through pros_emit(), any number of them */
    PROS_SIDE_EFFECT_FREE = 1 << 1, /* changes nothing; others may call it */
    PROS_INLINE = 1 << 2, /* bounded and without calls: may run on the thread that took the call */
    PROS_WAITS = 1 << 3 /* waits for things to happen, for as long as its reader stays: has a thread
                           of its own, and agents may not call it */
};

/* How much of a run the journal keeps. */
enum pros_journal { PROS_JOURNAL_FULL = 0, PROS_JOURNAL_SUMMARY, PROS_JOURNAL_NONE };

struct pros_method {
    const char *name; /* as in the proto */
    const char *summary;
    uint32_t flags;
    enum pros_journal journal;
    double max_residual_share; /* see struct pros_conclusion; 0 for exact arithmetic */
    /* The request lives until the method returns; *reply must live in the run's arena. */
    enum pros_status (*handle)(struct pros_run *run, struct pros_bytes request,
                               struct pros_bytes *reply);
};

/* All of it is constant and lives as long as the module. */
struct pros_agent {
    size_t size;
    uint32_t abi;
    uint32_t method_size; /* sizeof(struct pros_method): the stride of methods[] */
    const char *name;     /* kebab-case, for example "trend-analyzer" */
    const char *title;
    const char *summary;
    const char *version;
    const char *service; /* full name, for example "promoteros.v1.TrendAnalyzerService" */
    struct pros_bytes descriptor_set; /* FileDescriptorSet with all imports */
    const struct pros_method *methods;
    size_t method_count;
    const char *const *calls; /* methods of others that it may call; only side-effect-free ones */
    size_t call_count;
    /* Once, before any run; configuration is a JSON object. Returns 0 and the state, or fails with
     * a sentence. May be NULL. */
    int (*open)(const char *configuration, void **state, char *error, size_t error_size);
    void (*close)(void *state);
};

/* The one exported symbol. */
#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
const struct pros_agent *
promoteros_agent(void);

static inline void *pros_alloc(struct pros_run *run, size_t size)
{
    return run->host->alloc(run, size);
}
static inline const char *pros_step(struct pros_run *run, struct pros_step step)
{
    return run->host->step(run, &step);
}
static inline const char *pros_input(struct pros_run *run, struct pros_input input)
{
    return run->host->input(run, &input);
}
static inline void pros_conclude(struct pros_run *run, struct pros_conclusion conclusion)
{
    run->host->conclude(run, &conclusion);
}
static inline void pros_alternative(struct pros_run *run, struct pros_alternative alternative)
{
    run->host->alternative(run, &alternative);
}
static inline void pros_flip(struct pros_run *run, struct pros_flip flip)
{
    run->host->flip(run, &flip);
}
static inline void pros_limit(struct pros_run *run, const char *text)
{
    run->host->limit(run, text);
}
static inline void pros_summary(struct pros_run *run, const char *text)
{
    run->host->summary(run, text);
}
static inline void pros_predict(struct pros_run *run, struct pros_prediction prediction)
{
    run->host->predict(run, &prediction);
}
static inline enum pros_status pros_emit(struct pros_run *run, struct pros_bytes reply)
{
    return run->host->emit(run, reply);
}
static inline int64_t pros_remaining_ms(struct pros_run *run)
{
    return run->host->remaining_ms(run);
}
static inline int64_t pros_as_of_ms(struct pros_run *run)
{
    return run->host->as_of_ms(run);
}
static inline uint64_t pros_random(struct pros_run *run)
{
    return run->host->random(run);
}

/* Formats into the run's arena. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static inline char *
pros_format(struct pros_run *run, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = (char *)pros_alloc(run, length < 0 ? 1 : (size_t)length + 1);
    if (length > 0)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

/* return pros_fail(run, PROS_INVALID_ARGUMENT, "CAPACITY_ZERO", "The room's capacity is 0; ...");
 */
#if defined(__GNUC__)
__attribute__((format(printf, 4, 5)))
#endif
static inline enum pros_status
pros_fail(struct pros_run *run, enum pros_status status, const char *reason, const char *format,
          ...)
{
    char sentence[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    return run->host->fail(run, status, reason, sentence);
}

#ifdef __cplusplus
}
#endif

#endif
