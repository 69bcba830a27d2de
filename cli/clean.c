#include "cli/clean.h"

#include "base/clock.h"
#include "base/text.h"
#include "deal-optimizer/money.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FIGURE_SIZE_MAX 64
#define VALUE_MAX       1e15

__attribute__((format(printf, 2, 3))) static bool refuse(char *why, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(why, CLEAN_WHY_SIZE, format, arguments);
    va_end(arguments);
    return false;
}

static bool all_digits(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return size > 0;
}

/* Copies a figure without its thousands separators, whose groups must be whole. */
static bool strip_groups(const char *text, char thousands, char plain[FIGURE_SIZE_MAX], char *why)
{
    size_t whole = strcspn(text, "."), used = 0, group = 0;
    bool grouped = false;

    if (strlen(text) >= FIGURE_SIZE_MAX)
        return refuse(why, "\"%.20s…\" is too long for a number", text);
    if (!thousands && strchr(text, ','))
        return refuse(why,
                      "\"%s\" has a comma; write it plainly, or say --thousands , if it separates "
                      "thousands",
                      text);
    for (size_t i = 0; text[i]; i++) {
        if (thousands && text[i] == thousands && i < whole) {
            if (group == 0 || group > 3 || (grouped && group != 3))
                return refuse(why, "\"%s\" has a separator in the wrong place", text);
            grouped = true;
            group = 0;
            continue;
        }
        if (i < whole && isdigit((unsigned char)text[i]))
            group++;
        plain[used++] = text[i];
    }
    plain[used] = '\0';
    if (grouped && group != 3)
        return refuse(why, "\"%s\" has a separator in the wrong place", text);
    return true;
}

bool clean_value(const char *text, char thousands, double *value, bool *rounded, char *why)
{
    static const char suffixes[] = "KMB";
    char plain[FIGURE_SIZE_MAX];
    size_t size;
    double scale = 1, number;

    *rounded = false;
    if (!*text)
        return refuse(why, "the value is empty");
    if (!strip_groups(text, thousands, plain, why))
        return false;
    size = strlen(plain);
    if (size > 1) {
        const char *suffix = memchr(suffixes, toupper((unsigned char)plain[size - 1]), 3);
        if (suffix) {
            scale = pow(1000, (double)(suffix - suffixes) + 1);
            plain[size - 1] = '\0';
            *rounded = true;
        }
    }
    if (!text_parse_double(plain, &number)) {
        if (strcasecmp(text, "nan") == 0 || strcasestr(text, "inf"))
            return refuse(why, "\"%s\" is not a number", text);
        return refuse(why, "\"%s\" is not a plain number", text);
    }
    number *= scale;
    /* 97.9 * 1000 is 97900.00000000001: a suffix means a whole number of units. */
    if (scale > 1)
        number = nearbyint(number);
    if (number < 0)
        return refuse(why, "%s is negative; counts and levels start at 0", text);
    if (number > VALUE_MAX)
        return refuse(why, "%s is too large to be real", text);
    *value = number;
    return true;
}

bool clean_count(const char *text, char thousands, int64_t *count, char *why)
{
    char plain[FIGURE_SIZE_MAX];
    int64_t number;
    size_t whole;

    if (!strip_groups(text, thousands, plain, why))
        return false;
    whole = strcspn(plain, ".");
    /* "120.0" is what spreadsheets write for 120. */
    if (plain[whole] == '.' && strspn(plain + whole + 1, "0") == strlen(plain + whole + 1) &&
        plain[whole + 1])
        plain[whole] = '\0';
    if (*plain == '-')
        return refuse(why, "%s is negative; counts start at 0", text);
    if (!all_digits(plain, strlen(plain)) || !text_parse_int(plain, &number))
        return refuse(why, "\"%s\" is not a whole number", text);
    if (number > INT64_C(1000000000000))
        return refuse(why, "%s is too large to be real", text);
    *count = number;
    return true;
}

bool clean_money(const char *text, char thousands, const char *currency, int64_t *minor, char *why)
{
    char plain[FIGURE_SIZE_MAX];
    int digits = currency_digits(currency);
    int64_t whole, fraction = 0;
    size_t size, behind;

    if (digits < 0)
        return refuse(why, "\"%.8s\" is not a currency; write its ISO 4217 code, such as USD",
                      currency);
    if (!strip_groups(text, thousands, plain, why))
        return false;
    size = strcspn(plain, ".");
    behind = plain[size] ? strlen(plain + size + 1) : 0;
    if (*plain == '-')
        return refuse(why, "%s is negative", text);
    if (!all_digits(plain, size) || (plain[size] && !all_digits(plain + size + 1, behind)))
        return refuse(why, "\"%s\" is not a plain amount of money", text);
    while (behind > (size_t)digits && plain[size + behind] == '0')
        behind--;
    if (behind > (size_t)digits)
        return refuse(why, "%s has more than %d digits behind the point, and %s has not", text,
                      digits, currency);
    plain[size + behind + (plain[size] != '\0')] = '\0';
    if (plain[size] && behind > 0 && !text_parse_int(plain + size + 1, &fraction))
        return refuse(why, "\"%s\" is not a plain amount of money", text);
    for (size_t i = behind; i < (size_t)digits; i++)
        fraction *= 10;
    plain[size] = '\0';
    if (!text_parse_int(plain, &whole) || whole > MONEY_MAX / currency_unit(digits))
        return refuse(why, "%s is too large to be real", text);
    *minor = whole * currency_unit(digits) + fraction;
    return true;
}

bool clean_price(const char *text, int64_t *minor, char currency[4], char *why)
{
    const char *blank = strchr(text, ' ');
    char amount[FIGURE_SIZE_MAX];

    if (!blank || strlen(blank + 1) != 3 || (size_t)(blank - text) >= sizeof amount)
        return refuse(why, "\"%.40s\" is not a price; write amount and currency, \"25.00 USD\"",
                      text);
    snprintf(amount, sizeof amount, "%.*s", (int)(blank - text), text);
    for (int i = 0; i < 3; i++)
        currency[i] = (char)toupper((unsigned char)blank[1 + i]);
    currency[3] = '\0';
    return clean_money(amount, ',', currency, minor, why);
}

bool clean_date(const char *text, int32_t *days, char *why)
{
    unsigned a, b, c;
    char end;

    if (clock_parse_date(text, days))
        return true;
    if (sscanf(text, "%2u%*1[-/.]%2u%*1[-/.]%4u%c", &a, &b, &c, &end) == 3 && c > 31)
        return refuse(why, "\"%s\" is the wrong way round; write the year first, YYYY-MM-DD", text);
    return refuse(why, "\"%.40s\" is not a date of the calendar; write YYYY-MM-DD", text);
}

bool clean_instant(const char *text, int64_t *instant_ms, char *why)
{
    char copy[40];
    size_t size = strlen(text);
    int32_t days;

    if (clock_parse_instant(text, instant_ms))
        return true;
    if (size >= 19 && size < sizeof copy - 1 && (text[10] == ' ' || text[10] == 'T')) {
        memcpy(copy, text, size + 1);
        copy[10] = 'T';
        if (clock_parse_instant(copy, instant_ms))
            return true;
        snprintf(copy + size, sizeof copy - size, "Z");
        if (clock_parse_instant(copy, instant_ms))
            return true;
        return refuse(why, "\"%s\" is not a moment; write 2026-11-24T20:00:00Z", text);
    }
    if (clean_date(text, &days, why))
        return refuse(why, "\"%.40s\" is not a moment; write 2026-11-24T20:00:00Z", text);
    return false;
}

bool clean_duration(const char *text, int64_t *seconds, char *why)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
    size_t size = strlen(text);
    int64_t scale = 1, number;
    char plain[24];

    if (size == 0 || size >= sizeof plain)
        return refuse(why, "\"%.24s\" is not a duration; write 7d, 36h, 90m or 30s", text);
    memcpy(plain, text, size + 1);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (plain[size - 1] == units[i].unit) {
            scale = units[i].seconds;
            plain[size - 1] = '\0';
            break;
        }
    }
    if (!all_digits(plain, strlen(plain)) || !text_parse_int(plain, &number) ||
        number > INT64_C(3153600000) / scale)
        return refuse(why, "\"%s\" is not a duration; write 7d, 36h, 90m or 30s", text);
    *seconds = number * scale;
    return true;
}

bool clean_share(const char *text, double *share, char *why)
{
    size_t size = strlen(text);
    char plain[24];
    double number, scale = 1;

    if (size == 0 || size >= sizeof plain)
        return refuse(why, "\"%.24s\" is not a share; write 20%% or 0.2", text);
    memcpy(plain, text, size + 1);
    if (plain[size - 1] == '%') {
        scale = 100;
        plain[--size] = '\0';
        while (size > 0 && plain[size - 1] == ' ')
            plain[--size] = '\0';
    }
    if (!text_parse_double(plain, &number) || number < 0 || number > scale)
        return refuse(why, "\"%s\" is not a share; write 20%% or 0.2", text);
    *share = number / scale;
    return true;
}

bool clean_bool(const char *text, bool *value, char *why)
{
    static const char *const yes[] = {"true", "yes", "1"};
    static const char *const no[] = {"false", "no", "0", ""};

    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (strcasecmp(text, yes[i]) == 0)
            return *value = true;
    *value = false;
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (strcasecmp(text, no[i]) == 0)
            return true;
    return refuse(why, "\"%.40s\" is neither true nor false", text);
}

bool clean_kebab(const char *what, const char *text, char *why)
{
    size_t size = strlen(text);

    if (size == 0)
        return refuse(why, "the %s is empty", what);
    if (size > 64 || strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") != size ||
        text[0] == '-' || text[size - 1] == '-')
        return refuse(
            why,
            "\"%.60s\" cannot be a %s; use lower-case letters, digits and hyphens, such as "
            "chart-us-weekly",
            text, what);
    return true;
}
