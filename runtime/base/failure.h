/*
 * Why an operation failed.
 *
 * Why: the same error leaves by every door (gRPC, JSON, terminal), so it has one form: a canonical
 * status code for machines, a reason that programs can branch on, and one sentence that says what
 * happened and how to go on.
 *
 * Memory: fixed size, lives where the caller puts it (usually the stack); long sentences are cut.
 * Threads: plain data. Errors: setting a failure cannot fail.
 */
#ifndef PROMOTEROS_BASE_FAILURE_H
#define PROMOTEROS_BASE_FAILURE_H

#include <promoteros/agent.h>

struct failure {
    enum pros_status code;
    char reason[64];     /* UPPER_SNAKE; empty for none */
    char sentence[1024]; /* what happened, how to go on */
};

/* Fills the failure (which may be NULL) and returns code, so that callers write `return
 * failure_set(...)`. */
__attribute__((format(printf, 4, 5))) enum pros_status failure_set(struct failure *failure,
                                                                   enum pros_status code,
                                                                   const char *reason,
                                                                   const char *format, ...);

/* "INVALID_ARGUMENT"; "UNKNOWN" for numbers that are no code. */
const char *status_name(enum pros_status code);

#endif
