/*
 * Which structure to offer.
 *
 * Why: structures that cost the same on average differ in who carries the risk. The rule is stated
 * so that it can be disputed:
 *   1. A structure qualifies when its P(loss) is within the limit and it pays the artist at least
 * 98 % of the ask on average.
 *   2. Of those that qualify, the one with the highest expected result wins; then the milder worst
 * 5 %.
 *   3. When none qualifies, or there is no ask, each guarantee is lowered to the highest one within
 * the limit where it is above that, and the structure that then pays the artist most on average
 * wins: the most attractive offer that the limit allows.
 *   4. When not even that is possible, the lowest P(loss) wins, and the answer says that the limit
 * is not met.
 *
 * Memory: options are the caller's; an evaluator's memory and two curves an option too.
 * Threads: one caller. Errors: false with reason and sentence.
 */
#ifndef PROMOTEROS_DEAL_OPTIMIZE_H
#define PROMOTEROS_DEAL_OPTIMIZE_H

#include "deal-optimizer/evaluate.h"

#define OPTIMIZE_MAX_OPTIONS      16
#define OPTIMIZE_STANDARD_OPTIONS 4
#define OPTIMIZE_ASK_SHARE        0.98
#define OPTIMIZE_LOSS_LIMIT       0.2

struct option {
    struct terms
        terms; /* an open guarantee becomes the highest within the limit; lowered if resized */
    char label[80];
    struct evaluation evaluation;
    double offered_loss; /* P(loss) at the guarantee as offered */
    bool qualifies, resized, recommended, within_limit;
    struct maybe highest_guarantee;
    int64_t *promoter, *artist; /* curves: results at 0..room tickets; the caller's arrays */
    char reason[240];
    size_t source; /* the caller's number of the structure */
};

struct comparison {
    const struct show *show;
    int64_t room;
    const double *pmf;
    enum loss_basis basis;
    double limit;
    struct maybe ask; /* minor units */
    bool (*expired)(
        void *context); /* asked once a structure; true ends with DEADLINE_EXCEEDED. NULL: no */
    void *context;
};

/* A ticket count from which another structure would have served the promoter better (or worse) than
 * the chosen one. */
struct turn {
    bool set;
    int64_t tickets;
    bool better_above; /* the other is better from there upward; else below */
};

/*
 * Fills the four standard structures around an ask: flat at the ask, 80 % of it vs 80 % of net, 60
 * % of it plus 85 % above a split point with 15 % promoter profit, door at 80 % of net; without an
 * ask their guarantees stay open. base: currency and the clauses about the sheet; what is open and
 * ours to offer is set (caps and rounding only where open). Guarantees are whole currency units.
 */
void optimize_standard(const struct terms *base, const struct show *show, struct maybe ask,
                       struct terms structures[OPTIMIZE_STANDARD_OPTIONS]);

/*
 * Weighs options[0..count] (terms and curves set), applies the rule and sorts: the recommended
 * first, then by the rule. memory: evaluator_size(room) bytes.
 */
bool optimize(const struct comparison *comparison, void *memory, struct option *options,
              size_t count, struct deal_error *error);

/* "2,000.00 vs 80 % of net". */
void option_label(const struct terms *terms, char *label, size_t size);

/* Where other's curve crosses chosen's, nearest to the median of demand. */
struct turn option_turn(const struct comparison *comparison, const struct option *chosen,
                        const struct option *other);

#endif
