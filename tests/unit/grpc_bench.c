/* Unary calls a second through the door and the own client, server and clients in one process. */
#include "base/clock.h"
#include "unit/check.h"
#include "unit/grpc_fixture.h"

#include <pthread.h>

#define CALLERS  16
#define CALLS    2000
#define MESSAGES 20000

static struct fixture fixture;

static void *call_often(void *argument)
{
    int *good = argument;
    struct grpc_client *client = grpc_client_open(fixture.target);
    for (int i = 1; i <= CALLS; i++)
        *good += fixture_list(client, ECHO, i, 30000, NULL) == i;
    grpc_client_close(client);
    return NULL;
}

static void measure_calls(int callers)
{
    pthread_t threads[CALLERS];
    int good[CALLERS] = {0}, sum = 0;
    int64_t start_us = clock_monotonic_us();
    for (int i = 0; i < callers; i++)
        CHECK(pthread_create(&threads[i], NULL, call_often, &good[i]) == 0);
    for (int i = 0; i < callers; i++) {
        pthread_join(threads[i], NULL);
        sum += good[i];
    }
    double seconds = (double)(clock_monotonic_us() - start_us) / 1e6;
    CHECK_INT(sum, callers * CALLS);
    printf("grpc: %d callers, %.0f unary calls/s, %.0f us a call\n", callers, sum / seconds,
           1e6 * seconds * callers / sum);
}

static enum pros_status count_reply(void *context, struct pros_bytes reply)
{
    *(size_t *)context += reply.size;
    return PROS_OK;
}

static void measure_stream(void)
{
    struct grpc_client *client = grpc_client_open(fixture.target);
    struct buffer request;
    size_t bytes = 0;
    buffer_open(&request, 64);
    fixture_watch_request(&request, MESSAGES);
    int64_t start_us = clock_monotonic_us();
    CHECK_INT(grpc_client_stream(client, FIXTURE_WATCH, fixture_bytes(&request), 60000, count_reply,
                                 &bytes, NULL),
              PROS_OK);
    double seconds = (double)(clock_monotonic_us() - start_us) / 1e6;
    printf("grpc: stream of 10 KB messages, %.0f/s, %.0f MB/s\n", MESSAGES / seconds,
           (double)bytes / seconds / 1e6);
    buffer_close(&request);
    grpc_client_close(client);
}

static void bench(void)
{
    fixture_open(&fixture, NULL);
    measure_calls(1);
    measure_calls(CALLERS);
    measure_stream();
    fixture_close(&fixture, 5000);
}

CHECK_MAIN(bench)
