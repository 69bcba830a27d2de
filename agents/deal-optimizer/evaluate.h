/*
 * A deal under uncertain demand: exact expectation, probability of a loss, tails, break-even.
 *
 * Why: payouts are piecewise linear in tickets, so the expectation is a sum over ticket counts of
 * probability times the settled result; nothing is simulated. Each count is settled by the
 * arithmetic of the settlement itself, to the minor unit. The same demand gives deals of the same
 * mean very different risks; that table is what a buyer decides on.
 *
 * Memory: the evaluator lives in memory that the caller gives, evaluator_size() bytes, 16-aligned.
 * Threads: one evaluator, one thread. Errors: false with reason and sentence.
 */
#ifndef PROMOTEROS_DEAL_EVALUATE_H
#define PROMOTEROS_DEAL_EVALUATE_H

#include "deal-optimizer/settle.h"

#define EVALUATE_MAX_TICKETS 50000
#define EVALUATE_QUANTILES   7
#define EVALUATE_MAX_KINKS   (TERMS_MAX_BONUSES + 6)
#define EVALUATE_TAIL        0.05 /* the worst share of outcomes that worst_mean averages */

extern const double evaluate_levels[EVALUATE_QUANTILES];

enum loss_basis { LOSS_TICKET_RESULT = 1, LOSS_SHOW_CONTRIBUTION };

struct atom {
    int64_t value;
    double probability;
};

/* What does not depend on the guarantee or the share, for each ticket count. */
struct evaluator {
    const struct show *show;
    int64_t room;      /* tickets that can be sold */
    const double *pmf; /* pmf[0..room] */
    struct takings *takings;
    int64_t *house;              /* what the house earns beside the ticket result */
    int64_t *promoter, *artists; /* of the deal weighed last */
    struct atom *atoms;
    /* Expected amounts in minor units, for the reasoning. */
    double tickets, gross, fees, tax, extra;
};

struct payoff {
    double mean;
    double worst_mean;
    int64_t values[EVALUATE_QUANTILES];
};

struct break_even {
    bool set;
    int64_t tickets;
    int64_t exact_hundredths;
};

struct kink {
    char name[40];
    struct maybe tickets;
};

struct evaluation {
    struct payoff promoter, artist, contribution;
    bool has_contribution;
    double loss_probability;
    struct break_even internal, external;
    struct kink kinks[EVALUATE_MAX_KINKS];
    size_t kink_count;
    bool loss_returns;         /* more tickets can bring a loss again, as at a retroactive hurdle */
    double own_costs, partner; /* expected, for the reasoning */
};

/* Tickets that the show can sell; false without tiers, or when no limit or one above
 * EVALUATE_MAX_TICKETS is stated. */
bool evaluate_room(const struct show *show, int64_t *room, struct deal_error *error);

size_t evaluator_size(int64_t room);

/* Computes the ladder of every count under the clauses of terms. Sheet checks are the caller's. */
bool evaluator_open(struct evaluator *evaluator, void *memory, const struct terms *terms,
                    const struct show *show, int64_t room, const double *pmf,
                    struct deal_error *error);

bool evaluate(struct evaluator *evaluator, const struct terms *terms, enum loss_basis basis,
              struct evaluation *evaluation, struct deal_error *error);

/* P(loss) alone; NAN on overflow. */
double loss_probability(const struct evaluator *evaluator, const struct terms *terms,
                        enum loss_basis basis);

/*
 * The highest guarantee, in whole currency units up to the gross potential, whose P(loss) stays
 * within limit; by bisection, since more guarantee never lowers P(loss). Unset when not even 0
 * does, or the deal has no guarantee.
 */
struct maybe highest_guarantee(const struct evaluator *evaluator, const struct terms *terms,
                               enum loss_basis basis, double limit);

#endif
