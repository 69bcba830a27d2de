#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "deal-optimizer/pay.h"
#include "deal-optimizer/rational.h"
#include "deal-optimizer/validate.h"

/* The names of what is missing, as a list. */
struct missing {
    char names[700];
    size_t length;
    size_t count;
};

__attribute__((format(printf, 3, 4))) static void need(struct missing *missing, bool open,
                                                       const char *format, ...)
{
    if (!open)
        return;
    char name[160];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(name, sizeof name, format, arguments);
    va_end(arguments);
    missing->count++;
    size_t length = strlen(name);
    if (missing->length + length + 3 > sizeof missing->names)
        return;
    if (missing->length) {
        memcpy(missing->names + missing->length, ", ", 2);
        missing->length += 2;
    }
    memcpy(missing->names + missing->length, name, length + 1);
    missing->length += length;
}

static void need_of_terms(const struct terms *terms, struct missing *missing)
{
    bool share = terms_use_share(terms);
    bool net = share && terms->share_base == SHARE_NET;
    need(missing, !terms->type, "terms.type");
    need(missing, terms_use_guarantee(terms) && !terms->guarantee.set, "terms.guarantee_minor");
    need(missing, share && !terms->share_ppm.set, "terms.share_ppm");
    need(missing, share && !terms->share_base, "terms.share_base");
    need(missing, terms->type == DEAL_HURDLE && !terms->hurdle.set, "terms.hurdle_minor");
    need(missing, terms->type == DEAL_RENTAL && !terms->rent.set, "terms.rent_minor");
    need(missing, terms->type == DEAL_PER_TICKET && !terms->per_ticket.set, "terms.per_ticket");
    need(missing, net && terms->type == DEAL_PLUS && !terms->flags.guarantee,
         "flags.guarantee_placement");
    need(missing, net && !terms->flags.profit, "flags.promoter_profit_base");
    need(missing, net && terms->flags.profit > PROFIT_NONE && !terms->profit_ppm.set,
         "terms.promoter_profit_ppm");
    need(missing, terms->flags.caps == CAP_TOTAL && !terms->total_cap.set,
         "terms.expense_total_cap_minor");
    need(missing, (share || terms->co_promotion.set) && !terms->flags.rounding,
         "flags.rounding_rule");
    bool by_ticket = false;
    for (size_t i = 0; i < terms->bonus_count; i++)
        by_ticket = by_ticket || terms->bonuses[i].per_ticket.set;
    need(missing, (terms->bonus_count > 1 || by_ticket) && !terms->flags.bonus, "flags.bonus_rule");
    need(missing, terms->co_promotion.set && !terms->co_promotion.shares_losses.set,
         "terms.co_promotion.shares_losses");
    for (size_t i = 0; i < terms->reimbursement_count; i++) {
        const struct reimbursement *item = &terms->reimbursements[i];
        need(missing, terms_use_costs(terms) && !item->affects_split.set,
             "terms.reimbursements[%zu].affects_split_point", i);
        need(missing, terms->withholding_ppm.value > 0 && !item->affects_withholding.set,
             "terms.reimbursements[%zu].affects_withholding", i);
        need(missing, !item->external_only.set, "terms.reimbursements[%zu].external_only", i);
    }
}

static bool uses_sell_through(const struct terms *terms)
{
    bool uses = terms->per_ticket.above_sell_through_ppm > 0;
    for (size_t i = 0; i < terms->bonus_count; i++)
        uses = uses || terms->bonuses[i].at_sell_through_ppm.set;
    return uses;
}

static void need_of_box(const struct terms *terms, const struct box_office *box,
                        struct missing *missing)
{
    int64_t comps = 0;
    bool allotments = box->tier_count > 0;
    for (size_t i = 0; i < box->tier_count; i++) {
        comps += box->tiers[i].comps;
        allotments = allotments && box->tiers[i].allotment.set;
    }
    bool net_known = box->net_gross.set;
    bool gross_known = box->tier_count || box->gross.set;
    bool fees_open = !net_known && !box->fees_total.set;
    bool tax_open = !net_known && !box->tax.set;
    bool by_gross = terms_use_share(terms) && terms->share_base == SHARE_GROSS;
    for (size_t i = 0; i < terms->bonus_count; i++)
        by_gross = by_gross || terms->bonuses[i].at_gross.set;
    need(missing, !gross_known && (!net_known || by_gross),
         "box_office.tiers or box_office.gross_minor");
    need(missing, fees_open && !box->facility_fee.set, "box_office.facility_fee_minor");
    need(missing, fees_open && box->facility_fee.value > 0 && !terms->flags.facility,
         "flags.facility_fee_placement");
    need(missing, tax_open && !box->tax_ppm.set, "box_office.tax_ppm");
    need(missing, tax_open && box->tax_ppm.value > 0 && !terms->flags.tax, "flags.tax_mode");
    bool through = uses_sell_through(terms);
    need(missing, through && !allotments && !box->capacity.set, "box_office.capacity_tickets");
    need(missing, through && comps > 0 && !terms->flags.comps, "flags.comps_rule");
}

static void need_of_lines(const struct terms *terms, const struct show *show,
                          struct missing *missing)
{
    bool support = false, capped = false;
    for (size_t i = 0; i < show->line_count; i++) {
        const struct expense_line *line = &show->lines[i];
        need(missing, !line->base, "expenses.lines[%zu].expense_base (%.40s)", i, line->name);
        bool of_gross = line->base == BASE_GROSS || line->base == BASE_ADJUSTED_GROSS;
        need(missing, of_gross && !show->box.tier_count && !show->box.gross.set,
             "box_office.gross_minor for expenses.lines[%zu]", i);
        support = support || line->kind == EXPENSE_SUPPORT;
        capped = capped || line->cap.set;
    }
    bool costs = terms_use_costs(terms) && (show->line_count || show->reported_fixed.set);
    need(missing, costs && support && !terms->flags.support, "flags.support_treatment");
    need(missing, costs && !terms->flags.caps, "flags.expense_cap_rule");
}

static void need_of_house(const struct terms *terms, const struct show *show,
                          struct missing *missing)
{
    const struct house *house = show->house;
    if (!house)
        return;
    bool heads = house->bar_per_head > 0;
    for (size_t i = 0; i < house->merch_count; i++) {
        const struct house_merch *goods = &house->merch[i];
        heads = heads || goods->per_head > 0;
        need(missing, !goods->kind, "house.merch[%zu].kind", i);
        if (!goods->kind || goods->per_head == 0)
            continue;
        const struct merch_terms *found = NULL;
        for (size_t j = 0; j < terms->merch_count; j++)
            if (terms->merch[j].kind == goods->kind)
                found = &terms->merch[j];
        const char *name = goods->kind == MERCH_SOFT ? "soft goods" : "hard goods";
        need(missing, !found || !found->venue_share_ppm.set, "terms.merch.venue_share_ppm (%s)",
             name);
        need(missing, !found || !found->base, "terms.merch.merch_base (%s)", name);
        need(missing, !found || !found->seller, "terms.merch.seller (%s)", name);
    }
    need(missing, heads && !house->show_rate_ppm.set, "house.show_rate_ppm");
    need(missing, show->box.facility_fee.value > 0 && !house->keeps_facility_fee.set,
         "house.keeps_facility_fee");
}

bool sheet_complete(const struct terms *terms, const struct show *shows, size_t show_count,
                    struct deal_error *error)
{
    struct missing missing = {0};
    need_of_terms(terms, &missing);
    for (size_t i = 0; i < show_count; i++) {
        need_of_box(terms, &shows[i].box, &missing);
        need_of_lines(terms, &shows[i], &missing);
        need_of_house(terms, &shows[i], &missing);
    }
    if (missing.count == 0)
        return true;
    return deal_fail(error, "MISSING_FLAG",
                     "The contract leaves open what changes this deal's figures. State: %s.%s",
                     missing.names,
                     missing.length + 170 > sizeof missing.names ? " There may be more." : "");
}
