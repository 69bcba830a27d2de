/*
 * The beta distribution: what is believed about a rate (of tickets used, of seats sold).
 *
 * Regularised incomplete beta function by its continued fraction (DiDonato & Morris 1992; modified
 * Lentz), the quantile by bisection, so that it is monotone and needs no starting guess.
 *
 * Memory: none. Threads: pure functions. Errors: NaN for parameters that are not positive and
 * finite.
 */
#ifndef PROMOTEROS_NUMERICS_BETA_H
#define PROMOTEROS_NUMERICS_BETA_H

/* P(X <= x) of Beta(a, b); 0 below 0, 1 above 1. */
double beta_cdf(double x, double a, double b);

/* x with P(X <= x) = p; p in [0, 1]. */
double beta_quantile(double p, double a, double b);

#endif
