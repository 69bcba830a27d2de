/* Calls of the host's methods: scanned here, run on the host's pool, answered here. */
#include "grpc/door.h"

#include "base/clock.h"
#include "json/wire.h"

#include <errno.h>
#include <grpc/byte_buffer.h>
#include <stddef.h>
#include <time.h>

#define QUEUE_LENGTH     16
#define QUEUE_MAX_BYTES  ((size_t)256 * 1024)
#define FLUSH_EACH_COUNT 16
#define ENDLESS_US       INT64_C(31536000000000) /* a year */

struct host_door_call {
    struct call call;
    struct host_call host;
    unsigned hinted_count;
    /* shared with the pool, under call.lock */
    pthread_cond_t room;
    grpc_byte_buffer *queue[QUEUE_LENGTH]; /* replies of a stream on their way */
    unsigned queue_first, queue_count;
    size_t queue_bytes;
    bool reader_gone, is_done;
    enum pros_status status;
    struct failure failure;
    grpc_byte_buffer *reply;
};

static struct host_door_call *of_call(struct call *call)
{
    return (struct host_door_call *)call;
}

static struct host_door_call *of_host(struct host_call *host)
{
    return (struct host_door_call *)((char *)host - offsetof(struct host_door_call, host));
}

/* ---- on the pool's threads ---- */

static bool queue_is_full(const struct host_door_call *it)
{
    return it->queue_count == QUEUE_LENGTH ||
           (it->queue_count && it->queue_bytes >= QUEUE_MAX_BYTES);
}

/* Waits, with the lock held, until there is room, the reader has gone, or it has not read for too
 * long; until then it holds a thread of the pool. */
static enum pros_status wait_for_room(struct host_door_call *it)
{
    int64_t end_us = clock_monotonic_us() + it->call.queue->door->max_stall_us;
    if (it->host.deadline_us < end_us)
        end_us = it->host.deadline_us;
    struct timespec end = {end_us / 1000000, end_us % 1000000 * 1000};
    int waited = 0;
    while (queue_is_full(it) && !it->reader_gone && waited != ETIMEDOUT)
        waited = pthread_cond_timedwait(&it->room, &it->call.lock, &end);
    return it->reader_gone ? PROS_CANCELLED : queue_is_full(it) ? PROS_DEADLINE_EXCEEDED : PROS_OK;
}

static enum pros_status emit(struct host_call *host, struct pros_bytes reply)
{
    struct host_door_call *it = of_host(host);
    grpc_byte_buffer *message = core_buffer(reply);
    pthread_mutex_lock(&it->call.lock);
    enum pros_status status = wait_for_room(it);
    if (status == PROS_OK) {
        it->queue[(it->queue_first + it->queue_count++) % QUEUE_LENGTH] = message;
        it->queue_bytes += reply.size;
        call_wake_locked(&it->call);
    }
    pthread_mutex_unlock(&it->call.lock);
    if (status != PROS_OK)
        grpc_byte_buffer_destroy(message);
    /* What is on its way will not be read either, so the status could not follow it. */
    if (status == PROS_DEADLINE_EXCEEDED)
        grpc_call_cancel_with_status(it->call.core, GRPC_STATUS_DEADLINE_EXCEEDED,
                                     "The stream was not read for too long; read faster, or ask "
                                     "for less.",
                                     NULL);
    return status;
}

static void done(struct host_call *host, enum pros_status status, const struct failure *failure,
                 struct pros_bytes reply)
{
    struct host_door_call *it = of_host(host);
    grpc_byte_buffer *message = NULL;
    if (status == PROS_OK && !host->method->schema->server_streaming)
        message = core_buffer(reply);
    pthread_mutex_lock(&it->call.lock);
    it->is_done = true;
    it->status = status;
    if (failure)
        it->failure = *failure;
    it->reply = message;
    call_wake_locked(&it->call);
    pthread_mutex_unlock(&it->call.lock);
}

/* ---- on the queue's thread ---- */

static grpc_byte_buffer *take_reply(struct host_door_call *it, bool *more)
{
    grpc_byte_buffer *message = it->queue[it->queue_first];
    it->queue_first = (it->queue_first + 1) % QUEUE_LENGTH;
    it->queue_count--;
    it->queue_bytes -= grpc_byte_buffer_length(message);
    *more = it->queue_count != 0;
    pthread_cond_signal(&it->room);
    return message;
}

/* Sends what is next: a reply of the stream, or the end. */
static void advance(struct call *call)
{
    struct host_door_call *it = of_call(call);
    grpc_byte_buffer *message = NULL;
    bool more = false;
    if (call->is_sending)
        return;
    pthread_mutex_lock(&call->lock);
    if (it->queue_count)
        message = take_reply(it, &more);
    bool is_done = it->is_done;
    pthread_mutex_unlock(&call->lock);
    if (message) {
        call_send(call, message, more && ++it->hinted_count % FLUSH_EACH_COUNT != 0);
    } else if (is_done) {
        message = it->reply;
        it->reply = NULL;
        call_finish(call, it->status, &it->failure, message);
    }
}

static void drop_queue(struct host_door_call *it)
{
    bool more;
    while (it->queue_count)
        grpc_byte_buffer_destroy(take_reply(it, &more));
}

static void gone(struct call *call)
{
    struct host_door_call *it = of_call(call);
    atomic_store(&it->host.cancelled, true);
    pthread_mutex_lock(&call->lock);
    it->reader_gone = true;
    drop_queue(it);
    pthread_cond_broadcast(&it->room);
    pthread_mutex_unlock(&call->lock);
}

static void prepare(struct host_door_call *it)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&it->room, &monotonic);
    pthread_condattr_destroy(&monotonic);
    it->host.method = it->call.method->host;
    it->host.request = it->call.request;
    it->host.deadline_us = it->call.deadline_us;
    /* A stream without a deadline is as long as its reader likes. */
    if (it->host.deadline_us == 0 && it->call.method->schema->server_streaming)
        it->host.deadline_us = clock_monotonic_us() + ENDLESS_US;
    atomic_init(&it->host.cancelled, false);
    it->host.emit = emit;
    it->host.done = done;
}

static void start(struct call *call)
{
    struct host_door_call *it = of_call(call);
    const struct schema_method *schema = call->method->schema;
    struct failure failure = {0};
    enum pros_status status = PROS_OK;
    prepare(it);
    if (!call->has_request)
        status = failure_set(&failure, PROS_INVALID_ARGUMENT, "NO_MESSAGE",
                             "The call carries no readable %s message; send exactly one.",
                             schema->input->full_name);
    if (status == PROS_OK)
        status = wire_scan(schema->input, call->request, NULL, &failure);
    if (status != PROS_OK) {
        call_finish(call, status, &failure, NULL);
        return;
    }
    /* How a deadline and a cancellation arrive, so it must be there before the run. */
    call_watch_close(call);
    status = host_submit(call->queue->door->host, &it->host, &failure);
    if (status != PROS_OK)
        call_finish(call, status, &failure, NULL);
    else if (schema->server_streaming)
        call_send_headers(call);
}

static void freed(struct call *call)
{
    struct host_door_call *it = of_call(call);
    drop_queue(it);
    if (it->reply)
        grpc_byte_buffer_destroy(it->reply);
    pthread_cond_destroy(&it->room);
}

const struct call_handler host_call_handler = {
    .call_size = sizeof(struct host_door_call),
    .start = start,
    .woken = advance,
    .sent = advance,
    .gone = gone,
    .freed = freed,
};
