/* Imports of shows: identity, corrections, history, and the scores that follow. */
#include "unit/services_fixture.h"

#include "base/clock.h"

#include <promoteros/v1/ledger_service.pb-c.h>

struct row {
    Promoteros__V1__ImportedShow imported;
    Promoteros__V1__Show show;
    Promoteros__V1__Attendance attendance;
    Promoteros__V1__ExternalId external, *externals[1];
};

static void row_open(struct row *row, const char *artist, const char *date, int64_t paid)
{
    memset(row, 0, sizeof *row);
    promoteros__v1__imported_show__init(&row->imported);
    promoteros__v1__show__init(&row->show);
    promoteros__v1__attendance__init(&row->attendance);
    promoteros__v1__external_id__init(&row->external);
    row->imported.show = &row->show;
    row->imported.artist_name = (char *)artist;
    row->imported.venue_name = (char *)"Fox Theater";
    row->imported.city = (char *)"Oakland";
    row->show.show_date = (char *)date;
    row->show.capacity_tickets = 1000;
    row->externals[0] = &row->external;
    row->external.scheme = (char *)"box-office";
    if (paid >= 0) {
        row->show.attendance = &row->attendance;
        row->attendance._paid_tickets_case = PROMOTEROS__V1__ATTENDANCE___PAID_TICKETS_PAID_TICKETS;
        row->attendance.paid_tickets = paid;
    }
}

static void row_name(struct row *row, const char *external_id)
{
    row->external.value = (char *)external_id;
    row->show.external_ids = row->externals;
    row->show.n_external_ids = 1;
}

static const char *begin(struct fixture *f, int64_t lag_s)
{
    static int count;
    char request_id[32];
    snprintf(request_id, sizeof request_id, "import-%d", count++);
    Promoteros__V1__BeginShowImportRequest request =
        PROMOTEROS__V1__BEGIN_SHOW_IMPORT_REQUEST__INIT;
    Promoteros__V1__BeginShowImportResponse *response = NULL;
    request.request_id = request_id;
    if (lag_s >= 0) {
        request._known_at_lag_s_case =
            PROMOTEROS__V1__BEGIN_SHOW_IMPORT_REQUEST___KNOWN_AT_LAG_S_KNOWN_AT_LAG_S;
        request.known_at_lag_s = lag_s;
    }
    EXPECT_OK(f, "CatalogService/BeginShowImport", &request, &response);
    return response->import_id;
}

static void append(struct fixture *f, const char *import_id, struct row *rows, size_t count,
                   enum pros_status status, const char *reason, int line)
{
    Promoteros__V1__ImportedShow *list[16];
    Promoteros__V1__AppendShowImportRequest request =
        PROMOTEROS__V1__APPEND_SHOW_IMPORT_REQUEST__INIT;
    for (size_t i = 0; i < count; i++)
        list[i] = &rows[i].imported;
    request.import_id = (char *)import_id;
    request.shows = list;
    request.n_shows = count;
    fixture_expect(f, "CatalogService/AppendShowImport", &request.base, NULL, status, reason, line);
}

static const Promoteros__V1__ImportSummary *commit(struct fixture *f, const char *import_id)
{
    Promoteros__V1__CommitShowImportRequest request =
        PROMOTEROS__V1__COMMIT_SHOW_IMPORT_REQUEST__INIT;
    Promoteros__V1__CommitShowImportResponse *response = NULL;
    request.import_id = (char *)import_id;
    EXPECT_OK(f, "CatalogService/CommitShowImport", &request, &response);
    return response->summary;
}

static void import_rows(struct fixture *f, int64_t lag_s, struct row *rows, size_t count,
                        int64_t added, int64_t corrected, int64_t unchanged, int64_t created,
                        int line)
{
    const char *import_id = begin(f, lag_s);
    append(f, import_id, rows, count, PROS_OK, "", line);
    const Promoteros__V1__ImportSummary *summary = commit(f, import_id);
    const int64_t got[] = {summary->added_count, summary->corrected_count, summary->unchanged_count,
                           summary->created_record_count};
    const int64_t want[] = {added, corrected, unchanged, created};
    for (int i = 0; i < 4; i++)
        check_int(got[i], want[i], "added, corrected, unchanged, created", __FILE__, line);
}

static const Promoteros__V1__ListShowsResponse *list_shows(struct fixture *f, int64_t as_of_ms)
{
    Promoteros__V1__ListShowsRequest request = PROMOTEROS__V1__LIST_SHOWS_REQUEST__INIT;
    Promoteros__V1__ListShowsResponse *response = NULL;
    request.as_of_time = as_of_ms ? fixture_time(f, as_of_ms) : NULL;
    EXPECT_OK(f, "CatalogService/ListShows", &request, &response);
    return response;
}

static void test_identity(void)
{
    struct fixture f;
    struct row rows[3];
    fixture_open(&f);
    row_open(&rows[0], "The Examples", "2026-03-01", 700);
    row_open(&rows[1], "The Examples", "2026-03-02", 1000);
    row_open(&rows[2], "Others", "2026-03-03", -1);
    import_rows(&f, 0, rows, 3, 3, 0, 0, 3, __LINE__);
    import_rows(&f, 0, rows, 3, 0, 0, 3, 0, __LINE__);
    /* Without a lag the figures are the same, so they stay known when they were. */
    import_rows(&f, -1, rows, 3, 0, 0, 3, 0, __LINE__);
    rows[0].attendance.paid_tickets = 701;
    import_rows(&f, 0, rows, 3, 0, 1, 2, 0, __LINE__);
    /* An id of the box office tells an early from a late show; before, the slot decided. */
    row_name(&rows[0], "early");
    import_rows(&f, 0, rows, 1, 0, 1, 0, 0, __LINE__);
    row_name(&rows[0], "late");
    import_rows(&f, 0, rows, 1, 1, 0, 0, 0, __LINE__);
    row_open(&rows[0], "The Examples", "2026-03-01", 701);
    row_name(&rows[0], "early");
    import_rows(&f, 0, rows, 1, 0, 0, 1, 0, __LINE__);
    CHECK_INT(list_shows(&f, 0)->n_shows, 4);
    /* Twice in one import: the last row counts. */
    row_open(&rows[0], "Doubles", "2026-04-01", 5);
    row_open(&rows[1], "Doubles", "2026-04-01", 6);
    import_rows(&f, 0, rows, 2, 1, 0, 1, 1, __LINE__);
    CHECK_INT(list_shows(&f, 0)->shows[0]->attendance->paid_tickets, 6);
    fixture_close(&f);
}

/* What a row leaves unset keeps what is stored. */
static void test_inherit(void)
{
    struct fixture f;
    struct row row;
    fixture_open(&f);
    Promoteros__V1__PriceTier tier = PROMOTEROS__V1__PRICE_TIER__INIT, *tiers[] = {&tier};
    Promoteros__V1__Money price = PROMOTEROS__V1__MONEY__INIT;
    price.currency_code = (char *)"USD";
    price.amount_minor = 2500;
    tier.price = &price;
    row_open(&row, "The Examples", "2026-03-01", -1);
    row_name(&row, "b-1");
    row.show.price_tiers = tiers;
    row.show.n_price_tiers = 1;
    import_rows(&f, 0, &row, 1, 1, 0, 0, 2, __LINE__);
    row_open(&row, "The Examples", "2026-03-01", 800);
    import_rows(&f, 0, &row, 1, 0, 1, 0, 0, __LINE__);
    const Promoteros__V1__Show *show = list_shows(&f, 0)->shows[0];
    CHECK(show->n_price_tiers == 1 && show->n_external_ids == 1 && show->attendance);
    fixture_close(&f);
}

static void test_history(void)
{
    struct fixture f;
    struct row row;
    int32_t day = 0;
    fixture_open(&f);
    row_open(&row, "The Examples", "2010-03-01", 700);
    import_rows(&f, 3600, &row, 1, 1, 0, 0, 2, __LINE__);
    clock_parse_date("2010-03-01", &day);
    int64_t start = day * CLOCK_DAY_MS, known = start + CLOCK_DAY_MS + 3600000;
    struct {
        int64_t as_of_ms;
        size_t shows;
        int64_t paid;
    } cases[] = {{start - 1, 0, -1}, {start, 1, -1}, {known - 1, 1, -1}, {known, 1, 700}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const Promoteros__V1__ListShowsResponse *list = list_shows(&f, cases[i].as_of_ms);
        CHECK_INT(list->n_shows, cases[i].shows);
        if (list->n_shows > 0)
            CHECK_INT(list->shows[0]->attendance ? list->shows[0]->attendance->paid_tickets : -1,
                      cases[i].paid);
    }
    /* A correction of history is history; one that arrives without a lag is news. */
    row.attendance.paid_tickets = 710;
    import_rows(&f, 3600, &row, 1, 0, 1, 0, 0, __LINE__);
    CHECK_INT(list_shows(&f, known)->shows[0]->attendance->paid_tickets, 710);
    row.attendance.paid_tickets = 720;
    fixture_now_ms += DAY_MS;
    import_rows(&f, -1, &row, 1, 0, 1, 0, 0, __LINE__);
    CHECK_INT(list_shows(&f, NOW_MS)->shows[0]->attendance->paid_tickets, 710);
    CHECK_INT(list_shows(&f, 0)->shows[0]->attendance->paid_tickets, 720);
    /* History that corrects the news is seen from its arrival. */
    fixture_now_ms += DAY_MS;
    row.attendance.paid_tickets = 730;
    import_rows(&f, 3600, &row, 1, 0, 1, 0, 0, __LINE__);
    CHECK_INT(list_shows(&f, 0)->shows[0]->attendance->paid_tickets, 730);
    CHECK_INT(list_shows(&f, NOW_MS)->shows[0]->attendance->paid_tickets, 710);
    fixture_close(&f);
}

static void test_refusals(void)
{
    struct fixture f;
    struct row rows[2];
    fixture_open(&f);
    const char *import_id = begin(&f, 0);
    row_open(&rows[0], "The Examples", "2026-03-01", 700);
    row_open(&rows[1], "The Examples", "2026-03-02", 700);
    rows[1].show.capacity_tickets = 0;
    append(&f, import_id, rows, 2, PROS_INVALID_ARGUMENT, "CAPACITY_ZERO", __LINE__);
    CHECK_STR(f.failure.sentence,
              "shows[1].capacity_tickets is 0; a show needs at least 1 ticket to sell.");
    rows[1].show.capacity_tickets = 10;
    append(&f, import_id, rows, 2, PROS_INVALID_ARGUMENT, "ABOVE_CAPACITY", __LINE__);
    row_open(&rows[1], "", "2026-03-02", 700);
    append(&f, import_id, rows, 2, PROS_INVALID_ARGUMENT, "NAME_EMPTY", __LINE__);
    row_open(&rows[1], "The Examples", "2026-03-02", 700);
    rows[1].show.artist_id = (char *)"ar_nobody";
    append(&f, import_id, rows, 2, PROS_NOT_FOUND, "UNKNOWN_ARTIST", __LINE__);
    rows[1].imported.show = NULL;
    append(&f, import_id, rows, 2, PROS_INVALID_ARGUMENT, "SHOW_MISSING", __LINE__);
    append(&f, import_id, rows, 0, PROS_INVALID_ARGUMENT, "EMPTY", __LINE__);
    CHECK_INT(commit(&f, import_id)->added_count, 0);

    /* A room that the venue does not have: nothing is written, the import stays open. */
    import_rows(&f, 0, rows, 1, 1, 0, 0, 2, __LINE__);
    row_open(&rows[1], "Newcomers", "2026-03-02", 700);
    rows[1].show.room_id = (char *)"attic";
    import_id = begin(&f, 0);
    append(&f, import_id, &rows[1], 1, PROS_OK, "", __LINE__);
    Promoteros__V1__CommitShowImportRequest request =
        PROMOTEROS__V1__COMMIT_SHOW_IMPORT_REQUEST__INIT;
    request.import_id = (char *)import_id;
    EXPECT_REFUSED(&f, "CatalogService/CommitShowImport", &request, PROS_NOT_FOUND, "UNKNOWN_ROOM");
    CHECK_INT(list_shows(&f, 0)->n_shows, 1);
    Promoteros__V1__AbortShowImportRequest forget = PROMOTEROS__V1__ABORT_SHOW_IMPORT_REQUEST__INIT;
    forget.import_id = (char *)import_id;
    EXPECT_OK(&f, "CatalogService/AbortShowImport", &forget, NULL);
    fixture_close(&f);
}

CHECK_MAIN(test_identity, test_inherit, test_history, test_refusals)
