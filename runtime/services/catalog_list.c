/* Pages of artists, venues and shows. */
#include "services/catalog.h"
#include "services/catalog_write.h"
#include "services/check.h"
#include "services/page.h"
#include "services/show_as_of.h"

#include "base/clock.h"
#include "base/text.h"

#include <string.h>

enum { FILTER_IDS_MAX = 1000, CITY_VENUES_MAX = 10000 };

/* ---- records by name ---- */

struct name_page {
    struct work *work;
    struct arena one; /* the record at hand */
    const ProtobufCMessageDescriptor *descriptor;
    bool (*fits)(const struct name_page *page, const void *message);
    const char *genre; /* for fits(): lower case, "" for all */
    const char *city;  /* folded, "" for all */
    bool own_only;
    size_t size;
    void **items;
    size_t count, capacity;
    bool more;
};

static bool artist_fits(const struct name_page *page, const void *message)
{
    const Promoteros__V1__Artist *artist = message;
    for (size_t i = 0; i < artist->n_genres; i++)
        if (strcmp(artist->genres[i], page->genre) == 0)
            return true;
    return !*page->genre;
}

static bool venue_fits(const struct name_page *page, const void *message)
{
    const Promoteros__V1__Venue *venue = message;
    char city[FOLDED_SIZE];
    text_fold_name(venue->city, city, sizeof city);
    return (venue->own || !page->own_only) && (!*page->city || strcmp(city, page->city) == 0);
}

static enum pros_status keep_named(void *context, const char *id, struct pros_bytes body)
{
    struct name_page *page = context;
    struct work *work = page->work;
    (void)id;
    if (pros_remaining_ms(work->run) == 0)
        return failure_set(&work->failure, PROS_DEADLINE_EXCEEDED, "TOO_SLOW",
                           "The list was not searched in time; ask for a part of the name, or give "
                           "it a longer deadline.");
    void *message = NULL;
    arena_reset(&page->one);
    TRY(stored_unpack(&page->one, page->descriptor, body, &message, &work->failure));
    if (!page->fits(page, message))
        return PROS_OK;
    if (page->count == page->size) {
        page->more = true;
        return PROS_CANCELLED; /* enough */
    }
    page->items =
        arena_grow(work->arena, page->items, page->count, &page->capacity, sizeof *page->items);
    return stored_unpack(work->arena, page->descriptor, body, &page->items[page->count++],
                         &work->failure);
}

static enum pros_status read_names(struct name_page *page, const struct store_record_query *query)
{
    struct work *work = page->work;
    struct failure failure = {0};
    arena_open(&page->one, 0);
    enum pros_status status = store_list_records(work->store, query, keep_named, page, &failure);
    arena_close(&page->one);
    if (status == PROS_OK || page->more)
        return PROS_OK;
    if (!work->failure.sentence[0])
        work->failure = failure;
    return status;
}

static enum pros_status open_names(struct work *work, enum record_kind kind, const char *part,
                                   int32_t page_size, char list, const char *token,
                                   struct name_page *page, struct store_record_query *query)
{
    TRY(check_page_size(&work->failure, page_size, &page->size));
    TRY(check_text(&work->failure, "", "query", part, NAME_BYTES_MAX));
    page->work = work;
    query->kind = kind;
    query->name_part = key_of_name(work->arena, part);
    query->as_of_ms = work->as_of_ms;
    if (!*token)
        return PROS_OK;
    return page_token_parse(work->arena, list, token, &query->after_name, &query->after_id,
                            &work->failure);
}

/* Artists with one of the external ids, each once; all on one page. */
static enum pros_status read_external(struct name_page *page,
                                      const Promoteros__V1__ListArtistsRequest *request)
{
    struct work *work = page->work;
    const char *part = key_of_name(work->arena, request->query);
    TRY(check_external_ids(&work->failure, "", request->external_ids, request->n_external_ids));
    for (size_t i = 0; i < request->n_external_ids; i++) {
        const char *id = NULL;
        struct pros_bytes body;
        Promoteros__V1__Artist *artist = NULL;
        TRY(store_find_key(work->store, RECORD_ARTIST, request->external_ids[i]->scheme,
                           request->external_ids[i]->value, work->arena, &id, &work->failure));
        if (!id)
            continue;
        struct failure hidden = {0};
        enum pros_status status = store_get_record(work->store, RECORD_ARTIST, id, work->as_of_ms,
                                                   work->arena, &body, &hidden);
        if (status == PROS_NOT_FOUND)
            continue;
        if (status != PROS_OK)
            work->failure = hidden;
        TRY(status);
        TRY(stored_unpack(work->arena, page->descriptor, body, &artist, &work->failure));
        bool fits =
            page->fits(page, artist) && strstr(key_of_name(work->arena, artist->name), part);
        for (size_t j = 0; j < page->count; j++)
            fits &= strcmp(((Promoteros__V1__Artist *)page->items[j])->id, artist->id) != 0;
        if (!fits)
            continue;
        page->items =
            arena_grow(work->arena, page->items, page->count, &page->capacity, sizeof *page->items);
        page->items[page->count++] = artist;
    }
    return PROS_OK;
}

enum pros_status list_artists(struct work *work, const Promoteros__V1__ListArtistsRequest *request,
                              Promoteros__V1__ListArtistsResponse *response)
{
    struct name_page page = {.descriptor = &promoteros__v1__artist__descriptor,
                             .fits = artist_fits,
                             .genre = request->genre};
    struct store_record_query query = {0};
    TRY(check_text(&work->failure, "", "genre", request->genre, NAME_BYTES_MAX));
    lower_case(request->genre);
    TRY(open_names(work, RECORD_ARTIST, request->query, request->page_size, 'a',
                   request->page_token, &page, &query));
    if (request->n_external_ids > 0)
        TRY(read_external(&page, request));
    else
        TRY(read_names(&page, &query));
    response->artists = (Promoteros__V1__Artist **)page.items;
    response->n_artists = page.count;
    if (page.more) {
        const Promoteros__V1__Artist *last = response->artists[page.count - 1];
        response->next_page_token =
            page_token_new(work->arena, 'a', key_of_name(work->arena, last->name), last->id);
    }
    return PROS_OK;
}

enum pros_status list_venues(struct work *work, const Promoteros__V1__ListVenuesRequest *request,
                             Promoteros__V1__ListVenuesResponse *response)
{
    struct name_page page = {.descriptor = &promoteros__v1__venue__descriptor,
                             .fits = venue_fits,
                             .city = "",
                             .own_only = request->own_only};
    struct store_record_query query = {0};
    TRY(open_names(work, RECORD_VENUE, request->query, request->page_size, 'v', request->page_token,
                   &page, &query));
    TRY(read_names(&page, &query));
    response->venues = (Promoteros__V1__Venue **)page.items;
    response->n_venues = page.count;
    if (page.more) {
        const Promoteros__V1__Venue *last = response->venues[page.count - 1];
        response->next_page_token =
            page_token_new(work->arena, 'v', key_of_name(work->arena, last->name), last->id);
    }
    return PROS_OK;
}

/* ---- shows ---- */

/* Venues of the city or the organisation, and among those asked for by id. */
static enum pros_status narrow_venues(struct work *work, const Promoteros__V1__ShowFilter *filter,
                                      struct store_show_query *query, bool *nothing)
{
    struct name_page page = {.work = work,
                             .descriptor = &promoteros__v1__venue__descriptor,
                             .fits = venue_fits,
                             .city = key_of_name(work->arena, filter->city),
                             .own_only = filter->own_only,
                             .size = CITY_VENUES_MAX};
    struct store_record_query all = {
        .kind = RECORD_VENUE, .name_part = "", .as_of_ms = work->as_of_ms};
    TRY(read_names(&page, &all));
    if (page.more)
        return failure_set(&work->failure, PROS_RESOURCE_EXHAUSTED, "TOO_MANY",
                           "More than %d venues fit the filter; name venues instead of a city.",
                           CITY_VENUES_MAX);
    const char **ids = arena_alloc_array(work->arena, page.count + 1, sizeof *ids);
    size_t count = 0;
    for (size_t i = 0; i < page.count; i++) {
        const Promoteros__V1__Venue *venue = page.items[i];
        bool asked = filter->n_venue_ids == 0;
        for (size_t j = 0; j < filter->n_venue_ids && !asked; j++)
            asked = strcmp(filter->venue_ids[j], venue->id) == 0;
        if (asked)
            ids[count++] = venue->id;
    }
    query->venue_ids = ids;
    query->venue_count = count;
    *nothing = count == 0;
    return PROS_OK;
}

enum pros_status show_query_new(struct work *work, const Promoteros__V1__ShowFilter *filter,
                                struct store_show_query *query, bool *nothing)
{
    struct failure *failure = &work->failure;
    *query = (struct store_show_query){
        .start_day = INT32_MIN, .end_day = INT32_MAX, .as_of_ms = work->as_of_ms};
    *nothing = false;
    if (!filter)
        return PROS_OK;
    TRY(check_list(failure, "filter.", "artist_ids", filter->n_artist_ids, FILTER_IDS_MAX));
    TRY(check_list(failure, "filter.", "venue_ids", filter->n_venue_ids, FILTER_IDS_MAX));
    for (size_t i = 0; i < filter->n_artist_ids; i++)
        TRY(check_record_id(failure, "filter.", "artist_ids", filter->artist_ids[i], "ar", true));
    for (size_t i = 0; i < filter->n_venue_ids; i++)
        TRY(check_record_id(failure, "filter.", "venue_ids", filter->venue_ids[i], "ve", true));
    TRY(check_text(failure, "filter.", "genre", filter->genre, NAME_BYTES_MAX));
    TRY(check_text(failure, "filter.", "city", filter->city, NAME_BYTES_MAX));
    if (*filter->start_date)
        TRY(check_date(failure, "filter.", "start_date", filter->start_date, &query->start_day));
    if (*filter->end_date)
        TRY(check_date(failure, "filter.", "end_date", filter->end_date, &query->end_day));
    if (query->end_day <= query->start_day)
        return failure_set(failure, PROS_INVALID_ARGUMENT, "DATES_REVERSED",
                           "filter.end_date is not after filter.start_date; exchange the two (the "
                           "end is not included).");
    lower_case(filter->genre);
    query->genre = *filter->genre ? filter->genre : NULL;
    query->artist_ids = (const char *const *)filter->artist_ids;
    query->artist_count = filter->n_artist_ids;
    query->venue_ids = (const char *const *)filter->venue_ids;
    query->venue_count = filter->n_venue_ids;
    if (*filter->city || filter->own_only)
        return narrow_venues(work, filter, query, nothing);
    return PROS_OK;
}

struct show_page {
    struct work *work;
    size_t size;
    Promoteros__V1__Show **shows;
    size_t count, capacity;
    bool more;
};

static enum pros_status keep_show(void *context, const char *id, struct pros_bytes body)
{
    struct show_page *page = context;
    struct work *work = page->work;
    (void)id;
    if (page->count == page->size) {
        page->more = true;
        return PROS_CANCELLED; /* enough */
    }
    page->shows =
        arena_grow(work->arena, page->shows, page->count, &page->capacity, sizeof *page->shows);
    Promoteros__V1__Show *show = NULL;
    TRY(stored_unpack(work->arena, &promoteros__v1__show__descriptor, body, &show, &work->failure));
    show_as_of(show, work->as_of_ms);
    page->shows[page->count++] = show;
    return PROS_OK;
}

static enum pros_status read_shows(struct show_page *page, const struct store_show_query *query)
{
    struct failure failure = {0};
    enum pros_status status = store_list_shows(page->work->store, query, keep_show, page, &failure);
    if (status == PROS_OK || page->more)
        return PROS_OK;
    if (!page->work->failure.sentence[0])
        page->work->failure = failure;
    return status;
}

enum pros_status list_shows(struct work *work, const Promoteros__V1__ListShowsRequest *request,
                            Promoteros__V1__ListShowsResponse *response)
{
    struct show_page page = {.work = work};
    struct store_show_query query;
    bool nothing = false;
    TRY(check_page_size(&work->failure, request->page_size, &page.size));
    TRY(show_query_new(work, request->filter, &query, &nothing));
    if (*request->page_token) {
        const char *date = NULL;
        TRY(page_token_parse(work->arena, 's', request->page_token, &date, &query.before_id,
                             &work->failure));
        TRY(check_date(&work->failure, "", "page_token", date, &query.before_day));
    }
    if (nothing)
        return PROS_OK;
    TRY(read_shows(&page, &query));
    response->shows = page.shows;
    response->n_shows = page.count;
    if (page.more) {
        const Promoteros__V1__Show *last = page.shows[page.count - 1];
        response->next_page_token = page_token_new(work->arena, 's', last->show_date, last->id);
    }
    return PROS_OK;
}
