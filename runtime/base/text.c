#include "base/text.h"

#include "base/utf8.h"

#include <errno.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DISTANCE_BYTES 63

bool text_is_utf8(const char *text, size_t size)
{
    size_t at = 0;
    while (at < size) {
        uint32_t point;
        size_t length = utf8_read(text + at, size - at, &point);
        if (length == 0 || point == 0)
            return false;
        at += length;
    }
    return true;
}

bool text_parse_int(const char *text, int64_t *value)
{
    bool negative = *text == '-';
    if (*text == '-' || *text == '+')
        text++;
    if (!*text)
        return false;
    int64_t sum = 0;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        int digit = *text - '0';
        /* Summed on the negative side, which reaches one further. */
        if (__builtin_mul_overflow(sum, 10, &sum) || __builtin_sub_overflow(sum, digit, &sum))
            return false;
    }
    if (!negative && __builtin_sub_overflow(0, sum, &sum))
        return false;
    *value = sum;
    return true;
}

static locale_t c_locale;

static void open_c_locale(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!c_locale)
        abort();
}

/* A decimal point is a point, whatever a library has told setlocale(). */
static locale_t enter_c_locale(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, open_c_locale);
    return uselocale(c_locale);
}

static const char *skip_digits(const char *text)
{
    while (*text >= '0' && *text <= '9')
        text++;
    return text;
}

static bool is_decimal(const char *text)
{
    if (*text == '-' || *text == '+')
        text++;
    const char *end = skip_digits(text);
    bool has_digits = end > text;
    if (*end == '.') {
        text = end + 1;
        end = skip_digits(text);
        if (end == text)
            return false;
        has_digits = true;
    }
    if (!has_digits)
        return false;
    if (*end == 'e' || *end == 'E') {
        text = end + 1;
        if (*text == '-' || *text == '+')
            text++;
        end = skip_digits(text);
        if (end == text)
            return false;
    }
    return *end == '\0';
}

bool text_parse_double(const char *text, double *value)
{
    if (!is_decimal(text))
        return false;
    locale_t before = enter_c_locale();
    double result = strtod(text, NULL);
    uselocale(before);
    if (!isfinite(result))
        return false;
    *value = result;
    return true;
}

void text_format_double(double value, char text[32])
{
    if (!isfinite(value)) {
        const char *name = isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
        snprintf(text, 32, "%s", name);
        return;
    }
    locale_t before = enter_c_locale();
    /* Any decimal of up to 15 digits survives, so 15 digits without trailing zeros are the shortest
     * form where they suffice; only subnormal numbers can do with fewer than they show. */
    int digits = value != 0 && fabs(value) < DBL_MIN ? 1 : DBL_DIG;
    char shown[64]; /* more than 17 digits, sign, point and exponent */
    for (; digits <= DBL_DECIMAL_DIG; digits++) {
        snprintf(shown, sizeof shown, "%.*g", digits, value);
        if (strtod(shown, NULL) == value)
            break;
    }
    memcpy(text, shown, strnlen(shown, 31) + 1);
    text[31] = '\0';
    uselocale(before);
}

size_t text_distance(const char *a, const char *b)
{
    size_t a_size = strnlen(a, MAX_DISTANCE_BYTES + 1), b_size = strnlen(b, MAX_DISTANCE_BYTES + 1);
    if (a_size > MAX_DISTANCE_BYTES || b_size > MAX_DISTANCE_BYTES)
        return SIZE_MAX;
    size_t row[MAX_DISTANCE_BYTES + 1];
    for (size_t j = 0; j <= b_size; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_size; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_size; j++) {
            size_t change = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            size_t least = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            row[j] = change < least ? change : least;
        }
    }
    return row[b_size];
}

bool text_split_address(const char *address, char host[TEXT_HOST_SIZE], int64_t *port)
{
    const char *colon = strrchr(address, ':');
    int64_t number;
    if (!colon || !text_parse_int(colon + 1, &number) || number < 0 || number > 65535 ||
        colon[1] == '+' || colon[1] == '-')
        return false;
    const char *start = address, *end = colon;
    if (*start == '[') {
        if (end - start < 2 || end[-1] != ']')
            return false;
        start++;
        end--;
    }
    if (end <= start || end - start >= TEXT_HOST_SIZE)
        return false;
    memcpy(host, start, (size_t)(end - start));
    host[end - start] = '\0';
    *port = number;
    return true;
}
