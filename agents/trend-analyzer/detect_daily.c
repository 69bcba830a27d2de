#include <math.h>
#include <string.h>

#include "numerics/stats.h"
#include "trend-analyzer/trend.h"

enum { DAY_MS = 86400000 };
static const double AUDIENCE_FLOOR = 500.0; /* below, a doubling says little */

/* What the definition asks of one subject. */
struct question {
    struct trajectory trajectory;
    struct trajectory_growth growth;
    double size;       /* largest of the series */
    double log_target; /* what the index must rise by */
    int64_t points;
    bool simulated;
};

static bool is_wanted(const struct detection *detection, const Promoteros__V1__SignalSeries *series)
{
    const Promoteros__V1__DetectBreakoutsRequest *request = detection->request;
    if (request->n_sources && !text_in(series->source, request->sources, request->n_sources))
        return false;
    if (request->n_metrics)
        return text_in(series->metric, request->metrics, request->n_metrics) &&
               strcmp(series->metric, "rank") != 0;
    return text_in_table(series->metric, detection->definition->metrics);
}

static void gather(const struct detection *detection, const struct subject *subject,
                   struct question *question)
{
    int64_t last_day = trajectory_day(pros_as_of_ms(detection->run));
    trajectory_begin(&question->trajectory);
    question->size = 0.0;
    question->points = 0;
    question->simulated = false;
    for (size_t i = 0; i < subject->series_count; i++) {
        struct trajectory_series series;
        if (!is_wanted(detection, subject->series[i]) ||
            !series_points(subject->series[i], &series))
            continue;
        double size = series_size(&series, last_day);
        question->points += (int64_t)series.count;
        question->size = size > question->size ? size : question->size;
        question->simulated = question->simulated || series_is_simulated(subject->series[i]);
        trajectory_add(&question->trajectory, &series, last_day);
    }
}

/* NULL when the question can be answered, else what is missing. */
static char *missing(struct detection *detection, struct question *question)
{
    if (question->points == 0)
        return pros_format(detection->run, "no series of the metrics that the definition uses");
    if (!trajectory_finish(&question->trajectory) ||
        !trajectory_growth(&question->trajectory, &question->growth))
        return pros_format(
            detection->run,
            "no series with %d days in a row (gaps up to %d days) that reaches the last %d "
            "days; import more history or newer points",
            TRAJECTORY_DAYS_MIN, TRAJECTORY_GAP_MAX, TRAJECTORY_STALE_DAYS);
    if (detection->definition->kind == DEFINITION_AUDIENCE && question->size < AUDIENCE_FLOOR)
        return pros_format(
            detection->run,
            "the largest series is at %.0f; below %.0f a rise by a multiple says little",
            question->size, AUDIENCE_FLOOR);
    if (!(question->size > 0.0))
        return pros_format(detection->run, "no posts in the last days");
    return NULL;
}

static char *reason_text(struct detection *detection, const struct question *question,
                         const struct breakout_reason *reason)
{
    struct pros_run *run = detection->run;
    const struct trajectory_growth *growth = &question->growth;
    double target = exp(question->log_target);
    if (reason->feature == BREAKOUT_DISTANCE)
        return pros_format(run, "%.2f times the present level is needed", target);
    if (reason->feature == BREAKOUT_ACCELERATION)
        return pros_format(run, "the last seven days run at %s a week, four weeks at %s: %s",
                           words_change(run, growth->recent), words_change(run, growth->growth),
                           fabs(reason->value) < 0.005 ? "no change"
                           : reason->value > 0.0       ? "speeding up"
                                                       : "slowing down");
    if (reason->feature == BREAKOUT_STRENGTH)
        return pros_format(run,
                           "growth of %s a week is %.1f times the usual week-to-week deviation",
                           words_change(run, growth->growth), growth->growth / growth->noise);
    double error = growth->noise * sqrt(detection->horizon_days / 7.0);
    return pros_format(
        run,
        "the present growth, flattening out, leads to %.2f times in %d days, give or take a "
        "factor of %.2f; %.2f are needed",
        exp(trajectory_projection(growth, detection->horizon_days)), detection->horizon_days,
        exp(error), target);
}

static void add_candidate(struct detection *detection, const struct subject *subject,
                          const struct question *question, const struct breakout_answer *answer)
{
    Promoteros__V1__BreakoutCandidate *candidate = candidate_new(detection->run, subject, answer);
    for (size_t i = 0; i < answer->reason_count; i++)
        candidate_reason(detection->run, candidate, i, answer->reasons + i,
                         reason_text(detection, question, answer->reasons + i));
    double lead = trajectory_lead_days(&question->growth, question->log_target);
    if (isfinite(lead) && lead <= 365.0) {
        candidate->_expected_lead_days_case =
            PROMOTEROS__V1__BREAKOUT_CANDIDATE___EXPECTED_LEAD_DAYS_EXPECTED_LEAD_DAYS;
        candidate->expected_lead_days = fmax(lead, 1.0);
    }
    candidate->stage = (Promoteros__V1__TrendStage)stage_of(&question->growth, question->size);
    candidate->weekly_growth_ratio = exp(question->growth.growth);
    candidate->series_count = (int32_t)question->trajectory.series_used;
    candidate->observation_count = (int32_t)question->trajectory.days;
    candidate->simulated = question->simulated;
    ranking_add(&detection->ranking, candidate);
}

static enum pros_status examine(void *context, const struct subject *subject)
{
    struct detection *detection = context;
    struct question question;
    double features[BREAKOUT_FEATURES];
    struct breakout_answer answer;
    detection->response->examined_count++;
    gather(detection, subject, &question);
    detection->simulated = detection->simulated || question.simulated;
    char *lack = missing(detection, &question);
    detection->days_filled += question.trajectory.days_filled;
    detection->values_replaced += question.trajectory.values_replaced;
    if (lack) {
        note_insufficient(detection, subject, question.points, lack);
        return PROS_OK;
    }
    question.log_target = log(detection->multiple);
    if (detection->definition->kind == DEFINITION_POSTS)
        question.log_target =
            fmax(question.log_target, log(detection->definition->floor / question.size));
    if (!trajectory_features(&question.trajectory, question.log_target, detection->horizon_days,
                             features))
        return PROS_OK;
    breakout_evaluate(breakout_model_find("daily-scale-free"), features, &answer);
    if (ranking_wants(&detection->ranking, answer.probability))
        add_candidate(detection, subject, &question, &answer);
    return PROS_OK;
}

static void add_limits(struct detection *detection)
{
    Promoteros__V1__DetectBreakoutsResponse *response = detection->response;
    const struct breakout_model *model = breakout_model_find("daily-scale-free");
    struct pros_run *run = detection->run;
    response->limits[response->n_limits++] =
        pros_format(run,
                    "Fitted on %s; there is no public record of artists' series on several "
                    "platforms with their outcome, so "
                    "read the order first and the percentages as a guide.",
                    model->fitted_on);
    response->limits[response->n_limits++] =
        pros_format(run, "A release, a playlist or a viral post that has not happened yet cannot "
                         "be seen in the series.");
    if (detection->multiple > 2.0 || detection->definition->kind == DEFINITION_POSTS)
        response->limits[response->n_limits++] =
            pros_format(run, "The fit knows multiples up to 2; %s beyond that is an extrapolation.",
                        detection->definition->name);
    if (detection->simulated)
        response->limits[response->n_limits++] =
            pros_format(run, "Some or all of the series are simulated.");
}

static enum pros_status scan_all(struct detection *detection)
{
    Promoteros__V1__ScanSignalsRequest request = PROMOTEROS__V1__SCAN_SIGNALS_REQUEST__INIT;
    Google__Protobuf__Timestamp start = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    Google__Protobuf__Timestamp active = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    int64_t today = trajectory_day(pros_as_of_ms(detection->run));
    start.seconds = (today - TRAJECTORY_DAYS) * 86400;
    active.seconds = (today - TRAJECTORY_STALE_DAYS) * 86400;
    request.kind = PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_ARTIST;
    request.n_sources = detection->request->n_sources;
    request.sources = detection->request->sources;
    request.n_metrics = detection->request->n_metrics;
    request.metrics = detection->request->metrics;
    request.start_time = &start;
    request.active_since_time = &active;
    return series_scan(detection->run, &request, examine, detection, &detection->evidence);
}

enum pros_status detect_daily(struct detection *detection)
{
    const Promoteros__V1__DetectBreakoutsRequest *request = detection->request;
    enum pros_status status;
    if (request->n_entities)
        status =
            series_query(detection->run, request->entities, request->n_entities, request->sources,
                         request->n_sources, examine, detection, &detection->evidence);
    else
        status = scan_all(detection);
    if (status != PROS_OK)
        return status;
    add_limits(detection);
    detection_record(detection, breakout_model_find("daily-scale-free"));
    return PROS_OK;
}
