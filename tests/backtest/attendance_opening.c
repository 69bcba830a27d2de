/*
 * Cold start (evaluation guide, 5.2): the first full week of a production that nobody has seen,
 * from the theatre's and the market's past only. Own previews are left out of the evidence.
 *
 * Fails when our relative error is above that of the rule to beat, the market's mean share of the
 * last 4 weeks.
 */
#include <math.h>
#include <stdlib.h>

#include "audience-predictor/attendance.h"
#include "backtest/attendance_data.h"
#include "backtest/attendance_report.h"
#include "numerics/calendar.h"

#define OPENINGS_MAX 2000
#define FULL_WEEK    7.0
#define FIRST_WEEKS  4

enum rule { CAPACITY, ALL_OPENINGS, BY_TYPE, BY_THEATRE, MARKET, RULES };
static const char *const rule_names[RULES] = {"capacity", "mean share of all openings",
                                              "mean share by type", "theatre's past openings",
                                              "market's last 4 weeks"};

struct world {
    struct theatre_data data;
    struct past_show *shows; /* by day */
    struct past_show *others;
    size_t openings[OPENINGS_MAX], opening_count;
    struct report_pool pool;
};

static int by_day(const void *left, const void *right)
{
    const struct past_show *a = left, *b = right;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    return (a->artist > b->artist) - (a->artist < b->artist);
}

static int32_t number(size_t index)
{
    return index == EVAL_UNSEEN ? COMPARABLES_UNKNOWN : (int32_t)index;
}

static struct past_show show_of(const struct theatre_week *row)
{
    return (struct past_show){.day = row->week.day,
                              .artist = (int32_t)row->run,
                              .room = number(row->theatre),
                              .city = 0,
                              .genre = number(row->type),
                              .performances = (int32_t)fmax(1.0, row->week.performances),
                              .capacity = (int64_t)row->capacity,
                              .paid = (int64_t)row->attendance};
}

static void find_openings(struct world *world)
{
    const struct theatre_data *data = &world->data;
    for (size_t run = 0; run < data->run_count; run++) {
        size_t first = data->run_first[run];
        if (data->rows[first].week.day < calendar_day(1999, 6, 1))
            continue;
        for (size_t i = first; i < data->run_first[run + 1] && i < first + FIRST_WEEKS; i++) {
            if (data->rows[i].week.performances < FULL_WEEK)
                continue;
            world->openings[world->opening_count++] = i;
            break;
        }
    }
}

static struct world world_load(void)
{
    struct world world = {.data = theatre_data_load(), .pool = {.size = (size_t)32 << 20}};
    world.shows = eval_alloc(world.data.row_count, sizeof *world.shows);
    world.others = eval_alloc(world.data.row_count, sizeof *world.others);
    for (size_t i = 0; i < world.data.row_count; i++)
        world.shows[i] = show_of(&world.data.rows[i]);
    qsort(world.shows, world.data.row_count, sizeof *world.shows, by_day);
    find_openings(&world);
    return world;
}

static struct attendance predict(struct world *world, const struct theatre_week *row)
{
    struct past_show target = show_of(row);
    struct attendance_request request = {.coming = {.day = target.day,
                                                    .artist = COMPARABLES_UNKNOWN,
                                                    .room = target.room,
                                                    .city = target.city,
                                                    .genre = target.genre,
                                                    .performances = target.performances,
                                                    .capacity = target.capacity,
                                                    .known_until = target.day - 7},
                                         .sold_tickets = -1.0};
    size_t count = 0;
    for (size_t i = 0; i < world->data.row_count && world->shows[i].day < target.day; i++)
        if (world->shows[i].artist != target.artist)
            world->others[count++] = world->shows[i];
    struct attendance result;
    world->pool.used = 0;
    attendance_predict(&request, world->others, count, report_pool_alloc, &world->pool, &result);
    return result;
}

/* Mean share of openings before the cut that match; all of them when none does. */
static double opening_mean(const struct world *world, int before_year, int32_t before_day,
                           size_t type, size_t theatre)
{
    double sum = 0.0, count = 0.0;
    for (size_t k = 0; k < world->opening_count; k++) {
        const struct theatre_week *row = &world->data.rows[world->openings[k]];
        if (year_of(row->week.day) >= before_year || row->week.day >= before_day ||
            (type != EVAL_UNSEEN && row->type != type) ||
            (theatre != EVAL_UNSEEN && row->theatre != theatre))
            continue;
        sum += row->week.share;
        count += 1.0;
    }
    if (count > 0.0)
        return sum / count;
    return opening_mean(world, before_year, before_day, EVAL_UNSEEN, EVAL_UNSEEN);
}

static double market_mean(const struct theatre_data *data, int32_t day)
{
    size_t end = theatre_market_until(data, day);
    double sum = 0.0;
    for (size_t i = end - 4; i < end; i++)
        sum += data->market[i].share;
    return sum / 4.0;
}

static void part(struct world *world, int first_year, int end_year, bool bar)
{
    double actual[OPENINGS_MAX], ours[OPENINGS_MAX], rules[RULES][OPENINGS_MAX];
    double low[OPENINGS_MAX], high[OPENINGS_MAX], share[OPENINGS_MAX], crps[OPENINGS_MAX];
    size_t n = 0;
    for (size_t k = 0; k < world->opening_count; k++) {
        const struct theatre_week *row = &world->data.rows[world->openings[k]];
        int year = year_of(row->week.day);
        if (year < first_year || year >= end_year)
            continue;
        int32_t day = row->week.day;
        struct attendance a = predict(world, row);
        double cdf[EVAL_GRID];
        for (int i = 0; i < EVAL_GRID; i++)
            cdf[i] = demand_cdf(&a.demand, i / (EVAL_GRID - 1.0));
        actual[n] = row->attendance;
        share[n] = fmin(row->week.share, 1.0);
        ours[n] = demand_quantile(&a.demand, 0.5) * row->capacity;
        low[n] = demand_quantile(&a.demand, 0.1);
        high[n] = demand_quantile(&a.demand, 0.9);
        crps[n] = eval_crps(cdf, share[n]);
        rules[CAPACITY][n] = row->capacity;
        rules[ALL_OPENINGS][n] =
            row->capacity * opening_mean(world, first_year, day, EVAL_UNSEEN, EVAL_UNSEEN);
        rules[BY_TYPE][n] =
            row->capacity * opening_mean(world, first_year, day, row->type, EVAL_UNSEEN);
        rules[BY_THEATRE][n] =
            row->capacity * opening_mean(world, first_year, day, EVAL_UNSEEN, row->theatre);
        rules[MARKET][n++] = row->capacity * market_mean(&world->data, day - 7);
    }
    printf("\nCold start, openings %d-%d (n %zu)\n", first_year, end_year - 1, n);
    report_header();
    for (int r = 0; r < RULES; r++)
        report_points(rule_names[r], actual, rules[r], n);
    report_points("ours (median)", actual, ours, n);
    printf("  80 %% interval: coverage %.3f, width %.3f; CRPS %.4f\n",
           eval_coverage(share, low, high, n), eval_width(low, high, n), eval_mean(crps, n));
    report_noise_floor(actual, n);
    if (bar)
        report_bar(rule_names[MARKET], actual, ours, rules[MARKET], NULL, n, n);
    CHECK(eval_mape(actual, ours, n) <= eval_mape(actual, rules[MARKET], n));
}

static void openings(void)
{
    struct world world = world_load();
    part(&world, 2006, 2014, false); /* walking forward inside the fit part */
    part(&world, 2014, 2016, true);
    theatre_data_free(&world.data);
    free(world.shows);
    free(world.others);
    free(world.pool.memory);
}

CHECK_MAIN(openings)
