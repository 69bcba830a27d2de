/* Calls through the pool: every one answered once, deadlines, cancellation, bounds, closing. */
#include "base/clock.h"
#include "host/pool.h"
#include "unit/check.h"
#include "unit/host_fixture.h"

#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

static const struct pros_bytes nothing = {"", 0};

struct probe {
    struct host_call call; /* first */
    sem_t done;
    enum pros_status status;
    char reason[64];
    atomic_int done_count;
    int emitted;
    int fail_emit_at; /* 0: never */
    size_t reply_size;
};

static void probe_done(struct host_call *call, enum pros_status status,
                       const struct failure *failure, struct pros_bytes reply)
{
    struct probe *probe = (struct probe *)(void *)call;
    probe->status = status;
    snprintf(probe->reason, sizeof probe->reason, "%s", status == PROS_OK ? "" : failure->reason);
    probe->reply_size = reply.size;
    atomic_fetch_add(&probe->done_count, 1);
    sem_post(&probe->done);
}

static enum pros_status probe_emit(struct host_call *call, struct pros_bytes reply)
{
    struct probe *probe = (struct probe *)(void *)call;
    (void)reply;
    return ++probe->emitted == probe->fail_emit_at ? PROS_UNAVAILABLE : PROS_OK;
}

static void probe_init(struct probe *probe, struct host *host, const char *path)
{
    memset(probe, 0, sizeof *probe);
    sem_init(&probe->done, 0, 0);
    probe->call.method = host_find_method(host, path);
    probe->call.request = nothing;
    probe->call.emit = probe_emit;
    probe->call.done = probe_done;
}

static void probe_wait(struct probe *probe)
{
    sem_wait(&probe->done);
    CHECK_INT(atomic_load(&probe->done_count), 1);
}

/* ---- many at once ---- */

static enum pros_status emit_three(struct pros_run *run, struct pros_bytes request,
                                   struct pros_bytes *reply)
{
    enum pros_status status = PROS_OK;
    (void)request;
    (void)reply;
    for (int i = 0; i < 3 && status == PROS_OK; i++)
        status = pros_emit(run, (struct pros_bytes){"\x12\x01x", 3});
    if (status == PROS_UNAVAILABLE)
        return pros_fail(run, status, "READER_GONE", "The reader has gone.");
    return status;
}

static enum pros_status count_reply(void *context, struct pros_bytes reply)
{
    *(size_t *)context += reply.size;
    return PROS_OK;
}

static enum pros_status scan_and_count(struct pros_run *run, struct pros_bytes request,
                                       struct pros_bytes *reply)
{
    const char *id;
    size_t size = 0;
    (void)request;
    enum pros_status status = run->host->call_stream(run, SCAN, nothing, count_reply, &size, &id);
    pros_step(run, (struct pros_step){.kind = PROS_STEP_RETRIEVE, .uses = id});
    *reply = nothing;
    return status == PROS_OK && size == 9 ? PROS_OK : PROS_INTERNAL;
}

static enum pros_status predict_then_ok(struct pros_run *run, struct pros_bytes request,
                                        struct pros_bytes *reply)
{
    const char *id;
    (void)request;
    enum pros_status status = run->host->call(run, PREDICT, nothing, reply, &id);
    *reply = nothing;
    return status;
}

enum { SUBMITTERS = 4, CALLS = 100 };

static void *submit_many(void *context)
{
    struct fixture *fixture = context;
    static const char *const paths[] = {OPTIMIZE, PREDICT, SCAN};
    long failures = 0;
    for (int i = 0; i < CALLS; i++) {
        struct probe probe;
        struct failure failure;
        probe_init(&probe, fixture->host, paths[i % 3]);
        if (host_submit(fixture->host, &probe.call, &failure) != PROS_OK) {
            failures++;
            continue;
        }
        sem_wait(&probe.done);
        failures += probe.status != PROS_OK || probe.emitted != (i % 3 == 2 ? 3 : 0) ||
                    (i % 3 < 2 && probe.reply_size < 34);
    }
    return (void *)failures; /* counted on the main thread */
}

static void test_many_at_once(void)
{
    struct fixture fixture = {.optimize = predict_then_ok,
                              .predict = scan_and_count,
                              .scan = emit_three,
                              .options = {.thread_count = 4}};
    pthread_t threads[SUBMITTERS];
    if (!CHECK(fixture_open(&fixture)))
        return;
    for (int i = 0; i < SUBMITTERS; i++)
        CHECK(pthread_create(&threads[i], NULL, submit_many, &fixture) == 0);
    for (int i = 0; i < SUBMITTERS; i++) {
        void *failures;
        pthread_join(threads[i], &failures);
        CHECK_INT((long)failures, 0);
    }
    CHECK_INT(host_get_figures(fixture.host).run_count, SUBMITTERS * CALLS);
    CHECK_INT(host_get_figures(fixture.host).start_ms, FIXTURE_NOW_MS);
    fixture_close(&fixture);
}

/* ---- time ---- */

static atomic_int entered;
static atomic_bool released;

static enum pros_status wait_for_release(struct pros_run *run, struct pros_bytes request,
                                         struct pros_bytes *reply)
{
    (void)run;
    (void)request;
    atomic_fetch_add(&entered, 1);
    while (!atomic_load(&released))
        usleep(1000);
    *reply = nothing;
    return PROS_OK;
}

static enum pros_status wait_for_the_end(struct pros_run *run, struct pros_bytes request,
                                         struct pros_bytes *reply)
{
    const char *id;
    (void)request;
    atomic_fetch_add(&entered, 1);
    while (pros_remaining_ms(run) > 0)
        usleep(1000);
    /* The time is up for whoever would be called, too; the reason is passed on. */
    return run->host->call(run, PREDICT, nothing, reply, &id);
}

static void test_deadline_and_cancel(void)
{
    struct fixture fixture = {.optimize = wait_for_the_end, .predict = wait_for_release};
    struct failure failure;
    struct probe probe;
    if (!CHECK(fixture_open(&fixture)))
        return;
    atomic_store(&entered, 0);
    atomic_store(&released, true);
    probe_init(&probe, fixture.host, OPTIMIZE);
    probe.call.deadline_us = clock_monotonic_us() - 1;
    CHECK_INT(host_submit(fixture.host, &probe.call, &failure), PROS_OK);
    probe_wait(&probe);
    CHECK_INT(probe.status, PROS_DEADLINE_EXCEEDED);
    probe_init(&probe, fixture.host, OPTIMIZE);
    atomic_store(&probe.call.cancelled, true);
    CHECK_INT(host_submit(fixture.host, &probe.call, &failure), PROS_OK);
    probe_wait(&probe);
    CHECK_INT(probe.status, PROS_CANCELLED);
    CHECK_INT(atomic_load(&entered), 0); /* neither was started */

    probe_init(&probe, fixture.host, OPTIMIZE);
    probe.call.deadline_us = clock_monotonic_us() + 50000;
    CHECK_INT(host_submit(fixture.host, &probe.call, &failure), PROS_OK);
    probe_wait(&probe);
    CHECK_INT(probe.status, PROS_DEADLINE_EXCEEDED);
    CHECK_STR(probe.reason, "DEADLINE");
    CHECK_INT(atomic_load(&entered), 1);

    probe_init(&probe, fixture.host, OPTIMIZE);
    CHECK_INT(host_submit(fixture.host, &probe.call, &failure), PROS_OK);
    while (atomic_load(&entered) < 2)
        usleep(1000);
    atomic_store(&probe.call.cancelled, true);
    probe_wait(&probe);
    CHECK_INT(probe.status, PROS_CANCELLED);
    CHECK_INT(atomic_load(&entered), 2);
    fixture_close(&fixture);
}

/* ---- bounds and the end ---- */

static void *close_host(void *context)
{
    fixture_close(context);
    return NULL;
}

static void test_queue_and_close(void)
{
    struct fixture fixture = {.optimize = wait_for_release,
                              .options = {.thread_count = 1, .queue_limit = 2}};
    struct failure failure;
    struct probe probes[4];
    pthread_t closer;
    if (!CHECK(fixture_open(&fixture)))
        return;
    atomic_store(&entered, 0);
    atomic_store(&released, false);
    for (int i = 0; i < 4; i++)
        probe_init(&probes[i], fixture.host, OPTIMIZE);
    CHECK_INT(host_submit(fixture.host, &probes[0].call, &failure), PROS_OK);
    while (atomic_load(&entered) < 1)
        usleep(1000);
    CHECK_INT(host_get_figures(fixture.host).active_run_count, 1);
    CHECK_INT(host_submit(fixture.host, &probes[1].call, &failure), PROS_OK);
    CHECK_INT(host_submit(fixture.host, &probes[2].call, &failure), PROS_OK);
    CHECK_INT(host_submit(fixture.host, &probes[3].call, &failure), PROS_RESOURCE_EXHAUSTED);
    CHECK_STR(failure.reason, "QUEUE_FULL");
    CHECK_INT(atomic_load(&probes[3].done_count), 0);
    atomic_store(&probes[2].call.cancelled, true);
    CHECK(pthread_create(&closer, NULL, close_host, &fixture) == 0);
    usleep(20000);
    atomic_store(&released, true);
    /* Closing answers all that were taken. */
    pthread_join(closer, NULL);
    for (int i = 0; i < 3; i++)
        probe_wait(&probes[i]);
    CHECK_INT(probes[0].status, PROS_OK);
    CHECK_INT(probes[1].status, PROS_OK);
    CHECK_INT(probes[2].status, PROS_CANCELLED);
}

/* Many readers that wait take no thread from those who want an answer. */
static void test_waiting_takes_no_thread(void)
{
    struct fixture fixture = {.watch = wait_for_the_end,
                              .optimize = predict_then_ok,
                              .predict = wait_for_release,
                              .options = {.thread_count = 1}};
    static struct probe watchers[POOL_ALONE_LIMIT + 1];
    struct failure failure;
    struct probe probe;
    if (!CHECK(fixture_open(&fixture)))
        return;
    atomic_store(&entered, 0);
    atomic_store(&released, true);
    for (int i = 0; i <= POOL_ALONE_LIMIT; i++) {
        probe_init(&watchers[i], fixture.host, WATCH);
        enum pros_status status = host_submit(fixture.host, &watchers[i].call, &failure);
        CHECK_INT(status, i < POOL_ALONE_LIMIT ? PROS_OK : PROS_RESOURCE_EXHAUSTED);
    }
    while (atomic_load(&entered) < POOL_ALONE_LIMIT)
        usleep(1000);
    probe_init(&probe, fixture.host, OPTIMIZE);
    CHECK_INT(host_submit(fixture.host, &probe.call, &failure), PROS_OK);
    probe_wait(&probe);
    CHECK_INT(probe.status, PROS_OK);
    for (int i = 0; i < POOL_ALONE_LIMIT; i++)
        atomic_store(&watchers[i].call.cancelled, true);
    fixture_close(&fixture); /* waits for them */
    for (int i = 0; i < POOL_ALONE_LIMIT; i++)
        CHECK_INT(atomic_load(&watchers[i].done_count), 1);
}

static void test_reader_goes(void)
{
    struct fixture fixture = {.scan = emit_three};
    struct failure failure;
    struct probe probe;
    if (!CHECK(fixture_open(&fixture)))
        return;
    probe_init(&probe, fixture.host, SCAN);
    probe.fail_emit_at = 2;
    CHECK_INT(host_submit(fixture.host, &probe.call, &failure), PROS_OK);
    probe_wait(&probe);
    CHECK_INT(probe.emitted, 2);
    CHECK_STR(probe.reason, "READER_GONE");
    fixture_close(&fixture);
}

static void test_not_before_sealed(void)
{
    struct host *host = NULL;
    struct failure failure = {0};
    struct host_call call = {0};
    struct host_options options = {.descriptor_set = fixture_descriptor_set()};
    CHECK_INT(host_open(&options, &host, &failure), PROS_OK);
    CHECK_INT(host_submit(host, &call, &failure), PROS_UNAVAILABLE);
    host_close(host);
    host_close(NULL);
}

CHECK_MAIN(test_many_at_once, test_deadline_and_cancel, test_queue_and_close,
           test_waiting_takes_no_thread, test_reader_goes, test_not_before_sealed)
