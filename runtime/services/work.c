/* The edges of a method: where its memory and its failure come from and go to. */
#include "services/work.h"

#include "services/check.h"

#include <string.h>

/* Emptied by the next unary call on the thread: a run that the host ends inside pros_alloc() never
 * comes back to work_close(). */
static _Thread_local struct arena scratch;

void work_open(struct work *work, struct pros_run *run, struct pros_bytes packed, bool streams)
{
    memset(work, 0, sizeof *work);
    work->run = run;
    work->services = run->agent_state;
    work->store = work->services->store;
    work->packed = packed;
    work->as_of_ms = pros_as_of_ms(run);
    work->arena = streams ? &work->own_arena : &scratch;
    if (!streams)
        arena_close(&scratch);
    arena_open(work->arena, 0);
}

enum pros_status work_close(struct work *work, enum pros_status status)
{
    arena_close(work->arena);
    if (status == PROS_OK || !work->failure.sentence[0])
        return status; /* without a sentence the caller of emit() has gone */
    return work->run->host->fail(work->run, status, work->failure.reason, work->failure.sentence);
}

static void *allocate(void *arena, size_t size)
{
    return arena_alloc(arena, size);
}

static void keep(void *arena, void *memory)
{
    (void)arena;
    (void)memory;
}

struct pros_bytes arena_pack(struct arena *arena, const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *data = arena_alloc(arena, size ? size : 1);
    protobuf_c_message_pack(message, data);
    return (struct pros_bytes){data, size};
}

/* NULL when the bytes are not such a message. */
static ProtobufCMessage *arena_unpack(struct arena *arena,
                                      const ProtobufCMessageDescriptor *descriptor,
                                      struct pros_bytes bytes)
{
    ProtobufCAllocator allocator = {allocate, keep, arena};
    static const uint8_t nothing;
    return protobuf_c_message_unpack(descriptor, &allocator, bytes.size,
                                     bytes.size ? bytes.data : &nothing);
}

enum pros_status stored_unpack(struct arena *arena, const ProtobufCMessageDescriptor *descriptor,
                               struct pros_bytes bytes, void *message, struct failure *failure)
{
    ProtobufCMessage *unpacked = arena_unpack(arena, descriptor, bytes);
    if (!unpacked)
        return failure_set(failure, PROS_DATA_LOSS, "STORE_DAMAGED",
                           "A stored %s cannot be read; restore the store from a backup.",
                           descriptor->name);
    memcpy(message, &unpacked, sizeof unpacked);
    return PROS_OK;
}

void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    *capacity = *capacity ? 2 * *capacity : 16;
    void *grown = arena_alloc_array(arena, *capacity, size);
    if (count > 0)
        memcpy(grown, items, count * size);
    return grown;
}

Google__Protobuf__Timestamp *timestamp_new(struct arena *arena, int64_t instant_ms)
{
    Google__Protobuf__Timestamp *timestamp = arena_alloc(arena, sizeof *timestamp);
    google__protobuf__timestamp__init(timestamp);
    int64_t rest_ms = instant_ms % 1000;
    timestamp->seconds = instant_ms / 1000 - (rest_ms < 0);
    timestamp->nanos = (int32_t)((rest_ms < 0 ? rest_ms + 1000 : rest_ms) * 1000000);
    return timestamp;
}

int64_t timestamp_ms(const Google__Protobuf__Timestamp *timestamp)
{
    return timestamp ? timestamp->seconds * 1000 + timestamp->nanos / 1000000 : 0;
}

void add_event(struct work *work, struct store_batch *batch, const char *type, const char *subject,
               Promoteros__V1__Event *event)
{
    Promoteros__V1__Event plain = PROMOTEROS__V1__EVENT__INIT;
    Promoteros__V1__Event *full = event ? event : &plain;
    full->type = (char *)type;
    full->subject = (char *)subject;
    full->time = timestamp_new(work->arena, work->as_of_ms);
    struct store_event stored = {.time_ms = work->as_of_ms,
                                 .type = type,
                                 .trace_id = "",
                                 .subject = subject,
                                 .body = arena_pack(work->arena, &full->base)};
    store_add_event(batch, &stored);
}

static enum pros_status write_locked(struct work *work, const char *request_id, const char *method,
                                     const void *request, ProtobufCMessage *response,
                                     write_build *build)
{
    struct pros_bytes reply;
    enum pros_status status = PROS_NOT_FOUND;
    if (*request_id)
        status = store_find_request(work->store, request_id, method, work->arena, &reply,
                                    &work->failure);
    if (status == PROS_OK) {
        ProtobufCMessage *first = NULL;
        TRY(stored_unpack(work->arena, response->descriptor, reply, &first, &work->failure));
        memcpy(response, first, response->descriptor->sizeof_message);
        return PROS_OK;
    }
    if (status != PROS_NOT_FOUND)
        return status;
    struct store_batch *batch = store_batch_new();
    status = build(work, batch, request, response);
    if (status != PROS_OK) {
        store_batch_free(batch);
        return status;
    }
    if (*request_id)
        store_add_request(batch, request_id, method, arena_pack(work->arena, response));
    return store_commit(work->store, batch, NULL, &work->failure);
}

enum pros_status write_once(struct work *work, const char *request_id, const char *method,
                            const void *request, ProtobufCMessage *response, write_build *build)
{
    TRY(check_request_id(&work->failure, request_id, false));
    pthread_mutex_lock(&work->services->writing);
    enum pros_status status = write_locked(work, request_id, method, request, response, build);
    pthread_mutex_unlock(&work->services->writing);
    return status;
}
