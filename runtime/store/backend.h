/*
 * What a backend implements, and what a batch holds.
 *
 * Why: callers know store.h only; a second backend adds one table like this one and a line in
 * store.c.
 *
 * Memory: submit() takes the batch; the backend calls store_batch_finish(), which frees it. The
 * operations of a batch live in its arena. Threads and errors: as in store.h. A backend's own
 * struct begins with struct store.
 */
#ifndef PROMOTEROS_STORE_BACKEND_H
#define PROMOTEROS_STORE_BACKEND_H

#include "store/store.h"

enum store_op_kind {
    OP_RECORD,
    OP_POINTS,
    OP_EVENT,
    OP_TRACE,
    OP_PREDICTION,
    OP_LEDGER,
    OP_REQUEST,
    OP_IMPORT,
    OP_CHUNK,
    OP_FINISH_IMPORT,
    OP_DROP_IMPORT,
    OP_MODEL,
    OP_API_KEY
};

struct store_op {
    struct store_op *next;
    enum store_op_kind kind;
    union {
        struct store_record record;
        struct store_series points;
        struct store_event event;
        struct store_trace trace;
        struct store_prediction prediction;
        struct store_import import;
        struct store_model model;
        struct store_api_key api_key;
        /* The rest: an id, a word, a number or two, and bytes. */
        struct {
            const char *id;
            const char *method;
            int64_t index, item_count;
            enum store_ledger_part part;
            struct pros_bytes body;
        } item;
    };
};

struct store_batch {
    struct arena arena;
    struct store_op *first, **last;
    struct store_batch *next; /* in a backend's queue */
    store_done *done;
    void *context;
    struct failure failure; /* why it failed, filled by the backend before the end */
    struct failure *report; /* where store_commit() wants to read it, or NULL */
    enum pros_status status;
    int64_t commit_seq;
};

/* Reports status, commit_seq and failure to the one who waits, and frees the batch. */
void store_batch_finish(struct store_batch *batch);

struct store_backend {
    const char *scheme; /* what stands before the colon of an address */
    enum pros_status (*open)(const char *place, struct store **store, struct failure *failure);
    void (*close)(struct store *store);
    const char *(*description)(const struct store *store);
    void (*submit)(struct store *store, struct store_batch *batch);

    enum pros_status (*get_record)(struct store *store, enum record_kind kind, const char *id,
                                   int64_t as_of_ms, struct arena *arena, struct pros_bytes *body,
                                   struct failure *failure);
    enum pros_status (*find_key)(struct store *store, enum record_kind kind, const char *scheme,
                                 const char *value, struct arena *arena, const char **id,
                                 struct failure *failure);
    enum pros_status (*list_records)(struct store *store, const struct store_record_query *query,
                                     store_record_visitor *visit, void *context,
                                     struct failure *failure);
    enum pros_status (*list_shows)(struct store *store, const struct store_show_query *query,
                                   store_record_visitor *visit, void *context,
                                   struct failure *failure);
    enum pros_status (*scan_signals)(struct store *store, const struct store_signal_query *query,
                                     store_series_visitor *visit, void *context,
                                     int64_t *commit_seq, struct failure *failure);
    enum pros_status (*list_sources)(struct store *store, store_source_visitor *visit,
                                     void *context, struct failure *failure);
    enum pros_status (*read_events)(struct store *store, int64_t after_sequence, int64_t limit,
                                    store_event_visitor *visit, void *context,
                                    struct failure *failure);
    int64_t (*wait_events)(struct store *store, int64_t after_sequence, int64_t timeout_ms);
    enum pros_status (*get_trace)(struct store *store, const char *trace_id, struct arena *arena,
                                  struct store_trace *trace, struct failure *failure);
    enum pros_status (*list_traces)(struct store *store, const char *agent, int64_t before_start_ms,
                                    const char *before_id, store_trace_visitor *visit,
                                    void *context, struct failure *failure);
    enum pros_status (*list_predictions)(struct store *store,
                                         const struct store_prediction_query *query,
                                         store_prediction_visitor *visit, void *context,
                                         struct failure *failure);
    enum pros_status (*verify_ledger)(struct store *store, int64_t *entry_count,
                                      struct failure *failure);
    enum pros_status (*find_request)(struct store *store, const char *request_id,
                                     const char *method, struct arena *arena,
                                     struct pros_bytes *reply, struct failure *failure);
    enum pros_status (*get_import)(struct store *store, const char *id, const char *request_id,
                                   struct arena *arena, struct store_import *import,
                                   struct failure *failure);
    enum pros_status (*read_chunks)(struct store *store, const char *import_id,
                                    store_chunk_visitor *visit, void *context,
                                    struct failure *failure);
    enum pros_status (*get_model)(struct store *store, const char *agent, struct arena *arena,
                                  struct store_model *model, struct failure *failure);
    enum pros_status (*list_api_keys)(struct store *store, store_api_key_visitor *visit,
                                      void *context, struct failure *failure);
    enum pros_status (*get_counts)(struct store *store, struct store_counts *counts,
                                   struct failure *failure);
};

struct store {
    const struct store_backend *backend;
};

extern const struct store_backend sqlite_backend;

#endif
