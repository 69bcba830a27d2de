/*
 * Which column of the file is which of ours.
 *
 * Why: every export has its own headers. --map OURS=THEIRS renames, --set OURS=VALUE fills in what
 * a file does not say; a header that is mapped serves there only.
 *
 * Memory: rules and column names are the caller's. Threads: one. Errors: a failure that names the
 * column and the headers that there are.
 */
#ifndef PROMOTEROS_CLI_COLUMNS_H
#define PROMOTEROS_CLI_COLUMNS_H

#include "base/failure.h"

#include <stdbool.h>
#include <stddef.h>

#define COLUMNS_RULES_MAX 64
#define COLUMNS_IDS_MAX   16
#define COLUMNS_KNOWN_MAX 32

/* One of our columns, for the importer and for its help. */
struct column_name {
    const char *name;
    const char *alias; /* of the sidecar contract, or NULL */
    const char *help;
};

struct column_rule {
    char ours[64];
    const char *theirs; /* header, or the value */
    bool constant;
};

/* An "id:SCHEME" column. */
struct column_id {
    const char *scheme;
    int index;            /* in the row; -1: constant */
    const char *constant; /* or NULL */
};

struct columns {
    const struct column_name *known;
    size_t known_count;
    struct column_rule rules[COLUMNS_RULES_MAX];
    size_t rule_count;
    int index[COLUMNS_KNOWN_MAX]; /* in the row; -1: absent or constant */
    const char *constant[COLUMNS_KNOWN_MAX];
    struct column_id ids[COLUMNS_IDS_MAX];
    size_t id_count;
    unsigned char used[256]; /* headers that serve for something, by index */
};

void columns_open(struct columns *columns, const struct column_name *known, size_t known_count);
/* "OURS=THEIRS" or "OURS=VALUE". extra: a further name that OURS may have, or NULL. */
enum pros_status columns_add_rule(struct columns *columns, const char *text, bool constant,
                                  const char *const *extra, size_t extra_count,
                                  struct failure *failure);
/* Looks the columns up in a header (at most 256 names). A header that a rule names must be there
 * when strict. */
enum pros_status columns_bind(struct columns *columns, const char *const *names, size_t count,
                              bool strict, struct failure *failure);
/* The value of one of our columns; "" when absent. */
const char *columns_value(const struct columns *columns, const char *const *values, size_t known);
bool columns_has(const struct columns *columns, size_t known);
/* The header that serves for a name that is not in the table, such as a metric; -1 for none. */
int columns_find(struct columns *columns, const char *const *names, size_t count, const char *name);

#endif
