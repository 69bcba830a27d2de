#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backtest/charts_data.h"
#include "backtest/eval_csv.h"

enum {
    RANKS = 100,
    TOP = 10,
    SONG_STEPS = 2,
    SONG_AHEAD = 10,
    ARTIST_STEPS = 4,
    ARTIST_AHEAD = 52
};

struct entry {
    long week; /* days / 7 from the first week */
    int rank;
    bool is_debut;
};

struct line {
    struct entry *entries;
    size_t count, capacity;
    size_t artist;
};

struct chart {
    struct eval_index *songs, *artists;
    struct line *song, *artist; /* of an artist: the best rank of each week */
    size_t song_capacity, artist_capacity;
    long first_day, last_week;
};

/* "A Featuring B", "A & B", "A, B", "A With B", "A x B": the lead artist is A. */
static size_t lead_artist(struct eval_index *artists, const char *credit)
{
    static const char *const joins[] = {" Featuring ", " feat. ", " Feat. ",
                                        " With ",      " x ",     " X "};
    char name[512];
    snprintf(name, sizeof name, "%s", credit);
    for (size_t i = 0; i < sizeof joins / sizeof *joins; i++) {
        char *join = strstr(name, joins[i]);
        if (join)
            *join = '\0';
    }
    return eval_index_add(artists, name);
}

static struct line *line_at(struct line **lines, size_t *capacity, size_t number)
{
    size_t before = *capacity;
    *lines = eval_grow(*lines, number, capacity, sizeof **lines);
    memset(*lines + before, 0, (*capacity - before) * sizeof **lines);
    return *lines + number;
}

static void append(struct line *line, struct entry entry)
{
    line->entries = eval_grow(line->entries, line->count, &line->capacity, sizeof *line->entries);
    line->entries[line->count++] = entry;
}

static struct chart read_chart(void)
{
    struct chart chart = {.songs = eval_index_new(), .artists = eval_index_new(), .first_day = -1};
    struct eval_csv *csv = eval_csv_open("dev/billboard_hot100.csv.gz");
    size_t date = eval_csv_column(csv, "date"), rank = eval_csv_column(csv, "rank");
    size_t title = eval_csv_column(csv, "title"), artist = eval_csv_column(csv, "artist");
    size_t weeks_on = eval_csv_column(csv, "weeks_on_chart");
    while (eval_csv_next(csv)) {
        char key[1024];
        long day = eval_csv_day(csv, date);
        if (chart.first_day < 0)
            chart.first_day = day;
        struct entry entry = {(day - chart.first_day + 3) / 7, (int)eval_csv_number(csv, rank),
                              eval_csv_number(csv, weeks_on) <= 1.0};
        chart.last_week = entry.week;
        snprintf(key, sizeof key, "%s\t%s", eval_csv_text(csv, title), eval_csv_text(csv, artist));
        size_t song = eval_index_add(chart.songs, key);
        size_t lead = lead_artist(chart.artists, eval_csv_text(csv, artist));
        struct line *line = line_at(&chart.song, &chart.song_capacity, song);
        append(line, entry);
        line->artist = lead;
        line = line_at(&chart.artist, &chart.artist_capacity, lead);
        if (line->count && line->entries[line->count - 1].week == entry.week) {
            if (entry.rank < line->entries[line->count - 1].rank)
                line->entries[line->count - 1].rank = entry.rank;
        } else {
            append(line, entry);
        }
    }
    eval_csv_close(csv);
    return chart;
}

static void free_chart(struct chart *chart)
{
    for (size_t i = 0; i < eval_index_count(chart->songs); i++)
        free(chart->song[i].entries);
    for (size_t i = 0; i < eval_index_count(chart->artists); i++)
        free(chart->artist[i].entries);
    free(chart->song);
    free(chart->artist);
    eval_index_free(chart->songs);
    eval_index_free(chart->artists);
}

static int rank_in(const struct line *line, long week)
{
    for (size_t e = 0; e < line->count; e++)
        if (line->entries[e].week == week)
            return line->entries[e].rank;
    return RANKS + 1; /* Off the chart: below its edge. */
}

static double log_level(int rank)
{
    return -log((double)rank);
}

/* Levels of the first steps and the outcome after them; false when already in the top. */
static bool observe(const struct line *line, long debut, size_t steps, long ahead,
                    struct chart_row *row)
{
    row->count = steps;
    row->log_target = log_level(TOP);
    row->log_floor = log_level(RANKS);
    row->lead_steps = NAN;
    for (size_t s = 0; s < steps; s++) {
        int rank = rank_in(line, debut + (long)s);
        if (rank <= TOP)
            return false;
        row->log_levels[s] = log_level(rank);
        row->rank = rank;
    }
    for (size_t e = 0; e < line->count; e++) {
        long after = line->entries[e].week - (debut + (long)steps - 1);
        if (after >= 1 && after <= ahead && line->entries[e].rank <= TOP && !row->label) {
            row->label = true;
            row->lead_steps = (double)after;
        }
    }
    return true;
}

/* Weeks that the lead artist was on the chart before the debut stand for the record; songs are not
 * told apart. */
static void artist_record(const struct line *artist, long debut, struct chart_row *row)
{
    row->record_count = 0.0;
    row->record_best = NAN;
    for (size_t e = 0; e < artist->count && artist->entries[e].week < debut; e++) {
        double best = log_level(artist->entries[e].rank);
        row->record_count += 1.0;
        if (!(best <= row->record_best))
            row->record_best = best;
    }
}

static void keep(struct chart_task *task, size_t *capacity, const struct chart_row *row)
{
    task->rows = eval_grow(task->rows, task->count, capacity, sizeof *task->rows);
    task->rows[task->count++] = *row;
}

struct chart_task charts_hot100_song(void)
{
    struct chart_task task = {.name = "Hot 100 song, top 10"};
    struct chart chart = read_chart();
    size_t capacity = 0;
    for (size_t i = 0; i < eval_index_count(chart.songs); i++) {
        const struct line *line = chart.song + i;
        long debut = line->entries[0].week;
        struct chart_row row = {.debut_day = chart.first_day + 7 * debut};
        int year, month, day;
        eval_civil(row.debut_day, &year, &month, &day);
        bool is_christmas = (month == 11 && day >= 15) || month == 12 || (month == 1 && day <= 7);
        if (!line->entries[0].is_debut || is_christmas || year > 2020 ||
            !observe(line, debut, SONG_STEPS, SONG_AHEAD, &row))
            continue;
        row.is_fit = year < 2012;
        row.is_test = !row.is_fit;
        artist_record(chart.artist + line->artist, debut, &row);
        if (charts_features(&row))
            keep(&task, &capacity, &row);
    }
    free_chart(&chart);
    return task;
}

struct chart_task charts_hot100_artist(void)
{
    struct chart_task task = {.name = "Hot 100 new artist, top 10"};
    struct chart chart = read_chart();
    size_t capacity = 0;
    for (size_t i = 0; i < eval_index_count(chart.artists); i++) {
        const struct line *line = chart.artist + i;
        long debut = line->entries[0].week;
        struct chart_row row = {.debut_day = chart.first_day + 7 * debut, .record_best = NAN};
        int year, month, day;
        eval_civil(row.debut_day, &year, &month, &day);
        if (!line->entries[0].is_debut || year > 2019 ||
            !observe(line, debut, ARTIST_STEPS, ARTIST_AHEAD, &row))
            continue;
        row.is_fit = year < 2012;
        row.is_test = !row.is_fit;
        if (charts_features(&row))
            keep(&task, &capacity, &row);
    }
    free_chart(&chart);
    return task;
}
