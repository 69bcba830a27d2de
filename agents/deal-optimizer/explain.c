#include "deal-optimizer/explain.h"

#include <math.h>

#include "deal-optimizer/money.h"

/* "2,500.00 USD", in the run's arena. */
static const char *amount_text(struct pros_run *run, const struct terms *terms, int64_t minor)
{
    char text[MONEY_TEXT_SIZE];
    return pros_format(run, "%s %s", money_text(minor, currency_digits(terms->currency), text),
                       terms->currency);
}

static double major(const struct terms *terms, double minor)
{
    return minor / (double)currency_unit(currency_digits(terms->currency));
}

static const char *step(struct pros_run *run, const struct terms *terms, enum pros_step_kind kind,
                        const char *title, const char *formula, const char *uses, int64_t minor)
{
    double value = major(terms, (double)minor);
    return pros_step(run, (struct pros_step){.kind = kind,
                                             .title = title,
                                             .statement = amount_text(run, terms, minor),
                                             .formula = formula,
                                             .uses = uses,
                                             .value = &value,
                                             .unit = terms->currency});
}

static const char *input(struct pros_run *run, const char *name, double value, const char *unit)
{
    return pros_input(run, (struct pros_input){.name = name,
                                               .source = "request",
                                               .value = &value,
                                               .unit = unit,
                                               .status = PROS_INPUT_OBSERVED});
}

/* The terms that are figures. Returns their ids, separated by blanks. */
static const char *input_terms(struct pros_run *run, const struct terms *terms)
{
    const struct {
        const char *name;
        struct maybe value;
        bool rate;
    } figures[] = {{"guarantee", terms->guarantee, false},
                   {"artist share", terms->share_ppm, true},
                   {"promoter profit", terms->profit_ppm, true},
                   {"hurdle", terms->hurdle, false},
                   {"rent", terms->rent, false},
                   {"deposit", terms->deposit, false},
                   {"withholding", terms->withholding_ppm, true}};
    const char *ids = "";
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        if (!figures[i].value.set)
            continue;
        double value = figures[i].rate ? (double)figures[i].value.value / PPM
                                       : major(terms, (double)figures[i].value.value);
        const char *id =
            input(run, figures[i].name, value, figures[i].rate ? "ratio" : terms->currency);
        ids = pros_format(run, "%s%s%s", ids, *ids ? " " : "", id);
    }
    return ids;
}

static const char *pay_formula(const struct terms *terms)
{
    switch (terms->type) {
    case DEAL_FLAT:
        return "artist = G + bonuses";
    case DEAL_DOOR:
        return "artist = p * base + bonuses";
    case DEAL_PER_TICKET:
        return "artist = amount * counted tickets + bonuses";
    case DEAL_VERSUS:
        return "artist = max(G, p * base) + bonuses";
    case DEAL_PLUS:
        return terms->share_base == SHARE_NET
                   ? "artist = G + p * max(0, net gross - split point) + bonuses"
                   : "artist = G + p * base + bonuses";
    case DEAL_HURDLE:
        return "artist = (base >= hurdle ? p * base : G) + bonuses";
    default:
        return "artist = net gross - costs - rent";
    }
}

static const char *split_formula(const struct terms *terms)
{
    if (terms->type == DEAL_VERSUS)
        return "split point = costs + promoter profit + G / p";
    if (terms->type == DEAL_HURDLE)
        return "split point = hurdle";
    return terms->flags.guarantee == GUARANTEE_INSIDE
               ? "split point = costs + guarantees + promoter profit"
               : "split point = costs + promoter profit";
}

/* From gross to net gross and costs; returns the ids of the two last steps. */
static const char *explain_ladder(struct pros_run *run, const struct terms *terms,
                                  const struct settlement *s)
{
    const char *gross = step(run, terms, PROS_STEP_COMPUTE, "Gross",
                             "gross = sum(sold * price), or as reported", NULL, s->gross);
    const char *adjusted =
        step(run, terms, PROS_STEP_COMPUTE, "Adjusted gross",
             "adjusted = gross - facility fees - other fees", gross, s->adjusted);
    const char *tax =
        step(run, terms, PROS_STEP_COMPUTE, "Ticket tax",
             terms->flags.tax == TAX_MULTIPLIER ? "tax = adjusted * rate"
                                                : "tax = adjusted - adjusted / (1 + rate)",
             adjusted, s->tax);
    const char *net =
        step(run, terms, PROS_STEP_COMPUTE, "Net gross", "net gross = adjusted - tax + extra",
             pros_format(run, "%s %s", adjusted, tax), s->net_gross + s->extra);
    const char *costs =
        step(run, terms, PROS_STEP_COMPUTE, "Costs that count against the artist",
             "costs = sum(min(actual, cap)) without the artist's pay", net, s->costs);
    return pros_format(run, "%s %s", net, costs);
}

static void conclude_promoter(struct pros_run *run, const struct terms *terms,
                              const struct settlement *s, const char *pay_step)
{
    int64_t exact = s->gross - s->facility - s->other_fees - s->tax + s->extra;
    struct pros_contribution parts[9];
    size_t count = 0;
    const struct {
        int64_t minor;
        const char *text, *use;
    } terms_of_sum[] = {{-s->facility - s->other_fees, "fees before settlement", NULL},
                        {-s->tax, "ticket tax", NULL},
                        {s->extra, "untaxed extra revenue", NULL},
                        {s->shares.receipts - exact, "rounding of the lines above", NULL},
                        {-s->own_costs, "costs as paid", NULL},
                        {-s->shares.artists, "headliners' earnings", pay_step},
                        {-s->shares.partner, "co-promoter's share", NULL}};
    for (size_t i = 0; i < sizeof terms_of_sum / sizeof *terms_of_sum; i++)
        if (terms_of_sum[i].minor)
            parts[count++] = (struct pros_contribution){major(terms, (double)terms_of_sum[i].minor),
                                                        terms_of_sum[i].text, terms_of_sum[i].use};
    pros_conclude(run, (struct pros_conclusion){.name = "promoter_result",
                                                .unit = terms->currency,
                                                .value = major(terms, (double)s->shares.promoter),
                                                .link = PROS_LINK_IDENTITY,
                                                .baseline = major(terms, (double)s->gross),
                                                .baseline_text = "gross",
                                                .contributions = parts,
                                                .contribution_count = count,
                                                .confidence = PROS_CONFIDENCE_EXACT});
}

static void conclude_artist(struct pros_run *run, const struct terms *terms,
                            const struct settlement *s, const char *pay_step)
{
    bool replaced = terms->type == DEAL_HURDLE && s->backend_opened;
    int64_t guarantee = terms_use_guarantee(terms) && !replaced ? terms->guarantee.value : 0;
    struct pros_contribution parts[] = {
        {major(terms, (double)(s->shares.artist - guarantee - s->bonus)),
         "what the share or the rate pays beyond it", pay_step},
        {major(terms, (double)s->bonus), "bonuses", pay_step}};
    pros_conclude(run, (struct pros_conclusion){.name = "artist_earnings",
                                                .unit = terms->currency,
                                                .value = major(terms, (double)s->shares.artist),
                                                .link = PROS_LINK_IDENTITY,
                                                .baseline = major(terms, (double)guarantee),
                                                .baseline_text = "guarantee",
                                                .contributions = parts,
                                                .contribution_count = 2,
                                                .confidence = PROS_CONFIDENCE_EXACT});
    struct pros_contribution cheque[] = {
        {-major(terms, (double)s->withholding), "tax withheld", NULL},
        {-major(terms, (double)s->deposit), "deposit already paid", NULL},
        {major(terms, (double)s->reimbursements), "reimbursements", NULL}};
    pros_conclude(run, (struct pros_conclusion){.name = "cheque_on_the_night",
                                                .unit = terms->currency,
                                                .value = major(terms, (double)s->cheque),
                                                .link = PROS_LINK_IDENTITY,
                                                .baseline = major(terms, (double)s->shares.artist),
                                                .baseline_text = "artist's earnings",
                                                .contributions = cheque,
                                                .contribution_count = 3,
                                                .confidence = PROS_CONFIDENCE_EXACT});
}

void explain_settlement(struct pros_run *run, const struct terms *terms, const struct settlement *s)
{
    const char *ids = input_terms(run, terms);
    const char *before = explain_ladder(run, terms, s);
    if (s->promoter_profit)
        before = step(run, terms, PROS_STEP_COMPUTE, "Promoter profit",
                      terms->flags.profit == PROFIT_EXPENSES
                          ? "promoter profit = k * costs"
                          : "promoter profit = k * (costs + guarantees)",
                      before, s->promoter_profit);
    if (s->split_point.set)
        before = step(run, terms, PROS_STEP_COMPUTE, "Split point", split_formula(terms), before,
                      s->split_point.value);
    const char *pay_step = step(run, terms, PROS_STEP_RULE, "Artist's earnings", pay_formula(terms),
                                pros_format(run, "%s %s", before, ids), s->shares.artist);
    step(run, terms, PROS_STEP_COMPUTE, "Promoter's ticket result",
         "promoter = net gross - headliners - costs as paid - partner", pay_step,
         s->shares.promoter);
    if (s->house.set)
        step(run, terms, PROS_STEP_COMPUTE, "Show contribution",
             "contribution = promoter + bar margin + facility fees + rebates + merchandise",
             pay_step, s->house.contribution);
    for (size_t i = 0; i < s->warnings.count; i++) {
        pros_step(run, (struct pros_step){.kind = PROS_STEP_VALIDATE,
                                          .title = "Sheet does not agree with itself",
                                          .statement = s->warnings.text[i]});
        pros_limit(run, s->warnings.text[i]);
    }
    conclude_promoter(run, terms, s, pay_step);
    conclude_artist(run, terms, s, pay_step);
    pros_summary(run, pros_format(run, "The artist earns %s and the promoter keeps %s; %s.",
                                  amount_text(run, terms, s->shares.artist),
                                  amount_text(run, terms, s->shares.promoter),
                                  s->backend_opened ? "the percentage pays"
                                                    : "the percentage does not pay"));
}

void explain_demand(struct pros_run *run, const struct demand *demand, int64_t room, double mean)
{
    const char *id = input(run, "demand, stated mean", demand->mean, "tickets");
    pros_step(run, (struct pros_step){
                       .kind = PROS_STEP_MODEL,
                       .title = "Demand as ticket counts",
                       .statement = pros_format(run,
                                                "%zu quantiles spread over 0 to %lld tickets, %.1f "
                                                "expected; more than the room is a full room",
                                                demand->count, (long long)room, mean),
                       .formula = "P(n) = F(n + 1/2) - F(n - 1/2), F linear between quantiles",
                       .uses = id,
                       .value = &mean,
                       .unit = "tickets"});
    if (fabs(mean - demand->mean) > 0.02 * fmax(demand->mean, 1))
        pros_limit(run,
                   pros_format(run,
                               "The demand's stated mean is %.1f tickets, its quantiles within "
                               "this room give %.1f; the quantiles were used.",
                               demand->mean, mean));
    if (demand->has_capacity && demand->capacity < (double)room)
        pros_limit(run, pros_format(run,
                                    "The demand was predicted for a room of %.0f and the sheet "
                                    "sells %lld; nothing above %.0f was considered.",
                                    demand->capacity, (long long)room, demand->capacity));
    if (demand->count < 5)
        pros_limit(run, "Fewer than five quantiles: the tails of the demand are a guess.");
}

/* The loss as the probability of too few tickets, and of what comes back above. */
static void conclude_loss(struct pros_run *run, const struct evaluator *evaluator,
                          const struct evaluation *evaluation, enum loss_basis basis)
{
    int64_t n = 0;
    double low = 0;
    for (; n <= evaluator->room; n++) {
        int64_t house = basis == LOSS_SHOW_CONTRIBUTION ? evaluator->house[n] : 0;
        if (evaluator->promoter[n] + house >= 0)
            break;
        low += evaluator->pmf[n];
    }
    low = fmin(low, evaluation->loss_probability);
    struct pros_contribution parts[] = {
        {low, pros_format(run, "fewer than %lld tickets", (long long)n), NULL},
        {evaluation->loss_probability - low, "losses at higher counts", NULL}};
    pros_conclude(run, (struct pros_conclusion){.name = "loss_probability",
                                                .unit = "probability",
                                                .value = evaluation->loss_probability,
                                                .link = PROS_LINK_IDENTITY,
                                                .baseline_text = "no loss",
                                                .contributions = parts,
                                                .contribution_count = 2,
                                                .confidence = PROS_CONFIDENCE_MODEL});
}

static void explain_break_even(struct pros_run *run, const struct evaluator *evaluator,
                               const struct evaluation *evaluation, const char *pay_step)
{
    if (!evaluation->internal.set)
        return;
    double tickets = (double)evaluation->internal.tickets;
    pros_step(run,
              (struct pros_step){.kind = PROS_STEP_COMPUTE,
                                 .title = "Break-even",
                                 .statement = pros_format(run, "no loss from %lld tickets",
                                                          (long long)evaluation->internal.tickets),
                                 .formula = "first n with result(n) >= 0, exact, up",
                                 .uses = pay_step,
                                 .value = &tickets,
                                 .unit = "tickets"});
    pros_flip(run, (struct pros_flip){"paid tickets", evaluator->tickets, tickets, "tickets",
                                      evaluator->tickets >= tickets
                                          ? "below it the ticket result is a loss"
                                          : "from there the ticket result is no loss"});
}

void explain_evaluation(struct pros_run *run, const struct terms *terms, const char *label,
                        const struct evaluator *evaluator, const struct evaluation *evaluation,
                        enum loss_basis basis)
{
    const char *ids = input_terms(run, terms);
    const char *pay_step =
        step(run, terms, PROS_STEP_COMPUTE, "Expected earnings of the artist",
             pros_format(run, "sum over n of P(n) * payout(n); %s", pay_formula(terms)), ids,
             llround(evaluation->artist.mean));
    step(run, terms, PROS_STEP_COMPUTE, "Mean of the promoter's worst 5 %",
         "mean of the lowest 5 % of sum over n of P(n)", pay_step,
         llround(evaluation->promoter.worst_mean));
    explain_break_even(run, evaluator, evaluation, pay_step);
    double sum = evaluator->gross - evaluator->fees - evaluator->tax + evaluator->extra -
                 evaluation->own_costs - evaluation->artist.mean - evaluation->partner;
    struct pros_contribution parts[] = {
        {-major(terms, evaluator->fees), "expected fees before settlement", NULL},
        {-major(terms, evaluator->tax), "expected ticket tax", NULL},
        {major(terms, evaluator->extra), "untaxed extra revenue", NULL},
        {-major(terms, evaluation->own_costs), "expected costs", NULL},
        {-major(terms, evaluation->artist.mean), "expected earnings of the artist", pay_step},
        {-major(terms, evaluation->partner), "co-promoter's expected share", NULL},
        {major(terms, evaluation->promoter.mean - sum), "rounding to whole minor units", NULL}};
    double low = major(terms, (double)evaluation->promoter.values[0]);
    double high = major(terms, (double)evaluation->promoter.values[EVALUATE_QUANTILES - 1]);
    pros_conclude(
        run, (struct pros_conclusion){.name = "expected_promoter_result",
                                      .unit = terms->currency,
                                      .value = major(terms, evaluation->promoter.mean),
                                      .link = PROS_LINK_IDENTITY,
                                      .baseline = major(terms, evaluator->gross),
                                      .baseline_text = "expected gross",
                                      .contributions = parts,
                                      .contribution_count = sizeof parts / sizeof *parts,
                                      .low = &low,
                                      .high = &high,
                                      .interval_level = evaluate_levels[EVALUATE_QUANTILES - 1] -
                                                        evaluate_levels[0],
                                      .confidence = PROS_CONFIDENCE_MODEL});
    conclude_loss(run, evaluator, evaluation, basis);
    if (!evaluation->has_contribution)
        pros_limit(run, "Bar, merchandise and rebates were not given: this is the ticket result.");
    if (evaluation->loss_returns)
        pros_limit(run, "Beyond the break-even there are ticket counts that lose money again.");
    pros_summary(run,
                 pros_format(run, "%s: %s expected for the promoter, %.0f %% chance of a loss.",
                             label, amount_text(run, terms, llround(evaluation->promoter.mean)),
                             evaluation->loss_probability * 100));
}

static double result_mean(const struct option *option)
{
    return option->evaluation.has_contribution ? option->evaluation.contribution.mean
                                               : option->evaluation.promoter.mean;
}

static void explain_turn(struct pros_run *run, const struct comparison *comparison,
                         const struct option *chosen, const struct option *other,
                         double expected_tickets)
{
    struct turn turn = option_turn(comparison, chosen, other);
    if (turn.set)
        pros_flip(run, (struct pros_flip){
                           "paid tickets", expected_tickets, (double)turn.tickets, "tickets",
                           pros_format(run, "%s leaves the promoter more %s", other->label,
                                       turn.better_above ? "from there up" : "from there down")});
}

const char *explain_comparison(struct pros_run *run, const struct comparison *comparison,
                               const struct option *options, size_t count)
{
    const struct option *chosen = &options[0];
    const struct terms *terms = &chosen->terms;
    double tickets = 0;
    for (int64_t n = 0; n <= comparison->room; n++)
        tickets += comparison->pmf[n] * (double)n;
    for (size_t i = 0; i < count; i++) {
        const struct option *option = &options[i];
        double value = major(terms, result_mean(option));
        pros_step(run,
                  (struct pros_step){
                      .kind = PROS_STEP_COMPARE,
                      .title = option->label,
                      .statement = pros_format(
                          run, "%s expected, %.0f %% chance of a loss, worst 5 %% %s, artist %s",
                          amount_text(run, terms, llround(result_mean(option))),
                          option->evaluation.loss_probability * 100,
                          amount_text(run, terms, llround(option->evaluation.promoter.worst_mean)),
                          amount_text(run, terms, llround(option->evaluation.artist.mean))),
                      .value = &value,
                      .unit = terms->currency});
        if (i == 0)
            continue;
        pros_alternative(run, (struct pros_alternative){option->label, value, terms->currency,
                                                        option->reason,
                                                        value - major(terms, result_mean(chosen))});
        explain_turn(run, comparison, chosen, option, tickets);
    }
    if (chosen->resized)
        pros_flip(run, (struct pros_flip){"limit of the chance of a loss", comparison->limit,
                                          chosen->offered_loss, "probability",
                                          "the guarantee need not be lowered"});
    pros_step(run, (struct pros_step){
                       .kind = PROS_STEP_DECIDE,
                       .title = "Recommended structure",
                       .statement = pros_format(run, "%s: %s", chosen->label, chosen->reason)});
    const char *summary = pros_format(
        run, "Offer %s (%s): %s expected for you, %.0f %% chance of a loss, %s for the artist.",
        chosen->label, chosen->reason, amount_text(run, terms, llround(result_mean(chosen))),
        chosen->evaluation.loss_probability * 100,
        amount_text(run, terms, llround(chosen->evaluation.artist.mean)));
    pros_summary(run, summary);
    return summary;
}
