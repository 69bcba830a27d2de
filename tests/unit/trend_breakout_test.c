/* Breakout features and the explanation's arithmetic: exact additivity for every shipped model. */
#include <float.h>

#include "trend-analyzer/definitions.h"
#include "trend-analyzer/models.h"
#include "trend-analyzer/stage.h"
#include "unit/check.h"

static const char *const model_names[] = {"chart-weekly-top50",      "chart-weekly-top10",
                                          "chart-weekly-x2",         "chart-rank-top10",
                                          "chart-rank-artist-top10", "daily-scale-free"};
enum { MODELS = sizeof model_names / sizeof *model_names };

static void features(void)
{
    double levels[] = {log(100.0), log(150.0)}, out[BREAKOUT_FEATURES];
    struct breakout_chart chart = {.log_levels = levels,
                                   .count = 2,
                                   .log_target = log(300.0),
                                   .log_floor = log(75.0),
                                   .record_count = 3.0,
                                   .record_best = log(300.0)};
    CHECK(breakout_chart_features(&chart, out));
    CHECK_NEAR(out[BREAKOUT_GROWTH], log(1.5), 1e-12);
    CHECK_NEAR(out[BREAKOUT_DISTANCE], log(2.0), 1e-12);
    CHECK_NEAR(out[BREAKOUT_LEVEL], log(2.0), 1e-12);
    CHECK_NEAR(out[BREAKOUT_ACCELERATION], 0.0, 0);
    CHECK_NEAR(out[BREAKOUT_RECORD], log(4.0), 1e-12);
    CHECK_NEAR(out[BREAKOUT_RECORD_BEST], 1.0, 1e-12);
    chart.record_count = chart.record_best = NAN;
    CHECK(breakout_chart_features(&chart, out));
    CHECK(out[BREAKOUT_RECORD] == 0.0 && out[BREAKOUT_RECORD_BEST] == 0.0);
    double path[] = {0.0, 0.1, 0.2, 0.6};
    chart = (struct breakout_chart){
        .log_levels = path, .count = 4, .log_target = 1.0, .log_floor = -1.0};
    CHECK(breakout_chart_features(&chart, out));
    CHECK(out[BREAKOUT_ACCELERATION] > 0.0);
    double wild[] = {-700.0, 700.0};
    chart = (struct breakout_chart){
        .log_levels = wild, .count = 2, .log_target = 709.0, .log_floor = -700.0};
    CHECK(breakout_chart_features(&chart, out));
    CHECK_NEAR(out[BREAKOUT_GROWTH], 3.0, 0); /* clipped */
}

static void feature_refusals(void)
{
    double good[] = {1.0, 2.0}, bad[] = {1.0, NAN}, out[BREAKOUT_FEATURES];
    const struct breakout_chart cases[] = {
        {.log_levels = good, .count = 1, .log_target = 3.0},
        {.log_levels = good, .count = 0, .log_target = 3.0},
        {.log_levels = bad, .count = 2, .log_target = 3.0},
        {.log_levels = good, .count = 2, .log_target = 2.0}, /* already there */
        {.log_levels = good, .count = 2, .log_target = NAN},
        {.log_levels = good, .count = 2, .log_target = INFINITY},
        {.log_levels = good, .count = 2, .log_target = 3.0, .log_floor = -INFINITY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK(!breakout_chart_features(cases + i, out));
}

/* baseline + amounts is the log-odds bit for bit, and the model's own score to rounding. */
static void additivity(void)
{
    unsigned long state = 1;
    for (int m = 0; m < MODELS; m++) {
        const struct breakout_model *model = breakout_model_find(model_names[m]);
        if (!CHECK(model != NULL))
            continue;
        for (int repeat = 0; repeat < 500; repeat++) {
            double x[BREAKOUT_FEATURES], sum;
            struct breakout_answer answer;
            for (int f = 0; f < BREAKOUT_FEATURES; f++) {
                state = state * 6364136223846793005u + 1442695040888963407u;
                x[f] = (double)(state >> 33) / 2147483648.0 * 6.0 - 3.0;
            }
            breakout_evaluate(model, x, &answer);
            sum = answer.baseline;
            for (size_t i = 0; i < answer.reason_count; i++) {
                sum += answer.reasons[i].amount;
                CHECK(i == 0 ||
                      fabs(answer.reasons[i - 1].amount) >= fabs(answer.reasons[i].amount));
            }
            CHECK(sum == answer.log_odds);
            CHECK_NEAR(breakout_score(model, x), answer.log_odds, 1e-9);
            CHECK_NEAR(log(answer.probability / (1.0 - answer.probability)), answer.log_odds, 1e-6);
            CHECK(answer.probability > 0.0 && answer.probability < 1.0);
        }
    }
}

/* More growth, a nearer target and a better projection never lower the probability. */
static void directions(void)
{
    for (int m = 0; m < MODELS; m++) {
        const struct breakout_model *model = breakout_model_find(model_names[m]);
        CHECK(model && model->coefficients[BREAKOUT_GROWTH] >= 0.0);
        CHECK(model && model->coefficients[BREAKOUT_DISTANCE] < 0.0);
        CHECK(model && model->coefficients[BREAKOUT_PROJECTION] >= 0.0);
        CHECK(model && model->rows > 0 && model->positives > 0 && model->positives < model->rows);
    }
    CHECK(breakout_model_find("nonsense") == NULL);
    for (int f = 0; f < BREAKOUT_FEATURES; f++)
        CHECK(breakout_feature_name((enum breakout_feature)f) != NULL);
}

static void stages(void)
{
    static const struct {
        double growth, recent, noise, size;
        enum trend_stage want;
    } cases[] = {
        {0.00, 0.00, 0.02, 900, STAGE_UNDISCOVERED}, {0.00, 0.00, 0.02, 50000, STAGE_DEVELOPING},
        {0.00, 0.00, 0.02, 1e6, STAGE_ESTABLISHED},  {0.02, 0.02, 0.01, 900, STAGE_EMERGING},
        {0.02, 0.02, 0.03, 900, STAGE_UNDISCOVERED}, {0.10, 0.10, 0.02, 900, STAGE_BREAKING},
        {0.10, 0.00, 0.02, 900, STAGE_EMERGING},     {0.10, 0.10, 0.08, 900, STAGE_EMERGING},
        {-0.05, -0.05, 0.01, 1e6, STAGE_FADING},     {-0.05, -0.05, 0.2, 1e6, STAGE_ESTABLISHED},
        {NAN, 0.0, 0.01, 1e6, STAGE_UNKNOWN},        {0.0, 0.0, 0.01, NAN, STAGE_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct trajectory_growth growth = {cases[i].growth, cases[i].recent, cases[i].noise};
        CHECK_INT(stage_of(&growth, cases[i].size), cases[i].want);
        CHECK(strlen(stage_text(cases[i].want)) > 0);
    }
}

static void definitions(void)
{
    CHECK_STR(definition_find("")->name, "audience-x2");
    CHECK(definition_find("audience-x3") == NULL);
    char names[512];
    snprintf(names, sizeof names, "%s", definition_names());
    int count = 0;
    for (char *place = names, *end; place; place = end ? end + 2 : NULL, count++) {
        end = strstr(place, ", ");
        if (end)
            *end = '\0';
        CHECK(definition_find(place) != NULL); /* the error text names what exists */
    }
    CHECK_INT(count, 8);
    CHECK(metric_is_flow("streams") && !metric_is_flow("followers") && !metric_is_flow("rank"));
}

CHECK_MAIN(features, feature_refusals, additivity, directions, stages, definitions)
