/*
 * Example files for the deal commands.
 *
 * Why: nobody should have to write forty clauses from a blank page.
 * Memory: constant. Threads: any. Errors: NULL for a name that has none.
 */
#ifndef PROMOTEROS_CLI_DEAL_EXAMPLES_H
#define PROMOTEROS_CLI_DEAL_EXAMPLES_H

/* name: "settle", "evaluate" or "optimize". */
const char *deal_example(const char *name);

#endif
