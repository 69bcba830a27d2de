/*
 * What counts as a breakout: a table of stated definitions.
 *
 * Why a table: a probability means nothing without "of what, within how long"; every answer names
 * its line. All constant.
 */
#ifndef PROMOTEROS_TREND_DEFINITIONS_H
#define PROMOTEROS_TREND_DEFINITIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "trend-analyzer/chart.h"

enum definition_kind {
    DEFINITION_AUDIENCE, /* the audience index of an artist or song rises by a multiple */
    DEFINITION_POSTS,    /* posts double and pass a floor */
    DEFINITION_CHART     /* a chart entry reaches a place or a level */
};

struct breakout_definition {
    const char *name;
    const char *text; /* charts: the event in words; else its subject, and the agent adds multiple
                         and days */
    enum definition_kind kind;
    enum chart_goal goal;
    double multiple;
    double floor; /* a month, for posts */
    int horizon_days;
    const char *const *metrics; /* ended by NULL */
};

/* By name; "" is the default; NULL when there is none. */
const struct breakout_definition *definition_find(const char *name);

/* All names, separated by commas. */
const char *definition_names(void);

/* Whether the metric is an amount a day rather than a standing level. */
bool metric_is_flow(const char *metric);

#endif
