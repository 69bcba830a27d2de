#include "trend-analyzer/breakout.h"

#include <math.h>

#include "numerics/stats.h"

static const double GROWTH_MAX = 3.0; /* a log ratio: twentyfold in one step */
static const double LEVEL_MAX = 5.0;

/* Mean growth a step over the values first..last. */
static double growth_between(const double *log_levels, size_t first, size_t last)
{
    return (log_levels[last] - log_levels[first]) / (double)(last - first);
}

bool breakout_chart_features(const struct breakout_chart *chart, double features[BREAKOUT_FEATURES])
{
    size_t count = chart->count;
    if (count < 2 || stats_count_finite(chart->log_levels, count) != count ||
        !isfinite(chart->log_target) || !isfinite(chart->log_floor))
        return false;
    double level = chart->log_levels[count - 1];
    double distance = chart->log_target - level;
    if (!(distance > 0.0))
        return false;
    double acceleration = 0.0;
    if (count >= 4)
        acceleration = growth_between(chart->log_levels, count / 2, count - 1) -
                       growth_between(chart->log_levels, 0, count / 2);
    double growth = growth_between(chart->log_levels, 0, count - 1);
    double span = chart->log_target - chart->log_floor;
    double best = 0.0;
    if (isfinite(chart->record_best) && span > 0.0)
        best = stats_clamp((chart->record_best - chart->log_floor) / span, 0.0, 1.0);
    features[BREAKOUT_GROWTH] = stats_clamp(growth, -GROWTH_MAX, GROWTH_MAX);
    features[BREAKOUT_DISTANCE] = distance;
    features[BREAKOUT_LEVEL] = stats_clamp(level - chart->log_floor, 0.0, LEVEL_MAX);
    features[BREAKOUT_ACCELERATION] = stats_clamp(acceleration, -GROWTH_MAX, GROWTH_MAX);
    features[BREAKOUT_RECORD] = chart->record_count > 0.0 ? log1p(chart->record_count) : 0.0;
    features[BREAKOUT_RECORD_BEST] = best;
    features[BREAKOUT_PROJECTION] = 0.0;
    features[BREAKOUT_STRENGTH] = 0.0;
    return true;
}

double breakout_score(const struct breakout_model *model, const double features[BREAKOUT_FEATURES])
{
    double score = model->intercept;
    for (int f = 0; f < BREAKOUT_FEATURES; f++)
        score += model->coefficients[f] * features[f];
    return score;
}

static void insert_reason(struct breakout_answer *answer, struct breakout_reason reason)
{
    size_t place = answer->reason_count++;
    while (place > 0 && fabs(answer->reasons[place - 1].amount) < fabs(reason.amount)) {
        answer->reasons[place] = answer->reasons[place - 1];
        place--;
    }
    answer->reasons[place] = reason;
}

void breakout_evaluate(const struct breakout_model *model, const double features[BREAKOUT_FEATURES],
                       struct breakout_answer *answer)
{
    answer->reason_count = 0;
    answer->baseline = breakout_score(model, model->references);
    for (int f = 0; f < BREAKOUT_FEATURES; f++) {
        if (model->coefficients[f] == 0.0)
            continue;
        double amount = model->coefficients[f] * (features[f] - model->references[f]);
        insert_reason(answer,
                      (struct breakout_reason){(enum breakout_feature)f, features[f], amount});
    }
    answer->log_odds =
        answer->baseline; /* The sum itself is the answer, so it adds up by construction. */
    for (size_t i = 0; i < answer->reason_count; i++)
        answer->log_odds += answer->reasons[i].amount;
    answer->probability = stats_sigmoid(answer->log_odds);
}

const char *breakout_feature_name(enum breakout_feature feature)
{
    static const char *const names[BREAKOUT_FEATURES] = {
        [BREAKOUT_GROWTH] = "growth",         [BREAKOUT_DISTANCE] = "distance",
        [BREAKOUT_LEVEL] = "level",           [BREAKOUT_ACCELERATION] = "acceleration",
        [BREAKOUT_RECORD] = "record",         [BREAKOUT_RECORD_BEST] = "record_best",
        [BREAKOUT_PROJECTION] = "projection", [BREAKOUT_STRENGTH] = "strength",
    };
    return names[feature];
}
