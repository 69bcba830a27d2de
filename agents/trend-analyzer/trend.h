/*
 * What the agent's own sources share: reading series messages, ranking candidates, and the words of
 * an answer.
 *
 * The maths (breakout, trajectory, growth, chart, stage) knows neither messages nor host; these
 * files do the fetching and the wording. Memory: the run's arena. Threads: the run's thread.
 * Errors: gRPC status, said with pros_fail().
 */
#ifndef PROMOTEROS_TREND_TREND_H
#define PROMOTEROS_TREND_TREND_H

#include <promoteros/typed.h>
#include <promoteros/v1/catalog_service.pb-c.h>
#include <promoteros/v1/signal_service.pb-c.h>
#include <promoteros/v1/trend_analyzer_service.pb-c.h>

#include "trend-analyzer/breakout.h"
#include "trend-analyzer/definitions.h"
#include "trend-analyzer/models.h"
#include "trend-analyzer/stage.h"
#include "trend-analyzer/trajectory.h"

enum { TREND_LISTED_MAX = 100, TREND_ENTITIES_MAX = 100, POINT_SIMULATED = 4 };

/* One artist or song with its series, as a scan or a query hands it over; valid only during the
 * call. */
struct subject {
    const Promoteros__V1__EntityRef *entity;
    const char *name;
    char **artist_ids;
    size_t artist_count;
    Promoteros__V1__SignalSeries **series;
    size_t series_count;
};

/* Candidates while they are gathered: the best max_count so far, the most probable first. */
struct ranking {
    Promoteros__V1__BreakoutCandidate **best;
    size_t count, max_count;
};

/* A detection under way. */
struct detection {
    struct pros_run *run;
    const Promoteros__V1__DetectBreakoutsRequest *request;
    const struct breakout_definition *definition;
    Promoteros__V1__DetectBreakoutsResponse *response;
    int horizon_days;
    double multiple;
    struct ranking ranking;
    const char *evidence; /* id of the recorded input */
    size_t days_filled, values_replaced;
    bool simulated;
};

/* [detect_daily.c, detect_chart.c] Fill the response's candidates and counts. */
enum pros_status detect_daily(struct detection *detection);
enum pros_status detect_chart(struct detection *detection);

/* [series.c] A signal message as raw points of the maths; false when its columns do not match. */
bool series_points(const Promoteros__V1__SignalSeries *message, struct trajectory_series *series);
bool series_is_simulated(const Promoteros__V1__SignalSeries *message);
bool text_in(const char *text, char **list, size_t count);
bool text_in_table(const char *text, const char *const *table);

/* Size of a series: the newest level, or 30 times the mean of the last seven days of a flow; NaN
 * without recent points. */
double series_size(const struct trajectory_series *series, int64_t last_day);

/* Calls a streaming method and hands over each reply, unpacked into memory that is used again for
 * the next one. */
enum pros_status
series_scan(struct pros_run *run, const Promoteros__V1__ScanSignalsRequest *request,
            enum pros_status (*visit)(void *context, const struct subject *subject), void *context,
            const char **input_id);

/* Queries the series of the entities and hands over each entity once, with its name from the
 * catalog. */
enum pros_status series_query(struct pros_run *run, Promoteros__V1__EntityRef **entities,
                              size_t count, char **sources, size_t source_count,
                              enum pros_status (*visit)(void *context,
                                                        const struct subject *subject),
                              void *context, const char **input_id);

/* Refuses an unset kind, a kind without signals and an empty id. */
enum pros_status entity_check(struct pros_run *run, const Promoteros__V1__EntityRef *entity,
                              const char *field);

/* [ranking.c] Copies into the run's arena. */
Promoteros__V1__EntityRef *entity_copy(struct pros_run *run,
                                       const Promoteros__V1__EntityRef *entity);
char *text_copy(struct pros_run *run, const char *text);

/* Whether a candidate of this probability would be kept; then ranking_add() keeps it. */
bool ranking_wants(const struct ranking *ranking, double probability);
void ranking_add(struct ranking *ranking, Promoteros__V1__BreakoutCandidate *candidate);

/* A candidate from a subject and the model's answer; reasons are worded by the caller's function.
 */
Promoteros__V1__BreakoutCandidate *candidate_new(struct pros_run *run,
                                                 const struct subject *subject,
                                                 const struct breakout_answer *answer);
void candidate_reason(struct pros_run *run, Promoteros__V1__BreakoutCandidate *candidate,
                      size_t position, const struct breakout_reason *reason, char *text);

/* Notes an artist or song without enough data. */
void note_insufficient(struct detection *detection, const struct subject *subject, int64_t points,
                       char *reason);

/* Records steps, conclusions, predictions and limits of a finished detection. */
void detection_record(struct detection *detection, const struct breakout_model *model);

/* [ranking.c] A log ratio as a percentage with its sign: "+12 %", "-4.0 %". */
char *words_change(struct pros_run *run, double log_ratio);

/* [agent.c's methods] */
enum pros_status trend_detect(struct pros_run *run,
                              const Promoteros__V1__DetectBreakoutsRequest *request,
                              Promoteros__V1__DetectBreakoutsResponse *response);
enum pros_status trend_forecast(struct pros_run *run,
                                const Promoteros__V1__ForecastGrowthRequest *request,
                                Promoteros__V1__ForecastGrowthResponse *response);
enum pros_status trend_analyze(struct pros_run *run,
                               const Promoteros__V1__AnalyzeTrendRequest *request,
                               Promoteros__V1__AnalyzeTrendResponse *response);

#endif
