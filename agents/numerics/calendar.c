#include "numerics/calendar.h"

#include <stddef.h>

static int floor_mod(int32_t value, int32_t modulus)
{
    int32_t rest = value % modulus;
    return (int)(rest < 0 ? rest + modulus : rest);
}

int32_t calendar_day(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int era = (y >= 0 ? y : y - 399) / 400;
    int year_of_era = y - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (int32_t)(era * 146097 + day_of_era - 719468);
}

void calendar_date(int32_t day_number, int *year, int *month, int *day)
{
    int64_t z = (int64_t)day_number + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int day_of_era = (int)(z - era * 146097);
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted_month = (5 * day_of_year + 2) / 153;
    *day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    *month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    *year = year_of_era + (int)(era * 400) + (*month <= 2);
}

int calendar_weekday(int32_t day_number)
{
    return (floor_mod(day_number, 7) + 3) % 7; /* 1970-01-01 was a Thursday. */
}

int calendar_iso_week(int32_t day_number)
{
    int32_t thursday = day_number - calendar_weekday(day_number) + 3;
    int year, month, day;
    calendar_date(thursday, &year, &month, &day);
    return (int)(thursday - calendar_day(year, 1, 1)) / 7 + 1;
}

static bool digits(const char *text, size_t count, int *value)
{
    *value = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *value = *value * 10 + (text[i] - '0');
    }
    return true;
}

bool calendar_parse(const char *text, int32_t *day_number)
{
    size_t length = 0;
    while (length <= 10 && text[length])
        length++;
    int year, month, day;
    if (length != 10 || text[4] != '-' || text[7] != '-' || !digits(text, 4, &year) ||
        !digits(text + 5, 2, &month) || !digits(text + 8, 2, &day))
        return false;
    if (year < 1900 || year > 2999 || month < 1 || month > 12 || day < 1)
        return false;
    int32_t number = calendar_day(year, month, day);
    int back_year, back_month, back_day;
    calendar_date(number, &back_year, &back_month, &back_day);
    if (back_month != month || back_day != day)
        return false; /* 30 February */
    *day_number = number;
    return true;
}

static void put_digits(char *text, int count, int value)
{
    for (int i = count - 1; i >= 0; i--) {
        text[i] = (char)('0' + value % 10);
        value /= 10;
    }
}

void calendar_format(int32_t day_number, char text[CALENDAR_TEXT_SIZE])
{
    int year, month, day;
    calendar_date(day_number, &year, &month, &day);
    put_digits(text, 4, year < 0 ? 0 : year);
    put_digits(text + 5, 2, month);
    put_digits(text + 8, 2, day);
    text[4] = text[7] = '-';
    text[10] = '\0';
}
