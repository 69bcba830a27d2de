#include "trend-analyzer/models.h"

#include <string.h>

#include "trend-analyzer/coefficients.h"

const struct breakout_model *breakout_model_find(const char *name)
{
    for (size_t i = 0; i < sizeof breakout_models / sizeof *breakout_models; i++)
        if (strcmp(breakout_models[i].name, name) == 0)
            return breakout_models + i;
    return NULL;
}
