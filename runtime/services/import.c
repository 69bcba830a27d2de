/* What all imports share: begin, append, commit, abort. */
#include "services/import.h"

#include "base/id.h"
#include "services/check.h"

#include <string.h>

static bool same_bytes(struct pros_bytes a, struct pros_bytes b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static enum pros_status begin_locked(struct work *work, int kind, const char *request_id,
                                     struct store_import *import)
{
    struct failure unknown = {0};
    enum pros_status status =
        store_get_import(work->store, NULL, request_id, work->arena, import, &unknown);
    if (status == PROS_OK) {
        if ((int)import->kind != kind || !same_bytes(import->begin, work->packed))
            return failure_set(&work->failure, PROS_ALREADY_EXISTS, "REQUEST_ID_USED",
                               "request_id belongs to an import with other options; repeat those, "
                               "or choose a new id.");
        return PROS_OK;
    }
    if (status != PROS_NOT_FOUND) {
        work->failure = unknown;
        return status;
    }
    char *id = arena_alloc(work->arena, ID_TEXT_SIZE);
    id_new("im", id);
    memset(import, 0, sizeof *import);
    import->id = id;
    import->request_id = request_id;
    import->kind = kind;
    import->state = IMPORT_OPEN;
    import->begin = work->packed;
    struct store_batch *batch = store_batch_new();
    store_add_import(batch, import);
    return store_commit(work->store, batch, NULL, &work->failure);
}

enum pros_status import_begin(struct work *work, int kind, const char *request_id,
                              struct store_import *import)
{
    pthread_mutex_lock(&work->services->writing);
    enum pros_status status = begin_locked(work, kind, request_id, import);
    pthread_mutex_unlock(&work->services->writing);
    return status;
}

static enum pros_status get(struct work *work, int kind, const char *import_id,
                            struct store_import *import)
{
    TRY(check_record_id(&work->failure, "", "import_id", import_id, "im", true));
    enum pros_status status =
        store_get_import(work->store, import_id, NULL, work->arena, import, &work->failure);
    if (status == PROS_NOT_FOUND || (status == PROS_OK && (int)import->kind != kind))
        return failure_set(&work->failure, PROS_NOT_FOUND, "UNKNOWN_IMPORT",
                           "There is no such import as \"%s\"; it may have been aborted. Begin a "
                           "new one.",
                           import_id);
    return status;
}

static enum pros_status refuse_committed(struct work *work, const struct store_import *import)
{
    if (import->state == IMPORT_COMMITTED)
        return failure_set(&work->failure, PROS_FAILED_PRECONDITION, "IMPORT_COMMITTED",
                           "Import \"%s\" is committed already; begin a new one with a new "
                           "request_id.",
                           import->id);
    return PROS_OK;
}

/* ---- append ---- */

static enum pros_status append_locked(struct work *work, int kind, const char *import_id,
                                      int64_t chunk_index, int64_t item_count,
                                      int64_t *staged_count)
{
    struct store_import import;
    TRY(get(work, kind, import_id, &import));
    TRY(refuse_committed(work, &import));
    *staged_count = import.item_count;
    if (chunk_index > import.chunk_count)
        return failure_set(&work->failure, PROS_INVALID_ARGUMENT, "CHUNK_OUT_OF_ORDER",
                           "chunk_index is %lld, but chunk %lld is next; send chunks in order.",
                           (long long)chunk_index, (long long)import.chunk_count);
    bool is_new = chunk_index == import.chunk_count;
    int64_t bound = kind == IMPORT_SIGNALS ? IMPORT_POINTS_MAX : IMPORT_SHOWS_MAX;
    if (is_new && item_count > bound - import.item_count)
        return failure_set(&work->failure, PROS_INVALID_ARGUMENT, "TOO_MANY",
                           "An import may hold %lld elements; commit this one and begin another "
                           "for the rest.",
                           (long long)bound);
    struct store_batch *batch = store_batch_new();
    /* One that is there already is compared by the store, and refused when it differs. */
    store_add_import_chunk(batch, import.id, chunk_index, item_count, work->packed);
    *staged_count += is_new ? item_count : 0;
    return store_commit(work->store, batch, NULL, &work->failure);
}

enum pros_status import_append(struct work *work, int kind, const char *import_id,
                               int64_t chunk_index, int64_t item_count, int64_t *staged_count)
{
    if (chunk_index < 0)
        return failure_set(&work->failure, PROS_INVALID_ARGUMENT, "NEGATIVE_COUNT",
                           "chunk_index is %lld; the first chunk is 0.", (long long)chunk_index);
    pthread_mutex_lock(&work->services->writing);
    enum pros_status status =
        append_locked(work, kind, import_id, chunk_index, item_count, staged_count);
    pthread_mutex_unlock(&work->services->writing);
    return status;
}

/* ---- abort ---- */

static enum pros_status abort_locked(struct work *work, int kind, const char *import_id)
{
    struct store_import import;
    TRY(get(work, kind, import_id, &import));
    TRY(refuse_committed(work, &import));
    struct store_batch *batch = store_batch_new();
    store_drop_import(batch, import.id);
    return store_commit(work->store, batch, NULL, &work->failure);
}

enum pros_status import_abort(struct work *work, int kind, const char *import_id)
{
    pthread_mutex_lock(&work->services->writing);
    enum pros_status status = abort_locked(work, kind, import_id);
    pthread_mutex_unlock(&work->services->writing);
    return status;
}

/* ---- commit ---- */

struct chunk_list {
    struct arena *arena;
    struct import_chunk *chunks;
    size_t count, capacity;
};

static enum pros_status keep_chunk(void *context, int64_t chunk_index, struct pros_bytes body)
{
    struct chunk_list *list = context;
    if (list->count == list->capacity)
        return PROS_INTERNAL; /* more chunks than the import says */
    list->chunks[list->count++] = (struct import_chunk){
        chunk_index, {arena_copy(list->arena, body.data, body.size), body.size}};
    return PROS_OK;
}

/* Where the summary is remembered once its commit sequence is known. */
#define COMMIT_METHOD "import summary"

static const char *summary_request(struct work *work, const struct store_import *import)
{
    return arena_format(work->arena, "import/%s/summary", import->id);
}

/* The batch becomes durable with its summary and event; the sequence is known only afterwards and
 * is added to what is remembered. */
static enum pros_status finish(struct work *work, const struct store_import *import,
                               struct store_batch *batch, Promoteros__V1__ImportSummary *summary)
{
    store_finish_import(batch, import->id, arena_pack(work->arena, &summary->base));
    Promoteros__V1__Event event = PROMOTEROS__V1__EVENT__INIT;
    event.detail_case = PROMOTEROS__V1__EVENT__DETAIL_IMPORT_SUMMARY;
    event.import_summary = summary;
    add_event(work, batch, "import.committed", import->id, &event);
    int64_t commit_seq = 0;
    TRY(store_commit(work->store, batch, &commit_seq, &work->failure));
    if (summary->added_count + summary->corrected_count + summary->created_record_count == 0)
        return PROS_OK;
    summary->commit_seq = commit_seq;
    struct store_batch *second = store_batch_new();
    store_add_request(second, summary_request(work, import), COMMIT_METHOD,
                      arena_pack(work->arena, &summary->base));
    struct failure ignored; /* the import itself is on the disk */
    store_commit(work->store, second, NULL, &ignored);
    return PROS_OK;
}

/* The summary with its commit sequence, or, after a crash between the two, without. */
static enum pros_status repeat_summary(struct work *work, const struct store_import *import,
                                       Promoteros__V1__ImportSummary **summary)
{
    struct pros_bytes body;
    struct failure unknown;
    if (store_find_request(work->store, summary_request(work, import), COMMIT_METHOD, work->arena,
                           &body, &unknown) != PROS_OK)
        body = import->summary;
    return stored_unpack(work->arena, &promoteros__v1__import_summary__descriptor, body, summary,
                         &work->failure);
}

static enum pros_status commit_locked(struct work *work, int kind, const char *import_id,
                                      import_build *build, Promoteros__V1__ImportSummary **summary)
{
    struct store_import import;
    TRY(get(work, kind, import_id, &import));
    if (import.state == IMPORT_COMMITTED)
        return repeat_summary(work, &import, summary);
    struct chunk_list list = {.arena = work->arena, .capacity = (size_t)import.chunk_count};
    list.chunks = arena_alloc_array(work->arena, list.capacity + 1, sizeof *list.chunks);
    TRY(store_read_chunks(work->store, import.id, keep_chunk, &list, &work->failure));
    *summary = arena_alloc(work->arena, sizeof **summary);
    promoteros__v1__import_summary__init(*summary);
    (*summary)->import_id = arena_string(work->arena, import.id);
    struct store_batch *batch = store_batch_new();
    enum pros_status status = build(work, &import, list.chunks, list.count, batch, *summary);
    if (status != PROS_OK) {
        store_batch_free(batch);
        return status;
    }
    return finish(work, &import, batch, *summary);
}

enum pros_status import_commit(struct work *work, int kind, const char *import_id,
                               import_build *build, Promoteros__V1__ImportSummary **summary)
{
    pthread_mutex_lock(&work->services->writing);
    enum pros_status status = commit_locked(work, kind, import_id, build, summary);
    pthread_mutex_unlock(&work->services->writing);
    return status;
}
