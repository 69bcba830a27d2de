/* Logistic regression and Platt scaling: known answers, separation, hostile inputs. */
#include "numerics/logistic.h"
#include "numerics/stats.h"
#include "unit/check.h"

/* x = 0 has 1 of 4 positives, x = 1 has 3 of 4: intercept = logit 1/4, slope = logit 3/4 - logit
 * 1/4. */
static const double two_groups[] = {0, 0, 0, 0, 1, 1, 1, 1};
static const double outcomes[] = {1, 0, 0, 0, 1, 1, 1, 0};

static void known_answers(void)
{
    double coefficients[2];
    struct logistic_data data = {two_groups, outcomes, NULL, 8, 1};
    CHECK(logistic_fit(&data, 0.0, NULL, coefficients));
    CHECK_NEAR(coefficients[0], -log(3.0), 1e-6);
    CHECK_NEAR(coefficients[1], 2.0 * log(3.0), 1e-6);
    data.count = 0; /* the intercept alone is the log-odds of the base rate */
    CHECK(logistic_fit(&data, 0.0, NULL, coefficients));
    CHECK_NEAR(coefficients[0], 0.0, 1e-9);
    const double weights[] = {3, 1, 1, 1, 1, 1, 1, 1};
    data = (struct logistic_data){two_groups, outcomes, weights, 8, 1};
    CHECK(logistic_fit(&data, 0.0, NULL, coefficients));
    CHECK_NEAR(coefficients[0], 0.0, 1e-6); /* three of six */
    CHECK_NEAR(logistic_score(coefficients, &(double){1.0}, 1), log(3.0), 1e-6);
}

static void ridge_and_prior(void)
{
    const double x[] = {-2, -1, 1, 2}, y[] = {0, 0, 1, 1}, prior[] = {1.5};
    double coefficients[2], before;
    struct logistic_data data = {x, y, NULL, 4, 1};
    CHECK(logistic_fit(&data, 1.0, NULL,
                       coefficients)); /* separable: only the ridge keeps it finite */
    before = coefficients[1];
    CHECK(before > 0.5 && before < 3.0);
    CHECK(logistic_fit(&data, 100.0, NULL, coefficients));
    CHECK(coefficients[1] < before);
    CHECK(logistic_fit(&data, 1e6, prior, coefficients));
    CHECK_NEAR(coefficients[1], 1.5, 1e-3);
    const double constant[] = {5, 5, 5, 5};
    data.features = constant;
    CHECK(logistic_fit(&data, 1.0, NULL, coefficients));
    CHECK(isfinite(coefficients[0]) && isfinite(coefficients[1]));
}

static void refusals(void)
{
    double coefficients[LOGISTIC_FEATURES_MAX + 2];
    const double bad_x[] = {0, 1, NAN, 0, 1, 1, 1, 1}, bad_y[] = {0, 1, 2, 0, 1, 1, 1, 1};
    const double bad_weight[] = {0, 1, -1, 0, 1, 1, 1, 1}, infinite_prior[] = {INFINITY};
    const struct logistic_data cases[] = {
        {bad_x, outcomes, NULL, 8, 1},
        {two_groups, bad_y, NULL, 8, 1},
        {two_groups, outcomes, bad_weight, 8, 1},
        {two_groups, outcomes, NULL, 0, 1},
        {two_groups, outcomes, NULL, 0, LOGISTIC_FEATURES_MAX + 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK(!logistic_fit(cases + i, 1.0, NULL, coefficients));
    struct logistic_data good = {two_groups, outcomes, NULL, 8, 1};
    CHECK(!logistic_fit(&good, -1.0, NULL, coefficients));
    CHECK(!logistic_fit(&good, NAN, NULL, coefficients));
    CHECK(!logistic_fit(&good, 1.0, infinite_prior, coefficients));
}

static void standardising(void)
{
    double x[] = {1, 7, 3, 7, 5, 7}, means[2], deviations[2];
    logistic_moments(x, 3, 2, means, deviations);
    CHECK_NEAR(means[0], 3.0, 1e-12);
    CHECK_NEAR(deviations[0], sqrt(8.0 / 3.0), 1e-12);
    CHECK_NEAR(deviations[1], 1.0, 0); /* constant */
    logistic_standardise(x, 3, 2, means, deviations);
    CHECK_NEAR(x[0] + x[2] + x[4], 0.0, 1e-12);
    CHECK_NEAR(x[1], 0.0, 1e-12);
}

CHECK_MAIN(known_answers, ridge_and_prior, refusals, standardising)
