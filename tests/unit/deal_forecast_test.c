/*
 * Deals under uncertain demand: the published risk table, the exact expectation against a
 * simulation, break-even, the shape of demand, the highest guarantee, and the rule that picks a
 * structure.
 */
#include "deal-optimizer/demand.h"
#include "deal-optimizer/optimize.h"
#include "unit/check.h"

#include <time.h>

#define UNKNOWN ((struct maybe){false, 0})
#define ROOM    500

static struct maybe is(int64_t value)
{
    return (struct maybe){true, value};
}

static struct deal_error error;
static double pmf[ROOM + 1];
static _Alignas(16) char memory[(ROOM + 1) * 512];

/* Poisson over a lognormal mean of 330 with 35 % variation, capped at the room, by quadrature. */
static void poisson_lognormal(void)
{
    double variance = log(1 + 0.35 * 0.35), sigma = sqrt(variance);
    double location = log(330) - variance / 2, mass = 0;
    memset(pmf, 0, sizeof pmf);
    for (double z = -6; z <= 6; z += 0.01) {
        double weight = exp(-z * z / 2) * 0.01 / sqrt(2 * M_PI);
        double mean = exp(location + sigma * z), below = 0;
        for (int n = 0; n < ROOM; n++) {
            double p = exp(n * log(mean) - mean - lgamma(n + 1.0));
            pmf[n] += weight * p;
            below += p;
        }
        pmf[ROOM] += weight * (1 - below);
        mass += weight;
    }
    for (int n = 0; n <= ROOM; n++)
        pmf[n] /= mass;
}

static struct tier tier = {"all", 2000, 0, {true, ROOM}, 0, 0};
static struct expense_line cost = {.name = "house", .base = BASE_FIXED, .amount = 300000};

static struct show club(void)
{
    return (struct show){.box = {.currency = "USD",
                                 .tiers = &tier,
                                 .tier_count = 1,
                                 .facility_fee = is(200),
                                 .tax_ppm = is(65000)},
                         .expense_currency = "USD",
                         .lines = &cost,
                         .line_count = 1};
}

static struct terms deal(int type, int64_t guarantee, int64_t share_ppm)
{
    struct terms terms = {.currency = "USD",
                          .type = type,
                          .share_base = SHARE_NET,
                          .guarantee = is(guarantee),
                          .share_ppm = is(share_ppm),
                          .flags = {.tax = TAX_DIVISOR,
                                    .facility = FACILITY_INSIDE,
                                    .profit = PROFIT_NONE,
                                    .caps = CAP_NONE,
                                    .rounding = ROUND_MINOR}};
    if (type == DEAL_PLUS) {
        terms.flags.guarantee = GUARANTEE_INSIDE;
        terms.flags.profit = PROFIT_EXPENSES_AND_GUARANTEE;
        terms.profit_ppm = is(150000);
    }
    return terms;
}

static void weigh_in(const struct terms *terms, struct evaluator *evaluator,
                     struct evaluation *evaluation)
{
    static struct show show;
    show = club();
    CHECK(sheet_valid(terms, &show, 1, &error));
    CHECK(sheet_complete(terms, &show, 1, &error));
    CHECK(evaluator_size(ROOM) <= sizeof memory);
    CHECK(evaluator_open(evaluator, memory, terms, &show, ROOM, pmf, &error));
    CHECK(evaluate(evaluator, terms, LOSS_TICKET_RESULT, evaluation, &error));
}

/* The four deals of the domain reference; its figures come from 400,000 draws and are printed to
 * whole units. */
static void published_risk_table(void)
{
    static const struct {
        int type;
        int64_t guarantee, share_ppm;
        double mean, loss, worst;
    } rows[] = {{DEAL_FLAT, 250000, 0, -46, .55, -2924},
                {DEAL_DOOR, 0, 800000, 474, .05, -424},
                {DEAL_VERSUS, 200000, 800000, -83, .44, -2424},
                {DEAL_PLUS, 150000, 850000, 249, .32, -1924}};
    poisson_lognormal();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct terms terms = deal(rows[i].type, rows[i].guarantee, rows[i].share_ppm);
        struct evaluator evaluator;
        struct evaluation evaluation;
        weigh_in(&terms, &evaluator, &evaluation);
        printf("type %d: mean %.1f, P(loss) %.4f, worst 5 %% %.1f\n", rows[i].type,
               evaluation.promoter.mean / 100, evaluation.loss_probability,
               evaluation.promoter.worst_mean / 100);
        CHECK_NEAR(evaluation.promoter.mean / 100 - rows[i].mean, 0, 8);
        CHECK_NEAR(evaluation.loss_probability - rows[i].loss, 0, 0.006);
        CHECK_NEAR(evaluation.promoter.worst_mean / 100 - rows[i].worst, 0, 10);
    }
}

static void expectation_against_simulation(void)
{
    static const struct {
        int type;
        int64_t guarantee, share_ppm;
    } rows[] = {{DEAL_FLAT, 250000, 0},
                {DEAL_DOOR, 0, 800000},
                {DEAL_VERSUS, 200000, 800000},
                {DEAL_PLUS, 150000, 850000}};
    const int draws = check_rounds(200000);
    double cumulative[ROOM + 1], sum = 0;
    poisson_lognormal();
    for (int n = 0; n <= ROOM; n++)
        cumulative[n] = sum += pmf[n];
    uint64_t seed = 7;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct terms terms = deal(rows[i].type, rows[i].guarantee, rows[i].share_ppm);
        struct evaluator evaluator;
        struct evaluation evaluation;
        weigh_in(&terms, &evaluator, &evaluation);
        double total = 0, squares = 0;
        int losses = 0;
        for (int d = 0; d < draws; d++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            double u = (double)(seed >> 11) / 9007199254740992.0;
            int n = 0;
            for (int step = 256; step; step /= 2)
                if (n + step <= ROOM && cumulative[n + step - 1] < u)
                    n += step;
            double result = (double)evaluator.promoter[n];
            total += result;
            squares += result * result;
            losses += result < 0;
        }
        double mean = total / draws, loss = (double)losses / draws;
        double standard_error = sqrt((squares / draws - mean * mean) / draws);
        CHECK(fabs(mean - evaluation.promoter.mean) < 3.5 * standard_error);
        CHECK(fabs(loss - evaluation.loss_probability) < 3.5 * sqrt(loss * (1 - loss) / draws));
    }
}

/* For each count: artist + promoter + costs = receipts, and expectations add up. */
static void expectations_add_up(void)
{
    struct terms terms = deal(DEAL_PLUS, 150000, 850000);
    struct evaluator evaluator;
    struct evaluation evaluation;
    poisson_lognormal();
    weigh_in(&terms, &evaluator, &evaluation);
    double sum = evaluator.gross - evaluator.fees - evaluator.tax + evaluator.extra -
                 evaluation.own_costs - evaluation.artist.mean;
    CHECK_NEAR(sum - evaluation.promoter.mean, 0, 0.5);
    int median = 0;
    for (double below = pmf[0]; below < 0.5; below += pmf[median])
        median++;
    CHECK_INT(evaluation.promoter.values[3], evaluator.promoter[median]);
    for (int n = 0; n <= ROOM; n++) {
        int64_t receipts;
        CHECK(rational_round(evaluator.takings[n].receipts, 1, &receipts));
        CHECK_INT(evaluator.promoter[n] + evaluator.artists[n] + 300000, receipts);
    }
}

static void quantiles_to_tickets(void)
{
    const double levels[] = {0.1, 0.5, 0.9}, values[] = {100, 200, 300};
    struct demand demand = {.levels = levels, .values = values, .count = 3, .mean = 200};
    double mean, sum = 0, upto[ROOM + 1];
    CHECK(demand_tickets(&demand, ROOM, pmf, &mean, &error));
    for (int n = 0; n <= ROOM; n++) {
        CHECK(pmf[n] >= 0);
        upto[n] = sum += pmf[n];
    }
    CHECK_NEAR(sum, 1, 1e-12);
    CHECK_NEAR(upto[100], 0.102, 1e-9); /* half a ticket beyond the quantile */
    CHECK_NEAR(upto[200], 0.502, 1e-9);
    CHECK_NEAR(mean, 200, 0.01); /* symmetric */
    CHECK_NEAR(upto[49], 0, 1e-12);

    demand.has_capacity = demand.has_mass = true;
    demand.capacity = 300;
    demand.mass_at_capacity = 0.25;
    CHECK(demand_tickets(&demand, ROOM, pmf, &mean, &error));
    CHECK_NEAR(pmf[300], 0.25, 1e-12);
    CHECK_NEAR(pmf[301], 0, 0);
    /* A smaller room takes all that it cannot hold as a full room. */
    CHECK(demand_tickets(&demand, 200, pmf, &mean, &error));
    CHECK(pmf[200] > 0.49 && pmf[200] < 0.51);

    const double same[] = {150, 150, 150};
    struct demand point = {.levels = levels, .values = same, .count = 3, .mean = 150};
    CHECK(demand_tickets(&point, ROOM, pmf, &mean, &error));
    CHECK_NEAR(pmf[150], 1, 1e-12);
    const double full[] = {500, 500, 500};
    struct demand sold_out = {.levels = levels,
                              .values = full,
                              .count = 3,
                              .mean = 500,
                              .has_capacity = true,
                              .capacity = 500,
                              .has_mass = true,
                              .mass_at_capacity = 1};
    CHECK(demand_tickets(&sold_out, ROOM, pmf, &mean, &error));
    CHECK_NEAR(pmf[500], 1, 1e-12);
}

static void bad_demand(void)
{
    static const double good_levels[] = {0.1, 0.5, 0.9}, good_values[] = {100, 200, 300};
    static const double nan_levels[] = {0.1, NAN, 0.9}, one[] = {0.1, 0.5, 1};
    static const double falling[] = {0.5, 0.4, 0.9}, nan_values[] = {100, NAN, 300};
    static const double infinite[] = {100, 200, INFINITY}, negative[] = {-1, 200, 300};
    static const double down[] = {100, 90, 300};
    const struct demand cases[] = {
        {.levels = nan_levels, .values = good_values, .count = 3},
        {.levels = one, .values = good_values, .count = 3},
        {.levels = falling, .values = good_values, .count = 3},
        {.levels = good_levels, .values = nan_values, .count = 3},
        {.levels = good_levels, .values = infinite, .count = 3},
        {.levels = good_levels, .values = negative, .count = 3},
        {.levels = good_levels, .values = down, .count = 3},
        {.levels = good_levels, .values = good_values, .count = 1},
        {.levels = good_levels, .values = good_values, .count = 3, .mean = NAN},
        {.levels = good_levels, .values = good_values, .count = 3, .has_capacity = true},
        {.levels = good_levels, .values = good_values, .count = 3, .has_mass = true},
        {.levels = good_levels,
         .values = good_values,
         .count = 3,
         .has_capacity = true,
         .capacity = 300,
         .has_mass = true,
         .mass_at_capacity = NAN},
        {.levels = good_levels,
         .values = good_values,
         .count = 3,
         .has_capacity = true,
         .capacity = 300,
         .has_mass = true,
         .mass_at_capacity = 1.5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double mean;
        CHECK(!demand_tickets(&cases[i], ROOM, pmf, &mean, &error));
        CHECK_STR(error.reason, "BAD_DISTRIBUTION");
    }
    struct show show = club();
    int64_t room;
    struct tier open = {"all", 2000, 0, UNKNOWN, 0, 0};
    show.box.tiers = &open;
    CHECK(!evaluate_room(&show, &room, &error));
    CHECK_STR(error.reason, "MISSING_CAPACITY");
    show.box.capacity = is(EVALUATE_MAX_TICKETS + 1);
    CHECK(!evaluate_room(&show, &room, &error));
    show.box.tier_count = 0;
    CHECK(!evaluate_room(&show, &room, &error));
    CHECK_STR(error.reason, "MISSING_TIERS");
}

static void tiers_sell_in_order(void)
{
    struct tier tiers[] = {{"early", 1000, 0, is(100), 10, 5},
                           {"late", 2000, 0, is(50), 0, 0},
                           {"door", 2500, 0, UNKNOWN, 0, 0}};
    struct box_office box = {.tiers = tiers, .tier_count = 3, .capacity = is(300)};
    int64_t sold[3];
    ladder_fill(&box, 200, sold);
    CHECK_INT(sold[0], 85);
    CHECK_INT(sold[1], 50);
    CHECK_INT(sold[2], 65);
    CHECK_INT(box_sellable(&box).value, 285);
    tiers[2].allotment = is(40);
    CHECK_INT(box_sellable(&box).value, 175);
}

static void highest_guarantee_is_the_edge(void)
{
    struct evaluator evaluator;
    struct evaluation evaluation;
    poisson_lognormal();
    const int types[] = {DEAL_FLAT, DEAL_VERSUS, DEAL_PLUS};
    for (size_t i = 0; i < 3; i++) {
        struct terms terms = deal(types[i], 250000, 800000);
        weigh_in(&terms, &evaluator, &evaluation);
        struct maybe highest = highest_guarantee(&evaluator, &terms, LOSS_TICKET_RESULT, 0.2);
        CHECK(highest.set);
        CHECK_INT(highest.value % 100, 0);
        terms.guarantee = highest;
        CHECK(loss_probability(&evaluator, &terms, LOSS_TICKET_RESULT) <= 0.2);
        terms.guarantee.value += 100;
        CHECK(loss_probability(&evaluator, &terms, LOSS_TICKET_RESULT) > 0.2);
    }
    struct terms terms = deal(DEAL_FLAT, 250000, 0);
    CHECK(!highest_guarantee(&evaluator, &terms, LOSS_TICKET_RESULT, 0.001).set);
}

static struct option options[OPTIMIZE_STANDARD_OPTIONS];
static int64_t curves[2 * OPTIMIZE_STANDARD_OPTIONS][ROOM + 1];

static void compare(const struct show *show, struct maybe ask, double limit,
                    struct comparison *comparison)
{
    struct terms structures[OPTIMIZE_STANDARD_OPTIONS];
    struct terms common = deal(DEAL_FLAT, 0, 0);
    optimize_standard(&common, show, ask, structures);
    *comparison = (struct comparison){.show = show,
                                      .room = ROOM,
                                      .pmf = pmf,
                                      .basis = LOSS_TICKET_RESULT,
                                      .limit = limit,
                                      .ask = ask};
    for (size_t i = 0; i < OPTIMIZE_STANDARD_OPTIONS; i++)
        options[i] = (struct option){
            .terms = structures[i], .promoter = curves[2 * i], .artist = curves[2 * i + 1]};
    CHECK(optimize(comparison, memory, options, OPTIMIZE_STANDARD_OPTIONS, &error));
}

/* The ask of the published table cannot be met within 20 %: the answer is the best offer that can.
 */
static void ask_beyond_the_limit(void)
{
    struct show show = club();
    struct comparison comparison;
    poisson_lognormal();
    compare(&show, is(250000), 0.2, &comparison);
    CHECK(options[0].recommended);
    CHECK(!options[0].qualifies);
    CHECK(options[0].evaluation.loss_probability <= 0.2);
    CHECK(strstr(options[0].reason, "nothing within the loss limit of 20 % pays the ask") != NULL);
    for (size_t i = 1; i < OPTIMIZE_STANDARD_OPTIONS; i++) {
        CHECK(!options[i].recommended);
        CHECK(options[i].reason[0] != '\0');
        CHECK(options[i].evaluation.artist.mean <= options[0].evaluation.artist.mean);
        printf("%s: %s\n", options[i].label, options[i].reason);
    }
    struct turn turn = option_turn(&comparison, &options[0], &options[1]);
    CHECK(turn.set);
    int64_t n = turn.tickets;
    CHECK((options[1].promoter[n] > options[0].promoter[n]) !=
              (options[1].promoter[n - 1] > options[0].promoter[n - 1]) ||
          (options[1].promoter[n] > options[0].promoter[n]) !=
              (options[1].promoter[n + 1] > options[0].promoter[n + 1]));
}

static void ask_within_the_limit(void)
{
    struct show show = club();
    struct comparison comparison;
    poisson_lognormal();
    compare(&show, is(150000), 0.35, &comparison);
    CHECK(options[0].qualifies);
    CHECK(!options[0].resized);
    for (size_t i = 0; i < OPTIMIZE_STANDARD_OPTIONS; i++) {
        const struct evaluation *e = &options[i].evaluation;
        CHECK(options[i].qualifies == (e->loss_probability <= 0.35 && e->artist.mean >= 147000));
    }
    for (size_t i = 1; i < OPTIMIZE_STANDARD_OPTIONS; i++)
        if (options[i].qualifies)
            CHECK(options[i].evaluation.promoter.mean <= options[0].evaluation.promoter.mean);
}

/* Every guarantee is found; the offer that pays the artist most within the limit wins. */
static void no_ask(void)
{
    struct show show = club();
    struct comparison comparison;
    poisson_lognormal();
    compare(&show, UNKNOWN, 0.2, &comparison);
    CHECK(options[0].within_limit && !options[0].qualifies && !options[0].resized);
    CHECK_STR(options[0].label, "938.00 vs 80 % of net");
    CHECK(strstr(options[0].reason, "no ask is known") != NULL);
    for (size_t i = 1; i < OPTIMIZE_STANDARD_OPTIONS; i++) {
        CHECK(options[i].within_limit);
        CHECK(options[i].evaluation.artist.mean <= options[0].evaluation.artist.mean);
    }
}

static void nothing_within_the_limit(void)
{
    struct show show = club();
    struct comparison comparison;
    poisson_lognormal();
    compare(&show, is(250000), 0.001, &comparison);
    CHECK(!options[0].within_limit);
    CHECK(strstr(options[0].reason, "no structure keeps") != NULL);
    for (size_t i = 1; i < OPTIMIZE_STANDARD_OPTIONS; i++)
        CHECK(options[i].evaluation.loss_probability >= options[0].evaluation.loss_probability);
}

static void kinks_have_names(void)
{
    struct bonus_step steps[] = {{.at_tickets = is(400), .amount = is(20000)},
                                 {.at_sell_through_ppm = is(1000000), .amount = is(20000)}};
    struct terms terms = deal(DEAL_VERSUS, 200000, 800000);
    terms.bonuses = steps;
    terms.bonus_count = 2;
    terms.flags.bonus = BONUS_CUMULATIVE;
    terms.per_ticket = (struct per_ticket){true, 50, 300, 0, is(100)};
    struct evaluator evaluator;
    struct evaluation evaluation;
    poisson_lognormal();
    weigh_in(&terms, &evaluator, &evaluation);
    static const struct {
        const char *name;
        int64_t tickets;
    } want[] = {{"promoter breaks even", 296},  {"backend opens", 326},
                {"bonus step 1", 400},          {"bonus step 2", 500},
                {"per-ticket pay starts", 300}, {"per-ticket pay capped", 400},
                {"room sold out", 500}};
    CHECK_INT(evaluation.kink_count, sizeof want / sizeof *want);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        CHECK_STR(evaluation.kinks[i].name, want[i].name);
        CHECK_INT(evaluation.kinks[i].tickets.value, want[i].tickets);
    }
}

/* A result of exactly zero is no loss. */
static void zero_is_no_loss(void)
{
    memset(pmf, 0, sizeof pmf);
    pmf[0] = 1;
    struct show show = club();
    show.line_count = 0;
    struct terms terms = deal(DEAL_FLAT, 0, 0);
    struct evaluator evaluator;
    struct evaluation evaluation;
    CHECK(evaluator_open(&evaluator, memory, &terms, &show, ROOM, pmf, &error));
    CHECK(evaluate(&evaluator, &terms, LOSS_TICKET_RESULT, &evaluation, &error));
    CHECK_NEAR(evaluation.loss_probability, 0, 0);
    CHECK_NEAR(loss_probability(&evaluator, &terms, LOSS_TICKET_RESULT), 0, 0);
    CHECK_INT(evaluation.internal.tickets, 0);
    terms.guarantee = is(1);
    CHECK(evaluate(&evaluator, &terms, LOSS_TICKET_RESULT, &evaluation, &error));
    CHECK_NEAR(evaluation.loss_probability, 1, 0);
    CHECK_INT(evaluation.internal.tickets, 1);
}

/* The house can like a show that the settlement calls a loss. */
static void house_earnings_count_when_asked(void)
{
    static const struct house house = {.show_rate_ppm = {true, 900000},
                                       .bar_per_head = 1500,
                                       .bar_margin_ppm = 700000,
                                       .keeps_facility_fee = {true, 1}};
    struct show show = club();
    show.house = &house;
    struct terms terms = deal(DEAL_FLAT, 250000, 0);
    struct evaluator evaluator;
    struct evaluation tickets, all;
    poisson_lognormal();
    CHECK(evaluator_open(&evaluator, memory, &terms, &show, ROOM, pmf, &error));
    CHECK(evaluate(&evaluator, &terms, LOSS_TICKET_RESULT, &tickets, &error));
    CHECK(evaluate(&evaluator, &terms, LOSS_SHOW_CONTRIBUTION, &all, &error));
    CHECK_INT(evaluator.house[100], 90 * 1050 + 100 * 200);
    CHECK(all.loss_probability < tickets.loss_probability);
    CHECK(all.has_contribution && all.contribution.mean > all.promoter.mean);
    CHECK(highest_guarantee(&evaluator, &terms, LOSS_SHOW_CONTRIBUTION, 0.2).value >
          highest_guarantee(&evaluator, &terms, LOSS_TICKET_RESULT, 0.2).value);
}

/* Printed, not judged: how fast the machine is, not whether the maths is right. */
static void speed(void)
{
    enum { TIMES = 20 };
    struct show show = club();
    struct terms terms = deal(DEAL_PLUS, 150000, 850000);
    struct evaluator evaluator;
    struct evaluation evaluation;
    struct comparison comparison;
    struct settled_line lines[2];
    struct settlement settlement;
    poisson_lognormal();
    clock_t start = clock();
    for (int i = 0; i < TIMES; i++)
        weigh_in(&terms, &evaluator, &evaluation);
    double evaluations = TIMES / ((double)(clock() - start) / CLOCKS_PER_SEC);
    start = clock();
    for (int i = 0; i < TIMES; i++)
        compare(&show, is(250000), 0.2, &comparison);
    double comparisons = TIMES / ((double)(clock() - start) / CLOCKS_PER_SEC);
    start = clock();
    for (int i = 0; i < 100 * TIMES; i++)
        CHECK(settle(&terms, &show, 1, lines, &settlement, &error));
    double settlements = 100 * TIMES / ((double)(clock() - start) / CLOCKS_PER_SEC);
    printf("room of %d: %.0f evaluations, %.0f comparisons of four structures, %.0f settlements a "
           "second\n",
           ROOM, evaluations, comparisons, settlements);
}

CHECK_MAIN(published_risk_table, expectation_against_simulation, expectations_add_up,
           quantiles_to_tickets, bad_demand, tiers_sell_in_order, highest_guarantee_is_the_edge,
           ask_beyond_the_limit, ask_within_the_limit, no_ask, nothing_within_the_limit,
           kinks_have_names, zero_is_no_loss, house_earnings_count_when_asked, speed)
