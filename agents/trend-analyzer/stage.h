/*
 * The stage of a career, by stated thresholds on size and on growth against its own noise.
 *
 * Why thresholds and not a model: no public data label stages; a booker can check a rule. They are
 * listed with the TrendStage values in trend_analyzer_service.proto. Pure functions.
 */
#ifndef PROMOTEROS_TREND_STAGE_H
#define PROMOTEROS_TREND_STAGE_H

#include "trend-analyzer/trajectory.h"

/* Numbers as in promoteros.v1.TrendStage. */
enum trend_stage {
    STAGE_UNKNOWN = 0,
    STAGE_UNDISCOVERED,
    STAGE_DEVELOPING,
    STAGE_EMERGING,
    STAGE_BREAKING,
    STAGE_ESTABLISHED,
    STAGE_FADING
};

/* size: the largest standing level, or 30 times the largest amount a day. */
enum trend_stage stage_of(const struct trajectory_growth *growth, double size);

/* The rule in words. */
const char *stage_text(enum trend_stage stage);

#endif
