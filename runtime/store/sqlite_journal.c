/* Events in one sequence, and the traces that explain runs. */
#include "base/clock.h"
#include "store/sqlite.h"
#include "store/sqlite_read.h"

#include <errno.h>
#include <time.h>

enum pros_status write_event(struct sqlite_store *store, const struct store_event *event,
                             struct failure *failure)
{
    return sql_run(&store->writer, failure, "INSERT INTO event VALUES(?, ?, ?, ?, ?, ?)", "iitttb",
                   ++store->state.event_sequence, event->time_ms, event->type, event->trace_id,
                   event->subject, event->body);
}

enum pros_status sqlite_read_events(struct store *store, int64_t after_sequence, int64_t limit,
                                    store_event_visitor *visit, void *context,
                                    struct failure *failure)
{
    struct connection *connection;
    enum pros_status status = read_begin(store, &connection, failure);
    if (status)
        return status;
    sqlite3_stmt *rows = sql_start(connection,
                                   "SELECT sequence, time_ms, type, trace_id, subject, body"
                                   " FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?",
                                   "ii", after_sequence, limit > 0 ? limit : 0);
    int rc = SQLITE_DONE;
    while (!status && (rc = sql_step(rows)) == SQLITE_ROW) {
        struct store_event event = {
            .sequence = sqlite3_column_int64(rows, 0),
            .time_ms = sqlite3_column_int64(rows, 1),
            .type = sql_text(rows, 2),
            .trace_id = sql_text(rows, 3),
            .subject = sql_text(rows, 4),
            .body = sql_bytes(rows, 5),
        };
        status = visit(context, &event);
    }
    return read_end(store, connection, rc, status, failure);
}

int64_t sqlite_wait_events(struct store *base, int64_t after_sequence, int64_t timeout_ms)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    if (timeout_ms < 0)
        timeout_ms = 0;
    if (timeout_ms > CLOCK_DAY_MS)
        timeout_ms = CLOCK_DAY_MS;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += timeout_ms / 1000;
    until.tv_nsec += timeout_ms % 1000 * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&store->mutex);
    while (store->newest_event <= after_sequence)
        if (pthread_cond_timedwait(&store->events, &store->mutex, &until) == ETIMEDOUT)
            break;
    int64_t newest = store->newest_event;
    pthread_mutex_unlock(&store->mutex);
    return newest;
}

/* ---- traces ---- */

enum pros_status write_trace(struct sqlite_store *store, const struct store_trace *trace,
                             struct failure *failure)
{
    return sql_run(&store->writer, failure, "INSERT INTO trace VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
                   "ttttiiibb", trace->trace_id, trace->agent, trace->method, trace->summary,
                   trace->start_ms, trace->duration_us, (int64_t)trace->status_code, trace->trace,
                   trace->reply);
}

static struct store_trace read_head(sqlite3_stmt *row)
{
    return (struct store_trace){
        .trace_id = sql_text(row, 0),
        .agent = sql_text(row, 1),
        .method = sql_text(row, 2),
        .summary = sql_text(row, 3),
        .start_ms = sqlite3_column_int64(row, 4),
        .duration_us = sqlite3_column_int64(row, 5),
        .status_code = sqlite3_column_int(row, 6),
    };
}

enum pros_status sqlite_get_trace(struct store *store, const char *trace_id, struct arena *arena,
                                  struct store_trace *trace, struct failure *failure)
{
    struct connection *connection;
    enum pros_status status = read_begin(store, &connection, failure);
    if (status)
        return status;
    sqlite3_stmt *row = sql_start(connection,
                                  "SELECT trace_id, agent, method, summary, start_ms, duration_us,"
                                  " status_code, trace, reply FROM trace WHERE trace_id = ?",
                                  "t", trace_id);
    int rc = sql_step(row);
    if (rc == SQLITE_ROW) {
        *trace = read_head(row);
        trace->trace_id = arena_string(arena, trace->trace_id);
        trace->agent = arena_string(arena, trace->agent);
        trace->method = arena_string(arena, trace->method);
        trace->summary = arena_string(arena, trace->summary);
        trace->trace = sql_copy_bytes(row, 7, arena);
        trace->reply = sql_copy_bytes(row, 8, arena);
    } else if (rc == SQLITE_DONE) {
        status = failure_set(failure, PROS_NOT_FOUND, "TRACE_NOT_FOUND",
                             "There is no trace with the id \"%s\".", trace_id);
    }
    return read_end(store, connection, rc, status, failure);
}

enum pros_status sqlite_list_traces(struct store *store, const char *agent, int64_t before_start_ms,
                                    const char *before_id, store_trace_visitor *visit,
                                    void *context, struct failure *failure)
{
    struct connection *connection;
    enum pros_status status = read_begin(store, &connection, failure);
    if (status)
        return status;
    int64_t before_ms = before_id ? before_start_ms : INT64_MAX;
    /* Above every id: 0xFF is no byte of UTF-8. */
    const char *before = before_id ? before_id : "\xFF";
    sqlite3_stmt *rows =
        agent
            ? sql_start(connection,
                        "SELECT trace_id, agent, method, summary, start_ms, duration_us,"
                        " status_code FROM trace WHERE agent = ? AND (start_ms, trace_id) < (?, ?)"
                        " ORDER BY start_ms DESC, trace_id DESC",
                        "tit", agent, before_ms, before)
            : sql_start(connection,
                        "SELECT trace_id, agent, method, summary, start_ms, duration_us,"
                        " status_code FROM trace WHERE (start_ms, trace_id) < (?, ?)"
                        " ORDER BY start_ms DESC, trace_id DESC",
                        "it", before_ms, before);
    int rc = SQLITE_DONE;
    while (!status && (rc = sql_step(rows)) == SQLITE_ROW) {
        struct store_trace trace = read_head(rows);
        status = visit(context, &trace);
    }
    return read_end(store, connection, rc, status, failure);
}
