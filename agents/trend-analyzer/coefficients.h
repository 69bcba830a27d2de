/* Written by tests/backtest/charts_refit; do not edit. Indices are enum breakout_feature. */
#ifndef PROMOTEROS_TREND_COEFFICIENTS_H
#define PROMOTEROS_TREND_COEFFICIENTS_H

#include "trend-analyzer/models.h"

/* clang-format off */
static const struct breakout_model breakout_models[] = {
skipped: PROMOTEROS_EVAL_DATA is not set; it names the folder with the evaluation data
