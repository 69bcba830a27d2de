/* How good the scored predictions of one target were: definitions in the header. */
#include "services/scorecard.h"

#include "services/outcome.h"

#include <string.h>

enum { WORST_MAX = 10 };

struct mean {
    double sum;
    int64_t count;
};

struct scorecard {
    struct work *work;
    struct arena one; /* the prediction at hand */
    bool counts;      /* whether the target is a number of tickets or heads */
    int64_t scored_count, open_count;
    struct mean score, baseline, score_beside_baseline, within_80, within_10, floor;
    struct {
        double score;
        struct store_prediction stored; /* copies in work->arena */
    } worst[WORST_MAX];
    size_t worst_count;
};

static void mean_add(struct mean *mean, double value)
{
    mean->sum += value;
    mean->count++;
}

static struct pros_bytes copy_bytes(struct arena *arena, struct pros_bytes bytes)
{
    if (bytes.size == 0)
        return (struct pros_bytes){NULL, 0};
    return (struct pros_bytes){arena_copy(arena, bytes.data, bytes.size), bytes.size};
}

static void keep_worst(struct scorecard *card, double score, const struct store_prediction *stored)
{
    size_t place = card->worst_count;
    while (place > 0 && card->worst[place - 1].score < score)
        place--;
    if (place == WORST_MAX)
        return;
    card->worst_count += card->worst_count < WORST_MAX;
    memmove(&card->worst[place + 1], &card->worst[place],
            (card->worst_count - place - 1) * sizeof *card->worst);
    struct arena *arena = card->work->arena;
    card->worst[place].score = score;
    card->worst[place].stored =
        (struct store_prediction){.prediction = copy_bytes(arena, stored->prediction),
                                  .outcome = copy_bytes(arena, stored->outcome),
                                  .score = copy_bytes(arena, stored->score),
                                  .decision = copy_bytes(arena, stored->decision)};
}

static void add_scored(struct scorecard *card, const Promoteros__V1__Prediction *prediction,
                       const struct store_prediction *stored)
{
    const Promoteros__V1__Score *score = prediction->score;
    const Promoteros__V1__Outcome *outcome = prediction->outcome;
    if (score->_crps_case || score->_brier_case) {
        double value = score->_crps_case ? score->crps : score->brier;
        mean_add(&card->score, value);
        if (score->_baseline_error_case) {
            mean_add(&card->baseline, score->baseline_error);
            mean_add(&card->score_beside_baseline, value);
        }
        keep_worst(card, value, stored);
    }
    if (score->_within_80_case)
        mean_add(&card->within_80, score->within_80 ? 1 : 0);
    if (score->_relative_error_case) {
        mean_add(&card->within_10, score->relative_error <= 0.1 ? 1 : 0);
        if (card->counts)
            mean_add(&card->floor,
                     outcome->at_least ? 1 : poisson_within_10_percent(outcome->value));
    }
}

static enum pros_status add_prediction(void *context, const struct store_prediction *stored)
{
    struct scorecard *card = context;
    Promoteros__V1__Prediction *prediction = NULL;
    arena_reset(&card->one);
    TRY(prediction_unpack(&card->one, stored, &prediction, &card->work->failure));
    if (!prediction->score || !prediction->outcome) {
        card->open_count++;
        return PROS_OK;
    }
    card->scored_count++;
    add_scored(card, prediction, stored);
    return PROS_OK;
}

/* An optional field: set only when something was counted. */
#define SET_MEAN(response, FIELD, field, mean)                                                     \
    do {                                                                                           \
        if ((mean).count > 0) {                                                                    \
            (response)->_##field##_case = PROMOTEROS__V1__GET_SCORECARD_RESPONSE___##FIELD;        \
            (response)->field = (mean).sum / (double)(mean).count;                                 \
        }                                                                                          \
    } while (0)

static enum pros_status fill(struct scorecard *card, Promoteros__V1__GetScorecardResponse *response)
{
    response->scored_count = card->scored_count;
    response->open_count = card->open_count;
    SET_MEAN(response, MEAN_SCORE_MEAN_SCORE, mean_score, card->score);
    SET_MEAN(response, MEAN_BASELINE_SCORE_MEAN_BASELINE_SCORE, mean_baseline_score,
             card->baseline);
    SET_MEAN(response, COVERAGE_80_COVERAGE_80, coverage_80, card->within_80);
    SET_MEAN(response, WITHIN_10_PERCENT_WITHIN_10_PERCENT, within_10_percent, card->within_10);
    SET_MEAN(response, WITHIN_10_PERCENT_FLOOR_WITHIN_10_PERCENT_FLOOR, within_10_percent_floor,
             card->floor);
    if (card->baseline.sum > 0) {
        struct mean skill = {1 - card->score_beside_baseline.sum / card->baseline.sum, 1};
        SET_MEAN(response, SKILL_SKILL, skill, skill);
    }
    struct work *work = card->work;
    response->worst_predictions = arena_alloc_array(work->arena, WORST_MAX, sizeof(void *));
    for (size_t i = 0; i < card->worst_count; i++)
        TRY(prediction_unpack(work->arena, &card->worst[i].stored, &response->worst_predictions[i],
                              &work->failure));
    response->n_worst_predictions = card->worst_count;
    return PROS_OK;
}

enum pros_status scorecard_fill(struct work *work,
                                const Promoteros__V1__GetScorecardRequest *request,
                                Promoteros__V1__GetScorecardResponse *response)
{
    struct scorecard card = {.work = work,
                             .counts = strcmp(request->target, "paid-tickets") == 0 ||
                                       strcmp(request->target, "heads") == 0};
    struct store_prediction_query query = {
        .target = request->target, .agent = *request->agent ? request->agent : NULL, .open = -1};
    arena_open(&card.one, 0);
    enum pros_status status =
        store_list_predictions(work->store, &query, add_prediction, &card, &work->failure);
    arena_close(&card.one);
    TRY(status);
    return fill(&card, response);
}
