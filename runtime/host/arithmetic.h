/*
 * The additive rule: baseline + contributions + residual = link(value).
 *
 * Why: an explanation whose figures do not add up explains nothing. The host computes the residual
 * itself, when a run concludes and again when a stored trace is verified: one rule, in one place.
 *
 * Memory: none. Threads: pure. Errors: INTERNAL with reason TRACE_ARITHMETIC and a sentence that
 * says what does not add up.
 */
#ifndef PROMOTEROS_HOST_ARITHMETIC_H
#define PROMOTEROS_HOST_ARITHMETIC_H

#include "base/failure.h"

/* Where the method declares no share, the sum must be exact up to rounding. */
#define ARITHMETIC_EXACT_SHARE 1e-9

struct arithmetic_sum {
    const char *name; /* of the conclusion, for the sentence */
    int link;         /* enum pros_link, from wherever it came */
    double value;
    double baseline;
    const double *amounts;
    size_t amount_count;
    double max_residual_share;
};

/*
 * residual = link(value) - baseline - sum of the amounts. Refused when it exceeds
 * max(max_residual_share, ARITHMETIC_EXACT_SHARE) of the largest magnitude among link(value),
 * baseline and amounts; when anything is not finite; when a logarithm has no argument (log: value
 * > 0, logit: 0 < value < 1).
 */
enum pros_status arithmetic_residual(const struct arithmetic_sum *sum, double *residual,
                                     struct failure *failure);

#endif
