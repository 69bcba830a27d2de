/*
 * The reasoning of a deal: every figure as a step with its formula, conclusions that add up.
 *
 * Why: a buyer must be able to lay the sheet beside the tour manager's and see which clause makes
 * the difference. Figures in steps are in units of the currency ("USD"), as they would be printed.
 *
 * Memory: the run's arena. Threads: the run's thread. Errors: none.
 */
#ifndef PROMOTEROS_DEAL_EXPLAIN_H
#define PROMOTEROS_DEAL_EXPLAIN_H

#include <promoteros/agent.h>

#include "deal-optimizer/demand.h"
#include "deal-optimizer/optimize.h"

void explain_settlement(struct pros_run *run, const struct terms *terms,
                        const struct settlement *settlement);

/* The demand behind an evaluation; mean: after rounding to tickets and cutting at the room. */
void explain_demand(struct pros_run *run, const struct demand *demand, int64_t room, double mean);

void explain_evaluation(struct pros_run *run, const struct terms *terms, const char *label,
                        const struct evaluator *evaluator, const struct evaluation *evaluation,
                        enum loss_basis basis);

/* Alternatives, flips and the summary; returns the summary. options are sorted. */
const char *explain_comparison(struct pros_run *run, const struct comparison *comparison,
                               const struct option *options, size_t count);

#endif
