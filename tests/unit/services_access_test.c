/* AccessService: what it refuses to make, what it shows, and what it never shows again. */
#include "host/access.h"
#include "unit/services_fixture.h"

#include <promoteros/v1/access_service.pb-c.h>

#define CREATE "AccessService/CreateKey"
#define LIST   "AccessService/ListKeys"
#define REVOKE "AccessService/RevokeKey"

static void bad_keys_are_refused(void)
{
    static char many[ACCESS_NAME_SIZE + 200];
    memset(many, 'x', sizeof many - 1);
    static const struct {
        const char *name, *scope;
        const char *reason;
    } cases[] = {
        {"", "*", "NAME_EMPTY"},
        {"  ", "*", "NAME_EMPTY"},
        {many, "*", "TOO_LONG"},
        {"tab\t", "*", "CONTROL_CHARACTER"},
        {"\xff", "*", "NOT_UTF8"},
        {"k", NULL, "BAD_SCOPE"},
        {"k", "", "BAD_SCOPE"},
        {"k", "write", "BAD_SCOPE"},
        {"k", "* read", "BAD_SCOPE"},
        {"k", "/*", "BAD_SCOPE"},
        {"k", "promoteros.v1.SignalService", "BAD_SCOPE"},
        {"k", "promoteros.v1.SignalServic/*", "BAD_SCOPE"},
        {"k", "promoteros.v1.SignalService/QuerySignal", "BAD_SCOPE"},
        {"k", "SignalService/QuerySignals", "BAD_SCOPE"},
        {"k", many, "TOO_LONG"},
    };
    struct fixture f;
    fixture_open(&f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Promoteros__V1__CreateKeyRequest request = PROMOTEROS__V1__CREATE_KEY_REQUEST__INIT;
        char *scopes[] = {(char *)cases[i].scope};
        request.name = (char *)cases[i].name;
        request.scopes = scopes;
        request.n_scopes = cases[i].scope ? 1 : 0;
        EXPECT_REFUSED(&f, CREATE, &request, PROS_INVALID_ARGUMENT, cases[i].reason);
    }
    Promoteros__V1__CreateKeyRequest request = PROMOTEROS__V1__CREATE_KEY_REQUEST__INIT;
    char *scopes[ACCESS_MAX_SCOPES + 1];
    for (size_t i = 0; i <= ACCESS_MAX_SCOPES; i++)
        scopes[i] = (char *)"read";
    request.name = (char *)"k";
    request.scopes = scopes;
    request.n_scopes = ACCESS_MAX_SCOPES + 1;
    EXPECT_REFUSED(&f, CREATE, &request, PROS_INVALID_ARGUMENT, "TOO_MANY");
    request.n_scopes = 1;
    request.expire_time = fixture_time(&f, fixture_now_ms);
    EXPECT_REFUSED(&f, CREATE, &request, PROS_INVALID_ARGUMENT, "EXPIRED");
    Promoteros__V1__ListKeysRequest list = PROMOTEROS__V1__LIST_KEYS_REQUEST__INIT;
    Promoteros__V1__ListKeysResponse *keys;
    EXPECT_OK(&f, LIST, &list, &keys);
    CHECK_INT(keys->n_keys, 0);
    Promoteros__V1__RevokeKeyRequest revoke = PROMOTEROS__V1__REVOKE_KEY_REQUEST__INIT;
    EXPECT_REFUSED(&f, REVOKE, &revoke, PROS_NOT_FOUND, "KEY_NOT_FOUND");
    fixture_close(&f);
}

static void a_key_is_made_shown_and_revoked(void)
{
    struct fixture f;
    char *scopes[] = {(char *)"promoteros.v1.SignalService/*",
                      (char *)"promoteros.v1.LedgerService/GetScorecard"};
    struct access_identity identity;
    fixture_open(&f);
    Promoteros__V1__CreateKeyRequest create = PROMOTEROS__V1__CREATE_KEY_REQUEST__INIT;
    create.name = (char *)"n8n";
    create.scopes = scopes;
    create.n_scopes = 2;
    create.expire_time = fixture_time(&f, fixture_now_ms + DAY_MS);
    Promoteros__V1__CreateKeyResponse *made;
    EXPECT_OK(&f, CREATE, &create, &made);
    CHECK_STR(made->key->name, "n8n");
    CHECK(made->key->revoke_time == NULL && made->key->last_use_time == NULL);
    CHECK_INT(made->key->expire_time->seconds, (fixture_now_ms + DAY_MS) / 1000);
    CHECK_INT(access_check(f.host, made->secret, NULL, &identity, NULL), PROS_OK);
    CHECK_STR(identity.key_id, made->key->id);

    Promoteros__V1__ListKeysRequest list = PROMOTEROS__V1__LIST_KEYS_REQUEST__INIT;
    Promoteros__V1__ListKeysResponse *keys;
    EXPECT_OK(&f, LIST, &list, &keys);
    if (CHECK_INT(keys->n_keys, 1)) {
        const Promoteros__V1__ApiKey *key = keys->keys[0];
        CHECK_STR(key->id, made->key->id);
        CHECK_INT(key->n_scopes, 2);
        CHECK_STR(key->scopes[1], scopes[1]);
        CHECK_INT(key->create_time->seconds, fixture_now_ms / 1000);
        CHECK_INT(key->last_use_time->seconds, fixture_now_ms / 1000);
    }
    Promoteros__V1__RevokeKeyRequest revoke = PROMOTEROS__V1__REVOKE_KEY_REQUEST__INIT;
    Promoteros__V1__RevokeKeyResponse *revoked;
    revoke.id = made->key->id;
    EXPECT_OK(&f, REVOKE, &revoke, &revoked);
    CHECK_INT(revoked->key->revoke_time->seconds, fixture_now_ms / 1000);
    CHECK_INT(access_check(f.host, made->secret, NULL, &identity, NULL), PROS_UNAUTHENTICATED);
    fixture_close(&f);
}

CHECK_MAIN(bad_keys_are_refused, a_key_is_made_shown_and_revoked)
