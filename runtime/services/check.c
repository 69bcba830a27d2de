/* Checks of single fields. */
#include "services/check.h"

#include "base/clock.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

#define REFUSE(reason, ...) return failure_set(failure, PROS_INVALID_ARGUMENT, reason, __VA_ARGS__)

void path_set(char path[PATH_SIZE], const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(path, PATH_SIZE, format, arguments);
    va_end(arguments);
}

enum pros_status check_text(struct failure *failure, const char *at, const char *field,
                            const char *text, size_t max)
{
    size_t size = strlen(text);
    if (size > max)
        REFUSE("TOO_LONG", "%s%s has %zu bytes; at most %zu are allowed.", at, field, size, max);
    if (!text_is_utf8(text, size))
        REFUSE("NOT_UTF8", "%s%s is not valid UTF-8; save the file as UTF-8 and send it again.", at,
               field);
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            REFUSE("CONTROL_CHARACTER",
                   "%s%s holds a control character (code %d); remove tabs and line breaks.", at,
                   field, (unsigned char)*c);
    return PROS_OK;
}

enum pros_status check_name(struct failure *failure, const char *at, const char *field,
                            const char *text)
{
    if (text[strspn(text, " ")] == '\0')
        REFUSE("NAME_EMPTY", "%s%s is empty; give a name.", at, field);
    return check_text(failure, at, field, text, NAME_BYTES_MAX);
}

enum pros_status check_slug(struct failure *failure, const char *at, const char *field,
                            const char *text, const char *example)
{
    size_t size = strlen(text);
    if (size == 0)
        REFUSE("EMPTY", "%s%s is empty; write for example \"%s\".", at, field, example);
    if (size > ID_BYTES_MAX)
        REFUSE("TOO_LONG", "%s%s has %zu bytes; at most %d are allowed.", at, field, size,
               ID_BYTES_MAX);
    if (strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_.:") != size)
        REFUSE(
            "BAD_NAME",
            "%s%s may hold lower-case letters, digits and \"-\", \"_\", \".\", \":\" only; write "
            "for example \"%s\".",
            at, field, example);
    return PROS_OK;
}

enum pros_status check_record_id(struct failure *failure, const char *at, const char *field,
                                 const char *id, const char *prefix, bool required)
{
    if (!*id && required)
        REFUSE("ID_EMPTY", "%s%s is empty; give the id that the catalog lists (\"%s_...\").", at,
               field, prefix);
    if (!*id)
        return PROS_OK;
    size_t length = strlen(id), head = strlen(prefix) + 1;
    bool fits = length > head && length <= head + 36 && strncmp(id, prefix, head - 1) == 0 &&
                id[head - 1] == '_' &&
                strspn(id + head, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789_-") == length - head;
    if (!fits)
        REFUSE("BAD_ID",
               "%s%s is not an id of this kind; it reads \"%s_\" and 1 to 36 letters, digits, "
               "\"_\" or \"-\".",
               at, field, prefix);
    return PROS_OK;
}

enum pros_status check_count(struct failure *failure, const char *at, const char *field,
                             int64_t count, int64_t max)
{
    if (count < 0)
        REFUSE("NEGATIVE_COUNT", "%s%s is %lld; a count cannot be negative.", at, field,
               (long long)count);
    if (count > max)
        REFUSE("TOO_LARGE", "%s%s is %lld; at most %lld is believed.", at, field, (long long)count,
               (long long)max);
    return PROS_OK;
}

enum pros_status check_list(struct failure *failure, const char *at, const char *field,
                            size_t count, size_t max)
{
    if (count > max)
        REFUSE("TOO_MANY", "%s%s has %zu elements; at most %zu are allowed in one message.", at,
               field, count, max);
    return PROS_OK;
}

enum pros_status check_finite(struct failure *failure, const char *at, const char *field,
                              double value)
{
    if (!isfinite(value))
        REFUSE("NOT_FINITE", "%s%s is %s; it must be a finite number.", at, field,
               isnan(value) ? "not a number" : "infinite");
    return PROS_OK;
}

enum pros_status check_instant(struct failure *failure, const char *at, const char *field,
                               int64_t instant_ms)
{
    if (instant_ms < INSTANT_MIN_MS || instant_ms > INSTANT_MAX_MS)
        REFUSE("BAD_TIME",
               "%s%s is %lld ms since 1970, outside the years 1900 to 2200; is it in the right "
               "unit?",
               at, field, (long long)instant_ms);
    return PROS_OK;
}

enum pros_status check_timestamp(struct failure *failure, const char *at, const char *field,
                                 const Google__Protobuf__Timestamp *timestamp, bool required,
                                 int64_t *instant_ms)
{
    if (!timestamp && required)
        REFUSE("TIME_MISSING", "%s%s is missing; say when it was so.", at, field);
    if (!timestamp)
        return PROS_OK;
    if (timestamp->seconds < INSTANT_MIN_MS / 1000 || timestamp->seconds > INSTANT_MAX_MS / 1000 ||
        timestamp->nanos < 0 || timestamp->nanos > 999999999)
        REFUSE("BAD_TIME", "%s%s is no moment within the years 1900 to 2200.", at, field);
    *instant_ms = timestamp_ms(timestamp);
    return PROS_OK;
}

enum pros_status check_date(struct failure *failure, const char *at, const char *field,
                            const char *text, int32_t *day)
{
    if (strlen(text) > 32 || !clock_parse_date(text, day))
        REFUSE("BAD_DATE",
               "%s%s is no date of the calendar; write it as \"YYYY-MM-DD\", for example "
               "\"2026-12-04\".",
               at, field);
    if (*day < INSTANT_MIN_MS / CLOCK_DAY_MS || *day > INSTANT_MAX_MS / CLOCK_DAY_MS)
        REFUSE("BAD_DATE", "%s%s is \"%s\", outside the years 1900 to 2200.", at, field, text);
    return PROS_OK;
}

enum pros_status check_money(struct failure *failure, const char *at, const char *field,
                             const Promoteros__V1__Money *money)
{
    if (!money)
        return PROS_OK;
    if (strlen(money->currency_code) != 3 ||
        strspn(money->currency_code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3)
        REFUSE("BAD_CURRENCY", "%s%s.currency_code is no ISO 4217 code; write for example \"USD\".",
               at, field);
    if (money->amount_minor < 0 || money->amount_minor > MONEY_MAX)
        REFUSE(money->amount_minor < 0 ? "NEGATIVE_AMOUNT" : "TOO_LARGE",
               "%s%s.amount_minor is %lld; it must be between 0 and %lld.", at, field,
               (long long)money->amount_minor, (long long)MONEY_MAX);
    return PROS_OK;
}

enum pros_status check_external_ids(struct failure *failure, const char *at,
                                    Promoteros__V1__ExternalId *const *ids, size_t count)
{
    TRY(check_list(failure, at, "external_ids", count, EXTERNAL_IDS_MAX));
    for (size_t i = 0; i < count; i++) {
        char place[PATH_SIZE];
        path_set(place, "%sexternal_ids[%zu].", at, i);
        TRY(check_slug(failure, place, "scheme", ids[i]->scheme, "spotify"));
        if (!*ids[i]->value)
            REFUSE("EMPTY", "%svalue is empty; give the id that %s uses.", place, ids[i]->scheme);
        TRY(check_text(failure, place, "value", ids[i]->value, NAME_BYTES_MAX));
        if (strncmp(ids[i]->scheme, "name", 4) == 0 || strcmp(ids[i]->scheme, "slot") == 0)
            REFUSE("RESERVED_SCHEME",
                   "%sscheme is \"%s\", which the catalog keeps for itself; choose another one.",
                   place, ids[i]->scheme);
        for (size_t j = 0; j < i; j++)
            if (strcmp(ids[i]->scheme, ids[j]->scheme) == 0 &&
                strcmp(ids[i]->value, ids[j]->value) == 0)
                REFUSE("DUPLICATE", "%svalue repeats external_ids[%zu]; leave one out.", place, j);
    }
    return PROS_OK;
}

enum pros_status check_genres(struct failure *failure, const char *at, char *const *genres,
                              size_t count)
{
    TRY(check_list(failure, at, "genres", count, GENRES_MAX));
    for (size_t i = 0; i < count; i++) {
        char field[PATH_SIZE];
        path_set(field, "genres[%zu]", i);
        TRY(check_name(failure, at, field, genres[i]));
    }
    return PROS_OK;
}

enum pros_status check_request_id(struct failure *failure, const char *id, bool required)
{
    if (!*id && required)
        REFUSE("ID_EMPTY", "request_id is empty; choose one (a UUID), so that a repeated call is "
                           "recognised.");
    return check_text(failure, "", "request_id", id, ID_BYTES_MAX);
}

enum pros_status check_page_size(struct failure *failure, int32_t given, size_t *size)
{
    if (given < 0 || given > 1000)
        REFUSE("BAD_PAGE_SIZE", "page_size is %d; it must be between 0 and 1000, 0 means 100.",
               given);
    *size = given ? (size_t)given : 100;
    return PROS_OK;
}

enum pros_status check_lag(struct failure *failure, int64_t lag_s)
{
    if (lag_s < -LAG_S_MAX || lag_s > LAG_S_MAX)
        REFUSE("BAD_LAG", "known_at_lag_s is %lld seconds; at most ten years are believed.",
               (long long)lag_s);
    return PROS_OK;
}

enum pros_status check_country(struct failure *failure, const char *at, const char *country_code)
{
    if (*country_code &&
        (strlen(country_code) != 2 || strspn(country_code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 2))
        REFUSE("BAD_COUNTRY", "%scountry_code is no ISO 3166-1 code; write for example \"US\".",
               at);
    return PROS_OK;
}

enum pros_status check_time_zone(struct failure *failure, const char *at, const char *time_zone)
{
    TRY(check_text(failure, at, "time_zone", time_zone, ID_BYTES_MAX));
    if (time_zone[strspn(time_zone, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                    "0123456789_+-/")] != '\0')
        REFUSE("BAD_TIME_ZONE",
               "%stime_zone is no IANA name; write for example \"America/Chicago\".", at);
    return PROS_OK;
}

enum pros_status check_known(struct failure *failure, const char *at, const char *field,
                             int64_t known_ms, int64_t now_ms)
{
    if (known_ms > now_ms + CLOCK_DAY_MS)
        REFUSE("KNOWN_IN_FUTURE",
               "%s%s lies in the future, but what is sent is known; leave it "
               "out or correct it.",
               at, field);
    return PROS_OK;
}
