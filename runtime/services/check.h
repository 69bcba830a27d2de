/*
 * Checks of what strangers send, each with the name of the field and a sentence that says what to
 * do.
 *
 * Why: the same bounds hold wherever a name, a count or a moment comes in, and people read what is
 * wrong. `at` is the path of the message that holds the field, for example "shows[3]." or "".
 *
 * Memory: none. Threads: any. Errors: INVALID_ARGUMENT with a reason in failure.
 */
#ifndef PROMOTEROS_SERVICES_CHECK_H
#define PROMOTEROS_SERVICES_CHECK_H

#include "services/work.h"

enum {
    NAME_BYTES_MAX = 200,
    ID_BYTES_MAX = 100,
    LABEL_BYTES_MAX = 500,
    EXTERNAL_IDS_MAX = 32,
    GENRES_MAX = 16,
    SUPPORTS_MAX = 32,
    ROOMS_MAX = 64,
    PATH_SIZE = 96
};
#define COUNT_MAX      INT64_C(100000000)      /* tickets, heads: more is a mistake */
#define MONEY_MAX      INT64_C(1000000000000)  /* minor units */
#define LAG_S_MAX      (INT64_C(3660) * 86400) /* ten years */
#define INSTANT_MIN_MS INT64_C(-2208988800000) /* 1900-01-01 */
#define INSTANT_MAX_MS INT64_C(7258118400000)  /* 2200-01-01 */

/* Writes a path, cut where it is too long. */
__attribute__((format(printf, 2, 3))) void path_set(char path[PATH_SIZE], const char *format, ...);

/* UTF-8 without control characters, at most max bytes; may be empty. */
enum pros_status check_text(struct failure *failure, const char *at, const char *field,
                            const char *text, size_t max);
/* The same, not blank, at most NAME_BYTES_MAX. */
enum pros_status check_name(struct failure *failure, const char *at, const char *field,
                            const char *text);
/* Lower-case letters, digits, "-", "_", "." and ":", 1 to ID_BYTES_MAX; `example` shows one. */
enum pros_status check_slug(struct failure *failure, const char *at, const char *field,
                            const char *text, const char *example);
/* ^prefix_[A-Za-z0-9_-]{1,36}$; empty passes unless it is required. */
enum pros_status check_record_id(struct failure *failure, const char *at, const char *field,
                                 const char *id, const char *prefix, bool required);
enum pros_status check_count(struct failure *failure, const char *at, const char *field,
                             int64_t count, int64_t max);
enum pros_status check_list(struct failure *failure, const char *at, const char *field,
                            size_t count, size_t max);
enum pros_status check_finite(struct failure *failure, const char *at, const char *field,
                              double value);
/* Within 1900 to 2200. */
enum pros_status check_instant(struct failure *failure, const char *at, const char *field,
                               int64_t instant_ms);
/* NULL is refused when it is required, else *instant_ms is left alone. */
enum pros_status check_timestamp(struct failure *failure, const char *at, const char *field,
                                 const Google__Protobuf__Timestamp *timestamp, bool required,
                                 int64_t *instant_ms);
enum pros_status check_date(struct failure *failure, const char *at, const char *field,
                            const char *text, int32_t *day);
/* Not negative, at most MONEY_MAX; NULL passes. */
enum pros_status check_money(struct failure *failure, const char *at, const char *field,
                             const Promoteros__V1__Money *money);
enum pros_status check_external_ids(struct failure *failure, const char *at,
                                    Promoteros__V1__ExternalId *const *ids, size_t count);
enum pros_status check_genres(struct failure *failure, const char *at, char *const *genres,
                              size_t count);
/* Printable, at most ID_BYTES_MAX; empty passes unless it is required. */
enum pros_status check_request_id(struct failure *failure, const char *id, bool required);
/* 0 means 100; at most 1000. */
enum pros_status check_page_size(struct failure *failure, int32_t given, size_t *size);
enum pros_status check_lag(struct failure *failure, int64_t lag_s);

/* Empty passes both. */
enum pros_status check_country(struct failure *failure, const char *at, const char *country_code);
enum pros_status check_time_zone(struct failure *failure, const char *at, const char *time_zone);
/* Not later than a day from now: what is sent is known. */
enum pros_status check_known(struct failure *failure, const char *at, const char *field,
                             int64_t known_ms, int64_t now_ms);

/* Whole messages of the catalog, without looking into the store; ids of other records may be
 * empty. */
enum pros_status check_artist(struct failure *failure, const char *at,
                              const Promoteros__V1__Artist *artist);
enum pros_status check_venue(struct failure *failure, const char *at,
                             const Promoteros__V1__Venue *venue);
enum pros_status check_show(struct failure *failure, const char *at,
                            const Promoteros__V1__Show *show, int64_t now_ms, int32_t *show_day);

/* That the records a show names exist, with its room; an empty id passes and leaves NULL. */
struct show_references {
    Promoteros__V1__Artist *artist;
    Promoteros__V1__Venue *venue;
};
enum pros_status check_show_references(struct work *work, const char *at,
                                       const Promoteros__V1__Show *show,
                                       struct show_references *references);

#endif
