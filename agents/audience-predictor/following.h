/*
 * How tickets go with an artist's following, learned from the venue's own market.
 *
 * A new act has no shows, but it has followers. Published conversions differ by an order of
 * magnitude (15,000 city listeners for 5,000 tickets says one band; others doubt 1 % of a town:
 * domain reference, 4.1), so none is built in: log tickets are regressed on log following over past
 * shows of this market, sell-outs as lower bounds (Tobin 1958, by the EM algorithm), and the slope
 * is held near a neutral one until there are shows enough.
 *
 * Memory: caller's. Threads: pure functions. Errors: false when there is too little to learn from.
 */
#ifndef PROMOTEROS_AUDIENCE_FOLLOWING_H
#define PROMOTEROS_AUDIENCE_FOLLOWING_H

#include <stdbool.h>
#include <stddef.h>

#define FOLLOWING_SHOWS_MIN   12
#define FOLLOWING_PRIOR_SLOPE 0.5 /* neutral, assumed */
#define FOLLOWING_PRIOR_SD    0.25

struct following_point {
    double log_following, log_tickets;
    bool at_least; /* sold out */
    double weight; /* in (0, 1] */
};

struct following_fit {
    double slope;     /* of log tickets on log following, in [0, 1.5] */
    double slope_sd;  /* what remains unknown of it */
    double intercept; /* log tickets at log following 0 */
    double spread;    /* standard deviation of log tickets around the line */
};

/* False with fewer than FOLLOWING_SHOWS_MIN points, or when all have the same following. */
bool following_learn(const struct following_point *points, size_t count, struct following_fit *fit);

#endif
