/*
 * A command of promoterosctl, and the arguments that it was given.
 *
 * Why: one constant table names every command with its arguments, options and examples; parsing,
 * --help, shell completion and the manual page all come from it, so none of them can be wrong.
 *
 * Memory: arguments point into argv. Threads: read-only. Errors: usage errors are printed and
 * return CLI_USAGE.
 */
#ifndef PROMOTEROS_CLI_COMMAND_H
#define PROMOTEROS_CLI_COMMAND_H

#include "cli/cli.h"

#define ARGS_POSITIONALS_MAX 32
#define ARGS_OPTIONS_MAX     256

struct option {
    const char *name;     /* without dashes */
    const char *argument; /* NULL: a switch */
    const char *help;
};

struct args;

struct command {
    const char *name;             /* "import signals" */
    const char *arguments;        /* "FILE" */
    const char *help;             /* one line */
    const char *detail;           /* more, paragraphs by line feeds; or NULL */
    const char *examples;         /* lines without the program's name before them */
    const struct option *options; /* ends with an empty one; or NULL */
    size_t least, most;           /* positional arguments */
    int (*run)(struct cli *cli, const struct args *args);
    int (*run_raw)(struct cli *cli, int argc, char **argv); /* reads its own arguments */
};

/* Every command, in the order of the help. */
extern const struct command commands[];
extern const size_t command_count;
/* Options that every command takes. */
extern const struct option global_options[];

struct args {
    const struct command *command;
    const char *positionals[ARGS_POSITIONALS_MAX];
    size_t count;
    struct {
        const char *name;
        const char *value; /* "" for a switch */
    } options[ARGS_OPTIONS_MAX];
    size_t option_count;
};

/* The value of an option given last; NULL when it was not given. */
const char *args_value(const struct args *args, const char *name);
bool args_has(const struct args *args, const char *name);
/* The next value of a repeatable option; start with *position = 0; NULL at the end. */
const char *args_next(const struct args *args, const char *name, size_t *position);
/* Checked values: true and the result when given and good, or untouched when not given; false with
 * the reason printed. */
bool args_count(struct cli *cli, const struct args *args, const char *name, int64_t *count);

/* Runs the program; argv[0] is skipped. Returns the exit code. */
int command_main(struct cli *cli, int argc, char **argv);
/* The command that the words name, the longest name that fits; NULL for none. *used: words. */
const struct command *command_find(int argc, char **argv, int *used);

/* Help, manual page and completion, from the table. */
void help_overview(struct cli *cli);
void help_command(struct cli *cli, const struct command *command);
void help_man(FILE *out);
/* False for a shell that is not known. */
bool help_completion(FILE *out, const char *shell);

#endif
