/*
 * What the host knows about the coming show and about past ones, fetched and put into the shapes of
 * the maths.
 *
 * The only file that calls the catalog: one read of the venue, one of the artist, one of the
 * market's outcomes and one of the artist's own.
 *
 * Memory: the run's arena. Threads: the run's thread. Errors: a failure has been said with
 * pros_fail().
 */
#ifndef PROMOTEROS_AUDIENCE_EVIDENCE_H
#define PROMOTEROS_AUDIENCE_EVIDENCE_H

#include <promoteros/typed.h>

#include "audience-predictor/attendance.h"
#include "audience-predictor/drop_count.h"
#include "promoteros/v1/audience_predictor_service.pb-c.h"

#define EVIDENCE_YEARS           5
#define EVIDENCE_OUTCOMES_MAX    10000 /* of the market, the newest */
#define EVIDENCE_ARTIST_SHOWS    2000
#define EVIDENCE_HORIZON_DAYS    731
#define EVIDENCE_PERFORMANCE_MAX 60

/* A past show with its names; the same order as evidence.shows. */
struct evidence_show {
    struct past_show show;
    int64_t heads; /* -1 unknown */
    const char *id, *artist, *artist_id, *venue;
};

struct evidence {
    struct attendance_request request;
    const char *artist_name, *venue_name, *city, *genre, *following_name; /* "" when not known */
    double comps;
    struct evidence_show *details;
    struct past_show *shows; /* ascending by day */
    size_t count;
    struct show_rate rate;
    size_t heads_only; /* shows of which only heads are known, taken as paid */
    bool truncated, simulated, own_capacity;
    bool capacity_of_run; /* taken from the run's last weeks */
    const char *market_input, *artist_input, *venue_input, *capacity_input,
        *following_input; /* ids in the trace, or NULL */
};

/* Checks the request and gathers all of it. */
enum pros_status evidence_gather(struct pros_run *run,
                                 const Promoteros__V1__PredictAttendanceRequest *request,
                                 struct evidence *evidence);

#endif
