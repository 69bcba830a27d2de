#include "grpc/server.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "grpc/address.h"
#include "grpc/door.h"
#include "host/access.h"

#include <assert.h>
#include <errno.h>
#include <grpc/byte_buffer.h>
#include <grpc/grpc_security.h>
#include <grpc/slice.h>
#include <grpc/support/time.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MAX_QUEUES            4
#define SLOTS_A_METHOD        4
#define DEFAULT_RECEIVE_BYTES ((size_t)1 << 20)
/* For connections without calls, and streams of reflection, to end. */
#define IDLE_GRACE_US          INT64_C(1000000)
#define BUSY_US                INT64_C(1000000)
#define LINGER_US              INT64_C(100000)
#define IMPATIENCE_US          INT64_C(30000000)
#define DEFAULT_STALL_US       INT64_C(60000000)
#define MAX_OPEN_CALLS         4096
#define HEADER_SIZE            256 /* of an authorization */
#define MAX_OPEN_PAYLOAD_BYTES ((size_t)256 << 20)

/* ---- accepting ---- */

static void request_next(struct door_slot *slot)
{
    grpc_completion_queue *core = slot->queue->core;
    grpc_server *server = slot->queue->door->server;
    grpc_call_error error;
    slot->core = NULL;
    slot->payload = NULL;
    grpc_metadata_array_init(&slot->metadata);
    grpc_call_details_init(&slot->details);
    if (!slot->method)
        error = grpc_server_request_call(server, &slot->core, &slot->details, &slot->metadata, core,
                                         core, &slot->tag);
    else
        error = grpc_server_request_registered_call(
            server, slot->method->registered, &slot->core, &slot->deadline, &slot->metadata,
            slot->method->schema->client_streaming ? NULL : &slot->payload, core, core, &slot->tag);
    assert(error == GRPC_CALL_OK);
    (void)error;
}

static int64_t deadline_us(gpr_timespec deadline)
{
    if (gpr_time_cmp(deadline, gpr_inf_future(deadline.clock_type)) == 0)
        return 0;
    gpr_timespec left = gpr_time_sub(gpr_convert_clock_type(deadline, GPR_CLOCK_MONOTONIC),
                                     gpr_now(GPR_CLOCK_MONOTONIC));
    return clock_monotonic_us() + left.tv_sec * 1000000 + left.tv_nsec / 1000;
}

static void copy_path(struct call *call, const grpc_slice *path)
{
    size_t size = GRPC_SLICE_LENGTH(*path);
    if (size >= sizeof call->path)
        size = sizeof call->path - 1;
    for (size_t i = 0; i < size; i++) {
        uint8_t c = GRPC_SLICE_START_PTR(*path)[i];
        call->path[i] = (char)(c > 0x20 && c < 0x7F ? c : '?');
    }
}

/* Refuses what would cost too much, before anything is done for it. */
static bool admit(struct grpc_door *door, struct call *call)
{
    struct failure failure = {0};
    bool runs = call->method && call->method->host;
    size_t calls = atomic_fetch_add(&door->call_count, 1);
    size_t bytes = atomic_fetch_add(&door->payload_bytes, call->request.size);
    /* Counted before the look at is_serving, so that a closing door sees this call or refuses it.
     */
    if (runs) {
        atomic_store(&door->last_run_us, clock_monotonic_us());
        atomic_fetch_add(&door->run_count, 1);
    }
    if (runs && !atomic_load(&door->is_serving))
        failure_set(&failure, PROS_UNAVAILABLE, "SHUTTING_DOWN",
                    "The server is shutting down; try again once it is back.");
    else if (call->request.size > door->max_receive_bytes)
        failure_set(&failure, PROS_RESOURCE_EXHAUSTED, "MESSAGE_TOO_LARGE",
                    "The message has %zu bytes, and at most %zu are taken; send it in smaller "
                    "parts.",
                    call->request.size, door->max_receive_bytes);
    else if (calls >= MAX_OPEN_CALLS || bytes + call->request.size > MAX_OPEN_PAYLOAD_BYTES)
        failure_set(&failure, PROS_RESOURCE_EXHAUSTED, "TOO_MANY_CALLS",
                    "The server is busy with %zu calls; try again in a moment.", calls);
    if (!failure.sentence[0])
        return true;
    call_finish(call, failure.code, &failure, NULL);
    return false;
}

/* NULL: the caller sends none. More than a key needs, or two of them, is no key. */
static const char *read_authorization(const grpc_metadata_array *metadata, char text[HEADER_SIZE])
{
    const char *found = NULL;
    for (size_t i = 0; i < metadata->count; i++) {
        const grpc_metadata *entry = &metadata->metadata[i];
        if (grpc_slice_str_cmp(entry->key, "authorization") != 0)
            continue;
        size_t size = GRPC_SLICE_LENGTH(entry->value);
        if (found || size >= HEADER_SIZE)
            size = 0;
        memcpy(text, GRPC_SLICE_START_PTR(entry->value), size);
        text[size] = '\0';
        found = text;
    }
    return found;
}

/* Health and reflection are open to all: they say nothing about the data, and those who watch a
 * daemon have no keys. */
static bool authorize(struct grpc_door *door, struct call *call, const char *authorization)
{
    struct access_identity identity;
    struct failure failure = {0};
    if (!call->method || !call->method->host)
        return true;
    enum pros_status status = access_check(door->host, access_bearer(authorization),
                                           call->method->host->path, &identity, &failure);
    if (status == PROS_OK)
        return true;
    call_finish(call, status, &failure, NULL);
    return false;
}

static void on_accept(void *owner, bool ok)
{
    struct door_slot *slot = owner;
    if (!ok) { /* the server is shutting down; the slot stays empty */
        grpc_metadata_array_destroy(&slot->metadata);
        grpc_call_details_destroy(&slot->details);
        return;
    }
    struct call *call = call_new(slot->method ? slot->method->handler : &unknown_call_handler,
                                 slot->method, slot->queue, slot->core, slot->payload);
    call->deadline_us = deadline_us(slot->method ? slot->deadline : slot->details.deadline);
    copy_path(call, &slot->details.method);
    char header[HEADER_SIZE];
    const char *authorization = read_authorization(&slot->metadata, header);
    grpc_metadata_array_destroy(&slot->metadata);
    grpc_call_details_destroy(&slot->details);
    request_next(slot); /* first of all: calls without a slot wait in a list without a bound */
    if (admit(slot->queue->door, call) && authorize(slot->queue->door, call, authorization))
        call->handler->start(call);
}

void door_release_call(struct door_queue *queue, const struct door_method *method,
                       size_t payload_bytes)
{
    struct grpc_door *door = queue->door;
    atomic_fetch_sub(&door->payload_bytes, payload_bytes);
    bool last = method && method->host && atomic_fetch_sub(&door->run_count, 1) == 1;
    last |= atomic_fetch_sub(&door->call_count, 1) == 1;
    if (!last)
        return;
    pthread_mutex_lock(&door->lock);
    pthread_cond_broadcast(&door->changed);
    pthread_mutex_unlock(&door->lock);
}

bool door_serves(const struct grpc_door *door, const char *service, size_t size)
{
    for (size_t i = 0; i < door->method_count; i++)
        if (strncmp(door->methods[i].path + 1, service, size) == 0 &&
            door->methods[i].path[1 + size] == '/')
            return true;
    return false;
}

/* ---- opening ---- */

static void *serve(void *argument)
{
    struct door_queue *queue = argument;
    for (;;) {
        grpc_event event =
            grpc_completion_queue_next(queue->core, gpr_inf_future(GPR_CLOCK_REALTIME), NULL);
        if (event.type == GRPC_QUEUE_SHUTDOWN)
            return NULL;
        struct tag *tag = event.tag;
        tag->fire(tag->owner, event.success != 0);
    }
}

static void add_method(struct grpc_door *door, const struct schema_method *schema,
                       const struct host_method *host, const struct call_handler *handler)
{
    size_t size = strlen(schema->path) + 2;
    char *path = memory_new(size, 1);
    snprintf(path, size, "/%s", schema->path);
    void *registered = grpc_server_register_method(door->server, path, NULL,
                                                   schema->client_streaming
                                                       ? GRPC_SRM_PAYLOAD_NONE
                                                       : GRPC_SRM_PAYLOAD_READ_INITIAL_BYTE_BUFFER,
                                                   0);
    assert(registered);
    door->methods[door->method_count++] =
        (struct door_method){path, schema, host, handler, registered};
}

static const struct {
    const char *path;
    const struct call_handler *handler;
} own_methods[] = {
    {"grpc.health.v1.Health/Check", &check_call_handler},
    {"grpc.health.v1.Health/Watch", &watch_call_handler},
    {"grpc.reflection.v1.ServerReflection/ServerReflectionInfo", &reflection_call_handler},
    {"grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", &reflection_call_handler},
};

#define OWN_METHOD_COUNT (sizeof own_methods / sizeof *own_methods)

static enum pros_status add_methods(struct grpc_door *door, struct failure *failure)
{
    size_t host_count = 0;
    while (host_method_at(door->host, host_count))
        host_count++;
    door->methods = memory_new(host_count + OWN_METHOD_COUNT, sizeof *door->methods);
    for (size_t i = 0; i < host_count; i++) {
        const struct host_method *method = host_method_at(door->host, i);
        if (!method->schema->client_streaming)
            add_method(door, method->schema, method, &host_call_handler);
    }
    for (size_t i = 0; i < OWN_METHOD_COUNT; i++) {
        const struct schema_method *schema =
            schema_find_method(host_schema(door->host), own_methods[i].path);
        if (!schema)
            return failure_set(failure, PROS_INTERNAL, "BAD_DESCRIPTOR_SET",
                               "The host's descriptor set lacks %s; build the daemon again.",
                               own_methods[i].path);
        add_method(door, schema, NULL, own_methods[i].handler);
    }
    return PROS_OK;
}

static grpc_arg number(const char *key, int value)
{
    return (grpc_arg){GRPC_ARG_INTEGER, (char *)key, {.integer = value}};
}

static grpc_server *create_server(size_t max_receive_bytes)
{
    /* Up to twice the limit arrives here and is refused in our words; more the core refuses. */
    int receive = max_receive_bytes < INT32_MAX / 2 ? (int)(2 * max_receive_bytes) : INT32_MAX;
    grpc_arg arguments[] = {
        number(GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, receive),
        /* The caller keeps its own deadline and the host keeps it too; a third timer, here, fires a
         * little before the caller's and makes it see CANCELLED. */
        number(GRPC_ARG_ENABLE_DEADLINE_CHECKS, 0),
        /* A second daemon would share the port silently. */
        number(GRPC_ARG_ALLOW_REUSEPORT, 0),
        /* Sizes are checked after decompression: a bomb would be unpacked first. 1 = identity. */
        number(GRPC_COMPRESSION_CHANNEL_ENABLED_ALGORITHMS_BITSET, 1),
        number(GRPC_ARG_MAX_CONCURRENT_STREAMS, 256),
        number(GRPC_ARG_KEEPALIVE_TIME_MS, 60000),
        number(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20000),
        number(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10000),
        number(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1),
    };
    grpc_channel_args list = {sizeof arguments / sizeof *arguments, arguments};
    return grpc_server_create(&list, NULL);
}

static void open_queues(struct grpc_door *door, unsigned count)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (count == 0)
        count = cores > 0 ? (unsigned)cores : 1;
    door->queue_count = count < MAX_QUEUES ? count : MAX_QUEUES;
    for (unsigned i = 0; i < door->queue_count; i++) {
        door->queues[i].door = door;
        door->queues[i].core = grpc_completion_queue_create_for_next(NULL);
        grpc_server_register_completion_queue(door->server, door->queues[i].core, NULL);
    }
}

static enum pros_status listen_at(struct grpc_door *door, const char *address,
                                  struct failure *failure)
{
    grpc_server_credentials *credentials = grpc_insecure_server_credentials_create();
    int port = grpc_server_add_http2_port(door->server, address, credentials);
    grpc_server_credentials_release(credentials);
    if (port == 0)
        return address_explain(address, failure);
    door->port = address_is_unix(address) ? 0 : port;
    return PROS_OK;
}

static void fill_slots(struct door_queue *queue)
{
    struct grpc_door *door = queue->door;
    queue->slot_count = (door->method_count + 1) * SLOTS_A_METHOD;
    queue->slots = memory_new(queue->slot_count, sizeof *queue->slots);
    for (size_t i = 0; i < queue->slot_count; i++) {
        size_t method = i / SLOTS_A_METHOD;
        struct door_slot *slot = &queue->slots[i];
        slot->queue = queue;
        slot->method = method < door->method_count ? &door->methods[method] : NULL;
        slot->tag = (struct tag){on_accept, slot};
        request_next(slot);
    }
}

static void start_threads(struct grpc_door *door)
{
    grpc_server_start(door->server);
    for (unsigned i = 0; i < door->queue_count; i++) {
        fill_slots(&door->queues[i]);
        if (pthread_create(&door->queues[i].thread, NULL, serve, &door->queues[i]) != 0) {
            log_error("the gRPC door cannot start a thread");
            abort();
        }
        door->thread_count++;
    }
}

static void on_stopped(void *owner, bool ok)
{
    struct grpc_door *door = owner;
    (void)ok;
    pthread_mutex_lock(&door->lock);
    door->has_stopped = true;
    pthread_cond_broadcast(&door->changed);
    pthread_mutex_unlock(&door->lock);
}

static void free_door(struct grpc_door *door)
{
    grpc_server_destroy(door->server);
    for (unsigned i = 0; i < door->queue_count; i++)
        grpc_completion_queue_shutdown(door->queues[i].core);
    for (unsigned i = 0; i < door->queue_count; i++) {
        if (i < door->thread_count)
            pthread_join(door->queues[i].thread, NULL);
        else
            serve(&door->queues[i]);
        grpc_completion_queue_destroy(door->queues[i].core);
        free(door->queues[i].slots);
    }
    for (size_t i = 0; i < door->method_count; i++)
        free((char *)door->methods[i].path);
    free(door->methods);
    pthread_cond_destroy(&door->changed);
    pthread_mutex_destroy(&door->lock);
    free(door);
    core_close();
}

enum pros_status grpc_door_open(struct host *host, const struct grpc_door_options *options,
                                struct grpc_door **door, struct failure *failure)
{
    char address[ADDRESS_SIZE];
    enum pros_status status = address_check(options->address, address, failure);
    if (status != PROS_OK)
        return status;
    core_open();
    struct grpc_door *made = memory_new(1, sizeof *made);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&made->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&made->lock, NULL);
    made->host = host;
    atomic_store(&made->is_serving, true);
    made->stopped = (struct tag){on_stopped, made};
    made->max_receive_bytes =
        options->max_receive_bytes ? options->max_receive_bytes : DEFAULT_RECEIVE_BYTES;
    made->max_stall_us =
        options->max_stall_ms > 0 ? options->max_stall_ms * 1000 : DEFAULT_STALL_US;
    made->server = create_server(made->max_receive_bytes);
    open_queues(made, options->queue_count);
    status = add_methods(made, failure);
    if (status == PROS_OK)
        status = listen_at(made, address, failure);
    if (status != PROS_OK) {
        grpc_server_shutdown_and_notify(made->server, made->queues[0].core, &made->stopped);
        grpc_completion_queue_next(made->queues[0].core, gpr_inf_future(GPR_CLOCK_REALTIME), NULL);
        free_door(made);
        return status;
    }
    start_threads(made);
    *door = made;
    return PROS_OK;
}

int grpc_door_port(const struct grpc_door *door)
{
    return door->port;
}

/* ---- closing ---- */

static bool nothing_runs(const struct grpc_door *door)
{
    return atomic_load(&door->run_count) == 0;
}

static bool is_over(const struct grpc_door *door)
{
    return door->has_stopped && atomic_load(&door->call_count) == 0;
}

/* Waits until it is so, at most until that time. */
static bool wait_until(struct grpc_door *door, bool (*is_so)(const struct grpc_door *door),
                       int64_t end_us)
{
    struct timespec end = {end_us / 1000000, end_us % 1000000 * 1000};
    pthread_mutex_lock(&door->lock);
    while (!is_so(door) && pthread_cond_timedwait(&door->changed, &door->lock, &end) != ETIMEDOUT)
        ;
    bool so = is_so(door);
    pthread_mutex_unlock(&door->lock);
    return so;
}

static bool never(const struct grpc_door *door)
{
    (void)door;
    return false;
}

/* The core cancels calls that arrive while it shuts down; so calls are first refused in words of
 * ours, with a status that clients may retry, until those in flight are done. A busy client needs a
 * moment to hear it. */
static bool drain(struct grpc_door *door, int64_t end_us)
{
    int64_t start_us = clock_monotonic_us();
    health_stop(door);
    bool done = wait_until(door, nothing_runs, end_us);
    if (done && start_us - atomic_load(&door->last_run_us) < BUSY_US)
        wait_until(door, never, end_us < start_us + LINGER_US ? end_us : start_us + LINGER_US);
    return done && wait_until(door, nothing_runs, end_us);
}

void grpc_door_close(struct grpc_door *door, int64_t grace_ms)
{
    if (!door)
        return;
    int64_t end_us = clock_monotonic_us() + (grace_ms > 0 ? grace_ms * 1000 : 0);
    bool done = drain(door, end_us);
    grpc_server_shutdown_and_notify(door->server, door->queues[0].core, &door->stopped);
    int64_t soon_us = clock_monotonic_us() + IDLE_GRACE_US;
    if (!done || !wait_until(door, is_over, end_us < soon_us ? end_us : soon_us)) {
        if (!done)
            log_info("the gRPC door cancels %zu calls that are still running",
                     atomic_load(&door->run_count));
        grpc_server_cancel_all_calls(door->server);
        while (!wait_until(door, is_over, clock_monotonic_us() + IMPATIENCE_US))
            log_warning("the gRPC door still waits for %zu calls", atomic_load(&door->call_count));
    }
    free_door(door);
}
