#include "backtest/running_fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "backtest/eval_csv.h"
#include "numerics/calendar.h"
#include "numerics/ridge.h"
#include "numerics/stats.h"

#define SMALL_ERROR  0.01 /* absolute share error below which LAD turns quadratic */
#define LAD_ROUNDS   12
#define SCALE_OFFSET 0.005

struct row {
    double x[RUNNING_FEATURES], scale_inputs[RUNNING_SCALE_INPUTS];
    double base, share;
    int year;
};

struct season_index season_before(const struct theatre_data *data, int year)
{
    struct season_index season;
    season_index_fit(data->market, data->market_count, calendar_day(year, 1, 1), &season);
    return season;
}

static size_t collect(const struct theatre_data *data, int horizon, struct fit_parts parts,
                      struct row *rows)
{
    struct season_index season = season_before(data, parts.first_calibration_year);
    size_t count = 0;
    for (size_t i = 0; i < data->row_count; i++) {
        size_t target = theatre_target(data, i, horizon);
        if (target == SIZE_MAX || year_of(data->rows[target].week.day) >= parts.first_test_year)
            continue;
        struct running_input input = theatre_input(data, &season, i, target);
        struct running_forecast forecast;
        struct row *row = &rows[count];
        if (!running_features(&input, row->x, row->scale_inputs, &forecast))
            continue;
        row->base = forecast.level + forecast.season;
        row->share = data->rows[target].week.share;
        row->year = year_of(data->rows[target].week.day);
        count++;
    }
    return count;
}

static double dot(const double *a, const double *b, size_t count)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

static double error_of(const struct row *row, const double *coefficients)
{
    double likely = row->base + dot(coefficients, row->x, RUNNING_FEATURES);
    return row->share - stats_clamp(likely, 0.0, RUNNING_SHARE_MAX);
}

static void fit_correction(const struct row *rows, size_t count, struct fit_parts parts,
                           double *coefficients)
{
    memset(coefficients, 0, RUNNING_FEATURES * sizeof *coefficients);
    for (int round = 0; round < LAD_ROUNDS; round++) {
        struct ridge ridge;
        ridge_init(&ridge, RUNNING_FEATURES);
        for (size_t i = 0; i < count; i++) {
            if (rows[i].year >= parts.first_calibration_year)
                continue;
            double size = fmax(fabs(error_of(&rows[i], coefficients)), SMALL_ERROR);
            ridge_add(&ridge, rows[i].x, rows[i].share - rows[i].base,
                      1.0 / (size * fmax(rows[i].share, 0.1)));
        }
        if (!ridge_solve(&ridge, parts.penalty, coefficients))
            abort();
    }
}

static void fit_scale(const struct row *rows, size_t count, struct fit_parts parts,
                      const double *correction, double *scale)
{
    struct ridge ridge;
    ridge_init(&ridge, RUNNING_SCALE_INPUTS);
    for (size_t i = 0; i < count; i++)
        if (rows[i].year < parts.first_calibration_year)
            ridge_add(&ridge, rows[i].scale_inputs,
                      log(fabs(error_of(&rows[i], correction)) + SCALE_OFFSET), 1.0);
    if (!ridge_solve(&ridge, parts.penalty, scale))
        abort();
}

struct running_coefficients running_fit(const struct theatre_data *data, int horizon_weeks,
                                        struct fit_parts parts)
{
    struct running_coefficients result = {.horizon_weeks = horizon_weeks};
    struct row *rows = eval_alloc(data->row_count, sizeof *rows);
    double *scaled = eval_alloc(data->row_count, sizeof *scaled);
    size_t count = collect(data, horizon_weeks, parts, rows), calibrated = 0;
    fit_correction(rows, count, parts, result.correction);
    fit_scale(rows, count, parts, result.correction, result.scale);
    for (size_t i = 0; i < count; i++) {
        if (rows[i].year < parts.first_calibration_year)
            continue;
        double log_scale = dot(result.scale, rows[i].scale_inputs, RUNNING_SCALE_INPUTS);
        scaled[calibrated++] =
            error_of(&rows[i], result.correction) / exp(stats_clamp(log_scale, -6.0, -0.5));
    }
    stats_sort(scaled, calibrated);
    for (size_t i = 0; i < RUNNING_QUANTILES; i++)
        result.quantiles[i] =
            stats_quantile_sorted(scaled, calibrated, (double)(i + 1) / (RUNNING_QUANTILES + 1));
    /* One year's common error is that year's: the correction stays the median, the year gives the
     * shape. */
    double centre = result.quantiles[RUNNING_QUANTILES / 2];
    for (size_t i = 0; i < RUNNING_QUANTILES; i++)
        result.quantiles[i] -= centre;
    free(rows);
    free(scaled);
    return result;
}
