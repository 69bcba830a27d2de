/*
 * A deal and its show on one sheet, for the tests of settle().
 *
 * Why: terms and shows point at arrays; a sheet holds both, so that a test changes one thing of a
 * sound sheet and settles it. Memory: the sheet's own. Threads: any.
 */
#ifndef PROMOTEROS_TESTS_UNIT_DEAL_SHEET_H
#define PROMOTEROS_TESTS_UNIT_DEAL_SHEET_H

#include "deal-optimizer/money.h"
#include "deal-optimizer/settle.h"
#include "unit/check.h"

#define UNKNOWN ((struct maybe){false, 0})

static inline struct maybe is(int64_t value)
{
    return (struct maybe){true, value};
}

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

/* Complete and sound: 300 of 400 tickets of 20.00, a plus deal. */
static inline void base_sheet(struct sheet *s)
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

/* Defines name(sheet): what a case changes. */
#define CHANGE(name, ...)                                                                          \
    static void name(struct sheet *s)                                                              \
    {                                                                                              \
        __VA_ARGS__;                                                                               \
    }

#endif
