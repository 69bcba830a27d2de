/*
 * Fits the coefficients of running_show.h: least absolute relative error for the correction,
 * log-linear scale, quantiles of scaled errors on a later calibration part. Used by attendance_fit
 * (the shipped table) and by the expanding windows of the backtest, so both measure the same
 * method.
 */
#ifndef PROMOTEROS_TESTS_BACKTEST_RUNNING_FIT_H
#define PROMOTEROS_TESTS_BACKTEST_RUNNING_FIT_H

#include "backtest/attendance_data.h"

#define RUNNING_PENALTY 1e-4

struct fit_parts {
    int first_calibration_year; /* target weeks before it are the fit part */
    int first_test_year;        /* target weeks from the calibration year up to it calibrate */
    double penalty;
};

struct running_coefficients running_fit(const struct theatre_data *data, int horizon_weeks,
                                        struct fit_parts parts);

/* Season index from market weeks before a year. */
struct season_index season_before(const struct theatre_data *data, int year);

#endif
