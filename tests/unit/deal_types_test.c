/* Every type of deal, with its flags, by figures worked out by hand. */
#include "unit/deal_sheet.h"

/* Two identical shows in one run: twice the figures of one with half the guarantee. */
static void pooled_run(void)
{
    struct tier tier = {"all", 2000, 300, UNKNOWN, 0, 0};
    struct expense_line cost = {.name = "house", .base = BASE_FIXED, .amount = 100000};
    struct show shows[2] = {{.box = {.currency = "USD",
                                     .tiers = &tier,
                                     .tier_count = 1,
                                     .facility_fee = is(0),
                                     .tax_ppm = is(0)},
                             .expense_currency = "USD",
                             .lines = &cost,
                             .line_count = 1}};
    shows[1] = shows[0];
    struct terms terms = {
        .currency = "USD",
        .type = DEAL_VERSUS,
        .share_base = SHARE_NET,
        .guarantee = is(500000),
        .share_ppm = is(800000),
        .flags = {.profit = PROFIT_NONE, .caps = CAP_NONE, .rounding = ROUND_MINOR}};
    struct settled_line lines[4];
    struct settlement r;
    struct deal_error error;
    CHECK(!settle(&terms, shows, 2, lines, &r, &error));
    CHECK_STR(error.reason, "CONTRADICTION");
    terms.cross_collateralised = true;
    CHECK(settle(&terms, shows, 2, lines, &r, &error));
    CHECK_INT(r.sold, 600);
    CHECK_INT(r.gross, 1200000);
    CHECK_INT(r.shares.artist, 800000);
    CHECK_INT(r.shares.promoter, 200000);
    CHECK_INT(r.line_count, 2);
}

static void caps_leave_overspend_with_the_promoter(void)
{
    struct sheet s;
    struct settled_line lines[8];
    struct settlement r;
    struct deal_error error;
    base_sheet(&s);
    s.terms.type = DEAL_DOOR;
    s.terms.flags.profit = PROFIT_NONE;
    s.terms.flags.caps = CAP_PER_LINE;
    s.lines[0].cap = is(60000);
    CHECK(settle(&s.terms, &s.show, 1, lines, &r, &error));
    CHECK_INT(r.costs, 80000);
    CHECK_INT(r.own_costs, 120000);
    CHECK_INT(r.shares.promoter, r.net_gross - r.shares.artist - 120000);
    s.terms.flags.support = SUPPORT_PROMOTER;
    CHECK(settle(&s.terms, &s.show, 1, lines, &r, &error));
    CHECK_INT(r.costs, 60000);
    CHECK_INT(r.own_costs, 120000);
}

/* A sheet of one tier, 1,000 tickets of 10.00, costs of 2,000.00, no fee and no tax. */
static void plain_sheet(struct sheet *s)
{
    base_sheet(s);
    s->tiers[0] = (struct tier){"all", 1000, 1000, is(1200), 0, 0};
    s->show.box.capacity = is(1200);
    s->show.box.facility_fee = is(0);
    s->show.box.tax_ppm = is(0);
    s->lines[0].amount = 200000;
    s->show.line_count = 1;
    s->terms.flags.profit = PROFIT_NONE;
}

CHANGE(door_net_gross, s->terms.type = DEAL_DOOR; s->terms.share_base = SHARE_NET_GROSS)
CHANGE(door_net, s->terms.type = DEAL_DOOR)
CHANGE(profit_before_net, s->terms.type = DEAL_DOOR; s->terms.flags.profit = PROFIT_EXPENSES)
CHANGE(door_multiplier, s->terms.type = DEAL_DOOR; s->terms.share_base = SHARE_NET_GROSS;
       s->terms.flags.tax = TAX_MULTIPLIER; s->show.box.tax_ppm = is(100000))
CHANGE(fee_on_top, s->terms.type = DEAL_DOOR; s->terms.share_base = SHARE_NET_GROSS;
       s->terms.flags.facility = FACILITY_ON_TOP; s->show.box.facility_fee = is(100))
CHANGE(by_ticket, s->terms.type = DEAL_PER_TICKET;
       s->terms.per_ticket = ((struct per_ticket){true, 300, 400, 0, {false, 0}}))
CHANGE(by_ticket_capped, s->terms.type = DEAL_PER_TICKET;
       s->terms.per_ticket = ((struct per_ticket){true, 300, 400, 0, {true, 500}}))
CHANGE(by_ticket_through, s->terms.type = DEAL_PER_TICKET;
       s->terms.per_ticket = ((struct per_ticket){true, 300, 0, 500000, {false, 0}}))
CHANGE(versus_net_gross, s->terms.type = DEAL_VERSUS; s->terms.share_base = SHARE_NET_GROSS)
CHANGE(plus_net_gross, s->terms.share_base = SHARE_NET_GROSS; s->terms.share_ppm = is(100000))
CHANGE(below_hurdle, s->terms.type = DEAL_HURDLE; s->terms.share_base = SHARE_GROSS;
       s->terms.hurdle = is(1000001))
CHANGE(at_hurdle, s->terms.type = DEAL_HURDLE; s->terms.share_base = SHARE_GROSS;
       s->terms.hurdle = is(1000000))
CHANGE(co_headline, s->terms.type = DEAL_DOOR; s->terms.share_ppm = is(450000);
       s->parties[0] = ((struct co_headliner){"b", 0, 400000}); s->terms.co_headliners = s->parties;
       s->terms.co_headliner_count = 1)
CHANGE(rental, s->terms.type = DEAL_RENTAL; s->terms.rent = is(150000))
CHANGE(partner_gains, s->terms.type = DEAL_FLAT;
       s->terms.co_promotion = ((struct co_promotion){true, 400000, {true, 0}}))
CHANGE(partner_loses, s->terms.type = DEAL_FLAT; s->terms.guarantee = is(900000);
       s->terms.co_promotion = ((struct co_promotion){true, 400000, {true, 1}}))
CHANGE(partner_spared, s->terms.type = DEAL_FLAT; s->terms.guarantee = is(900000);
       s->terms.co_promotion = ((struct co_promotion){true, 400000, {true, 0}}))
CHANGE(bonus_above, s->terms.type = DEAL_FLAT;
       s->bonuses[0] = ((struct bonus_step){.at_tickets = {true, 800}, .per_ticket = {true, 100}});
       s->terms.bonuses = s->bonuses; s->terms.bonus_count = 1)
CHANGE(bonus_retroactive, bonus_above(s); s->terms.flags.bonus = BONUS_RETROACTIVE)
CHANGE(bonus_by_gross, s->terms.type = DEAL_FLAT;
       s->bonuses[0] = ((struct bonus_step){.at_gross = {true, 1000000}, .amount = {true, 7}});
       s->terms.bonuses = s->bonuses; s->terms.bonus_count = 1)
CHANGE(through_counted, s->terms.type = DEAL_FLAT; s->tiers[0].comps = 100;
       s->bonuses[0] = ((struct bonus_step){.at_sell_through_ppm = {true, 912000},
                                            .amount = {true, 7}});
       s->terms.bonuses = s->bonuses; s->terms.bonus_count = 1)
CHANGE(through_not_counted, through_counted(s); s->terms.flags.comps = COMPS_NOT_COUNTED)
CHANGE(total_cap, s->terms.type = DEAL_DOOR; s->terms.flags.caps = CAP_TOTAL;
       s->terms.total_cap = is(100000))
CHANGE(extra_revenue, s->terms.type = DEAL_DOOR; s->terms.share_base = SHARE_NET_GROSS;
       s->show.box.untaxed_extra = 50000)
CHANGE(whole_units, s->terms.type = DEAL_DOOR; s->terms.share_base = SHARE_NET_GROSS;
       s->terms.share_ppm = is(333333); s->terms.flags.rounding = ROUND_WHOLE)
CHANGE(buyout_in_split, s->terms.type = DEAL_DOOR;
       s->items[0] = ((struct reimbursement){"x", 10000, {true, 1}, {true, 0}, {true, 0}});
       s->terms.reimbursements = s->items; s->terms.reimbursement_count = 1)
CHANGE(buyout_external, s->terms.type = DEAL_DOOR;
       s->items[0] = ((struct reimbursement){"x", 10000, {true, 0}, {true, 0}, {true, 1}});
       s->terms.reimbursements = s->items; s->terms.reimbursement_count = 1)

CHANGE(internal_line, s->terms.type = DEAL_DOOR; s->lines[0].internal_only = true)
CHANGE(per_head_line, s->terms.type = DEAL_DOOR; s->tiers[0].comps = 200;
       s->lines[0].base = BASE_PER_HEAD; s->lines[0].amount = 100)

/* By hand, on the plain sheet: guarantee 1,000.00, share 85 %. */
static void every_deal_type_by_hand(void)
{
    static const struct {
        void (*apply)(struct sheet *s);
        int64_t artist, promoter;
    } cases[] = {
        {door_net_gross, 850000, -50000},    {door_net, 680000, 120000},
        {profit_before_net, 654500, 145500}, {door_multiplier, 765000, -65000},
        {fee_on_top, 850000, -50000},        {by_ticket, 180000, 620000},
        {by_ticket_capped, 150000, 650000},  {by_ticket_through, 120000, 680000},
        {versus_net_gross, 850000, -50000},  {plus_net_gross, 200000, 600000},
        {below_hurdle, 100000, 700000},      {at_hurdle, 850000, -50000},
        {co_headline, 360000, 120000},       {rental, 650000, 150000},
        {partner_gains, 100000, 420000},     {partner_loses, 900000, -60000},
        {partner_spared, 900000, -100000},   {bonus_above, 120000, 680000},
        {bonus_retroactive, 200000, 600000}, {bonus_by_gross, 100007, 699993},
        {through_counted, 100007, 699993},   {through_not_counted, 100000, 700000},
        {total_cap, 765000, 35000},          {extra_revenue, 892500, -42500},
        {whole_units, 333300, 466700},       {buyout_in_split, 671500, 118500},
        {buyout_external, 680000, 120000},   {internal_line, 850000, -50000},
        {per_head_line, 748000, 132000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sheet s;
        struct settled_line lines[8];
        struct settlement r;
        struct deal_error error;
        int failures = check_failures;
        plain_sheet(&s);
        cases[i].apply(&s);
        if (!CHECK(settle(&s.terms, &s.show, 1, lines, &r, &error)))
            fprintf(stderr, "    %s\n", error.text);
        CHECK_INT(r.shares.artist, cases[i].artist);
        CHECK_INT(r.shares.promoter, cases[i].promoter);
        if (check_failures > failures)
            fprintf(stderr, "    in case %zu\n", i);
    }
}

static void cheque_and_withholding(void)
{
    struct sheet s;
    struct settled_line lines[8];
    struct settlement r;
    struct deal_error error;
    plain_sheet(&s);
    s.terms.type = DEAL_FLAT;
    s.terms.withholding_ppm = is(300000);
    s.terms.withholding_threshold = is(100000);
    s.terms.deposit = is(50000);
    CHECK(settle(&s.terms, &s.show, 1, lines, &r, &error));
    CHECK_INT(r.withholding, 0); /* up to and including the threshold */
    CHECK_INT(r.cheque, 50000);
    s.items[0] = (struct reimbursement){"buyout", 10000, is(0), is(1), is(0)};
    s.terms.reimbursements = s.items;
    s.terms.reimbursement_count = 1;
    CHECK(settle(&s.terms, &s.show, 1, lines, &r, &error));
    CHECK_INT(r.withholding, 33000);
    CHECK_INT(r.cheque, 100000 - 33000 - 50000 + 10000);
    CHECK_INT(r.shares.promoter, 690000);
}

CHECK_MAIN(pooled_run, caps_leave_overspend_with_the_promoter, every_deal_type_by_hand,
           cheque_and_withholding)
