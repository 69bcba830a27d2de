/*
 * The host's own services, each a table of the same kind as an agent's.
 *
 * Why: signals, catalog, ledger, traces, events and the list of agents are called by agents (as
 * evidence) and by users through the same doors; dispatching them like agents gives them the same
 * limits, access rules and errors.
 *
 * Memory: request and reply live in the run's arena. Threads: any number of calls at once; commits
 * of imports one at a time. Errors: INVALID_ARGUMENT names the field; NOT_FOUND the id; nothing is
 * half-written.
 */
#ifndef PROMOTEROS_SERVICES_SERVICES_H
#define PROMOTEROS_SERVICES_SERVICES_H

#include "host/host.h"

struct services;

/* Adds all services to the host. */
enum pros_status services_open(struct host *host, struct services **services,
                               struct failure *failure);
/* Ends calls that only wait for things to happen (WatchEvents), now and from now on, so that a
 * shutdown need not wait for them. From any thread. */
void services_stop(struct services *services);
/* After host_close(). */
void services_close(struct services *services);

#endif
