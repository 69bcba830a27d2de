#include "audience-predictor/comparables.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "numerics/calendar.h"
#include "numerics/stats.h"

const struct comparables_settings comparables_defaults = {.half_life_days = 1460.0,
                                                          .artist_half_life_days = 500.0,
                                                          .other_weekday = 0.5,
                                                          .price_width = 0.2,
                                                          .size_exponent = 0.3,
                                                          .size_spread = 0.3,
                                                          .elsewhere_spread = 0.3,
                                                          .repeat_spread = 0.2,
                                                          .repeat_spread_most = 0.35,
                                                          .repeat_pseudo_count = 10.0,
                                                          .similar_size = 0.35};

bool comparables_possible(const struct past_show *show)
{
    return show->capacity >= 1 && show->capacity <= COMPARABLES_CAPACITY_MAX && show->paid >= 0 &&
           show->paid <= 2 * COMPARABLES_CAPACITY_MAX && show->performances >= 1;
}

static double share_of(const struct past_show *show)
{
    double share = (double)show->paid / (double)show->capacity;
    return stats_clamp(share, DEMAND_SHARE_LOWEST, 1.0);
}

/* Friday and Saturday against the rest. */
static bool weekend(int32_t day)
{
    int weekday = calendar_weekday(day);
    return weekday == 4 || weekday == 5;
}

static double recency(int32_t now, int32_t day, double half_life_days)
{
    return exp2(-fmax(0.0, (double)now - (double)day) / half_life_days);
}

static bool in_market(const struct coming_show *coming, const struct past_show *show)
{
    return coming->city == COMPARABLES_UNKNOWN || show->city == coming->city;
}

/*
 * How much one artist's nights in one room differ here: the root mean square of half the squared
 * steps between consecutive engagements, in log share, held near the default until there are steps
 * enough. Two sell-outs in a row say nothing. Reads the sorted copy that find_engagements leaves.
 */
static double learn_repeat_spread(const struct comparables_settings *settings,
                                  const struct past_show *shows, size_t count,
                                  const struct comparables_scratch *sorted)
{
    double pseudo = settings->repeat_pseudo_count;
    double sum = pseudo * settings->repeat_spread * settings->repeat_spread, steps = pseudo;
    for (size_t i = 1; i < count; i++) {
        const struct comparables_scratch *now = &sorted[i], *before = &sorted[i - 1];
        if (now->artist != before->artist || now->room != before->room ||
            now->artist == COMPARABLES_UNKNOWN || now->room == COMPARABLES_UNKNOWN ||
            now->day - before->day <= COMPARABLES_ENGAGEMENT_GAP ||
            !comparables_possible(&shows[now->show]) || !comparables_possible(&shows[before->show]))
            continue;
        double a = share_of(&shows[now->show]), b = share_of(&shows[before->show]);
        if (a >= DEMAND_SOLD_OUT && b >= DEMAND_SOLD_OUT)
            continue;
        double step = stats_clamp(log(a / b), -2.0, 2.0);
        sum += 0.5 * step * step;
        steps += 1.0;
    }
    return stats_clamp(sqrt(sum / steps), settings->repeat_spread, settings->repeat_spread_most);
}

struct builder {
    const struct comparables_settings *settings;
    const struct coming_show *coming;
    const struct past_show *shows;
    size_t count;
    struct comparables_scratch *scratch;
    struct comparables *result;
};

static void add(struct builder *b, enum level level, size_t i, double weight, double log_ratio,
                double extra_spread)
{
    struct level_evidence *evidence = &b->result->levels[level];
    bool full = share_of(&b->shows[i]) >= DEMAND_SOLD_OUT;
    if (!(weight > 1e-6))
        return;
    evidence->shows[evidence->count] = i;
    evidence->sold_out += full;
    evidence->observations[evidence->count++] =
        (struct demand_observation){log_ratio, full, weight, extra_spread};
}

static int by_engagement(const void *left, const void *right)
{
    const struct comparables_scratch *a = left, *b = right;
    if (a->artist != b->artist)
        return a->artist < b->artist ? -1 : 1;
    if (a->room != b->room)
        return a->room < b->room ? -1 : 1;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    return (a->show > b->show) - (a->show < b->show);
}

/* Fills engagement_size and engagement_first of every show. */
static void find_engagements(const struct past_show *shows, size_t count,
                             struct comparables_scratch *scratch)
{
    for (size_t i = 0; i < count; i++)
        scratch[i] = (struct comparables_scratch){
            .artist = shows[i].artist, .room = shows[i].room, .day = shows[i].day, .show = i};
    qsort(scratch, count, sizeof *scratch, by_engagement);
    for (size_t begin = 0, end; begin < count; begin = end) {
        const struct comparables_scratch *key = &scratch[begin];
        bool named = key->artist != COMPARABLES_UNKNOWN && key->room != COMPARABLES_UNKNOWN;
        for (end = begin + 1; named && end < count; end++) {
            const struct comparables_scratch *next = &scratch[end];
            if (next->artist != key->artist || next->room != key->room ||
                next->day - scratch[end - 1].day > COMPARABLES_ENGAGEMENT_GAP)
                break;
        }
        for (size_t i = begin; i < end; i++) {
            struct comparables_scratch *show = &scratch[scratch[i].show];
            show->engagement_size = end - begin;
            show->engagement_first = i == begin;
        }
    }
}

static void add_artist(struct builder *b, size_t i, double log_share, double per_engagement)
{
    const struct coming_show *coming = b->coming;
    const struct past_show *show = &b->shows[i];
    double weight = recency(coming->day, show->day, b->settings->artist_half_life_days);
    if (show->room == coming->room && show->room != COMPARABLES_UNKNOWN) {
        add(b, LEVEL_HERE, i, weight * per_engagement, log_share, 0.0);
        return;
    }
    /* Tickets a performance elsewhere, carried over by a power of the room's size. */
    double size = log((double)coming->capacity / coming->performances) -
                  log((double)show->capacity / show->performances);
    double exponent = show->city == coming->city && show->city != COMPARABLES_UNKNOWN
                          ? 0.0
                          : b->settings->size_exponent;
    double spread = b->settings->elsewhere_spread + b->settings->size_spread * fabs(size);
    add(b, LEVEL_ELSEWHERE, i, weight * per_engagement, log_share + (exponent - 1.0) * size,
        spread);
}

static void add_groups(struct builder *b, size_t i, double log_share)
{
    const struct coming_show *coming = b->coming;
    const struct past_show *show = &b->shows[i];
    double weight = recency(coming->day, show->day, b->settings->half_life_days);
    const struct comparables_scratch *own = &b->scratch[i];
    double shared = weight / (double)own->engagement_size;
    bool same_room = show->room == coming->room && show->room != COMPARABLES_UNKNOWN;
    if (same_room) {
        add(b, LEVEL_ROOM, i, shared, log_share, 0.0);
        if (coming->price_minor > 0 && show->price_minor > 0 &&
            fabs(log((double)coming->price_minor / (double)show->price_minor)) <=
                b->settings->price_width)
            add(b, LEVEL_PRICE, i, shared, log_share, 0.0);
    }
    if (show->genre == coming->genre && show->genre != COMPARABLES_UNKNOWN) {
        double day_weight =
            weekend(show->day) == weekend(coming->day) ? 1.0 : b->settings->other_weekday;
        add(b, LEVEL_GENRE, i, shared * day_weight, log_share, 0.0);
    }
    if (coming->performances > 1 && show->performances > 1 && own->engagement_first &&
        own->engagement_size > 1)
        add(b, LEVEL_OPENING, i, weight, log_share, 0.0);
}

static bool in_window(const struct coming_show *coming, const struct past_show *show, int32_t days)
{
    return comparables_possible(show) && in_market(coming, show) &&
           show->day <= coming->known_until && show->day > coming->known_until - days;
}

/* The shortest window with enough shows, else the longest. */
static int32_t market_window(const struct builder *b)
{
    static const int32_t windows[] = {COMPARABLES_MARKET_DAYS, 91, 364};
    for (size_t w = 0; w < 2; w++) {
        size_t shows = 0;
        for (size_t i = 0; i < b->count; i++)
            shows += in_window(b->coming, &b->shows[i], windows[w]);
        if (shows >= COMPARABLES_MARKET_SHOWS)
            return windows[w];
    }
    return windows[2];
}

static void add_market(struct builder *b)
{
    double sum = 0.0;
    b->result->market_days = market_window(b);
    for (size_t i = 0; i < b->count; i++) {
        const struct past_show *show = &b->shows[i];
        if (!in_window(b->coming, show, b->result->market_days))
            continue;
        add(b, LEVEL_MARKET, i, 1.0, log(share_of(show)), 0.0);
        sum += share_of(show);
        b->result->market_shows++;
    }
    if (b->result->market_shows)
        b->result->market_share = sum / (double)b->result->market_shows;
}

static bool has_following(const struct builder *b, const struct past_show *show)
{
    if (!comparables_possible(show))
        return false;
    double size = log((double)show->capacity / show->performances) -
                  log((double)b->coming->capacity / b->coming->performances);
    return fabs(size) <= b->settings->similar_size && show->following >= 1.0 &&
           isfinite(show->following) && show->artist != b->coming->artist &&
           in_market(b->coming, show);
}

static struct following_point following_of(const struct builder *b, size_t i)
{
    const struct past_show *show = &b->shows[i];
    double tickets = share_of(show) * (double)show->capacity / show->performances;
    return (struct following_point){
        .log_following = log(show->following),
        .log_tickets = log(fmax(tickets, 0.5)),
        .at_least = share_of(show) >= DEMAND_SOLD_OUT,
        .weight = recency(b->coming->day, show->day, b->settings->half_life_days) /
                  (double)b->scratch[i].engagement_size};
}

/* Shows of other artists whose following was known, carried over to this artist's: tickets, not
 * shares. */
static void add_following(struct builder *b, struct following_point *points)
{
    const struct coming_show *coming = b->coming;
    struct following_fit *fit = &b->result->following;
    size_t count = 0;
    bool known = coming->following >= 1.0 && isfinite(coming->following);
    for (size_t i = 0; known && i < b->count; i++)
        if (has_following(b, &b->shows[i]))
            points[count++] = following_of(b, i);
    if (!following_learn(points, count, fit))
        return;
    double room = log((double)coming->capacity / coming->performances);
    for (size_t i = 0; i < b->count; i++) {
        if (!has_following(b, &b->shows[i]))
            continue;
        struct following_point point = following_of(b, i);
        double further = log(coming->following) - point.log_following;
        add(b, LEVEL_FOLLOWING, i, point.weight, point.log_tickets + fit->slope * further - room,
            fit->slope_sd * fabs(further));
    }
}

void comparables_build(const struct comparables_settings *settings,
                       const struct coming_show *coming, const struct past_show *shows,
                       size_t count, struct comparables_scratch *scratch,
                       struct following_point *points, struct comparables *result)
{
    assert(coming->capacity >= 1 && coming->performances >= 1);
    result->market_share = NAN;
    result->market_shows = result->left_out = 0;
    result->market_days = COMPARABLES_MARKET_DAYS;
    result->repeat_spread = settings->repeat_spread;
    for (int level = 0; level < LEVELS; level++)
        result->levels[level].count = result->levels[level].sold_out = 0;
    size_t known = 0;
    while (known < count && shows[known].day <= coming->known_until)
        known++;
    if (!known)
        return;
    find_engagements(shows, known, scratch);
    result->repeat_spread = learn_repeat_spread(settings, shows, known, scratch);
    struct builder b = {.settings = settings,
                        .coming = coming,
                        .shows = shows,
                        .count = known,
                        .scratch = scratch,
                        .result = result};
    add_market(&b);
    add_following(&b, points);
    for (size_t i = 0; i < known; i++) {
        if (!comparables_possible(&shows[i])) {
            result->left_out++;
            continue;
        }
        double log_share = log(share_of(&shows[i]));
        if (shows[i].artist == coming->artist && shows[i].artist != COMPARABLES_UNKNOWN)
            add_artist(&b, i, log_share, 1.0 / (double)scratch[i].engagement_size);
        add_groups(&b, i, log_share);
    }
}
