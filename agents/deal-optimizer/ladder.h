/*
 * The money ladder of one show: gross, fees, tax, net gross, costs; exact.
 *
 * Why: every deal starts from the same figures. They are computed once, from tiers or from reported
 * totals, and handed to pay.h. Order as in Prism's and UTA's public documents: gross less facility
 * and other fees, then tax, then costs.
 *
 * Memory: the caller's. Threads: any. Errors: overflow shows as fractions that are not
 * rational_ok(); pay.h checks. Input has passed validate.h.
 */
#ifndef PROMOTEROS_DEAL_LADDER_H
#define PROMOTEROS_DEAL_LADDER_H

#include "deal-optimizer/rational.h"
#include "deal-optimizer/sheet.h"

/* What a deal is paid from. Amounts in minor units. */
struct takings {
    struct rational gross;
    struct rational receipts;  /* net gross and untaxed extra revenue */
    struct rational costs;     /* as they count against the artist, after caps by line */
    struct rational own_costs; /* as the promoter paid them */
    int64_t sold, comps;
    struct maybe allotment; /* all tickets less kills, comps included */
};

struct ladder {
    struct takings takings;
    struct rational facility, other_fees, adjusted, tax, net, extra;
    struct rational fixed, variable; /* of takings.costs */
};

/*
 * Computes the ladder. sold: tickets by tier; NULL takes the sheet's own counts and its reported
 * totals. lines: NULL, or room for line_count + 1 artist-facing amounts, the last of which is what
 * reported_fixed has beyond the lines.
 */
void ladder_compute(const struct show *show, const struct flags *flags, const int64_t *sold,
                    struct ladder *ladder, struct rational *lines);

/* Adds another show of the same run. */
void ladder_add(struct ladder *sum, const struct ladder *ladder);

/* Tickets of a tier that can be sold: allotment less comps and kills; unset without an allotment.
 */
struct maybe tier_sellable(const struct tier *tier);

/* Tickets that can be sold in all, by tiers and capacity, whichever is lower; unset when neither is
 * known. */
struct maybe box_sellable(const struct box_office *box);

/* Spreads a number of tickets over the tiers in their order. */
void ladder_fill(const struct box_office *box, int64_t tickets, int64_t *sold);

/* Sum of price times sellable tickets, exact up to 10^18; unset when a tier has no allotment. */
struct maybe gross_potential(const struct box_office *box);

#endif
