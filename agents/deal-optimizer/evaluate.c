#include "deal-optimizer/evaluate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "deal-optimizer/money.h"

const double evaluate_levels[EVALUATE_QUANTILES] = {0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95};

static bool too_large(struct deal_error *error)
{
    return deal_fail(error, "AMOUNT_TOO_LARGE",
                     "The amounts are too large for the fineness of the rates to be computed "
                     "exactly; state rates with fewer digits.");
}

bool evaluate_room(const struct show *show, int64_t *room, struct deal_error *error)
{
    if (show->box.tier_count == 0)
        return deal_fail(error, "MISSING_TIERS",
                         "A forecast needs ticket prices; give box_office.tiers.");
    struct maybe sellable = box_sellable(&show->box);
    if (!sellable.set)
        return deal_fail(error, "MISSING_CAPACITY",
                         "It is not known how many tickets can be sold; give "
                         "box_office.capacity_tickets or each tier's allotment_tickets.");
    if (sellable.value < 1)
        return deal_fail(error, "OUT_OF_RANGE",
                         "After comps and kills no ticket is left to sell; correct the counts.");
    if (sellable.value > EVALUATE_MAX_TICKETS)
        return deal_fail(error, "TOO_MANY",
                         "The room sells %lld tickets; forecasts are made for at most %d.",
                         (long long)sellable.value, EVALUATE_MAX_TICKETS);
    *room = sellable.value;
    return true;
}

size_t evaluator_size(int64_t room)
{
    size_t points = (size_t)room + 1;
    return points * (sizeof(struct takings) + sizeof(struct atom) + 3 * sizeof(int64_t)) + 64;
}

bool evaluator_open(struct evaluator *evaluator, void *memory, const struct terms *terms,
                    const struct show *show, int64_t room, const double *pmf,
                    struct deal_error *error)
{
    size_t points = (size_t)room + 1;
    *evaluator = (struct evaluator){.show = show, .room = room, .pmf = pmf, .takings = memory};
    evaluator->atoms = (struct atom *)(void *)(evaluator->takings + points);
    evaluator->house = (int64_t *)(void *)(evaluator->atoms + points);
    evaluator->promoter = evaluator->house + points;
    evaluator->artists = evaluator->promoter + points;
    for (int64_t n = 0; n <= room; n++) {
        int64_t sold[SHEET_MAX_TIERS];
        struct ladder ladder;
        struct house_result house = {0};
        ladder_fill(&show->box, n, sold);
        ladder_compute(show, &terms->flags, sold, &ladder, NULL);
        evaluator->takings[n] = ladder.takings;
        if (show->house && !house_earn(terms, show, n, ladder.takings.comps, &house))
            return too_large(error);
        evaluator->house[n] = house.bar + house.facility + house.ticket_rebate + house.merch;
        if (!rational_ok(ladder.takings.receipts) || !rational_ok(ladder.takings.own_costs))
            return too_large(error);
        evaluator->tickets += pmf[n] * (double)n;
        evaluator->gross += pmf[n] * rational_double(ladder.takings.gross);
        evaluator->fees +=
            pmf[n] * (rational_double(ladder.facility) + rational_double(ladder.other_fees));
        evaluator->tax += pmf[n] * rational_double(ladder.tax);
        evaluator->extra += pmf[n] * rational_double(ladder.extra);
    }
    return true;
}

static int64_t currency_unit_of(const struct terms *terms)
{
    return currency_unit(currency_digits(terms->currency));
}

static int by_value(const void *a, const void *b)
{
    const struct atom *left = a, *right = b;
    if (left->value != right->value)
        return left->value < right->value ? -1 : 1;
    return (left->probability > right->probability) - (left->probability < right->probability);
}

/* Mean, mean of the worst outcomes and quantiles of values[0..room] (plus more, if given). */
static void summarise(struct evaluator *evaluator, const int64_t *values, const int64_t *more,
                      struct payoff *payoff)
{
    size_t count = 0;
    double mean = 0;
    for (int64_t n = 0; n <= evaluator->room; n++) {
        if (evaluator->pmf[n] <= 0)
            continue;
        struct atom atom = {values[n] + (more ? more[n] : 0), evaluator->pmf[n]};
        evaluator->atoms[count++] = atom;
        mean += atom.probability * (double)atom.value;
    }
    qsort(evaluator->atoms, count, sizeof *evaluator->atoms, by_value);
    *payoff = (struct payoff){.mean = mean};
    double below = 0, left = EVALUATE_TAIL;
    size_t level = 0;
    for (size_t i = 0; i < count; i++) {
        struct atom atom = evaluator->atoms[i];
        double part = fmin(left, atom.probability);
        payoff->worst_mean += part * (double)atom.value / EVALUATE_TAIL;
        left -= part;
        below += atom.probability;
        for (; level < EVALUATE_QUANTILES && below >= evaluate_levels[level] - 1e-12; level++)
            payoff->values[level] = atom.value;
    }
    for (; level < EVALUATE_QUANTILES && count; level++)
        payoff->values[level] = evaluator->atoms[count - 1].value;
}

/* Where a line through (n - 1, before) and (n, after) crosses zero, in hundredths, rounded half up.
 */
static int64_t crossing(int64_t n, struct rational before, struct rational after)
{
    int64_t hundredths = n * 100;
    struct rational step = rational_sub(after, before);
    if (n == 0 || rational_sign(step) <= 0 || rational_sign(before) >= 0)
        return hundredths;
    struct rational at = rational_sub(rational_int(n - 1), rational_div(before, step));
    if (!rational_round(rational_mul(at, rational_int(100)), 1, &hundredths))
        return n * 100;
    return hundredths > n * 100 ? n * 100 : hundredths;
}

/* The promoter's result before rounding and before a partner's share. */
static struct rational exact_result(const struct terms *terms, const struct takings *takings,
                                    const struct payout *payout)
{
    struct rational left = rational_sub(takings->receipts, payout->own_costs);
    left = rational_sub(left, payout->artist);
    for (size_t i = 0; i < terms->co_headliner_count; i++)
        left = rational_sub(left, payout->co_headliners[i]);
    return left;
}

static void find_break_even(const struct evaluator *evaluator, const struct terms *terms,
                            struct evaluation *evaluation)
{
    struct rational result[2] = {{0, 1}, {0, 1}}, opening[2] = {{0, 1}, {0, 1}};
    for (int64_t n = 0; n <= evaluator->room; n++) {
        struct payout payout;
        pay(terms, &evaluator->takings[n], &payout);
        result[0] = result[1];
        opening[0] = opening[1];
        result[1] = exact_result(terms, &evaluator->takings[n], &payout);
        opening[1] = payout.opening;
        if (!evaluation->internal.set && evaluator->promoter[n] >= 0)
            evaluation->internal = (struct break_even){true, n, crossing(n, result[0], result[1])};
        else if (evaluation->internal.set && evaluator->promoter[n] < 0)
            evaluation->loss_returns = true;
        if (payout.has_split_point && !evaluation->external.set && rational_sign(opening[1]) >= 0)
            evaluation->external =
                (struct break_even){true, n, crossing(n, opening[0], opening[1])};
    }
}

static void add_kink(struct evaluation *evaluation, const char *name, int number, bool set,
                     int64_t tickets)
{
    if (evaluation->kink_count >= EVALUATE_MAX_KINKS)
        return;
    struct kink *kink = &evaluation->kinks[evaluation->kink_count++];
    if (number)
        snprintf(kink->name, sizeof kink->name, "%s %d", name, number);
    else
        snprintf(kink->name, sizeof kink->name, "%s", name);
    kink->tickets = (struct maybe){set, set ? tickets : 0};
}

static void find_kinks(const struct evaluator *evaluator, const struct terms *terms,
                       struct evaluation *evaluation)
{
    add_kink(evaluation, "promoter breaks even", 0, evaluation->internal.set,
             evaluation->internal.tickets);
    if (terms_use_share(terms))
        add_kink(evaluation, terms->type == DEAL_HURDLE ? "hurdle reached" : "backend opens", 0,
                 evaluation->external.set, evaluation->external.tickets);
    for (size_t i = 0; i < terms->bonus_count; i++) {
        int64_t n = 0;
        while (n <= evaluator->room &&
               !bonus_reached(terms, &evaluator->takings[n], &terms->bonuses[i]))
            n++;
        add_kink(evaluation, "bonus step", (int)i + 1, n <= evaluator->room, n);
    }
    const struct per_ticket *rule = &terms->per_ticket;
    if (rule->set) {
        int64_t from = rule->above_tickets;
        if (rule->above_sell_through_ppm > 0) {
            int64_t share =
                sell_through_tickets(terms, &evaluator->takings[0], rule->above_sell_through_ppm);
            from = share > from ? share : from;
        }
        add_kink(evaluation, "per-ticket pay starts", 0, from < evaluator->room, from);
        int64_t cap = from + rule->cap_tickets.value;
        if (rule->cap_tickets.set)
            add_kink(evaluation, "per-ticket pay capped", 0, cap <= evaluator->room, cap);
    }
    add_kink(evaluation, "room sold out", 0, true, evaluator->room);
}

bool evaluate(struct evaluator *evaluator, const struct terms *terms, enum loss_basis basis,
              struct evaluation *evaluation, struct deal_error *error)
{
    *evaluation = (struct evaluation){.has_contribution = evaluator->show->house != NULL};
    if (basis == LOSS_SHOW_CONTRIBUTION && !evaluation->has_contribution)
        return deal_fail(error, "MISSING_HOUSE",
                         "A loss is to be judged with the house's earnings, and none are given; "
                         "fill in show.house or judge by the ticket result.");
    int64_t unit = currency_unit_of(terms);
    for (int64_t n = 0; n <= evaluator->room; n++) {
        struct payout payout;
        struct shares shares;
        pay(terms, &evaluator->takings[n], &payout);
        if (!pay_round(terms, &evaluator->takings[n], &payout, unit, &shares))
            return too_large(error);
        evaluator->promoter[n] = shares.promoter;
        evaluator->artists[n] = shares.artists;
        double p = evaluator->pmf[n];
        evaluation->own_costs += p * (double)shares.own_costs;
        evaluation->partner += p * (double)shares.partner;
        if (shares.promoter + (basis == LOSS_SHOW_CONTRIBUTION ? evaluator->house[n] : 0) < 0)
            evaluation->loss_probability += p;
    }
    evaluation->loss_probability = fmin(evaluation->loss_probability, 1);
    summarise(evaluator, evaluator->promoter, NULL, &evaluation->promoter);
    summarise(evaluator, evaluator->artists, NULL, &evaluation->artist);
    if (evaluation->has_contribution)
        summarise(evaluator, evaluator->promoter, evaluator->house, &evaluation->contribution);
    find_break_even(evaluator, terms, evaluation);
    find_kinks(evaluator, terms, evaluation);
    return true;
}

double loss_probability(const struct evaluator *evaluator, const struct terms *terms,
                        enum loss_basis basis)
{
    double loss = 0;
    int64_t unit = currency_unit_of(terms);
    for (int64_t n = 0; n <= evaluator->room; n++) {
        if (evaluator->pmf[n] <= 0)
            continue;
        struct payout payout;
        struct shares shares;
        pay(terms, &evaluator->takings[n], &payout);
        if (!pay_round(terms, &evaluator->takings[n], &payout, unit, &shares))
            return NAN;
        if (shares.promoter + (basis == LOSS_SHOW_CONTRIBUTION ? evaluator->house[n] : 0) < 0)
            loss += evaluator->pmf[n];
    }
    return fmin(loss, 1);
}

struct maybe highest_guarantee(const struct evaluator *evaluator, const struct terms *terms,
                               enum loss_basis basis, double limit)
{
    if (!terms_use_guarantee(terms))
        return (struct maybe){false, 0};
    int64_t unit = currency_unit_of(terms), top = 0;
    rational_round(evaluator->takings[evaluator->room].gross, 1, &top);
    struct terms trial = *terms;
    int64_t low = -1, high = top / unit + 1; /* within the limit at low, above it at high */
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        trial.guarantee = (struct maybe){true, middle * unit};
        if (loss_probability(evaluator, &trial, basis) <= limit)
            low = middle;
        else
            high = middle;
    }
    return (struct maybe){low >= 0, low >= 0 ? low * unit : 0};
}
