/* Remembered replies, imports in staging, and models. */
#include "store/sqlite.h"
#include "store/sqlite_read.h"

#include <string.h>

/* ---- writing ---- */

/* The state of an import, or NOT_FOUND. */
static enum pros_status find_import(struct sqlite_store *store, const char *id,
                                    struct failure *failure)
{
    sqlite3_stmt *row = sql_start(&store->writer, "SELECT state FROM import WHERE id = ?", "t", id);
    int rc = sql_step(row);
    int state = rc == SQLITE_ROW ? sqlite3_column_int(row, 0) : 0;
    sqlite3_reset(row);
    if (rc == SQLITE_DONE)
        return failure_set(failure, PROS_NOT_FOUND, "IMPORT_NOT_FOUND",
                           "There is no open import with the id \"%s\"; begin a new one.", id);
    if (rc != SQLITE_ROW)
        return connection_failure(&store->writer, failure);
    if (state != IMPORT_OPEN)
        return failure_set(failure, PROS_FAILED_PRECONDITION, "IMPORT_COMMITTED",
                           "The import \"%s\" is committed already; begin a new one.", id);
    return PROS_OK;
}

static enum pros_status write_import(struct sqlite_store *store, const struct store_import *import,
                                     struct failure *failure)
{
    return sql_run(&store->writer, failure,
                   "INSERT INTO import VALUES(?, nullif(?, ''), ?, ?, ?, ?, 0, 0)", "ttiibb",
                   import->id, import->request_id, (int64_t)import->kind, (int64_t)IMPORT_OPEN,
                   import->begin, import->summary);
}

/* A chunk may be sent twice; the same number with another content is a mistake of the sender. */
static enum pros_status check_chunk(struct sqlite_store *store, const struct store_op *op,
                                    bool *is_known, struct failure *failure)
{
    sqlite3_stmt *row = sql_start(&store->writer,
                                  "SELECT body FROM import_chunk WHERE import_id = ?"
                                  " AND chunk_index = ?",
                                  "ti", op->item.id, op->item.index);
    enum pros_status status = PROS_OK;
    int rc = sql_step(row);
    *is_known = rc == SQLITE_ROW;
    if (rc == SQLITE_ROW) {
        struct pros_bytes body = sql_bytes(row, 0);
        if (body.size != op->item.body.size ||
            (body.size && memcmp(body.data, op->item.body.data, body.size) != 0))
            status = failure_set(failure, PROS_ALREADY_EXISTS, "CHUNK_DIFFERS",
                                 "Chunk %lld of this import was sent before with other content; "
                                 "abort the import and begin again.",
                                 (long long)op->item.index);
    } else if (rc != SQLITE_DONE) {
        status = connection_failure(&store->writer, failure);
    }
    sqlite3_reset(row);
    return status;
}

static enum pros_status write_chunk(struct sqlite_store *store, const struct store_op *op,
                                    struct failure *failure)
{
    bool is_known = false;
    enum pros_status status = find_import(store, op->item.id, failure);
    if (!status)
        status = check_chunk(store, op, &is_known, failure);
    if (status || is_known)
        return status;
    status = sql_run(&store->writer, failure,
                     "INSERT INTO import_chunk(import_id, chunk_index, body) VALUES(?, ?, ?)",
                     "tib", op->item.id, op->item.index, op->item.body);
    if (!status)
        status = sql_run(&store->writer, failure,
                         "UPDATE import SET chunk_count = chunk_count + 1,"
                         " item_count = item_count + ? WHERE id = ?",
                         "it", op->item.item_count, op->item.id);
    return status;
}

static enum pros_status end_import(struct sqlite_store *store, const struct store_op *op,
                                   struct failure *failure)
{
    enum pros_status status = find_import(store, op->item.id, failure);
    if (!status)
        status = sql_run(&store->writer, failure, "DELETE FROM import_chunk WHERE import_id = ?",
                         "t", op->item.id);
    if (status)
        return status;
    if (op->kind == OP_DROP_IMPORT)
        return sql_run(&store->writer, failure, "DELETE FROM import WHERE id = ?", "t",
                       op->item.id);
    return sql_run(&store->writer, failure, "UPDATE import SET state = ?, summary = ? WHERE id = ?",
                   "ibt", (int64_t)IMPORT_COMMITTED, op->item.body, op->item.id);
}

enum pros_status write_staging(struct sqlite_store *store, const struct store_op *op,
                               struct failure *failure)
{
    switch (op->kind) {
    case OP_REQUEST:
        return sql_run(&store->writer, failure, "INSERT INTO request VALUES(?, ?, ?)", "ttb",
                       op->item.id, op->item.method, op->item.body);
    case OP_IMPORT:
        return write_import(store, &op->import, failure);
    case OP_CHUNK:
        return write_chunk(store, op, failure);
    case OP_FINISH_IMPORT:
    case OP_DROP_IMPORT:
        return end_import(store, op, failure);
    case OP_MODEL:
        return sql_run(&store->writer, failure, "INSERT INTO model VALUES(?, ?, ?, ?)", "titb",
                       op->model.agent, op->model.version, op->model.description, op->model.state);
    default:
        return failure_set(failure, PROS_INTERNAL, "STORE_ERROR", "The store knows no change %d.",
                           (int)op->kind);
    }
}

/* ---- reading ---- */

enum pros_status sqlite_find_request(struct store *store, const char *request_id,
                                     const char *method, struct arena *arena,
                                     struct pros_bytes *reply, struct failure *failure)
{
    struct connection *connection;
    enum pros_status status = read_begin(store, &connection, failure);
    if (status)
        return status;
    sqlite3_stmt *row = sql_start(
        connection, "SELECT method, reply FROM request WHERE request_id = ?", "t", request_id);
    int rc = sql_step(row);
    if (rc == SQLITE_DONE)
        status = failure_set(failure, PROS_NOT_FOUND, "REQUEST_NOT_FOUND",
                             "No request with the id \"%s\" was answered before.", request_id);
    else if (rc == SQLITE_ROW && strcmp(sql_text(row, 0), method) != 0)
        status = failure_set(failure, PROS_ALREADY_EXISTS, "REQUEST_ID_USED",
                             "The request id \"%s\" was used for %s before; choose a new one.",
                             request_id, sql_text(row, 0));
    else if (rc == SQLITE_ROW)
        *reply = sql_copy_bytes(row, 1, arena);
    return read_end(store, connection, rc, status, failure);
}

enum pros_status sqlite_get_import(struct store *store, const char *id, const char *request_id,
                                   struct arena *arena, struct store_import *import,
                                   struct failure *failure)
{
    struct connection *connection;
    enum pros_status status = read_begin(store, &connection, failure);
    if (status)
        return status;
    sqlite3_stmt *row =
        id ? sql_start(connection,
                       "SELECT id, request_id, kind, state, begin, summary, chunk_count,"
                       " item_count FROM import WHERE id = ?",
                       "t", id)
           : sql_start(connection,
                       "SELECT id, request_id, kind, state, begin, summary, chunk_count,"
                       " item_count FROM import WHERE request_id = ?",
                       "t", request_id);
    int rc = sql_step(row);
    if (rc == SQLITE_ROW) {
        *import = (struct store_import){
            .id = arena_string(arena, sql_text(row, 0)),
            .request_id = arena_string(arena, sql_text(row, 1)),
            .begin = sql_copy_bytes(row, 4, arena),
            .summary = sql_copy_bytes(row, 5, arena),
            .chunk_count = sqlite3_column_int64(row, 6),
            .item_count = sqlite3_column_int64(row, 7),
        };
        import->kind = sqlite3_column_int(row, 2) == IMPORT_SHOWS ? IMPORT_SHOWS : IMPORT_SIGNALS;
        import->state = sqlite3_column_int(row, 3) == IMPORT_OPEN ? IMPORT_OPEN : IMPORT_COMMITTED;
    } else if (rc == SQLITE_DONE) {
        status = failure_set(failure, PROS_NOT_FOUND, "IMPORT_NOT_FOUND",
                             "There is no import \"%s\"; begin a new one.", id ? id : request_id);
    }
    return read_end(store, connection, rc, status, failure);
}

enum pros_status sqlite_read_chunks(struct store *store, const char *import_id,
                                    store_chunk_visitor *visit, void *context,
                                    struct failure *failure)
{
    struct connection *connection;
    enum pros_status status = read_begin(store, &connection, failure);
    if (status)
        return status;
    sqlite3_stmt *rows = sql_start(connection,
                                   "SELECT chunk_index, body FROM import_chunk WHERE import_id = ?"
                                   " ORDER BY chunk_index",
                                   "t", import_id);
    int rc = SQLITE_DONE;
    while (!status && (rc = sql_step(rows)) == SQLITE_ROW)
        status = visit(context, sqlite3_column_int64(rows, 0), sql_bytes(rows, 1));
    return read_end(store, connection, rc, status, failure);
}

enum pros_status sqlite_get_model(struct store *store, const char *agent, struct arena *arena,
                                  struct store_model *model, struct failure *failure)
{
    struct connection *connection;
    enum pros_status status = read_begin(store, &connection, failure);
    if (status)
        return status;
    sqlite3_stmt *row = sql_start(connection,
                                  "SELECT agent, version, description, state FROM model"
                                  " WHERE agent = ? ORDER BY version DESC LIMIT 1",
                                  "t", agent);
    int rc = sql_step(row);
    if (rc == SQLITE_ROW)
        *model = (struct store_model){
            .agent = arena_string(arena, sql_text(row, 0)),
            .version = sqlite3_column_int64(row, 1),
            .description = arena_string(arena, sql_text(row, 2)),
            .state = sql_copy_bytes(row, 3, arena),
        };
    else if (rc == SQLITE_DONE)
        status = failure_set(failure, PROS_NOT_FOUND, "MODEL_NOT_FOUND",
                             "The agent \"%s\" has no trained model yet.", agent);
    return read_end(store, connection, rc, status, failure);
}
