/* What every backend of the store must do: batches, whole or not at all, and numbered, from many
 * threads at once. */
#include "unit/store_fixture.h"

#include <pthread.h>

static void batches_are_atomic_and_numbered(void)
{
    struct fixture f;
    fixture_open(&f);
    struct store_batch *batch = store_batch_new();
    add_artist(batch, "ar_1", "One", 10, "v1");
    add_event(batch, "a");
    add_event(batch, "b");
    CHECK_INT(fixture_commit(&f, batch, PROS_OK), 1);
    batch = store_batch_new();
    add_artist(batch, "ar_2", "Two", 10, "v1");
    add_event(batch, "lost");
    store_add_ledger(batch, "pr_unknown", LEDGER_SCORE, BYTES("x"));
    CHECK_INT(fixture_commit(&f, batch, PROS_NOT_FOUND), 0);
    batch = store_batch_new();
    add_event(batch, "c");
    CHECK_INT(fixture_commit(&f, batch, PROS_OK), 2);
    CHECK_INT(fixture_commit(&f, store_batch_new(), PROS_OK), 3);
    for (int round = 0; round < 2; round++) {
        struct seen seen = {0};
        CHECK_INT(store_read_events(f.store, 0, 100, see_event, &seen, NULL), PROS_OK);
        CHECK_STR(seen.text, "1:a 2:b 3:c ");
        struct store_counts counts;
        CHECK_INT(store_get_counts(f.store, &counts, NULL), PROS_OK);
        CHECK_INT(counts.artists, 1);
        CHECK_INT(counts.commit_seq, 3);
        CHECK_INT(counts.event_sequence, 3);
        CHECK(!counts.has_simulated);
        fixture_reopen(&f);
    }
    store_batch_free(store_batch_new());
    store_batch_free(NULL);
    fixture_close(&f);
}

/* What the caller does with its memory afterwards does not matter. */
static void batches_own_copies(void)
{
    struct fixture f;
    fixture_open(&f);
    char id[] = "ar_1", name[] = "Name", body[] = "body", scheme[] = "isni", value[] = "77";
    struct store_key key = {scheme, value};
    double number = 5;
    int64_t moment = 3;
    int32_t flags = 1;
    struct store_batch *batch = store_batch_new();
    store_add_record(batch, &(struct store_record){.kind = RECORD_ARTIST,
                                                   .id = id,
                                                   .name = name,
                                                   .body = BYTES(body),
                                                   .keys = &key,
                                                   .key_count = 1});
    store_add_points(
        batch, &(struct store_series){1, id, scheme, name, 1, &moment, &number, &moment, &flags});
    memset(id, 'x', 2), memset(name, 'x', 2), memset(body, 'x', 2);
    memset(scheme, 'x', 2), memset(value, 'x', 2);
    number = 6, moment = 4;
    fixture_commit(&f, batch, PROS_OK);
    struct pros_bytes got;
    const char *found;
    CHECK_INT(store_get_record(f.store, RECORD_ARTIST, "ar_1", INT64_MAX, &f.arena, &got, NULL),
              PROS_OK);
    CHECK(got.size == 4 && memcmp(got.data, "body", 4) == 0);
    CHECK_INT(store_find_key(f.store, RECORD_ARTIST, "isni", "77", &f.arena, &found, NULL),
              PROS_OK);
    CHECK_STR(found, "ar_1");
    struct seen seen = {0};
    struct store_signal_query query = {
        .start_ms = INT64_MIN, .end_ms = INT64_MAX, .as_of_ms = INT64_MAX};
    CHECK_INT(store_scan_signals(f.store, &query, see_series, &seen, NULL, NULL), PROS_OK);
    CHECK_STR(seen.text, "1/ar_1/isni/Name:3=5, ");
    fixture_close(&f);
}

static void bad_addresses_are_refused(void)
{
    struct store *store;
    struct failure failure = {0};
    static const char *const cases[] = {"", "sqlite", "mysql:x", "sqlite:", "postgres://x"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK_INT(store_open(cases[i], &store, &failure), PROS_INVALID_ARGUMENT);
        CHECK(store == NULL && strstr(failure.sentence, "sqlite:PATH") != NULL);
    }
    store_close(NULL);
}

enum { WRITERS = 4, READERS = 3, BATCHES = 60 };

struct worker {
    pthread_t thread;
    struct store *store;
    int number;
    int errors;
    volatile int *stop;
};

/* Each batch: a record, two points and two events; every third must fail as a whole. */
static void *write_batches(void *context)
{
    struct worker *worker = context;
    for (int i = 0; i < BATCHES; i++) {
        char id[32];
        bool bad = i % 3 == 2;
        snprintf(id, sizeof id, "ar_%d_%d", worker->number, i);
        struct store_batch *batch = store_batch_new();
        add_artist(batch, id, id, 1, "x");
        add_event(batch, "one");
        add_event(batch, "two");
        add_point(batch, "ar_shared", "m", worker->number * 1000 + i, 1, 1);
        add_point(batch, id, "m", i, 1, 1);
        if (bad)
            store_add_ledger(batch, "none", LEDGER_SCORE, BYTES("x"));
        enum pros_status want = bad ? PROS_NOT_FOUND : PROS_OK;
        worker->errors += store_commit(worker->store, batch, NULL, NULL) != want;
    }
    return NULL;
}

struct pairs {
    int64_t last_sequence;
    int errors;
};

static enum pros_status check_pair(void *context, const struct store_event *event)
{
    struct pairs *pairs = context;
    pairs->errors += event->sequence != pairs->last_sequence + 1;
    pairs->errors += strcmp(event->type, event->sequence % 2 ? "one" : "two") != 0;
    pairs->last_sequence = event->sequence;
    return PROS_OK;
}

struct nested {
    struct store *store;
    int errors;
};

/* A visitor may read: another connection, another snapshot. */
static enum pros_status read_within(void *context, const struct store_series *series)
{
    struct nested *nested = context;
    struct store_counts counts;
    nested->errors += store_get_counts(nested->store, &counts, NULL) != PROS_OK;
    nested->errors += series->point_count == 0;
    return PROS_OK;
}

static void *read_all(void *context)
{
    struct worker *worker = context;
    while (!__atomic_load_n(worker->stop, __ATOMIC_ACQUIRE)) {
        struct pairs pairs = {0};
        store_read_events(worker->store, 0, INT64_MAX, check_pair, &pairs, NULL);
        worker->errors += pairs.errors + (pairs.last_sequence % 2 != 0);
        struct store_counts counts;
        store_get_counts(worker->store, &counts, NULL);
        worker->errors += counts.artists != counts.commit_seq;
        worker->errors += counts.points != 2 * counts.commit_seq;
        struct nested nested = {worker->store, 0};
        store_scan_signals(worker->store, &everything, read_within, &nested, NULL, NULL);
        worker->errors += nested.errors;
        store_wait_events(worker->store, pairs.last_sequence, 5);
    }
    return NULL;
}

static void readers_see_whole_batches(void)
{
    struct fixture f;
    fixture_open(&f);
    struct worker writers[WRITERS] = {0}, readers[READERS] = {0};
    volatile int stop = 0;
    for (int i = 0; i < READERS; i++) {
        readers[i] = (struct worker){.store = f.store, .stop = &stop};
        pthread_create(&readers[i].thread, NULL, read_all, &readers[i]);
    }
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = (struct worker){.store = f.store, .number = i};
        pthread_create(&writers[i].thread, NULL, write_batches, &writers[i]);
    }
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(writers[i].thread, NULL);
        CHECK_INT(writers[i].errors, 0);
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
    for (int i = 0; i < READERS; i++) {
        pthread_join(readers[i].thread, NULL);
        CHECK_INT(readers[i].errors, 0);
    }
    struct store_counts counts;
    store_get_counts(f.store, &counts, NULL);
    CHECK_INT(counts.commit_seq, WRITERS * BATCHES * 2 / 3);
    CHECK_INT(counts.event_sequence, WRITERS * BATCHES * 4 / 3);
    fixture_close(&f);
}

static void count_done(void *context, enum pros_status status, int64_t commit_seq)
{
    int64_t *last = context;
    *last = status == PROS_OK && commit_seq == *last + 1 ? commit_seq : INT64_MIN;
}

static void closing_finishes_what_was_submitted(void)
{
    struct fixture f;
    fixture_open(&f);
    int64_t last = 0;
    for (int i = 0; i < 200; i++) {
        struct store_batch *batch = store_batch_new();
        add_event(batch, "e");
        store_submit(f.store, batch, NULL, NULL);
    }
    store_close(f.store);
    f.store = NULL;
    fixture_reopen(&f);
    struct store_counts counts;
    store_get_counts(f.store, &counts, NULL);
    CHECK_INT(counts.event_sequence, 200);
    last = 200;
    for (int i = 0; i < 50; i++)
        store_submit(f.store, store_batch_new(), count_done, &last);
    store_close(f.store);
    CHECK_INT(last, 250);
    f.store = NULL;
    fixture_reopen(&f);
    CHECK(strstr(store_description(f.store), "sqlite: ") == store_description(f.store));
    fixture_close(&f);
}

CHECK_MAIN(batches_are_atomic_and_numbered, batches_own_copies, bad_addresses_are_refused,
           readers_see_whole_batches, closing_finishes_what_was_submitted)
