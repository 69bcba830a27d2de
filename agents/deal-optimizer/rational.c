#include "deal-optimizer/rational.h"

#include <math.h>

__extension__ typedef unsigned __int128 uwide;

static const struct rational overflow = {0, 0};

static uwide magnitude(wide a)
{
    return a < 0 ? -(uwide)a : (uwide)a;
}

static uint64_t gcd_small(uint64_t a, uint64_t b)
{
    if (a == 0 || b == 0)
        return a | b;
    int shift = __builtin_ctzll(a | b);
    a >>= __builtin_ctzll(a);
    while (b) {
        b >>= __builtin_ctzll(b);
        if (a > b) {
            uint64_t swap = a;
            a = b;
            b = swap;
        }
        b -= a;
    }
    return a << shift;
}

static uwide gcd(uwide a, uwide b)
{
    while (b > UINT64_MAX || a > UINT64_MAX) {
        if (b == 0)
            return a;
        uwide rest = a % b;
        a = b;
        b = rest;
    }
    return gcd_small((uint64_t)a, (uint64_t)b);
}

/* Products by magnitude: clang's signed 128-bit overflow check needs a library that gcc's runtime
 * lacks. */
static bool multiply(wide a, wide b, wide *product)
{
    uwide result;
    if (__builtin_mul_overflow(magnitude(a), magnitude(b), &result) || result >> 127)
        return false;
    *product = (a < 0) != (b < 0) ? -(wide)result : (wide)result;
    return true;
}

struct rational rational_make(wide num, wide den)
{
    if (den == 0)
        return overflow;
    if (den == 1)
        return (struct rational){num, den};
    wide divisor = (wide)gcd(magnitude(num), magnitude(den));
    if (den < 0)
        divisor = -divisor;
    return (struct rational){num / divisor, den / divisor};
}

static struct rational combine(struct rational a, struct rational b, bool subtract)
{
    if (!rational_ok(a) || !rational_ok(b))
        return overflow;
    wide common = (wide)gcd(magnitude(a.den), magnitude(b.den));
    wide left, right, den, num;
    if (!multiply(a.num, b.den / common, &left) || !multiply(b.num, a.den / common, &right) ||
        !multiply(a.den, b.den / common, &den))
        return overflow;
    if (subtract ? __builtin_sub_overflow(left, right, &num)
                 : __builtin_add_overflow(left, right, &num))
        return overflow;
    return rational_make(num, den);
}

struct rational rational_add(struct rational a, struct rational b)
{
    return combine(a, b, false);
}

struct rational rational_sub(struct rational a, struct rational b)
{
    return combine(a, b, true);
}

struct rational rational_mul(struct rational a, struct rational b)
{
    if (!rational_ok(a) || !rational_ok(b))
        return overflow;
    struct rational left = rational_make(a.num, b.den), right = rational_make(b.num, a.den);
    struct rational product;
    if (!multiply(left.num, right.num, &product.num) ||
        !multiply(left.den, right.den, &product.den))
        return overflow;
    return product;
}

struct rational rational_div(struct rational a, struct rational b)
{
    if (!rational_ok(b) || b.num == 0)
        return overflow;
    return rational_mul(a, rational_make(b.den, b.num));
}

struct rational rational_min(struct rational a, struct rational b)
{
    struct rational difference = rational_sub(a, b);
    if (!rational_ok(difference))
        return overflow;
    return difference.num <= 0 ? a : b;
}

struct rational rational_max(struct rational a, struct rational b)
{
    struct rational difference = rational_sub(a, b);
    if (!rational_ok(difference))
        return overflow;
    return difference.num >= 0 ? a : b;
}

int rational_sign(struct rational a)
{
    return !rational_ok(a) ? 0 : (a.num > 0) - (a.num < 0);
}

struct rational rational_ppm(struct rational a, int64_t ppm)
{
    return rational_mul(a, rational_make(ppm, PPM));
}

bool rational_round(struct rational a, int64_t unit, int64_t *value)
{
    if (!rational_ok(a))
        return false;
    /* floor(|a| / unit + 1/2), by quotient and remainder so that nothing is doubled. */
    uwide den;
    if (__builtin_mul_overflow((uwide)a.den, (uwide)unit, &den))
        return false;
    uwide size = magnitude(a.num);
    uwide quotient = size / den, rest = size % den;
    if (rest >= den - rest)
        quotient++;
    if (quotient > (uwide)(RATIONAL_ROUND_MAX / unit))
        return false;
    int64_t rounded = (int64_t)quotient * unit;
    *value = a.num < 0 ? -rounded : rounded;
    return true;
}

double rational_double(struct rational a)
{
    if (!rational_ok(a))
        return NAN;
    /* The whole part is exact in a double up to 2^53; the rest adds the fraction. */
    wide whole = a.num / a.den, rest = a.num % a.den;
    return (double)whole + (double)rest / (double)a.den;
}
