/*
 * The demo city: rooms, artists with daily series, and three years of shows. All of it is
 * simulated.
 *
 * Why: a newcomer has no data, and real data may not ship. The city is an agent-based simulation,
 * not a fitted model, and deliberately breaks what the project's own models assume: fans spread by
 * contagion within scenes that rise and fall, some artists break out, more are flukes whose views
 * never become fans; platforms round, lose days, purge bots and reset counters; rooms sell late or
 * early; weather and rivals move nights.
 *
 * Truth is kept: which artist broke out when is known, so a demo can say whether the pipeline was
 * right.
 *
 * Memory: city_make() allocates all, city_free() frees all. Threads: one. Errors: none; the same
 * (seed, last day) gives the same city.
 */
#ifndef PROMOTEROS_CLI_DEMO_CITY_H
#define PROMOTEROS_CLI_DEMO_CITY_H

#include <stdbool.h>
#include <stdint.h>

enum {
    CITY_ARTISTS = 200,
    CITY_ROOMS = 10,
    CITY_SCENES = 8,
    CITY_SERIES_DAYS = 420,   /* of daily series */
    CITY_SHOW_DAYS = 3 * 365, /* of shows */
    CITY_HISTORY_DAYS = CITY_SHOW_DAYS + 60,
    CITY_AHEAD_DAYS = 120, /* shows that are on sale already */
    CITY_METRICS = 6,
    CITY_MAX_COUNTS = 14
};

enum city_fate { FATE_STEADY, FATE_BREAKOUT, FATE_FLUKE, FATE_FADING };

/* What the platforms report, in this order in city_artist.series. */
extern const struct city_metric {
    const char *source;
    const char *metric;
} city_metrics[CITY_METRICS];

struct city_room {
    const char *venue;
    const char *room; /* id */
    const char *name;
    int capacity;
    bool seated;
    bool own;
    double late_share;    /* of tickets sold in the last week: 0.15 early ... 0.7 late */
    double bar_per_head;  /* in USD */
    double fixed_cost;    /* in USD */
    double nights_a_week; /* that it books */
};
extern const struct city_room city_rooms[CITY_ROOMS];
extern const char *const city_scene_names[CITY_SCENES];

struct city_artist {
    char name[48];
    int scene;
    enum city_fate fate;
    int turn_day; /* day on which the breakout or fluke began */
    bool local;
    double devotion; /* share of local fans that would come to a night */
    double *fans;    /* true fans on each day of the history, CITY_HISTORY_DAYS + CITY_AHEAD_DAYS */
    /* Observed values; NAN on days without a report. CITY_SERIES_DAYS each. */
    double *series[CITY_METRICS];
};

struct city_show {
    int artist;
    int support; /* -1: none */
    int room;
    int day; /* days since 1970-01-01 */
    int announce_day;
    int price_cents, door_price_cents;
    int count_total;
    int count_days[CITY_MAX_COUNTS]; /* days on which tickets were counted */
    int counts[CITY_MAX_COUNTS];
    bool cancelled;
    bool played;
    int paid, heads, comps;
    int64_t gross_cents, payout_cents;
    enum { CITY_FLAT, CITY_DOOR, CITY_VERSUS, CITY_PLUS } deal;
    int64_t guarantee_cents;
    int share_percent;
};

struct city {
    uint64_t seed;
    int last_day; /* yesterday: the last day with reports */
    struct city_artist artists[CITY_ARTISTS];
    double scene_mood[CITY_SCENES][CITY_HISTORY_DAYS + CITY_AHEAD_DAYS];
    struct city_show *shows;
    int show_count;
};

struct city *city_make(uint64_t seed, int last_day);
void city_free(struct city *city);

/* The first day of fans[] and scene_mood[]. */
int city_first_day(const struct city *city);
/* Monday is 0. */
int city_weekday(int day);

/* Parts of city_make(), in order. */
void city_make_artists(struct city *city);
void city_make_series(struct city *city);
void city_make_shows(struct city *city);

#endif
