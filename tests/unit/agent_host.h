/*
 * A host of one page for the tests of agents: an arena, counters, and the rules that every agent
 * is held to.
 *
 * Why: an agent is tested as the module that it ships as, loaded as the host loads it, with all
 * that it says to the host noted and judged. A test defines `agent_world`: which module, at which
 * moment, and who answers its calls.
 *
 * Memory: what the agent allocates lives until forget(). Threads: one.
 * Errors: agent_load() ends the program; the first rule that an agent breaks stands in
 * record.fault, which a test compares with "" after each call.
 */
#ifndef PROMOTEROS_TESTS_UNIT_AGENT_HOST_H
#define PROMOTEROS_TESTS_UNIT_AGENT_HOST_H

#include <stdbool.h>

#include <promoteros/typed.h>

#define DAY_MS INT64_C(86400000)

struct agent_world {
    const char *module; /* path */
    int64_t as_of_ms;
    /* NULL where the agent calls nobody. */
    enum pros_status (*call)(struct pros_run *run, const char *method, struct pros_bytes request,
                             struct pros_bytes *reply, const char **input_id);
    enum pros_status (*call_stream)(struct pros_run *run, const char *method,
                                    struct pros_bytes request,
                                    enum pros_status (*on_reply)(void *context,
                                                                 struct pros_bytes reply),
                                    void *context, const char **input_id);
    /* NULL where the agent predicts nothing; a due date after as_of_ms is checked anyway. */
    bool (*is_sound)(const struct pros_prediction *prediction);
};
extern const struct agent_world agent_world;

/* What the agent said since forget(). */
struct agent_record {
    char reason[64], sentence[1024], summary[1024];
    char fault[256]; /* the first broken rule */
    int steps, conclusions, alternatives, flips, limits, predictions, calls;
    double worst_residual; /* of conclusions, as a share of the largest summand */
};
extern struct agent_record record;
extern struct pros_run the_run;
extern int64_t remaining_ms; /* of the run: 1,000 unless set */

/* The world's module, loaded by the first call. */
const struct pros_agent *agent(void);

void forget(void);

/* Forgets, then calls a method by its name; UNIMPLEMENTED where there is none. */
enum pros_status agent_call(const char *method, const ProtobufCMessage *request,
                            struct pros_bytes *reply);

/* protobuf-c has no const strings; these are only packed. */
static inline char *text(const char *literal)
{
    return (char *)(uintptr_t)literal;
}

#endif
