#include "demo/random.h"

#include <math.h>

static uint32_t dice_bits(struct dice *dice)
{
    uint64_t old = dice->state;
    dice->state = old * UINT64_C(6364136223846793005) + dice->stream;
    uint32_t shifted = (uint32_t)(((old >> 18) ^ old) >> 27);
    uint32_t turn = (uint32_t)(old >> 59);
    return (shifted >> turn) | (shifted << ((32 - turn) & 31));
}

void dice_open(struct dice *dice, uint64_t seed, uint64_t stream)
{
    dice->state = 0;
    dice->stream = (stream << 1) | 1;
    dice_bits(dice);
    dice->state += seed;
    dice_bits(dice);
}

double dice_uniform(struct dice *dice)
{
    return dice_bits(dice) / 4294967296.0;
}

double dice_between(struct dice *dice, double low, double high)
{
    return low + (high - low) * dice_uniform(dice);
}

int dice_int(struct dice *dice, int low, int high)
{
    return low + (int)(dice_uniform(dice) * (high - low + 1));
}

bool dice_chance(struct dice *dice, double probability)
{
    return dice_uniform(dice) < probability;
}

double dice_normal(struct dice *dice, double mean, double deviation)
{
    double radius = sqrt(-2 * log(1 - dice_uniform(dice)));
    return mean + deviation * radius * cos(6.283185307179586 * dice_uniform(dice));
}

double dice_lognormal(struct dice *dice, double median, double deviation)
{
    return median * exp(dice_normal(dice, 0, deviation));
}

int64_t dice_poisson(struct dice *dice, double mean)
{
    if (!(mean > 0))
        return 0;
    if (mean > 200) {
        double value = dice_normal(dice, mean, sqrt(mean));
        return value > 0 ? (int64_t)(value + 0.5) : 0;
    }
    double limit = exp(-mean), product = dice_uniform(dice);
    int64_t count = 0;
    for (; product > limit; count++)
        product *= dice_uniform(dice);
    return count;
}
