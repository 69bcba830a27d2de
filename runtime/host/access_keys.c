/* The keys themselves: kept in the store, all of them in memory. */
#include "host/access.h"

#include "base/log.h"
#include "base/memory.h"
#include "host/access_state.h"
#include "host/host_state.h"
#include "host/journal.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define WRITE_EVERY_S  60
#define JOINED_SCOPES  (ACCESS_MAX_SCOPES * ACCESS_SCOPE_SIZE)
#define COPY(to, text) snprintf((to), sizeof(to), "%s", (text))

/* ---- in memory ---- */

/* Where the id stands in by_id, or belongs. */
static size_t place_of(const struct access *access, const char *id)
{
    size_t low = 0, high = access->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(access->by_id[middle]->key.id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct access_entry *access_find(const struct access *access, const char *id)
{
    size_t place = place_of(access, id);
    bool found = place < access->count && strcmp(access->by_id[place]->key.id, id) == 0;
    return found ? access->by_id[place] : NULL;
}

/* Takes over the entry. */
static void insert(struct access *access, struct access_entry *entry)
{
    size_t place = place_of(access, entry->key.id);
    if (access->count == access->capacity) {
        access->capacity = access->capacity ? 2 * access->capacity : 16;
        access->by_time =
            memory_resize(access->by_time, access->capacity, sizeof(*access->by_time));
        access->by_id = memory_resize(access->by_id, access->capacity, sizeof(*access->by_id));
    }
    memmove(access->by_id + place + 1, access->by_id + place,
            (access->count - place) * sizeof(*access->by_id));
    access->by_id[place] = entry;
    access->by_time[access->count++] = entry;
}

static void copy_key(const struct access_entry *entry, struct access_key *key)
{
    *key = entry->key;
    key->last_use_ms = atomic_load(&entry->last_use_ms);
}

bool access_key_at(struct host *host, size_t position, struct access_key *key)
{
    struct access *access = host->access;
    pthread_rwlock_rdlock(&access->lock);
    bool found = position < access->count;
    if (found)
        copy_key(access->by_time[position], key);
    pthread_rwlock_unlock(&access->lock);
    return found;
}

/* ---- in the store ---- */

static bool split_scopes(const char *joined, struct access_key *key)
{
    while (*joined) {
        size_t size = strcspn(joined, " ");
        if (size == 0 || size >= ACCESS_SCOPE_SIZE || key->scope_count == ACCESS_MAX_SCOPES)
            return false;
        memcpy(key->scopes[key->scope_count++], joined, size);
        joined += size + (joined[size] == ' ');
    }
    return key->scope_count > 0;
}

static void join_scopes(const struct access_key *key, char joined[JOINED_SCOPES])
{
    size_t size = 0;
    joined[0] = '\0';
    for (size_t i = 0; i < key->scope_count; i++)
        size += (size_t)snprintf(joined + size, JOINED_SCOPES - size, "%s%s", i ? " " : "",
                                 key->scopes[i]);
}

struct loading {
    struct access *access;
    struct failure *failure;
};

static enum pros_status load_key(void *context, const struct store_api_key *stored)
{
    struct loading *loading = context;
    struct access_entry *entry = memory_new(1, sizeof *entry);
    struct access_key *key = &entry->key;
    if (strlen(stored->id) != ACCESS_ID_SIZE - 1 || strlen(stored->name) >= ACCESS_NAME_SIZE ||
        stored->secret_hash.size != ACCESS_HASH_BYTES || !split_scopes(stored->scopes, key)) {
        free(entry);
        return failure_set(loading->failure, PROS_DATA_LOSS, "STORE_DAMAGED",
                           "The API key \"%.40s\" cannot be read from the store; restore the store "
                           "from a backup.",
                           stored->id);
    }
    COPY(key->id, stored->id);
    COPY(key->name, stored->name);
    memcpy(entry->hash, stored->secret_hash.data, ACCESS_HASH_BYTES);
    key->create_ms = stored->create_ms;
    key->expire_ms = stored->expire_ms;
    key->revoke_ms = stored->revoke_ms;
    entry->written_use_ms = stored->last_use_ms;
    atomic_init(&entry->last_use_ms, stored->last_use_ms);
    insert(loading->access, entry);
    return PROS_OK;
}

static void add_key(struct store_batch *batch, const struct access_entry *entry, int64_t revoke_ms)
{
    char joined[JOINED_SCOPES];
    const struct access_key *key = &entry->key;
    join_scopes(key, joined);
    store_add_api_key(batch, &(struct store_api_key){
                                 .id = key->id,
                                 .name = key->name,
                                 .scopes = joined,
                                 .secret_hash = {entry->hash, sizeof entry->hash},
                                 .create_ms = key->create_ms,
                                 .expire_ms = key->expire_ms,
                                 .revoke_ms = revoke_ms,
                                 .last_use_ms = atomic_load(&entry->last_use_ms),
                             });
}

/* The key and the event that says so, together. */
static enum pros_status keep(const struct host *host, const struct access_entry *entry,
                             int64_t revoke_ms, const char *type, struct failure *failure)
{
    if (!host->store)
        return PROS_OK;
    Promoteros__V1__Event event = PROMOTEROS__V1__EVENT__INIT;
    struct store_batch *batch = store_batch_new();
    add_key(batch, entry, revoke_ms);
    journal_add_event(host, batch, type, "", entry->key.id, &event);
    return store_commit(host->store, batch, NULL, failure);
}

/* ---- last uses ---- */

static void write_uses(struct access *access)
{
    struct store_batch *batch = store_batch_new();
    bool any = false;
    pthread_rwlock_rdlock(&access->lock);
    for (size_t i = 0; i < access->count; i++) {
        struct access_entry *entry = access->by_time[i];
        int64_t use_ms = atomic_load(&entry->last_use_ms);
        if (use_ms == entry->written_use_ms)
            continue;
        entry->written_use_ms = use_ms;
        add_key(batch, entry, entry->key.revoke_ms);
        any = true;
    }
    pthread_rwlock_unlock(&access->lock);
    if (any)
        store_submit(access->store, batch, NULL, NULL);
    else
        store_batch_free(batch);
}

/* On a thread of its own, since the store may make its writers wait and no call shall. */
static void *writer_run(void *context)
{
    struct access *access = context;
    pthread_mutex_lock(&access->writer_lock);
    while (!access->closing) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += WRITE_EVERY_S;
        while (!access->closing &&
               pthread_cond_timedwait(&access->wake, &access->writer_lock, &until) != ETIMEDOUT)
            ;
        pthread_mutex_unlock(&access->writer_lock);
        write_uses(access);
        pthread_mutex_lock(&access->writer_lock);
    }
    pthread_mutex_unlock(&access->writer_lock);
    return NULL;
}

/* Signals are for the threads that wait for them. */
static enum pros_status start_writer(struct access *access, struct failure *failure)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    access->has_writer = pthread_create(&access->writer, NULL, writer_run, access) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (access->has_writer) {
        pthread_setname_np(access->writer, "access-writer");
        return PROS_OK;
    }
    return failure_set(failure, PROS_RESOURCE_EXHAUSTED, "NO_THREADS",
                       "The system does not give the host its threads; lower host.threads.");
}

/* ---- opening and closing ---- */

static void warn_of_locked_doors(const struct access *access)
{
    int64_t now_ms = access->now_ms();
    for (size_t i = 0; i < access->count; i++) {
        const struct access_key *key = &access->by_time[i]->key;
        if (key->revoke_ms == 0 && (key->expire_ms == 0 || now_ms < key->expire_ms))
            return;
    }
    log_warning("access.require_key is on, and there is no key that is good: every call will be "
                "refused. Start once with access.require_key: false and run: promoterosctl keys "
                "add NAME");
}

enum pros_status access_open(struct store *store, bool require_key, int64_t (*now_ms)(void),
                             struct access **access, struct failure *failure)
{
    struct access *made = memory_new(1, sizeof *made);
    enum pros_status status = PROS_OK;
    pthread_condattr_t monotonic;
    made->store = store;
    made->require_key = require_key;
    made->now_ms = now_ms;
    pthread_mutex_init(&made->changing, NULL);
    pthread_rwlock_init(&made->lock, NULL);
    pthread_mutex_init(&made->writer_lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&made->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (store) {
        struct loading loading = {made, failure};
        status = store_list_api_keys(store, load_key, &loading, failure);
        if (status == PROS_OK)
            status = start_writer(made, failure);
    }
    if (status == PROS_OK && require_key)
        warn_of_locked_doors(made);
    if (status == PROS_OK)
        *access = made;
    else
        access_close(made);
    return status;
}

void access_close(struct access *access)
{
    if (!access)
        return;
    if (access->has_writer) {
        pthread_mutex_lock(&access->writer_lock);
        access->closing = true;
        pthread_cond_signal(&access->wake);
        pthread_mutex_unlock(&access->writer_lock);
        pthread_join(access->writer, NULL);
    }
    for (size_t i = 0; i < access->count; i++)
        free(access->by_time[i]);
    free(access->by_time);
    free(access->by_id);
    pthread_cond_destroy(&access->wake);
    pthread_mutex_destroy(&access->writer_lock);
    pthread_rwlock_destroy(&access->lock);
    pthread_mutex_destroy(&access->changing);
    free(access);
}

/* ---- changes ---- */

/* With `changing` held, so that the lists do not change; nobody else writes to them. */
static enum pros_status create(struct host *host, struct access_entry *entry,
                               char secret[ACCESS_SECRET_SIZE], struct failure *failure)
{
    struct access *access = host->access;
    if (access->count >= ACCESS_MAX_KEYS)
        return failure_set(failure, PROS_RESOURCE_EXHAUSTED, "TOO_MANY_KEYS",
                           "There are %d API keys, and no more are kept, revoked ones included; "
                           "use one of those that there are.",
                           ACCESS_MAX_KEYS);
    do
        access_token_new(entry->key.id, secret, entry->hash);
    while (access_find(access, entry->key.id));
    enum pros_status status = keep(host, entry, 0, "key.created", failure);
    if (status != PROS_OK)
        return status;
    pthread_rwlock_wrlock(&access->lock);
    insert(access, entry);
    pthread_rwlock_unlock(&access->lock);
    return PROS_OK;
}

enum pros_status access_create(struct host *host, struct access_key *key,
                               char secret[ACCESS_SECRET_SIZE], struct failure *failure)
{
    struct access *access = host->access;
    struct access_entry *entry = memory_new(1, sizeof *entry);
    key->create_ms = access->now_ms();
    key->revoke_ms = key->last_use_ms = 0;
    entry->key = *key;
    pthread_mutex_lock(&access->changing);
    enum pros_status status = create(host, entry, secret, failure);
    if (status == PROS_OK)
        COPY(key->id, entry->key.id);
    pthread_mutex_unlock(&access->changing);
    if (status != PROS_OK)
        free(entry);
    return status;
}

enum pros_status access_revoke(struct host *host, const char *id, struct access_key *key,
                               struct failure *failure)
{
    struct access *access = host->access;
    enum pros_status status = PROS_OK;
    pthread_mutex_lock(&access->changing);
    struct access_entry *entry = access_find(access, id);
    if (!entry) {
        status =
            failure_set(failure, PROS_NOT_FOUND, "KEY_NOT_FOUND",
                        "There is no API key \"%.40s\"; list them with: promoterosctl keys", id);
    } else if (entry->key.revoke_ms == 0) {
        int64_t now_ms = access->now_ms();
        status = keep(host, entry, now_ms, "key.revoked", failure);
        if (status == PROS_OK) {
            pthread_rwlock_wrlock(&access->lock);
            entry->key.revoke_ms = now_ms;
            pthread_rwlock_unlock(&access->lock);
        }
    }
    if (status == PROS_OK)
        copy_key(entry, key);
    pthread_mutex_unlock(&access->changing);
    return status;
}
