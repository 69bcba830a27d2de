#include "audience-predictor/running_show.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "numerics/calendar.h"
#include "numerics/stats.h"

#define DAYS_A_YEAR      364 /* 52 weeks: the same weekday */
#define SEASON_SHOWS_MIN 5.0 /* shows a week, on average: fewer make an index of noise */

void season_index_fit(const struct market_week *market, size_t count, int32_t before_day,
                      struct season_index *season)
{
    double sums[54] = {0}, counts[54] = {0};
    double shows = 0.0;
    memset(season, 0, sizeof *season);
    int32_t first_day = count ? market[0].day : 0, last_day = first_day;
    for (size_t begin = 0; begin < count && market[begin].day < before_day;) {
        int year, month, day, other;
        calendar_date(market[begin].day, &year, &month, &day);
        size_t end = begin;
        double total = 0.0;
        for (; end < count && market[end].day < before_day; end++) {
            calendar_date(market[end].day, &other, &month, &day);
            if (other != year)
                break;
            total += market[end].share;
        }
        double mean = total / (double)(end - begin);
        for (size_t i = begin; i < end; i++) {
            int week = calendar_iso_week(market[i].day);
            shows += market[i].shows;
            sums[week] += market[i].share - mean;
            counts[week] += 1.0;
            last_day = market[i].day;
        }
        begin = end;
    }
    double weeks = 0.0;
    for (int week = 1; week <= 53; week++)
        weeks += counts[week];
    season->years = (double)(last_day - first_day) / 365.25;
    season->known = season->years >= 2.0 && shows >= SEASON_SHOWS_MIN * weeks;
    for (int week = 1; season->known && week <= 53; week++)
        season->deviation[week] = counts[week] >= 2.0 ? sums[week] / counts[week] : 0.0;
}

double season_index_at(const struct season_index *season, int32_t day)
{
    return season->known ? season->deviation[calendar_iso_week(day)] : 0.0;
}

double running_smooth(const struct running_week *weeks, size_t count)
{
    double level = count ? weeks[0].share : NAN;
    for (size_t i = 1; i < count; i++)
        level += RUNNING_SMOOTHING * (weeks[i].share - level);
    return level;
}

/* Share of a week with the season taken out. */
static double plain_share(const struct running_input *input, size_t i)
{
    return input->weeks[i].share - season_index_at(input->season, input->weeks[i].day);
}

static double plain_mean(const struct running_input *input, size_t first, size_t end)
{
    double sum = 0.0;
    for (size_t i = first; i < end; i++)
        sum += plain_share(input, i);
    return sum / (double)(end - first);
}

/* Mean of the known values of a column over weeks [first, end); NaN when none is known. */
static double column_mean(const struct running_week *weeks, size_t first, size_t end, size_t offset)
{
    double sum = 0.0, known = 0.0;
    for (size_t i = first; i < end; i++) {
        double value;
        memcpy(&value, (const char *)&weeks[i] + offset, sizeof value);
        if (isfinite(value) && value > 0.0) {
            sum += value;
            known += 1.0;
        }
    }
    return known > 0.0 ? sum / known : NAN;
}

/* log(a / b), kept small; 0 when one of them is not known: nothing to correct. */
static double log_ratio(double a, double b)
{
    return a > 0.0 && b > 0.0 ? stats_clamp(log(a / b), -1.0, 1.0) : 0.0;
}

/* How far the run's own week one year before the target stood above its weeks before, beyond the
 * index. */
static double last_year_surprise(const struct running_input *input)
{
    const struct running_week *weeks = input->weeks;
    int32_t origin = weeks[input->week_count - 1].day - DAYS_A_YEAR;
    int32_t target = input->target_day - DAYS_A_YEAR;
    double sum = 0.0, known = 0.0;
    for (size_t i = 0; i < input->week_count && weeks[i].day <= target; i++) {
        if (weeks[i].day <= origin && weeks[i].day > origin - 8 * 7) {
            sum += plain_share(input, i);
            known += 1.0;
        }
        if (weeks[i].day == target && known >= 3.0)
            return stats_clamp(plain_share(input, i) - sum / known, -0.5, 0.5);
    }
    return 0.0;
}

/* Mean market share of the last weeks, season taken out. */
static double market_mean(const struct running_input *input, size_t weeks, double otherwise)
{
    size_t first = input->market_count > weeks ? input->market_count - weeks : 0;
    double sum = 0.0;
    for (size_t i = first; i < input->market_count; i++)
        sum += input->market[i].share - season_index_at(input->season, input->market[i].day);
    return input->market_count ? sum / (double)(input->market_count - first) : otherwise;
}

static double volatility(const struct running_input *input)
{
    size_t first = input->week_count > 9 ? input->week_count - 9 : 0;
    double sum = 0.0;
    for (size_t i = first + 1; i < input->week_count; i++)
        sum += fabs(plain_share(input, i) - plain_share(input, i - 1));
    return sum / (double)(input->week_count - 1 - first);
}

static void smooth_plain(const struct running_input *input, double *level)
{
    *level = plain_share(input, 0);
    for (size_t i = 1; i < input->week_count; i++)
        *level += RUNNING_SMOOTHING * (plain_share(input, i) - *level);
}

bool running_features(const struct running_input *input, double features[RUNNING_FEATURES],
                      double scale_inputs[RUNNING_SCALE_INPUTS], struct running_forecast *forecast)
{
    size_t n = input->week_count;
    if (n < RUNNING_WEEKS_MIN)
        return false;
    const struct running_week *weeks = input->weeks, *last = &weeks[n - 1];
    double horizon = (double)(input->target_day - last->day) / 7.0;
    if (!(horizon > 0.0 && horizon <= RUNNING_HORIZON_MAX))
        return false;
    size_t recent = n > 8 ? n - 8 : 0, month = n > 4 ? n - 4 : 0;
    double level;
    smooth_plain(input, &level);
    double season = season_index_at(input->season, input->target_day);
    double market = market_mean(input, 4, level);
    size_t price = offsetof(struct running_week, price);
    size_t performances = offsetof(struct running_week, performances);
    double spread = volatility(input);
    const double values[RUNNING_FEATURES] = {
        1.0,
        plain_share(input, n - 1) - level,
        plain_mean(input, recent, n) - level,
        plain_mean(input, 0, n) - level,
        market - level,
        level - 0.8,
        level > 0.95 ? level - 0.95 : 0.0,
        season,
        season * (level - 0.8),
        last_year_surprise(input),
        season - season_index_at(input->season, last->day),
        1.0 / sqrt((double)n),
        log((double)n / 52.0),
        plain_share(input, n - 1) - plain_share(input, month),
        market - market_mean(input, 52, level),
        log_ratio(last->price, column_mean(weeks, recent, n, price)),
        log_ratio(last->price, column_mean(weeks, 0, n, price)),
        log_ratio(input->target_performances, last->performances),
        log_ratio(input->target_performances, column_mean(weeks, recent, n, performances)),
        spread,
    };
    memcpy(features, values, sizeof values);
    const double inputs[RUNNING_SCALE_INPUTS] = {
        1.0,
        stats_clamp(level, 0.05, 1.05),
        level > 0.95 ? level - 0.95 : 0.0,
        log(spread + 0.01),
        1.0 / sqrt((double)n),
        fabs(season),
    };
    memcpy(scale_inputs, inputs, sizeof inputs);
    *forecast =
        (struct running_forecast){.horizon_weeks = horizon, .level = level, .season = season};
    return true;
}

static double dot(const double *a, const double *b, size_t count)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

static double inside(double share, double ceiling)
{
    return stats_clamp(share, 0.0, ceiling);
}

bool running_predict_with(const struct running_coefficients *coefficients,
                          const struct running_input *input, double ceiling,
                          struct running_forecast *forecast)
{
    double features[RUNNING_FEATURES], scale_inputs[RUNNING_SCALE_INPUTS];
    assert(ceiling >= 1.0 && ceiling <= RUNNING_SHARE_MAX);
    if (!running_features(input, features, scale_inputs, forecast))
        return false;
    forecast->correction = dot(coefficients->correction, features, RUNNING_FEATURES);
    double centre = forecast->level + forecast->season + forecast->correction;
    forecast->likely = inside(centre, ceiling);
    double log_scale = dot(coefficients->scale, scale_inputs, RUNNING_SCALE_INPUTS);
    forecast->scale = exp(stats_clamp(log_scale, -6.0, -0.5));
    for (size_t i = 0; i < RUNNING_QUANTILES; i++)
        forecast->quantiles[i] =
            inside(centre + forecast->scale * coefficients->quantiles[i], ceiling);
    return true;
}

bool running_predict(const struct running_input *input, double ceiling,
                     struct running_forecast *forecast)
{
    if (input->week_count < RUNNING_WEEKS_MIN)
        return false;
    double horizon = (double)(input->target_day - input->weeks[input->week_count - 1].day) / 7.0;
    size_t above = 0;
    while (above + 1 < RUNNING_TABLE_ROWS && running_table[above].horizon_weeks < horizon)
        above++;
    const struct running_coefficients *far = &running_table[above];
    const struct running_coefficients *near = above ? &running_table[above - 1] : far;
    double gap = far->horizon_weeks - near->horizon_weeks;
    double share = gap > 0.0 ? stats_clamp((horizon - near->horizon_weeks) / gap, 0.0, 1.0) : 0.0;
    struct running_coefficients mixed = *near;
    for (size_t i = 0; i < RUNNING_FEATURES; i++)
        mixed.correction[i] += share * (far->correction[i] - near->correction[i]);
    for (size_t i = 0; i < RUNNING_SCALE_INPUTS; i++)
        mixed.scale[i] += share * (far->scale[i] - near->scale[i]);
    for (size_t i = 0; i < RUNNING_QUANTILES; i++)
        mixed.quantiles[i] += share * (far->quantiles[i] - near->quantiles[i]);
    return running_predict_with(&mixed, input, ceiling, forecast);
}

double running_cdf(const struct running_forecast *forecast, double x)
{
    const double *q = forecast->quantiles;
    const double step = 1.0 / (RUNNING_QUANTILES + 1);
    if (x < q[0])
        return q[0] > 0.0 ? step * stats_clamp(1.0 - (q[0] - x) / (2.0 * forecast->scale), 0.0, 1.0)
                          : 0.0;
    for (size_t i = RUNNING_QUANTILES - 1; i > 0; i--) {
        if (x < q[i - 1] || x >= q[i])
            continue;
        return step * ((double)i + (x - q[i - 1]) / (q[i] - q[i - 1]));
    }
    double past = (x - q[RUNNING_QUANTILES - 1]) / (2.0 * forecast->scale);
    return stats_clamp(1.0 - step + step * past, 0.0, 1.0);
}
