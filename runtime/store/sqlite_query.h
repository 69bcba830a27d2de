/*
 * A query whose conditions depend on what was asked.
 *
 * Why: a condition that is not there lets SQLite use the index of one that is. Only constant
 * fragments become SQL; what strangers wrote is bound.
 *
 * Memory: texts must live until query_close(), which also finalizes the statement. Threads: one at
 * a time. Errors: query_start() returns NULL; connection_failure() says why.
 */
#ifndef PROMOTEROS_STORE_SQLITE_QUERY_H
#define PROMOTEROS_STORE_SQLITE_QUERY_H

#include "base/buffer.h"
#include "store/sqlite.h"

struct query {
    struct buffer sql;
    struct arena arena;
    struct query_bind *first, **last;
    sqlite3_stmt *statement;
};

void query_open(struct query *query, const char *select);
void query_close(struct query *query);
/* A constant fragment. */
void query_add(struct query *query, const char *fragment);
/* A constant fragment and the value of one more "?" in it. */
void query_int(struct query *query, const char *fragment, int64_t value);
void query_text(struct query *query, const char *fragment, const char *value);
/* Adds " AND <column> IN (?, ...)"; nothing when count is 0. */
void query_in(struct query *query, const char *column, const char *const *values, size_t count);
sqlite3_stmt *query_start(struct query *query, struct connection *connection);

#endif
