/*
 * What of a show was known at a moment.
 *
 * Why: a prediction may see nothing that was not known when it is made, and a show's record grows
 * after it was announced: counts, statuses, who came, what was paid.
 *
 * The rules, with the moment M:
 *   - a version of the record is hidden before its known_at (the store does this);
 *   - a status change or ticket count is known when it was observed; later ones are left out;
 *   - the attendance is known at its known_time, and with it what was paid to the artist;
 *   - the deal is known with the version.
 * When a version is known:
 *   - by UpsertShow, or by an import without a declared lag: when it arrived;
 *   - by an import with a declared lag (history): at the first moment that the show itself names
 *     (status change, ticket count, known time of the attendance) or at the start of its local
 * date, whichever is first, and never later than when it arrived. No announcement is invented. When
 * attendance without a known_time is known:
 *   - with a declared lag: at the end of the show's date plus the lag, and never later than when it
 *     arrived; without: when it arrived.
 * Dates start and end at midnight UTC here: host and store have no table of time zones.
 *
 * Memory: the message is changed in place, lists are shortened. Threads: pure. Errors: none.
 */
#ifndef PROMOTEROS_SERVICES_SHOW_AS_OF_H
#define PROMOTEROS_SERVICES_SHOW_AS_OF_H

#include "services/work.h"

void show_as_of(Promoteros__V1__Show *show, int64_t as_of_ms);

struct arrival {
    int64_t now_ms;
    bool has_lag; /* an import that declares one */
    int64_t lag_ms;
};
/* Gives attendance without a known_time its own: that of `before`, the stored show or NULL, where
 * the figures are the same. */
void show_set_attendance_known(struct arena *arena, Promoteros__V1__Show *show,
                               const Promoteros__V1__Show *before, int32_t show_day,
                               struct arrival arrival);
/* When this version is known; after show_set_attendance_known(). */
int64_t show_version_known_ms(const Promoteros__V1__Show *show, int32_t show_day,
                              struct arrival arrival);

#endif
