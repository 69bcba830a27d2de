/*
 * The fitted numbers that the agent ships, by name.
 *
 * Why apart: coefficients.h is written by tests/backtest/charts_refit and read by no one else;
 * fitted coefficients may be shipped, rows of the evaluation data may not.
 */
#ifndef PROMOTEROS_TREND_MODELS_H
#define PROMOTEROS_TREND_MODELS_H

#include "trend-analyzer/breakout.h"
#include "trend-analyzer/growth.h"

/* The model of that name ("chart-weekly-top50", "daily-scale-free"), or NULL. */
const struct breakout_model *breakout_model_find(const char *name);

/* Error quantiles in units of struct growth_forecast.scale, for levels and flows (index is_flow),
 * by horizon bucket, at growth_levels. */
extern const double growth_multipliers[2][GROWTH_BUCKETS][GROWTH_QUANTILES];

#endif
