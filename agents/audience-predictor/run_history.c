#include "audience-predictor/run_history.h"

#include <math.h>

/* End of the week that holds day, counted back from the target in steps of seven days. */
static int32_t week_end(int32_t target_day, int32_t day)
{
    return target_day - (target_day - day) / 7 * 7;
}

static bool own(const struct coming_show *coming, const struct past_show *show)
{
    return coming->artist != COMPARABLES_UNKNOWN && coming->room != COMPARABLES_UNKNOWN &&
           show->artist == coming->artist && show->room == coming->room &&
           comparables_possible(show);
}

struct total {
    double paid, capacity, performances, price_weight, price_sum;
};

static void add_to(struct total *total, const struct past_show *show)
{
    total->paid += (double)show->paid;
    total->capacity += (double)show->capacity;
    total->performances += show->performances;
    if (show->price_minor > 0) {
        total->price_weight += (double)show->paid;
        total->price_sum += (double)show->paid * (double)show->price_minor;
    }
}

static struct running_week week_of(int32_t day, const struct total *total)
{
    double price = total->price_weight > 0.0 ? total->price_sum / total->price_weight : NAN;
    return (struct running_week){.day = day,
                                 .share = fmin(total->paid / total->capacity, RUNNING_SHARE_MAX),
                                 .price = price,
                                 .performances = total->performances};
}

size_t run_history_weeks(const struct coming_show *coming, const struct past_show *shows,
                         size_t count, struct running_week *weeks)
{
    struct total total = {0};
    size_t used = 0, in_week = 0;
    int32_t last_day = 0, week = 0, first_week = 0;
    for (size_t i = 0; i < count && shows[i].day <= coming->known_until; i++) {
        if (!own(coming, &shows[i]))
            continue;
        int32_t this_week = week_end(coming->day, shows[i].day);
        bool broken = in_week && shows[i].day - last_day > COMPARABLES_ENGAGEMENT_GAP;
        if (in_week && (broken || this_week != week)) {
            weeks[used++] = week_of(week, &total);
            total = (struct total){0};
        }
        if (broken || !in_week) {
            used = 0; /* an earlier engagement says less than the one that runs */
            first_week = this_week;
        }
        in_week++;
        add_to(&total, &shows[i]);
        last_day = shows[i].day;
        week = this_week;
    }
    if (!in_week)
        return 0;
    weeks[used++] = week_of(week, &total);
    size_t span = (size_t)(week - first_week) / 7 + 1;
    bool reachable = coming->day - week <= 7 * RUNNING_HORIZON_MAX && coming->day > week;
    return used >= RUNNING_WEEKS_MIN && 2 * used >= span && reachable ? used : 0;
}

size_t run_history_market(const struct coming_show *coming, const struct past_show *shows,
                          size_t count, struct market_week *market)
{
    size_t used = 0;
    for (size_t i = 0; i < count && shows[i].day <= coming->known_until; i++) {
        if (!comparables_possible(&shows[i]) ||
            (coming->city != COMPARABLES_UNKNOWN && shows[i].city != coming->city))
            continue;
        int32_t week = week_end(coming->day, shows[i].day);
        if (!used || market[used - 1].day != week)
            market[used++] = (struct market_week){week, 0.0, 0.0};
        market[used - 1].share +=
            fmin((double)shows[i].paid / (double)shows[i].capacity, RUNNING_SHARE_MAX);
        market[used - 1].shows += 1.0;
    }
    for (size_t i = 0; i < used; i++)
        market[i].share /= market[i].shows;
    return used;
}

void run_history_demand(const struct running_forecast *forecast, struct demand *demand)
{
    double below = 0.0;
    for (size_t i = 0; i < DEMAND_POINTS; i++) {
        double edge = exp(DEMAND_LOW + DEMAND_STEP * ((double)i + 0.5));
        double next = i < DEMAND_FULL ? running_cdf(forecast, edge) : 1.0;
        demand->mass[i] = next - below;
        below = next;
    }
}
