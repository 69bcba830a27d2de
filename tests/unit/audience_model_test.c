/*
 * The maths of attendance: distributions that add up, sell-outs that are lower bounds, evidence
 * that weighs by its number, explanations whose terms sum to the result, and running shows.
 */
#include "audience-predictor/attendance.h"
#include "audience-predictor/drop_count.h"
#include "unit/check.h"

#define SHOWS_MAX 2000
#define TODAY     20000

static char pool[64 << 20];
static size_t pool_used;

static void *take(void *context, size_t size)
{
    (void)context;
    size = (size + 15) / 16 * 16;
    if (size > sizeof pool - pool_used)
        abort();
    void *memory = pool + pool_used;
    memset(memory, 0xa5, size); /* the maths may not rely on zeroed memory */
    pool_used += size;
    return memory;
}

static struct past_show night(int32_t day, int32_t artist, int32_t room, int64_t capacity,
                              int64_t paid)
{
    return (struct past_show){.day = day,
                              .artist = artist,
                              .room = room,
                              .city = 1,
                              .genre = 3,
                              .performances = 1,
                              .capacity = capacity,
                              .paid = paid};
}

static struct attendance_request request(int64_t capacity)
{
    return (struct attendance_request){.coming = {.day = TODAY + 30,
                                                  .artist = 7,
                                                  .room = 1,
                                                  .city = 1,
                                                  .genre = 3,
                                                  .performances = 1,
                                                  .capacity = capacity,
                                                  .known_until = TODAY},
                                       .sold_tickets = -1.0};
}

/* What must hold for every prediction. */
static void check_sound(const struct attendance_request *asked, const struct attendance *a)
{
    double mass = 0.0, sum = a->baseline, last = 0.0;
    for (size_t i = 0; i < DEMAND_POINTS; i++) {
        CHECK(a->demand.mass[i] >= -1e-15);
        mass += a->demand.mass[i];
    }
    CHECK_NEAR(mass, 1.0, 1e-9);
    for (size_t i = 0; i < a->term_count; i++)
        sum += a->terms[i].share;
    CHECK(fabs(sum - a->mean) <= 1e-12);
    CHECK(a->mean >= 0.0 && a->mean <= 1.0 + 1e-12);
    for (double level = 0.01; level < 1.0; level += 0.01) {
        double q = demand_quantile(&a->demand, level);
        CHECK(q >= last && q <= 1.0);
        last = q;
    }
    double full = demand_sold_out(&a->demand);
    CHECK(full >= 0.0 && full <= 1.0 + 1e-12);
    CHECK_NEAR(1.0 - demand_cdf(&a->demand, 1.0 - 1e-9), full, full * 0.02 + 0.02);
    if (full < 0.99)
        CHECK(demand_quantile(&a->demand, 1.0 - full - 0.005) < 1.0);
    if (full > 0.01)
        CHECK_NEAR(demand_quantile(&a->demand, 1.0 - full + 0.005), 1.0, 1e-12);
    if (asked->sold_tickets > 0)
        CHECK(demand_quantile(&a->demand, 0.001) >=
              0.98 * asked->sold_tickets / (double)asked->coming.capacity);
}

static struct attendance predict(const struct attendance_request *asked,
                                 const struct past_show *shows, size_t count)
{
    struct attendance a;
    pool_used = 0;
    attendance_predict(asked, shows, count, take, NULL, &a);
    check_sound(asked, &a);
    return a;
}

static void without_any_show_the_prior_is_wide(void)
{
    struct attendance_request asked = request(500);
    struct attendance a = predict(&asked, NULL, 0);
    CHECK_INT(a.basis, BASIS_PRIOR);
    CHECK(demand_quantile(&a.demand, 0.1) < 0.4 && demand_quantile(&a.demand, 0.9) > 0.95);
}

static void one_sold_out_show_does_not_decide(void)
{
    struct attendance_request asked = request(500);
    struct past_show one = night(TODAY - 100, 2, 1, 500, 500);
    struct attendance a = predict(&asked, &one, 1), none = predict(&asked, NULL, 0);
    CHECK_INT(a.basis, BASIS_COMPARABLES);
    CHECK(demand_sold_out(&a.demand) > demand_sold_out(&none.demand));
    CHECK(demand_sold_out(&a.demand) < 0.7);
    CHECK_INT(a.shrinkage.levels[LEVEL_ROOM].sold_out, 1);
}

static void a_room_that_always_sells_out_has_the_mass_at_capacity(void)
{
    struct past_show shows[60];
    for (int i = 0; i < 60; i++)
        shows[i] = night(TODAY - 600 + 10 * i, 100 + i, 1, 500, 500);
    struct attendance_request asked = request(500);
    struct attendance a = predict(&asked, shows, 60);
    CHECK(demand_sold_out(&a.demand) > 0.9);
    CHECK_NEAR(demand_quantile(&a.demand, 0.5), 1.0, 1e-12);
}

static void more_comparables_weigh_more(void)
{
    struct past_show shows[40];
    double last_weight = 0.0, last_mean = 1.0;
    for (int count = 1; count <= 40; count += 13) {
        for (int i = 0; i < count; i++)
            shows[i] = night(TODAY - 400 + i, 100 + i, 1, 500, 100);
        struct attendance_request asked = request(500);
        struct attendance a = predict(&asked, shows, (size_t)count);
        CHECK(a.shrinkage.levels[LEVEL_ROOM].weight > last_weight);
        CHECK(a.mean < last_mean);
        CHECK_NEAR(a.shrinkage.levels[LEVEL_ROOM].mean, 0.2, 1e-9);
        last_weight = a.shrinkage.levels[LEVEL_ROOM].weight;
        last_mean = a.mean;
    }
}

static void nights_of_one_engagement_count_once(void)
{
    struct past_show shows[30];
    for (int i = 0; i < 30; i++)
        shows[i] = night(TODAY - 300 + i, 50, 1, 500, 100);
    struct attendance_request asked = request(500);
    struct attendance a = predict(&asked, shows, 30);
    CHECK_INT(a.shrinkage.levels[LEVEL_ROOM].count, 30);
    CHECK(a.shrinkage.levels[LEVEL_ROOM].effective_count < 1.01);
}

static void a_sell_out_elsewhere_is_a_lower_bound(void)
{
    /* 300 of 300 and 300 of 3,000: the first says "at least 300", the second "300". */
    struct attendance_request asked = request(1000);
    struct past_show sold_out = night(TODAY - 50, 7, 9, 300, 300);
    struct past_show thin = night(TODAY - 50, 7, 9, 3000, 300);
    struct attendance a = predict(&asked, &sold_out, 1), b = predict(&asked, &thin, 1);
    CHECK_INT(a.basis, BASIS_ARTIST);
    CHECK_INT(a.shrinkage.levels[LEVEL_ELSEWHERE].sold_out, 1);
    CHECK(a.mean > b.mean + 0.02);
    CHECK(demand_quantile(&a.demand, 0.1) >= demand_quantile(&b.demand, 0.1));
}

static void what_is_sold_is_never_undercut(void)
{
    struct past_show shows[20];
    for (int i = 0; i < 20; i++)
        shows[i] = night(TODAY - 200 + i, 100 + i, 1, 500, 50);
    const double sold[] = {0, 1, 250, 499, 500};
    for (size_t i = 0; i < 5; i++) {
        struct attendance_request asked = request(500);
        asked.sold_tickets = sold[i];
        struct attendance a = predict(&asked, shows, 20);
        if (sold[i] == 500)
            CHECK_NEAR(demand_sold_out(&a.demand), 1.0, 1e-9);
    }
}

static void the_future_is_not_evidence(void)
{
    struct past_show shows[2] = {night(TODAY - 10, 2, 1, 500, 100),
                                 night(TODAY + 5, 3, 1, 500, 500)};
    struct attendance_request asked = request(500);
    struct attendance with = predict(&asked, shows, 2), without = predict(&asked, shows, 1);
    CHECK(memcmp(&with.demand, &without.demand, sizeof with.demand) == 0);
}

static void hostile_rows_are_left_out(void)
{
    struct past_show shows[] = {
        night(TODAY - 9, 2, 1, 0, 10),          night(TODAY - 8, 2, 1, -5, 10),
        night(TODAY - 7, 2, 1, 100, -1),        night(TODAY - 6, 2, 1, INT64_MAX, INT64_MAX),
        night(TODAY - 5, 2, 1, 500, INT64_MAX), night(TODAY - 4, 2, 1, INT64_MIN, 0),
        night(TODAY - 3, 2, 1, 500, 0),         night(TODAY - 2, 2, 1, 500, 900)};
    shows[7].price_minor = INT64_MIN;
    struct attendance_request asked = request(500);
    asked.coming.price_minor = INT64_MAX;
    struct attendance a = predict(&asked, shows, sizeof shows / sizeof *shows);
    CHECK_INT(a.comparables.left_out, 6);
    CHECK_INT(a.shrinkage.levels[LEVEL_ROOM].count, 2);
}

static void sizes_from_one_to_a_million_are_served(void)
{
    const int64_t capacities[] = {1, 2, 60, 2500, 1000000};
    for (size_t i = 0; i < 5; i++) {
        struct past_show shows[2] = {night(TODAY - 50, 7, 9, 60, 45),
                                     night(TODAY - 40, 7, 8, 1, 1)};
        struct attendance_request asked = request(capacities[i]);
        predict(&asked, shows, 2);
    }
}

static size_t build_run(struct past_show *shows, int weeks, int nights_a_week, int last_day,
                        int64_t capacity, double share)
{
    size_t count = 0;
    for (int week = weeks - 1; week >= 0; week--)
        for (int n = nights_a_week - 1; n >= 0; n--) {
            shows[count] =
                night(last_day - 7 * week - n, 7, 1, capacity, (int64_t)(share * (double)capacity));
            shows[count++].performances = nights_a_week == 1 ? 8 : 1;
        }
    return count;
}

static void a_running_show_follows_its_own_weeks(void)
{
    static struct past_show shows[SHOWS_MAX];
    const int nights_a_week[] = {1, 7};
    double means[2];
    for (int k = 0; k < 2; k++) {
        size_t count = build_run(shows, 40, nights_a_week[k], TODAY - 2, 8000, 0.7);
        struct attendance_request asked = request(8000);
        asked.coming.day = TODAY + 5;
        asked.coming.performances = 8;
        struct attendance a = predict(&asked, shows, count);
        CHECK_INT(a.basis, BASIS_RUNNING_SHOW);
        CHECK(a.own_weeks >= 40 && a.own_weeks <= 41);
        CHECK_NEAR(a.running.level, 0.7, 1e-3);
        CHECK(fabs(demand_quantile(&a.demand, 0.5) - a.running.likely) < 0.02);
        CHECK(fabs(a.mean - 0.7) < 0.06);
        means[k] = a.mean;
    }
    CHECK(fabs(means[0] - means[1]) < 0.02); /* weeks as rows, or nights added up */
}

static void a_run_too_short_or_too_old_is_left_to_the_comparables(void)
{
    static struct past_show shows[SHOWS_MAX];
    const struct {
        int weeks, last_day, want;
    } rows[] = {{4, TODAY - 2, BASIS_ARTIST},
                {5, TODAY - 2, BASIS_RUNNING_SHOW},
                {40, TODAY - 100, BASIS_ARTIST}};
    for (size_t i = 0; i < 3; i++) {
        size_t count = build_run(shows, rows[i].weeks, 1, rows[i].last_day, 8000, 0.7);
        struct attendance_request asked = request(8000);
        asked.coming.day = TODAY + 5;
        asked.coming.performances = 8;
        CHECK_INT(predict(&asked, shows, count).basis, rows[i].want);
    }
}

static void a_season_needs_years_and_shows(void)
{
    static struct market_week weeks[300];
    struct season_index season;
    for (int i = 0; i < 300; i++)
        weeks[i] =
            (struct market_week){TODAY - 7 * (299 - i), 0.7 + (i % 52 < 26 ? 0.1 : -0.1), 20};
    season_index_fit(weeks, 300, INT32_MAX, &season);
    CHECK(season.known && fabs(season_index_at(&season, TODAY)) > 0.03);
    season_index_fit(weeks, 60, INT32_MAX, &season);
    CHECK(!season.known && season_index_at(&season, TODAY) == 0.0);
    season_index_fit(weeks, 0, INT32_MAX, &season);
    CHECK(!season.known);
    for (int i = 0; i < 300; i++)
        weeks[i].shows = 1;
    season_index_fit(weeks, 300, INT32_MAX, &season);
    CHECK(!season.known);
}

static void running_quantiles_and_cdf_agree(void)
{
    struct running_week weeks[30];
    for (int i = 0; i < 30; i++)
        weeks[i] = (struct running_week){TODAY - 7 * (29 - i), 0.5 + 0.02 * (i % 3), NAN, NAN};
    struct season_index season = {0};
    for (int ahead = 1; ahead <= RUNNING_HORIZON_MAX; ahead++) {
        struct running_input input = {weeks, 30, NULL, 0, &season, TODAY + 7 * ahead, NAN};
        struct running_forecast forecast;
        CHECK(running_predict(&input, 1.0, &forecast));
        for (int i = 1; i < RUNNING_QUANTILES; i++)
            CHECK(forecast.quantiles[i] >= forecast.quantiles[i - 1]);
        for (int i = 0; i < RUNNING_QUANTILES; i++)
            CHECK_NEAR(running_cdf(&forecast, forecast.quantiles[i]), 0.05 * (i + 1), 1e-6);
        CHECK(running_cdf(&forecast, -1) == 0.0 && running_cdf(&forecast, 3.0) == 1.0);
    }
    struct running_input too_far = {weeks, 30, NULL, 0, &season, TODAY + 7 * 14, NAN};
    struct running_input backwards = {weeks, 30, NULL, 0, &season, TODAY - 7, NAN};
    struct running_forecast forecast;
    CHECK(!running_predict(&too_far, 1.0, &forecast));
    CHECK(!running_predict(&backwards, 1.0, &forecast));
}

static void nights_that_differ_more_are_trusted_less(void)
{
    struct past_show shows[80];
    double widths[2];
    for (int wild = 0; wild < 2; wild++) {
        for (int i = 0; i < 80; i++) {
            double swing = wild ? 0.4 : 0.05;
            int64_t paid = (int64_t)(250.0 * (1.0 + (i % 2 ? swing : -swing)));
            shows[i] = night(TODAY - 800 + 10 * i, 7 + i % 8, 1, 500, paid);
        }
        struct attendance_request asked = request(500);
        struct attendance a = predict(&asked, shows, 80);
        CHECK(a.shrinkage.levels[LEVEL_HERE].count == 10);
        CHECK(a.comparables.repeat_spread >= 0.2 && a.comparables.repeat_spread <= 0.35);
        widths[wild] = demand_quantile(&a.demand, 0.9) - demand_quantile(&a.demand, 0.1);
    }
    /* Every artist swings by its own parity only, so steps are zero in both: same trust. */
    CHECK_NEAR(widths[0], widths[1], 0.15);
    for (int i = 0; i < 80; i++) /* now each artist's own nights swing */
        shows[i] = night(TODAY - 800 + 10 * i, 7 + i % 8, 1, 500, i / 8 % 2 ? 400 : 150);
    struct attendance_request asked = request(500);
    struct attendance a = predict(&asked, shows, 80);
    CHECK_NEAR(a.comparables.repeat_spread, 0.35, 1e-9);
    CHECK(demand_quantile(&a.demand, 0.9) - demand_quantile(&a.demand, 0.1) > widths[0]);
}

static void the_slope_of_a_following_is_learned(void)
{
    struct following_point points[200];
    struct following_fit fit, cut_off;
    double true_slope = 0.8;
    for (int i = 0; i < 200; i++) {
        double x = 7 + 0.02 * i, noise = 0.3 * sin(12.9898 * i) / 0.7071;
        double y = 0.5 + true_slope * (x - 4) + noise;
        points[i] = (struct following_point){x, y, false, 1};
    }
    CHECK(following_learn(points, 200, &fit));
    CHECK_NEAR(fit.slope, true_slope, 0.05);
    CHECK_NEAR(fit.spread, 0.3, 0.1);
    for (int i = 0; i < 200; i++) /* rooms that hold exp(5): what is above is only a lower bound */
        if (points[i].log_tickets > 5)
            points[i].log_tickets = 5, points[i].at_least = true;
    CHECK(following_learn(points, 200, &cut_off));
    CHECK_NEAR(cut_off.slope, true_slope, 0.12);
    CHECK(!following_learn(points, FOLLOWING_SHOWS_MIN - 1, &fit));
    for (int i = 0; i < 200; i++)
        points[i].log_following = 9;
    CHECK(!following_learn(points, 200, &fit));
}

static void a_following_moves_a_new_act(void)
{
    struct past_show shows[60];
    for (int i = 0; i < 60; i++) {
        shows[i] = night(TODAY - 600 + 10 * i, 100 + i, 2 + i % 3, 1000, 40 + 15 * i % 900);
        shows[i].following = 100.0 * (double)shows[i].paid;
    }
    double last = 0.0;
    for (double following = 3000; following < 1e6; following *= 5) {
        struct attendance_request asked = request(1000);
        asked.coming.following = following;
        struct attendance a = predict(&asked, shows, 60);
        CHECK_INT(a.shrinkage.levels[LEVEL_FOLLOWING].count, 60);
        CHECK(a.mean > last);
        last = a.mean;
    }
    const double hostile[] = {NAN, -5, 0, INFINITY, 1e300};
    for (size_t i = 0; i < 5; i++) {
        struct attendance_request asked = request(1000);
        asked.coming.following = hostile[i];
        shows[3].following = hostile[i];
        predict(&asked, shows, 60);
    }
}

static void heads_are_fewer_than_tickets_and_learn(void)
{
    struct demand demand;
    struct drop_count drop;
    demand_normal(&demand, 0.8, 0.1);
    struct show_rate rate = show_rate_prior();
    drop_count_predict(&demand, 1000, &rate, 0, &drop);
    CHECK_NEAR(drop.mean, 1000 * demand_mean(&demand) * DROP_PRIOR_MEAN, 0.005);
    for (int i = 1; i < DROP_QUANTILES; i++)
        CHECK(drop.quantiles[i] >= drop.quantiles[i - 1]);
    double without = drop.mean;
    drop_count_predict(&demand, 1000, &rate, 100, &drop);
    CHECK_NEAR(drop.mean - without, 70, 0.02);
    for (int i = 0; i < 50; i++)
        CHECK(show_rate_add(&rate, 400, 300, 1.0));
    CHECK(fabs(show_rate_mean(&rate) - 0.75) < 0.02);
    CHECK(!show_rate_add(&rate, 0, 10, 1) && !show_rate_add(&rate, 10, -1, 1) &&
          !show_rate_add(&rate, 10, 5, NAN));
    CHECK(show_rate_add(&rate, 10, 25, 1)); /* more heads than tickets: all were used */
    CHECK_INT(rate.shows, 51);
}

static void demand_reads_back_what_was_put_in(void)
{
    struct demand demand;
    demand_normal(&demand, 0.5, 0.05);
    CHECK_NEAR(demand_mean(&demand), 0.5, 0.01);
    CHECK_NEAR(demand_quantile(&demand, 0.5), 0.5, 0.02);
    CHECK_NEAR(demand_cdf(&demand, 0.5), 0.5, 0.05);
    CHECK(demand_sold_out(&demand) < 1e-12);
    CHECK(demand_cdf(&demand, 0.0) == 0.0 && demand_cdf(&demand, NAN) == 0.0);
    CHECK_NEAR(demand_at_least(&demand, 1.0), 0.0, 1e-9); /* nothing was left above */
    CHECK_NEAR(demand_sold_out(&demand), 1.0, 1e-12);
    demand_normal(&demand, 1e-9, 0.01); /* below the grid */
    CHECK(demand_mean(&demand) < 0.01);
}

CHECK_MAIN(without_any_show_the_prior_is_wide, one_sold_out_show_does_not_decide,
           a_room_that_always_sells_out_has_the_mass_at_capacity, more_comparables_weigh_more,
           nights_of_one_engagement_count_once, a_sell_out_elsewhere_is_a_lower_bound,
           what_is_sold_is_never_undercut, the_future_is_not_evidence, hostile_rows_are_left_out,
           sizes_from_one_to_a_million_are_served, a_running_show_follows_its_own_weeks,
           a_run_too_short_or_too_old_is_left_to_the_comparables, a_season_needs_years_and_shows,
           running_quantiles_and_cdf_agree, nights_that_differ_more_are_trusted_less,
           the_slope_of_a_following_is_learned, a_following_moves_a_new_act,
           heads_are_fewer_than_tickets_and_learn, demand_reads_back_what_was_put_in)
