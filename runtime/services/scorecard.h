/*
 * How good the scored predictions of one target were.
 *
 * Why: apart from the service, since these definitions are what the product is judged by.
 *   mean_score           mean CRPS, or Brier score, of all scored predictions
 *   mean_baseline_score  mean of the baseline's, over the predictions that carry one
 *   skill                1 - mean score / mean baseline score, both over those predictions
 *   coverage_80          share of outcomes within the interval, where one was given
 *   within_10_percent    share with |median - outcome| / outcome <= 10 %, outcomes above 0
 *   within_10_percent_floor  for tickets and heads: mean over the same outcomes of the greatest
 *                        share within 10 % that is possible when the true mean is the outcome and
 *                        counts are Poisson; 1 for a sell-out, which has no noise
 *   worst_predictions    greatest score first
 * Nothing is claimed about what no scored prediction says: those fields stay unset.
 *
 * Memory: work->arena. Threads: the work's. Errors: the store's.
 */
#ifndef PROMOTEROS_SERVICES_SCORECARD_H
#define PROMOTEROS_SERVICES_SCORECARD_H

#include "services/work.h"

enum pros_status scorecard_fill(struct work *work,
                                const Promoteros__V1__GetScorecardRequest *request,
                                Promoteros__V1__GetScorecardResponse *response);

#endif
