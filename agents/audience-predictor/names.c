#include "audience-predictor/names.h"

#include <string.h>

#define SLOTS_FIRST 64

static uint64_t hash(const char *name)
{
    uint64_t value = 14695981039346656037u; /* FNV-1a */
    for (; *name; name++)
        value = (value ^ (uint8_t)*name) * 1099511628211u;
    return value;
}

/* The slot that holds name, or the free one where it belongs. */
static size_t slot_of(const struct names *names, const char *name)
{
    size_t slot = (size_t)hash(name) & (names->slot_count - 1);
    while (names->slots[slot] && strcmp(names->slots[slot], name) != 0)
        slot = (slot + 1) & (names->slot_count - 1);
    return slot;
}

void names_init(struct names *names, struct pros_run *run)
{
    *names = (struct names){.run = run, .slot_count = SLOTS_FIRST};
    names->slots = pros_alloc(run, SLOTS_FIRST * sizeof *names->slots);
    names->numbers = pros_alloc(run, SLOTS_FIRST * sizeof *names->numbers);
}

static void grow(struct names *names)
{
    struct names old = *names;
    names->slot_count *= 2;
    names->slots = pros_alloc(names->run, names->slot_count * sizeof *names->slots);
    names->numbers = pros_alloc(names->run, names->slot_count * sizeof *names->numbers);
    for (size_t i = 0; i < old.slot_count; i++) {
        if (!old.slots[i])
            continue;
        size_t slot = slot_of(names, old.slots[i]);
        names->slots[slot] = old.slots[i];
        names->numbers[slot] = old.numbers[i];
    }
}

int32_t names_number(struct names *names, const char *name, int *fresh)
{
    size_t slot = slot_of(names, name);
    if (fresh)
        *fresh = !names->slots[slot];
    if (names->slots[slot])
        return names->numbers[slot];
    int32_t number = names->count++;
    names->slots[slot] = name;
    names->numbers[slot] = number;
    if ((size_t)names->count * 2 > names->slot_count)
        grow(names);
    return number;
}
