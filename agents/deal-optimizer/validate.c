#include "deal-optimizer/validate.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "deal-optimizer/ladder.h"
#include "deal-optimizer/money.h"

bool deal_fail(struct deal_error *error, const char *reason, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    error->reason = reason;
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return false;
}

static bool in_range(struct deal_error *error, const char *where, size_t index, const char *field,
                     int64_t value, int64_t low, int64_t high)
{
    if (value >= low && value <= high)
        return true;
    if (high == PPM)
        return deal_fail(error, "OUT_OF_RANGE",
                         "%s[%zu].%s is %.4f %%; it must be between 0 and 100 %%. Rates are in "
                         "parts per million: 85 %% is 850000.",
                         where, index, field, (double)value / 10000);
    return deal_fail(error, "OUT_OF_RANGE", "%s[%zu].%s is %lld; it must be between %lld and %lld.",
                     where, index, field, (long long)value, (long long)low, (long long)high);
}

static bool maybe_in_range(struct deal_error *error, const char *where, size_t index,
                           const char *field, struct maybe value, int64_t high)
{
    return !value.set || in_range(error, where, index, field, value.value, 0, high);
}

static bool few_enough(struct deal_error *error, const char *what, size_t count, size_t limit)
{
    return count <= limit ||
           deal_fail(error, "TOO_MANY", "There are %zu %s; at most %zu are taken.", count, what,
                     limit);
}

static bool known_enum(struct deal_error *error, const char *field, int value, int last)
{
    return (value >= 0 && value <= last) ||
           deal_fail(error, "OUT_OF_RANGE", "%s has the unknown value %d; known are 0 to %d.",
                     field, value, last);
}

static bool currency_ok(struct deal_error *error, const char *where, const char *code,
                        const char *expected)
{
    if (currency_digits(code) < 0)
        return deal_fail(error, "UNKNOWN_CURRENCY",
                         "The currency \"%.12s\" of %s is not an ISO 4217 code; write for example "
                         "USD, EUR or GBP.",
                         code ? code : "", where);
    if (strcmp(code, expected) != 0)
        return deal_fail(error, "CURRENCY_MISMATCH",
                         "%s is in %s and the deal in %s; convert one of them first.", where, code,
                         expected);
    return true;
}

static bool flags_valid(const struct terms *terms, struct deal_error *error)
{
    const struct flags *flags = &terms->flags;
    const struct {
        const char *field;
        int value, last;
    } enums[] = {
        {"terms.type", terms->type, DEAL_RENTAL},
        {"terms.share_base", terms->share_base, SHARE_NET},
        {"flags.guarantee_placement", flags->guarantee, GUARANTEE_OUTSIDE},
        {"flags.tax_mode", flags->tax, TAX_MULTIPLIER},
        {"flags.facility_fee_placement", flags->facility, FACILITY_ON_TOP},
        {"flags.support_treatment", flags->support, SUPPORT_PROMOTER},
        {"flags.promoter_profit_base", flags->profit, PROFIT_EXPENSES_AND_GUARANTEE},
        {"flags.bonus_rule", flags->bonus, BONUS_RETROACTIVE},
        {"flags.comps_rule", flags->comps, COMPS_NOT_COUNTED},
        {"flags.expense_cap_rule", flags->caps, CAP_TOTAL},
        {"flags.rounding_rule", flags->rounding, ROUND_WHOLE},
    };
    for (size_t i = 0; i < sizeof enums / sizeof *enums; i++)
        if (!known_enum(error, enums[i].field, enums[i].value, enums[i].last))
            return false;
    return true;
}

static bool bonus_valid(const struct terms *terms, size_t index, struct deal_error *error)
{
    const struct bonus_step *step = &terms->bonuses[index];
    const char *where = "terms.bonus_steps";
    int thresholds = step->at_tickets.set + step->at_sell_through_ppm.set + step->at_gross.set;
    if (thresholds != 1 || step->amount.set + step->per_ticket.set != 1)
        return deal_fail(error, "CONTRADICTION",
                         "%s[%zu] needs exactly one threshold (tickets, sell-through or gross) and "
                         "exactly one reward (an amount or an amount a ticket).",
                         where, index);
    if (!maybe_in_range(error, where, index, "at_tickets", step->at_tickets, SHEET_MAX_TICKETS) ||
        !maybe_in_range(error, where, index, "at_sell_through_ppm", step->at_sell_through_ppm,
                        PPM) ||
        !maybe_in_range(error, where, index, "at_gross_minor", step->at_gross, MONEY_MAX) ||
        !maybe_in_range(error, where, index, "amount_minor", step->amount, MONEY_MAX) ||
        !maybe_in_range(error, where, index, "per_ticket_minor", step->per_ticket, MONEY_MAX))
        return false;
    if (terms->flags.bonus == BONUS_RETROACTIVE && step->amount.set)
        return deal_fail(error, "CONTRADICTION",
                         "%s[%zu] pays a flat amount, which cannot reach back to the first ticket; "
                         "state an amount a ticket or another bonus_rule.",
                         where, index);
    if (step->at_gross.set && step->per_ticket.set && terms->flags.bonus != BONUS_RETROACTIVE)
        return deal_fail(error, "CONTRADICTION",
                         "%s[%zu] pays for tickets above an amount of gross, which is no ticket "
                         "count; state the threshold in tickets or sell-through.",
                         where, index);
    if (index == 0)
        return true;
    const struct bonus_step *before = &terms->bonuses[index - 1];
    if ((step->at_tickets.set && before->at_tickets.set &&
         step->at_tickets.value <= before->at_tickets.value) ||
        (step->at_gross.set && before->at_gross.set &&
         step->at_gross.value <= before->at_gross.value) ||
        (step->at_sell_through_ppm.set && before->at_sell_through_ppm.set &&
         step->at_sell_through_ppm.value <= before->at_sell_through_ppm.value))
        return deal_fail(
            error, "CONTRADICTION",
            "%s[%zu] is not above the step before it; list the steps from low to high.", where,
            index);
    return true;
}

static bool parties_valid(const struct terms *terms, struct deal_error *error)
{
    int64_t shares = terms->share_ppm.value;
    for (size_t i = 0; i < terms->co_headliner_count; i++) {
        const struct co_headliner *party = &terms->co_headliners[i];
        if (!in_range(error, "terms.co_headliners", i, "guarantee_minor", party->guarantee, 0,
                      MONEY_MAX) ||
            !in_range(error, "terms.co_headliners", i, "share_ppm", party->share_ppm, 0, PPM))
            return false;
        shares += party->share_ppm;
    }
    if (shares > PPM)
        return deal_fail(
            error, "OUT_OF_RANGE",
            "The headliners' shares add up to %.4f %%; together they are at most 100 %%.",
            (double)shares / 10000);
    if (terms->co_headliner_count && (terms->type == DEAL_RENTAL || terms->type == DEAL_PER_TICKET))
        return deal_fail(error, "CONTRADICTION",
                         "Co-headliners share a guarantee or a percentage; a rental or a "
                         "per-ticket deal has neither.");
    for (size_t i = 0; i < terms->reimbursement_count; i++)
        if (!in_range(error, "terms.reimbursements", i, "amount_minor",
                      terms->reimbursements[i].amount, -MONEY_MAX, MONEY_MAX))
            return false;
    for (size_t i = 0; i < terms->merch_count; i++)
        if (!known_enum(error, "terms.merch.kind", terms->merch[i].kind, MERCH_HARD) ||
            !known_enum(error, "terms.merch.merch_base", terms->merch[i].base,
                        MERCH_AFTER_TAX_AND_CARD) ||
            !known_enum(error, "terms.merch.seller", terms->merch[i].seller, MERCH_ARTIST) ||
            !maybe_in_range(error, "terms.merch", i, "venue_share_ppm",
                            terms->merch[i].venue_share_ppm, PPM))
            return false;
    return in_range(error, "terms.co_promotion", 0, "partner_share_ppm",
                    terms->co_promotion.partner_share_ppm, 0, PPM);
}

static bool terms_valid(const struct terms *terms, struct deal_error *error)
{
    if (!currency_ok(error, "the deal", terms->currency, terms->currency) ||
        !flags_valid(terms, error))
        return false;
    if (!few_enough(error, "bonus steps", terms->bonus_count, TERMS_MAX_BONUSES) ||
        !few_enough(error, "co-headliners", terms->co_headliner_count, TERMS_MAX_COHEADLINERS) ||
        !few_enough(error, "reimbursements", terms->reimbursement_count,
                    TERMS_MAX_REIMBURSEMENTS) ||
        !few_enough(error, "merchandise terms", terms->merch_count, 2))
        return false;
    const struct {
        const char *field;
        struct maybe value;
        int64_t high;
    } numbers[] = {
        {"guarantee_minor", terms->guarantee, MONEY_MAX},
        {"share_ppm", terms->share_ppm, PPM},
        {"promoter_profit_ppm", terms->profit_ppm, PPM},
        {"hurdle_minor", terms->hurdle, MONEY_MAX},
        {"rent_minor", terms->rent, MONEY_MAX},
        {"expense_total_cap_minor", terms->total_cap, MONEY_MAX},
        {"deposit_minor", terms->deposit, MONEY_MAX},
        {"withholding_ppm", terms->withholding_ppm, PPM},
        {"withholding_threshold_minor", terms->withholding_threshold, MONEY_MAX},
        {"per_ticket.cap_tickets", terms->per_ticket.cap_tickets, SHEET_MAX_TICKETS},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!maybe_in_range(error, "terms", 0, numbers[i].field, numbers[i].value, numbers[i].high))
            return false;
    const struct per_ticket *rule = &terms->per_ticket;
    if (!in_range(error, "terms", 0, "per_ticket.amount_minor", rule->amount, 0, MONEY_MAX) ||
        !in_range(error, "terms", 0, "per_ticket.above_tickets", rule->above_tickets, 0,
                  SHEET_MAX_TICKETS) ||
        !in_range(error, "terms", 0, "per_ticket.above_sell_through_ppm",
                  rule->above_sell_through_ppm, 0, PPM))
        return false;
    for (size_t i = 0; i < terms->bonus_count; i++)
        if (!bonus_valid(terms, i, error))
            return false;
    return parties_valid(terms, error);
}

static bool tier_valid(const struct tier *tier, size_t index, struct deal_error *error)
{
    const char *where = "box_office.tiers";
    if (!in_range(error, where, index, "price_minor", tier->price, 0, MONEY_MAX) ||
        !in_range(error, where, index, "sold_tickets", tier->sold, 0, SHEET_MAX_TICKETS) ||
        !in_range(error, where, index, "comp_tickets", tier->comps, 0, SHEET_MAX_TICKETS) ||
        !in_range(error, where, index, "kill_tickets", tier->kills, 0, SHEET_MAX_TICKETS) ||
        !maybe_in_range(error, where, index, "allotment_tickets", tier->allotment,
                        SHEET_MAX_TICKETS))
        return false;
    struct maybe sellable = tier_sellable(tier);
    if (sellable.set && (sellable.value < 0 || tier->sold > sellable.value))
        return deal_fail(
            error, "CONTRADICTION",
            "%s[%zu] (%.60s) sold %lld tickets and holds %lld comps and %lld kills of an "
            "allotment of %lld; correct the count that is wrong.",
            where, index, tier->name, (long long)tier->sold, (long long)tier->comps,
            (long long)tier->kills, (long long)tier->allotment.value);
    return true;
}

static bool box_numbers_valid(const struct box_office *box, struct deal_error *error)
{
    const struct {
        const char *field;
        struct maybe value;
        int64_t high;
    } numbers[] = {
        {"facility_fee_minor", box->facility_fee, MONEY_MAX},
        {"reported_sold_tickets", box->reported_sold, SHEET_MAX_TICKETS},
        {"gross_minor", box->gross, MONEY_MAX},
        {"fees_minor", box->fees_total, MONEY_MAX},
        {"tax_minor", box->tax, MONEY_MAX},
        {"net_gross_minor", box->net_gross, MONEY_MAX},
        {"capacity_tickets", box->capacity, SHEET_MAX_TICKETS},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!maybe_in_range(error, "box_office", 0, numbers[i].field, numbers[i].value,
                            numbers[i].high))
            return false;
    if (box->tax_ppm.set && (box->tax_ppm.value < 0 || box->tax_ppm.value >= PPM))
        return in_range(error, "box_office", 0, "tax_ppm", box->tax_ppm.value, 1, 0);
    if (!in_range(error, "box_office", 0, "untaxed_extra_minor", box->untaxed_extra, 0, MONEY_MAX))
        return false;
    for (size_t i = 0; i < box->fee_count; i++) {
        const struct fee *fee = &box->fees[i];
        if (fee->per_ticket.set + fee->included_ppm.set != 1)
            return deal_fail(error, "CONTRADICTION",
                             "box_office.pre_settlement_fees[%zu] (%.60s) needs exactly one of an "
                             "amount a ticket and a rate.",
                             i, fee->name);
        if (!maybe_in_range(error, "box_office.pre_settlement_fees", i, "per_ticket_minor",
                            fee->per_ticket, MONEY_MAX) ||
            !maybe_in_range(error, "box_office.pre_settlement_fees", i, "included_ppm",
                            fee->included_ppm, PPM))
            return false;
    }
    return true;
}

static bool box_valid(const struct box_office *box, struct deal_error *error)
{
    if (!few_enough(error, "price tiers", box->tier_count, SHEET_MAX_TIERS) ||
        !few_enough(error, "pre-settlement fees", box->fee_count, SHEET_MAX_FEES) ||
        !box_numbers_valid(box, error))
        return false;
    int64_t held = 0;
    wide gross = 0;
    for (size_t i = 0; i < box->tier_count; i++) {
        if (!tier_valid(&box->tiers[i], i, error))
            return false;
        held += box->tiers[i].sold + box->tiers[i].comps + box->tiers[i].kills;
        gross += (wide)box->tiers[i].price * box->tiers[i].sold;
    }
    if (gross > MONEY_MAX)
        return deal_fail(error, "AMOUNT_TOO_LARGE",
                         "The tiers add up to a gross above 10^12 minor units; check prices and "
                         "counts.");
    if (box->capacity.set && box->capacity.value == 0)
        return deal_fail(error, "OUT_OF_RANGE",
                         "box_office.capacity_tickets is 0; state the capacity of the room or "
                         "leave it out.");
    if (box->capacity.set && held > box->capacity.value)
        return deal_fail(error, "CONTRADICTION",
                         "Sold tickets, comps and kills add up to %lld and the room holds %lld; "
                         "correct the count that is wrong.",
                         (long long)held, (long long)box->capacity.value);
    return true;
}

static bool lines_valid(const struct show *show, struct deal_error *error)
{
    if (!few_enough(error, "expense lines", show->line_count, SHEET_MAX_LINES) ||
        !maybe_in_range(error, "expenses", 0, "reported_fixed_minor", show->reported_fixed,
                        MONEY_MAX))
        return false;
    for (size_t i = 0; i < show->line_count; i++) {
        const struct expense_line *line = &show->lines[i];
        if (!known_enum(error, "expenses.lines.expense_base", line->base, BASE_STATED) ||
            !in_range(error, "expenses.lines", i, "amount_minor", line->amount, 0, MONEY_MAX) ||
            !in_range(error, "expenses.lines", i, "rate_ppm", line->rate_ppm, 0, PPM) ||
            !maybe_in_range(error, "expenses.lines", i, "cap_minor", line->cap, MONEY_MAX))
            return false;
        bool rate = line->base >= BASE_GROSS && line->base <= BASE_NET_GROSS;
        if (line->base && (rate ? line->amount : line->rate_ppm))
            return deal_fail(error, "CONTRADICTION",
                             "expenses.lines[%zu] (%.60s) gives %s, which its base does not use; "
                             "correct the base or the figure.",
                             i, line->name, rate ? "an amount" : "a rate");
    }
    return true;
}

static bool house_valid(const struct house *house, struct deal_error *error)
{
    if (!house)
        return true;
    if (!few_enough(error, "kinds of merchandise", house->merch_count, 2) ||
        !maybe_in_range(error, "house", 0, "show_rate_ppm", house->show_rate_ppm, PPM) ||
        !in_range(error, "house", 0, "extra_comp_tickets", house->extra_comps, 0,
                  SHEET_MAX_TICKETS) ||
        !in_range(error, "house", 0, "bar_per_head_minor", house->bar_per_head, 0, MONEY_MAX) ||
        !in_range(error, "house", 0, "bar_margin_ppm", house->bar_margin_ppm, 0, PPM) ||
        !in_range(error, "house", 0, "ticket_rebate_minor", house->ticket_rebate, 0, MONEY_MAX))
        return false;
    for (size_t i = 0; i < house->merch_count; i++)
        if (!known_enum(error, "house.merch.kind", house->merch[i].kind, MERCH_HARD) ||
            !in_range(error, "house.merch", i, "per_head_minor", house->merch[i].per_head, 0,
                      MONEY_MAX) ||
            !in_range(error, "house.merch", i, "tax_ppm", house->merch[i].tax_ppm, 0, PPM) ||
            !in_range(error, "house.merch", i, "card_fee_ppm", house->merch[i].card_fee_ppm, 0,
                      PPM))
            return false;
    return true;
}

bool shows_valid(const char *currency, const struct show *shows, size_t show_count,
                 struct deal_error *error)
{
    if (show_count == 0)
        return deal_fail(error, "MISSING_SHOW", "There is no show to settle; give its box office.");
    if (!few_enough(error, "shows", show_count, SHEET_MAX_SHOWS))
        return false;
    for (size_t i = 0; i < show_count; i++) {
        const struct show *show = &shows[i];
        if (!currency_ok(error, "the box office", show->box.currency, currency) ||
            !box_valid(&show->box, error) ||
            ((show->line_count || show->reported_fixed.set) &&
             !currency_ok(error, "the expense sheet", show->expense_currency, currency)) ||
            !lines_valid(show, error) || !house_valid(show->house, error))
            return false;
    }
    return true;
}

bool sheet_valid(const struct terms *terms, const struct show *shows, size_t show_count,
                 struct deal_error *error)
{
    if (!terms_valid(terms, error) || !shows_valid(terms->currency, shows, show_count, error))
        return false;
    if (show_count > 1 && !terms->cross_collateralised)
        return deal_fail(
            error, "CONTRADICTION",
            "There are %zu shows and the deal is not cross-collateralised; settle each "
            "by itself or set cross_collateralised.",
            show_count);
    for (size_t s = 0; s < show_count; s++)
        for (size_t i = 0; i < shows[s].line_count; i++)
            if (shows[s].lines[i].cap.set && terms->flags.caps != 0 &&
                terms->flags.caps != CAP_PER_LINE)
                return deal_fail(error, "CONTRADICTION",
                                 "expenses.lines[%zu] (%.60s) has a cap and flags.expense_cap_rule "
                                 "says there is none by line; correct one of them.",
                                 i, shows[s].lines[i].name);
    return true;
}
