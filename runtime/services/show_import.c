/* Importing shows: rules in the header. */
#include "services/show_import.h"

#include "base/clock.h"
#include "base/id.h"
#include "services/catalog_write.h"
#include "services/check.h"
#include "services/outcome.h"
#include "services/resolve.h"
#include "services/show_as_of.h"

#include <string.h>

/* ---- what a chunk may hold ---- */

static enum pros_status check_imported(struct work *work, const char *at,
                                       const Promoteros__V1__ImportedShow *imported)
{
    struct failure *failure = &work->failure;
    const Promoteros__V1__Show *show = imported->show;
    int32_t show_day = 0;
    if (!show)
        return failure_set(failure, PROS_INVALID_ARGUMENT, "SHOW_MISSING",
                           "%sshow is missing; send at least its date and capacity.", at);
    TRY(check_show(failure, at, show, work->as_of_ms, &show_day));
    if (!*show->artist_id)
        TRY(check_name(failure, at, "artist_name", imported->artist_name));
    if (!*show->venue_id)
        TRY(check_name(failure, at, "venue_name", imported->venue_name));
    TRY(check_text(failure, at, "city", imported->city, NAME_BYTES_MAX));
    TRY(check_country(failure, at, imported->country_code));
    TRY(check_time_zone(failure, at, imported->time_zone));
    struct show_references references;
    return check_show_references(work, at, show, &references);
}

enum pros_status check_show_chunk(struct work *work,
                                  const Promoteros__V1__AppendShowImportRequest *request)
{
    TRY(check_list(&work->failure, "", "shows", request->n_shows, CHUNK_ELEMENTS_MAX));
    if (request->n_shows == 0)
        return failure_set(&work->failure, PROS_INVALID_ARGUMENT, "EMPTY",
                           "shows is empty; a chunk needs at least one show.");
    for (size_t i = 0; i < request->n_shows; i++) {
        char at[PATH_SIZE];
        path_set(at, "shows[%zu].", i);
        TRY(check_imported(work, at, request->shows[i]));
    }
    return PROS_OK;
}

/* ---- commit ---- */

struct pending {
    Promoteros__V1__Show *show;
    const Promoteros__V1__Show *stored; /* NULL for a new one */
    struct pros_bytes stored_body;
    struct known *artist, *venue;
    int32_t show_day;
    struct pending *next;
};

struct show_build {
    struct work *work;
    struct resolver resolver;
    struct names seen; /* keys of this import's shows -> struct pending */
    struct pending *first, **last;
    struct arrival arrival;
    bool simulated;
    bool scores; /* whether there are predictions at all */
    struct store_batch *batch;
    Promoteros__V1__ImportSummary *summary;
};

static const char *first_room_of(const struct known *venue)
{
    return venue->venue->n_rooms > 0 ? venue->venue->rooms[0]->id : "main";
}

static enum pros_status resolve_places(struct show_build *build,
                                       const Promoteros__V1__ImportedShow *imported,
                                       struct pending *pending)
{
    struct work *work = build->work;
    Promoteros__V1__Show *show = imported->show;
    char **genres = arena_alloc(work->arena, sizeof *genres);
    genres[0] = show->genre;
    struct reference artist = {.id = show->artist_id,
                               .name = imported->artist_name,
                               .genres = genres,
                               .genre_count = *show->genre ? 1 : 0,
                               .city = ""};
    TRY(resolve(&build->resolver, RECORD_ARTIST, &artist, &pending->artist));
    struct reference venue = {.id = show->venue_id,
                              .name = imported->venue_name,
                              .city = imported->city,
                              .country_code = imported->country_code,
                              .time_zone = imported->time_zone};
    TRY(resolve(&build->resolver, RECORD_VENUE, &venue, &pending->venue));
    show->artist_id = (char *)pending->artist->id;
    show->venue_id = (char *)pending->venue->id;
    int64_t performances = show->performance_count > 0 ? show->performance_count : 1;
    int64_t capacity = (show->capacity_tickets + performances - 1) / performances;
    if (!resolve_room(&build->resolver, pending->venue, show->room_id, capacity))
        return failure_set(&work->failure, PROS_NOT_FOUND, "UNKNOWN_ROOM",
                           "room_id \"%s\" of a show on %s is no room of %s; add the room to "
                           "the venue, or correct the file and import it again.",
                           show->room_id, show->show_date, pending->venue->venue->name);
    return PROS_OK;
}

static bool is_another_show(const Promoteros__V1__Show *a, const Promoteros__V1__Show *b)
{
    for (size_t i = 0; i < a->n_external_ids; i++)
        for (size_t j = 0; j < b->n_external_ids; j++)
            if (strcmp(a->external_ids[i]->scheme, b->external_ids[j]->scheme) == 0 &&
                strcmp(a->external_ids[i]->value, b->external_ids[j]->value) != 0)
                return true;
    return false;
}

/* The names that a show goes by, in order of trust; the last one is its slot. */
static size_t show_keys(struct show_build *build, const struct pending *pending,
                        struct store_key **keys)
{
    struct arena *arena = build->work->arena;
    const Promoteros__V1__Show *show = pending->show;
    *keys = arena_alloc_array(arena, show->n_external_ids + 1, sizeof **keys);
    for (size_t i = 0; i < show->n_external_ids; i++)
        (*keys)[i] =
            (struct store_key){show->external_ids[i]->scheme, show->external_ids[i]->value};
    (*keys)[show->n_external_ids] =
        (struct store_key){"slot", key_of_show(arena, show, first_room_of(pending->venue))};
    return show->n_external_ids + 1;
}

static enum pros_status load_stored(struct work *work, struct pending *pending, const char *id)
{
    enum pros_status status = store_get_record(work->store, RECORD_SHOW, id, INT64_MAX, work->arena,
                                               &pending->stored_body, &work->failure);
    if (status == PROS_NOT_FOUND) {
        pending->stored = NULL;
        return PROS_OK;
    }
    TRY(status);
    return stored_unpack(work->arena, &promoteros__v1__show__descriptor, pending->stored_body,
                         &pending->stored, &work->failure);
}

/* The show of an earlier row, or the stored one. */
static enum pros_status find_show(struct show_build *build, struct pending *pending,
                                  const struct store_key *keys, size_t key_count,
                                  struct pending **earlier)
{
    struct work *work = build->work;
    const Promoteros__V1__Show *show = pending->show;
    if (*show->id) {
        *earlier = names_find(&build->seen, show->id);
        return *earlier ? PROS_OK : load_stored(work, pending, show->id);
    }
    for (size_t i = 0; i < key_count && !pending->stored; i++) {
        const char *id = NULL;
        bool slot = i == key_count - 1;
        *earlier = names_find(&build->seen,
                              arena_format(work->arena, "%s\x1f%s", keys[i].scheme, keys[i].value));
        if (*earlier && slot && is_another_show((*earlier)->show, show))
            *earlier = NULL;
        if (*earlier)
            return PROS_OK;
        TRY(store_find_key(work->store, RECORD_SHOW, keys[i].scheme, keys[i].value, work->arena,
                           &id, &work->failure));
        *earlier = id ? names_find(&build->seen, id) : NULL;
        if (*earlier && (!slot || !is_another_show((*earlier)->show, show)))
            return PROS_OK;
        *earlier = NULL;
        if (id)
            TRY(load_stored(work, pending, id));
        if (pending->stored && slot && is_another_show(pending->stored, show))
            pending->stored = NULL;
    }
    return PROS_OK;
}

static enum pros_status gather_show(struct show_build *build,
                                    const Promoteros__V1__ImportedShow *imported)
{
    struct arena *arena = build->work->arena;
    struct pending *pending = arena_alloc(arena, sizeof *pending), *earlier = NULL;
    pending->show = imported->show;
    pending->show->simulated |= build->simulated;
    lower_case(pending->show->genre);
    if (!clock_parse_date(pending->show->show_date, &pending->show_day))
        return failure_set(&build->work->failure, PROS_DATA_LOSS, "STORE_DAMAGED",
                           "A staged show has no date; abort the import and begin again.");
    TRY(resolve_places(build, imported, pending));
    struct store_key *keys = NULL;
    size_t key_count = show_keys(build, pending, &keys);
    TRY(find_show(build, pending, keys, key_count, &earlier));
    if (earlier) {
        pending->show->id = *pending->show->id ? pending->show->id : earlier->show->id;
        *earlier = (struct pending){pending->show,   earlier->stored, earlier->stored_body,
                                    pending->artist, pending->venue,  pending->show_day,
                                    earlier->next};
        build->summary->unchanged_count++; /* the earlier row, which no longer counts */
        pending = earlier;
    } else {
        *build->last = pending;
        build->last = &pending->next;
    }
    for (size_t i = 0; i < key_count; i++)
        names_add(&build->seen, arena,
                  arena_format(arena, "%s\x1f%s", keys[i].scheme, keys[i].value), pending);
    if (*pending->show->id)
        names_add(&build->seen, arena, pending->show->id, pending);
    if (pending->stored)
        names_add(&build->seen, arena, pending->stored->id, pending);
    return PROS_OK;
}

static bool has_external_id(const Promoteros__V1__Show *show, const Promoteros__V1__ExternalId *id)
{
    for (size_t i = 0; i < show->n_external_ids; i++)
        if (strcmp(show->external_ids[i]->scheme, id->scheme) == 0 &&
            strcmp(show->external_ids[i]->value, id->value) == 0)
            return true;
    return false;
}

#define INHERIT_LIST(show, stored, list)                                                           \
    do {                                                                                           \
        if ((show)->n_##list == 0) {                                                               \
            (show)->n_##list = (stored)->n_##list;                                                 \
            (show)->list = (stored)->list;                                                         \
        }                                                                                          \
    } while (0)

/* What the row leaves unset keeps what is stored. */
static void inherit(struct arena *arena, Promoteros__V1__Show *show,
                    const Promoteros__V1__Show *stored)
{
    show->id = stored->id;
    INHERIT_LIST(show, stored, support_artist_ids);
    INHERIT_LIST(show, stored, price_tiers);
    INHERIT_LIST(show, stored, status_history);
    INHERIT_LIST(show, stored, ticket_counts);
    show->room_id = *show->room_id ? show->room_id : stored->room_id;
    show->genre = *show->genre ? show->genre : stored->genre;
    show->attendance = show->attendance ? show->attendance : stored->attendance;
    show->deal = show->deal ? show->deal : stored->deal;
    show->artist_payout = show->artist_payout ? show->artist_payout : stored->artist_payout;
    if (show->performance_count == 0)
        show->performance_count = stored->performance_count;
    Promoteros__V1__ExternalId **ids =
        arena_alloc_array(arena, show->n_external_ids + stored->n_external_ids + 1, sizeof *ids);
    size_t count = 0;
    for (size_t i = 0; i < stored->n_external_ids; i++)
        ids[count++] = stored->external_ids[i];
    for (size_t i = 0; i < show->n_external_ids; i++)
        if (!has_external_id(stored, show->external_ids[i]))
            ids[count++] = show->external_ids[i];
    show->external_ids = ids;
    show->n_external_ids = count;
}

/* A change of a show that was not known yet at the moment that the rules give is known on arrival:
 * the newest known version must be the newest one. */
static enum pros_status version_known_ms(struct show_build *build, const struct pending *pending,
                                         int64_t *known_ms)
{
    struct work *work = build->work;
    *known_ms = show_version_known_ms(pending->show, pending->show_day, build->arrival);
    if (!pending->stored || *known_ms == build->arrival.now_ms)
        return PROS_OK;
    struct pros_bytes then;
    enum pros_status status = store_get_record(work->store, RECORD_SHOW, pending->show->id,
                                               *known_ms, work->arena, &then, &work->failure);
    if (status != PROS_OK && status != PROS_NOT_FOUND)
        return status;
    if (status == PROS_NOT_FOUND || then.size != pending->stored_body.size ||
        memcmp(then.data, pending->stored_body.data, then.size) != 0)
        *known_ms = build->arrival.now_ms;
    return PROS_OK;
}

static enum pros_status add_show(struct show_build *build, struct pending *pending)
{
    struct work *work = build->work;
    Promoteros__V1__Show *show = pending->show;
    if (pending->stored)
        inherit(work->arena, show, pending->stored);
    if (show->performance_count == 0)
        show->performance_count = 1;
    show_set_attendance_known(work->arena, show, pending->stored, pending->show_day,
                              build->arrival);
    if (pending->stored) {
        struct pros_bytes body = arena_pack(work->arena, &show->base);
        if (body.size == pending->stored_body.size &&
            memcmp(body.data, pending->stored_body.data, body.size) == 0) {
            build->summary->unchanged_count++;
            return PROS_OK;
        }
        build->summary->corrected_count++;
    } else {
        if (!*show->id) {
            show->id = arena_alloc(work->arena, ID_TEXT_SIZE);
            id_new("sh", show->id);
        }
        build->summary->added_count++;
    }
    struct show_places places = {pending->show_day, main_genre_of(pending->artist->artist),
                                 first_room_of(pending->venue)};
    int64_t known_ms = 0;
    TRY(version_known_ms(build, pending, &known_ms));
    write_show(work, build->batch, show, &places, known_ms);
    return build->scores ? add_show_outcomes(work, build->batch, show) : PROS_OK;
}

static enum pros_status gather_chunk(struct show_build *build, const struct import_chunk *chunk)
{
    struct work *work = build->work;
    Promoteros__V1__AppendShowImportRequest *request = NULL;
    TRY(stored_unpack(work->arena, &promoteros__v1__append_show_import_request__descriptor,
                      chunk->body, &request, &work->failure));
    for (size_t i = 0; i < request->n_shows; i++)
        TRY(gather_show(build, request->shows[i]));
    return PROS_OK;
}

enum pros_status build_show_import(struct work *work, const struct store_import *import,
                                   const struct import_chunk *chunks, size_t chunk_count,
                                   struct store_batch *batch,
                                   Promoteros__V1__ImportSummary *summary)
{
    Promoteros__V1__BeginShowImportRequest *begin = NULL;
    TRY(stored_unpack(work->arena, &promoteros__v1__begin_show_import_request__descriptor,
                      import->begin, &begin, &work->failure));
    struct show_build build = {
        .work = work,
        .resolver = {.work = work, .simulated = begin->simulated},
        .arrival = {.now_ms = work->as_of_ms, .has_lag = begin->_known_at_lag_s_case != 0},
        .simulated = begin->simulated,
        .batch = batch,
        .summary = summary};
    build.last = &build.first;
    build.arrival.lag_ms = build.arrival.has_lag ? begin->known_at_lag_s * 1000 : 0;
    bool empty = true;
    TRY(ledger_is_empty(work, &empty));
    build.scores = !empty;
    for (size_t i = 0; i < chunk_count; i++) {
        TRY(gather_chunk(&build, &chunks[i]));
        if (pros_remaining_ms(work->run) == 0)
            return failure_set(&work->failure, PROS_DEADLINE_EXCEEDED, "TOO_SLOW",
                               "The import was not committed in time; commit it again with a "
                               "longer deadline.");
    }
    for (struct pending *pending = build.first; pending; pending = pending->next)
        TRY(add_show(&build, pending));
    summary->created_record_count = resolve_write(&build.resolver, batch);
    return PROS_OK;
}
