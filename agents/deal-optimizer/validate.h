/*
 * Whether a sheet can be settled: ranges, contradictions, and the clauses that are still open.
 *
 * Why: sheets come from strangers, and a clause read the wrong way costs thousands. Bad figures are
 * refused by name. A clause that matters for this deal and was left open is asked for by name, all
 * of them at once; none has a default.
 *
 * Memory: the caller's. Threads: any. Errors: false with reason and sentence.
 */
#ifndef PROMOTEROS_DEAL_VALIDATE_H
#define PROMOTEROS_DEAL_VALIDATE_H

#include "deal-optimizer/sheet.h"

struct deal_error {
    const char *reason; /* static, UPPER_SNAKE */
    char text[900];
};

/* Fills the error and returns false. */
__attribute__((format(printf, 3, 4))) bool deal_fail(struct deal_error *error, const char *reason,
                                                     const char *format, ...);

/* Ranges and contradictions of the terms and of each show; currencies must agree. */
bool sheet_valid(const struct terms *terms, const struct show *shows, size_t show_count,
                 struct deal_error *error);

/* The same without terms, for a comparison that brings its own. */
bool shows_valid(const char *currency, const struct show *shows, size_t show_count,
                 struct deal_error *error);

/* MISSING_FLAG with every open clause that matters, or true. */
bool sheet_complete(const struct terms *terms, const struct show *shows, size_t show_count,
                    struct deal_error *error);

#endif
