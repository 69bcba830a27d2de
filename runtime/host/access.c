#include "host/access.h"

#include "base/id.h"
#include "host/access_state.h"
#include "host/host_state.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TOKEN_START  "pros_"
#define ID_AT        (sizeof TOKEN_START - 1)
#define SECRET_AT    (ID_AT + ACCESS_ID_SIZE)
#define SECRET_BYTES 32
#define OWN_SERVICE  "promoteros.v1.AccessService/"
#define USE_EVERY_MS 60000
#define HOW_TO_GET   "promoterosctl keys add NAME"

_Static_assert(SECRET_AT + 43 + 1 == ACCESS_SECRET_SIZE, "43 characters hold 32 bytes");

/* ---- tokens ---- */

/*
 * What is kept of a secret. One round of a plain hash is enough: slow hashes (Argon2) make guessing
 * expensive where people choose words, and nobody guesses 256 random bits; here they would only
 * make every call expensive.
 */
static void hash_secret(const uint8_t secret[SECRET_BYTES], uint8_t hash[ACCESS_HASH_BYTES])
{
    digest_bytes((struct pros_bytes){secret, SECRET_BYTES}, hash);
}

void access_token_new(char id[ACCESS_ID_SIZE], char token[ACCESS_SECRET_SIZE],
                      uint8_t hash[ACCESS_HASH_BYTES])
{
    uint8_t name[(ACCESS_ID_SIZE - 1) / 2], secret[SECRET_BYTES];
    if (sodium_init() < 0)
        abort(); /* no source of randomness: a broken machine */
    randombytes_buf(name, sizeof name);
    randombytes_buf(secret, sizeof secret);
    hash_secret(secret, hash);
    sodium_bin2hex(id, ACCESS_ID_SIZE, name, sizeof name);
    snprintf(token, ACCESS_SECRET_SIZE, TOKEN_START "%s_", id);
    sodium_bin2base64(token + SECRET_AT, ACCESS_SECRET_SIZE - SECRET_AT, secret, sizeof secret,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(secret, sizeof secret);
}

/* Where the parts of a token stand is fixed, so its length is looked at first and nothing of an
 * endless one is read. */
static bool token_read(const char *token, char id[ACCESS_ID_SIZE], uint8_t hash[ACCESS_HASH_BYTES])
{
    uint8_t secret[SECRET_BYTES];
    size_t size = 0;
    if (strnlen(token, ACCESS_SECRET_SIZE) != ACCESS_SECRET_SIZE - 1 ||
        strncmp(token, TOKEN_START, ID_AT) != 0 || token[SECRET_AT - 1] != '_' ||
        sodium_base642bin(secret, sizeof secret, token + SECRET_AT, strlen(token + SECRET_AT), NULL,
                          &size, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        size != sizeof secret)
        return false;
    memcpy(id, token + ID_AT, ACCESS_ID_SIZE - 1);
    id[ACCESS_ID_SIZE - 1] = '\0';
    hash_secret(secret, hash);
    sodium_memzero(secret, sizeof secret);
    return true;
}

const char *access_bearer(const char *authorization)
{
    static const char scheme[] = "Bearer ";
    if (!authorization)
        return NULL;
    if (strncasecmp(authorization, scheme, sizeof scheme - 1) != 0)
        return "";
    authorization += sizeof scheme - 1;
    return authorization + strspn(authorization, " ");
}

/* ---- scopes ---- */

static bool is_readable(struct host *host, const char *method_path)
{
    const struct host_method *method = host_find_method(host, method_path);
    return method && (method->entry->flags & PROS_SIDE_EFFECT_FREE) &&
           strncmp(method_path, OWN_SERVICE, sizeof OWN_SERVICE - 1) != 0;
}

static bool scope_covers(struct host *host, const char *scope, const char *method_path)
{
    size_t size = strlen(scope);
    if (strcmp(scope, "*") == 0 || strcmp(scope, method_path) == 0)
        return true;
    if (strcmp(scope, "read") == 0)
        return is_readable(host, method_path);
    return size > 2 && strcmp(scope + size - 2, "/*") == 0 &&
           strncmp(scope, method_path, size - 1) == 0;
}

static enum pros_status check_scopes(struct host *host, const struct access_identity *identity,
                                     const char *method_path, struct failure *failure)
{
    for (size_t i = 0; method_path && i < identity->scope_count; i++)
        if (scope_covers(host, identity->scopes[i], method_path))
            return PROS_OK;
    if (!method_path)
        return PROS_OK;
    return failure_set(failure, PROS_PERMISSION_DENIED, "KEY_SCOPE",
                       "The API key \"%s\" (%s) may not call %s: it needs the scope %s%s. Make a "
                       "key with it: " HOW_TO_GET " --scope %s",
                       identity->name, identity->key_id, method_path, method_path,
                       is_readable(host, method_path) ? " or read" : "", method_path);
}

/* ---- the check ---- */

static enum pros_status check_anonymous(const struct access *access,
                                        struct access_identity *identity, struct failure *failure)
{
    if (access->require_key)
        return failure_set(failure, PROS_UNAUTHENTICATED, "KEY_MISSING",
                           "This daemon answers only to callers with an API key. Whoever runs it "
                           "makes one with: " HOW_TO_GET
                           " and you send it as authorization: Bearer KEY (promoterosctl: --key "
                           "or PROMOTEROS_KEY).");
    identity->anonymous = true;
    identity->key_id[0] = identity->name[0] = '\0';
    identity->scope_count = 0;
    return PROS_OK;
}

/* With the lock held for reading. */
static bool is_good(const struct access_entry *entry, int64_t now_ms)
{
    return entry->key.revoke_ms == 0 &&
           (entry->key.expire_ms == 0 || now_ms < entry->key.expire_ms);
}

static void identify(const struct access_key *key, struct access_identity *identity)
{
    identity->anonymous = false;
    memcpy(identity->key_id, key->id, sizeof key->id);
    memcpy(identity->name, key->name, sizeof key->name);
    identity->scope_count = key->scope_count;
    memcpy(identity->scopes, key->scopes, key->scope_count * sizeof *key->scopes);
}

/* Once a minute, so that callers do not fight for a line of the cache. */
static void note_use(struct access_entry *entry, int64_t now_ms)
{
    if (now_ms - atomic_load(&entry->last_use_ms) >= USE_EVERY_MS)
        atomic_store(&entry->last_use_ms, now_ms);
}

static bool find_holder(struct access *access, const char *credential,
                        struct access_identity *identity)
{
    static const uint8_t nobody[ACCESS_HASH_BYTES];
    char id[ACCESS_ID_SIZE];
    uint8_t hash[ACCESS_HASH_BYTES];
    if (!token_read(credential, id, hash))
        return false;
    int64_t now_ms = access->now_ms();
    pthread_rwlock_rdlock(&access->lock);
    struct access_entry *entry = access_find(access, id);
    /* An id that nobody has takes as long as a wrong secret. */
    bool same = sodium_memcmp(entry ? entry->hash : nobody, hash, sizeof hash) == 0;
    bool good = entry && same && is_good(entry, now_ms);
    if (good) {
        identify(&entry->key, identity);
        note_use(entry, now_ms);
    }
    pthread_rwlock_unlock(&access->lock);
    return good;
}

enum pros_status access_check(struct host *host, const char *credential, const char *method_path,
                              struct access_identity *identity, struct failure *failure)
{
    if (!credential)
        return check_anonymous(host->access, identity, failure);
    if (!find_holder(host->access, credential, identity))
        return failure_set(failure, PROS_UNAUTHENTICATED, "KEY_INVALID",
                           "This API key is not accepted here: it is mistyped, expired, revoked or "
                           "of another daemon. Whoever runs the daemon makes a new one "
                           "with: " HOW_TO_GET);
    return check_scopes(host, identity, method_path, failure);
}
