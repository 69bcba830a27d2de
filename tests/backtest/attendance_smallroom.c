/*
 * Small rooms, one band, no capacity known (evaluation guide, 5.4): head counts by the artist
 * levels alone, on a nominal room so large that hardly a show fills it.
 *
 * Only shows at least 7 days old are evidence. The guide names no bar; ours is the weighted error
 * of its best rule. The Poisson noise floor stands beside, since rooms are small enough for it to
 * matter.
 */
#include <math.h>
#include <stdlib.h>

#include "audience-predictor/shrinkage.h"
#include "backtest/attendance_data.h"
#include "backtest/attendance_report.h"

#define SHOWS_MAX    1000
#define NOMINAL_ROOM 8000 /* heads */
#define SMALL        300.0

struct shows {
    struct past_show shows[SHOWS_MAX];
    size_t count;
    struct report_pool pool;
};

static int by_day(const void *left, const void *right)
{
    const struct past_show *a = left, *b = right;
    return (a->day > b->day) - (a->day < b->day);
}

static void load(struct shows *s)
{
    struct eval_csv *csv = eval_csv_open("dev/fugazi_small_venues.csv");
    struct eval_index *cities = eval_index_new(), *rooms = eval_index_new();
    size_t day = eval_csv_column(csv, "date"), venue = eval_csv_column(csv, "venue");
    size_t city = eval_csv_column(csv, "city"), heads = eval_csv_column(csv, "attendance");
    while (eval_csv_next(csv) && s->count < SHOWS_MAX) {
        char room[512];
        double count = eval_csv_number(csv, heads);
        if (!(count > 0.0))
            continue;
        snprintf(room, sizeof room, "%s|%s", eval_csv_text(csv, venue), eval_csv_text(csv, city));
        s->shows[s->count++] =
            (struct past_show){.day = (int32_t)eval_csv_day(csv, day),
                               .artist = 0,
                               .room = (int32_t)eval_index_add(rooms, room),
                               .city = (int32_t)eval_index_add(cities, eval_csv_text(csv, city)),
                               .genre = COMPARABLES_UNKNOWN,
                               .performances = 1,
                               .capacity = NOMINAL_ROOM,
                               .paid = llround(count)};
    }
    eval_csv_close(csv);
    eval_index_free(cities);
    eval_index_free(rooms);
    qsort(s->shows, s->count, sizeof *s->shows, by_day);
}

/* The guide's best rule: the same venue's last count, else the city's, else the geometric mean of
 * the last 10. */
static double last_count(const struct shows *s, const struct past_show *target)
{
    double venue = NAN, city = NAN, logs = 0.0;
    size_t known = 0, used = 0;
    for (; known < s->count && s->shows[known].day <= target->day - 7; known++) {
        const struct past_show *show = &s->shows[known];
        venue = show->room == target->room ? (double)show->paid : venue;
        city = show->city == target->city ? (double)show->paid : city;
    }
    for (size_t i = known; i > 0 && used < 10; i--, used++)
        logs += log((double)s->shows[i - 1].paid);
    return isfinite(venue) ? venue : isfinite(city) ? city : exp(logs / (double)used);
}

static void predict(struct shows *s, const struct past_show *show, struct demand *demand)
{
    struct coming_show coming = {.day = show->day,
                                 .artist = 0,
                                 .room = show->room,
                                 .city = show->city,
                                 .genre = COMPARABLES_UNKNOWN,
                                 .performances = 1,
                                 .capacity = NOMINAL_ROOM,
                                 .known_until = show->day - 7};
    struct shrinkage_settings settings = shrinkage_defaults;
    struct comparables comparables;
    struct shrinkage shrinkage;
    settings.prior_median = 500.0 / NOMINAL_ROOM; /* the nominal room says nothing about shares */
    s->pool.used = 0;
    for (int level = 0; level < LEVELS; level++) {
        comparables.levels[level].observations =
            report_pool_alloc(&s->pool, s->count * sizeof(struct demand_observation));
        comparables.levels[level].shows = report_pool_alloc(&s->pool, s->count * sizeof(size_t));
    }
    struct comparables_scratch *scratch = report_pool_alloc(&s->pool, s->count * sizeof *scratch);
    struct following_point *points = report_pool_alloc(&s->pool, s->count * sizeof *points);
    comparables_build(&comparables_defaults, &coming, s->shows, s->count, scratch, points,
                      &comparables);
    shrinkage_predict(&settings, &comparables, NOMINAL_ROOM, -1.0, &shrinkage);
    *demand = shrinkage.demand;
}

static void part(struct shows *s, int first_year, int end_year)
{
    double actual[SHOWS_MAX], ours[SHOWS_MAX], rule[SHOWS_MAX], low[SHOWS_MAX], high[SHOWS_MAX];
    double small_actual[SHOWS_MAX], small_ours[SHOWS_MAX];
    size_t n = 0, small = 0;
    for (size_t i = 0; i < s->count; i++) {
        const struct past_show *show = &s->shows[i];
        struct demand demand;
        int year = year_of(show->day);
        if (year < first_year || year >= end_year)
            continue;
        predict(s, show, &demand);
        actual[n] = (double)show->paid;
        ours[n] = NOMINAL_ROOM * demand_quantile(&demand, 0.5);
        low[n] = NOMINAL_ROOM * demand_quantile(&demand, 0.1);
        high[n] = NOMINAL_ROOM * demand_quantile(&demand, 0.9);
        rule[n] = last_count(s, show);
        if (actual[n] <= SMALL) {
            small_actual[small] = actual[n];
            small_ours[small++] = ours[n];
        }
        n++;
    }
    printf("\nSmall rooms, one band, %d-%d (n %zu)\n", first_year, end_year - 1, n);
    report_header();
    report_points("venue's last, else city's, else last 10", actual, rule, n);
    report_points("ours (median)", actual, ours, n);
    printf("  80 %% interval: coverage %.3f, width %.0f heads\n",
           eval_coverage(actual, low, high, n), eval_width(low, high, n));
    report_noise_floor(actual, n);
    printf(" at most %.0f heads (n %zu)\n", SMALL, small);
    report_points("ours (median)", small_actual, small_ours, small);
    report_noise_floor(small_actual, small);
    CHECK(first_year < 1995 || eval_wape(actual, ours, n) <= eval_wape(actual, rule, n));
}

static void small_rooms(void)
{
    struct shows *s = eval_alloc(1, sizeof *s);
    s->pool.size = (size_t)4 << 20;
    load(s);
    part(s, 1990, 1995);
    part(s, 1995, 1998);
    free(s->pool.memory);
    free(s);
}

CHECK_MAIN(small_rooms)
