/*
 * promoterosctl demo: a simulated city to look around in.
 *
 * Why: a newcomer sees every part work within a minute, on data that is honest about being made up.
 *
 * Memory: a city is made, sent and freed within a command. Threads: one.
 * Errors: exit codes as in cli.h; loading is one import of signals and one of shows, each all or
 * nothing.
 */
#ifndef PROMOTEROS_CLI_DEMO_DEMO_H
#define PROMOTEROS_CLI_DEMO_DEMO_H

#include "cli/cli.h"
#include "demo/city.h"

#include <promoteros/v1/catalog.pb-c.h>

/* The external id of an artist: its seed and its number, from which the hidden truth can be made
 * again. */
#define DEMO_SCHEME    "demo-city"
#define DEMO_ID_FORMAT "seed-%llu/artist-%d"

/* demo load [--seed N] [--last-day DATE], demo tour: arguments behind "demo". */
int demo_command(struct cli *cli, int argc, char **argv);

/* Sends the city; progress on cli->err. */
int demo_load(struct cli *cli, const struct city *city);
/* Runs the viral detection pipeline through the daemon and prints what it found. */
int demo_tour(struct cli *cli);

/* The catalog's id of a room's venue, in the arena. */
const char *demo_venue_id(struct cli *cli, const struct city_room *room);
/* A night as the message that the import takes; strings in the arena. */
void demo_fill_show(struct cli *cli, const struct city *city, const struct city_show *show,
                    Promoteros__V1__Show *message);

#endif
