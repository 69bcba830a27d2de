/*
 * The published deals: twenty formulas and five worked settlements, to the minor unit, intermediate
 * lines and warnings too. Sources stand in agents/deal-optimizer/README.md.
 */
#include "deal-optimizer/evaluate.h"
#include "deal-optimizer/settle.h"
#include "unit/check.h"

#define UNKNOWN ((struct maybe){false, 0})
#define NONE    INT64_MIN

static struct maybe is(int64_t value)
{
    return (struct maybe){true, value};
}

/* One deal on stated totals. Amounts in cents; NONE: not stated, or not expected. */
static const struct vector {
    const char *id;
    int type, base, guarantee_placement;
    int64_t guarantee, share_ppm, profit_ppm, costs, gross, net_gross, extra;
    int64_t artist, split_point;
} vectors[] = {
    {"flat-uta", DEAL_FLAT, 0, 0, 500000, NONE, NONE, 0, 0, NONE, 0, 500000, NONE},
    {"door-70", DEAL_DOOR, SHARE_GROSS, 0, NONE, 700000, NONE, 0, 1000000, NONE, 0, 700000, NONE},
    {"door-50-g", DEAL_VERSUS, SHARE_GROSS, 0, 300000, 500000, NONE, 0, 400000, NONE, 0, 300000,
     NONE},
    {"door-80", DEAL_DOOR, SHARE_GROSS, 0, NONE, 800000, NONE, 0, 200000, NONE, 0, 160000, NONE},
    {"straight-50", DEAL_DOOR, SHARE_GROSS, 0, NONE, 500000, NONE, 0, 2000000, NONE, 0, 1000000,
     NONE},
    {"vs-gross-60", DEAL_VERSUS, SHARE_GROSS, 0, 500000, 600000, NONE, 0, 1000000, NONE, 0, 600000,
     NONE},
    {"vs-gross-65", DEAL_VERSUS, SHARE_GROSS, 0, 200000, 650000, NONE, 0, 750000, NONE, 0, 487500,
     NONE},
    {"vs-gross-70a", DEAL_VERSUS, SHARE_GROSS, 0, 50000, 700000, NONE, 0, 75000, NONE, 0, 52500,
     NONE},
    {"vs-gross-70b", DEAL_VERSUS, SHARE_GROSS, 0, 50000, 700000, NONE, 0, 45000, NONE, 0, 50000,
     NONE},
    {"vs-net-80", DEAL_VERSUS, SHARE_NET, 0, 100000, 800000, NONE, 95500, NONE, 250000, 0, 123600,
     NONE},
    {"vs-net-90", DEAL_VERSUS, SHARE_NET, 0, 3675000, 900000, NONE, 2929603, NONE, 7876796, 0,
     4452474, NONE},
    {"vs-kink", DEAL_VERSUS, SHARE_NET, 0, 1000000, 850000, NONE, 1500000, NONE, 2676471, 0, NONE,
     2676471},
    {"plus-85-pp15", DEAL_PLUS, SHARE_NET, GUARANTEE_INSIDE, 500000, 850000, 150000, 700000, NONE,
     2200000, 0, 1197000, 1380000},
    {"plus-g-out", DEAL_PLUS, SHARE_NET, GUARANTEE_OUTSIDE, 500000, 500000, 0, 1000000, NONE,
     3000000, 0, 1500000, NONE},
    {"plus-g-in", DEAL_PLUS, SHARE_NET, GUARANTEE_INSIDE, 500000, 500000, 0, 1000000, NONE, 3000000,
     0, 1250000, NONE},
    {"plus-netgross", DEAL_PLUS, SHARE_NET_GROSS, 0, 100000, 500000, NONE, 0, NONE, 1000000, 200000,
     700000, NONE},
    {"cap500", DEAL_VERSUS, SHARE_NET, 0, 250000, 800000, NONE, 342878, NONE, 679812, 0, 269547,
     NONE},
    {"cap1500", DEAL_PLUS, SHARE_NET, GUARANTEE_INSIDE, 1200000, 850000, 150000, 2066745, NONE,
     4082759, 0, 1477102, NONE},
};

static struct maybe stated(int64_t value)
{
    return value == NONE ? UNKNOWN : is(value);
}

static void published_formulas(void)
{
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        const struct vector *v = &vectors[i];
        struct expense_line cost = {.name = "costs", .base = BASE_FIXED, .amount = v->costs};
        struct show show = {.box = {.currency = "USD",
                                    .gross = stated(v->gross),
                                    .net_gross = stated(v->net_gross),
                                    .untaxed_extra = v->extra},
                            .expense_currency = "USD",
                            .lines = &cost,
                            .line_count = 1};
        if (v->net_gross == NONE) {
            show.box.tax_ppm = is(0);
            show.box.facility_fee = is(0);
        }
        struct terms terms = {.currency = "USD",
                              .type = v->type,
                              .share_base = v->base,
                              .guarantee = stated(v->guarantee),
                              .share_ppm = stated(v->share_ppm),
                              .profit_ppm = stated(v->profit_ppm)};
        terms.flags = (struct flags){
            .guarantee = v->guarantee_placement, .caps = CAP_NONE, .rounding = ROUND_MINOR};
        terms.flags.profit = v->profit_ppm == NONE ? PROFIT_NONE : PROFIT_EXPENSES_AND_GUARANTEE;
        struct settled_line lines[2];
        struct settlement result;
        struct deal_error error;
        int failures = check_failures;
        if (!CHECK(settle(&terms, &show, 1, lines, &result, &error))) {
            fprintf(stderr, "    %s: %s\n", v->id, error.text);
            continue;
        }
        if (v->artist != NONE)
            CHECK_INT(result.shares.artist, v->artist);
        if (v->split_point != NONE)
            CHECK_INT(result.split_point.value, v->split_point);
        CHECK_INT(result.shares.artist + result.shares.promoter + result.own_costs,
                  result.net_gross + result.extra);
        if (check_failures > failures)
            fprintf(stderr, "    in vector %s\n", v->id);
    }
}

static void bonus_steps(void)
{
    struct bonus_step steps[4];
    for (int i = 0; i < 4; i++)
        steps[i] = (struct bonus_step){.at_tickets = is(500 + 100 * i), .amount = is(50000)};
    struct terms terms = {.currency = "USD",
                          .type = DEAL_FLAT,
                          .guarantee = is(500000),
                          .bonuses = steps,
                          .bonus_count = 4,
                          .flags = {.bonus = BONUS_CUMULATIVE}};
    struct show show = {.box = {.currency = "USD",
                                .gross = is(1000000),
                                .reported_sold = is(720),
                                .tax_ppm = is(0),
                                .facility_fee = is(0)}};
    struct settled_line lines[1];
    struct settlement result;
    struct deal_error error;
    CHECK(settle(&terms, &show, 1, lines, &result, &error));
    CHECK_INT(result.shares.artist, 650000);
    CHECK_INT(result.bonus, 150000);
    terms.flags.bonus = BONUS_HIGHEST;
    CHECK(settle(&terms, &show, 1, lines, &result, &error));
    CHECK_INT(result.shares.artist, 550000);
    terms.flags.bonus = 0;
    CHECK(!settle(&terms, &show, 1, lines, &result, &error));
    CHECK_STR(error.reason, "MISSING_FLAG");
    CHECK(strstr(error.text, "flags.bonus_rule") != NULL);
}

/* Vector "ladder" and worked settlement W2. */
static void box_office_ladder(void)
{
    struct tier tiers[] = {{"standard", 2000, 500, UNKNOWN, 0, 0},
                           {"premium", 2500, 500, UNKNOWN, 0, 0}};
    struct show show = {.box = {.currency = "USD",
                                .tiers = tiers,
                                .tier_count = 2,
                                .facility_fee = is(100),
                                .tax_ppm = is(65000)}};
    struct terms terms = {.currency = "USD",
                          .type = DEAL_FLAT,
                          .guarantee = is(0),
                          .flags = {.tax = TAX_DIVISOR, .facility = FACILITY_INSIDE}};
    struct settled_line lines[1];
    struct settlement result;
    struct deal_error error;
    CHECK(settle(&terms, &show, 1, lines, &result, &error));
    CHECK_INT(result.gross, 2250000);
    CHECK_INT(result.facility, 100000);
    CHECK_INT(result.adjusted, 2150000);
    CHECK_INT(result.tax, 131221);
    CHECK_INT(result.net_gross, 2018779);
}

static void w1_versus_with_capped_bonus(void)
{
    struct tier tiers[] = {{"a", 6248, 564, UNKNOWN, 0, 0},
                           {"b", 5198, 860, UNKNOWN, 0, 0},
                           {"c", 4148, 227, UNKNOWN, 0, 0}};
    struct expense_line costs[] = {
        {.name = "itemised", .base = BASE_FIXED, .amount = 1464750},
        {.name = "variable", .base = BASE_STATED, .amount = 233203},
        {.name = "support", .kind = EXPENSE_SUPPORT, .base = BASE_FIXED, .amount = 157500}};
    struct show show = {.box = {.currency = "USD",
                                .tiers = tiers,
                                .tier_count = 3,
                                .reported_sold = is(1621),
                                .fees_total = is(425513),
                                .tax = is(633439)},
                        .expense_currency = "USD",
                        .lines = costs,
                        .line_count = 3,
                        .reported_fixed = is(2538900)};
    struct terms terms = {.currency = "USD",
                          .type = DEAL_VERSUS,
                          .share_base = SHARE_NET,
                          .guarantee = is(3675000),
                          .share_ppm = is(900000),
                          .per_ticket = {.set = true, .amount = 105, .cap_tickets = is(1621)},
                          .flags = {.support = SUPPORT_IN_DEAL,
                                    .profit = PROFIT_NONE,
                                    .caps = CAP_NONE,
                                    .rounding = ROUND_MINOR}};
    struct settled_line lines[4];
    struct settlement result;
    struct deal_error error;
    if (!CHECK(settle(&terms, &show, 1, lines, &result, &error)))
        fprintf(stderr, "    %s\n", error.text);
    CHECK_INT(result.sold, 1651);
    CHECK_INT(result.gross, 8935748);
    CHECK_INT(result.net_gross, 7876796);
    CHECK_INT(result.costs, 2929603);
    CHECK_INT(result.net_to_split, 4947193);
    CHECK_INT(result.percentage, 4452474);
    CHECK(result.backend_opened);
    CHECK_INT(result.bonus, 170205);
    CHECK_INT(result.shares.artist, 4622679);
    CHECK_INT(result.line_count, 4);
    CHECK_STR(result.lines[3].name, "not itemised");
    CHECK_INT(result.lines[3].amount, 1074150);
    CHECK_INT(result.warnings.count, 2);
    CHECK_STR(result.warnings.text[0], "tiers add up to 1651 sold, the reported total is 1621");
    CHECK_STR(result.warnings.text[1],
              "the reported expense breakdown (14647.50) does not add up to "
              "the fixed expenses (25389.00)");
}

static void w3_plus(void)
{
    struct expense_line cost = {.name = "costs", .base = BASE_FIXED, .amount = 700000};
    struct show show = {.box = {.currency = "USD", .net_gross = is(2200000)},
                        .expense_currency = "USD",
                        .lines = &cost,
                        .line_count = 1};
    struct terms terms = {.currency = "USD",
                          .type = DEAL_PLUS,
                          .share_base = SHARE_NET,
                          .guarantee = is(500000),
                          .share_ppm = is(850000),
                          .profit_ppm = is(150000),
                          .flags = {.guarantee = GUARANTEE_INSIDE,
                                    .caps = CAP_NONE,
                                    .profit = PROFIT_EXPENSES_AND_GUARANTEE,
                                    .rounding = ROUND_MINOR}};
    struct settled_line lines[2];
    struct settlement result;
    struct deal_error error;
    CHECK(settle(&terms, &show, 1, lines, &result, &error));
    CHECK_INT(result.costs_plus_guarantee, 1200000);
    CHECK_INT(result.promoter_profit, 180000);
    CHECK_INT(result.split_point.value, 1380000);
    CHECK_INT(result.net_to_split, 820000);
    CHECK_INT(result.percentage, 697000);
    CHECK_INT(result.shares.artist, 1197000);
}

static void w4_versus_in_a_club(void)
{
    struct tier tiers[] = {{"advance", 2000, 300, UNKNOWN, 0, 0},
                           {"day of show", 2500, 80, UNKNOWN, 0, 0}};
    struct expense_line costs[] = {
        {.name = "house", .base = BASE_FIXED, .amount = 265000},
        {.name = "support", .kind = EXPENSE_SUPPORT, .base = BASE_FIXED, .amount = 35000},
        {.name = "card fee", .base = BASE_GROSS, .rate_ppm = 30000},
        {.name = "insurance", .base = BASE_PER_TICKET, .amount = 30},
        {.name = "licence", .base = BASE_NET_GROSS, .rate_ppm = 11000}};
    struct show show = {.box = {.currency = "USD",
                                .tiers = tiers,
                                .tier_count = 2,
                                .facility_fee = is(200),
                                .tax_ppm = is(65000)},
                        .expense_currency = "USD",
                        .lines = costs,
                        .line_count = 5};
    struct terms terms = {.currency = "USD",
                          .type = DEAL_VERSUS,
                          .share_base = SHARE_NET,
                          .guarantee = is(250000),
                          .share_ppm = is(800000),
                          .flags = {.tax = TAX_DIVISOR,
                                    .facility = FACILITY_INSIDE,
                                    .support = SUPPORT_IN_DEAL,
                                    .profit = PROFIT_NONE,
                                    .caps = CAP_NONE,
                                    .rounding = ROUND_MINOR}};
    struct settled_line lines[6];
    struct settlement result;
    struct deal_error error;
    CHECK(settle(&terms, &show, 1, lines, &result, &error));
    CHECK_INT(result.gross, 800000);
    CHECK_INT(result.facility, 76000);
    CHECK_INT(result.adjusted, 724000);
    CHECK_INT(result.tax, 44188);
    CHECK_INT(result.net_gross, 679812);
    CHECK_INT(result.lines[2].amount, 24000);
    CHECK_INT(result.lines[3].amount, 11400);
    CHECK_INT(result.lines[4].amount, 7478);
    CHECK_INT(result.variable, 42878);
    CHECK_INT(result.costs, 342878);
    CHECK_INT(result.net_to_split, 336934);
    CHECK_INT(result.percentage, 269547);
    CHECK_INT(result.shares.artist, 269547);
    CHECK_INT(result.shares.promoter, 67387);
}

static const struct expense_line w5_costs[] = {
    {.name = "show", .base = BASE_FIXED, .amount = 1450000},
    {.name = "support", .kind = EXPENSE_SUPPORT, .base = BASE_FIXED, .amount = 250000},
    {.name = "card fee", .base = BASE_GROSS, .rate_ppm = 30000},
    {.name = "insurance", .base = BASE_PER_TICKET, .amount = 45},
    {.name = "security", .base = BASE_PER_TICKET, .amount = 110},
    {.name = "licence", .base = BASE_NET_GROSS, .rate_ppm = 9000}};

static const struct merch_terms w5_merch = {
    MERCH_SOFT, {true, 150000}, MERCH_GROSS_SALES, MERCH_ARTIST};

static const struct terms w5_terms = {.currency = "USD",
                                      .type = DEAL_PLUS,
                                      .share_base = SHARE_NET,
                                      .guarantee = {true, 1200000},
                                      .share_ppm = {true, 850000},
                                      .profit_ppm = {true, 150000},
                                      .deposit = {true, 600000},
                                      .withholding_ppm = {true, 70000},
                                      .merch = &w5_merch,
                                      .merch_count = 1,
                                      .flags = {.guarantee = GUARANTEE_INSIDE,
                                                .tax = TAX_DIVISOR,
                                                .facility = FACILITY_INSIDE,
                                                .support = SUPPORT_IN_DEAL,
                                                .profit = PROFIT_EXPENSES_AND_GUARANTEE,
                                                .caps = CAP_NONE,
                                                .rounding = ROUND_MINOR}};

static void w5_plus_with_everything(void)
{
    struct tier tiers[] = {{"advance", 3500, 900, UNKNOWN, 45, 0},
                           {"door", 4000, 200, UNKNOWN, 0, 0},
                           {"vip", 8500, 100, UNKNOWN, 0, 0}};
    struct house_merch merch = {MERCH_SOFT, 600, 0, 0};
    struct house house = {.show_rate_ppm = is(900000),
                          .bar_per_head = 1600,
                          .bar_margin_ppm = 720000,
                          .ticket_rebate = 250,
                          .merch = &merch,
                          .merch_count = 1,
                          .keeps_facility_fee = is(1)};
    struct show show = {.box = {.currency = "USD",
                                .tiers = tiers,
                                .tier_count = 3,
                                .facility_fee = is(300),
                                .tax_ppm = is(87500)},
                        .expense_currency = "USD",
                        .lines = w5_costs,
                        .line_count = 6,
                        .house = &house};
    struct settled_line lines[7];
    struct settlement result;
    struct deal_error error;
    if (!CHECK(settle(&w5_terms, &show, 1, lines, &result, &error)))
        fprintf(stderr, "    %s\n", error.text);
    CHECK_INT(result.gross, 4800000);
    CHECK_INT(result.adjusted, 4440000);
    CHECK_INT(result.tax, 357241);
    CHECK_INT(result.net_gross, 4082759);
    CHECK_INT(result.lines[2].amount, 144000);
    CHECK_INT(result.lines[3].amount, 54000);
    CHECK_INT(result.lines[4].amount, 132000);
    CHECK_INT(result.lines[5].amount, 36745);
    CHECK_INT(result.variable, 366745);
    CHECK_INT(result.costs_plus_guarantee, 3266745);
    CHECK_INT(result.promoter_profit, 490012);
    CHECK_INT(result.split_point.value, 3756757);
    CHECK_INT(result.net_to_split, 326002);
    CHECK_INT(result.percentage, 277102);
    CHECK_INT(result.shares.artist, 1477102);
    CHECK_INT(result.shares.promoter, 538912);
    CHECK_INT(result.withholding, 103397);
    CHECK_INT(result.deposit, 600000);
    CHECK_INT(result.cheque, 773705);
    CHECK_INT(result.house.heads, 1121);
    CHECK_INT(result.house.bar, 1291392);
    CHECK_INT(result.house.facility, 360000);
    CHECK_INT(result.house.ticket_rebate, 300000);
    CHECK_INT(result.house.merch, 100890);
    CHECK_INT(result.house.contribution, 2591194);
    CHECK_INT(result.warnings.count, 0);
}

static void w5_break_even_at_one_price(void)
{
    enum { ROOM = 1500 };
    static double pmf[ROOM + 1];
    pmf[300] = 1;
    struct tier tier = {"single", 3500, 0, is(ROOM), 0, 0};
    struct show show = {.box = {.currency = "USD",
                                .tiers = &tier,
                                .tier_count = 1,
                                .facility_fee = is(300),
                                .tax_ppm = is(87500)},
                        .expense_currency = "USD",
                        .lines = w5_costs,
                        .line_count = 6};
    struct evaluator evaluator;
    struct evaluation evaluation;
    struct deal_error error;
    void *memory = aligned_alloc(16, (evaluator_size(ROOM) + 15) / 16 * 16);
    CHECK(evaluator_open(&evaluator, memory, &w5_terms, &show, ROOM, pmf, &error));
    CHECK(evaluate(&evaluator, &w5_terms, LOSS_TICKET_RESULT, &evaluation, &error));
    CHECK_INT(evaluation.internal.exact_hundredths, 109185);
    CHECK_INT(evaluation.internal.tickets, 1092);
    CHECK_INT(evaluation.external.exact_hundredths, 127627);
    CHECK_INT(evaluation.external.tickets, 1277);
    CHECK_NEAR(evaluation.promoter.mean, -2103186, 1e-9);
    CHECK_NEAR(evaluation.loss_probability, 1, 0);
    free(memory);
}

CHECK_MAIN(published_formulas, bonus_steps, box_office_ladder, w1_versus_with_capped_bonus, w3_plus,
           w4_versus_in_a_club, w5_plus_with_everything, w5_break_even_at_one_price)
