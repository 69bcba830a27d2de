/*
 * A weekly chart, read from rank and stream series of songs, and the question "new here: will it
 * reach the top?".
 *
 * The chart's own edge and the streams at the sought rank come from its newest week; the lead
 * artist's record from entries before the song's first week. A song counts as new for eight weeks;
 * one that was there in the store's first week may be old.
 *
 * Memory: everything from the book's allocator (an arena: nothing is freed); strings are the
 * caller's and must outlive it. Threads: one book, one thread. Errors: none; points that are no
 * ranks are left out.
 */
#ifndef PROMOTEROS_TREND_CHART_H
#define PROMOTEROS_TREND_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trend-analyzer/breakout.h"

enum {
    CHART_NEW_WEEKS = 8,
    CHART_ARTIST_NEW_WEEKS = 12,
    CHART_STEPS_MAX = 4,
    CHART_RANK_MAX = 1000
};

enum chart_goal { CHART_TOP50, CHART_TOP10, CHART_STREAMS_X2, CHART_ARTIST_TOP10 };

struct chart_entry {
    int32_t week;
    double rank;
    double streams; /* NaN: not reported */
};

struct chart_line {
    const char *id, *name, *artist; /* artist: id of the lead artist, "" when unknown */
    const void *tag;                /* the caller's own */
    struct chart_entry *entries;    /* by week, one a week */
    size_t count;
};

struct chart_book {
    void *(*alloc)(void *context, size_t size); /* zeroed; never NULL */
    void *context;
    struct chart_line *lines; /* after chart_close: by artist, then first week, then id */
    size_t count, capacity;
    int32_t first_week, last_week;
    double
        *edge_streams; /* by week - first_week: at the lowest reported rank; NaN without streams */
    double edge_rank;  /* lowest rank of the newest week */
    double streams_at_rank[CHART_RANK_MAX + 1]; /* newest week; 0: not reported */
};

/* Points of one song; streams may be absent (stream_count 0) and are matched to ranks by week. */
struct chart_points {
    const int64_t *rank_ms;
    const double *ranks;
    size_t rank_count;
    const int64_t *stream_ms;
    const double *streams;
    size_t stream_count;
};

/* Starts an empty book. */
void chart_open(struct chart_book *book, void *(*alloc)(void *context, size_t size), void *context);

/* Adds a song. */
void chart_add(struct chart_book *book, const char *id, const char *name, const char *artist,
               const void *tag, const struct chart_points *points);

/* Sorts and finds the edges; false for an empty chart or one that spans more than 100 years. */
bool chart_close(struct chart_book *book);

/* A closed book whose lines are lead artists with their best rank a week, without streams. */
bool chart_of_artists(const struct chart_book *songs, struct chart_book *artists);

enum chart_state {
    CHART_CANDIDATE,
    CHART_ALREADY_THERE,
    CHART_NOT_NEW,   /* too long on the chart, gone from it, or there from the store's first week */
    CHART_TOO_SHORT, /* fewer weeks than the model needs */
    CHART_NO_STREAMS /* the goal needs streams and there are none */
};

/* What the model sees of one line. */
struct chart_case {
    double log_levels[CHART_STEPS_MAX];
    struct breakout_chart chart; /* log_levels points into this struct */
    const char *model;           /* which model answers */
    int32_t weeks_seen;
    bool by_streams;
    double rank; /* newest; edge + 1 when it left the chart */
    double features[BREAKOUT_FEATURES];
};

/* Fills the case for a CHART_CANDIDATE. */
enum chart_state chart_examine(const struct chart_book *book, size_t line, enum chart_goal goal,
                               struct chart_case *chart_case);

/* Weeks until log-linear growth reaches the target; NaN when it does not within weeks_max. */
double chart_lead_weeks(const struct chart_case *chart_case, double weeks_max);

#endif
