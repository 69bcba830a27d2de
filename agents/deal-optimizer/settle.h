/*
 * The settlement sheet: every figure a tour manager would check, rounded once, with warnings.
 *
 * Why: whole minor units are what is paid and printed; exact fractions stay inside. Halves round
 * away from zero at each reported figure; the promoter's result is what is left, so that artist +
 * promoter + costs = receipts to the cent.
 *
 * Memory: the caller's; names point into the sheet. Threads: any. Errors: false with reason and
 * sentence.
 */
#ifndef PROMOTEROS_DEAL_SETTLE_H
#define PROMOTEROS_DEAL_SETTLE_H

#include "deal-optimizer/pay.h"
#include "deal-optimizer/validate.h"

#define SETTLE_MAX_WARNINGS 16

struct warnings {
    size_t count; /* later ones are dropped */
    char text[SETTLE_MAX_WARNINGS][240];
};

struct settled_line {
    const char *name;
    int64_t amount;
};

struct house_result {
    bool set;
    int64_t heads, bar, facility, ticket_rebate, merch, artist_merch, contribution;
};

/* Minor units; fields as in promoteros.v1.Settlement. */
struct settlement {
    int64_t sold, gross, facility, other_fees, adjusted, tax, net_gross, extra;
    int64_t costs, fixed, variable, own_costs, costs_plus_guarantee, promoter_profit;
    struct maybe split_point;
    int64_t net_to_split, percentage, bonus;
    bool backend_opened;
    struct shares shares;
    int64_t withholding, deposit, reimbursements, cheque;
    struct house_result house;
    struct settled_line *lines; /* the caller's array */
    size_t line_count;
    struct warnings warnings;
};

/* Lines that a settlement of these shows can have. */
size_t settle_line_capacity(const struct show *shows, size_t show_count);

/*
 * Settles valid and complete terms and shows (it checks both). lines: room for
 * settle_line_capacity() entries.
 */
bool settle(const struct terms *terms, const struct show *shows, size_t show_count,
            struct settled_line *lines, struct settlement *settlement, struct deal_error *error);

/* What the house earns on one show with these tickets; false on overflow. The contribution is left
 * to the caller. */
bool house_earn(const struct terms *terms, const struct show *show, int64_t sold, int64_t comps,
                struct house_result *result);

/* Contradictions and oddities in the sheet. */
void sheet_warn(const struct terms *terms, const struct show *shows, size_t show_count,
                struct warnings *warnings);

#endif
