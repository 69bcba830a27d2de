/*
 * One theatre's concerts (evaluation guide, 5.3): tickets sold and sell-out on 2016, and walking
 * forward over 2011-15.
 *
 * Only shows that ended at least 30 days before are evidence. Most reported concerts sold out,
 * since reporting selects successes: so the constant 0.90 x capacity stands beside us, and the
 * nights not sold out are a table of their own. Fails when our CRPS is above that of the past
 * distribution of shares. With "scan" as argument it prints CRPS over 2011-15 for other settings of
 * the shrinkage, one at a time: how the shipped ones were chosen.
 */
#include <math.h>
#include <stdlib.h>

#include "audience-predictor/attendance.h"
#include "backtest/attendance_data.h"
#include "backtest/attendance_report.h"

#define NIGHTS_MAX 1000
#define CONSTANT   0.90

enum rule { CAPACITY, CONSTANT_90, MEAN_PAST, ARTIST_PAST, GENRE_PAST, RULES };
static const char *const rule_names[RULES] = {"capacity (sell-out)", "constant 0.90 x capacity",
                                              "mean past share", "artist's past share, else mean",
                                              "genre's past share"};

struct nights {
    struct past_show shows[NIGHTS_MAX];
    double shares[NIGHTS_MAX], nights[NIGHTS_MAX];
    size_t count;
    struct report_pool pool;
};

struct scores {
    double actual[NIGHTS_MAX], ours[NIGHTS_MAX], rules[RULES][NIGHTS_MAX];
    double share[NIGHTS_MAX], low[NIGHTS_MAX], high[NIGHTS_MAX];
    double sold_out_probability[NIGHTS_MAX], base_rate[NIGHTS_MAX];
    double crps[NIGHTS_MAX], past_crps[NIGHTS_MAX];
    bool sold_out[NIGHTS_MAX], single[NIGHTS_MAX];
    size_t count;
};

static int by_day(const void *left, const void *right)
{
    const struct past_show *a = left, *b = right;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    return (a->artist > b->artist) - (a->artist < b->artist);
}

static void load(struct nights *nights)
{
    struct eval_csv *csv = eval_csv_open("dev/fox_oakland_boxscore.csv");
    struct eval_index *artists = eval_index_new(), *genres = eval_index_new();
    size_t day = eval_csv_column(csv, "date"), artist = eval_csv_column(csv, "headliner");
    size_t genre = eval_csv_column(csv, "genre"), capacity = eval_csv_column(csv, "capacity");
    size_t sold = eval_csv_column(csv, "tickets_sold"), shows = eval_csv_column(csv, "shows");
    size_t low = eval_csv_column(csv, "price_min"), high = eval_csv_column(csv, "price_max");
    while (eval_csv_next(csv) && nights->count < NIGHTS_MAX) {
        const char *genre_text = eval_csv_text(csv, genre);
        double price = 0.5 * (eval_csv_number(csv, low) + eval_csv_number(csv, high));
        nights->shows[nights->count++] = (struct past_show){
            .day = (int32_t)eval_csv_day(csv, day),
            .artist = (int32_t)eval_index_add(artists, eval_csv_text(csv, artist)),
            .genre =
                *genre_text ? (int32_t)eval_index_add(genres, genre_text) : COMPARABLES_UNKNOWN,
            /* Runs of two or three nights repeat their mean: rounded, it is one observation. */
            .performances = (int32_t)fmax(1.0, eval_csv_number(csv, shows)),
            .capacity = llround(eval_csv_number(csv, capacity)),
            .paid = llround(eval_csv_number(csv, sold)),
            .price_minor = isfinite(price) ? llround(100.0 * price) : 0};
    }
    eval_csv_close(csv);
    eval_index_free(artists);
    eval_index_free(genres);
    qsort(nights->shows, nights->count, sizeof *nights->shows, by_day);
    for (size_t i = 0; i < nights->count; i++) {
        struct past_show *show = &nights->shows[i];
        nights->nights[i] = show->performances;
        show->performances = 1; /* figures are per night */
        nights->shares[i] = fmin(1.0, (double)show->paid / (double)show->capacity);
    }
}

static double past_mean(const struct nights *nights, const struct past_show *target, bool artist,
                        bool genre)
{
    double sum = 0.0, count = 0.0;
    for (size_t i = 0; i < nights->count && nights->shows[i].day <= target->day - 30; i++) {
        const struct past_show *show = &nights->shows[i];
        if ((artist && show->artist != target->artist) ||
            (genre && (show->genre != target->genre || show->genre == COMPARABLES_UNKNOWN)))
            continue;
        sum += nights->shares[i];
        count += 1.0;
    }
    if (count > 0.0)
        return sum / count;
    return artist || genre ? past_mean(nights, target, false, false) : CONSTANT;
}

/* CRPS of the empirical distribution of all earlier shares. */
static double past_distribution(const struct nights *nights, size_t target, double *base_rate)
{
    double cdf[EVAL_GRID] = {0}, count = 0.0, full = 0.0;
    for (size_t i = 0; i < nights->count; i++) {
        if (nights->shows[i].day > nights->shows[target].day - 30)
            break;
        for (int k = 0; k < EVAL_GRID; k++)
            cdf[k] += nights->shares[i] <= k / (EVAL_GRID - 1.0) + 1e-12;
        full += nights->shares[i] >= DEMAND_SOLD_OUT;
        count += 1.0;
    }
    for (int k = 0; k < EVAL_GRID; k++)
        cdf[k] /= count;
    *base_rate = full / count;
    return eval_crps(cdf, nights->shares[target]);
}

static void predict(struct nights *nights, const struct comparables_settings *comparing,
                    const struct shrinkage_settings *shrinking, size_t i, struct demand *demand)
{
    const struct past_show *show = &nights->shows[i];
    struct coming_show coming = {.day = show->day,
                                 .artist = show->artist,
                                 .genre = show->genre,
                                 .performances = 1,
                                 .capacity = show->capacity,
                                 .price_minor = show->price_minor,
                                 .known_until = show->day - 30};
    struct comparables comparables;
    struct shrinkage shrinkage;
    nights->pool.used = 0;
    for (int level = 0; level < LEVELS; level++) {
        comparables.levels[level].observations =
            report_pool_alloc(&nights->pool, nights->count * sizeof(struct demand_observation));
        comparables.levels[level].shows =
            report_pool_alloc(&nights->pool, nights->count * sizeof(size_t));
    }
    struct comparables_scratch *scratch =
        report_pool_alloc(&nights->pool, nights->count * sizeof *scratch);
    struct following_point *points =
        report_pool_alloc(&nights->pool, nights->count * sizeof *points);
    comparables_build(comparing, &coming, nights->shows, nights->count, scratch, points,
                      &comparables);
    shrinkage_predict(shrinking, &comparables, (double)coming.capacity, -1.0, &shrinkage);
    *demand = shrinkage.demand;
}

static void score(struct nights *nights, const struct comparables_settings *comparing,
                  const struct shrinkage_settings *shrinking, int first_year, int end_year,
                  struct scores *s)
{
    s->count = 0;
    for (size_t i = 0; i < nights->count; i++) {
        const struct past_show *show = &nights->shows[i];
        int year = year_of(show->day);
        if (year < first_year || year >= end_year)
            continue;
        struct demand demand;
        double cdf[EVAL_GRID], capacity = (double)show->capacity;
        size_t n = s->count++;
        predict(nights, comparing, shrinking, i, &demand);
        for (int k = 0; k < EVAL_GRID; k++)
            cdf[k] = demand_cdf(&demand, k / (EVAL_GRID - 1.0));
        s->actual[n] = (double)show->paid;
        s->share[n] = nights->shares[i];
        s->sold_out[n] = nights->shares[i] >= DEMAND_SOLD_OUT;
        s->single[n] = nights->nights[i] < 1.5;
        s->ours[n] = capacity * demand_quantile(&demand, 0.5);
        s->low[n] = demand_quantile(&demand, 0.1);
        s->high[n] = demand_quantile(&demand, 0.9);
        s->sold_out_probability[n] = demand_sold_out(&demand);
        s->crps[n] = eval_crps(cdf, nights->shares[i]);
        s->past_crps[n] = past_distribution(nights, i, &s->base_rate[n]);
        s->rules[CAPACITY][n] = capacity;
        s->rules[CONSTANT_90][n] = CONSTANT * capacity;
        s->rules[MEAN_PAST][n] = capacity * past_mean(nights, show, false, false);
        s->rules[ARTIST_PAST][n] = capacity * past_mean(nights, show, true, false);
        s->rules[GENRE_PAST][n] = capacity * past_mean(nights, show, false, true);
    }
}

static void print_points(const struct scores *s, const char *title,
                         bool (*keep)(const struct scores *, size_t))
{
    double actual[NIGHTS_MAX], column[NIGHTS_MAX], ours_crps = 0.0, past_crps = 0.0;
    for (int r = 0; r <= RULES; r++) {
        size_t n = 0;
        ours_crps = past_crps = 0.0;
        for (size_t i = 0; i < s->count; i++) {
            if (!keep(s, i))
                continue;
            actual[n] = s->actual[i];
            column[n++] = r < RULES ? s->rules[r][i] : s->ours[i];
            ours_crps += s->crps[i];
            past_crps += s->past_crps[i];
        }
        if (r == 0) {
            printf(" %s (n %zu)\n", title, n);
            report_header();
        }
        report_points(r < RULES ? rule_names[r] : "ours (median)", actual, column, n);
        if (r == RULES)
            printf("  CRPS ours %.4f, past distribution %.4f\n", ours_crps / (double)n,
                   past_crps / (double)n);
    }
}

static bool keep_all(const struct scores *s, size_t i)
{
    (void)s;
    (void)i;
    return true;
}

static bool keep_unsold(const struct scores *s, size_t i)
{
    return !s->sold_out[i];
}

static bool keep_single(const struct scores *s, size_t i)
{
    return s->single[i];
}

static void part(struct nights *nights, int first_year, int end_year)
{
    struct scores *s = eval_alloc(1, sizeof *s);
    score(nights, &comparables_defaults, &shrinkage_defaults, first_year, end_year, s);
    printf("\nConcerts of one theatre, %d-%d\n", first_year, end_year - 1);
    print_points(s, "all nights", keep_all);
    print_points(s, "nights not sold out", keep_unsold);
    print_points(s, "single nights", keep_single);
    printf("  80 %% interval: coverage %.3f, width %.3f\n",
           eval_coverage(s->share, s->low, s->high, s->count),
           eval_width(s->low, s->high, s->count));
    printf("  sell-out: AUC %.3f, average precision %.3f, Brier %.4f (past rate %.4f), ECE %.3f\n",
           eval_auc(s->sold_out_probability, s->sold_out, s->count),
           eval_average_precision(s->sold_out_probability, s->sold_out, s->count),
           eval_brier(s->sold_out_probability, s->sold_out, s->count),
           eval_brier(s->base_rate, s->sold_out, s->count),
           eval_ece(s->sold_out_probability, s->sold_out, s->count));
    report_noise_floor(s->actual, s->count);
    struct eval_interval difference = eval_mean_difference(s->crps, s->past_crps, NULL, s->count,
                                                           s->count, REPORT_REPEATS, REPORT_SEED);
    printf("  bar: CRPS ours - past distribution, 95 %% [%+.4f, %+.4f]\n", difference.low,
           difference.high);
    CHECK(eval_mean(s->crps, s->count) <= eval_mean(s->past_crps, s->count));
    CHECK(difference.high <= REPORT_SLACK);
    free(s);
}

static void scan_one(struct nights *nights, struct comparables_settings *comparing,
                     struct shrinkage_settings *shrinking, const char *name, double *setting,
                     const double *values, size_t count)
{
    struct scores *s = eval_alloc(1, sizeof *s);
    double shipped = *setting;
    printf("%-28s", name);
    for (size_t i = 0; i < count; i++) {
        *setting = values[i];
        score(nights, comparing, shrinking, 2011, 2016, s);
        printf("  %g%s: %.5f", values[i], values[i] == shipped ? "*" : "",
               eval_mean(s->crps, s->count));
    }
    printf("\n");
    *setting = shipped;
    free(s);
}

static void scan(struct nights *nights)
{
    struct comparables_settings c = comparables_defaults;
    struct shrinkage_settings s = shrinkage_defaults;
    const double priors[] = {0.4, 0.5, 0.7, 1.0}, counts[] = {2, 4, 8, 16, 32, 64},
                 spreads[] = {0.02, 0.05, 0.1, 0.15}, repeats[] = {0.1, 0.15, 0.2, 0.3, 0.45},
                 days[] = {365, 730, 1460, 2920}, widths[] = {0.1, 0.15, 0.2, 0.3, 0.4},
                 shares[] = {0.5, 0.6, 0.7}, weekdays[] = {0.25, 0.5, 0.75, 1};
    printf("CRPS over 2011-15 by setting, one at a time (* shipped)\n");
#define SCAN(setting, values)                                                                      \
    scan_one(nights, &c, &s, #setting, &setting, values, sizeof values / sizeof *values)
    SCAN(s.prior_median, shares);
    SCAN(s.prior_spread, priors);
    SCAN(s.levels[LEVEL_MARKET].pseudo_count, counts);
    SCAN(s.levels[LEVEL_ROOM].pseudo_count, counts);
    SCAN(s.levels[LEVEL_PRICE].pseudo_count, counts);
    SCAN(s.levels[LEVEL_GENRE].pseudo_count, counts);
    SCAN(s.levels[LEVEL_ROOM].spread, spreads);
    SCAN(c.repeat_spread, repeats);
    SCAN(c.half_life_days, days);
    SCAN(c.artist_half_life_days, days);
    SCAN(c.price_width, widths);
    SCAN(c.other_weekday, weekdays);
#undef SCAN
}

int main(int argc, char **argv)
{
    struct nights *nights = eval_alloc(1, sizeof *nights);
    nights->pool.size = (size_t)4 << 20;
    load(nights);
    if (argc > 1 && strcmp(argv[1], "scan") == 0) {
        scan(nights);
    } else {
        part(nights, 2011, 2016);
        part(nights, 2016, 2017);
        printf("%d checks, %d failed\n", check_count, check_failures);
    }
    free(nights->pool.memory);
    free(nights);
    return check_failures != 0;
}
