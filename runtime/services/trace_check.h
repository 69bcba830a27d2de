/*
 * Checks of a stored trace.
 *
 * Why: an explanation is worth something when anyone can check it later: that it is about this
 * reply, that its figures add up, and that what it refers to is there.
 *
 * Memory: work->arena. Threads: the work's. Errors: none; what fails is said in the checks.
 */
#ifndef PROMOTEROS_SERVICES_TRACE_CHECK_H
#define PROMOTEROS_SERVICES_TRACE_CHECK_H

#include "services/work.h"

#include <promoteros/v1/trace.pb-c.h>
#include <promoteros/v1/trace_service.pb-c.h>

/* Schema, identity, digest of the reply, references and arithmetic, in this order. */
void trace_check(struct work *work, const struct store_trace *stored,
                 const Promoteros__V1__ReasoningTrace *trace,
                 Promoteros__V1__VerifyTraceResponse *response);

#endif
