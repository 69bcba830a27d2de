#include "backtest/daily_data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "backtest/eval_csv.h"
#include "trend-analyzer/trajectory.h"

enum { DAYS_MAX = 2000, WEEK = 7 };

/* Rows may come in any order of days; those before first_day or far after it are left out. */
static void put(struct daily_series *series, long day, double value)
{
    if (series->days == 0)
        series->first_day = day;
    if (day < series->first_day) { /* An earlier day: move the others back. */
        size_t shift = (size_t)(series->first_day - day);
        if (shift + series->days > DAYS_MAX)
            return;
        series->values =
            eval_grow(series->values, series->days + shift, &series->capacity, sizeof(double));
        memmove(series->values + shift, series->values, series->days * sizeof(double));
        for (size_t i = 0; i < shift; i++)
            series->values[i] = NAN;
        series->days += shift;
        series->first_day = day;
    }
    size_t at = (size_t)(day - series->first_day);
    if (at >= DAYS_MAX)
        return;
    series->values = eval_grow(series->values, at + 1, &series->capacity, sizeof(double));
    while (series->days <= at)
        series->values[series->days++] = NAN;
    series->values[at] = value;
}

static struct daily_table read_table(const char *path, const char *id, const char *date,
                                     const char *value, bool is_flow)
{
    struct daily_table table = {0};
    struct eval_index *ids = eval_index_new();
    struct eval_csv *csv = eval_csv_open(path);
    size_t id_column = eval_csv_column(csv, id), date_column = eval_csv_column(csv, date);
    size_t value_column = eval_csv_column(csv, value);
    while (eval_csv_next(csv)) {
        size_t entity = eval_index_add(ids, eval_csv_text(csv, id_column));
        table.series = eval_grow(table.series, entity, &table.capacity, sizeof *table.series);
        if (entity == table.count)
            table.series[table.count++] = (struct daily_series){.is_flow = is_flow};
        put(table.series + entity, eval_csv_day(csv, date_column),
            eval_csv_number(csv, value_column));
    }
    eval_csv_close(csv);
    eval_index_free(ids);
    return table;
}

struct daily_table daily_films(void)
{
    return read_table("dev/kofic_daily.csv.gz", "movie_code", "date", "audience", true);
}

struct daily_table daily_streams(void)
{
    return read_table("dev/one_artist_daily_streams.csv.gz", "track_id", "date", "daily_stream",
                      true);
}

struct daily_table daily_listeners(void)
{
    return read_table("dev/artist_monthly_listeners_daily.csv", "artist", "date",
                      "monthly_listeners", false);
}

void daily_free(struct daily_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        free(table->series[i].values);
    free(table->series);
    *table = (struct daily_table){0};
}

/* Mean of the values of the week that ends on the day; NaN with fewer than four. */
static double week_mean(const struct daily_series *series, long day)
{
    double sum = 0.0;
    int seen = 0;
    for (long d = day - WEEK + 1; d <= day; d++) {
        long at = d - series->first_day;
        if (at < 0 || at >= (long)series->days || !isfinite(series->values[at]))
            continue;
        sum += series->values[at];
        seen++;
    }
    return seen >= 4 ? sum / seen : NAN;
}

static bool features_at(const struct daily_series *series, long origin_day, double multiple,
                        double horizon_days, double features[BREAKOUT_FEATURES])
{
    int64_t times[TRAJECTORY_DAYS];
    double values[TRAJECTORY_DAYS];
    size_t count = 0;
    for (long d = origin_day - TRAJECTORY_DAYS + 1; d <= origin_day; d++) {
        long at = d - series->first_day;
        if (at < 0 || at >= (long)series->days || !isfinite(series->values[at]))
            continue;
        times[count] = (int64_t)d * 86400000;
        values[count++] = series->values[at];
    }
    struct trajectory_series raw = {times, values, count, series->is_flow};
    struct trajectory trajectory;
    trajectory_begin(&trajectory);
    return trajectory_add(&trajectory, &raw, origin_day) && trajectory_finish(&trajectory) &&
           trajectory_features(&trajectory, log(multiple), horizon_days, features);
}

bool daily_ask(const struct daily_table *table, size_t entity, long origin_day, double multiple,
               double horizon_days, double floor, struct daily_rows *rows)
{
    const struct daily_series *series = table->series + entity;
    struct daily_row row = {.entity = entity,
                            .origin_day = origin_day,
                            .multiple = multiple,
                            .horizon_days = horizon_days,
                            .lead_days = NAN};
    double now = week_mean(series, origin_day);
    if (!(now >= floor) || !features_at(series, origin_day, multiple, horizon_days, row.features))
        return false;
    long seen = 0;
    for (long ahead = 1; ahead <= (long)horizon_days; ahead++) {
        double then = week_mean(series, origin_day + ahead);
        seen += isfinite(then) != 0;
        if (then >= multiple * now && !row.label) {
            row.label = true;
            row.lead_days = (double)ahead;
        }
    }
    if (!row.label && (double)seen < 0.5 * horizon_days)
        return false;
    rows->rows = eval_grow(rows->rows, rows->count, &rows->capacity, sizeof *rows->rows);
    rows->rows[rows->count++] = row;
    return true;
}
