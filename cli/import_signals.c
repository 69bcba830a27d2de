/* Rows that are points of series, in the long form (a value a row) or the wide (a metric a column).
 */
#include "cli/import.h"

#include "base/clock.h"

#include <string.h>

enum {
    COLUMN_VERSION,
    COLUMN_KIND,
    COLUMN_ARTIST,
    COLUMN_TRACK,
    COLUMN_ARTISTS,
    COLUMN_ENTITY_ID,
    COLUMN_SOURCE,
    COLUMN_METRIC,
    COLUMN_OBSERVED_AT,
    COLUMN_KNOWN_AT,
    COLUMN_VALUE,
    COLUMN_ROUNDED,
    COLUMN_GENRES,
    COLUMN_COUNT
};

static const struct column_name columns[COLUMN_COUNT] = {
    [COLUMN_VERSION] = {"v", NULL, "version of the row's form, for JSON lines; 1"},
    [COLUMN_KIND] = {"kind", "entity.kind", "artist or track; else told by the other columns"},
    [COLUMN_ARTIST] = {"artist", "entity.name", "name of the artist"},
    [COLUMN_TRACK] = {"track", "entity.title", "title of the track; makes the row about a track"},
    [COLUMN_ARTISTS] = {"artists", "entity.artists", "the track's artists, the lead artist first"},
    [COLUMN_ENTITY_ID] = {"entity_id", "entity.id", "id in the catalog, where known"},
    [COLUMN_SOURCE] = {"source", NULL, "where it comes from, kebab-case: spotify, tiktok"},
    [COLUMN_METRIC] = {"metric", NULL, "what is measured, kebab-case: followers, streams, rank"},
    [COLUMN_OBSERVED_AT] = {"observed_at", NULL, "when it was true: a date or RFC 3339"},
    [COLUMN_KNOWN_AT] = {"known_at", NULL, "when it could be known; else --lag, else now"},
    [COLUMN_VALUE] = {"value", NULL, "the figure; 97.9K, 1.2M and 3B count as rounded"},
    [COLUMN_ROUNDED] = {"rounded", NULL, "true when the platform rounded it"},
    [COLUMN_GENRES] = {"genres", "entity.genres", "genres of a new artist, separated by ;"},
};

static const char *get(const struct import *import, const char *const *values, size_t column)
{
    return columns_value(&import->columns, values, column);
}

static enum pros_status need(const struct import *import, bool there, const char *column,
                             const char *set, struct failure *failure)
{
    char list[400] = "";
    size_t used = 0;

    if (there)
        return PROS_OK;
    for (size_t i = 0; i < import->rows.count && used + 1 < sizeof list; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%.40s", i ? ", " : "",
                                 import->rows.names[i]);
    return failure_set(failure, PROS_INVALID_ARGUMENT, "MISSING_COLUMN",
                       "The file has no column \"%s\". Name it with --map %s=THEIRS%s. It has: %s.",
                       column, column, set, list);
}

static enum pros_status check(struct import *import, struct failure *failure)
{
    const struct columns *bound = &import->columns;
    bool wide = import->metric_count > 0;
    enum pros_status status =
        need(import,
             columns_has(bound, COLUMN_ARTIST) || columns_has(bound, COLUMN_TRACK) ||
                 columns_has(bound, COLUMN_ENTITY_ID) || bound->id_count > 0,
             "artist", " (or track, entity_id or id:SCHEME)", failure);

    if (status == PROS_OK)
        status = need(import, columns_has(bound, COLUMN_SOURCE), "source",
                      ", or say it with --set source=NAME", failure);
    if (status == PROS_OK)
        status = need(import, columns_has(bound, COLUMN_OBSERVED_AT), "observed_at", "", failure);
    if (status == PROS_OK && !wide)
        status = need(import, columns_has(bound, COLUMN_METRIC), "metric",
                      ", say it with --set metric=NAME, or name columns that are metrics with "
                      "--metrics A,B",
                      failure);
    if (status == PROS_OK && !wide)
        status = need(import, columns_has(bound, COLUMN_VALUE), "value",
                      ", or name columns that are metrics with --metrics A,B", failure);
    for (size_t i = 0; status == PROS_OK && i < import->metric_count; i++)
        status = need(import, import->metric_index[i] >= 0, import->metrics[i], "", failure);
    return status;
}

/* Splits at any of the separators (and a list's own), trims, and forgets empty parts. */
static size_t split(struct arena *arena, const char *text, const char *separators,
                    const char **parts, size_t most)
{
    char all[16];
    size_t count = 0;

    snprintf(all, sizeof all, "%c%.14s", ROWS_LIST_SEPARATOR, separators);
    while (*text && count < most) {
        size_t size = strcspn(text, all), from = strspn(text, " "), to = size;
        while (to > from && text[to - 1] == ' ')
            to--;
        if (to > from)
            parts[count++] = arena_format(arena, "%.*s", (int)(to - from), text + from);
        text += size + (text[size] != '\0');
    }
    return count;
}

static bool read_kind(struct import *import, const char *const *values,
                      Promoteros__V1__EntityKind *kind)
{
    const char *text = get(import, values, COLUMN_KIND);

    if (strcmp(text, "artist") == 0)
        *kind = PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_ARTIST;
    else if (strcmp(text, "track") == 0)
        *kind = PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_TRACK;
    else if (*text) {
        import_refuse(import, "kind: \"%.40s\" is neither artist nor track", text);
        return false;
    } else if (import->entity_kind)
        *kind = import->entity_kind;
    else
        *kind = *get(import, values, COLUMN_TRACK)
                    ? PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_TRACK
                    : PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_ARTIST;
    return true;
}

struct named {
    struct session_entity entity;
    Promoteros__V1__ExternalId ids[COLUMNS_IDS_MAX];
    const char *artists[IMPORT_ARTISTS_MAX];
    const char *genres[IMPORT_ARTISTS_MAX];
};

static bool read_entity(struct import *import, const char *const *values, struct named *named)
{
    struct session_entity *entity = &named->entity;
    struct arena *arena = &import->rows.arena;
    bool track;

    memset(entity, 0, sizeof *entity);
    if (!read_kind(import, values, &entity->kind) ||
        !import_ids(import, values, named->ids, &entity->external_id_count))
        return false;
    entity->external_ids = named->ids;
    track = entity->kind == PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_TRACK;
    entity->id = get(import, values, COLUMN_ENTITY_ID);
    entity->name = get(import, values, track ? COLUMN_TRACK : COLUMN_ARTIST);
    if (!import_name(import, track ? "track" : "artist", entity->name))
        return false;
    if (track) {
        const char *artists = get(import, values, COLUMN_ARTISTS);
        if (!*artists)
            artists = get(import, values, COLUMN_ARTIST);
        if (!import_name(import, "artists", artists))
            return false;
        entity->artist_name_count =
            split(arena, artists, import->artist_separators, named->artists, IMPORT_ARTISTS_MAX);
        entity->artist_names = named->artists;
    } else {
        entity->genre_count = split(arena, get(import, values, COLUMN_GENRES), ";", named->genres,
                                    IMPORT_ARTISTS_MAX);
        entity->genres = named->genres;
    }
    if (!*entity->name && !*entity->id && entity->external_id_count == 0) {
        import_refuse(import, "%s is empty", track ? "track" : "artist");
        return false;
    }
    /* The sidecar contract names by external id alone; a new record is called by it. */
    if (!*entity->name && !*entity->id)
        entity->name = entity->external_ids[0].value;
    return true;
}

static bool read_times(struct import *import, const char *const *values,
                       struct session_point *point)
{
    const char *known = get(import, values, COLUMN_KNOWN_AT);

    if (!import_instant(import, "observed_at", get(import, values, COLUMN_OBSERVED_AT),
                        &point->observed_at_ms))
        return false;
    if (point->observed_at_ms > import->now_ms + CLOCK_DAY_MS) {
        import_refuse(import, "observed_at is in the future");
        return false;
    }
    point->known_at_ms = SESSION_KNOWN_NOW;
    if (!*known) {
        if (!import->options.has_lag && point->observed_at_ms < import->now_ms - IMPORT_HISTORY_MS)
            import->undated = true;
        return true;
    }
    if (!import_instant(import, "known_at", known, &point->known_at_ms))
        return false;
    if (point->known_at_ms < point->observed_at_ms) {
        import_refuse(import, "known_at is before observed_at; the dates are reversed");
        return false;
    }
    return true;
}

static bool read_point(struct import *import, const char *text, const char *metric,
                       struct session_point *point)
{
    char why[CLEAN_WHY_SIZE];
    bool rounded;

    if (!clean_value(text, import->thousands, &point->value, &rounded, why)) {
        import_refuse(import, "%.40s: %s", metric, why);
        return false;
    }
    if (rounded)
        point->flags |= SESSION_FLAG_ROUNDED;
    return true;
}

/* Every cell is checked before the first is sent, so that a row is taken or refused whole. */
static enum import_result take(struct import *import, const char *const *values)
{
    struct session_point points[IMPORT_METRICS_MAX] = {0}, times = {0};
    const char *names[IMPORT_METRICS_MAX];
    const char *source = get(import, values, COLUMN_SOURCE);
    const char *version = get(import, values, COLUMN_VERSION);
    struct named named;
    size_t count = 0;
    bool rounded;

    if (*version && strcmp(version, "1") != 0)
        return import_refuse(import, "v is \"%.20s\"; only form 1 is known", version);
    if (!read_entity(import, values, &named) || !read_times(import, values, &times) ||
        !clean_kebab("source", source, import->why) ||
        !clean_bool(get(import, values, COLUMN_ROUNDED), &rounded, import->why))
        return IMPORT_REFUSED;
    times.flags = rounded ? SESSION_FLAG_ROUNDED : 0;
    if (import->metric_count == 0) {
        names[0] = get(import, values, COLUMN_METRIC);
        points[0] = times;
        if (!clean_kebab("metric", names[0], import->why) ||
            !read_point(import, get(import, values, COLUMN_VALUE), "value", &points[0]))
            return IMPORT_REFUSED;
        count = 1;
    }
    for (size_t i = 0; i < import->metric_count; i++) {
        const char *text = import->metric_index[i] >= 0 ? values[import->metric_index[i]] : "";
        if (!*text) {
            import->empty++;
            continue;
        }
        names[count] = import->metrics[i];
        points[count] = times;
        if (!read_point(import, text, names[count], &points[count]))
            return IMPORT_REFUSED;
        count++;
    }
    for (size_t i = 0; i < count; i++)
        if (session_add_points(import->session, &named.entity, source, names[i], &points[i], 1,
                               &import->failure) != PROS_OK)
            return IMPORT_FAILED;
    return IMPORT_ACCEPTED;
}

const struct import_kind import_signals_kind = {
    .name = "signals",
    .unit = "point",
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .check = check,
    .take = take,
    .open = session_open_signals,
};
