#include "backtest/charts_tasks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "backtest/eval_csv.h"
#include "numerics/smoothing.h"

#define BIT(feature) (1u << (feature))
enum {
    PLACE = BIT(BREAKOUT_GROWTH) | BIT(BREAKOUT_DISTANCE) | BIT(BREAKOUT_LEVEL),
    PLACE_AND_RECORD = PLACE | BIT(BREAKOUT_RECORD),
    PATH = PLACE | BIT(BREAKOUT_ACCELERATION),
    DAILY = BIT(BREAKOUT_DISTANCE) | BIT(BREAKOUT_ACCELERATION) | BIT(BREAKOUT_PROJECTION) |
            BIT(BREAKOUT_STRENGTH)
};

static struct chart_task top50(void)
{
    return charts_spotify(SPOTIFY_TOP50);
}

static struct chart_task top10(void)
{
    return charts_spotify(SPOTIFY_TOP10);
}

static struct chart_task doubling(void)
{
    return charts_spotify(SPOTIFY_X2);
}

/* Rules: 4 x growth - distance (log-linear extrapolation), -distance (rank), growth. Ridges were
 * chosen from a scan that printed expanding windows and the dev test side by side, mainly by the
 * windows; the Hot 100 has none, so its dev figures are optimistic. Bounds: 0.03 where there are
 * positives enough, looser with 5 to 8 of them. */
const struct chart_recipe chart_recipes[CHART_RECIPES] = {
    {"chart-weekly-top50",
     "songs new to one country's weekly streaming top 200, two weeks seen, 2017 to mid 2021",
     top50,
     {PLACE_AND_RECORD, 30.0, {[BREAKOUT_GROWTH] = 4.0, [BREAKOUT_DISTANCE] = -1.0}},
     -0.03},
    {"chart-weekly-top10",
     "songs new to one country's weekly streaming top 200, two weeks seen, 2017 to mid 2021",
     top10,
     {PLACE_AND_RECORD, 300.0, {[BREAKOUT_GROWTH] = 4.0, [BREAKOUT_DISTANCE] = -1.0}},
     -0.05},
    {"chart-weekly-x2",
     "songs new to one country's weekly streaming top 200, two weeks seen, 2017 to mid 2021",
     doubling,
     {PLACE, 30.0, {[BREAKOUT_GROWTH] = 4.0, [BREAKOUT_DISTANCE] = -1.0}},
     -0.05},
    {"chart-rank-top10",
     "songs new to a weekly hot 100 by rank, two weeks seen, 1997 to 2011",
     charts_hot100_song,
     {PLACE, 30.0, {[BREAKOUT_DISTANCE] = -1.0}},
     -0.03},
    {"chart-rank-artist-top10",
     "artists new to a weekly hot 100 by rank, four weeks seen, 1997 to 2011",
     charts_hot100_artist,
     {PATH, 30.0, {[BREAKOUT_GROWTH] = 1.0}},
     -0.05},
};

const struct breakout_recipe daily_recipe = {DAILY, 30.0, {[BREAKOUT_PROJECTION] = 1.0}};

int charts_year(const struct chart_row *row)
{
    int year, month, day;
    eval_civil(row->debut_day, &year, &month, &day);
    return year;
}

static struct breakout_rows new_rows(size_t capacity)
{
    return (struct breakout_rows){
        .features = eval_alloc(capacity * BREAKOUT_FEATURES, sizeof(double)),
        .labels = eval_alloc(capacity, sizeof(double)),
        .weights = eval_alloc(capacity, sizeof(double)),
    };
}

static void add_row(struct breakout_rows *rows, const double *features, bool label, double weight)
{
    memcpy(rows->features + rows->rows * BREAKOUT_FEATURES, features,
           BREAKOUT_FEATURES * sizeof *features);
    rows->labels[rows->rows] = label;
    rows->weights[rows->rows++] = weight;
}

void charts_free_rows(struct breakout_rows *rows)
{
    free(rows->features);
    free(rows->labels);
    free(rows->weights);
}

struct breakout_rows charts_fit_rows(const struct chart_task *task)
{
    struct breakout_rows rows = new_rows(task->count);
    for (size_t i = 0; i < task->count; i++)
        if (task->rows[i].is_fit)
            add_row(&rows, task->rows[i].features, task->rows[i].label, 1.0);
    return rows;
}

struct breakout_rows charts_rows_before(const struct chart_task *task, int year)
{
    struct breakout_rows rows = new_rows(task->count);
    for (size_t i = 0; i < task->count; i++)
        if (charts_year(task->rows + i) < year)
            add_row(&rows, task->rows[i].features, task->rows[i].label, 1.0);
    return rows;
}

struct daily_tables daily_load(void)
{
    return (struct daily_tables){{daily_streams(), daily_listeners(), daily_films()}};
}

void daily_unload(struct daily_tables *tables)
{
    for (int s = 0; s < DAILY_SOURCES; s++)
        daily_free(tables->tables + s);
}

/* Monthly origins; a fit row's outcome must lie before the split. */
static void ask_streams(const struct daily_table *table, bool is_fit, struct daily_rows *rows)
{
    static const double multiples[] = {1.25, 1.5, 2.0}, horizons[] = {30.0, 60.0};
    long split = eval_day_of(2024, 8, 15), last = eval_day_of(2025, 1, 30);
    for (size_t e = 0; e < table->count; e++)
        for (long day = eval_day_of(2024, 2, 15); day <= last; day += 30)
            for (int i = 0; i < 6; i++) {
                double horizon = horizons[i / 3];
                if (is_fit ? day + (long)horizon < split : day >= split)
                    daily_ask(table, e, day, multiples[i % 3], horizon, 100.0, rows);
            }
}

static void ask_listeners(const struct daily_table *table, bool is_fit, struct daily_rows *rows)
{
    static const double multiples[] = {1.1, 1.25, 1.5};
    for (size_t e = is_fit ? 1 : 0; e < table->count; e += 2)
        for (int i = 0; i < 6; i++)
            daily_ask(table, e, eval_day_of(2026, 4, 20 + 4 * (i / 3)), multiples[i % 3], 11.0,
                      100.0, rows);
}

static void ask_films(const struct daily_table *table, struct daily_rows *rows)
{
    static const double multiples[] = {1.25, 1.5, 2.0};
    for (size_t e = 0; e < table->count; e++)
        for (int i = 0; i < 6; i++) {
            long day = table->series[e].first_day + 20 + 21 * (i / 3);
            if (day >= eval_day_of(2018, 1, 1) && day <= eval_day_of(2021, 11, 1))
                daily_ask(table, e, day, multiples[i % 3], 30.0, 50.0, rows);
        }
}

struct daily_rows daily_rows_of(const struct daily_tables *tables, enum daily_source source,
                                bool is_fit)
{
    struct daily_rows rows = {0};
    if (source == DAILY_STREAMS)
        ask_streams(tables->tables + source, is_fit, &rows);
    else if (source == DAILY_LISTENERS)
        ask_listeners(tables->tables + source, is_fit, &rows);
    else if (!is_fit)
        ask_films(tables->tables + source, &rows);
    return rows;
}

/* Rows of one artist's tracks move together, so each source counts like SOURCE_WEIGHT independent
 * rows. */
struct breakout_rows daily_fit_rows(const struct daily_tables *tables)
{
    static const double source_weight = 1000.0;
    struct daily_rows parts[2] = {daily_rows_of(tables, DAILY_STREAMS, true),
                                  daily_rows_of(tables, DAILY_LISTENERS, true)};
    struct breakout_rows rows = new_rows(parts[0].count + parts[1].count);
    for (int p = 0; p < 2; p++) {
        for (size_t i = 0; i < parts[p].count; i++)
            add_row(&rows, parts[p].rows[i].features, parts[p].rows[i].label,
                    source_weight / (double)parts[p].count);
        free(parts[p].rows);
    }
    return rows;
}

static double value_at(const struct daily_series *series, long day)
{
    long at = day - series->first_day;
    return at >= 0 && at < (long)series->days ? series->values[at] : NAN;
}

bool growth_question(const struct daily_series *series, long origin_day, size_t horizon,
                     struct growth_history *history, double *actual)
{
    int64_t times[GROWTH_HISTORY_MAX];
    double values[GROWTH_HISTORY_MAX];
    size_t count = 0, seen = 0;
    for (long day = origin_day - GROWTH_HISTORY_MAX + 1; day <= origin_day; day++) {
        if (!isfinite(value_at(series, day)))
            continue;
        times[count] = (int64_t)day * 86400000;
        values[count++] = value_at(series, day);
    }
    for (long day = origin_day - 13; series->is_flow && day <= origin_day; day++)
        if (!(value_at(series, day) > 0.0))
            return false;
    for (size_t h = 0; h < horizon; h++) {
        actual[h] = value_at(series, origin_day + 1 + (long)h);
        seen += isfinite(actual[h]) != 0;
    }
    struct trajectory_series raw = {times, values, count, series->is_flow};
    return count > 0 && growth_prepare(&raw, origin_day, history) &&
           history->days >= (series->is_flow ? 90 : 10) && 2 * seen > horizon;
}

struct scores {
    double *values;
    size_t count, capacity;
};

static void add_scores(const struct daily_series *series, long origin_day, size_t horizon,
                       struct scores scores[GROWTH_BUCKETS])
{
    struct growth_history history;
    struct growth_forecast forecast;
    double actual[GROWTH_HORIZON_MAX];
    if (!growth_question(series, origin_day, horizon, &history, actual) ||
        !growth_forecast(&history, horizon, &forecast))
        return;
    for (size_t h = 0; h < horizon; h++) {
        if (!isfinite(actual[h]))
            continue;
        struct scores *bucket = scores + growth_bucket(h + 1);
        bucket->values =
            eval_grow(bucket->values, bucket->count, &bucket->capacity, sizeof(double));
        bucket->values[bucket->count++] =
            (log1p(actual[h]) - log1p(forecast.point[h])) / forecast.scale[h];
    }
}

/* Split conformal on each side: the upper quantile of the scores, and of their negatives for the
 * lower one. */
static double one_sided(const struct scores *scores, double level)
{
    double sign = level < 0.5 ? -1.0 : 1.0;
    double *copy = eval_alloc(scores->count, sizeof *copy);
    for (size_t i = 0; i < scores->count; i++)
        copy[i] = sign * scores->values[i];
    double quantile =
        sign * conformal_quantile(copy, scores->count, level < 0.5 ? 1.0 - level : level);
    free(copy);
    return quantile;
}

static void take_quantiles(struct scores scores[GROWTH_BUCKETS],
                           double multipliers[GROWTH_BUCKETS][GROWTH_QUANTILES])
{
    for (size_t b = 0; b < GROWTH_BUCKETS; b++) {
        for (size_t q = 0; q < GROWTH_QUANTILES; q++) {
            if (scores[b].count == 0) /* Nothing that far ahead: as the bucket before. */
                multipliers[b][q] = multipliers[b - 1][q];
            else if (q == GROWTH_QUANTILES / 2)
                multipliers[b][q] = 0.0; /* The point forecast is the median. */
            else
                multipliers[b][q] = one_sided(scores + b, growth_levels[q]);
        }
    }
    for (size_t b = 0; b < GROWTH_BUCKETS; b++)
        free(scores[b].values);
}

void growth_fit(const struct daily_tables *tables,
                double multipliers[2][GROWTH_BUCKETS][GROWTH_QUANTILES])
{
    struct scores levels[GROWTH_BUCKETS] = {0}, flows[GROWTH_BUCKETS] = {0};
    long split = eval_day_of(2024, 8, 15);
    for (size_t e = 0; e < tables->tables[DAILY_STREAMS].count; e++)
        for (long day = eval_day_of(2024, 4, 5); day + 30 < split; day += 14)
            add_scores(tables->tables[DAILY_STREAMS].series + e, day,
                       split - day < 90 ? (size_t)(split - day) : 90, flows);
    for (size_t e = 1; e < tables->tables[DAILY_LISTENERS].count; e += 2)
        for (int o = 0; o < 2; o++)
            add_scores(tables->tables[DAILY_LISTENERS].series + e, eval_day_of(2026, 4, 20 + 4 * o),
                       11, levels);
    take_quantiles(levels, multipliers[0]);
    take_quantiles(flows, multipliers[1]);
}
