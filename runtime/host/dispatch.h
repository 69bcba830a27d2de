/*
 * What a thread of the pool does with a call.
 *
 * Why: keeps host.c free of how runs work. Memory, threads, errors: as host.h says of calls.
 */
#ifndef PROMOTEROS_HOST_DISPATCH_H
#define PROMOTEROS_HOST_DISPATCH_H

/* Runs a struct host_call of a struct host. */
void dispatch_run(void *host, void *call);

#endif
