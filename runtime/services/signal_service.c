/* SignalService: imports, queries and scans of signals. */
#include "services/check.h"
#include "services/names.h"
#include "services/signal_import.h"

#include <string.h>

enum { FILTERS_MAX = 100, QUERY_ENTITIES_MAX = 1000, QUERY_POINTS_MAX = 2000000 };

/* ---- imports ---- */

static enum pros_status begin_signal_import(struct work *work,
                                            const Promoteros__V1__BeginSignalImportRequest *request,
                                            Promoteros__V1__BeginSignalImportResponse *response)
{
    TRY(check_request_id(&work->failure, request->request_id, true));
    TRY(check_text(&work->failure, "", "label", request->label, LABEL_BYTES_MAX));
    if (request->_known_at_lag_s_case)
        TRY(check_lag(&work->failure, request->known_at_lag_s));
    struct store_import import;
    TRY(import_begin(work, IMPORT_SIGNALS, request->request_id, &import));
    response->import_id = (char *)import.id;
    response->next_chunk_index = import.chunk_count;
    response->staged_point_count = import.item_count;
    response->committed = import.state == IMPORT_COMMITTED;
    return PROS_OK;
}
SERVICE_METHOD(begin_signal_import, Promoteros__V1__BeginSignalImportRequest,
               promoteros__v1__begin_signal_import_request,
               Promoteros__V1__BeginSignalImportResponse,
               promoteros__v1__begin_signal_import_response)

static enum pros_status
append_signal_import(struct work *work, const Promoteros__V1__AppendSignalImportRequest *request,
                     Promoteros__V1__AppendSignalImportResponse *response)
{
    int64_t point_count = 0;
    TRY(check_signal_chunk(work, request, &point_count));
    return import_append(work, IMPORT_SIGNALS, request->import_id, request->chunk_index,
                         point_count, &response->staged_point_count);
}
SERVICE_METHOD(append_signal_import, Promoteros__V1__AppendSignalImportRequest,
               promoteros__v1__append_signal_import_request,
               Promoteros__V1__AppendSignalImportResponse,
               promoteros__v1__append_signal_import_response)

static enum pros_status
commit_signal_import(struct work *work, const Promoteros__V1__CommitSignalImportRequest *request,
                     Promoteros__V1__CommitSignalImportResponse *response)
{
    return import_commit(work, IMPORT_SIGNALS, request->import_id, build_signal_import,
                         &response->summary);
}
SERVICE_METHOD(commit_signal_import, Promoteros__V1__CommitSignalImportRequest,
               promoteros__v1__commit_signal_import_request,
               Promoteros__V1__CommitSignalImportResponse,
               promoteros__v1__commit_signal_import_response)

static enum pros_status abort_signal_import(struct work *work,
                                            const Promoteros__V1__AbortSignalImportRequest *request,
                                            Promoteros__V1__AbortSignalImportResponse *response)
{
    (void)response;
    return import_abort(work, IMPORT_SIGNALS, request->import_id);
}
SERVICE_METHOD(abort_signal_import, Promoteros__V1__AbortSignalImportRequest,
               promoteros__v1__abort_signal_import_request,
               Promoteros__V1__AbortSignalImportResponse,
               promoteros__v1__abort_signal_import_response)

/* ---- reading ---- */

static enum pros_status check_filters(struct failure *failure, char *const *sources,
                                      size_t source_count, char *const *metrics,
                                      size_t metric_count)
{
    TRY(check_list(failure, "", "sources", source_count, FILTERS_MAX));
    TRY(check_list(failure, "", "metrics", metric_count, FILTERS_MAX));
    for (size_t i = 0; i < source_count; i++)
        TRY(check_slug(failure, "", "sources", sources[i], "spotify"));
    for (size_t i = 0; i < metric_count; i++)
        TRY(check_slug(failure, "", "metrics", metrics[i], "followers"));
    return PROS_OK;
}

/* A copy that lives in the arena. */
static Promoteros__V1__SignalSeries *series_new(struct arena *arena,
                                                const struct store_series *stored)
{
    size_t count = stored->point_count;
    Promoteros__V1__SignalSeries *series = arena_alloc(arena, sizeof *series);
    promoteros__v1__signal_series__init(series);
    series->entity = arena_alloc(arena, sizeof *series->entity);
    promoteros__v1__entity_ref__init(series->entity);
    series->entity->kind = (Promoteros__V1__EntityKind)stored->entity_kind;
    series->entity->id = arena_string(arena, stored->entity_id);
    series->source = arena_string(arena, stored->source);
    series->metric = arena_string(arena, stored->metric);
    series->observed_at_ms =
        arena_copy(arena, stored->observed_at_ms, count * sizeof *series->observed_at_ms);
    series->values = arena_copy(arena, stored->values, count * sizeof *series->values);
    series->known_at_ms =
        arena_copy(arena, stored->known_at_ms, count * sizeof *series->known_at_ms);
    series->n_observed_at_ms = series->n_values = series->n_known_at_ms = count;
    bool flagged = false;
    for (size_t i = 0; i < count && !flagged; i++)
        flagged = stored->flags[i] != 0;
    if (flagged) {
        series->point_flags = arena_copy(arena, stored->flags, count * sizeof *stored->flags);
        series->n_point_flags = count;
    }
    return series;
}

struct series_list {
    struct work *work;
    struct arena *arena;
    Promoteros__V1__SignalSeries **series;
    size_t count, capacity, point_count;
};

static void list_add(struct series_list *list, Promoteros__V1__SignalSeries *series)
{
    list->series =
        arena_grow(list->arena, list->series, list->count, &list->capacity, sizeof *list->series);
    list->series[list->count++] = series;
    list->point_count += series->n_observed_at_ms;
}

static enum pros_status collect_series(void *context, const struct store_series *stored)
{
    struct series_list *list = context;
    if (stored->point_count == 0)
        return PROS_OK;
    if (list->point_count + stored->point_count > QUERY_POINTS_MAX)
        return failure_set(&list->work->failure, PROS_RESOURCE_EXHAUSTED, "TOO_MANY_POINTS",
                           "The answer would hold more than %d points; ask for fewer entities, "
                           "metrics or days, or use ScanSignals.",
                           QUERY_POINTS_MAX);
    list_add(list, series_new(list->arena, stored));
    return PROS_OK;
}

/* The ids of one kind among the entities, each of which must exist. */
static enum pros_status ids_of_kind(struct work *work,
                                    const Promoteros__V1__QuerySignalsRequest *request, int kind,
                                    const char **ids, size_t *count)
{
    for (size_t i = 0; i < request->n_entities; i++) {
        const Promoteros__V1__EntityRef *entity = request->entities[i];
        if ((int)entity->kind != kind)
            continue;
        struct pros_bytes body;
        enum pros_status status = store_get_record(work->store, (enum record_kind)kind, entity->id,
                                                   INT64_MAX, work->arena, &body, &work->failure);
        if (status == PROS_NOT_FOUND)
            return failure_set(
                &work->failure, PROS_NOT_FOUND, "UNKNOWN_ENTITY",
                "entities[%zu].id \"%s\" is not in the catalog; look it up among the "
                "artists, tracks, venues and shows.",
                i, entity->id);
        TRY(status);
        ids[(*count)++] = entity->id;
    }
    return PROS_OK;
}

static enum pros_status check_query(struct work *work,
                                    const Promoteros__V1__QuerySignalsRequest *request,
                                    struct store_signal_query *query)
{
    struct failure *failure = &work->failure;
    TRY(check_list(failure, "", "entities", request->n_entities, QUERY_ENTITIES_MAX));
    if (request->n_entities == 0)
        return failure_set(failure, PROS_INVALID_ARGUMENT, "EMPTY",
                           "entities is empty; name at least one, or use ScanSignals for all.");
    for (size_t i = 0; i < request->n_entities; i++) {
        const Promoteros__V1__EntityRef *entity = request->entities[i];
        char at[PATH_SIZE];
        path_set(at, "entities[%zu].", i);
        if ((int)entity->kind < RECORD_ARTIST || (int)entity->kind > RECORD_SHOW)
            return failure_set(failure, PROS_INVALID_ARGUMENT, "BAD_KIND",
                               "%skind is %d, which is no kind of thing.", at, (int)entity->kind);
        static const char prefixes[][3] = {"", "ar", "tr", "ve", "sh"};
        TRY(check_record_id(failure, at, "id", entity->id, prefixes[entity->kind], true));
    }
    TRY(check_filters(failure, request->sources, request->n_sources, request->metrics,
                      request->n_metrics));
    TRY(check_timestamp(failure, "", "start_time", request->start_time, false, &query->start_ms));
    TRY(check_timestamp(failure, "", "end_time", request->end_time, false, &query->end_ms));
    if (query->end_ms <= query->start_ms)
        return failure_set(failure, PROS_INVALID_ARGUMENT, "DATES_REVERSED",
                           "end_time is not after start_time; exchange the two.");
    return PROS_OK;
}

static enum pros_status query_signals(struct work *work,
                                      const Promoteros__V1__QuerySignalsRequest *request,
                                      Promoteros__V1__QuerySignalsResponse *response)
{
    struct store_signal_query query = {.sources = (const char *const *)request->sources,
                                       .source_count = request->n_sources,
                                       .metrics = (const char *const *)request->metrics,
                                       .metric_count = request->n_metrics,
                                       .start_ms = INT64_MIN,
                                       .end_ms = INT64_MAX,
                                       .as_of_ms = work->as_of_ms};
    TRY(check_query(work, request, &query));
    struct series_list list = {.work = work, .arena = work->arena};
    const char **ids = arena_alloc_array(work->arena, request->n_entities, sizeof *ids);
    for (int kind = RECORD_ARTIST; kind <= RECORD_SHOW; kind++) {
        size_t count = 0;
        TRY(ids_of_kind(work, request, kind, ids, &count));
        if (count == 0)
            continue;
        query.entity_kind = kind;
        query.entity_ids = ids;
        query.entity_count = count;
        TRY(store_scan_signals(work->store, &query, collect_series, &list, &response->commit_seq,
                               &work->failure));
    }
    response->series = list.series;
    response->n_series = list.count;
    return PROS_OK;
}
SERVICE_METHOD(query_signals, Promoteros__V1__QuerySignalsRequest,
               promoteros__v1__query_signals_request, Promoteros__V1__QuerySignalsResponse,
               promoteros__v1__query_signals_response)

/* ---- scan: names first, then one pass over the series ---- */

struct entity_facts {
    char *name;
    char **genres, **artist_ids;
    size_t genre_count, artist_count;
};

struct scan {
    struct work *work;
    struct names facts; /* id -> struct entity_facts */
    struct arena entity_arena;
    struct series_list list; /* of the entity that is being gathered */
    int kind;
    int64_t active_since_ms;
    int64_t commit_seq;
};

static enum pros_status keep_facts(void *context, const char *id, struct pros_bytes body)
{
    struct scan *scan = context;
    struct arena *arena = scan->work->arena;
    struct entity_facts *facts = arena_alloc(arena, sizeof *facts);
    if (scan->kind == RECORD_ARTIST) {
        Promoteros__V1__Artist *artist = NULL;
        TRY(stored_unpack(arena, &promoteros__v1__artist__descriptor, body, &artist,
                          &scan->work->failure));
        facts->name = artist->name;
        facts->genres = artist->genres;
        facts->genre_count = artist->n_genres;
    } else {
        Promoteros__V1__Track *track = NULL;
        TRY(stored_unpack(arena, &promoteros__v1__track__descriptor, body, &track,
                          &scan->work->failure));
        facts->name = track->title;
        facts->artist_ids = track->artist_ids;
        facts->artist_count = track->n_artist_ids;
    }
    names_add(&scan->facts, arena, id, facts);
    return PROS_OK;
}

/* Sends the gathered entity, where it is active enough. */
static enum pros_status flush_entity(struct scan *scan)
{
    int64_t newest_ms = INT64_MIN;
    for (size_t i = 0; i < scan->list.count; i++) {
        const Promoteros__V1__SignalSeries *series = scan->list.series[i];
        int64_t last_ms = series->observed_at_ms[series->n_observed_at_ms - 1];
        newest_ms = last_ms > newest_ms ? last_ms : newest_ms;
    }
    enum pros_status status = PROS_OK;
    if (scan->list.count > 0 && newest_ms >= scan->active_since_ms) {
        Promoteros__V1__ScanSignalsResponse response = PROMOTEROS__V1__SCAN_SIGNALS_RESPONSE__INIT;
        response.entity = scan->list.series[0]->entity;
        response.series = scan->list.series;
        response.n_series = scan->list.count;
        response.commit_seq = scan->commit_seq;
        const struct entity_facts *facts = names_find(&scan->facts, response.entity->id);
        if (facts) {
            response.name = facts->name;
            response.genres = facts->genres;
            response.n_genres = facts->genre_count;
            response.artist_ids = facts->artist_ids;
            response.n_artist_ids = facts->artist_count;
        }
        status = pros_emit(scan->work->run, arena_pack(&scan->entity_arena, &response.base));
    }
    arena_reset(&scan->entity_arena);
    scan->list = (struct series_list){.work = scan->work, .arena = &scan->entity_arena};
    return status;
}

static enum pros_status scan_series(void *context, const struct store_series *stored)
{
    struct scan *scan = context;
    if (scan->list.count > 0 && strcmp(scan->list.series[0]->entity->id, stored->entity_id) != 0)
        TRY(flush_entity(scan));
    if (pros_remaining_ms(scan->work->run) == 0)
        return failure_set(&scan->work->failure, PROS_DEADLINE_EXCEEDED, "TOO_SLOW",
                           "The scan was not over in time; ask for fewer sources and metrics, or "
                           "give it a longer deadline.");
    return collect_series(&scan->list, stored);
}

static enum pros_status run_scan(struct scan *scan,
                                 const Promoteros__V1__ScanSignalsRequest *request)
{
    struct work *work = scan->work;
    struct store_signal_query query = {.entity_kind = scan->kind,
                                       .sources = (const char *const *)request->sources,
                                       .source_count = request->n_sources,
                                       .metrics = (const char *const *)request->metrics,
                                       .metric_count = request->n_metrics,
                                       .start_ms = INT64_MIN,
                                       .end_ms = INT64_MAX,
                                       .as_of_ms = work->as_of_ms};
    TRY(check_filters(&work->failure, request->sources, request->n_sources, request->metrics,
                      request->n_metrics));
    TRY(check_timestamp(&work->failure, "", "start_time", request->start_time, false,
                        &query.start_ms));
    TRY(check_timestamp(&work->failure, "", "active_since_time", request->active_since_time, false,
                        &scan->active_since_ms));
    struct store_record_query records = {
        .kind = (enum record_kind)scan->kind, .name_part = "", .as_of_ms = work->as_of_ms};
    TRY(store_list_records(work->store, &records, keep_facts, scan, &work->failure));
    TRY(store_scan_signals(work->store, &query, scan_series, scan, &scan->commit_seq,
                           &work->failure));
    return flush_entity(scan);
}

static enum pros_status scan_signals(struct work *work,
                                     const Promoteros__V1__ScanSignalsRequest *request)
{
    if ((int)request->kind != RECORD_ARTIST && (int)request->kind != RECORD_TRACK)
        return failure_set(&work->failure, PROS_INVALID_ARGUMENT, "BAD_KIND",
                           "kind is %d; scan artists (1) or tracks (2).", (int)request->kind);
    struct scan scan = {.work = work, .kind = (int)request->kind, .active_since_ms = INT64_MIN};
    arena_open(&scan.entity_arena, 0);
    scan.list = (struct series_list){.work = work, .arena = &scan.entity_arena};
    enum pros_status status = run_scan(&scan, request);
    arena_close(&scan.entity_arena);
    return status;
}
SERVICE_STREAM(scan_signals, Promoteros__V1__ScanSignalsRequest,
               promoteros__v1__scan_signals_request)

/* ---- sources ---- */

struct source_list {
    struct arena *arena;
    Promoteros__V1__SignalSource **sources;
    size_t count, capacity;
};

static enum pros_status keep_source(void *context, const struct store_source *stored)
{
    struct source_list *list = context;
    list->sources =
        arena_grow(list->arena, list->sources, list->count, &list->capacity, sizeof *list->sources);
    Promoteros__V1__SignalSource *source = arena_alloc(list->arena, sizeof *source);
    promoteros__v1__signal_source__init(source);
    source->source = arena_string(list->arena, stored->source);
    source->metric = arena_string(list->arena, stored->metric);
    source->kind = (Promoteros__V1__EntityKind)stored->entity_kind;
    source->series_count = stored->series_count;
    source->point_count = stored->point_count;
    source->newest_time = timestamp_new(list->arena, stored->newest_ms);
    list->sources[list->count++] = source;
    return PROS_OK;
}

static enum pros_status list_signal_sources(struct work *work,
                                            const Promoteros__V1__ListSignalSourcesRequest *request,
                                            Promoteros__V1__ListSignalSourcesResponse *response)
{
    (void)request;
    struct source_list list = {.arena = work->arena};
    TRY(store_list_sources(work->store, keep_source, &list, &work->failure));
    response->sources = list.sources;
    response->n_sources = list.count;
    return PROS_OK;
}
SERVICE_METHOD(list_signal_sources, Promoteros__V1__ListSignalSourcesRequest,
               promoteros__v1__list_signal_sources_request,
               Promoteros__V1__ListSignalSourcesResponse,
               promoteros__v1__list_signal_sources_response)

static const struct pros_method methods[] = {
    {.name = "BeginSignalImport",
     .summary = "Opens an import of signals; nothing of it is visible before the commit.",
     .journal = PROS_JOURNAL_NONE,
     .handle = begin_signal_import_bytes},
    {.name = "AppendSignalImport",
     .summary = "Adds series to an open import.",
     .journal = PROS_JOURNAL_NONE,
     .handle = append_signal_import_bytes},
    {.name = "CommitSignalImport",
     .summary = "Makes an import of signals visible, all at once.",
     .journal = PROS_JOURNAL_NONE,
     .handle = commit_signal_import_bytes},
    {.name = "AbortSignalImport",
     .summary = "Forgets an open import of signals.",
     .journal = PROS_JOURNAL_NONE,
     .handle = abort_signal_import_bytes},
    {.name = "QuerySignals",
     .summary = "Returns series as they were known at a moment.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .journal = PROS_JOURNAL_NONE,
     .handle = query_signals_bytes},
    {.name = "ScanSignals",
     .summary = "Streams the series of every entity that has any.",
     .flags = PROS_SIDE_EFFECT_FREE | PROS_STREAMS,
     .journal = PROS_JOURNAL_NONE,
     .handle = scan_signals_streaming_bytes},
    {.name = "ListSignalSources",
     .summary = "Lists the sources with the age of their newest point.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .journal = PROS_JOURNAL_NONE,
     .handle = list_signal_sources_bytes},
};

const struct pros_agent signal_service_table = {
    .size = sizeof(struct pros_agent),
    .abi = PROS_ABI,
    .method_size = sizeof(struct pros_method),
    .name = "signals",
    .title = "Signals",
    .summary = "Stores and answers time series about artists and tracks.",
    .version = PROMOTEROS_VERSION,
    .service = "promoteros.v1.SignalService",
    .methods = methods,
    .method_count = sizeof methods / sizeof *methods,
};
