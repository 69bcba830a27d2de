#include "base/clock.h"

#include <stdio.h>
#include <time.h>

#define DAY_S           INT64_C(86400)
#define MIN_INSTANT_MS  INT64_C(-62135596800000) /* 0001-01-01T00:00:00Z */
#define MAX_INSTANT_MS  INT64_C(253402300799999) /* 9999-12-31T23:59:59.999Z */
#define MAX_FRACTION    9                        /* digits of a second */
#define ERA_DAYS        146097                   /* days in 400 years */
#define EPOCH_ERA_SHIFT 719468                   /* days from 0000-03-01 to 1970-01-01 */

int64_t clock_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int32_t clock_days_from_date(int year, int month, int day)
{
    year -= month <= 2;
    int era = (year >= 0 ? year : year - 399) / 400;
    int year_of_era = year - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * ERA_DAYS + day_of_era - EPOCH_ERA_SHIFT;
}

void clock_date_from_days(int32_t days, int *year, int *month, int *day)
{
    int64_t shifted = (int64_t)days + EPOCH_ERA_SHIFT;
    int64_t era = (shifted >= 0 ? shifted : shifted - (ERA_DAYS - 1)) / ERA_DAYS;
    int day_of_era = (int)(shifted - era * ERA_DAYS);
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / (ERA_DAYS - 1)) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted_month = (5 * day_of_year + 2) / 153;
    *day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    *month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    *year = (int)(year_of_era + era * 400) + (*month <= 2);
}

int64_t clock_local_date_start_ms(int32_t days)
{
    return days * CLOCK_DAY_MS - INT64_C(14) * 3600000;
}

int clock_weekday(int32_t days)
{
    int weekday = (days % 7 + 3) % 7; /* 1970-01-01 was a Thursday */
    return weekday < 0 ? weekday + 7 : weekday;
}

/* Reads exactly count digits and moves on. */
static bool read_digits(const char **text, int count, int *value)
{
    int sum = 0;
    for (int i = 0; i < count; i++) {
        char c = (*text)[i];
        if (c < '0' || c > '9')
            return false;
        sum = sum * 10 + (c - '0');
    }
    *text += count;
    *value = sum;
    return true;
}

static bool read_char(const char **text, char c)
{
    if (**text != c)
        return false;
    ++*text;
    return true;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

static bool read_date(const char **text, int32_t *days)
{
    int year, month, day;
    if (!read_digits(text, 4, &year) || !read_char(text, '-') || !read_digits(text, 2, &month) ||
        !read_char(text, '-') || !read_digits(text, 2, &day))
        return false;
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
        return false;
    *days = clock_days_from_date(year, month, day);
    return true;
}

/* Digits behind the point; what is finer than a millisecond is cut. */
static bool read_fraction(const char **text, int *milliseconds)
{
    int sum = 0, count = 0;
    while (**text >= '0' && **text <= '9') {
        if (count < 3)
            sum = sum * 10 + (**text - '0');
        count++;
        ++*text;
    }
    if (count == 0 || count > MAX_FRACTION)
        return false;
    for (int i = count; i < 3; i++)
        sum *= 10;
    *milliseconds = sum;
    return true;
}

static bool read_zone(const char **text, int *offset_s)
{
    *offset_s = 0;
    if (**text == 'Z' || **text == 'z') {
        ++*text;
        return true;
    }
    int sign = **text == '-' ? -1 : 1;
    int hours, minutes;
    if (!read_char(text, '+') && !read_char(text, '-'))
        return false;
    if (!read_digits(text, 2, &hours) || !read_char(text, ':') || !read_digits(text, 2, &minutes))
        return false;
    if (hours > 23 || minutes > 59)
        return false;
    *offset_s = sign * (hours * 3600 + minutes * 60);
    return true;
}

bool clock_parse_date(const char *text, int32_t *days)
{
    int32_t result;
    if (!read_date(&text, &result) || *text)
        return false;
    *days = result;
    return true;
}

bool clock_parse_instant(const char *text, int64_t *instant_ms)
{
    int32_t days;
    int hours, minutes, seconds, offset_s, milliseconds = 0;
    if (!read_date(&text, &days))
        return false;
    if (!*text) {
        *instant_ms = days * CLOCK_DAY_MS;
        return true;
    }
    if (*text != 'T' && *text != 't' && *text != ' ')
        return false;
    text++;
    if (!read_digits(&text, 2, &hours) || !read_char(&text, ':') ||
        !read_digits(&text, 2, &minutes) || !read_char(&text, ':') ||
        !read_digits(&text, 2, &seconds))
        return false;
    if (hours > 23 || minutes > 59 || seconds > 59)
        return false;
    if (read_char(&text, '.') && !read_fraction(&text, &milliseconds))
        return false;
    if (!read_zone(&text, &offset_s) || *text)
        return false;
    int64_t instant_s = days * DAY_S + hours * 3600 + minutes * 60 + seconds - offset_s;
    *instant_ms = instant_s * 1000 + milliseconds;
    return true;
}

void clock_format_date(int32_t days, char text[CLOCK_TEXT_SIZE])
{
    int year, month, day;
    clock_date_from_days(days, &year, &month, &day);
    snprintf(text, CLOCK_TEXT_SIZE, "%04d-%02d-%02d", year, month, day);
}

void clock_format_instant(int64_t instant_ms, char text[CLOCK_TEXT_SIZE])
{
    if (instant_ms < MIN_INSTANT_MS)
        instant_ms = MIN_INSTANT_MS;
    if (instant_ms > MAX_INSTANT_MS)
        instant_ms = MAX_INSTANT_MS;
    int64_t days = instant_ms / CLOCK_DAY_MS;
    int64_t rest = instant_ms % CLOCK_DAY_MS;
    if (rest < 0) {
        rest += CLOCK_DAY_MS;
        days--;
    }
    int year, month, day;
    clock_date_from_days((int32_t)days, &year, &month, &day);
    int seconds = (int)(rest / 1000), milliseconds = (int)(rest % 1000);
    int length = snprintf(text, CLOCK_TEXT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d", year, month, day,
                          seconds / 3600, seconds / 60 % 60, seconds % 60);
    if (length < 0 || length > CLOCK_TEXT_SIZE - 6)
        return;
    if (milliseconds)
        snprintf(text + length, (size_t)(CLOCK_TEXT_SIZE - length), ".%03dZ", milliseconds);
    else
        snprintf(text + length, (size_t)(CLOCK_TEXT_SIZE - length), "Z");
}
