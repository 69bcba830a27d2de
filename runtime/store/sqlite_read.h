/*
 * What the SQLite backend reads, topic by topic: the entries of its table.
 *
 * Why: sqlite_open.c fills the table; the topics implement it. Memory, threads and errors are as in
 * store.h.
 */
#ifndef PROMOTEROS_STORE_SQLITE_READ_H
#define PROMOTEROS_STORE_SQLITE_READ_H

#include "store/store.h"

enum pros_status sqlite_get_record(struct store *store, enum record_kind kind, const char *id,
                                   int64_t as_of_ms, struct arena *arena, struct pros_bytes *body,
                                   struct failure *failure);
enum pros_status sqlite_find_key(struct store *store, enum record_kind kind, const char *scheme,
                                 const char *value, struct arena *arena, const char **id,
                                 struct failure *failure);
enum pros_status sqlite_list_records(struct store *store, const struct store_record_query *query,
                                     store_record_visitor *visit, void *context,
                                     struct failure *failure);
enum pros_status sqlite_list_shows(struct store *store, const struct store_show_query *query,
                                   store_record_visitor *visit, void *context,
                                   struct failure *failure);
enum pros_status sqlite_scan_signals(struct store *store, const struct store_signal_query *query,
                                     store_series_visitor *visit, void *context,
                                     int64_t *commit_seq, struct failure *failure);
enum pros_status sqlite_list_sources(struct store *store, store_source_visitor *visit,
                                     void *context, struct failure *failure);
enum pros_status sqlite_read_events(struct store *store, int64_t after_sequence, int64_t limit,
                                    store_event_visitor *visit, void *context,
                                    struct failure *failure);
int64_t sqlite_wait_events(struct store *store, int64_t after_sequence, int64_t timeout_ms);
enum pros_status sqlite_get_trace(struct store *store, const char *trace_id, struct arena *arena,
                                  struct store_trace *trace, struct failure *failure);
enum pros_status sqlite_list_traces(struct store *store, const char *agent, int64_t before_start_ms,
                                    const char *before_id, store_trace_visitor *visit,
                                    void *context, struct failure *failure);
enum pros_status sqlite_list_predictions(struct store *store,
                                         const struct store_prediction_query *query,
                                         store_prediction_visitor *visit, void *context,
                                         struct failure *failure);
enum pros_status sqlite_verify_ledger(struct store *store, int64_t *entry_count,
                                      struct failure *failure);
enum pros_status sqlite_find_request(struct store *store, const char *request_id,
                                     const char *method, struct arena *arena,
                                     struct pros_bytes *reply, struct failure *failure);
enum pros_status sqlite_get_import(struct store *store, const char *id, const char *request_id,
                                   struct arena *arena, struct store_import *import,
                                   struct failure *failure);
enum pros_status sqlite_read_chunks(struct store *store, const char *import_id,
                                    store_chunk_visitor *visit, void *context,
                                    struct failure *failure);
enum pros_status sqlite_get_model(struct store *store, const char *agent, struct arena *arena,
                                  struct store_model *model, struct failure *failure);
enum pros_status sqlite_list_api_keys(struct store *store, store_api_key_visitor *visit,
                                      void *context, struct failure *failure);

#endif
