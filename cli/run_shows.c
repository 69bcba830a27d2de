#include "cli/runs.h"

#include "cli/display.h"
#include "cli/names.h"
#include "cli/table.h"

#include <promoteros/v1/catalog_service.pb-c.h>
#include <string.h>

/* A name of a record, looked up once a command. */
struct known_name {
    const char *id;
    const char *name;
};

static const char *name_of(struct cli *cli, struct known_name *known, size_t *count, const char *id,
                           const char *(*look_up)(struct cli *, const char *))
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp(known[i].id, id) == 0)
            return known[i].name;
    known[*count] = (struct known_name){id, look_up(cli, id)};
    return known[(*count)++].name;
}

static int read_filter(struct cli *cli, const struct args *args, Promoteros__V1__ShowFilter *filter)
{
    size_t position = 0, most = args->option_count + args->count + 1;
    const char *text;
    int code = CLI_OK;

    filter->artist_ids = arena_alloc_array(&cli->arena, most, sizeof(char *));
    filter->venue_ids = arena_alloc_array(&cli->arena, most, sizeof(char *));
    while (code == CLI_OK && (text = args_next(args, "artist", &position)))
        code = names_artist(cli, text, (const char **)&filter->artist_ids[filter->n_artist_ids++]);
    position = 0;
    while (code == CLI_OK && (text = args_next(args, "venue", &position)))
        code = names_venue(cli, text, (const char **)&filter->venue_ids[filter->n_venue_ids++]);
    if ((text = args_value(args, "genre")))
        filter->genre = (char *)text;
    if ((text = args_value(args, "city")))
        filter->city = (char *)text;
    if ((text = args_value(args, "from")))
        filter->start_date = (char *)text;
    if ((text = args_value(args, "until")))
        filter->end_date = (char *)text;
    filter->own_only = args_has(args, "own");
    return code;
}

/* The newest count of tickets, or -1. */
static int64_t sold_tickets(const Promoteros__V1__Show *show)
{
    if (show->attendance && show->attendance->_paid_tickets_case)
        return show->attendance->paid_tickets;
    return show->n_ticket_counts > 0 ? show->ticket_counts[show->n_ticket_counts - 1]->sold_tickets
                                     : -1;
}

static char *status_of(struct cli *cli, const Promoteros__V1__Show *show)
{
    if (show->n_status_history == 0)
        return arena_string(&cli->arena, "");
    return display_enum(&cli->arena, &promoteros__v1__show_status__descriptor,
                        (int)show->status_history[show->n_status_history - 1]->status);
}

static void print_shows(struct cli *cli, Promoteros__V1__Show *const *shows, size_t count)
{
    static const struct table_column columns[] = {
        {"date", false, 0},    {"artist", false, 12}, {"venue", false, 10}, {"tickets", true, 0},
        {"capacity", true, 0}, {"sold", true, 0},     {"status", false, 8}, {"id", false, 0}};
    struct known_name *artists = arena_alloc_array(&cli->arena, count + 1, sizeof *artists);
    struct known_name *venues = arena_alloc_array(&cli->arena, count + 1, sizeof *venues);
    size_t artist_count = 0, venue_count = 0;
    struct arena *arena = &cli->arena;
    struct table table;

    table_open(&table, cli, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < count; i++) {
        const Promoteros__V1__Show *show = shows[i];
        int64_t sold = sold_tickets(show);
        table_add(&table, show->show_date);
        table_add(&table, name_of(cli, artists, &artist_count, show->artist_id, names_of_artist));
        table_add(&table, name_of(cli, venues, &venue_count, show->venue_id, names_of_venue));
        table_add(&table, sold >= 0 ? display_count(arena, sold) : "");
        table_add(&table, display_count(arena, show->capacity_tickets));
        table_add(&table,
                  sold >= 0 && show->capacity_tickets > 0
                      ? display_percent(arena, (double)sold / (double)show->capacity_tickets)
                      : "");
        table_add(&table, status_of(cli, show));
        table_add(&table, show->id);
    }
    table_print(&table, "No such shows. Bring some in: promoterosctl import shows FILE, or "
                        "promoterosctl shows add.");
}

int run_shows(struct cli *cli, const struct args *args)
{
    Promoteros__V1__ListShowsRequest request = PROMOTEROS__V1__LIST_SHOWS_REQUEST__INIT;
    Promoteros__V1__ShowFilter filter = PROMOTEROS__V1__SHOW_FILTER__INIT;
    Promoteros__V1__ListShowsResponse *reply;
    int code;

    request.page_size = 30;
    if (!runs_limit(cli, args, &request.page_size))
        return CLI_USAGE;
    code = read_filter(cli, args, &filter);
    if (code != CLI_OK)
        return code;
    request.filter = &filter;
    request.as_of_time = cli_as_of(cli);
    code = CALL(cli, "CatalogService/ListShows", request, list_shows_response, &reply);
    if (runs_ended(cli, &code))
        return code;
    print_shows(cli, reply->shows, reply->n_shows);
    runs_more(cli, reply->next_page_token);
    return CLI_OK;
}

static void print_attendance(struct cli *cli, const Promoteros__V1__Attendance *attendance)
{
    struct arena *arena = &cli->arena;

    if (!attendance)
        return;
    if (attendance->_paid_tickets_case)
        display_field(cli, "paid", display_count(arena, attendance->paid_tickets));
    if (attendance->_heads_case)
        display_field(cli, "heads", display_count(arena, attendance->heads));
    if (attendance->_comp_tickets_case)
        display_field(cli, "comps", display_count(arena, attendance->comp_tickets));
    display_field(cli, "gross", display_money_message(arena, attendance->gross));
    display_field(cli, "known since", display_date(arena, attendance->known_time));
}

static void print_pacing(struct cli *cli, const Promoteros__V1__Show *show)
{
    double *sold = arena_alloc_array(&cli->arena, show->n_ticket_counts + 1, sizeof *sold);

    if (show->n_ticket_counts == 0)
        return;
    for (size_t i = 0; i < show->n_ticket_counts; i++)
        sold[i] = (double)show->ticket_counts[i]->sold_tickets;
    display_field(
        cli, "pacing",
        cli_format(cli, "%s  %s on %s",
                   display_sparkline(&cli->arena, sold, show->n_ticket_counts, 40),
                   display_count(&cli->arena, (int64_t)sold[show->n_ticket_counts - 1]),
                   display_date(&cli->arena,
                                show->ticket_counts[show->n_ticket_counts - 1]->observed_time)));
}

static void print_show(struct cli *cli, const Promoteros__V1__Show *show)
{
    struct arena *arena = &cli->arena;
    const char *artist = names_of_artist(cli, show->artist_id);
    const char *venue = names_of_venue(cli, show->venue_id);

    fprintf(cli->out, "%s\n",
            display_styled(cli, DISPLAY_BOLD,
                           cli_format(cli, "%s at %s, %s", display_clean(arena, artist),
                                      display_clean(arena, venue), show->show_date)));
    display_field(cli, "id", show->id);
    display_field(cli, "room", show->room_id);
    display_field(cli, "genre", show->genre);
    if (show->performance_count > 1)
        display_field(cli, "performances", display_count(arena, show->performance_count));
    display_field(cli, "capacity", display_count(arena, show->capacity_tickets));
    for (size_t i = 0; i < show->n_price_tiers; i++)
        display_field(cli, cli_format(cli, "price %s", show->price_tiers[i]->name),
                      display_money_message(arena, show->price_tiers[i]->price));
    for (size_t i = 0; i < show->n_status_history; i++)
        display_field(cli,
                      display_enum(arena, &promoteros__v1__show_status__descriptor,
                                   (int)show->status_history[i]->status),
                      display_date(arena, show->status_history[i]->observed_time));
    print_pacing(cli, show);
    print_attendance(cli, show->attendance);
    display_field(cli, "artist payout", display_money_message(arena, show->artist_payout));
    display_field(cli, "note", show->simulated ? "simulated" : "");
}

int run_shows_show(struct cli *cli, const struct args *args)
{
    Promoteros__V1__GetShowRequest request = PROMOTEROS__V1__GET_SHOW_REQUEST__INIT;
    Promoteros__V1__GetShowResponse *reply;
    int code;

    request.id = (char *)args->positionals[0];
    request.as_of_time = cli_as_of(cli);
    code = CALL(cli, "CatalogService/GetShow", request, get_show_response, &reply);
    if (runs_ended(cli, &code))
        return code;
    print_show(cli, reply->show);
    return CLI_OK;
}
