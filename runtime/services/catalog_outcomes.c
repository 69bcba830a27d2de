/* QueryShowOutcomes: what past shows drew, columnar. */
#include "services/catalog.h"
#include "services/catalog_write.h"
#include "services/check.h"
#include "services/names.h"
#include "services/show_as_of.h"

#include "base/clock.h"

#include <string.h>

enum { OUTCOMES_DEFAULT = 1000, OUTCOMES_MAX = 50000 };

/* Texts that index columns point to, each once. */
struct text_list {
    struct names places; /* text -> int32_t, its position */
    char **texts;
    size_t count, capacity;
};

struct outcomes {
    struct work *work;
    struct arena one; /* the show at hand */
    size_t limit, count;
    Promoteros__V1__QueryShowOutcomesResponse *columns;
    struct text_list artists, venues, genres, rooms;
};

static int32_t text_position(struct arena *arena, struct text_list *list, const char *text)
{
    int32_t *position = names_find(&list->places, text);
    if (position)
        return *position;
    list->texts = arena_grow(arena, list->texts, list->count, &list->capacity, sizeof *list->texts);
    position = arena_alloc(arena, sizeof *position);
    *position = (int32_t)list->count;
    list->texts[list->count++] = arena_string(arena, text);
    names_add(&list->places, arena, text, position);
    return *position;
}

/* Gross over paid, else the mean of the tiers; 0 when neither is known. */
static int64_t average_price(const Promoteros__V1__Show *show)
{
    const Promoteros__V1__Attendance *attendance = show->attendance;
    if (attendance->gross && attendance->_paid_tickets_case && attendance->paid_tickets > 0)
        return (attendance->gross->amount_minor + attendance->paid_tickets / 2) /
               attendance->paid_tickets;
    int64_t sum = 0;
    for (size_t i = 0; i < show->n_price_tiers; i++)
        sum += show->price_tiers[i]->price->amount_minor;
    return show->n_price_tiers > 0 ? sum / (int64_t)show->n_price_tiers : 0;
}

static void add_row(struct outcomes *outcomes, const char *id, const Promoteros__V1__Show *show,
                    int32_t day)
{
    struct arena *arena = outcomes->work->arena;
    Promoteros__V1__QueryShowOutcomesResponse *columns = outcomes->columns;
    const Promoteros__V1__Attendance *attendance = show->attendance;
    size_t row = outcomes->count++;
    columns->show_ids[row] = arena_string(arena, id);
    columns->show_days[row] = day;
    columns->artist_index[row] = text_position(arena, &outcomes->artists, show->artist_id);
    columns->venue_index[row] = text_position(arena, &outcomes->venues, show->venue_id);
    columns->genre_index[row] = text_position(arena, &outcomes->genres, show->genre);
    columns->room_index[row] = text_position(arena, &outcomes->rooms, show->room_id);
    columns->capacity_tickets[row] = show->capacity_tickets;
    columns->paid_tickets[row] = attendance->_paid_tickets_case ? attendance->paid_tickets : -1;
    columns->heads[row] = attendance->_heads_case ? attendance->heads : -1;
    columns->performance_count[row] = (int32_t)show->performance_count;
    columns->average_price_minor[row] = average_price(show);
    columns->support_count[row] = (int32_t)show->n_support_artist_ids;
}

static enum pros_status keep_outcome(void *context, const char *id, struct pros_bytes body)
{
    struct outcomes *outcomes = context;
    struct work *work = outcomes->work;
    if (pros_remaining_ms(work->run) == 0)
        return failure_set(&work->failure, PROS_DEADLINE_EXCEEDED, "TOO_SLOW",
                           "The shows were not read in time; narrow the filter, or give it a "
                           "longer deadline.");
    Promoteros__V1__Show *show = NULL;
    arena_reset(&outcomes->one);
    TRY(stored_unpack(&outcomes->one, &promoteros__v1__show__descriptor, body, &show,
                      &work->failure));
    show_as_of(show, work->as_of_ms);
    const Promoteros__V1__Attendance *attendance = show->attendance;
    int32_t day = 0;
    if (!attendance || (!attendance->_paid_tickets_case && !attendance->_heads_case) ||
        !clock_parse_date(show->show_date, &day))
        return PROS_OK;
    if (outcomes->count == outcomes->limit) {
        outcomes->columns->truncated = true;
        return PROS_CANCELLED; /* enough */
    }
    add_row(outcomes, id, show, day);
    return PROS_OK;
}

static void open_columns(struct arena *arena, size_t limit,
                         Promoteros__V1__QueryShowOutcomesResponse *columns)
{
    columns->show_ids = arena_alloc_array(arena, limit, sizeof *columns->show_ids);
    columns->show_days = arena_alloc_array(arena, limit, sizeof *columns->show_days);
    columns->artist_index = arena_alloc_array(arena, limit, sizeof *columns->artist_index);
    columns->venue_index = arena_alloc_array(arena, limit, sizeof *columns->venue_index);
    columns->genre_index = arena_alloc_array(arena, limit, sizeof *columns->genre_index);
    columns->room_index = arena_alloc_array(arena, limit, sizeof *columns->room_index);
    columns->capacity_tickets = arena_alloc_array(arena, limit, sizeof *columns->capacity_tickets);
    columns->paid_tickets = arena_alloc_array(arena, limit, sizeof *columns->paid_tickets);
    columns->heads = arena_alloc_array(arena, limit, sizeof *columns->heads);
    columns->performance_count =
        arena_alloc_array(arena, limit, sizeof *columns->performance_count);
    columns->average_price_minor =
        arena_alloc_array(arena, limit, sizeof *columns->average_price_minor);
    columns->support_count = arena_alloc_array(arena, limit, sizeof *columns->support_count);
}

static void close_columns(const struct outcomes *outcomes,
                          Promoteros__V1__QueryShowOutcomesResponse *columns)
{
    columns->n_show_ids = columns->n_show_days = columns->n_artist_index = columns->n_venue_index =
        columns->n_genre_index = columns->n_room_index = columns->n_capacity_tickets =
            columns->n_paid_tickets = columns->n_heads = columns->n_performance_count =
                columns->n_average_price_minor = columns->n_support_count = outcomes->count;
    columns->artist_ids = outcomes->artists.texts;
    columns->n_artist_ids = outcomes->artists.count;
    columns->venue_ids = outcomes->venues.texts;
    columns->n_venue_ids = outcomes->venues.count;
    columns->genres = outcomes->genres.texts;
    columns->n_genres = outcomes->genres.count;
    columns->room_ids = outcomes->rooms.texts;
    columns->n_room_ids = outcomes->rooms.count;
}

/* The record as it is now; a name is no news. */
static enum pros_status load(struct work *work, enum record_kind kind,
                             const ProtobufCMessageDescriptor *descriptor, const char *id,
                             void *message)
{
    struct pros_bytes body;
    TRY(store_get_record(work->store, kind, id, INT64_MAX, work->arena, &body, &work->failure));
    return stored_unpack(work->arena, descriptor, body, message, &work->failure);
}

/* Names of artists and venues, and the artist's main genre for shows without one. */
static enum pros_status add_names(struct outcomes *outcomes)
{
    struct work *work = outcomes->work;
    Promoteros__V1__QueryShowOutcomesResponse *columns = outcomes->columns;
    size_t artist_count = outcomes->artists.count, venue_count = outcomes->venues.count;
    const char **main_genres = arena_alloc_array(work->arena, artist_count + 1, sizeof(char *));
    columns->artist_names = arena_alloc_array(work->arena, artist_count + 1, sizeof(char *));
    columns->venue_names = arena_alloc_array(work->arena, venue_count + 1, sizeof(char *));
    columns->venue_cities = arena_alloc_array(work->arena, venue_count + 1, sizeof(char *));
    for (size_t i = 0; i < artist_count; i++) {
        Promoteros__V1__Artist *artist = NULL;
        TRY(load(work, RECORD_ARTIST, &promoteros__v1__artist__descriptor,
                 outcomes->artists.texts[i], &artist));
        columns->artist_names[i] = artist->name;
        main_genres[i] = main_genre_of(artist);
    }
    for (size_t i = 0; i < venue_count; i++) {
        Promoteros__V1__Venue *venue = NULL;
        TRY(load(work, RECORD_VENUE, &promoteros__v1__venue__descriptor, outcomes->venues.texts[i],
                 &venue));
        columns->venue_names[i] = venue->name;
        columns->venue_cities[i] = venue->city;
    }
    for (size_t i = 0; i < outcomes->count; i++)
        if (!*outcomes->genres.texts[columns->genre_index[i]])
            columns->genre_index[i] = text_position(work->arena, &outcomes->genres,
                                                    main_genres[columns->artist_index[i]]);
    columns->n_artist_names = artist_count;
    columns->n_venue_names = columns->n_venue_cities = venue_count;
    return PROS_OK;
}

static enum pros_status read_outcomes(struct outcomes *outcomes,
                                      const struct store_show_query *query)
{
    struct work *work = outcomes->work;
    struct failure failure = {0};
    arena_open(&outcomes->one, 0);
    enum pros_status status =
        store_list_shows(work->store, query, keep_outcome, outcomes, &failure);
    arena_close(&outcomes->one);
    if (status == PROS_OK || outcomes->columns->truncated)
        return PROS_OK;
    if (!work->failure.sentence[0])
        work->failure = failure;
    return status;
}

enum pros_status query_show_outcomes(struct work *work,
                                     const Promoteros__V1__QueryShowOutcomesRequest *request,
                                     Promoteros__V1__QueryShowOutcomesResponse *response)
{
    if (request->limit < 0 || request->limit > OUTCOMES_MAX)
        return failure_set(&work->failure, PROS_INVALID_ARGUMENT, "BAD_LIMIT",
                           "limit is %d; it must be between 0 and %d, 0 means %d.", request->limit,
                           OUTCOMES_MAX, OUTCOMES_DEFAULT);
    struct outcomes outcomes = {.work = work,
                                .limit = request->limit ? (size_t)request->limit : OUTCOMES_DEFAULT,
                                .columns = response};
    struct store_show_query query;
    struct store_counts counts;
    bool nothing = false;
    TRY(show_query_new(work, request->filter, &query, &nothing));
    TRY(store_get_counts(work->store, &counts, &work->failure));
    response->commit_seq = counts.commit_seq;
    if (nothing)
        return PROS_OK;
    open_columns(work->arena, outcomes.limit, response);
    TRY(read_outcomes(&outcomes, &query));
    TRY(add_names(&outcomes));
    close_columns(&outcomes, response);
    return PROS_OK;
}
