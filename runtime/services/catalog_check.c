/* Checks of artists, venues and shows as they come in. */
#include "services/check.h"

#include "base/clock.h"

#include <math.h>
#include <string.h>

enum {
    CONFIGURATIONS_MAX = 32,
    TIERS_MAX = 32,
    STATUSES_MAX = 64,
    TICKET_COUNTS_MAX = 5000,
    PERFORMANCES_MAX = 366,
    DEAL_BYTES_MAX = 65536,
    PPM_MAX = 1000000
};

#define REFUSE(reason, ...) return failure_set(failure, PROS_INVALID_ARGUMENT, reason, __VA_ARGS__)

enum pros_status check_artist(struct failure *failure, const char *at,
                              const Promoteros__V1__Artist *artist)
{
    TRY(check_record_id(failure, at, "id", artist->id, "ar", false));
    TRY(check_name(failure, at, "name", artist->name));
    TRY(check_external_ids(failure, at, artist->external_ids, artist->n_external_ids));
    TRY(check_genres(failure, at, artist->genres, artist->n_genres));
    return check_text(failure, at, "home_city", artist->home_city, NAME_BYTES_MAX);
}

static enum pros_status check_economics(struct failure *failure, const char *at,
                                        const Promoteros__V1__RoomEconomics *economics)
{
    if (!economics)
        return PROS_OK;
    TRY(check_money(failure, at, "fixed_cost", economics->fixed_cost));
    TRY(check_money(failure, at, "bar_per_head", economics->bar_per_head));
    TRY(check_money(failure, at, "facility_fee", economics->facility_fee));
    TRY(check_count(failure, at, "bar_margin_ppm", economics->bar_margin_ppm, PPM_MAX));
    return check_count(failure, at, "ticket_tax_ppm", economics->ticket_tax_ppm, PPM_MAX);
}

static enum pros_status check_configurations(struct failure *failure, const char *at,
                                             const Promoteros__V1__Room *room)
{
    TRY(check_list(failure, at, "configurations", room->n_configurations, CONFIGURATIONS_MAX));
    if (room->n_configurations == 0)
        REFUSE("CONFIGURATION_MISSING",
               "%sconfigurations is empty; a room needs at least one way to set it up.", at);
    for (size_t i = 0; i < room->n_configurations; i++) {
        const Promoteros__V1__RoomConfiguration *configuration = room->configurations[i];
        char place[PATH_SIZE];
        path_set(place, "%sconfigurations[%zu].", at, i);
        TRY(check_slug(failure, place, "id", configuration->id, "standing"));
        if (configuration->capacity_tickets == 0)
            REFUSE("CAPACITY_ZERO",
                   "%scapacity_tickets is 0; a room needs at least 1 ticket to sell.", place);
        TRY(check_count(failure, place, "capacity_tickets", configuration->capacity_tickets,
                        COUNT_MAX));
        for (size_t j = 0; j < i; j++)
            if (strcmp(configuration->id, room->configurations[j]->id) == 0)
                REFUSE("DUPLICATE", "%sid repeats configurations[%zu]; give it another id.", place,
                       j);
    }
    return PROS_OK;
}

static enum pros_status check_rooms(struct failure *failure, const char *at,
                                    const Promoteros__V1__Venue *venue)
{
    TRY(check_list(failure, at, "rooms", venue->n_rooms, ROOMS_MAX));
    if (venue->n_rooms == 0)
        REFUSE("ROOM_MISSING", "%srooms is empty; a venue needs at least one room.", at);
    for (size_t i = 0; i < venue->n_rooms; i++) {
        const Promoteros__V1__Room *room = venue->rooms[i];
        char place[PATH_SIZE];
        path_set(place, "%srooms[%zu].", at, i);
        TRY(check_slug(failure, place, "id", room->id, "main"));
        TRY(check_name(failure, place, "name", room->name));
        for (size_t j = 0; j < i; j++)
            if (strcmp(room->id, venue->rooms[j]->id) == 0)
                REFUSE("DUPLICATE", "%sid repeats rooms[%zu]; give it another id.", place, j);
        TRY(check_configurations(failure, place, room));
        path_set(place, "%srooms[%zu].economics.", at, i);
        TRY(check_economics(failure, place, room->economics));
    }
    return PROS_OK;
}

static enum pros_status check_degrees(struct failure *failure, const char *at, const char *field,
                                      double degrees, double bound)
{
    TRY(check_finite(failure, at, field, degrees));
    if (fabs(degrees) > bound)
        REFUSE("OUT_OF_RANGE", "%s%s is %g; it must be between -%g and %g degrees.", at, field,
               degrees, bound, bound);
    return PROS_OK;
}

enum pros_status check_venue(struct failure *failure, const char *at,
                             const Promoteros__V1__Venue *venue)
{
    TRY(check_record_id(failure, at, "id", venue->id, "ve", false));
    TRY(check_name(failure, at, "name", venue->name));
    TRY(check_text(failure, at, "city", venue->city, NAME_BYTES_MAX));
    TRY(check_country(failure, at, venue->country_code));
    TRY(check_time_zone(failure, at, venue->time_zone));
    if (venue->_latitude_deg_case)
        TRY(check_degrees(failure, at, "latitude_deg", venue->latitude_deg, 90));
    if (venue->_longitude_deg_case)
        TRY(check_degrees(failure, at, "longitude_deg", venue->longitude_deg, 180));
    TRY(check_external_ids(failure, at, venue->external_ids, venue->n_external_ids));
    return check_rooms(failure, at, venue);
}

static enum pros_status check_tiers(struct failure *failure, const char *at,
                                    const Promoteros__V1__Show *show)
{
    TRY(check_list(failure, at, "price_tiers", show->n_price_tiers, TIERS_MAX));
    for (size_t i = 0; i < show->n_price_tiers; i++) {
        const Promoteros__V1__PriceTier *tier = show->price_tiers[i];
        char place[PATH_SIZE];
        path_set(place, "%sprice_tiers[%zu].", at, i);
        TRY(check_text(failure, place, "name", tier->name, NAME_BYTES_MAX));
        if (!tier->price)
            REFUSE("PRICE_MISSING", "%sprice is missing; a free ticket has the price 0.", place);
        TRY(check_money(failure, place, "price", tier->price));
        if (strcmp(tier->price->currency_code, show->price_tiers[0]->price->currency_code) != 0)
            REFUSE("CURRENCIES_DIFFER", "%sprice is in %s, the first tier in %s; use one currency.",
                   place, tier->price->currency_code, show->price_tiers[0]->price->currency_code);
        if (tier->_offered_tickets_case)
            TRY(check_count(failure, place, "offered_tickets", tier->offered_tickets, COUNT_MAX));
    }
    return PROS_OK;
}

static enum pros_status check_statuses(struct failure *failure, const char *at,
                                       const Promoteros__V1__Show *show)
{
    TRY(check_list(failure, at, "status_history", show->n_status_history, STATUSES_MAX));
    int64_t previous_ms = INT64_MIN, time_ms = 0;
    for (size_t i = 0; i < show->n_status_history; i++) {
        const Promoteros__V1__ShowStatusChange *change = show->status_history[i];
        char place[PATH_SIZE];
        path_set(place, "%sstatus_history[%zu].", at, i);
        if (change->status <= 0 ||
            !protobuf_c_enum_descriptor_get_value(&promoteros__v1__show_status__descriptor,
                                                  (int)change->status))
            REFUSE("BAD_STATUS", "%sstatus is %d, which is no status of a show.", place,
                   (int)change->status);
        TRY(check_timestamp(failure, place, "observed_time", change->observed_time, true,
                            &time_ms));
        if (time_ms < previous_ms)
            REFUSE("DATES_REVERSED",
                   "%sobserved_time is before that of the change ahead of it; "
                   "put the oldest first.",
                   place);
        previous_ms = time_ms;
    }
    return PROS_OK;
}

/* Standing room may be sold up to a quarter above the capacity; beyond, one of the two is wrong. */
static enum pros_status check_sold(struct failure *failure, const char *at, const char *field,
                                   int64_t sold, int64_t capacity)
{
    TRY(check_count(failure, at, field, sold, 2 * COUNT_MAX));
    if (sold > capacity + capacity / 4)
        REFUSE("ABOVE_CAPACITY",
               "%s%s is %lld with a capacity of %lld; standing room is believed up to 1.25 times "
               "the capacity. Correct one of the two.",
               at, field, (long long)sold, (long long)capacity);
    return PROS_OK;
}

static enum pros_status check_ticket_counts(struct failure *failure, const char *at,
                                            const Promoteros__V1__Show *show)
{
    TRY(check_list(failure, at, "ticket_counts", show->n_ticket_counts, TICKET_COUNTS_MAX));
    int64_t previous_ms = INT64_MIN, time_ms = 0;
    for (size_t i = 0; i < show->n_ticket_counts; i++) {
        const Promoteros__V1__TicketCount *count = show->ticket_counts[i];
        char place[PATH_SIZE];
        path_set(place, "%sticket_counts[%zu].", at, i);
        TRY(check_timestamp(failure, place, "observed_time", count->observed_time, true, &time_ms));
        if (time_ms <= previous_ms)
            REFUSE("DATES_REVERSED",
                   "%sobserved_time is not after that of the count ahead of it; put the oldest "
                   "first, each moment once.",
                   place);
        previous_ms = time_ms;
        TRY(check_sold(failure, place, "sold_tickets", count->sold_tickets,
                       show->capacity_tickets));
    }
    return PROS_OK;
}

static enum pros_status check_attendance(struct failure *failure, const char *at,
                                         const Promoteros__V1__Show *show, int64_t now_ms,
                                         int32_t show_day)
{
    const Promoteros__V1__Attendance *attendance = show->attendance;
    if (!attendance)
        return PROS_OK;
    if (clock_local_date_start_ms(show_day) > now_ms)
        REFUSE("SHOW_NOT_PLAYED",
               "%sattendance is given, but the show is on %s, which has not come yet; leave the "
               "attendance out until then, or correct the date.",
               at, show->show_date);
    char place[PATH_SIZE];
    path_set(place, "%sattendance.", at);
    if (attendance->_paid_tickets_case)
        TRY(check_sold(failure, place, "paid_tickets", attendance->paid_tickets,
                       show->capacity_tickets));
    if (attendance->_heads_case)
        TRY(check_count(failure, place, "heads", attendance->heads, COUNT_MAX));
    if (attendance->_comp_tickets_case)
        TRY(check_count(failure, place, "comp_tickets", attendance->comp_tickets, COUNT_MAX));
    TRY(check_money(failure, place, "gross", attendance->gross));
    int64_t known_ms = INT64_MIN;
    TRY(check_timestamp(failure, place, "known_time", attendance->known_time, false, &known_ms));
    return check_known(failure, place, "known_time", known_ms, now_ms);
}

static enum pros_status check_money_and_deal(struct failure *failure, const char *at,
                                             const Promoteros__V1__Show *show)
{
    TRY(check_money(failure, at, "artist_payout", show->artist_payout));
    if (show->deal && protobuf_c_message_get_packed_size(&show->deal->base) > DEAL_BYTES_MAX)
        REFUSE("TOO_LONG", "%sdeal has more than %d bytes; shorten its lists.", at, DEAL_BYTES_MAX);
    return PROS_OK;
}

enum pros_status check_show(struct failure *failure, const char *at,
                            const Promoteros__V1__Show *show, int64_t now_ms, int32_t *show_day)
{
    TRY(check_record_id(failure, at, "id", show->id, "sh", false));
    TRY(check_record_id(failure, at, "artist_id", show->artist_id, "ar", false));
    TRY(check_record_id(failure, at, "venue_id", show->venue_id, "ve", false));
    TRY(check_list(failure, at, "support_artist_ids", show->n_support_artist_ids, SUPPORTS_MAX));
    for (size_t i = 0; i < show->n_support_artist_ids; i++) {
        char field[PATH_SIZE];
        path_set(field, "support_artist_ids[%zu]", i);
        TRY(check_record_id(failure, at, field, show->support_artist_ids[i], "ar", true));
    }
    if (*show->room_id)
        TRY(check_slug(failure, at, "room_id", show->room_id, "main"));
    TRY(check_date(failure, at, "show_date", show->show_date, show_day));
    TRY(check_count(failure, at, "performance_count", show->performance_count, PERFORMANCES_MAX));
    TRY(check_text(failure, at, "genre", show->genre, NAME_BYTES_MAX));
    if (show->capacity_tickets == 0)
        REFUSE("CAPACITY_ZERO", "%scapacity_tickets is 0; a show needs at least 1 ticket to sell.",
               at);
    TRY(check_count(failure, at, "capacity_tickets", show->capacity_tickets, COUNT_MAX));
    TRY(check_tiers(failure, at, show));
    TRY(check_statuses(failure, at, show));
    TRY(check_ticket_counts(failure, at, show));
    TRY(check_attendance(failure, at, show, now_ms, *show_day));
    TRY(check_external_ids(failure, at, show->external_ids, show->n_external_ids));
    return check_money_and_deal(failure, at, show);
}

/* Loads what the id names; an empty id leaves *message NULL. */
static enum pros_status load_reference(struct work *work, const char *at, const char *field,
                                       enum record_kind kind, const char *id, void *message)
{
    if (!*id)
        return PROS_OK;
    bool artist = kind == RECORD_ARTIST;
    struct pros_bytes body;
    enum pros_status status =
        store_get_record(work->store, kind, id, INT64_MAX, work->arena, &body, &work->failure);
    if (status == PROS_NOT_FOUND)
        return failure_set(&work->failure, PROS_NOT_FOUND,
                           artist ? "UNKNOWN_ARTIST" : "UNKNOWN_VENUE",
                           "%s%s \"%s\" is not in the catalog; look it up among the %s, or create "
                           "it first.",
                           at, field, id, artist ? "artists" : "venues");
    TRY(status);
    return stored_unpack(work->arena,
                         artist ? &promoteros__v1__artist__descriptor
                                : &promoteros__v1__venue__descriptor,
                         body, message, &work->failure);
}

enum pros_status check_show_references(struct work *work, const char *at,
                                       const Promoteros__V1__Show *show,
                                       struct show_references *references)
{
    *references = (struct show_references){NULL, NULL};
    TRY(load_reference(work, at, "artist_id", RECORD_ARTIST, show->artist_id, &references->artist));
    TRY(load_reference(work, at, "venue_id", RECORD_VENUE, show->venue_id, &references->venue));
    for (size_t i = 0; i < show->n_support_artist_ids; i++) {
        Promoteros__V1__Artist *support = NULL;
        char field[PATH_SIZE];
        path_set(field, "support_artist_ids[%zu]", i);
        TRY(load_reference(work, at, field, RECORD_ARTIST, show->support_artist_ids[i], &support));
    }
    const Promoteros__V1__Venue *venue = references->venue;
    if (!venue || !*show->room_id)
        return PROS_OK;
    for (size_t i = 0; i < venue->n_rooms; i++)
        if (strcmp(venue->rooms[i]->id, show->room_id) == 0)
            return PROS_OK;
    return failure_set(&work->failure, PROS_NOT_FOUND, "UNKNOWN_ROOM",
                       "%sroom_id \"%s\" is no room of %s; its first room is \"%s\".", at,
                       show->room_id, venue->name, venue->n_rooms ? venue->rooms[0]->id : "");
}
