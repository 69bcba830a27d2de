/*
 * One prediction of attendance, from past shows to a distribution with its explanation.
 *
 * Chooses the method (a running show's own weeks, else comparables), cuts demand off at the
 * capacity, respects what is sold already, and lists the terms of the mean: baseline + sum of the
 * terms = mean, exactly, since each term is the difference that one step made.
 *
 * Units: shares of the capacity of all performances together. Memory: from the caller's allocator,
 * which never returns NULL; nothing is freed. Threads: pure functions. Errors: none; the caller has
 * checked the request.
 */
#ifndef PROMOTEROS_AUDIENCE_ATTENDANCE_H
#define PROMOTEROS_AUDIENCE_ATTENDANCE_H

#include "audience-predictor/run_history.h"
#include "audience-predictor/running_show.h"
#include "audience-predictor/shrinkage.h"

struct attendance_request {
    struct coming_show coming;
    double sold_tickets; /* below 0: not known */
};

enum attendance_basis {
    BASIS_PRIOR = 1, /* numbers as in promoteros.v1.PredictionBasis */
    BASIS_COMPARABLES,
    BASIS_ARTIST,
    BASIS_RUNNING_SHOW
};

enum attendance_term_kind {
    TERM_PRIOR, /* the neutral prior beside the market */
    TERM_LEVEL, /* one level of comparables */
    TERM_OWN_LEVEL,
    TERM_SEASON,
    TERM_CORRECTION,
    TERM_SPREAD, /* of the distribution below the cut at capacity */
    TERM_SOLD
};

struct attendance_term {
    enum attendance_term_kind kind;
    enum level level; /* of TERM_LEVEL */
    double share;
};
#define ATTENDANCE_TERMS_MAX (LEVELS + 4)

struct attendance {
    enum attendance_basis basis;
    struct demand demand;
    double mean;     /* share */
    double baseline; /* share */
    struct attendance_term terms[ATTENDANCE_TERMS_MAX];
    size_t term_count;
    struct comparables comparables; /* observations and shows live in the caller's memory */
    struct shrinkage shrinkage;
    struct running_forecast running; /* with BASIS_RUNNING_SHOW */
    size_t own_weeks;                /* of the running show, else 0 */
    bool season_known;
};

/* shows: ascending by day; only those up to coming.known_until are used. */
void attendance_predict(const struct attendance_request *request, const struct past_show *shows,
                        size_t count, void *(*alloc)(void *context, size_t size), void *context,
                        struct attendance *result);

#endif
