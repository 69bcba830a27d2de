/* What every backend of the store must do: events in order, and traces. */
#include "unit/store_fixture.h"

#include "base/clock.h"

#include <pthread.h>
#include <time.h>

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

CHECK_MAIN(a_commit_wakes_who_waits, events_page_and_wake, traces_page)
