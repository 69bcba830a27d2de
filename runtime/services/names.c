/* A table of texts: open addressing, at most half full. */
#include "services/names.h"

#include "base/id.h"

#include <string.h>

static size_t place_of(const struct names *names, const char *key)
{
    uint64_t hash = names->seed; /* FNV-1a, then a finisher */
    for (; *key; key++)
        hash = (hash ^ (unsigned char)*key) * UINT64_C(1099511628211);
    hash ^= hash >> 32;
    return (size_t)(hash & (names->capacity - 1));
}

static struct names_slot *slot_of(const struct names *names, const char *key)
{
    size_t place = place_of(names, key);
    while (names->slots[place].key && strcmp(names->slots[place].key, key) != 0)
        place = (place + 1) & (names->capacity - 1);
    return &names->slots[place];
}

void *names_find(const struct names *names, const char *key)
{
    return names->capacity ? slot_of(names, key)->value : NULL;
}

static void grow(struct names *names, struct arena *arena)
{
    struct names old = *names;
    names->capacity = old.capacity ? 2 * old.capacity : 64;
    if (!old.capacity)
        names->seed = random_seed();
    names->slots = arena_alloc_array(arena, names->capacity, sizeof *names->slots);
    for (size_t i = 0; i < old.capacity; i++)
        if (old.slots[i].key)
            *slot_of(names, old.slots[i].key) = old.slots[i];
}

void names_add(struct names *names, struct arena *arena, const char *key, void *value)
{
    if (2 * (names->count + 1) > names->capacity)
        grow(names, arena);
    struct names_slot *slot = slot_of(names, key);
    if (!slot->key) {
        slot->key = arena_string(arena, key);
        names->count++;
    }
    slot->value = value;
}
