#include "demo/city.h"

#include "demo/random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

const char *const city_scene_names[CITY_SCENES] = {
    "indie rock", "hip-hop", "techno", "folk", "metal", "soul", "latin", "hyperpop",
};

const struct city_room city_rooms[CITY_ROOMS] = {
    {"The Lantern", "cellar", "Lantern Cellar", 100, false, true, 0.70, 11, 420, 2.2},
    {"The Lantern", "main", "Lantern Main Room", 500, false, true, 0.45, 14, 2900, 2.0},
    {"Harbour Hall", "hall", "Harbour Hall", 1500, false, true, 0.30, 16, 13500, 1.1},
    {"Crown Theatre", "theatre", "Crown Theatre", 2500, true, true, 0.18, 13, 26000, 0.6},
    {"Kiosk 9", "room", "Kiosk 9", 140, false, false, 0.75, 10, 500, 2.0},
    {"Velvet Mill", "room", "Velvet Mill", 250, false, false, 0.60, 12, 1100, 2.0},
    {"Dockside Social", "room", "Dockside Social", 400, false, false, 0.55, 13, 2100, 1.8},
    {"Ironworks", "floor", "Ironworks", 800, false, false, 0.40, 15, 6200, 1.3},
    {"Ironworks", "loft", "Ironworks Loft", 180, false, false, 0.65, 11, 800, 1.5},
    {"Meridian", "hall", "Meridian", 2000, false, false, 0.28, 16, 19000, 0.8},
};

static const char *const first_words[] = {
    "Amber",    "Paper",  "Hollow", "Silver",   "Night", "Velvet",  "Glass",
    "Northern", "Salt",   "Copper", "Wild",     "Quiet", "Neon",    "Feral",
    "Lunar",    "Broken", "Golden", "Electric", "Pale",  "Distant",
};
static const char *const second_words[] = {
    "Harbours", "Tigers", "Letters",  "Orchard", "Static", "Sisters", "Machines",
    "Lanterns", "Foxes",  "Weather",  "Arcade",  "Choir",  "Parade",  "Satellites",
    "Gardens",  "Kids",   "Republic", "Motel",   "Rivers", "Ghosts",
};

int city_first_day(const struct city *city)
{
    return city->last_day - CITY_HISTORY_DAYS + 1;
}

int city_weekday(int day)
{
    int weekday = (day + 3) % 7;
    return weekday < 0 ? weekday + 7 : weekday;
}

/* A scene's mood wanders, and now and then an event lifts or sinks it for weeks. */
static void make_moods(struct city *city)
{
    for (int scene = 0; scene < CITY_SCENES; scene++) {
        struct dice dice;
        dice_open(&dice, city->seed, 1000 + (uint64_t)scene);
        double mood = 0, event = 0;
        for (int day = 0; day < CITY_HISTORY_DAYS + CITY_AHEAD_DAYS; day++) {
            if (dice_chance(&dice, 1.0 / 200))
                event += dice_normal(&dice, 0, 0.25);
            event *= 0.98;
            mood = 0.995 * mood + dice_normal(&dice, 0, 0.012);
            city->scene_mood[scene][day] = exp(mood + event);
        }
    }
}

static void choose_fate(struct city_artist *artist, int index, struct dice *dice)
{
    /* Every twelfth breaks out, every seventh is a fluke; a few of each are under way at the end.
     */
    int recent = CITY_HISTORY_DAYS - 75, early = CITY_HISTORY_DAYS - CITY_SERIES_DAYS + 40;
    artist->fate = index % 12 == 5  ? FATE_BREAKOUT
                   : index % 7 == 3 ? FATE_FLUKE
                   : index % 9 == 1 ? FATE_FADING
                                    : FATE_STEADY;
    if (index % 36 == 5)
        artist->turn_day = dice_int(dice, recent, recent + 50);
    else if (index % 21 == 3)
        artist->turn_day = dice_int(dice, recent + 10, recent + 60);
    else
        artist->turn_day = dice_int(dice, early, recent);
}

/*
 * True fans: people convert people inside a susceptible pool; a breakout raises the contact rate
 * for some months until the pool is used up; drift, scene mood and chance do the rest.
 */
static void grow_fans(struct city *city, struct city_artist *artist, struct dice *dice)
{
    double fans = dice_lognormal(dice, 22000, artist->fate == FATE_BREAKOUT ? 0.8 : 1.5);
    if (fans > 1500000)
        fans = 1500000;
    double pool = fans * dice_between(dice, 8, 30), contact = 0;
    for (int day = 0; day < CITY_HISTORY_DAYS + CITY_AHEAD_DAYS; day++) {
        int since = day - artist->turn_day;
        if (artist->fate == FATE_BREAKOUT && since >= 0)
            contact = 0.075 * exp(-pow((since - 45) / 60.0, 2));
        double churn = artist->fate == FATE_FADING && since >= 0 ? 0.0022 : 0.0006;
        double steady = 0.0009 * city->scene_mood[artist->scene][day];
        double growth = (contact * (1 - fans / pool) + steady - churn) * fans;
        fans += growth + dice_normal(dice, 0, 0.0012 * fans);
        if (fans < 40)
            fans = 40;
        artist->fans[day] = fans;
    }
}

void city_make_artists(struct city *city)
{
    make_moods(city);
    for (int i = 0; i < CITY_ARTISTS; i++) {
        struct city_artist *artist = &city->artists[i];
        struct dice dice;
        dice_open(&dice, city->seed, (uint64_t)i);
        /* 7 is prime to 20, so the 200 names differ. */
        snprintf(artist->name, sizeof artist->name, "%s %s", first_words[i % 20],
                 second_words[(i * 7 + i / 20) % 20]);
        artist->scene = dice_int(&dice, 0, CITY_SCENES - 1);
        artist->local = dice_chance(&dice, 0.3);
        artist->devotion = dice_lognormal(&dice, 0.011, 0.45);
        artist->fans = calloc(CITY_HISTORY_DAYS + CITY_AHEAD_DAYS, sizeof *artist->fans);
        if (!artist->fans)
            abort();
        choose_fate(artist, i, &dice);
        grow_fans(city, artist, &dice);
    }
}

struct city *city_make(uint64_t seed, int last_day)
{
    struct city *city = calloc(1, sizeof *city);
    if (!city)
        abort();
    city->seed = seed;
    city->last_day = last_day;
    city_make_artists(city);
    city_make_series(city);
    city_make_shows(city);
    return city;
}

void city_free(struct city *city)
{
    if (!city)
        return;
    for (int i = 0; i < CITY_ARTISTS; i++) {
        free(city->artists[i].fans);
        for (int metric = 0; metric < CITY_METRICS; metric++)
            free(city->artists[i].series[metric]);
    }
    free(city->shows);
    free(city);
}
