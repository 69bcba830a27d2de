/* The backtests stand on these numbers, so they are checked by hand-made answers (scikit-learn's
 * where it has them). */
#include <unistd.h>

#include "backtest/eval_csv.h"
#include "backtest/eval_metrics.h"
#include "unit/check.h"

static void ranking(void)
{
    const double scores[] = {0.1, 0.4, 0.35, 0.8};
    const bool labels[] = {false, false, true, true};
    double threshold;
    CHECK_NEAR(eval_auc(scores, labels, 4), 0.75, 1e-12);
    CHECK_NEAR(eval_average_precision(scores, labels, 4), 0.8333333333, 1e-9);
    CHECK_NEAR(eval_precision_at_recall(scores, labels, 4, 0.7, &threshold), 2.0 / 3.0, 1e-12);
    CHECK_NEAR(threshold, 0.35, 1e-12);
    const double tied[] = {1, 1, 1, 1};
    CHECK_NEAR(eval_auc(tied, labels, 4), 0.5, 1e-12);
    CHECK_NEAR(eval_average_precision(tied, labels, 4), 0.5, 1e-12);
    const bool none[4] = {false};
    CHECK(isnan(eval_auc(scores, none, 4)));
    const double leads[] = {9, 9, 3, 5};
    CHECK_NEAR(eval_lead(scores, labels, leads, 4, 0.35), 4.0, 1e-12);
}

static void calibration(void)
{
    const double p[] = {0.05, 0.95, 1.0, 0.0};
    const bool labels[] = {false, true, true, false};
    CHECK_NEAR(eval_brier(p, labels, 4), 0.005 / 4, 1e-12);
    CHECK_NEAR(eval_ece(p, labels, 4), (0.05 + 0.05) / 4, 1e-12);
}

static void bootstrap(void)
{
    double good[200], bad[200];
    bool labels[200];
    uint64_t seed = 7;
    for (size_t i = 0; i < 200; i++) {
        labels[i] = i % 4 == 0;
        good[i] = labels[i] + 0.001 * (double)i;
        bad[i] = (double)(eval_random(&seed) % 1000);
    }
    struct eval_interval better = eval_auc_difference(good, bad, labels, 200, 500, 1);
    struct eval_interval same = eval_auc_difference(good, good, labels, 200, 500, 1);
    CHECK(better.low > 0.2 && better.high < 0.7);
    CHECK(same.low == 0.0 && same.high == 0.0);
    const double ours[] = {1, 1, 1, 1}, theirs[] = {2, 2, 2, 2};
    const size_t group[] = {0, 0, 1, 1};
    struct eval_interval mean = eval_mean_difference(ours, theirs, group, 2, 4, 200, 3);
    CHECK_NEAR(mean.low, -1.0, 1e-12);
    CHECK_NEAR(mean.high, -1.0, 1e-12);
}

static void forecasts(void)
{
    const double actual[] = {100, 200}, forecast[] = {110, 180};
    CHECK_NEAR(eval_wape(actual, forecast, 2), 0.1, 1e-12);
    CHECK_NEAR(eval_mape(actual, forecast, 2), 0.1, 1e-12);
    CHECK_NEAR(eval_median_ape(actual, forecast, 2), 0.1, 1e-12);
    CHECK_NEAR(eval_bias(actual, forecast, 2), -10.0 / 300, 1e-12);
    CHECK_NEAR(eval_within(actual, forecast, 2, 0.1), 1.0, 1e-12);
    CHECK_NEAR(eval_smape(actual, forecast, 2), (2000.0 / 210 + 4000.0 / 380) / 2, 1e-9);
    const double history[] = {1, 2, 3, 4};
    CHECK_NEAR(eval_mase(history, 4, 1, actual, forecast, 2), 15.0, 1e-12);
    CHECK(isnan(eval_mase(actual, 1, 1, actual, forecast, 2)));
    CHECK_NEAR(eval_pinball(10, 8, 0.9), 1.8, 1e-12);
    CHECK_NEAR(eval_pinball(8, 10, 0.9), 0.2, 1e-12);
    const double low[] = {90, 210}, high[] = {100, 220};
    CHECK_NEAR(eval_coverage(actual, low, high, 2), 0.5, 1e-12);
    CHECK_NEAR(eval_width(low, high, 2), 10.0, 1e-12);
    double point[EVAL_GRID];
    for (size_t i = 0; i < EVAL_GRID; i++)
        point[i] = i >= 100; /* all mass at 0.5 */
    CHECK_NEAR(eval_crps(point, 0.5), 0.0, 1e-12);
    CHECK_NEAR(eval_crps(point, 0.8), 0.3, 0.005);
}

static void csv(void)
{
    char folder[] = "/tmp/promoteros-eval-XXXXXX", path[64];
    if (!CHECK(mkdtemp(folder) != NULL))
        return;
    snprintf(path, sizeof path, "%s/t.csv", folder);
    FILE *file = fopen(path, "w");
    fputs("id,name,value,day\r\n1,\"a \"\"b\"\", "
          "c\",2.5,2024-02-29\n2,,,nonsense\n3,\"\"\"\",7,1970-01-02",
          file);
    fclose(file);
    setenv("PROMOTEROS_EVAL_DATA", folder, 1);
    struct eval_csv *table = eval_csv_open("t.csv");
    size_t name = eval_csv_column(table, "name"), value = eval_csv_column(table, "value");
    size_t day = eval_csv_column(table, "day");
    CHECK(eval_csv_next(table));
    CHECK_STR(eval_csv_text(table, name), "a \"b\", c");
    CHECK_NEAR(eval_csv_number(table, value), 2.5, 0);
    CHECK_INT(eval_csv_day(table, day), 19782);
    CHECK(eval_csv_next(table));
    CHECK_STR(eval_csv_text(table, name), "");
    CHECK(isnan(eval_csv_number(table, value)));
    CHECK_INT(eval_csv_day(table, day), EVAL_NO_DAY);
    CHECK(eval_csv_next(table));
    CHECK_STR(eval_csv_text(table, name), "\"");
    CHECK_INT(eval_csv_day(table, day), 1);
    CHECK(!eval_csv_next(table));
    eval_csv_close(table);
    unlink(path);
    rmdir(folder);
}

static void days(void)
{
    static const struct {
        int year, month, day;
        long days;
    } cases[] = {{1970, 1, 1, 0}, {2000, 3, 1, 11017}, {1969, 12, 31, -1}, {2026, 11, 24, 20781}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int year, month, day;
        CHECK_INT(eval_day_of(cases[i].year, cases[i].month, cases[i].day), cases[i].days);
        eval_civil(cases[i].days, &year, &month, &day);
        CHECK(year == cases[i].year && month == cases[i].month && day == cases[i].day);
    }
}

static void index_of_strings(void)
{
    struct eval_index *index = eval_index_new();
    char text[16];
    for (size_t i = 0; i < 5000; i++) {
        snprintf(text, sizeof text, "k%zu", i);
        CHECK_INT(eval_index_add(index, text), i);
    }
    CHECK_INT(eval_index_add(index, "k17"), 17);
    CHECK_INT(eval_index_find(index, "k4999"), 4999);
    CHECK(eval_index_find(index, "absent") == EVAL_UNSEEN);
    CHECK_STR(eval_index_text(index, 42), "k42");
    eval_index_free(index);
}

CHECK_MAIN(ranking, calibration, bootstrap, forecasts, csv, days, index_of_strings)
