/* Changes of the catalog, one record at a time. */
#include "services/catalog.h"
#include "services/catalog_write.h"
#include "services/check.h"
#include "services/outcome.h"
#include "services/show_as_of.h"

#include "base/id.h"

#include <string.h>

static enum pros_status refuse_missing(struct work *work, const char *field)
{
    return failure_set(&work->failure, PROS_INVALID_ARGUMENT, "RECORD_MISSING",
                       "%s is missing; send the whole record.", field);
}

/* A record without an id gets one. */
static void give_id(struct work *work, const char *prefix, char **id)
{
    if (**id)
        return;
    *id = arena_alloc(work->arena, ID_TEXT_SIZE);
    id_new(prefix, *id);
}

/* An external id names one record of a kind. */
static enum pros_status check_not_taken(struct work *work, enum record_kind kind, const char *id,
                                        Promoteros__V1__ExternalId *const *ids, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *owner = NULL;
        TRY(store_find_key(work->store, kind, ids[i]->scheme, ids[i]->value, work->arena, &owner,
                           &work->failure));
        if (owner && strcmp(owner, id) != 0)
            return failure_set(&work->failure, PROS_ALREADY_EXISTS, "EXTERNAL_ID_TAKEN",
                               "external_ids[%zu] (%s \"%s\") belongs to \"%s\"; change that "
                               "record, or leave the id out.",
                               i, ids[i]->scheme, ids[i]->value, owner);
    }
    return PROS_OK;
}

/*
 * The first version of an artist or venue counts as known since ever: who and where somebody is
 * holds no outcome, and a question as of a past day may name them. Later versions are known when
 * they arrive.
 */
static enum pros_status find_known_ms(struct work *work, enum record_kind kind, const char *id,
                                      int64_t *known_ms)
{
    struct pros_bytes body;
    struct failure failure = {0};
    enum pros_status status =
        store_get_record(work->store, kind, id, INT64_MAX, work->arena, &body, &failure);
    *known_ms = status == PROS_NOT_FOUND ? INSTANT_MIN_MS : work->as_of_ms;
    if (status == PROS_OK || status == PROS_NOT_FOUND)
        return PROS_OK;
    work->failure = failure;
    return status;
}

static enum pros_status build_artist(struct work *work, struct store_batch *batch,
                                     const void *message, void *reply)
{
    Promoteros__V1__Artist *artist = ((const Promoteros__V1__UpsertArtistRequest *)message)->artist;
    give_id(work, "ar", &artist->id);
    TRY(check_not_taken(work, RECORD_ARTIST, artist->id, artist->external_ids,
                        artist->n_external_ids));
    for (size_t i = 0; i < artist->n_genres; i++)
        lower_case(artist->genres[i]);
    int64_t known_ms;
    TRY(find_known_ms(work, RECORD_ARTIST, artist->id, &known_ms));
    write_artist(work, batch, artist, known_ms);
    add_event(work, batch, "catalog.changed", artist->id, NULL);
    ((Promoteros__V1__UpsertArtistResponse *)reply)->artist = artist;
    return PROS_OK;
}

enum pros_status upsert_artist(struct work *work,
                               const Promoteros__V1__UpsertArtistRequest *request,
                               Promoteros__V1__UpsertArtistResponse *response)
{
    if (!request->artist)
        return refuse_missing(work, "artist");
    TRY(check_artist(&work->failure, "artist.", request->artist));
    return write_once(work, request->request_id, "promoteros.v1.CatalogService/UpsertArtist",
                      request, &response->base, build_artist);
}

static enum pros_status build_venue(struct work *work, struct store_batch *batch,
                                    const void *message, void *reply)
{
    Promoteros__V1__Venue *venue = ((const Promoteros__V1__UpsertVenueRequest *)message)->venue;
    give_id(work, "ve", &venue->id);
    TRY(check_not_taken(work, RECORD_VENUE, venue->id, venue->external_ids, venue->n_external_ids));
    int64_t known_ms;
    TRY(find_known_ms(work, RECORD_VENUE, venue->id, &known_ms));
    write_venue(work, batch, venue, known_ms);
    add_event(work, batch, "catalog.changed", venue->id, NULL);
    ((Promoteros__V1__UpsertVenueResponse *)reply)->venue = venue;
    return PROS_OK;
}

enum pros_status upsert_venue(struct work *work, const Promoteros__V1__UpsertVenueRequest *request,
                              Promoteros__V1__UpsertVenueResponse *response)
{
    if (!request->venue)
        return refuse_missing(work, "venue");
    TRY(check_venue(&work->failure, "venue.", request->venue));
    return write_once(work, request->request_id, "promoteros.v1.CatalogService/UpsertVenue",
                      request, &response->base, build_venue);
}

/* The stored show; NULL when there is none. */
static enum pros_status load_before(struct work *work, const char *id,
                                    Promoteros__V1__Show **before)
{
    struct pros_bytes body;
    struct failure failure = {0};
    *before = NULL;
    if (!*id)
        return PROS_OK;
    enum pros_status status =
        store_get_record(work->store, RECORD_SHOW, id, INT64_MAX, work->arena, &body, &failure);
    if (status == PROS_NOT_FOUND)
        return PROS_OK;
    if (status != PROS_OK)
        work->failure = failure;
    TRY(status);
    return stored_unpack(work->arena, &promoteros__v1__show__descriptor, body, before,
                         &work->failure);
}

static enum pros_status build_show(struct work *work, struct store_batch *batch,
                                   const void *message, void *reply)
{
    Promoteros__V1__Show *show = ((const Promoteros__V1__UpsertShowRequest *)message)->show;
    Promoteros__V1__Show *before = NULL;
    struct show_references references;
    struct show_places places = {0};
    TRY(check_show(&work->failure, "show.", show, work->as_of_ms, &places.show_day));
    TRY(check_show_references(work, "show.", show, &references));
    TRY(load_before(work, show->id, &before));
    give_id(work, "sh", &show->id);
    TRY(check_not_taken(work, RECORD_SHOW, show->id, show->external_ids, show->n_external_ids));
    lower_case(show->genre);
    if (show->performance_count == 0)
        show->performance_count = 1;
    struct arrival arrival = {.now_ms = work->as_of_ms};
    show_set_attendance_known(work->arena, show, before, places.show_day, arrival);
    places.main_genre = main_genre_of(references.artist);
    places.first_room = references.venue->n_rooms > 0 ? references.venue->rooms[0]->id : "main";
    write_show(work, batch, show, &places, show_version_known_ms(show, places.show_day, arrival));
    TRY(add_show_outcomes(work, batch, show));
    add_event(work, batch, "catalog.changed", show->id, NULL);
    ((Promoteros__V1__UpsertShowResponse *)reply)->show = show;
    return PROS_OK;
}

enum pros_status upsert_show(struct work *work, const Promoteros__V1__UpsertShowRequest *request,
                             Promoteros__V1__UpsertShowResponse *response)
{
    if (!request->show)
        return refuse_missing(work, "show");
    TRY(check_record_id(&work->failure, "show.", "artist_id", request->show->artist_id, "ar",
                        true));
    TRY(check_record_id(&work->failure, "show.", "venue_id", request->show->venue_id, "ve", true));
    return write_once(work, request->request_id, "promoteros.v1.CatalogService/UpsertShow", request,
                      &response->base, build_show);
}
