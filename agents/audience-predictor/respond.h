/*
 * The figures of a prediction as messages: distributions and comparable shows.
 *
 * Memory: the run's arena. Threads: the run's thread. Errors: none.
 */
#ifndef PROMOTEROS_AUDIENCE_RESPOND_H
#define PROMOTEROS_AUDIENCE_RESPOND_H

#include "audience-predictor/evidence.h"

#define RESPOND_SHOWS_MAX 5 /* newest comparables named for each level */

Promoteros__V1__Distribution *respond_paid(struct pros_run *run, const struct demand *demand,
                                           double capacity);
Promoteros__V1__Distribution *respond_heads(struct pros_run *run, const struct drop_count *drop);

/* The levels of comparables, or the own weeks of a running show, into the response. */
void respond_levels(struct pros_run *run, const struct evidence *evidence,
                    const struct attendance *attendance,
                    Promoteros__V1__PredictAttendanceResponse *response);

#endif
