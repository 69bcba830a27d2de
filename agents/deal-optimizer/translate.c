#include "deal-optimizer/translate.h"

#include "deal-optimizer/money.h"

/* The sheet's enums are the contract's numbers; the last of each is enough to notice a change. */
_Static_assert((int)DEAL_RENTAL == PROMOTEROS__V1__DEAL_TYPE__DEAL_TYPE_RENTAL, "deal type");
_Static_assert((int)SHARE_NET == PROMOTEROS__V1__SHARE_BASE__SHARE_BASE_NET, "share base");
_Static_assert((int)GUARANTEE_OUTSIDE ==
                   PROMOTEROS__V1__GUARANTEE_PLACEMENT__GUARANTEE_PLACEMENT_OUTSIDE_SPLIT,
               "guarantee placement");
_Static_assert((int)TAX_MULTIPLIER == PROMOTEROS__V1__TAX_MODE__TAX_MODE_MULTIPLIER, "tax mode");
_Static_assert((int)FACILITY_ON_TOP ==
                   PROMOTEROS__V1__FACILITY_FEE_PLACEMENT__FACILITY_FEE_PLACEMENT_ON_TOP,
               "facility fee");
_Static_assert((int)SUPPORT_PROMOTER ==
                   PROMOTEROS__V1__SUPPORT_TREATMENT__SUPPORT_TREATMENT_PROMOTER_COST,
               "support");
_Static_assert(
    (int)PROFIT_EXPENSES_AND_GUARANTEE ==
        PROMOTEROS__V1__PROMOTER_PROFIT_BASE__PROMOTER_PROFIT_BASE_EXPENSES_AND_GUARANTEE,
    "promoter profit");
_Static_assert((int)BONUS_RETROACTIVE == PROMOTEROS__V1__BONUS_RULE__BONUS_RULE_RETROACTIVE,
               "bonus rule");
_Static_assert((int)COMPS_NOT_COUNTED == PROMOTEROS__V1__COMPS_RULE__COMPS_RULE_NOT_COUNTED,
               "comps rule");
_Static_assert((int)CAP_TOTAL == PROMOTEROS__V1__EXPENSE_CAP_RULE__EXPENSE_CAP_RULE_TOTAL, "caps");
_Static_assert((int)ROUND_WHOLE == PROMOTEROS__V1__ROUNDING_RULE__ROUNDING_RULE_HALF_UP_WHOLE_UNIT,
               "rounding");
_Static_assert((int)BASE_STATED == PROMOTEROS__V1__EXPENSE_BASE__EXPENSE_BASE_STATED, "base");
_Static_assert((int)EXPENSE_SUPPORT == PROMOTEROS__V1__EXPENSE_KIND__EXPENSE_KIND_SUPPORT, "kind");
_Static_assert((int)MERCH_AFTER_TAX_AND_CARD ==
                   PROMOTEROS__V1__MERCH_BASE__MERCH_BASE_AFTER_TAX_AND_CARD_FEES,
               "merch base");

#define MAYBE(message, field)                                                                      \
    ((struct maybe){(message)->_##field##_case != 0,                                               \
                    (message)->_##field##_case ? (message)->field : 0})

struct flags flags_read(const Promoteros__V1__DealFlags *message)
{
    if (!message)
        return (struct flags){0};
    return (struct flags){.guarantee = (int)message->guarantee_placement,
                          .tax = (int)message->tax_mode,
                          .facility = (int)message->facility_fee_placement,
                          .support = (int)message->support_treatment,
                          .profit = (int)message->promoter_profit_base,
                          .bonus = (int)message->bonus_rule,
                          .comps = (int)message->comps_rule,
                          .caps = (int)message->expense_cap_rule,
                          .rounding = (int)message->rounding_rule};
}

const struct merch_terms *merch_read(struct pros_run *run, Promoteros__V1__MerchTerms *const *merch,
                                     size_t count)
{
    struct merch_terms *read = pros_alloc(run, (count + 1) * sizeof *read);
    for (size_t i = 0; i < count; i++)
        read[i] = (struct merch_terms){(int)merch[i]->kind, MAYBE(merch[i], venue_share_ppm),
                                       (int)merch[i]->merch_base, (int)merch[i]->seller};
    return read;
}

static void read_parties(struct pros_run *run, const Promoteros__V1__DealTerms *message,
                         struct terms *terms)
{
    struct bonus_step *bonuses = pros_alloc(run, (message->n_bonus_steps + 1) * sizeof *bonuses);
    for (size_t i = 0; i < message->n_bonus_steps; i++) {
        const Promoteros__V1__BonusStep *step = message->bonus_steps[i];
        bonuses[i] = (struct bonus_step){MAYBE(step, at_tickets), MAYBE(step, at_sell_through_ppm),
                                         MAYBE(step, at_gross_minor), MAYBE(step, amount_minor),
                                         MAYBE(step, per_ticket_minor)};
    }
    struct co_headliner *parties =
        pros_alloc(run, (message->n_co_headliners + 1) * sizeof *parties);
    for (size_t i = 0; i < message->n_co_headliners; i++) {
        const Promoteros__V1__CoHeadliner *party = message->co_headliners[i];
        parties[i] = (struct co_headliner){party->name, party->guarantee_minor, party->share_ppm};
    }
    struct reimbursement *items = pros_alloc(run, (message->n_reimbursements + 1) * sizeof *items);
    for (size_t i = 0; i < message->n_reimbursements; i++) {
        const Promoteros__V1__Reimbursement *item = message->reimbursements[i];
        items[i] =
            (struct reimbursement){item->name, item->amount_minor, MAYBE(item, affects_split_point),
                                   MAYBE(item, affects_withholding), MAYBE(item, external_only)};
    }
    terms->bonuses = bonuses;
    terms->bonus_count = message->n_bonus_steps;
    terms->co_headliners = parties;
    terms->co_headliner_count = message->n_co_headliners;
    terms->reimbursements = items;
    terms->reimbursement_count = message->n_reimbursements;
    terms->merch = merch_read(run, message->merch, message->n_merch);
    terms->merch_count = message->n_merch;
}

struct terms terms_read(struct pros_run *run, const Promoteros__V1__DealTerms *message)
{
    struct terms terms = {
        .currency = message->currency_code,
        .label = message->label,
        .type = (int)message->type,
        .share_base = (int)message->share_base,
        .guarantee = MAYBE(message, guarantee_minor),
        .share_ppm = MAYBE(message, share_ppm),
        .profit_ppm = MAYBE(message, promoter_profit_ppm),
        .hurdle = MAYBE(message, hurdle_minor),
        .rent = MAYBE(message, rent_minor),
        .total_cap = MAYBE(message, expense_total_cap_minor),
        .deposit = MAYBE(message, deposit_minor),
        .withholding_ppm = MAYBE(message, withholding_ppm),
        .withholding_threshold = MAYBE(message, withholding_threshold_minor),
        .flags = flags_read(message->flags),
        .cross_collateralised = message->cross_collateralised,
    };
    if (message->per_ticket) {
        const Promoteros__V1__PerTicketTerms *rule = message->per_ticket;
        terms.per_ticket =
            (struct per_ticket){true, rule->amount_minor, rule->above_tickets,
                                rule->above_sell_through_ppm, MAYBE(rule, cap_tickets)};
    }
    if (message->co_promotion)
        terms.co_promotion = (struct co_promotion){true, message->co_promotion->partner_share_ppm,
                                                   MAYBE(message->co_promotion, shares_losses)};
    read_parties(run, message, &terms);
    return terms;
}

static struct box_office box_read(struct pros_run *run, const Promoteros__V1__BoxOffice *message)
{
    struct tier *tiers = pros_alloc(run, (message->n_tiers + 1) * sizeof *tiers);
    for (size_t i = 0; i < message->n_tiers; i++) {
        const Promoteros__V1__BoxOfficeTier *tier = message->tiers[i];
        tiers[i] = (struct tier){tier->name,         tier->price_minor,
                                 tier->sold_tickets, MAYBE(tier, allotment_tickets),
                                 tier->comp_tickets, tier->kill_tickets};
    }
    struct fee *fees = pros_alloc(run, (message->n_pre_settlement_fees + 1) * sizeof *fees);
    for (size_t i = 0; i < message->n_pre_settlement_fees; i++) {
        const Promoteros__V1__PreSettlementFee *fee = message->pre_settlement_fees[i];
        fees[i] = (struct fee){fee->name, MAYBE(fee, per_ticket_minor), MAYBE(fee, included_ppm)};
    }
    return (struct box_office){.currency = message->currency_code,
                               .tiers = tiers,
                               .tier_count = message->n_tiers,
                               .fees = fees,
                               .fee_count = message->n_pre_settlement_fees,
                               .facility_fee = MAYBE(message, facility_fee_minor),
                               .tax_ppm = MAYBE(message, tax_ppm),
                               .untaxed_extra = message->untaxed_extra_minor,
                               .reported_sold = MAYBE(message, reported_sold_tickets),
                               .gross = MAYBE(message, gross_minor),
                               .fees_total = MAYBE(message, fees_minor),
                               .tax = MAYBE(message, tax_minor),
                               .net_gross = MAYBE(message, net_gross_minor),
                               .capacity = MAYBE(message, capacity_tickets)};
}

static const struct house *house_read(struct pros_run *run, const Promoteros__V1__House *message)
{
    struct house_merch *merch = pros_alloc(run, (message->n_merch + 1) * sizeof *merch);
    for (size_t i = 0; i < message->n_merch; i++)
        merch[i] =
            (struct house_merch){(int)message->merch[i]->kind, message->merch[i]->per_head_minor,
                                 message->merch[i]->tax_ppm, message->merch[i]->card_fee_ppm};
    struct house *house = pros_alloc(run, sizeof *house);
    *house = (struct house){.show_rate_ppm = MAYBE(message, show_rate_ppm),
                            .extra_comps = message->extra_comp_tickets,
                            .bar_per_head = message->bar_per_head_minor,
                            .bar_margin_ppm = message->bar_margin_ppm,
                            .ticket_rebate = message->ticket_rebate_minor,
                            .merch = merch,
                            .merch_count = message->n_merch,
                            .keeps_facility_fee = MAYBE(message, keeps_facility_fee)};
    return house;
}

struct show show_read(struct pros_run *run, const Promoteros__V1__ShowSheet *message)
{
    struct show show = {.name = message->name, .box.currency = "", .expense_currency = ""};
    if (message->box_office)
        show.box = box_read(run, message->box_office);
    if (message->house)
        show.house = house_read(run, message->house);
    const Promoteros__V1__Expenses *expenses = message->expenses;
    if (!expenses)
        return show;
    struct expense_line *lines = pros_alloc(run, (expenses->n_lines + 1) * sizeof *lines);
    for (size_t i = 0; i < expenses->n_lines; i++) {
        const Promoteros__V1__ExpenseLine *line = expenses->lines[i];
        lines[i] = (struct expense_line){
            line->name,     (int)line->kind,        (int)line->expense_base, line->amount_minor,
            line->rate_ppm, MAYBE(line, cap_minor), line->internal_only};
    }
    show.expense_currency = expenses->currency_code;
    show.lines = lines;
    show.line_count = expenses->n_lines;
    show.reported_fixed = MAYBE(expenses, reported_fixed_minor);
    return show;
}

struct demand demand_read(const Promoteros__V1__Distribution *message)
{
    struct demand demand = {.levels = message->levels,
                            .values = message->values,
                            .count = message->n_levels,
                            .mean = message->mean};
    demand.has_capacity = message->_capacity_case != 0;
    demand.capacity = demand.has_capacity ? message->capacity : 0;
    demand.has_mass = message->_mass_at_capacity_case != 0;
    demand.mass_at_capacity = demand.has_mass ? message->mass_at_capacity : 0;
    return demand;
}
