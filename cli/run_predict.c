#include "cli/runs.h"

#include "cli/clean.h"
#include "cli/display.h"
#include "cli/names.h"
#include "cli/predict.h"
#include "cli/table.h"

#include <string.h>

static int read_night(struct cli *cli, const struct args *args,
                      Promoteros__V1__PredictAttendanceRequest *request)
{
    const char *artist = args_value(args, "artist"), *venue = args_value(args, "venue");
    const char *date = args_value(args, "date");
    char why[CLEAN_WHY_SIZE];
    int32_t days;
    int code = CLI_OK;

    if (!date)
        return cli_usage(cli, "Say which night with --date YYYY-MM-DD.");
    if (!clean_date(date, &days, why))
        return cli_usage(cli, "--date: %s.", why);
    if (!venue && !args_has(args, "capacity"))
        return cli_usage(cli, "Say where with --venue NAME, or how large with --capacity N.");
    request->show_date = (char *)date;
    if (artist)
        code = names_artist(cli, artist, (const char **)&request->artist_id);
    if (code == CLI_OK && venue)
        code = names_venue(cli, venue, (const char **)&request->venue_id);
    return code;
}

static int read_price(struct cli *cli, const struct args *args,
                      Promoteros__V1__PredictAttendanceRequest *request)
{
    const char *text = args_value(args, "price");
    Promoteros__V1__Money *price = arena_alloc(&cli->arena, sizeof *price);
    char currency[4], why[CLEAN_WHY_SIZE];

    if (!text)
        return CLI_OK;
    promoteros__v1__money__init(price);
    if (!clean_price(text, &price->amount_minor, currency, why))
        return cli_usage(cli, "--price: %s.", why);
    price->currency_code = arena_string(&cli->arena, currency);
    request->ticket_price = price;
    return CLI_OK;
}

static int read_request(struct cli *cli, const struct args *args,
                        Promoteros__V1__PredictAttendanceRequest *request)
{
    int64_t performances = 1;
    int code = read_night(cli, args, request);

    if (code == CLI_OK)
        code = read_price(cli, args, request);
    if (code != CLI_OK)
        return code;
    if (!args_count(cli, args, "capacity", &request->capacity_tickets) ||
        !args_count(cli, args, "sold", &request->sold_tickets) ||
        !args_count(cli, args, "comps", &request->comp_tickets) ||
        !args_count(cli, args, "performances", &performances))
        return CLI_USAGE;
    if (performances > 60)
        return cli_usage(cli, "--performances must be in 1 to 60.");
    request->performance_count = (int32_t)performances;
    request->_capacity_tickets_case = args_has(args, "capacity") ? 6 : 0;
    request->_performance_count_case = args_has(args, "performances") ? 11 : 0;
    request->_sold_tickets_case = args_has(args, "sold") ? 12 : 0;
    request->_comp_tickets_case = args_has(args, "comps") ? 13 : 0;
    if (args_has(args, "room"))
        request->room_id = (char *)args_value(args, "room");
    if (args_has(args, "configuration"))
        request->configuration_id = (char *)args_value(args, "configuration");
    if (args_has(args, "genre"))
        request->genre = (char *)args_value(args, "genre");
    if (args_has(args, "city"))
        request->city = (char *)args_value(args, "city");
    request->as_of_time = cli_as_of(cli);
    return CLI_OK;
}

int predict_attendance(struct cli *cli, const struct args *args,
                       Promoteros__V1__PredictAttendanceResponse **reply)
{
    Promoteros__V1__PredictAttendanceRequest request =
        PROMOTEROS__V1__PREDICT_ATTENDANCE_REQUEST__INIT;
    int code = read_request(cli, args, &request);

    return code != CLI_OK ? code
                          : CALL(cli, "AudiencePredictorService/PredictAttendance", request,
                                 predict_attendance_response, reply);
}

static void print_levels(struct cli *cli, const Promoteros__V1__PredictAttendanceResponse *reply)
{
    static const struct table_column columns[] = {
        {"comparable with", false, 12}, {"shows", true, 0},
        {"sold out", true, 0},          {"weight", true, 0},
        {"of capacity", true, 0},       {"tickets", true, 0}};
    struct arena *arena = &cli->arena;
    struct table table;

    if (reply->n_levels == 0)
        return;
    display_heading(cli, "Evidence");
    table_open(&table, cli, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < reply->n_levels; i++) {
        const Promoteros__V1__ComparableLevel *level = reply->levels[i];
        table_add(&table, display_enum(arena, &promoteros__v1__comparable_kind__descriptor,
                                       (int)level->kind));
        table_add(&table, display_count(arena, level->show_count));
        table_add(&table, display_count(arena, level->sold_out_count));
        table_add(&table, display_percent(arena, level->weight));
        table_add(&table, display_percent(arena, level->mean_share));
        table_add(&table, display_signed(arena, level->contribution_tickets));
    }
    table_print_indented(&table, 2, "");
}

static void print_prediction(struct cli *cli,
                             const Promoteros__V1__PredictAttendanceResponse *reply)
{
    struct arena *arena = &cli->arena;

    fprintf(
        cli->out, "%s  low %s / likely %s / high %s of %s\n",
        display_styled(cli, DISPLAY_BOLD, "Paid tickets"), display_count(arena, reply->low_tickets),
        display_styled(cli, DISPLAY_BOLD, display_count(arena, reply->likely_tickets)),
        display_count(arena, reply->high_tickets), display_count(arena, reply->capacity_tickets));
    if (reply->heads && reply->heads->n_levels > 0)
        fprintf(cli->out, "%s         %s\n", display_styled(cli, DISPLAY_BOLD, "Heads"),
                display_range(arena, reply->heads));
    fprintf(cli->out, "%s      %s\n", display_styled(cli, DISPLAY_BOLD, "Sell-out"),
            display_percent(arena, reply->sell_out_probability));
    fprintf(cli->out, "%s      %s\n", display_styled(cli, DISPLAY_BOLD, "Rests on"),
            display_enum(arena, &promoteros__v1__prediction_basis__descriptor, (int)reply->basis));
    if (reply->n_reasons > 0) {
        display_heading(cli, "Why");
        fprintf(cli->out, "  %6.0f  what the market sells of this room\n", reply->baseline_tickets);
    }
    for (size_t i = 0; i < reply->n_reasons; i++)
        fprintf(cli->out, "  %s  %s\n",
                display_styled(
                    cli, reply->reasons[i]->contribution_tickets < 0 ? DISPLAY_BAD : DISPLAY_GOOD,
                    cli_format(cli, "%6s",
                               display_signed(arena, reply->reasons[i]->contribution_tickets))),
                display_clean(arena, reply->reasons[i]->text));
    print_levels(cli, reply);
    runs_limits(cli, reply->limits, reply->n_limits);
    runs_trace_hint(cli, reply->trace_id);
}

/* Who and where, as the names were understood. */
static void print_night(struct cli *cli, const struct args *args)
{
    const char *artist = args_value(args, "artist"), *venue = args_value(args, "venue");
    const char *artist_id = "", *venue_id = "";

    if (artist && names_artist(cli, artist, &artist_id) == CLI_OK)
        artist = names_of_artist(cli, artist_id);
    if (venue && names_venue(cli, venue, &venue_id) == CLI_OK)
        venue = names_of_venue(cli, venue_id);
    fprintf(cli->out, "%s\n\n",
            display_styled(cli, DISPLAY_BOLD,
                           display_clean(&cli->arena, cli_format(cli, "%s at %s, %s",
                                                                 artist ? artist : "A new act",
                                                                 venue ? venue : "an ad-hoc room",
                                                                 args_value(args, "date")))));
}

int run_predict(struct cli *cli, const struct args *args)
{
    Promoteros__V1__PredictAttendanceResponse *reply;
    int code = predict_attendance(cli, args, &reply);

    if (runs_ended(cli, &code))
        return code;
    print_night(cli, args);
    print_prediction(cli, reply);
    return CLI_OK;
}
