/* What settle() refuses or asks for, by the reason and a word of the text. */
#include "unit/deal_sheet.h"

struct change {
    const char *reason; /* expected; NULL: accepted with a warning */
    const char *word;   /* in the text */
    void (*apply)(struct sheet *s);
};

CHANGE(no_guarantee_flag, s->terms.flags.guarantee = 0)
CHANGE(no_tax_mode, s->terms.flags.tax = 0)
CHANGE(no_facility, s->terms.flags.facility = 0)
CHANGE(no_support, s->terms.flags.support = 0)
CHANGE(no_profit, s->terms.flags.profit = 0)
CHANGE(no_profit_rate, s->terms.profit_ppm.set = false)
CHANGE(no_caps, s->terms.flags.caps = 0)
CHANGE(no_rounding, s->terms.flags.rounding = 0)
CHANGE(no_line_base, s->lines[0].base = 0)
CHANGE(no_tax, s->show.box.tax_ppm.set = false)
CHANGE(no_fee, s->show.box.facility_fee.set = false)
CHANGE(no_type, s->terms.type = 0)
CHANGE(no_guarantee, s->terms.guarantee.set = false)
CHANGE(no_comps_rule, s->terms.flags.comps = 0;
       s->terms.per_ticket = ((struct per_ticket){true, 100, 0, 900000, {false, 0}}))
CHANGE(no_bonus_rule, s->terms.flags.bonus = 0;
       s->bonuses[0] = ((struct bonus_step){.at_tickets = {true, 5}, .per_ticket = {true, 5}});
       s->terms.bonuses = s->bonuses; s->terms.bonus_count = 1)
CHANGE(no_toggles, s->items[0] = ((struct reimbursement){.name = "buyout", .amount = 5});
       s->terms.reimbursements = s->items; s->terms.reimbursement_count = 1)
CHANGE(no_losses_rule, s->terms.co_promotion = ((struct co_promotion){.set = true}))
CHANGE(no_house_rates, static const struct house_merch merch = {MERCH_SOFT, 600, 0, 0};
       static const struct house house = {.bar_per_head = 5, .merch = &merch, .merch_count = 1};
       s->show.house = &house)
CHANGE(share_high, s->terms.share_ppm.value = 1200000)
CHANGE(fee_negative, s->show.box.facility_fee.value = -1)
CHANGE(capacity_zero, s->show.box.capacity.value = 0)
CHANGE(capacity_below_sold, s->show.box.capacity.value = 299)
CHANGE(allotment_below_sold, s->tiers[0].allotment.value = 299)
CHANGE(bad_currency, s->terms.currency = "XYZ")
CHANGE(lower_currency, s->terms.currency = "usd")
CHANGE(null_currency, s->terms.currency = NULL)
CHANGE(other_currency, s->show.box.currency = "EUR")
CHANGE(too_large, s->terms.guarantee.value = MONEY_MAX + 1)
CHANGE(gross_too_large, s->tiers[0].price = MONEY_MAX)
CHANGE(sold_negative, s->tiers[0].sold = -5)
CHANGE(rate_too_high,
       s->lines[0] = ((struct expense_line){.name = "x", .base = BASE_GROSS, .rate_ppm = 1000001}))
CHANGE(amount_for_rate, s->lines[0].base = BASE_GROSS)
CHANGE(unknown_type, s->terms.type = 99)
CHANGE(unknown_flag, s->terms.flags.caps = -3)
CHANGE(cap_contradiction, s->lines[0].cap = is(5))
CHANGE(two_thresholds, s->bonuses[0] = ((struct bonus_step){
                           .at_tickets = {true, 5}, .at_gross = {true, 5}, .amount = {true, 5}});
       s->terms.bonuses = s->bonuses; s->terms.bonus_count = 1)
CHANGE(falling_steps,
       s->bonuses[0] = ((struct bonus_step){.at_tickets = {true, 50}, .amount = {true, 5}});
       s->bonuses[1] = ((struct bonus_step){.at_tickets = {true, 40}, .amount = {true, 5}});
       s->terms.bonuses = s->bonuses; s->terms.bonus_count = 2)
CHANGE(shares_over_all, s->parties[0] = ((struct co_headliner){"b", 0, 200000});
       s->terms.co_headliners = s->parties; s->terms.co_headliner_count = 1)
CHANGE(tax_whole, s->show.box.tax_ppm.value = 1000000)
CHANGE(many_tiers, s->show.box.tier_count = 65)
CHANGE(guarantee_over_potential, s->terms.guarantee.value = 900000)

static const struct change changes[] = {
    {"MISSING_FLAG", "flags.guarantee_placement", no_guarantee_flag},
    {"MISSING_FLAG", "flags.tax_mode", no_tax_mode},
    {"MISSING_FLAG", "flags.facility_fee_placement", no_facility},
    {"MISSING_FLAG", "flags.support_treatment", no_support},
    {"MISSING_FLAG", "flags.promoter_profit_base", no_profit},
    {"MISSING_FLAG", "terms.promoter_profit_ppm", no_profit_rate},
    {"MISSING_FLAG", "flags.expense_cap_rule", no_caps},
    {"MISSING_FLAG", "flags.rounding_rule", no_rounding},
    {"MISSING_FLAG", "expenses.lines[0].expense_base (house)", no_line_base},
    {"MISSING_FLAG", "box_office.tax_ppm", no_tax},
    {"MISSING_FLAG", "box_office.facility_fee_minor", no_fee},
    {"MISSING_FLAG", "terms.type", no_type},
    {"MISSING_FLAG", "terms.guarantee_minor", no_guarantee},
    {"MISSING_FLAG", "flags.comps_rule", no_comps_rule},
    {"MISSING_FLAG", "flags.bonus_rule", no_bonus_rule},
    {"MISSING_FLAG", "terms.reimbursements[0].affects_split_point", no_toggles},
    {"MISSING_FLAG", "terms.reimbursements[0].external_only", no_toggles},
    {"MISSING_FLAG", "terms.co_promotion.shares_losses", no_losses_rule},
    {"MISSING_FLAG", "house.show_rate_ppm", no_house_rates},
    {"MISSING_FLAG", "house.keeps_facility_fee", no_house_rates},
    {"MISSING_FLAG", "terms.merch.merch_base (soft goods)", no_house_rates},
    {"OUT_OF_RANGE", "120.0000 %", share_high},
    {"OUT_OF_RANGE", "facility_fee_minor", fee_negative},
    {"OUT_OF_RANGE", "capacity_tickets is 0", capacity_zero},
    {"CONTRADICTION", "the room holds 299", capacity_below_sold},
    {"CONTRADICTION", "allotment of 299", allotment_below_sold},
    {"UNKNOWN_CURRENCY", "XYZ", bad_currency},
    {"UNKNOWN_CURRENCY", "usd", lower_currency},
    {"UNKNOWN_CURRENCY", "ISO 4217", null_currency},
    {"CURRENCY_MISMATCH", "EUR", other_currency},
    {"OUT_OF_RANGE", "guarantee_minor", too_large},
    {"AMOUNT_TOO_LARGE", "10^12", gross_too_large},
    {"OUT_OF_RANGE", "sold_tickets", sold_negative},
    {"OUT_OF_RANGE", "rate_ppm", rate_too_high},
    {"CONTRADICTION", "gives an amount", amount_for_rate},
    {"OUT_OF_RANGE", "terms.type", unknown_type},
    {"OUT_OF_RANGE", "expense_cap_rule", unknown_flag},
    {"CONTRADICTION", "has a cap", cap_contradiction},
    {"CONTRADICTION", "exactly one threshold", two_thresholds},
    {"CONTRADICTION", "low to high", falling_steps},
    {"OUT_OF_RANGE", "105.0000 %", shares_over_all},
    {"OUT_OF_RANGE", "tax_ppm", tax_whole},
    {"TOO_MANY", "price tiers", many_tiers},
    {NULL, "the guarantee (9000.00) is above the gross potential (7800.00)",
     guarantee_over_potential},
};

static void refused_or_asked_for(void)
{
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct sheet s;
        struct settled_line lines[8];
        struct settlement r;
        struct deal_error error = {.reason = "none"};
        base_sheet(&s);
        CHECK(settle(&s.terms, &s.show, 1, lines, &r, &error));
        changes[i].apply(&s);
        bool ok = settle(&s.terms, &s.show, 1, lines, &r, &error);
        if (changes[i].reason == NULL) {
            CHECK(ok);
            CHECK_STR(r.warnings.text[0], changes[i].word);
            continue;
        }
        CHECK(!ok);
        CHECK_STR(error.reason, changes[i].reason);
        if (!CHECK(strstr(error.text, changes[i].word) != NULL))
            fprintf(stderr, "    \"%s\" not in \"%s\"\n", changes[i].word, error.text);
    }
}

/* All that is open at once, in one answer; and nothing is asked that does not matter. */
static void asks_once_and_only_what_matters(void)
{
    struct sheet s;
    struct settled_line lines[8];
    struct settlement r;
    struct deal_error error;
    base_sheet(&s);
    s.terms.flags = (struct flags){0};
    CHECK(!settle(&s.terms, &s.show, 1, lines, &r, &error));
    static const char *const names[] = {"flags.guarantee_placement",
                                        "flags.promoter_profit_base",
                                        "flags.rounding_rule",
                                        "flags.facility_fee_placement",
                                        "flags.tax_mode",
                                        "flags.support_treatment",
                                        "flags.expense_cap_rule"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CHECK(strstr(error.text, names[i]) != NULL);
    s.terms.type = DEAL_FLAT;
    s.show.box.tax_ppm = is(0);
    s.show.box.facility_fee = is(0);
    CHECK(settle(&s.terms, &s.show, 1, lines, &r, &error));
    CHECK_INT(r.shares.artist, 100000);
}

CHECK_MAIN(refused_or_asked_for, asks_once_and_only_what_matters)
