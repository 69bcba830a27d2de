#include "cli/runs.h"

#include "cli/clean.h"
#include "cli/display.h"
#include "cli/names.h"
#include "cli/table.h"

#include <promoteros/v1/catalog_service.pb-c.h>
#include <string.h>

static int64_t largest_capacity(const Promoteros__V1__Venue *venue)
{
    int64_t most = 0;

    for (size_t i = 0; i < venue->n_rooms; i++)
        for (size_t k = 0; k < venue->rooms[i]->n_configurations; k++)
            if (venue->rooms[i]->configurations[k]->capacity_tickets > most)
                most = venue->rooms[i]->configurations[k]->capacity_tickets;
    return most;
}

int run_venues(struct cli *cli, const struct args *args)
{
    static const struct table_column columns[] = {
        {"id", false, 0},   {"venue", false, 12},  {"city", false, 8}, {"country", false, 0},
        {"rooms", true, 0}, {"capacity", true, 0}, {"", false, 0}};
    Promoteros__V1__ListVenuesRequest request = PROMOTEROS__V1__LIST_VENUES_REQUEST__INIT;
    Promoteros__V1__ListVenuesResponse *reply;
    struct table table;
    int code;

    request.page_size = 50;
    if (!runs_limit(cli, args, &request.page_size))
        return CLI_USAGE;
    request.as_of_time = cli_as_of(cli);
    request.own_only = args_has(args, "own");
    request.query = args->count > 0 ? (char *)args->positionals[0] : request.query;
    code = CALL(cli, "CatalogService/ListVenues", request, list_venues_response, &reply);
    if (runs_ended(cli, &code))
        return code;
    table_open(&table, cli, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < reply->n_venues; i++) {
        const Promoteros__V1__Venue *venue = reply->venues[i];
        int64_t capacity = largest_capacity(venue);
        table_add(&table, venue->id);
        table_add(&table, venue->name);
        table_add(&table, venue->city);
        table_add(&table, venue->country_code);
        table_add(&table, display_count(&cli->arena, (int64_t)venue->n_rooms));
        table_add(&table, capacity ? display_count(&cli->arena, capacity) : "");
        table_add(&table, venue->own && venue->simulated ? "own, simulated"
                          : venue->own                   ? "own"
                          : venue->simulated             ? "simulated"
                                                         : "");
    }
    table_print(&table,
                "There are no venues yet. Bring some in: promoterosctl import shows FILE, or "
                "promoterosctl venues add --name NAME --city CITY --capacity N.");
    runs_more(cli, reply->next_page_token);
    return CLI_OK;
}

static void print_economics(struct cli *cli, const Promoteros__V1__RoomEconomics *economics)
{
    struct arena *arena = &cli->arena;

    if (!economics)
        return;
    display_field(cli, "    fixed cost", display_money_message(arena, economics->fixed_cost));
    if (economics->bar_per_head)
        display_field(cli, "    bar per head",
                      cli_format(cli, "%s, of which %s stay",
                                 display_money_message(arena, economics->bar_per_head),
                                 display_percent(arena, (double)economics->bar_margin_ppm / 1e6)));
    display_field(cli, "    facility fee", display_money_message(arena, economics->facility_fee));
    if (economics->ticket_tax_ppm)
        display_field(cli, "    ticket tax",
                      cli_format(cli, "%g %%", (double)economics->ticket_tax_ppm / 1e4));
}

static void print_venue(struct cli *cli, const Promoteros__V1__Venue *venue)
{
    struct arena *arena = &cli->arena;

    fprintf(cli->out, "%s\n", display_styled(cli, DISPLAY_BOLD, display_clean(arena, venue->name)));
    display_field(cli, "id", venue->id);
    display_field(cli, "city", venue->city);
    display_field(cli, "country", venue->country_code);
    display_field(cli, "time zone", venue->time_zone);
    display_field(cli, "ours", venue->own ? "yes" : "no, a competitor's");
    display_field(cli, "note", venue->simulated ? "simulated" : "");
    for (size_t i = 0; i < venue->n_rooms; i++) {
        const Promoteros__V1__Room *room = venue->rooms[i];
        bool named = strcmp(room->name, room->id) != 0;
        fprintf(cli->out, "  room %s%s%s\n", room->id, named ? ", " : "",
                named ? display_clean(arena, room->name) : "");
        for (size_t k = 0; k < room->n_configurations; k++)
            fprintf(cli->out, "    %s: %s tickets, %s\n", room->configurations[k]->id,
                    display_count(arena, room->configurations[k]->capacity_tickets),
                    room->configurations[k]->seated ? "seated" : "standing");
        print_economics(cli, room->economics);
    }
}

int run_venues_show(struct cli *cli, const struct args *args)
{
    Promoteros__V1__GetVenueRequest request = PROMOTEROS__V1__GET_VENUE_REQUEST__INIT;
    Promoteros__V1__GetVenueResponse *reply;
    const char *id = NULL;
    int code = names_venue(cli, args->positionals[0], &id);

    if (code != CLI_OK)
        return code;
    request.id = (char *)id;
    request.as_of_time = cli_as_of(cli);
    code = CALL(cli, "CatalogService/GetVenue", request, get_venue_response, &reply);
    if (runs_ended(cli, &code))
        return code;
    print_venue(cli, reply->venue);
    return CLI_OK;
}

int run_venues_add(struct cli *cli, const struct args *args)
{
    Promoteros__V1__UpsertVenueRequest request = PROMOTEROS__V1__UPSERT_VENUE_REQUEST__INIT;
    Promoteros__V1__Venue venue = PROMOTEROS__V1__VENUE__INIT;
    Promoteros__V1__Room room = PROMOTEROS__V1__ROOM__INIT, *rooms[] = {&room};
    Promoteros__V1__RoomConfiguration usual = PROMOTEROS__V1__ROOM_CONFIGURATION__INIT;
    Promoteros__V1__RoomConfiguration *configurations[] = {&usual};
    Promoteros__V1__UpsertVenueResponse *reply;
    char why[CLEAN_WHY_SIZE];
    int64_t capacity = 0;
    int code;

    if (!args_count(cli, args, "capacity", &capacity))
        return CLI_USAGE;
    if (!args_has(args, "name") || capacity < 1)
        return cli_usage(cli,
                         "A venue needs a name and a capacity: promoterosctl venues add --name "
                         "NAME --city CITY --capacity 500.");
    room.id = args_has(args, "room") ? (char *)args_value(args, "room") : (char *)"main";
    if (!clean_kebab("room", room.id, why))
        return cli_usage(cli, "--room: %s.", why);
    room.name = room.id;
    usual.id = args_has(args, "seated") ? (char *)"seated" : (char *)"standing";
    usual.capacity_tickets = capacity;
    usual.seated = args_has(args, "seated");
    room.configurations = configurations;
    room.n_configurations = 1;
    venue.rooms = rooms;
    venue.n_rooms = 1;
    venue.name = (char *)args_value(args, "name");
    venue.city = args_has(args, "city") ? (char *)args_value(args, "city") : venue.city;
    venue.country_code =
        args_has(args, "country") ? (char *)args_value(args, "country") : venue.country_code;
    venue.time_zone =
        args_has(args, "time-zone") ? (char *)args_value(args, "time-zone") : (char *)"UTC";
    venue.own = !args_has(args, "competitor");
    request.request_id = cli_request_id(cli);
    request.venue = &venue;
    if (!runs_external_ids(cli, args, &venue.external_ids, &venue.n_external_ids))
        return CLI_USAGE;
    code = CALL(cli, "CatalogService/UpsertVenue", request, upsert_venue_response, &reply);
    if (runs_ended(cli, &code))
        return code;
    print_venue(cli, reply->venue);
    return CLI_OK;
}
