#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backtest/charts_data.h"
#include "backtest/eval_csv.h"

enum { RANKS = 200 };

struct entry {
    size_t week; /* number of the week */
    int rank;
    double streams;
};

struct track {
    struct entry *entries; /* in the order of weeks */
    size_t count, capacity;
    size_t artist;
};

struct chart {
    long *days; /* of each week */
    size_t weeks, week_capacity;
    double (*streams)[RANKS + 1]; /* by week and rank; 0: not reported */
    size_t streams_capacity;
    struct eval_index *tracks, *artists;
    struct track *track;
    size_t track_capacity;
};

/* The first name of "A, B": the lead artist. */
static size_t lead_artist(struct eval_index *artists, const char *credit)
{
    char name[512];
    snprintf(name, sizeof name, "%s", credit);
    char *comma = strstr(name, ", ");
    if (comma)
        *comma = '\0';
    return eval_index_add(artists, name);
}

static void add_entry(struct chart *chart, size_t track, size_t artist, struct entry entry)
{
    size_t before = chart->track_capacity;
    chart->track = eval_grow(chart->track, track, &chart->track_capacity, sizeof *chart->track);
    memset(chart->track + before, 0, (chart->track_capacity - before) * sizeof *chart->track);
    struct track *t = chart->track + track;
    t->entries = eval_grow(t->entries, t->count, &t->capacity, sizeof *t->entries);
    t->entries[t->count++] = entry;
    t->artist = artist;
}

static void begin_week(struct chart *chart, long day)
{
    chart->days = eval_grow(chart->days, chart->weeks, &chart->week_capacity, sizeof *chart->days);
    chart->streams =
        eval_grow(chart->streams, chart->weeks, &chart->streams_capacity, sizeof *chart->streams);
    memset(chart->streams[chart->weeks], 0, sizeof *chart->streams);
    chart->days[chart->weeks++] = day;
}

static struct chart read_chart(void)
{
    struct chart chart = {.tracks = eval_index_new(), .artists = eval_index_new()};
    struct eval_csv *csv = eval_csv_open("dev/spotify_us_weekly.csv.gz");
    size_t week = eval_csv_column(csv, "week"), rank = eval_csv_column(csv, "rank");
    size_t id = eval_csv_column(csv, "track_id"), artist = eval_csv_column(csv, "artist");
    size_t streams = eval_csv_column(csv, "streams");
    while (eval_csv_next(csv)) {
        long day = eval_csv_day(csv, week);
        if (chart.weeks == 0 || chart.days[chart.weeks - 1] != day)
            begin_week(&chart, day);
        struct entry entry = {chart.weeks - 1, (int)eval_csv_number(csv, rank),
                              eval_csv_number(csv, streams)};
        if (entry.rank >= 1 && entry.rank <= RANKS && entry.streams > 0.0)
            chart.streams[entry.week][entry.rank] = entry.streams;
        add_entry(&chart, eval_index_add(chart.tracks, eval_csv_text(csv, id)),
                  lead_artist(chart.artists, eval_csv_text(csv, artist)), entry);
    }
    eval_csv_close(csv);
    return chart;
}

static void free_chart(struct chart *chart)
{
    for (size_t i = 0; i < eval_index_count(chart->tracks); i++)
        free(chart->track[i].entries);
    free(chart->track);
    free(chart->days);
    free(chart->streams);
    eval_index_free(chart->tracks);
    eval_index_free(chart->artists);
}

/* Streams at the rank, or at the nearest reported rank above it. */
static double streams_at(const struct chart *chart, size_t week, int rank)
{
    while (rank > 1 && !(chart->streams[week][rank] > 0.0))
        rank--;
    return chart->streams[week][rank];
}

static size_t week_of(const struct chart *chart, long day)
{
    for (size_t w = 0; w < chart->weeks; w++)
        if (chart->days[w] == day)
            return w;
    return EVAL_UNSEEN;
}

/* Earlier entries of the lead artist: tracks that were on the chart before the debut week, and
 * their best streams relative to the chart's edge at that time, moved to the edge of now. */
static void artist_record(const struct chart *chart, size_t track, size_t debut,
                          struct chart_row *row)
{
    row->record_count = 0.0;
    row->record_best = NAN;
    for (size_t i = 0; i < eval_index_count(chart->tracks); i++) {
        const struct track *other = chart->track + i;
        if (i == track || other->artist != chart->track[track].artist ||
            other->entries[0].week >= debut)
            continue;
        row->record_count += 1.0;
        for (size_t e = 0; e < other->count && other->entries[e].week < debut; e++) {
            const struct entry *entry = other->entries + e;
            double above = log(entry->streams / streams_at(chart, entry->week, RANKS));
            if (!(above + row->log_floor <= row->record_best))
                row->record_best = above + row->log_floor;
        }
    }
}

static bool make_row(const struct chart *chart, enum spotify_task task, size_t track, size_t debut,
                     struct chart_row *row)
{
    double first = NAN, second = NAN;
    row->rank = RANKS + 1;
    for (size_t e = 0; e < chart->track[track].count; e++) {
        const struct entry *entry = chart->track[track].entries + e;
        if (entry->week == debut)
            first = entry->streams;
        if (entry->week == debut + 1) {
            second = entry->streams;
            row->rank = entry->rank;
        }
    }
    if (!isfinite(first) || debut + 1 >= chart->weeks)
        return false;
    double edge = streams_at(chart, debut + 1, RANKS);
    if (!isfinite(second))
        second = 0.9 * edge; /* Gone from the chart: below its edge. */
    row->log_levels[0] = log(first);
    row->log_levels[1] = log(second);
    row->count = 2;
    row->log_floor = log(edge);
    if (task == SPOTIFY_X2)
        row->log_target = log(2.0 * fmax(first, second));
    else
        row->log_target = log(streams_at(chart, debut + 1, task == SPOTIFY_TOP50 ? 50 : 10));
    artist_record(chart, track, debut, row);
    return charts_features(row);
}

struct chart_task charts_spotify(enum spotify_task task)
{
    static const char *const files[] = {"dev/task_spotify_top50_w2_h8.csv",
                                        "dev/task_spotify_top10_w2_h8.csv",
                                        "dev/task_spotify_x2_w2_h8.csv"};
    static const char *const names[] = {"weekly streams, top 50", "weekly streams, top 10",
                                        "weekly streams, doubling"};
    struct chart_task result = {.name = names[task]};
    struct chart chart = read_chart();
    struct eval_csv *csv = eval_csv_open(files[task]);
    size_t id = eval_csv_column(csv, "track_id"), debut = eval_csv_column(csv, "debut_week");
    size_t weeks = eval_csv_column(csv, "weeks_to_event"), part = eval_csv_column(csv, "part");
    size_t label = eval_csv_column(csv, "label"), capacity = 0;
    while (eval_csv_next(csv)) {
        struct chart_row row = {.debut_day = eval_csv_day(csv, debut)};
        size_t track = eval_index_find(chart.tracks, eval_csv_text(csv, id));
        size_t week = week_of(&chart, row.debut_day);
        if (track == EVAL_UNSEEN || week == EVAL_UNSEEN ||
            !make_row(&chart, task, track, week, &row)) {
            fprintf(stderr, "%s: %s is not in the weekly table\n", files[task],
                    eval_csv_text(csv, id));
            exit(1);
        }
        row.is_fit = strcmp(eval_csv_text(csv, part), "fit") == 0;
        row.is_test = !row.is_fit;
        row.label = eval_csv_number(csv, label) > 0.5;
        row.lead_steps = eval_csv_number(csv, weeks);
        result.rows = eval_grow(result.rows, result.count, &capacity, sizeof *result.rows);
        result.rows[result.count++] = row;
    }
    eval_csv_close(csv);
    free_chart(&chart);
    return result;
}
