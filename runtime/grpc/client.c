#include "grpc/client.h"

#include "base/memory.h"
#include "grpc/core.h"
#include "grpc/details.h"

#include <assert.h>
#include <grpc/byte_buffer.h>
#include <grpc/grpc_security.h>
#include <grpc/slice.h>
#include <grpc/support/alloc.h>
#include <grpc/support/time.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_RECEIVE_BYTES (64 << 20)
#define MAX_KEY_BYTES     1000

struct grpc_client {
    char *target;
    char *authorization; /* NULL: no key */
    grpc_channel *channel;
    grpc_completion_queue *queue;
};

/* One call; the addresses of its members are the tags. */
struct client_call {
    struct grpc_client *client;
    grpc_call *core;
    grpc_byte_buffer *request, *reply;
    grpc_metadata authorization;
    grpc_metadata_array headers, trailers;
    grpc_status_code status;
    grpc_slice sentence;
    bool status_came;
    unsigned pending_count;
    char all, message; /* tags */
};

static grpc_arg number(const char *key, int value)
{
    return (grpc_arg){GRPC_ARG_INTEGER, (char *)key, {.integer = value}};
}

struct grpc_client *grpc_client_open(const char *target)
{
    core_open();
    struct grpc_client *client = memory_new(1, sizeof *client);
    grpc_arg arguments[] = {
        number(GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, MAX_RECEIVE_BYTES),
        number(GRPC_ARG_ENABLE_HTTP_PROXY, 0),
        number(GRPC_ARG_ENABLE_RETRIES, 0),
        number(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200),
        /* Which is also how long connecting may take; a busy machine needs more than a moment. */
        number(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5000),
        number(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2000),
        /* A connection of its own, so that clients of one process do not wait for each other. */
        number(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1),
    };
    grpc_channel_args list = {sizeof arguments / sizeof *arguments, arguments};
    grpc_channel_credentials *credentials = grpc_insecure_credentials_create();
    client->target = memory_copy_string(target);
    client->channel = grpc_channel_create(target, credentials, &list);
    client->queue = grpc_completion_queue_create_for_next(NULL);
    grpc_channel_credentials_release(credentials);
    return client;
}

bool grpc_client_set_key(struct grpc_client *client, const char *key)
{
    size_t size = key ? strlen(key) : 0;
    char *value = NULL;
    for (size_t i = 0; i < size; i++)
        if (key[i] <= 0x20 || key[i] >= 0x7F || size > MAX_KEY_BYTES)
            return false;
    if (key) {
        value = memory_new(size + sizeof "Bearer ", 1);
        snprintf(value, size + sizeof "Bearer ", "Bearer %s", key);
    }
    free(client->authorization);
    client->authorization = value;
    return true;
}

void grpc_client_close(struct grpc_client *client)
{
    if (!client)
        return;
    grpc_channel_destroy(client->channel);
    grpc_completion_queue_shutdown(client->queue);
    while (
        grpc_completion_queue_next(client->queue, gpr_inf_future(GPR_CLOCK_REALTIME), NULL).type !=
        GRPC_QUEUE_SHUTDOWN)
        ;
    grpc_completion_queue_destroy(client->queue);
    free(client->authorization);
    free(client->target);
    free(client);
    core_close();
}

/* ---- one call ---- */

static void start_batch(struct client_call *call, const grpc_op *operations, size_t count,
                        void *tag)
{
    call->pending_count++;
    grpc_call_error error = grpc_call_start_batch(call->core, operations, count, tag, NULL);
    assert(error == GRPC_CALL_OK);
    (void)error;
}

static void open_call(struct client_call *call, struct grpc_client *client, const char *method,
                      struct pros_bytes request, int64_t timeout_ms)
{
    gpr_timespec deadline = gpr_inf_future(GPR_CLOCK_MONOTONIC);
    if (timeout_ms > 0)
        deadline = gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                                gpr_time_from_millis(timeout_ms, GPR_TIMESPAN));
    char path[256];
    snprintf(path, sizeof path, "/%s", method);
    grpc_slice path_slice = grpc_slice_from_copied_string(path);
    *call = (struct client_call){.client = client, .status = GRPC_STATUS_UNKNOWN};
    call->core = grpc_channel_create_call(client->channel, NULL, GRPC_PROPAGATE_DEFAULTS,
                                          client->queue, path_slice, NULL, deadline, NULL);
    grpc_slice_unref(path_slice);
    call->request = core_buffer(request);
    call->sentence = grpc_empty_slice();
    call->authorization.value = grpc_empty_slice();
    grpc_metadata_array_init(&call->headers);
    grpc_metadata_array_init(&call->trailers);
}

static void send_request(struct client_call *call)
{
    grpc_op operations[] = {
        {.op = GRPC_OP_SEND_INITIAL_METADATA},
        {.op = GRPC_OP_SEND_MESSAGE, .data.send_message.send_message = call->request},
        {.op = GRPC_OP_SEND_CLOSE_FROM_CLIENT},
        {.op = GRPC_OP_RECV_INITIAL_METADATA,
         .data.recv_initial_metadata.recv_initial_metadata = &call->headers},
        {.op = GRPC_OP_RECV_STATUS_ON_CLIENT,
         .data.recv_status_on_client = {&call->trailers, &call->status, &call->sentence, NULL}},
    };
    if (call->client->authorization) {
        call->authorization.key = grpc_slice_from_static_string("authorization");
        call->authorization.value = grpc_slice_from_copied_string(call->client->authorization);
        operations[0].data.send_initial_metadata.count = 1;
        operations[0].data.send_initial_metadata.metadata = &call->authorization;
    }
    start_batch(call, operations, sizeof operations / sizeof *operations, &call->all);
}

static void receive(struct client_call *call)
{
    grpc_op operation = {.op = GRPC_OP_RECV_MESSAGE,
                         .data.recv_message.recv_message = &call->reply};
    start_batch(call, &operation, 1, &call->message);
}

/* Waits for one of the call's tags. */
static void *wait_for_tag(struct client_call *call)
{
    grpc_event event =
        grpc_completion_queue_next(call->client->queue, gpr_inf_future(GPR_CLOCK_REALTIME), NULL);
    call->pending_count--;
    if (event.tag == &call->all)
        call->status_came = true;
    return event.tag;
}

/* The next reply, or NULL when there are no more; the caller destroys it. */
static grpc_byte_buffer *next_reply(struct client_call *call)
{
    call->reply = NULL;
    receive(call);
    while (wait_for_tag(call) != &call->message)
        ;
    return call->reply;
}

static bool take_details(const struct client_call *call, struct failure *failure)
{
    for (size_t i = 0; i < call->trailers.count; i++) {
        const grpc_metadata *entry = &call->trailers.metadata[i];
        if (grpc_slice_str_cmp(entry->key, DETAILS_KEY) == 0)
            return details_parse((struct pros_bytes){GRPC_SLICE_START_PTR(entry->value),
                                                     GRPC_SLICE_LENGTH(entry->value)},
                                 failure);
    }
    return false;
}

/* What the core itself says (no connection, deadline) in words of ours. */
static enum pros_status explain(const struct client_call *call, struct failure *failure)
{
    char *text = grpc_slice_to_c_string(call->sentence);
    enum pros_status status = (enum pros_status)call->status;
    if (status == PROS_UNAVAILABLE)
        failure_set(failure, status, "NO_SERVER",
                    "promoterosd does not answer at %s (%.200s). Start it with script/server or "
                    "promoterosd, or name another address.",
                    call->client->target, text);
    else if (status == PROS_DEADLINE_EXCEEDED)
        failure_set(failure, status, "DEADLINE_EXCEEDED",
                    "The server at %s took too long to answer; try again with a longer time limit.",
                    call->client->target);
    else
        failure_set(failure, status, status_name(status), "%.900s",
                    text[0] ? text : "The server gave no reason.");
    gpr_free(text);
    return status;
}

static enum pros_status close_call(struct client_call *call, struct failure *failure)
{
    while (call->pending_count)
        wait_for_tag(call);
    assert(call->status_came);
    struct failure own;
    enum pros_status status = (enum pros_status)call->status;
    if (status != PROS_OK && take_details(call, failure ? failure : &own)) {
        if (failure)
            failure->code = status;
    } else if (status != PROS_OK) {
        explain(call, failure);
    }
    grpc_metadata_array_destroy(&call->headers);
    grpc_metadata_array_destroy(&call->trailers);
    grpc_slice_unref(call->sentence);
    grpc_slice_unref(call->authorization.value);
    grpc_byte_buffer_destroy(call->request);
    grpc_call_unref(call->core);
    return status;
}

/* ---- the two kinds ---- */

enum pros_status grpc_client_call(struct grpc_client *client, const char *method,
                                  struct pros_bytes request, int64_t timeout_ms,
                                  struct buffer *reply, struct failure *failure)
{
    struct client_call call;
    open_call(&call, client, method, request, timeout_ms);
    send_request(&call);
    grpc_byte_buffer *message = next_reply(&call);
    enum pros_status status = close_call(&call, failure);
    if (message) {
        grpc_slice joined;
        struct pros_bytes bytes = core_bytes(message, &joined);
        buffer_clear(reply);
        if (status == PROS_OK && !buffer_add(reply, bytes.data, bytes.size))
            status = failure_set(failure, PROS_RESOURCE_EXHAUSTED, "REPLY_TOO_LARGE",
                                 "The reply has %zu bytes, more than the %zu that are taken; ask "
                                 "for less at once.",
                                 bytes.size, reply->max_bytes);
        grpc_slice_unref(joined);
        grpc_byte_buffer_destroy(message);
    } else if (status == PROS_OK) {
        status = failure_set(failure, PROS_INTERNAL, "NO_REPLY", "The server sent no reply to %s.",
                             method);
    }
    return status;
}

enum pros_status grpc_client_stream(struct grpc_client *client, const char *method,
                                    struct pros_bytes request, int64_t timeout_ms,
                                    enum pros_status (*on_reply)(void *context,
                                                                 struct pros_bytes reply),
                                    void *context, struct failure *failure)
{
    struct client_call call;
    enum pros_status stopped = PROS_OK;
    grpc_byte_buffer *message;
    open_call(&call, client, method, request, timeout_ms);
    send_request(&call);
    while (stopped == PROS_OK && (message = next_reply(&call))) {
        grpc_slice joined;
        stopped = on_reply(context, core_bytes(message, &joined));
        grpc_slice_unref(joined);
        grpc_byte_buffer_destroy(message);
    }
    if (stopped != PROS_OK)
        grpc_call_cancel(call.core, NULL);
    enum pros_status status = close_call(&call, stopped == PROS_OK ? failure : NULL);
    return stopped != PROS_OK ? stopped : status;
}
