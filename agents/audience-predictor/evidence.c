#include "audience-predictor/evidence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audience-predictor/names.h"
#include "audience-predictor/signals.h"
#include "numerics/calendar.h"
#include "numerics/stats.h"
#include "promoteros/v1/catalog_service.pb-c.h"

#define CATALOG "promoteros.v1.CatalogService/"
#define DAY_MS  86400000

#define OWN_WEEKS_READ 8

/* The names of one run, numbered. */
struct register_of_names {
    struct names artists, rooms, cities, genres, shows;
};

static bool present(const char *text)
{
    return text && text[0];
}

static int32_t number_or_unknown(struct names *names, const char *name)
{
    return present(name) ? names_number(names, name, NULL) : COMPARABLES_UNKNOWN;
}

static int32_t as_of_day(struct pros_run *run)
{
    int64_t ms = pros_as_of_ms(run);
    return (int32_t)((ms - (ms < 0 ? DAY_MS - 1 : 0)) / DAY_MS);
}

static enum pros_status check_date(struct pros_run *run, const char *text, int32_t *day)
{
    if (!present(text))
        return pros_fail(run, PROS_INVALID_ARGUMENT, "MISSING_SHOW_DATE",
                         "There is no show_date; give the local date of the show, for example "
                         "2026-12-04.");
    if (!calendar_parse(text, day))
        return pros_fail(run, PROS_INVALID_ARGUMENT, "BAD_SHOW_DATE",
                         "The show_date \"%.20s\" is no date; write year-month-day, for example "
                         "2026-12-04.",
                         text);
    char today[CALENDAR_TEXT_SIZE];
    calendar_format(as_of_day(run), today);
    if (*day < as_of_day(run))
        return pros_fail(run, PROS_INVALID_ARGUMENT, "SHOW_DATE_PAST",
                         "The show_date %s lies before %s, the day as of which to predict; give a "
                         "later date or an earlier as_of_time.",
                         text, today);
    if (*day - as_of_day(run) > EVIDENCE_HORIZON_DAYS)
        return pros_fail(run, PROS_INVALID_ARGUMENT, "SHOW_DATE_TOO_FAR",
                         "The show_date %s is more than two years after %s; nothing useful can be "
                         "said so far ahead.",
                         text, today);
    return PROS_OK;
}

static enum pros_status check_counts(struct pros_run *run,
                                     const Promoteros__V1__PredictAttendanceRequest *request)
{
    if (request->_capacity_tickets_case &&
        (request->capacity_tickets < 1 || request->capacity_tickets > COMPARABLES_CAPACITY_MAX))
        return pros_fail(run, PROS_INVALID_ARGUMENT, "BAD_CAPACITY",
                         "The capacity is %lld tickets; it must be from 1 to %d.",
                         (long long)request->capacity_tickets, COMPARABLES_CAPACITY_MAX);
    if (request->_performance_count_case &&
        (request->performance_count < 1 || request->performance_count > EVIDENCE_PERFORMANCE_MAX))
        return pros_fail(run, PROS_INVALID_ARGUMENT, "BAD_PERFORMANCE_COUNT",
                         "The performance_count is %d; it must be from 1 to %d.",
                         request->performance_count, EVIDENCE_PERFORMANCE_MAX);
    if (request->_sold_tickets_case && request->sold_tickets < 0)
        return pros_fail(run, PROS_INVALID_ARGUMENT, "NEGATIVE_COUNT",
                         "The sold_tickets are %lld; a count cannot be negative.",
                         (long long)request->sold_tickets);
    if (request->_comp_tickets_case &&
        (request->comp_tickets < 0 || request->comp_tickets > COMPARABLES_CAPACITY_MAX))
        return pros_fail(run, PROS_INVALID_ARGUMENT, "BAD_COMP_TICKETS",
                         "The comp_tickets are %lld; give a count from 0 to %d.",
                         (long long)request->comp_tickets, COMPARABLES_CAPACITY_MAX);
    if (request->ticket_price && request->ticket_price->amount_minor < 0)
        return pros_fail(run, PROS_INVALID_ARGUMENT, "NEGATIVE_PRICE",
                         "The ticket price is negative; give the face price, or leave it out.");
    if (!present(request->venue_id) && !request->_capacity_tickets_case)
        return pros_fail(run, PROS_INVALID_ARGUMENT, "MISSING_ROOM",
                         "Neither a venue nor a capacity is given; name a venue of the catalog, or "
                         "say with capacity_tickets how many tickets can be sold.");
    return PROS_OK;
}

static const Promoteros__V1__Room *find_room(const Promoteros__V1__Venue *venue, const char *id)
{
    if (!present(id))
        return venue->n_rooms ? venue->rooms[0] : NULL;
    for (size_t i = 0; i < venue->n_rooms; i++)
        if (strcmp(venue->rooms[i]->id, id) == 0)
            return venue->rooms[i];
    return NULL;
}

static const Promoteros__V1__RoomConfiguration *find_configuration(const Promoteros__V1__Room *room,
                                                                   const char *id)
{
    if (!present(id))
        return room->n_configurations ? room->configurations[0] : NULL;
    for (size_t i = 0; i < room->n_configurations; i++)
        if (strcmp(room->configurations[i]->id, id) == 0)
            return room->configurations[i];
    return NULL;
}

/* Genres are kept in lower case. */
static const char *lower(struct pros_run *run, const char *text)
{
    char *copy = pros_format(run, "%s", text);
    for (char *c = copy; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return copy;
}

/* The key of a room over all venues; "" is the venue's first room, so the target's first room has
 * both names. */
static const char *room_key(struct pros_run *run, const char *venue, const char *room,
                            const Promoteros__V1__Venue *target)
{
    bool first = target && target->n_rooms && strcmp(target->id, venue) == 0 &&
                 strcmp(target->rooms[0]->id, room) == 0;
    return pros_format(run, "%s/%s", venue, first ? "" : room);
}

/* The venue, its room and configuration, and so the capacity of one performance. */
static enum pros_status read_venue(struct pros_run *run,
                                   const Promoteros__V1__PredictAttendanceRequest *request,
                                   struct evidence *evidence, struct register_of_names *names,
                                   const Promoteros__V1__Venue **venue, int64_t *capacity)
{
    Promoteros__V1__GetVenueRequest get = PROMOTEROS__V1__GET_VENUE_REQUEST__INIT;
    ProtobufCMessage *reply;
    get.id = request->venue_id;
    enum pros_status status =
        pros_call(run, CATALOG "GetVenue", &get.base,
                  &promoteros__v1__get_venue_response__descriptor, &reply, &evidence->venue_input);
    if (status != PROS_OK)
        return status;
    *venue = ((Promoteros__V1__GetVenueResponse *)reply)->venue;
    if (!*venue)
        return pros_fail(run, PROS_NOT_FOUND, "UNKNOWN_VENUE", "There is no venue \"%.64s\".",
                         request->venue_id);
    const Promoteros__V1__Room *room = find_room(*venue, request->room_id);
    if (!room)
        return pros_fail(run, PROS_NOT_FOUND, "UNKNOWN_ROOM",
                         "The venue \"%.80s\" has no room \"%.64s\"; list its rooms with GetVenue.",
                         (*venue)->name, request->room_id);
    const Promoteros__V1__RoomConfiguration *setup =
        find_configuration(room, request->configuration_id);
    if (!setup && (present(request->configuration_id) || !request->_capacity_tickets_case))
        return pros_fail(run, PROS_NOT_FOUND, "UNKNOWN_CONFIGURATION",
                         "The room \"%.64s\" has no configuration \"%.64s\"; name one of its own, "
                         "or give capacity_tickets.",
                         room->name, request->configuration_id);
    *capacity =
        request->_capacity_tickets_case ? request->capacity_tickets : setup->capacity_tickets;
    evidence->own_capacity = !request->_capacity_tickets_case;
    evidence->venue_name = (*venue)->name;
    evidence->city = (*venue)->city;
    evidence->simulated = evidence->simulated || (*venue)->simulated;
    evidence->request.coming.room =
        names_number(&names->rooms, room_key(run, (*venue)->id, room->id, *venue), NULL);
    return PROS_OK;
}

static enum pros_status read_artist(struct pros_run *run, const char *artist_id,
                                    struct evidence *evidence)
{
    Promoteros__V1__GetArtistRequest get = PROMOTEROS__V1__GET_ARTIST_REQUEST__INIT;
    ProtobufCMessage *reply;
    get.id = (char *)(uintptr_t)artist_id;
    enum pros_status status = pros_call(run, CATALOG "GetArtist", &get.base,
                                        &promoteros__v1__get_artist_response__descriptor, &reply,
                                        &evidence->artist_input);
    if (status != PROS_OK)
        return status;
    const Promoteros__V1__Artist *artist = ((Promoteros__V1__GetArtistResponse *)reply)->artist;
    if (!artist)
        return pros_fail(run, PROS_NOT_FOUND, "UNKNOWN_ARTIST",
                         "There is no artist \"%.64s\"; leave artist_id out for a new act.",
                         artist_id);
    evidence->artist_name = artist->name;
    evidence->simulated = evidence->simulated || artist->simulated;
    if (!present(evidence->genre) && artist->n_genres)
        evidence->genre = artist->genres[0];
    return PROS_OK;
}

/* Whether every column that is used has a value for every show and every index points into its
 * table. */
static bool columns_fit(const Promoteros__V1__QueryShowOutcomesResponse *reply)
{
    size_t n = reply->n_show_ids;
    if (reply->n_show_days != n || reply->n_artist_index != n || reply->n_venue_index != n ||
        reply->n_genre_index != n || reply->n_capacity_tickets != n || reply->n_paid_tickets != n ||
        reply->n_heads != n || reply->n_performance_count != n ||
        reply->n_average_price_minor != n || reply->n_room_index != n ||
        reply->n_artist_names != reply->n_artist_ids ||
        reply->n_venue_cities != reply->n_venue_ids || reply->n_venue_names != reply->n_venue_ids)
        return false;
    for (size_t i = 0; i < n; i++)
        if (reply->artist_index[i] < 0 || (size_t)reply->artist_index[i] >= reply->n_artist_ids ||
            reply->venue_index[i] < 0 || (size_t)reply->venue_index[i] >= reply->n_venue_ids ||
            reply->genre_index[i] < 0 || (size_t)reply->genre_index[i] >= reply->n_genres ||
            reply->room_index[i] < 0 || (size_t)reply->room_index[i] >= reply->n_room_ids)
            return false;
    return true;
}

static struct evidence_show show_at(struct pros_run *run,
                                    const Promoteros__V1__QueryShowOutcomesResponse *reply,
                                    size_t i, const Promoteros__V1__Venue *target,
                                    struct register_of_names *names)
{
    const char *venue = reply->venue_ids[reply->venue_index[i]];
    const char *room = room_key(run, venue, reply->room_ids[reply->room_index[i]], target);
    int64_t paid = reply->paid_tickets[i] >= 0 ? reply->paid_tickets[i] : reply->heads[i];
    return (struct evidence_show){
        .show = {.day = reply->show_days[i],
                 .artist =
                     number_or_unknown(&names->artists, reply->artist_ids[reply->artist_index[i]]),
                 .room = names_number(&names->rooms, room, NULL),
                 .city =
                     number_or_unknown(&names->cities, reply->venue_cities[reply->venue_index[i]]),
                 .genre = number_or_unknown(&names->genres, reply->genres[reply->genre_index[i]]),
                 .performances = reply->performance_count[i],
                 .capacity = reply->capacity_tickets[i],
                 .paid = paid,
                 .price_minor = reply->average_price_minor[i]},
        .heads = reply->paid_tickets[i] >= 0 ? reply->heads[i] : -1,
        .id = reply->show_ids[i],
        .artist = reply->artist_names[reply->artist_index[i]],
        .artist_id = reply->artist_ids[reply->artist_index[i]],
        .venue = reply->venue_names[reply->venue_index[i]]};
}

static enum pros_status query_outcomes(struct pros_run *run, Promoteros__V1__ShowFilter *filter,
                                       int32_t limit, const char **input,
                                       const Promoteros__V1__QueryShowOutcomesResponse **outcomes)
{
    Promoteros__V1__QueryShowOutcomesRequest query =
        PROMOTEROS__V1__QUERY_SHOW_OUTCOMES_REQUEST__INIT;
    ProtobufCMessage *reply;
    query.filter = filter;
    query.limit = limit;
    enum pros_status status =
        pros_call(run, CATALOG "QueryShowOutcomes", &query.base,
                  &promoteros__v1__query_show_outcomes_response__descriptor, &reply, input);
    if (status != PROS_OK)
        return status;
    *outcomes = (Promoteros__V1__QueryShowOutcomesResponse *)reply;
    return columns_fit(*outcomes)
               ? PROS_OK
               : pros_fail(run, PROS_INTERNAL, "BAD_REPLY",
                           "The show outcomes of the catalog do not fit together; this is a fault "
                           "of the host, please report it.");
}

static int by_day(const void *left, const void *right)
{
    const struct evidence_show *a = left, *b = right;
    if (a->show.day != b->show.day)
        return a->show.day < b->show.day ? -1 : 1;
    return strcmp(a->id, b->id);
}

/* Appends the shows of one reply that were not there before. */
static void append(struct pros_run *run, const Promoteros__V1__QueryShowOutcomesResponse *reply,
                   const Promoteros__V1__Venue *target, struct register_of_names *names,
                   struct evidence *evidence)
{
    for (size_t i = 0; i < reply->n_show_ids; i++) {
        int fresh;
        names_number(&names->shows, reply->show_ids[i], &fresh);
        if (!fresh || reply->show_days[i] > evidence->request.coming.known_until)
            continue;
        evidence->heads_only += reply->paid_tickets[i] < 0;
        evidence->details[evidence->count++] = show_at(run, reply, i, target, names);
    }
    evidence->truncated = evidence->truncated || reply->truncated;
}

/* Past shows of the market and of the artist, sorted by day, without doubles. */
static enum pros_status read_outcomes(struct pros_run *run, const char *artist_id,
                                      const Promoteros__V1__Venue *venue,
                                      struct register_of_names *names, struct evidence *evidence)
{
    const Promoteros__V1__QueryShowOutcomesResponse *market, *own = NULL;
    Promoteros__V1__ShowFilter filter = PROMOTEROS__V1__SHOW_FILTER__INIT;
    char start[CALENDAR_TEXT_SIZE];
    calendar_format(as_of_day(run) - EVIDENCE_YEARS * 366, start);
    filter.start_date = start;
    char *venue_ids[1] = {venue ? venue->id : NULL};
    if (present(evidence->city)) {
        filter.city = (char *)(uintptr_t)evidence->city;
    } else if (venue) {
        filter.venue_ids = venue_ids;
        filter.n_venue_ids = 1;
    }
    enum pros_status status =
        query_outcomes(run, &filter, EVIDENCE_OUTCOMES_MAX, &evidence->market_input, &market);
    if (status == PROS_OK && present(artist_id)) {
        Promoteros__V1__ShowFilter of_artist = PROMOTEROS__V1__SHOW_FILTER__INIT;
        char *artist_ids[1] = {(char *)(uintptr_t)artist_id};
        of_artist.artist_ids = artist_ids;
        of_artist.n_artist_ids = 1;
        status =
            query_outcomes(run, &of_artist, EVIDENCE_ARTIST_SHOWS, &evidence->artist_input, &own);
    }
    if (status != PROS_OK)
        return status;
    size_t room = market->n_show_ids + (own ? own->n_show_ids : 0) + 1;
    evidence->details = pros_alloc(run, room * sizeof *evidence->details);
    evidence->shows = pros_alloc(run, room * sizeof *evidence->shows);
    append(run, market, venue, names, evidence);
    if (own)
        append(run, own, venue, names, evidence);
    qsort(evidence->details, evidence->count, sizeof *evidence->details, by_day);
    for (size_t i = 0; i < evidence->count; i++)
        evidence->shows[i] = evidence->details[i].show;
    return PROS_OK;
}

/*
 * A catalog keeps the largest capacity that a room ever had; a production that plays there sells
 * what its stage leaves. So without a stated capacity a block follows the run's last weeks: their
 * median for one performance.
 */
static void follow_own_weeks(struct evidence *evidence)
{
    struct coming_show *coming = &evidence->request.coming;
    double each[OWN_WEEKS_READ];
    size_t found = 0;
    if (!evidence->own_capacity || coming->performances < 2 ||
        coming->artist == COMPARABLES_UNKNOWN)
        return;
    for (size_t i = evidence->count; i > 0 && found < OWN_WEEKS_READ; i--) {
        const struct past_show *show = &evidence->shows[i - 1];
        if (show->artist == coming->artist && show->room == coming->room &&
            show->performances > 1 && comparables_possible(show))
            each[found++] = (double)show->capacity / show->performances;
    }
    if (!found)
        return;
    stats_sort(each, found);
    int64_t capacity = llround(stats_quantile_sorted(each, found, 0.5) * coming->performances);
    if (capacity >= 1 && capacity < coming->capacity) {
        coming->capacity = capacity;
        evidence->capacity_of_run = true;
    }
}

/* Show rate of this room's own shows; older ones count less. */
static void learn_show_rate(struct evidence *evidence)
{
    const struct coming_show *coming = &evidence->request.coming;
    evidence->rate = show_rate_prior();
    for (size_t i = 0; i < evidence->count; i++) {
        const struct evidence_show *show = &evidence->details[i];
        double age_days = (double)coming->day - (double)show->show.day;
        if (show->show.room == coming->room && coming->room != COMPARABLES_UNKNOWN)
            show_rate_add(&evidence->rate, show->show.paid, show->heads,
                          exp2(-age_days / comparables_defaults.half_life_days));
    }
}

/* Figures of the request that the trace should name. */
static void record_inputs(struct pros_run *run,
                          const Promoteros__V1__PredictAttendanceRequest *request,
                          struct evidence *evidence)
{
    double capacity = (double)evidence->request.coming.capacity;
    evidence->capacity_input = pros_input(
        run, (struct pros_input){.name = "capacity",
                                 .source = evidence->capacity_of_run ? "the run's last weeks"
                                           : evidence->own_capacity  ? "catalog"
                                                                     : "request",
                                 .value = &capacity,
                                 .unit = "tickets",
                                 .status = PROS_INPUT_OBSERVED});
    if (request->_sold_tickets_case)
        pros_input(run, (struct pros_input){.name = "tickets sold so far",
                                            .source = "request",
                                            .value = &evidence->request.sold_tickets,
                                            .unit = "tickets",
                                            .status = PROS_INPUT_OBSERVED});
    if (evidence->request.coming.following >= 1.0)
        pros_input(run, (struct pros_input){.name = evidence->following_name,
                                            .source = "promoteros.v1.SignalService/QuerySignals",
                                            .value = &evidence->request.coming.following,
                                            .status = PROS_INPUT_OBSERVED});
    double rate = show_rate_mean(&evidence->rate);
    pros_input(run, (struct pros_input){
                        .name = "share of tickets that are used",
                        .source = evidence->rate.shows
                                      ? "catalog, beside published no-show figures"
                                      : "published no-show figures (Billboard; Consequence and The "
                                        "Wall Street Journal; Hypebot)",
                        .value = &rate,
                        .unit = "share",
                        .status = evidence->rate.shows ? PROS_INPUT_IMPUTED : PROS_INPUT_DEFAULTED,
                        .observation_count = (int64_t)evidence->rate.shows});
}

enum pros_status evidence_gather(struct pros_run *run,
                                 const Promoteros__V1__PredictAttendanceRequest *request,
                                 struct evidence *evidence)
{
    struct register_of_names names;
    struct names *all[] = {&names.artists, &names.rooms, &names.cities, &names.genres,
                           &names.shows};
    const Promoteros__V1__Venue *venue = NULL;
    int64_t capacity = request->_capacity_tickets_case ? request->capacity_tickets : 0;
    struct coming_show *coming = &evidence->request.coming;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        names_init(all[i], run);
    *evidence = (struct evidence){.artist_name = "",
                                  .venue_name = "",
                                  .following_name = "",
                                  .city = request->city,
                                  .genre = lower(run, request->genre)};
    coming->room = COMPARABLES_UNKNOWN;
    enum pros_status status = check_counts(run, request);
    if (status == PROS_OK)
        status = check_date(run, request->show_date, &coming->day);
    if (status == PROS_OK && present(request->venue_id))
        status = read_venue(run, request, evidence, &names, &venue, &capacity);
    if (status == PROS_OK && present(request->artist_id))
        status = read_artist(run, request->artist_id, evidence);
    if (status != PROS_OK)
        return status;
    if (capacity < 1 || capacity > COMPARABLES_CAPACITY_MAX)
        return pros_fail(run, PROS_FAILED_PRECONDITION, "BAD_CAPACITY",
                         "The catalog gives this room a capacity of %lld tickets; correct the "
                         "venue, or give capacity_tickets.",
                         (long long)capacity);
    coming->performances = request->_performance_count_case ? request->performance_count : 1;
    coming->capacity = capacity * coming->performances;
    coming->artist = number_or_unknown(&names.artists, request->artist_id);
    coming->city = number_or_unknown(&names.cities, evidence->city);
    coming->genre = number_or_unknown(&names.genres, evidence->genre);
    coming->price_minor = request->ticket_price ? request->ticket_price->amount_minor : 0;
    coming->known_until = as_of_day(run) < coming->day ? as_of_day(run) : coming->day - 1;
    evidence->request.sold_tickets =
        request->_sold_tickets_case ? (double)request->sold_tickets : -1.0;
    evidence->comps = request->_comp_tickets_case ? (double)request->comp_tickets : 0.0;
    status = read_outcomes(run, request->artist_id, venue, &names, evidence);
    follow_own_weeks(evidence);
    if (status == PROS_OK && evidence->request.sold_tickets > (double)coming->capacity)
        return pros_fail(run, PROS_INVALID_ARGUMENT, "SOLD_ABOVE_CAPACITY",
                         "%lld tickets are sold already, but only %lld can be sold; correct the "
                         "count or the capacity.",
                         (long long)request->sold_tickets, (long long)coming->capacity);
    if (status == PROS_OK && present(request->artist_id))
        status = signals_add_following(run, request->artist_id, as_of_day(run), evidence);
    if (status != PROS_OK)
        return status;
    learn_show_rate(evidence);
    record_inputs(run, request, evidence);
    return PROS_OK;
}
