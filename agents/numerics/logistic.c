#include "numerics/logistic.h"

#include <math.h>

#include "numerics/stats.h"

enum { COEFFICIENTS_MAX = LOGISTIC_FEATURES_MAX + 1, ITERATIONS_MAX = 100, HALVINGS_MAX = 30 };

double logistic_score(const double *coefficients, const double *features, size_t count)
{
    double score = coefficients[0];
    for (size_t j = 0; j < count; j++)
        score += coefficients[j + 1] * features[j];
    return score;
}

static double weight_of(const struct logistic_data *data, size_t row)
{
    return data->weights ? data->weights[row] : 1.0;
}

static bool is_usable(const struct logistic_data *data, double ridge, const double *prior)
{
    if (data->rows == 0 || data->count > LOGISTIC_FEATURES_MAX || !(ridge >= 0.0) || isinf(ridge))
        return false;
    for (size_t i = 0; i < data->rows * data->count; i++)
        if (!isfinite(data->features[i]))
            return false;
    for (size_t i = 0; i < data->rows; i++)
        if (!(data->targets[i] >= 0.0 && data->targets[i] <= 1.0) || !(weight_of(data, i) >= 0.0) ||
            isinf(weight_of(data, i)))
            return false;
    for (size_t j = 0; prior && j < data->count; j++)
        if (!isfinite(prior[j]))
            return false;
    return true;
}

static double objective(const struct logistic_data *data, double ridge, const double *prior,
                        const double *coefficients)
{
    double sum = 0.0;
    for (size_t i = 0; i < data->rows; i++) {
        double score = logistic_score(coefficients, data->features + i * data->count, data->count);
        sum += weight_of(data, i) * (stats_softplus(score) - data->targets[i] * score);
    }
    for (size_t j = 0; j < data->count; j++) {
        double away = coefficients[j + 1] - (prior ? prior[j] : 0.0);
        sum += 0.5 * ridge * away * away;
    }
    return sum;
}

/* Gradient and Hessian of the objective; only the lower triangle is filled. */
static void derivatives(const struct logistic_data *data, double ridge, const double *prior,
                        const double *coefficients, double *gradient,
                        double hessian[COEFFICIENTS_MAX][COEFFICIENTS_MAX])
{
    size_t size = data->count + 1;
    for (size_t j = 0; j < size; j++) {
        gradient[j] = 0.0;
        for (size_t k = 0; k < size; k++)
            hessian[j][k] = 0.0;
    }
    for (size_t i = 0; i < data->rows; i++) {
        const double *x = data->features + i * data->count;
        double p = stats_sigmoid(logistic_score(coefficients, x, data->count));
        double weight = weight_of(data, i), curvature = weight * p * (1.0 - p);
        for (size_t j = 0; j < size; j++) {
            double xj = j ? x[j - 1] : 1.0;
            gradient[j] += weight * (p - data->targets[i]) * xj;
            for (size_t k = 0; k <= j; k++)
                hessian[j][k] += curvature * xj * (k ? x[k - 1] : 1.0);
        }
    }
    for (size_t j = 1; j < size; j++) {
        gradient[j] += ridge * (coefficients[j] - (prior ? prior[j - 1] : 0.0));
        hessian[j][j] += ridge;
    }
    for (size_t j = 0; j < size; j++)
        hessian[j][j] += 1e-9; /* Flat directions stay solvable. */
}

/* Solves hessian x step = gradient by Cholesky, in place; false when it is not positive definite.
 */
static bool solve(double hessian[COEFFICIENTS_MAX][COEFFICIENTS_MAX], double *step, size_t size)
{
    for (size_t j = 0; j < size; j++) {
        for (size_t k = 0; k <= j; k++) {
            double sum = hessian[j][k];
            for (size_t l = 0; l < k; l++)
                sum -= hessian[j][l] * hessian[k][l];
            if (j == k && !(sum > 0.0))
                return false;
            hessian[j][k] = j == k ? sqrt(sum) : sum / hessian[k][k];
        }
    }
    for (size_t j = 0; j < size; j++) {
        for (size_t k = 0; k < j; k++)
            step[j] -= hessian[j][k] * step[k];
        step[j] /= hessian[j][j];
    }
    for (size_t j = size; j-- > 0;) {
        for (size_t k = j + 1; k < size; k++)
            step[j] -= hessian[k][j] * step[k];
        step[j] /= hessian[j][j];
    }
    return true;
}

bool logistic_fit(const struct logistic_data *data, double ridge, const double *prior,
                  double *coefficients)
{
    double step[COEFFICIENTS_MAX], hessian[COEFFICIENTS_MAX][COEFFICIENTS_MAX],
        trial[COEFFICIENTS_MAX];
    size_t size = data->count + 1;
    if (!is_usable(data, ridge, prior))
        return false;
    coefficients[0] = 0.0;
    for (size_t j = 0; j < data->count; j++)
        coefficients[j + 1] = prior ? prior[j] : 0.0;
    double current = objective(data, ridge, prior, coefficients);
    for (int iteration = 0; iteration < ITERATIONS_MAX; iteration++) {
        derivatives(data, ridge, prior, coefficients, step, hessian);
        if (!solve(hessian, step, size))
            return false;
        double share = 1.0, next = INFINITY;
        for (int halving = 0; halving < HALVINGS_MAX; halving++, share /= 2.0) {
            for (size_t j = 0; j < size; j++)
                trial[j] = coefficients[j] - share * step[j];
            next = objective(data, ridge, prior, trial);
            if (next <= current)
                break;
        }
        if (!(next <= current)) /* No descent left: the minimum, to rounding. */
            return isfinite(current);
        double gain = current - next;
        for (size_t j = 0; j < size; j++)
            coefficients[j] = trial[j];
        current = next;
        if (gain <= 1e-12 * (1.0 + fabs(current)))
            return isfinite(current);
    }
    return false;
}

void logistic_moments(const double *features, size_t rows, size_t count, double *means,
                      double *deviations)
{
    for (size_t j = 0; j < count; j++) {
        double mean = 0.0, square = 0.0;
        for (size_t i = 0; i < rows; i++)
            mean += features[i * count + j] / (double)rows;
        for (size_t i = 0; i < rows; i++) {
            double away = features[i * count + j] - mean;
            square += away * away / (double)rows;
        }
        means[j] = rows ? mean : 0.0;
        deviations[j] = square > 1e-24 ? sqrt(square) : 1.0;
    }
}

void logistic_standardise(double *features, size_t rows, size_t count, const double *means,
                          const double *deviations)
{
    for (size_t i = 0; i < rows * count; i++)
        features[i] = (features[i] - means[i % count]) / deviations[i % count];
}
