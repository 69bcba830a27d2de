/*
 * What the journal and the ledger learn of an agent's run.
 *
 * Why: after a crash the journal ends at the fatal step, so steps are handed over as they are
 * taken, without waiting; the reply, which names a trace, waits until trace and predictions are on
 * the disk. The host's own services are not journaled here: they write what they change.
 *
 * Memory: everything is copied. Threads: the run's. Errors: a trace that cannot be stored fails the
 * run; lost step events are logged by the store.
 */
#ifndef PROMOTEROS_HOST_JOURNAL_H
#define PROMOTEROS_HOST_JOURNAL_H

#include "host/run.h"

#include <promoteros/v1/event_service.pb-c.h>

/* Adds the event, whose detail is set, with type, time, trace and subject. */
void journal_add_event(const struct host *host, struct store_batch *batch, const char *type,
                       const char *trace_id, const char *subject, Promoteros__V1__Event *event);
void journal_started(const struct run *run);
void journal_step(const struct run *run, Promoteros__V1__TraceStep *step);
/* Stores the trace, the predictions of a run that went well, and their events. Waits for the disk
 * when the run went well. Returns status, or why it could not be stored (then in run->failure). */
enum pros_status journal_finished(struct run *run, enum pros_status status, struct pros_bytes trace,
                                  struct pros_bytes reply);

#endif
