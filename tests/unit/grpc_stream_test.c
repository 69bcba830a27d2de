/* Streams through the door: order, cancellation, a slow reader, health and reflection. */
#include "unit/check.h"
#include "unit/grpc_fixture.h"

#include <grpc/health/v1/health.pb-c.h>
#include <grpc/reflection/v1/reflection.pb-c.h>
#include <promoteros/v1/event_service.pb-c.h>

static struct fixture fixture;
static struct grpc_client *client;

struct reader {
    int64_t count;
    int64_t stop_after; /* 0: never */
    bool in_order;
    int pause_ms; /* once, before the second event */
    int emitted_at_pause_end;
};

static enum pros_status on_event(void *context, struct pros_bytes reply)
{
    struct reader *reader = context;
    Promoteros__V1__WatchEventsResponse *response =
        promoteros__v1__watch_events_response__unpack(NULL, reply.size, reply.data);
    reader->count++;
    reader->in_order = reader->in_order && response && response->event->sequence == reader->count;
    promoteros__v1__watch_events_response__free_unpacked(response, NULL);
    if (reader->count == 1 && reader->pause_ms) {
        fixture_sleep_ms(reader->pause_ms);
        reader->emitted_at_pause_end = atomic_load(&fixture_counters.emitted);
    }
    return reader->count == reader->stop_after ? PROS_ABORTED : PROS_OK;
}

static enum pros_status watch(int count, int64_t timeout_ms, struct reader *reader,
                              struct failure *failure)
{
    struct buffer request;
    buffer_open(&request, 64);
    fixture_watch_request(&request, count);
    reader->in_order = true;
    enum pros_status status = grpc_client_stream(client, FIXTURE_WATCH, fixture_bytes(&request),
                                                 timeout_ms, on_event, reader, failure);
    buffer_close(&request);
    return status;
}

static void test_open(void)
{
    fixture_open(&fixture, NULL);
    client = grpc_client_open(fixture.target);
}

static void test_order(void)
{
    static const int counts[] = {0, 1, 2, 17, 2000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct reader reader = {0};
        struct failure failure = {0};
        CHECK_INT(watch(counts[i], 30000, &reader, &failure), PROS_OK);
        CHECK_INT(reader.count, counts[i]);
        CHECK(reader.in_order);
    }
}

static void test_cancel(void)
{
    struct reader reader = {.stop_after = 3};
    int before = atomic_load(&fixture_counters.noticed_cancel);
    CHECK_INT(watch(1000000, 30000, &reader, NULL), PROS_ABORTED);
    CHECK_INT(reader.count, 3);
    CHECK(fixture_reaches(&fixture_counters.noticed_cancel, before + 1));
}

static void test_deadline(void)
{
    struct reader reader = {.pause_ms = 300};
    struct failure failure = {0};
    int before = atomic_load(&fixture_counters.noticed_cancel);
    CHECK_INT(watch(1000000, 200, &reader, &failure), PROS_DEADLINE_EXCEEDED);
    CHECK(fixture_reaches(&fixture_counters.noticed_cancel, before + 1));
}

/* 200 MB wait behind a reader that does not read: only the windows and the queue are filled. */
static void test_slow_reader(void)
{
    struct reader reader = {.pause_ms = 700, .stop_after = 5000};
    int before = atomic_load(&fixture_counters.emitted);
    int noticed = atomic_load(&fixture_counters.noticed_cancel);
    CHECK_INT(watch(20000, 60000, &reader, NULL), PROS_ABORTED);
    CHECK(fixture_reaches(&fixture_counters.noticed_cancel, noticed + 1));
    long waiting = (long)(reader.emitted_at_pause_end - before) * (long)FIXTURE_SUBJECT_BYTES;
    printf("a slow reader holds %ld KB\n", waiting / 1000);
    CHECK(waiting < 16L << 20);
    CHECK(reader.in_order && reader.count == 5000);
}

/* Whoever does not read at all loses the stream, and its run the thread. */
static void test_stalled_reader(void)
{
    struct reader reader = {.pause_ms = 4 * FIXTURE_STALL_MS};
    struct failure failure = {0};
    int before = atomic_load(&fixture_counters.noticed_cancel);
    CHECK_INT(watch(20000, 0, &reader, &failure), PROS_DEADLINE_EXCEEDED);
    CHECK(fixture_reaches(&fixture_counters.noticed_cancel, before + 1));
    CHECK(reader.count > 0 && reader.count < 20000 && reader.in_order);
}

/* ---- health ---- */

static void pack_service(struct buffer *request, const char *service)
{
    Grpc__Health__V1__HealthCheckRequest message = GRPC__HEALTH__V1__HEALTH_CHECK_REQUEST__INIT;
    message.service = (char *)service;
    uint8_t *room =
        buffer_extend(request, grpc__health__v1__health_check_request__get_packed_size(&message));
    grpc__health__v1__health_check_request__pack(&message, room);
}

static void test_health(void)
{
    static const struct {
        const char *service;
        enum pros_status status;
    } cases[] = {{"", PROS_OK},
                 {"promoteros.v1.EventService", PROS_OK},
                 {"grpc.health.v1.Health", PROS_OK},
                 {"promoteros.v1.Event", PROS_NOT_FOUND},
                 {"promoteros.v1.CatalogService", PROS_NOT_FOUND}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buffer request, reply;
        buffer_open(&request, 256);
        buffer_open(&reply, 256);
        pack_service(&request, cases[i].service);
        CHECK_INT(grpc_client_call(client, "grpc.health.v1.Health/Check", fixture_bytes(&request),
                                   5000, &reply, NULL),
                  cases[i].status);
        if (cases[i].status == PROS_OK)
            CHECK(reply.size == 2 && memcmp(reply.data, "\x08\x01", 2) == 0); /* SERVING */
        buffer_close(&request);
        buffer_close(&reply);
    }
}

struct health_reader {
    int count;
    char statuses[8];
};

static enum pros_status on_status(void *context, struct pros_bytes reply)
{
    struct health_reader *reader = context;
    if (reader->count < 8)
        reader->statuses[reader->count] = reply.size == 2 ? ((const char *)reply.data)[1] : 0;
    reader->count++;
    return reader->count == 1 ? PROS_ABORTED : PROS_OK;
}

static void test_watch_health(void)
{
    for (int i = 0; i < 20; i++) { /* watches come and go */
        struct health_reader reader = {0};
        struct buffer request;
        buffer_open(&request, 256);
        pack_service(&request, i % 2 ? "no.such.Service" : "");
        CHECK_INT(grpc_client_stream(client, "grpc.health.v1.Health/Watch", fixture_bytes(&request),
                                     5000, on_status, &reader, NULL),
                  PROS_ABORTED);
        CHECK_INT(reader.statuses[0], i % 2 ? 3 : 1);
        buffer_close(&request);
    }
}

/* ---- reflection ---- */

struct reflected {
    size_t service_count, file_count;
    bool has_own_service, starts_with_trace_file;
    int error_code;
};

static bool contains(ProtobufCBinaryData data, const char *text)
{
    return memmem(data.data, data.len, text, strlen(text)) != NULL;
}

static enum pros_status on_reflection(void *context, struct pros_bytes reply)
{
    struct reflected *reflected = context;
    Grpc__Reflection__V1__ServerReflectionResponse *response =
        grpc__reflection__v1__server_reflection_response__unpack(NULL, reply.size, reply.data);
    if (!CHECK(response != NULL))
        return PROS_INTERNAL;
    switch (response->message_response_case) {
    case GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_LIST_SERVICES_RESPONSE:
        reflected->service_count = response->list_services_response->n_service;
        for (size_t i = 0; i < reflected->service_count; i++)
            reflected->has_own_service = reflected->has_own_service ||
                                         strcmp(response->list_services_response->service[i]->name,
                                                "promoteros.v1.EventService") == 0;
        break;
    case GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_FILE_DESCRIPTOR_RESPONSE:
        reflected->file_count = response->file_descriptor_response->n_file_descriptor_proto;
        reflected->starts_with_trace_file =
            contains(response->file_descriptor_response->file_descriptor_proto[0],
                     "promoteros/v1/trace.proto");
        break;
    default:
        reflected->error_code = response->error_response->error_code;
    }
    grpc__reflection__v1__server_reflection_response__free_unpacked(response, NULL);
    return PROS_OK;
}

static struct reflected reflect(const char *version, char field, const char *text)
{
    struct reflected reflected = {0};
    struct buffer request;
    char method[96];
    buffer_open(&request, 256);
    buffer_add_format(&request, "%c%c%s", field << 3 | 2, (int)strlen(text), text);
    snprintf(method, sizeof method, "grpc.reflection.%s.ServerReflection/ServerReflectionInfo",
             version);
    CHECK_INT(grpc_client_stream(client, method, fixture_bytes(&request), 5000, on_reflection,
                                 &reflected, NULL),
              PROS_OK);
    buffer_close(&request);
    return reflected;
}

static void test_reflection(void)
{
    static const char *const versions[] = {"v1", "v1alpha"};
    for (size_t i = 0; i < 2; i++) {
        struct reflected reflected = reflect(versions[i], 7, "");
        CHECK(reflected.has_own_service);
        CHECK_INT(reflected.service_count, 4); /* events, health, reflection twice */
        reflected = reflect(versions[i], 4, "promoteros.v1.ReasoningTrace");
        CHECK_INT(reflected.file_count, 2); /* and Timestamp */
        CHECK(reflected.starts_with_trace_file);
        reflected = reflect(versions[i], 4, "promoteros.v1.EventService.ListEvents");
        CHECK(reflected.file_count > 2);
        reflected = reflect(versions[i], 3, "promoteros/v1/trace.proto");
        CHECK_INT(reflected.file_count, 2);
        reflected = reflect(versions[i], 3, "no/such.proto");
        CHECK_INT(reflected.error_code, PROS_NOT_FOUND);
        reflected = reflect(versions[i], 6, "promoteros.v1.Event");
        CHECK_INT(reflected.error_code, PROS_NOT_FOUND);
    }
}

static void test_close(void)
{
    grpc_client_close(client);
    fixture_close(&fixture, 5000);
}

CHECK_MAIN(test_open, test_order, test_cancel, test_deadline, test_slow_reader, test_stalled_reader,
           test_health, test_watch_health, test_reflection, test_close)
