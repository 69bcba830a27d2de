#include "store/signal_points.h"

#include "base/memory.h"

#include <stdbool.h>
#include <stdlib.h>

#define FIRST_CAPACITY 256

void signal_points_close(struct signal_points *points)
{
    free(points->observed_at_ms);
    free(points->values);
    free(points->known_at_ms);
    free(points->flags);
    free(points->commit_seqs);
    *points = (struct signal_points){0};
}

void signal_points_reserve(struct signal_points *points, size_t extra)
{
    size_t needed;
    if (__builtin_add_overflow(points->count, extra, &needed) || needed > SIZE_MAX / 2)
        memory_exhausted(SIZE_MAX);
    if (needed <= points->capacity)
        return;
    size_t capacity = points->capacity ? points->capacity * 2 : FIRST_CAPACITY;
    if (capacity < needed)
        capacity = needed;
    points->observed_at_ms = memory_resize(points->observed_at_ms, capacity, sizeof(int64_t));
    points->values = memory_resize(points->values, capacity, sizeof(double));
    points->known_at_ms = memory_resize(points->known_at_ms, capacity, sizeof(int64_t));
    points->flags = memory_resize(points->flags, capacity, sizeof(int32_t));
    points->commit_seqs = memory_resize(points->commit_seqs, capacity, sizeof(int64_t));
    points->capacity = capacity;
}

static int compare_points(const struct signal_points *points, size_t a, size_t b)
{
    if (points->observed_at_ms[a] != points->observed_at_ms[b])
        return points->observed_at_ms[a] < points->observed_at_ms[b] ? -1 : 1;
    if (points->known_at_ms[a] != points->known_at_ms[b])
        return points->known_at_ms[a] < points->known_at_ms[b] ? -1 : 1;
    if (points->commit_seqs[a] != points->commit_seqs[b])
        return points->commit_seqs[a] < points->commit_seqs[b] ? -1 : 1;
    return 0;
}

static int compare_places(const void *left, const void *right, void *points)
{
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    int order = compare_points(points, a, b);
    return order ? order : (a > b) - (a < b);
}

static void copy_point(struct signal_points *to, size_t place, const struct signal_points *from,
                       size_t index)
{
    to->observed_at_ms[place] = from->observed_at_ms[index];
    to->values[place] = from->values[index];
    to->known_at_ms[place] = from->known_at_ms[index];
    to->flags[place] = from->flags[index];
    to->commit_seqs[place] = from->commit_seqs[index];
}

void signal_points_sort(struct signal_points *points)
{
    bool sorted = true;
    for (size_t i = 1; i < points->count && sorted; i++)
        sorted = compare_points(points, i - 1, i) <= 0;
    if (sorted)
        return;
    size_t *places = memory_new(points->count, sizeof *places);
    for (size_t i = 0; i < points->count; i++)
        places[i] = i;
    qsort_r(places, points->count, sizeof *places, compare_places, points);
    struct signal_points ordered = {0};
    signal_points_reserve(&ordered, points->count);
    for (size_t i = 0; i < points->count; i++)
        copy_point(&ordered, i, points, places[i]);
    ordered.count = points->count;
    free(places);
    signal_points_close(points);
    *points = ordered;
}

void signal_points_settle(struct signal_points *points, int64_t start_ms, int64_t end_ms,
                          int64_t as_of_ms)
{
    size_t kept = 0;
    for (size_t i = 0; i < points->count; i++) {
        int64_t observed = points->observed_at_ms[i];
        if (observed >= start_ms && (observed < end_ms || end_ms == INT64_MAX) &&
            points->known_at_ms[i] <= as_of_ms)
            copy_point(points, kept++, points, i);
    }
    points->count = kept;
    signal_points_sort(points);
    kept = 0;
    for (size_t i = 0; i < points->count; i++) {
        bool corrected =
            i + 1 < points->count && points->observed_at_ms[i + 1] == points->observed_at_ms[i];
        if (!corrected)
            copy_point(points, kept++, points, i);
    }
    points->count = kept;
}
