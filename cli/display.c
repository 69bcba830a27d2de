#include "cli/display.h"

#include "base/clock.h"
#include "deal-optimizer/money.h"

#include <math.h>
#include <string.h>

/* ---- UTF-8 and widths ---- */

/* Decodes one character and moves on; a byte that is not UTF-8 counts as itself. */
static uint32_t next_character(const char **text)
{
    const unsigned char *bytes = (const unsigned char *)*text;
    uint32_t value = bytes[0];
    int more = value >= 0xf0 ? 3 : value >= 0xe0 ? 2 : value >= 0xc2 ? 1 : 0;

    if (more)
        value &= 0x3fu >> more;
    for (int i = 1; i <= more; i++) {
        if ((bytes[i] & 0xc0) != 0x80) {
            *text += 1;
            return bytes[0];
        }
        value = value << 6 | (bytes[i] & 0x3fu);
    }
    *text += 1 + more;
    return value;
}

struct interval {
    uint32_t first, last;
};

/* The main blocks of UAX #11 "wide" and of combining marks; enough for names and titles. */
static const struct interval wide[] = {
    {0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0x33ff},   {0x3400, 0x4dbf},
    {0x4e00, 0x9fff},   {0xa000, 0xa4cf},   {0xa960, 0xa97f},   {0xac00, 0xd7a3},
    {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},
    {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
};
static const struct interval combining[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x0610, 0x061a}, {0x064b, 0x065f},
    {0x0e31, 0x0e31}, {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},
    {0x200b, 0x200f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff},
};

static bool within(const struct interval *intervals, size_t count, uint32_t value)
{
    for (size_t i = 0; i < count; i++)
        if (value >= intervals[i].first && value <= intervals[i].last)
            return true;
    return false;
}

static int character_width(uint32_t value)
{
    if (value < 0x300)
        return 1;
    if (within(combining, sizeof combining / sizeof *combining, value))
        return 0;
    return within(wide, sizeof wide / sizeof *wide, value) ? 2 : 1;
}

int display_width(const char *text)
{
    int width = 0;

    while (*text)
        width += character_width(next_character(&text));
    return width;
}

char *display_cut(struct arena *arena, const char *text, int width)
{
    const char *end = text;
    int used = 0;

    if (width < 1 || display_width(text) <= width)
        return arena_string(arena, text);
    for (;;) {
        const char *next = end;
        int more = character_width(next_character(&next));
        if (used + more > width - 1)
            break;
        used += more;
        end = next;
    }
    return arena_format(arena, "%.*s…", (int)(end - text), text);
}

char *display_clean(struct arena *arena, const char *text)
{
    char *copy = arena_string(arena, text);

    for (char *c = copy; *c; c++) {
        unsigned char byte = (unsigned char)*c;
        if (byte < 0x20 || byte == 0x7f)
            *c = ' ';
        else if (byte == 0xc2 && (unsigned char)c[1] >= 0x80 && (unsigned char)c[1] < 0xa0)
            c[0] = c[1] = ' '; /* C1 controls */
    }
    return copy;
}

/* ---- figures ---- */

/* The mean of each cell's share of the values; NaN for a cell without any. */
static double *cell_means(struct arena *arena, const double *values, size_t count, size_t cells)
{
    double *means = arena_alloc_array(arena, cells + 1, sizeof *means);

    for (size_t cell = 0; cell < cells; cell++) {
        size_t first = cell * count / cells, last = (cell + 1) * count / cells, known = 0;
        double sum = 0;
        for (size_t i = first; i < last; i++) {
            if (isfinite(values[i])) {
                sum += values[i];
                known++;
            }
        }
        means[cell] = known ? sum / (double)known : NAN;
    }
    return means;
}

static char *draw_bars(struct arena *arena, const double *means, size_t cells, double low,
                       double high)
{
    static const char *const bars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    char *text = arena_alloc(arena, cells * 3 + 1), *end = text;

    for (size_t cell = 0; cell < cells; cell++) {
        double share = high > low ? (means[cell] - low) / (high - low) : 0;
        const char *bar = isnan(means[cell]) ? " " : bars[(int)(7.999 * fmin(fmax(share, 0), 1))];
        size_t size = strlen(bar);
        memcpy(end, bar, size);
        end += size;
    }
    *end = '\0';
    return text;
}

static size_t cell_count(size_t count, int width)
{
    return width <= 0 ? 0 : count < (size_t)width ? count : (size_t)width;
}

char *display_sparkline_between(struct arena *arena, const double *values, size_t count, int width,
                                double low, double high)
{
    size_t cells = cell_count(count, width);

    return draw_bars(arena, cell_means(arena, values, count, cells), cells, low, high);
}

char *display_sparkline(struct arena *arena, const double *values, size_t count, int width)
{
    size_t cells = cell_count(count, width);
    double *means = cell_means(arena, values, count, cells);
    double low = INFINITY, high = -INFINITY;

    for (size_t cell = 0; cell < cells; cell++) {
        low = fmin(low, means[cell]);
        high = fmax(high, means[cell]);
    }
    return draw_bars(arena, means, cells, low, high);
}

char *display_money(struct arena *arena, int64_t minor, const char *currency)
{
    char text[MONEY_TEXT_SIZE];
    int digits = currency_digits(currency);

    return arena_format(arena, "%s %s", money_text(minor, digits < 0 ? 2 : digits, text), currency);
}

char *display_money_message(struct arena *arena, const Promoteros__V1__Money *money)
{
    return money ? display_money(arena, money->amount_minor, money->currency_code)
                 : arena_string(arena, "");
}

char *display_count(struct arena *arena, int64_t value)
{
    char plain[24];
    int size = snprintf(plain, sizeof plain, "%lld", (long long)value);
    char *text = arena_alloc(arena, (size_t)size + (size_t)size / 3 + 2), *end = text;

    for (int i = 0; i < size; i++) {
        int left = size - i;
        if (i > 0 && left % 3 == 0 && plain[i - 1] != '-')
            *end++ = ',';
        *end++ = plain[i];
    }
    *end = '\0';
    return text;
}

char *display_counted(struct arena *arena, int64_t count, const char *noun)
{
    return arena_format(arena, "%s %s%s", display_count(arena, count), noun, count == 1 ? "" : "s");
}

char *display_number(struct arena *arena, double value)
{
    double magnitude = fabs(value);

    if (!isfinite(value))
        return arena_string(arena, isnan(value) ? "unknown" : value > 0 ? "infinite" : "-infinite");
    if (magnitude < 9e15 && (magnitude >= 1000 || value == nearbyint(value)))
        return display_count(arena, (int64_t)llround(value));
    if (magnitude >= 1000)
        return arena_format(arena, "%.3g", value);
    if (magnitude >= 100)
        return arena_format(arena, "%.1f", value);
    if (magnitude >= 1)
        return arena_format(arena, "%.2f", value);
    return arena_format(arena, "%.3g", value);
}

char *display_rounded(struct arena *arena, double value)
{
    return display_number(arena, fabs(value) >= 10 && isfinite(value) ? nearbyint(value) : value);
}

char *display_signed(struct arena *arena, double value)
{
    /* Adding a positive zero takes the sign off a negative one. */
    return arena_format(arena, "%+.0f", nearbyint(value) + 0.0);
}

const char *display_method(const char *method)
{
    return strncmp(method, "promoteros.v1.", 14) == 0 ? method + 14 : method;
}

char *display_percent(struct arena *arena, double share)
{
    if (!isfinite(share))
        return arena_string(arena, "unknown");
    if (share > 0 && share < 0.01)
        return arena_string(arena, "< 1 %");
    if (share > 0.99 && share < 1)
        return arena_string(arena, "> 99 %");
    return arena_format(arena, "%.0f %%", share * 100);
}

/* ---- times and names ---- */

char *display_date(struct arena *arena, const Google__Protobuf__Timestamp *time)
{
    char text[CLOCK_TEXT_SIZE];

    if (!time)
        return arena_string(arena, "");
    clock_format_instant(cli_instant_ms(time), text);
    text[10] = '\0';
    return arena_string(arena, text);
}

char *display_time(struct arena *arena, const Google__Protobuf__Timestamp *time)
{
    char text[CLOCK_TEXT_SIZE];

    if (!time)
        return arena_string(arena, "");
    clock_format_instant(cli_instant_ms(time), text);
    return arena_format(arena, "%.10s %.5s UTC", text, text + 11);
}

char *display_age(struct arena *arena, const Google__Protobuf__Timestamp *time, int64_t now_ms)
{
    static const struct {
        int64_t seconds;
        const char *unit;
    } units[] = {{86400, "day"}, {3600, "hour"}, {60, "minute"}};
    int64_t age_s = time ? (now_ms - cli_instant_ms(time)) / 1000 : 0;

    if (!time)
        return arena_string(arena, "");
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        int64_t count = age_s / units[i].seconds;
        if (count > 0)
            return arena_format(arena, "%s ago", display_counted(arena, count, units[i].unit));
    }
    return arena_string(arena, age_s < 0 ? "in the future" : "just now");
}

/* The part of a value's name behind what it shares with the enum's first value. */
char *display_enum(struct arena *arena, const ProtobufCEnumDescriptor *type, int value)
{
    const ProtobufCEnumValue *entry = protobuf_c_enum_descriptor_get_value(type, value);
    const ProtobufCEnumValue *zero = protobuf_c_enum_descriptor_get_value(type, 0);
    size_t prefix;
    char *text;

    if (!entry)
        return arena_format(arena, "%d", value);
    prefix = zero ? strlen(zero->name) : 0;
    if (prefix > strlen("UNSPECIFIED") && value != 0)
        prefix -= strlen("UNSPECIFIED");
    else
        prefix = 0;
    if (value == 0)
        return arena_string(arena, "");
    text = arena_string(arena, strlen(entry->name) > prefix ? entry->name + prefix : entry->name);
    for (char *c = text; *c; c++)
        *c = *c == '_' ? ' ' : *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
    return text;
}

double display_quantile(const Promoteros__V1__Distribution *distribution, double level)
{
    size_t count = distribution ? distribution->n_levels : 0;
    const double *levels = count ? distribution->levels : NULL;
    const double *values = count ? distribution->values : NULL;

    if (count == 0 || distribution->n_values != count)
        return NAN;
    if (level <= levels[0])
        return values[0];
    for (size_t i = 1; i < count; i++) {
        if (level <= levels[i]) {
            double share = (level - levels[i - 1]) / (levels[i] - levels[i - 1]);
            return values[i - 1] + share * (values[i] - values[i - 1]);
        }
    }
    return values[count - 1];
}

char *display_range(struct arena *arena, const Promoteros__V1__Distribution *distribution)
{
    return arena_format(arena, "low %s / likely %s / high %s",
                        display_rounded(arena, display_quantile(distribution, 0.1)),
                        display_rounded(arena, display_quantile(distribution, 0.5)),
                        display_rounded(arena, display_quantile(distribution, 0.9)));
}

/* ---- layout ---- */

char *display_styled(struct cli *cli, enum display_style style, const char *text)
{
    static const char *const codes[] = {"", "1", "2", "32", "31"};

    if (!cli->colour || style == DISPLAY_PLAIN || !*text)
        return arena_string(&cli->arena, text);
    return arena_format(&cli->arena, "\033[%sm%s\033[0m", codes[style], text);
}

void display_heading(struct cli *cli, const char *text)
{
    fprintf(cli->out, "\n%s\n", display_styled(cli, DISPLAY_BOLD, text));
}

void display_paragraph(struct cli *cli, int indent, const char *text)
{
    const char *rest = display_clean(&cli->arena, text);
    int limit = (cli->width > 0 && cli->width < 100 ? cli->width : 100) - indent;
    int used = 0;

    while (*rest == ' ')
        rest++;
    while (*rest) {
        size_t size = strcspn(rest, " ");
        char *word = arena_format(&cli->arena, "%.*s", (int)size, rest);
        int width = display_width(word);
        if (used > 0 && used + 1 + width > limit) {
            fputc('\n', cli->out);
            used = 0;
        }
        if (used == 0)
            fprintf(cli->out, "%*s%s", indent, "", word);
        else
            fprintf(cli->out, " %s", word);
        used += width + (used > 0);
        rest += size + strspn(rest + size, " ");
    }
    fputc('\n', cli->out);
}

void display_field(struct cli *cli, const char *label, const char *value)
{
    if (!value || !*value)
        return;
    fprintf(cli->out, "  %s%*s  %s\n", display_styled(cli, DISPLAY_DIM, label),
            display_width(label) < 16 ? 16 - display_width(label) : 0, "",
            display_clean(&cli->arena, value));
}
