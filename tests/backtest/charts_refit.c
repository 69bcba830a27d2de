/* Fits every model of the trend analyzer on the evaluation data and writes
 * agents/trend-analyzer/coefficients.h: PROMOTEROS_EVAL_DATA=... charts_refit >
 * agents/trend-analyzer/coefficients.h Deterministic: the same data give the same bytes. */
#include <stdio.h>

#include "backtest/charts_tasks.h"
#include "backtest/eval_csv.h"

static FILE *out;

static void write_model(const struct breakout_model *model)
{
    fprintf(
        out,
        "    {.name = \"%s\",\n     .fitted_on = \"%s\",\n     .rows = %d,\n     .positives = %d,\n"
        "     .intercept = %.6f,\n     .coefficients = {",
        model->name, model->fitted_on, model->rows, model->positives, model->intercept);
    for (int f = 0; f < BREAKOUT_FEATURES; f++)
        if (model->coefficients[f] < 0.0 || model->coefficients[f] > 0.0)
            fprintf(out, "\n         [%d] = %.6f,", f, model->coefficients[f]);
    fprintf(out, "\n     },\n     .references = {");
    for (int f = 0; f < BREAKOUT_FEATURES; f++)
        if (model->coefficients[f] < 0.0 || model->coefficients[f] > 0.0)
            fprintf(out, "\n         [%d] = %.6f,", f, model->references[f]);
    fprintf(out, "\n     }},\n");
}

int main(int argc, char **argv)
{
    eval_data_root();
    out = argc == 2 ? fopen(argv[1], "w") : NULL;
    if (!out) {
        fprintf(stderr, "usage: charts_refit FILE (one that can be written)\n");
        return 1;
    }
    fprintf(out,
            "/* Written by tests/backtest/charts_refit; do not edit. Indices are enum "
            "breakout_feature. */\n"
            "#ifndef PROMOTEROS_TREND_COEFFICIENTS_H\n#define PROMOTEROS_TREND_COEFFICIENTS_H\n\n"
            "#include \"trend-analyzer/models.h\"\n\n/* clang-format off */\n"
            "static const struct breakout_model breakout_models[] = {\n");
    for (int i = 0; i < CHART_RECIPES; i++) {
        struct chart_task task = chart_recipes[i].load();
        struct breakout_rows rows = charts_fit_rows(&task);
        struct breakout_model model = breakout_fit(&chart_recipes[i].recipe, &rows);
        model.name = chart_recipes[i].model;
        model.fitted_on = chart_recipes[i].fitted_on;
        write_model(&model);
        charts_free_rows(&rows);
        charts_free(&task);
    }
    struct daily_tables tables = daily_load();
    struct breakout_rows rows = daily_fit_rows(&tables);
    struct breakout_model model = breakout_fit(&daily_recipe, &rows);
    model.name = "daily-scale-free";
    model.fitted_on =
        "daily streams of one artist's tracks to August 2024 and five weeks of monthly "
        "listeners of a hundred artists";
    write_model(&model);
    charts_free_rows(&rows);
    double multipliers[2][GROWTH_BUCKETS][GROWTH_QUANTILES];
    growth_fit(&tables, multipliers);
    daily_unload(&tables);
    fprintf(out,
            "};\n\nconst double growth_multipliers[2][GROWTH_BUCKETS][GROWTH_QUANTILES] = {\n");
    for (int flow = 0; flow < 2; flow++) {
        fprintf(out, "    {\n");
        for (int b = 0; b < GROWTH_BUCKETS; b++) {
            fprintf(out, "        {");
            for (int q = 0; q < GROWTH_QUANTILES; q++)
                fprintf(out, "%s%.4f", q ? ", " : "", multipliers[flow][b][q]);
            fprintf(out, "},\n");
        }
        fprintf(out, "    },\n");
    }
    fprintf(out, "};\n/* clang-format on */\n\n#endif\n");
    return fclose(out) == 0 ? 0 : 1;
}
