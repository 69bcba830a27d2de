/* Sends the city to the daemon, by the doors that everybody uses. */
#include "demo/demo.h"

#include "base/clock.h"
#include "cli/progress.h"
#include "cli/session.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#define CITY_NAME "Port Meridian"

const char *demo_venue_id(struct cli *cli, const struct city_room *room)
{
    char *id = cli_format(cli, "ve_demo-%s", room->venue);
    for (char *c = id + 3; *c; c++)
        *c = isalnum((unsigned char)*c) ? (char)tolower((unsigned char)*c) : '-';
    return id;
}

static void fill_economics(struct cli *cli, const struct city_room *room,
                           Promoteros__V1__Room *message)
{
    Promoteros__V1__Money *money = arena_alloc_array(&cli->arena, 3, sizeof *money);
    const double amounts[3] = {room->fixed_cost, room->bar_per_head, room->capacity >= 400 ? 2 : 0};
    for (int i = 0; i < 3; i++) {
        promoteros__v1__money__init(&money[i]);
        money[i].currency_code = (char *)"USD";
        money[i].amount_minor = (int64_t)(amounts[i] * 100 + 0.5);
    }
    message->economics = arena_alloc(&cli->arena, sizeof *message->economics);
    promoteros__v1__room_economics__init(message->economics);
    message->economics->fixed_cost = &money[0];
    message->economics->bar_per_head = &money[1];
    message->economics->facility_fee = &money[2];
    message->economics->bar_margin_ppm = 720000;
    message->economics->ticket_tax_ppm = 65000;
}

static Promoteros__V1__Room *make_room(struct cli *cli, const struct city_room *room)
{
    Promoteros__V1__Room *message = arena_alloc(&cli->arena, sizeof *message);
    promoteros__v1__room__init(message);
    message->id = (char *)room->room;
    message->name = (char *)room->name;
    Promoteros__V1__RoomConfiguration *configuration =
        arena_alloc(&cli->arena, sizeof *configuration);
    promoteros__v1__room_configuration__init(configuration);
    configuration->id = (char *)(room->seated ? "seated" : "standing");
    configuration->capacity_tickets = room->capacity;
    configuration->seated = room->seated;
    message->configurations = arena_alloc(&cli->arena, sizeof *message->configurations);
    message->configurations[0] = configuration;
    message->n_configurations = 1;
    fill_economics(cli, room, message);
    return message;
}

/* Rooms of one venue stand together in the table. */
static int load_venues(struct cli *cli, const struct city *city)
{
    for (int first = 0, next; first < CITY_ROOMS; first = next) {
        Promoteros__V1__Room *rooms[CITY_ROOMS];
        Promoteros__V1__Venue venue = PROMOTEROS__V1__VENUE__INIT;
        for (next = first;
             next < CITY_ROOMS && !strcmp(city_rooms[next].venue, city_rooms[first].venue); next++)
            rooms[venue.n_rooms++] = make_room(cli, &city_rooms[next]);
        venue.id = (char *)demo_venue_id(cli, &city_rooms[first]);
        venue.name = (char *)city_rooms[first].venue;
        venue.city = (char *)CITY_NAME;
        venue.country_code = (char *)"US";
        venue.time_zone = (char *)"America/Los_Angeles";
        venue.rooms = rooms;
        venue.own = city_rooms[first].own;
        venue.simulated = true;
        Promoteros__V1__UpsertVenueRequest request = PROMOTEROS__V1__UPSERT_VENUE_REQUEST__INIT;
        request.request_id =
            cli_format(cli, "demo-%llu-%s", (unsigned long long)city->seed, venue.id);
        request.venue = &venue;
        int code = cli_call(cli, "CatalogService/UpsertVenue", &request.base,
                            &promoteros__v1__upsert_venue_response__descriptor, NULL);
        if (code != CLI_OK)
            return code;
    }
    return CLI_OK;
}

static enum pros_status add_artist(struct session *session, const struct city *city, int index,
                                   struct failure *failure)
{
    const struct city_artist *artist = &city->artists[index];
    Promoteros__V1__ExternalId external = PROMOTEROS__V1__EXTERNAL_ID__INIT;
    char value[64];
    snprintf(value, sizeof value, DEMO_ID_FORMAT, (unsigned long long)city->seed, index);
    external.scheme = (char *)DEMO_SCHEME;
    external.value = value;
    const char *genre = city_scene_names[artist->scene];
    const struct session_entity entity = {
        .kind = PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_ARTIST,
        .name = artist->name,
        .external_ids = &external,
        .external_id_count = 1,
        .genres = &genre,
        .genre_count = 1,
    };
    const int64_t first_ms = (int64_t)(city->last_day - CITY_SERIES_DAYS + 1) * CLOCK_DAY_MS;
    for (int metric = 0; metric < CITY_METRICS; metric++) {
        struct session_point points[CITY_SERIES_DAYS];
        size_t count = 0;
        for (int day = 0; day < CITY_SERIES_DAYS; day++) {
            double reported = artist->series[metric][day];
            if (isnan(reported) || reported < 0)
                continue;
            bool rounded = metric == 4 && reported >= 1e4;
            points[count++] = (struct session_point){
                .observed_at_ms = first_ms + day * CLOCK_DAY_MS,
                .value = reported,
                .known_at_ms = SESSION_KNOWN_NOW,
                .flags = SESSION_FLAG_SIMULATED | (rounded ? SESSION_FLAG_ROUNDED : 0),
            };
        }
        enum pros_status status =
            session_add_points(session, &entity, city_metrics[metric].source,
                               city_metrics[metric].metric, points, count, failure);
        if (status != PROS_OK)
            return status;
    }
    return PROS_OK;
}

static enum pros_status add_artists(struct cli *cli, struct session *session,
                                    const struct city *city, struct failure *failure)
{
    struct progress progress;
    progress_open(&progress, cli, "Sending daily series", "artists");
    for (int i = 0; i < CITY_ARTISTS; i++) {
        enum pros_status status = add_artist(session, city, i, failure);
        if (status != PROS_OK)
            return status;
        progress_update(&progress, i + 1, (i + 1) / (double)CITY_ARTISTS);
    }
    progress_clear(&progress);
    return PROS_OK;
}

static enum pros_status add_shows(struct cli *cli, struct session *session, const struct city *city,
                                  struct failure *failure)
{
    struct progress progress;
    progress_open(&progress, cli, "Sending shows", "shows");
    for (int i = 0; i < city->show_count; i++) {
        Promoteros__V1__Show show;
        Promoteros__V1__ImportedShow imported = PROMOTEROS__V1__IMPORTED_SHOW__INIT;
        demo_fill_show(cli, city, &city->shows[i], &show);
        imported.show = &show;
        imported.artist_name = (char *)city->artists[city->shows[i].artist].name;
        enum pros_status status = session_add_show(session, &imported, failure);
        if (status != PROS_OK)
            return status;
        progress_update(&progress, i + 1, (i + 1) / (double)city->show_count);
    }
    progress_clear(&progress);
    return PROS_OK;
}

typedef enum pros_status add_all(struct cli *cli, struct session *session, const struct city *city,
                                 struct failure *failure);

/* Runs one import to its end and says what it brought. */
static int run_import(struct cli *cli, const struct city *city, struct session *session,
                      add_all *add, const char *what, struct failure *failure)
{
    if (!session)
        return cli_fail(cli, failure);
    Promoteros__V1__ImportSummary *summary = NULL;
    enum pros_status status = add(cli, session, city, failure);
    if (status == PROS_OK)
        status = session_commit(session, &summary, failure);
    else
        session_abort(session);
    session_close(session);
    if (status != PROS_OK)
        return cli_fail(cli, failure);
    fprintf(cli->err, "%s: %lld new, %lld corrected, %lld known already\n", what,
            (long long)summary->added_count, (long long)summary->corrected_count,
            (long long)summary->unchanged_count);
    return CLI_OK;
}

int demo_load(struct cli *cli, const struct city *city)
{
    int code = load_venues(cli, city);
    if (code != CLI_OK)
        return code;
    struct failure failure = {0};
    struct session_options options = {
        .label = "demo city: daily series",
        .request_id =
            cli_format(cli, "demo-%llu-%d-signals", (unsigned long long)city->seed, city->last_day),
        .has_lag = true,
        .lag_s = 86400,
        .simulated = true,
    };
    code = run_import(cli, city, session_open_signals(cli, &options, &failure), add_artists,
                      "Points of daily series", &failure);
    if (code != CLI_OK)
        return code;
    options.label = "demo city: shows";
    options.request_id =
        cli_format(cli, "demo-%llu-%d-shows", (unsigned long long)city->seed, city->last_day);
    options.lag_s = 36000;
    return run_import(cli, city, session_open_shows(cli, &options, &failure), add_shows, "Shows",
                      &failure);
}
