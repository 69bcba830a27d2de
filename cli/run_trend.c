/* What the trend analyzer says. */
#include "cli/runs.h"

#include "base/text.h"
#include "cli/clean.h"
#include "cli/display.h"
#include "cli/names.h"
#include "cli/table.h"

#include <math.h>
#include <promoteros/v1/trend_analyzer_service.pb-c.h>
#include <string.h>

static char *stage_text(struct cli *cli, Promoteros__V1__TrendStage stage)
{
    return display_enum(&cli->arena, &promoteros__v1__trend_stage__descriptor, (int)stage);
}

static char *growth_text(struct cli *cli, double weekly_ratio)
{
    return cli_format(cli, "%+.1f %% a week", 100 * (weekly_ratio - 1));
}

/* " by A, B" for a song. */
static char *artists_text(struct cli *cli, const Promoteros__V1__BreakoutCandidate *candidate)
{
    char *text = arena_string(&cli->arena, "");

    for (size_t i = 0; i < candidate->n_artist_ids && i < 4; i++)
        text =
            cli_format(cli, "%s%s%s", text, i ? ", " : " by ",
                       display_clean(&cli->arena, names_of_artist(cli, candidate->artist_ids[i])));
    return text;
}

static void print_candidate(struct cli *cli, const Promoteros__V1__BreakoutCandidate *candidate,
                            size_t position)
{
    struct arena *arena = &cli->arena;
    char *lead = candidate->_expected_lead_days_case
                     ? cli_format(cli, ", in about %.0f days", candidate->expected_lead_days)
                     : arena_string(arena, "");

    fprintf(cli->out, "\n%3zu. %s%s  %s%s%s\n", position,
            display_styled(cli, DISPLAY_BOLD, display_clean(arena, candidate->name)),
            artists_text(cli, candidate),
            display_styled(cli, candidate->probability >= 0.5 ? DISPLAY_GOOD : DISPLAY_PLAIN,
                           display_percent(arena, candidate->probability)),
            lead, candidate->simulated ? "  (simulated)" : "");
    fprintf(cli->out, "     %s%s%s, %s in %d series  %s\n", stage_text(cli, candidate->stage),
            candidate->stage ? ", " : "", growth_text(cli, candidate->weekly_growth_ratio),
            display_counted(arena, candidate->observation_count, "point"), candidate->series_count,
            display_styled(cli, DISPLAY_DIM, candidate->entity ? candidate->entity->id : ""));
    fprintf(cli->out, "     %+6.2f  the usual case, in log-odds\n", candidate->baseline_log_odds);
    for (size_t i = 0; i < candidate->n_reasons; i++)
        fprintf(cli->out, "     %s  %s\n",
                display_styled(cli, candidate->reasons[i]->amount < 0 ? DISPLAY_BAD : DISPLAY_GOOD,
                               cli_format(cli, "%+6.2f", candidate->reasons[i]->amount)),
                display_clean(arena, candidate->reasons[i]->text));
}

static void print_breakouts(struct cli *cli, const Promoteros__V1__DetectBreakoutsResponse *reply)
{
    struct arena *arena = &cli->arena;

    fprintf(cli->out, "%s within %d days\n",
            display_styled(cli, DISPLAY_BOLD, cli_format(cli, "Breakouts: %s", reply->definition)),
            reply->horizon_days);
    display_paragraph(cli, 2, reply->definition_text);
    fprintf(cli->out, "  %s examined, %s there already, %s with too little data\n",
            display_count(arena, reply->examined_count),
            display_count(arena, reply->already_there_count),
            display_count(arena, reply->insufficient_count));
    if (reply->n_candidates == 0)
        fprintf(cli->out, "\nNo candidates. See promoterosctl sources for what data there is, and "
                          "promoterosctl detect --help for the definitions.\n");
    for (size_t i = 0; i < reply->n_candidates; i++)
        print_candidate(cli, reply->candidates[i], i + 1);
    if (reply->n_candidates == 0 || reply->n_insufficient <= 5) {
        for (size_t i = 0; i < reply->n_insufficient && i < 10; i++)
            fprintf(cli->out, "  %s: %s\n", display_clean(arena, reply->insufficient[i]->name),
                    display_clean(arena, reply->insufficient[i]->reason));
    }
    runs_limits(cli, reply->limits, reply->n_limits);
    runs_trace_hint(cli, reply->trace_id);
}

static int read_entities(struct cli *cli, const struct args *args,
                         Promoteros__V1__DetectBreakoutsRequest *request)
{
    static const char *const options[] = {"artist", "track"};
    int code = CLI_OK;

    request->entities =
        arena_alloc_array(&cli->arena, args->option_count + 1, sizeof *request->entities);
    for (int i = 0; i < 2; i++) {
        size_t position = 0;
        const char *text;
        while (code == CLI_OK && (text = args_next(args, options[i], &position))) {
            Promoteros__V1__EntityRef *entity = arena_alloc(&cli->arena, sizeof *entity);
            code = runs_entity(cli, text, entity);
            request->entities[request->n_entities++] = entity;
        }
    }
    return code;
}

int run_detect(struct cli *cli, const struct args *args)
{
    Promoteros__V1__DetectBreakoutsRequest request = PROMOTEROS__V1__DETECT_BREAKOUTS_REQUEST__INIT;
    Promoteros__V1__DetectBreakoutsResponse *reply;
    int64_t horizon = 0, top = 10;
    const char *target = args_value(args, "target");
    int code;

    if (!args_count(cli, args, "horizon-days", &horizon) || !args_count(cli, args, "top", &top))
        return CLI_USAGE;
    if (top < 1 || top > 1000 || horizon > 1000)
        return cli_usage(cli, "--top must be in 1 to 1000, --horizon-days in 7 to 90.");
    request.as_of_time = cli_as_of(cli);
    if (args_has(args, "definition"))
        request.definition = (char *)args_value(args, "definition");
    request.horizon_days = (int32_t)horizon;
    request._horizon_days_case =
        horizon ? PROMOTEROS__V1__DETECT_BREAKOUTS_REQUEST___HORIZON_DAYS_HORIZON_DAYS : 0;
    request.max_candidate_count = (int32_t)top;
    request._max_candidate_count_case =
        PROMOTEROS__V1__DETECT_BREAKOUTS_REQUEST___MAX_CANDIDATE_COUNT_MAX_CANDIDATE_COUNT;
    if (target && !text_parse_double(target, &request.target_multiple))
        return cli_usage(cli, "--target \"%s\" is not a number; write 2 for twice as many.",
                         target);
    request._target_multiple_case =
        target ? PROMOTEROS__V1__DETECT_BREAKOUTS_REQUEST___TARGET_MULTIPLE_TARGET_MULTIPLE : 0;
    request.sources = runs_list(cli, args, "source", &request.n_sources);
    request.metrics = runs_list(cli, args, "metric", &request.n_metrics);
    code = read_entities(cli, args, &request);
    if (code == CLI_OK)
        code = CALL(cli, "TrendAnalyzerService/DetectBreakouts", request, detect_breakouts_response,
                    &reply);
    if (runs_ended(cli, &code))
        return code;
    print_breakouts(cli, reply);
    return CLI_OK;
}

/* The three paths on one scale. */
static void print_paths(struct cli *cli, const Promoteros__V1__ForecastGrowthResponse *reply)
{
    const struct {
        const char *name;
        const double *values;
        size_t count;
    } paths[] = {{"high", reply->highs, reply->n_highs},
                 {"likely", reply->medians, reply->n_medians},
                 {"low", reply->lows, reply->n_lows}};
    double least = reply->last_value, most = reply->last_value;

    for (size_t i = 0; i < 3; i++) {
        for (size_t k = 0; k < paths[i].count; k++) {
            least = fmin(least, paths[i].values[k]);
            most = fmax(most, paths[i].values[k]);
        }
    }
    for (size_t i = 0; i < 3; i++)
        fprintf(cli->out, "  %-6s  %s\n", paths[i].name,
                display_sparkline_between(&cli->arena, paths[i].values, paths[i].count, 45, least,
                                          most));
    fputc('\n', cli->out);
}

static void print_forecast(struct cli *cli, const Promoteros__V1__ForecastGrowthResponse *reply)
{
    static const struct table_column columns[] = {{"days ahead", true, 0},
                                                  {"low", true, 0},
                                                  {"likely", true, 0},
                                                  {"high", true, 0},
                                                  {"a day", true, 0}};
    struct arena *arena = &cli->arena;
    struct table table;

    if (*reply->not_enough_data) {
        display_paragraph(cli, 0, reply->not_enough_data);
        return;
    }
    fprintf(
        cli->out, "%s: %s on %s%s\n",
        display_styled(cli, DISPLAY_BOLD, cli_format(cli, "%s %s", reply->source, reply->metric)),
        display_number(arena, reply->last_value), display_date(arena, reply->last_observed_time),
        reply->is_flow ? ", an amount a day" : "");
    fprintf(cli->out, "  %s, from %d days%s\n", reply->method, reply->history_day_count,
            reply->weekly_season ? ", with a weekly season" : "");
    print_paths(cli, reply);
    table_open(&table, cli, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < reply->n_points; i++) {
        const Promoteros__V1__GrowthPoint *point = reply->points[i];
        table_add(&table, display_count(arena, point->days_ahead));
        table_add(&table, display_number(arena, round(display_quantile(point->value, 0.1))));
        table_add(&table, display_number(arena, round(display_quantile(point->value, 0.5))));
        table_add(&table, display_number(arena, round(display_quantile(point->value, 0.9))));
        table_add(&table, display_signed(arena, point->daily_increment));
    }
    table_print_indented(&table, 2, "");
}

int run_forecast(struct cli *cli, const struct args *args)
{
    Promoteros__V1__ForecastGrowthRequest request = PROMOTEROS__V1__FORECAST_GROWTH_REQUEST__INIT;
    Promoteros__V1__ForecastGrowthResponse *reply;
    Promoteros__V1__EntityRef entity;
    int64_t horizon = 0;
    int code;

    if (!args_count(cli, args, "horizon-days", &horizon))
        return CLI_USAGE;
    if (horizon > 1000)
        return cli_usage(cli, "--horizon-days must be in 1 to 90.");
    code = runs_entity(cli, args->positionals[0], &entity);
    if (code != CLI_OK)
        return code;
    request.entity = &entity;
    request.as_of_time = cli_as_of(cli);
    if (args_has(args, "source"))
        request.source = (char *)args_value(args, "source");
    if (args_has(args, "metric"))
        request.metric = (char *)args_value(args, "metric");
    request.horizon_days = (int32_t)horizon;
    request._horizon_days_case =
        horizon ? PROMOTEROS__V1__FORECAST_GROWTH_REQUEST___HORIZON_DAYS_HORIZON_DAYS : 0;
    code =
        CALL(cli, "TrendAnalyzerService/ForecastGrowth", request, forecast_growth_response, &reply);
    if (runs_ended(cli, &code))
        return code;
    print_forecast(cli, reply);
    runs_limits(cli, reply->limits, reply->n_limits);
    runs_trace_hint(cli, reply->trace_id);
    return CLI_OK;
}

static void print_trend(struct cli *cli, const Promoteros__V1__AnalyzeTrendResponse *reply)
{
    static const struct table_column columns[] = {
        {"source", false, 0}, {"metric", false, 0}, {"newest", true, 0}, {"on", false, 0},
        {"growth", true, 0},  {"points", true, 0},  {"note", false, 10}};
    struct arena *arena = &cli->arena;
    struct table table;

    fprintf(cli->out, "%s\n",
            display_styled(cli, DISPLAY_BOLD,
                           reply->stage ? stage_text(cli, reply->stage) : "too little data"));
    display_paragraph(cli, 2, reply->stage_text);
    if (reply->_weekly_growth_ratio_case)
        display_field(cli, "growth", growth_text(cli, reply->weekly_growth_ratio));
    if (reply->_recent_weekly_growth_ratio_case)
        display_field(cli, "last seven days", growth_text(cli, reply->recent_weekly_growth_ratio));
    fputc('\n', cli->out);
    table_open(&table, cli, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < reply->n_series; i++) {
        const Promoteros__V1__SeriesEvidence *series = reply->series[i];
        table_add(&table, series->source);
        table_add(&table, series->metric);
        table_add(&table, display_number(arena, series->last_value));
        table_add(&table, display_date(arena, series->last_observed_time));
        table_add(&table, series->_weekly_growth_ratio_case
                              ? growth_text(cli, series->weekly_growth_ratio)
                              : "");
        table_add(&table, display_count(arena, series->point_count));
        table_add(&table, series->filled_day_count || series->replaced_value_count
                              ? cli_format(cli, "%d filled, %d replaced", series->filled_day_count,
                                           series->replaced_value_count)
                              : "");
    }
    table_print_indented(&table, 2, "There are no series.");
}

int run_analyze(struct cli *cli, const struct args *args)
{
    Promoteros__V1__AnalyzeTrendRequest request = PROMOTEROS__V1__ANALYZE_TREND_REQUEST__INIT;
    Promoteros__V1__AnalyzeTrendResponse *reply;
    Promoteros__V1__EntityRef entity;
    int code = runs_entity(cli, args->positionals[0], &entity);

    if (code != CLI_OK)
        return code;
    request.entity = &entity;
    request.as_of_time = cli_as_of(cli);
    request.sources = runs_list(cli, args, "source", &request.n_sources);
    request.metrics = runs_list(cli, args, "metric", &request.n_metrics);
    code = CALL(cli, "TrendAnalyzerService/AnalyzeTrend", request, analyze_trend_response, &reply);
    if (runs_ended(cli, &code))
        return code;
    print_trend(cli, reply);
    runs_limits(cli, reply->limits, reply->n_limits);
    runs_trace_hint(cli, reply->trace_id);
    return CLI_OK;
}
