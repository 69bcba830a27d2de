/*
 * What the parts of the demo tour share.
 *
 * Why: detection, attendance and offer are three questions to three agents about the same room and
 * night.
 *
 * Memory: messages live in the cli's arena; the city, made only to tell the hidden truth, is freed
 * by demo_tour(). Threads: one. Errors: exit codes.
 */
#ifndef PROMOTEROS_CLI_DEMO_TOUR_H
#define PROMOTEROS_CLI_DEMO_TOUR_H

#include "base/clock.h"
#include "demo/demo.h"

#include <promoteros/v1/catalog_service.pb-c.h>
#include <promoteros/v1/signal_service.pb-c.h>
#include <promoteros/v1/trend_analyzer_service.pb-c.h>

struct tour {
    int64_t as_of_ms;
    char show_date[CLOCK_TEXT_SIZE];
    const Promoteros__V1__Venue *venue;
    const Promoteros__V1__Room *room;
    Promoteros__V1__DetectBreakoutsResponse *found;
    struct city *city;
};

/* Predicts the attendance of one candidate and compares deals for it. */
int tour_offer(struct cli *cli, const struct tour *tour,
               const Promoteros__V1__BreakoutCandidate *candidate, int64_t price_cents);

#endif
