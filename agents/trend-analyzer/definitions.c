#include "trend-analyzer/definitions.h"

#include <string.h>

static const char *const audience_metrics[] = {
    "followers", "subscribers", "fans",  "listeners", "monthly-listeners",
    "streams",   "plays",       "views", "posts",     "likes",
    "shares",    NULL};
static const char *const post_metrics[] = {"posts", "videos", NULL};
static const char *const chart_metrics[] = {"rank", "streams", NULL};
static const char *const flow_metrics[] = {"streams", "plays",    "views",  "posts", "videos",
                                           "likes",   "comments", "shares", NULL};

/* Posts: doubled within a month and at least 250,000, the meaning of "viral" that Duetti's study
 * uses. */
static const struct breakout_definition definitions[] = {
    {"audience-x2", "the audience (an index over all series)", DEFINITION_AUDIENCE, CHART_TOP50,
     2.0, 0.0, 60, audience_metrics},
    {"audience-x5", "the audience (an index over all series)", DEFINITION_AUDIENCE, CHART_TOP50,
     5.0, 0.0, 90, audience_metrics},
    {"audience-x40", "the audience (an index over all series)", DEFINITION_AUDIENCE, CHART_TOP50,
     40.0, 0.0, 60, audience_metrics},
    {"posts-viral", "the number of posts (which must also pass 250,000 a month)", DEFINITION_POSTS,
     CHART_TOP50, 2.0, 250000.0, 30, post_metrics},
    {"chart-top-50", "a song new to the weekly chart reaches its top 50 within 8 weeks",
     DEFINITION_CHART, CHART_TOP50, 0.0, 0.0, 56, chart_metrics},
    {"chart-top-10", "a song new to the weekly chart reaches its top 10 within 8 weeks",
     DEFINITION_CHART, CHART_TOP10, 0.0, 0.0, 56, chart_metrics},
    {"chart-streams-x2",
     "a song new to the weekly chart doubles the better of its first two weeks' streams within 8 "
     "weeks",
     DEFINITION_CHART, CHART_STREAMS_X2, 0.0, 0.0, 56, chart_metrics},
    {"chart-artist-top-10", "an artist new to the weekly chart has a top-10 song within 52 weeks",
     DEFINITION_CHART, CHART_ARTIST_TOP10, 0.0, 0.0, 364, chart_metrics},
};

const struct breakout_definition *definition_find(const char *name)
{
    if (!*name)
        return definitions;
    for (size_t i = 0; i < sizeof definitions / sizeof *definitions; i++)
        if (strcmp(definitions[i].name, name) == 0)
            return definitions + i;
    return NULL;
}

const char *definition_names(void)
{
    return "audience-x2, audience-x5, audience-x40, posts-viral, chart-top-50, chart-top-10, "
           "chart-streams-x2, chart-artist-top-10";
}

bool metric_is_flow(const char *metric)
{
    for (size_t i = 0; flow_metrics[i]; i++)
        if (strcmp(flow_metrics[i], metric) == 0)
            return true;
    return false;
}
