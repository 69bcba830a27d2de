/*
 * Re-fits agents/audience-predictor/running_show_table.c:
 *
 *     PROMOTEROS_EVAL_DATA=... backtest_attendance_fit >
 * agents/audience-predictor/running_show_table.c
 *
 * Fit: target weeks before 2014; quantiles calibrated on 2014; 2015 is never looked at.
 */
#include <stdio.h>

#include "backtest/running_fit.h"

static void print_row(const char *name, const double *values, size_t count, const char *end)
{
    printf("     .%s = {", name);
    for (size_t i = 0; i < count; i++)
        printf("%s%.6g", i == 0 ? "" : i % 8 == 0 ? ",\n          " : ", ", values[i]);
    printf("}%s\n", end);
}

int main(void)
{
    static const int horizons[RUNNING_TABLE_ROWS] = {1, 4, 8, RUNNING_HORIZON_MAX};
    struct theatre_data data = theatre_data_load();
    printf("/* Written by tests/backtest/attendance_fit.c; do not edit. Fit: theatre weeks before "
           "2014,\n"
           " * calibration 2014 (README.md says how to fit again). */\n"
           "#include \"audience-predictor/running_show.h\"\n\n"
           "/* clang-format off */\n"
           "const struct running_coefficients running_table[RUNNING_TABLE_ROWS] = {\n");
    for (size_t i = 0; i < RUNNING_TABLE_ROWS; i++) {
        struct fit_parts parts = {2014, 2015, RUNNING_PENALTY};
        struct running_coefficients row = running_fit(&data, horizons[i], parts);
        printf("    {.horizon_weeks = %g,\n", row.horizon_weeks);
        print_row("correction", row.correction, RUNNING_FEATURES, ",");
        print_row("scale", row.scale, RUNNING_SCALE_INPUTS, ",");
        print_row("quantiles", row.quantiles, RUNNING_QUANTILES,
                  i + 1 < RUNNING_TABLE_ROWS ? "}," : "}};");
    }
    printf("/* clang-format on */\n");
    theatre_data_free(&data);
    return 0;
}
