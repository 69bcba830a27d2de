/* Rows that are shows: one night, or a block of performances counted as one. */
#include "cli/import.h"

#include "base/clock.h"
#include "deal-optimizer/money.h"

#include <string.h>

enum {
    COLUMN_ARTIST,
    COLUMN_VENUE,
    COLUMN_CITY,
    COLUMN_COUNTRY,
    COLUMN_TIME_ZONE,
    COLUMN_ROOM,
    COLUMN_DATE,
    COLUMN_CAPACITY,
    COLUMN_PAID,
    COLUMN_HEADS,
    COLUMN_COMPS,
    COLUMN_GROSS,
    COLUMN_CURRENCY,
    COLUMN_PRICE,
    COLUMN_GENRE,
    COLUMN_PERFORMANCES,
    COLUMN_STATUS,
    COLUMN_ANNOUNCED_AT,
    COLUMN_KNOWN_AT,
    COLUMN_ARTIST_ID,
    COLUMN_VENUE_ID,
    COLUMN_COUNT
};

/* The daemon refuses whole chunks; what it would not take is refused here, row by row. */
enum { PERFORMANCES_MAX = 366, ZONE_BYTES_MAX = 100 };

static const struct column_name columns[COLUMN_COUNT] = {
    [COLUMN_ARTIST] = {"artist", NULL, "name of the artist or production"},
    [COLUMN_VENUE] = {"venue", NULL, "name of the venue"},
    [COLUMN_CITY] = {"city", NULL, "city of a new venue"},
    [COLUMN_COUNTRY] = {"country", NULL, "country of a new venue, two letters: US"},
    [COLUMN_TIME_ZONE] = {"time_zone", NULL, "time zone of a new venue: America/New_York"},
    [COLUMN_ROOM] = {"room", NULL, "room within the venue; empty: its first"},
    [COLUMN_DATE] = {"date", NULL, "local date, YYYY-MM-DD"},
    [COLUMN_CAPACITY] = {"capacity", NULL, "tickets that could be sold in all"},
    [COLUMN_PAID] = {"paid", NULL, "tickets paid for"},
    [COLUMN_HEADS] = {"heads", NULL, "people in the room"},
    [COLUMN_COMPS] = {"comps", NULL, "complimentary tickets"},
    [COLUMN_GROSS] = {"gross", NULL, "gross box office, in units: 12500.00"},
    [COLUMN_CURRENCY] = {"currency", NULL, "ISO 4217 code of gross and price: USD"},
    [COLUMN_PRICE] = {"price", NULL, "face price of a usual ticket, in units: 25.00"},
    [COLUMN_GENRE] = {"genre", NULL, "genre"},
    [COLUMN_PERFORMANCES] = {"performances", NULL, "performances counted together; empty: 1"},
    [COLUMN_STATUS] = {"status", NULL, "announced, on-sale, cancelled, played, settled ..."},
    [COLUMN_ANNOUNCED_AT] = {"announced_at", NULL, "when it was announced: a date or RFC 3339"},
    [COLUMN_KNOWN_AT] = {"known_at", NULL, "when the figures could be known; else --lag, else now"},
    [COLUMN_ARTIST_ID] = {"artist_id", NULL, "id in the catalog, where known"},
    [COLUMN_VENUE_ID] = {"venue_id", NULL, "id in the catalog, where known"},
};

/* A show on its way, with all that its pointers point to. */
struct draft {
    Promoteros__V1__ImportedShow imported;
    Promoteros__V1__Show show;
    Promoteros__V1__Attendance attendance;
    Promoteros__V1__Money gross, price;
    Promoteros__V1__PriceTier tier, *tiers[1];
    Promoteros__V1__ShowStatusChange changes[2], *change_list[2];
    Google__Protobuf__Timestamp times[3];
    Promoteros__V1__ExternalId ids[COLUMNS_IDS_MAX], *id_list[COLUMNS_IDS_MAX];
    char date[CLOCK_TEXT_SIZE];
    char country[3];
    int32_t day;
    int64_t day_end_ms; /* of the show's date, in UTC */
};

static const char *get(const struct import *import, const char *const *values, size_t column)
{
    return columns_value(&import->columns, values, column);
}

static enum pros_status check(struct import *import, struct failure *failure)
{
    static const struct {
        int column, other;
    } needed[] = {{COLUMN_ARTIST, COLUMN_ARTIST_ID},
                  {COLUMN_VENUE, COLUMN_VENUE_ID},
                  {COLUMN_DATE, -1},
                  {COLUMN_CAPACITY, -1}};

    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        const char *name = columns[needed[i].column].name;
        char list[400] = "";
        size_t used = 0;
        if (columns_has(&import->columns, (size_t)needed[i].column) ||
            (needed[i].other >= 0 && columns_has(&import->columns, (size_t)needed[i].other)))
            continue;
        for (size_t k = 0; k < import->rows.count && used + 1 < sizeof list; k++)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%.40s", k ? ", " : "",
                                     import->rows.names[k]);
        return failure_set(failure, PROS_INVALID_ARGUMENT, "MISSING_COLUMN",
                           "The file has no column \"%s\". Name it with --map %s=THEIRS, or say it "
                           "for all rows with --set %s=VALUE. It has: %s.",
                           name, name, name, list);
    }
    return PROS_OK;
}

/* An optional whole number; *there says whether the cell has one. */
static bool read_count(struct import *import, const char *const *values, size_t column,
                       int64_t *count, bool *there)
{
    const char *text = get(import, values, column);
    char why[CLEAN_WHY_SIZE];

    *there = *text != '\0';
    if (*there && !clean_count(text, import->thousands, count, why)) {
        import_refuse(import, "%s: %s", columns[column].name, why);
        return false;
    }
    return true;
}

static bool read_money(struct import *import, const char *const *values, size_t column,
                       Promoteros__V1__Money *money, bool *there)
{
    const char *text = get(import, values, column);
    const char *currency = get(import, values, COLUMN_CURRENCY);
    char why[CLEAN_WHY_SIZE];

    *there = *text != '\0';
    if (!*there)
        return true;
    promoteros__v1__money__init(money);
    if (!*currency) {
        import_refuse(import, "%s has no currency; say it with --set currency=USD",
                      columns[column].name);
        return false;
    }
    if (!clean_money(text, import->thousands, currency, &money->amount_minor, why)) {
        import_refuse(import, "%s: %s", columns[column].name, why);
        return false;
    }
    money->currency_code = (char *)currency;
    return true;
}

static void set_time(Google__Protobuf__Timestamp *time, int64_t instant_ms)
{
    google__protobuf__timestamp__init(time);
    time->seconds = instant_ms / 1000 - (instant_ms % 1000 < 0);
    time->nanos = (int32_t)((instant_ms - time->seconds * 1000) * 1000000);
}

static bool is_time_zone(const char *text)
{
    size_t size = strlen(text);
    return size <= ZONE_BYTES_MAX &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz"
                        "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/") == size;
}

static bool read_place(struct import *import, const char *const *values, struct draft *draft)
{
    static const int names[] = {COLUMN_ARTIST, COLUMN_VENUE,     COLUMN_CITY,      COLUMN_ROOM,
                                COLUMN_GENRE,  COLUMN_TIME_ZONE, COLUMN_ARTIST_ID, COLUMN_VENUE_ID};
    const char *country = get(import, values, COLUMN_COUNTRY);

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!import_name(import, columns[names[i]].name, get(import, values, (size_t)names[i])))
            return false;
    draft->imported.artist_name = (char *)get(import, values, COLUMN_ARTIST);
    draft->imported.venue_name = (char *)get(import, values, COLUMN_VENUE);
    draft->imported.city = (char *)get(import, values, COLUMN_CITY);
    draft->imported.time_zone = (char *)get(import, values, COLUMN_TIME_ZONE);
    draft->show.artist_id = (char *)get(import, values, COLUMN_ARTIST_ID);
    draft->show.venue_id = (char *)get(import, values, COLUMN_VENUE_ID);
    draft->show.room_id = (char *)get(import, values, COLUMN_ROOM);
    draft->show.genre = (char *)get(import, values, COLUMN_GENRE);
    if (!*draft->imported.artist_name && !*draft->show.artist_id) {
        import_refuse(import, "artist is empty");
        return false;
    }
    if (!*draft->imported.venue_name && !*draft->show.venue_id) {
        import_refuse(import, "venue is empty");
        return false;
    }
    if (*draft->show.room_id && !clean_kebab("room", draft->show.room_id, import->why))
        return false;
    if (!is_time_zone(draft->imported.time_zone)) {
        import_refuse(import, "time_zone: \"%.40s\" is no name such as America/New_York",
                      draft->imported.time_zone);
        return false;
    }
    if (*country &&
        (strlen(country) != 2 || !((country[0] | 32) >= 'a' && (country[0] | 32) <= 'z') ||
         !((country[1] | 32) >= 'a' && (country[1] | 32) <= 'z'))) {
        import_refuse(import, "country: \"%.20s\" is not a code of two letters, such as US",
                      country);
        return false;
    }
    for (int i = 0; i < 2 && *country; i++)
        draft->country[i] = (char)(country[i] & ~32);
    draft->imported.country_code = draft->country;
    return true;
}

static bool read_date(struct import *import, const char *const *values, struct draft *draft)
{
    char why[CLEAN_WHY_SIZE];

    if (!clean_date(get(import, values, COLUMN_DATE), &draft->day, why)) {
        import_refuse(import, "date: %s", why);
        return false;
    }
    clock_format_date(draft->day, draft->date);
    draft->show.show_date = draft->date;
    draft->day_end_ms = (draft->day + 1) * CLOCK_DAY_MS;
    return true;
}

static bool read_figures(struct import *import, const char *const *values, struct draft *draft)
{
    Promoteros__V1__Attendance *attendance = &draft->attendance;
    int64_t performances = 1, paid = 0, heads = 0, comps = 0;
    bool has_capacity, has_paid, has_heads, has_comps, has_gross, has_price, ignored;

    if (!read_count(import, values, COLUMN_CAPACITY, &draft->show.capacity_tickets,
                    &has_capacity) ||
        !read_count(import, values, COLUMN_PAID, &paid, &has_paid) ||
        !read_count(import, values, COLUMN_HEADS, &heads, &has_heads) ||
        !read_count(import, values, COLUMN_COMPS, &comps, &has_comps) ||
        !read_count(import, values, COLUMN_PERFORMANCES, &performances, &ignored) ||
        !read_money(import, values, COLUMN_GROSS, &draft->gross, &has_gross) ||
        !read_money(import, values, COLUMN_PRICE, &draft->price, &has_price))
        return false;
    if (!has_capacity || draft->show.capacity_tickets == 0) {
        import_refuse(import, "capacity is %s; it must be at least 1",
                      has_capacity ? "zero" : "empty");
        return false;
    }
    if (performances < 1 || performances > PERFORMANCES_MAX) {
        import_refuse(import, "performances: it must be in 1 to %d", PERFORMANCES_MAX);
        return false;
    }
    if (paid > draft->show.capacity_tickets + draft->show.capacity_tickets / 4) {
        import_refuse(import, "paid is more than 1.25 times the capacity; one of the two is wrong");
        return false;
    }
    draft->show.performance_count = performances;
    attendance->paid_tickets = paid;
    attendance->heads = heads;
    attendance->comp_tickets = comps;
    attendance->_paid_tickets_case = has_paid ? 1 : 0;
    attendance->_heads_case = has_heads ? 2 : 0;
    attendance->_comp_tickets_case = has_comps ? 3 : 0;
    attendance->gross = has_gross ? &draft->gross : NULL;
    if (has_paid || has_heads || has_comps || has_gross)
        draft->show.attendance = attendance;
    if (has_price) {
        draft->tier.name = (char *)"usual";
        draft->tier.price = &draft->price;
        draft->tiers[0] = &draft->tier;
        draft->show.price_tiers = draft->tiers;
        draft->show.n_price_tiers = 1;
    }
    return true;
}

static bool read_known(struct import *import, const char *const *values, struct draft *draft)
{
    const char *known = get(import, values, COLUMN_KNOWN_AT);
    int64_t known_ms;

    if (!draft->show.attendance)
        return true;
    if (clock_local_date_start_ms(draft->day) > import->now_ms) {
        import_refuse(import, "it has figures, but the show is in the future; the dates may be "
                              "reversed");
        return false;
    }
    if (!*known) {
        if (!import->options.has_lag && draft->day_end_ms < import->now_ms - IMPORT_HISTORY_MS)
            import->undated = true;
        return true;
    }
    if (!import_instant(import, "known_at", known, &known_ms))
        return false;
    /* A day of slack: the date is local, and east of Greenwich a night ends before the UTC day. */
    if (known_ms < draft->day_end_ms - 2 * CLOCK_DAY_MS) {
        import_refuse(import, "known_at is before the show; the dates are reversed");
        return false;
    }
    set_time(&draft->times[0], known_ms);
    draft->attendance.known_time = &draft->times[0];
    return true;
}

static bool read_status(struct import *import, const char *text, Promoteros__V1__ShowStatus *status)
{
    char name[64];
    const ProtobufCEnumValue *value;

    snprintf(name, sizeof name, "SHOW_STATUS_%.40s", text);
    for (char *c = name; *c; c++)
        *c = *c == '-' || *c == ' ' ? '_' : *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
    value = protobuf_c_enum_descriptor_get_value_by_name(&promoteros__v1__show_status__descriptor,
                                                         name);
    if (!value || value->value == 0) {
        import_refuse(import,
                      "status: \"%.30s\" is none of inquiry, hold, offered, confirmed, announced, "
                      "on-sale, postponed, cancelled, played, settled",
                      text);
        return false;
    }
    *status = (Promoteros__V1__ShowStatus)value->value;
    return true;
}

static void add_change(struct draft *draft, Promoteros__V1__ShowStatus status, int64_t instant_ms)
{
    size_t at = draft->show.n_status_history++;
    Promoteros__V1__ShowStatusChange *change = &draft->changes[at];

    promoteros__v1__show_status_change__init(change);
    change->status = status;
    set_time(&draft->times[1 + at], instant_ms);
    change->observed_time = &draft->times[1 + at];
    draft->change_list[at] = change;
    draft->show.status_history = draft->change_list;
}

/* A status without a time of its own: that of the announcement for what precedes the night, the end
 * of the night for what follows it. */
static bool read_history(struct import *import, const char *const *values, struct draft *draft)
{
    const char *announced = get(import, values, COLUMN_ANNOUNCED_AT);
    const char *text = get(import, values, COLUMN_STATUS);
    Promoteros__V1__ShowStatus status = PROMOTEROS__V1__SHOW_STATUS__SHOW_STATUS_UNSPECIFIED;
    int64_t announced_ms = INT64_MIN;
    bool after;

    if (*announced) {
        if (!import_instant(import, "announced_at", announced, &announced_ms))
            return false;
        if (announced_ms >= draft->day_end_ms) {
            import_refuse(import, "announced_at is after the show; the dates are reversed");
            return false;
        }
        add_change(draft, PROMOTEROS__V1__SHOW_STATUS__SHOW_STATUS_ANNOUNCED, announced_ms);
    }
    if (*text && !read_status(import, text, &status))
        return false;
    after = status == PROMOTEROS__V1__SHOW_STATUS__SHOW_STATUS_PLAYED ||
            status == PROMOTEROS__V1__SHOW_STATUS__SHOW_STATUS_SETTLED;
    if (!status && draft->show.attendance) {
        status = PROMOTEROS__V1__SHOW_STATUS__SHOW_STATUS_PLAYED;
        after = true;
    }
    if (status == PROMOTEROS__V1__SHOW_STATUS__SHOW_STATUS_UNSPECIFIED ||
        (status == PROMOTEROS__V1__SHOW_STATUS__SHOW_STATUS_ANNOUNCED && *announced))
        return true;
    if (after)
        add_change(draft, status, draft->day_end_ms);
    else
        add_change(draft, status,
                   announced_ms != INT64_MIN ? announced_ms
                   : import->now_ms < draft->day_end_ms
                       ? import->now_ms - import->now_ms % CLOCK_DAY_MS
                       : draft->day_end_ms - CLOCK_DAY_MS);
    return true;
}

static bool read_ids(struct import *import, const char *const *values, struct draft *draft)
{
    if (!import_ids(import, values, draft->ids, &draft->show.n_external_ids))
        return false;
    for (size_t i = 0; i < draft->show.n_external_ids; i++)
        draft->id_list[i] = &draft->ids[i];
    draft->show.external_ids = draft->id_list;
    return true;
}

static enum import_result take(struct import *import, const char *const *values)
{
    struct draft draft = {0};

    promoteros__v1__imported_show__init(&draft.imported);
    promoteros__v1__show__init(&draft.show);
    promoteros__v1__attendance__init(&draft.attendance);
    promoteros__v1__price_tier__init(&draft.tier);
    draft.imported.show = &draft.show;
    draft.show.simulated = import->options.simulated;
    if (!read_place(import, values, &draft) || !read_date(import, values, &draft) ||
        !read_figures(import, values, &draft) || !read_known(import, values, &draft) ||
        !read_history(import, values, &draft) || !read_ids(import, values, &draft))
        return IMPORT_REFUSED;
    return session_add_show(import->session, &draft.imported, &import->failure) == PROS_OK
               ? IMPORT_ACCEPTED
               : IMPORT_FAILED;
}

const struct import_kind import_shows_kind = {
    .name = "shows",
    .unit = "show",
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .check = check,
    .take = take,
    .open = session_open_shows,
};
