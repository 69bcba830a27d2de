/* API keys. */
#include "store/sqlite.h"
#include "store/sqlite_read.h"

enum pros_status write_api_key(struct sqlite_store *store, const struct store_api_key *key,
                               struct failure *failure)
{
    return sql_run(&store->writer, failure,
                   "INSERT INTO api_key VALUES(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE"
                   " SET revoke_ms = iif(revoke_ms, revoke_ms, excluded.revoke_ms),"
                   " last_use_ms = max(last_use_ms, excluded.last_use_ms)",
                   "tttbiiii", key->id, key->name, key->scopes, key->secret_hash, key->create_ms,
                   key->expire_ms, key->revoke_ms, key->last_use_ms);
}

enum pros_status sqlite_list_api_keys(struct store *store, store_api_key_visitor *visit,
                                      void *context, struct failure *failure)
{
    struct connection *connection;
    enum pros_status status = read_begin(store, &connection, failure);
    if (status)
        return status;
    sqlite3_stmt *rows = sql_start(connection,
                                   "SELECT id, name, scopes, secret_hash, create_ms, expire_ms,"
                                   " revoke_ms, last_use_ms FROM api_key ORDER BY rowid",
                                   "");
    int rc = SQLITE_DONE;
    while (!status && (rc = sql_step(rows)) == SQLITE_ROW) {
        const struct store_api_key key = {
            .id = sql_text(rows, 0),
            .name = sql_text(rows, 1),
            .scopes = sql_text(rows, 2),
            .secret_hash = sql_bytes(rows, 3),
            .create_ms = sqlite3_column_int64(rows, 4),
            .expire_ms = sqlite3_column_int64(rows, 5),
            .revoke_ms = sqlite3_column_int64(rows, 6),
            .last_use_ms = sqlite3_column_int64(rows, 7),
        };
        status = visit(context, &key);
    }
    return read_end(store, connection, rc, status, failure);
}
