/* CatalogService: its table, and the methods that need no file of their own. */
#include "services/catalog.h"
#include "services/check.h"
#include "services/show_as_of.h"
#include "services/show_import.h"

/* ---- one record ---- */

static enum pros_status get_record(struct work *work, enum record_kind kind, const char *prefix,
                                   const char *list, const ProtobufCMessageDescriptor *descriptor,
                                   const char *id, void *message)
{
    struct pros_bytes body;
    TRY(check_record_id(&work->failure, "", "id", id, prefix, true));
    enum pros_status status =
        store_get_record(work->store, kind, id, work->as_of_ms, work->arena, &body, &work->failure);
    if (status == PROS_NOT_FOUND)
        return failure_set(&work->failure, PROS_NOT_FOUND, "UNKNOWN_ID",
                           "\"%s\" is not in the catalog, or was not known at that time; look it "
                           "up among the %s.",
                           id, list);
    TRY(status);
    return stored_unpack(work->arena, descriptor, body, message, &work->failure);
}

static enum pros_status get_artist(struct work *work,
                                   const Promoteros__V1__GetArtistRequest *request,
                                   Promoteros__V1__GetArtistResponse *response)
{
    return get_record(work, RECORD_ARTIST, "ar", "artists", &promoteros__v1__artist__descriptor,
                      request->id, &response->artist);
}

static enum pros_status get_track(struct work *work, const Promoteros__V1__GetTrackRequest *request,
                                  Promoteros__V1__GetTrackResponse *response)
{
    return get_record(work, RECORD_TRACK, "tr", "tracks", &promoteros__v1__track__descriptor,
                      request->id, &response->track);
}

static enum pros_status get_venue(struct work *work, const Promoteros__V1__GetVenueRequest *request,
                                  Promoteros__V1__GetVenueResponse *response)
{
    return get_record(work, RECORD_VENUE, "ve", "venues", &promoteros__v1__venue__descriptor,
                      request->id, &response->venue);
}

static enum pros_status get_show(struct work *work, const Promoteros__V1__GetShowRequest *request,
                                 Promoteros__V1__GetShowResponse *response)
{
    TRY(get_record(work, RECORD_SHOW, "sh", "shows", &promoteros__v1__show__descriptor, request->id,
                   &response->show));
    show_as_of(response->show, work->as_of_ms);
    return PROS_OK;
}

/* ---- imports ---- */

static enum pros_status begin_show_import(struct work *work,
                                          const Promoteros__V1__BeginShowImportRequest *request,
                                          Promoteros__V1__BeginShowImportResponse *response)
{
    TRY(check_request_id(&work->failure, request->request_id, true));
    TRY(check_text(&work->failure, "", "label", request->label, LABEL_BYTES_MAX));
    if (request->_known_at_lag_s_case)
        TRY(check_lag(&work->failure, request->known_at_lag_s));
    struct store_import import;
    TRY(import_begin(work, IMPORT_SHOWS, request->request_id, &import));
    response->import_id = (char *)import.id;
    response->next_chunk_index = import.chunk_count;
    response->staged_show_count = import.item_count;
    response->committed = import.state == IMPORT_COMMITTED;
    return PROS_OK;
}

static enum pros_status append_show_import(struct work *work,
                                           const Promoteros__V1__AppendShowImportRequest *request,
                                           Promoteros__V1__AppendShowImportResponse *response)
{
    TRY(check_show_chunk(work, request));
    return import_append(work, IMPORT_SHOWS, request->import_id, request->chunk_index,
                         (int64_t)request->n_shows, &response->staged_show_count);
}

static enum pros_status commit_show_import(struct work *work,
                                           const Promoteros__V1__CommitShowImportRequest *request,
                                           Promoteros__V1__CommitShowImportResponse *response)
{
    return import_commit(work, IMPORT_SHOWS, request->import_id, build_show_import,
                         &response->summary);
}

static enum pros_status abort_show_import(struct work *work,
                                          const Promoteros__V1__AbortShowImportRequest *request,
                                          Promoteros__V1__AbortShowImportResponse *response)
{
    (void)response;
    return import_abort(work, IMPORT_SHOWS, request->import_id);
}

/* ---- the table ---- */

#define CATALOG_METHOD(function, Name)                                                             \
    SERVICE_METHOD(function, Promoteros__V1__##Name##Request,                                      \
                   promoteros__v1__##function##_request, Promoteros__V1__##Name##Response,         \
                   promoteros__v1__##function##_response)
CATALOG_METHOD(upsert_artist, UpsertArtist)
CATALOG_METHOD(get_artist, GetArtist)
CATALOG_METHOD(list_artists, ListArtists)
CATALOG_METHOD(get_track, GetTrack)
CATALOG_METHOD(upsert_venue, UpsertVenue)
CATALOG_METHOD(get_venue, GetVenue)
CATALOG_METHOD(list_venues, ListVenues)
CATALOG_METHOD(upsert_show, UpsertShow)
CATALOG_METHOD(get_show, GetShow)
CATALOG_METHOD(list_shows, ListShows)
CATALOG_METHOD(query_show_outcomes, QueryShowOutcomes)
CATALOG_METHOD(begin_show_import, BeginShowImport)
CATALOG_METHOD(append_show_import, AppendShowImport)
CATALOG_METHOD(commit_show_import, CommitShowImport)
CATALOG_METHOD(abort_show_import, AbortShowImport)

static const struct pros_method methods[] = {
    {.name = "UpsertArtist",
     .summary = "Creates or replaces an artist.",
     .journal = PROS_JOURNAL_NONE,
     .handle = upsert_artist_bytes},
    {.name = "GetArtist",
     .summary = "Returns an artist.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .journal = PROS_JOURNAL_NONE,
     .handle = get_artist_bytes},
    {.name = "ListArtists",
     .summary = "Lists artists by name.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .journal = PROS_JOURNAL_NONE,
     .handle = list_artists_bytes},
    {.name = "GetTrack",
     .summary = "Returns a track.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .journal = PROS_JOURNAL_NONE,
     .handle = get_track_bytes},
    {.name = "UpsertVenue",
     .summary = "Creates or replaces a venue.",
     .journal = PROS_JOURNAL_NONE,
     .handle = upsert_venue_bytes},
    {.name = "GetVenue",
     .summary = "Returns a venue.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .journal = PROS_JOURNAL_NONE,
     .handle = get_venue_bytes},
    {.name = "ListVenues",
     .summary = "Lists venues by name.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .journal = PROS_JOURNAL_NONE,
     .handle = list_venues_bytes},
    {.name = "UpsertShow",
     .summary = "Creates or replaces a show.",
     .journal = PROS_JOURNAL_NONE,
     .handle = upsert_show_bytes},
    {.name = "GetShow",
     .summary = "Returns a show as it was known at a moment.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .journal = PROS_JOURNAL_NONE,
     .handle = get_show_bytes},
    {.name = "ListShows",
     .summary = "Lists shows, newest date first.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .journal = PROS_JOURNAL_NONE,
     .handle = list_shows_bytes},
    {.name = "QueryShowOutcomes",
     .summary = "Returns what past shows drew, newest date first.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .journal = PROS_JOURNAL_NONE,
     .handle = query_show_outcomes_bytes},
    {.name = "BeginShowImport",
     .summary = "Opens an import of shows; nothing of it is visible before the commit.",
     .journal = PROS_JOURNAL_NONE,
     .handle = begin_show_import_bytes},
    {.name = "AppendShowImport",
     .summary = "Adds shows to an open import.",
     .journal = PROS_JOURNAL_NONE,
     .handle = append_show_import_bytes},
    {.name = "CommitShowImport",
     .summary = "Makes an import of shows visible, all at once.",
     .journal = PROS_JOURNAL_NONE,
     .handle = commit_show_import_bytes},
    {.name = "AbortShowImport",
     .summary = "Forgets an open import of shows.",
     .journal = PROS_JOURNAL_NONE,
     .handle = abort_show_import_bytes},
};

const struct pros_agent catalog_service_table = {
    .size = sizeof(struct pros_agent),
    .abi = PROS_ABI,
    .method_size = sizeof(struct pros_method),
    .name = "catalog",
    .title = "Catalog",
    .summary = "Keeps artists, tracks, venues and shows, and what became of them.",
    .version = PROMOTEROS_VERSION,
    .service = "promoteros.v1.CatalogService",
    .methods = methods,
    .method_count = sizeof methods / sizeof *methods,
};
