/*
 * Breakouts of daily series, scale-free: tracks after August 2024, the other half of the listeners,
 * films as a foreign kind. Rows of one track or artist are not independent (and the tracks are all
 * of one artist): no interval is claimed for the tracks.
 */
#include "backtest/charts_tasks.h"
#include "backtest/eval_csv.h"
#include "backtest/eval_metrics.h"
#include "numerics/stats.h"
#include "trend-analyzer/models.h"
#include "unit/check.h"

enum column { GROWTH, LOG_LINEAR, OURS, COLUMNS };

static double simple_score(const struct daily_row *row, int column)
{
    double growth = row->features[BREAKOUT_GROWTH];
    if (column == GROWTH)
        return growth;
    return growth * row->horizon_days / 7.0 - row->features[BREAKOUT_DISTANCE];
}

static void report(const char *name, const struct daily_rows *rows, double worst_difference)
{
    static const char *const names[COLUMNS] = {"growth derivative", "log-linear extrapolation",
                                               "ours"};
    const struct breakout_model *model = breakout_model_find("daily-scale-free");
    double *scores = eval_alloc(rows->count, sizeof *scores), auc[COLUMNS];
    double *probabilities = eval_alloc(rows->count, sizeof *probabilities);
    double *leads = eval_alloc(rows->count, sizeof *leads);
    bool *labels = eval_alloc(rows->count, sizeof *labels);
    size_t positives = 0;
    if (!CHECK(model && rows->count > 0))
        return;
    for (size_t i = 0; i < rows->count; i++) {
        labels[i] = rows->rows[i].label;
        leads[i] = rows->rows[i].lead_days;
        positives += labels[i];
        probabilities[i] = stats_sigmoid(breakout_score(model, rows->rows[i].features));
    }
    printf("%s: n %zu, positives %zu\n  %-26s AUC    AP     P@R70  lead\n", name, rows->count,
           positives, "");
    for (int c = 0; c < COLUMNS; c++) {
        double threshold = NAN;
        for (size_t i = 0; i < rows->count; i++)
            scores[i] = c == OURS ? probabilities[i] : simple_score(rows->rows + i, c);
        auc[c] = eval_auc(scores, labels, rows->count);
        double precision = eval_precision_at_recall(scores, labels, rows->count, 0.7, &threshold);
        printf("  %-26s %.3f  %.3f  %.3f  %.0f d\n", names[c], auc[c],
               eval_average_precision(scores, labels, rows->count), precision,
               eval_lead(scores, labels, leads, rows->count, threshold));
    }
    printf("  ours: ECE %.3f, Brier %.4f (base rate alone %.4f)\n\n",
           eval_ece(probabilities, labels, rows->count),
           eval_brier(probabilities, labels, rows->count),
           (double)positives / (double)rows->count *
               (1.0 - (double)positives / (double)rows->count));
    CHECK(auc[OURS] - fmax(auc[GROWTH], auc[LOG_LINEAR]) >= worst_difference);
    free(scores);
    free(probabilities);
    free(leads);
    free(labels);
}

static void run(void)
{
    static const char *const names[DAILY_SOURCES] = {
        "Daily streams, tracks of one artist, origins from August 2024, x1.25 to x2 in 30 and 60 "
        "days",
        "Monthly listeners, held-out artists, x1.1 to x1.5 in 11 days",
        "Film admissions 2018-21 (no film was fitted), x1.25 to x2 in 30 days"};
    struct daily_tables tables = daily_load();
    struct breakout_rows rows = daily_fit_rows(&tables);
    struct breakout_model fitted = breakout_fit(&daily_recipe, &rows);
    const struct breakout_model *shipped = breakout_model_find("daily-scale-free");
    if (CHECK(shipped != NULL))
        for (int f = 0; f < BREAKOUT_FEATURES; f++)
            CHECK_NEAR(shipped->coefficients[f], fitted.coefficients[f], 1e-4);
    charts_free_rows(&rows);
    for (int s = 0; s < DAILY_SOURCES; s++) {
        struct daily_rows asked = daily_rows_of(&tables, (enum daily_source)s, false);
        report(names[s], &asked, -0.03);
        free(asked.rows);
    }
    daily_unload(&tables);
}

CHECK_MAIN(run)
