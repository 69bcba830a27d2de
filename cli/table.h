/*
 * Aligned tables that fit the terminal.
 *
 * Why: a list is read by its columns; a line that wraps is not read at all.
 *
 * Memory: cells are copied to the cli's arena. Threads: one. Errors: none; a table without rows
 * prints its empty sentence.
 */
#ifndef PROMOTEROS_CLI_TABLE_H
#define PROMOTEROS_CLI_TABLE_H

#include "cli/display.h"

#define TABLE_COLUMNS_MAX 16

struct table_column {
    const char *title;
    bool right;    /* figures stand right */
    int min_width; /* may be cut down to this where the terminal is narrow; 0: never cut */
};

struct table {
    struct cli *cli;
    const struct table_column *columns;
    size_t column_count;
    char **cells; /* row by row */
    size_t cell_count;
    size_t cell_capacity;
};

void table_open(struct table *table, struct cli *cli, const struct table_column *columns,
                size_t column_count);
/* The next cell, left to right, row by row; NULL is empty. Text is cleaned of control characters.
 */
void table_add(struct table *table, const char *text);
/* Prints title line and rows; with no rows, the sentence. */
void table_print(struct table *table, const char *empty);
/* The same, each line indented. */
void table_print_indented(struct table *table, int indent, const char *empty);

#endif
