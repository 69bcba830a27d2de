#include <math.h>
#include <string.h>

#include "trend-analyzer/chart.h"
#include "trend-analyzer/trend.h"

enum { CHART_STALE_DAYS = 14 };

/* Whoever is on a national chart has an audience of this order; only the stage reads it. */
static const double CHART_SIZE = 1e6;

/* What outlives the scan of one song. */
struct song {
    Promoteros__V1__EntityRef *entity;
    char **artist_ids;
    size_t artist_count;
    bool simulated;
};

struct reading {
    struct detection *detection;
    struct chart_book book;
    const char *source; /* the chart that is read: the first one seen, or the one asked for */
    bool saw_others;
};

static void *book_alloc(void *context, size_t size)
{
    return pros_alloc(context, size);
}

static const Promoteros__V1__SignalSeries *
find_series(const struct reading *reading, const struct subject *subject, const char *metric)
{
    for (size_t i = 0; i < subject->series_count; i++) {
        const Promoteros__V1__SignalSeries *series = subject->series[i];
        if (strcmp(series->metric, metric) == 0 && strcmp(series->source, reading->source) == 0)
            return series;
    }
    return NULL;
}

static void choose_source(struct reading *reading, const struct subject *subject)
{
    for (size_t i = 0; i < subject->series_count; i++) {
        const Promoteros__V1__SignalSeries *series = subject->series[i];
        if (strcmp(series->metric, "rank") != 0)
            continue;
        if (!reading->source)
            reading->source = text_copy(reading->detection->run, series->source);
        reading->saw_others = reading->saw_others || strcmp(series->source, reading->source) != 0;
    }
}

static enum pros_status read_song(void *context, const struct subject *subject)
{
    struct reading *reading = context;
    struct pros_run *run = reading->detection->run;
    struct trajectory_series ranks, streams = {0};
    choose_source(reading, subject);
    if (!reading->source)
        return PROS_OK;
    const Promoteros__V1__SignalSeries *rank = find_series(reading, subject, "rank");
    const Promoteros__V1__SignalSeries *stream = find_series(reading, subject, "streams");
    if (!rank || !series_points(rank, &ranks))
        return PROS_OK;
    if (stream && !series_points(stream, &streams))
        streams = (struct trajectory_series){0};
    struct song *song = pros_alloc(run, sizeof *song);
    song->entity = entity_copy(run, subject->entity);
    song->artist_count = subject->artist_count;
    song->artist_ids = pros_alloc(run, (subject->artist_count + 1) * sizeof(char *));
    for (size_t i = 0; i < subject->artist_count; i++)
        song->artist_ids[i] = text_copy(run, subject->artist_ids[i]);
    song->simulated = series_is_simulated(rank);
    struct chart_points points = {ranks.observed_at_ms,   ranks.values,   ranks.count,
                                  streams.observed_at_ms, streams.values, streams.count};
    chart_add(&reading->book, song->entity->id, text_copy(run, subject->name),
              song->artist_count ? song->artist_ids[0] : "", song, &points);
    return PROS_OK;
}

static bool is_asked(const struct detection *detection, const char *id)
{
    const Promoteros__V1__DetectBreakoutsRequest *request = detection->request;
    for (size_t i = 0; i < request->n_entities; i++)
        if (strcmp(request->entities[i]->id, id) == 0)
            return true;
    return request->n_entities == 0;
}

/* A place on a chart without streams; levels are -log rank. */
static double place_of(double log_level)
{
    return exp(-log_level);
}

static char *rank_text(struct pros_run *run, const struct chart_case *chart,
                       enum breakout_feature feature)
{
    double first = place_of(chart->log_levels[0]),
           now = place_of(chart->log_levels[chart->chart.count - 1]);
    if (feature == BREAKOUT_GROWTH)
        return pros_format(run, "from place %.0f to place %.0f in the last %zu weeks", first, now,
                           chart->chart.count);
    if (feature == BREAKOUT_DISTANCE)
        return pros_format(run, "now at place %.0f; place %.0f is needed", now,
                           place_of(chart->chart.log_target));
    return pros_format(run, "now at place %.0f; the chart's last place is %.0f", now,
                       place_of(chart->chart.log_floor));
}

static char *reason_text(struct pros_run *run, const struct chart_case *chart,
                         const struct breakout_reason *reason)
{
    if (reason->feature == BREAKOUT_RECORD)
        return pros_format(run, "earlier songs of the lead artist on this chart: %.0f",
                           expm1(reason->value));
    if (reason->feature == BREAKOUT_ACCELERATION)
        return pros_format(run, "the newer half of the weeks grows %s than the older one",
                           reason->value >= 0.0 ? "faster" : "more slowly");
    if (!chart->by_streams)
        return rank_text(run, chart, reason->feature);
    if (reason->feature == BREAKOUT_GROWTH)
        return pros_format(run, "streams %s a week over the last %zu weeks",
                           words_change(run, reason->value), chart->chart.count);
    if (reason->feature == BREAKOUT_DISTANCE)
        return pros_format(run, "%.2f times the present streams are needed", exp(reason->value));
    return pros_format(run, "%.2f times the streams of the chart's last place", exp(reason->value));
}

static void add_candidate(struct detection *detection, const struct chart_line *line,
                          const struct chart_case *chart, const struct breakout_answer *answer)
{
    const struct song *song = line->tag;
    bool by_artist = detection->definition->goal == CHART_ARTIST_TOP10;
    Promoteros__V1__EntityRef artist = PROMOTEROS__V1__ENTITY_REF__INIT;
    artist.kind = PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_ARTIST;
    artist.id = (char *)(uintptr_t)line->id;
    struct subject subject = {.entity = by_artist ? &artist : song->entity,
                              .name = line->name,
                              .artist_ids = song->artist_ids,
                              .artist_count = by_artist ? 0 : song->artist_count};
    Promoteros__V1__BreakoutCandidate *candidate = candidate_new(detection->run, &subject, answer);
    for (size_t i = 0; i < answer->reason_count; i++)
        candidate_reason(detection->run, candidate, i, answer->reasons + i,
                         reason_text(detection->run, chart, answer->reasons + i));
    double lead = chart_lead_weeks(chart, detection->horizon_days / 7.0);
    if (isfinite(lead)) {
        candidate->_expected_lead_days_case =
            PROMOTEROS__V1__BREAKOUT_CANDIDATE___EXPECTED_LEAD_DAYS_EXPECTED_LEAD_DAYS;
        candidate->expected_lead_days = 7.0 * lead;
    }
    struct trajectory_growth growth = {chart->features[BREAKOUT_GROWTH],
                                       chart->features[BREAKOUT_GROWTH], 0.0};
    candidate->stage = (Promoteros__V1__TrendStage)stage_of(&growth, CHART_SIZE);
    candidate->weekly_growth_ratio = exp(chart->features[BREAKOUT_GROWTH]);
    candidate->series_count = chart->by_streams ? 2 : 1;
    candidate->observation_count = chart->weeks_seen;
    candidate->simulated = song->simulated;
    detection->simulated = detection->simulated || song->simulated;
    ranking_add(&detection->ranking, candidate);
}

static void note_short(struct detection *detection, const struct chart_line *line,
                       enum chart_state state)
{
    const struct song *song = line->tag;
    struct subject subject = {.entity = song->entity, .name = line->name};
    char *reason =
        state == CHART_NO_STREAMS
            ? pros_format(detection->run,
                          "the chart has no streams; import them, or ask for chart-top-10")
            : pros_format(detection->run, "new this week; the model needs %s",
                          detection->definition->goal == CHART_ARTIST_TOP10 ? "four weeks"
                                                                            : "two weeks");
    note_insufficient(detection, &subject, (int64_t)line->count, reason);
}

static const struct breakout_model *examine_book(struct detection *detection,
                                                 const struct chart_book *book)
{
    const struct breakout_model *model = NULL;
    for (size_t i = 0; i < book->count; i++) {
        struct chart_case chart;
        struct breakout_answer answer;
        if (!is_asked(detection, book->lines[i].id))
            continue;
        enum chart_state state = chart_examine(book, i, detection->definition->goal, &chart);
        if (state == CHART_NOT_NEW && !detection->request->n_entities)
            continue;
        detection->response->examined_count++;
        if (state == CHART_ALREADY_THERE)
            detection->response->already_there_count++;
        if (state == CHART_TOO_SHORT || state == CHART_NO_STREAMS)
            note_short(detection, book->lines + i, state);
        if (state != CHART_CANDIDATE)
            continue;
        model = breakout_model_find(chart.model);
        breakout_evaluate(model, chart.features, &answer);
        if (ranking_wants(&detection->ranking, answer.probability))
            add_candidate(detection, book->lines + i, &chart, &answer);
    }
    return model;
}

/* The artists' names, for those that are listed. */
static enum pros_status name_artists(struct detection *detection)
{
    for (size_t i = 0; i < detection->ranking.count; i++) {
        Promoteros__V1__BreakoutCandidate *candidate = detection->ranking.best[i];
        Promoteros__V1__GetArtistRequest request = PROMOTEROS__V1__GET_ARTIST_REQUEST__INIT;
        ProtobufCMessage *message;
        request.id = candidate->entity->id;
        enum pros_status status =
            pros_call(detection->run, "promoteros.v1.CatalogService/GetArtist", &request.base,
                      &promoteros__v1__get_artist_response__descriptor, &message, NULL);
        if (status != PROS_OK)
            return status;
        const Promoteros__V1__GetArtistResponse *reply = (const void *)message;
        if (reply->artist)
            candidate->name = reply->artist->name;
    }
    return PROS_OK;
}

/* Days since the end of the chart's newest week. */
static int64_t chart_age_days(const struct chart_book *book, int64_t as_of_ms)
{
    return trajectory_day(as_of_ms) - ((int64_t)book->last_week * 7 + 6);
}

static void add_limits(struct reading *reading, const struct breakout_model *model)
{
    struct detection *detection = reading->detection;
    Promoteros__V1__DetectBreakoutsResponse *response = detection->response;
    struct pros_run *run = detection->run;
    bool by_artist = detection->definition->goal == CHART_ARTIST_TOP10;
    if (model)
        response->limits[response->n_limits++] =
            pros_format(run, "Fitted on %s; another chart may behave otherwise.", model->fitted_on);
    response->limits[response->n_limits++] = pros_format(
        run, "%s are judged by their last %s weeks, which the fit did not see.",
        by_artist ? "Artists later than their fourth week" : "Songs later than their second week",
        by_artist ? "four" : "two");
    int64_t age_days = chart_age_days(&reading->book, pros_as_of_ms(run));
    if (model && age_days > CHART_STALE_DAYS)
        response->limits[response->n_limits++] = pros_format(
            run, "The chart's newest week is %lld days old; the answer is as of that week.",
            (long long)age_days);
    if (reading->saw_others)
        response->limits[response->n_limits++] = pros_format(
            run, "The store holds several charts; %s was read. Name another in sources.",
            reading->source);
    if (detection->simulated)
        response->limits[response->n_limits++] =
            pros_format(run, "Some or all of the series are simulated.");
}

enum pros_status detect_chart(struct detection *detection)
{
    static char rank[] = "rank", streams[] = "streams";
    char *metrics[] = {rank, streams};
    struct pros_run *run = detection->run;
    struct reading reading = {.detection = detection};
    struct chart_book artists, *book = &reading.book;
    Promoteros__V1__ScanSignalsRequest request = PROMOTEROS__V1__SCAN_SIGNALS_REQUEST__INIT;
    request.kind = PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_TRACK;
    request.n_sources = detection->request->n_sources;
    request.sources = detection->request->sources;
    request.n_metrics = 2;
    request.metrics = metrics;
    chart_open(book, book_alloc, run);
    if (detection->request->n_sources)
        reading.source = detection->request->sources[0];
    enum pros_status status = series_scan(run, &request, read_song, &reading, &detection->evidence);
    if (status != PROS_OK)
        return status;
    bool by_artist = detection->definition->goal == CHART_ARTIST_TOP10;
    bool is_read = chart_close(book);
    if (is_read && by_artist) {
        is_read = chart_of_artists(book, &artists);
        book = &artists;
    }
    const struct breakout_model *model = is_read ? examine_book(detection, book) : NULL;
    if (by_artist)
        status = name_artists(detection);
    if (status != PROS_OK)
        return status;
    add_limits(&reading, model);
    if (!is_read)
        detection->response->limits[detection->response->n_limits++] = pros_format(
            run, "There is no chart in the store: no song has a series with the metric \"rank\".");
    detection_record(detection, model ? model : breakout_model_find("chart-weekly-top50"));
    return PROS_OK;
}
