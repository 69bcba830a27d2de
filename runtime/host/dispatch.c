/* From a door's call to a run and back. */
#include "host/dispatch.h"
#include "base/clock.h"
#include "host/figures.h"
#include "host/host_state.h"
#include "host/run.h"

static enum pros_status send_to_door(struct run *run, struct pros_bytes reply)
{
    struct host_call *call = run->send_context;
    return call->emit(call, reply);
}

static void execute(struct run *run, struct pros_bytes request, enum pros_status *status,
                    struct pros_bytes *reply)
{
    struct host *host = run->host;
    atomic_fetch_add(&host->run_count, 1);
    atomic_fetch_add(&host->active_run_count, 1);
    *reply = (struct pros_bytes){0};
    *status = run_check_time(run, &run->failure);
    if (*status == PROS_OK)
        *status = run_execute(run, request, reply);
    atomic_fetch_sub(&host->active_run_count, 1);
}

void dispatch_run(void *context, void *item)
{
    struct host_call *call = item;
    struct run *run = run_new(context, call->method, NULL);
    run->deadline_us = call->deadline_us;
    run->cancelled = &call->cancelled;
    if (call->method->schema->server_streaming) {
        run->send = send_to_door;
        run->send_context = call;
    }
    enum pros_status status;
    struct pros_bytes reply;
    execute(run, call->request, &status, &reply);
    figures_add(call->method->figures, status, clock_monotonic_us() - call->submit_us);
    call->done(call, status, &run->failure, reply); /* call may be gone afterwards */
    run_free(run);
}

enum pros_status host_submit(struct host *host, struct host_call *call, struct failure *failure)
{
    if (!host->registry.sealed)
        return failure_set(failure, PROS_UNAVAILABLE, "HOST_STARTING",
                           "The host is still starting; try again in a moment.");
    call->submit_us = clock_monotonic_us();
    if (call->deadline_us == 0)
        call->deadline_us = call->submit_us + host->default_deadline_us;
    bool waits = (call->method->entry->flags & PROS_WAITS) != 0;
    switch (waits ? pool_submit_alone(host->pool, call) : pool_submit(host->pool, call)) {
    case POOL_TAKEN:
        return PROS_OK;
    case POOL_FULL:
        figures_add(call->method->figures, PROS_RESOURCE_EXHAUSTED, 0);
        return failure_set(failure, PROS_RESOURCE_EXHAUSTED, "QUEUE_FULL",
                           "Too many calls are waiting; try again in a moment.");
    case POOL_CLOSED:
        break;
    }
    return failure_set(failure, PROS_UNAVAILABLE, "HOST_CLOSING",
                       "The host is shutting down; try again once it is back.");
}

enum pros_status host_call_sync(struct host *host, const char *path, struct pros_bytes request,
                                struct arena *arena, struct pros_bytes *reply,
                                struct failure *failure)
{
    *reply = (struct pros_bytes){0};
    const struct host_method *method = host_find_method(host, path);
    if (!method)
        return failure_set(failure, PROS_UNIMPLEMENTED, "NO_SUCH_METHOD",
                           "Nobody serves %s; promoterosctl agents lists what is served.", path);
    if (method->schema->server_streaming)
        return failure_set(failure, PROS_INVALID_ARGUMENT, "STREAMING",
                           "%s streams its replies and cannot be called for one.", path);
    struct run *run = run_new(host, method, NULL);
    run->deadline_us = clock_monotonic_us() + host->default_deadline_us;
    enum pros_status status;
    struct pros_bytes bytes;
    execute(run, request, &status, &bytes);
    if (status == PROS_OK)
        *reply = (struct pros_bytes){arena_copy(arena, bytes.data, bytes.size), bytes.size};
    else if (failure)
        *failure = run->failure;
    run_free(run);
    return status;
}
