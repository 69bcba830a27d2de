/* Grouping points into chunks. */
#include "cli/chunk.h"
#include "unit/check.h"

static Promoteros__V1__AppendSignalImportRequest *pack(struct chunk *chunk, struct arena *arena,
                                                       int64_t *repeated)
{
    struct buffer out;
    Promoteros__V1__AppendSignalImportRequest *request;

    buffer_open(&out, 1u << 24);
    *repeated = chunk_pack(chunk, "im_1", 3, &out);
    CHECK(out.size <= chunk_size(chunk) + 64);
    request = cli_unpack(arena, &promoteros__v1__append_signal_import_request__descriptor,
                         (struct pros_bytes){out.data, out.size});
    buffer_close(&out);
    return request;
}

static void groups(void)
{
    struct session_entity one = {.kind = 1, .name = "One"}, two = {.kind = 1, .name = "Two"};
    struct session_point points[] = {{2000, 20, SESSION_KNOWN_NOW, 0},
                                     {1000, 10, SESSION_KNOWN_NOW, SESSION_FLAG_ROUNDED},
                                     {2000, 21, SESSION_KNOWN_NOW, 0},
                                     {3000, 30, 9000, 0}};
    struct chunk *chunk = chunk_new();
    Promoteros__V1__AppendSignalImportRequest *request;
    struct arena arena;
    int64_t repeated;

    arena_open(&arena, 0);
    CHECK_INT(chunk_size(chunk), 0);
    for (size_t i = 0; i < 4; i++)
        chunk_add(chunk, &one, "spotify", "followers", &points[i]);
    chunk_add(chunk, &two, "spotify", "followers", &points[0]);
    chunk_add(chunk, &one, "spotify", "streams", &points[0]);
    request = pack(chunk, &arena, &repeated);
    CHECK_INT(repeated, 1);
    CHECK_STR(request->import_id, "im_1");
    CHECK_INT(request->chunk_index, 3);
    CHECK_INT(request->n_signals, 2);
    CHECK_STR(request->signals[0]->name, "One");
    CHECK_INT(request->signals[0]->n_series, 3);
    CHECK_INT(request->signals[0]->series[0]->n_values, 2);
    CHECK_INT(request->signals[0]->series[0]->observed_at_ms[0], 1000);
    CHECK_NEAR(request->signals[0]->series[0]->values[1], 21, 0);
    CHECK_INT(request->signals[0]->series[0]->point_flags[0], SESSION_FLAG_ROUNDED);
    CHECK_INT(request->signals[0]->series[0]->n_known_at_ms, 0);
    CHECK_INT(request->signals[0]->series[1]->known_at_ms[0], 9000);
    chunk_clear(chunk);
    CHECK_INT(chunk_size(chunk), 0);
    arena_close(&arena);
    chunk_free(chunk);
}

/* "a" + "b" and "ab" + "" are two entities. */
static void keys(void)
{
    struct session_entity one = {.kind = 1, .id = "a", .name = "b"},
                          two = {.kind = 1, .id = "ab", .name = ""};
    struct session_point point = {1000, 1, SESSION_KNOWN_NOW, 0};
    struct chunk *chunk = chunk_new();
    struct arena arena;
    int64_t repeated;

    arena_open(&arena, 0);
    chunk_add(chunk, &one, "s", "m", &point);
    chunk_add(chunk, &two, "s", "m", &point);
    CHECK_INT(pack(chunk, &arena, &repeated)->n_signals, 2);
    arena_close(&arena);
    chunk_free(chunk);
}

/* Shows are cut into chunks of the same import; a dry run sends none. */
static void shows(void)
{
    struct session_options options = {.label = "test", .request_id = "r", .dry_run = true};
    Promoteros__V1__ImportedShow show = PROMOTEROS__V1__IMPORTED_SHOW__INIT;
    Promoteros__V1__ImportSummary *summary;
    struct failure failure;
    struct session *session;
    struct cli cli;
    char name[2000];

    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    cli_open(&cli, stdout, stderr);
    session = session_open_shows(&cli, &options, &failure);
    show.artist_name = name;
    for (int i = 0; i < 1000; i++)
        CHECK_INT(session_add_show(session, &show, &failure), PROS_OK);
    CHECK_INT(session_count(session), 1000);
    CHECK_INT(session_commit(session, &summary, &failure), PROS_OK);
    CHECK(!summary);
    session_close(session);
    cli_close(&cli);
}

CHECK_MAIN(groups, keys, shows)
