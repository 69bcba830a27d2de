/*
 * The audience predictor as a module: loaded as the host loads it, fed from a catalog made here,
 * its reasoning checked by the host's own rule (baseline + contributions = value), on sound
 * requests and hostile ones.
 */
#include "promoteros/v1/audience_predictor_service.pb-c.h"
#include "promoteros/v1/catalog_service.pb-c.h"
#include "promoteros/v1/signal_service.pb-c.h"
#include "unit/agent_host.h"
#include "unit/check.h"

#define SHOWS_MAX 400
#define TODAY     20000 /* 2024-10-04 */

struct row {
    int day, capacity, paid, heads, performances;
    const char *artist, *venue, *city;
};
static struct row catalog[SHOWS_MAX];
static size_t catalog_count;
static bool broken_columns, with_signals;

static struct pros_bytes venue_reply(struct pros_run *run)
{
    Promoteros__V1__RoomConfiguration standing = PROMOTEROS__V1__ROOM_CONFIGURATION__INIT;
    Promoteros__V1__RoomConfiguration *configurations[] = {&standing};
    Promoteros__V1__Room main_room = PROMOTEROS__V1__ROOM__INIT, attic = PROMOTEROS__V1__ROOM__INIT;
    Promoteros__V1__Room *rooms[] = {&main_room, &attic};
    Promoteros__V1__Venue venue = PROMOTEROS__V1__VENUE__INIT;
    Promoteros__V1__GetVenueResponse response = PROMOTEROS__V1__GET_VENUE_RESPONSE__INIT;
    standing.id = text("standing");
    standing.capacity_tickets = 500;
    main_room.id = text("main");
    main_room.name = text("Main room");
    main_room.configurations = configurations;
    main_room.n_configurations = 1;
    attic.id = text("attic");
    attic.name = text("Attic");
    venue.id = text("ve_1");
    venue.name = text("The Testing Hall");
    venue.city = text("Exampleton");
    venue.rooms = rooms;
    venue.n_rooms = 2;
    response.venue = &venue;
    return pros_pack(run, &response.base);
}

static struct pros_bytes artist_reply(struct pros_run *run)
{
    char *genres[] = {text("rock")};
    Promoteros__V1__Artist artist = PROMOTEROS__V1__ARTIST__INIT;
    Promoteros__V1__GetArtistResponse response = PROMOTEROS__V1__GET_ARTIST_RESPONSE__INIT;
    artist.id = text("ar_1");
    artist.name = text("The Samples");
    artist.genres = genres;
    artist.n_genres = 1;
    response.artist = &artist;
    return pros_pack(run, &response.base);
}

/* The catalog's shows, one table entry each: doubles in the tables are allowed. */
static struct pros_bytes outcomes_reply(struct pros_run *run, const char *artist)
{
    static int32_t days[SHOWS_MAX], index[SHOWS_MAX], zero[SHOWS_MAX], performances[SHOWS_MAX];
    static int64_t capacities[SHOWS_MAX], paid[SHOWS_MAX], heads[SHOWS_MAX], prices[SHOWS_MAX];
    static char *ids[SHOWS_MAX], *artists[SHOWS_MAX], *venues[SHOWS_MAX], *cities[SHOWS_MAX];
    char *nothing[] = {text("")}, *genres[] = {text("rock")};
    Promoteros__V1__QueryShowOutcomesResponse r =
        PROMOTEROS__V1__QUERY_SHOW_OUTCOMES_RESPONSE__INIT;
    size_t n = 0;
    for (size_t i = 0; i < catalog_count; i++) {
        if (artist && strcmp(catalog[i].artist, artist) != 0)
            continue;
        days[n] = catalog[i].day;
        index[n] = (int32_t)n;
        performances[n] = catalog[i].performances;
        capacities[n] = catalog[i].capacity;
        paid[n] = catalog[i].paid;
        heads[n] = catalog[i].heads;
        prices[n] = 2500;
        ids[n] = pros_format(run, "sh_%zu", i);
        artists[n] = text(catalog[i].artist);
        venues[n] = text(catalog[i].venue);
        cities[n++] = text(catalog[i].city);
    }
#define COLUMN(field, values) (r.n_##field = n, r.field = values)
    COLUMN(show_ids, ids);
    COLUMN(show_days, days);
    COLUMN(artist_index, index);
    COLUMN(venue_index, index);
    COLUMN(genre_index, zero);
    COLUMN(room_index, zero);
    COLUMN(capacity_tickets, capacities);
    COLUMN(paid_tickets, paid);
    COLUMN(heads, heads);
    COLUMN(performance_count, performances);
    COLUMN(average_price_minor, prices);
    COLUMN(artist_ids, artists);
    COLUMN(artist_names, artists);
    COLUMN(venue_ids, venues);
    COLUMN(venue_names, venues);
    COLUMN(venue_cities, cities);
#undef COLUMN
    r.genres = genres;
    r.room_ids = nothing;
    r.n_genres = r.n_room_ids = 1;
    r.n_heads -= broken_columns && n > 0;
    return pros_pack(run, &r.base);
}

/* Followers of every artist asked for, as the catalog's table says; ours has 50,000. */
static double followers_of(const char *artist)
{
    for (size_t i = 0; i < catalog_count; i++)
        if (strcmp(catalog[i].artist, artist) == 0 && strcmp(artist, "ar_1") != 0)
            return 100.0 * catalog[i].paid;
    return 50000;
}

static struct pros_bytes signals_reply(struct pros_run *run,
                                       const Promoteros__V1__QuerySignalsRequest *query)
{
    Promoteros__V1__QuerySignalsResponse r = PROMOTEROS__V1__QUERY_SIGNALS_RESPONSE__INIT;
    if (!with_signals)
        return pros_pack(run, &r.base);
    r.series = pros_alloc(run, query->n_entities * sizeof *r.series);
    for (size_t i = 0; i < query->n_entities; i++) {
        Promoteros__V1__SignalSeries *series = pros_alloc(run, sizeof *series);
        promoteros__v1__signal_series__init(series);
        series->entity = query->entities[i];
        series->source = text("spotify");
        series->metric = text("followers");
        series->n_values = series->n_observed_at_ms = 30;
        series->values = pros_alloc(run, 30 * sizeof(double));
        series->observed_at_ms = pros_alloc(run, 30 * sizeof(int64_t));
        for (int k = 0; k < 30; k++) {
            series->observed_at_ms[k] = (int64_t)(TODAY - 900 + 31 * k) * 86400000;
            series->values[k] = followers_of(query->entities[i]->id);
        }
        r.series[r.n_series++] = series;
    }
    return pros_pack(run, &r.base);
}

static enum pros_status answer(struct pros_run *run, const char *method, struct pros_bytes bytes,
                               struct pros_bytes *reply, const char **input_id)
{
    *input_id = "i99";
    if (strstr(method, "GetVenue")) {
        const Promoteros__V1__GetVenueRequest *get =
            (void *)pros_unpack(run, &promoteros__v1__get_venue_request__descriptor, bytes);
        if (strcmp(get->id, "ve_1") != 0)
            return pros_fail(run, PROS_NOT_FOUND, "UNKNOWN_VENUE", "There is no such venue.");
        *reply = venue_reply(run);
    } else if (strstr(method, "GetArtist")) {
        const Promoteros__V1__GetArtistRequest *get =
            (void *)pros_unpack(run, &promoteros__v1__get_artist_request__descriptor, bytes);
        if (strcmp(get->id, "ar_1") != 0)
            return pros_fail(run, PROS_NOT_FOUND, "UNKNOWN_ARTIST", "There is no such artist.");
        *reply = artist_reply(run);
    } else if (strstr(method, "QuerySignals")) {
        *reply = signals_reply(
            run,
            (void *)pros_unpack(run, &promoteros__v1__query_signals_request__descriptor, bytes));
    } else {
        const Promoteros__V1__QueryShowOutcomesRequest *query = (void *)pros_unpack(
            run, &promoteros__v1__query_show_outcomes_request__descriptor, bytes);
        CHECK(strstr(method, "QueryShowOutcomes") != NULL);
        *reply =
            outcomes_reply(run, query->filter->n_artist_ids ? query->filter->artist_ids[0] : NULL);
    }
    return PROS_OK;
}

static bool is_distribution(const struct pros_prediction *prediction)
{
    return prediction->distribution.size > 0 || strcmp(prediction->target, "sell-out") == 0;
}

const struct agent_world agent_world = {.module = AUDIENCE_AGENT,
                                        .as_of_ms = TODAY * DAY_MS + 3600000,
                                        .call = answer,
                                        .is_sound = is_distribution};

static Promoteros__V1__PredictAttendanceRequest usual(void)
{
    Promoteros__V1__PredictAttendanceRequest request =
        PROMOTEROS__V1__PREDICT_ATTENDANCE_REQUEST__INIT;
    request.artist_id = text("ar_1");
    request.venue_id = text("ve_1");
    request.show_date = text("2024-11-15");
    return request;
}

static enum pros_status predict(const Promoteros__V1__PredictAttendanceRequest *request,
                                const Promoteros__V1__PredictAttendanceResponse **response)
{
    struct pros_bytes reply = {NULL, 0};
    enum pros_status status = agent_call("PredictAttendance", &request->base, &reply);
    CHECK_STR(record.fault, "");
    CHECK(record.worst_residual <= 1e-9);
    if (status == PROS_OK)
        *response = (void *)pros_unpack(
            &the_run, &promoteros__v1__predict_attendance_response__descriptor, reply);
    return status;
}

/* What must hold for every answer. */
static void check_answer(const Promoteros__V1__PredictAttendanceResponse *r)
{
    double sum = r->baseline_tickets;
    for (size_t i = 0; i < r->n_reasons; i++) {
        CHECK(r->reasons[i]->text[0] != '\0');
        sum += r->reasons[i]->contribution_tickets;
    }
    CHECK(fabs(sum - r->paid_tickets->mean) <= 1e-9 * fmax(1, r->paid_tickets->mean));
    CHECK(0 <= r->low_tickets && r->low_tickets <= r->likely_tickets &&
          r->likely_tickets <= r->high_tickets && r->high_tickets <= r->capacity_tickets);
    const Promoteros__V1__Distribution *both[] = {r->paid_tickets, r->heads};
    for (int k = 0; k < 2; k++) {
        CHECK_INT(both[k]->n_levels, both[k]->n_values);
        for (size_t i = 1; i < both[k]->n_values; i++)
            CHECK(both[k]->values[i] >= both[k]->values[i - 1]);
        CHECK(isfinite(both[k]->mean) && both[k]->mean >= 0);
    }
    CHECK(r->sell_out_probability >= 0 && r->sell_out_probability <= 1);
    CHECK_NEAR(r->sell_out_probability, r->paid_tickets->mass_at_capacity, 1e-12);
    CHECK(record.conclusions >= 2 && record.steps >= 2 && record.summary[0] != '\0');
    CHECK_STR(r->trace_id, "");
    CHECK(r->trace == NULL);
}

static void add(int day, int capacity, int paid, int heads, int performances, const char *artist,
                const char *venue)
{
    catalog[catalog_count++] =
        (struct row){day, capacity, paid, heads, performances, artist, venue, "Exampleton"};
}

static void nothing_known_gives_the_prior(void)
{
    const Promoteros__V1__PredictAttendanceResponse *r;
    Promoteros__V1__PredictAttendanceRequest request = usual();
    catalog_count = 0;
    CHECK_INT(predict(&request, &r), PROS_OK);
    check_answer(r);
    CHECK_INT(r->basis, PROMOTEROS__V1__PREDICTION_BASIS__PREDICTION_BASIS_PRIOR);
    CHECK_INT(r->capacity_tickets, 500);
    CHECK(r->n_limits >= 2 && record.predictions == 3);
    CHECK(strstr(r->limits[0], "no local data") != NULL);
}

static void a_new_act_in_a_tiny_room_is_served(void)
{
    const Promoteros__V1__PredictAttendanceResponse *r;
    Promoteros__V1__PredictAttendanceRequest request =
        PROMOTEROS__V1__PREDICT_ATTENDANCE_REQUEST__INIT;
    catalog_count = 0;
    for (int i = 0; i < 30; i++)
        add(TODAY - 300 + 9 * i, 60, 20 + i, -1, 1, i % 2 ? "ar_2" : "ar_3", "ve_2");
    request.show_date = text("2024-10-31");
    request._capacity_tickets_case = 6;
    request.capacity_tickets = 60;
    request._comp_tickets_case = 13;
    request.comp_tickets = 10;
    CHECK_INT(predict(&request, &r), PROS_OK);
    check_answer(r);
    CHECK_INT(r->basis, PROMOTEROS__V1__PREDICTION_BASIS__PREDICTION_BASIS_COMPARABLES);
    CHECK_INT(r->capacity_tickets, 60);
    CHECK_INT(record.predictions, 0); /* no ids, no ledger entry */
    CHECK_INT(record.calls, 1);
}

static void the_artists_own_shows_are_named(void)
{
    const Promoteros__V1__PredictAttendanceResponse *r;
    Promoteros__V1__PredictAttendanceRequest request = usual();
    catalog_count = 0;
    for (int i = 0; i < 20; i++)
        add(TODAY - 400 + 15 * i, 500, 400, 340, 1, "ar_2", "ve_1");
    add(TODAY - 200, 500, 150, 120, 1, "ar_1", "ve_1");
    add(TODAY - 100, 300, 150, -1, 1, "ar_1", "ve_3");
    CHECK_INT(predict(&request, &r), PROS_OK);
    check_answer(r);
    CHECK_INT(r->basis, PROMOTEROS__V1__PREDICTION_BASIS__PREDICTION_BASIS_ARTIST);
    CHECK(r->likely_tickets < 330); /* pulled below the room's 400 */
    const Promoteros__V1__ComparableLevel *last = r->levels[r->n_levels - 1];
    CHECK_INT(last->kind, PROMOTEROS__V1__COMPARABLE_KIND__COMPARABLE_KIND_ARTIST_HERE);
    CHECK_INT(last->show_count, 1);
    CHECK_STR(last->shows[0]->show_id, "sh_20");
    CHECK_STR(last->shows[0]->show_date, "2024-03-18");
    CHECK(r->heads->mean < r->paid_tickets->mean);
}

static void a_running_show_is_recognised(void)
{
    const Promoteros__V1__PredictAttendanceResponse *r;
    Promoteros__V1__PredictAttendanceRequest request = usual();
    catalog_count = 0;
    for (int i = 0; i < 30; i++)
        add(TODAY - 2 - 7 * (29 - i), 4000, 2800, -1, 8, "ar_1", "ve_1");
    request.show_date = text("2024-10-09"); /* 7 days after the last week */
    request._performance_count_case = 11;
    request.performance_count = 8;
    CHECK_INT(predict(&request, &r), PROS_OK);
    check_answer(r);
    CHECK_INT(r->basis, PROMOTEROS__V1__PREDICTION_BASIS__PREDICTION_BASIS_RUNNING_SHOW);
    CHECK_INT(r->capacity_tickets, 4000); /* 8 x 500 */
    for (size_t i = 0; i < catalog_count; i++)
        catalog[i].capacity = 3600; /* the stage takes 50 places a night */
    CHECK_INT(predict(&request, &r), PROS_OK);
    CHECK_INT(r->capacity_tickets, 3600);
    for (size_t i = 0; i < catalog_count; i++)
        catalog[i].capacity = 4000;
    CHECK_INT(predict(&request, &r), PROS_OK);
    CHECK(r->likely_tickets > 2500 && r->likely_tickets < 3100);
    CHECK_INT(r->levels[0]->show_count, 30);
    request._sold_tickets_case = 12;
    request.sold_tickets = 3500;
    CHECK_INT(predict(&request, &r), PROS_OK);
    check_answer(r);
    CHECK(r->low_tickets >= 3430);
}

static void a_following_counts_where_shows_are_missing(void)
{
    const Promoteros__V1__PredictAttendanceResponse *r;
    Promoteros__V1__PredictAttendanceRequest request = usual();
    char names[30][16];
    catalog_count = 0;
    for (int i = 0; i < 30; i++) {
        snprintf(names[i], sizeof names[i], "ar_x%d", i);
        add(TODAY - 400 + 13 * i, 500, 50 + 7 * i, -1, 1, names[i], "ve_3");
    }
    CHECK_INT(predict(&request, &r), PROS_OK);
    int64_t without = r->likely_tickets;
    with_signals = true;
    CHECK_INT(predict(&request, &r), PROS_OK);
    check_answer(r);
    const Promoteros__V1__ComparableLevel *level = NULL;
    for (size_t i = 0; i < r->n_levels; i++)
        if (r->levels[i]->kind == PROMOTEROS__V1__COMPARABLE_KIND__COMPARABLE_KIND_FOLLOWING)
            level = r->levels[i];
    CHECK(level && level->show_count == 30);
    CHECK(r->likely_tickets > without); /* 50,000 followers: far above all who played */
    with_signals = false;
}

static void hostile_requests_are_refused_in_words(void)
{
    const Promoteros__V1__PredictAttendanceResponse *r;
    catalog_count = 0;
#define REFUSED(want, why, change)                                                                 \
    do {                                                                                           \
        Promoteros__V1__PredictAttendanceRequest q = usual();                                      \
        change;                                                                                    \
        CHECK_INT(predict(&q, &r), want);                                                          \
        CHECK_STR(record.reason, why);                                                             \
        CHECK(strlen(record.sentence) > 15);                                                       \
    } while (0)
    REFUSED(PROS_INVALID_ARGUMENT, "BAD_CAPACITY",
            (q._capacity_tickets_case = 6, q.capacity_tickets = 0));
    REFUSED(PROS_INVALID_ARGUMENT, "BAD_CAPACITY",
            (q._capacity_tickets_case = 6, q.capacity_tickets = -1));
    REFUSED(PROS_INVALID_ARGUMENT, "BAD_CAPACITY",
            (q._capacity_tickets_case = 6, q.capacity_tickets = INT64_MAX));
    REFUSED(PROS_INVALID_ARGUMENT, "MISSING_ROOM", q.venue_id = text(""));
    REFUSED(PROS_INVALID_ARGUMENT, "MISSING_SHOW_DATE", q.show_date = text(""));
    REFUSED(PROS_INVALID_ARGUMENT, "BAD_SHOW_DATE", q.show_date = text("2024-02-30"));
    REFUSED(PROS_INVALID_ARGUMENT, "BAD_SHOW_DATE", q.show_date = text("tomorrow"));
    REFUSED(PROS_INVALID_ARGUMENT, "SHOW_DATE_PAST", q.show_date = text("2024-10-03"));
    REFUSED(PROS_INVALID_ARGUMENT, "SHOW_DATE_TOO_FAR", q.show_date = text("2099-01-01"));
    REFUSED(PROS_NOT_FOUND, "UNKNOWN_VENUE", q.venue_id = text("ve_404"));
    REFUSED(PROS_NOT_FOUND, "UNKNOWN_ARTIST", q.artist_id = text("ar_404"));
    REFUSED(PROS_NOT_FOUND, "UNKNOWN_ROOM", q.room_id = text("cellar"));
    REFUSED(PROS_NOT_FOUND, "UNKNOWN_CONFIGURATION", q.configuration_id = text("seated"));
    REFUSED(PROS_NOT_FOUND, "UNKNOWN_CONFIGURATION", q.room_id = text("attic"));
    REFUSED(PROS_INVALID_ARGUMENT, "BAD_PERFORMANCE_COUNT",
            (q._performance_count_case = 11, q.performance_count = 0));
    REFUSED(PROS_INVALID_ARGUMENT, "BAD_PERFORMANCE_COUNT",
            (q._performance_count_case = 11, q.performance_count = INT32_MAX));
    REFUSED(PROS_INVALID_ARGUMENT, "NEGATIVE_COUNT",
            (q._sold_tickets_case = 12, q.sold_tickets = -1));
    REFUSED(PROS_INVALID_ARGUMENT, "SOLD_ABOVE_CAPACITY",
            (q._sold_tickets_case = 12, q.sold_tickets = 501));
    REFUSED(PROS_INVALID_ARGUMENT, "BAD_COMP_TICKETS",
            (q._comp_tickets_case = 13, q.comp_tickets = -3));
    Promoteros__V1__Money money = PROMOTEROS__V1__MONEY__INIT;
    money.amount_minor = -1;
    REFUSED(PROS_INVALID_ARGUMENT, "NEGATIVE_PRICE", q.ticket_price = &money);
#undef REFUSED
}

static void a_catalog_that_does_not_fit_together_is_refused(void)
{
    const Promoteros__V1__PredictAttendanceResponse *r;
    Promoteros__V1__PredictAttendanceRequest request = usual();
    catalog_count = 0;
    add(TODAY - 10, 500, 400, 340, 1, "ar_2", "ve_1");
    broken_columns = true;
    CHECK_INT(predict(&request, &r), PROS_INTERNAL);
    CHECK_STR(record.reason, "BAD_REPLY");
    broken_columns = false;
    struct pros_bytes reply = {NULL, 0};
    CHECK_INT(agent()->methods[0].handle(&the_run, (struct pros_bytes){"\xff\xff", 2}, &reply),
              PROS_INVALID_ARGUMENT);
    forget();
}

static void the_same_question_gives_the_same_bytes(void)
{
    Promoteros__V1__PredictAttendanceRequest request = usual();
    struct pros_bytes first, second;
    catalog_count = 0;
    for (int i = 0; i < 50; i++)
        add(TODAY - 400 + 7 * i, 500, 100 + (i * 37) % 400, -1, 1, i % 3 ? "ar_2" : "ar_1", "ve_1");
    forget();
    CHECK_INT(agent()->methods[0].handle(&the_run, pros_pack(&the_run, &request.base), &first),
              PROS_OK);
    CHECK_INT(agent()->methods[0].handle(&the_run, pros_pack(&the_run, &request.base), &second),
              PROS_OK);
    CHECK(first.size == second.size && memcmp(first.data, second.data, first.size) == 0);
    forget();
}

CHECK_MAIN(nothing_known_gives_the_prior, a_new_act_in_a_tiny_room_is_served,
           the_artists_own_shows_are_named, a_running_show_is_recognised,
           a_following_counts_where_shows_are_missing, hostile_requests_are_refused_in_words,
           a_catalog_that_does_not_fit_together_is_refused, the_same_question_gives_the_same_bytes)
