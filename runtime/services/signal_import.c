/* What a commit makes of staged signals: rules in the header. */
#include "services/signal_import.h"

#include "services/names.h"
#include "services/resolve.h"

#include <stdlib.h>
#include <string.h>

enum { GROUP_SERIES_MAX = 512 }; /* series that are compared with the store at a time */

struct point {
    int64_t observed_ms, known_ms;
    double value;
    int32_t flags;
    uint32_t order; /* within the import */
    enum { POINT_NEW, POINT_UNCHANGED, POINT_CORRECTED } fate;
};

/* A piece of a series as a chunk brought it. */
struct part {
    const Promoteros__V1__SignalSeries *series;
    struct part *next;
};

struct gathered {
    struct known *entity;
    const char *source, *metric;
    struct part *first, *last;
    size_t point_count;
    struct point *points; /* while its group is compared */
};

struct signal_build {
    struct work *work;
    struct resolver resolver;
    struct names series; /* "id, source, metric" -> struct gathered */
    struct gathered **all;
    size_t count, capacity;
    bool has_lag;
    int64_t lag_ms;
    bool simulated;
    struct store_batch *batch;
    Promoteros__V1__ImportSummary *summary;
};

static const char *series_key(struct arena *arena, const char *entity_id, const char *source,
                              const char *metric)
{
    return arena_format(arena, "%s\x1f%s\x1f%s", entity_id, source, metric);
}

static void gather_series(struct signal_build *build, struct known *entity,
                          const Promoteros__V1__SignalSeries *series)
{
    struct arena *arena = build->work->arena;
    const char *key = series_key(arena, entity->id, series->source, series->metric);
    struct gathered *gathered = names_find(&build->series, key);
    if (!gathered) {
        gathered = arena_alloc(arena, sizeof *gathered);
        gathered->entity = entity;
        gathered->source = series->source;
        gathered->metric = series->metric;
        names_add(&build->series, arena, key, gathered);
        build->all =
            arena_grow(arena, build->all, build->count, &build->capacity, sizeof *build->all);
        build->all[build->count++] = gathered;
    }
    struct part *part = arena_alloc(arena, sizeof *part);
    part->series = series;
    if (gathered->last)
        gathered->last->next = part;
    else
        gathered->first = part;
    gathered->last = part;
    gathered->point_count += series->n_observed_at_ms;
}

static enum pros_status resolve_entity(struct signal_build *build,
                                       const Promoteros__V1__ImportedSignals *signals,
                                       struct known **entity)
{
    struct arena *arena = build->work->arena;
    bool track = (int)signals->kind == RECORD_TRACK;
    char **artist_ids = arena_alloc_array(arena, signals->n_artist_names + 1, sizeof *artist_ids);
    for (size_t i = 0; track && i < signals->n_artist_names; i++) {
        struct reference artist = {.id = "", .name = signals->artist_names[i], .city = ""};
        struct known *known = NULL;
        TRY(resolve(&build->resolver, RECORD_ARTIST, &artist, &known));
        artist_ids[i] = (char *)known->id;
    }
    struct reference reference = {.id = signals->entity_id,
                                  .name = signals->name,
                                  .external_ids = signals->external_ids,
                                  .external_id_count = signals->n_external_ids,
                                  .genres = signals->genres,
                                  .genre_count = signals->n_genres,
                                  .artist_ids = artist_ids,
                                  .artist_count = track ? signals->n_artist_names : 0,
                                  .city = ""};
    return resolve(&build->resolver, track ? RECORD_TRACK : RECORD_ARTIST, &reference, entity);
}

static enum pros_status gather_chunk(struct signal_build *build, const struct import_chunk *chunk)
{
    struct work *work = build->work;
    Promoteros__V1__AppendSignalImportRequest *request = NULL;
    TRY(stored_unpack(work->arena, &promoteros__v1__append_signal_import_request__descriptor,
                      chunk->body, &request, &work->failure));
    for (size_t i = 0; i < request->n_signals; i++) {
        struct known *entity = NULL;
        TRY(resolve_entity(build, request->signals[i], &entity));
        for (size_t j = 0; j < request->signals[i]->n_series; j++)
            gather_series(build, entity, request->signals[i]->series[j]);
    }
    return PROS_OK;
}

/* ---- points of one group ---- */

static int compare_points(const void *a, const void *b)
{
    const struct point *p = a, *q = b;
    if (p->observed_ms != q->observed_ms)
        return p->observed_ms < q->observed_ms ? -1 : 1;
    if (p->known_ms != q->known_ms)
        return p->known_ms < q->known_ms ? -1 : 1;
    return p->order < q->order ? -1 : p->order > q->order;
}

static struct point point_at(const struct signal_build *build,
                             const Promoteros__V1__SignalSeries *series, size_t i, uint32_t order)
{
    int64_t now_ms = build->work->as_of_ms;
    struct point point = {.observed_ms = series->observed_at_ms[i],
                          .known_ms = now_ms,
                          .value = series->values[i],
                          .flags = series->n_point_flags > 0 ? series->point_flags[i] : 0,
                          .order = order};
    if (series->n_known_at_ms > 0) {
        point.known_ms = series->known_at_ms[i];
    } else if (build->has_lag) {
        point.known_ms = point.observed_ms + build->lag_ms;
        point.known_ms = point.known_ms < now_ms ? point.known_ms : now_ms;
        point.flags |= POINT_KNOWN_DECLARED;
    }
    if (build->simulated)
        point.flags |= POINT_SIMULATED;
    return point;
}

/* One point a moment, in order of time. */
static void lay_out_points(struct signal_build *build, struct gathered *gathered,
                           struct arena *arena)
{
    size_t count = 0;
    gathered->points = arena_alloc_array(arena, gathered->point_count, sizeof *gathered->points);
    for (struct part *part = gathered->first; part; part = part->next)
        for (size_t i = 0; i < part->series->n_observed_at_ms; i++, count++)
            gathered->points[count] = point_at(build, part->series, i, (uint32_t)count);
    qsort(gathered->points, count, sizeof *gathered->points, compare_points);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && gathered->points[kept - 1].observed_ms == gathered->points[i].observed_ms) {
            build->summary->unchanged_count++; /* a later version of the moment follows */
            kept--;
        }
        gathered->points[kept++] = gathered->points[i];
    }
    gathered->point_count = kept;
}

/* Decides what becomes of our points, beside the stored ones. Both are in order of time. */
static enum pros_status compare_stored(void *context, const struct store_series *stored)
{
    struct signal_build *build = context;
    const char *key =
        series_key(build->work->arena, stored->entity_id, stored->source, stored->metric);
    struct gathered *ours = names_find(&build->series, key);
    if (!ours || !ours->points)
        return PROS_OK;
    size_t i = 0;
    for (size_t j = 0; j < stored->point_count && i < ours->point_count; j++) {
        while (i < ours->point_count && ours->points[i].observed_ms < stored->observed_at_ms[j])
            i++;
        if (i == ours->point_count || ours->points[i].observed_ms != stored->observed_at_ms[j])
            continue;
        struct point *point = &ours->points[i];
        bool same = point->value == stored->values[j];
        point->fate = same ? POINT_UNCHANGED : POINT_CORRECTED;
        if (point->known_ms < stored->known_at_ms[j])
            point->known_ms = stored->known_at_ms[j];
    }
    return PROS_OK;
}

static void add_changes(struct signal_build *build, const struct gathered *gathered,
                        struct arena *arena)
{
    size_t count = gathered->point_count, added = 0;
    int64_t *observed = arena_alloc_array(arena, count, sizeof *observed);
    int64_t *known = arena_alloc_array(arena, count, sizeof *known);
    double *values = arena_alloc_array(arena, count, sizeof *values);
    int32_t *flags = arena_alloc_array(arena, count, sizeof *flags);
    for (size_t i = 0; i < count; i++) {
        const struct point *point = &gathered->points[i];
        build->summary->unchanged_count += point->fate == POINT_UNCHANGED;
        build->summary->corrected_count += point->fate == POINT_CORRECTED;
        build->summary->added_count += point->fate == POINT_NEW;
        if (point->fate == POINT_UNCHANGED)
            continue;
        observed[added] = point->observed_ms;
        known[added] = point->known_ms;
        values[added] = point->value;
        flags[added++] = point->flags;
    }
    if (added == 0)
        return;
    struct store_series series = {.entity_kind = (int)gathered->entity->kind,
                                  .entity_id = gathered->entity->id,
                                  .source = gathered->source,
                                  .metric = gathered->metric,
                                  .point_count = added,
                                  .observed_at_ms = observed,
                                  .values = values,
                                  .known_at_ms = known,
                                  .flags = flags};
    store_add_points(build->batch, &series);
}

/* Compares the stored series of one kind with ours. */
static enum pros_status compare_kind(struct signal_build *build, struct gathered *const *group,
                                     size_t count, enum record_kind kind, struct arena *arena)
{
    const char **ids = arena_alloc_array(arena, count, sizeof *ids);
    size_t id_count = 0;
    for (size_t i = 0; i < count; i++)
        if (group[i]->entity->kind == kind && !group[i]->entity->created &&
            (id_count == 0 || strcmp(ids[id_count - 1], group[i]->entity->id) != 0))
            ids[id_count++] = group[i]->entity->id;
    if (id_count == 0)
        return PROS_OK;
    struct store_signal_query query = {.entity_kind = (int)kind,
                                       .entity_ids = ids,
                                       .entity_count = id_count,
                                       .start_ms = INT64_MIN,
                                       .end_ms = INT64_MAX,
                                       .as_of_ms = INT64_MAX};
    return store_scan_signals(build->work->store, &query, compare_stored, build, NULL,
                              &build->work->failure);
}

static enum pros_status add_group(struct signal_build *build, struct gathered **group, size_t count,
                                  struct arena *arena)
{
    for (size_t i = 0; i < count; i++)
        lay_out_points(build, group[i], arena);
    TRY(compare_kind(build, group, count, RECORD_ARTIST, arena));
    TRY(compare_kind(build, group, count, RECORD_TRACK, arena));
    for (size_t i = 0; i < count; i++) {
        add_changes(build, group[i], arena);
        group[i]->points = NULL;
    }
    if (pros_remaining_ms(build->work->run) == 0)
        return failure_set(&build->work->failure, PROS_DEADLINE_EXCEEDED, "TOO_SLOW",
                           "The import was not committed in time; commit it again with a longer "
                           "deadline.");
    return PROS_OK;
}

static int compare_gathered(const void *a, const void *b)
{
    const struct gathered *p = *(struct gathered *const *)a, *q = *(struct gathered *const *)b;
    int order = strcmp(p->entity->id, q->entity->id);
    order = order ? order : strcmp(p->source, q->source);
    return order ? order : strcmp(p->metric, q->metric);
}

enum pros_status build_signal_import(struct work *work, const struct store_import *import,
                                     const struct import_chunk *chunks, size_t chunk_count,
                                     struct store_batch *batch,
                                     Promoteros__V1__ImportSummary *summary)
{
    Promoteros__V1__BeginSignalImportRequest *begin = NULL;
    TRY(stored_unpack(work->arena, &promoteros__v1__begin_signal_import_request__descriptor,
                      import->begin, &begin, &work->failure));
    struct signal_build build = {.work = work,
                                 .resolver = {.work = work, .simulated = begin->simulated},
                                 .has_lag = begin->_known_at_lag_s_case != 0,
                                 .simulated = begin->simulated,
                                 .batch = batch,
                                 .summary = summary};
    build.lag_ms = build.has_lag ? begin->known_at_lag_s * 1000 : 0;
    for (size_t i = 0; i < chunk_count; i++)
        TRY(gather_chunk(&build, &chunks[i]));
    if (build.count > 0)
        qsort(build.all, build.count, sizeof *build.all, compare_gathered);
    struct arena group_arena;
    arena_open(&group_arena, 0);
    enum pros_status status = PROS_OK;
    for (size_t i = 0; i < build.count && status == PROS_OK; i += GROUP_SERIES_MAX) {
        size_t rest = build.count - i;
        status = add_group(&build, build.all + i, rest < GROUP_SERIES_MAX ? rest : GROUP_SERIES_MAX,
                           &group_arena);
        arena_reset(&group_arena);
    }
    arena_close(&group_arena);
    TRY(status);
    summary->created_record_count = resolve_write(&build.resolver, batch);
    return PROS_OK;
}
