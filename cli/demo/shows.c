/* Three years of nights: who was booked where, how tickets sold, who came, and what was paid. */
#include "demo/city.h"

#include "demo/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SHOWS = 6000 };

static const double weekday_pull[7] = {0.62, 0.68, 0.75, 0.90, 1.15, 1.20, 0.82};
static const double month_pull[12] = {0.82, 0.92, 1.02, 1.05, 1.0,  0.93,
                                      0.78, 0.80, 1.05, 1.10, 1.08, 0.95};

static int month_of(int day)
{
    /* A rough month is enough for a season. */
    return (day % 365 + 365) % 365 * 12 / 365;
}

/* Local fans who would come if the night, the price and the room were ordinary. */
static double draw_of(const struct city *city, const struct city_artist *artist, int day)
{
    int at = day - city_first_day(city), last = CITY_HISTORY_DAYS + CITY_AHEAD_DAYS - 1;
    double fans = artist->fans[at < 0 ? 0 : at > last ? last : at];
    double here = artist->local ? 0.13 : 0.045;
    return pow(fans, 0.92) * here * artist->devotion * 12;
}

/* A buyer's guess by gut: last season's fame, in search of an act that fits the room; -1: the night
 * stays dark. */
static int book_artist(const struct city *city, const struct city_room *room, int day,
                       struct dice *dice)
{
    int best = -1;
    double best_gap = 0.6;
    for (int tries = 0; tries < 25; tries++) {
        int candidate = dice_int(dice, 0, CITY_ARTISTS - 1);
        double guess =
            draw_of(city, &city->artists[candidate], day - 100) * dice_lognormal(dice, 1, 0.35);
        double gap = fabs(log(guess / (0.85 * room->capacity)));
        if (gap < best_gap) {
            best_gap = gap;
            best = candidate;
        }
    }
    return best;
}

static void set_price(const struct city_room *room, struct city_show *show, struct dice *dice)
{
    double base = 8 + 3.1 * pow(room->capacity, 0.34);
    show->price_cents = (int)(dice_lognormal(dice, base, 0.22) + 0.5) * 100;
    show->door_price_cents = show->price_cents + (room->late_share > 0.4 ? 500 : 0);
}

static void set_deal(const struct city_room *room, struct city_show *show, double guess,
                     struct dice *dice)
{
    double gross = guess * show->price_cents;
    int size = room->capacity < 200 ? 0 : room->capacity < 700 ? 1 : 2;
    static const int choices[3][4] = {
        {CITY_DOOR, CITY_DOOR, CITY_FLAT, CITY_VERSUS},
        {CITY_VERSUS, CITY_VERSUS, CITY_FLAT, CITY_DOOR},
        {CITY_PLUS, CITY_PLUS, CITY_VERSUS, CITY_FLAT},
    };
    show->deal = choices[size][dice_int(dice, 0, 3)];
    show->guarantee_cents = show->deal == CITY_DOOR
                                ? 0
                                : (int64_t)(gross * dice_between(dice, 0.25, 0.5) / 10000) * 10000;
    show->share_percent = show->deal == CITY_DOOR ? 70 : show->deal == CITY_PLUS ? 85 : 80;
}

/* Tickets counted on the way: each day's buyers come at the room's habit, with runs of luck, up to
 * the capacity. */
static void sell(const struct city *city, const struct city_room *room, struct city_show *show,
                 double demand, struct dice *dice)
{
    double lead = show->day - show->announce_day, sold = 0;
    double late = room->late_share * dice_between(dice, 0.8, 1.2), luck = 1;
    int until = show->day < city->last_day ? show->day : city->last_day;
    int every = (int)(lead / (CITY_MAX_COUNTS - 2)) + 1;
    for (int day = show->announce_day; day <= until; day++) {
        double out = show->day - day;
        double opening = 0.22 * exp(-(day - show->announce_day) / 2.5) / 2.9;
        double middle = (1 - 0.22 - late) / (lead + 1);
        double rush = late * exp(-out / 2.6) / 3.1;
        luck = exp(0.8 * log(luck) + dice_normal(dice, 0, 0.18));
        sold += (double)dice_poisson(dice,
                                     demand * (opening + (middle > 0 ? middle : 0) + rush) * luck);
        if (sold >= room->capacity)
            sold = room->capacity;
        if ((day - show->announce_day) % every == every - 1 &&
            show->count_total < CITY_MAX_COUNTS && day < show->day) {
            show->count_days[show->count_total] = day;
            show->counts[show->count_total++] = (int)sold;
        }
    }
    show->paid = (int)sold;
}

static void settle(const struct city_room *room, struct city_show *show)
{
    int64_t at_door = (int64_t)(show->paid * (room->late_share > 0.4 ? 0.2 : 0.0));
    show->gross_cents =
        (show->paid - at_door) * (int64_t)show->price_cents + at_door * show->door_price_cents;
    int64_t net =
        show->gross_cents - show->gross_cents * 61 / 1000; /* about 6.5 % tax inside the price */
    int64_t costs = (int64_t)(room->fixed_cost * 100);
    int64_t shared = net - costs;
    if (show->deal == CITY_PLUS) {
        shared = net - (costs + show->guarantee_cents) * 115 / 100;
        show->payout_cents =
            show->guarantee_cents + (shared > 0 ? shared * show->share_percent / 100 : 0);
        return;
    }
    if (show->deal == CITY_DOOR)
        shared = net;
    int64_t part = shared > 0 ? shared * show->share_percent / 100 : 0;
    if (show->deal == CITY_FLAT || part < show->guarantee_cents)
        part = show->guarantee_cents;
    show->payout_cents = part;
}

static void play(struct city *city, int room_index, int day, struct dice *dice)
{
    const struct city_room *room = &city_rooms[room_index];
    struct city_show *show = &city->shows[city->show_count];
    memset(show, 0, sizeof *show);
    show->room = room_index;
    show->day = day;
    show->announce_day =
        day - dice_int(dice, room->capacity > 700 ? 50 : 20, room->capacity > 700 ? 110 : 70);
    if (show->announce_day > city->last_day)
        return;
    show->artist = book_artist(city, room, day, dice);
    if (show->artist < 0)
        return;
    show->support = dice_chance(dice, 0.6) ? dice_int(dice, 0, CITY_ARTISTS - 1) : -1;
    const struct city_artist *artist = &city->artists[show->artist];
    set_price(room, show, dice);
    double usual = 8 + 3.1 * pow(room->capacity, 0.34);
    double demand =
        draw_of(city, artist, day) * weekday_pull[city_weekday(day)] * month_pull[month_of(day)];
    demand *= pow(show->price_cents / (usual * 100), -dice_between(dice, 0.2, 0.8));
    demand *=
        city->scene_mood[artist->scene][day - city_first_day(city)] * dice_lognormal(dice, 1, 0.24);
    if (dice_chance(dice, 0.06)) /* weather, a final on television, a rival across town */
        demand *= dice_between(dice, 0.45, 0.8);
    set_deal(room, show,
             draw_of(city, artist, day - 100) < room->capacity ? draw_of(city, artist, day - 100)
                                                               : room->capacity,
             dice);
    show->cancelled = dice_chance(dice, 0.018);
    sell(city, room, show, demand, dice);
    show->played = day <= city->last_day && !show->cancelled;
    if (show->played) {
        show->comps = dice_int(dice, 0, 4 + room->capacity / 40);
        double show_rate = dice_between(dice, 0.82, 0.97);
        show->heads = (int)((show->paid + show->comps) * show_rate);
        settle(room, show);
    }
    city->show_count++;
}

void city_make_shows(struct city *city)
{
    city->shows = calloc(MOST_SHOWS, sizeof *city->shows);
    if (!city->shows)
        abort();
    for (int room = 0; room < CITY_ROOMS; room++) {
        struct dice dice;
        dice_open(&dice, city->seed, 20000 + (uint64_t)room);
        for (int day = city->last_day - CITY_SHOW_DAYS + 1;
             day <= city->last_day + CITY_AHEAD_DAYS - 1; day++) {
            double chance =
                city_rooms[room].nights_a_week / 7 * (0.4 + weekday_pull[city_weekday(day)] * 0.66);
            if (dice_chance(&dice, chance) && city->show_count < MOST_SHOWS)
                play(city, room, day, &dice);
        }
    }
}
