/* Commits a second, scan speed and bytes a point; prints figures and fails only when they are
 * absurd. */
#include "unit/store_fixture.h"

#include "base/clock.h"

#include <pthread.h>
#include <sys/stat.h>

enum { ARTISTS = 200, METRICS = 10, DAYS = 730, COMMIT_MS = 1500, MAX_THREADS = 8 };

struct submitter {
    pthread_t thread;
    struct store *store;
    int64_t end_us, commits;
};

static void *commit_small(void *context)
{
    struct submitter *submitter = context;
    while (clock_monotonic_us() < submitter->end_us) {
        struct store_batch *batch = store_batch_new();
        add_event(batch, "e");
        if (store_commit(submitter->store, batch, NULL, NULL) == PROS_OK)
            submitter->commits++;
    }
    return NULL;
}

static double commits_per_second(struct store *store, int threads)
{
    struct submitter submitters[MAX_THREADS] = {0};
    int64_t start_us = clock_monotonic_us(), commits = 0;
    for (int i = 0; i < threads; i++) {
        submitters[i] = (struct submitter){.store = store, .end_us = start_us + COMMIT_MS * 1000};
        pthread_create(&submitters[i].thread, NULL, commit_small, &submitters[i]);
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(submitters[i].thread, NULL);
        commits += submitters[i].commits;
    }
    return (double)commits * 1e6 / (double)(clock_monotonic_us() - start_us);
}

static void commits_are_fast(void)
{
    struct fixture f;
    fixture_open(&f);
    double one = commits_per_second(f.store, 1);
    double many = commits_per_second(f.store, MAX_THREADS);
    printf("commits a second: %.0f with 1 thread, %.0f with %d\n", one, many, MAX_THREADS);
    CHECK(one > 1);
    fixture_close(&f);
}

/* splitmix64: the same figures every run, and faster than what is measured. */
static uint64_t random_number(void)
{
    static uint64_t state = 42;
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* A level that wanders by whole numbers, as followers do. */
static void add_history(struct store_batch *batch, int artist, int metric)
{
    static int64_t observed[DAYS], known[DAYS];
    static double values[DAYS];
    static int32_t flags[DAYS];
    double level = (double)(random_number() % 1000000);
    for (int day = 0; day < DAYS; day++) {
        observed[day] = (19000 + day) * DAY_MS;
        known[day] = observed[day] + DAY_MS / 2;
        level += (double)(random_number() % 2000) - 900;
        values[day] = level;
    }
    char id[32], name[32];
    snprintf(id, sizeof id, "ar_%04d", artist);
    snprintf(name, sizeof name, "metric-%d", metric);
    store_add_points(batch, &(struct store_series){1, id, "platform", name, DAYS, observed, values,
                                                   known, flags});
}

struct total {
    int64_t points;
    double sum;
};

static enum pros_status add_up(void *context, const struct store_series *series)
{
    struct total *total = context;
    total->points += (int64_t)series->point_count;
    for (size_t i = 0; i < series->point_count; i++)
        total->sum += series->values[i];
    return PROS_OK;
}

static void scans_are_fast(void)
{
    struct fixture f;
    fixture_open(&f);
    int64_t start_us = clock_monotonic_us();
    for (int artist = 0; artist < ARTISTS; artist++) {
        struct store_batch *batch = store_batch_new();
        for (int metric = 0; metric < METRICS; metric++)
            add_history(batch, artist, metric);
        fixture_commit(&f, batch, PROS_OK);
    }
    double load_s = (double)(clock_monotonic_us() - start_us) / 1e6;
    fixture_reopen(&f);
    struct store_signal_query query = {
        .start_ms = INT64_MIN, .end_ms = INT64_MAX, .as_of_ms = INT64_MAX};
    double points = (double)ARTISTS * METRICS * DAYS;
    for (int round = 0; round < 2; round++) {
        struct total total = {0};
        start_us = clock_monotonic_us();
        store_scan_signals(f.store, &query, add_up, &total, NULL, NULL);
        double scan_s = (double)(clock_monotonic_us() - start_us) / 1e6;
        CHECK_INT(total.points, ARTISTS * METRICS * DAYS);
        printf("scan: %.1f million points a second\n", points / scan_s / 1e6);
    }
    struct stat info;
    CHECK(stat(f.path, &info) == 0);
    printf("load: %.2f million points a second; file: %.2f bytes a point\n", points / load_s / 1e6,
           (double)info.st_size / points);
    CHECK((double)info.st_size / points < 8);
    fixture_close(&f);
}

CHECK_MAIN(commits_are_fast, scans_are_fast)
