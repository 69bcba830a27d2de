/*
 * The sheet of one show as plain C: box office, costs, house.
 *
 * Why and rules: as in terms.h; meanings are those of BoxOffice, Expenses and House in
 * proto/promoteros/v1/deal.proto.
 */
#ifndef PROMOTEROS_DEAL_SHEET_H
#define PROMOTEROS_DEAL_SHEET_H

#include "deal-optimizer/terms.h"

#define SHEET_MAX_TIERS   64
#define SHEET_MAX_FEES    16
#define SHEET_MAX_LINES   128
#define SHEET_MAX_SHOWS   64
#define SHEET_MAX_TICKETS INT64_C(10000000)

enum expense_kind { EXPENSE_OTHER = 0, EXPENSE_SUPPORT };
enum expense_base {
    BASE_FIXED = 1,
    BASE_PER_TICKET,
    BASE_PER_HEAD,
    BASE_GROSS,
    BASE_ADJUSTED_GROSS,
    BASE_NET_GROSS,
    BASE_STATED
};

struct tier {
    const char *name;
    int64_t price, sold;
    struct maybe allotment;
    int64_t comps, kills;
};

struct fee {
    const char *name;
    struct maybe per_ticket, included_ppm; /* exactly one */
};

struct box_office {
    const char *currency;
    const struct tier *tiers;
    size_t tier_count;
    const struct fee *fees;
    size_t fee_count;
    struct maybe facility_fee, tax_ppm;
    int64_t untaxed_extra;
    struct maybe reported_sold, gross, fees_total, tax, net_gross, capacity;
};

struct expense_line {
    const char *name;
    int kind, base;
    int64_t amount, rate_ppm;
    struct maybe cap;
    bool internal_only;
};

struct house_merch {
    int kind;
    int64_t per_head, tax_ppm, card_fee_ppm;
};

struct house {
    struct maybe show_rate_ppm;
    int64_t extra_comps, bar_per_head, bar_margin_ppm, ticket_rebate;
    const struct house_merch *merch;
    size_t merch_count;
    struct maybe keeps_facility_fee;
};

struct show {
    const char *name;
    struct box_office box;
    const char *expense_currency;
    const struct expense_line *lines;
    size_t line_count;
    struct maybe reported_fixed;
    const struct house *house; /* NULL: no house figures */
};

#endif
