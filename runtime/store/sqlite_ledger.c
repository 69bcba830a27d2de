/*
 * The ledger: entries that are only ever added, each bound to the one before by SHA-256, and the
 * predictions that point at their newest parts.
 */
#include "base/buffer.h"
#include "base/id.h"
#include "store/sqlite.h"
#include "store/sqlite_query.h"
#include "store/sqlite_read.h"

#include <string.h>

#define PART_PREDICTION  0
#define HASH_BYTES       32
#define HEAD_FIXED_BYTES 256 /* more than the fixed-size fields of an entry */

/* What an entry's hash covers. The prediction's own fields count in its first entry only. */
struct entry {
    int64_t number, part;
    const char *prediction_id;
    struct pros_bytes body;
    const char *target, *subject, *agent;
    int64_t issue_ms, due_ms;
};

static void put_number(struct buffer *buffer, int64_t number)
{
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)((uint64_t)number >> (8 * i));
    buffer_add(buffer, bytes, sizeof bytes);
}

/* With its length, so that no two entries give the same bytes. */
static void put_bytes(struct buffer *buffer, const void *data, size_t size)
{
    put_number(buffer, (int64_t)size);
    buffer_add(buffer, data, size);
}

static void hash_entry(const struct entry *entry, const uint8_t previous[HASH_BYTES],
                       uint8_t hash[HASH_BYTES])
{
    struct buffer buffer;
    buffer_open(&buffer, HEAD_FIXED_BYTES + strlen(entry->prediction_id) + entry->body.size +
                             strlen(entry->target) + strlen(entry->subject) + strlen(entry->agent));
    buffer_add(&buffer, previous, HASH_BYTES);
    put_number(&buffer, entry->number);
    put_number(&buffer, entry->part);
    put_bytes(&buffer, entry->prediction_id, strlen(entry->prediction_id));
    put_bytes(&buffer, entry->body.data, entry->body.size);
    if (entry->part == PART_PREDICTION) {
        put_bytes(&buffer, entry->target, strlen(entry->target));
        put_bytes(&buffer, entry->subject, strlen(entry->subject));
        put_bytes(&buffer, entry->agent, strlen(entry->agent));
        put_number(&buffer, entry->issue_ms);
        put_number(&buffer, entry->due_ms);
    }
    digest_bytes((struct pros_bytes){buffer.data, buffer.size}, hash);
    buffer_close(&buffer);
}

/* ---- writing ---- */

static enum pros_status append_entry(struct sqlite_store *store, struct entry *entry,
                                     struct failure *failure)
{
    struct store_state *state = &store->state;
    entry->number = ++state->ledger_count;
    hash_entry(entry, state->ledger_head, state->ledger_head);
    return sql_run(&store->writer, failure,
                   "INSERT INTO ledger_entry(entry, part, prediction_id, body, hash)"
                   " VALUES(?, ?, ?, ?, ?)",
                   "iitbb", entry->number, entry->part, entry->prediction_id, entry->body,
                   (struct pros_bytes){state->ledger_head, HASH_BYTES});
}

enum pros_status write_prediction(struct sqlite_store *store,
                                  const struct store_prediction *prediction,
                                  struct failure *failure)
{
    struct entry entry = {
        .part = PART_PREDICTION,
        .prediction_id = prediction->id,
        .body = prediction->prediction,
        .target = prediction->target,
        .subject = prediction->subject,
        .agent = prediction->agent,
        .issue_ms = prediction->issue_ms,
        .due_ms = prediction->due_ms,
    };
    enum pros_status status = append_entry(store, &entry, failure);
    if (!status)
        status = sql_run(&store->writer, failure,
                         "INSERT INTO prediction(id, target, subject, agent, issue_ms, due_ms,"
                         " prediction) VALUES(?, ?, ?, ?, ?, ?, ?)",
                         "ttttiii", prediction->id, prediction->target, prediction->subject,
                         prediction->agent, prediction->issue_ms, prediction->due_ms, entry.number);
    const struct pros_bytes parts[] = {
        [LEDGER_OUTCOME] = prediction->outcome,
        [LEDGER_SCORE] = prediction->score,
        [LEDGER_DECISION] = prediction->decision,
    };
    for (int part = LEDGER_OUTCOME; part <= LEDGER_DECISION && !status; part++)
        if (parts[part].size)
            status = write_ledger(store, prediction->id, (enum store_ledger_part)part, parts[part],
                                  failure);
    return status;
}

enum pros_status write_ledger(struct sqlite_store *store, const char *prediction_id,
                              enum store_ledger_part part, struct pros_bytes body,
                              struct failure *failure)
{
    static const char *const updates[] = {
        [LEDGER_OUTCOME] = "UPDATE prediction SET outcome = ? WHERE id = ?",
        [LEDGER_SCORE] = "UPDATE prediction SET score = ? WHERE id = ?",
        [LEDGER_DECISION] = "UPDATE prediction SET decision = ? WHERE id = ?",
    };
    struct entry entry = {.part = part,
                          .prediction_id = prediction_id,
                          .body = body,
                          .target = "",
                          .subject = "",
                          .agent = ""};
    if (part < LEDGER_OUTCOME || part > LEDGER_DECISION)
        return failure_set(failure, PROS_INVALID_ARGUMENT, "LEDGER_PART",
                           "The ledger has no part %d; nothing was saved.", (int)part);
    enum pros_status status = append_entry(store, &entry, failure);
    if (!status)
        status = sql_run(&store->writer, failure, updates[part], "it", entry.number, prediction_id);
    if (!status && sqlite3_changes(store->writer.db) != 1)
        status = failure_set(failure, PROS_NOT_FOUND, "PREDICTION_NOT_FOUND",
                             "There is no prediction with the id \"%s\".", prediction_id);
    return status;
}

/* ---- reading ---- */

static enum pros_status visit_prediction(struct connection *connection, int64_t row,
                                         store_prediction_visitor *visit, void *context,
                                         struct failure *failure)
{
    sqlite3_stmt *found =
        sql_start(connection,
                  "SELECT p.id, p.target, p.subject, p.agent, p.issue_ms, p.due_ms, e.body, o.body,"
                  " s.body, d.body FROM prediction p"
                  " JOIN ledger_entry e ON e.entry = p.prediction"
                  " LEFT JOIN ledger_entry o ON o.entry = p.outcome"
                  " LEFT JOIN ledger_entry s ON s.entry = p.score"
                  " LEFT JOIN ledger_entry d ON d.entry = p.decision WHERE p.rowid = ?",
                  "i", row);
    enum pros_status status;
    if (sql_step(found) == SQLITE_ROW) {
        struct store_prediction prediction = {
            .id = sql_text(found, 0),
            .target = sql_text(found, 1),
            .subject = sql_text(found, 2),
            .agent = sql_text(found, 3),
            .issue_ms = sqlite3_column_int64(found, 4),
            .due_ms = sqlite3_column_int64(found, 5),
            .prediction = sql_bytes(found, 6),
            .outcome = sql_bytes(found, 7),
            .score = sql_bytes(found, 8),
            .decision = sql_bytes(found, 9),
        };
        status = visit(context, &prediction);
    } else {
        status = connection_failure(connection, failure);
    }
    sqlite3_reset(found);
    return status;
}

/* The rows that fit, newest first. */
static void build_query(struct query *rows, const struct store_prediction_query *query)
{
    query_open(rows, "SELECT rowid FROM prediction WHERE 1");
    if (query->id)
        query_text(rows, " AND id = ?", query->id);
    if (query->target)
        query_text(rows, " AND target = ?", query->target);
    if (query->subject)
        query_text(rows, " AND subject = ?", query->subject);
    if (query->subject_prefix && *query->subject_prefix) {
        query_text(rows, " AND subject >= ?", query->subject_prefix);
        /* Above every text with this beginning: 0xFF is no byte of UTF-8. */
        query_text(rows, " AND subject < ?",
                   arena_format(&rows->arena, "%s\xFF", query->subject_prefix));
    }
    if (query->agent)
        query_text(rows, " AND agent = ?", query->agent);
    if (query->open >= 0)
        query_add(rows, query->open ? " AND score IS NULL" : " AND score IS NOT NULL");
    if (query->before_id) {
        query_int(rows, " AND (issue_ms, id) < (?", query->before_issue_ms);
        query_text(rows, ", ?)", query->before_id);
    }
    query_add(rows, " ORDER BY issue_ms DESC, id DESC");
}

enum pros_status sqlite_list_predictions(struct store *store,
                                         const struct store_prediction_query *query,
                                         store_prediction_visitor *visit, void *context,
                                         struct failure *failure)
{
    struct connection *connection;
    enum pros_status status = read_begin(store, &connection, failure);
    if (status)
        return status;
    struct query built;
    build_query(&built, query);
    sqlite3_stmt *rows = query_start(&built, connection);
    int rc = SQLITE_DONE;
    while (!status && (rc = sql_step(rows)) == SQLITE_ROW)
        status =
            visit_prediction(connection, sqlite3_column_int64(rows, 0), visit, context, failure);
    if (!status && rc != SQLITE_DONE)
        status = connection_failure(connection, failure);
    query_close(&built);
    return read_end(store, connection, SQLITE_DONE, status, failure);
}

/* ---- checking ---- */

static enum pros_status bad_chain(int64_t entry, const char *why, struct failure *failure)
{
    return failure_set(failure, PROS_DATA_LOSS, "LEDGER_CHANGED",
                       "The ledger was changed after it was written: entry %lld %s. Restore the "
                       "store from a backup.",
                       (long long)entry, why);
}

static enum pros_status check_entry(sqlite3_stmt *row, int64_t number, uint8_t head[HASH_BYTES],
                                    struct failure *failure)
{
    struct entry entry = {
        .number = sqlite3_column_int64(row, 0),
        .part = sqlite3_column_int64(row, 1),
        .prediction_id = sql_text(row, 2),
        .body = sql_bytes(row, 3),
        .target = sql_text(row, 5),
        .subject = sql_text(row, 6),
        .agent = sql_text(row, 7),
        .issue_ms = sqlite3_column_int64(row, 8),
        .due_ms = sqlite3_column_int64(row, 9),
    };
    if (entry.number != number)
        return bad_chain(number, "is missing", failure);
    hash_entry(&entry, head, head);
    struct pros_bytes hash = sql_bytes(row, 4);
    if (hash.size != HASH_BYTES || memcmp(hash.data, head, HASH_BYTES) != 0)
        return bad_chain(number, "does not fit the hash chain", failure);
    return PROS_OK;
}

enum pros_status sqlite_verify_ledger(struct store *store, int64_t *entry_count,
                                      struct failure *failure)
{
    struct connection *connection;
    enum pros_status status = read_begin(store, &connection, failure);
    if (status)
        return status;
    struct store_state state;
    status = state_load(connection, &state, failure);
    sqlite3_stmt *rows =
        sql_start(connection,
                  "SELECT e.entry, e.part, e.prediction_id, e.body, e.hash, p.target, p.subject,"
                  " p.agent, p.issue_ms, p.due_ms FROM ledger_entry e LEFT JOIN prediction p"
                  " ON p.prediction = e.entry AND p.id = e.prediction_id ORDER BY e.entry",
                  "");
    uint8_t head[HASH_BYTES] = {0};
    int64_t count = 0;
    int rc = SQLITE_DONE;
    while (!status && (rc = sql_step(rows)) == SQLITE_ROW)
        status = check_entry(rows, ++count, head, failure);
    if (!status && rc == SQLITE_DONE &&
        (count != state.ledger_count || memcmp(head, state.ledger_head, HASH_BYTES) != 0))
        status = bad_chain(count + 1, "is missing", failure);
    if (!status && entry_count)
        *entry_count = count;
    return read_end(store, connection, rc, status, failure);
}
