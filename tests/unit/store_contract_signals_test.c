/* What every backend of the store must do: points by what was known when, in one snapshot. */
#include "unit/store_fixture.h"

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

CHECK_MAIN(corrections_win_when_known, series_come_in_order_and_filtered,
           small_additions_are_packed, a_scan_is_one_snapshot)
