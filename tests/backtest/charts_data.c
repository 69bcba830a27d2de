#include "backtest/charts_data.h"

#include <stdlib.h>

bool charts_features(struct chart_row *row)
{
    struct breakout_chart chart = {.log_levels = row->log_levels,
                                   .count = row->count,
                                   .log_target = row->log_target,
                                   .log_floor = row->log_floor,
                                   .record_count = row->record_count,
                                   .record_best = row->record_best};
    return breakout_chart_features(&chart, row->features);
}

void charts_free(struct chart_task *task)
{
    free(task->rows);
    task->rows = NULL;
    task->count = 0;
}
