/* What people enter about a show: that it is, how it sells, who came. */
#include "cli/runs.h"

#include "base/clock.h"
#include "cli/clean.h"
#include "cli/display.h"
#include "cli/names.h"

#include <promoteros/v1/catalog_service.pb-c.h>
#include <string.h>

static int upsert(struct cli *cli, Promoteros__V1__Show *show)
{
    Promoteros__V1__UpsertShowRequest request = PROMOTEROS__V1__UPSERT_SHOW_REQUEST__INIT;
    Promoteros__V1__UpsertShowResponse *reply;
    int code;

    request.request_id = cli_request_id(cli);
    request.show = show;
    code = CALL(cli, "CatalogService/UpsertShow", request, upsert_show_response, &reply);
    if (runs_ended(cli, &code))
        return code;
    fprintf(cli->out, "Kept as %s.\n", reply->show->id);
    fprintf(cli->out, "%s\n",
            display_styled(cli, DISPLAY_DIM,
                           cli_format(cli, "See promoterosctl shows show %s", reply->show->id)));
    return CLI_OK;
}

static int get(struct cli *cli, const char *id, Promoteros__V1__Show **show)
{
    Promoteros__V1__GetShowRequest request = PROMOTEROS__V1__GET_SHOW_REQUEST__INIT;
    Promoteros__V1__GetShowResponse *reply = NULL;
    int code;

    request.id = (char *)id;
    code = CALL(cli, "CatalogService/GetShow", request, get_show_response, &reply);
    if (code == CLI_OK)
        *show = reply->show;
    return code;
}

/* The usual capacity of the room that is meant; 0 when not known. */
static int room_capacity(struct cli *cli, const char *venue_id, const char *room_id,
                         int64_t *capacity)
{
    Promoteros__V1__GetVenueRequest request = PROMOTEROS__V1__GET_VENUE_REQUEST__INIT;
    Promoteros__V1__GetVenueResponse *reply = NULL;
    int code;

    request.id = (char *)venue_id;
    code = CALL(cli, "CatalogService/GetVenue", request, get_venue_response, &reply);
    for (size_t i = 0; code == CLI_OK && i < reply->venue->n_rooms; i++) {
        const Promoteros__V1__Room *room = reply->venue->rooms[i];
        if ((!*room_id || strcmp(room->id, room_id) == 0) && room->n_configurations > 0) {
            *capacity = room->configurations[0]->capacity_tickets;
            break;
        }
    }
    return code;
}

/* Adds a state that holds from now on. */
static void add_status(struct cli *cli, Promoteros__V1__Show *show,
                       Promoteros__V1__ShowStatus status)
{
    Promoteros__V1__ShowStatusChange **changes =
        arena_alloc_array(&cli->arena, show->n_status_history + 1, sizeof *changes);
    Promoteros__V1__ShowStatusChange *change = arena_alloc(&cli->arena, sizeof *change);

    if (show->n_status_history > 0)
        memcpy(changes, show->status_history, show->n_status_history * sizeof(*changes));
    promoteros__v1__show_status_change__init(change);
    change->status = status;
    change->observed_time = cli_timestamp(cli, clock_now_ms());
    changes[show->n_status_history++] = change;
    show->status_history = changes;
}

static int read_price(struct cli *cli, const struct args *args, Promoteros__V1__Show *show)
{
    const char *text = args_value(args, "price");
    Promoteros__V1__PriceTier *tier = arena_alloc(&cli->arena, sizeof *tier);
    Promoteros__V1__PriceTier **tiers = arena_alloc(&cli->arena, sizeof *tiers);
    Promoteros__V1__Money *price = arena_alloc(&cli->arena, sizeof *price);
    char currency[4], why[CLEAN_WHY_SIZE];

    if (!text)
        return CLI_OK;
    promoteros__v1__price_tier__init(tier);
    promoteros__v1__money__init(price);
    if (!clean_price(text, &price->amount_minor, currency, why))
        return cli_usage(cli, "--price: %s.", why);
    price->currency_code = arena_string(&cli->arena, currency);
    tier->name = (char *)"usual";
    tier->price = price;
    tiers[0] = tier;
    show->price_tiers = tiers;
    show->n_price_tiers = 1;
    return CLI_OK;
}

int run_shows_add(struct cli *cli, const struct args *args)
{
    Promoteros__V1__Show show = PROMOTEROS__V1__SHOW__INIT;
    const char *artist = args_value(args, "artist"), *venue = args_value(args, "venue");
    const char *date = args_value(args, "date");
    char why[CLEAN_WHY_SIZE];
    int32_t days;
    int code;

    if (!artist || !venue || !date)
        return cli_usage(cli, "A show needs --artist, --venue and --date YYYY-MM-DD.");
    if (!clean_date(date, &days, why))
        return cli_usage(cli, "--date: %s.", why);
    if (!args_count(cli, args, "capacity", &show.capacity_tickets))
        return CLI_USAGE;
    code = names_artist(cli, artist, (const char **)&show.artist_id);
    if (code == CLI_OK)
        code = names_venue(cli, venue, (const char **)&show.venue_id);
    if (code == CLI_OK)
        code = read_price(cli, args, &show);
    if (args_has(args, "room"))
        show.room_id = (char *)args_value(args, "room");
    if (args_has(args, "genre"))
        show.genre = (char *)args_value(args, "genre");
    if (code == CLI_OK && show.capacity_tickets == 0)
        code = room_capacity(cli, show.venue_id, show.room_id, &show.capacity_tickets);
    if (code != CLI_OK)
        return code;
    if (show.capacity_tickets == 0)
        return cli_usage(cli, "The room's capacity is not known; say it with --capacity N.");
    show.show_date = (char *)date;
    show.performance_count = 1;
    add_status(cli, &show, PROMOTEROS__V1__SHOW_STATUS__SHOW_STATUS_CONFIRMED);
    return upsert(cli, &show);
}

int run_shows_sold(struct cli *cli, const struct args *args)
{
    Promoteros__V1__TicketCount count = PROMOTEROS__V1__TICKET_COUNT__INIT, **counts;
    Promoteros__V1__Show *show;
    char why[CLEAN_WHY_SIZE];
    int64_t at_ms = clock_now_ms();
    size_t at;
    int code;

    if (!clean_count(args->positionals[1], ',', &count.sold_tickets, why))
        return cli_usage(cli, "The count: %s.", why);
    if (args_has(args, "at") && !clean_instant(args_value(args, "at"), &at_ms, why))
        return cli_usage(cli, "--at: %s.", why);
    code = get(cli, args->positionals[0], &show);
    if (code != CLI_OK)
        return code;
    count.observed_time = cli_timestamp(cli, at_ms);
    counts = arena_alloc_array(&cli->arena, show->n_ticket_counts + 1, sizeof *counts);
    for (at = 0; at < show->n_ticket_counts &&
                 cli_instant_ms(show->ticket_counts[at]->observed_time) <= at_ms;
         at++)
        counts[at] = show->ticket_counts[at];
    counts[at] = &count;
    for (size_t i = at; i < show->n_ticket_counts; i++)
        counts[i + 1] = show->ticket_counts[i];
    show->ticket_counts = counts;
    show->n_ticket_counts++;
    return upsert(cli, show);
}

int run_shows_attendance(struct cli *cli, const struct args *args)
{
    Promoteros__V1__Attendance attendance = PROMOTEROS__V1__ATTENDANCE__INIT;
    Promoteros__V1__Money gross = PROMOTEROS__V1__MONEY__INIT;
    char currency[4], why[CLEAN_WHY_SIZE];
    Promoteros__V1__Show *show;
    int code;

    if (!args_has(args, "paid") && !args_has(args, "heads"))
        return cli_usage(cli, "Say who came with --paid N, --heads N, or both.");
    if (!args_count(cli, args, "paid", &attendance.paid_tickets) ||
        !args_count(cli, args, "heads", &attendance.heads) ||
        !args_count(cli, args, "comps", &attendance.comp_tickets))
        return CLI_USAGE;
    attendance._paid_tickets_case = args_has(args, "paid") ? 1 : 0;
    attendance._heads_case = args_has(args, "heads") ? 2 : 0;
    attendance._comp_tickets_case = args_has(args, "comps") ? 3 : 0;
    if (args_has(args, "gross")) {
        if (!clean_price(args_value(args, "gross"), &gross.amount_minor, currency, why))
            return cli_usage(cli, "--gross: %s.", why);
        gross.currency_code = currency;
        attendance.gross = &gross;
    }
    code = get(cli, args->positionals[0], &show);
    if (code != CLI_OK)
        return code;
    attendance.known_time = cli_timestamp(cli, clock_now_ms());
    show->attendance = &attendance;
    add_status(cli, show, PROMOTEROS__V1__SHOW_STATUS__SHOW_STATUS_PLAYED);
    return upsert(cli, show);
}
