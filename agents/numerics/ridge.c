#include "numerics/ridge.h"

#include <assert.h>
#include <math.h>
#include <string.h>

void ridge_init(struct ridge *ridge, size_t inputs)
{
    assert(inputs >= 1 && inputs <= RIDGE_MAX);
    memset(ridge, 0, sizeof *ridge);
    ridge->inputs = inputs;
}

bool ridge_add(struct ridge *ridge, const double *x, double y, double weight)
{
    bool finite = isfinite(y) && isfinite(weight) && weight >= 0.0;
    for (size_t i = 0; i < ridge->inputs; i++)
        finite = finite && isfinite(x[i]);
    if (!finite)
        return false;
    ridge->total_weight += weight;
    for (size_t i = 0; i < ridge->inputs; i++) {
        double wx = weight * x[i];
        ridge->targets[i] += wx * y;
        for (size_t j = 0; j <= i; j++)
            ridge->products[i][j] += wx * x[j];
    }
    return true;
}

/* Cholesky factor of a in place (lower triangle); false when it is not positive definite. */
static bool factor(double a[RIDGE_MAX][RIDGE_MAX], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j <= i; j++) {
            double sum = a[i][j];
            for (size_t k = 0; k < j; k++)
                sum -= a[i][k] * a[j][k];
            if (i != j)
                a[i][j] = sum / a[j][j];
            else if (sum > 0.0 && isfinite(sum))
                a[i][i] = sqrt(sum);
            else
                return false;
        }
    }
    return true;
}

bool ridge_solve(const struct ridge *ridge, double penalty, double *coefficients)
{
    size_t n = ridge->inputs;
    double a[RIDGE_MAX][RIDGE_MAX];
    memcpy(a, ridge->products, sizeof a);
    if (!(ridge->total_weight > 0.0))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            a[i][i] *= 1.0 + penalty;
        if (ridge->products[i][i] <= 0.0)
            a[i][i] = 1.0;
    }
    if (!factor(a, n))
        return false;
    for (size_t i = 0; i < n; i++) {
        double sum = ridge->targets[i];
        for (size_t k = 0; k < i; k++)
            sum -= a[i][k] * coefficients[k];
        coefficients[i] = sum / a[i][i];
    }
    for (size_t i = n; i-- > 0;) {
        double sum = coefficients[i];
        for (size_t k = i + 1; k < n; k++)
            sum -= a[k][i] * coefficients[k];
        coefficients[i] = sum / a[i][i];
    }
    return true;
}
