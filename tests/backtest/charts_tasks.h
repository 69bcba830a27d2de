/*
 * What is fitted, on which rows, towards which simple rule: shared by the backtests and by
 * charts_refit, so that the shipped coefficients and the tested ones cannot drift apart.
 */
#ifndef PROMOTEROS_TESTS_BACKTEST_CHARTS_TASKS_H
#define PROMOTEROS_TESTS_BACKTEST_CHARTS_TASKS_H

#include "backtest/charts_data.h"
#include "backtest/charts_fit.h"
#include "backtest/daily_data.h"
#include "trend-analyzer/growth.h"

struct chart_recipe {
    const char *model; /* name of the shipped model */
    const char *fitted_on;
    struct chart_task (*load)(void);
    struct breakout_recipe recipe;
    double bound; /* the lower end of AUC(ours - best simple rule) must not be below */
};

enum { CHART_RECIPES = 5 };
extern const struct chart_recipe chart_recipes[CHART_RECIPES];

/* Rows of the fit part, or those that debuted before the year. Free features and labels. */
struct breakout_rows charts_fit_rows(const struct chart_task *task);
struct breakout_rows charts_rows_before(const struct chart_task *task, int year);
void charts_free_rows(struct breakout_rows *rows);
int charts_year(const struct chart_row *row);

/* The daily model: fit on tracks up to August 2024 and on every other artist of the listeners,
 * equal weight a source. */
extern const struct breakout_recipe daily_recipe;
enum daily_source { DAILY_STREAMS, DAILY_LISTENERS, DAILY_FILMS, DAILY_SOURCES };
struct daily_tables {
    struct daily_table tables[DAILY_SOURCES];
};
struct daily_tables daily_load(void);
void daily_unload(struct daily_tables *tables);
struct daily_rows daily_rows_of(const struct daily_tables *tables, enum daily_source source,
                                bool is_fit);
struct breakout_rows daily_fit_rows(const struct daily_tables *tables);

/* Growth: history up to the origin as the agent would see it, and the values of the days after;
 * false when the series does not qualify (90 days of history and the last 14 positive for flows; 10
 * days for levels). */
bool growth_question(const struct daily_series *series, long origin_day, size_t horizon,
                     struct growth_history *history, double *actual);

/* Multipliers by bucket from origins before 2024-08-15 (streams) and from the fit half of the
 * listeners. */
void growth_fit(const struct daily_tables *tables,
                double multipliers[2][GROWTH_BUCKETS][GROWTH_QUANTILES]);

#endif
