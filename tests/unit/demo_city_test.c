/* The demo city is the same for a seed, keeps its own rules, and holds the troubles that it
 * promises. */
#include "demo/city.h"
#include "demo/random.h"
#include "unit/check.h"

enum { LAST_DAY = 20780 };

static int same_value(double a, double b)
{
    return (isnan(a) && isnan(b)) || a == b;
}

static void test_same_seed_same_city(void)
{
    struct city *a = city_make(7, LAST_DAY), *b = city_make(7, LAST_DAY),
                *c = city_make(8, LAST_DAY);
    int differing = 0, differing_seed = 0;
    for (int i = 0; i < CITY_ARTISTS; i++)
        for (int metric = 0; metric < CITY_METRICS; metric++)
            for (int day = 0; day < CITY_SERIES_DAYS; day++) {
                double value = a->artists[i].series[metric][day];
                differing += !same_value(value, b->artists[i].series[metric][day]);
                differing_seed += !same_value(value, c->artists[i].series[metric][day]);
            }
    CHECK_INT(differing, 0);
    CHECK(differing_seed > 100000);
    CHECK_INT(a->show_count, b->show_count);
    CHECK_INT(memcmp(a->shows, b->shows, (size_t)a->show_count * sizeof *a->shows), 0);
    city_free(a);
    city_free(b);
    city_free(c);
}

static void test_shows_keep_the_rules(void)
{
    struct city *city = city_make(7, LAST_DAY);
    int sold_out = 0, played = 0, cancelled = 0, ahead = 0;
    for (int i = 0; i < city->show_count; i++) {
        const struct city_show *show = &city->shows[i];
        int capacity = city_rooms[show->room].capacity;
        CHECK(show->artist >= 0 && show->artist < CITY_ARTISTS);
        CHECK(show->paid >= 0 && show->paid <= capacity);
        CHECK(show->announce_day < show->day && show->announce_day <= city->last_day);
        CHECK(show->price_cents > 0 && show->count_total <= CITY_MAX_COUNTS);
        for (int k = 1; k < show->count_total; k++)
            CHECK(show->counts[k] >= show->counts[k - 1] &&
                  show->count_days[k] > show->count_days[k - 1]);
        if (show->count_total)
            CHECK(show->count_days[show->count_total - 1] <= city->last_day);
        CHECK(!show->played || show->day <= city->last_day);
        CHECK(!show->played || show->payout_cents >= show->guarantee_cents);
        CHECK(show->heads <= show->paid + show->comps);
        played += show->played;
        cancelled += show->cancelled;
        ahead += show->day > city->last_day;
        sold_out += show->played && show->paid == capacity;
    }
    CHECK(played > 1500 && cancelled > 10 && ahead > 40);
    CHECK(sold_out > played / 10 && sold_out < played / 2);
    city_free(city);
}

static void test_troubles_are_there(void)
{
    struct city *city = city_make(7, LAST_DAY);
    int fates[4] = {0}, missing = 0, falls = 0, under_way = 0;
    for (int i = 0; i < CITY_ARTISTS; i++) {
        const struct city_artist *artist = &city->artists[i];
        fates[artist->fate]++;
        under_way += artist->fate == FATE_BREAKOUT && artist->turn_day > CITY_HISTORY_DAYS - 80;
        const double *views = artist->series[5];
        for (int day = 1; day < CITY_SERIES_DAYS; day++) {
            missing += isnan(views[day]) != 0;
            falls += views[day] < 0.9 * views[day - 1];
        }
        for (int other = 0; other < i; other++)
            CHECK(strcmp(artist->name, city->artists[other].name) != 0);
    }
    CHECK(fates[FATE_BREAKOUT] >= 10 && fates[FATE_BREAKOUT] <= 30);
    CHECK(fates[FATE_FLUKE] > fates[FATE_BREAKOUT]); /* most bursts come to nothing */
    CHECK(under_way >= 3);
    CHECK(missing > 500 && falls > 3);
    city_free(city);
}

static void test_dice(void)
{
    struct dice dice;
    dice_open(&dice, 1, 1);
    double sum = 0, squares = 0, poisson = 0;
    for (int i = 0; i < 20000; i++) {
        double value = dice_normal(&dice, 3, 2);
        sum += value;
        squares += value * value;
        poisson += (double)dice_poisson(&dice, 4.5);
        double uniform = dice_uniform(&dice);
        CHECK(uniform >= 0 && uniform < 1);
    }
    CHECK_NEAR(sum / 20000, 3, 0.06);
    CHECK_NEAR(squares / 20000 - 9, 4, 0.3);
    CHECK_NEAR(poisson / 20000, 4.5, 0.06);
    CHECK_INT(dice_poisson(&dice, 0), 0);
    CHECK_INT(dice_poisson(&dice, -1), 0);
}

CHECK_MAIN(test_same_seed_same_city, test_shows_keep_the_rules, test_troubles_are_there, test_dice)
