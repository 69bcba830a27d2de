#include <math.h>
#include <string.h>

#include "numerics/stats.h"
#include "trend-analyzer/trend.h"

#define SCAN  "promoteros.v1.SignalService/ScanSignals"
#define QUERY "promoteros.v1.SignalService/QuerySignals"

enum { SCRATCH_MIN = 1 << 16, SCRATCH_MAX = 1 << 26 };

bool series_points(const Promoteros__V1__SignalSeries *message, struct trajectory_series *series)
{
    if (message->n_values != message->n_observed_at_ms || message->n_values == 0)
        return false;
    *series = (struct trajectory_series){.observed_at_ms = message->observed_at_ms,
                                         .values = message->values,
                                         .count = message->n_values,
                                         .is_flow = metric_is_flow(message->metric)};
    return true;
}

bool series_is_simulated(const Promoteros__V1__SignalSeries *message)
{
    for (size_t i = 0; i < message->n_point_flags; i++)
        if (message->point_flags[i] & POINT_SIMULATED)
            return true;
    return false;
}

bool text_in(const char *text, char **list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], text) == 0)
            return true;
    return false;
}

bool text_in_table(const char *text, const char *const *table)
{
    for (size_t i = 0; table[i]; i++)
        if (strcmp(table[i], text) == 0)
            return true;
    return false;
}

double series_size(const struct trajectory_series *series, int64_t last_day)
{
    double values[TRAJECTORY_DAYS];
    size_t newest = TRAJECTORY_DAYS;
    trajectory_daily(series, last_day, values, TRAJECTORY_DAYS);
    while (newest > 0 && !isfinite(values[newest - 1]))
        newest--;
    if (newest + TRAJECTORY_STALE_DAYS < TRAJECTORY_DAYS)
        return NAN;
    size_t week = newest < 7 ? newest : 7;
    return series->is_flow ? 30.0 * stats_mean(values + newest - week, week) : values[newest - 1];
}

/* Memory for one reply at a time: protobuf-c's allocator over a block that is emptied before each.
 */
struct scratch {
    unsigned char *block;
    size_t size, used;
};

static void *scratch_alloc(void *context, size_t size)
{
    struct scratch *scratch = context;
    size_t aligned = (size + 15) & ~(size_t)15;
    if (aligned < size || aligned > scratch->size - scratch->used)
        return NULL;
    void *memory = scratch->block + scratch->used;
    scratch->used += aligned;
    return memory;
}

static void scratch_free(void *context, void *memory)
{
    (void)context;
    (void)memory;
}

struct scan {
    struct pros_run *run;
    struct scratch scratch;
    enum pros_status (*visit)(void *context, const struct subject *subject);
    void *context;
};

static Promoteros__V1__ScanSignalsResponse *unpack_reply(struct scan *scan, struct pros_bytes reply)
{
    struct scratch *scratch = &scan->scratch;
    ProtobufCAllocator allocator = {scratch_alloc, scratch_free, scratch};
    for (;;) {
        scratch->used = 0;
        Promoteros__V1__ScanSignalsResponse *message =
            scratch->size
                ? promoteros__v1__scan_signals_response__unpack(&allocator, reply.size, reply.data)
                : NULL;
        size_t wanted = scratch->size ? scratch->size * 2 : SCRATCH_MIN;
        if (message || wanted > SCRATCH_MAX)
            return message;
        scratch->block = pros_alloc(scan->run, wanted);
        scratch->size = wanted;
    }
}

static enum pros_status on_reply(void *context, struct pros_bytes reply)
{
    struct scan *scan = context;
    const Promoteros__V1__ScanSignalsResponse *message = unpack_reply(scan, reply);
    if (!message || !message->entity)
        return pros_fail(
            scan->run, PROS_INTERNAL, "BAD_REPLY",
            "A reply of %s could not be read; the host and the agent may be of different "
            "versions.",
            SCAN);
    if (pros_remaining_ms(scan->run) <= 0)
        return pros_fail(
            scan->run, PROS_DEADLINE_EXCEEDED, "DEADLINE",
            "The time was up before every artist was examined; allow more time, or name "
            "sources or entities.");
    struct subject subject = {.entity = message->entity,
                              .name = message->name,
                              .artist_ids = message->artist_ids,
                              .artist_count = message->n_artist_ids,
                              .series = message->series,
                              .series_count = message->n_series};
    return scan->visit(scan->context, &subject);
}

enum pros_status
series_scan(struct pros_run *run, const Promoteros__V1__ScanSignalsRequest *request,
            enum pros_status (*visit)(void *context, const struct subject *subject), void *context,
            const char **input_id)
{
    struct scan scan = {.run = run, .visit = visit, .context = context};
    return run->host->call_stream(run, SCAN, pros_pack(run, &request->base), on_reply, &scan,
                                  input_id);
}

static enum pros_status name_artist(struct pros_run *run, const char *id, struct subject *subject)
{
    Promoteros__V1__GetArtistRequest request = PROMOTEROS__V1__GET_ARTIST_REQUEST__INIT;
    ProtobufCMessage *reply;
    request.id = (char *)(uintptr_t)id;
    enum pros_status status =
        pros_call(run, "promoteros.v1.CatalogService/GetArtist", &request.base,
                  &promoteros__v1__get_artist_response__descriptor, &reply, NULL);
    if (status != PROS_OK)
        return status;
    const Promoteros__V1__GetArtistResponse *found = (const void *)reply;
    subject->name = found->artist ? found->artist->name : "";
    return PROS_OK;
}

static enum pros_status name_track(struct pros_run *run, const char *id, struct subject *subject)
{
    Promoteros__V1__GetTrackRequest request = PROMOTEROS__V1__GET_TRACK_REQUEST__INIT;
    ProtobufCMessage *reply;
    request.id = (char *)(uintptr_t)id;
    enum pros_status status =
        pros_call(run, "promoteros.v1.CatalogService/GetTrack", &request.base,
                  &promoteros__v1__get_track_response__descriptor, &reply, NULL);
    if (status != PROS_OK)
        return status;
    const Promoteros__V1__GetTrackResponse *found = (const void *)reply;
    subject->name = found->track ? found->track->title : "";
    if (found->track) {
        subject->artist_ids = found->track->artist_ids;
        subject->artist_count = found->track->n_artist_ids;
    }
    return PROS_OK;
}

enum pros_status entity_check(struct pros_run *run, const Promoteros__V1__EntityRef *entity,
                              const char *field)
{
    if (!entity || !*entity->id)
        return pros_fail(run, PROS_INVALID_ARGUMENT, "ENTITY_MISSING",
                         "%s names no artist or song; give its kind and its id in the catalog.",
                         field);
    if (entity->kind != PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_ARTIST &&
        entity->kind != PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_TRACK)
        return pros_fail(
            run, PROS_INVALID_ARGUMENT, "ENTITY_KIND",
            "%s must be an artist or a song (ENTITY_KIND_ARTIST or ENTITY_KIND_TRACK).", field);
    return PROS_OK;
}

static bool same_entity(const Promoteros__V1__EntityRef *a, const Promoteros__V1__EntityRef *b)
{
    return a && b && a->kind == b->kind && strcmp(a->id, b->id) == 0;
}

enum pros_status series_query(struct pros_run *run, Promoteros__V1__EntityRef **entities,
                              size_t count, char **sources, size_t source_count,
                              enum pros_status (*visit)(void *context,
                                                        const struct subject *subject),
                              void *context, const char **input_id)
{
    Promoteros__V1__QuerySignalsRequest request = PROMOTEROS__V1__QUERY_SIGNALS_REQUEST__INIT;
    ProtobufCMessage *message;
    request.n_entities = count;
    request.entities = entities;
    request.n_sources = source_count;
    request.sources = sources;
    enum pros_status status =
        pros_call(run, QUERY, &request.base, &promoteros__v1__query_signals_response__descriptor,
                  &message, input_id);
    if (status != PROS_OK)
        return status;
    const Promoteros__V1__QuerySignalsResponse *reply = (const void *)message;
    Promoteros__V1__SignalSeries **own = pros_alloc(run, (reply->n_series + 1) * sizeof *own);
    for (size_t i = 0; i < count; i++) {
        struct subject subject = {.entity = entities[i], .series = own};
        for (size_t s = 0; s < reply->n_series; s++)
            if (same_entity(reply->series[s]->entity, entities[i]))
                own[subject.series_count++] = reply->series[s];
        if (entities[i]->kind == PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_TRACK)
            status = name_track(run, entities[i]->id, &subject);
        else
            status = name_artist(run, entities[i]->id, &subject);
        if (status == PROS_OK)
            status = visit(context, &subject);
        if (status != PROS_OK)
            return status;
    }
    return PROS_OK;
}
