/*
 * The chart tables of the evaluation data as breakout tasks: rows with what was known after the
 * observation, and the outcome.
 *
 * No look-ahead: a row's inputs come from weeks up to the end of its observation; the lead artist's
 * record from entries that debuted before the song's own debut week (observed up to that week).
 */
#ifndef PROMOTEROS_TESTS_BACKTEST_CHARTS_DATA_H
#define PROMOTEROS_TESTS_BACKTEST_CHARTS_DATA_H

#include <stdbool.h>
#include <stddef.h>

#include "trend-analyzer/breakout.h"

enum { CHARTS_STEPS_MAX = 4 };

struct chart_row {
    long debut_day;
    bool is_fit; /* part "fit", or before the dev test */
    bool is_test;
    bool label;
    double lead_steps; /* weeks from the end of the observation to the event; NaN without */
    double log_levels[CHARTS_STEPS_MAX];
    size_t count;
    double log_target, log_floor;
    double record_count, record_best;
    double rank; /* at the end of the observation */
    double features[BREAKOUT_FEATURES];
};

struct chart_task {
    const char *name;
    struct chart_row *rows;
    size_t count;
};

enum spotify_task { SPOTIFY_TOP50, SPOTIFY_TOP10, SPOTIFY_X2 };

/* Songs of the US weekly Top 200 on the frozen task tables, read by the agent's own chart.c week by
 * week; the levels' target, floor and record stay unset. */
struct chart_task charts_spotify(enum spotify_task task);

/* Songs of the Hot 100: ranks of weeks 1-2, top 10 in weeks 3-12. Fit before 2012, test 2012-2020.
 */
struct chart_task charts_hot100_song(void);

/* New artists of the Hot 100: ranks of the first 4 weeks since the first entry, a top-10 song
 * within 52 weeks. */
struct chart_task charts_hot100_artist(void);

/* Computes row->features by the agent's own function; false when it refuses. */
bool charts_features(struct chart_row *row);

void charts_free(struct chart_task *task);

#endif
