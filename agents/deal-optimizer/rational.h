/*
 * Exact fractions for settlements.
 *
 * Why: a settlement is a chain of divisions and percentages that must come out to the cent and be
 * rounded only where a figure is reported or paid. Doubles drift, and rounding at each step gives
 * other cents. A fraction of two 128-bit integers holds every figure of a show of 10^12 minor units
 * with rates in parts per million.
 *
 * Memory: values. Threads: any. Errors: an overflow (or a division by zero) gives the fraction with
 * denominator 0, which every operation hands on; ask rational_ok() once at the end. Fractions are
 * always reduced, denominators > 0.
 */
#ifndef PROMOTEROS_DEAL_RATIONAL_H
#define PROMOTEROS_DEAL_RATIONAL_H

#include <stdbool.h>
#include <stdint.h>

__extension__ typedef __int128 wide;

struct rational {
    wide num;
    wide den; /* 0: overflow */
};

#define PPM 1000000

static inline struct rational rational_int(int64_t value)
{
    return (struct rational){value, 1};
}

static inline bool rational_ok(struct rational a)
{
    return a.den != 0;
}

/* num / den, reduced. */
struct rational rational_make(wide num, wide den);
struct rational rational_add(struct rational a, struct rational b);
struct rational rational_sub(struct rational a, struct rational b);
struct rational rational_mul(struct rational a, struct rational b);
struct rational rational_div(struct rational a, struct rational b);
struct rational rational_min(struct rational a, struct rational b);
struct rational rational_max(struct rational a, struct rational b);

/* -1, 0 or 1 as a is below, equal to or above zero; 0 after an overflow. */
int rational_sign(struct rational a);

/* a * ppm / 10^6. */
struct rational rational_ppm(struct rational a, int64_t ppm);

/* The largest rounded figure: some hundreds of them add up without leaving int64. */
#define RATIONAL_ROUND_MAX INT64_C(10000000000000000)

/* Nearest multiple of unit, halves away from zero ("half up"). False beyond RATIONAL_ROUND_MAX. */
bool rational_round(struct rational a, int64_t unit, int64_t *value);

double rational_double(struct rational a);

#endif
