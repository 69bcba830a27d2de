/* Catalog records: every version, the current names, keys, and what shows are found by. */
#include "base/text.h"
#include "store/sqlite.h"
#include "store/sqlite_query.h"
#include "store/sqlite_read.h"

static const char *const kind_names[] = {"record", "artist", "track", "venue", "show"};

static const char *kind_name(enum record_kind kind)
{
    return kind_names[kind >= RECORD_ARTIST && kind <= RECORD_SHOW ? kind : 0];
}

/* ---- writing ---- */

/* Finds or creates the record's row. *is_newest: no version of it is known later than this one. */
static enum pros_status find_row(struct sqlite_store *store, const struct store_record *record,
                                 int64_t *row, bool *is_newest, struct failure *failure)
{
    sqlite3_stmt *found = sql_start(
        &store->writer, "SELECT row, newest_known_at_ms FROM record WHERE kind = ? AND id = ?",
        "it", (int64_t)record->kind, record->id);
    int rc = sql_step(found);
    if (rc == SQLITE_ROW) {
        *row = sqlite3_column_int64(found, 0);
        *is_newest = record->known_at_ms >= sqlite3_column_int64(found, 1);
    }
    sqlite3_reset(found);
    if (rc == SQLITE_ROW)
        return PROS_OK;
    if (rc != SQLITE_DONE)
        return connection_failure(&store->writer, failure);
    enum pros_status status =
        sql_run(&store->writer, failure,
                "INSERT INTO record(kind, id, folded_name, newest_known_at_ms) VALUES(?, ?, '', ?)",
                "iti", (int64_t)record->kind, record->id, record->known_at_ms);
    *row = sqlite3_last_insert_rowid(store->writer.db);
    *is_newest = true;
    store->state.record_counts[record->kind]++;
    return status;
}

static enum pros_status replace_keys(struct sqlite_store *store, const struct store_record *record,
                                     int64_t row, struct failure *failure)
{
    enum pros_status status =
        sql_run(&store->writer, failure, "DELETE FROM record_key WHERE record = ?", "i", row);
    for (size_t i = 0; i < record->key_count && !status; i++)
        status = sql_run(&store->writer, failure,
                         "INSERT OR IGNORE INTO record_key(kind, scheme, value, record)"
                         " VALUES(?, ?, ?, ?)",
                         "itti", (int64_t)record->kind, record->keys[i].scheme,
                         record->keys[i].value, row);
    return status;
}

static enum pros_status replace_current(struct sqlite_store *store,
                                        const struct store_record *record, int64_t row,
                                        struct failure *failure)
{
    char folded[FOLDED_NAME_SIZE];
    text_fold_name(record->name, folded, sizeof folded);
    enum pros_status status =
        sql_run(&store->writer, failure,
                "UPDATE record SET folded_name = ?, newest_known_at_ms = ? WHERE row = ?", "tii",
                folded, record->known_at_ms, row);
    if (!status)
        status = replace_keys(store, record, row, failure);
    return status;
}

static enum pros_status write_version(struct sqlite_store *store, const struct store_record *record,
                                      int64_t row, struct failure *failure)
{
    const struct store_show_index *show = record->show;
    enum pros_status status =
        sql_run(&store->writer, failure,
                "INSERT INTO record_version(record, known_at_ms, commit_seq, simulated, body)"
                " VALUES(?, ?, ?, ?, ?)",
                "iiiib", row, record->known_at_ms, store->state.commit_seq,
                (int64_t)record->simulated, record->body);
    if (status || !show)
        return status;
    return sql_run(&store->writer, failure,
                   "INSERT INTO show_version(version, id, artist_id, venue_id, room_id, genre, day)"
                   " VALUES(?, ?, ?, ?, ?, ?, ?)",
                   "ittttti", (int64_t)sqlite3_last_insert_rowid(store->writer.db), record->id,
                   show->artist_id, show->venue_id, show->room_id, show->genre,
                   (int64_t)show->show_day);
}

enum pros_status write_record(struct sqlite_store *store, const struct store_record *record,
                              struct failure *failure)
{
    if (record->kind < RECORD_ARTIST || record->kind > RECORD_SHOW || !*record->id)
        return failure_set(failure, PROS_INVALID_ARGUMENT, "RECORD_WITHOUT_ID",
                           "A catalog record has no kind or no id; nothing was saved.");
    int64_t row = 0;
    bool is_newest = false;
    enum pros_status status = find_row(store, record, &row, &is_newest, failure);
    if (!status)
        status = write_version(store, record, row, failure);
    if (!status && is_newest)
        status = replace_current(store, record, row, failure);
    if (record->simulated)
        store->state.has_simulated = 1;
    return status;
}

/* ---- reading ---- */

/* The newest version known at a moment: its body in column 0. */
static sqlite3_stmt *start_version(struct connection *connection, int64_t row, int64_t as_of_ms)
{
    return sql_start(connection,
                     "SELECT body FROM record_version WHERE record = ? AND known_at_ms <= ?"
                     " ORDER BY known_at_ms DESC, commit_seq DESC, row DESC LIMIT 1",
                     "ii", row, as_of_ms);
}

enum pros_status sqlite_get_record(struct store *store, enum record_kind kind, const char *id,
                                   int64_t as_of_ms, struct arena *arena, struct pros_bytes *body,
                                   struct failure *failure)
{
    struct connection *connection;
    enum pros_status status = read_begin(store, &connection, failure);
    if (status)
        return status;
    sqlite3_stmt *found = sql_start(connection, "SELECT row FROM record WHERE kind = ? AND id = ?",
                                    "it", (int64_t)kind, id);
    int rc = sql_step(found);
    if (rc == SQLITE_ROW) {
        sqlite3_stmt *version = start_version(connection, sqlite3_column_int64(found, 0), as_of_ms);
        rc = sql_step(version);
        if (rc == SQLITE_ROW)
            *body = sql_copy_bytes(version, 0, arena);
    }
    if (rc == SQLITE_DONE)
        status = failure_set(failure, PROS_NOT_FOUND, "RECORD_NOT_FOUND",
                             "There is no %s with the id \"%s\"%s.", kind_name(kind), id,
                             as_of_ms == INT64_MAX ? "" : " that was known at that time");
    return read_end(store, connection, rc, status, failure);
}

enum pros_status sqlite_find_key(struct store *store, enum record_kind kind, const char *scheme,
                                 const char *value, struct arena *arena, const char **id,
                                 struct failure *failure)
{
    *id = NULL;
    struct connection *connection;
    enum pros_status status = read_begin(store, &connection, failure);
    if (status)
        return status;
    sqlite3_stmt *found =
        sql_start(connection,
                  "SELECT r.id FROM record_key k JOIN record r ON r.row = k.record"
                  " WHERE k.kind = ? AND k.scheme = ? AND k.value = ? ORDER BY k.record LIMIT 1",
                  "itt", (int64_t)kind, scheme, value);
    int rc = sql_step(found);
    if (rc == SQLITE_ROW)
        *id = arena_string(arena, sql_text(found, 0));
    return read_end(store, connection, rc, status, failure);
}

/* Shows the visitor the record of each (row, id), where a version was known. */
static enum pros_status visit_records(struct connection *connection, sqlite3_stmt *rows,
                                      int64_t as_of_ms, store_record_visitor *visit, void *context,
                                      struct failure *failure)
{
    enum pros_status status = PROS_OK;
    int rc = SQLITE_DONE;
    while (!status && (rc = sql_step(rows)) == SQLITE_ROW) {
        sqlite3_stmt *version = start_version(connection, sqlite3_column_int64(rows, 0), as_of_ms);
        int version_rc = sql_step(version);
        if (version_rc == SQLITE_ROW)
            status = visit(context, sql_text(rows, 1), sql_bytes(version, 0));
        else if (version_rc != SQLITE_DONE)
            status = connection_failure(connection, failure);
        sqlite3_reset(version);
    }
    if (!status && rc != SQLITE_DONE)
        status = connection_failure(connection, failure);
    return status;
}

enum pros_status sqlite_list_records(struct store *store, const struct store_record_query *query,
                                     store_record_visitor *visit, void *context,
                                     struct failure *failure)
{
    /* Folded again, so that the caller's way of cutting long names cannot differ from ours. */
    char part[FOLDED_NAME_SIZE], after[FOLDED_NAME_SIZE];
    text_fold_name(query->name_part ? query->name_part : "", part, sizeof part);
    text_fold_name(query->after_name ? query->after_name : "", after, sizeof after);
    struct connection *connection;
    enum pros_status status = read_begin(store, &connection, failure);
    if (status)
        return status;
    sqlite3_stmt *rows = sql_start(
        connection,
        "SELECT row, id FROM record WHERE kind = ? AND (folded_name, id) > (?, ?)"
        " AND instr(folded_name, ?) > 0 ORDER BY folded_name, id",
        "ittt", (int64_t)query->kind, after, query->after_id ? query->after_id : "", part);
    status = visit_records(connection, rows, query->as_of_ms, visit, context, failure);
    return read_end(store, connection, SQLITE_DONE, status, failure);
}

enum pros_status sqlite_list_shows(struct store *store, const struct store_show_query *query,
                                   store_record_visitor *visit, void *context,
                                   struct failure *failure)
{
    if (query->artist_count > MAX_QUERY_IDS || query->venue_count > MAX_QUERY_IDS)
        return failure_set(failure, PROS_INVALID_ARGUMENT, "TOO_MANY_IDS",
                           "At most %d artists or venues can be asked for at once.", MAX_QUERY_IDS);
    struct connection *connection;
    enum pros_status status = read_begin(store, &connection, failure);
    if (status)
        return status;
    struct query shows;
    /* Each show by its newest version that was known then. */
    query_open(&shows, "SELECT s.id, v.body FROM show_version s"
                       " JOIN record_version v ON v.row = s.version");
    query_int(&shows, " WHERE v.known_at_ms <= ?", query->as_of_ms);
    query_int(&shows,
              " AND NOT EXISTS (SELECT 1 FROM record_version n WHERE n.record = v.record"
              " AND n.known_at_ms <= ? AND (n.known_at_ms, n.commit_seq, n.row) >"
              " (v.known_at_ms, v.commit_seq, v.row))",
              query->as_of_ms);
    query_in(&shows, "artist_id", query->artist_ids, query->artist_count);
    query_in(&shows, "venue_id", query->venue_ids, query->venue_count);
    if (query->genre)
        query_text(&shows, " AND genre = ?", query->genre);
    if (query->start_day != INT32_MIN)
        query_int(&shows, " AND day >= ?", query->start_day);
    if (query->end_day != INT32_MAX)
        query_int(&shows, " AND day < ?", query->end_day);
    if (query->before_id) {
        query_int(&shows, " AND day <= ?", query->before_day);
        query_int(&shows, " AND (day < ?", query->before_day);
        query_text(&shows, " OR id > ?)", query->before_id);
    }
    query_add(&shows, " ORDER BY day DESC, id");
    sqlite3_stmt *rows = query_start(&shows, connection);
    int rc = SQLITE_DONE;
    while (!status && (rc = sql_step(rows)) == SQLITE_ROW)
        status = visit(context, sql_text(rows, 0), sql_bytes(rows, 1));
    if (!status && rc != SQLITE_DONE)
        status = connection_failure(connection, failure);
    query_close(&shows);
    return read_end(store, connection, SQLITE_DONE, status, failure);
}
