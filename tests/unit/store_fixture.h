/*
 * Stores for tests: a new one each time, and short ways to fill it.
 *
 * PROMOTEROS_TEST_STORE names the backend to test: "sqlite" (the default) is a new file in a
 * temporary folder. A further backend adds its case to fixture_open().
 */
#ifndef PROMOTEROS_TESTS_UNIT_STORE_FIXTURE_H
#define PROMOTEROS_TESTS_UNIT_STORE_FIXTURE_H

#include "store/store.h"
#include "unit/check.h"

#include <ftw.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#define BYTES(text) ((struct pros_bytes){(text), strlen(text)})
#define DAY_MS      INT64_C(86400000)

struct fixture {
    char folder[64];
    char path[96];
    char address[128];
    struct store *store;
    struct arena arena;
};

static inline int fixture_remove(const char *path, const struct stat *info, int type,
                                 struct FTW *place)
{
    (void)info, (void)type, (void)place;
    return remove(path);
}

static inline void fixture_reopen(struct fixture *fixture)
{
    struct failure failure = {0};
    store_close(fixture->store);
    if (!CHECK_INT(store_open(fixture->address, &fixture->store, &failure), PROS_OK)) {
        fprintf(stderr, "    %s\n", failure.sentence);
        exit(1);
    }
}

static inline void fixture_folder(struct fixture *fixture)
{
    *fixture = (struct fixture){0};
    const char *base = getenv("TMPDIR");
    snprintf(fixture->folder, sizeof fixture->folder, "%.40s/store-XXXXXX", base ? base : "/tmp");
    if (!mkdtemp(fixture->folder)) {
        perror(fixture->folder);
        exit(1);
    }
    snprintf(fixture->path, sizeof fixture->path, "%s/test.db", fixture->folder);
    snprintf(fixture->address, sizeof fixture->address, "sqlite:%s", fixture->path);
    arena_open(&fixture->arena, 0);
}

static inline void fixture_open(struct fixture *fixture)
{
    const char *backend = getenv("PROMOTEROS_TEST_STORE");
    if (backend && strcmp(backend, "sqlite") != 0)
        check_skip("PROMOTEROS_TEST_STORE names no backend that is built in");
    fixture_folder(fixture);
    fixture_reopen(fixture);
}

static inline void fixture_close(struct fixture *fixture)
{
    store_close(fixture->store);
    arena_close(&fixture->arena);
    nftw(fixture->folder, fixture_remove, 8, FTW_DEPTH | FTW_PHYS);
}

/* Commits and checks the status; returns commit_seq. */
static inline int64_t fixture_commit(struct fixture *fixture, struct store_batch *batch,
                                     enum pros_status want)
{
    struct failure failure = {0};
    int64_t commit_seq = -1;
    enum pros_status status = store_commit(fixture->store, batch, &commit_seq, &failure);
    if (!CHECK_INT(status, want))
        fprintf(stderr, "    %s\n", failure.sentence);
    CHECK((status == PROS_OK) == (failure.sentence[0] == '\0'));
    return commit_seq;
}

/* What is known of artist ar_1 then; NULL: nothing. */
static inline void check_artist(struct fixture *f, int64_t as_of_ms, const char *want)
{
    struct pros_bytes body;
    struct failure failure = {0};
    enum pros_status status =
        store_get_record(f->store, RECORD_ARTIST, "ar_1", as_of_ms, &f->arena, &body, &failure);
    CHECK_INT(status, want ? PROS_OK : PROS_NOT_FOUND);
    if (want && !status)
        CHECK(body.size == strlen(want) && memcmp(body.data, want, body.size) == 0);
    else if (!want)
        CHECK(strstr(failure.sentence, "There is no artist") != NULL);
}

static inline void add_artist(struct store_batch *batch, const char *id, const char *name,
                              int64_t known_at_ms, const char *body)
{
    store_add_record(batch, &(struct store_record){.kind = RECORD_ARTIST,
                                                   .id = id,
                                                   .name = name,
                                                   .known_at_ms = known_at_ms,
                                                   .body = BYTES(body)});
}

static inline void add_point(struct store_batch *batch, const char *entity, const char *metric,
                             int64_t observed_at_ms, double value, int64_t known_at_ms)
{
    int32_t flags = 0;
    store_add_points(batch, &(struct store_series){.entity_kind = 1,
                                                   .entity_id = entity,
                                                   .source = "spotify",
                                                   .metric = metric,
                                                   .point_count = 1,
                                                   .observed_at_ms = &observed_at_ms,
                                                   .values = &value,
                                                   .known_at_ms = &known_at_ms,
                                                   .flags = &flags});
}

static inline void add_event(struct store_batch *batch, const char *type)
{
    store_add_event(
        batch, &(struct store_event){
                   .time_ms = 1, .type = type, .trace_id = "", .subject = "", .body = BYTES("e")});
}

/* All points of all time. */
static const struct store_signal_query everything = {
    .start_ms = INT64_MIN, .end_ms = INT64_MAX, .as_of_ms = INT64_MAX};

/* Visitors that write what they see into a text. */
struct seen {
    char text[4096];
    size_t size;
    size_t count, stop_at; /* 0: never */
};

__attribute__((format(printf, 2, 3))) static inline enum pros_status see(struct seen *seen,
                                                                         const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length =
        vsnprintf(seen->text + seen->size, sizeof seen->text - seen->size, format, arguments);
    va_end(arguments);
    seen->size += (size_t)length;
    if (seen->size >= sizeof seen->text)
        seen->size = sizeof seen->text - 1;
    return ++seen->count == seen->stop_at ? PROS_CANCELLED : PROS_OK;
}

static inline enum pros_status see_record(void *context, const char *id, struct pros_bytes body)
{
    return see(context, "%s=%.*s ", id, (int)body.size, (const char *)body.data);
}

static inline enum pros_status see_series(void *context, const struct store_series *series)
{
    struct seen *seen = context;
    see(seen, "%d/%s/%s/%s:", series->entity_kind, series->entity_id, series->source,
        series->metric);
    for (size_t i = 0; i < series->point_count; i++)
        see(seen, "%lld=%g,", (long long)series->observed_at_ms[i], series->values[i]);
    return see(seen, " ");
}

static inline enum pros_status see_event(void *context, const struct store_event *event)
{
    return see(context, "%lld:%s ", (long long)event->sequence, event->type);
}

#endif
