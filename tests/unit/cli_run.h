/*
 * Runs promoterosctl inside a test, against a daemon that is not there.
 *
 * Why: commands are tested by what a person types and reads. Memory: what was printed stands in
 * out_text and err_text until the next run. Threads: one.
 */
#ifndef PROMOTEROS_TESTS_UNIT_CLI_RUN_H
#define PROMOTEROS_TESTS_UNIT_CLI_RUN_H

#define CLI_RUN_LINE_MAX 512

extern char out_text[1 << 18], err_text[1 << 16];

/* The words after the program's name, separated by single blanks; returns the exit code. */
int cli_run(const char *line);

#endif
