/*
 * The contract as plain C: what the artist is paid and every clause that changes it.
 *
 * Why: the maths knows neither protobuf nor the host, so that tests and other agents can use it
 * alone. Meanings, ranges and units are those of DealTerms in proto/promoteros/v1/deal.proto; enum
 * values are the same numbers.
 *
 * Memory: terms point at the caller's arrays and strings, which outlive every call. Threads:
 * read-only, any.
 */
#ifndef PROMOTEROS_DEAL_TERMS_H
#define PROMOTEROS_DEAL_TERMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TERMS_MAX_BONUSES        32
#define TERMS_MAX_COHEADLINERS   8
#define TERMS_MAX_REIMBURSEMENTS 32

/* A number that may be unknown, which is not the same as zero. */
struct maybe {
    bool set;
    int64_t value;
};

/* 0 is "not stated" everywhere. */
enum deal_type {
    DEAL_FLAT = 1,
    DEAL_DOOR,
    DEAL_PER_TICKET,
    DEAL_VERSUS,
    DEAL_PLUS,
    DEAL_HURDLE,
    DEAL_RENTAL
};
enum share_base { SHARE_GROSS = 1, SHARE_NET_GROSS, SHARE_NET };
enum guarantee_placement { GUARANTEE_INSIDE = 1, GUARANTEE_OUTSIDE };
enum tax_mode { TAX_DIVISOR = 1, TAX_MULTIPLIER };
enum facility_placement { FACILITY_INSIDE = 1, FACILITY_ON_TOP };
enum support_treatment { SUPPORT_IN_DEAL = 1, SUPPORT_PROMOTER };
enum profit_base { PROFIT_NONE = 1, PROFIT_EXPENSES, PROFIT_EXPENSES_AND_GUARANTEE };
enum bonus_rule { BONUS_CUMULATIVE = 1, BONUS_HIGHEST, BONUS_RETROACTIVE };
enum comps_rule { COMPS_COUNTED = 1, COMPS_NOT_COUNTED };
enum cap_rule { CAP_NONE = 1, CAP_PER_LINE, CAP_TOTAL };
enum rounding_rule { ROUND_MINOR = 1, ROUND_WHOLE };
enum merch_kind { MERCH_SOFT = 1, MERCH_HARD };
enum merch_base { MERCH_GROSS_SALES = 1, MERCH_AFTER_TAX, MERCH_AFTER_TAX_AND_CARD };
enum merch_seller { MERCH_VENUE = 1, MERCH_ARTIST };

struct bonus_step {
    struct maybe at_tickets, at_sell_through_ppm, at_gross; /* exactly one */
    struct maybe amount, per_ticket;                        /* exactly one */
};

struct co_headliner {
    const char *name;
    int64_t guarantee, share_ppm;
};

struct reimbursement {
    const char *name;
    int64_t amount;
    struct maybe affects_split, affects_withholding, external_only;
};

struct merch_terms {
    int kind;
    struct maybe venue_share_ppm;
    int base, seller;
};

struct per_ticket {
    bool set;
    int64_t amount, above_tickets, above_sell_through_ppm;
    struct maybe cap_tickets;
};

struct co_promotion {
    bool set;
    int64_t partner_share_ppm;
    struct maybe shares_losses;
};

struct flags {
    int guarantee, tax, facility, support, profit, bonus, comps, caps, rounding;
};

struct terms {
    const char *currency;
    const char *label;
    int type, share_base;
    struct maybe guarantee, share_ppm, profit_ppm, hurdle, rent, total_cap;
    struct maybe deposit, withholding_ppm, withholding_threshold;
    struct flags flags;
    struct per_ticket per_ticket;
    struct co_promotion co_promotion;
    const struct bonus_step *bonuses;
    size_t bonus_count;
    const struct co_headliner *co_headliners;
    size_t co_headliner_count;
    const struct reimbursement *reimbursements;
    size_t reimbursement_count;
    const struct merch_terms *merch;
    size_t merch_count;
    bool cross_collateralised;
};

#endif
