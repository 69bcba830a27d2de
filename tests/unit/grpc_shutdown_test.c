/* Closing the door while it is busy: calls in flight are answered, and what does not end is ended.
 */
#include "base/clock.h"
#include "unit/check.h"
#include "unit/grpc_fixture.h"

#include <pthread.h>
#include <unistd.h>

#define CALLERS 16

struct caller {
    pthread_t thread;
    struct grpc_client *client;
    enum behaviour behaviour;
    int ms;
    int64_t answer;
    int good_count, refused_count, lost_count;
    struct failure failure;
};

static void *call_once(void *argument)
{
    struct caller *caller = argument;
    caller->answer =
        fixture_list(caller->client, caller->behaviour, caller->ms, 30000, &caller->failure);
    return NULL;
}

static void start(struct fixture *fixture, struct caller callers[CALLERS], void *(*work)(void *),
                  enum behaviour behaviour, int ms)
{
    for (int i = 0; i < CALLERS; i++) {
        callers[i] = (struct caller){
            .client = grpc_client_open(fixture->target), .behaviour = behaviour, .ms = ms};
        CHECK(pthread_create(&callers[i].thread, NULL, work, &callers[i]) == 0);
    }
}

static void join(struct caller callers[CALLERS])
{
    for (int i = 0; i < CALLERS; i++) {
        pthread_join(callers[i].thread, NULL);
        grpc_client_close(callers[i].client);
    }
}

static void test_calls_in_flight_are_answered(void)
{
    struct fixture fixture;
    struct caller callers[CALLERS];
    fixture_open(&fixture, NULL);
    start(&fixture, callers, call_once, SLEEP, 300);
    CHECK(fixture_reaches(&fixture_counters.started, CALLERS));
    int64_t start_us = clock_monotonic_us();
    fixture_close(&fixture, 10000);
    CHECK(clock_monotonic_us() - start_us < 8000000);
    join(callers);
    for (int i = 0; i < CALLERS; i++)
        if (!CHECK_INT(callers[i].answer, 300))
            fprintf(stderr, "    %s\n", callers[i].failure.sentence);
}

static void test_grace_ends(void)
{
    struct fixture fixture;
    struct caller callers[CALLERS];
    fixture_open(&fixture, NULL);
    start(&fixture, callers, call_once, SLEEP, 25000);
    CHECK(fixture_reaches(&fixture_counters.started, CALLERS));
    int64_t start_us = clock_monotonic_us();
    fixture_close(&fixture, 200);
    CHECK(clock_monotonic_us() - start_us < 8000000);
    join(callers);
    CHECK_INT(atomic_load(&fixture_counters.noticed_cancel), CALLERS);
    for (int i = 0; i < CALLERS; i++)
        CHECK_INT(callers[i].answer, -1);
}

/* A handler that ignores cancellation is waited for: its memory is the call's. */
static void test_deaf_handler(void)
{
    struct fixture fixture;
    struct caller callers[CALLERS];
    fixture_open(&fixture, NULL);
    start(&fixture, callers, call_once, SLEEP_DEAF, 600);
    CHECK(fixture_reaches(&fixture_counters.started, CALLERS));
    fixture_close(&fixture, 50);
    CHECK_INT(atomic_load(&fixture_counters.ended), CALLERS);
    join(callers);
}

/* Calls until the server is gone; an answer is either right or a clear refusal. (Where a caller is
 * slow to hear of it, the core cancels its call, which then has not run.) */
static void *call_until_closed(void *argument)
{
    struct caller *caller = argument;
    for (int i = 1; caller->refused_count == 0; i++) {
        int64_t answer = fixture_list(caller->client, ECHO, i, 10000, &caller->failure);
        caller->good_count += answer == i;
        caller->refused_count += answer == -1 && (caller->failure.code == PROS_UNAVAILABLE ||
                                                  caller->failure.code == PROS_CANCELLED);
        if (answer != i && !caller->refused_count) {
            caller->lost_count++;
            return NULL;
        }
    }
    return NULL;
}

static void test_under_load(void)
{
    struct fixture fixture;
    struct caller callers[CALLERS];
    fixture_open(&fixture, NULL);
    start(&fixture, callers, call_until_closed, ECHO, 0);
    CHECK(fixture_reaches(&fixture_counters.started, 1));
    fixture_sleep_ms(300);
    int begun = atomic_load(&fixture_counters.started);
    fixture_close(&fixture, 10000);
    int good = 0, ran = atomic_load(&fixture_counters.ended);
    join(callers);
    for (int i = 0; i < CALLERS; i++) {
        good += callers[i].good_count;
        if (!CHECK_INT(callers[i].lost_count, 0))
            fprintf(stderr, "    %d: %s\n", callers[i].failure.code, callers[i].failure.sentence);
    }
    CHECK(begun > 0);
    CHECK_INT(good, ran); /* whatever ran was answered */
}

/* ---- Health.Watch hears of it ---- */

struct watcher {
    pthread_t thread;
    struct grpc_client *client;
    atomic_int count;
    char last;
    enum pros_status status;
};

static enum pros_status on_status(void *context, struct pros_bytes reply)
{
    struct watcher *watcher = context;
    watcher->last = reply.size == 2 ? ((const char *)reply.data)[1] : 0;
    atomic_fetch_add(&watcher->count, 1);
    return PROS_OK;
}

static void *watch_health(void *argument)
{
    struct watcher *watcher = argument;
    watcher->status =
        grpc_client_stream(watcher->client, "grpc.health.v1.Health/Watch",
                           (struct pros_bytes){"", 0}, 30000, on_status, watcher, NULL);
    return NULL;
}

static void test_watchers_are_told(void)
{
    struct fixture fixture;
    struct watcher watchers[4] = {0};
    fixture_open(&fixture, NULL);
    for (int i = 0; i < 4; i++) {
        watchers[i].client = grpc_client_open(fixture.target);
        CHECK(pthread_create(&watchers[i].thread, NULL, watch_health, &watchers[i]) == 0);
        CHECK(fixture_reaches(&watchers[i].count, 1));
    }
    int64_t start_us = clock_monotonic_us();
    fixture_close(&fixture, 10000);
    CHECK(clock_monotonic_us() - start_us < 8000000); /* watchers do not use up the grace */
    for (int i = 0; i < 4; i++) {
        pthread_join(watchers[i].thread, NULL);
        grpc_client_close(watchers[i].client);
        CHECK_INT(watchers[i].count, 2);
        CHECK_INT(watchers[i].last, 2); /* NOT_SERVING */
        CHECK_INT(watchers[i].status, PROS_UNAVAILABLE);
    }
}

CHECK_MAIN(test_calls_in_flight_are_answered, test_grace_ends, test_deaf_handler, test_under_load,
           test_watchers_are_told)
