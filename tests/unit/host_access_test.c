/* API keys: what is let in, what is refused, with which words, and what survives. */
#include "host/access.h"
#include "unit/check.h"
#include "unit/host_fixture.h"

#include <promoteros/v1/event_service.pb-c.h>
#include <pthread.h>
#include <unistd.h>

#define BEGIN     "promoteros.v1.SignalService/BeginSignalImport"
#define CREATE    "promoteros.v1.AccessService/CreateKey"
#define MINUTE_MS INT64_C(60000)

static char folder[] = "/tmp/promoteros-access-XXXXXX";
static char store_path[64];
static _Atomic int64_t clock_ms = FIXTURE_NOW_MS;

static int64_t test_now_ms(void)
{
    return clock_ms;
}

static void open_host(struct fixture *fixture, bool require_key)
{
    char address[96];
    struct failure failure = {0};
    *fixture = (struct fixture){.options = {.require_key = require_key, .now_ms = test_now_ms}};
    snprintf(address, sizeof address, "sqlite:%s", store_path);
    if (!CHECK_INT(store_open(address, &fixture->options.store, &failure), PROS_OK) ||
        !fixture_open(fixture)) {
        fprintf(stderr, "    %s\n", failure.sentence);
        exit(1);
    }
}

static void close_host(struct fixture *fixture)
{
    fixture_close(fixture);
    store_close(fixture->options.store);
}

static void remove_store(void)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    char path[96];
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(path, sizeof path, "%s%s", store_path, ends[i]);
        unlink(path);
    }
}

static struct access_key make_key(struct fixture *fixture, const char *name, const char *scope,
                                  int64_t expire_ms, char secret[ACCESS_SECRET_SIZE])
{
    struct access_key key = {.scope_count = 1, .expire_ms = expire_ms};
    struct failure failure = {0};
    snprintf(key.name, sizeof key.name, "%s", name);
    snprintf(key.scopes[0], sizeof key.scopes[0], "%s", scope);
    if (!CHECK_INT(access_create(fixture->host, &key, secret, &failure), PROS_OK))
        fprintf(stderr, "    %s\n", failure.sentence);
    return key;
}

static void expect_at(int line, struct fixture *fixture, const char *credential, const char *method,
                      enum pros_status want, const char *reason, const char *words)
{
    struct access_identity identity;
    struct failure failure = {0};
    enum pros_status got = access_check(fixture->host, credential, method, &identity, &failure);
    if (!check_int(got, want, "access_check", __FILE__, line) ||
        !check_str(failure.reason, reason, "reason", __FILE__, line) ||
        !check_that(strstr(failure.sentence, words) != NULL, words, __FILE__, line))
        fprintf(stderr, "    %s\n", failure.sentence);
}
#define EXPECT(...) expect_at(__LINE__, __VA_ARGS__)

/* ---- tests ---- */

static void headers_are_read(void)
{
    static const struct {
        const char *value, *want;
    } cases[] = {
        {NULL, NULL},
        {"Bearer pros_1", "pros_1"},
        {"bearer  pros_1", "pros_1"},
        {"BEARER x y", "x y"},
        {"Bearer ", ""},
        {"Bearer", ""},
        {"", ""},
        {"Basic cHJvcw==", ""},
        {"Bearerpros_1", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *got = access_bearer(cases[i].value);
        if (!cases[i].want)
            CHECK(got == NULL);
        else
            CHECK_STR(got, cases[i].want);
    }
}

static void anonymous_until_a_key_is_required(void)
{
    struct fixture f;
    struct access_identity identity = {.scope_count = 7};
    open_host(&f, false);
    CHECK_INT(access_check(f.host, NULL, CREATE, &identity, NULL), PROS_OK);
    CHECK(identity.anonymous && !identity.key_id[0] && !identity.name[0]);
    CHECK_INT(identity.scope_count, 0);
    /* Who shows a key means it. */
    EXPECT(&f, "nonsense", QUERY, PROS_UNAUTHENTICATED, "KEY_INVALID", "promoterosctl keys add");
    EXPECT(&f, "", NULL, PROS_UNAUTHENTICATED, "KEY_INVALID", "promoterosctl keys add");
    close_host(&f);
    open_host(&f, true);
    EXPECT(&f, NULL, QUERY, PROS_UNAUTHENTICATED, "KEY_MISSING", "promoterosctl keys add NAME");
    EXPECT(&f, NULL, NULL, PROS_UNAUTHENTICATED, "KEY_MISSING", "authorization: Bearer");
    close_host(&f);
    remove_store();
}

static void only_the_whole_token_opens(void)
{
    struct fixture f;
    char secret[ACCESS_SECRET_SIZE], other[ACCESS_SECRET_SIZE], token[ACCESS_SECRET_SIZE + 8];
    open_host(&f, true);
    struct access_key key = make_key(&f, "dash board", "*", 0, secret);
    make_key(&f, "other", "*", 0, other);
    CHECK_INT(strlen(secret), ACCESS_SECRET_SIZE - 1);
    CHECK(strncmp(secret, "pros_", 5) == 0 && strncmp(secret + 5, key.id, 16) == 0);
    CHECK(strcmp(secret + 22, other + 22) != 0);
    struct access_identity identity;
    CHECK_INT(access_check(f.host, secret, NULL, &identity, NULL), PROS_OK);
    CHECK(!identity.anonymous);
    CHECK_STR(identity.key_id, key.id);
    CHECK_STR(identity.name, "dash board");
    CHECK_INT(identity.scope_count, 1);
    CHECK_STR(identity.scopes[0], "*");
    /* The same words whatever is wrong, so that nothing can be learnt by trying. */
    char want[1024] = "";
    for (size_t at = 0; at < ACCESS_SECRET_SIZE + 3; at++) {
        struct failure failure = {0};
        memcpy(token, secret, sizeof secret);
        if (at < ACCESS_SECRET_SIZE - 1)
            token[at] = token[at] == 'a' ? 'b' : 'a'; /* one character is another */
        else if (at == ACCESS_SECRET_SIZE - 1)
            memcpy(token + at, "A", 2); /* one more */
        else if (at == ACCESS_SECRET_SIZE)
            memcpy(token + at - 1, "=", 2);
        else if (at == ACCESS_SECRET_SIZE + 1)
            memcpy(token + 22, other + 22, 43); /* somebody else's secret */
        else
            memcpy(token + 5, "0123456789abcdef", 16);
        CHECK_INT(access_check(f.host, token, QUERY, &identity, &failure), PROS_UNAUTHENTICATED);
        if (at == 0)
            snprintf(want, sizeof want, "%s", failure.sentence);
        CHECK_STR(failure.sentence, want);
    }
    for (size_t size = 0; size < ACCESS_SECRET_SIZE - 1; size++) {
        memcpy(token, secret, size);
        token[size] = '\0';
        CHECK_INT(access_check(f.host, token, QUERY, &identity, NULL), PROS_UNAUTHENTICATED);
    }
    close_host(&f);
    remove_store();
}

static void endless_tokens_cost_nothing(void)
{
    struct fixture f;
    char secret[ACCESS_SECRET_SIZE];
    size_t size = 1 << 20;
    char *endless = malloc(size + 1);
    open_host(&f, true);
    make_key(&f, "k", "*", 0, secret);
    memset(endless, 'A', size);
    endless[size] = '\0';
    EXPECT(&f, endless, QUERY, PROS_UNAUTHENTICATED, "KEY_INVALID", "not accepted");
    memcpy(endless, secret, strlen(secret));
    EXPECT(&f, endless, QUERY, PROS_UNAUTHENTICATED, "KEY_INVALID", "not accepted");
    EXPECT(&f, "pros_\xff\xfe\x01", NULL, PROS_UNAUTHENTICATED, "KEY_INVALID", "not accepted");
    free(endless);
    close_host(&f);
    remove_store();
}

static void scopes_are_kept_to(void)
{
    static const struct {
        const char *scope, *method;
        bool want;
    } cases[] = {
        {"*", QUERY, true},
        {"*", CREATE, true},
        {"*", "no.such/Method", true}, /* refused later, as what it is */
        {"read", QUERY, true},
        {"read", SCAN, true},
        {"read", BEGIN, false},
        {"read", "promoteros.v1.AccessService/ListKeys", false},
        {"read", "no.such/Method", false},
        {"promoteros.v1.SignalService/*", BEGIN, true},
        {"promoteros.v1.SignalService/*", PREDICT, false},
        {"promoteros.v1.SignalService/*", "promoteros.v1.SignalServiceX/Query", false},
        {"promoteros.v1.SignalService/*", "promoteros.v1.SignalService", false},
        {QUERY, QUERY, true},
        {QUERY, SCAN, false},
        {QUERY, QUERY "2", false},
        {"/*", QUERY, false},
        {"promoteros.v1.SignalService", QUERY, false},
        {QUERY, NULL, true},
    };
    struct fixture f;
    open_host(&f, true);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char secret[ACCESS_SECRET_SIZE];
        make_key(&f, "k", cases[i].scope, 0, secret);
        EXPECT(&f, secret, cases[i].method, cases[i].want ? PROS_OK : PROS_PERMISSION_DENIED,
               cases[i].want ? "" : "KEY_SCOPE", cases[i].want ? "" : cases[i].method);
    }
    char secret[ACCESS_SECRET_SIZE];
    make_key(&f, "k", SCAN, 0, secret);
    EXPECT(&f, secret, QUERY, PROS_PERMISSION_DENIED, "KEY_SCOPE", QUERY " or read.");
    EXPECT(&f, secret, BEGIN, PROS_PERMISSION_DENIED, "KEY_SCOPE", "needs the scope " BEGIN ".");
    close_host(&f);
    remove_store();
}

static void keys_end(void)
{
    struct fixture f;
    char expiring[ACCESS_SECRET_SIZE], revoked[ACCESS_SECRET_SIZE];
    open_host(&f, false);
    clock_ms = FIXTURE_NOW_MS;
    make_key(&f, "expiring", "*", FIXTURE_NOW_MS + 1000, expiring);
    struct access_key key = make_key(&f, "revoked", "*", 0, revoked);
    clock_ms = FIXTURE_NOW_MS + 999;
    EXPECT(&f, expiring, QUERY, PROS_OK, "", "");
    clock_ms = FIXTURE_NOW_MS + 1000;
    EXPECT(&f, expiring, QUERY, PROS_UNAUTHENTICATED, "KEY_INVALID", "keys add");
    EXPECT(&f, revoked, QUERY, PROS_OK, "", "");
    CHECK_INT(access_revoke(f.host, key.id, &key, NULL), PROS_OK);
    CHECK_INT(key.revoke_ms, FIXTURE_NOW_MS + 1000);
    EXPECT(&f, revoked, QUERY, PROS_UNAUTHENTICATED, "KEY_INVALID", "keys add");
    clock_ms = FIXTURE_NOW_MS + 2000;
    CHECK_INT(access_revoke(f.host, key.id, &key, NULL), PROS_OK);
    CHECK_INT(key.revoke_ms, FIXTURE_NOW_MS + 1000); /* as it was */
    struct failure failure = {0};
    CHECK_INT(access_revoke(f.host, "0123", &key, &failure), PROS_NOT_FOUND);
    CHECK_STR(failure.reason, "KEY_NOT_FOUND");
    close_host(&f);
    clock_ms = FIXTURE_NOW_MS;
    remove_store();
}

static enum pros_status write_event(void *context, const struct store_event *event)
{
    char *text = context;
    size_t size = strlen(text);
    snprintf(text + size, 1024 - size, "%s:%s ", event->type, event->subject);
    Promoteros__V1__Event *body =
        promoteros__v1__event__unpack(NULL, event->body.size, event->body.data);
    CHECK(body && strcmp(body->subject, event->subject) == 0);
    if (body)
        promoteros__v1__event__free_unpacked(body, NULL);
    return PROS_OK;
}

static void keys_survive_and_are_journaled(void)
{
    struct fixture f;
    char good[ACCESS_SECRET_SIZE], revoked[ACCESS_SECRET_SIZE], want[256], events[1024] = "";
    open_host(&f, true);
    struct access_key key = {.scope_count = 2, .expire_ms = FIXTURE_NOW_MS + 10 * MINUTE_MS};
    snprintf(key.name, sizeof key.name, "caf\xc3\xa9");
    snprintf(key.scopes[0], sizeof key.scopes[0], QUERY);
    snprintf(key.scopes[1], sizeof key.scopes[1], "promoteros.v1.DealOptimizerService/*");
    CHECK_INT(access_create(f.host, &key, good, NULL), PROS_OK);
    struct access_key other = make_key(&f, "b", "*", 0, revoked), got;
    CHECK_INT(access_revoke(f.host, other.id, &other, NULL), PROS_OK);
    CHECK_INT(store_read_events(f.options.store, 0, 10, write_event, events, NULL), PROS_OK);
    snprintf(want, sizeof want, "key.created:%s key.created:%s key.revoked:%s ", key.id, other.id,
             other.id);
    CHECK_STR(events, want);
    clock_ms += 5 * MINUTE_MS;
    EXPECT(&f, good, QUERY, PROS_OK, "", "");
    int64_t used_ms = clock_ms;
    clock_ms += MINUTE_MS - 1;
    EXPECT(&f, good, QUERY, PROS_OK, "", "");
    for (int round = 0; round < 2; round++) {
        CHECK(access_key_at(f.host, 0, &got));
        CHECK_STR(got.id, key.id);
        CHECK_STR(got.name, "caf\xc3\xa9");
        CHECK_INT(got.scope_count, 2);
        CHECK_STR(got.scopes[1], "promoteros.v1.DealOptimizerService/*");
        CHECK_INT(got.create_ms, FIXTURE_NOW_MS);
        CHECK_INT(got.expire_ms, key.expire_ms);
        CHECK_INT(got.last_use_ms, used_ms);
        CHECK(access_key_at(f.host, 1, &got) && got.revoke_ms == FIXTURE_NOW_MS);
        CHECK(!access_key_at(f.host, 2, &got));
        EXPECT(&f, good, SETTLE, PROS_OK, "", "");
        EXPECT(&f, revoked, QUERY, PROS_UNAUTHENTICATED, "KEY_INVALID", "");
        if (round == 0) {
            close_host(&f);
            open_host(&f, true);
        }
    }
    close_host(&f);
    clock_ms = FIXTURE_NOW_MS;
}

/* After keys_survive_and_are_journaled(): its file. */
static void the_file_does_not_hold_secrets(void)
{
    static char bytes[1 << 20];
    struct fixture f;
    char secret[ACCESS_SECRET_SIZE];
    open_host(&f, true);
    struct access_key key = make_key(&f, "needle", "*", 0, secret);
    close_host(&f);
    FILE *file = fopen(store_path, "rb");
    size_t size = file ? fread(bytes, 1, sizeof bytes, file) : 0;
    if (file)
        fclose(file);
    CHECK(size > 0 && size < sizeof bytes);
    CHECK(memmem(bytes, size, key.id, strlen(key.id)) != NULL);
    CHECK(memmem(bytes, size, secret + 22, 43) == NULL);
    CHECK(memmem(bytes, size, secret + 22, 8) == NULL);
    remove_store();
}

/* ---- at once ---- */

struct caller {
    pthread_t thread;
    struct fixture *fixture;
    const char *secret;
    atomic_bool revoked;
    int wrong;
};

static void *keep_calling(void *context)
{
    struct caller *caller = context;
    struct access_identity identity;
    for (int i = 0; i < 20000; i++) {
        bool after = atomic_load(&caller->revoked);
        enum pros_status status =
            access_check(caller->fixture->host, caller->secret, QUERY, &identity, NULL);
        if (after && status != PROS_UNAUTHENTICATED)
            caller->wrong++;
    }
    return NULL;
}

static void revoking_takes_effect_among_callers(void)
{
    struct fixture f;
    struct access_key key;
    struct failure failure = {0};
    char secret[ACCESS_SECRET_SIZE], unused[ACCESS_SECRET_SIZE];
    struct caller callers[3];
    open_host(&f, true);
    key = make_key(&f, "k", "read", 0, secret);
    for (size_t i = 0; i < 3; i++) {
        callers[i] = (struct caller){.fixture = &f, .secret = secret};
        pthread_create(&callers[i].thread, NULL, keep_calling, &callers[i]);
    }
    for (int i = 0; i < 40; i++)
        make_key(&f, "more", "*", 0, unused); /* the lists grow under the callers */
    CHECK_INT(access_revoke(f.host, key.id, &key, &failure), PROS_OK);
    for (size_t i = 0; i < 3; i++)
        atomic_store(&callers[i].revoked, true);
    for (size_t i = 0; i < 3; i++) {
        pthread_join(callers[i].thread, NULL);
        CHECK_INT(callers[i].wrong, 0);
    }
    EXPECT(&f, secret, QUERY, PROS_UNAUTHENTICATED, "KEY_INVALID", "");
    close_host(&f);
    remove_store();
}

static void setup(void)
{
    CHECK(mkdtemp(folder) != NULL);
    snprintf(store_path, sizeof store_path, "%s/a.db", folder);
}

static void cleanup(void)
{
    CHECK(rmdir(folder) == 0);
}

CHECK_MAIN(setup, headers_are_read, anonymous_until_a_key_is_required, only_the_whole_token_opens,
           endless_tokens_cost_nothing, scopes_are_kept_to, keys_end,
           keys_survive_and_are_journaled, the_file_does_not_hold_secrets,
           revoking_takes_effect_among_callers, cleanup)
