/*
 * Time: instants, elapsed time and calendar days, without the C library's hidden time zones.
 *
 * Why: instants are milliseconds since 1970-01-01 UTC everywhere, show nights are local dates; both
 * must be parsed strictly and printed the same on every machine. Source of the day arithmetic: H.
 * Hinnant, "chrono-compatible low-level date algorithms".
 *
 * Memory: none. Threads: any. Errors: parsers return false and leave the result alone.
 */
#ifndef PROMOTEROS_BASE_CLOCK_H
#define PROMOTEROS_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_DAY_MS INT64_C(86400000)
/* "2026-11-24T13:45:00.123Z" and its NUL; a date needs less. */
#define CLOCK_TEXT_SIZE 32

int64_t clock_now_ms(void);
int64_t clock_monotonic_us(void);

/* Days since 1970-01-01 of a civil date; year in [1, 9999]. */
int32_t clock_days_from_date(int year, int month, int day);
void clock_date_from_days(int32_t days, int *year, int *month, int *day);
/* When a local date begins somewhere: 14 hours before it does in UTC, in Kiribati. */
int64_t clock_local_date_start_ms(int32_t days);
/* 0 = Monday ... 6 = Sunday. */
int clock_weekday(int32_t days);

/* Strict "YYYY-MM-DD". */
bool clock_parse_date(const char *text, int32_t *days);
/* RFC 3339 with zone ("Z" or an offset), or a plain date (its midnight UTC); what is finer than a
 * millisecond is cut, leap seconds are refused. */
bool clock_parse_instant(const char *text, int64_t *instant_ms);
void clock_format_date(int32_t days, char text[CLOCK_TEXT_SIZE]);
/* RFC 3339 in UTC; milliseconds only when there are any; beyond the years 1 to 9999, the nearest.
 */
void clock_format_instant(int64_t instant_ms, char text[CLOCK_TEXT_SIZE]);

#endif
