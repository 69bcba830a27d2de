/*
 * The weeks of a running show, and of its market, out of plain shows.
 *
 * Box offices report theatre weeks as one row or as eight nights; the method of running_show.h
 * wants weeks that end on the target's weekday. Here nights are added up into such weeks.
 *
 * Memory: caller's. Threads: pure functions. Errors: none; a history that is no running show gives
 * 0 weeks.
 */
#ifndef PROMOTEROS_AUDIENCE_RUN_HISTORY_H
#define PROMOTEROS_AUDIENCE_RUN_HISTORY_H

#include "audience-predictor/comparables.h"
#include "audience-predictor/running_show.h"

/*
 * Weeks of the coming show's own run: same artist, same room, no gap over
 * COMPARABLES_ENGAGEMENT_GAP days. shows is ascending by day; weeks has room for count elements.
 * Returns the number of weeks, or 0 when this is no running show: fewer than RUNNING_WEEKS_MIN
 * weeks, gaps in more than half of them, or the target out of reach.
 */
size_t run_history_weeks(const struct coming_show *coming, const struct past_show *shows,
                         size_t count, struct running_week *weeks);

/* Mean share of all shows of the coming show's market, week by week; room for count elements. */
size_t run_history_market(const struct coming_show *coming, const struct past_show *shows,
                          size_t count, struct market_week *market);

/* The forecast as demand on the grid (capacity cuts it off). */
void run_history_demand(const struct running_forecast *forecast, struct demand *demand);

#endif
