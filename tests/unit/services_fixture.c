#include "unit/services_fixture.h"

#include "base/clock.h"

#include <ftw.h>
#include <promoteros/v1/access_service.pb-c.h>
#include <promoteros/v1/agent_service.pb-c.h>
#include <promoteros/v1/event_service.pb-c.h>
#include <promoteros/v1/ledger_service.pb-c.h>
#include <promoteros/v1/trace_service.pb-c.h>
#include <pthread.h>
#include <unistd.h>

extern const unsigned char promoteros_descriptor_set[], promoteros_descriptor_set_end[];

int64_t fixture_now_ms;

static int64_t now_ms(void)
{
    return fixture_now_ms;
}

static void must(struct fixture *fixture, enum pros_status status, const char *what)
{
    if (status == PROS_OK)
        return;
    fprintf(stderr, "%s: %s\n", what, fixture->failure.sentence);
    exit(1);
}

static void open_all(struct fixture *fixture)
{
    must(fixture, store_open(fixture->address, &fixture->store, &fixture->failure), "store_open");
    struct host_options options = {
        .store = fixture->store,
        .descriptor_set = {promoteros_descriptor_set,
                           (size_t)(promoteros_descriptor_set_end - promoteros_descriptor_set)},
        .thread_count = 2,
        .run_budget_bytes = fixture->run_budget_bytes,
        .now_ms = now_ms};
    must(fixture, host_open(&options, &fixture->host, &fixture->failure), "host_open");
    must(fixture, services_open(fixture->host, &fixture->services, &fixture->failure),
         "services_open");
    must(fixture, host_seal(fixture->host, &fixture->failure), "host_seal");
}

static void close_all(struct fixture *fixture)
{
    host_close(fixture->host);
    services_close(fixture->services);
    store_close(fixture->store);
}

void fixture_open(struct fixture *fixture)
{
    *fixture = (struct fixture){0};
    fixture_now_ms = NOW_MS;
    const char *base = getenv("TMPDIR");
    snprintf(fixture->folder, sizeof fixture->folder, "%.30s/services-XXXXXX",
             base ? base : "/tmp");
    if (!mkdtemp(fixture->folder)) {
        perror(fixture->folder);
        exit(1);
    }
    snprintf(fixture->address, sizeof fixture->address, "sqlite:%s/test.db", fixture->folder);
    arena_open(&fixture->arena, 0);
    open_all(fixture);
}

void fixture_reopen(struct fixture *fixture)
{
    close_all(fixture);
    open_all(fixture);
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *place)
{
    (void)info, (void)type, (void)place;
    return remove(path);
}

void fixture_close(struct fixture *fixture)
{
    close_all(fixture);
    arena_close(&fixture->arena);
    nftw(fixture->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* ---- calls ---- */

static void *allocate(void *arena, size_t size)
{
    return arena_alloc(arena, size);
}

static void keep(void *arena, void *memory)
{
    (void)arena, (void)memory;
}

const ProtobufCMessage *fixture_unpack(struct fixture *fixture,
                                       const ProtobufCMessageDescriptor *descriptor,
                                       struct pros_bytes bytes)
{
    ProtobufCAllocator allocator = {allocate, keep, &fixture->arena};
    static const uint8_t nothing;
    return protobuf_c_message_unpack(descriptor, &allocator, bytes.size,
                                     bytes.size ? bytes.data : &nothing);
}

static const ProtobufCServiceDescriptor *const service_list[] = {
    &promoteros__v1__signal_service__descriptor, &promoteros__v1__catalog_service__descriptor,
    &promoteros__v1__ledger_service__descriptor, &promoteros__v1__trace_service__descriptor,
    &promoteros__v1__event_service__descriptor,  &promoteros__v1__agent_service__descriptor,
    &promoteros__v1__access_service__descriptor};

static const ProtobufCMessageDescriptor *output_of(const char *path)
{
    const char *slash = strchr(path, '/');
    for (size_t i = 0; i < sizeof service_list / sizeof *service_list; i++) {
        const ProtobufCServiceDescriptor *service = service_list[i];
        if (strncmp(service->short_name, path, (size_t)(slash - path)) == 0)
            return protobuf_c_service_descriptor_get_method_by_name(service, slash + 1)->output;
    }
    fprintf(stderr, "no service for %s\n", path);
    exit(1);
}

static struct pros_bytes pack(struct fixture *fixture, const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *data = arena_alloc(&fixture->arena, size + 1);
    protobuf_c_message_pack(message, data);
    return (struct pros_bytes){data, size};
}

enum pros_status fixture_call(struct fixture *fixture, const char *path,
                              const ProtobufCMessage *request, void *reply)
{
    struct pros_bytes bytes;
    char full[128];
    snprintf(full, sizeof full, "promoteros.v1.%s", path);
    fixture->failure = (struct failure){0};
    enum pros_status status = host_call_sync(fixture->host, full, pack(fixture, request),
                                             &fixture->arena, &bytes, &fixture->failure);
    if (status == PROS_OK && reply) {
        const ProtobufCMessage *message = fixture_unpack(fixture, output_of(path), bytes);
        memcpy(reply, &message, sizeof message);
    }
    return status;
}

void fixture_expect(struct fixture *fixture, const char *path, const ProtobufCMessage *request,
                    void *reply, enum pros_status status, const char *reason, int line)
{
    enum pros_status got = fixture_call(fixture, path, request, reply);
    bool as_wanted = got == status && strcmp(fixture->failure.reason, reason) == 0;
    check_that(as_wanted, path, __FILE__, line);
    if (!as_wanted)
        fprintf(stderr, "    got %s %s: %s\n    want %s %s\n", status_name(got),
                fixture->failure.reason, fixture->failure.sentence, status_name(status), reason);
    if (!as_wanted && status == PROS_OK)
        exit(1); /* the rest rests on the reply */
}

/* ---- streams ---- */

struct waiting_call {
    struct host_call call; /* first */
    struct fixture *fixture;
    struct fixture_stream *stream;
    pthread_mutex_t mutex;
    pthread_cond_t ended;
    bool is_done;
};

static enum pros_status take_reply(struct host_call *call, struct pros_bytes reply)
{
    struct waiting_call *waiting = (struct waiting_call *)call;
    struct fixture_stream *stream = waiting->stream;
    pthread_mutex_lock(&waiting->mutex);
    if (stream->count < stream->most)
        stream->replies[stream->count++] = (struct pros_bytes){
            arena_copy(&waiting->fixture->arena, reply.data, reply.size), reply.size};
    if (stream->count == stream->most)
        atomic_store(&call->cancelled, true);
    pthread_mutex_unlock(&waiting->mutex);
    return PROS_OK;
}

static void end_stream(struct host_call *call, enum pros_status status,
                       const struct failure *failure, struct pros_bytes reply)
{
    struct waiting_call *waiting = (struct waiting_call *)call;
    (void)reply;
    pthread_mutex_lock(&waiting->mutex);
    waiting->stream->status = status;
    if (failure)
        waiting->fixture->failure = *failure;
    waiting->is_done = true;
    pthread_cond_signal(&waiting->ended);
    pthread_mutex_unlock(&waiting->mutex);
}

void fixture_stream(struct fixture *fixture, const char *path, const ProtobufCMessage *request,
                    int64_t deadline_ms, struct fixture_stream *stream)
{
    char full[128];
    snprintf(full, sizeof full, "promoteros.v1.%s", path);
    struct waiting_call waiting = {
        .call = {.method = host_find_method(fixture->host, full),
                 .request = pack(fixture, request),
                 .deadline_us = clock_monotonic_us() + deadline_ms * 1000,
                 .emit = take_reply,
                 .done = end_stream},
        .fixture = fixture,
        .stream = stream};
    pthread_mutex_init(&waiting.mutex, NULL);
    pthread_cond_init(&waiting.ended, NULL);
    stream->count = 0;
    must(fixture, host_submit(fixture->host, &waiting.call, &fixture->failure), "host_submit");
    pthread_mutex_lock(&waiting.mutex);
    while (!waiting.is_done)
        pthread_cond_wait(&waiting.ended, &waiting.mutex);
    pthread_mutex_unlock(&waiting.mutex);
}

/* ---- things to work with ---- */

Google__Protobuf__Timestamp *fixture_time(struct fixture *fixture, int64_t instant_ms)
{
    Google__Protobuf__Timestamp *time = arena_alloc(&fixture->arena, sizeof *time);
    google__protobuf__timestamp__init(time);
    time->seconds = instant_ms / 1000;
    time->nanos = (int32_t)(instant_ms % 1000 * 1000000);
    return time;
}

const char *fixture_artist(struct fixture *fixture, const char *name)
{
    Promoteros__V1__Artist artist = PROMOTEROS__V1__ARTIST__INIT;
    char *genres[] = {(char *)"Indie Rock"};
    artist.name = (char *)name;
    artist.genres = genres;
    artist.n_genres = 1;
    Promoteros__V1__UpsertArtistRequest request = PROMOTEROS__V1__UPSERT_ARTIST_REQUEST__INIT;
    Promoteros__V1__UpsertArtistResponse *response = NULL;
    request.artist = &artist;
    EXPECT_OK(fixture, "CatalogService/UpsertArtist", &request, &response);
    return response->artist->id;
}

const char *fixture_venue(struct fixture *fixture)
{
    Promoteros__V1__RoomConfiguration usual = PROMOTEROS__V1__ROOM_CONFIGURATION__INIT;
    Promoteros__V1__RoomConfiguration *usuals[] = {&usual};
    Promoteros__V1__Room room = PROMOTEROS__V1__ROOM__INIT;
    Promoteros__V1__Room *rooms[] = {&room};
    Promoteros__V1__Venue venue = PROMOTEROS__V1__VENUE__INIT;
    usual.id = (char *)"standing";
    usual.capacity_tickets = 500;
    room.id = (char *)"main";
    room.name = (char *)"Main room";
    room.configurations = usuals;
    room.n_configurations = 1;
    venue.name = (char *)"Hall";
    venue.city = (char *)"Oakland";
    venue.own = true;
    venue.rooms = rooms;
    venue.n_rooms = 1;
    Promoteros__V1__UpsertVenueRequest request = PROMOTEROS__V1__UPSERT_VENUE_REQUEST__INIT;
    Promoteros__V1__UpsertVenueResponse *response = NULL;
    request.venue = &venue;
    EXPECT_OK(fixture, "CatalogService/UpsertVenue", &request, &response);
    return response->venue->id;
}

Promoteros__V1__Show *fixture_show(struct fixture *fixture, const char *artist_id,
                                   const char *venue_id, const char *date, int64_t paid)
{
    Promoteros__V1__Show *show = arena_alloc(&fixture->arena, sizeof *show);
    promoteros__v1__show__init(show);
    show->artist_id = (char *)artist_id;
    show->venue_id = (char *)venue_id;
    show->show_date = (char *)date;
    show->capacity_tickets = 500;
    if (paid < 0)
        return show;
    show->attendance = arena_alloc(&fixture->arena, sizeof *show->attendance);
    promoteros__v1__attendance__init(show->attendance);
    show->attendance->_paid_tickets_case = PROMOTEROS__V1__ATTENDANCE___PAID_TICKETS_PAID_TICKETS;
    show->attendance->paid_tickets = paid;
    return show;
}
