#include "deal-optimizer/demand.h"

#include <math.h>

static bool quantiles_valid(const struct demand *demand, struct deal_error *error)
{
    if (demand->count < 2 || demand->count > DEMAND_MAX_QUANTILES)
        return deal_fail(error, "BAD_DISTRIBUTION",
                         "The demand has %zu quantiles; give between 2 and %d, for example the "
                         "10 %%, 50 %% and 90 %% points.",
                         demand->count, DEMAND_MAX_QUANTILES);
    for (size_t i = 0; i < demand->count; i++) {
        double level = demand->levels[i], value = demand->values[i];
        if (!(level > 0 && level < 1) || (i && level <= demand->levels[i - 1]))
            return deal_fail(error, "BAD_DISTRIBUTION",
                             "Level %zu of the demand is %g; levels lie between 0 and 1 and rise.",
                             i, level);
        if (!(value >= 0 && value <= 1e9) || (i && value < demand->values[i - 1]))
            return deal_fail(error, "BAD_DISTRIBUTION",
                             "Quantile %zu of the demand is %g tickets; quantiles are finite, not "
                             "negative and do not fall.",
                             i, value);
    }
    if (!isfinite(demand->mean) || demand->mean < 0)
        return deal_fail(error, "BAD_DISTRIBUTION", "The mean of the demand is %g tickets.",
                         demand->mean);
    if (demand->has_capacity && !(demand->capacity >= 1 && demand->capacity <= 1e9))
        return deal_fail(error, "BAD_DISTRIBUTION",
                         "The capacity of the demand is %g; it must be at least 1.",
                         demand->capacity);
    if (demand->has_mass && (!demand->has_capacity ||
                             !(demand->mass_at_capacity >= 0 && demand->mass_at_capacity <= 1)))
        return deal_fail(error, "BAD_DISTRIBUTION",
                         "The mass at capacity is %g; it is a probability in [0, 1] and needs a "
                         "capacity.",
                         demand->mass_at_capacity);
    return true;
}

/* Length of the outer tail whose density falls to zero from that of a stretch of quantiles. */
static double tail_length(double mass, double stretch_values, double stretch_levels)
{
    return stretch_levels > 0 ? 2 * mass * stretch_values / stretch_levels : 0;
}

/* P(demand <= x) of the continuous interpolation. last: quantiles below the capacity. */
static double cumulative(const struct demand *demand, size_t last, double x)
{
    const double *levels = demand->levels, *values = demand->values;
    if (last == 0)
        return 0;
    if (x < values[0]) {
        double length = last > 1
                            ? tail_length(levels[0], values[1] - values[0], levels[1] - levels[0])
                            : values[0];
        double from_end = length > 0 ? (x - (values[0] - length)) / length : 0;
        return from_end <= 0 ? 0 : levels[0] * from_end * from_end;
    }
    for (size_t i = last; i-- > 0;) {
        if (x < values[i])
            continue;
        if (i + 1 < last)
            return levels[i] +
                   (levels[i + 1] - levels[i]) * (x - values[i]) / (values[i + 1] - values[i]);
        if (demand->has_mass) {
            double top = fmax(1 - demand->mass_at_capacity, levels[i]);
            double share = (x - values[i]) / (demand->capacity - values[i]);
            return levels[i] + (top - levels[i]) * fmin(share, 1);
        }
        double length =
            i > 0 ? tail_length(1 - levels[i], values[i] - values[i - 1], levels[i] - levels[i - 1])
                  : 0;
        double to_end = length > 0 ? (values[i] + length - x) / length : 0;
        return to_end <= 0 ? 1 : 1 - (1 - levels[i]) * to_end * to_end;
    }
    return 0;
}

bool demand_tickets(const struct demand *demand, int64_t room, double *pmf, double *mean,
                    struct deal_error *error)
{
    if (!quantiles_valid(demand, error))
        return false;
    size_t last = demand->count;
    if (demand->has_mass)
        while (last > 0 && demand->values[last - 1] >= demand->capacity)
            last--;
    int64_t top = room;
    if (demand->has_capacity && floor(demand->capacity) < (double)room)
        top = (int64_t)floor(demand->capacity);
    /* The stated mass sits at the demand's own capacity; all that the room cannot hold sits at the
     * room's. */
    bool own_capacity = demand->has_mass && demand->capacity <= (double)room;
    double below = 0, ceiling = own_capacity ? 1 - demand->mass_at_capacity : 1;
    *mean = 0;
    for (int64_t n = 0; n <= room; n++) {
        double upto = n >= top ? 1
                      : own_capacity && n == top - 1
                          ? ceiling
                          : fmin(cumulative(demand, last, (double)n + 0.5), ceiling);
        pmf[n] = fmax(upto - below, 0);
        below = fmax(below, upto);
        *mean += pmf[n] * (double)n;
    }
    return true;
}
