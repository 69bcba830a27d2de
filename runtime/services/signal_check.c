/* What a chunk of signals may hold. */
#include "services/check.h"
#include "services/signal_import.h"

enum { SERIES_MAX = 64, ARTIST_NAMES_MAX = 32 };

#define REFUSE(reason, ...) return failure_set(failure, PROS_INVALID_ARGUMENT, reason, __VA_ARGS__)

static enum pros_status check_columns(struct failure *failure, const char *at,
                                      const Promoteros__V1__SignalSeries *series)
{
    size_t count = series->n_observed_at_ms;
    if (count == 0)
        REFUSE("EMPTY", "%sobserved_at_ms is empty; a series needs at least one point.", at);
    if (series->n_values != count)
        REFUSE("COLUMNS_DIFFER",
               "%svalues has %zu elements and observed_at_ms %zu; each point "
               "needs one of both.",
               at, series->n_values, count);
    if (series->n_known_at_ms != 0 && series->n_known_at_ms != count)
        REFUSE("COLUMNS_DIFFER",
               "%sknown_at_ms has %zu elements and observed_at_ms %zu; send one "
               "a point, or none.",
               at, series->n_known_at_ms, count);
    if (series->n_point_flags != 0 && series->n_point_flags != count)
        REFUSE("COLUMNS_DIFFER",
               "%spoint_flags has %zu elements and observed_at_ms %zu; send one "
               "a point, or none.",
               at, series->n_point_flags, count);
    return PROS_OK;
}

static enum pros_status check_point(struct failure *failure, const char *at,
                                    const Promoteros__V1__SignalSeries *series, size_t i,
                                    int64_t now_ms)
{
    char field[PATH_SIZE];
    path_set(field, "values[%zu]", i);
    TRY(check_finite(failure, at, field, series->values[i]));
    if (series->values[i] < 0)
        REFUSE("NEGATIVE_COUNT",
               "%s%s is %g; what is measured is a count, a level or a rank and never negative.", at,
               field, series->values[i]);
    path_set(field, "observed_at_ms[%zu]", i);
    TRY(check_instant(failure, at, field, series->observed_at_ms[i]));
    if (i > 0 && series->observed_at_ms[i] <= series->observed_at_ms[i - 1])
        REFUSE("UNSORTED",
               "%s%s is not after the one ahead of it; sort the points by time, each "
               "moment once.",
               at, field);
    if (series->n_known_at_ms > 0) {
        path_set(field, "known_at_ms[%zu]", i);
        TRY(check_instant(failure, at, field, series->known_at_ms[i]));
        TRY(check_known(failure, at, field, series->known_at_ms[i], now_ms));
    }
    if (series->n_point_flags > 0 && (series->point_flags[i] < 0 || series->point_flags[i] > 7))
        REFUSE("BAD_FLAGS", "%spoint_flags[%zu] is %d; bits 1, 2 and 4 have a meaning.", at, i,
               series->point_flags[i]);
    return PROS_OK;
}

static enum pros_status check_series(struct failure *failure, const char *at,
                                     const Promoteros__V1__SignalSeries *series, int64_t now_ms)
{
    TRY(check_slug(failure, at, "source", series->source, "spotify"));
    TRY(check_slug(failure, at, "metric", series->metric, "followers"));
    TRY(check_columns(failure, at, series));
    for (size_t i = 0; i < series->n_observed_at_ms; i++)
        TRY(check_point(failure, at, series, i, now_ms));
    return PROS_OK;
}

static enum pros_status check_entity(struct failure *failure, const char *at,
                                     const Promoteros__V1__ImportedSignals *signals)
{
    bool track = signals->kind == PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_TRACK;
    if (!track && signals->kind != PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_ARTIST)
        REFUSE("BAD_KIND", "%skind is %d; signals are about an artist (1) or a track (2).", at,
               (int)signals->kind);
    TRY(check_record_id(failure, at, "entity_id", signals->entity_id, track ? "tr" : "ar", false));
    if (!*signals->entity_id)
        TRY(check_name(failure, at, "name", signals->name));
    TRY(check_text(failure, at, "name", signals->name, NAME_BYTES_MAX));
    TRY(check_external_ids(failure, at, signals->external_ids, signals->n_external_ids));
    TRY(check_genres(failure, at, signals->genres, signals->n_genres));
    TRY(check_list(failure, at, "artist_names", signals->n_artist_names, ARTIST_NAMES_MAX));
    for (size_t i = 0; i < signals->n_artist_names; i++) {
        char field[PATH_SIZE];
        path_set(field, "artist_names[%zu]", i);
        TRY(check_name(failure, at, field, signals->artist_names[i]));
    }
    return check_list(failure, at, "series", signals->n_series, SERIES_MAX);
}

/* An id that is given must exist. */
static enum pros_status check_exists(struct work *work, const char *at,
                                     const Promoteros__V1__ImportedSignals *signals)
{
    if (!*signals->entity_id)
        return PROS_OK;
    bool track = signals->kind == PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_TRACK;
    struct pros_bytes body;
    enum pros_status status =
        store_get_record(work->store, track ? RECORD_TRACK : RECORD_ARTIST, signals->entity_id,
                         INT64_MAX, work->arena, &body, &work->failure);
    if (status == PROS_NOT_FOUND)
        return failure_set(&work->failure, PROS_INVALID_ARGUMENT,
                           track ? "UNKNOWN_TRACK" : "UNKNOWN_ARTIST",
                           "%sentity_id \"%s\" is not in the catalog; leave it empty to find or "
                           "make the record by its name.",
                           at, signals->entity_id);
    return status;
}

enum pros_status check_signal_chunk(struct work *work,
                                    const Promoteros__V1__AppendSignalImportRequest *request,
                                    int64_t *point_count)
{
    struct failure *failure = &work->failure;
    TRY(check_list(failure, "", "signals", request->n_signals, CHUNK_ELEMENTS_MAX));
    if (request->n_signals == 0)
        REFUSE("EMPTY", "signals is empty; a chunk needs at least one element.");
    *point_count = 0;
    for (size_t i = 0; i < request->n_signals; i++) {
        const Promoteros__V1__ImportedSignals *signals = request->signals[i];
        char at[PATH_SIZE];
        path_set(at, "signals[%zu].", i);
        TRY(check_entity(failure, at, signals));
        TRY(check_exists(work, at, signals));
        for (size_t j = 0; j < signals->n_series; j++) {
            path_set(at, "signals[%zu].series[%zu].", i, j);
            TRY(check_series(failure, at, signals->series[j], work->as_of_ms));
            *point_count += (int64_t)signals->series[j]->n_observed_at_ms;
        }
    }
    return PROS_OK;
}
