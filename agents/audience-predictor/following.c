#include "audience-predictor/following.h"

#include <math.h>

#include "numerics/stats.h"

#define ROUNDS       40
#define SPREAD_LEAST 0.15

struct moments {
    double weight, x, y, xx, xy, yy;
};

/* Mean and second moment of a normal variable given that it is at least bound. */
static void above(double mean, double spread, double bound, double *first, double *second)
{
    double z = stats_clamp((bound - mean) / spread, -8.0, 8.0);
    double density = exp(-0.5 * z * z) / sqrt(2.0 * M_PI);
    double hazard = density / (0.5 * erfc(z / M_SQRT2));
    *first = mean + spread * hazard;
    *second = mean * mean + spread * spread + spread * (bound + mean) * hazard;
    if (!(*second > *first * *first)) /* rounding far out in the tail */
        *second = *first * *first;
}

/* Expected moments under the fit so far; x is taken relative to centre. */
static struct moments expect(const struct following_point *points, size_t count, double centre,
                             const struct following_fit *fit)
{
    struct moments m = {0};
    for (size_t i = 0; i < count; i++) {
        double x = points[i].log_following - centre, w = points[i].weight;
        double y = points[i].log_tickets, yy = y * y;
        if (points[i].at_least && isfinite(fit->spread))
            above(fit->intercept + fit->slope * x, fit->spread, points[i].log_tickets, &y, &yy);
        m.weight += w;
        m.x += w * x;
        m.y += w * y;
        m.xx += w * x * x;
        m.xy += w * x * y;
        m.yy += w * yy;
    }
    return m;
}

/* Least squares with a normal prior on the slope. */
static void solve(const struct moments *m, struct following_fit *fit)
{
    double mean_x = m->x / m->weight, mean_y = m->y / m->weight;
    double sxx = m->xx - m->weight * mean_x * mean_x;
    double sxy = m->xy - m->weight * mean_x * mean_y;
    double variance = isfinite(fit->spread) ? fit->spread * fit->spread : 1.0;
    double prior = variance / (FOLLOWING_PRIOR_SD * FOLLOWING_PRIOR_SD);
    fit->slope = stats_clamp((sxy + prior * FOLLOWING_PRIOR_SLOPE) / (sxx + prior), 0.0, 1.5);
    fit->slope_sd = sqrt(variance / (sxx + prior));
    fit->intercept = mean_y - fit->slope * mean_x;
    double squares = m->yy - 2.0 * fit->intercept * m->y - 2.0 * fit->slope * m->xy +
                     fit->intercept * fit->intercept * m->weight +
                     2.0 * fit->intercept * fit->slope * m->x + fit->slope * fit->slope * m->xx;
    fit->spread = fmax(SPREAD_LEAST, sqrt(fmax(0.0, squares / m->weight)));
}

bool following_learn(const struct following_point *points, size_t count, struct following_fit *fit)
{
    double sum = 0.0, low = INFINITY, high = -INFINITY;
    if (count < FOLLOWING_SHOWS_MIN)
        return false;
    for (size_t i = 0; i < count; i++) {
        sum += points[i].log_following;
        low = fmin(low, points[i].log_following);
        high = fmax(high, points[i].log_following);
    }
    if (!(high > low))
        return false;
    double centre = sum / (double)count;
    *fit = (struct following_fit){.slope = FOLLOWING_PRIOR_SLOPE, .spread = NAN};
    for (int round = 0; round < ROUNDS; round++) {
        struct moments m = expect(points, count, centre, fit);
        solve(&m, fit);
    }
    fit->intercept -= fit->slope * centre;
    return isfinite(fit->slope) && isfinite(fit->intercept) && isfinite(fit->spread);
}
