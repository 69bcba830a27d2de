#include "backtest/charts_fit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "backtest/eval_csv.h"
#include "numerics/logistic.h"

/* Slope that turns the rule's score into log-odds on these rows. */
static double rule_slope(const struct breakout_recipe *recipe, const struct breakout_rows *rows)
{
    double *scores = eval_alloc(rows->rows, sizeof *scores), coefficients[2] = {0.0, 0.0};
    bool any = false;
    for (size_t i = 0; i < rows->rows; i++)
        for (int f = 0; f < BREAKOUT_FEATURES; f++)
            scores[i] += recipe->rule[f] * rows->features[i * BREAKOUT_FEATURES + (size_t)f];
    for (int f = 0; f < BREAKOUT_FEATURES; f++)
        any = any || recipe->rule[f] != 0.0;
    struct logistic_data data = {scores, rows->labels, rows->weights, rows->rows, 1};
    if (any && !logistic_fit(&data, 1e-6, NULL, coefficients)) {
        fprintf(stderr, "the rule cannot be scaled\n");
        exit(1);
    }
    free(scores);
    return coefficients[1];
}

struct breakout_model breakout_fit(const struct breakout_recipe *recipe,
                                   const struct breakout_rows *rows)
{
    double means[BREAKOUT_FEATURES], deviations[BREAKOUT_FEATURES], prior[BREAKOUT_FEATURES];
    double coefficients[BREAKOUT_FEATURES + 1];
    struct breakout_model model = {.name = "", .fitted_on = "", .rows = (int)rows->rows};
    int features[BREAKOUT_FEATURES];
    size_t used = 0;
    logistic_moments(rows->features, rows->rows, BREAKOUT_FEATURES, means, deviations);
    double slope = rule_slope(recipe, rows);
    for (int f = 0; f < BREAKOUT_FEATURES; f++) {
        model.references[f] = means[f];
        if (!(recipe->used & 1u << f))
            continue;
        prior[used] = slope * recipe->rule[f] * deviations[f];
        features[used++] = f;
    }
    double *x = eval_alloc(rows->rows * used, sizeof *x);
    for (size_t i = 0; i < rows->rows; i++) {
        for (size_t j = 0; j < used; j++) {
            int f = features[j];
            double raw = rows->features[i * BREAKOUT_FEATURES + (size_t)f];
            x[i * used + j] = (raw - means[f]) / deviations[f];
        }
        model.positives += rows->labels[i] > 0.5;
    }
    struct logistic_data data = {x, rows->labels, rows->weights, rows->rows, used};
    if (!logistic_fit(&data, recipe->ridge, prior, coefficients)) {
        fprintf(stderr, "the model cannot be fitted\n");
        exit(1);
    }
    free(x);
    model.intercept = coefficients[0];
    for (size_t j = 0; j < used; j++) {
        int f = features[j];
        model.coefficients[f] = coefficients[j + 1] / deviations[f];
        model.intercept -= model.coefficients[f] * means[f];
    }
    return model;
}
