#include "cli/import.h"

#include "base/clock.h"
#include "base/text.h"
#include "cli/display.h"
#include "cli/progress.h"

#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Goes into the request id: a change in how rows are read makes another import of the same file. */
#define IMPORT_FORM "1"

static volatile sig_atomic_t interrupted;

static void interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

enum import_result import_refuse(struct import *import, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(import->why, sizeof import->why, format, arguments);
    va_end(arguments);
    return IMPORT_REFUSED;
}

bool import_instant(struct import *import, const char *column, const char *text, int64_t *ms)
{
    char why[CLEAN_WHY_SIZE];

    if (!*text)
        import_refuse(import, "%s is empty", column);
    else if (!clean_instant(text, ms, why))
        import_refuse(import, "%s: %s", column, why);
    else
        return true;
    return false;
}

bool import_name(struct import *import, const char *column, const char *text)
{
    size_t size = strlen(text);

    if (size > IMPORT_NAME_BYTES) {
        import_refuse(import, "%.40s is longer than %d bytes", column, IMPORT_NAME_BYTES);
        return false;
    }
    for (const char *c = text; *c; c++)
        if (((unsigned char)*c < 0x20 && *c != ROWS_LIST_SEPARATOR) || *c == 0x7f) {
            import_refuse(import, "%.40s holds a control character", column);
            return false;
        }
    return true;
}

bool import_ids(struct import *import, const char *const *values, Promoteros__V1__ExternalId *ids,
                size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < import->columns.id_count; i++) {
        const struct column_id *column = &import->columns.ids[i];
        const char *value = column->constant ? column->constant : values[column->index];
        Promoteros__V1__ExternalId *id = &ids[*count];
        if (!*value)
            continue;
        if (!clean_kebab("scheme", column->scheme, import->why) ||
            !import_name(import, column->scheme, value))
            return false;
        promoteros__v1__external_id__init(id);
        id->scheme = (char *)column->scheme;
        id->value = (char *)value;
        (*count)++;
    }
    return true;
}

/* ---- options ---- */

static int read_metrics(struct import *import, const char *text)
{
    char why[CLEAN_WHY_SIZE];

    while (text && *text) {
        size_t size = strcspn(text, ",");
        char *name = cli_format(import->cli, "%.*s", (int)size, text);
        if (import->metric_count == IMPORT_METRICS_MAX)
            return cli_usage(import->cli, "--metrics takes at most %d names.", IMPORT_METRICS_MAX);
        if (!clean_kebab("metric", name, why))
            return cli_usage(import->cli, "--metrics: %s. For another header: --map METRIC=HEADER.",
                             why);
        import->metrics[import->metric_count++] = name;
        text += size + (text[size] == ',');
    }
    return CLI_OK;
}

static int read_rules(struct import *import, const struct args *args)
{
    static const char *const options[] = {"map", "set"};

    for (int i = 0; i < 2; i++) {
        size_t position = 0;
        const char *text;
        while ((text = args_next(args, options[i], &position)))
            if (columns_add_rule(&import->columns, text, i == 1,
                                 (const char *const *)import->metrics, import->metric_count,
                                 &import->failure) != PROS_OK)
                return cli_usage(import->cli, "--%s: %s", options[i], import->failure.sentence);
    }
    return CLI_OK;
}

static int read_options(struct import *import, const struct args *args)
{
    const char *thousands = args_value(args, "thousands"), *kind = args_value(args, "kind");
    const char *lag = args_value(args, "lag"), *separators = args_value(args, "artist-separator");
    char why[CLEAN_WHY_SIZE];
    int code = read_metrics(import, args_value(args, "metrics"));

    if (code == CLI_OK)
        code = read_rules(import, args);
    if (code != CLI_OK)
        return code;
    if (thousands && (strlen(thousands) != 1 || !strchr(",'_ ", *thousands)))
        return cli_usage(import->cli, "--thousands takes one of , ' _ or a blank.");
    if (lag && !clean_duration(lag, &import->options.lag_s, why))
        return cli_usage(import->cli, "--lag: %s.", why);
    if (separators && strlen(separators) > 8)
        return cli_usage(import->cli, "--artist-separator takes at most 8 characters.");
    if (kind && strcmp(kind, "artist") != 0 && strcmp(kind, "track") != 0)
        return cli_usage(import->cli, "--kind is artist or track, not \"%s\".", kind);
    import->thousands = thousands ? *thousands : 0;
    import->artist_separators = separators ? separators : "&,;";
    import->options.has_lag = lag != NULL;
    import->options.simulated = args_has(args, "simulated");
    import->options.dry_run = args_has(args, "dry-run");
    if (kind)
        import->entity_kind = *kind == 'a' ? PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_ARTIST
                                           : PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_TRACK;
    return CLI_OK;
}

static int choose_format(struct import *import, const struct args *args, enum rows_format *format,
                         char *separator)
{
    const char *name = args->positionals[0], *given = args_value(args, "format");
    size_t size = strlen(name);

    if (size > 3 && strcmp(name + size - 3, ".gz") == 0)
        size -= 3;
    *separator = size > 4 && strncmp(name + size - 4, ".tsv", 4) == 0 ? '\t' : ',';
    *format = (size > 6 && strncmp(name + size - 6, ".jsonl", 6) == 0) ||
                      (size > 7 && strncmp(name + size - 7, ".ndjson", 7) == 0)
                  ? ROWS_JSONL
                  : ROWS_CSV;
    if (!given)
        return CLI_OK;
    *format = strcmp(given, "jsonl") == 0 ? ROWS_JSONL : ROWS_CSV;
    if (strcmp(given, "jsonl") != 0 && strcmp(given, "csv") != 0 && strcmp(given, "tsv") != 0)
        return cli_usage(import->cli, "--format is csv, tsv or jsonl, not \"%s\".", given);
    *separator = strcmp(given, "tsv") == 0 ? '\t' : ',';
    return CLI_OK;
}

/* The same file with the same options is the same import. */
static const char *request_id(struct import *import, const struct args *args)
{
    struct buffer text;
    char digest[DIGEST_TEXT_SIZE];

    buffer_open(&text, 1u << 20);
    buffer_add(&text, import->input.digest, sizeof import->input.digest);
    buffer_add_format(&text, "%s %s", import->kind->name, IMPORT_FORM);
    for (size_t i = 0; i < args->option_count; i++)
        if (strcmp(args->options[i].name, "max-refused") != 0)
            buffer_add_format(&text, "\n%s=%s", args->options[i].name, args->options[i].value);
    digest_text((struct pros_bytes){text.data, text.size}, digest);
    buffer_close(&text);
    return cli_format(import->cli, "import-%.40s", digest);
}

/* ---- the run ---- */

static enum pros_status bind(struct import *import, bool strict)
{
    struct rows *rows = &import->rows;
    enum pros_status status =
        columns_bind(&import->columns, rows->names, rows->count, strict, &import->failure);

    for (size_t i = 0; i < import->metric_count; i++)
        import->metric_index[i] =
            columns_find(&import->columns, rows->names, rows->count, import->metrics[i]);
    return status;
}

static void note_refused(struct import *import, const char *why)
{
    if (import->refused < IMPORT_SHOWN_MAX) {
        import->shown[import->refused].line = import->rows.line;
        snprintf(import->shown[import->refused].why, sizeof import->shown->why, "%s", why);
    }
    import->refused++;
}

/* One row; false at the end or on failure. */
static bool step(struct import *import)
{
    enum rows_result result = rows_next(&import->rows);

    if (result == ROWS_END)
        return false;
    if (result == ROWS_FAILED) {
        import->failure = import->rows.failure;
        return false;
    }
    if (result == ROWS_REFUSED) {
        note_refused(import, import->rows.refusal);
        return true;
    }
    if (import->rows.format == ROWS_JSONL)
        bind(import, false);
    switch (import->kind->take(import, import->rows.values)) {
    case IMPORT_ACCEPTED:
        import->accepted++;
        return true;
    case IMPORT_REFUSED:
        note_refused(import, import->why);
        return true;
    default:
        return false;
    }
}

static void list_ignored(struct import *import)
{
    const struct rows *rows = &import->rows;
    int count = 0;

    for (size_t i = 0; i < rows->count; i++) {
        if (import->columns.used[i])
            continue;
        fprintf(import->cli->err, "%s%s", count++ ? ", " : "Columns not used: ",
                display_clean(&import->cli->arena, rows->names[i]));
    }
    if (count)
        fputc('\n', import->cli->err);
}

static int64_t allowed_refusals(const struct args *args)
{
    int64_t most = INT64_MAX;
    char why[CLEAN_WHY_SIZE];
    const char *text = args_value(args, "max-refused");

    if (text && !clean_count(text, 0, &most, why))
        return -1;
    return most;
}

static void read_all(struct import *import, const struct args *args, int64_t most_refused)
{
    struct progress progress;
    char *label = cli_format(import->cli, "Reading %s", args->positionals[0]);

    progress_open(&progress, import->cli, label, "lines");
    while (import->refused <= most_refused && !interrupted && step(import))
        progress_update(&progress, import->rows.line, input_share(&import->input));
    progress_clear(&progress);
}

/* ---- the report ---- */

static void report_refused(struct import *import)
{
    struct cli *cli = import->cli;
    int64_t shown = import->refused < IMPORT_SHOWN_MAX ? import->refused : IMPORT_SHOWN_MAX;

    for (int64_t i = 0; i < shown; i++)
        fprintf(cli->err, "  line %lld: %s\n", (long long)import->shown[i].line,
                display_clean(&cli->arena, import->shown[i].why));
    if (import->refused > shown)
        fprintf(cli->err, "  and %s more\n", display_count(&cli->arena, import->refused - shown));
}

static void report(struct import *import, const Promoteros__V1__ImportSummary *summary,
                   double seconds)
{
    struct cli *cli = import->cli;
    struct arena *arena = &cli->arena;
    const struct {
        const char *noun, *rest;
        int64_t count;
        bool shown;
    } lines[] = {
        {"line", " read", import->rows.lines.number - 1, true},
        {"row", " accepted", import->accepted, true},
        {"row", " refused", import->refused, true},
        {"cell", " without a value", import->empty, import->empty > 0},
        {import->kind->unit, "", session_count(import->session), true},
        {import->kind->unit, " replaced by a later row", session_repeated(import->session),
         session_repeated(import->session) > 0},
        {"fact", " added", summary ? summary->added_count : 0, summary != NULL},
        {"fact", " corrected", summary ? summary->corrected_count : 0, summary != NULL},
        {"fact", " unchanged", summary ? summary->unchanged_count : 0, summary != NULL},
        {"record", " created", summary ? summary->created_record_count : 0, summary != NULL},
    };

    if (session_was_committed(import->session))
        fprintf(cli->out, "This very import was made before; nothing was changed now. What it did "
                          "then:\n");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (lines[i].shown)
            fprintf(cli->out, "%12s %s%s%s\n", display_count(arena, lines[i].count), lines[i].noun,
                    lines[i].count == 1 ? "" : "s", lines[i].rest);
    fprintf(cli->out, "%12s seconds\n", cli_format(cli, "%.1f", seconds));
    if (import->undated)
        display_paragraph(cli, 0,
                          "Note: this history counts as known from now on, so looking back "
                          "(--as-of) will not show it. To declare when it could be known, "
                          "import it with --lag, such as --lag 1d.");
    if (import->options.dry_run)
        fprintf(cli->out, "Nothing was sent: this was a dry run.\n");
}

static int finish(struct import *import, const struct args *args, int64_t most_refused,
                  int64_t start_us)
{
    struct cli *cli = import->cli;
    Promoteros__V1__ImportSummary *summary = NULL;
    double seconds;

    if (import->refused > 0) {
        fprintf(cli->err, "Refused:\n");
        report_refused(import);
    }
    if (interrupted) {
        cli_usage(cli, "Interrupted. Nothing of it is visible; the same command goes on with it.");
        return CLI_FAILED;
    }
    if (import->failure.code != PROS_OK) {
        int code = cli_fail(cli, &import->failure);
        if (code != CLI_UNREACHABLE)
            session_abort(import->session);
        fprintf(cli->err, "  %s\n",
                code == CLI_UNREACHABLE
                    ? "Nothing of it is visible; the same command goes on with it."
                    : "Nothing was imported.");
        return code;
    }
    if (import->refused > most_refused) {
        session_abort(import->session);
        cli_usage(cli, "More than %lld lines were refused, so nothing was imported.",
                  (long long)most_refused);
        return CLI_FAILED;
    }
    if (session_commit(import->session, &summary, &import->failure) != PROS_OK) {
        fprintf(cli->err, "The import was not finished; the same command goes on with it.\n");
        return cli_fail(cli, &import->failure);
    }
    seconds = (double)(clock_monotonic_us() - start_us) / 1e6;
    if (cli->json && summary)
        cli_print_json(cli);
    else
        report(import, summary, seconds);
    return import->refused > 0 && !args_has(args, "max-refused") ? CLI_FAILED : CLI_OK;
}

static int run_opened(struct import *import, const struct args *args, int64_t most_refused)
{
    int64_t start_us = clock_monotonic_us();
    int64_t timeout_ms = import->cli->timeout_ms;

    if (rows_read_header(&import->rows) != ROWS_ROW)
        return cli_fail(import->cli, &import->rows.failure);
    if (import->rows.format == ROWS_CSV) {
        if (bind(import, true) != PROS_OK ||
            import->kind->check(import, &import->failure) != PROS_OK)
            return cli_fail(import->cli, &import->failure), CLI_USAGE;
        list_ignored(import);
    }
    import->options.label =
        cli_format(import->cli, "%s %s", import->kind->name, args->positionals[0]);
    import->options.request_id = request_id(import, args);
    /* A commit may take longer than an answer usually does. */
    if (timeout_ms < 300000)
        import->cli->timeout_ms = 300000;
    import->session = import->kind->open(import->cli, &import->options, &import->failure);
    if (!import->session)
        return cli_fail(import->cli, &import->failure);
    read_all(import, args, most_refused);
    return finish(import, args, most_refused, start_us);
}

static int run(struct cli *cli, const struct args *args, const struct import_kind *kind)
{
    struct import *import = arena_alloc(&cli->arena, sizeof *import);
    struct sigaction action = {.sa_handler = interrupt};
    enum rows_format format;
    int64_t most_refused = allowed_refusals(args);
    char separator;
    int code;

    import->cli = cli;
    import->kind = kind;
    import->now_ms = clock_now_ms();
    columns_open(&import->columns, kind->columns, kind->column_count);
    if (most_refused < 0)
        return cli_usage(cli, "--max-refused takes a number.");
    code = read_options(import, args);
    if (code == CLI_OK)
        code = choose_format(import, args, &format, &separator);
    if (code != CLI_OK)
        return code;
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    if (input_open(&import->input, args->positionals[0], &import->failure) != PROS_OK)
        return cli_fail(cli, &import->failure);
    rows_open(&import->rows, format, separator, input_read, &import->input);
    code = run_opened(import, args, most_refused);
    session_close(import->session);
    rows_close(&import->rows);
    input_close(&import->input);
    return code;
}

int import_signals(struct cli *cli, const struct args *args)
{
    return run(cli, args, &import_signals_kind);
}

int import_shows(struct cli *cli, const struct args *args)
{
    return run(cli, args, &import_shows_kind);
}
