/*
 * What a deal pays out of given takings: the formulas of every deal type, exact.
 *
 * Why: settlement, evaluation and comparison must use one and the same arithmetic, or the offer
 * sheet and the settlement disagree. Formulas: Prism help centre (deal types, break-even) and UTA's
 * public deal-engine documents: flat G; door p*B; per ticket a*n; versus max(G, p*B); plus G +
 * p*max(0, NB - SP); plus of net gross G + p*NB; hurdle B >= H ? p*B : G; rental NB - rent - E;
 * bonuses on top. SP = E + (G if inside the split) + PP; PP = k * (E or E + G).
 *
 * Memory: the caller's. Threads: any. Errors: false when a figure overflows.
 */
#ifndef PROMOTEROS_DEAL_PAY_H
#define PROMOTEROS_DEAL_PAY_H

#include "deal-optimizer/ladder.h"

/* Exact figures; amounts in minor units. */
struct payout {
    struct rational artist;
    struct rational co_headliners[TERMS_MAX_COHEADLINERS];
    struct rational
        costs; /* that count before the split: after the total cap, with reimbursements */
    struct rational
        own_costs; /* the promoter's, with reimbursements that are not the artist's sheet only */
    struct rational guarantees;
    struct rational promoter_profit;
    struct rational net_to_split; /* B: what the share is taken of */
    struct rational percentage;   /* the artist's share of it */
    struct rational bonus;
    bool has_split_point;
    struct rational split_point;
    struct rational
        opening; /* with a split point: how far above it the base is; the backend opens at >= 0 */
    bool backend_opened;
};

/* Payouts after rounding, and what is left: receipts = artist + co-headliners + own_costs + partner
 * + promoter. */
struct shares {
    int64_t receipts, own_costs, artist, co_headliners[TERMS_MAX_COHEADLINERS], artists, partner,
        promoter;
};

void pay(const struct terms *terms, const struct takings *takings, struct payout *payout);

/* Rounds each payout once by the contract's rule, the rest to the minor unit; unit: minor units in
 * one currency unit. */
bool pay_round(const struct terms *terms, const struct takings *takings,
               const struct payout *payout, int64_t unit, struct shares *shares);

/* True if the share is taken after costs, so that every clause about costs matters to the artist.
 */
bool terms_use_costs(const struct terms *terms);

/* True if the deal pays a share at all. */
bool terms_use_share(const struct terms *terms);

/* True if the deal type pays a guarantee. */
bool terms_use_guarantee(const struct terms *terms);

/* Fewest sold tickets that reach a sell-through in parts per million, by the contract's rule on
 * comps. */
int64_t sell_through_tickets(const struct terms *terms, const struct takings *takings, int64_t ppm);

/* True if a bonus step is reached. */
bool bonus_reached(const struct terms *terms, const struct takings *takings,
                   const struct bonus_step *step);

#endif
