/*
 * State: one vtable, several backends.
 *
 * Why: the embedded default (SQLite: one file, no server) and a shared database for several hosts
 * must behave alike, so everything above speaks to this interface, and one contract test suite runs
 * against each backend.
 *
 * Writing: a batch collects facts and is submitted whole: all of it becomes visible, or nothing.
 * One writer groups the batches that are waiting into one transaction; each batch gets a
 * commit_seq, its events their sequence numbers. store_commit() returns after the transaction is on
 * the disk. Reading: every read is one consistent snapshot. `as_of_ms` hides what was not known
 * then (INT64_MAX: nothing hidden).
 *
 * Memory: a batch owns copies of what is added to it; what a visitor is shown lives until it
 * returns; results "in the arena" live as long as the arena. Threads: a batch belongs to one
 * thread; all else may be called from any thread, also by a visitor (which then sees another
 * snapshot). Nobody may be inside when store_close() is called. Errors: UNAVAILABLE for a store
 * that cannot be reached or is full, NOT_FOUND, INTERNAL for damage. A visitor that returns
 * anything but PROS_OK ends the read with that status.
 */
#ifndef PROMOTEROS_STORE_STORE_H
#define PROMOTEROS_STORE_STORE_H

#include "base/arena.h"
#include "base/failure.h"

#include <stdbool.h>
#include <stdint.h>

/* Kinds of catalog records; numbers are stored. */
enum record_kind { RECORD_ARTIST = 1, RECORD_TRACK = 2, RECORD_VENUE = 3, RECORD_SHOW = 4 };

/* A version of a catalog record. */
struct store_record {
    enum record_kind kind;
    const char *id;
    const char *name;       /* shown, listed and searched by its folded form; a show has none */
    int64_t known_at_ms;    /* this version is hidden before */
    struct pros_bytes body; /* the packed message */
    const struct store_key *keys; /* names elsewhere; replace those of the older versions */
    size_t key_count;
    const struct store_show_index *show; /* for RECORD_SHOW */
    bool simulated;
};

struct store_key {
    const char *scheme; /* an ExternalId scheme, or "name" with the folded name */
    const char *value;
};

/* What shows are found by. */
struct store_show_index {
    const char *artist_id;
    const char *venue_id;
    const char *room_id;
    const char *genre;
    int32_t show_day; /* days since 1970-01-01 */
};

/* A series and points of it, columnar, ordered by observed_at_ms. known_at_ms and flags have an
 * element a point. */
struct store_series {
    int entity_kind; /* as promoteros.v1.EntityKind */
    const char *entity_id;
    const char *source;
    const char *metric;
    size_t point_count;
    const int64_t *observed_at_ms;
    const double *values;
    const int64_t *known_at_ms;
    const int32_t *flags;
};

struct store_event {
    int64_t sequence; /* given by the store */
    int64_t time_ms;
    const char *type;
    const char *trace_id;
    const char *subject;
    struct pros_bytes body; /* a packed Event without sequence */
};

struct store_trace {
    const char *trace_id;
    const char *agent;
    const char *method;
    const char *summary;
    int64_t start_ms;
    int64_t duration_us;
    int32_t status_code;
    struct pros_bytes trace; /* a packed ReasoningTrace */
    struct pros_bytes reply; /* as the agent gave it */
};

/* A prediction and what has become of it; empty bytes where nothing has. Bodies are packed ledger
 * messages. */
struct store_prediction {
    const char *id;
    const char *target;
    const char *subject;
    const char *agent;
    int64_t issue_ms;
    int64_t due_ms;
    struct pros_bytes prediction, outcome, score, decision;
};

/* An import in staging. */
struct store_import {
    const char *id;
    const char *request_id;
    enum { IMPORT_SIGNALS = 1, IMPORT_SHOWS = 2 } kind;
    enum { IMPORT_OPEN = 1, IMPORT_COMMITTED = 2 } state;
    struct pros_bytes begin;   /* the packed Begin request */
    struct pros_bytes summary; /* the packed ImportSummary, once committed */
    int64_t chunk_count;
    int64_t item_count;
};

struct store_model {
    const char *agent;
    int64_t version;
    const char *description;
    struct pros_bytes state;
};

/* A key to the doors. Times are 0 for never. */
struct store_api_key {
    const char *id;
    const char *name;
    const char *scopes; /* separated by blanks */
    struct pros_bytes secret_hash;
    int64_t create_ms, expire_ms, revoke_ms, last_use_ms;
};

struct store_counts {
    int64_t artists, tracks, venues, shows, points, commit_seq, event_sequence;
    bool has_simulated;
};

struct store;
struct store_batch;

/* Opens by address: "sqlite:PATH" (created when missing). */
enum pros_status store_open(const char *address, struct store **store, struct failure *failure);
/* Finishes what was submitted, then closes. */
void store_close(struct store *store);
/* For people: "sqlite: /var/lib/promoteros/promoteros.db". */
const char *store_description(const struct store *store);

/* ---- writing ---- */
struct store_batch *store_batch_new(void);
void store_batch_free(struct store_batch *batch); /* one that is not submitted */
void store_add_record(struct store_batch *batch, const struct store_record *record);
void store_add_points(struct store_batch *batch, const struct store_series *series);
void store_add_event(struct store_batch *batch, const struct store_event *event);
void store_add_trace(struct store_batch *batch, const struct store_trace *trace);
void store_add_prediction(struct store_batch *batch, const struct store_prediction *prediction);
/* Adds to the ledger what became of a prediction; `part` says which: the chain keeps every entry.
 */
enum store_ledger_part { LEDGER_OUTCOME = 1, LEDGER_SCORE = 2, LEDGER_DECISION = 3 };
void store_add_ledger(struct store_batch *batch, const char *prediction_id,
                      enum store_ledger_part part, struct pros_bytes body);
/* Remembers the reply to a request id, for idempotency. */
void store_add_request(struct store_batch *batch, const char *request_id, const char *method,
                       struct pros_bytes reply);
void store_add_import(struct store_batch *batch, const struct store_import *import);
void store_add_import_chunk(struct store_batch *batch, const char *import_id, int64_t chunk_index,
                            int64_t item_count, struct pros_bytes body);
/* Marks the import committed with its summary and drops its chunks. */
void store_finish_import(struct store_batch *batch, const char *import_id,
                         struct pros_bytes summary);
/* Forgets an open import and its chunks. */
void store_drop_import(struct store_batch *batch, const char *import_id);
void store_add_model(struct store_batch *batch, const struct store_model *model);
/* Adds the key. Of one that is there already it takes the first revocation and the latest use, and
 * nothing else, so that late news cannot make a revoked key good again. */
void store_add_api_key(struct store_batch *batch, const struct store_api_key *key);

/* Takes the batch. done (may be NULL) is called on the writer's thread, after the disk has it; it
 * must not block. */
typedef void store_done(void *context, enum pros_status status, int64_t commit_seq);
void store_submit(struct store *store, struct store_batch *batch, store_done *done, void *context);
/* Submits and waits. *commit_seq may be NULL. */
enum pros_status store_commit(struct store *store, struct store_batch *batch, int64_t *commit_seq,
                              struct failure *failure);

/* ---- catalog ---- */
/* The newest version known at as_of_ms, its body in the arena. NOT_FOUND when there is none. */
enum pros_status store_get_record(struct store *store, enum record_kind kind, const char *id,
                                  int64_t as_of_ms, struct arena *arena, struct pros_bytes *body,
                                  struct failure *failure);
/* The id of the record with this key, in the arena; NULL when there is none. With several, the
 * oldest. */
enum pros_status store_find_key(struct store *store, enum record_kind kind, const char *scheme,
                                const char *value, struct arena *arena, const char **id,
                                struct failure *failure);

typedef enum pros_status store_record_visitor(void *context, const char *id,
                                              struct pros_bytes body);
/* Records by folded name, then id, after (after_name, after_id); name_part is a folded part of the
 * name or "". */
struct store_record_query {
    enum record_kind kind;
    const char *name_part;
    const char *after_name, *after_id; /* NULL: from the start */
    int64_t as_of_ms;
};
enum pros_status store_list_records(struct store *store, const struct store_record_query *query,
                                    store_record_visitor *visit, void *context,
                                    struct failure *failure);
/* Shows by the newest version known at as_of_ms, newest date first, then id: a show that was moved
 * later is still found, and stands, where it was known to be. */
struct store_show_query {
    const char *const *artist_ids;
    size_t artist_count; /* 0: all */
    const char *const *venue_ids;
    size_t venue_count;    /* 0: all */
    const char *genre;     /* NULL: all */
    int32_t start_day;     /* inclusive; INT32_MIN: no bound */
    int32_t end_day;       /* exclusive; INT32_MAX: no bound */
    int32_t before_day;    /* page: only (day, id) behind this place; with before_id */
    const char *before_id; /* NULL: from the start */
    int64_t as_of_ms;
};
enum pros_status store_list_shows(struct store *store, const struct store_show_query *query,
                                  store_record_visitor *visit, void *context,
                                  struct failure *failure);

/* ---- signals ---- */
struct store_signal_query {
    int entity_kind;               /* 0: all */
    const char *const *entity_ids; /* NULL: all */
    size_t entity_count;
    const char *const *sources;
    size_t source_count; /* 0: all */
    const char *const *metrics;
    size_t metric_count; /* 0: all */
    int64_t start_ms;    /* inclusive; INT64_MIN: no bound */
    int64_t end_ms;      /* exclusive; INT64_MAX: no bound */
    int64_t as_of_ms;    /* only points known then */
};
/* Each series once, ordered by entity kind, entity id, source, metric; corrections applied: one
 * point a moment. */
typedef enum pros_status store_series_visitor(void *context, const struct store_series *series);
enum pros_status store_scan_signals(struct store *store, const struct store_signal_query *query,
                                    store_series_visitor *visit, void *context, int64_t *commit_seq,
                                    struct failure *failure);
struct store_source {
    const char *source, *metric;
    int entity_kind;
    int64_t series_count, point_count, newest_ms;
};
typedef enum pros_status store_source_visitor(void *context, const struct store_source *source);
enum pros_status store_list_sources(struct store *store, store_source_visitor *visit, void *context,
                                    struct failure *failure);

/* ---- journal ---- */
typedef enum pros_status store_event_visitor(void *context, const struct store_event *event);
enum pros_status store_read_events(struct store *store, int64_t after_sequence, int64_t limit,
                                   store_event_visitor *visit, void *context,
                                   struct failure *failure);
/* Waits until an event behind after_sequence exists or the time is over; returns the newest
 * sequence. */
int64_t store_wait_events(struct store *store, int64_t after_sequence, int64_t timeout_ms);

/* ---- traces ---- */
enum pros_status store_get_trace(struct store *store, const char *trace_id, struct arena *arena,
                                 struct store_trace *trace, struct failure *failure);
/* Newest first, without trace and reply; before_id NULL: from the start; agent NULL: all. */
typedef enum pros_status store_trace_visitor(void *context, const struct store_trace *trace);
enum pros_status store_list_traces(struct store *store, const char *agent, int64_t before_start_ms,
                                   const char *before_id, store_trace_visitor *visit, void *context,
                                   struct failure *failure);

/* ---- ledger ---- */
struct store_prediction_query {
    const char *id;             /* NULL: all */
    const char *target;         /* NULL: all */
    const char *subject;        /* exact; NULL: all */
    const char *subject_prefix; /* NULL: all */
    const char *agent;          /* NULL: all */
    int open;                   /* 1 open, 0 scored, -1 both */
    int64_t before_issue_ms;    /* page, with before_id */
    const char *before_id;      /* NULL: from the start */
};
/* Newest first. */
typedef enum pros_status store_prediction_visitor(void *context,
                                                  const struct store_prediction *prediction);
enum pros_status store_list_predictions(struct store *store,
                                        const struct store_prediction_query *query,
                                        store_prediction_visitor *visit, void *context,
                                        struct failure *failure);
/* Recomputes the hash chain; DATA_LOSS names the first entry that does not fit. *entry_count may be
 * NULL. */
enum pros_status store_verify_ledger(struct store *store, int64_t *entry_count,
                                     struct failure *failure);

/* ---- the rest ---- */
/* The remembered reply in the arena; NOT_FOUND; ALREADY_EXISTS when the id was used for another
 * method. */
enum pros_status store_find_request(struct store *store, const char *request_id, const char *method,
                                    struct arena *arena, struct pros_bytes *reply,
                                    struct failure *failure);
/* By id, or by request id when id is NULL; NOT_FOUND. Strings and bytes in the arena. */
enum pros_status store_get_import(struct store *store, const char *id, const char *request_id,
                                  struct arena *arena, struct store_import *import,
                                  struct failure *failure);
typedef enum pros_status store_chunk_visitor(void *context, int64_t chunk_index,
                                             struct pros_bytes body);
enum pros_status store_read_chunks(struct store *store, const char *import_id,
                                   store_chunk_visitor *visit, void *context,
                                   struct failure *failure);
/* The newest version; NOT_FOUND. */
enum pros_status store_get_model(struct store *store, const char *agent, struct arena *arena,
                                 struct store_model *model, struct failure *failure);
/* In the order in which they were made. */
typedef enum pros_status store_api_key_visitor(void *context, const struct store_api_key *key);
enum pros_status store_list_api_keys(struct store *store, store_api_key_visitor *visit,
                                     void *context, struct failure *failure);
enum pros_status store_get_counts(struct store *store, struct store_counts *counts,
                                  struct failure *failure);

#endif
