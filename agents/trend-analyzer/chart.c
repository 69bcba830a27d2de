#include "trend-analyzer/chart.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "numerics/stats.h"
#include "trend-analyzer/trajectory.h"

enum { SPAN_MAX = 5300 }; /* weeks: 100 years */
static const double OFF_CHART =
    0.9; /* of the edge: what a song that left the chart is taken to have */

void chart_open(struct chart_book *book, void *(*alloc)(void *context, size_t size), void *context)
{
    memset(book, 0, sizeof *book);
    book->alloc = alloc;
    book->context = context;
}

static struct chart_line *new_line(struct chart_book *book)
{
    if (book->count == book->capacity) {
        size_t capacity = book->capacity ? book->capacity * 2 : 256;
        struct chart_line *lines = book->alloc(book->context, capacity * sizeof *lines);
        if (book->count)
            memcpy(lines, book->lines, book->count * sizeof *lines);
        book->lines = lines;
        book->capacity = capacity;
    }
    return book->lines + book->count++;
}

static int32_t week_of(int64_t time_ms)
{
    int64_t day = trajectory_day(time_ms), week = day / 7 - (day % 7 < 0);
    return (int32_t)(week < -100000 ? -100000 : week > 1000000 ? 1000000 : week);
}

static double streams_in(const struct chart_points *points, int32_t week, size_t *from)
{
    while (*from < points->stream_count && week_of(points->stream_ms[*from]) < week)
        ++*from;
    if (*from < points->stream_count && week_of(points->stream_ms[*from]) == week &&
        points->streams[*from] > 0.0 && isfinite(points->streams[*from]))
        return points->streams[*from];
    return NAN;
}

void chart_add(struct chart_book *book, const char *id, const char *name, const char *artist,
               const void *tag, const struct chart_points *points)
{
    struct chart_entry *entries =
        book->alloc(book->context, (points->rank_count + 1) * sizeof *entries);
    size_t count = 0, from = 0;
    for (size_t i = 0; i < points->rank_count; i++) {
        double rank = points->ranks[i];
        int32_t week = week_of(points->rank_ms[i]);
        if (!(rank >= 1.0 && rank <= CHART_RANK_MAX))
            continue;
        if (count && entries[count - 1].week == week)
            count--; /* The later point of a week stands. */
        entries[count++] = (struct chart_entry){week, rank, streams_in(points, week, &from)};
    }
    if (count == 0)
        return;
    struct chart_line line = {id, name, artist, tag, entries, count};
    *new_line(book) = line;
}

static int compare_lines(const void *left, const void *right)
{
    const struct chart_line *a = left, *b = right;
    int order = strcmp(a->artist, b->artist);
    if (order != 0)
        return order;
    if (a->entries[0].week != b->entries[0].week)
        return a->entries[0].week < b->entries[0].week ? -1 : 1;
    return strcmp(a->id, b->id);
}

bool chart_close(struct chart_book *book)
{
    if (book->count == 0)
        return false;
    qsort(book->lines, book->count, sizeof *book->lines, compare_lines);
    book->first_week = INT32_MAX;
    book->last_week = INT32_MIN;
    for (size_t i = 0; i < book->count; i++) {
        const struct chart_line *line = book->lines + i;
        int32_t first = line->entries[0].week, last = line->entries[line->count - 1].week;
        book->first_week = first < book->first_week ? first : book->first_week;
        book->last_week = last > book->last_week ? last : book->last_week;
    }
    size_t weeks = (size_t)(book->last_week - book->first_week) + 1;
    if (weeks > SPAN_MAX)
        return false;
    double *lowest = book->alloc(book->context, weeks * sizeof *lowest);
    book->edge_streams = book->alloc(book->context, weeks * sizeof *book->edge_streams);
    for (size_t w = 0; w < weeks; w++)
        book->edge_streams[w] = NAN;
    for (size_t i = 0; i < book->count; i++) {
        for (size_t e = 0; e < book->lines[i].count; e++) {
            const struct chart_entry *entry = book->lines[i].entries + e;
            size_t w = (size_t)(entry->week - book->first_week);
            if (entry->week == book->last_week) {
                book->edge_rank = fmax(book->edge_rank, entry->rank);
                if (entry->streams > 0.0)
                    book->streams_at_rank[(size_t)entry->rank] = entry->streams;
            }
            if (entry->rank > lowest[w] && entry->streams > 0.0) {
                lowest[w] = entry->rank;
                book->edge_streams[w] = entry->streams;
            }
        }
    }
    return true;
}

/* Best rank of each week over the lines [first, last) of one artist, written as one line. */
static void merge_artist(const struct chart_book *songs, size_t first, size_t last,
                         struct chart_book *artists)
{
    size_t weeks = (size_t)(songs->last_week - songs->first_week) + 1, count = 0;
    double *best = songs->alloc(songs->context, weeks * sizeof *best);
    for (size_t i = first; i < last; i++)
        for (size_t e = 0; e < songs->lines[i].count; e++) {
            const struct chart_entry *entry = songs->lines[i].entries + e;
            double *seen = best + (entry->week - songs->first_week);
            *seen = *seen > 0.0 ? fmin(*seen, entry->rank) : entry->rank;
        }
    for (size_t w = 0; w < weeks; w++)
        count += best[w] > 0.0;
    struct chart_entry *entries = songs->alloc(songs->context, count * sizeof *entries);
    count = 0;
    for (size_t w = 0; w < weeks; w++)
        if (best[w] > 0.0)
            entries[count++] = (struct chart_entry){songs->first_week + (int32_t)w, best[w], NAN};
    const struct chart_line *lead = songs->lines + first;
    struct chart_line line = {lead->artist, lead->artist, lead->artist, lead->tag, entries, count};
    *new_line(artists) = line;
}

bool chart_of_artists(const struct chart_book *songs, struct chart_book *artists)
{
    chart_open(artists, songs->alloc, songs->context);
    for (size_t first = 0, last; first < songs->count; first = last) {
        for (last = first + 1; last < songs->count; last++)
            if (strcmp(songs->lines[last].artist, songs->lines[first].artist) != 0)
                break;
        if (songs->lines[first].artist[0])
            merge_artist(songs, first, last, artists);
    }
    return chart_close(artists);
}

static const struct chart_entry *entry_in(const struct chart_line *line, int32_t week)
{
    for (size_t e = line->count; e-- > 0 && line->entries[e].week >= week;)
        if (line->entries[e].week == week)
            return line->entries + e;
    return NULL;
}

/* Log level in a week: streams, or -log rank; below the edge when the song is not on the chart. */
static double level_in(const struct chart_book *book, const struct chart_line *line, int32_t week,
                       bool by_streams)
{
    const struct chart_entry *entry = entry_in(line, week);
    double edge = book->edge_streams[week - book->first_week];
    if (!by_streams)
        return -log(entry ? entry->rank : book->edge_rank + 1.0);
    return log(entry && entry->streams > 0.0 ? entry->streams : OFF_CHART * edge);
}

/* Streams at the rank in the newest week, or at the nearest reported rank above it; 0 when none is.
 */
static double streams_at(const struct chart_book *book, size_t rank)
{
    while (rank > 1 && !(book->streams_at_rank[rank] > 0.0))
        rank--;
    return book->streams_at_rank[rank];
}

/* Entries of the same lead artist before the line's first week; the best one measured from the edge
 * of its time. */
static void artist_record(const struct chart_book *book, size_t line, struct chart_case *c)
{
    const struct chart_line *self = book->lines + line;
    c->chart.record_count = 0.0;
    c->chart.record_best = NAN;
    for (size_t i = line; self->artist[0] && i-- > 0;) {
        const struct chart_line *other = book->lines + i;
        if (strcmp(other->artist, self->artist) != 0)
            break;
        if (other->entries[0].week >= self->entries[0].week)
            continue;
        c->chart.record_count += 1.0;
        for (size_t e = 0; e < other->count && other->entries[e].week < self->entries[0].week;
             e++) {
            const struct chart_entry *entry = other->entries + e;
            double edge = book->edge_streams[entry->week - book->first_week];
            double best = -log(entry->rank);
            if (c->by_streams)
                best = log(entry->streams / edge) + c->chart.log_floor;
            if (isfinite(best) && !(best <= c->chart.record_best))
                c->chart.record_best = best;
        }
    }
}

static double best_level(const struct chart_line *line, bool by_streams, size_t count)
{
    double best = -INFINITY;
    for (size_t e = 0; e < line->count && e < count; e++)
        best = fmax(best, by_streams ? log(line->entries[e].streams) : -log(line->entries[e].rank));
    return best;
}

static bool set_target(const struct chart_book *book, const struct chart_line *line,
                       enum chart_goal goal, struct chart_case *c)
{
    double newest_edge = book->edge_streams[book->last_week - book->first_week];
    bool has_streams = newest_edge > 0.0 && streams_at(book, goal == CHART_TOP50 ? 50 : 10) > 0.0;
    c->by_streams = has_streams && goal != CHART_ARTIST_TOP10;
    if (!c->by_streams && (goal == CHART_STREAMS_X2 || goal == CHART_TOP50))
        return false;
    c->chart.log_floor = c->by_streams ? log(newest_edge) : -log(book->edge_rank);
    if (goal == CHART_STREAMS_X2)
        c->chart.log_target = log(2.0) + best_level(line, true, 2);
    else if (c->by_streams)
        c->chart.log_target = log(streams_at(book, goal == CHART_TOP50 ? 50 : 10));
    else
        c->chart.log_target = -log(10.0);
    static const char *const by_goal[] = {"chart-weekly-top50", "chart-weekly-top10",
                                          "chart-weekly-x2", "chart-rank-artist-top10"};
    c->model = goal == CHART_TOP10 && !c->by_streams ? "chart-rank-top10" : by_goal[goal];
    return true;
}

/* Whether a week so far had the event: by rank for a top, by streams for a doubling. */
static bool is_there(const struct chart_line *line, enum chart_goal goal,
                     const struct chart_case *c)
{
    double top = goal == CHART_TOP50 ? 50.0 : 10.0;
    for (size_t e = 0; e < line->count; e++) {
        if (goal != CHART_STREAMS_X2 && line->entries[e].rank <= top)
            return true;
        if (goal == CHART_STREAMS_X2 && log(line->entries[e].streams) >= c->chart.log_target)
            return true;
    }
    return false;
}

enum chart_state chart_examine(const struct chart_book *book, size_t number, enum chart_goal goal,
                               struct chart_case *c)
{
    assert(number < book->count);
    const struct chart_line *line = book->lines + number;
    int32_t steps = goal == CHART_ARTIST_TOP10 ? CHART_STEPS_MAX : 2;
    int32_t age_max = goal == CHART_ARTIST_TOP10 ? CHART_ARTIST_NEW_WEEKS : CHART_NEW_WEEKS;
    int32_t debut = line->entries[0].week, last = line->entries[line->count - 1].week;
    memset(c, 0, sizeof *c);
    c->weeks_seen = book->last_week - debut + 1;
    if (debut == book->first_week || c->weeks_seen > age_max || last + 1 < book->last_week)
        return CHART_NOT_NEW;
    if (!set_target(book, line, goal, c))
        return CHART_NO_STREAMS;
    if (is_there(line, goal, c))
        return CHART_ALREADY_THERE;
    if (c->weeks_seen < steps)
        return CHART_TOO_SHORT;
    for (int32_t s = 0; s < steps; s++)
        c->log_levels[s] = level_in(book, line, book->last_week - steps + 1 + s, c->by_streams);
    const struct chart_entry *newest = entry_in(line, book->last_week);
    c->rank = newest ? newest->rank : book->edge_rank + 1.0;
    c->chart.log_levels = c->log_levels;
    c->chart.count = (size_t)steps;
    artist_record(book, number, c);
    if (!breakout_chart_features(&c->chart, c->features))
        return c->chart.log_target <= c->log_levels[steps - 1] ? CHART_ALREADY_THERE
                                                               : CHART_TOO_SHORT;
    return CHART_CANDIDATE;
}

double chart_lead_weeks(const struct chart_case *c, double weeks_max)
{
    double growth = c->features[BREAKOUT_GROWTH];
    double weeks = growth > 0.0 ? ceil(c->features[BREAKOUT_DISTANCE] / growth) : NAN;
    return weeks <= weeks_max ? fmax(weeks, 1.0) : NAN;
}
