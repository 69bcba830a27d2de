/*
 * Every key of promoterosd.yaml, once.
 *
 * Why: the reader, --print-config, --help and the example file follow from this table, so a new key
 * is one line. Memory, threads: constant. Errors: none.
 */
#ifndef PROMOTEROS_CONFIG_TABLE_H
#define PROMOTEROS_CONFIG_TABLE_H

#include "config/config.h"

enum config_type { CONFIG_TEXT, CONFIG_INTEGER, CONFIG_CHOICE, CONFIG_OBJECT, CONFIG_LIST };

struct config_key {
    const char *name; /* "section.key", or the name of an item's key */
    enum config_type type;
    size_t offset;            /* into struct config, or struct config_agent */
    const char *default_text; /* NULL: computed, see help */
    int64_t min, max;         /* of an integer; bytes of a text */
    const char *choices;      /* separated by blanks */
    const char *help;
};

extern const struct config_key config_keys[];
extern const size_t config_key_count;
/* Of an item of `agents`. */
extern const struct config_key config_agent_keys[];
extern const size_t config_agent_key_count;

/* Whether the word is one of the choices. */
bool config_is_choice(const char *choices, const char *word);

#endif
