/*
 * How far a long step is.
 *
 * Why: whoever waits wants to know that something moves, and how long it will take. On a terminal
 * one line is rewritten a few times a second; in a log a line is written every few seconds.
 *
 * Memory: plain data of the caller's. Threads: one. Errors: none.
 */
#ifndef PROMOTEROS_CLI_PROGRESS_H
#define PROMOTEROS_CLI_PROGRESS_H

#include "cli/cli.h"

struct progress {
    FILE *err;
    bool terminal;
    bool shown;
    const char *label; /* "reading chart.csv" */
    const char *unit;  /* "lines" */
    int64_t start_us;
    int64_t last_us;
};

void progress_open(struct progress *progress, struct cli *cli, const char *label, const char *unit);
/* share in [0, 1], or negative when not known. Cheap: prints only when it is time. */
void progress_update(struct progress *progress, int64_t count, double share);
/* Clears the line, so that other text can follow. */
void progress_clear(struct progress *progress);

#endif
