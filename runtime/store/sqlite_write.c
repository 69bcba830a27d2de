/* The one writer: groups of batches, a savepoint each. */
#include "base/log.h"
#include "store/sqlite.h"

#include <errno.h>
#include <time.h>

#define LINGER_US        2000
#define MAX_GROUP_BYTES  ((size_t)16 * 1024 * 1024)
#define MAX_QUEUED_BYTES ((size_t)256 * 1024 * 1024)

void sqlite_submit(struct store *base, struct store_batch *batch)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    pthread_mutex_lock(&store->mutex);
    /* Back-pressure; but a batch submitted by done(), on the writer itself, must not wait for the
     * writer. */
    while (store->queued_bytes > MAX_QUEUED_BYTES && !pthread_equal(pthread_self(), store->thread))
        pthread_cond_wait(&store->room, &store->mutex);
    *store->last = batch;
    store->last = &batch->next;
    store->queued_count++;
    store->queued_bytes += batch->arena.used_bytes;
    pthread_cond_signal(&store->work);
    pthread_mutex_unlock(&store->mutex);
}

/*
 * Waiting a little lets others join the same fsync, but only pays when there are others: the last
 * group's size is the guess.
 */
static void linger(struct sqlite_store *store, size_t expected_count)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += LINGER_US * 1000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    while (store->queued_count < expected_count && !store->closing)
        if (pthread_cond_timedwait(&store->work, &store->mutex, &until) == ETIMEDOUT)
            return;
}

/* Waits for batches and takes a group of them; NULL when the store closes and nothing is left. */
static struct store_batch *take_group(struct sqlite_store *store, size_t *group_count)
{
    pthread_mutex_lock(&store->mutex);
    while (!store->first && !store->closing)
        pthread_cond_wait(&store->work, &store->mutex);
    if (store->first)
        linger(store, *group_count);
    struct store_batch *group = store->first;
    struct store_batch **end = &group;
    size_t bytes = 0;
    *group_count = 0;
    while (*end && (*group_count == 0 || bytes < MAX_GROUP_BYTES)) {
        bytes += (*end)->arena.used_bytes;
        ++*group_count;
        end = &(*end)->next;
    }
    store->first = *end;
    *end = NULL;
    if (!store->first)
        store->last = &store->first;
    store->queued_count -= *group_count;
    store->queued_bytes -= bytes;
    pthread_cond_broadcast(&store->room);
    pthread_mutex_unlock(&store->mutex);
    return group;
}

static enum pros_status apply_op(struct sqlite_store *store, const struct store_op *op,
                                 struct failure *failure)
{
    switch (op->kind) {
    case OP_RECORD:
        return write_record(store, &op->record, failure);
    case OP_POINTS:
        return write_points(store, &op->points, failure);
    case OP_EVENT:
        return write_event(store, &op->event, failure);
    case OP_TRACE:
        return write_trace(store, &op->trace, failure);
    case OP_PREDICTION:
        return write_prediction(store, &op->prediction, failure);
    case OP_LEDGER:
        return write_ledger(store, op->item.id, op->item.part, op->item.body, failure);
    case OP_API_KEY:
        return write_api_key(store, &op->api_key, failure);
    default:
        return write_staging(store, op, failure);
    }
}

/* All of the batch, or nothing of it. */
static void apply_batch(struct sqlite_store *store, struct store_batch *batch)
{
    struct failure *failure = &batch->failure;
    struct store_state before = store->state;
    batch->commit_seq = ++store->state.commit_seq;
    batch->status = connection_exec(&store->writer, "SAVEPOINT batch", failure);
    for (const struct store_op *op = batch->first; op && !batch->status; op = op->next)
        batch->status = apply_op(store, op, failure);
    if (!batch->status)
        batch->status = connection_exec(&store->writer, "RELEASE batch", failure);
    if (batch->status) {
        store->state = before;
        batch->commit_seq = 0;
        /* On a full disk SQLite may have rolled back everything: commit_group() looks. */
        connection_exec(&store->writer, "ROLLBACK TO batch; RELEASE batch", NULL);
    }
}

static void fail_group(struct store_batch *group, enum pros_status status,
                       const struct failure *failure)
{
    for (struct store_batch *batch = group; batch; batch = batch->next)
        if (!batch->status) {
            batch->status = status;
            batch->failure = *failure;
            batch->commit_seq = 0;
        }
}

/* A line when trouble starts and one when it ends; a full disk would fill the log as well. */
static void log_trouble(struct sqlite_store *store, enum pros_status status,
                        const struct failure *failure)
{
    if (status && !store->in_trouble)
        log_error("%s", failure->sentence);
    else if (!status && store->in_trouble)
        log_info("%s can be written again", store->path);
    store->in_trouble = status != PROS_OK;
}

static void commit_group(struct sqlite_store *store, struct store_batch *group)
{
    struct failure failure = {0};
    struct store_state before = store->state;
    enum pros_status status = connection_exec(&store->writer, "BEGIN IMMEDIATE", &failure);
    for (struct store_batch *batch = group; batch && !status; batch = batch->next) {
        apply_batch(store, batch);
        if (sqlite3_get_autocommit(store->writer.db)) {
            status = batch->status;
            failure = batch->failure;
        }
    }
    if (!status)
        status = state_save(store, &failure);
    if (!status)
        status = connection_exec(&store->writer, "COMMIT", &failure);
    if (status) {
        if (!sqlite3_get_autocommit(store->writer.db))
            connection_exec(&store->writer, "ROLLBACK", NULL);
        store->state = before;
        fail_group(group, status, &failure);
    }
    log_trouble(store, status, &failure);
    pthread_mutex_lock(&store->mutex);
    if (store->newest_event != store->state.event_sequence) {
        store->newest_event = store->state.event_sequence;
        pthread_cond_broadcast(&store->events);
    }
    pthread_mutex_unlock(&store->mutex);
}

void *writer_run(void *context)
{
    struct sqlite_store *store = context;
    size_t group_count = 0;
    struct store_batch *group;
    while ((group = take_group(store, &group_count))) {
        commit_group(store, group);
        while (group) {
            struct store_batch *next = group->next;
            store_batch_finish(group);
            group = next;
        }
    }
    return NULL;
}
