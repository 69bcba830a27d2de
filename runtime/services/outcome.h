/*
 * What happened, and what that says about the predictions of it.
 *
 * Why: outcomes come from people (RecordOutcome) and from the catalog (attendance that becomes
 * known); both score predictions by the same rules, in the same batch as the fact itself. An
 * outcome that differs from the recorded one is a correction: the score is computed again and added
 * behind the old one.
 *
 * Memory: work->arena; the batch copies. Threads: the work's, under services->writing. Errors: as
 * the store; INVALID_ARGUMENT for an outcome that does not fit a yes-or-no prediction.
 */
#ifndef PROMOTEROS_SERVICES_OUTCOME_H
#define PROMOTEROS_SERVICES_OUTCOME_H

#include "services/score.h"
#include "services/work.h"

/* A prediction with what has become of it. */
enum pros_status prediction_unpack(struct arena *arena, const struct store_prediction *stored,
                                   Promoteros__V1__Prediction **prediction,
                                   struct failure *failure);

struct prediction_list {
    struct arena *arena;
    Promoteros__V1__Prediction **predictions;
    size_t count, capacity;
    struct failure *failure;
};
/* Predictions of the target (NULL: any) about the subject, open and scored. */
enum pros_status find_predictions(struct work *work, const char *target, const char *subject,
                                  struct prediction_list *list);
/* Gives each prediction of the target in the list its outcome and score and adds both to the batch,
 * unless the outcome is recorded already. source: "user" or "attendance". */
enum pros_status add_outcomes(struct work *work, struct store_batch *batch,
                              const struct prediction_list *list, const char *target,
                              struct outcome outcome, const char *source);
/* The same for what a show's attendance tells: tickets, heads, sell-out. Predictions as of a moment
 * after the attendance was known are left alone. */
enum pros_status add_show_outcomes(struct work *work, struct store_batch *batch,
                                   const Promoteros__V1__Show *show);
/* Whether the ledger holds any prediction at all. */
enum pros_status ledger_is_empty(struct work *work, bool *empty);

#endif
