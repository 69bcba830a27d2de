/*
 * Numbers for names: artists, rooms, cities and genres of several replies, compared by text once
 * and by number from then on.
 *
 * Memory: the run's arena; names are borrowed. Threads: the run's thread. Errors: none; it grows as
 * needed.
 */
#ifndef PROMOTEROS_AUDIENCE_NAMES_H
#define PROMOTEROS_AUDIENCE_NAMES_H

#include <promoteros/agent.h>

struct names {
    struct pros_run *run;
    const char **slots; /* open addressing; NULL is free */
    int32_t *numbers;
    size_t slot_count; /* a power of two */
    int32_t count;
};

void names_init(struct names *names, struct pros_run *run);

/* The number of a name, from 0; *fresh (or NULL) says whether it was new. */
int32_t names_number(struct names *names, const char *name, int *fresh);

#endif
