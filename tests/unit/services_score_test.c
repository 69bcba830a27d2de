/* Scores against hand-computed values, and the noise floor against domain figures. */
#include "host/distribution.h"
#include "services/score.h"
#include "unit/check.h"

struct shape {
    double levels[5], values[5];
    size_t count;
    double capacity, mass; /* capacity 0: none */
};

static Promoteros__V1__Distribution distribution(struct shape *shape)
{
    Promoteros__V1__Distribution d = PROMOTEROS__V1__DISTRIBUTION__INIT;
    d.levels = shape->levels;
    d.values = shape->values;
    d.n_levels = d.n_values = shape->count;
    if (shape->capacity > 0) {
        d._capacity_case = PROMOTEROS__V1__DISTRIBUTION___CAPACITY_CAPACITY;
        d.capacity = shape->capacity;
        d._mass_at_capacity_case = PROMOTEROS__V1__DISTRIBUTION___MASS_AT_CAPACITY_MASS_AT_CAPACITY;
        d.mass_at_capacity = shape->mass;
    }
    return d;
}

/*
 * Worked by hand. Steps: levels .25 .5 .75 at 100 200 300: F = 0 below 100, .25 to .5 over
 * [100, 200], .5 to .75 over [200, 300], 1 from 300 on. The integral of a squared line from p to q
 * over a length L is L (p^2 + pq + q^2) / 3.
 *   y = 200: 100 (.0625 + .125 + .25)/3 + 100 ((.5)^2 + .5 * .25 + .25^2)/3 = 14.5833 + 14.5833
 *   y = 50:  50 (F is 0) + 100 (.75^2 + .75 * .5 + .5^2)/3 + 14.5833 = 50 + 39.5833 + 14.5833
 *   y = 400: 14.5833 + 100 (.25 + .375 + .5625)/3 + 100 = 14.5833 + 39.5833 + 100
 *   y = 150: 50 (.0625 + .09375 + .140625)/3 + 50 (.390625 + .3125 + .25)/3 + 14.5833
 * With capacity 300 and mass .5: the quantile .75 says what the mass says; F rises from .5 at 200
 * to .5 at 300 and jumps.
 *   y = 300: 14.5833 + 100 * .25 = 39.5833
 *   y = 200: 14.5833 + 100 * .25
 */
static void test_crps(void)
{
    struct shape open = {{.25, .5, .75}, {100, 200, 300}, 3, 0, 0};
    struct shape capped = {{.25, .5, .75}, {100, 200, 300}, 3, 300, .5};
    struct shape point = {{.5}, {100}, 1, 0, 0};
    struct shape full = {{.5}, {500}, 1, 500, 1};
    struct {
        struct shape *shape;
        struct outcome outcome;
        double want;
    } cases[] = {
        {&open, {200, false}, 29.166666667},
        {&open, {50, false}, 104.166666667},
        {&open, {400, false}, 154.166666667},
        {&open, {150, false}, 35.416666667},
        {&capped, {300, false}, 39.583333333},
        {&capped, {200, false}, 39.583333333},
        {&point, {70, false}, 30},
        {&point, {130, false}, 30},
        {&point, {100, false}, 0},
        {&full, {500, false}, 0},
        {&full, {400, false}, 100},
        /* Only a lower bound: what lies above it does not count. */
        {&open, {200, true}, 14.583333333},
        {&open, {50, true}, 0},
        {&full, {500, true}, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Promoteros__V1__Distribution d = distribution(cases[i].shape);
        CHECK(!distribution_defect(&d));
        CHECK_NEAR(score_crps(&d, cases[i].outcome), cases[i].want, 1e-8);
    }
}

static void test_quantiles(void)
{
    struct shape open = {{.1, .5, .9}, {100, 200, 400}, 3, 0, 0};
    struct shape capped = {{.1, .5}, {100, 200}, 2, 300, .2};
    Promoteros__V1__Distribution a = distribution(&open), b = distribution(&capped);
    CHECK_NEAR(distribution_quantile(&a, .5), 200, 1e-12);
    CHECK_NEAR(distribution_quantile(&a, .3), 150, 1e-9);
    CHECK_NEAR(distribution_quantile(&a, .05), 100, 1e-12);
    CHECK_NEAR(distribution_quantile(&a, .99), 400, 1e-12);
    CHECK_NEAR(distribution_quantile(&b, .65), 250, 1e-9);
    CHECK_NEAR(distribution_quantile(&b, .9), 300, 1e-12);
    CHECK(distribution_has_interval_80(&a) && distribution_has_interval_80(&b));
    CHECK(score_within_80(&a, (struct outcome){100, false}));
    CHECK(!score_within_80(&a, (struct outcome){99, false}));
    CHECK(score_within_80(&a, (struct outcome){50, true}));
    CHECK(!score_within_80(&a, (struct outcome){401, true}));
    CHECK_NEAR(score_relative_error(&a, (struct outcome){160, false}), .25, 1e-12);
    CHECK_NEAR(score_relative_error(&a, (struct outcome){160, true}), 0, 1e-12);
    struct shape narrow = {{.25, .75}, {1, 2}, 2, 0, 0};
    Promoteros__V1__Distribution c = distribution(&narrow);
    CHECK(!distribution_has_interval_80(&c));
}

static void test_unsound(void)
{
    struct shape shapes[] = {{{.5, .5}, {1, 2}, 2, 0, 0},   {{.1, .9}, {2, 1}, 2, 0, 0},
                             {{0, .9}, {1, 2}, 2, 0, 0},    {{.1, 1}, {1, 2}, 2, 0, 0},
                             {{.1, .9}, {1, NAN}, 2, 0, 0}, {{.1, .9}, {1, 2}, 0, 0, 0},
                             {{.1, .9}, {1, 2}, 2, 1.5, 0}, {{.1, .9}, {1, 2}, 2, 5, 1.5}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        Promoteros__V1__Distribution d = distribution(&shapes[i]);
        CHECK(distribution_defect(&d) != NULL);
    }
}

/* The published row "error relative to the actual count, best point forecast". */
static void test_noise_floor(void)
{
    double means[] = {60, 100, 150, 200, 250, 300, 500, 1000, 6000};
    double shares[] = {.56, .71, .78, .85, .89, .92, .98, 1, 1};
    for (size_t i = 0; i < sizeof means / sizeof *means; i++)
        CHECK_NEAR(poisson_within_10_percent(means[i]), shares[i], .006);
    CHECK_NEAR(poisson_within_10_percent(0), 0, 0);
    CHECK_NEAR(score_brier(.7, 1), .09, 1e-12);
}

CHECK_MAIN(test_crps, test_quantiles, test_unsound, test_noise_floor)
