/*
 * Deals by their identities: what must hold for any deal, over random sheets from a seeded
 * generator, and what must be refused or asked for. The payouts are computed a second time here, in
 * long arithmetic of another kind.
 */
#include "deal-optimizer/money.h"
#include "deal-optimizer/settle.h"
#include "unit/check.h"

#define UNKNOWN ((struct maybe){false, 0})

static struct maybe is(int64_t value)
{
    return (struct maybe){true, value};
}

static uint64_t seed = 20261124;

static int64_t draw(int64_t low, int64_t high)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return low + (int64_t)((seed >> 33) % (uint64_t)(high - low + 1));
}

/* A random sheet that is valid and complete; arrays are reused. */
struct sheet {
    struct tier tiers[3];
    struct fee fees[2];
    struct expense_line lines[6];
    struct bonus_step bonuses[3];
    struct co_headliner parties[1];
    struct reimbursement items[1];
    struct show show;
    struct terms terms;
};

static void random_box(struct sheet *s)
{
    int64_t tier_count = draw(1, 3);
    for (int64_t i = 0; i < tier_count; i++) {
        int64_t sold = draw(0, 900);
        s->tiers[i] = (struct tier){"tier",      draw(100, 20000), sold, is(sold + draw(25, 300)),
                                    draw(0, 20), draw(0, 5)};
    }
    s->fees[0] = (struct fee){"charity", is(draw(0, 60)), UNKNOWN};
    s->fees[1] = (struct fee){"lift", UNKNOWN, is(draw(0, 30) * 1000)};
    s->show.box = (struct box_office){.currency = "USD",
                                      .tiers = s->tiers,
                                      .tier_count = (size_t)tier_count,
                                      .fees = s->fees,
                                      .fee_count = (size_t)draw(0, 2),
                                      .facility_fee = is(draw(0, 1) * draw(50, 400)),
                                      .tax_ppm = is(draw(0, 1) * draw(0, 25) * 2500),
                                      .untaxed_extra = draw(0, 3) == 0 ? draw(0, 100000) : 0};
}

static void random_costs(struct sheet *s)
{
    static const int bases[] = {BASE_FIXED, BASE_PER_TICKET,     BASE_PER_HEAD,
                                BASE_GROSS, BASE_ADJUSTED_GROSS, BASE_NET_GROSS};
    s->show.line_count = (size_t)draw(0, 6);
    for (size_t i = 0; i < s->show.line_count; i++) {
        struct expense_line *line = &s->lines[i];
        *line = (struct expense_line){.name = "cost",
                                      .base = bases[draw(0, 5)],
                                      .kind = draw(0, 4) == 0 ? EXPENSE_SUPPORT : EXPENSE_OTHER,
                                      .internal_only = draw(0, 9) == 0};
        if (line->base == BASE_FIXED)
            line->amount = draw(0, 1500000);
        else if (line->base <= BASE_PER_HEAD)
            line->amount = draw(0, 300);
        else
            line->rate_ppm = draw(0, 60) * 1000;
        if (s->terms.flags.caps == CAP_PER_LINE && draw(0, 2) == 0)
            line->cap = is(draw(0, 500000));
    }
    s->show.lines = s->lines;
    s->show.expense_currency = "USD";
}

static void random_terms(struct sheet *s)
{
    s->terms = (struct terms){.currency = "USD",
                              .type = (int)draw(DEAL_FLAT, DEAL_RENTAL),
                              .share_base = (int)draw(SHARE_GROSS, SHARE_NET),
                              .guarantee = is(draw(0, 2500000)),
                              .share_ppm = is(draw(0, 85) * 10000),
                              .profit_ppm = is(draw(0, 20) * 10000),
                              .hurdle = is(draw(0, 5000000)),
                              .rent = is(draw(0, 500000)),
                              .total_cap = is(draw(0, 3000000)),
                              .deposit = is(0),
                              .cross_collateralised = false};
    s->terms.flags = (struct flags){.guarantee = (int)draw(1, 2),
                                    .tax = (int)draw(1, 2),
                                    .facility = (int)draw(1, 2),
                                    .support = (int)draw(1, 2),
                                    .profit = (int)draw(1, 3),
                                    .bonus = (int)draw(1, 2),
                                    .comps = (int)draw(1, 2),
                                    .caps = (int)draw(1, 3),
                                    .rounding = (int)draw(1, 2)};
    if (s->terms.type == DEAL_PER_TICKET || draw(0, 3) == 0)
        s->terms.per_ticket = (struct per_ticket){true, draw(0, 500), draw(0, 800),
                                                  draw(0, 1) * draw(0, 90) * 10000, UNKNOWN};
    for (int i = 0; i < 3; i++)
        s->bonuses[i] =
            (struct bonus_step){.at_tickets = is(200 + 300 * i), .amount = is(draw(0, 50000))};
    s->terms.bonuses = s->bonuses;
    s->terms.bonus_count = (size_t)draw(0, 3);
    if (draw(0, 4) == 0 && s->terms.type != DEAL_RENTAL && s->terms.type != DEAL_PER_TICKET) {
        s->parties[0] = (struct co_headliner){"second", draw(0, 500000), draw(0, 15) * 10000};
        s->terms.co_headliners = s->parties;
        s->terms.co_headliner_count = 1;
    }
    if (draw(0, 4) == 0) {
        s->items[0] = (struct reimbursement){"buyout", draw(-20000, 50000), is(draw(0, 1)),
                                             is(draw(0, 1)), is(draw(0, 1))};
        s->terms.reimbursements = s->items;
        s->terms.reimbursement_count = 1;
    }
    if (draw(0, 6) == 0)
        s->terms.co_promotion = (struct co_promotion){true, draw(0, 100) * 10000, is(draw(0, 1))};
}

static void random_sheet(struct sheet *s)
{
    *s = (struct sheet){0};
    random_terms(s);
    random_box(s);
    random_costs(s);
}

/* The artist's share alone, in long double from the reported figures, before bonuses. */
static long double second_opinion(const struct terms *terms, const struct settlement *r)
{
    long double G = (long double)terms->guarantee.value,
                p = (long double)terms->share_ppm.value / PPM;
    long double k = (long double)terms->profit_ppm.value / PPM, E = (long double)r->costs;
    long double guarantees = G;
    for (size_t i = 0; i < terms->co_headliner_count; i++)
        guarantees += (long double)terms->co_headliners[i].guarantee;
    if (terms->type == DEAL_DOOR)
        guarantees -= G;
    long double NB = (long double)r->shares.receipts, GB = (long double)r->gross;
    long double PP = terms->flags.profit == PROFIT_EXPENSES                 ? k * E
                     : terms->flags.profit == PROFIT_EXPENSES_AND_GUARANTEE ? k * (E + guarantees)
                                                                            : 0;
    long double SP =
        E + PP +
        (terms->type == DEAL_PLUS && terms->flags.guarantee == GUARANTEE_INSIDE ? guarantees : 0);
    long double whole = terms->share_base == SHARE_GROSS ? GB : NB;
    long double base = terms->share_base == SHARE_NET ? NB - SP : whole;
    long double floored = base > 0 ? base : 0;
    switch (terms->type) {
    case DEAL_FLAT:
        return G;
    case DEAL_DOOR:
        return p * floored;
    case DEAL_VERSUS:
        return fmaxl(G, p * floored);
    case DEAL_PLUS:
        return G + p * floored;
    case DEAL_HURDLE:
        return base >= (long double)terms->hurdle.value ? p * floored : G;
    case DEAL_RENTAL:
        return NB - E - (long double)terms->rent.value;
    default:
        return 0;
    }
}

static void any_deal_adds_up(void)
{
    int near_hurdle = 0;
    for (int i = 0; i < check_rounds(20000); i++) {
        struct sheet s;
        struct settled_line lines[8];
        struct settlement r;
        struct deal_error error;
        random_sheet(&s);
        if (!settle(&s.terms, &s.show, 1, lines, &r, &error)) {
            CHECK_STR(error.text, "settled");
            continue;
        }
        int64_t shared = r.shares.promoter + r.shares.partner + r.shares.artists + r.own_costs;
        if (shared != r.shares.receipts)
            CHECK_INT(shared, r.shares.receipts);
        int64_t lines_sum = 0;
        for (size_t l = 0; l < r.line_count; l++)
            lines_sum += r.lines[l].amount;
        if (llabs(lines_sum - r.fixed - r.variable) > 6)
            CHECK_INT(lines_sum, r.fixed + r.variable);
        if (llabs(r.adjusted - r.tax - r.net_gross) > 1 ||
            llabs(r.gross - r.facility - r.other_fees - r.adjusted) > 1)
            CHECK(!"the ladder adds up");
        if (s.terms.type == DEAL_PER_TICKET)
            continue;
        /* Reported figures are rounded, so the second opinion may miss a hurdle by a unit. */
        long double unit = s.terms.flags.rounding == ROUND_WHOLE ? 100 : 1;
        long double want = second_opinion(&s.terms, &r);
        long double got = (long double)(r.shares.artist - r.bonus);
        if (fabsl(got - want) > 3 + unit / 2) {
            if (s.terms.type == DEAL_HURDLE && near_hurdle++ < 3)
                continue;
            CHECK_NEAR((double)got, (double)want, 3);
        }
    }
    CHECK(near_hurdle <= 3);
}

/* plus - versus = G(1 - p(1 + k)) - p*k*E with both backends open; k = 0: G(1 - p). */
static void plus_less_versus(void)
{
    for (int i = 0; i < check_rounds(20000); i++) {
        int64_t G = draw(0, 5000000), E = draw(0, 5000000), p = draw(1, 100) * 10000;
        int64_t k = draw(0, 1) * draw(0, 20) * 10000;
        struct expense_line cost = {.name = "costs", .base = BASE_FIXED, .amount = E};
        struct terms terms = {.currency = "USD",
                              .type = DEAL_PLUS,
                              .share_base = SHARE_NET,
                              .guarantee = is(G),
                              .share_ppm = is(p),
                              .profit_ppm = is(k),
                              .flags = {.guarantee = GUARANTEE_INSIDE,
                                        .caps = CAP_NONE,
                                        .profit = PROFIT_EXPENSES_AND_GUARANTEE,
                                        .rounding = ROUND_MINOR}};
        struct show show = {
            .box = {.currency = "USD",
                    .net_gross = is(draw(0, 1000000) + 2 * E + G * PPM / p + 2 * G)},
            .expense_currency = "USD",
            .lines = &cost,
            .line_count = 1};
        struct settled_line lines[2];
        struct settlement plus, versus;
        struct deal_error error;
        bool ok = settle(&terms, &show, 1, lines, &plus, &error);
        terms.type = DEAL_VERSUS;
        terms.flags.profit = PROFIT_NONE;
        ok = ok && settle(&terms, &show, 1, lines, &versus, &error);
        long double share = (long double)p / PPM, rate = (long double)k / PPM;
        long double want =
            (long double)G * (1 - share * (1 + rate)) - share * rate * (long double)E;
        long double got = (long double)(plus.shares.artist - versus.shares.artist);
        if (!ok || !plus.backend_opened || fabsl(got - want) > 1.001L)
            CHECK_NEAR((double)got, (double)want, 1);
        /* Above the split point the promoter has PP + (1 - p) * overage. */
        long double result =
            (long double)plus.promoter_profit + (1 - share) * (long double)plus.net_to_split;
        if (fabsl((long double)plus.shares.promoter - result) > 2)
            CHECK_NEAR((double)plus.shares.promoter, (double)result, 2);
    }
    CHECK(1);
}

static void named_identity(void)
{
    for (int64_t net = 4000000; net <= 6000000; net += 2000000) {
        struct expense_line cost = {.name = "costs", .base = BASE_FIXED, .amount = 1500000};
        struct terms terms = {.currency = "USD",
                              .type = DEAL_PLUS,
                              .share_base = SHARE_NET,
                              .guarantee = is(1000000),
                              .share_ppm = is(850000),
                              .flags = {.guarantee = GUARANTEE_INSIDE,
                                        .caps = CAP_NONE,
                                        .profit = PROFIT_NONE,
                                        .rounding = ROUND_MINOR}};
        struct show show = {.box = {.currency = "USD", .net_gross = is(net)},
                            .expense_currency = "USD",
                            .lines = &cost,
                            .line_count = 1};
        struct settled_line lines[2];
        struct settlement plus, versus;
        struct deal_error error;
        CHECK(settle(&terms, &show, 1, lines, &plus, &error));
        terms.type = DEAL_VERSUS;
        CHECK(settle(&terms, &show, 1, lines, &versus, &error));
        CHECK_INT(plus.shares.artist - versus.shares.artist, 150000);
    }
}

/* More net gross never pays the artist less, for every type but a hurdle below its guarantee. */
static void pay_is_monotone(void)
{
    for (int i = 0; i < 3000; i++) {
        struct sheet s;
        random_sheet(&s);
        if (s.terms.type == DEAL_HURDLE || s.terms.type == DEAL_RENTAL)
            continue;
        s.show.box = (struct box_office){.currency = "USD",
                                         .gross = is(0),
                                         .net_gross = is(0),
                                         .capacity = is(1000),
                                         .reported_sold = is(500)};
        int64_t before = INT64_MIN;
        for (int64_t net = 0; net <= 6000000; net += 500000) {
            struct settled_line lines[8];
            struct settlement r;
            struct deal_error error;
            s.show.box.net_gross = is(net);
            s.show.box.gross = is(net);
            for (size_t l = 0; l < s.show.line_count; l++) /* costs that do not grow with it */
                s.lines[l].rate_ppm = 0;
            if (!settle(&s.terms, &s.show, 1, lines, &r, &error)) {
                CHECK_STR(error.text, "settled");
                break;
            }
            if (r.shares.artists < before)
                CHECK(!"pay falls");
            before = r.shares.artists;
        }
    }
    CHECK(1);
}

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

struct change {
    const char *reason; /* expected; NULL: accepted with a warning */
    const char *word;   /* in the text */
    void (*apply)(struct sheet *s);
};

static void base_sheet(struct sheet *s)
{
    *s = (struct sheet){0};
    s->tiers[0] = (struct tier){"all", 2000, 300, is(400), 10, 0};
    s->lines[0] = (struct expense_line){.name = "house", .base = BASE_FIXED, .amount = 100000};
    s->lines[1] = (struct expense_line){
        .name = "opener", .kind = EXPENSE_SUPPORT, .base = BASE_FIXED, .amount = 20000};
    s->show = (struct show){.box = {.currency = "USD",
                                    .tiers = s->tiers,
                                    .tier_count = 1,
                                    .facility_fee = is(200),
                                    .tax_ppm = is(65000),
                                    .capacity = is(400)},
                            .expense_currency = "USD",
                            .lines = s->lines,
                            .line_count = 2};
    s->terms = (struct terms){.currency = "USD",
                              .type = DEAL_PLUS,
                              .share_base = SHARE_NET,
                              .guarantee = is(100000),
                              .share_ppm = is(850000),
                              .profit_ppm = is(150000)};
    s->terms.flags = (struct flags){.guarantee = 1,
                                    .tax = 1,
                                    .facility = 1,
                                    .support = 1,
                                    .profit = 3,
                                    .bonus = 1,
                                    .comps = 1,
                                    .caps = 1,
                                    .rounding = 1};
}

#define CHANGE(name, ...)                                                                          \
    static void name(struct sheet *s)                                                              \
    {                                                                                              \
        __VA_ARGS__;                                                                               \
    }
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

static void extremes(void)
{
    /* 10^12 minor units with rates that share no factor with 10^6. */
    struct tier tier = {"all", MONEY_MAX / 1000, 1000, UNKNOWN, 0, 0};
    struct expense_line lines_in[] = {{.name = "a", .base = BASE_NET_GROSS, .rate_ppm = 11003},
                                      {.name = "b", .base = BASE_FIXED, .amount = MONEY_MAX / 7}};
    struct show show = {.box = {.currency = "JPY",
                                .tiers = &tier,
                                .tier_count = 1,
                                .facility_fee = is(1),
                                .tax_ppm = is(87531)},
                        .expense_currency = "JPY",
                        .lines = lines_in,
                        .line_count = 2};
    struct terms terms = {
        .currency = "JPY",
        .type = DEAL_PLUS,
        .share_base = SHARE_NET,
        .guarantee = is(MONEY_MAX / 11),
        .share_ppm = is(853331),
        .profit_ppm = is(149993),
        .flags = {.guarantee = 1, .tax = 1, .facility = 1, .profit = 3, .caps = 1, .rounding = 1}};
    struct settled_line lines[3];
    struct settlement r;
    struct deal_error error;
    CHECK(settle(&terms, &show, 1, lines, &r, &error));
    CHECK_INT(r.shares.artist + r.shares.promoter + r.own_costs, r.shares.receipts);
    /* Seven rates of that kind chained do overflow 128 bits, and that is said. */
    struct fee fees[4] = {{"a", UNKNOWN, is(10007)},
                          {"b", UNKNOWN, is(10009)},
                          {"c", UNKNOWN, is(10037)},
                          {"d", UNKNOWN, is(10039)}};
    show.box.fees = fees;
    show.box.fee_count = 4;
    CHECK(!settle(&terms, &show, 1, lines, &r, &error));
    CHECK_STR(error.reason, "AMOUNT_TOO_LARGE");
}

static int64_t extreme(int64_t high)
{
    const int64_t values[] = {0,    1,  2,        high / 2,  high - 1,
                              high, -1, high + 1, INT64_MAX, INT64_MIN};
    return values[draw(0, draw(0, 9) ? 5 : 9)];
}

/* Whatever the figures: settled with parts that add up, or refused; never an overflow (the
 * sanitizers watch). */
static void any_figures_settle_or_are_refused(void)
{
    int settled = 0;
    for (int i = 0; i < check_rounds(20000); i++) {
        static const struct merch_terms rule = {
            MERCH_SOFT, {true, PPM}, MERCH_GROSS_SALES, MERCH_VENUE};
        struct house_merch goods = {MERCH_SOFT, extreme(MONEY_MAX), extreme(PPM), extreme(PPM)};
        struct house house = {is(extreme(PPM)),
                              extreme(SHEET_MAX_TICKETS),
                              extreme(MONEY_MAX),
                              extreme(PPM),
                              extreme(MONEY_MAX),
                              &goods,
                              1,
                              is(1)};
        struct sheet s;
        struct settled_line lines[8];
        struct settlement r;
        struct deal_error error = {.reason = NULL};
        random_sheet(&s);
        s.tiers[0].price = extreme(draw(0, 1) ? 1000 : MONEY_MAX);
        s.tiers[0].sold = extreme(draw(0, 1) ? 1000 : SHEET_MAX_TICKETS);
        s.tiers[0].allotment = UNKNOWN;
        s.terms.guarantee = is(extreme(MONEY_MAX));
        s.terms.share_ppm = is(extreme(PPM));
        s.terms.profit_ppm = is(extreme(PPM));
        s.terms.deposit = is(extreme(MONEY_MAX));
        s.terms.withholding_ppm = is(extreme(PPM));
        s.terms.per_ticket.amount = extreme(MONEY_MAX);
        s.terms.merch = &rule;
        s.terms.merch_count = 1;
        s.items[0].amount = extreme(MONEY_MAX);
        for (size_t l = 0; l < s.show.line_count; l++)
            *(s.lines[l].amount ? &s.lines[l].amount : &s.lines[l].rate_ppm) =
                extreme(s.lines[l].amount ? MONEY_MAX : PPM);
        s.show.house = draw(0, 1) ? &house : NULL;
        if (!settle(&s.terms, &s.show, 1, lines, &r, &error)) {
            if (!error.reason || !error.text[0])
                CHECK(!"a refusal says why");
            continue;
        }
        settled++;
        if (r.shares.promoter + r.shares.partner + r.shares.artists + r.own_costs !=
            r.shares.receipts)
            CHECK(!"the parts add up");
    }
    printf("%d of %d extreme sheets settled\n", settled, check_rounds(20000));
    CHECK(settled > check_rounds(1000));
}

static void rounding_and_text(void)
{
    int64_t value;
    CHECK(rational_round(rational_make(1, 2), 1, &value));
    CHECK_INT(value, 1);
    CHECK(rational_round(rational_make(-1, 2), 1, &value));
    CHECK_INT(value, -1);
    CHECK(rational_round(rational_make(149, 1), 100, &value));
    CHECK_INT(value, 100);
    CHECK(rational_round(rational_make(150, 1), 100, &value));
    CHECK_INT(value, 200);
    CHECK(!rational_ok(rational_div(rational_int(1), rational_int(0))));
    CHECK(!rational_round((struct rational){(wide)1 << 100, 1}, 1, &value));
    struct rational big = {((wide)1 << 126), 1};
    CHECK(!rational_ok(rational_mul(big, rational_int(3))));
    CHECK(!rational_ok(rational_add(big, big)));
    char text[MONEY_TEXT_SIZE];
    CHECK_STR(money_plain(-2103186, 2, text), "-21031.86");
    CHECK_STR(money_text(123456789, 2, text), "1,234,567.89");
    CHECK_STR(money_text(5, 2, text), "0.05");
    CHECK_STR(money_text(1234567, 0, text), "1,234,567");
    CHECK_STR(money_text(1234567, 3, text), "1,234.567");
    CHECK_STR(money_text(INT64_MIN, 2, text), "-92,233,720,368,547,758.08");
    CHECK_INT(currency_digits("JPY"), 0);
    CHECK_INT(currency_digits("KWD"), 3);
    CHECK_INT(currency_digits("D A"), -1);
    CHECK_INT(currency_digits(""), -1);
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

CHECK_MAIN(any_deal_adds_up, plus_less_versus, named_identity, pay_is_monotone, pooled_run,
           refused_or_asked_for, asks_once_and_only_what_matters,
           caps_leave_overspend_with_the_promoter, extremes, any_figures_settle_or_are_refused,
           rounding_and_text, every_deal_type_by_hand, cheque_and_withholding)
