#include "backtest/attendance_data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "backtest/eval_csv.h"
#include "numerics/calendar.h"

int year_of(int32_t day)
{
    int year, month, day_of_month;
    calendar_date(day, &year, &month, &day_of_month);
    return year;
}

static int by_run_and_day(const void *left, const void *right)
{
    const struct theatre_week *a = left, *b = right;
    if (a->run != b->run)
        return a->run < b->run ? -1 : 1;
    return (a->week.day > b->week.day) - (a->week.day < b->week.day);
}

static int by_day(const void *left, const void *right)
{
    const struct market_week *a = left, *b = right;
    return (a->day > b->day) - (a->day < b->day);
}

static size_t number_of(struct eval_index *index, const char *text)
{
    return *text ? eval_index_add(index, text) : EVAL_UNSEEN;
}

static double positive(double value)
{
    return value > 0.0 ? value : NAN; /* 0: not reported */
}

static void read_rows(struct theatre_data *data)
{
    struct eval_csv *csv = eval_csv_open("dev/broadway_weekly.csv");
    size_t day = eval_csv_column(csv, "week_ending"), run = eval_csv_column(csv, "run_id");
    size_t theatre = eval_csv_column(csv, "theatre"), type = eval_csv_column(csv, "type");
    size_t performances = eval_csv_column(csv, "performances");
    size_t capacity = eval_csv_column(csv, "week_capacity");
    size_t attendance = eval_csv_column(csv, "attendance");
    size_t average = eval_csv_column(csv, "avg_price"), top = eval_csv_column(csv, "top_price");
    struct eval_index *runs = eval_index_new(), *theatres = eval_index_new(),
                      *types = eval_index_new();
    size_t room = 0;
    while (eval_csv_next(csv)) {
        data->rows = eval_grow(data->rows, data->row_count + 1, &room, sizeof *data->rows);
        struct theatre_week *row = &data->rows[data->row_count++];
        *row = (struct theatre_week){
            .run = eval_index_add(runs, eval_csv_text(csv, run)),
            .theatre = number_of(theatres, eval_csv_text(csv, theatre)),
            .type = number_of(types, eval_csv_text(csv, type)),
            .capacity = eval_csv_number(csv, capacity),
            .attendance = eval_csv_number(csv, attendance),
            .top_price = positive(eval_csv_number(csv, top)),
            .week = {.day = (int32_t)eval_csv_day(csv, day),
                     .price = positive(eval_csv_number(csv, average)),
                     .performances = positive(eval_csv_number(csv, performances))}};
        row->week.share = fmin(row->attendance / row->capacity, RUNNING_SHARE_MAX);
    }
    data->run_count = eval_index_count(runs);
    eval_csv_close(csv);
    eval_index_free(runs);
    eval_index_free(theatres);
    eval_index_free(types);
}

static void build_market(struct theatre_data *data)
{
    struct market_week *all = eval_alloc(data->row_count, sizeof *all);
    for (size_t i = 0; i < data->row_count; i++)
        all[i] = (struct market_week){data->rows[i].week.day, data->rows[i].week.share, 1.0};
    qsort(all, data->row_count, sizeof *all, by_day);
    size_t used = 0;
    for (size_t i = 0; i < data->row_count; i++) {
        if (used && all[used - 1].day == all[i].day) {
            all[used - 1].share += all[i].share;
            all[used - 1].shows += 1.0;
        } else {
            all[used++] = all[i];
        }
    }
    for (size_t i = 0; i < used; i++)
        all[i].share /= all[i].shows;
    data->market = all;
    data->market_count = used;
}

struct theatre_data theatre_data_load(void)
{
    struct theatre_data data = {0};
    read_rows(&data);
    qsort(data.rows, data.row_count, sizeof *data.rows, by_run_and_day);
    data.weeks = eval_alloc(data.row_count, sizeof *data.weeks);
    data.run_first = eval_alloc(data.run_count + 1, sizeof *data.run_first);
    for (size_t i = 0; i < data.row_count; i++) {
        data.weeks[i] = data.rows[i].week;
        if (i == 0 || data.rows[i].run != data.rows[i - 1].run)
            data.run_first[data.rows[i].run] = i;
    }
    data.run_first[data.run_count] = data.row_count;
    build_market(&data);
    return data;
}

void theatre_data_free(struct theatre_data *data)
{
    free(data->rows);
    free(data->weeks);
    free(data->run_first);
    free(data->market);
}

size_t theatre_market_until(const struct theatre_data *data, int32_t day)
{
    size_t low = 0, high = data->market_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (data->market[middle].day <= day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t theatre_target(const struct theatre_data *data, size_t i, int horizon_weeks)
{
    size_t target = i + (size_t)horizon_weeks;
    if (target >= data->run_first[data->rows[i].run + 1] ||
        data->rows[target].week.day != data->rows[i].week.day + 7 * horizon_weeks)
        return SIZE_MAX;
    return target;
}

struct running_input theatre_input(const struct theatre_data *data,
                                   const struct season_index *season, size_t i, size_t target)
{
    size_t first = data->run_first[data->rows[i].run];
    return (struct running_input){.weeks = data->weeks + first,
                                  .week_count = i + 1 - first,
                                  .market = data->market,
                                  .market_count =
                                      theatre_market_until(data, data->rows[i].week.day),
                                  .season = season,
                                  .target_day = data->rows[target].week.day,
                                  .target_performances = data->rows[target].week.performances};
}
