/*
 * Small strict helpers for text that strangers wrote.
 *
 * Why: the C library's number parsers accept blanks, hexadecimal and locales, and stop silently at
 * garbage; names come in many spellings; bytes that are not UTF-8 break every client that speaks
 * JSON.
 *
 * Memory: results go where the caller says. Threads: any. Errors: false, and the result is left
 * alone.
 */
#ifndef PROMOTEROS_BASE_TEXT_H
#define PROMOTEROS_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* UTF-8 without surrogates, over-long forms and NUL. */
bool text_is_utf8(const char *text, size_t size);
/* Whole text, decimal, with an optional sign. */
bool text_parse_int(const char *text, int64_t *value);
/* Whole text, decimal with optional fraction and exponent, finite; locale-independent. */
bool text_parse_double(const char *text, double *value);
/* Splits "HOST:PORT" or "[HOST]:PORT"; the port is in [0, 65535]. */
#define TEXT_HOST_SIZE 64
bool text_split_address(const char *address, char host[TEXT_HOST_SIZE], int64_t *port);
/*
 * Folds a name for comparison: ASCII letters to lower case, common Latin letters without their
 * marks, runs of other characters to one blank, trimmed; other scripts are kept, and so is a name
 * that has no letters at all ("!!!"). Cuts at size - 1, between characters.
 */
void text_fold_name(const char *name, char *folded, size_t size);
/* Shortest decimal form that reads back as the same double; "NaN", "Infinity", "-Infinity". At
 * least 32 bytes. */
void text_format_double(double value, char text[32]);
/* Edit distance of two short texts, for "did you mean"; texts beyond 63 bytes count as far apart.
 */
size_t text_distance(const char *a, const char *b);

#endif
