/*
 * Points of one series in columns that grow.
 *
 * Why: packing, scanning and correcting work on the same columns.
 *
 * Memory: heap, owned by the struct; signal_points_close() frees. Threads: one at a time. Errors:
 * none; what is too large for the machine aborts.
 */
#ifndef PROMOTEROS_STORE_SIGNAL_POINTS_H
#define PROMOTEROS_STORE_SIGNAL_POINTS_H

#include <stddef.h>
#include <stdint.h>

struct signal_points {
    size_t count, capacity;
    int64_t *observed_at_ms;
    double *values;
    int64_t *known_at_ms;
    int32_t *flags;
    int64_t *commit_seqs;
};

void signal_points_close(struct signal_points *points);
/* Room for extra more points behind count. */
void signal_points_reserve(struct signal_points *points, size_t extra);
/* Orders by (observed_at, known_at, commit_seq); equal points stay in the order they came in. */
void signal_points_sort(struct signal_points *points);
/* Keeps the points with observed_at in [start_ms, end_ms) and known_at <= as_of_ms; of several with
 * one observed_at, the last in the order above. */
void signal_points_settle(struct signal_points *points, int64_t start_ms, int64_t end_ms,
                          int64_t as_of_ms);

#endif
