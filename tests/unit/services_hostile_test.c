/* What strangers send and threads do: garbage, too much, and all at once. */
#include "unit/services_fixture.h"

#include <pthread.h>

static void test_garbage(void)
{
    struct fixture f;
    struct pros_bytes reply;
    fixture_open(&f);
    const char *garbage[] = {"\xff\xff\xff", "\x12\x7f", "\x0a", "\x12\x02\x0a\x05"};
    for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++) {
        struct failure failure = {0};
        struct pros_bytes bytes = {garbage[i], strlen(garbage[i])};
        CHECK_INT(host_call_sync(f.host, "promoteros.v1.CatalogService/UpsertArtist", bytes,
                                 &f.arena, &reply, &failure),
                  PROS_INVALID_ARGUMENT);
    }
    fixture_close(&f);
}

/* A reply beyond the run's budget ends the run, and nothing else. */
static void test_budget(void)
{
    struct fixture f;
    fixture_open(&f);
    for (int i = 0; i < 300; i++) {
        char name[200];
        snprintf(name, sizeof name, "%0180d", i);
        fixture_artist(&f, name);
    }
    f.run_budget_bytes = 32768;
    fixture_reopen(&f);
    Promoteros__V1__ListArtistsRequest list = PROMOTEROS__V1__LIST_ARTISTS_REQUEST__INIT;
    Promoteros__V1__ListArtistsResponse *page = NULL;
    for (int i = 0; i < 3; i++) {
        list.page_size = 1000;
        CHECK_INT(fixture_call(&f, "CatalogService/ListArtists", &list.base, NULL),
                  PROS_RESOURCE_EXHAUSTED);
        list.page_size = 10;
        EXPECT_OK(&f, "CatalogService/ListArtists", &list, &page);
        CHECK_INT(page->n_artists, 10);
        fixture_artist(&f, "Still Writing");
    }
    fixture_close(&f);
}

struct racer {
    struct fixture *fixture;
    pthread_t thread;
    char reason[64]; /* of the first refusal */
};

static void *race(void *context)
{
    struct racer *racer = context;
    struct arena arena;
    arena_open(&arena, 0);
    for (int i = 0; i < 20; i++) {
        char request_id[32];
        snprintf(request_id, sizeof request_id, "race-%d", i);
        Promoteros__V1__Artist artist = PROMOTEROS__V1__ARTIST__INIT;
        Promoteros__V1__UpsertArtistRequest request = PROMOTEROS__V1__UPSERT_ARTIST_REQUEST__INIT;
        artist.name = (char *)"Racer";
        request.artist = &artist;
        request.request_id = request_id;
        uint8_t data[256];
        struct pros_bytes reply, bytes = {data, 0};
        bytes.size = promoteros__v1__upsert_artist_request__pack(&request, data);
        struct failure failure = {0};
        enum pros_status status =
            host_call_sync(racer->fixture->host, "promoteros.v1.CatalogService/UpsertArtist", bytes,
                           &arena, &reply, &failure);
        if (status != PROS_OK)
            snprintf(racer->reason, sizeof racer->reason, "%s", failure.reason);
    }
    arena_close(&arena);
    return NULL;
}

static void test_races(void)
{
    struct fixture f;
    struct racer racers[4];
    fixture_open(&f);
    for (int i = 0; i < 4; i++) {
        racers[i] = (struct racer){.fixture = &f};
        pthread_create(&racers[i].thread, NULL, race, &racers[i]);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(racers[i].thread, NULL);
        CHECK_STR(racers[i].reason, "");
    }
    Promoteros__V1__ListArtistsRequest list = PROMOTEROS__V1__LIST_ARTISTS_REQUEST__INIT;
    Promoteros__V1__ListArtistsResponse *page = NULL;
    EXPECT_OK(&f, "CatalogService/ListArtists", &list, &page);
    CHECK_INT(page->n_artists, 20);
    fixture_close(&f);
}

CHECK_MAIN(test_garbage, test_budget, test_races)
