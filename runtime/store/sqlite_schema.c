/* Tables, and the way from an older file to this program's. */
#include "store/sqlite.h"

#include <string.h>

/*
 * Version 1. state: the one row that the next batch builds on. record: the current name of each
 * record, for listing; record_version: every version ever known. series_block: packed points,
 * clustered by series: key = series << 20 | part. ledger_entry: append-only, chained by hash;
 * prediction points at its newest parts.
 */
static const char version_1[] =
    "CREATE TABLE state(one INTEGER PRIMARY KEY CHECK(one = 1), commit_seq INTEGER NOT NULL,"
    " event_sequence INTEGER NOT NULL, point_count INTEGER NOT NULL, artists INTEGER NOT NULL,"
    " tracks INTEGER NOT NULL, venues INTEGER NOT NULL, shows INTEGER NOT NULL,"
    " has_simulated INTEGER NOT NULL, ledger_count INTEGER NOT NULL, ledger_head BLOB NOT NULL);"
    "INSERT INTO state VALUES(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, zeroblob(32));"

    "CREATE TABLE record(row INTEGER PRIMARY KEY, kind INTEGER NOT NULL, id TEXT NOT NULL,"
    " folded_name TEXT NOT NULL, newest_known_at_ms INTEGER NOT NULL, UNIQUE(kind, id));"
    "CREATE INDEX record_by_name ON record(kind, folded_name, id);"
    "CREATE TABLE record_version(row INTEGER PRIMARY KEY,"
    " record INTEGER NOT NULL REFERENCES record(row), known_at_ms INTEGER NOT NULL,"
    " commit_seq INTEGER NOT NULL, simulated INTEGER NOT NULL, body BLOB NOT NULL);"
    "CREATE INDEX record_version_by_time ON record_version(record, known_at_ms, commit_seq);"
    "CREATE TABLE record_key(kind INTEGER NOT NULL, scheme TEXT NOT NULL, value TEXT NOT NULL,"
    " record INTEGER NOT NULL REFERENCES record(row), PRIMARY KEY(kind, scheme, value, record))"
    " WITHOUT ROWID;"
    "CREATE INDEX record_key_by_record ON record_key(record);"
    "CREATE TABLE show(record INTEGER PRIMARY KEY REFERENCES record(row), id TEXT NOT NULL,"
    " artist_id TEXT NOT NULL, venue_id TEXT NOT NULL, room_id TEXT NOT NULL,"
    " genre TEXT NOT NULL, day INTEGER NOT NULL);"
    "CREATE INDEX show_by_day ON show(day DESC, id);"
    "CREATE INDEX show_by_artist ON show(artist_id, day DESC, id);"
    "CREATE INDEX show_by_venue ON show(venue_id, day DESC, id);"

    "CREATE TABLE series(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, entity_id TEXT NOT NULL,"
    " source TEXT NOT NULL, metric TEXT NOT NULL, point_count INTEGER NOT NULL,"
    " newest_ms INTEGER NOT NULL, next_part INTEGER NOT NULL, small_count INTEGER NOT NULL,"
    " UNIQUE(kind, entity_id, source, metric));"
    "CREATE TABLE series_block(key INTEGER PRIMARY KEY, point_count INTEGER NOT NULL,"
    " min_observed_ms INTEGER NOT NULL, max_observed_ms INTEGER NOT NULL,"
    " min_known_ms INTEGER NOT NULL, data BLOB NOT NULL);"

    "CREATE TABLE event(sequence INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, type TEXT NOT NULL,"
    " trace_id TEXT NOT NULL, subject TEXT NOT NULL, body BLOB NOT NULL);"
    "CREATE TABLE trace(trace_id TEXT NOT NULL UNIQUE, agent TEXT NOT NULL, method TEXT NOT NULL,"
    " summary TEXT NOT NULL, start_ms INTEGER NOT NULL, duration_us INTEGER NOT NULL,"
    " status_code INTEGER NOT NULL, trace BLOB NOT NULL, reply BLOB NOT NULL);"
    "CREATE INDEX trace_by_time ON trace(start_ms, trace_id);"
    "CREATE INDEX trace_by_agent ON trace(agent, start_ms, trace_id);"

    "CREATE TABLE prediction(id TEXT NOT NULL UNIQUE, target TEXT NOT NULL, subject TEXT NOT NULL,"
    " agent TEXT NOT NULL, issue_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL,"
    " prediction INTEGER NOT NULL REFERENCES ledger_entry(entry),"
    " outcome INTEGER REFERENCES ledger_entry(entry), score INTEGER REFERENCES ledger_entry(entry),"
    " decision INTEGER REFERENCES ledger_entry(entry));"
    "CREATE INDEX prediction_by_time ON prediction(issue_ms, id);"
    "CREATE INDEX prediction_by_target ON prediction(target, issue_ms, id);"
    "CREATE INDEX prediction_by_subject ON prediction(subject, issue_ms, id);"
    "CREATE TABLE ledger_entry(entry INTEGER PRIMARY KEY, part INTEGER NOT NULL,"
    " prediction_id TEXT NOT NULL, body BLOB NOT NULL, hash BLOB NOT NULL);"

    "CREATE TABLE request(request_id TEXT NOT NULL PRIMARY KEY, method TEXT NOT NULL,"
    " reply BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE import(id TEXT NOT NULL UNIQUE, request_id TEXT UNIQUE,"
    " kind INTEGER NOT NULL, state INTEGER NOT NULL, begin BLOB NOT NULL, summary BLOB NOT NULL,"
    " chunk_count INTEGER NOT NULL, item_count INTEGER NOT NULL);"
    "CREATE TABLE import_chunk(import_id TEXT NOT NULL REFERENCES import(id),"
    " chunk_index INTEGER NOT NULL, body BLOB NOT NULL, UNIQUE(import_id, chunk_index));"
    "CREATE TABLE model(agent TEXT NOT NULL, version INTEGER NOT NULL, description TEXT NOT NULL,"
    " state BLOB NOT NULL, UNIQUE(agent, version));"
    "PRAGMA application_id = 1347571539;";

_Static_assert(SQLITE_APPLICATION == 1347571539, "as written in version_1");

/* Version 2 knows API keys. */
static const char version_2[] =
    "CREATE TABLE api_key(id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, scopes TEXT NOT NULL,"
    " secret_hash BLOB NOT NULL, create_ms INTEGER NOT NULL, expire_ms INTEGER NOT NULL,"
    " revoke_ms INTEGER NOT NULL, last_use_ms INTEGER NOT NULL);";

/* Version 3: shows are found by what was known of them at a moment. What older files found them by
 * before is not kept there, so all versions of such a show begin with the newest. */
static const char version_3[] =
    "CREATE TABLE show_version(version INTEGER PRIMARY KEY REFERENCES record_version(row),"
    " id TEXT NOT NULL, artist_id TEXT NOT NULL, venue_id TEXT NOT NULL, room_id TEXT NOT NULL,"
    " genre TEXT NOT NULL, day INTEGER NOT NULL);"
    "INSERT INTO show_version SELECT v.row, s.id, s.artist_id, s.venue_id, s.room_id, s.genre,"
    " s.day FROM record_version v JOIN show s ON s.record = v.record;"
    "DROP TABLE show;"
    "CREATE INDEX show_version_by_day ON show_version(day DESC, id);"
    "CREATE INDEX show_version_by_artist ON show_version(artist_id, day DESC, id);"
    "CREATE INDEX show_version_by_venue ON show_version(venue_id, day DESC, id);";

/* migrations[i] leads from version i to i + 1. Only ever add at the end. */
static const char *const migrations[] = {version_1, version_2, version_3};
#define NEWEST_VERSION ((int64_t)(sizeof migrations / sizeof *migrations))

static enum pros_status read_number(struct connection *connection, const char *sql, int64_t *number,
                                    struct failure *failure)
{
    sqlite3_stmt *statement = sql_start(connection, sql, "");
    if (sql_step(statement) != SQLITE_ROW)
        return connection_failure(connection, failure);
    *number = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return PROS_OK;
}

static enum pros_status migrate(struct connection *writer, int64_t version, struct failure *failure)
{
    enum pros_status status = connection_exec(writer, "BEGIN IMMEDIATE", failure);
    while (!status && version < NEWEST_VERSION) {
        status = connection_exec(writer, migrations[version], failure);
        version++;
    }
    char set_version[64];
    snprintf(set_version, sizeof set_version, "PRAGMA user_version = %lld", (long long)version);
    if (!status)
        status = connection_exec(writer, set_version, failure);
    if (!status)
        status = connection_exec(writer, "COMMIT", failure);
    if (status)
        connection_exec(writer, "ROLLBACK", NULL);
    return status;
}

enum pros_status schema_open(struct connection *writer, struct failure *failure)
{
    int64_t version, application, tables;
    enum pros_status status = read_number(writer, "PRAGMA user_version", &version, failure);
    if (!status)
        status = read_number(writer, "PRAGMA application_id", &application, failure);
    if (!status)
        status = read_number(writer, "SELECT count(*) FROM sqlite_schema", &tables, failure);
    if (status)
        return status;
    bool is_new = version == 0 && application == 0 && tables == 0;
    if (!is_new && application != SQLITE_APPLICATION)
        return failure_set(failure, PROS_FAILED_PRECONDITION, "STORE_FOREIGN_FILE",
                           "%s is a database, but not one of PromoterOS; choose another path for "
                           "the store.",
                           writer->path);
    if (version > NEWEST_VERSION || version < 0)
        return failure_set(failure, PROS_FAILED_PRECONDITION, "STORE_TOO_NEW",
                           "%s was written by a newer PromoterOS (file version %lld; this program "
                           "knows up to %lld); install the newer version, or choose another path "
                           "for the store.",
                           writer->path, (long long)version, (long long)NEWEST_VERSION);
    /* journal_mode cannot change within a transaction; it is kept in the file. */
    status = connection_exec(writer, "PRAGMA journal_mode = WAL", failure);
    if (!status && version < NEWEST_VERSION)
        status = migrate(writer, version, failure);
    return status;
}

enum pros_status state_load(struct connection *connection, struct store_state *state,
                            struct failure *failure)
{
    sqlite3_stmt *row =
        sql_start(connection,
                  "SELECT commit_seq, event_sequence, point_count, artists, tracks, venues, shows,"
                  " has_simulated, ledger_count, ledger_head FROM state",
                  "");
    if (sql_step(row) != SQLITE_ROW)
        return connection_failure(connection, failure);
    *state = (struct store_state){
        .commit_seq = sqlite3_column_int64(row, 0),
        .event_sequence = sqlite3_column_int64(row, 1),
        .point_count = sqlite3_column_int64(row, 2),
        .has_simulated = sqlite3_column_int64(row, 7),
        .ledger_count = sqlite3_column_int64(row, 8),
    };
    for (int kind = RECORD_ARTIST; kind <= RECORD_SHOW; kind++)
        state->record_counts[kind] = sqlite3_column_int64(row, 2 + kind);
    struct pros_bytes head = sql_bytes(row, 9);
    bool good = head.size == sizeof state->ledger_head;
    if (good)
        memcpy(state->ledger_head, head.data, head.size);
    sqlite3_reset(row);
    if (good)
        return PROS_OK;
    return failure_set(failure, PROS_INTERNAL, "STORE_DAMAGED",
                       "%s is damaged (its state row cannot be read); restore it from a backup.",
                       connection->path);
}

enum pros_status state_save(struct sqlite_store *store, struct failure *failure)
{
    const struct store_state *state = &store->state;
    struct pros_bytes head = {state->ledger_head, sizeof state->ledger_head};
    return sql_run(&store->writer, failure,
                   "UPDATE state SET commit_seq = ?, event_sequence = ?, point_count = ?,"
                   " artists = ?, tracks = ?, venues = ?, shows = ?, has_simulated = ?,"
                   " ledger_count = ?, ledger_head = ?",
                   "iiiiiiiiib", state->commit_seq, state->event_sequence, state->point_count,
                   state->record_counts[RECORD_ARTIST], state->record_counts[RECORD_TRACK],
                   state->record_counts[RECORD_VENUE], state->record_counts[RECORD_SHOW],
                   state->has_simulated, state->ledger_count, head);
}
