#include "unit/grpc_fixture.h"

#include "base/clock.h"
#include "json/record.h"

#include <promoteros/typed.h>
#include <promoteros/v1/event_service.pb-c.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

extern const unsigned char promoteros_descriptor_set[], promoteros_descriptor_set_end[];

struct fixture_counters fixture_counters;

void fixture_sleep_ms(int ms)
{
    struct timespec time = {ms / 1000, ms % 1000 * 1000000L};
    nanosleep(&time, NULL);
}

bool fixture_reaches(atomic_int *counter, int number)
{
    for (int i = 0; i < 5000 && atomic_load(counter) < number; i++)
        fixture_sleep_ms(1);
    return atomic_load(counter) >= number;
}

/* ---- the agent ---- */

static enum pros_status sleep_until(struct pros_run *run, int ms, bool deaf)
{
    int64_t end_us = clock_monotonic_us() + (int64_t)ms * 1000;
    while (clock_monotonic_us() < end_us) {
        if (!deaf && pros_remaining_ms(run) == 0) {
            atomic_fetch_add(&fixture_counters.noticed_cancel, 1);
            return PROS_DEADLINE_EXCEEDED;
        }
        fixture_sleep_ms(1);
    }
    return PROS_OK;
}

static enum pros_status list(struct pros_run *run, const Promoteros__V1__ListEventsRequest *request,
                             Promoteros__V1__ListEventsResponse *response)
{
    enum pros_status status = PROS_OK;
    atomic_fetch_add(&fixture_counters.started, 1);
    response->newest_sequence = request->page_size;
    if (request->after_sequence == SLEEP || request->after_sequence == SLEEP_DEAF)
        status = sleep_until(run, request->page_size, request->after_sequence == SLEEP_DEAF);
    if (request->after_sequence == FAIL)
        status = pros_fail(run, PROS_NOT_FOUND, "NO_SUCH_SHOW",
                           "The show \"M\xC3\xBCnchen\" is not known; add it first.");
    atomic_fetch_add(&fixture_counters.ended, 1);
    return status;
}

PROS_TYPED_METHOD(list, Promoteros__V1__ListEventsRequest, promoteros__v1__list_events_request,
                  Promoteros__V1__ListEventsResponse, promoteros__v1__list_events_response)

static enum pros_status watch(struct pros_run *run,
                              const Promoteros__V1__WatchEventsRequest *request)
{
    Promoteros__V1__Event event = PROMOTEROS__V1__EVENT__INIT;
    Promoteros__V1__WatchEventsResponse response = PROMOTEROS__V1__WATCH_EVENTS_RESPONSE__INIT;
    char *subject = malloc(FIXTURE_SUBJECT_BYTES + 1);
    enum pros_status status = PROS_OK;
    memset(subject, 'x', FIXTURE_SUBJECT_BYTES);
    subject[FIXTURE_SUBJECT_BYTES] = '\0';
    event.subject = subject;
    response.event = &event;
    uint8_t *bytes = malloc(FIXTURE_SUBJECT_BYTES + 64);
    atomic_fetch_add(&fixture_counters.started, 1);
    for (int64_t i = 1; i <= request->after_sequence && status == PROS_OK; i++) {
        event.sequence = i;
        size_t size = promoteros__v1__watch_events_response__pack(&response, bytes);
        status = pros_emit(run, (struct pros_bytes){bytes, size});
        if (status == PROS_OK)
            atomic_fetch_add(&fixture_counters.emitted, 1);
    }
    if (status != PROS_OK)
        atomic_fetch_add(&fixture_counters.noticed_cancel, 1);
    atomic_fetch_add(&fixture_counters.ended, 1);
    free(bytes);
    free(subject);
    return status;
}

PROS_TYPED_STREAM(watch, Promoteros__V1__WatchEventsRequest, promoteros__v1__watch_events_request)

static const struct pros_method methods[] = {
    {.name = "ListEvents",
     .summary = "Does what the request says.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .journal = PROS_JOURNAL_NONE,
     .handle = list_bytes},
    {.name = "WatchEvents",
     .summary = "Sends events.",
     .flags = PROS_SIDE_EFFECT_FREE | PROS_STREAMS,
     .journal = PROS_JOURNAL_NONE,
     .handle = watch_bytes},
};

static const struct pros_agent agent = {
    .size = sizeof agent,
    .abi = PROS_ABI,
    .method_size = sizeof(struct pros_method),
    .name = "test-events",
    .title = "Test events",
    .summary = "Tests the door.",
    .version = "1",
    .service = "promoteros.v1.EventService",
    .methods = methods,
    .method_count = sizeof methods / sizeof *methods,
};

/* ---- the door ---- */

static void require(enum pros_status status, const struct failure *failure)
{
    if (status == PROS_OK)
        return;
    fprintf(stderr, "%s\n", failure->sentence);
    exit(1);
}

void fixture_open(struct fixture *fixture, const char *address)
{
    struct failure failure = {0};
    struct host_options options = {
        .descriptor_set = {promoteros_descriptor_set,
                           (size_t)(promoteros_descriptor_set_end - promoteros_descriptor_set)},
        .thread_count = 16,
    };
    struct grpc_door_options door = {.address = address ? address : "127.0.0.1:0",
                                     .max_stall_ms = FIXTURE_STALL_MS};
    fixture_counters = (struct fixture_counters){0};
    require(host_open(&options, &fixture->host, &failure), &failure);
    require(host_add_service(fixture->host, &agent, NULL, &failure), &failure);
    require(host_seal(fixture->host, &failure), &failure);
    require(grpc_door_open(fixture->host, &door, &fixture->door, &failure), &failure);
    if (address)
        snprintf(fixture->target, sizeof fixture->target, "%s", address);
    else
        snprintf(fixture->target, sizeof fixture->target, "127.0.0.1:%d",
                 grpc_door_port(fixture->door));
}

void fixture_close(struct fixture *fixture, int64_t grace_ms)
{
    grpc_door_close(fixture->door, grace_ms);
    host_close(fixture->host);
    *fixture = (struct fixture){0};
}

/* ---- requests ---- */

void fixture_list_request(struct buffer *request, enum behaviour behaviour, int page_size)
{
    record_add_tag(request, 1, RECORD_VARINT);
    record_add_varint(request, (uint64_t)behaviour);
    record_add_tag(request, 3, RECORD_VARINT);
    record_add_varint(request, (uint64_t)page_size);
}

void fixture_watch_request(struct buffer *request, int count)
{
    record_add_tag(request, 1, RECORD_VARINT);
    record_add_varint(request, (uint64_t)count);
}

int64_t fixture_list(struct grpc_client *client, enum behaviour behaviour, int page_size,
                     int64_t timeout_ms, struct failure *failure)
{
    struct buffer request, reply;
    int64_t newest = -1;
    buffer_open(&request, 64);
    buffer_open(&reply, 1 << 20);
    fixture_list_request(&request, behaviour, page_size);
    if (grpc_client_call(client, FIXTURE_LIST, fixture_bytes(&request), timeout_ms, &reply,
                         failure) == PROS_OK) {
        Promoteros__V1__ListEventsResponse *response =
            promoteros__v1__list_events_response__unpack(NULL, reply.size, (uint8_t *)reply.data);
        newest = response ? response->newest_sequence : -2;
        promoteros__v1__list_events_response__free_unpacked(response, NULL);
    }
    buffer_close(&request);
    buffer_close(&reply);
    return newest;
}
