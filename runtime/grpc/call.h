/*
 * One call, as a state machine on its completion queue.
 *
 * Why: the C core reports each operation by a tag, in any order, and a call may only be freed when
 * nothing is pending. That bookkeeping is here, once; what a method does is a handler's business.
 *
 * Memory: a call is made when it is accepted and frees itself when it was finished and no operation
 * is pending. Threads: everything on the queue's thread, but for call_wake_locked(), which other
 * threads call with the call's lock held. Errors: the core's operations fail only for calls that
 * are over; they end all the same.
 */
#ifndef PROMOTEROS_GRPC_CALL_H
#define PROMOTEROS_GRPC_CALL_H

#include "base/failure.h"
#include "grpc/core.h"

#include <pthread.h>
#include <stdbool.h>

struct call;
struct door_queue;
struct door_method;

/* What an operation's completion calls. */
struct tag {
    void (*fire)(void *owner, bool ok);
    void *owner;
};

/* Every function may be NULL but start. A handler ends each call with call_finish(), once. */
struct call_handler {
    size_t call_size; /* of the struct that starts with a struct call */
    void (*start)(struct call *call);
    void (*woken)(struct call *call); /* after call_wake_locked() */
    void (*sent)(struct call *call);  /* the message of call_send() has left */
    /* After call_receive(): more is false when the caller sends no more or has gone. */
    void (*received)(struct call *call, struct pros_bytes message, bool more);
    void (*gone)(struct call *call); /* the caller cancelled, or the deadline has passed */
    void (*freed)(struct call *call);
};

struct call {
    const struct call_handler *handler;
    const struct door_method *method; /* NULL for a path that nobody serves */
    struct door_queue *queue;
    grpc_call *core;
    grpc_byte_buffer *payload;
    grpc_slice joined_payload;
    struct pros_bytes request;
    bool has_request;
    int64_t deadline_us; /* on clock_monotonic_us(); 0: none */
    char path[128];      /* of a path that nobody serves */

    struct tag wake, close, headers, send, receive, finish;
    unsigned pending_count;
    int cancelled; /* filled by the core */
    bool watches_close, is_gone, headers_sent, is_sending, is_finished;
    grpc_byte_buffer *sending, *receiving;
    grpc_metadata details;

    pthread_mutex_t lock; /* for wake_pending, and what the handler shares with other threads */
    bool wake_pending;
};

/* Takes over core and payload (which may be NULL). */
struct call *call_new(const struct call_handler *handler, const struct door_method *method,
                      struct door_queue *queue, grpc_call *core, grpc_byte_buffer *payload);
/* Lets the handler hear of cancellation; call_finish() does it otherwise. */
void call_watch_close(struct call *call);
void call_send_headers(struct call *call);
/* Takes over message; one at a time. hint: another one follows at once, so it need not be flushed.
 */
void call_send(struct call *call, grpc_byte_buffer *message, bool hint);
void call_receive(struct call *call);
/* Sends the status, and before it the message, if any, which it takes over. */
void call_finish(struct call *call, enum pros_status status, const struct failure *failure,
                 grpc_byte_buffer *message);
/* Makes the handler's woken() run on the queue's thread. */
void call_wake_locked(struct call *call);

#endif
