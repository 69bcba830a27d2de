/*
 * What the parts of the gRPC door share.
 *
 * Why: each kind of method (the host's, health, reflection) is a file with one handler; they meet
 * here.
 *
 * Memory: the door owns its queues, slots and methods. Threads: as in grpc/server.h. Errors: none.
 */
#ifndef PROMOTEROS_GRPC_DOOR_H
#define PROMOTEROS_GRPC_DOOR_H

#include "grpc/call.h"
#include "grpc/server.h"

#include <stdatomic.h>

struct watch_call;

struct door_method {
    const char *path; /* "/promoteros.v1.S/M", as the core wants it */
    const struct schema_method *schema;
    const struct host_method *host; /* NULL for health and reflection */
    const struct call_handler *handler;
    void *registered;
};

/* A request to the core for the next call of one method; the generic one has no method. */
struct door_slot {
    struct tag tag;
    struct door_queue *queue;
    const struct door_method *method;
    grpc_call *core;
    gpr_timespec deadline;
    grpc_metadata_array metadata;
    grpc_byte_buffer *payload;
    grpc_call_details details;
};

struct door_queue {
    struct grpc_door *door;
    grpc_completion_queue *core;
    pthread_t thread;
    struct door_slot *slots;
    size_t slot_count;
};

struct grpc_door {
    struct host *host;
    grpc_server *server;
    int port;
    size_t max_receive_bytes;
    int64_t max_stall_us;
    struct door_method *methods;
    size_t method_count;
    struct door_queue queues[4];
    unsigned queue_count, thread_count;
    struct tag stopped; /* the server has shut down */

    atomic_size_t call_count, payload_bytes; /* of calls that are open */
    atomic_size_t run_count;                 /* of those, calls of the host's methods */
    atomic_llong last_run_us;                /* when the last of them came */
    atomic_bool is_serving;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool has_stopped;
    struct watch_call *watches; /* callers of Health.Watch, to be woken */
};

extern const struct call_handler host_call_handler, unknown_call_handler, check_call_handler,
    watch_call_handler, reflection_call_handler;

/* A call was freed. [queue thread] */
void door_release_call(struct door_queue *queue, const struct door_method *method,
                       size_t payload_bytes);
/* Whether a service of this full name is served. */
bool door_serves(const struct grpc_door *door, const char *service, size_t size);
/* Ends the answers of Health.Watch with NOT_SERVING. */
void health_stop(struct grpc_door *door);

#endif
