/*
 * What every method of the host's own services works with.
 *
 * Why: a method reads the store, builds messages and may fail at each step; one small struct
 * carries run, store, memory and the reason of a failure, so that methods read as a list of steps.
 *
 * Memory: replies and what they point to live in work->arena until the reply has been packed into
 * the run's arena. A run over its budget is ended inside pros_alloc() by the host, so methods never
 * call it while they hold a lock, a batch or a read: the macros below do all of it at the edges.
 * A unary method's arena belongs to its thread and is emptied by the next call, even when a run was
 * ended in between; a streaming method's arena is its own, since calls may nest while it sends.
 * Threads: one work, one thread; services->writing orders everything that reads in order to write.
 * Errors: steps return a status and fill work->failure.
 */
#ifndef PROMOTEROS_SERVICES_WORK_H
#define PROMOTEROS_SERVICES_WORK_H

#include "base/arena.h"
#include "host/host.h"
#include "services/services.h"
#include "store/store.h"

#include <promoteros/typed.h>
#include <promoteros/v1/catalog.pb-c.h>
#include <promoteros/v1/common.pb-c.h>
#include <promoteros/v1/event_service.pb-c.h>
#include <pthread.h>

struct services {
    struct host *host;
    struct store *store;
    pthread_mutex_t writing; /* held from the first read of a change to its commit */
    atomic_bool stopping;    /* read by calls that wait */
};

struct work {
    struct pros_run *run;
    struct services *services;
    struct store *store;
    struct arena *arena;
    struct arena own_arena;   /* of a streaming method */
    struct pros_bytes packed; /* the request as it came */
    int64_t as_of_ms;         /* now, where the request has no as_of_time */
    struct failure failure;
};

void work_open(struct work *work, struct pros_run *run, struct pros_bytes packed, bool streams);
/* Tells the run why it failed, frees the arena and returns status. */
enum pros_status work_close(struct work *work, enum pros_status status);

/* Returns from the calling function unless the step went well. */
#define TRY(step)                                                                                  \
    do {                                                                                           \
        enum pros_status try_status_ = (step);                                                     \
        if (try_status_ != PROS_OK)                                                                \
            return try_status_;                                                                    \
    } while (0)

struct pros_bytes arena_pack(struct arena *arena, const ProtobufCMessage *message);
/* Unpacks, into an arena, what the store kept: DATA_LOSS when it cannot be read. */
enum pros_status stored_unpack(struct arena *arena, const ProtobufCMessageDescriptor *descriptor,
                               struct pros_bytes bytes, void *message, struct failure *failure);

/* Room for one more element behind count; the items move when they have to. */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size);

Google__Protobuf__Timestamp *timestamp_new(struct arena *arena, int64_t instant_ms);
/* 0 for NULL. */
int64_t timestamp_ms(const Google__Protobuf__Timestamp *timestamp);

/* Adds an event of the type about the subject; `event` brings its detail, NULL for none. */
void add_event(struct work *work, struct store_batch *batch, const char *type, const char *subject,
               Promoteros__V1__Event *event);

/*
 * A change with an idempotent answer: under services->writing, a request id that was answered
 * before gets that answer again; else `build` fills batch and response, which are committed
 * together. An empty request id is never remembered.
 */
typedef enum pros_status write_build(struct work *work, struct store_batch *batch,
                                     const void *request, void *response);
enum pros_status write_once(struct work *work, const char *request_id, const char *method,
                            const void *request, ProtobufCMessage *response, write_build *build);

/* Defines function_bytes() of a unary method
 *   enum pros_status function(struct work *, const Request *, Response *). */
#define SERVICE_METHOD(function, Request, request_prefix, Response, response_prefix)               \
    static enum pros_status function##_bytes(struct pros_run *run, struct pros_bytes bytes,        \
                                             struct pros_bytes *reply)                             \
    {                                                                                              \
        const Request *request =                                                                   \
            (const Request *)pros_read_request(run, &request_prefix##__descriptor, bytes);         \
        if (!request)                                                                              \
            return PROS_INVALID_ARGUMENT;                                                          \
        Response response;                                                                         \
        response_prefix##__init(&response);                                                        \
        struct work work;                                                                          \
        work_open(&work, run, bytes, false);                                                       \
        enum pros_status status = function(&work, request, &response);                             \
        if (status == PROS_OK)                                                                     \
            *reply = pros_pack(run, &response.base);                                               \
        return work_close(&work, status);                                                          \
    }

/* The same for a streaming method: enum pros_status function(struct work *, const Request *). */
#define SERVICE_STREAM(function, Request, request_prefix)                                          \
    static enum pros_status function##_streaming(struct pros_run *run, const Request *request)     \
    {                                                                                              \
        struct work work;                                                                          \
        work_open(&work, run, (struct pros_bytes){NULL, 0}, true);                                 \
        return work_close(&work, function(&work, request));                                        \
    }                                                                                              \
    PROS_TYPED_STREAM(function##_streaming, Request, request_prefix)

extern const struct pros_agent signal_service_table, catalog_service_table, ledger_service_table,
    trace_service_table, event_service_table, agent_service_table, access_service_table;

#endif
