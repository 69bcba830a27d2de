/*
 * Between the messages of the contract and the sheet of the maths.
 *
 * Why: the maths knows no protobuf, and the contract no C. Nothing is judged here: unknown enum
 * numbers and absurd figures go through unchanged, and validate.h refuses them.
 *
 * Memory: everything lives in the run's arena or in the request. Threads: the run's thread. Errors:
 * none.
 */
#ifndef PROMOTEROS_DEAL_TRANSLATE_H
#define PROMOTEROS_DEAL_TRANSLATE_H

#include <promoteros/typed.h>

#include "deal-optimizer/demand.h"
#include "deal-optimizer/optimize.h"
#include "promoteros/v1/deal_optimizer_service.pb-c.h"

struct terms terms_read(struct pros_run *run, const Promoteros__V1__DealTerms *message);
struct flags flags_read(const Promoteros__V1__DealFlags *message);
const struct merch_terms *merch_read(struct pros_run *run, Promoteros__V1__MerchTerms *const *merch,
                                     size_t count);
struct show show_read(struct pros_run *run, const Promoteros__V1__ShowSheet *message);
struct demand demand_read(const Promoteros__V1__Distribution *message);

/* original with what an optimisation may change: flags, guarantee, share, promoter profit. NULL:
 * from nothing. */
Promoteros__V1__DealTerms *terms_write(struct pros_run *run, const struct terms *terms,
                                       const Promoteros__V1__DealTerms *original);
Promoteros__V1__Settlement *settlement_write(struct pros_run *run, const struct terms *terms,
                                             const struct settlement *settlement);

/* promoter and artist: results at 0..room tickets of the same deal, for the curve. */
Promoteros__V1__DealEvaluation *evaluation_write(struct pros_run *run, const char *label,
                                                 Promoteros__V1__DealTerms *terms,
                                                 const struct evaluator *evaluator,
                                                 const struct evaluation *evaluation,
                                                 const int64_t *promoter, const int64_t *artist);
void warnings_write(struct pros_run *run, const struct warnings *warnings, size_t *count,
                    char ***texts);

#endif
