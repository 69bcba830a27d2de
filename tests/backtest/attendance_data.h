/*
 * The attendance tables of the evaluation guide as plain arrays, for the backtests and the fitting
 * programs.
 *
 * Read in place from PROMOTEROS_EVAL_DATA (eval_csv.h says how it is skipped). Rows are sorted by
 * run and week, as the guide asks; joins and lags depend on it. Memory: lives until the program
 * ends. Test code: a broken table ends it.
 */
#ifndef PROMOTEROS_TESTS_BACKTEST_ATTENDANCE_DATA_H
#define PROMOTEROS_TESTS_BACKTEST_ATTENDANCE_DATA_H

#include "audience-predictor/running_show.h"

struct theatre_week {
    size_t run, theatre, type; /* EVAL_UNSEEN when not given */
    struct running_week week;  /* share already clipped */
    double capacity, attendance, top_price;
};

struct theatre_data {
    struct theatre_week *rows;  /* by run, then day */
    struct running_week *weeks; /* rows[i].week, contiguous */
    size_t row_count, run_count;
    size_t *run_first; /* run_count + 1 entries */
    struct market_week *market;
    size_t market_count;
};
struct theatre_data theatre_data_load(void);
void theatre_data_free(struct theatre_data *data);

/* Number of market weeks on or before day. */
size_t theatre_market_until(const struct theatre_data *data, int32_t day);

/* Row index of the target h weeks after row i, or SIZE_MAX: the h-th next row of the run, exactly 7
 * h days later. */
size_t theatre_target(const struct theatre_data *data, size_t i, int horizon_weeks);

/* What the predictor may see at row i for the target row. */
struct running_input theatre_input(const struct theatre_data *data,
                                   const struct season_index *season, size_t i, size_t target);

int year_of(int32_t day);

#endif
