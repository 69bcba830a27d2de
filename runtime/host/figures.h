/*
 * How often each method was called, how it ended, and how long it took.
 *
 * Why: whoever runs the host watches it by figures; they are counted where every door's calls pass,
 * so that no door is missing.
 *
 * Memory: one struct a method, in the registry's arena. Threads: any; counters are atomic and a
 * reader may see one call half counted. Errors: none.
 */
#ifndef PROMOTEROS_HOST_FIGURES_H
#define PROMOTEROS_HOST_FIGURES_H

#include "base/failure.h"

#include <stdatomic.h>

#define FIGURES_CODE_COUNT   17
#define FIGURES_BUCKET_COUNT 12

/* Upper bounds of the buckets in microseconds; what took longer is only in the count. */
extern const long long figures_bucket_us[FIGURES_BUCKET_COUNT];

struct method_figures {
    atomic_llong by_code[FIGURES_CODE_COUNT];
    atomic_llong by_bucket[FIGURES_BUCKET_COUNT]; /* not cumulative */
    atomic_llong sum_us;
};

void figures_add(struct method_figures *figures, enum pros_status status, long long elapsed_us);

#endif
