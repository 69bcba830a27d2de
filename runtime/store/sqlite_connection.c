/* Connections, prepared statements, and SQLite's errors in words. */
#include "store/sqlite.h"

#include "base/memory.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum pros_status connection_failure(const struct connection *connection, struct failure *failure)
{
    int code = connection->db ? sqlite3_errcode(connection->db) : SQLITE_NOMEM;
    const char *detail = connection->db ? sqlite3_errmsg(connection->db) : "out of memory";
    const char *path = connection->path;
    switch (code & 0xFF) {
    case SQLITE_FULL:
        return failure_set(failure, PROS_UNAVAILABLE, "STORE_FULL",
                           "The disk that holds %s is full, so nothing was saved; free some space "
                           "and try again.",
                           path);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return failure_set(failure, PROS_UNAVAILABLE, "STORE_BUSY",
                           "%s is locked by another program; close what has it open and try again.",
                           path);
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return failure_set(failure, PROS_UNAVAILABLE, "STORE_UNREADABLE",
                           "%s cannot be read or written (%s); check its permissions and the disk.",
                           path, detail);
    case SQLITE_NOTADB:
        return failure_set(failure, PROS_FAILED_PRECONDITION, "STORE_NOT_A_DATABASE",
                           "%s is not a database; choose another path for the store.", path);
    case SQLITE_CORRUPT:
        return failure_set(failure, PROS_INTERNAL, "STORE_DAMAGED",
                           "%s is damaged (%s); restore it from a backup.", path, detail);
    case SQLITE_CONSTRAINT:
        return failure_set(failure, PROS_ALREADY_EXISTS, "STORE_EXISTS",
                           "This is in the store already (%s); nothing was saved.", detail);
    default:
        return failure_set(failure, PROS_INTERNAL, "STORE_ERROR", "The store failed on %s: %s.",
                           path, detail);
    }
}

enum pros_status connection_exec(struct connection *connection, const char *sql,
                                 struct failure *failure)
{
    if (sqlite3_exec(connection->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return connection_failure(connection, failure);
    return PROS_OK;
}

enum pros_status connection_open(struct connection *connection, const char *path, bool writable,
                                 struct failure *failure)
{
    *connection = (struct connection){.path = path};
    int flags = writable ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    int rc = sqlite3_open_v2(path, &connection->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
    enum pros_status status = PROS_OK;
    if (rc != SQLITE_OK)
        status = connection_failure(connection, failure);
    if (!status) {
        sqlite3_extended_result_codes(connection->db, 1);
        sqlite3_busy_timeout(connection->db, BUSY_TIMEOUT_MS);
        sqlite3_db_config(connection->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(connection->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        status = connection_exec(connection,
                                 writable ? "PRAGMA synchronous = FULL;"
                                            "PRAGMA foreign_keys = ON;"
                                            "PRAGMA temp_store = MEMORY;"
                                            "PRAGMA journal_size_limit = 16777216;"
                                            "PRAGMA cache_size = -4000"
                                          : "PRAGMA temp_store = MEMORY;"
                                            "PRAGMA cache_size = -2000",
                                 failure);
    }
    if (status)
        connection_close(connection);
    return status;
}

void connection_close(struct connection *connection)
{
    for (size_t i = 0; i < connection->statement_count; i++)
        sqlite3_finalize(connection->statements[i].statement);
    sqlite3_close(connection->db);
    *connection = (struct connection){0};
}

/* SQL texts are constants, so the pointer is the name. */
static sqlite3_stmt *find_statement(struct connection *connection, const char *sql)
{
    for (size_t i = 0; i < connection->statement_count; i++)
        if (connection->statements[i].sql == sql)
            return connection->statements[i].statement;
    assert(connection->statement_count < MAX_STATEMENTS);
    sqlite3_stmt *statement = NULL;
    int rc =
        sqlite3_prepare_v3(connection->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
    if (rc != SQLITE_OK)
        return NULL;
    size_t slot = connection->statement_count++;
    connection->statements[slot].sql = sql;
    connection->statements[slot].statement = statement;
    return statement;
}

static int bind_one(sqlite3_stmt *statement, int column, char type, va_list *arguments)
{
    switch (type) {
    case 'i':
        return sqlite3_bind_int64(statement, column, va_arg(*arguments, int64_t));
    case 't':
        return sqlite3_bind_text(statement, column, va_arg(*arguments, const char *), -1,
                                 SQLITE_STATIC);
    default: {
        assert(type == 'b');
        struct pros_bytes bytes = va_arg(*arguments, struct pros_bytes);
        const void *data = bytes.size ? bytes.data : ""; /* NULL would mean SQL's NULL */
        return sqlite3_bind_blob64(statement, column, data, bytes.size, SQLITE_STATIC);
    }
    }
}

static sqlite3_stmt *start(struct connection *connection, const char *sql, const char *types,
                           va_list *arguments)
{
    sqlite3_stmt *statement = find_statement(connection, sql);
    if (!statement)
        return NULL;
    sqlite3_reset(statement);
    assert(sqlite3_bind_parameter_count(statement) == (int)strlen(types));
    for (int i = 0; types[i]; i++)
        if (bind_one(statement, i + 1, types[i], arguments) != SQLITE_OK)
            return NULL;
    return statement;
}

sqlite3_stmt *sql_start(struct connection *connection, const char *sql, const char *types, ...)
{
    va_list arguments;
    va_start(arguments, types);
    sqlite3_stmt *statement = start(connection, sql, types, &arguments);
    va_end(arguments);
    return statement;
}

int sql_step(sqlite3_stmt *statement)
{
    return statement ? sqlite3_step(statement) : SQLITE_ERROR;
}

enum pros_status sql_run(struct connection *connection, struct failure *failure, const char *sql,
                         const char *types, ...)
{
    va_list arguments;
    va_start(arguments, types);
    sqlite3_stmt *statement = start(connection, sql, types, &arguments);
    va_end(arguments);
    enum pros_status status = PROS_OK;
    if (sql_step(statement) != SQLITE_DONE)
        status = connection_failure(connection, failure);
    sqlite3_reset(statement);
    return status;
}

const char *sql_text(sqlite3_stmt *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return text ? text : "";
}

struct pros_bytes sql_bytes(sqlite3_stmt *statement, int column)
{
    const void *data = sqlite3_column_blob(statement, column);
    return (struct pros_bytes){data, (size_t)sqlite3_column_bytes(statement, column)};
}

struct pros_bytes sql_copy_bytes(sqlite3_stmt *statement, int column, struct arena *arena)
{
    struct pros_bytes bytes = sql_bytes(statement, column);
    return (struct pros_bytes){arena_copy(arena, bytes.data, bytes.size), bytes.size};
}

/*
 * Readers never wait for one another: a visitor may read again while its own read is open, so a
 * fixed pool could lock up. A connection beyond the idle ones is opened, and closed afterwards.
 */
enum pros_status read_begin(struct store *base, struct connection **connection,
                            struct failure *failure)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    struct connection *reader = NULL;
    pthread_mutex_lock(&store->mutex);
    if (store->idle_count)
        reader = store->idle[--store->idle_count];
    pthread_mutex_unlock(&store->mutex);
    enum pros_status status = PROS_OK;
    if (!reader) {
        reader = memory_new(1, sizeof *reader);
        status = connection_open(reader, store->path, false, failure);
    }
    if (!status)
        status = connection_exec(reader, "BEGIN", failure);
    if (status) {
        connection_close(reader);
        free(reader);
        return status;
    }
    *connection = reader;
    return PROS_OK;
}

enum pros_status read_end(struct store *base, struct connection *connection, int rc,
                          enum pros_status status, struct failure *failure)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    if (!status && rc != SQLITE_ROW && rc != SQLITE_DONE)
        status = connection_failure(connection, failure);
    sqlite3_stmt *statement = NULL;
    while ((statement = sqlite3_next_stmt(connection->db, statement)))
        sqlite3_reset(statement);
    bool ended = connection_exec(connection, "COMMIT", NULL) == PROS_OK;
    pthread_mutex_lock(&store->mutex);
    bool kept = ended && store->idle_count < IDLE_READERS;
    if (kept)
        store->idle[store->idle_count++] = connection;
    pthread_mutex_unlock(&store->mutex);
    if (!kept) {
        connection_close(connection);
        free(connection);
    }
    return status;
}
