/* Written by tests/backtest/charts_refit; do not edit. Indices are enum breakout_feature. */
#ifndef PROMOTEROS_TREND_COEFFICIENTS_H
#define PROMOTEROS_TREND_COEFFICIENTS_H

#include "trend-analyzer/models.h"

/* clang-format off */
static const struct breakout_model breakout_models[] = {
    {.name = "chart-weekly-top50",
     .fitted_on = "songs new to one country's weekly streaming top 200, two weeks seen, 2017 to mid 2021",
     .rows = 2476,
     .positives = 123,
     .intercept = -1.835357,
     .coefficients = {
         [0] = 3.858739,
         [1] = -1.712378,
         [2] = 1.692215,
         [4] = -0.185977,
     },
     .references = {
         [0] = -0.255346,
         [1] = 0.767282,
         [2] = 0.099554,
         [4] = 1.642991,
     }},
    {.name = "chart-weekly-top10",
     .fitted_on = "songs new to one country's weekly streaming top 200, two weeks seen, 2017 to mid 2021",
     .rows = 3288,
     .positives = 41,
     .intercept = -3.070616,
     .coefficients = {
         [0] = 3.227515,
         [1] = -0.980984,
         [2] = 0.204361,
         [4] = -0.038778,
     },
     .references = {
         [0] = -0.312954,
         [1] = 1.356234,
         [2] = 0.232471,
         [4] = 1.823738,
     }},
    {.name = "chart-weekly-x2",
     .fitted_on = "songs new to one country's weekly streaming top 200, two weeks seen, 2017 to mid 2021",
     .rows = 3288,
     .positives = 49,
     .intercept = -2.475359,
     .coefficients = {
         [0] = 2.899814,
         [1] = -1.488928,
         [2] = -0.334012,
     },
     .references = {
         [0] = -0.312954,
         [1] = 1.039217,
         [2] = 0.232471,
     }},
    {.name = "chart-rank-top10",
     .fitted_on = "songs new to a weekly hot 100 by rank, two weeks seen, 1997 to 2011",
     .rows = 4382,
     .positives = 494,
     .intercept = 1.296550,
     .coefficients = {
         [0] = 1.681886,
         [1] = -1.876661,
         [2] = -0.311891,
     },
     .references = {
         [0] = 0.033635,
         [1] = 1.957274,
         [2] = 0.346882,
     }},
    {.name = "chart-rank-artist-top10",
     .fitted_on = "artists new to a weekly hot 100 by rank, four weeks seen, 1997 to 2011",
     .rows = 1555,
     .positives = 230,
     .intercept = -2.078980,
     .coefficients = {
         [0] = 6.704083,
         [1] = -0.303622,
         [2] = 0.307342,
         [3] = 1.141511,
     },
     .references = {
         [0] = 0.057358,
         [1] = 1.872967,
         [2] = 0.431404,
         [3] = 0.002185,
     }},
    {.name = "daily-scale-free",
     .fitted_on = "daily streams of one artist's tracks to August 2024 and five weeks of monthly listeners of a hundred artists",
     .rows = 15852,
     .positives = 425,
     .intercept = -2.118408,
     .coefficients = {
         [1] = -1.003900,
         [3] = 3.484123,
         [6] = 1.086289,
         [7] = 0.291893,
     },
     .references = {
         [1] = 0.438926,
         [3] = 0.033472,
         [6] = -1.944939,
         [7] = -0.306760,
     }},
};

const double growth_multipliers[2][GROWTH_BUCKETS][GROWTH_QUANTILES] = {
    {
        {-9.4389, -2.8085, -0.8364, 0.0000, 0.2342, 1.0476, 2.9517},
        {-10.9303, -5.2365, -1.5353, 0.0000, 0.3305, 1.2942, 1.8604},
        {-10.9303, -5.2365, -1.5353, 0.0000, 0.3305, 1.2942, 1.8604},
        {-10.9303, -5.2365, -1.5353, 0.0000, 0.3305, 1.2942, 1.8604},
    },
    {
        {-5.0439, -1.2982, -0.3130, 0.0000, 0.3452, 0.6791, 1.5317},
        {-4.2049, -2.5001, -0.4560, 0.0000, 0.5017, 0.8978, 1.4884},
        {-2.6486, -1.6403, -0.6663, 0.0000, 0.5487, 0.9409, 1.4507},
        {-2.0575, -1.3312, -0.8196, 0.0000, 0.6174, 1.0622, 1.5679},
    },
};
/* clang-format on */

#endif
