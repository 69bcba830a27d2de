/*
 * Currencies and amounts in minor units.
 *
 * Why: amounts are whole minor units; how many of them make one unit of the currency depends on the
 * currency (yen have none, dinars a thousand). A code that is not in ISO 4217 is refused rather
 * than taken for dollars.
 *
 * Memory: the caller's buffers. Threads: any. Errors: by return.
 */
#ifndef PROMOTEROS_DEAL_MONEY_H
#define PROMOTEROS_DEAL_MONEY_H

#include <stddef.h>
#include <stdint.h>

/* The largest amount that a sheet may name, and the largest gross, in minor units. */
#define MONEY_MAX INT64_C(1000000000000)

#define MONEY_TEXT_SIZE 48

/* Digits after the point, or -1 for a code that is not in ISO 4217. */
int currency_digits(const char *code);

/* Minor units in one unit of a known currency. */
int64_t currency_unit(int digits);

/* "-21031.86"; with grouping "-21,031.86". Writes into text[MONEY_TEXT_SIZE] and returns it. */
const char *money_plain(int64_t minor, int digits, char *text);
const char *money_text(int64_t minor, int digits, char *text);

#endif
