#include <math.h>

#include "deal-optimizer/translate.h"

/* Points of a curve in a reply, at most. */
#define CURVE_POINTS 101

static Promoteros__V1__DealFlags *flags_write(struct pros_run *run, const struct flags *flags)
{
    Promoteros__V1__DealFlags *message = pros_alloc(run, sizeof *message);
    promoteros__v1__deal_flags__init(message);
    message->guarantee_placement = (Promoteros__V1__GuaranteePlacement)flags->guarantee;
    message->tax_mode = (Promoteros__V1__TaxMode)flags->tax;
    message->facility_fee_placement = (Promoteros__V1__FacilityFeePlacement)flags->facility;
    message->support_treatment = (Promoteros__V1__SupportTreatment)flags->support;
    message->promoter_profit_base = (Promoteros__V1__PromoterProfitBase)flags->profit;
    message->bonus_rule = (Promoteros__V1__BonusRule)flags->bonus;
    message->comps_rule = (Promoteros__V1__CompsRule)flags->comps;
    message->expense_cap_rule = (Promoteros__V1__ExpenseCapRule)flags->caps;
    message->rounding_rule = (Promoteros__V1__RoundingRule)flags->rounding;
    return message;
}

Promoteros__V1__DealTerms *terms_write(struct pros_run *run, const struct terms *terms,
                                       const Promoteros__V1__DealTerms *original)
{
    Promoteros__V1__DealTerms *message = pros_alloc(run, sizeof *message);
    promoteros__v1__deal_terms__init(message);
    if (original)
        *message = *original;
    message->currency_code = pros_format(run, "%s", terms->currency);
    message->label = pros_format(run, "%s", terms->label ? terms->label : "");
    message->type = (Promoteros__V1__DealType)terms->type;
    message->share_base = (Promoteros__V1__ShareBase)terms->share_base;
    message->flags = flags_write(run, &terms->flags);
    if (terms->guarantee.set) {
        message->_guarantee_minor_case =
            PROMOTEROS__V1__DEAL_TERMS___GUARANTEE_MINOR_GUARANTEE_MINOR;
        message->guarantee_minor = terms->guarantee.value;
    }
    if (terms->share_ppm.set) {
        message->_share_ppm_case = PROMOTEROS__V1__DEAL_TERMS___SHARE_PPM_SHARE_PPM;
        message->share_ppm = terms->share_ppm.value;
    }
    if (terms->profit_ppm.set) {
        message->_promoter_profit_ppm_case =
            PROMOTEROS__V1__DEAL_TERMS___PROMOTER_PROFIT_PPM_PROMOTER_PROFIT_PPM;
        message->promoter_profit_ppm = terms->profit_ppm.value;
    }
    return message;
}

void warnings_write(struct pros_run *run, const struct warnings *warnings, size_t *count,
                    char ***texts)
{
    *count = warnings->count;
    *texts = pros_alloc(run, (warnings->count + 1) * sizeof **texts);
    for (size_t i = 0; i < warnings->count; i++)
        (*texts)[i] = pros_format(run, "%s", warnings->text[i]);
}

static Promoteros__V1__SettledLine *line_write(struct pros_run *run, const char *name,
                                               int64_t amount)
{
    Promoteros__V1__SettledLine *line = pros_alloc(run, sizeof *line);
    promoteros__v1__settled_line__init(line);
    line->name = (char *)name;
    line->amount_minor = amount;
    return line;
}

static void write_parties(struct pros_run *run, const struct terms *terms,
                          const struct settlement *settlement, Promoteros__V1__Settlement *message)
{
    message->n_lines = settlement->line_count;
    message->lines = pros_alloc(run, (message->n_lines + 1) * sizeof *message->lines);
    for (size_t i = 0; i < message->n_lines; i++)
        message->lines[i] = line_write(run, settlement->lines[i].name, settlement->lines[i].amount);
    message->n_co_headliners = terms->co_headliner_count;
    message->co_headliners =
        pros_alloc(run, (message->n_co_headliners + 1) * sizeof *message->co_headliners);
    for (size_t i = 0; i < message->n_co_headliners; i++)
        message->co_headliners[i] =
            line_write(run, terms->co_headliners[i].name, settlement->shares.co_headliners[i]);
    if (!settlement->house.set)
        return;
    message->house = pros_alloc(run, sizeof *message->house);
    promoteros__v1__house_result__init(message->house);
    message->house->heads = settlement->house.heads;
    message->house->bar_minor = settlement->house.bar;
    message->house->facility_minor = settlement->house.facility;
    message->house->ticket_rebate_minor = settlement->house.ticket_rebate;
    message->house->merch_minor = settlement->house.merch;
    message->house->artist_merch_minor = settlement->house.artist_merch;
    message->house->show_contribution_minor = settlement->house.contribution;
}

Promoteros__V1__Settlement *settlement_write(struct pros_run *run, const struct terms *terms,
                                             const struct settlement *settlement)
{
    Promoteros__V1__Settlement *message = pros_alloc(run, sizeof *message);
    promoteros__v1__settlement__init(message);
    message->currency_code = (char *)terms->currency;
    message->sold_tickets = settlement->sold;
    message->gross_minor = settlement->gross;
    message->facility_minor = settlement->facility;
    message->other_fees_minor = settlement->other_fees;
    message->adjusted_gross_minor = settlement->adjusted;
    message->tax_minor = settlement->tax;
    message->net_gross_minor = settlement->net_gross;
    message->untaxed_extra_minor = settlement->extra;
    message->artist_facing_expenses_minor = settlement->costs;
    message->fixed_expenses_minor = settlement->fixed;
    message->variable_expenses_minor = settlement->variable;
    message->internal_expenses_minor = settlement->own_costs;
    message->expenses_plus_guarantee_minor = settlement->costs_plus_guarantee;
    message->promoter_profit_minor = settlement->promoter_profit;
    if (settlement->split_point.set) {
        message->_split_point_minor_case =
            PROMOTEROS__V1__SETTLEMENT___SPLIT_POINT_MINOR_SPLIT_POINT_MINOR;
        message->split_point_minor = settlement->split_point.value;
    }
    message->net_to_split_minor = settlement->net_to_split;
    message->percentage_payout_minor = settlement->percentage;
    message->backend_opened = settlement->backend_opened;
    message->bonus_minor = settlement->bonus;
    message->artist_minor = settlement->shares.artist;
    message->partner_minor = settlement->shares.partner;
    message->promoter_minor = settlement->shares.promoter;
    message->withholding_minor = settlement->withholding;
    message->deposit_minor = settlement->deposit;
    message->reimbursements_minor = settlement->reimbursements;
    message->cheque_minor = settlement->cheque;
    write_parties(run, terms, settlement, message);
    warnings_write(run, &settlement->warnings, &message->n_warnings, &message->warnings);
    return message;
}

static Promoteros__V1__PayoffSummary *payoff_write(struct pros_run *run,
                                                   const struct payoff *payoff)
{
    Promoteros__V1__PayoffSummary *message = pros_alloc(run, sizeof *message);
    promoteros__v1__payoff_summary__init(message);
    message->expected_minor = llround(payoff->mean);
    message->worst_mean_minor = llround(payoff->worst_mean);
    message->n_levels = message->n_values_minor = EVALUATE_QUANTILES;
    message->levels = pros_alloc(run, sizeof evaluate_levels);
    message->values_minor = pros_alloc(run, sizeof payoff->values);
    for (size_t i = 0; i < EVALUATE_QUANTILES; i++) {
        message->levels[i] = evaluate_levels[i];
        message->values_minor[i] = payoff->values[i];
    }
    return message;
}

static Promoteros__V1__BreakEven *break_even_write(struct pros_run *run,
                                                   const struct break_even *point)
{
    if (!point->set)
        return NULL;
    Promoteros__V1__BreakEven *message = pros_alloc(run, sizeof *message);
    promoteros__v1__break_even__init(message);
    message->tickets = point->tickets;
    message->exact_hundredths = point->exact_hundredths;
    return message;
}

static void write_kinks(struct pros_run *run, const struct evaluation *evaluation,
                        const int64_t *promoter, const int64_t *artist,
                        Promoteros__V1__DealEvaluation *message)
{
    message->n_kinks = evaluation->kink_count;
    message->kinks = pros_alloc(run, (message->n_kinks + 1) * sizeof *message->kinks);
    for (size_t i = 0; i < message->n_kinks; i++) {
        const struct kink *kink = &evaluation->kinks[i];
        Promoteros__V1__Kink *written = pros_alloc(run, sizeof *written);
        promoteros__v1__kink__init(written);
        written->name = pros_format(run, "%s", kink->name);
        if (kink->tickets.set) {
            written->_tickets_case = PROMOTEROS__V1__KINK___TICKETS_TICKETS;
            written->tickets = kink->tickets.value;
            written->promoter_minor = promoter[kink->tickets.value];
            written->artist_minor = artist[kink->tickets.value];
        }
        message->kinks[i] = written;
    }
}

static void write_curve(struct pros_run *run, int64_t room, const int64_t *promoter,
                        const int64_t *artist, Promoteros__V1__DealEvaluation *message)
{
    int64_t step = (room + CURVE_POINTS - 2) / (CURVE_POINTS - 1);
    size_t count = 0, size = (CURVE_POINTS + 1) * sizeof(int64_t);
    message->curve_tickets = pros_alloc(run, size);
    message->curve_promoter_minor = pros_alloc(run, size);
    message->curve_artist_minor = pros_alloc(run, size);
    for (int64_t n = 0;; n = n + step < room ? n + step : room) {
        message->curve_tickets[count] = n;
        message->curve_promoter_minor[count] = promoter[n];
        message->curve_artist_minor[count++] = artist[n];
        if (n == room)
            break;
    }
    message->n_curve_tickets = message->n_curve_promoter_minor = message->n_curve_artist_minor =
        count;
}

Promoteros__V1__DealEvaluation *evaluation_write(struct pros_run *run, const char *label,
                                                 Promoteros__V1__DealTerms *terms,
                                                 const struct evaluator *evaluator,
                                                 const struct evaluation *evaluation,
                                                 const int64_t *promoter, const int64_t *artist)
{
    Promoteros__V1__DealEvaluation *message = pros_alloc(run, sizeof *message);
    promoteros__v1__deal_evaluation__init(message);
    message->label = pros_format(run, "%s", label);
    message->terms = terms;
    message->expected_tickets = evaluator->tickets;
    message->promoter = payoff_write(run, &evaluation->promoter);
    message->artist = payoff_write(run, &evaluation->artist);
    if (evaluation->has_contribution)
        message->show_contribution = payoff_write(run, &evaluation->contribution);
    message->loss_probability = evaluation->loss_probability;
    message->internal_break_even = break_even_write(run, &evaluation->internal);
    message->external_break_even = break_even_write(run, &evaluation->external);
    write_kinks(run, evaluation, promoter, artist, message);
    write_curve(run, evaluator->room, promoter, artist, message);
    return message;
}
