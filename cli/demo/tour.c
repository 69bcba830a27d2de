/* The viral detection pipeline, asked of the daemon step by step: who breaks out, what they draw
 * here, what to offer. */
#include "demo/tour.h"

#include "base/clock.h"
#include "cli/display.h"
#include "cli/table.h"

#include <math.h>
#include <string.h>

#define TOUR_ROOM      1 /* of city_rooms: the Lantern's main room */
#define TOUR_LIST      8
#define TOUR_OFFERS    3
#define TOUR_LEAD_DAYS 60
#define TOUR_PRICE     2200 /* cents */

/* The tour stands on the day after the city's last reports, however long ago that was. */
static int find_as_of(struct cli *cli, int64_t *as_of_ms)
{
    Promoteros__V1__ListSignalSourcesRequest request =
        PROMOTEROS__V1__LIST_SIGNAL_SOURCES_REQUEST__INIT;
    Promoteros__V1__ListSignalSourcesResponse *reply = NULL;
    int code = cli_call(cli, "SignalService/ListSignalSources", &request.base,
                        &promoteros__v1__list_signal_sources_response__descriptor, (void **)&reply);
    if (code != CLI_OK)
        return code;
    int64_t newest_ms = -1;
    for (size_t i = 0; i < reply->n_sources; i++)
        if (strcmp(reply->sources[i]->source, city_metrics[0].source) == 0 &&
            cli_instant_ms(reply->sources[i]->newest_time) > newest_ms)
            newest_ms = cli_instant_ms(reply->sources[i]->newest_time);
    if (newest_ms < 0) {
        fprintf(cli->err, "The store holds no demo city. Load it first: promoterosctl demo load\n");
        return CLI_FAILED;
    }
    int64_t now_ms = clock_now_ms();
    *as_of_ms = newest_ms + CLOCK_DAY_MS < now_ms ? newest_ms + CLOCK_DAY_MS : now_ms;
    return CLI_OK;
}

/* What the simulation knows and the agents do not. */
static const char *truth_of(struct cli *cli, struct tour *tour, const char *artist_id)
{
    Promoteros__V1__GetArtistRequest request = PROMOTEROS__V1__GET_ARTIST_REQUEST__INIT;
    Promoteros__V1__GetArtistResponse *reply = NULL;
    struct failure failure;
    request.id = (char *)artist_id;
    if (cli_try_call(cli, "CatalogService/GetArtist", &request.base,
                     &promoteros__v1__get_artist_response__descriptor, (void **)&reply,
                     &failure) != PROS_OK)
        return "";
    for (size_t i = 0; i < reply->artist->n_external_ids; i++) {
        unsigned long long seed = 0;
        int index = -1;
        if (strcmp(reply->artist->external_ids[i]->scheme, DEMO_SCHEME) != 0 ||
            sscanf(reply->artist->external_ids[i]->value, DEMO_ID_FORMAT, &seed, &index) != 2 ||
            index < 0 || index >= CITY_ARTISTS)
            continue;
        if (!tour->city)
            tour->city = city_make(seed, (int)(tour->as_of_ms / CLOCK_DAY_MS) - 1);
        const struct city_artist *artist = &tour->city->artists[index];
        int since = CITY_HISTORY_DAYS - artist->turn_day;
        if (artist->fate == FATE_BREAKOUT)
            return cli_format(
                cli, since > 150 ? "broke out %d days ago" : "breaking out since %d days", since);
        if (artist->fate == FATE_FLUKE)
            return cli_format(cli, "a fluke, %d days ago", since);
        return artist->fate == FATE_FADING ? "fading" : "steady";
    }
    return "";
}

static void print_candidates(struct cli *cli, struct tour *tour,
                             const Promoteros__V1__DetectBreakoutsResponse *found)
{
    static const struct table_column columns[] = {
        {"#", true, 0},
        {"Artist", false, 12},
        {"Chance", true, 0},
        {"In about", true, 0},
        {"Stage", false, 0},
        {"Growth a week", true, 0},
        {"Hidden truth", false, 12},
    };
    struct table table;
    table_open(&table, cli, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < found->n_candidates; i++) {
        const Promoteros__V1__BreakoutCandidate *candidate = found->candidates[i];
        table_add(&table, cli_format(cli, "%zu", i + 1));
        table_add(&table, candidate->name);
        table_add(&table, display_percent(&cli->arena, candidate->probability));
        table_add(&table, candidate->_expected_lead_days_case
                              ? cli_format(cli, "%.0f days", candidate->expected_lead_days)
                              : "-");
        table_add(&table, display_enum(&cli->arena, &promoteros__v1__trend_stage__descriptor,
                                       (int)candidate->stage));
        table_add(&table, cli_format(cli, "%+.1f %%", 100 * (candidate->weekly_growth_ratio - 1)));
        table_add(&table, truth_of(cli, tour, candidate->entity->id));
    }
    table_print(&table, "Nobody stands out.");
}

static int detect(struct cli *cli, struct tour *tour)
{
    Promoteros__V1__DetectBreakoutsRequest request = PROMOTEROS__V1__DETECT_BREAKOUTS_REQUEST__INIT;
    request.as_of_time = cli_timestamp(cli, tour->as_of_ms);
    request._max_candidate_count_case =
        PROMOTEROS__V1__DETECT_BREAKOUTS_REQUEST___MAX_CANDIDATE_COUNT_MAX_CANDIDATE_COUNT;
    request.max_candidate_count = TOUR_LIST;
    int code =
        cli_call(cli, "TrendAnalyzerService/DetectBreakouts", &request.base,
                 &promoteros__v1__detect_breakouts_response__descriptor, (void **)&tour->found);
    if (code != CLI_OK || cli->json)
        return code == CLI_OK ? cli_print_json(cli) : code;
    const Promoteros__V1__DetectBreakoutsResponse *found = tour->found;
    display_heading(cli, "1  Who is about to break out?");
    display_paragraph(
        cli, 0,
        cli_format(
            cli,
            "trend-analyzer looked at %lld artists (%lld had the event behind them, %lld had too "
            "little data): %s",
            (long long)found->examined_count, (long long)found->already_there_count,
            (long long)found->insufficient_count, found->definition_text));
    fputc('\n', cli->out);
    print_candidates(cli, tour, found);
    for (size_t i = 0; i < found->n_candidates && i < TOUR_OFFERS; i++) {
        const Promoteros__V1__BreakoutCandidate *candidate = found->candidates[i];
        fprintf(cli->out, "\nWhy %s:\n", candidate->name);
        for (size_t k = 0; k < candidate->n_reasons && k < 4; k++)
            display_paragraph(cli, 2,
                              cli_format(cli, "%+.2f  %s", candidate->reasons[k]->amount,
                                         candidate->reasons[k]->text));
    }
    display_paragraph(cli, 0,
                      cli_format(cli,
                                 "(amounts are log-odds; the whole sum: promoterosctl trace %s)",
                                 found->trace_id));
    return CLI_OK;
}

/* The first Friday far enough ahead. */
static void choose_date(struct tour *tour)
{
    int32_t day = (int32_t)(tour->as_of_ms / CLOCK_DAY_MS) + TOUR_LEAD_DAYS;
    while (clock_weekday(day) != 4)
        day++;
    clock_format_date(day, tour->show_date);
}

static int read_room(struct cli *cli, struct tour *tour)
{
    const struct city_room *room = &city_rooms[TOUR_ROOM];
    Promoteros__V1__GetVenueRequest request = PROMOTEROS__V1__GET_VENUE_REQUEST__INIT;
    Promoteros__V1__GetVenueResponse *reply = NULL;
    request.id = (char *)demo_venue_id(cli, room);
    int code = cli_call(cli, "CatalogService/GetVenue", &request.base,
                        &promoteros__v1__get_venue_response__descriptor, (void **)&reply);
    if (code != CLI_OK)
        return code;
    tour->venue = reply->venue;
    for (size_t i = 0; i < reply->venue->n_rooms; i++)
        if (strcmp(reply->venue->rooms[i]->id, room->room) == 0)
            tour->room = reply->venue->rooms[i];
    if (tour->room && tour->room->economics && tour->room->n_configurations > 0)
        return CLI_OK;
    fprintf(cli->err, "The demo room has been changed; load the demo city into an empty store.\n");
    return CLI_FAILED;
}

int demo_tour(struct cli *cli)
{
    struct tour tour = {0};
    int code = find_as_of(cli, &tour.as_of_ms);
    if (code == CLI_OK)
        code = read_room(cli, &tour);
    if (code == CLI_OK) {
        choose_date(&tour);
        if (!cli->json)
            fprintf(cli->out, "%s\n",
                    display_styled(cli, DISPLAY_BOLD,
                                   "Everything below is about a simulated city; no artist, show or "
                                   "figure is real."));
        code = detect(cli, &tour);
    }
    if (code == CLI_OK && !cli->json) {
        char *heading = cli_format(
            cli,
            "2  What would they draw in the %s (%lld tickets) on Friday %s, and what to offer?",
            tour.room->name, (long long)tour.room->configurations[0]->capacity_tickets,
            tour.show_date);
        display_heading(cli, heading);
    }
    for (size_t i = 0; code == CLI_OK && i < tour.found->n_candidates && i < TOUR_OFFERS; i++)
        code = tour_offer(cli, &tour, tour.found->candidates[i], TOUR_PRICE);
    city_free(tour.city);
    return code;
}
