/* What of a show is known when: the pure rules, and the same through the store. */
#include "services/show_as_of.h"
#include "unit/services_fixture.h"

#include "base/clock.h"

#define STATUS_AT 100
#define COUNT_AT  200
#define KNOWN_AT  400

static void test_pruning(void)
{
    struct {
        int64_t as_of_ms;
        size_t statuses, counts;
        bool attendance;
    } cases[] = {{99, 0, 0, false},  {100, 1, 0, false},     {200, 1, 1, false},
                 {299, 1, 1, false}, {300, 2, 2, false},     {399, 2, 2, false},
                 {400, 2, 2, true},  {INT64_MAX, 2, 2, true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena;
        arena_open(&arena, 0);
        Promoteros__V1__ShowStatusChange first = PROMOTEROS__V1__SHOW_STATUS_CHANGE__INIT;
        Promoteros__V1__ShowStatusChange second = first, *statuses[] = {&first, &second};
        Promoteros__V1__TicketCount early = PROMOTEROS__V1__TICKET_COUNT__INIT;
        Promoteros__V1__TicketCount late = early, *counts[] = {&early, &late};
        Promoteros__V1__Attendance attendance = PROMOTEROS__V1__ATTENDANCE__INIT;
        Promoteros__V1__Money payout = PROMOTEROS__V1__MONEY__INIT;
        Promoteros__V1__Show show = PROMOTEROS__V1__SHOW__INIT;
        first.observed_time = timestamp_new(&arena, STATUS_AT);
        second.observed_time = timestamp_new(&arena, 300);
        early.observed_time = timestamp_new(&arena, COUNT_AT);
        late.observed_time = timestamp_new(&arena, 300);
        attendance.known_time = timestamp_new(&arena, KNOWN_AT);
        show.status_history = statuses;
        show.ticket_counts = counts;
        show.n_status_history = show.n_ticket_counts = 2;
        show.attendance = &attendance;
        show.artist_payout = &payout;
        show_as_of(&show, cases[i].as_of_ms);
        CHECK_INT(show.n_status_history, cases[i].statuses);
        CHECK_INT(show.n_ticket_counts, cases[i].counts);
        CHECK((show.attendance != NULL) == cases[i].attendance);
        CHECK((show.artist_payout != NULL) == cases[i].attendance);
        arena_close(&arena);
    }
}

static void test_known_times(void)
{
    const int32_t day = 10;
    const int64_t start = 10 * CLOCK_DAY_MS, end = 11 * CLOCK_DAY_MS, later = 100 * CLOCK_DAY_MS;
    struct {
        struct arrival arrival;
        int64_t status_at, known_given, version, attendance;
    } cases[] = {
        {{later, false, 0}, 0, 0, later, later},
        {{later, true, 0}, 0, 0, start, end},
        {{later, true, 5000}, 0, 0, start, end + 5000},
        {{later, true, 0}, 777, 0, 777, end},
        {{later, true, 0}, 0, 500, 500, 500},
        {{end - 1, true, 0}, 0, 0, start, end - 1},         /* never later than it arrived */
        {{start - 1, true, 0}, 0, 0, start - 1, start - 1}, /* a show still to come */
        {{later, false, 0}, 777, 500, later, 500},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena;
        arena_open(&arena, 0);
        Promoteros__V1__ShowStatusChange status = PROMOTEROS__V1__SHOW_STATUS_CHANGE__INIT;
        Promoteros__V1__ShowStatusChange *statuses[] = {&status};
        Promoteros__V1__Attendance attendance = PROMOTEROS__V1__ATTENDANCE__INIT;
        Promoteros__V1__Show show = PROMOTEROS__V1__SHOW__INIT;
        show.attendance = &attendance;
        if (cases[i].status_at) {
            status.observed_time = timestamp_new(&arena, cases[i].status_at);
            show.status_history = statuses;
            show.n_status_history = 1;
        }
        if (cases[i].known_given)
            attendance.known_time = timestamp_new(&arena, cases[i].known_given);
        show_set_attendance_known(&arena, &show, NULL, day, cases[i].arrival);
        CHECK_INT(timestamp_ms(attendance.known_time), cases[i].attendance);
        CHECK_INT(show_version_known_ms(&show, day, cases[i].arrival), cases[i].version);
        arena_close(&arena);
    }
}

static const Promoteros__V1__Show *get_show(struct fixture *f, const char *id, int64_t as_of_ms)
{
    Promoteros__V1__GetShowRequest request = PROMOTEROS__V1__GET_SHOW_REQUEST__INIT;
    Promoteros__V1__GetShowResponse *response = NULL;
    request.id = (char *)id;
    request.as_of_time = fixture_time(f, as_of_ms);
    return fixture_call(f, "CatalogService/GetShow", &request.base, &response) == PROS_OK
               ? response->show
               : NULL;
}

/* A show grows by upserts: each version is seen from its arrival on. */
static void test_versions(void)
{
    struct fixture f;
    fixture_open(&f);
    const char *artist = fixture_artist(&f, "The Examples"), *venue = fixture_venue(&f);
    Promoteros__V1__UpsertShowRequest request = PROMOTEROS__V1__UPSERT_SHOW_REQUEST__INIT;
    Promoteros__V1__UpsertShowResponse *response = NULL;
    request.show = fixture_show(&f, artist, venue, "2026-05-30", -1);
    EXPECT_OK(&f, "CatalogService/UpsertShow", &request, &response);
    const char *id = response->show->id;
    CHECK_INT(response->show->performance_count, 1);

    fixture_now_ms += DAY_MS;
    request.show = fixture_show(&f, artist, venue, "2026-05-30", 321);
    request.show->id = (char *)id;
    EXPECT_OK(&f, "CatalogService/UpsertShow", &request, &response);
    CHECK_INT(timestamp_ms(response->show->attendance->known_time), NOW_MS + DAY_MS);

    CHECK(!get_show(&f, id, NOW_MS - 1));
    CHECK(get_show(&f, id, NOW_MS) && !get_show(&f, id, NOW_MS)->attendance);
    CHECK(!get_show(&f, id, NOW_MS + DAY_MS - 1)->attendance);
    CHECK(get_show(&f, id, NOW_MS + DAY_MS)->attendance != NULL);

    /* The same figures again do not become news. */
    fixture_now_ms += DAY_MS;
    EXPECT_OK(&f, "CatalogService/UpsertShow", &request, &response);
    CHECK_INT(timestamp_ms(response->show->attendance->known_time), NOW_MS + DAY_MS);
    fixture_close(&f);
}

/* Outcomes are shown from the moment that the attendance is known. */
static void test_outcomes(void)
{
    struct fixture f;
    fixture_open(&f);
    const char *artist = fixture_artist(&f, "The Examples"), *venue = fixture_venue(&f);
    const char *dates[] = {"2026-05-01", "2026-05-03", "2026-05-02", "2026-07-01"};
    for (int i = 0; i < 4; i++) {
        Promoteros__V1__UpsertShowRequest request = PROMOTEROS__V1__UPSERT_SHOW_REQUEST__INIT;
        request.show = fixture_show(&f, artist, venue, dates[i], i == 3 ? -1 : 100 + i);
        Promoteros__V1__Money gross = PROMOTEROS__V1__MONEY__INIT;
        gross.currency_code = (char *)"USD";
        gross.amount_minor = 202000;
        if (i == 1)
            request.show->attendance->gross = &gross;
        EXPECT_OK(&f, "CatalogService/UpsertShow", &request, NULL);
    }
    Promoteros__V1__QueryShowOutcomesRequest request =
        PROMOTEROS__V1__QUERY_SHOW_OUTCOMES_REQUEST__INIT;
    Promoteros__V1__QueryShowOutcomesResponse *response = NULL;
    EXPECT_OK(&f, "CatalogService/QueryShowOutcomes", &request, &response);
    CHECK_INT(response->n_show_ids, 3);
    CHECK_INT(response->paid_tickets[0], 101);
    CHECK_INT(response->paid_tickets[1], 102);
    CHECK_INT(response->paid_tickets[2], 100);
    CHECK_INT(response->average_price_minor[0], 2000);
    CHECK_INT(response->average_price_minor[1], 0);
    CHECK_INT(response->heads[0], -1);
    CHECK_STR(response->artist_names[response->artist_index[0]], "The Examples");
    CHECK_STR(response->venue_cities[response->venue_index[0]], "Oakland");
    CHECK_STR(response->genres[response->genre_index[0]], "indie rock");
    CHECK(!response->truncated && response->commit_seq > 0);
    request.limit = 2;
    EXPECT_OK(&f, "CatalogService/QueryShowOutcomes", &request, &response);
    CHECK(response->n_show_ids == 2 && response->truncated);
    request.as_of_time = fixture_time(&f, NOW_MS - 1);
    EXPECT_OK(&f, "CatalogService/QueryShowOutcomes", &request, &response);
    CHECK_INT(response->n_show_ids, 0);

    Promoteros__V1__ShowFilter filter = PROMOTEROS__V1__SHOW_FILTER__INIT;
    request.as_of_time = NULL;
    request.limit = 0;
    request.filter = &filter;
    filter.city = (char *)"OAKLAND";
    filter.own_only = true;
    filter.genre = (char *)"Indie Rock";
    filter.start_date = (char *)"2026-05-02";
    EXPECT_OK(&f, "CatalogService/QueryShowOutcomes", &request, &response);
    CHECK_INT(response->n_show_ids, 2);
    filter.city = (char *)"Detroit";
    EXPECT_OK(&f, "CatalogService/QueryShowOutcomes", &request, &response);
    CHECK_INT(response->n_show_ids, 0);
    filter.end_date = (char *)"2026-05-02";
    EXPECT_REFUSED(&f, "CatalogService/QueryShowOutcomes", &request, PROS_INVALID_ARGUMENT,
                   "DATES_REVERSED");
    fixture_close(&f);
}

CHECK_MAIN(test_pruning, test_known_times, test_versions, test_outcomes)
