/*
 * Calendar arithmetic on day numbers.
 *
 * A show night is a local date, not an instant: agents compare, subtract and group dates, and must
 * not touch the C library's time zone state for it. A day number is days since 1970-01-01 in the
 * proleptic Gregorian calendar (H. Hinnant, "chrono-compatible low-level date algorithms").
 *
 * Memory: none. Threads: pure functions. Errors: only calendar_parse can fail.
 */
#ifndef PROMOTEROS_NUMERICS_CALENDAR_H
#define PROMOTEROS_NUMERICS_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#define CALENDAR_TEXT_SIZE 11

/* Day number of a date; month in [1, 12], day in [1, 31]. */
int32_t calendar_day(int year, int month, int day);

/* Date of a day number. */
void calendar_date(int32_t day_number, int *year, int *month, int *day);

/* Monday 0 .. Sunday 6. */
int calendar_weekday(int32_t day_number);

/* ISO 8601 week, [1, 53]. */
int calendar_iso_week(int32_t day_number);

/* Reads "YYYY-MM-DD" (years 1900 to 2999) with nothing after it; false when it is no such date. */
bool calendar_parse(const char *text, int32_t *day_number);

/* Writes "YYYY-MM-DD". */
void calendar_format(int32_t day_number, char text[CALENDAR_TEXT_SIZE]);

#endif
