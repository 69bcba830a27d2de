/*
 * The keys in memory, for the two files that share them: access.c checks, access_keys.c changes.
 *
 * Why: see access.h. Memory: entries live until access_close(), also those of revoked keys.
 * Threads: lists and keys under `lock`; last_use_ms is atomic; written_use_ms is the writer
 * thread's own. Errors: none.
 */
#ifndef PROMOTEROS_HOST_ACCESS_STATE_H
#define PROMOTEROS_HOST_ACCESS_STATE_H

#include "host/access.h"

#include <pthread.h>
#include <stdatomic.h>

#define ACCESS_HASH_BYTES 32

struct access_entry {
    struct access_key key; /* last_use_ms is in the field below */
    uint8_t hash[ACCESS_HASH_BYTES];
    atomic_llong last_use_ms;
    int64_t written_use_ms;
};

struct access {
    struct store *store; /* NULL: keys are not kept */
    bool require_key;
    int64_t (*now_ms)(void);
    pthread_mutex_t changing; /* held while a key is made or revoked */
    pthread_rwlock_t lock;    /* guards what follows */
    struct access_entry **by_time, **by_id;
    size_t count, capacity;

    pthread_t writer; /* writes down last uses */
    pthread_mutex_t writer_lock;
    pthread_cond_t wake;
    bool has_writer, closing;
};

/* NULL when there is none. [lock held] */
struct access_entry *access_find(const struct access *access, const char *id);
/* A new key: an id, the token that its owner gets, and what is kept of it. */
void access_token_new(char id[ACCESS_ID_SIZE], char token[ACCESS_SECRET_SIZE],
                      uint8_t hash[ACCESS_HASH_BYTES]);

#endif
