/*
 * Growth 30 and 60 days ahead on daily streams, 7 and 11 days ahead on monthly listeners: the
 * agent's forecast beside the weekly-seasonal naive and the two smoothers, with the coverage of its
 * intervals.
 */
#include "backtest/charts_tasks.h"
#include "backtest/eval_csv.h"
#include "backtest/eval_metrics.h"
#include "unit/check.h"

enum column {
    NAIVE2 = GROWTH_NAIVE2,
    HOLT = GROWTH_DAMPED_HOLT,
    THETA = GROWTH_THETA_LOG,
    OURS,
    COLUMNS
};

struct tally {
    double smape[COLUMNS], mase[COLUMNS], within[COLUMNS];
    double inside80, inside95, points, width80;
    size_t count, within_count;
};

static void add(const struct daily_series *series, long origin_day, size_t horizon,
                struct tally *tally)
{
    static struct growth_history history;
    static struct growth_forecast forecast;
    double actual[GROWTH_HORIZON_MAX], point[COLUMNS][GROWTH_HORIZON_MAX];
    if (!growth_question(series, origin_day, horizon, &history, actual) ||
        !growth_forecast(&history, horizon, &forecast))
        return;
    for (int m = 0; m < GROWTH_METHODS; m++)
        if (!growth_point(&history, (enum growth_method)m, horizon, point[m]))
            return;
    memcpy(point[OURS], forecast.point, horizon * sizeof(double));
    tally->count++;
    bool has_last = isfinite(actual[horizon - 1]) && actual[horizon - 1] > 0.0;
    tally->within_count += has_last;
    for (int c = 0; c < COLUMNS; c++) {
        double mase = eval_mase(history.values, history.days, history.is_flow ? 7 : 1, actual,
                                point[c], horizon);
        tally->smape[c] += eval_smape(actual, point[c], horizon);
        tally->mase[c] += isfinite(mase) ? mase : 0.0;
        if (has_last)
            tally->within[c] += eval_within(actual + horizon - 1, point[c] + horizon - 1, 1, 0.1);
    }
    for (size_t h = 0; h < horizon; h++) {
        const double *q = forecast.quantiles[h];
        if (!isfinite(actual[h]))
            continue;
        tally->points += 1.0;
        tally->inside80 += actual[h] >= q[1] && actual[h] <= q[5];
        tally->inside95 += actual[h] >= q[0] && actual[h] <= q[6];
        tally->width80 += (q[5] - q[1]) / fmax(point[OURS][h], 1.0);
    }
}

static void report(const char *name, const struct tally *tally)
{
    static const char *const names[COLUMNS] = {"naive2 (weekly seasonal)", "damped Holt",
                                               "Theta on logs", "ours"};
    double n = (double)tally->count;
    printf("%s: n %zu\n  %-26s sMAPE   MASE   w10 at the last day\n", name, tally->count, "");
    for (int c = 0; c < COLUMNS; c++)
        printf("  %-26s %5.2f   %.3f  %.3f\n", names[c], tally->smape[c] / n, tally->mase[c] / n,
               tally->within[c] / (double)tally->within_count);
    printf("  ours: 80 %% interval covers %.3f (mean width %.2f of the forecast), 95 %% covers "
           "%.3f\n\n",
           tally->inside80 / tally->points, tally->width80 / tally->points,
           tally->inside95 / tally->points);
}

static void streams(const struct daily_tables *tables, size_t horizon, const char *name)
{
    const struct daily_table *table = tables->tables + DAILY_STREAMS;
    const long origins[] = {eval_day_of(2024, 8, 15), eval_day_of(2024, 11, 15),
                            eval_day_of(2025, 1, 30)};
    struct tally tally = {0};
    for (size_t e = 0; e < table->count; e++)
        for (int o = 0; o < 3; o++)
            add(table->series + e, origins[o], horizon, &tally);
    report(name, &tally);
    CHECK(tally.count > 1000);
    CHECK(tally.smape[OURS] <= tally.smape[NAIVE2]);
    CHECK(tally.smape[OURS] <= 1.03 * fmin(tally.smape[HOLT], tally.smape[THETA]));
    CHECK(tally.inside80 / tally.points >= 0.7);
    CHECK(tally.inside95 / tally.points >= 0.85);
}

/* The half of the artists whose errors did not set the multipliers. */
static void listeners(const struct daily_tables *tables, size_t horizon, const char *name)
{
    const struct daily_table *table = tables->tables + DAILY_LISTENERS;
    struct tally tally = {0};
    for (size_t e = 0; e < table->count; e += 2)
        for (int o = 0; o < 2; o++)
            add(table->series + e, eval_day_of(2026, 4, 20 + 4 * o), horizon, &tally);
    report(name, &tally);
    CHECK(tally.count > 40);
    CHECK(tally.smape[OURS] <= tally.smape[NAIVE2]);
    CHECK(tally.inside80 / tally.points >= 0.65);
    CHECK(tally.inside95 / tally.points >= 0.85);
}

static void run(void)
{
    struct daily_tables tables = daily_load();
    streams(&tables, 30, "Daily streams, 30 days");
    streams(&tables, 60, "Daily streams, 60 days");
    listeners(&tables, 7, "Monthly listeners, 7 days");
    listeners(&tables, 11, "Monthly listeners, 11 days");
    daily_unload(&tables);
}

CHECK_MAIN(run)
