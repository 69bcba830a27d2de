/*
 * The following of artists, as it stood before their shows: for shows to be compared across artists
 * (following.h).
 *
 * One query for the artist and for those that played in the market last. Of all series of followers
 * or listeners the one that covers most past shows is taken, so that like is compared with like. A
 * past show is given the following that was visible as long before it as the coming show is ahead
 * now.
 *
 * Memory: the run's arena. Threads: the run's thread. Errors: a failure has been said with
 * pros_fail().
 */
#ifndef PROMOTEROS_AUDIENCE_SIGNALS_H
#define PROMOTEROS_AUDIENCE_SIGNALS_H

#include "audience-predictor/evidence.h"

#define SIGNALS_ARTISTS_MAX 80
#define SIGNALS_STALE_DAYS  60 /* an older point says nothing */

/* Sets request.coming.following and shows[].following where they are known. as_of_day: day of the
 * run. */
enum pros_status signals_add_following(struct pros_run *run, const char *artist_id,
                                       int32_t as_of_day, struct evidence *evidence);

#endif
