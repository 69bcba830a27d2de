/* Widths, sparklines, figures and tables. */
#include "cli/table.h"
#include "unit/check.h"

#include <math.h>

static struct arena arena;

static void widths(void)
{
    CHECK_INT(display_width("abc"), 3);
    CHECK_INT(display_width("Sigur R\xc3\xb3s"), 9);
    CHECK_INT(display_width("e\xcc\x81"), 1);                /* combining acute */
    CHECK_INT(display_width("\xe6\x96\xb0\xe3\x81\x97"), 4); /* two wide characters */
    CHECK_INT(display_width("\xf0\x9f\x8e\xb8"), 2);         /* guitar */
    CHECK_INT(display_width("\xff\xfe"), 2);                 /* not UTF-8 */
    CHECK_INT(display_width("\xe6\x96"), 2);                 /* cut off */
    CHECK_STR(display_cut(&arena, "Sigur R\xc3\xb3s", 9), "Sigur R\xc3\xb3s");
    CHECK_STR(display_cut(&arena, "Sigur R\xc3\xb3s", 8), "Sigur R…");
    CHECK_STR(display_cut(&arena, "\xe6\x96\xb0\xe3\x81\x97", 3), "\xe6\x96\xb0…");
    CHECK_STR(display_clean(&arena, "a\033[31mb\nc\x7f"), "a [31mb c ");
    CHECK_STR(display_clean(&arena, "a\xc2\x9b"
                                    "b"),
              "a  b");
}

static void sparklines(void)
{
    const double rising[] = {0, 1, 2, 3, 4, 5, 6, 7}, flat[] = {5, 5, 5};
    const double gap[] = {1, NAN, 3}, many[] = {0, 0, 10, 10, 0, 0};

    CHECK_STR(display_sparkline(&arena, rising, 8, 8), "▁▂▃▄▅▆▇█");
    CHECK_STR(display_sparkline(&arena, rising, 8, 4), "▁▃▆█");
    CHECK_STR(display_sparkline(&arena, flat, 3, 10), "▁▁▁");
    CHECK_STR(display_sparkline(&arena, gap, 3, 10), "▁ █");
    CHECK_STR(display_sparkline(&arena, many, 6, 3), "▁█▁");
    CHECK_STR(display_sparkline(&arena, rising, 0, 10), "");
    CHECK_STR(display_sparkline(&arena, rising, 8, 0), "");
}

static void figures(void)
{
    double levels[] = {0.1, 0.5, 0.9}, values[] = {100, 200, 400};
    Promoteros__V1__Distribution distribution = PROMOTEROS__V1__DISTRIBUTION__INIT;

    distribution.levels = levels;
    distribution.values = values;
    distribution.n_levels = distribution.n_values = 3;
    CHECK_STR(display_money(&arena, 250000, "USD"), "2,500.00 USD");
    CHECK_STR(display_money(&arena, -250000, "JPY"), "-250,000 JPY");
    CHECK_STR(display_money(&arena, 1234567, "KWD"), "1,234.567 KWD");
    CHECK_STR(display_money(&arena, 5, "USD"), "0.05 USD");
    CHECK_STR(display_count(&arena, 1234567), "1,234,567");
    CHECK_STR(display_count(&arena, -1234), "-1,234");
    CHECK_STR(display_count(&arena, -123), "-123");
    CHECK_STR(display_counted(&arena, 1, "point"), "1 point");
    CHECK_STR(display_counted(&arena, 12345, "point"), "12,345 points");
    CHECK_STR(display_percent(&arena, 0.734), "73 %");
    CHECK_STR(display_percent(&arena, 0), "0 %");
    CHECK_STR(display_percent(&arena, 0.001), "< 1 %");
    CHECK_STR(display_percent(&arena, 0.999), "> 99 %");
    CHECK_STR(display_percent(&arena, 1), "100 %");
    CHECK_STR(display_percent(&arena, NAN), "unknown");
    CHECK_STR(display_number(&arena, 12345.6), "12,346");
    CHECK_STR(display_number(&arena, 12.345), "12.35");
    CHECK_STR(display_number(&arena, INFINITY), "infinite");
    CHECK_NEAR(display_quantile(&distribution, 0.5), 200, 0);
    CHECK_NEAR(display_quantile(&distribution, 0.3), 150, 1e-9);
    CHECK_NEAR(display_quantile(&distribution, 0.01), 100, 0);
    CHECK_NEAR(display_quantile(&distribution, 0.99), 400, 0);
    CHECK(isnan(display_quantile(NULL, 0.5)));
    CHECK_STR(display_range(&arena, &distribution), "low 100 / likely 200 / high 400");
    CHECK_STR(display_enum(&arena, &promoteros__v1__entity_kind__descriptor, 1), "artist");
    CHECK_STR(display_enum(&arena, &promoteros__v1__entity_kind__descriptor, 0), "");
    CHECK_STR(display_enum(&arena, &promoteros__v1__entity_kind__descriptor, 99), "99");
}

/* What a table prints at a width. */
static const char *printed(int width)
{
    static const struct table_column columns[] = {
        {"id", false, 0}, {"artist", false, 6}, {"n", true, 0}};
    static char text[1024];
    struct table table;
    struct cli cli;
    FILE *out = tmpfile();

    cli_open(&cli, out, stderr);
    cli.width = width;
    table_open(&table, &cli, columns, 3);
    table_add(&table, "ar_1");
    table_add(&table, "Sigur R\xc3\xb3s");
    table_add(&table, "7");
    table_add(&table, "ar_22");
    table_add(&table, "\xe6\x96\xb0\n");
    table_add(&table, "1,234");
    table_print(&table, "none");
    cli_close(&cli);
    rewind(out);
    text[fread(text, 1, sizeof text - 1, out)] = '\0';
    fclose(out);
    return text;
}

static void tables(void)
{
    CHECK_STR(printed(0), "id     artist         n\n"
                          "ar_1   Sigur R\xc3\xb3s      7\n"
                          "ar_22  \xe6\x96\xb0         1,234\n");
    CHECK_STR(printed(20), "id     artist      n\n"
                           "ar_1   Sigur…      7\n"
                           "ar_22  \xe6\x96\xb0      1,234\n");
}

static void run(void)
{
    arena_open(&arena, 0);
    widths();
    sparklines();
    figures();
    tables();
    arena_close(&arena);
}

CHECK_MAIN(run)
