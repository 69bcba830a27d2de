#include "host/figures.h"

const long long figures_bucket_us[FIGURES_BUCKET_COUNT] = {
    250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 500000, 2500000, 10000000};

void figures_add(struct method_figures *figures, enum pros_status status, long long elapsed_us)
{
    unsigned code = (unsigned)status < FIGURES_CODE_COUNT ? (unsigned)status : PROS_UNKNOWN;
    atomic_fetch_add_explicit(&figures->by_code[code], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&figures->sum_us, elapsed_us, memory_order_relaxed);
    for (size_t i = 0; i < FIGURES_BUCKET_COUNT; i++) {
        if (elapsed_us > figures_bucket_us[i])
            continue;
        atomic_fetch_add_explicit(&figures->by_bucket[i], 1, memory_order_relaxed);
        break;
    }
}
