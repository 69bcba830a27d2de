/*
 * Signals: packed blocks, clustered by series.
 *
 * A block's key is series << 20 | part, so the blocks of a series lie side by side in the order
 * they came in. New points become small blocks at once; when a series has MAX_SMALL of them they
 * are packed into one. Block contents never change otherwise: a correction is another point.
 */
#include "base/memory.h"
#include "store/signal_block.h"
#include "store/sqlite.h"
#include "store/sqlite_read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PART_BITS      20
#define MAX_PART       ((INT64_C(1) << PART_BITS) - 1)
#define SMALL_POINTS   256 /* a block with fewer is small */
#define MAX_SMALL      32
#define FLAG_SIMULATED 4 /* as in promoteros.v1.SignalSeries.point_flags */

static int64_t block_key(int64_t series, int64_t part)
{
    return series << PART_BITS | part;
}

static enum pros_status damaged(const struct connection *connection, int64_t key,
                                struct failure *failure)
{
    return failure_set(failure, PROS_INTERNAL, "STORE_DAMAGED",
                       "%s is damaged (signal block %lld cannot be read); restore it from a "
                       "backup.",
                       connection->path, (long long)key);
}

/* ---- writing ---- */

struct series_row {
    int64_t id, next_part, small_count;
};

static enum pros_status find_series(struct sqlite_store *store, const struct store_series *series,
                                    struct series_row *row, struct failure *failure)
{
    sqlite3_stmt *found = sql_start(&store->writer,
                                    "SELECT id, next_part, small_count FROM series WHERE kind = ?"
                                    " AND entity_id = ? AND source = ? AND metric = ?",
                                    "ittt", (int64_t)series->entity_kind, series->entity_id,
                                    series->source, series->metric);
    int rc = sql_step(found);
    if (rc == SQLITE_ROW)
        *row = (struct series_row){sqlite3_column_int64(found, 0), sqlite3_column_int64(found, 1),
                                   sqlite3_column_int64(found, 2)};
    sqlite3_reset(found);
    if (rc == SQLITE_ROW)
        return PROS_OK;
    if (rc != SQLITE_DONE)
        return connection_failure(&store->writer, failure);
    enum pros_status status =
        sql_run(&store->writer, failure,
                "INSERT INTO series(kind, entity_id, source, metric, point_count, newest_ms,"
                " next_part, small_count) VALUES(?, ?, ?, ?, 0, ?, 0, 0)",
                "ittti", (int64_t)series->entity_kind, series->entity_id, series->source,
                series->metric, INT64_MIN);
    *row = (struct series_row){.id = sqlite3_last_insert_rowid(store->writer.db)};
    return status;
}

static enum pros_status insert_block(struct sqlite_store *store, struct series_row *row,
                                     const struct signal_points *points, size_t first, size_t count,
                                     struct buffer *buffer, struct failure *failure)
{
    if (row->next_part > MAX_PART)
        return failure_set(failure, PROS_RESOURCE_EXHAUSTED, "SERIES_FULL",
                           "A series holds too many points; import fewer corrections of it.");
    int64_t min_observed = points->observed_at_ms[first], max_observed = min_observed;
    int64_t min_known = points->known_at_ms[first];
    for (size_t i = first; i < first + count; i++) {
        if (points->observed_at_ms[i] < min_observed)
            min_observed = points->observed_at_ms[i];
        if (points->observed_at_ms[i] > max_observed)
            max_observed = points->observed_at_ms[i];
        if (points->known_at_ms[i] < min_known)
            min_known = points->known_at_ms[i];
    }
    signal_block_encode(points, first, count, buffer);
    row->small_count += count < SMALL_POINTS;
    return sql_run(&store->writer, failure, "INSERT INTO series_block VALUES(?, ?, ?, ?, ?, ?)",
                   "iiiiib", block_key(row->id, row->next_part++), (int64_t)count, min_observed,
                   max_observed, min_known, (struct pros_bytes){buffer->data, buffer->size});
}

static enum pros_status insert_blocks(struct sqlite_store *store, struct series_row *row,
                                      const struct signal_points *points, struct failure *failure)
{
    struct buffer buffer;
    buffer_open(&buffer, SIGNAL_BLOCK_MAX_BYTES);
    enum pros_status status = PROS_OK;
    for (size_t first = 0; first < points->count && !status;) {
        size_t count = points->count - first;
        if (count > SIGNAL_BLOCK_MAX_POINTS)
            count = SIGNAL_BLOCK_MAX_POINTS;
        status = insert_block(store, row, points, first, count, &buffer, failure);
        first += count;
    }
    buffer_close(&buffer);
    return status;
}

/* Reads the small blocks of a series into points. */
static enum pros_status take_small(struct sqlite_store *store, const struct series_row *row,
                                   struct signal_points *points, struct failure *failure)
{
    struct connection *writer = &store->writer;
    sqlite3_stmt *blocks = sql_start(writer,
                                     "SELECT key, data FROM series_block WHERE key BETWEEN ? AND ?"
                                     " AND point_count < ? ORDER BY key",
                                     "iii", block_key(row->id, 0), block_key(row->id, MAX_PART),
                                     (int64_t)SMALL_POINTS);
    enum pros_status status = PROS_OK;
    int rc;
    while ((rc = sql_step(blocks)) == SQLITE_ROW && !status)
        if (!signal_block_decode(sql_bytes(blocks, 1), points))
            status = damaged(writer, sqlite3_column_int64(blocks, 0), failure);
    if (!status && rc != SQLITE_DONE)
        status = connection_failure(writer, failure);
    sqlite3_reset(blocks);
    return status;
}

static enum pros_status pack_series(struct sqlite_store *store, struct series_row *row,
                                    struct failure *failure)
{
    struct signal_points points = {0};
    enum pros_status status = take_small(store, row, &points, failure);
    if (!status)
        status =
            sql_run(&store->writer, failure,
                    "DELETE FROM series_block WHERE key BETWEEN ? AND ? AND point_count < ?", "iii",
                    block_key(row->id, 0), block_key(row->id, MAX_PART), (int64_t)SMALL_POINTS);
    if (!status) {
        signal_points_sort(&points);
        row->small_count = 0;
        status = insert_blocks(store, row, &points, failure);
    }
    signal_points_close(&points);
    return status;
}

static enum pros_status copy_points(struct sqlite_store *store, const struct store_series *series,
                                    struct signal_points *points, struct failure *failure)
{
    size_t count = series->point_count;
    signal_points_reserve(points, count);
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(series->values[i]))
            return failure_set(failure, PROS_INVALID_ARGUMENT, "VALUE_NOT_FINITE",
                               "A point of %s/%s has no finite value; leave such points out.",
                               series->source, series->metric);
        points->observed_at_ms[i] = series->observed_at_ms[i];
        points->values[i] = series->values[i] + 0.0; /* -0 becomes 0 */
        points->known_at_ms[i] = series->known_at_ms[i];
        points->flags[i] = series->flags[i];
        points->commit_seqs[i] = store->state.commit_seq;
        if (series->flags[i] & FLAG_SIMULATED)
            store->state.has_simulated = 1;
    }
    points->count = count;
    signal_points_sort(points);
    return PROS_OK;
}

enum pros_status write_points(struct sqlite_store *store, const struct store_series *series,
                              struct failure *failure)
{
    if (series->point_count == 0)
        return PROS_OK;
    struct series_row row;
    struct signal_points points = {0};
    enum pros_status status = copy_points(store, series, &points, failure);
    if (!status)
        status = find_series(store, series, &row, failure);
    if (!status)
        status = insert_blocks(store, &row, &points, failure);
    if (!status && row.small_count >= MAX_SMALL)
        status = pack_series(store, &row, failure);
    if (!status)
        status = sql_run(&store->writer, failure,
                         "UPDATE series SET point_count = point_count + ?,"
                         " newest_ms = max(newest_ms, ?), next_part = ?, small_count = ?"
                         " WHERE id = ?",
                         "iiiii", (int64_t)points.count, points.observed_at_ms[points.count - 1],
                         row.next_part, row.small_count, row.id);
    store->state.point_count += (int64_t)points.count;
    signal_points_close(&points);
    return status;
}

/* ---- reading ---- */

struct scan {
    struct connection *connection;
    const struct store_signal_query *query;
    store_series_visitor *visit;
    void *context;
    struct failure *failure;
    struct signal_points points;
};

static bool is_wanted(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return count == 0;
}

static enum pros_status read_blocks(struct scan *scan, int64_t series)
{
    const struct store_signal_query *query = scan->query;
    sqlite3_stmt *blocks =
        sql_start(scan->connection,
                  "SELECT key, data FROM series_block WHERE key BETWEEN ? AND ?"
                  " AND max_observed_ms >= ? AND min_observed_ms <= ? AND min_known_ms <= ?"
                  " ORDER BY key",
                  "iiiii", block_key(series, 0), block_key(series, MAX_PART), query->start_ms,
                  query->end_ms, query->as_of_ms);
    scan->points.count = 0;
    int rc;
    while ((rc = sql_step(blocks)) == SQLITE_ROW)
        if (!signal_block_decode(sql_bytes(blocks, 1), &scan->points))
            return damaged(scan->connection, sqlite3_column_int64(blocks, 0), scan->failure);
    sqlite3_reset(blocks);
    return rc == SQLITE_DONE ? PROS_OK : connection_failure(scan->connection, scan->failure);
}

static enum pros_status visit_series(struct scan *scan, sqlite3_stmt *row)
{
    const struct store_signal_query *query = scan->query;
    struct store_series series = {
        .entity_kind = sqlite3_column_int(row, 1),
        .entity_id = sql_text(row, 2),
        .source = sql_text(row, 3),
        .metric = sql_text(row, 4),
    };
    if (!is_wanted(series.source, query->sources, query->source_count) ||
        !is_wanted(series.metric, query->metrics, query->metric_count))
        return PROS_OK;
    enum pros_status status = read_blocks(scan, sqlite3_column_int64(row, 0));
    if (status)
        return status;
    struct signal_points *points = &scan->points;
    signal_points_settle(points, query->start_ms, query->end_ms, query->as_of_ms);
    if (points->count == 0)
        return PROS_OK;
    series.point_count = points->count;
    series.observed_at_ms = points->observed_at_ms;
    series.values = points->values;
    series.known_at_ms = points->known_at_ms;
    series.flags = points->flags;
    return scan->visit(scan->context, &series);
}

/* The series that a statement names; they come in order. */
static enum pros_status visit_rows(struct scan *scan, sqlite3_stmt *rows)
{
    enum pros_status status = PROS_OK;
    int rc = SQLITE_DONE;
    while (!status && (rc = sql_step(rows)) == SQLITE_ROW)
        status = visit_series(scan, rows);
    if (!status && rc != SQLITE_DONE)
        status = connection_failure(scan->connection, scan->failure);
    sqlite3_reset(rows);
    return status;
}

static int compare_ids(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static enum pros_status visit_entities(struct scan *scan, int64_t kind)
{
    size_t count = scan->query->entity_count;
    const char **ids = memory_new(count, sizeof *ids);
    if (count)
        memcpy(ids, scan->query->entity_ids, count * sizeof *ids);
    qsort(ids, count, sizeof *ids, compare_ids);
    enum pros_status status = PROS_OK;
    for (size_t i = 0; i < count && !status; i++)
        if (i == 0 || strcmp(ids[i - 1], ids[i]) != 0)
            status = visit_rows(scan, sql_start(scan->connection,
                                                "SELECT id, kind, entity_id, source, metric"
                                                " FROM series WHERE kind = ? AND entity_id = ?"
                                                " ORDER BY source, metric",
                                                "it", kind, ids[i]));
    free(ids);
    return status;
}

static enum pros_status visit_kind(struct scan *scan, int64_t kind)
{
    if (scan->query->entity_ids)
        return visit_entities(scan, kind);
    return visit_rows(scan, sql_start(scan->connection,
                                      "SELECT id, kind, entity_id, source, metric FROM series"
                                      " WHERE kind = ? ORDER BY entity_id, source, metric",
                                      "i", kind));
}

/* The smallest kind of an entity above a number; false at the end. */
static bool next_kind(struct scan *scan, int64_t *kind, enum pros_status *status)
{
    sqlite3_stmt *row =
        sql_start(scan->connection, "SELECT min(kind) FROM series WHERE kind > ?", "i", *kind);
    bool found = sql_step(row) == SQLITE_ROW;
    if (!found)
        *status = connection_failure(scan->connection, scan->failure);
    else if (sqlite3_column_type(row, 0) == SQLITE_NULL)
        found = false;
    else
        *kind = sqlite3_column_int64(row, 0);
    sqlite3_reset(row);
    return found;
}

enum pros_status sqlite_scan_signals(struct store *store, const struct store_signal_query *query,
                                     store_series_visitor *visit, void *context,
                                     int64_t *commit_seq, struct failure *failure)
{
    struct scan scan = {.query = query, .visit = visit, .context = context, .failure = failure};
    enum pros_status status = read_begin(store, &scan.connection, failure);
    if (status)
        return status;
    struct store_state state;
    status = state_load(scan.connection, &state, failure);
    if (!status && commit_seq)
        *commit_seq = state.commit_seq; /* before the first visit: visitors pass it on */
    if (!status && query->entity_kind)
        status = visit_kind(&scan, query->entity_kind);
    else
        for (int64_t kind = INT64_MIN; !status && next_kind(&scan, &kind, &status);)
            status = visit_kind(&scan, kind);
    status = read_end(store, scan.connection, SQLITE_DONE, status, failure);
    signal_points_close(&scan.points);
    return status;
}

enum pros_status sqlite_list_sources(struct store *store, store_source_visitor *visit,
                                     void *context, struct failure *failure)
{
    struct connection *connection;
    enum pros_status status = read_begin(store, &connection, failure);
    if (status)
        return status;
    sqlite3_stmt *rows = sql_start(connection,
                                   "SELECT source, metric, kind, count(*), sum(point_count),"
                                   " max(newest_ms) FROM series GROUP BY source, metric, kind"
                                   " ORDER BY source, metric, kind",
                                   "");
    int rc = SQLITE_DONE;
    while (!status && (rc = sql_step(rows)) == SQLITE_ROW) {
        struct store_source source = {
            .source = sql_text(rows, 0),
            .metric = sql_text(rows, 1),
            .entity_kind = sqlite3_column_int(rows, 2),
            .series_count = sqlite3_column_int64(rows, 3),
            .point_count = sqlite3_column_int64(rows, 4),
            .newest_ms = sqlite3_column_int64(rows, 5),
        };
        status = visit(context, &source);
    }
    return read_end(store, connection, rc, status, failure);
}
