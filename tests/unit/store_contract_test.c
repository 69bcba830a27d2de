/* What every backend of the store must do. */
#include "unit/store_fixture.h"

#include "base/clock.h"

#include <pthread.h>
#include <stdarg.h>
#include <time.h>

/* ---- batches ---- */

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

/* ---- catalog ---- */

static void get(struct fixture *f, int64_t as_of_ms, const char *want)
{
    struct pros_bytes body;
    struct failure failure = {0};
    enum pros_status status =
        store_get_record(f->store, RECORD_ARTIST, "ar_1", as_of_ms, &f->arena, &body, &failure);
    CHECK_INT(status, want ? PROS_OK : PROS_NOT_FOUND);
    if (want && !status)
        CHECK(body.size == strlen(want) && memcmp(body.data, want, body.size) == 0);
    else if (!want)
        CHECK(strstr(failure.sentence, "There is no artist") != NULL);
}

static void records_have_versions(void)
{
    struct fixture f;
    fixture_open(&f);
    struct store_batch *batch = store_batch_new();
    add_artist(batch, "ar_1", "First", 100, "v100");
    add_artist(batch, "ar_1", "Second", 200, "v200");
    add_artist(batch, "ar_1", "Older", 150, "v150");
    fixture_commit(&f, batch, PROS_OK);
    struct seen seen = {0};
    struct store_record_query query = {
        .kind = RECORD_ARTIST, .name_part = "second", .as_of_ms = INT64_MAX};
    CHECK_INT(store_list_records(f.store, &query, see_record, &seen, NULL), PROS_OK);
    CHECK_STR(seen.text, "ar_1=v200 "); /* an older version does not rename */
    batch = store_batch_new();
    add_artist(batch, "ar_1", "Corrected", 200, "v200b");
    fixture_commit(&f, batch, PROS_OK);
    get(&f, 99, NULL);
    get(&f, 100, "v100");
    get(&f, 199, "v150");
    get(&f, 200, "v200b");
    get(&f, INT64_MAX, "v200b");
    seen = (struct seen){0};
    query.name_part = "corr";
    CHECK_INT(store_list_records(f.store, &query, see_record, &seen, NULL), PROS_OK);
    CHECK_STR(seen.text, "ar_1=v200b ");
    struct store_record bad = {.kind = RECORD_ARTIST, .id = ""};
    batch = store_batch_new();
    store_add_record(batch, &bad);
    fixture_commit(&f, batch, PROS_INVALID_ARGUMENT);
    fixture_close(&f);
}

static void list(struct fixture *f, struct store_record_query query, size_t stop_at,
                 const char *want)
{
    struct seen seen = {.stop_at = stop_at};
    query.kind = RECORD_ARTIST;
    if (query.as_of_ms == 0)
        query.as_of_ms = INT64_MAX;
    enum pros_status status = store_list_records(f->store, &query, see_record, &seen, NULL);
    CHECK_INT(status, stop_at ? PROS_CANCELLED : PROS_OK);
    CHECK_STR(seen.text, want);
}

static void records_list_by_name(void)
{
    struct fixture f;
    fixture_open(&f);
    struct store_batch *batch = store_batch_new();
    add_artist(batch, "ar_c", "Zed", 1, "z");
    add_artist(batch, "ar_b", "\xC3\x84lpha", 1, "b");
    add_artist(batch, "ar_a", "alpha", 1, "a");
    add_artist(batch, "ar_d", "100% _Wild", 1, "d");
    add_artist(batch, "ar_e", "!!!", 50, "e");
    fixture_commit(&f, batch, PROS_OK);
    list(&f, (struct store_record_query){.name_part = ""}, 0,
         "ar_e=e ar_d=d ar_a=a ar_b=b ar_c=z ");
    list(&f, (struct store_record_query){.name_part = "", .as_of_ms = 49}, 0,
         "ar_d=d ar_a=a ar_b=b ar_c=z ");
    list(&f, (struct store_record_query){.name_part = "lph"}, 0, "ar_a=a ar_b=b ");
    list(&f, (struct store_record_query){.name_part = "%"}, 0, "");
    list(&f, (struct store_record_query){.name_part = "100 w"}, 0, "ar_d=d ");
    list(&f, (struct store_record_query){.name_part = ""}, 2, "ar_e=e ar_d=d ");
    list(&f,
         (struct store_record_query){.name_part = "", .after_name = "alpha", .after_id = "ar_a"}, 0,
         "ar_b=b ar_c=z ");
    list(&f,
         (struct store_record_query){
             .name_part = "", .after_name = "\xC3\x84lpha", .after_id = "ar_b"},
         0, "ar_c=z ");
    fixture_close(&f);
}

static void find(struct fixture *f, const char *scheme, const char *value, const char *want)
{
    const char *id;
    CHECK_INT(store_find_key(f->store, RECORD_ARTIST, scheme, value, &f->arena, &id, NULL),
              PROS_OK);
    if (want)
        CHECK_STR(id, want);
    else
        CHECK(id == NULL);
}

static void keys_name_records(void)
{
    struct fixture f;
    fixture_open(&f);
    const struct store_key old_keys[] = {{"isni", "1"}, {"name", "one"}, {"name", "one"}};
    const struct store_key new_keys[] = {{"isni", "2"}, {"name", "one"}};
    struct store_record record = {.kind = RECORD_ARTIST,
                                  .id = "ar_z",
                                  .name = "One",
                                  .known_at_ms = 1,
                                  .keys = old_keys,
                                  .key_count = 3};
    struct store_batch *batch = store_batch_new();
    store_add_record(batch, &record);
    record.id = "ar_a";
    store_add_record(batch, &record);
    fixture_commit(&f, batch, PROS_OK);
    find(&f, "name", "one", "ar_z"); /* the oldest */
    find(&f, "isni", "1", "ar_z");
    find(&f, "isni", "2", NULL);
    record.id = "ar_z";
    record.known_at_ms = 2;
    record.keys = new_keys;
    record.key_count = 2;
    batch = store_batch_new();
    store_add_record(batch, &record);
    fixture_commit(&f, batch, PROS_OK);
    find(&f, "isni", "1", "ar_a");
    find(&f, "isni", "2", "ar_z");
    const char *id;
    CHECK_INT(store_find_key(f.store, RECORD_TRACK, "isni", "2", &f.arena, &id, NULL), PROS_OK);
    CHECK(id == NULL);
    fixture_close(&f);
}

static void add_show(struct store_batch *batch, const char *id, const char *artist,
                     const char *venue, const char *genre, int32_t day, int64_t known_at_ms)
{
    struct store_show_index show = {artist, venue, "ro_1", genre, day};
    store_add_record(batch, &(struct store_record){.kind = RECORD_SHOW,
                                                   .id = id,
                                                   .known_at_ms = known_at_ms,
                                                   .body = BYTES("s"),
                                                   .show = &show});
}

static void shows_are_found(void)
{
    struct fixture f;
    fixture_open(&f);
    struct store_batch *batch = store_batch_new();
    add_show(batch, "sh_1", "ar_1", "ve_1", "rock", 100, 1);
    add_show(batch, "sh_2", "ar_1", "ve_2", "rock", 200, 1);
    add_show(batch, "sh_3", "ar_2", "ve_1", "folk", 200, 1);
    add_show(batch, "sh_4", "ar_3", "ve_1", "rock", -5, 1);
    add_show(batch, "sh_5", "ar_3", "ve_3", "rock", 300, 99);
    fixture_commit(&f, batch, PROS_OK);
    batch = store_batch_new();
    add_show(batch, "sh_4", "ar_3", "ve_1", "rock", 50, 2); /* moved */
    fixture_commit(&f, batch, PROS_OK);
    const char *one[] = {"ar_1"}, *two[] = {"ar_2", "ar_1"}, *venue[] = {"ve_1"};
    struct store_show_query all = {
        .start_day = INT32_MIN, .end_day = INT32_MAX, .as_of_ms = INT64_MAX};
    struct {
        struct store_show_query query;
        const char *want;
    } cases[16];
    size_t n = 0;
#define CASE(wanted, ...)                                                                          \
    do {                                                                                           \
        struct store_show_query q = all;                                                           \
        __VA_ARGS__;                                                                               \
        cases[n].query = q;                                                                        \
        cases[n++].want = wanted;                                                                  \
    } while (0)
    CASE("sh_5=s sh_2=s sh_3=s sh_1=s sh_4=s ", (void)0);
    CASE("sh_2=s sh_3=s sh_1=s sh_4=s ", q.as_of_ms = 98);
    CASE("sh_2=s sh_1=s ", q.artist_ids = one, q.artist_count = 1);
    CASE("sh_2=s sh_3=s sh_1=s ", q.artist_ids = two, q.artist_count = 2);
    CASE("sh_3=s sh_1=s ", q.artist_ids = two, q.artist_count = 2, q.venue_ids = venue,
         q.venue_count = 1);
    CASE("sh_5=s sh_2=s sh_1=s sh_4=s ", q.genre = "rock");
    CASE("sh_1=s sh_4=s ", q.start_day = 50, q.end_day = 200);
    CASE("sh_3=s sh_1=s sh_4=s ", q.before_day = 200, q.before_id = "sh_2");
    CASE("sh_1=s sh_4=s ", q.before_day = 200, q.before_id = "sh_3");
    CASE("", q.genre = "rock' OR 1 --");
    CASE("sh_2=s sh_3=s sh_1=s sh_4=s ", q.as_of_ms = 1);
    CASE("sh_4=s ", q.as_of_ms = 1, q.end_day = 0);
    CASE("", q.as_of_ms = 2, q.end_day = 0);
    CASE("sh_4=s ", q.as_of_ms = 2, q.start_day = 50, q.end_day = 51);
    CASE("", q.as_of_ms = 1, q.start_day = 50, q.end_day = 51);
#undef CASE
    for (size_t i = 0; i < n; i++) {
        struct seen seen = {0};
        CHECK_INT(store_list_shows(f.store, &cases[i].query, see_record, &seen, NULL), PROS_OK);
        CHECK_STR(seen.text, cases[i].want);
    }
    struct store_counts counts;
    store_get_counts(f.store, &counts, NULL);
    CHECK_INT(counts.shows, 5);
    fixture_close(&f);
}

/* ---- signals ---- */

static void scan(struct fixture *f, struct store_signal_query query, const char *want)
{
    struct seen seen = {0};
    int64_t commit_seq = 0;
    struct failure failure = {0};
    if (!CHECK_INT(store_scan_signals(f->store, &query, see_series, &seen, &commit_seq, &failure),
                   PROS_OK))
        fprintf(stderr, "    %s\n", failure.sentence);
    CHECK_STR(seen.text, want);
    CHECK(commit_seq > 0);
}

static const struct store_signal_query everything = {
    .start_ms = INT64_MIN, .end_ms = INT64_MAX, .as_of_ms = INT64_MAX};

static void corrections_win_when_known(void)
{
    struct fixture f;
    fixture_open(&f);
    struct store_batch *batch = store_batch_new();
    add_point(batch, "ar_1", "followers", 10, 1, 10);
    add_point(batch, "ar_1", "followers", 20, 2, 20);
    add_point(batch, "ar_1", "followers", 10, 1.5, 30);
    fixture_commit(&f, batch, PROS_OK);
    batch = store_batch_new();
    add_point(batch, "ar_1", "followers", 20, 2.25, 20); /* known as early, committed later */
    add_point(batch, "ar_1", "followers", 30, -3, 30);
    fixture_commit(&f, batch, PROS_OK);
    for (int round = 0; round < 2; round++) {
        struct store_signal_query query = everything;
        scan(&f, query, "1/ar_1/spotify/followers:10=1.5,20=2.25,30=-3, ");
        query.as_of_ms = 29;
        scan(&f, query, "1/ar_1/spotify/followers:10=1,20=2.25, ");
        query.as_of_ms = 20;
        scan(&f, query, "1/ar_1/spotify/followers:10=1,20=2.25, ");
        query.as_of_ms = 10;
        scan(&f, query, "1/ar_1/spotify/followers:10=1, ");
        query.as_of_ms = 9;
        scan(&f, query, "");
        query.as_of_ms = INT64_MAX;
        query.start_ms = 10;
        query.end_ms = 11;
        scan(&f, query, "1/ar_1/spotify/followers:10=1.5, ");
        query.start_ms = 20;
        query.end_ms = 30;
        scan(&f, query, "1/ar_1/spotify/followers:20=2.25, ");
        fixture_reopen(&f);
    }
    struct store_batch *bad = store_batch_new();
    add_point(bad, "ar_1", "followers", 40, INFINITY, 40);
    fixture_commit(&f, bad, PROS_INVALID_ARGUMENT);
    bad = store_batch_new();
    add_point(bad, "ar_1", "followers", 40, NAN, 40);
    fixture_commit(&f, bad, PROS_INVALID_ARGUMENT);
    fixture_close(&f);
}

static void series_come_in_order_and_filtered(void)
{
    struct fixture f;
    fixture_open(&f);
    struct store_batch *batch = store_batch_new();
    add_point(batch, "ar_2", "streams", 1, 21, 1);
    add_point(batch, "ar_10", "streams", 1, 101, 1);
    add_point(batch, "ar_10", "followers", 1, 100, 1);
    int64_t moment = 1;
    double value = 7;
    int32_t flags = 0;
    struct store_series track = {2, "tr_1", "chart", "rank", 1, &moment, &value, &moment, &flags};
    store_add_points(batch, &track);
    fixture_commit(&f, batch, PROS_OK);
    struct store_signal_query query = everything;
    scan(&f, query,
         "1/ar_10/spotify/followers:1=100, 1/ar_10/spotify/streams:1=101, "
         "1/ar_2/spotify/streams:1=21, 2/tr_1/chart/rank:1=7, ");
    query.entity_kind = 2;
    scan(&f, query, "2/tr_1/chart/rank:1=7, ");
    query = everything;
    const char *ids[] = {"tr_1", "ar_2", "ar_x", "ar_2"};
    query.entity_ids = ids;
    query.entity_count = 4;
    scan(&f, query, "1/ar_2/spotify/streams:1=21, 2/tr_1/chart/rank:1=7, ");
    query.entity_count = 0;
    scan(&f, query, "");
    query = everything;
    const char *metrics[] = {"followers", "rank"}, *sources[] = {"spotify"};
    query.metrics = metrics;
    query.metric_count = 2;
    scan(&f, query, "1/ar_10/spotify/followers:1=100, 2/tr_1/chart/rank:1=7, ");
    query.sources = sources;
    query.source_count = 1;
    scan(&f, query, "1/ar_10/spotify/followers:1=100, ");
    fixture_close(&f);
}

static enum pros_status see_source(void *context, const struct store_source *source)
{
    return see(context, "%s/%s/%d:%lld,%lld,%lld ", source->source, source->metric,
               source->entity_kind, (long long)source->series_count, (long long)source->point_count,
               (long long)source->newest_ms);
}

struct tally {
    size_t points;
    int64_t last_ms;
    double sum;
    int errors;
};

static enum pros_status tally_series(void *context, const struct store_series *series)
{
    struct tally *tally = context;
    tally->last_ms = INT64_MIN;
    for (size_t i = 0; i < series->point_count; i++) {
        tally->errors += series->observed_at_ms[i] <= tally->last_ms;
        tally->last_ms = series->observed_at_ms[i];
        tally->sum += series->values[i];
        tally->points++;
    }
    return PROS_OK;
}

/* Many small additions, out of order, with corrections: what comes out does not show how it went
 * in. */
static void small_additions_are_packed(void)
{
    struct fixture f;
    fixture_open(&f);
    enum { DAYS = 3000 };
    double sum = 0;
    for (int part = 0; part < DAYS / 10; part++) {
        struct store_batch *batch = store_batch_new();
        for (int i = 0; i < 10; i++) {
            int day = (part * 10 + i) * 7 % DAYS; /* 7 and 3000 have no common factor */
            add_point(batch, "ar_1", "streams", day * DAY_MS, -1, 1);
            add_point(batch, "ar_1", "streams", day * DAY_MS, day + 0.5, 2);
            sum += day + 0.5;
        }
        fixture_commit(&f, batch, PROS_OK);
    }
    struct tally tally = {0};
    CHECK_INT(store_scan_signals(f.store, &everything, tally_series, &tally, NULL, NULL), PROS_OK);
    CHECK_INT(tally.points, DAYS);
    CHECK_INT(tally.errors, 0);
    CHECK_NEAR(tally.sum, sum, 0);
    struct seen seen = {0};
    CHECK_INT(store_list_sources(f.store, see_source, &seen, NULL), PROS_OK);
    CHECK_STR(seen.text, "spotify/streams/1:1,6000,259113600000 ");
    struct store_counts counts;
    store_get_counts(f.store, &counts, NULL);
    CHECK_INT(counts.points, 6000);
    fixture_close(&f);
}

struct interrupted {
    struct fixture *fixture;
    struct seen seen;
};

/* While the first series is shown, others get another point. */
static enum pros_status commit_within(void *context, const struct store_series *series)
{
    struct interrupted *interrupted = context;
    if (interrupted->seen.count == 0) {
        struct store_batch *batch = store_batch_new();
        add_point(batch, "ar_2", "m", 2, 2, 2);
        add_point(batch, "ar_3", "m", 1, 1, 1);
        fixture_commit(interrupted->fixture, batch, PROS_OK);
    }
    return see_series(&interrupted->seen, series);
}

static void interrupt_scan(const struct store_signal_query *query)
{
    struct fixture f;
    fixture_open(&f);
    struct store_batch *batch = store_batch_new();
    add_point(batch, "ar_1", "m", 1, 1, 1);
    add_point(batch, "ar_2", "m", 1, 1, 1);
    fixture_commit(&f, batch, PROS_OK);
    struct interrupted interrupted = {.fixture = &f};
    int64_t commit_seq = 0;
    CHECK_INT(store_scan_signals(f.store, query, commit_within, &interrupted, &commit_seq, NULL),
              PROS_OK);
    CHECK_STR(interrupted.seen.text, "1/ar_1/spotify/m:1=1, 1/ar_2/spotify/m:1=1, ");
    CHECK_INT(commit_seq, 1);
    fixture_close(&f);
}

static void a_scan_is_one_snapshot(void)
{
    static const char *const ids[] = {"ar_1", "ar_2", "ar_3"};
    struct store_signal_query query = everything;
    interrupt_scan(&query);
    query.entity_ids = ids;
    query.entity_count = 3;
    interrupt_scan(&query);
}

/* ---- journal, traces ---- */

static void *wait_for_event(void *context)
{
    CHECK_INT(store_wait_events(context, 0, 60000), 1); /* the main thread waits meanwhile */
    return NULL;
}

static void a_commit_wakes_who_waits(void)
{
    struct fixture f;
    fixture_open(&f);
    pthread_t waiter;
    pthread_create(&waiter, NULL, wait_for_event, f.store);
    nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    int64_t start_us = clock_monotonic_us();
    struct store_batch *batch = store_batch_new();
    add_event(batch, "e");
    store_submit(f.store, batch, NULL, NULL);
    pthread_join(waiter, NULL);
    CHECK(clock_monotonic_us() - start_us < 30000000);
    fixture_close(&f);
}

static void events_page_and_wake(void)
{
    struct fixture f;
    fixture_open(&f);
    CHECK_INT(store_wait_events(f.store, 0, 0), 0);
    CHECK_INT(store_wait_events(f.store, 0, 20), 0);
    struct store_batch *batch = store_batch_new();
    for (int i = 0; i < 5; i++)
        add_event(batch, "t");
    fixture_commit(&f, batch, PROS_OK);
    CHECK_INT(store_wait_events(f.store, 4, 60000), 5);
    struct seen seen = {0};
    CHECK_INT(store_read_events(f.store, 2, 2, see_event, &seen, NULL), PROS_OK);
    CHECK_STR(seen.text, "3:t 4:t ");
    seen = (struct seen){.stop_at = 1};
    CHECK_INT(store_read_events(f.store, 0, 9, see_event, &seen, NULL), PROS_CANCELLED);
    CHECK_STR(seen.text, "1:t ");
    fixture_close(&f);
}

static enum pros_status see_trace(void *context, const struct store_trace *trace)
{
    return see(context, "%s:%s ", trace->trace_id, trace->agent);
}

static void traces_page(void)
{
    struct fixture f;
    fixture_open(&f);
    struct store_trace trace = {.trace_id = "t1",
                                .agent = "a",
                                .method = "m",
                                .summary = "s",
                                .start_ms = 5,
                                .duration_us = 6,
                                .status_code = 7,
                                .trace = BYTES("tt"),
                                .reply = {0}};
    struct store_batch *batch = store_batch_new();
    store_add_trace(batch, &trace);
    trace.trace_id = "t2";
    trace.agent = "b";
    store_add_trace(batch, &trace);
    trace.trace_id = "t3";
    trace.start_ms = 4;
    store_add_trace(batch, &trace);
    fixture_commit(&f, batch, PROS_OK);
    batch = store_batch_new();
    store_add_trace(batch, &trace);
    fixture_commit(&f, batch, PROS_ALREADY_EXISTS);
    struct seen seen = {0};
    CHECK_INT(store_list_traces(f.store, NULL, 0, NULL, see_trace, &seen, NULL), PROS_OK);
    CHECK_STR(seen.text, "t2:b t1:a t3:b ");
    seen = (struct seen){0};
    CHECK_INT(store_list_traces(f.store, "b", 5, "t2", see_trace, &seen, NULL), PROS_OK);
    CHECK_STR(seen.text, "t3:b ");
    struct store_trace got;
    CHECK_INT(store_get_trace(f.store, "t1", &f.arena, &got, NULL), PROS_OK);
    CHECK_STR(got.summary, "s");
    CHECK_INT(got.status_code, 7);
    CHECK_INT(got.trace.size, 2);
    CHECK_INT(got.reply.size, 0);
    CHECK_INT(store_get_trace(f.store, "t9", &f.arena, &got, NULL), PROS_NOT_FOUND);
    fixture_close(&f);
}

/* ---- ledger ---- */

static enum pros_status see_prediction(void *context, const struct store_prediction *p)
{
    return see(context, "%s:%.*s,%.*s,%.*s ", p->id, (int)p->prediction.size,
               (const char *)p->prediction.data, (int)p->outcome.size,
               p->outcome.size ? (const char *)p->outcome.data : "", (int)p->score.size,
               p->score.size ? (const char *)p->score.data : "");
}

static void add_prediction(struct store_batch *batch, const char *id, const char *subject,
                           int64_t issue_ms)
{
    store_add_prediction(batch, &(struct store_prediction){.id = id,
                                                           .target = "heads",
                                                           .subject = subject,
                                                           .agent = "a",
                                                           .issue_ms = issue_ms,
                                                           .due_ms = 100,
                                                           .prediction = BYTES("p")});
}

static void predictions_gather_parts(void)
{
    struct fixture f;
    fixture_open(&f);
    struct store_batch *batch = store_batch_new();
    add_prediction(batch, "pr_1", "show/1", 10);
    add_prediction(batch, "pr_2", "show/2", 20);
    add_prediction(batch, "pr_3", "artist/1", 20);
    store_add_ledger(batch, "pr_1", LEDGER_OUTCOME, BYTES("o1"));
    fixture_commit(&f, batch, PROS_OK);
    batch = store_batch_new();
    store_add_ledger(batch, "pr_1", LEDGER_OUTCOME, BYTES("o2"));
    store_add_ledger(batch, "pr_1", LEDGER_SCORE, BYTES("s"));
    fixture_commit(&f, batch, PROS_OK);
    batch = store_batch_new();
    add_prediction(batch, "pr_1", "show/1", 10);
    fixture_commit(&f, batch, PROS_ALREADY_EXISTS);
    static const struct {
        struct store_prediction_query query;
        const char *want;
    } cases[] = {
        {{.open = -1}, "pr_3:p,, pr_2:p,, pr_1:p,o2,s "},
        {{.open = 1}, "pr_3:p,, pr_2:p,, "},
        {{.open = 0}, "pr_1:p,o2,s "},
        {{.open = -1, .id = "pr_2"}, "pr_2:p,, "},
        {{.open = -1, .subject = "show/2"}, "pr_2:p,, "},
        {{.open = -1, .subject_prefix = "show/"}, "pr_2:p,, pr_1:p,o2,s "},
        {{.open = -1, .target = "other"}, ""},
        {{.open = -1, .agent = "b"}, ""},
        {{.open = -1, .before_issue_ms = 20, .before_id = "pr_3"}, "pr_2:p,, pr_1:p,o2,s "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct seen seen = {0};
        CHECK_INT(store_list_predictions(f.store, &cases[i].query, see_prediction, &seen, NULL),
                  PROS_OK);
        CHECK_STR(seen.text, cases[i].want);
    }
    int64_t count = 0;
    CHECK_INT(store_verify_ledger(f.store, &count, NULL), PROS_OK);
    CHECK_INT(count, 6);
    fixture_reopen(&f);
    CHECK_INT(store_verify_ledger(f.store, NULL, NULL), PROS_OK);
    fixture_close(&f);
}

/* ---- requests, imports, models ---- */

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
    get(&f, INT64_MAX, NULL);
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

/* ---- many at once ---- */

enum { WRITERS = 4, READERS = 3, BATCHES = 60 };

struct worker {
    pthread_t thread;
    struct store *store;
    int number;
    int errors;
    volatile int *stop;
};

/* Each batch: a record, two points and two events; every third must fail as a whole. */
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
           records_have_versions, records_list_by_name, keys_name_records, shows_are_found,
           corrections_win_when_known, series_come_in_order_and_filtered,
           small_additions_are_packed, a_scan_is_one_snapshot, a_commit_wakes_who_waits,
           events_page_and_wake, traces_page, predictions_gather_parts, requests_are_remembered,
           imports_are_staged, models_have_versions, api_keys_only_age, readers_see_whole_batches,
           closing_finishes_what_was_submitted)
