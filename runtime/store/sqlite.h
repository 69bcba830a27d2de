/*
 * The SQLite backend's inner interface: one file, one writer, any number of readers.
 *
 * Why: the topics (catalog, signals, journal, ledger, staging) share connections, statements and
 * the way from SQLite's errors to sentences.
 *
 * Memory: SQL texts are string constants; a connection keeps each one's prepared statement. What is
 * bound must live until the statement is reset. Threads: a connection belongs to one thread at a
 * time; the write_*() functions run on the writer's thread, inside a batch's savepoint. Errors: a
 * write_*() function that fails has its batch rolled back.
 */
#ifndef PROMOTEROS_STORE_SQLITE_H
#define PROMOTEROS_STORE_SQLITE_H

#include "store/backend.h"

#include <pthread.h>
#include <sqlite3.h>

#define MAX_STATEMENTS     64
#define IDLE_READERS       4
#define FOLDED_NAME_SIZE   256
#define MAX_QUERY_IDS      10000
#define BUSY_TIMEOUT_MS    5000
#define SQLITE_APPLICATION 0x50524F53 /* "PROS" */

struct connection {
    sqlite3 *db;
    const char *path; /* for sentences */
    size_t statement_count;
    struct {
        const char *sql;
        sqlite3_stmt *statement;
    } statements[MAX_STATEMENTS];
};

/* The one row of table state: what the next batch builds on. */
struct store_state {
    int64_t commit_seq;
    int64_t event_sequence;
    int64_t point_count;
    int64_t record_counts[RECORD_SHOW + 1]; /* by kind */
    int64_t has_simulated;
    int64_t ledger_count;
    uint8_t ledger_head[32];
};

struct sqlite_store {
    struct store base;
    char *path;
    char *description;
    int lock_fd;

    /* The writer's own. */
    struct connection writer;
    struct store_state state;
    bool in_trouble; /* the last group could not be committed */
    pthread_t thread;

    pthread_mutex_t mutex; /* guards all below */
    pthread_cond_t work;   /* a batch is waiting, or closing */
    pthread_cond_t room;   /* the queue got shorter */
    pthread_cond_t events; /* newest_event grew */
    struct store_batch *first, **last;
    size_t queued_count, queued_bytes;
    bool closing;
    int64_t newest_event;
    struct connection *idle[IDLE_READERS];
    size_t idle_count;
};

/* ---- connections and statements ---- */
enum pros_status connection_open(struct connection *connection, const char *path, bool writable,
                                 struct failure *failure);
void connection_close(struct connection *connection);
/* SQLite's last error on this connection, as a status and a sentence. */
enum pros_status connection_failure(const struct connection *connection, struct failure *failure);
enum pros_status connection_exec(struct connection *connection, const char *sql,
                                 struct failure *failure);
/*
 * The prepared statement of a constant SQL text, bound and ready to step; NULL on an error. types:
 * a letter a parameter: i int64_t, t const char * (NULL for NULL), b struct pros_bytes.
 */
sqlite3_stmt *sql_start(struct connection *connection, const char *sql, const char *types, ...);
/* SQLITE_ROW, SQLITE_DONE or an error; a NULL statement is an error. */
int sql_step(sqlite3_stmt *statement);
/* Starts, steps to the end without rows, resets. */
enum pros_status sql_run(struct connection *connection, struct failure *failure, const char *sql,
                         const char *types, ...);
/* A column; "" and no bytes for NULL. Lives until the next step. */
const char *sql_text(sqlite3_stmt *statement, int column);
struct pros_bytes sql_bytes(sqlite3_stmt *statement, int column);
struct pros_bytes sql_copy_bytes(sqlite3_stmt *statement, int column, struct arena *arena);

/* A read connection in a transaction: one snapshot. */
enum pros_status read_begin(struct store *store, struct connection **connection,
                            struct failure *failure);
/* Ends it; rc is that of the last step: anything but ROW and DONE becomes a failure. */
enum pros_status read_end(struct store *store, struct connection *connection, int rc,
                          enum pros_status status, struct failure *failure);

/* ---- opening and writing ---- */
enum pros_status schema_open(struct connection *writer, struct failure *failure);
enum pros_status state_load(struct connection *connection, struct store_state *state,
                            struct failure *failure);
enum pros_status state_save(struct sqlite_store *store, struct failure *failure);
void *writer_run(void *store);
void sqlite_submit(struct store *store, struct store_batch *batch);

enum pros_status write_record(struct sqlite_store *store, const struct store_record *record,
                              struct failure *failure);
enum pros_status write_points(struct sqlite_store *store, const struct store_series *series,
                              struct failure *failure);
enum pros_status write_event(struct sqlite_store *store, const struct store_event *event,
                             struct failure *failure);
enum pros_status write_trace(struct sqlite_store *store, const struct store_trace *trace,
                             struct failure *failure);
enum pros_status write_prediction(struct sqlite_store *store,
                                  const struct store_prediction *prediction,
                                  struct failure *failure);
enum pros_status write_ledger(struct sqlite_store *store, const char *prediction_id,
                              enum store_ledger_part part, struct pros_bytes body,
                              struct failure *failure);
enum pros_status write_api_key(struct sqlite_store *store, const struct store_api_key *key,
                               struct failure *failure);
/* Requests, imports, chunks, models. */
enum pros_status write_staging(struct sqlite_store *store, const struct store_op *op,
                               struct failure *failure);

#endif
