#include "cli/runs.h"

#include "base/clock.h"
#include "cli/clean.h"
#include "cli/display.h"
#include "cli/table.h"

#include <math.h>
#include <promoteros/v1/signal_service.pb-c.h>
#include <string.h>

/* The series on even steps of time, so that gaps show as gaps. */
static char *draw(struct cli *cli, const Promoteros__V1__SignalSeries *series, int width)
{
    size_t count = series->n_values, cells = (size_t)width;
    double *sums = arena_alloc_array(&cli->arena, cells, sizeof *sums);
    double *counts = arena_alloc_array(&cli->arena, cells, sizeof *counts);
    double span;

    if (count == 0 || series->n_observed_at_ms != count)
        return arena_string(&cli->arena, "");
    span = (double)(series->observed_at_ms[count - 1] - series->observed_at_ms[0]);
    if (count < cells || span <= 0)
        return display_sparkline(&cli->arena, series->values, count, width);
    for (size_t i = 0; i < count; i++) {
        double share = (double)(series->observed_at_ms[i] - series->observed_at_ms[0]) / span;
        size_t cell = (size_t)(share * ((double)cells - 0.001));
        sums[cell] += series->values[i];
        counts[cell]++;
    }
    for (size_t i = 0; i < cells; i++)
        sums[i] = counts[i] > 0 ? sums[i] / counts[i] : NAN;
    return display_sparkline(&cli->arena, sums, cells, width);
}

static char *change(struct cli *cli, const Promoteros__V1__SignalSeries *series)
{
    size_t count = series->n_values;
    double first, last;

    if (count < 2 || !(series->values[0] > 0))
        return arena_string(&cli->arena, "");
    first = series->values[0];
    last = series->values[count - 1];
    if (last / first >= 10)
        return cli_format(cli, "%s times", display_number(&cli->arena, round(last / first)));
    return cli_format(cli, "%+.0f %%", 100 * (last / first - 1));
}

static char *day(struct cli *cli, int64_t instant_ms)
{
    return display_date(&cli->arena, cli_timestamp(cli, instant_ms));
}

static void print_series(struct cli *cli, const Promoteros__V1__QuerySignalsResponse *reply)
{
    static const struct table_column columns[] = {
        {"source", false, 8}, {"metric", false, 0}, {"from", false, 0},  {"to", false, 0},
        {"points", true, 0},  {"newest", true, 0},  {"change", true, 0}, {"", false, 0}};
    struct table table;
    int width = cli->width > 0 && cli->width < 100 ? 16 : 32;
    bool simulated = false;

    table_open(&table, cli, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < reply->n_series; i++) {
        const Promoteros__V1__SignalSeries *series = reply->series[i];
        size_t count = series->n_values;
        if (count == 0 || series->n_observed_at_ms != count)
            continue;
        for (size_t k = 0; k < series->n_point_flags; k++)
            simulated = simulated || (series->point_flags[k] & 4);
        table_add(&table, series->source);
        table_add(&table, series->metric);
        table_add(&table, day(cli, series->observed_at_ms[0]));
        table_add(&table, day(cli, series->observed_at_ms[count - 1]));
        table_add(&table, display_count(&cli->arena, (int64_t)count));
        table_add(&table, display_number(&cli->arena, series->values[count - 1]));
        table_add(&table, change(cli, series));
        table_add(&table, draw(cli, series, width));
    }
    table_print(&table, "There are no signals about it, as known then.");
    if (simulated)
        fprintf(cli->out, "%s\n",
                display_styled(cli, DISPLAY_DIM, "Simulated, in whole or in part."));
}

int run_signals(struct cli *cli, const struct args *args)
{
    Promoteros__V1__QuerySignalsRequest request = PROMOTEROS__V1__QUERY_SIGNALS_REQUEST__INIT;
    Promoteros__V1__EntityRef entity, *entities[] = {&entity};
    Promoteros__V1__QuerySignalsResponse *reply;
    char why[CLEAN_WHY_SIZE];
    int64_t instant_ms;
    int code = runs_entity(cli, args->positionals[0], &entity);

    if (code != CLI_OK)
        return code;
    request.entities = entities;
    request.n_entities = 1;
    request.as_of_time = cli_as_of(cli);
    request.sources = runs_list(cli, args, "source", &request.n_sources);
    request.metrics = runs_list(cli, args, "metric", &request.n_metrics);
    if (args_has(args, "from")) {
        if (!clean_instant(args_value(args, "from"), &instant_ms, why))
            return cli_usage(cli, "--from: %s.", why);
        request.start_time = cli_timestamp(cli, instant_ms);
    }
    if (args_has(args, "until")) {
        if (!clean_instant(args_value(args, "until"), &instant_ms, why))
            return cli_usage(cli, "--until: %s.", why);
        request.end_time = cli_timestamp(cli, instant_ms);
    }
    code = CALL(cli, "SignalService/QuerySignals", request, query_signals_response, &reply);
    if (runs_ended(cli, &code))
        return code;
    print_series(cli, reply);
    return CLI_OK;
}

int run_sources(struct cli *cli, const struct args *args)
{
    static const struct table_column columns[] = {
        {"source", false, 0}, {"metric", false, 0}, {"about", false, 0}, {"series", true, 0},
        {"points", true, 0},  {"newest", false, 0}, {"age", false, 0}};
    Promoteros__V1__ListSignalSourcesRequest request =
        PROMOTEROS__V1__LIST_SIGNAL_SOURCES_REQUEST__INIT;
    Promoteros__V1__ListSignalSourcesResponse *reply;
    struct table table;
    int code =
        CALL(cli, "SignalService/ListSignalSources", request, list_signal_sources_response, &reply);

    (void)args;
    if (runs_ended(cli, &code))
        return code;
    table_open(&table, cli, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < reply->n_sources; i++) {
        const Promoteros__V1__SignalSource *source = reply->sources[i];
        table_add(&table, source->source);
        table_add(&table, source->metric);
        table_add(&table,
                  cli_format(cli, "%ss",
                             display_enum(&cli->arena, &promoteros__v1__entity_kind__descriptor,
                                          (int)source->kind)));
        table_add(&table, display_count(&cli->arena, source->series_count));
        table_add(&table, display_count(&cli->arena, source->point_count));
        table_add(&table, display_date(&cli->arena, source->newest_time));
        table_add(&table, display_age(&cli->arena, source->newest_time, clock_now_ms()));
    }
    table_print(&table,
                "There are no signals yet. Bring some in: promoterosctl import signals FILE.");
    return CLI_OK;
}
