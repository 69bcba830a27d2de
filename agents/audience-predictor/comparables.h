/*
 * Which past shows say something about a coming one, and how much.
 *
 * Every prediction starts from comparables: the same artist here, the same artist elsewhere
 * (scaled), productions that opened, the genre on that kind of weekday, the room, the market of the
 * last weeks. This file sorts past shows into those levels and turns each into an observation on
 * the target's scale (demand.h); shrinkage.h weighs them.
 *
 * A show stands in every level that it fits. Nights of one engagement (one artist in one room, no
 * gap over 45 days) count together as one observation, so that a run of 300 weeks does not outvote
 * 30 other shows.
 *
 * Units: tickets, day numbers, money in minor units; entities are numbers that the caller gives.
 * Memory: caller's; every level needs room for count observations. Threads: pure functions.
 * Errors: shows that are impossible (capacity or tickets out of range) are left out and counted.
 */
#ifndef PROMOTEROS_AUDIENCE_COMPARABLES_H
#define PROMOTEROS_AUDIENCE_COMPARABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audience-predictor/demand.h"
#include "audience-predictor/following.h"

/* Widest first: the order in which evidence is taken in. */
enum level {
    LEVEL_MARKET,
    LEVEL_ROOM,
    LEVEL_PRICE,
    LEVEL_GENRE,
    LEVEL_FOLLOWING,
    LEVEL_OPENING,
    LEVEL_ELSEWHERE,
    LEVEL_HERE,
    LEVELS
};

#define COMPARABLES_UNKNOWN        (-1)
#define COMPARABLES_CAPACITY_MAX   1000000
#define COMPARABLES_MARKET_DAYS    28 /* "lately"; longer when the market is quiet */
#define COMPARABLES_MARKET_SHOWS   10 /* fewer in the window: take a longer one */
#define COMPARABLES_ENGAGEMENT_GAP 45

struct past_show {
    int32_t day;
    int32_t artist, room, city, genre; /* room: unique over venues; COMPARABLES_UNKNOWN */
    int32_t performances;              /* counted together, at least 1 */
    int64_t capacity, paid;            /* for all performances together */
    int64_t price_minor;               /* average face price; 0 unknown */
    double following; /* of the artist, as long before the show as now; 0 unknown */
};

struct coming_show {
    int32_t day;
    int32_t artist, room, city, genre;
    int32_t performances;
    int64_t capacity; /* for all performances together */
    int64_t price_minor;
    double following;    /* of the artist now; 0 unknown */
    int32_t known_until; /* shows after this day are not evidence */
};

/* Fitted on past shows by tests/backtest/attendance_fit.c; see comparables_defaults. */
struct comparables_settings {
    double half_life_days; /* an observation this old counts half */
    double artist_half_life_days;
    double other_weekday; /* weight of a genre comparable on the other kind of weekday */
    double price_width;   /* largest |log price ratio| of "a similar price" */
    double
        size_exponent;  /* elsewhere: demand grows with capacity to this power (0: same tickets) */
    double size_spread; /* spread added for each unit of |log capacity ratio| */
    double repeat_spread; /* of one artist's nights in one room, before local steps are seen */
    double repeat_pseudo_count; /* steps that it counts for */
    double repeat_spread_most;  /* steps beyond are trend, not chance */
    double similar_size; /* largest |log capacity ratio| of rooms whose followings are compared */
    double elsewhere_spread; /* spread added for another room */
};
extern const struct comparables_settings comparables_defaults;

struct level_evidence {
    struct demand_observation *observations; /* room for count */
    size_t *shows; /* index of the show of each observation; room for count */
    size_t count;
    size_t sold_out;
};

struct comparables {
    struct level_evidence levels[LEVELS];
    double market_share; /* mean share of all shows in the market's recent window; NaN when there
                            are none */
    size_t market_shows;
    int32_t market_days;            /* length of the window that was taken */
    struct following_fit following; /* with observations at LEVEL_FOLLOWING */
    double repeat_spread;           /* learned: standard deviation of log share, night to night */
    size_t left_out;                /* impossible rows */
};

/* Whether the figures can be true: capacity, tickets and performances within their bounds. */
bool comparables_possible(const struct past_show *show);

/* Working memory for one show, uninitialised. */
struct comparables_scratch {
    int32_t artist, room, day; /* a sorted copy ... */
    size_t show;
    size_t engagement_size; /* ... and, in the order of the shows, what was found */
    bool engagement_first;
};

/* Sorts shows (ascending by day on entry) into levels; scratch and points have count elements. */
void comparables_build(const struct comparables_settings *settings,
                       const struct coming_show *coming, const struct past_show *shows,
                       size_t count, struct comparables_scratch *scratch,
                       struct following_point *points, struct comparables *result);

#endif
