/* The dispatch: addresses to backends, calls to their tables. */
#include "store/backend.h"

#include <pthread.h>
#include <string.h>

static const struct store_backend *const backends[] = {&sqlite_backend};

enum pros_status store_open(const char *address, struct store **store, struct failure *failure)
{
    *store = NULL;
    for (size_t i = 0; i < sizeof backends / sizeof *backends; i++) {
        size_t length = strlen(backends[i]->scheme);
        if (strncmp(address, backends[i]->scheme, length) == 0 && address[length] == ':')
            return backends[i]->open(address + length + 1, store, failure);
    }
    return failure_set(failure, PROS_INVALID_ARGUMENT, "STORE_ADDRESS",
                       "The store's address \"%s\" is not understood; write sqlite:PATH, for "
                       "example sqlite:/var/lib/promoteros/promoteros.db.",
                       address);
}

void store_close(struct store *store)
{
    if (store)
        store->backend->close(store);
}

const char *store_description(const struct store *store)
{
    return store->backend->description(store);
}

void store_submit(struct store *store, struct store_batch *batch, store_done *done, void *context)
{
    batch->done = done;
    batch->context = context;
    store->backend->submit(store, batch);
}

struct waiter {
    pthread_mutex_t mutex;
    pthread_cond_t done;
    bool is_done;
    enum pros_status status;
    int64_t commit_seq;
};

static void wake_waiter(void *context, enum pros_status status, int64_t commit_seq)
{
    struct waiter *waiter = context;
    pthread_mutex_lock(&waiter->mutex);
    waiter->status = status;
    waiter->commit_seq = commit_seq;
    waiter->is_done = true;
    pthread_cond_signal(&waiter->done);
    pthread_mutex_unlock(&waiter->mutex);
}

enum pros_status store_commit(struct store *store, struct store_batch *batch, int64_t *commit_seq,
                              struct failure *failure)
{
    struct waiter waiter = {.mutex = PTHREAD_MUTEX_INITIALIZER, .done = PTHREAD_COND_INITIALIZER};
    batch->report = failure;
    store_submit(store, batch, wake_waiter, &waiter);
    pthread_mutex_lock(&waiter.mutex);
    while (!waiter.is_done)
        pthread_cond_wait(&waiter.done, &waiter.mutex);
    pthread_mutex_unlock(&waiter.mutex);
    pthread_cond_destroy(&waiter.done);
    pthread_mutex_destroy(&waiter.mutex);
    if (commit_seq)
        *commit_seq = waiter.commit_seq;
    return waiter.status;
}

enum pros_status store_get_record(struct store *store, enum record_kind kind, const char *id,
                                  int64_t as_of_ms, struct arena *arena, struct pros_bytes *body,
                                  struct failure *failure)
{
    return store->backend->get_record(store, kind, id, as_of_ms, arena, body, failure);
}

enum pros_status store_find_key(struct store *store, enum record_kind kind, const char *scheme,
                                const char *value, struct arena *arena, const char **id,
                                struct failure *failure)
{
    return store->backend->find_key(store, kind, scheme, value, arena, id, failure);
}

enum pros_status store_list_records(struct store *store, const struct store_record_query *query,
                                    store_record_visitor *visit, void *context,
                                    struct failure *failure)
{
    return store->backend->list_records(store, query, visit, context, failure);
}

enum pros_status store_list_shows(struct store *store, const struct store_show_query *query,
                                  store_record_visitor *visit, void *context,
                                  struct failure *failure)
{
    return store->backend->list_shows(store, query, visit, context, failure);
}

enum pros_status store_scan_signals(struct store *store, const struct store_signal_query *query,
                                    store_series_visitor *visit, void *context, int64_t *commit_seq,
                                    struct failure *failure)
{
    return store->backend->scan_signals(store, query, visit, context, commit_seq, failure);
}

enum pros_status store_list_sources(struct store *store, store_source_visitor *visit, void *context,
                                    struct failure *failure)
{
    return store->backend->list_sources(store, visit, context, failure);
}

enum pros_status store_read_events(struct store *store, int64_t after_sequence, int64_t limit,
                                   store_event_visitor *visit, void *context,
                                   struct failure *failure)
{
    return store->backend->read_events(store, after_sequence, limit, visit, context, failure);
}

int64_t store_wait_events(struct store *store, int64_t after_sequence, int64_t timeout_ms)
{
    return store->backend->wait_events(store, after_sequence, timeout_ms);
}

enum pros_status store_get_trace(struct store *store, const char *trace_id, struct arena *arena,
                                 struct store_trace *trace, struct failure *failure)
{
    return store->backend->get_trace(store, trace_id, arena, trace, failure);
}

enum pros_status store_list_traces(struct store *store, const char *agent, int64_t before_start_ms,
                                   const char *before_id, store_trace_visitor *visit, void *context,
                                   struct failure *failure)
{
    return store->backend->list_traces(store, agent, before_start_ms, before_id, visit, context,
                                       failure);
}

enum pros_status store_list_predictions(struct store *store,
                                        const struct store_prediction_query *query,
                                        store_prediction_visitor *visit, void *context,
                                        struct failure *failure)
{
    return store->backend->list_predictions(store, query, visit, context, failure);
}

enum pros_status store_verify_ledger(struct store *store, int64_t *entry_count,
                                     struct failure *failure)
{
    return store->backend->verify_ledger(store, entry_count, failure);
}

enum pros_status store_find_request(struct store *store, const char *request_id, const char *method,
                                    struct arena *arena, struct pros_bytes *reply,
                                    struct failure *failure)
{
    return store->backend->find_request(store, request_id, method, arena, reply, failure);
}

enum pros_status store_get_import(struct store *store, const char *id, const char *request_id,
                                  struct arena *arena, struct store_import *import,
                                  struct failure *failure)
{
    return store->backend->get_import(store, id, request_id, arena, import, failure);
}

enum pros_status store_read_chunks(struct store *store, const char *import_id,
                                   store_chunk_visitor *visit, void *context,
                                   struct failure *failure)
{
    return store->backend->read_chunks(store, import_id, visit, context, failure);
}

enum pros_status store_get_model(struct store *store, const char *agent, struct arena *arena,
                                 struct store_model *model, struct failure *failure)
{
    return store->backend->get_model(store, agent, arena, model, failure);
}

enum pros_status store_list_api_keys(struct store *store, store_api_key_visitor *visit,
                                     void *context, struct failure *failure)
{
    return store->backend->list_api_keys(store, visit, context, failure);
}

enum pros_status store_get_counts(struct store *store, struct store_counts *counts,
                                  struct failure *failure)
{
    return store->backend->get_counts(store, counts, failure);
}
