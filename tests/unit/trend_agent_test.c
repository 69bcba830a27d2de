/*
 * The trend analyzer as a module: loaded as the host loads it, fed from an invented store, its
 * reasoning checked by the host's own rule (baseline + contributions = link(value)). Also that a
 * run changes nothing in the next one, byte for byte.
 */
#include "promoteros/v1/catalog_service.pb-c.h"
#include "promoteros/v1/signal_service.pb-c.h"
#include "promoteros/v1/trend_analyzer_service.pb-c.h"
#include "unit/agent_host.h"
#include "unit/check.h"

enum { TODAY = 20000, DAYS = 60, ARTISTS = 6, SONGS = 30, WEEKS = 10 };

/* ---- an invented store: artists with followers and streams, songs on a chart ---- */

static const struct {
    const char *id, *name;
    int days;          /* of history */
    double rate, late; /* growth a day, and of the last 14 days */
} artists[ARTISTS] = {
    {"ar_flat", "Flat", DAYS, 0.0, 0.0},     {"ar_rise", "Riser", DAYS, 0.01, 0.05},
    {"ar_slow", "Slow", DAYS, 0.004, 0.004}, {"ar_fade", "Fader", DAYS, -0.01, -0.02},
    {"ar_new", "Newcomer", 5, 0.05, 0.05},   {"ar_tiny", "Tiny", DAYS, 0.03, 0.03},
};

static int64_t times[2][DAYS];
static double numbers[2][DAYS];
static int32_t flags[DAYS];

static void fill_series(Promoteros__V1__SignalSeries *series, Promoteros__V1__EntityRef *entity,
                        int column, const char *source, const char *metric, size_t count)
{
    promoteros__v1__signal_series__init(series);
    series->entity = entity;
    series->source = text(source);
    series->metric = text(metric);
    series->n_observed_at_ms = series->n_values = series->n_point_flags = count;
    series->observed_at_ms = times[column];
    series->values = numbers[column];
    series->point_flags = flags;
    for (size_t i = 0; i < DAYS; i++)
        flags[i] = 4; /* simulated */
}

static size_t fill_artist(int a, Promoteros__V1__EntityRef *entity,
                          Promoteros__V1__SignalSeries series[2])
{
    promoteros__v1__entity_ref__init(entity);
    entity->kind = PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_ARTIST;
    entity->id = text(artists[a].id);
    double level = a == 5 ? 20.0 : 20000.0;
    for (int i = 0; i < artists[a].days; i++) {
        level *= 1.0 + (artists[a].days - i <= 14 ? artists[a].late : artists[a].rate);
        for (int column = 0; column < 2; column++) {
            times[column][i] = (int64_t)(TODAY - artists[a].days + 1 + i) * DAY_MS;
            numbers[column][i] = column ? level / 30.0 * (i % 7 == 0 ? 1.3 : 0.95) : level;
        }
    }
    fill_series(series, entity, 0, "spotify", "followers", (size_t)artists[a].days);
    fill_series(series + 1, entity, 1, "spotify", "streams", (size_t)artists[a].days);
    return 2;
}

/* Song s holds place s + 1; the last three came two weeks ago and climb, stay and fall. */
static size_t fill_song(int s, Promoteros__V1__EntityRef *entity,
                        Promoteros__V1__SignalSeries series[2])
{
    static char ids[SONGS][16];
    bool is_new = s >= SONGS - 3;
    size_t count = is_new ? 2 : WEEKS;
    snprintf(ids[s], sizeof ids[s], "tr_%02d", s);
    promoteros__v1__entity_ref__init(entity);
    entity->kind = PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_TRACK;
    entity->id = ids[s];
    for (size_t i = 0; i < count; i++) {
        double rank = s + 1;
        if (is_new)
            rank = (double[][2]){{28, 14}, {29, 29}, {20, 30}}[s - SONGS + 3][i];
        for (int column = 0; column < 2; column++) {
            times[column][i] = (int64_t)(TODAY - 2 - 7 * (int)(count - 1 - i)) * DAY_MS;
            numbers[column][i] = column ? 1e6 / rank : rank;
        }
    }
    fill_series(series, entity, 0, "chart-test", "rank", count);
    fill_series(series + 1, entity, 1, "chart-test", "streams", count);
    return 2;
}

static enum pros_status
stream_one(struct pros_run *run, int number, bool is_song,
           enum pros_status (*on_reply)(void *context, struct pros_bytes reply), void *context)
{
    static char artist_id[] = "ar_flat";
    char *artist_ids[] = {artist_id};
    Promoteros__V1__EntityRef entity;
    Promoteros__V1__SignalSeries series[2], *list[2] = {series, series + 1};
    Promoteros__V1__ScanSignalsResponse message = PROMOTEROS__V1__SCAN_SIGNALS_RESPONSE__INIT;
    message.n_series =
        is_song ? fill_song(number, &entity, series) : fill_artist(number, &entity, series);
    message.series = list;
    message.entity = &entity;
    message.name = is_song ? entity.id : text(artists[number].name);
    message.n_artist_ids = is_song;
    message.artist_ids = artist_ids;
    return on_reply(context, pros_pack(run, &message.base));
}

static enum pros_status scan(struct pros_run *run, const char *method, struct pros_bytes request,
                             enum pros_status (*on_reply)(void *context, struct pros_bytes reply),
                             void *context, const char **input_id)
{
    const Promoteros__V1__ScanSignalsRequest *asked =
        (const void *)pros_unpack(run, &promoteros__v1__scan_signals_request__descriptor, request);
    CHECK_STR(method, "promoteros.v1.SignalService/ScanSignals");
    *input_id = "i1";
    bool is_song = asked->kind == PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_TRACK;
    enum pros_status status = PROS_OK;
    for (int i = 0; i < (is_song ? SONGS : ARTISTS) && status == PROS_OK; i++)
        status = stream_one(run, i, is_song, on_reply, context);
    return status;
}

static enum pros_status query(struct pros_run *run, struct pros_bytes request,
                              struct pros_bytes *reply)
{
    const Promoteros__V1__QuerySignalsRequest *asked =
        (const void *)pros_unpack(run, &promoteros__v1__query_signals_request__descriptor, request);
    Promoteros__V1__EntityRef entity;
    Promoteros__V1__SignalSeries series[2], *list[2] = {series, series + 1};
    Promoteros__V1__QuerySignalsResponse message = PROMOTEROS__V1__QUERY_SIGNALS_RESPONSE__INIT;
    for (int a = 0; a < ARTISTS; a++)
        if (strcmp(asked->entities[0]->id, artists[a].id) == 0)
            message.n_series = fill_artist(a, &entity, series);
    message.series = list;
    *reply = pros_pack(run, &message.base);
    return PROS_OK;
}

static enum pros_status answer(struct pros_run *run, const char *method, struct pros_bytes request,
                               struct pros_bytes *reply, const char **input_id)
{
    *input_id = "i1";
    if (strstr(method, "QuerySignals"))
        return query(run, request, reply);
    CHECK_STR(method, "promoteros.v1.CatalogService/GetArtist");
    const Promoteros__V1__GetArtistRequest *asked =
        (const void *)pros_unpack(run, &promoteros__v1__get_artist_request__descriptor, request);
    for (int a = 0; a < ARTISTS; a++) {
        if (strcmp(asked->id, artists[a].id) != 0)
            continue;
        Promoteros__V1__Artist artist = PROMOTEROS__V1__ARTIST__INIT;
        Promoteros__V1__GetArtistResponse message = PROMOTEROS__V1__GET_ARTIST_RESPONSE__INIT;
        artist.id = asked->id;
        artist.name = text(artists[a].name);
        message.artist = &artist;
        *reply = pros_pack(run, &message.base);
        return PROS_OK;
    }
    return pros_fail(run, PROS_NOT_FOUND, "UNKNOWN_ARTIST", "There is no artist %s.", asked->id);
}

static bool is_probability(const struct pros_prediction *prediction)
{
    return prediction->probability > 0.0 && prediction->probability < 1.0;
}

const struct agent_world agent_world = {.module = TREND_AGENT,
                                        .as_of_ms = TODAY * DAY_MS + DAY_MS / 2,
                                        .call = answer,
                                        .call_stream = scan,
                                        .is_sound = is_probability};

static enum pros_status call(const char *method, const ProtobufCMessage *request,
                             struct pros_bytes *bytes)
{
    enum pros_status status = agent_call(method, request, bytes);
    CHECK_STR(record.fault, "");
    if (status == PROS_OK)
        CHECK(record.worst_residual <= agent()->methods[0].max_residual_share && record.summary[0]);
    else
        CHECK(record.reason[0] && record.sentence[0]);
    return status;
}

static const Promoteros__V1__DetectBreakoutsResponse *
detect(const Promoteros__V1__DetectBreakoutsRequest *request, enum pros_status want)
{
    struct pros_bytes bytes = {NULL, 0};
    if (!CHECK_INT(call("DetectBreakouts", &request->base, &bytes), want) || want != PROS_OK)
        return NULL;
    return (const void *)pros_unpack(&the_run,
                                     &promoteros__v1__detect_breakouts_response__descriptor, bytes);
}

#define SET(message, field, number, TAG)                                                           \
    ((message)->_##field##_case = (TAG), (message)->field = (number))
#define HORIZON  PROMOTEROS__V1__DETECT_BREAKOUTS_REQUEST___HORIZON_DAYS_HORIZON_DAYS
#define COUNT    PROMOTEROS__V1__DETECT_BREAKOUTS_REQUEST___MAX_CANDIDATE_COUNT_MAX_CANDIDATE_COUNT
#define MULTIPLE PROMOTEROS__V1__DETECT_BREAKOUTS_REQUEST___TARGET_MULTIPLE_TARGET_MULTIPLE

static void whole_store(void)
{
    Promoteros__V1__DetectBreakoutsRequest request = PROMOTEROS__V1__DETECT_BREAKOUTS_REQUEST__INIT;
    const Promoteros__V1__DetectBreakoutsResponse *reply = detect(&request, PROS_OK);
    if (!CHECK(reply && reply->n_candidates == 4))
        return;
    CHECK_STR(reply->candidates[0]->name, "Riser");
    CHECK_STR(reply->definition, "audience-x2");
    CHECK_INT(reply->examined_count, ARTISTS);
    CHECK_INT(reply->insufficient_count, 2); /* five days; twenty followers */
    CHECK_INT(reply->n_insufficient, 2);
    CHECK(reply->candidates[0]->_expected_lead_days_case != 0);
    CHECK(reply->candidates[0]->expected_lead_days > 5 &&
          reply->candidates[0]->expected_lead_days < 60);
    CHECK_INT(reply->candidates[0]->stage, PROMOTEROS__V1__TREND_STAGE__TREND_STAGE_BREAKING);
    CHECK(reply->candidates[0]->simulated);
    CHECK_INT(record.conclusions, 4);
    CHECK_INT(record.predictions, 4);
    CHECK_INT(reply->n_limits, record.limits);
    for (size_t i = 0; i < reply->n_candidates; i++) {
        const Promoteros__V1__BreakoutCandidate *candidate = reply->candidates[i];
        double sum = candidate->baseline_log_odds;
        for (size_t r = 0; r < candidate->n_reasons; r++)
            sum += candidate->reasons[r]->amount;
        CHECK_NEAR(1.0 / (1.0 + exp(-sum)), candidate->probability, 1e-12);
        CHECK(i == 0 || candidate->probability <= reply->candidates[i - 1]->probability);
    }
    SET(&request, max_candidate_count, 1, COUNT);
    reply = detect(&request, PROS_OK);
    CHECK(reply && reply->n_candidates == 1 && strcmp(reply->candidates[0]->name, "Riser") == 0);
}

static void one_artist(void)
{
    static char id[] = "ar_rise", nobody[] = "ar_nobody";
    Promoteros__V1__DetectBreakoutsRequest request = PROMOTEROS__V1__DETECT_BREAKOUTS_REQUEST__INIT;
    Promoteros__V1__EntityRef entity = PROMOTEROS__V1__ENTITY_REF__INIT, *list[] = {&entity};
    entity.kind = PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_ARTIST;
    entity.id = id;
    request.n_entities = 1;
    request.entities = list;
    const Promoteros__V1__DetectBreakoutsResponse *reply = detect(&request, PROS_OK);
    CHECK(reply && reply->n_candidates == 1 && strcmp(reply->candidates[0]->name, "Riser") == 0);
    double twice = reply ? reply->candidates[0]->probability : 0.0;
    SET(&request, target_multiple, 4.0, MULTIPLE);
    reply = detect(&request, PROS_OK);
    CHECK(reply && reply->candidates[0]->probability < twice);
    entity.id = nobody;
    detect(&request, PROS_NOT_FOUND);
}

static void chart(void)
{
    static char top10[] = "chart-top-10", other[] = "chart-elsewhere";
    char *sources[] = {other};
    Promoteros__V1__DetectBreakoutsRequest request = PROMOTEROS__V1__DETECT_BREAKOUTS_REQUEST__INIT;
    request.definition = top10;
    const Promoteros__V1__DetectBreakoutsResponse *reply = detect(&request, PROS_OK);
    if (CHECK(reply && reply->n_candidates == 3)) {
        CHECK_STR(reply->candidates[0]->entity->id, "tr_27"); /* the one that climbs */
        CHECK_NEAR(reply->candidates[0]->expected_lead_days, 7.0, 1e-9);
        CHECK_INT(reply->horizon_days, 56);
        CHECK_STR(reply->candidates[0]->artist_ids[0], "ar_flat");
    }
    request.n_sources = 1;
    request.sources = sources;
    reply = detect(&request, PROS_OK); /* no such chart: an empty answer that says so */
    CHECK(reply && reply->n_candidates == 0 && reply->n_limits > 0);
}

static void refusals(void)
{
    static char unknown[] = "audience-x3", chart_name[] = "chart-top-10", empty[] = "";
    static const struct {
        int horizon, count;
        double multiple;
        const char *reason;
    } cases[] = {{6, 0, 0, "HORIZON_RANGE"},      {91, 0, 0, "HORIZON_RANGE"},
                 {-1, 0, 0, "HORIZON_RANGE"},     {0, -1, 0, "CANDIDATE_COUNT"},
                 {0, 1001, 0, "CANDIDATE_COUNT"}, {0, 0, 1.0, "MULTIPLE_RANGE"},
                 {0, 0, NAN, "MULTIPLE_RANGE"},   {0, 0, INFINITY, "MULTIPLE_RANGE"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Promoteros__V1__DetectBreakoutsRequest request =
            PROMOTEROS__V1__DETECT_BREAKOUTS_REQUEST__INIT;
        if (cases[i].horizon)
            SET(&request, horizon_days, cases[i].horizon, HORIZON);
        if (cases[i].count)
            SET(&request, max_candidate_count, cases[i].count, COUNT);
        if (cases[i].multiple != 0.0)
            SET(&request, target_multiple, cases[i].multiple, MULTIPLE);
        detect(&request, PROS_INVALID_ARGUMENT);
        CHECK_STR(record.reason, cases[i].reason);
    }
    Promoteros__V1__DetectBreakoutsRequest request = PROMOTEROS__V1__DETECT_BREAKOUTS_REQUEST__INIT;
    request.definition = unknown;
    detect(&request, PROS_INVALID_ARGUMENT);
    CHECK_STR(record.reason, "UNKNOWN_DEFINITION");
    request.definition = chart_name;
    SET(&request, horizon_days, 30, HORIZON);
    detect(&request, PROS_INVALID_ARGUMENT);
    CHECK_STR(record.reason, "HORIZON_FIXED");
    Promoteros__V1__DetectBreakoutsRequest nameless =
        PROMOTEROS__V1__DETECT_BREAKOUTS_REQUEST__INIT;
    Promoteros__V1__EntityRef entity = PROMOTEROS__V1__ENTITY_REF__INIT, *list[] = {&entity};
    entity.id = empty;
    nameless.n_entities = 1;
    nameless.entities = list;
    detect(&nameless, PROS_INVALID_ARGUMENT);
    CHECK_STR(record.reason, "ENTITY_MISSING");
    remaining_ms = 0;
    Promoteros__V1__DetectBreakoutsRequest late = PROMOTEROS__V1__DETECT_BREAKOUTS_REQUEST__INIT;
    detect(&late, PROS_DEADLINE_EXCEEDED);
    remaining_ms = 1000;
}

static void forecast(void)
{
    static char id[] = "ar_slow", young[] = "ar_new", streams[] = "streams", rank[] = "rank";
    Promoteros__V1__ForecastGrowthRequest request = PROMOTEROS__V1__FORECAST_GROWTH_REQUEST__INIT;
    Promoteros__V1__EntityRef entity = PROMOTEROS__V1__ENTITY_REF__INIT;
    struct pros_bytes bytes;
    entity.kind = PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_ARTIST;
    entity.id = id;
    request.entity = &entity;
    request.metric = streams;
    if (CHECK_INT(call("ForecastGrowth", &request.base, &bytes), PROS_OK)) {
        const Promoteros__V1__ForecastGrowthResponse *reply = (const void *)pros_unpack(
            &the_run, &promoteros__v1__forecast_growth_response__descriptor, bytes);
        CHECK_INT(reply->n_points, 3);
        CHECK_INT(reply->points[0]->days_ahead, 30);
        CHECK_INT(reply->points[2]->days_ahead, 90);
        CHECK_INT(reply->n_medians, 90);
        CHECK(reply->is_flow && reply->weekly_season);
        CHECK_STR(reply->method, "Theta on logs");
        for (size_t d = 0; d < reply->n_medians; d++)
            CHECK(reply->lows[d] <= reply->medians[d] && reply->medians[d] <= reply->highs[d]);
        const Promoteros__V1__Distribution *value = reply->points[1]->value;
        CHECK(value->n_levels == value->n_values && value->mean > value->values[0] &&
              value->mean < value->values[value->n_values - 1]);
        CHECK_INT(record.conclusions, 1);
    }
    entity.id = young; /* too little data is an answer */
    if (CHECK_INT(call("ForecastGrowth", &request.base, &bytes), PROS_OK)) {
        const Promoteros__V1__ForecastGrowthResponse *reply = (const void *)pros_unpack(
            &the_run, &promoteros__v1__forecast_growth_response__descriptor, bytes);
        CHECK(reply->not_enough_data[0] && reply->n_points == 0);
    }
    request.metric = rank;
    CHECK_INT(call("ForecastGrowth", &request.base, &bytes), PROS_INVALID_ARGUMENT);
    request.entity = NULL;
    CHECK_INT(call("ForecastGrowth", &request.base, &bytes), PROS_INVALID_ARGUMENT);
}

static void analyze(void)
{
    static char id[] = "ar_fade", young[] = "ar_new";
    Promoteros__V1__AnalyzeTrendRequest request = PROMOTEROS__V1__ANALYZE_TREND_REQUEST__INIT;
    Promoteros__V1__EntityRef entity = PROMOTEROS__V1__ENTITY_REF__INIT;
    struct pros_bytes bytes;
    entity.kind = PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_ARTIST;
    entity.id = id;
    request.entity = &entity;
    if (CHECK_INT(call("AnalyzeTrend", &request.base, &bytes), PROS_OK)) {
        const Promoteros__V1__AnalyzeTrendResponse *reply = (const void *)pros_unpack(
            &the_run, &promoteros__v1__analyze_trend_response__descriptor, bytes);
        CHECK_INT(reply->stage, PROMOTEROS__V1__TREND_STAGE__TREND_STAGE_FADING);
        CHECK_INT(reply->n_series, 2);
        CHECK(reply->weekly_growth_ratio < 0.95);
        CHECK(reply->series[0]->_weekly_growth_ratio_case != 0);
    }
    entity.id = young;
    if (CHECK_INT(call("AnalyzeTrend", &request.base, &bytes), PROS_OK)) {
        const Promoteros__V1__AnalyzeTrendResponse *reply = (const void *)pros_unpack(
            &the_run, &promoteros__v1__analyze_trend_response__descriptor, bytes);
        CHECK_INT(reply->stage, 0);
        CHECK(reply->stage_text[0] && reply->_weekly_growth_ratio_case == 0);
    }
}

/* The same request gives the same bytes. */
static void repeats(void)
{
    Promoteros__V1__DetectBreakoutsRequest request = PROMOTEROS__V1__DETECT_BREAKOUTS_REQUEST__INIT;
    struct pros_bytes bytes;
    unsigned char first[65536];
    size_t size;
    CHECK_INT(call("DetectBreakouts", &request.base, &bytes), PROS_OK);
    size = bytes.size < sizeof first ? bytes.size : sizeof first;
    memcpy(first, bytes.data, size);
    CHECK_INT(call("DetectBreakouts", &request.base, &bytes), PROS_OK);
    CHECK(bytes.size == size && memcmp(first, bytes.data, size) == 0);
    forget();
}

static void table(void)
{
    CHECK_STR(agent()->service, "promoteros.v1.TrendAnalyzerService");
    CHECK_INT(agent()->method_count, 3);
    CHECK(agent()->descriptor_set.size > 1000);
    for (size_t i = 0; i < agent()->method_count; i++)
        CHECK(agent()->methods[i].flags & PROS_SIDE_EFFECT_FREE);
    struct pros_bytes bytes = {"\xff\xff", 2}, reply;
    CHECK_INT(agent()->methods[0].handle(&the_run, bytes, &reply), PROS_INVALID_ARGUMENT);
}

CHECK_MAIN(table, whole_store, one_artist, chart, refusals, forecast, analyze, repeats)
