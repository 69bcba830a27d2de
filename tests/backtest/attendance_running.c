/*
 * Running shows 1, 4 and 8 weeks ahead (evaluation guide, 5.1): the shipped table on the dev test
 * 2015 beside every simple rule of the guide, and the method refitted in expanding windows.
 *
 * Fails when our relative error is above that of the best simple rule (upper bound of the paired
 * bootstrap over runs), or when the 80 % interval does not hold 74 to 86 % of the outcomes.
 */
#include <math.h>
#include <stdlib.h>

#include "backtest/attendance_report.h"
#include "backtest/running_fit.h"
#include "numerics/calendar.h"

#define FIRST_TEST_YEAR 2015

enum rule {
    CAPACITY,
    LAST_COUNT,
    LAST_SHARE,
    LAST_EIGHT,
    ALL_PAST,
    SES,
    SES_INDEX,
    LAST_INDEX,
    RULES
};
static const char *const rule_names[RULES] = {"capacity",
                                              "last week's head count",
                                              "last share x capacity",
                                              "mean of last 8 shares",
                                              "mean of all past",
                                              "SES of share (0.7)",
                                              "SES + week index",
                                              "last share + week index"};

struct table {
    double *actual, *share, *ours, *rules[RULES], *low80, *high80, *low90, *high90, *crps;
    size_t *run, count;
};

static struct table table_new(size_t room)
{
    struct table t = {.actual = eval_alloc(room, sizeof(double)),
                      .share = eval_alloc(room, sizeof(double)),
                      .ours = eval_alloc(room, sizeof(double)),
                      .low80 = eval_alloc(room, sizeof(double)),
                      .high80 = eval_alloc(room, sizeof(double)),
                      .low90 = eval_alloc(room, sizeof(double)),
                      .high90 = eval_alloc(room, sizeof(double)),
                      .crps = eval_alloc(room, sizeof(double)),
                      .run = eval_alloc(room, sizeof(size_t))};
    for (int r = 0; r < RULES; r++)
        t.rules[r] = eval_alloc(room, sizeof(double));
    return t;
}

static void table_free(struct table *t)
{
    double *columns[] = {t->actual, t->share, t->ours,   t->low80,
                         t->high80, t->low90, t->high90, t->crps};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        free(columns[i]);
    for (int r = 0; r < RULES; r++)
        free(t->rules[r]);
    free(t->run);
}

static double mean_share(const struct running_week *weeks, size_t first, size_t end)
{
    double sum = 0.0;
    for (size_t i = first; i < end; i++)
        sum += weeks[i].share;
    return sum / (double)(end - first);
}

static void fill_rules(const struct running_input *input, const struct theatre_week *origin,
                       double capacity, struct table *t)
{
    size_t n = input->week_count, row = t->count;
    double last = input->weeks[n - 1].share, ses = running_smooth(input->weeks, n);
    double season = season_index_at(input->season, input->target_day) -
                    season_index_at(input->season, input->weeks[n - 1].day);
    t->rules[CAPACITY][row] = capacity;
    t->rules[LAST_COUNT][row] = origin->attendance;
    t->rules[LAST_SHARE][row] = last * capacity;
    t->rules[LAST_EIGHT][row] = mean_share(input->weeks, n > 8 ? n - 8 : 0, n) * capacity;
    t->rules[ALL_PAST][row] = mean_share(input->weeks, 0, n) * capacity;
    t->rules[SES][row] = ses * capacity;
    t->rules[SES_INDEX][row] = (ses + season) * capacity;
    t->rules[LAST_INDEX][row] = (last + season) * capacity;
}

static void fill_ours(const struct running_forecast *forecast, double capacity, double share,
                      struct table *t)
{
    size_t row = t->count;
    double cdf[EVAL_GRID];
    for (int k = 0; k < EVAL_GRID; k++)
        cdf[k] = k + 1 < EVAL_GRID ? running_cdf(forecast, k / (EVAL_GRID - 1.0)) : 1.0;
    t->ours[row] = forecast->likely * capacity;
    t->low80[row] = forecast->quantiles[1];
    t->high80[row] = forecast->quantiles[17];
    t->low90[row] = forecast->quantiles[0];
    t->high90[row] = forecast->quantiles[18];
    t->crps[row] = eval_crps(cdf, fmin(share, 1.0));
}

/* Target weeks of [first_year, end_year); coefficients NULL: the shipped table. */
static struct table evaluate(const struct theatre_data *data, int horizon,
                             const struct season_index *season, int first_year, int end_year,
                             const struct running_coefficients *coefficients)
{
    struct table t = table_new(data->row_count);
    for (size_t i = 0; i < data->row_count; i++) {
        size_t target = theatre_target(data, i, horizon);
        if (target == SIZE_MAX)
            continue;
        const struct theatre_week *row = &data->rows[target];
        int year = year_of(row->week.day);
        if (year < first_year || year >= end_year)
            continue;
        struct running_input input = theatre_input(data, season, i, target);
        struct running_forecast forecast;
        bool done = coefficients
                        ? running_predict_with(coefficients, &input, RUNNING_SHARE_MAX, &forecast)
                        : running_predict(&input, RUNNING_SHARE_MAX, &forecast);
        if (!done)
            continue;
        t.actual[t.count] = row->attendance;
        t.share[t.count] = row->week.share;
        t.run[t.count] = row->run;
        fill_rules(&input, &data->rows[i], row->capacity, &t);
        fill_ours(&forecast, row->capacity, row->week.share, &t);
        t.count++;
    }
    return t;
}

static int best_rule(const struct table *t)
{
    int best = 0;
    for (int r = 1; r < RULES; r++)
        if (eval_mape(t->actual, t->rules[r], t->count) <
            eval_mape(t->actual, t->rules[best], t->count))
            best = r;
    return best;
}

static void print_slice(const struct table *t)
{
    double *actual = eval_alloc(t->count, sizeof(double));
    double *ours = eval_alloc(t->count, sizeof(double));
    size_t count = 0;
    for (size_t i = 0; i < t->count; i++) {
        if (t->share[i] >= 0.995)
            continue;
        actual[count] = t->actual[i];
        ours[count++] = t->ours[i];
    }
    report_points("  ours, weeks not sold out", actual, ours, count);
    free(actual);
    free(ours);
}

static void dev_test(const struct theatre_data *data, int horizon)
{
    struct season_index season = season_before(data, 2014);
    struct table t = evaluate(data, horizon, &season, FIRST_TEST_YEAR, FIRST_TEST_YEAR + 1, NULL);
    printf("\nRunning show, %d week(s) ahead, dev test %d (n %zu)\n", horizon, FIRST_TEST_YEAR,
           t.count);
    report_header();
    for (int r = 0; r < RULES; r++)
        report_points(rule_names[r], t.actual, t.rules[r], t.count);
    report_points("ours", t.actual, t.ours, t.count);
    print_slice(&t);
    double covered = eval_coverage(t.share, t.low80, t.high80, t.count);
    printf("  80 %% interval: coverage %.3f, width %.3f; 90 %%: %.3f, %.3f; CRPS %.4f\n", covered,
           eval_width(t.low80, t.high80, t.count),
           eval_coverage(t.share, t.low90, t.high90, t.count),
           eval_width(t.low90, t.high90, t.count), eval_mean(t.crps, t.count));
    report_noise_floor(t.actual, t.count);
    int best = best_rule(&t);
    report_bar(rule_names[best], t.actual, t.ours, t.rules[best], t.run, data->run_count, t.count);
    CHECK(covered >= 0.74 && covered <= 0.86);
    table_free(&t);
}

/* Fit before Y, quantiles on Y, test on Y + 1 and Y + 2; our error must not exceed the best rule's
 * in any. */
static void expanding(const struct theatre_data *data, int horizon)
{
    printf("\nExpanding windows, %d week(s) ahead\n", horizon);
    for (int year = 2007; year <= 2011; year += 2) {
        struct season_index season = season_before(data, year);
        struct fit_parts parts = {year, year + 1, RUNNING_PENALTY};
        struct running_coefficients fitted = running_fit(data, horizon, parts);
        struct table t = evaluate(data, horizon, &season, year + 1, year + 3, &fitted);
        int best = best_rule(&t);
        double ours = eval_mape(t.actual, t.ours, t.count);
        double theirs = eval_mape(t.actual, t.rules[best], t.count);
        printf(
            "  test %d-%d (n %zu): ours MAPE %.4f, coverage of 80 %% %.3f; best rule (%s) %.4f\n",
            year + 1, year + 2, t.count, ours, eval_coverage(t.share, t.low80, t.high80, t.count),
            rule_names[best], theirs);
        CHECK(ours <= theirs);
        table_free(&t);
    }
}

static void running_shows(void)
{
    static const int horizons[] = {1, 4, 8};
    struct theatre_data data = theatre_data_load();
    for (size_t i = 0; i < sizeof horizons / sizeof *horizons; i++) {
        dev_test(&data, horizons[i]);
        expanding(&data, horizons[i]);
    }
    theatre_data_free(&data);
}

CHECK_MAIN(running_shows)
