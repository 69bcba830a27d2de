/* grpc.health.v1: whether the server, or one service of it, takes calls. */
#include "grpc/door.h"

#include "json/wire.h"

#include <grpc/health/v1/health.pb-c.h>
#include <string.h>

#define SERVING         GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVING
#define NOT_SERVING     GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__NOT_SERVING
#define SERVICE_UNKNOWN GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVICE_UNKNOWN

typedef Grpc__Health__V1__HealthCheckResponse__ServingStatus serving_status;

struct watch_call {
    struct call call;
    bool is_known; /* the service that it asks for */
    bool is_listed;
    struct watch_call *previous, *next;
};

static grpc_byte_buffer *pack_status(serving_status status)
{
    uint8_t bytes[16];
    Grpc__Health__V1__HealthCheckResponse response = GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__INIT;
    response.status = status;
    size_t size = grpc__health__v1__health_check_response__pack(&response, bytes);
    return core_buffer((struct pros_bytes){bytes, size});
}

/* Whether the request can be read, and names the server or a service of it. */
static enum pros_status read_request(struct call *call, bool *is_known, struct failure *failure)
{
    enum pros_status status = wire_scan(call->method->schema->input, call->request, NULL, failure);
    if (status != PROS_OK)
        return status;
    Grpc__Health__V1__HealthCheckRequest *request = grpc__health__v1__health_check_request__unpack(
        NULL, call->request.size, call->request.data);
    if (!request)
        return failure_set(failure, PROS_INVALID_ARGUMENT, "BAD_MESSAGE",
                           "The health request cannot be read.");
    *is_known = !request->service[0] ||
                door_serves(call->queue->door, request->service, strlen(request->service));
    if (!*is_known)
        failure_set(failure, PROS_NOT_FOUND, "UNKNOWN_SERVICE",
                    "No service \"%.200s\" is served here; ask for \"\" to learn about the server.",
                    request->service);
    grpc__health__v1__health_check_request__free_unpacked(request, NULL);
    return PROS_OK;
}

static serving_status present_status(struct grpc_door *door)
{
    return atomic_load(&door->is_serving) ? SERVING : NOT_SERVING;
}

static void start_check(struct call *call)
{
    struct failure failure = {0};
    bool is_known = false;
    enum pros_status status = read_request(call, &is_known, &failure);
    if (status != PROS_OK)
        call_finish(call, status, &failure, NULL);
    else if (!is_known)
        call_finish(call, PROS_NOT_FOUND, &failure, NULL);
    else
        call_finish(call, PROS_OK, NULL, pack_status(present_status(call->queue->door)));
}

/* ---- Watch: the present status, and the end when the server stops ---- */

static void list_watch(struct watch_call *watch)
{
    struct grpc_door *door = watch->call.queue->door;
    pthread_mutex_lock(&door->lock);
    watch->next = door->watches;
    if (watch->next)
        watch->next->previous = watch;
    door->watches = watch;
    watch->is_listed = true;
    pthread_mutex_unlock(&door->lock);
}

/* Nobody wakes a call that is not in the list. */
static void unlist_watch(struct watch_call *watch)
{
    struct grpc_door *door = watch->call.queue->door;
    pthread_mutex_lock(&door->lock);
    if (watch->is_listed) {
        if (watch->next)
            watch->next->previous = watch->previous;
        if (watch->previous)
            watch->previous->next = watch->next;
        else
            door->watches = watch->next;
    }
    watch->is_listed = false;
    pthread_mutex_unlock(&door->lock);
}

static void start_watch(struct call *call)
{
    struct watch_call *watch = (struct watch_call *)call;
    struct failure failure = {0};
    enum pros_status status = read_request(call, &watch->is_known, &failure);
    if (status != PROS_OK) {
        call_finish(call, status, &failure, NULL);
        return;
    }
    list_watch(watch);
    call_watch_close(call);
    call_send(call,
              pack_status(watch->is_known ? present_status(call->queue->door) : SERVICE_UNKNOWN),
              false);
}

static void advance_watch(struct call *call)
{
    struct watch_call *watch = (struct watch_call *)call;
    struct failure failure = {0};
    if (call->is_sending || present_status(call->queue->door) == SERVING)
        return;
    unlist_watch(watch);
    failure_set(&failure, PROS_UNAVAILABLE, "SHUTTING_DOWN",
                "The server is shutting down; ask again later.");
    call_finish(call, PROS_UNAVAILABLE, &failure,
                watch->is_known ? pack_status(NOT_SERVING) : NULL);
}

static void end_watch(struct call *call)
{
    unlist_watch((struct watch_call *)call);
    if (!call->is_sending)
        call_finish(call, PROS_CANCELLED, NULL, NULL);
}

static void after_send(struct call *call)
{
    if (call->is_gone)
        end_watch(call);
    else
        advance_watch(call);
}

void health_stop(struct grpc_door *door)
{
    atomic_store(&door->is_serving, false);
    pthread_mutex_lock(&door->lock);
    for (struct watch_call *watch = door->watches; watch; watch = watch->next) {
        pthread_mutex_lock(&watch->call.lock);
        call_wake_locked(&watch->call);
        pthread_mutex_unlock(&watch->call.lock);
    }
    pthread_mutex_unlock(&door->lock);
}

const struct call_handler check_call_handler = {
    .call_size = sizeof(struct call),
    .start = start_check,
};

const struct call_handler watch_call_handler = {
    .call_size = sizeof(struct watch_call),
    .start = start_watch,
    .woken = advance_watch,
    .sent = after_send,
    .gone = end_watch,
};
