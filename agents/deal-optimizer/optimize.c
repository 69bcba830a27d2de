#include "deal-optimizer/optimize.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deal-optimizer/money.h"

static int64_t whole_units(int64_t minor, int64_t percent, int64_t unit)
{
    int64_t amount = 0;
    rational_round(rational_mul(rational_int(minor), rational_make(percent, 100)), unit, &amount);
    return amount;
}

void optimize_standard(const struct terms *base, const struct show *show, struct maybe ask,
                       struct terms structures[OPTIMIZE_STANDARD_OPTIONS])
{
    bool capped = false;
    for (size_t i = 0; i < show->line_count; i++)
        capped = capped || show->lines[i].cap.set;
    struct terms terms = *base;
    terms.label = "";
    if (!terms.flags.caps)
        terms.flags.caps = capped ? CAP_PER_LINE : CAP_NONE;
    if (!terms.flags.rounding)
        terms.flags.rounding = ROUND_MINOR;
    terms.flags.profit = PROFIT_NONE;
    terms.flags.guarantee = 0;
    terms.profit_ppm = (struct maybe){false, 0};
    int64_t unit = currency_unit(currency_digits(base->currency));
    for (int i = 0; i < OPTIMIZE_STANDARD_OPTIONS; i++)
        structures[i] = terms;
    structures[0].type = DEAL_FLAT;
    structures[0].guarantee = ask;
    structures[1].type = DEAL_VERSUS;
    structures[1].share_base = SHARE_NET;
    structures[1].guarantee = (struct maybe){ask.set, whole_units(ask.value, 80, unit)};
    structures[1].share_ppm = (struct maybe){true, 800000};
    structures[2].type = DEAL_PLUS;
    structures[2].share_base = SHARE_NET;
    structures[2].guarantee = (struct maybe){ask.set, whole_units(ask.value, 60, unit)};
    structures[2].share_ppm = (struct maybe){true, 850000};
    structures[2].flags.guarantee = GUARANTEE_INSIDE;
    structures[2].flags.profit = PROFIT_EXPENSES_AND_GUARANTEE;
    structures[2].profit_ppm = (struct maybe){true, 150000};
    structures[3].type = DEAL_DOOR;
    structures[3].share_base = SHARE_NET;
    structures[3].share_ppm = (struct maybe){true, 800000};
}

void option_label(const struct terms *terms, char *label, size_t size)
{
    static const char *const bases[] = {"?", "gross", "net gross", "net"};
    char guarantee[MONEY_TEXT_SIZE], rent[MONEY_TEXT_SIZE];
    int digits = currency_digits(terms->currency);
    double share = (double)terms->share_ppm.value / 10000;
    const char *base = bases[terms->share_base];
    if (terms->label && terms->label[0]) {
        snprintf(label, size, "%.70s", terms->label);
        return;
    }
    money_text(terms->guarantee.value, digits, guarantee);
    money_text(terms->rent.value, digits, rent);
    switch (terms->type) {
    case DEAL_FLAT:
        snprintf(label, size, "flat %s", guarantee);
        break;
    case DEAL_DOOR:
        snprintf(label, size, "door, %g %% of %s", share, base);
        break;
    case DEAL_PER_TICKET:
        snprintf(label, size, "%s a ticket",
                 money_text(terms->per_ticket.amount, digits, guarantee));
        break;
    case DEAL_VERSUS:
        snprintf(label, size, "%s vs %g %% of %s", guarantee, share, base);
        break;
    case DEAL_PLUS:
        snprintf(label, size, "%s plus %g %% %s", guarantee, share,
                 terms->share_base == SHARE_NET ? "above the split point" : "from the first unit");
        break;
    case DEAL_HURDLE:
        snprintf(label, size, "%s, %g %% of %s past the hurdle", guarantee, share, base);
        break;
    default:
        snprintf(label, size, "rental at %s", rent);
    }
}

static bool weigh(const struct comparison *comparison, struct evaluator *evaluator,
                  struct option *option, struct deal_error *error)
{
    if (!evaluate(evaluator, &option->terms, comparison->basis, &option->evaluation, error))
        return false;
    size_t size = ((size_t)comparison->room + 1) * sizeof(int64_t);
    memcpy(option->promoter, evaluator->promoter, size);
    memcpy(option->artist, evaluator->artists, size);
    option_label(&option->terms, option->label, sizeof option->label);
    option->within_limit = option->evaluation.loss_probability <= comparison->limit;
    return true;
}

static bool open_and_weigh(const struct comparison *comparison, void *memory, struct option *option,
                           struct deal_error *error)
{
    struct evaluator evaluator;
    if (!evaluator_open(&evaluator, memory, &option->terms, comparison->show, comparison->room,
                        comparison->pmf, error))
        return false;
    if (!option->resized) {
        bool open = terms_use_guarantee(&option->terms) && !option->terms.guarantee.set;
        option->highest_guarantee =
            highest_guarantee(&evaluator, &option->terms, comparison->basis, comparison->limit);
        if (open)
            option->terms.guarantee = (struct maybe){true, option->highest_guarantee.value};
    }
    return weigh(comparison, &evaluator, option, error);
}

/* Weighs each structure as offered, and again with a lowered guarantee when none qualifies. */
static bool weigh_all(const struct comparison *comparison, void *memory, struct option *options,
                      size_t count, struct deal_error *error)
{
    bool any_qualifies = false;
    for (size_t i = 0; i < count; i++) {
        struct option *option = &options[i];
        if (comparison->expired && comparison->expired(comparison->context))
            return deal_fail(error, "DEADLINE_EXCEEDED",
                             "The time was up after %zu of %zu structures; allow more time or "
                             "compare fewer.",
                             i, count);
        if (!open_and_weigh(comparison, memory, option, error))
            return false;
        option->offered_loss = option->evaluation.loss_probability;
        option->qualifies =
            comparison->ask.set && option->within_limit &&
            option->evaluation.artist.mean >= OPTIMIZE_ASK_SHARE * (double)comparison->ask.value;
        any_qualifies = any_qualifies || option->qualifies;
    }
    for (size_t i = 0; i < count && !any_qualifies; i++) {
        struct option *option = &options[i];
        if (option->within_limit || !option->highest_guarantee.set ||
            option->highest_guarantee.value >= option->terms.guarantee.value)
            continue;
        option->terms.guarantee = option->highest_guarantee;
        option->terms.label = "";
        option->resized = true;
        if (!open_and_weigh(comparison, memory, option, error))
            return false;
    }
    return true;
}

static double result_of(const struct option *option)
{
    return option->evaluation.has_contribution ? option->evaluation.contribution.mean
                                               : option->evaluation.promoter.mean;
}

/* Three ranks: qualified, within the limit, beyond it. Ties end with the label, so that the order
 * is total. */
static int by_rule(const void *a, const void *b)
{
    const struct option *left = a, *right = b;
    int left_rank = left->qualifies ? 0 : left->within_limit ? 1 : 2;
    int right_rank = right->qualifies ? 0 : right->within_limit ? 1 : 2;
    if (left_rank != right_rank)
        return left_rank - right_rank;
    double better = 0;
    if (left_rank == 0)
        better = result_of(left) - result_of(right);
    else if (left_rank == 1)
        better = left->evaluation.artist.mean - right->evaluation.artist.mean;
    else
        better = right->evaluation.loss_probability - left->evaluation.loss_probability;
    if (fabs(better) < 1e-6)
        better = left->evaluation.promoter.worst_mean - right->evaluation.promoter.worst_mean;
    if (better != 0)
        return better > 0 ? -1 : 1;
    return strcmp(left->label, right->label);
}

static const char *rounded_text(double minor, int digits, char *text)
{
    return money_text((int64_t)llround(minor), digits, text);
}

static void explain_choice(const struct comparison *comparison, struct option *chosen)
{
    const struct evaluation *e = &chosen->evaluation;
    char artist[MONEY_TEXT_SIZE], ask[MONEY_TEXT_SIZE];
    int digits = currency_digits(chosen->terms.currency);
    rounded_text(e->artist.mean, digits, artist);
    money_text(comparison->ask.value, digits, ask);
    if (chosen->qualifies)
        snprintf(chosen->reason, sizeof chosen->reason,
                 "highest expected result of those within the loss limit that pay the artist the "
                 "ask of %s on average",
                 ask);
    else if (chosen->within_limit && !comparison->ask.set)
        snprintf(
            chosen->reason, sizeof chosen->reason,
            "no ask is known; of the offers within the loss limit of %.0f %% this one pays the "
            "artist most, %s on average",
            comparison->limit * 100, artist);
    else if (chosen->within_limit)
        snprintf(chosen->reason, sizeof chosen->reason,
                 "nothing within the loss limit of %.0f %% pays the ask of %s; this offer comes "
                 "closest with %s to the artist on average",
                 comparison->limit * 100, ask, artist);
    else
        snprintf(chosen->reason, sizeof chosen->reason,
                 "no structure keeps the chance of a loss within %.0f %%; this one has the lowest, "
                 "%.0f %%",
                 comparison->limit * 100, e->loss_probability * 100);
}

static void explain_loser(const struct comparison *comparison, const struct option *chosen,
                          struct option *option)
{
    const struct evaluation *e = &option->evaluation;
    int digits = currency_digits(option->terms.currency);
    char one[MONEY_TEXT_SIZE], two[MONEY_TEXT_SIZE];
    if (!option->within_limit) {
        snprintf(option->reason, sizeof option->reason,
                 "chance of a loss %.0f %%, above the limit of %.0f %%", e->loss_probability * 100,
                 comparison->limit * 100);
    } else if (chosen->qualifies && !option->qualifies) {
        rounded_text(e->artist.mean, digits, one);
        rounded_text((double)comparison->ask.value - e->artist.mean, digits, two);
        snprintf(option->reason, sizeof option->reason,
                 "pays the artist %s on average, %s less than asked", one, two);
    } else if (chosen->qualifies) {
        rounded_text(result_of(chosen) - result_of(option), digits, one);
        rounded_text(chosen->evaluation.promoter.worst_mean - e->promoter.worst_mean, digits, two);
        if (result_of(chosen) - result_of(option) < 0.5)
            snprintf(option->reason, sizeof option->reason,
                     "same result on average, but %s worse in the worst 5 %% of nights", two);
        else
            snprintf(option->reason, sizeof option->reason, "brings %s less on average", one);
    } else {
        rounded_text(chosen->evaluation.artist.mean - e->artist.mean, digits, one);
        rounded_text(result_of(option) - result_of(chosen), digits, two);
        snprintf(option->reason, sizeof option->reason,
                 "%spays the artist %s less on average (and leaves you %s more)",
                 option->resized ? "lowered to the loss limit it " : "", one, two);
    }
}

bool optimize(const struct comparison *comparison, void *memory, struct option *options,
              size_t count, struct deal_error *error)
{
    if (!weigh_all(comparison, memory, options, count, error))
        return false;
    qsort(options, count, sizeof *options, by_rule);
    options[0].recommended = true;
    explain_choice(comparison, &options[0]);
    for (size_t i = 1; i < count; i++)
        explain_loser(comparison, &options[0], &options[i]);
    return true;
}

struct turn option_turn(const struct comparison *comparison, const struct option *chosen,
                        const struct option *other)
{
    int64_t median = 0;
    for (double below = 0; median < comparison->room; median++) {
        below += comparison->pmf[median];
        if (below >= 0.5)
            break;
    }
    bool now = other->promoter[median] > chosen->promoter[median];
    for (int64_t step = 1; step <= comparison->room; step++) {
        for (int side = 0; side < 2; side++) {
            int64_t n = side ? median - step : median + step;
            if (n < 0 || n > comparison->room)
                continue;
            bool there = other->promoter[n] > chosen->promoter[n];
            if (there != now)
                return (struct turn){true, n, there != (side == 1)};
        }
    }
    return (struct turn){0};
}
