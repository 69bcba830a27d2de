/*
 * Importing a file: what signals and shows have in common.
 *
 * Why: reading, mapping, refusing line by line, progress, report and the all-or-nothing session are
 * one mechanism; what a row means is the business of import_signals.c and import_shows.c.
 *
 * Memory: everything is closed at the end of import_run(). Threads: one. Errors: exit codes.
 */
#ifndef PROMOTEROS_CLI_IMPORT_H
#define PROMOTEROS_CLI_IMPORT_H

#include "cli/clean.h"
#include "cli/columns.h"
#include "cli/command.h"
#include "cli/input.h"
#include "cli/rows.h"
#include "cli/session.h"

#define IMPORT_METRICS_MAX 32
#define IMPORT_SHOWN_MAX   20
#define IMPORT_ARTISTS_MAX 32
/* Older facts than this, imported as known now, deserve a word. */
#define IMPORT_HISTORY_MS (INT64_C(7) * 86400000)
/* What the daemon takes of a name. */
#define IMPORT_NAME_BYTES 200

enum import_result { IMPORT_ACCEPTED, IMPORT_REFUSED, IMPORT_FAILED };

struct import;

/* What differs between signals and shows. */
struct import_kind {
    const char *name; /* "signals" */
    const char *unit; /* of one: "point" */
    const struct column_name *columns;
    size_t column_count;
    /* Checks the bound columns of a CSV, before the first row. */
    enum pros_status (*check)(struct import *import, struct failure *failure);
    /* Takes a row: sends it, or says why not in import->why, or fails with import->failure. */
    enum import_result (*take)(struct import *import, const char *const *values);
    struct session *(*open)(struct cli *cli, const struct session_options *options,
                            struct failure *failure);
};

struct import {
    struct cli *cli;
    const struct import_kind *kind;
    struct input input;
    struct rows rows;
    struct columns columns;
    struct session *session;
    struct session_options options;
    int64_t now_ms;

    char thousands;                         /* or 0 */
    const char *artist_separators;          /* between the names of a track's artists: "&,;" */
    Promoteros__V1__EntityKind entity_kind; /* --kind, or unspecified */
    char *metrics[IMPORT_METRICS_MAX];      /* --metrics: the wide form */
    int metric_index[IMPORT_METRICS_MAX];
    size_t metric_count;

    char why[CLEAN_WHY_SIZE + 32];
    struct failure failure;
    int64_t accepted, refused, empty;
    bool undated; /* history without known_at or --lag was seen */
    struct {
        int64_t line;
        char why[ROWS_REFUSAL_SIZE + 32];
    } shown[IMPORT_SHOWN_MAX];
};

extern const struct import_kind import_signals_kind, import_shows_kind;

int import_signals(struct cli *cli, const struct args *args);
int import_shows(struct cli *cli, const struct args *args);

/* Fills import->why; returns IMPORT_REFUSED. */
__attribute__((format(printf, 2, 3))) enum import_result import_refuse(struct import *import,
                                                                       const char *format, ...);
/* A moment of a row with the column's name in the reason; false: refused. */
bool import_instant(struct import *import, const char *column, const char *text, int64_t *ms);
/* A name of at most IMPORT_NAME_BYTES bytes, without control characters; false: refused. */
bool import_name(struct import *import, const char *column, const char *text);
/* The row's external ids, room for COLUMNS_IDS_MAX; texts as in the row; false: refused. */
bool import_ids(struct import *import, const char *const *values, Promoteros__V1__ExternalId *ids,
                size_t *count);

#endif
