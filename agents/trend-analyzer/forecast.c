#include <math.h>
#include <string.h>

#include "trend-analyzer/growth.h"
#include "trend-analyzer/trend.h"

enum { LEVEL_COUNT = GROWTH_QUANTILES, LOW = 1, MEDIAN = 3, HIGH = 5 };

struct choice {
    const char *source, *metric; /* asked for; "" means any */
    const Promoteros__V1__SignalSeries *series;
    struct pros_run *run;
    struct growth_history history; /* of series, when is_ready */
    bool is_ready;
    int64_t points;
};

/* Keeps the series with the most usable days; ranks are no amounts. */
static enum pros_status choose(void *context, const struct subject *subject)
{
    struct choice *choice = context;
    int64_t last_day = trajectory_day(pros_as_of_ms(choice->run));
    for (size_t i = 0; i < subject->series_count; i++) {
        const Promoteros__V1__SignalSeries *message = subject->series[i];
        struct trajectory_series series;
        struct growth_history history;
        if ((*choice->source && strcmp(choice->source, message->source) != 0) ||
            (*choice->metric && strcmp(choice->metric, message->metric) != 0) ||
            strcmp(message->metric, "rank") == 0 || !series_points(message, &series))
            continue;
        choice->points += (int64_t)series.count;
        if (!growth_prepare(&series, last_day, &history))
            continue;
        if (!choice->is_ready || history.days > choice->history.days) {
            choice->series = message;
            choice->history = history;
            choice->is_ready = true;
        }
    }
    return PROS_OK;
}

static Promoteros__V1__Distribution *distribution(struct pros_run *run, const double *quantiles,
                                                  const char *unit)
{
    Promoteros__V1__Distribution *message = pros_alloc(run, sizeof *message);
    promoteros__v1__distribution__init(message);
    message->unit = text_copy(run, unit);
    message->n_levels = message->n_values = LEVEL_COUNT;
    message->levels = pros_alloc(run, LEVEL_COUNT * sizeof(double));
    message->values = pros_alloc(run, LEVEL_COUNT * sizeof(double));
    memcpy(message->levels, growth_levels, LEVEL_COUNT * sizeof(double));
    memcpy(message->values, quantiles, LEVEL_COUNT * sizeof(double));
    /* Mean of the piecewise linear quantile function, the ends held. */
    double mean = quantiles[0] * growth_levels[0];
    for (size_t q = 1; q < LEVEL_COUNT; q++)
        mean += (quantiles[q] + quantiles[q - 1]) / 2.0 * (growth_levels[q] - growth_levels[q - 1]);
    message->mean = mean + quantiles[LEVEL_COUNT - 1] * (1.0 - growth_levels[LEVEL_COUNT - 1]);
    return message;
}

static void add_point(struct pros_run *run, Promoteros__V1__ForecastGrowthResponse *response,
                      const struct growth_forecast *forecast, size_t days)
{
    Promoteros__V1__GrowthPoint *point = pros_alloc(run, sizeof *point);
    promoteros__v1__growth_point__init(point);
    point->days_ahead = (int32_t)days;
    point->value = distribution(run, forecast->quantiles[days - 1], response->metric);
    if (response->is_flow)
        for (size_t h = 0; h < days; h++)
            point->daily_increment += forecast->point[h] / (double)days;
    else
        point->daily_increment = (forecast->point[days - 1] - response->last_value) / (double)days;
    response->points[response->n_points++] = point;
}

static void fill(struct pros_run *run, Promoteros__V1__ForecastGrowthResponse *response,
                 const struct growth_forecast *forecast, size_t horizon)
{
    response->n_medians = response->n_lows = response->n_highs = horizon;
    response->medians = pros_alloc(run, horizon * sizeof(double));
    response->lows = pros_alloc(run, horizon * sizeof(double));
    response->highs = pros_alloc(run, horizon * sizeof(double));
    response->points = pros_alloc(run, 4 * sizeof *response->points);
    for (size_t h = 0; h < horizon; h++) {
        response->medians[h] = forecast->quantiles[h][MEDIAN];
        response->lows[h] = forecast->quantiles[h][LOW];
        response->highs[h] = forecast->quantiles[h][HIGH];
    }
    for (size_t days = 30; days < horizon; days += 30)
        add_point(run, response, forecast, days);
    add_point(run, response, forecast, horizon);
}

/* log median = log last value + log of the growth factor: the sum that the trace shows. */
static void record(struct pros_run *run, const Promoteros__V1__ForecastGrowthResponse *response,
                   const struct growth_history *history, size_t horizon, const char *evidence)
{
    pros_step(run, (struct pros_step){.kind = PROS_STEP_VALIDATE,
                                      .title = "Clean the series",
                                      .statement =
                                          pros_format(run,
                                                      "%zu days in a row; %zu missing days filled "
                                                      "in, %zu jumps or spikes replaced.",
                                                      history->days, history->days_filled,
                                                      history->values_replaced),
                                      .uses = evidence});
    const char *step = pros_step(
        run, (struct pros_step){
                 .kind = PROS_STEP_MODEL,
                 .title = "Forecast",
                 .statement = pros_format(run, "%s of %s by %s%s.", response->metric,
                                          response->source, response->method,
                                          response->weekly_season ? " after a weekly season" : ""),
                 .uses = evidence});
    double median = response->medians[horizon - 1], last = response->last_value;
    double low = response->lows[horizon - 1], high = response->highs[horizon - 1];
    struct pros_contribution growth = {median - last, "projected change", step};
    pros_conclude(run, (struct pros_conclusion){
                           .name = "forecast_value",
                           .unit = response->metric,
                           .value = median,
                           .link = PROS_LINK_IDENTITY,
                           .baseline = last,
                           .baseline_text = "the newest value, after cleaning",
                           .contributions = &growth,
                           .contribution_count = 1,
                           .low = &low,
                           .high = &high,
                           .interval_level = 0.8,
                           .confidence = PROS_CONFIDENCE_CALIBRATED,
                           .sample_size = (int64_t)history->days,
                       });
    pros_summary(run,
                 pros_format(run, "%s of %s: %.0f in %zu days (80 %%: %.0f to %.0f), now %.0f.",
                             response->metric, response->source, median, horizon, low, high, last));
    for (size_t i = 0; i < response->n_limits; i++)
        pros_limit(run, response->limits[i]);
}

static void add_limits(struct pros_run *run, const struct choice *choice, size_t horizon,
                       Promoteros__V1__ForecastGrowthResponse *response)
{
    response->limits = pros_alloc(run, 4 * sizeof *response->limits);
    response->limits[response->n_limits++] = pros_format(
        run,
        "Outside events (a release, a playlist, a tour) are not in the series; the interval is "
        "set from past errors on other series.");
    if (!response->is_flow && horizon > 30)
        response->limits[response->n_limits++] = pros_format(
            run,
            "Intervals of standing levels were checked up to 11 days ahead; beyond, they are an "
            "extrapolation.");
    if (series_is_simulated(choice->series))
        response->limits[response->n_limits++] = pros_format(run, "The series is simulated.");
}

static void no_data(struct pros_run *run, const struct choice *choice,
                    Promoteros__V1__ForecastGrowthResponse *response)
{
    response->source = text_copy(run, choice->source);
    response->metric = text_copy(run, choice->metric);
    response->not_enough_data = pros_format(run,
                                            "%lld points, but no series with %d days in a row "
                                            "(gaps up to %d days) that reaches the last %d days; "
                                            "import more history or newer points.",
                                            (long long)choice->points, GROWTH_HISTORY_MIN,
                                            GROWTH_GAP_MAX, TRAJECTORY_STALE_DAYS);
    pros_summary(run, response->not_enough_data);
    pros_limit(run, response->not_enough_data);
}

enum pros_status trend_forecast(struct pros_run *run,
                                const Promoteros__V1__ForecastGrowthRequest *request,
                                Promoteros__V1__ForecastGrowthResponse *response)
{
    struct choice *choice = pros_alloc(run, sizeof *choice);
    struct growth_forecast *forecast = pros_alloc(run, sizeof *forecast);
    const char *evidence = NULL;
    size_t horizon = GROWTH_HORIZON_MAX;
    enum pros_status status = entity_check(run, request->entity, "entity");
    if (status != PROS_OK)
        return status;
    if (request->_horizon_days_case) {
        if (request->horizon_days < 1 || request->horizon_days > GROWTH_HORIZON_MAX)
            return pros_fail(run, PROS_INVALID_ARGUMENT, "HORIZON_RANGE",
                             "horizon_days is %d; it must be between 1 and %d.",
                             request->horizon_days, GROWTH_HORIZON_MAX);
        horizon = (size_t)request->horizon_days;
    }
    if (strcmp(request->metric, "rank") == 0)
        return pros_fail(
            run, PROS_INVALID_ARGUMENT, "RANK_NOT_FORECAST",
            "A rank is no amount and cannot be forecast; ask for streams or followers.");
    *choice = (struct choice){.source = request->source, .metric = request->metric, .run = run};
    Promoteros__V1__EntityRef *entity = request->entity;
    char *source = request->source;
    status = series_query(run, &entity, 1, &source, *source != '\0', choose, choice, &evidence);
    if (status != PROS_OK)
        return status;
    response->entity = entity;
    if (!choice->is_ready || !growth_forecast(&choice->history, horizon, forecast)) {
        no_data(run, choice, response);
        return PROS_OK;
    }
    response->source = choice->series->source;
    response->metric = choice->series->metric;
    response->is_flow = choice->history.is_flow;
    response->last_value = choice->history.values[choice->history.days - 1];
    response->history_day_count = (int32_t)choice->history.days;
    response->method = text_copy(run, growth_method_name(forecast->method));
    response->weekly_season = forecast->season_period > 1;
    response->last_observed_time = pros_alloc(run, sizeof *response->last_observed_time);
    google__protobuf__timestamp__init(response->last_observed_time);
    int64_t last_ms = choice->series->observed_at_ms[choice->series->n_observed_at_ms - 1];
    response->last_observed_time->seconds = trajectory_day(last_ms) * 86400;
    fill(run, response, forecast, horizon);
    add_limits(run, choice, horizon, response);
    record(run, response, &choice->history, horizon, evidence);
    return PROS_OK;
}
