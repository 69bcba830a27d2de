/*
 * Fits breakout models, for the backtests and for the program that writes
 * agents/trend-analyzer/coefficients.h.
 *
 * The ridge pulls standardised coefficients towards those of a simple rule scaled to log-odds, so a
 * model with a few dozen positives stays near the rule that is known to rank well.
 */
#ifndef PROMOTEROS_TESTS_BACKTEST_CHARTS_FIT_H
#define PROMOTEROS_TESTS_BACKTEST_CHARTS_FIT_H

#include <stdbool.h>
#include <stddef.h>

#include "trend-analyzer/breakout.h"

struct breakout_recipe {
    unsigned used; /* bit 1 << feature: what may enter */
    double ridge;  /* on standardised features */
    double
        rule[BREAKOUT_FEATURES]; /* raw coefficients of the simple rule that the fit is pulled to */
};

struct breakout_rows {
    double *features; /* rows x BREAKOUT_FEATURES */
    double *labels;   /* 0 or 1 */
    double *weights;  /* or NULL */
    size_t rows;
};

/* First scales the rule to log-odds by a Platt fit on these rows, then fits towards it. Ends the
 * program when the fit fails: the rows are ours. */
struct breakout_model breakout_fit(const struct breakout_recipe *recipe,
                                   const struct breakout_rows *rows);

#endif
