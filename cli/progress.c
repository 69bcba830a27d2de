#include "cli/progress.h"

#include "base/clock.h"
#include "cli/display.h"

#include <unistd.h>

#define TERMINAL_INTERVAL_US INT64_C(200000)
#define LOG_INTERVAL_US      INT64_C(5000000)

void progress_open(struct progress *progress, struct cli *cli, const char *label, const char *unit)
{
    int64_t now_us = clock_monotonic_us();

    *progress = (struct progress){
        .err = cli->err,
        .terminal = isatty(fileno(cli->err)),
        .label = label,
        .unit = unit,
        .start_us = now_us,
        .last_us = now_us,
    };
}

void progress_update(struct progress *progress, int64_t count, double share)
{
    int64_t now_us = clock_monotonic_us();
    double seconds = (double)(now_us - progress->start_us) / 1e6;
    char part[32] = "";
    struct arena arena;

    if (now_us - progress->last_us < (progress->terminal ? TERMINAL_INTERVAL_US : LOG_INTERVAL_US))
        return;
    progress->last_us = now_us;
    if (share >= 0)
        snprintf(part, sizeof part, ", %.0f %%", 100 * (share > 1 ? 1 : share));
    arena_open(&arena, 0);
    fprintf(progress->err, "%s%s: %s %s, %s a second%s%s", progress->terminal ? "\r\033[K" : "",
            progress->label, display_count(&arena, count), progress->unit,
            display_count(&arena, seconds > 0 ? (int64_t)((double)count / seconds) : 0), part,
            progress->terminal ? "" : "\n");
    fflush(progress->err);
    arena_close(&arena);
    progress->shown = true;
}

void progress_clear(struct progress *progress)
{
    if (progress->terminal && progress->shown)
        fprintf(progress->err, "\r\033[K");
    progress->shown = false;
    fflush(progress->err);
}
