/*
 * Deals by their identities: what must hold for any deal, over random sheets from a seeded
 * generator. The payouts are computed a second time here, in long arithmetic of another kind.
 */
#include "unit/deal_sheet.h"

static uint64_t seed = 20261124;

static int64_t draw(int64_t low, int64_t high)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return low + (int64_t)((seed >> 33) % (uint64_t)(high - low + 1));
}

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

/* A sheet that is valid and complete. */
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

CHECK_MAIN(any_deal_adds_up, plus_less_versus, named_identity, pay_is_monotone, extremes,
           any_figures_settle_or_are_refused)
