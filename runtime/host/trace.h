/*
 * The reasoning trace of a run: noted while it runs, finished when it ends.
 *
 * Why: see trace.proto. The host notes what it saw itself (calls, digests, times) and checks what
 * the agent said, so that a trace can be trusted without trusting the agent.
 *
 * Memory: notes of the run. Threads: the run's. Errors: what is wrong goes to run->defect (the
 * first thing wins) and makes the run INTERNAL when it ends.
 */
#ifndef PROMOTEROS_HOST_TRACE_H
#define PROMOTEROS_HOST_TRACE_H

#include "host/run.h"

#define TRACE_SCHEMA "https://promoteros.dev/reasoning-trace/v1"

/* Room for one more element in an array of notes; see TRACE_ADD. */
void *trace_grow(struct run *run, void *items, size_t count, size_t size);
/* Counts the item last: making it may end the run, and the trace is packed even then. */
#define TRACE_ADD(run, items, count, item)                                                         \
    do {                                                                                           \
        (items) = trace_grow((run), (items), (count), sizeof *(items));                            \
        (items)[(count)] = (item);                                                                 \
        (count)++;                                                                                 \
    } while (0)

/* A copy; empty for NULL and for what is not UTF-8 (a defect). */
char *trace_text(struct run *run, const char *text);
Google__Protobuf__Timestamp *trace_time(struct run *run, int64_t instant_ms);
/* A new input with its id, status OBSERVED. */
Promoteros__V1__TraceInput *trace_add_input(struct run *run, const char *name, const char *source);

/* A reply of an agent is a sound message of its type; else INTERNAL. */
enum pros_status trace_check_reply(const struct run *run, struct pros_bytes reply,
                                   struct failure *failure);
/*
 * Checks the reply, completes and packs the trace, stores it with the predictions, and puts it into
 * *reply. Takes and returns how the run ended; run->failure says why.
 */
enum pros_status trace_finish(struct run *run, enum pros_status status, struct pros_bytes request,
                              struct pros_bytes *reply);

#endif
