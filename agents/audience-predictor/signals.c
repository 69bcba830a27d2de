#include "audience-predictor/signals.h"

#include <math.h>
#include <string.h>

#include "audience-predictor/names.h"
#include "promoteros/v1/signal_service.pb-c.h"

#define DAY_MS     86400000
#define YEARS_BACK 3
#define KINDS_MAX  16

static const char *const level_metrics[] = {"followers", "monthly-listeners", "listeners",
                                            "subscribers"};
#define LEVEL_METRICS (sizeof level_metrics / sizeof *level_metrics)

/* One kind of series: a source with a metric. */
struct kind {
    const char *source, *metric;
    const Promoteros__V1__SignalSeries *of_artist[SIGNALS_ARTISTS_MAX + 1]; /* [0]: ours */
    size_t covered;
};

/* The artists asked for: ours first, then those that played last. */
struct asked {
    struct names numbers;
    const char *ids[SIGNALS_ARTISTS_MAX + 1];
    size_t count;
};

static char *packed(const char *text)
{
    return (char *)(uintptr_t)text; /* protobuf-c has no const strings */
}

static void choose_artists(struct pros_run *run, const char *artist_id,
                           const struct evidence *evidence, struct asked *asked)
{
    names_init(&asked->numbers, run);
    names_number(&asked->numbers, artist_id, NULL);
    asked->ids[asked->count++] = artist_id;
    for (size_t i = evidence->count; i > 0 && asked->count <= SIGNALS_ARTISTS_MAX; i--) {
        const char *id = evidence->details[i - 1].artist_id;
        int fresh = 0;
        if (id[0])
            names_number(&asked->numbers, id, &fresh);
        if (fresh)
            asked->ids[asked->count++] = id;
    }
}

static enum pros_status query(struct pros_run *run, const struct asked *asked, int32_t as_of_day,
                              const char **input,
                              const Promoteros__V1__QuerySignalsResponse **response)
{
    Promoteros__V1__QuerySignalsRequest request = PROMOTEROS__V1__QUERY_SIGNALS_REQUEST__INIT;
    Google__Protobuf__Timestamp start = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    Promoteros__V1__EntityRef refs[SIGNALS_ARTISTS_MAX + 1], *entities[SIGNALS_ARTISTS_MAX + 1];
    char *metrics[LEVEL_METRICS];
    ProtobufCMessage *reply;
    for (size_t i = 0; i < asked->count; i++) {
        promoteros__v1__entity_ref__init(&refs[i]);
        refs[i].kind = PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_ARTIST;
        refs[i].id = packed(asked->ids[i]);
        entities[i] = &refs[i];
    }
    for (size_t i = 0; i < LEVEL_METRICS; i++)
        metrics[i] = packed(level_metrics[i]);
    start.seconds = ((int64_t)as_of_day - YEARS_BACK * 366) * (DAY_MS / 1000);
    request.start_time = &start;
    request.entities = entities;
    request.n_entities = asked->count;
    request.metrics = metrics;
    request.n_metrics = LEVEL_METRICS;
    enum pros_status status =
        pros_call(run, "promoteros.v1.SignalService/QuerySignals", &request.base,
                  &promoteros__v1__query_signals_response__descriptor, &reply, input);
    if (status == PROS_OK)
        *response = (Promoteros__V1__QuerySignalsResponse *)reply;
    return status;
}

/* The last value at or before a day; 0 when there is none that is fresh. */
static double value_at(const Promoteros__V1__SignalSeries *series, int64_t day)
{
    if (!series)
        return 0.0;
    int64_t end_ms = (day + 1) * DAY_MS;
    size_t low = 0, high = series->n_observed_at_ms;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (series->observed_at_ms[middle] < end_ms)
            low = middle + 1;
        else
            high = middle;
    }
    if (!low || end_ms - series->observed_at_ms[low - 1] > (int64_t)SIGNALS_STALE_DAYS * DAY_MS)
        return 0.0;
    double value = series->values[low - 1];
    return isfinite(value) && value >= 1.0 ? value : 0.0;
}

/* Sorts the series into kinds; those that are broken or too many are passed over. */
static size_t sort_kinds(const Promoteros__V1__QuerySignalsResponse *response, struct asked *asked,
                         struct kind kinds[KINDS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < response->n_series; i++) {
        const Promoteros__V1__SignalSeries *series = response->series[i];
        if (!series->entity || series->n_values != series->n_observed_at_ms)
            continue;
        size_t artist = (size_t)names_number(&asked->numbers, series->entity->id, NULL), k = 0;
        while (k < count && (strcmp(kinds[k].source, series->source) != 0 ||
                             strcmp(kinds[k].metric, series->metric) != 0))
            k++;
        if (k == KINDS_MAX || artist >= asked->count)
            continue;
        if (k == count)
            kinds[count++] = (struct kind){.source = series->source, .metric = series->metric};
        kinds[k].of_artist[artist] = series;
    }
    return count;
}

/* The artist's following before that show; 0 unknown. */
static double before_show(const struct kind *kind, struct asked *asked,
                          const struct evidence_show *show, int32_t lead_days)
{
    size_t artist =
        show->artist_id[0] ? (size_t)names_number(&asked->numbers, show->artist_id, NULL) : 0;
    if (artist == 0 || artist >= asked->count)
        return 0.0;
    return value_at(kind->of_artist[artist], (int64_t)show->show.day - lead_days);
}

static const struct kind *best_kind(struct kind *kinds, size_t count, struct asked *asked,
                                    const struct evidence *evidence, int32_t as_of_day)
{
    const struct kind *best = NULL;
    int32_t lead_days = evidence->request.coming.day - as_of_day;
    for (size_t k = 0; k < count; k++) {
        if (!(value_at(kinds[k].of_artist[0], as_of_day) >= 1.0))
            continue;
        for (size_t i = 0; i < evidence->count; i++)
            kinds[k].covered +=
                before_show(&kinds[k], asked, &evidence->details[i], lead_days) >= 1.0;
        if (kinds[k].covered && (!best || kinds[k].covered > best->covered))
            best = &kinds[k];
    }
    return best;
}

enum pros_status signals_add_following(struct pros_run *run, const char *artist_id,
                                       int32_t as_of_day, struct evidence *evidence)
{
    struct asked *asked = pros_alloc(run, sizeof *asked);
    struct kind *kinds = pros_alloc(run, KINDS_MAX * sizeof *kinds);
    const Promoteros__V1__QuerySignalsResponse *response;
    choose_artists(run, artist_id, evidence, asked);
    enum pros_status status = query(run, asked, as_of_day, &evidence->following_input, &response);
    if (status != PROS_OK)
        return status;
    size_t kind_count = sort_kinds(response, asked, kinds);
    const struct kind *kind = best_kind(kinds, kind_count, asked, evidence, as_of_day);
    if (!kind)
        return PROS_OK;
    int32_t lead_days = evidence->request.coming.day - as_of_day;
    evidence->request.coming.following = value_at(kind->of_artist[0], as_of_day);
    evidence->following_name = pros_format(run, "%s %s", kind->source, kind->metric);
    for (size_t i = 0; i < evidence->count; i++)
        evidence->shows[i].following = before_show(kind, asked, &evidence->details[i], lead_days);
    return PROS_OK;
}
