#include <math.h>
#include <string.h>

#include "trend-analyzer/trend.h"

struct analysis {
    struct pros_run *run;
    const Promoteros__V1__AnalyzeTrendRequest *request;
    Promoteros__V1__AnalyzeTrendResponse *response;
    struct trajectory trajectory;
    double size;
    bool simulated;
};

static bool is_wanted(const struct analysis *analysis, const Promoteros__V1__SignalSeries *series)
{
    const Promoteros__V1__AnalyzeTrendRequest *request = analysis->request;
    if (strcmp(series->metric, "rank") == 0)
        return false;
    return !request->n_metrics || text_in(series->metric, request->metrics, request->n_metrics);
}

static Promoteros__V1__SeriesEvidence *evidence_of(struct pros_run *run,
                                                   const Promoteros__V1__SignalSeries *message,
                                                   const struct trajectory_series *series,
                                                   int64_t last_day)
{
    Promoteros__V1__SeriesEvidence *evidence = pros_alloc(run, sizeof *evidence);
    struct trajectory *own = pros_alloc(run, sizeof *own);
    struct trajectory_growth growth;
    promoteros__v1__series_evidence__init(evidence);
    evidence->source = message->source;
    evidence->metric = message->metric;
    evidence->point_count = (int64_t)series->count;
    evidence->last_value = series->values[series->count - 1];
    evidence->last_observed_time = pros_alloc(run, sizeof *evidence->last_observed_time);
    google__protobuf__timestamp__init(evidence->last_observed_time);
    int64_t last_ms = series->observed_at_ms[series->count - 1], seconds = last_ms / 1000;
    if (last_ms % 1000 < 0)
        seconds--;
    evidence->last_observed_time->seconds = seconds;
    evidence->last_observed_time->nanos = (int32_t)(last_ms - seconds * 1000) * 1000000;
    trajectory_begin(own);
    if (trajectory_add(own, series, last_day) && trajectory_finish(own) &&
        trajectory_growth(own, &growth)) {
        evidence->_weekly_growth_ratio_case =
            PROMOTEROS__V1__SERIES_EVIDENCE___WEEKLY_GROWTH_RATIO_WEEKLY_GROWTH_RATIO;
        evidence->weekly_growth_ratio = exp(growth.growth);
        evidence->filled_day_count = (int32_t)own->days_filled;
        evidence->replaced_value_count = (int32_t)own->values_replaced;
    }
    return evidence;
}

static enum pros_status gather(void *context, const struct subject *subject)
{
    struct analysis *analysis = context;
    Promoteros__V1__AnalyzeTrendResponse *response = analysis->response;
    int64_t last_day = trajectory_day(pros_as_of_ms(analysis->run));
    response->series =
        pros_alloc(analysis->run, (subject->series_count + 1) * sizeof *response->series);
    trajectory_begin(&analysis->trajectory);
    for (size_t i = 0; i < subject->series_count; i++) {
        struct trajectory_series series;
        if (!is_wanted(analysis, subject->series[i]) || !series_points(subject->series[i], &series))
            continue;
        double size = series_size(&series, last_day);
        analysis->size = size > analysis->size ? size : analysis->size;
        analysis->simulated = analysis->simulated || series_is_simulated(subject->series[i]);
        trajectory_add(&analysis->trajectory, &series, last_day);
        response->series[response->n_series++] =
            evidence_of(analysis->run, subject->series[i], &series, last_day);
    }
    return PROS_OK;
}

static void conclude(struct analysis *analysis, const struct trajectory_growth *growth,
                     const char *evidence)
{
    struct pros_run *run = analysis->run;
    Promoteros__V1__AnalyzeTrendResponse *response = analysis->response;
    enum trend_stage stage = stage_of(growth, analysis->size);
    response->stage = (Promoteros__V1__TrendStage)stage;
    response->stage_text =
        pros_format(run, "%s (%s a week, noise %.1f %%, size %.0f)", stage_text(stage),
                    words_change(run, growth->growth), 100.0 * growth->noise, analysis->size);
    response->_weekly_growth_ratio_case =
        PROMOTEROS__V1__ANALYZE_TREND_RESPONSE___WEEKLY_GROWTH_RATIO_WEEKLY_GROWTH_RATIO;
    response->weekly_growth_ratio = exp(growth->growth);
    response->_recent_weekly_growth_ratio_case =
        PROMOTEROS__V1__ANALYZE_TREND_RESPONSE___RECENT_WEEKLY_GROWTH_RATIO_RECENT_WEEKLY_GROWTH_RATIO;
    response->recent_weekly_growth_ratio = exp(growth->recent);
    response->_weekly_noise_case =
        PROMOTEROS__V1__ANALYZE_TREND_RESPONSE___WEEKLY_NOISE_WEEKLY_NOISE;
    response->weekly_noise = growth->noise;
    const char *step = pros_step(
        run, (struct pros_step){
                 .kind = PROS_STEP_COMPUTE,
                 .title = "Growth",
                 .statement = pros_format(
                     run,
                     "%zu series, %zu days: %s a week over four weeks, "
                     "%s over the last seven days.",
                     analysis->trajectory.series_used, analysis->trajectory.days,
                     words_change(run, growth->growth), words_change(run, growth->recent)),
                 .formula = "Theil-Sen slope of the mean daily log change, summed up",
                 .uses = evidence});
    pros_step(run, (struct pros_step){.kind = PROS_STEP_RULE,
                                      .title = "Stage",
                                      .statement = response->stage_text,
                                      .uses = step});
    struct pros_contribution term = {growth->growth, "growth of the audience index", step};
    pros_conclude(run, (struct pros_conclusion){.name = "weekly_growth_ratio",
                                                .unit = "ratio",
                                                .value = response->weekly_growth_ratio,
                                                .link = PROS_LINK_LOG,
                                                .baseline_text = "no change",
                                                .contributions = &term,
                                                .contribution_count = 1,
                                                .confidence = PROS_CONFIDENCE_HEURISTIC,
                                                .sample_size = (int64_t)analysis->trajectory.days});
    pros_summary(run, response->stage_text);
}

enum pros_status trend_analyze(struct pros_run *run,
                               const Promoteros__V1__AnalyzeTrendRequest *request,
                               Promoteros__V1__AnalyzeTrendResponse *response)
{
    struct analysis *analysis = pros_alloc(run, sizeof *analysis);
    struct trajectory_growth growth;
    const char *evidence = NULL;
    enum pros_status status = entity_check(run, request->entity, "entity");
    if (status != PROS_OK)
        return status;
    analysis->run = run;
    analysis->request = request;
    analysis->response = response;
    Promoteros__V1__EntityRef *entity = request->entity;
    status = series_query(run, &entity, 1, request->sources, request->n_sources, gather, analysis,
                          &evidence);
    if (status != PROS_OK)
        return status;
    response->entity = entity;
    response->limits = pros_alloc(run, 2 * sizeof *response->limits);
    response->limits[response->n_limits++] =
        pros_format(run, "Stages are stated thresholds, not a fitted model.");
    if (analysis->simulated)
        response->limits[response->n_limits++] =
            pros_format(run, "Some or all of the series are simulated.");
    if (trajectory_finish(&analysis->trajectory) &&
        trajectory_growth(&analysis->trajectory, &growth)) {
        conclude(analysis, &growth, evidence);
    } else {
        response->stage_text = pros_format(
            run, "not enough data: no series with %d days in a row that reaches the last %d days",
            TRAJECTORY_DAYS_MIN, TRAJECTORY_STALE_DAYS);
        pros_summary(run, response->stage_text);
    }
    for (size_t i = 0; i < response->n_limits; i++)
        pros_limit(run, response->limits[i]);
    return PROS_OK;
}
