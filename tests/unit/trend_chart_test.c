/* A small invented chart: who is new, who is there already, what the model sees. */
#include "trend-analyzer/chart.h"
#include "unit/check.h"

enum { WEEKS = 12, PLACES = 20 };
#define WEEK_MS (7LL * 86400000)

static void *blocks[4096];
static size_t block_count;

static void *alloc(void *context, size_t size)
{
    (void)context;
    void *block = calloc(1, size ? size : 1);
    if (!block || block_count == sizeof blocks / sizeof *blocks)
        abort();
    return blocks[block_count++] = block;
}

static void release(void)
{
    while (block_count)
        free(blocks[--block_count]);
}

struct song {
    const char *id, *artist;
    int first;           /* week */
    double ranks[WEEKS]; /* 0: not on the chart */
};

static const struct song songs[] = {
    {"old", "a", 0, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
    {"edge", "b", 0, {20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20}},
    {"tenth", "c", 0, {10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10}},
    {"riser", "a", 10, {18, 12}},
    {"faller", "d", 10, {12, 18}},
    {"gone", "e", 10, {15, 0}},
    {"fresh", "f", 11, {15}},
    {"hit", "g", 9, {12, 9, 11}},
    {"stale", "h", 2, {13, 13, 13, 13, 13, 13, 13, 13, 13, 13}},
    {"former", "d", 3, {5}},
};
enum { SONGS = sizeof songs / sizeof *songs };

/* Streams fall by rank: 1000 / rank. */
static void fill(struct chart_book *book, bool has_streams)
{
    chart_open(book, alloc, NULL);
    for (int s = 0; s < SONGS; s++) {
        int64_t times[WEEKS];
        double ranks[WEEKS], streams[WEEKS];
        size_t count = 0;
        for (int w = 0; w + songs[s].first < WEEKS; w++) {
            if (songs[s].ranks[w] <= 0)
                continue;
            times[count] = (2000 + songs[s].first + w) * WEEK_MS;
            ranks[count] = songs[s].ranks[w];
            streams[count++] = 1000.0 / songs[s].ranks[w];
        }
        struct chart_points points = {times, ranks, count, times, streams, has_streams ? count : 0};
        chart_add(book, songs[s].id, songs[s].id, songs[s].artist, NULL, &points);
    }
    CHECK(chart_close(book));
}

static enum chart_state examine(const struct chart_book *book, const char *id, enum chart_goal goal,
                                struct chart_case *result)
{
    for (size_t i = 0; i < book->count; i++)
        if (strcmp(book->lines[i].id, id) == 0)
            return chart_examine(book, i, goal, result);
    abort();
}

static void states(void)
{
    static const struct {
        const char *id;
        enum chart_state want;
    } cases[] = {
        {"old", CHART_NOT_NEW},    {"riser", CHART_CANDIDATE}, {"faller", CHART_CANDIDATE},
        {"gone", CHART_CANDIDATE}, {"fresh", CHART_TOO_SHORT}, {"hit", CHART_ALREADY_THERE},
        {"stale", CHART_NOT_NEW},  {"former", CHART_NOT_NEW},
    };
    struct chart_book book;
    struct chart_case result;
    fill(&book, true);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (!CHECK_INT(examine(&book, cases[i].id, CHART_TOP10, &result), cases[i].want))
            fprintf(stderr, "    %s\n", cases[i].id);
    release();
}

static void what_the_model_sees(void)
{
    struct chart_book book;
    struct chart_case riser, faller;
    fill(&book, true);
    CHECK_INT(examine(&book, "riser", CHART_TOP10, &riser), CHART_CANDIDATE);
    CHECK(riser.by_streams);
    CHECK_STR(riser.model, "chart-weekly-top10");
    CHECK_NEAR(riser.features[BREAKOUT_GROWTH], log(18.0 / 12.0), 1e-9);
    CHECK_NEAR(riser.features[BREAKOUT_DISTANCE], log(12.0 / 10.0), 1e-9);
    CHECK_NEAR(riser.features[BREAKOUT_LEVEL], log(20.0 / 12.0), 1e-9);
    CHECK_NEAR(riser.chart.record_count, 1.0, 0); /* "old" is by the same artist */
    CHECK_NEAR(chart_lead_weeks(&riser, 8.0), 1.0, 0);
    CHECK_INT(examine(&book, "faller", CHART_TOP10, &faller), CHART_CANDIDATE);
    CHECK(isnan(chart_lead_weeks(&faller, 8.0)));
    CHECK_INT(examine(&book, "gone", CHART_TOP10, &faller), CHART_CANDIDATE);
    CHECK_NEAR(faller.log_levels[1], log(0.9 * 1000.0 / 20.0), 1e-9); /* below the edge */
    CHECK_INT(examine(&book, "riser", CHART_STREAMS_X2, &riser), CHART_CANDIDATE);
    CHECK_NEAR(riser.features[BREAKOUT_DISTANCE], log(2.0), 1e-9);
    release();
}

static void ranks_alone(void)
{
    struct chart_book book, artists;
    struct chart_case result;
    fill(&book, false);
    CHECK_INT(examine(&book, "riser", CHART_TOP10, &result), CHART_CANDIDATE);
    CHECK_STR(result.model, "chart-rank-top10");
    CHECK_NEAR(result.features[BREAKOUT_GROWTH], log(18.0 / 12.0), 1e-9);
    CHECK_INT(examine(&book, "riser", CHART_TOP50, &result), CHART_NO_STREAMS);
    CHECK_INT(examine(&book, "riser", CHART_STREAMS_X2, &result), CHART_NO_STREAMS);
    CHECK(chart_of_artists(&book, &artists));
    CHECK_INT(artists.count, 8);
    CHECK_INT(examine(&artists, "a", CHART_ARTIST_TOP10, &result), CHART_NOT_NEW);
    CHECK_INT(examine(&artists, "f", CHART_ARTIST_TOP10, &result), CHART_TOO_SHORT);
    CHECK_INT(examine(&artists, "g", CHART_ARTIST_TOP10, &result), CHART_ALREADY_THERE);
    release();
}

static void hostile(void)
{
    struct chart_book book;
    const int64_t times[] = {INT64_MIN, 0, WEEK_MS, INT64_MAX};
    const double ranks[] = {NAN, -3, 1e9, 0};
    struct chart_points points = {times, ranks, 4, NULL, NULL, 0};
    chart_open(&book, alloc, NULL);
    chart_add(&book, "x", "x", "", NULL, &points);
    CHECK(!chart_close(&book)); /* nothing was a rank */
    const double good[] = {1, 2, 3, 4};
    points.ranks = good; /* from the first to the last instant there is */
    chart_add(&book, "x", "x", "", NULL, &points);
    CHECK(!chart_close(&book)); /* spans more than a century */
    release();
}

CHECK_MAIN(states, what_the_model_sees, ranks_alone, hostile)
