/*
 * Breakouts on charts: the shipped models against the simple rules of the evaluation guide, on the
 * frozen dev test and on expanding windows (fit before year Y, test on Y = 2019..2022). Fails when
 * a model falls behind the best simple rule by more than its bound (lower end of the paired
 * bootstrap of the AUC difference).
 */
#include "backtest/charts_tasks.h"
#include "backtest/eval_csv.h"
#include "backtest/eval_metrics.h"
#include "numerics/stats.h"
#include "trend-analyzer/models.h"
#include "unit/check.h"

enum { REPEATS = 1000, SEED = 20261124 };
enum column {
    GROWTH,
    LOG_LINEAR,
    LEVEL,
    RANK,
    SIMPLE_RULES,
    LOGISTIC = SIMPLE_RULES,
    OURS,
    COLUMNS
};

static const char *const column_names[COLUMNS] = {"growth derivative", "log-linear extrapolation",
                                                  "level only",        "rank only",
                                                  "plain logistic",    "ours"};

struct table {
    double *scores[COLUMNS];
    bool *labels;
    double *leads;
    size_t count;
};

static struct table new_table(size_t capacity)
{
    struct table table = {.labels = eval_alloc(capacity, sizeof(bool)),
                          .leads = eval_alloc(capacity, sizeof(double))};
    for (int c = 0; c < COLUMNS; c++)
        table.scores[c] = eval_alloc(capacity, sizeof(double));
    return table;
}

static void free_table(struct table *table)
{
    for (int c = 0; c < COLUMNS; c++)
        free(table->scores[c]);
    free(table->labels);
    free(table->leads);
}

static void add(struct table *table, const struct chart_row *row, const struct breakout_model *ours,
                const struct breakout_model *plain)
{
    double growth = row->features[BREAKOUT_GROWTH], distance = row->features[BREAKOUT_DISTANCE];
    size_t i = table->count++;
    table->scores[GROWTH][i] = growth;
    table->scores[LOG_LINEAR][i] = 4.0 * growth - distance;
    table->scores[LEVEL][i] = row->log_levels[row->count - 1];
    table->scores[RANK][i] = -row->rank;
    table->scores[LOGISTIC][i] = breakout_score(plain, row->features);
    table->scores[OURS][i] = breakout_score(ours, row->features);
    table->labels[i] = row->label;
    table->leads[i] = row->lead_steps;
}

static void print_column(const struct table *table, int column)
{
    const double *scores = table->scores[column];
    double threshold = NAN;
    double precision =
        eval_precision_at_recall(scores, table->labels, table->count, 0.7, &threshold);
    printf("  %-26s %.3f  %.3f  %.3f  %4.1f", column_names[column],
           eval_auc(scores, table->labels, table->count),
           eval_average_precision(scores, table->labels, table->count), precision,
           eval_lead(scores, table->labels, table->leads, table->count, threshold));
    if (column >= LOGISTIC) {
        double *probabilities = eval_alloc(table->count, sizeof *probabilities);
        for (size_t i = 0; i < table->count; i++)
            probabilities[i] = stats_sigmoid(scores[i]);
        printf("  %.3f  %.4f", eval_ece(probabilities, table->labels, table->count),
               eval_brier(probabilities, table->labels, table->count));
        free(probabilities);
    }
    printf("\n");
}

/* Prints the table and checks the bound; returns our AUC. */
static void report(const char *name, const char *part, const struct table *table, double bound)
{
    size_t positives = 0;
    int best = 0;
    double best_auc = 0.0;
    for (size_t i = 0; i < table->count; i++)
        positives += table->labels[i];
    printf("%s, %s: n %zu, positives %zu\n  %-26s AUC    AP     P@R70  lead  ECE    Brier\n", name,
           part, table->count, positives, "");
    for (int c = 0; c < COLUMNS; c++) {
        print_column(table, c);
        double auc = eval_auc(table->scores[c], table->labels, table->count);
        if (c < SIMPLE_RULES && auc > best_auc) {
            best_auc = auc;
            best = c;
        }
    }
    struct eval_interval interval =
        eval_auc_interval(table->scores[OURS], table->labels, table->count, REPEATS, SEED);
    struct eval_interval difference = eval_auc_difference(
        table->scores[OURS], table->scores[best], table->labels, table->count, REPEATS, SEED);
    printf("  AUC of ours in [%.3f, %.3f]; ours - %s in [%+.3f, %+.3f], bound %+.2f\n\n",
           interval.low, interval.high, column_names[best], difference.low, difference.high, bound);
    if (!CHECK(difference.low >= bound))
        fprintf(stderr, "    %s, %s falls behind the best simple rule\n", name, part);
}

/* The same features without a pull to a rule. */
static struct breakout_model plain_model(const struct breakout_recipe *recipe,
                                         const struct breakout_rows *rows)
{
    struct breakout_recipe plain = {recipe->used, 1.0, {0}};
    return breakout_fit(&plain, rows);
}

/* The shipped numbers must be those that the data give, or the table below speaks of another model.
 */
static void check_shipped(const struct breakout_model *shipped, const struct breakout_model *fitted)
{
    CHECK_NEAR(shipped->intercept, fitted->intercept, 1e-4);
    for (int f = 0; f < BREAKOUT_FEATURES; f++)
        CHECK_NEAR(shipped->coefficients[f], fitted->coefficients[f], 1e-4);
}

static void dev_test(const struct chart_recipe *recipe, const struct chart_task *task)
{
    const struct breakout_model *shipped = breakout_model_find(recipe->model);
    if (!CHECK(shipped != NULL))
        return;
    struct breakout_rows rows = charts_fit_rows(task);
    struct breakout_model fitted = breakout_fit(&recipe->recipe, &rows);
    struct breakout_model plain = plain_model(&recipe->recipe, &rows);
    check_shipped(shipped, &fitted);
    charts_free_rows(&rows);
    struct table table = new_table(task->count);
    for (size_t i = 0; i < task->count; i++)
        if (task->rows[i].is_test)
            add(&table, task->rows + i, shipped, &plain);
    report(task->name, "dev test", &table, recipe->bound);
    free_table(&table);
}

static void expanding(const struct chart_recipe *recipe, const struct chart_task *task)
{
    struct table table = new_table(task->count);
    for (int year = 2019; year <= 2022; year++) {
        struct breakout_rows rows = charts_rows_before(task, year);
        struct breakout_model fitted = breakout_fit(&recipe->recipe, &rows);
        struct breakout_model plain = plain_model(&recipe->recipe, &rows);
        charts_free_rows(&rows);
        for (size_t i = 0; i < task->count; i++)
            if (charts_year(task->rows + i) == year)
                add(&table, task->rows + i, &fitted, &plain);
    }
    report(task->name, "expanding windows 2019-22", &table, recipe->bound);
    free_table(&table);
}

static void run(void)
{
    for (int i = 0; i < CHART_RECIPES; i++) {
        struct chart_task task = chart_recipes[i].load();
        dev_test(chart_recipes + i, &task);
        if (i < 3) /* the streaming tables; the Hot 100 ends in 2021 */
            expanding(chart_recipes + i, &task);
        charts_free(&task);
    }
}

CHECK_MAIN(run)
