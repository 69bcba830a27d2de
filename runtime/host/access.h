/*
 * Who calls, and what they may: API keys.
 *
 * Why: on loopback a key is a burden, beyond it a must, and every door (gRPC, HTTP) has to give the
 * same answer. A door asks access_check() before it hands a call to the host. Keys are 256 random
 * bits, shown once, kept as a hash; all of them are in memory, so a check reads no store. What an
 * agent calls for its evidence is the host's doing and is not checked again.
 *
 * Memory: owned by the host; results are copied out. Threads: any; a revoked key is refused from
 * the moment that access_revoke() returns. Errors: UNAUTHENTICATED (KEY_MISSING, KEY_INVALID) says
 * how to get a key and never which part of one was wrong; PERMISSION_DENIED (KEY_SCOPE) names the
 * scope that is missing.
 */
#ifndef PROMOTEROS_HOST_ACCESS_H
#define PROMOTEROS_HOST_ACCESS_H

#include "base/failure.h"
#include "store/store.h"

#include <stdbool.h>

struct host;

#define ACCESS_ID_SIZE     17  /* 16 hexadecimal digits */
#define ACCESS_NAME_SIZE   101 /* UTF-8 */
#define ACCESS_SCOPE_SIZE  201
#define ACCESS_MAX_SCOPES  16
#define ACCESS_MAX_KEYS    10000
#define ACCESS_SECRET_SIZE 66 /* "pros_", id, "_", 43 characters of base64url */

/*
 * A key without its secret. A scope is a star for everything, "promoteros.v1.Service/" and a star
 * for a service, "promoteros.v1.Service/Method", or "read": every method without side effects,
 * except those of AccessService. Times are 0 for never.
 */
struct access_key {
    char id[ACCESS_ID_SIZE];
    char name[ACCESS_NAME_SIZE];
    size_t scope_count;
    char scopes[ACCESS_MAX_SCOPES][ACCESS_SCOPE_SIZE];
    int64_t create_ms, expire_ms, revoke_ms, last_use_ms;
};

/* Who calls. An anonymous caller has full rights, no id and no name. */
struct access_identity {
    bool anonymous;
    char key_id[ACCESS_ID_SIZE];
    char name[ACCESS_NAME_SIZE];
    size_t scope_count;
    char scopes[ACCESS_MAX_SCOPES][ACCESS_SCOPE_SIZE];
};

/* ---- for doors ---- */
/* The credential in an authorization header: NULL for NULL, what follows "Bearer " (in any case),
 * "" (which no check accepts) for all else. Points into the value. */
const char *access_bearer(const char *authorization);
/* May the holder of this credential (NULL: none given) call this method ("promoteros.v1.S/M";
 * NULL: any)? Never blocks on the store. *identity is filled when the answer is PROS_OK. */
enum pros_status access_check(struct host *host, const char *credential, const char *method_path,
                              struct access_identity *identity, struct failure *failure);

/* ---- for AccessService ---- */
/* A new key from name, scopes and expire_ms of *key; fills in the rest, and the secret that nobody
 * can read again. Journals key.created. The caller has checked what it hands over. */
enum pros_status access_create(struct host *host, struct access_key *key,
                               char secret[ACCESS_SECRET_SIZE], struct failure *failure);
/* Revokes for good and journals key.revoked; a key that is revoked already stays as it is. *key is
 * filled. NOT_FOUND. */
enum pros_status access_revoke(struct host *host, const char *id, struct access_key *key,
                               struct failure *failure);
/* The key at this place, by time of creation; false behind the last. */
bool access_key_at(struct host *host, size_t position, struct access_key *key);

/* ---- for the host ---- */
struct access;

/* Reads the keys of the store (NULL: there are none). */
enum pros_status access_open(struct store *store, bool require_key, int64_t (*now_ms)(void),
                             struct access **access, struct failure *failure);
/* Writes down the last uses; before the store is closed. */
void access_close(struct access *access);

#endif
