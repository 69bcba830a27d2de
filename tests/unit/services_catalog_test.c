/* Artists, venues and shows: what is refused, what is remembered, how lists page. */
#include "unit/services_fixture.h"

/* ---- refusals: each case spoils a good show in one way ---- */

static Promoteros__V1__Attendance attendance;
static Promoteros__V1__TicketCount counts[2], *count_list[2];
static Promoteros__V1__ShowStatusChange statuses[2], *status_list[2];
static Promoteros__V1__PriceTier tier, *tier_list[1];
static Promoteros__V1__Money money;
static Google__Protobuf__Timestamp early, late;
static char long_name[300];

static void use_counts(Promoteros__V1__Show *s, int64_t first, int64_t second)
{
    s->ticket_counts = count_list;
    s->n_ticket_counts = 2;
    counts[0].sold_tickets = first;
    counts[1].sold_tickets = second;
}

static void paid(Promoteros__V1__Show *s, int64_t tickets)
{
    s->attendance = &attendance;
    attendance._paid_tickets_case = PROMOTEROS__V1__ATTENDANCE___PAID_TICKETS_PAID_TICKETS;
    attendance.paid_tickets = tickets;
}

static void capacity_zero(Promoteros__V1__Show *s)
{
    s->capacity_tickets = 0;
}
static void capacity_negative(Promoteros__V1__Show *s)
{
    s->capacity_tickets = -1;
}
static void capacity_huge(Promoteros__V1__Show *s)
{
    s->capacity_tickets = INT64_MAX;
}
static void date_words(Promoteros__V1__Show *s)
{
    s->show_date = (char *)"next friday";
}
static void date_31(Promoteros__V1__Show *s)
{
    s->show_date = (char *)"2026-06-31";
}
static void date_year(Promoteros__V1__Show *s)
{
    s->show_date = (char *)"1066-10-14";
}
static void id_foreign(Promoteros__V1__Show *s)
{
    s->id = (char *)"ar_123";
}
static void id_rude(Promoteros__V1__Show *s)
{
    s->id = (char *)"sh_a b";
}
static void artist_missing(Promoteros__V1__Show *s)
{
    s->artist_id = (char *)"";
}
static void artist_unknown(Promoteros__V1__Show *s)
{
    s->artist_id = (char *)"ar_nobody";
}
static void venue_unknown(Promoteros__V1__Show *s)
{
    s->venue_id = (char *)"ve_nowhere";
}
static void room_unknown(Promoteros__V1__Show *s)
{
    s->room_id = (char *)"attic";
}
static void performances(Promoteros__V1__Show *s)
{
    s->performance_count = -2;
}
static void genre_long(Promoteros__V1__Show *s)
{
    s->genre = long_name;
}
static void genre_bytes(Promoteros__V1__Show *s)
{
    s->genre = (char *)"\xc3\x28";
}
static void paid_negative(Promoteros__V1__Show *s)
{
    paid(s, -1);
}
static void paid_above(Promoteros__V1__Show *s)
{
    paid(s, 626);
}
static void paid_before_the_day(Promoteros__V1__Show *s)
{
    paid(s, 1);
    s->show_date = (char *)"2026-06-03";
}
static void known_later(Promoteros__V1__Show *s)
{
    paid(s, 1);
    attendance.known_time = &late;
}
static void counts_above(Promoteros__V1__Show *s)
{
    use_counts(s, 10, 626);
}
static void counts_negative(Promoteros__V1__Show *s)
{
    use_counts(s, -1, 1);
}
static void counts_reversed(Promoteros__V1__Show *s)
{
    use_counts(s, 1, 2);
    counts[0].observed_time = &late;
    counts[1].observed_time = &early;
}
static void statuses_reversed(Promoteros__V1__Show *s)
{
    s->status_history = status_list;
    s->n_status_history = 2;
    statuses[0].observed_time = &late;
    statuses[1].observed_time = &early;
}
static void status_unknown(Promoteros__V1__Show *s)
{
    statuses_reversed(s);
    statuses[0].status = 99;
}
static void price_missing(Promoteros__V1__Show *s)
{
    s->price_tiers = tier_list;
    s->n_price_tiers = 1;
}
static void price_negative(Promoteros__V1__Show *s)
{
    price_missing(s);
    tier.price = &money;
    money.amount_minor = -1;
}
static void currency(Promoteros__V1__Show *s)
{
    price_missing(s);
    tier.price = &money;
    money.currency_code = (char *)"dollars";
}
static void good_125(Promoteros__V1__Show *s)
{
    paid(s, 625);
}

static void reset_pieces(void)
{
    promoteros__v1__attendance__init(&attendance);
    promoteros__v1__price_tier__init(&tier);
    promoteros__v1__money__init(&money);
    money.currency_code = (char *)"USD";
    google__protobuf__timestamp__init(&early);
    google__protobuf__timestamp__init(&late);
    early.seconds = 1000;
    late.seconds = 4000000000;
    for (int i = 0; i < 2; i++) {
        promoteros__v1__ticket_count__init(&counts[i]);
        promoteros__v1__show_status_change__init(&statuses[i]);
        counts[i].observed_time = i ? &late : &early;
        statuses[i].observed_time = i ? &late : &early;
        statuses[i].status = PROMOTEROS__V1__SHOW_STATUS__SHOW_STATUS_ON_SALE;
        count_list[i] = &counts[i];
        status_list[i] = &statuses[i];
    }
    tier_list[0] = &tier;
    memset(long_name, 'x', sizeof long_name - 1);
}

static void test_show_refusals(void)
{
    struct {
        void (*spoil)(Promoteros__V1__Show *show);
        enum pros_status status;
        const char *reason;
    } cases[] = {{capacity_zero, PROS_INVALID_ARGUMENT, "CAPACITY_ZERO"},
                 {paid_before_the_day, PROS_INVALID_ARGUMENT, "SHOW_NOT_PLAYED"},
                 {capacity_negative, PROS_INVALID_ARGUMENT, "NEGATIVE_COUNT"},
                 {capacity_huge, PROS_INVALID_ARGUMENT, "TOO_LARGE"},
                 {date_words, PROS_INVALID_ARGUMENT, "BAD_DATE"},
                 {date_31, PROS_INVALID_ARGUMENT, "BAD_DATE"},
                 {date_year, PROS_INVALID_ARGUMENT, "BAD_DATE"},
                 {id_foreign, PROS_INVALID_ARGUMENT, "BAD_ID"},
                 {id_rude, PROS_INVALID_ARGUMENT, "BAD_ID"},
                 {artist_missing, PROS_INVALID_ARGUMENT, "ID_EMPTY"},
                 {artist_unknown, PROS_NOT_FOUND, "UNKNOWN_ARTIST"},
                 {venue_unknown, PROS_NOT_FOUND, "UNKNOWN_VENUE"},
                 {room_unknown, PROS_NOT_FOUND, "UNKNOWN_ROOM"},
                 {performances, PROS_INVALID_ARGUMENT, "NEGATIVE_COUNT"},
                 {genre_long, PROS_INVALID_ARGUMENT, "TOO_LONG"},
                 {genre_bytes, PROS_INVALID_ARGUMENT, "NOT_UTF8"},
                 {paid_negative, PROS_INVALID_ARGUMENT, "NEGATIVE_COUNT"},
                 {paid_above, PROS_INVALID_ARGUMENT, "ABOVE_CAPACITY"},
                 {known_later, PROS_INVALID_ARGUMENT, "KNOWN_IN_FUTURE"},
                 {counts_above, PROS_INVALID_ARGUMENT, "ABOVE_CAPACITY"},
                 {counts_negative, PROS_INVALID_ARGUMENT, "NEGATIVE_COUNT"},
                 {counts_reversed, PROS_INVALID_ARGUMENT, "DATES_REVERSED"},
                 {statuses_reversed, PROS_INVALID_ARGUMENT, "DATES_REVERSED"},
                 {status_unknown, PROS_INVALID_ARGUMENT, "BAD_STATUS"},
                 {price_missing, PROS_INVALID_ARGUMENT, "PRICE_MISSING"},
                 {price_negative, PROS_INVALID_ARGUMENT, "NEGATIVE_AMOUNT"},
                 {currency, PROS_INVALID_ARGUMENT, "BAD_CURRENCY"},
                 {good_125, PROS_OK, ""}};
    struct fixture f;
    fixture_open(&f);
    const char *artist = fixture_artist(&f, "The Examples"), *venue = fixture_venue(&f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Promoteros__V1__UpsertShowRequest request = PROMOTEROS__V1__UPSERT_SHOW_REQUEST__INIT;
        request.show = fixture_show(&f, artist, venue, "2026-05-30", -1);
        reset_pieces();
        cases[i].spoil(request.show);
        fixture_expect(&f, "CatalogService/UpsertShow", &request.base, NULL, cases[i].status,
                       cases[i].reason, (int)i);
    }
    Promoteros__V1__UpsertShowRequest request = PROMOTEROS__V1__UPSERT_SHOW_REQUEST__INIT;
    EXPECT_REFUSED(&f, "CatalogService/UpsertShow", &request, PROS_INVALID_ARGUMENT,
                   "RECORD_MISSING");
    request.show = fixture_show(&f, artist, venue, "2026-05-30", -1);
    request.show->capacity_tickets = 0;
    fixture_call(&f, "CatalogService/UpsertShow", &request.base, NULL);
    CHECK_STR(f.failure.sentence,
              "show.capacity_tickets is 0; a show needs at least 1 ticket to sell.");
    fixture_close(&f);
}

static void test_venue_refusals(void)
{
    struct {
        double latitude;
        const char *country, *zone, *room;
        int64_t capacity;
        const char *reason;
    } cases[] = {{NAN, "US", "UTC", "main", 1, "NOT_FINITE"},
                 {91, "US", "UTC", "main", 1, "OUT_OF_RANGE"},
                 {0, "usa", "UTC", "main", 1, "BAD_COUNTRY"},
                 {0, "US", "Never/Never Land", "main", 1, "BAD_TIME_ZONE"},
                 {0, "US", "UTC", "Main Room", 1, "BAD_NAME"},
                 {0, "US", "UTC", "main", 0, "CAPACITY_ZERO"},
                 {0, "US", "UTC", "main", -5, "NEGATIVE_COUNT"},
                 {0, "", "", "main", 1, ""}};
    struct fixture f;
    fixture_open(&f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Promoteros__V1__RoomConfiguration usual = PROMOTEROS__V1__ROOM_CONFIGURATION__INIT;
        Promoteros__V1__RoomConfiguration *usuals[] = {&usual};
        Promoteros__V1__Room room = PROMOTEROS__V1__ROOM__INIT, *rooms[] = {&room};
        Promoteros__V1__Venue venue = PROMOTEROS__V1__VENUE__INIT;
        Promoteros__V1__UpsertVenueRequest request = PROMOTEROS__V1__UPSERT_VENUE_REQUEST__INIT;
        usual.id = (char *)"usual";
        usual.capacity_tickets = cases[i].capacity;
        room.id = (char *)cases[i].room;
        room.name = (char *)"Room";
        room.configurations = usuals;
        room.n_configurations = 1;
        venue.name = (char *)"Club";
        venue.country_code = (char *)cases[i].country;
        venue.time_zone = (char *)cases[i].zone;
        venue._latitude_deg_case = PROMOTEROS__V1__VENUE___LATITUDE_DEG_LATITUDE_DEG;
        venue.latitude_deg = cases[i].latitude;
        venue.rooms = rooms;
        venue.n_rooms = 1;
        request.venue = &venue;
        fixture_expect(&f, "CatalogService/UpsertVenue", &request.base, NULL,
                       *cases[i].reason ? PROS_INVALID_ARGUMENT : PROS_OK, cases[i].reason, (int)i);
    }
    fixture_close(&f);
}

/* ---- ids, idempotency, external ids ---- */

static void test_idempotency(void)
{
    struct fixture f;
    fixture_open(&f);
    Promoteros__V1__ExternalId external = PROMOTEROS__V1__EXTERNAL_ID__INIT;
    Promoteros__V1__ExternalId *externals[] = {&external};
    Promoteros__V1__Artist artist = PROMOTEROS__V1__ARTIST__INIT;
    Promoteros__V1__UpsertArtistRequest request = PROMOTEROS__V1__UPSERT_ARTIST_REQUEST__INIT;
    Promoteros__V1__UpsertArtistResponse *first = NULL, *second = NULL;
    external.scheme = (char *)"spotify";
    external.value = (char *)"4Z8W4fKeB5YxbusRsdQVPb";
    artist.name = (char *)"Radiohead";
    artist.external_ids = externals;
    artist.n_external_ids = 1;
    request.artist = &artist;
    request.request_id = (char *)"r-1";
    EXPECT_OK(&f, "CatalogService/UpsertArtist", &request, &first);
    EXPECT_OK(&f, "CatalogService/UpsertArtist", &request, &second);
    CHECK_STR(second->artist->id, first->artist->id);
    Promoteros__V1__ListArtistsRequest list = PROMOTEROS__V1__LIST_ARTISTS_REQUEST__INIT;
    Promoteros__V1__ListArtistsResponse *listed = NULL;
    EXPECT_OK(&f, "CatalogService/ListArtists", &list, &listed);
    CHECK_INT(listed->n_artists, 1);
    /* The same request id for something else. */
    Promoteros__V1__UpsertShowRequest show = PROMOTEROS__V1__UPSERT_SHOW_REQUEST__INIT;
    show.show = fixture_show(&f, first->artist->id, fixture_venue(&f), "2026-07-01", -1);
    show.request_id = (char *)"r-1";
    EXPECT_REFUSED(&f, "CatalogService/UpsertShow", &show, PROS_ALREADY_EXISTS, "REQUEST_ID_USED");
    /* A second artist may not take the first one's id; a client may choose an id of its own. */
    request.request_id = (char *)"";
    EXPECT_REFUSED(&f, "CatalogService/UpsertArtist", &request, PROS_ALREADY_EXISTS,
                   "EXTERNAL_ID_TAKEN");
    artist.n_external_ids = 0;
    artist.id = (char *)"ar_our-own_7";
    EXPECT_OK(&f, "CatalogService/UpsertArtist", &request, &second);
    CHECK_STR(second->artist->id, "ar_our-own_7");
    list.external_ids = externals;
    list.n_external_ids = 1;
    EXPECT_OK(&f, "CatalogService/ListArtists", &list, &listed);
    CHECK_INT(listed->n_artists, 1);
    CHECK_STR(listed->artists[0]->id, first->artist->id);
    /* It is remembered over a restart. */
    fixture_reopen(&f);
    artist.id = (char *)"";
    request.request_id = (char *)"r-1";
    EXPECT_OK(&f, "CatalogService/UpsertArtist", &request, &second);
    CHECK_STR(second->artist->id, first->artist->id);
    external.scheme = (char *)"name";
    artist.n_external_ids = 1;
    request.request_id = (char *)"r-2";
    EXPECT_REFUSED(&f, "CatalogService/UpsertArtist", &request, PROS_INVALID_ARGUMENT,
                   "RESERVED_SCHEME");
    fixture_close(&f);
}

/* ---- versions ---- */

/* The first version counts as known since ever; a later one is news. */
static void test_versions(void)
{
    struct fixture f;
    fixture_open(&f);
    const char *id = fixture_artist(&f, "Old Name");
    Promoteros__V1__Artist artist = PROMOTEROS__V1__ARTIST__INIT;
    Promoteros__V1__UpsertArtistRequest request = PROMOTEROS__V1__UPSERT_ARTIST_REQUEST__INIT;
    fixture_now_ms += DAY_MS;
    artist.id = (char *)id;
    artist.name = (char *)"New Name";
    request.artist = &artist;
    EXPECT_OK(&f, "CatalogService/UpsertArtist", &request, NULL);
    struct {
        int64_t as_of_ms;
        const char *name;
    } cases[] = {{1, "Old Name"}, {NOW_MS + DAY_MS - 1, "Old Name"}, {NOW_MS + DAY_MS, "New Name"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Promoteros__V1__GetArtistRequest get = PROMOTEROS__V1__GET_ARTIST_REQUEST__INIT;
        Promoteros__V1__GetArtistResponse *got = NULL;
        get.id = (char *)id;
        get.as_of_time = fixture_time(&f, cases[i].as_of_ms);
        EXPECT_OK(&f, "CatalogService/GetArtist", &get, &got);
        CHECK_STR(got->artist->name, cases[i].name);
    }
    Promoteros__V1__GetArtistRequest get = PROMOTEROS__V1__GET_ARTIST_REQUEST__INIT;
    get.id = (char *)"ar_nobody";
    EXPECT_REFUSED(&f, "CatalogService/GetArtist", &get, PROS_NOT_FOUND, "UNKNOWN_ID");
    fixture_close(&f);
}

/* ---- paging ---- */

static void test_artist_pages(void)
{
    struct fixture f;
    fixture_open(&f);
    for (int i = 0; i < 25; i++) {
        Promoteros__V1__Artist artist = PROMOTEROS__V1__ARTIST__INIT;
        Promoteros__V1__UpsertArtistRequest request = PROMOTEROS__V1__UPSERT_ARTIST_REQUEST__INIT;
        char name[64], *genres[] = {i % 5 == 0 ? (char *)"Jazz" : (char *)"rock"};
        snprintf(name, sizeof name, "Act %c", 'A' + i / 2); /* names repeat */
        artist.name = name;
        artist.genres = genres;
        artist.n_genres = 1;
        request.artist = &artist;
        EXPECT_OK(&f, "CatalogService/UpsertArtist", &request, NULL);
    }
    Promoteros__V1__ListArtistsRequest list = PROMOTEROS__V1__LIST_ARTISTS_REQUEST__INIT;
    Promoteros__V1__ListArtistsResponse *page = NULL;
    size_t seen = 0, pages = 0;
    const char *last = "";
    list.page_size = 4;
    do {
        EXPECT_OK(&f, "CatalogService/ListArtists", &list, &page);
        for (size_t i = 0; i < page->n_artists; i++, seen++) {
            CHECK(strcmp(last, page->artists[i]->name) <= 0);
            last = page->artists[i]->name;
        }
        list.page_token = page->next_page_token;
        pages++;
    } while (*list.page_token && pages < 20);
    CHECK_INT(seen, 25);
    CHECK_INT(pages, 7);
    list.page_token = (char *)"";
    list.genre = (char *)"JAZZ";
    EXPECT_OK(&f, "CatalogService/ListArtists", &list, &page);
    CHECK(page->n_artists == 4 && *page->next_page_token);
    list.page_token = page->next_page_token;
    EXPECT_OK(&f, "CatalogService/ListArtists", &list, &page);
    CHECK(page->n_artists == 1 && !*page->next_page_token);
    const char *bad[] = {"v6162006364", "x",   "a",     "s6162", "a616200zz",
                         "a6162",       "a00", "a6100", "%",     "a610062g"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        list.page_token = (char *)bad[i];
        fixture_expect(&f, "CatalogService/ListArtists", &list.base, NULL, PROS_INVALID_ARGUMENT,
                       "BAD_PAGE_TOKEN", (int)i);
    }
    list.page_token = (char *)"";
    list.page_size = -1;
    EXPECT_REFUSED(&f, "CatalogService/ListArtists", &list, PROS_INVALID_ARGUMENT, "BAD_PAGE_SIZE");
    fixture_close(&f);
}

static void test_show_pages(void)
{
    struct fixture f;
    fixture_open(&f);
    const char *artist = fixture_artist(&f, "The Examples"), *venue = fixture_venue(&f);
    for (int i = 0; i < 9; i++) {
        char date[32];
        snprintf(date, sizeof date, "2026-05-%02d", 1 + i / 2); /* two a day */
        Promoteros__V1__UpsertShowRequest request = PROMOTEROS__V1__UPSERT_SHOW_REQUEST__INIT;
        request.show = fixture_show(&f, artist, venue, date, -1);
        EXPECT_OK(&f, "CatalogService/UpsertShow", &request, NULL);
    }
    Promoteros__V1__ListShowsRequest list = PROMOTEROS__V1__LIST_SHOWS_REQUEST__INIT;
    Promoteros__V1__ListShowsResponse *page = NULL;
    size_t seen = 0, pages = 0;
    const char *last = "9999";
    list.page_size = 2;
    do {
        EXPECT_OK(&f, "CatalogService/ListShows", &list, &page);
        for (size_t i = 0; i < page->n_shows; i++, seen++) {
            CHECK(strcmp(last, page->shows[i]->show_date) >= 0);
            last = page->shows[i]->show_date;
        }
        list.page_token = page->next_page_token;
        pages++;
    } while (*list.page_token && pages < 20);
    CHECK_INT(seen, 9);
    CHECK_INT(pages, 5);
    fixture_close(&f);
}

CHECK_MAIN(test_show_refusals, test_venue_refusals, test_idempotency, test_versions,
           test_artist_pages, test_show_pages)
