#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backtest/charts_data.h"
#include "backtest/eval_csv.h"
#include "trend-analyzer/chart.h"

/*
 * Each debut week is asked as the agent would have been asked in the week after: a book of every
 * entry up to that week is read by the agent's own chart.c, so thresholds, edge, record and
 * features cannot look ahead or drift from what is shipped.
 */
struct entry {
    long day;
    double rank, streams;
};

struct track {
    struct entry *entries; /* in the order of weeks */
    size_t count, capacity;
    size_t artist;
};

struct table {
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

static void add_entry(struct table *table, size_t track, size_t artist, struct entry entry)
{
    size_t before = table->track_capacity;
    table->track = eval_grow(table->track, track, &table->track_capacity, sizeof *table->track);
    memset(table->track + before, 0, (table->track_capacity - before) * sizeof *table->track);
    struct track *t = table->track + track;
    t->entries = eval_grow(t->entries, t->count, &t->capacity, sizeof *t->entries);
    t->entries[t->count++] = entry;
    t->artist = artist;
}

static struct table read_table(void)
{
    struct table table = {.tracks = eval_index_new(), .artists = eval_index_new()};
    struct eval_csv *csv = eval_csv_open("dev/spotify_us_weekly.csv.gz");
    size_t week = eval_csv_column(csv, "week"), rank = eval_csv_column(csv, "rank");
    size_t id = eval_csv_column(csv, "track_id"), artist = eval_csv_column(csv, "artist");
    size_t streams = eval_csv_column(csv, "streams");
    while (eval_csv_next(csv)) {
        struct entry entry = {eval_csv_day(csv, week), eval_csv_number(csv, rank),
                              eval_csv_number(csv, streams)};
        add_entry(&table, eval_index_add(table.tracks, eval_csv_text(csv, id)),
                  lead_artist(table.artists, eval_csv_text(csv, artist)), entry);
    }
    eval_csv_close(csv);
    return table;
}

static void free_table(struct table *table)
{
    for (size_t i = 0; i < eval_index_count(table->tracks); i++)
        free(table->track[i].entries);
    free(table->track);
    eval_index_free(table->tracks);
    eval_index_free(table->artists);
}

/* Memory of one book. */
struct heap {
    void **blocks;
    size_t count, capacity;
};

static void *heap_alloc(void *context, size_t size)
{
    struct heap *heap = context;
    heap->blocks = eval_grow(heap->blocks, heap->count, &heap->capacity, sizeof *heap->blocks);
    return heap->blocks[heap->count++] = eval_alloc(size, 1);
}

static void heap_empty(struct heap *heap)
{
    while (heap->count)
        free(heap->blocks[--heap->count]);
}

/* What was known on the day: every entry of the weeks up to it. */
static void read_book(const struct table *table, long day, struct heap *heap,
                      struct chart_book *book)
{
    heap_empty(heap);
    chart_open(book, heap_alloc, heap);
    for (size_t i = 0; i < eval_index_count(table->tracks); i++) {
        const struct track *track = table->track + i;
        int64_t *times = heap_alloc(heap, (track->count + 1) * sizeof *times);
        double *ranks = heap_alloc(heap, (track->count + 1) * sizeof *ranks);
        double *streams = heap_alloc(heap, (track->count + 1) * sizeof *streams);
        size_t count = 0;
        for (; count < track->count && track->entries[count].day <= day; count++) {
            times[count] = (int64_t)track->entries[count].day * 86400000;
            ranks[count] = track->entries[count].rank;
            streams[count] = track->entries[count].streams;
        }
        struct chart_points points = {times, ranks, count, times, streams, count};
        chart_add(book, eval_index_text(table->tracks, i), "",
                  eval_index_text(table->artists, track->artist), NULL, &points);
    }
    if (!chart_close(book)) {
        fprintf(stderr, "no chart up to day %ld\n", day);
        exit(1);
    }
}

static bool make_row(const struct chart_book *book, enum spotify_task task, const char *id,
                     struct chart_row *row)
{
    static const enum chart_goal goals[] = {CHART_TOP50, CHART_TOP10, CHART_STREAMS_X2};
    struct chart_case result;
    for (size_t i = 0; i < book->count; i++) {
        if (strcmp(book->lines[i].id, id) != 0)
            continue;
        if (chart_examine(book, i, goals[task], &result) != CHART_CANDIDATE ||
            result.weeks_seen != 2)
            return false;
        memcpy(row->log_levels, result.log_levels, sizeof row->log_levels);
        memcpy(row->features, result.features, sizeof row->features);
        row->count = result.chart.count;
        row->rank = result.rank;
        return true;
    }
    return false;
}

struct chart_task charts_spotify(enum spotify_task task)
{
    static const char *const files[] = {"dev/task_spotify_top50_w2_h8.csv",
                                        "dev/task_spotify_top10_w2_h8.csv",
                                        "dev/task_spotify_x2_w2_h8.csv"};
    static const char *const names[] = {"weekly streams, top 50", "weekly streams, top 10",
                                        "weekly streams, doubling"};
    struct chart_task result = {.name = names[task]};
    struct table table = read_table();
    struct heap heap = {0};
    struct chart_book book;
    long book_day = EVAL_NO_DAY;
    struct eval_csv *csv = eval_csv_open(files[task]);
    size_t id = eval_csv_column(csv, "track_id"), debut = eval_csv_column(csv, "debut_week");
    size_t weeks = eval_csv_column(csv, "weeks_to_event"), part = eval_csv_column(csv, "part");
    size_t label = eval_csv_column(csv, "label"), capacity = 0;
    while (eval_csv_next(csv)) {
        struct chart_row row = {.debut_day = eval_csv_day(csv, debut)};
        if (book_day != row.debut_day + 7) {
            book_day = row.debut_day + 7;
            read_book(&table, book_day, &heap, &book);
        }
        if (!make_row(&book, task, eval_csv_text(csv, id), &row)) {
            fprintf(stderr, "%s: %s is no new song in the weekly table\n", files[task],
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
    heap_empty(&heap);
    free(heap.blocks);
    free_table(&table);
    return result;
}
