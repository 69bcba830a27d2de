/*
 * How figures look to people: widths, sparklines, money, probabilities, dates, colour.
 *
 * Why: each kind of figure has one form wherever it appears, and text in any script lines up.
 *
 * Memory: results live in the arena that is handed in. Threads: any. Errors: none.
 */
#ifndef PROMOTEROS_CLI_DISPLAY_H
#define PROMOTEROS_CLI_DISPLAY_H

#include "cli/cli.h"

#include <promoteros/v1/common.pb-c.h>

/* Columns that UTF-8 text takes on a terminal: wide East Asian characters and emoji 2, combining
 * marks 0. Bytes that are not UTF-8 count 1 each. */
int display_width(const char *text);
/* Cuts to a width with "…" at the end. */
char *display_cut(struct arena *arena, const char *text, int width);
/* Replaces control characters, which could drive the terminal, by blanks. */
char *display_clean(struct arena *arena, const char *text);

/*
 * Bars "▁▂▃▄▅▆▇█" between the smallest and the largest value, at most width of them, each the mean
 * of its share of the values; NaN is a gap (blank). A flat series is a low line.
 */
char *display_sparkline(struct arena *arena, const double *values, size_t count, int width);
/* The same between a low and a high that several lines share. */
char *display_sparkline_between(struct arena *arena, const double *values, size_t count, int width,
                                double low, double high);

/* "2,500.00 USD", by the currency's minor digits. */
char *display_money(struct arena *arena, int64_t minor, const char *currency);
char *display_money_message(struct arena *arena, const Promoteros__V1__Money *money);
/* "12,345", "12.3"; at most three significant digits behind the point. */
char *display_number(struct arena *arena, double value);
char *display_count(struct arena *arena, int64_t value);
/* "1 point", "12,345 points": any noun whose plural ends in s. */
char *display_counted(struct arena *arena, int64_t count, const char *noun);
/* A whole number from 10 on, where the digits behind it mean nothing: "67", "4.2". */
char *display_rounded(struct arena *arena, double value);
/* "+15", "-3", "+0": never "-0". */
char *display_signed(struct arena *arena, double value);
/* "promoteros.v1.SignalService/QuerySignals" without the package. */
const char *display_method(const char *method);
/* 0.734 -> "73 %", "< 1 %", "> 99 %". */
char *display_percent(struct arena *arena, double share);
/* "2026-11-24" and "2026-11-24 13:45 UTC"; "" for NULL. */
char *display_date(struct arena *arena, const Google__Protobuf__Timestamp *time);
char *display_time(struct arena *arena, const Google__Protobuf__Timestamp *time);
/* "just now", "5 min ago", "3 days ago". */
char *display_age(struct arena *arena, const Google__Protobuf__Timestamp *time, int64_t now_ms);
/* "PROMOTEROS_V1_SHOW_STATUS_ON_SALE" -> "on sale": the name behind the prefix, in words. */
char *display_enum(struct arena *arena, const ProtobufCEnumDescriptor *type, int value);
/* The quantile at a level by linear interpolation; NaN when the distribution has none. */
double display_quantile(const Promoteros__V1__Distribution *distribution, double level);
/* "low 120 / likely 180 / high 240" (the 10 %, 50 % and 90 % quantiles). */
char *display_range(struct arena *arena, const Promoteros__V1__Distribution *distribution);

enum display_style { DISPLAY_PLAIN, DISPLAY_BOLD, DISPLAY_DIM, DISPLAY_GOOD, DISPLAY_BAD };
/* The text between the escape codes of a style; unchanged without colour. */
char *display_styled(struct cli *cli, enum display_style style, const char *text);
/* A heading line with an empty line before it. */
void display_heading(struct cli *cli, const char *text);
/* Text broken at blanks to the terminal's width, each line indented. */
void display_paragraph(struct cli *cli, int indent, const char *text);
/* "Label      value", the label dim and padded. Empty values are left out. */
void display_field(struct cli *cli, const char *label, const char *value);

#endif
