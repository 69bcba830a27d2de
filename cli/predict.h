/*
 * Asking for a prediction by the options that predict and deal share.
 *
 * Why: "what would it draw" and "what to offer for it" name the same night by the same options.
 *
 * Memory: the reply lives in the cli's arena. Threads: one. Errors: exit codes.
 */
#ifndef PROMOTEROS_CLI_PREDICT_H
#define PROMOTEROS_CLI_PREDICT_H

#include "cli/command.h"

#include <promoteros/v1/audience_predictor_service.pb-c.h>

/* --artist, --venue, --date, --room, --configuration, --capacity, --price, --genre, --sold,
 * --comps,
 * --performances, --city. */
int predict_attendance(struct cli *cli, const struct args *args,
                       Promoteros__V1__PredictAttendanceResponse **reply);

#endif
