#include "host/arithmetic.h"

#include <math.h>
#include <stdbool.h>

#define REASON "TRACE_ARITHMETIC"

static enum pros_status apply_link(const struct arithmetic_sum *sum, double *linked,
                                   struct failure *failure)
{
    double value = sum->value;
    switch (sum->link) {
    case PROS_LINK_IDENTITY:
        *linked = value;
        return PROS_OK;
    case PROS_LINK_LOG:
        if (!(value > 0))
            return failure_set(failure, PROS_INTERNAL, REASON,
                               "The conclusion %s is %.17g, which has no logarithm; with this link "
                               "it must be above 0.",
                               sum->name, value);
        *linked = log(value);
        return PROS_OK;
    case PROS_LINK_LOGIT:
        if (!(value > 0 && value < 1))
            return failure_set(failure, PROS_INTERNAL, REASON,
                               "The conclusion %s is %.17g, which has no log-odds; a probability "
                               "with this link lies strictly between 0 and 1.",
                               sum->name, value);
        *linked = log(value) - log1p(-value);
        return PROS_OK;
    default:
        return failure_set(failure, PROS_INTERNAL, REASON,
                           "The conclusion %s names the link %d, which does not exist.", sum->name,
                           sum->link);
    }
}

enum pros_status arithmetic_residual(const struct arithmetic_sum *sum, double *residual,
                                     struct failure *failure)
{
    double linked = 0, total = sum->baseline, largest = fabs(sum->baseline);
    bool finite = isfinite(sum->value) && isfinite(sum->baseline);
    for (size_t i = 0; i < sum->amount_count; i++) {
        finite = finite && isfinite(sum->amounts[i]);
        total += sum->amounts[i];
        largest = fmax(largest, fabs(sum->amounts[i]));
    }
    if (!finite)
        return failure_set(failure, PROS_INTERNAL, REASON,
                           "The conclusion %s rests on a figure that is not finite.", sum->name);
    enum pros_status status = apply_link(sum, &linked, failure);
    if (status != PROS_OK)
        return status;
    largest = fmax(largest, fabs(linked));
    double rest = linked - total;
    double allowed = fmax(sum->max_residual_share, ARITHMETIC_EXACT_SHARE) * largest;
    if (!isfinite(rest) || fabs(rest) > allowed)
        return failure_set(failure, PROS_INTERNAL, REASON,
                           "The conclusion %s does not add up: baseline and contributions make "
                           "%.17g, the figure is %.17g, and the rest of %.3g is more than the %.3g "
                           "that the method allows.",
                           sum->name, total, linked, rest, allowed);
    *residual = rest;
    return PROS_OK;
}
