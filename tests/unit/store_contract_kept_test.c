/* What every backend of the store must do: requests, imports, models and keys. */
#include "unit/store_fixture.h"

static void requests_are_remembered(void)
{
    struct fixture f;
    fixture_open(&f);
    struct store_batch *batch = store_batch_new();
    store_add_request(batch, "rq1", "Put", BYTES("reply"));
    fixture_commit(&f, batch, PROS_OK);
    batch = store_batch_new();
    add_artist(batch, "ar_1", "x", 1, "x");
    store_add_request(batch, "rq1", "Put", BYTES("reply"));
    fixture_commit(&f, batch, PROS_ALREADY_EXISTS);
    check_artist(&f, INT64_MAX, NULL);
    struct pros_bytes reply;
    CHECK_INT(store_find_request(f.store, "rq1", "Put", &f.arena, &reply, NULL), PROS_OK);
    CHECK_INT(reply.size, 5);
    CHECK_INT(store_find_request(f.store, "rq1", "Drop", &f.arena, &reply, NULL),
              PROS_ALREADY_EXISTS);
    CHECK_INT(store_find_request(f.store, "rq2", "Put", &f.arena, &reply, NULL), PROS_NOT_FOUND);
    fixture_close(&f);
}

static enum pros_status see_chunk(void *context, int64_t chunk_index, struct pros_bytes body)
{
    return see(context, "%lld=%.*s ", (long long)chunk_index, (int)body.size,
               (const char *)body.data);
}

static void add_chunk(struct fixture *f, const char *id, int64_t index, const char *body,
                      enum pros_status want)
{
    struct store_batch *batch = store_batch_new();
    store_add_import_chunk(batch, id, index, 10, BYTES(body));
    fixture_commit(f, batch, want);
}

static void finish(struct fixture *f, const char *id, bool drop, enum pros_status want)
{
    struct store_batch *batch = store_batch_new();
    if (drop)
        store_drop_import(batch, id);
    else
        store_finish_import(batch, id, BYTES("done"));
    fixture_commit(f, batch, want);
}

static void imports_are_staged(void)
{
    struct fixture f;
    fixture_open(&f);
    struct store_import import = {
        .id = "im_1", .request_id = "rq1", .kind = IMPORT_SHOWS, .begin = BYTES("begin")};
    struct store_batch *batch = store_batch_new();
    store_add_import(batch, &import);
    import.id = "im_2";
    import.request_id = "";
    store_add_import(batch, &import);
    import.id = "im_3";
    store_add_import(batch, &import);
    fixture_commit(&f, batch, PROS_OK);
    add_chunk(&f, "im_1", 1, "b", PROS_OK);
    add_chunk(&f, "im_1", 0, "a", PROS_OK);
    add_chunk(&f, "im_1", 0, "a", PROS_OK);
    add_chunk(&f, "im_1", 0, "other", PROS_ALREADY_EXISTS);
    add_chunk(&f, "im_9", 0, "a", PROS_NOT_FOUND);
    struct store_import got;
    CHECK_INT(store_get_import(f.store, NULL, "rq1", &f.arena, &got, NULL), PROS_OK);
    CHECK_STR(got.id, "im_1");
    CHECK(got.kind == IMPORT_SHOWS && got.state == IMPORT_OPEN);
    CHECK_INT(got.chunk_count, 2);
    CHECK_INT(got.item_count, 20);
    struct seen seen = {0};
    CHECK_INT(store_read_chunks(f.store, "im_1", see_chunk, &seen, NULL), PROS_OK);
    CHECK_STR(seen.text, "0=a 1=b ");
    finish(&f, "im_1", false, PROS_OK);
    finish(&f, "im_1", false, PROS_FAILED_PRECONDITION);
    finish(&f, "im_1", true, PROS_FAILED_PRECONDITION);
    finish(&f, "im_2", true, PROS_OK);
    finish(&f, "im_2", true, PROS_NOT_FOUND);
    add_chunk(&f, "im_1", 2, "c", PROS_FAILED_PRECONDITION);
    CHECK_INT(store_get_import(f.store, "im_1", NULL, &f.arena, &got, NULL), PROS_OK);
    CHECK(got.state == IMPORT_COMMITTED && got.summary.size == 4);
    CHECK_INT(store_get_import(f.store, "im_2", NULL, &f.arena, &got, NULL), PROS_NOT_FOUND);
    seen = (struct seen){0};
    CHECK_INT(store_read_chunks(f.store, "im_1", see_chunk, &seen, NULL), PROS_OK);
    CHECK_STR(seen.text, "");
    fixture_close(&f);
}

static void models_have_versions(void)
{
    struct fixture f;
    fixture_open(&f);
    struct store_model model = {"a", 2, "two", BYTES("22")}, got;
    struct store_batch *batch = store_batch_new();
    store_add_model(batch, &model);
    model = (struct store_model){"a", 10, "ten", BYTES("10")};
    store_add_model(batch, &model);
    fixture_commit(&f, batch, PROS_OK);
    CHECK_INT(store_get_model(f.store, "a", &f.arena, &got, NULL), PROS_OK);
    CHECK_INT(got.version, 10);
    CHECK_STR(got.description, "ten");
    CHECK_INT(store_get_model(f.store, "b", &f.arena, &got, NULL), PROS_NOT_FOUND);
    batch = store_batch_new();
    store_add_model(batch, &model);
    fixture_commit(&f, batch, PROS_ALREADY_EXISTS);
    fixture_close(&f);
}

static enum pros_status see_api_key(void *context, const struct store_api_key *key)
{
    return see(context, "%s/%s/%s/%.*s/%lld-%lld/%lld/%lld ", key->id, key->name, key->scopes,
               (int)key->secret_hash.size, (const char *)key->secret_hash.data,
               (long long)key->create_ms, (long long)key->expire_ms, (long long)key->revoke_ms,
               (long long)key->last_use_ms);
}

static void list_api_keys(struct fixture *f, size_t stop_at, const char *want)
{
    struct seen seen = {.stop_at = stop_at};
    CHECK_INT(store_list_api_keys(f->store, see_api_key, &seen, NULL),
              stop_at ? PROS_CANCELLED : PROS_OK);
    CHECK_STR(seen.text, want);
}

/* News of a key may come late and in any order; what is over stays over. */
static void api_keys_only_age(void)
{
    static const struct {
        int64_t revoke_ms, last_use_ms;
        const char *want;
    } news[] = {
        {0, 0, "k2/two/* read/hash/20-90/0/0 "},     {0, 40, "k2/two/* read/hash/20-90/0/40 "},
        {50, 30, "k2/two/* read/hash/20-90/50/40 "}, {0, 45, "k2/two/* read/hash/20-90/50/45 "},
        {60, 0, "k2/two/* read/hash/20-90/50/45 "},
    };
    struct fixture f;
    fixture_open(&f);
    list_api_keys(&f, 0, "");
    for (size_t i = 0; i < sizeof news / sizeof *news; i++) {
        struct store_batch *batch = store_batch_new();
        store_add_api_key(batch,
                          &(struct store_api_key){.id = "k2",
                                                  .name = i ? "another" : "two",
                                                  .scopes = i ? "*" : "* read",
                                                  .secret_hash = i ? BYTES("other") : BYTES("hash"),
                                                  .create_ms = 20,
                                                  .expire_ms = i ? 0 : 90,
                                                  .revoke_ms = news[i].revoke_ms,
                                                  .last_use_ms = news[i].last_use_ms});
        fixture_commit(&f, batch, PROS_OK);
        list_api_keys(&f, 0, news[i].want);
    }
    struct store_batch *batch = store_batch_new();
    store_add_api_key(batch, &(struct store_api_key){.id = "k1", .secret_hash = BYTES("h")});
    fixture_commit(&f, batch, PROS_OK);
    fixture_reopen(&f);
    list_api_keys(&f, 1, news[4].want);
    list_api_keys(&f, 0, "k2/two/* read/hash/20-90/50/45 k1///h/0-0/0/0 ");
    fixture_close(&f);
}

CHECK_MAIN(requests_are_remembered, imports_are_staged, models_have_versions, api_keys_only_age)
