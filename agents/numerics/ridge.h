/*
 * Weighted ridge regression and its robust cousin, for small models (up to RIDGE_MAX inputs).
 *
 * Rows are added one at a time into the normal equations, so memory does not grow with the data.
 * The first input is by convention the constant 1 and is not penalised. Least absolute deviations
 * come from the same equations by iteratively reweighted least squares (Schlossmacher 1973): the
 * caller adds each row with weight 1 / max(|residual|, small) and solves again.
 *
 * Memory: the struct. Threads: pure functions on caller's memory. Errors: ridge_solve says false
 * when the equations are singular or not finite.
 */
#ifndef PROMOTEROS_NUMERICS_RIDGE_H
#define PROMOTEROS_NUMERICS_RIDGE_H

#include <stdbool.h>
#include <stddef.h>

#define RIDGE_MAX 32

struct ridge {
    size_t inputs;
    double total_weight;
    double products[RIDGE_MAX][RIDGE_MAX]; /* sum of w x x', lower triangle */
    double targets[RIDGE_MAX];             /* sum of w x y */
};

/* Starts with no rows; inputs in [1, RIDGE_MAX]. */
void ridge_init(struct ridge *ridge, size_t inputs);

/* Adds one row; weight >= 0. Rows with anything not finite are left out and return false. */
bool ridge_add(struct ridge *ridge, const double *x, double y, double weight);

/* Solves with penalty x total weight x (mean square of that input) on each input but the first, so
 * that the penalty does not depend on units. Coefficients of an input that is always zero are zero.
 */
bool ridge_solve(const struct ridge *ridge, double penalty, double *coefficients);

#endif
