/*
 * Strict reading of the figures, dates and names that stand in files and on the command line.
 *
 * Why: "1,234" is a thousand in one country and one in another; "24/11/2026" and "11/24/2026" look
 * alike. What is not plain is refused with the reason rather than guessed.
 *
 * Memory: none. Threads: any. Errors: false, with why[CLEAN_WHY_SIZE] saying what is wrong.
 */
#ifndef PROMOTEROS_CLI_CLEAN_H
#define PROMOTEROS_CLI_CLEAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLEAN_WHY_SIZE 160

/*
 * A value of a signal: "1234", "12.5", "1.5e6"; "97.9K", "1.2M", "3B" (then *rounded is set);
 * with thousands ',' also "1,234,567" in whole groups of three. Not negative, finite, below 1e15.
 * thousands: 0 for none.
 */
bool clean_value(const char *text, char thousands, double *value, bool *rounded, char *why);
/* A whole number in [0, 10^12], with the same separators; K, M and B are refused. */
bool clean_count(const char *text, char thousands, int64_t *count, char *why);
/* "2500", "2500.00", "2,500.00" with thousands: exactly, in minor units of the currency. */
bool clean_money(const char *text, char thousands, const char *currency, int64_t *minor, char *why);
/* "25.00 USD", as it stands on the command line. */
bool clean_price(const char *text, int64_t *minor, char currency[4], char *why);
/* RFC 3339, or "YYYY-MM-DD" (midnight UTC), or with a blank instead of T, taken as UTC. */
bool clean_instant(const char *text, int64_t *instant_ms, char *why);
/* "YYYY-MM-DD"; other orders are refused with the right spelling. */
bool clean_date(const char *text, int32_t *days, char *why);
/* "7d", "36h", "90m", "30s", "2w", or seconds. */
bool clean_duration(const char *text, int64_t *seconds, char *why);
/* "20%", "20 %" or "0.2": a share in [0, 1]. */
bool clean_share(const char *text, double *share, char *why);
/* "true", "false", "yes", "no", "1", "0", "". */
bool clean_bool(const char *text, bool *value, char *why);
/* Kebab-case: lower-case letters, digits, '-'; at most 64 bytes. */
bool clean_kebab(const char *what, const char *text, char *why);

#endif
