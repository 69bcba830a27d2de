/*
 * Daily series of the evaluation data as breakout tasks: "the 7-day mean reaches k times its
 * present value within h days".
 *
 * No public table labels the breakout of artists' daily series on several platforms. What there is:
 * film admissions, the daily streams of one artist's tracks, and 35 days of monthly listeners. The
 * scale-free model is fitted and tested on these.
 */
#ifndef PROMOTEROS_TESTS_BACKTEST_DAILY_DATA_H
#define PROMOTEROS_TESTS_BACKTEST_DAILY_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trend-analyzer/breakout.h"

/* One entity's daily values from first_day on; NaN where missing. */
struct daily_series {
    long first_day;
    double *values;
    size_t days, capacity;
    bool is_flow;
};

struct daily_table {
    struct daily_series *series;
    size_t count, capacity;
};

struct daily_table
daily_films(void); /* admissions a day; first_day is the first day on screen, gaps are NaN */
struct daily_table daily_streams(void);   /* daily streams of the tracks of one artist */
struct daily_table daily_listeners(void); /* monthly listeners */
void daily_free(struct daily_table *table);

/* One question about one series at one origin. */
struct daily_row {
    size_t entity;
    long origin_day;
    double multiple, horizon_days;
    double features[BREAKOUT_FEATURES];
    double lead_days; /* NaN without the event */
    bool label;
};

struct daily_rows {
    struct daily_row *rows;
    size_t count, capacity;
};

/* Adds a row when the history up to the origin suffices for the agent's features, the 7-day mean is
 * at least floor, and the series has values for most of the horizon. */
bool daily_ask(const struct daily_table *table, size_t entity, long origin_day, double multiple,
               double horizon_days, double floor, struct daily_rows *rows);

#endif
