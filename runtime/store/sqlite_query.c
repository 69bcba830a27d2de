#include "store/sqlite_query.h"

#include <assert.h>

#define MAX_SQL_BYTES ((size_t)64 * 1024)

struct query_bind {
    struct query_bind *next;
    const char *text; /* NULL: a number */
    int64_t number;
};

void query_open(struct query *query, const char *select)
{
    *query = (struct query){0};
    buffer_open(&query->sql, MAX_SQL_BYTES);
    arena_open(&query->arena, 0);
    query->last = &query->first;
    query_add(query, select);
}

void query_close(struct query *query)
{
    sqlite3_finalize(query->statement);
    buffer_close(&query->sql);
    arena_close(&query->arena);
}

void query_add(struct query *query, const char *fragment)
{
    bool added = buffer_add_string(&query->sql, fragment);
    assert(added);
    (void)added;
}

static void add_bind(struct query *query, const char *text, int64_t number)
{
    struct query_bind *bind = arena_alloc(&query->arena, sizeof *bind);
    bind->text = text;
    bind->number = number;
    *query->last = bind;
    query->last = &bind->next;
}

void query_int(struct query *query, const char *fragment, int64_t value)
{
    query_add(query, fragment);
    add_bind(query, NULL, value);
}

void query_text(struct query *query, const char *fragment, const char *value)
{
    query_add(query, fragment);
    add_bind(query, value, 0);
}

void query_in(struct query *query, const char *column, const char *const *values, size_t count)
{
    assert(count <= MAX_QUERY_IDS);
    if (count == 0)
        return;
    query_add(query, " AND ");
    query_add(query, column);
    query_add(query, " IN (");
    for (size_t i = 0; i < count; i++)
        query_text(query, i ? ",?" : "?", values[i]);
    query_add(query, ")");
}

sqlite3_stmt *query_start(struct query *query, struct connection *connection)
{
    int rc = sqlite3_prepare_v2(connection->db, query->sql.data, -1, &query->statement, NULL);
    int column = 0;
    for (const struct query_bind *bind = query->first; bind && rc == SQLITE_OK; bind = bind->next) {
        column++;
        rc = bind->text ? sqlite3_bind_text(query->statement, column, bind->text, -1, SQLITE_STATIC)
                        : sqlite3_bind_int64(query->statement, column, bind->number);
    }
    return rc == SQLITE_OK ? query->statement : NULL;
}
