/*
 * A table of texts.
 *
 * Why: an import asks for the same artist thousands of times; the store should be asked once.
 * The hash is seeded at random, so that a stranger's file cannot make all names collide.
 *
 * Memory: keys and table live in the arena that is handed in. Threads: one at a time. Errors: none.
 */
#ifndef PROMOTEROS_SERVICES_NAMES_H
#define PROMOTEROS_SERVICES_NAMES_H

#include "base/arena.h"

#include <stdint.h>

struct names {
    struct names_slot {
        const char *key;
        void *value;
    } * slots;
    size_t count, capacity;
    uint64_t seed;
};

/* NULL when there is none. */
void *names_find(const struct names *names, const char *key);
/* Replaces an older value; the key is copied, the value is not NULL. */
void names_add(struct names *names, struct arena *arena, const char *key, void *value);

#endif
