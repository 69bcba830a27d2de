/*
 * Names where ids are asked for.
 *
 * Why: people know artists and venues by name. A name that means one record is as good as its id;
 * a name that could mean several lists them.
 *
 * Memory: ids live in the cli's arena. Threads: one. Errors: exit codes; the reason is printed.
 */
#ifndef PROMOTEROS_CLI_NAMES_H
#define PROMOTEROS_CLI_NAMES_H

#include "cli/cli.h"

/* An id (it starts with "ar_") is taken as it is. */
int names_artist(struct cli *cli, const char *text, const char **id);
int names_venue(struct cli *cli, const char *text, const char **id);
/* The name of an id, or the id itself when it cannot be read; replaces cli->reply. */
const char *names_of_artist(struct cli *cli, const char *id);
const char *names_of_venue(struct cli *cli, const char *id);

#endif
