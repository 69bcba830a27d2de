#include "trend-analyzer/stage.h"

#include <math.h>

static const double SIZE_SMALL = 10000.0, SIZE_LARGE = 100000.0;

enum trend_stage stage_of(const struct trajectory_growth *growth, double size)
{
    double growing = log(1.01), breaking = log(1.05), fading = log(0.98);
    if (!isfinite(growth->growth) || !isfinite(growth->noise) || !isfinite(size))
        return STAGE_UNKNOWN;
    if (growth->growth >= breaking && growth->growth >= 2.0 * growth->noise &&
        growth->recent >= breaking)
        return STAGE_BREAKING;
    if (growth->growth >= growing && growth->growth > growth->noise)
        return STAGE_EMERGING;
    if (growth->growth <= fading && -growth->growth > growth->noise)
        return STAGE_FADING;
    if (size < SIZE_SMALL)
        return STAGE_UNDISCOVERED;
    return size < SIZE_LARGE ? STAGE_DEVELOPING : STAGE_ESTABLISHED;
}

const char *stage_text(enum trend_stage stage)
{
    switch (stage) {
    case STAGE_UNDISCOVERED:
        return "undiscovered: below 10,000 and not growing beyond the noise";
    case STAGE_DEVELOPING:
        return "developing: 10,000 to 100,000 and steady";
    case STAGE_EMERGING:
        return "emerging: growing by 1 % a week or more, beyond the noise";
    case STAGE_BREAKING:
        return "breaking: growing by 5 % a week or more, at least twice the noise, and still so in "
               "the last seven days";
    case STAGE_ESTABLISHED:
        return "established: 100,000 or more and steady";
    case STAGE_FADING:
        return "fading: shrinking by 2 % a week or more, beyond the noise";
    case STAGE_UNKNOWN:
        break;
    }
    return "not enough data";
}
