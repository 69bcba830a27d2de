/*
 * A prediction in words: the trace, the ledger's entries and the response.
 *
 * Memory: the run's arena. Threads: the run's thread. Errors: none.
 */
#ifndef PROMOTEROS_AUDIENCE_EXPLAIN_H
#define PROMOTEROS_AUDIENCE_EXPLAIN_H

#include "audience-predictor/evidence.h"

/* Fills the response and records steps, conclusions, alternatives and limits. */
void explain_prediction(struct pros_run *run,
                        const Promoteros__V1__PredictAttendanceRequest *request,
                        const struct evidence *evidence, const struct attendance *attendance,
                        const struct drop_count *drop,
                        Promoteros__V1__PredictAttendanceResponse *response);

#endif
