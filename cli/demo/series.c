/* What platforms report about an artist, with everything that goes wrong on the way. */
#include "demo/city.h"

#include "demo/random.h"

#include <math.h>
#include <stdlib.h>

const struct city_metric city_metrics[CITY_METRICS] = {
    {"tiktok", "followers"},  {"tiktok", "posts"},        {"spotify", "streams"},
    {"spotify", "followers"}, {"instagram", "followers"}, {"youtube", "views"},
};
enum {
    TIKTOK_FOLLOWERS,
    TIKTOK_POSTS,
    SPOTIFY_STREAMS,
    SPOTIFY_FOLLOWERS,
    INSTAGRAM_FOLLOWERS,
    YOUTUBE_VIEWS
};

static const double week_shape[7] = {0.95, 0.94, 0.95, 0.98, 1.10, 1.07, 1.01};

/* Attention of the day beside the fans': a fluke's burst comes fast and leaves little. */
static double buzz(const struct city_artist *artist, int day)
{
    int since = day - artist->turn_day;
    if (since < -6)
        return 1;
    if (artist->fate == FATE_FLUKE)
        return 1 + 14 * exp(-since / 9.0) * (since >= 0) + 2 * exp(since / 2.0) * (since < 0);
    if (artist->fate == FATE_BREAKOUT) /* posts run about nine days ahead of fans */
        return 1 + 4.5 * exp(-pow((since - 32) / 34.0, 2));
    return 1;
}

/* Platforms show large counts as 97.9K. */
static double round_as_shown(double value)
{
    double unit = value >= 1e6 ? 1e5 : value >= 1e4 ? 100 : 1;
    return floor(value / unit + 0.5) * unit;
}

/* The reports that never came: single days, and one outage of some days. */
static void lose_days(double *values, struct dice *dice)
{
    int outage = dice_int(dice, 0, CITY_SERIES_DAYS * 2), length = dice_int(dice, 2, 9);
    for (int day = 0; day < CITY_SERIES_DAYS; day++)
        if (dice_chance(dice, 0.015) || (day >= outage && day < outage + length))
            values[day] = NAN;
}

/* Bought followers arrive in one night and are purged weeks later. */
static void add_bots(double *values, struct dice *dice)
{
    if (!dice_chance(dice, 0.12))
        return;
    int arrive = dice_int(dice, 30, CITY_SERIES_DAYS - 40), leave = arrive + dice_int(dice, 20, 90);
    double bots = values[arrive] * dice_between(dice, 0.2, 0.9);
    for (int day = arrive; day < CITY_SERIES_DAYS && day < leave; day++)
        values[day] += bots;
}

/* A cumulative counter that starts again, for example after a channel was merged. */
static void reset_counter(double *values, struct dice *dice)
{
    if (!dice_chance(dice, 0.05))
        return;
    int at = dice_int(dice, 60, CITY_SERIES_DAYS - 20);
    double lost = values[at] * dice_between(dice, 0.4, 0.95);
    for (int day = at; day < CITY_SERIES_DAYS; day++)
        values[day] -= lost;
}

static void report_artist(struct city *city, struct city_artist *artist, struct dice *dice)
{
    const int offset = CITY_HISTORY_DAYS - CITY_SERIES_DAYS;
    double follow[CITY_METRICS] = {0}, views = 0;
    double rate[CITY_METRICS];
    for (int metric = 0; metric < CITY_METRICS; metric++)
        rate[metric] = dice_lognormal(dice, 1, 0.4);
    follow[TIKTOK_FOLLOWERS] = artist->fans[offset] * 0.8 * rate[TIKTOK_FOLLOWERS];
    follow[SPOTIFY_FOLLOWERS] = artist->fans[offset] * 0.5 * rate[SPOTIFY_FOLLOWERS];
    follow[INSTAGRAM_FOLLOWERS] = artist->fans[offset] * 0.6 * rate[INSTAGRAM_FOLLOWERS];
    views = artist->fans[offset] * 60 * rate[YOUTUBE_VIEWS];
    for (int day = 0; day < CITY_SERIES_DAYS; day++) {
        int at = offset + day, weekday = city_weekday(city_first_day(city) + at);
        double fans = artist->fans[at], attention = buzz(artist, at), drift = 1 + 0.0006 * day;
        double season = week_shape[weekday];
        /* Followers run behind fans by some days; platform drift lifts everybody. */
        double lag[] = {0.25, 0, 0, 0.10, 0.14, 0};
        double target[] = {fans * 0.8, 0, 0, fans * 0.5, fans * 0.6, 0};
        for (int metric = 0; metric < CITY_METRICS; metric++)
            if (target[metric] > 0) {
                double casual = metric == TIKTOK_FOLLOWERS ? 0.004 * (attention - 1) * fans : 0;
                follow[metric] +=
                    lag[metric] * (target[metric] * rate[metric] - follow[metric]) + casual;
                artist->series[metric][day] =
                    floor(follow[metric] * drift * (1 + dice_normal(dice, 0, 0.0006)));
            }
        views += fans * 0.35 * rate[YOUTUBE_VIEWS] * season * (0.7 + 0.3 * attention);
        artist->series[YOUTUBE_VIEWS][day] = floor(views);
        artist->series[TIKTOK_POSTS][day] = (double)dice_poisson(
            dice, fans * 0.0016 * rate[TIKTOK_POSTS] * attention * dice_lognormal(dice, 1, 0.25));
        artist->series[SPOTIFY_STREAMS][day] = (double)dice_poisson(
            dice, fans * 0.55 * rate[SPOTIFY_STREAMS] * season * (0.88 + 0.12 * attention) * drift *
                      dice_lognormal(dice, 1, 0.05));
    }
}

void city_make_series(struct city *city)
{
    for (int i = 0; i < CITY_ARTISTS; i++) {
        struct city_artist *artist = &city->artists[i];
        struct dice dice;
        dice_open(&dice, city->seed, 10000 + (uint64_t)i);
        for (int metric = 0; metric < CITY_METRICS; metric++) {
            artist->series[metric] = calloc(CITY_SERIES_DAYS, sizeof *artist->series[metric]);
            if (!artist->series[metric])
                abort();
        }
        report_artist(city, artist, &dice);
        add_bots(artist->series[INSTAGRAM_FOLLOWERS], &dice);
        reset_counter(artist->series[YOUTUBE_VIEWS], &dice);
        for (int day = 0; day < CITY_SERIES_DAYS; day++)
            artist->series[INSTAGRAM_FOLLOWERS][day] =
                round_as_shown(artist->series[INSTAGRAM_FOLLOWERS][day]);
        for (int metric = 0; metric < CITY_METRICS; metric++)
            lose_days(artist->series[metric], &dice);
    }
}
