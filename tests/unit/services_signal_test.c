/* Imports, queries and scans of signals. */
#include "unit/services_fixture.h"

#include "base/id.h"

/* One artist with one series, which a test fills. */
struct chunk {
    Promoteros__V1__AppendSignalImportRequest request;
    Promoteros__V1__ImportedSignals signals, *signal_list[1];
    Promoteros__V1__SignalSeries series, *series_list[1];
    int64_t observed[8], known[8];
    double values[8];
    int32_t flags[8];
};

static void chunk_open(struct chunk *chunk, const char *import_id, const char *name)
{
    memset(chunk, 0, sizeof *chunk);
    promoteros__v1__append_signal_import_request__init(&chunk->request);
    promoteros__v1__imported_signals__init(&chunk->signals);
    promoteros__v1__signal_series__init(&chunk->series);
    chunk->request.import_id = (char *)import_id;
    chunk->request.signals = chunk->signal_list;
    chunk->request.n_signals = 1;
    chunk->signal_list[0] = &chunk->signals;
    chunk->signals.kind = PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_ARTIST;
    chunk->signals.name = (char *)name;
    chunk->signals.series = chunk->series_list;
    chunk->signals.n_series = 1;
    chunk->series_list[0] = &chunk->series;
    chunk->series.source = (char *)"spotify";
    chunk->series.metric = (char *)"followers";
    chunk->series.observed_at_ms = chunk->observed;
    chunk->series.values = chunk->values;
    chunk->series.n_observed_at_ms = chunk->series.n_values = 3;
    for (int i = 0; i < 8; i++) {
        chunk->observed[i] = NOW_MS - (10 - i) * DAY_MS;
        chunk->values[i] = 100 + i;
        chunk->known[i] = chunk->observed[i] + 1000;
    }
}

static const char *begin(struct fixture *f, const char *request_id, int64_t lag_s)
{
    Promoteros__V1__BeginSignalImportRequest request =
        PROMOTEROS__V1__BEGIN_SIGNAL_IMPORT_REQUEST__INIT;
    Promoteros__V1__BeginSignalImportResponse *response = NULL;
    request.request_id = (char *)request_id;
    if (lag_s >= 0) {
        request._known_at_lag_s_case =
            PROMOTEROS__V1__BEGIN_SIGNAL_IMPORT_REQUEST___KNOWN_AT_LAG_S_KNOWN_AT_LAG_S;
        request.known_at_lag_s = lag_s;
    }
    EXPECT_OK(f, "SignalService/BeginSignalImport", &request, &response);
    return response->import_id;
}

static const Promoteros__V1__ImportSummary *commit(struct fixture *f, const char *import_id)
{
    Promoteros__V1__CommitSignalImportRequest request =
        PROMOTEROS__V1__COMMIT_SIGNAL_IMPORT_REQUEST__INIT;
    Promoteros__V1__CommitSignalImportResponse *response = NULL;
    request.import_id = (char *)import_id;
    EXPECT_OK(f, "SignalService/CommitSignalImport", &request, &response);
    return response->summary;
}

static const Promoteros__V1__ImportSummary *import_chunk(struct fixture *f, struct chunk *chunk,
                                                         const char *request_id, int64_t lag_s)
{
    chunk->request.import_id = (char *)begin(f, request_id, lag_s);
    EXPECT_OK(f, "SignalService/AppendSignalImport", &chunk->request, NULL);
    return commit(f, chunk->request.import_id);
}

static void check_summary(const Promoteros__V1__ImportSummary *summary, int64_t added,
                          int64_t corrected, int64_t unchanged, int64_t created)
{
    CHECK_INT(summary->added_count, added);
    CHECK_INT(summary->corrected_count, corrected);
    CHECK_INT(summary->unchanged_count, unchanged);
    CHECK_INT(summary->created_record_count, created);
    CHECK((summary->commit_seq > 0) == (added + corrected + created > 0));
}

static const char *find_artist(struct fixture *f, const char *name)
{
    Promoteros__V1__ListArtistsRequest request = PROMOTEROS__V1__LIST_ARTISTS_REQUEST__INIT;
    Promoteros__V1__ListArtistsResponse *response = NULL;
    request.query = (char *)name;
    EXPECT_OK(f, "CatalogService/ListArtists", &request, &response);
    return response->n_artists ? response->artists[0]->id : NULL;
}

static const Promoteros__V1__SignalSeries *query(struct fixture *f, const char *artist_id,
                                                 int64_t as_of_ms)
{
    Promoteros__V1__EntityRef entity = PROMOTEROS__V1__ENTITY_REF__INIT, *entities[] = {&entity};
    Promoteros__V1__QuerySignalsRequest request = PROMOTEROS__V1__QUERY_SIGNALS_REQUEST__INIT;
    Promoteros__V1__QuerySignalsResponse *response = NULL;
    entity.kind = PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_ARTIST;
    entity.id = (char *)artist_id;
    request.entities = entities;
    request.n_entities = 1;
    request.as_of_time = as_of_ms ? fixture_time(f, as_of_ms) : NULL;
    EXPECT_OK(f, "SignalService/QuerySignals", &request, &response);
    return response->n_series ? response->series[0] : NULL;
}

/* ---- what is refused ---- */

static void empty(struct chunk *c)
{
    c->series.n_observed_at_ms = c->series.n_values = 0;
}
static void short_values(struct chunk *c)
{
    c->series.n_values = 2;
}
static void short_known(struct chunk *c)
{
    c->series.known_at_ms = c->known;
    c->series.n_known_at_ms = 2;
}
static void short_flags(struct chunk *c)
{
    c->series.point_flags = c->flags;
    c->series.n_point_flags = 1;
}
static void bad_flags(struct chunk *c)
{
    c->series.point_flags = c->flags;
    c->series.n_point_flags = 3;
    c->flags[2] = 8;
}
static void value_nan(struct chunk *c)
{
    c->values[1] = NAN;
}
static void value_infinite(struct chunk *c)
{
    c->values[2] = -INFINITY;
}
static void unsorted(struct chunk *c)
{
    c->observed[1] = c->observed[0];
}
static void in_seconds(struct chunk *c)
{
    c->observed[2] = INT64_MAX;
}
static void known_future(struct chunk *c)
{
    short_known(c);
    c->series.n_known_at_ms = 3;
    c->known[0] = NOW_MS + 2 * DAY_MS;
}
static void kind_venue(struct chunk *c)
{
    c->signals.kind = PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_VENUE;
}
static void kind_odd(struct chunk *c)
{
    c->signals.kind = (Promoteros__V1__EntityKind)77;
}
static void no_name(struct chunk *c)
{
    c->signals.name = (char *)"  ";
}
static void source_odd(struct chunk *c)
{
    c->series.source = (char *)"Spotify!";
}
static void unknown_id(struct chunk *c)
{
    c->signals.entity_id = (char *)"ar_nobody";
}
static void no_signals(struct chunk *c)
{
    c->request.n_signals = 0;
}
static void out_of_order(struct chunk *c)
{
    c->request.chunk_index = 3;
}
static void negative_index(struct chunk *c)
{
    c->request.chunk_index = -1;
}

static void test_refusals(void)
{
    struct {
        void (*spoil)(struct chunk *chunk);
        const char *reason;
    } cases[] = {{empty, "EMPTY"},
                 {short_values, "COLUMNS_DIFFER"},
                 {short_known, "COLUMNS_DIFFER"},
                 {short_flags, "COLUMNS_DIFFER"},
                 {bad_flags, "BAD_FLAGS"},
                 {value_nan, "NOT_FINITE"},
                 {value_infinite, "NOT_FINITE"},
                 {unsorted, "UNSORTED"},
                 {in_seconds, "BAD_TIME"},
                 {known_future, "KNOWN_IN_FUTURE"},
                 {kind_venue, "BAD_KIND"},
                 {kind_odd, "BAD_KIND"},
                 {no_name, "NAME_EMPTY"},
                 {source_odd, "BAD_NAME"},
                 {unknown_id, "UNKNOWN_ARTIST"},
                 {no_signals, "EMPTY"},
                 {out_of_order, "CHUNK_OUT_OF_ORDER"},
                 {negative_index, "NEGATIVE_COUNT"}};
    struct fixture f;
    fixture_open(&f);
    const char *import_id = begin(&f, "r", -1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct chunk chunk;
        chunk_open(&chunk, import_id, "The Examples");
        cases[i].spoil(&chunk);
        fixture_expect(&f, "SignalService/AppendSignalImport", &chunk.request.base, NULL,
                       PROS_INVALID_ARGUMENT, cases[i].reason, (int)i);
    }
    /* Nothing of a refused chunk was staged. */
    check_summary(commit(&f, import_id), 0, 0, 0, 0);
    struct chunk chunk;
    chunk_open(&chunk, import_id, "The Examples");
    EXPECT_REFUSED(&f, "SignalService/AppendSignalImport", &chunk.request, PROS_FAILED_PRECONDITION,
                   "IMPORT_COMMITTED");
    chunk.request.import_id = (char *)"im_unheard-of";
    EXPECT_REFUSED(&f, "SignalService/AppendSignalImport", &chunk.request, PROS_NOT_FOUND,
                   "UNKNOWN_IMPORT");
    fixture_close(&f);
}

/* ---- what a commit does ---- */

static void test_idempotency_and_correction(void)
{
    struct fixture f;
    struct chunk chunk;
    fixture_open(&f);
    chunk_open(&chunk, "", "The Exámples");
    check_summary(import_chunk(&f, &chunk, "r-1", 0), 3, 0, 0, 1);
    /* The same file again, under another request: nothing new; the name is found folded. */
    chunk_open(&chunk, "", "the EXAMPLES");
    check_summary(import_chunk(&f, &chunk, "r-2", 0), 0, 0, 3, 0);
    const char *id = find_artist(&f, "examples");
    /* One value differs, one is new. The correction is known on arrival. */
    fixture_now_ms += DAY_MS;
    chunk_open(&chunk, "", "The Examples");
    chunk.values[1] = 555;
    chunk.series.n_observed_at_ms = chunk.series.n_values = 4;
    check_summary(import_chunk(&f, &chunk, "r-3", -1), 1, 1, 2, 0);
    const Promoteros__V1__SignalSeries *now = query(&f, id, 0), *then = query(&f, id, NOW_MS);
    CHECK_INT(now->n_values, 4);
    CHECK_NEAR(now->values[1], 555, 0);
    CHECK_INT(then->n_values, 3);
    CHECK_NEAR(then->values[1], 101, 0);
    /* A correction that claims to be older than what it corrects does not hide behind it. */
    chunk_open(&chunk, "", "The Examples");
    chunk.values[1] = 777;
    check_summary(import_chunk(&f, &chunk, "r-4", 0), 0, 1, 2, 0);
    CHECK_NEAR(query(&f, id, 0)->values[1], 777, 0);
    /* Two versions of a moment in one import: the one known last counts. */
    Promoteros__V1__SignalSeries second = chunk.series, *both[] = {&chunk.series, &second};
    double other[] = {1, 2, 3};
    int64_t later[] = {NOW_MS, NOW_MS, NOW_MS};
    chunk_open(&chunk, "", "Twice Told");
    second = chunk.series;
    second.values = other;
    chunk.series.known_at_ms = chunk.known;
    second.known_at_ms = later;
    chunk.series.n_known_at_ms = second.n_known_at_ms = 3;
    both[0] = &second;
    both[1] = &chunk.series;
    chunk.signals.series = both;
    chunk.signals.n_series = 2;
    check_summary(import_chunk(&f, &chunk, "r-5", -1), 3, 0, 3, 1);
    CHECK_NEAR(query(&f, find_artist(&f, "twice"), 0)->values[2], 3, 0);
    fixture_close(&f);
}

static void test_half_import_is_invisible(void)
{
    struct fixture f;
    struct chunk chunk;
    fixture_open(&f);
    const char *import_id = begin(&f, "r-1", 0);
    chunk_open(&chunk, import_id, "The Examples");
    Promoteros__V1__AppendSignalImportResponse *staged = NULL;
    EXPECT_OK(&f, "SignalService/AppendSignalImport", &chunk.request, &staged);
    CHECK_INT(staged->staged_point_count, 3);
    EXPECT_OK(&f, "SignalService/AppendSignalImport", &chunk.request, &staged); /* again */
    CHECK_INT(staged->staged_point_count, 3);
    chunk.values[0] = 1;
    EXPECT_REFUSED(&f, "SignalService/AppendSignalImport", &chunk.request, PROS_ALREADY_EXISTS,
                   "CHUNK_DIFFERS");
    CHECK(!find_artist(&f, "examples"));

    /* The daemon dies; the same request id finds the import again. */
    fixture_reopen(&f);
    CHECK(!find_artist(&f, "examples"));
    Promoteros__V1__BeginSignalImportRequest again =
        PROMOTEROS__V1__BEGIN_SIGNAL_IMPORT_REQUEST__INIT;
    Promoteros__V1__BeginSignalImportResponse *resumed = NULL;
    again.request_id = (char *)"r-1";
    EXPECT_REFUSED(&f, "SignalService/BeginSignalImport", &again, PROS_ALREADY_EXISTS,
                   "REQUEST_ID_USED"); /* the lag is missing */
    again._known_at_lag_s_case =
        PROMOTEROS__V1__BEGIN_SIGNAL_IMPORT_REQUEST___KNOWN_AT_LAG_S_KNOWN_AT_LAG_S;
    EXPECT_OK(&f, "SignalService/BeginSignalImport", &again, &resumed);
    CHECK_STR(resumed->import_id, import_id);
    CHECK(resumed->next_chunk_index == 1 && resumed->staged_point_count == 3);
    CHECK(!resumed->committed);
    chunk_open(&chunk, import_id, "Another One");
    chunk.request.chunk_index = 1;
    EXPECT_OK(&f, "SignalService/AppendSignalImport", &chunk.request, &staged);
    const Promoteros__V1__ImportSummary *first = commit(&f, import_id), *second;
    check_summary(first, 6, 0, 0, 2);
    second = commit(&f, import_id);
    CHECK_INT(second->commit_seq, first->commit_seq);
    check_summary(second, 6, 0, 0, 2);
    fixture_reopen(&f);
    CHECK_INT(commit(&f, import_id)->commit_seq, first->commit_seq);

    /* An aborted import leaves nothing. */
    Promoteros__V1__AbortSignalImportRequest abort_request =
        PROMOTEROS__V1__ABORT_SIGNAL_IMPORT_REQUEST__INIT;
    abort_request.import_id = (char *)import_id;
    EXPECT_REFUSED(&f, "SignalService/AbortSignalImport", &abort_request, PROS_FAILED_PRECONDITION,
                   "IMPORT_COMMITTED");
    chunk_open(&chunk, begin(&f, "r-2", -1), "Never Was");
    EXPECT_OK(&f, "SignalService/AppendSignalImport", &chunk.request, NULL);
    abort_request.import_id = chunk.request.import_id;
    EXPECT_OK(&f, "SignalService/AbortSignalImport", &abort_request, NULL);
    EXPECT_REFUSED(&f, "SignalService/AbortSignalImport", &abort_request, PROS_NOT_FOUND,
                   "UNKNOWN_IMPORT");
    CHECK(!find_artist(&f, "never"));
    fixture_close(&f);
}

static void test_as_of(void)
{
    struct fixture f;
    struct chunk chunk;
    fixture_open(&f);
    chunk_open(&chunk, "", "The Examples");
    check_summary(import_chunk(&f, &chunk, "r-1", 3600), 3, 0, 0, 1);
    const char *id = find_artist(&f, "examples");
    struct {
        int64_t as_of_ms;
        size_t points;
    } cases[] = {{chunk.observed[0] + 3599999, 0},
                 {chunk.observed[0] + 3600000, 1},
                 {chunk.observed[2], 2},
                 {NOW_MS, 3}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const Promoteros__V1__SignalSeries *series = query(&f, id, cases[i].as_of_ms);
        CHECK_INT(series ? series->n_values : 0, cases[i].points);
        if (series)
            CHECK_INT(series->point_flags[0], 1); /* declared */
    }
    fixture_close(&f);
}

/* Two artists of one name keep apart by their ids elsewhere; tracks by their artist. */
static void test_identity(void)
{
    struct fixture f;
    struct chunk chunk;
    fixture_open(&f);
    Promoteros__V1__ExternalId external = PROMOTEROS__V1__EXTERNAL_ID__INIT, *ids[] = {&external};
    external.scheme = (char *)"spotify";
    const char *values[] = {"seattle", "london", "seattle", "london"};
    int64_t created[] = {1, 1, 0, 0};
    for (int i = 0; i < 4; i++) {
        char request_id[16];
        snprintf(request_id, sizeof request_id, "r-%d", i);
        chunk_open(&chunk, "", "Nirvana");
        external.value = (char *)values[i];
        chunk.signals.external_ids = ids;
        chunk.signals.n_external_ids = 1;
        check_summary(import_chunk(&f, &chunk, request_id, 0), created[i] ? 3 : 0, 0,
                      created[i] ? 0 : 3, created[i]);
    }
    chunk_open(&chunk, "", "Hurt");
    char *artists[] = {(char *)"Johnny Cash"};
    chunk.signals.kind = PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_TRACK;
    chunk.signals.artist_names = artists;
    chunk.signals.n_artist_names = 1;
    check_summary(import_chunk(&f, &chunk, "t-1", 0), 3, 0, 0, 2);
    artists[0] = (char *)"Nine Inch Nails";
    check_summary(import_chunk(&f, &chunk, "t-2", 0), 3, 0, 0, 2);
    artists[0] = (char *)"johnny cash";
    check_summary(import_chunk(&f, &chunk, "t-3", 0), 0, 0, 3, 0);

    Promoteros__V1__ScanSignalsRequest request = PROMOTEROS__V1__SCAN_SIGNALS_REQUEST__INIT;
    struct fixture_stream stream = {.most = 10};
    request.kind = PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_TRACK;
    fixture_stream(&f, "SignalService/ScanSignals", &request.base, 10000, &stream);
    CHECK_INT(stream.status, PROS_OK);
    CHECK_INT(stream.count, 2);
    const Promoteros__V1__ScanSignalsResponse *track = (const void *)fixture_unpack(
        &f, &promoteros__v1__scan_signals_response__descriptor, stream.replies[0]);
    CHECK_STR(track->name, "Hurt");
    CHECK_INT(track->n_artist_ids, 1);
    CHECK_INT(track->n_series, 1);
    CHECK(track->commit_seq > 0);
    request.active_since_time = fixture_time(&f, NOW_MS);
    fixture_stream(&f, "SignalService/ScanSignals", &request.base, 10000, &stream);
    CHECK(stream.status == PROS_OK && stream.count == 0);
    request.kind = PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_UNSPECIFIED;
    fixture_stream(&f, "SignalService/ScanSignals", &request.base, 10000, &stream);
    CHECK_INT(stream.status, PROS_INVALID_ARGUMENT);
    CHECK_STR(f.failure.reason, "BAD_KIND");

    Promoteros__V1__ListSignalSourcesRequest list =
        PROMOTEROS__V1__LIST_SIGNAL_SOURCES_REQUEST__INIT;
    Promoteros__V1__ListSignalSourcesResponse *sources = NULL;
    EXPECT_OK(&f, "SignalService/ListSignalSources", &list, &sources);
    CHECK_INT(sources->n_sources, 2);
    CHECK_INT(sources->sources[0]->point_count, 6);
    fixture_close(&f);
}

CHECK_MAIN(test_refusals, test_idempotency_and_correction, test_half_import_is_invisible,
           test_as_of, test_identity)
