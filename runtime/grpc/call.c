#include "grpc/call.h"

#include "base/memory.h"
#include "grpc/details.h"
#include "grpc/door.h"

#include <assert.h>
#include <grpc/byte_buffer.h>
#include <grpc/slice.h>
#include <stdlib.h>
#include <string.h>

static void start_batch(struct call *call, const grpc_op *operations, size_t count, struct tag *tag)
{
    call->pending_count++;
    grpc_call_error error = grpc_call_start_batch(call->core, operations, count, tag, NULL);
    assert(error == GRPC_CALL_OK);
    (void)error;
}

static void free_call(struct call *call)
{
    struct door_queue *queue = call->queue;
    const struct door_method *method = call->method;
    size_t payload_bytes = call->request.size;
    if (call->handler->freed)
        call->handler->freed(call);
    grpc_slice_unref(call->joined_payload);
    grpc_slice_unref(call->details.value);
    if (call->payload)
        grpc_byte_buffer_destroy(call->payload);
    grpc_call_unref(call->core);
    pthread_mutex_destroy(&call->lock);
    free(call);
    door_release_call(queue, method, payload_bytes);
}

/* At the end of each event. */
static void settle(struct call *call)
{
    if (call->pending_count || !call->is_finished)
        return;
    pthread_mutex_lock(&call->lock);
    bool wake_pending = call->wake_pending;
    pthread_mutex_unlock(&call->lock);
    if (!wake_pending)
        free_call(call);
}

/* ---- completions ---- */

static void on_wake(void *owner, bool ok)
{
    struct call *call = owner;
    (void)ok;
    pthread_mutex_lock(&call->lock);
    call->wake_pending = false;
    pthread_mutex_unlock(&call->lock);
    if (!call->is_finished && call->handler->woken)
        call->handler->woken(call);
    settle(call);
}

static void on_close(void *owner, bool ok)
{
    struct call *call = owner;
    (void)ok;
    call->pending_count--;
    call->is_gone = true;
    if (call->cancelled && !call->is_finished && call->handler->gone)
        call->handler->gone(call);
    settle(call);
}

static void on_headers(void *owner, bool ok)
{
    struct call *call = owner;
    (void)ok;
    call->pending_count--;
    settle(call);
}

static void on_send(void *owner, bool ok)
{
    struct call *call = owner;
    (void)ok;
    call->pending_count--;
    grpc_byte_buffer_destroy(call->sending);
    call->sending = NULL;
    call->is_sending = false;
    if (!call->is_finished && call->handler->sent)
        call->handler->sent(call);
    settle(call);
}

static void on_receive(void *owner, bool ok)
{
    struct call *call = owner;
    grpc_byte_buffer *buffer = call->receiving;
    call->pending_count--;
    call->receiving = NULL;
    grpc_slice joined = grpc_empty_slice();
    struct pros_bytes bytes = {NULL, 0};
    bool more = ok && buffer;
    if (more)
        bytes = core_bytes(buffer, &joined);
    if (!call->is_finished)
        call->handler->received(call, bytes, more);
    grpc_slice_unref(joined);
    if (buffer)
        grpc_byte_buffer_destroy(buffer);
    settle(call);
}

static void on_finish(void *owner, bool ok)
{
    struct call *call = owner;
    (void)ok;
    call->pending_count--;
    if (call->sending)
        grpc_byte_buffer_destroy(call->sending);
    call->sending = NULL;
    settle(call);
}

/* ---- operations ---- */

struct call *call_new(const struct call_handler *handler, const struct door_method *method,
                      struct door_queue *queue, grpc_call *core, grpc_byte_buffer *payload)
{
    struct call *call = memory_new(1, handler->call_size);
    call->handler = handler;
    call->method = method;
    call->queue = queue;
    call->core = core;
    call->payload = payload;
    call->joined_payload = grpc_empty_slice();
    call->details.key = grpc_slice_from_static_string(DETAILS_KEY);
    call->details.value = grpc_empty_slice();
    call->has_request = payload != NULL;
    if (payload)
        call->request = core_bytes(payload, &call->joined_payload);
    call->wake = (struct tag){on_wake, call};
    call->close = (struct tag){on_close, call};
    call->headers = (struct tag){on_headers, call};
    call->send = (struct tag){on_send, call};
    call->receive = (struct tag){on_receive, call};
    call->finish = (struct tag){on_finish, call};
    pthread_mutex_init(&call->lock, NULL);
    return call;
}

static grpc_op close_operation(struct call *call)
{
    call->watches_close = true;
    return (grpc_op){.op = GRPC_OP_RECV_CLOSE_ON_SERVER,
                     .data.recv_close_on_server.cancelled = &call->cancelled};
}

void call_watch_close(struct call *call)
{
    grpc_op operation = close_operation(call);
    start_batch(call, &operation, 1, &call->close);
}

void call_send_headers(struct call *call)
{
    grpc_op operation = {.op = GRPC_OP_SEND_INITIAL_METADATA};
    call->headers_sent = true;
    start_batch(call, &operation, 1, &call->headers);
}

void call_send(struct call *call, grpc_byte_buffer *message, bool hint)
{
    grpc_op operations[2] = {{.op = GRPC_OP_SEND_INITIAL_METADATA}, {.op = GRPC_OP_SEND_MESSAGE}};
    assert(!call->is_sending);
    operations[1].data.send_message.send_message = message;
    /* A hint in the batch that carries the headers too deadlocks the core. */
    if (hint && call->headers_sent)
        operations[1].flags = GRPC_WRITE_BUFFER_HINT;
    size_t skip = call->headers_sent ? 1 : 0;
    call->headers_sent = call->is_sending = true;
    call->sending = message;
    start_batch(call, operations + skip, 2 - skip, &call->send);
}

void call_receive(struct call *call)
{
    grpc_op operation = {.op = GRPC_OP_RECV_MESSAGE,
                         .data.recv_message.recv_message = &call->receiving};
    start_batch(call, &operation, 1, &call->receive);
}

/* The status, its sentence and its details; the sentence is needed only while the batch starts. */
static grpc_op status_operation(struct call *call, enum pros_status status,
                                const struct failure *failure, grpc_slice *sentence)
{
    grpc_op operation = {.op = GRPC_OP_SEND_STATUS_FROM_SERVER};
    operation.data.send_status_from_server.status = (grpc_status_code)status;
    if (status == PROS_OK)
        return operation;
    struct failure complete = failure ? *failure : (struct failure){0};
    complete.code = status;
    if (!complete.sentence[0])
        failure_set(&complete, status, complete.reason[0] ? "" : status_name(status),
                    "The call ended with %s.", status_name(status));
    struct buffer packed;
    buffer_open(&packed, DETAILS_MAX_BYTES);
    details_pack(&complete, &packed);
    if (packed.data)
        call->details.value = grpc_slice_from_copied_buffer(packed.data, packed.size);
    buffer_close(&packed);
    *sentence = grpc_slice_from_copied_string(complete.sentence);
    operation.data.send_status_from_server.status_details = sentence;
    operation.data.send_status_from_server.trailing_metadata = &call->details;
    operation.data.send_status_from_server.trailing_metadata_count = 1;
    return operation;
}

void call_finish(struct call *call, enum pros_status status, const struct failure *failure,
                 grpc_byte_buffer *message)
{
    grpc_op operations[4];
    size_t count = 0;
    grpc_slice sentence = grpc_empty_slice();
    assert(!call->is_finished && !call->is_sending);
    call->is_finished = true;
    if (!call->headers_sent)
        operations[count++] = (grpc_op){.op = GRPC_OP_SEND_INITIAL_METADATA};
    if (message) {
        call->sending = message;
        operations[count++] =
            (grpc_op){.op = GRPC_OP_SEND_MESSAGE, .data.send_message.send_message = message};
    }
    operations[count++] = status_operation(call, status, failure, &sentence);
    if (!call->watches_close)
        operations[count++] = close_operation(call);
    start_batch(call, operations, count, &call->finish);
    grpc_slice_unref(sentence);
}

void call_wake_locked(struct call *call)
{
    if (call->wake_pending)
        return;
    call->wake_pending = true;
    /* An empty batch comes back on the call's queue at once; it may be started from any thread. */
    grpc_call_error error = grpc_call_start_batch(call->core, NULL, 0, &call->wake, NULL);
    assert(error == GRPC_CALL_OK);
    (void)error;
}
