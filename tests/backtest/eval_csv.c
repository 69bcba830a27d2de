#include "backtest/eval_csv.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

enum { BUFFER_BYTES = 1 << 16, COLUMNS_MAX = 128, LINE_MAX_BYTES = 1 << 20 };

struct eval_csv {
    gzFile file;
    char path[4096];
    unsigned char buffer[BUFFER_BYTES];
    int filled, position;
    char *line; /* The fields of the current row, each ended by a NUL. */
    size_t used, capacity, count;
    size_t starts[COLUMNS_MAX];
    size_t columns;
    char *names[COLUMNS_MAX];
    size_t row;
};

static _Noreturn void fail(const struct eval_csv *csv, const char *what)
{
    fprintf(stderr, "%s: row %zu: %s\n", csv->path, csv->row, what);
    exit(1);
}

void *eval_alloc(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);
    if (!memory) {
        fprintf(stderr, "out of memory\n");
        exit(1);
    }
    return memory;
}

void *eval_grow(void *memory, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return memory;
    size_t grown = *capacity ? *capacity * 2 : 64;
    while (grown <= count)
        grown *= 2;
    memory = reallocarray(memory, grown, size);
    if (!memory) {
        fprintf(stderr, "out of memory\n");
        exit(1);
    }
    *capacity = grown;
    return memory;
}

const char *eval_data_root(void)
{
    const char *root = getenv("PROMOTEROS_EVAL_DATA");
    struct stat status;
    if (!root || !*root) {
        printf("skipped: PROMOTEROS_EVAL_DATA is not set; it names the folder with the evaluation "
               "data\n");
        exit(77);
    }
    if (stat(root, &status) != 0 || !S_ISDIR(status.st_mode)) {
        printf("skipped: PROMOTEROS_EVAL_DATA names no folder: %s\n", root);
        exit(77);
    }
    return root;
}

static int next_byte(struct eval_csv *csv)
{
    if (csv->position == csv->filled) {
        csv->filled = gzread(csv->file, csv->buffer, BUFFER_BYTES);
        csv->position = 0;
        if (csv->filled < 0)
            fail(csv, "cannot be read or unpacked");
        if (csv->filled == 0)
            return -1;
    }
    return csv->buffer[csv->position++];
}

static void append(struct eval_csv *csv, char byte)
{
    if (csv->used >= LINE_MAX_BYTES)
        fail(csv, "longer than 1 MiB");
    csv->line = eval_grow(csv->line, csv->used, &csv->capacity, 1);
    csv->line[csv->used++] = byte;
}

static void begin_field(struct eval_csv *csv)
{
    if (csv->count == COLUMNS_MAX)
        fail(csv, "more than 128 columns");
    csv->starts[csv->count++] = csv->used;
}

bool eval_csv_next(struct eval_csv *csv)
{
    int byte = next_byte(csv);
    bool quoted = false, closed = false;
    if (byte < 0)
        return false;
    csv->row++;
    csv->used = csv->count = 0;
    begin_field(csv);
    for (; byte >= 0 && (quoted || byte != '\n'); byte = next_byte(csv)) {
        bool was_closed = closed;
        closed = false;
        if (byte == '"') {
            if (was_closed)
                append(csv, '"'); /* A doubled quote: the first closed, this one opens again. */
            closed = quoted;
            quoted = !quoted;
        } else if (byte == ',' && !quoted) {
            append(csv, '\0');
            begin_field(csv);
        } else if (byte != '\r' || quoted) {
            append(csv, (char)byte);
        }
    }
    append(csv, '\0');
    if (csv->columns && csv->count != csv->columns)
        fail(csv, "another number of fields than the header");
    return true;
}

struct eval_csv *eval_csv_open(const char *relative_path)
{
    struct eval_csv *csv = eval_alloc(1, sizeof *csv);
    snprintf(csv->path, sizeof csv->path, "%s/%s", eval_data_root(), relative_path);
    csv->file = gzopen(csv->path, "rb");
    if (!csv->file)
        fail(csv, "cannot be opened");
    if (!eval_csv_next(csv))
        fail(csv, "is empty");
    for (size_t i = 0; i < csv->count; i++) {
        csv->names[i] = strdup(eval_csv_text(csv, i));
        if (!csv->names[i])
            fail(csv, "out of memory");
    }
    csv->columns = csv->count;
    return csv;
}

void eval_csv_close(struct eval_csv *csv)
{
    if (!csv)
        return;
    gzclose(csv->file);
    for (size_t i = 0; i < csv->columns; i++)
        free(csv->names[i]);
    free(csv->line);
    free(csv);
}

size_t eval_csv_column(const struct eval_csv *csv, const char *name)
{
    for (size_t i = 0; i < csv->columns; i++)
        if (strcmp(csv->names[i], name) == 0)
            return i;
    fprintf(stderr, "%s: no column %s\n", csv->path, name);
    exit(1);
}

const char *eval_csv_text(const struct eval_csv *csv, size_t column)
{
    return csv->line + csv->starts[column];
}

double eval_csv_number(const struct eval_csv *csv, size_t column)
{
    const char *text = eval_csv_text(csv, column);
    char *end;
    double value = strtod(text, &end);
    return end == text || *end ? NAN : value;
}

long eval_csv_day(const struct eval_csv *csv, size_t column)
{
    return eval_day(eval_csv_text(csv, column));
}

/* Howard Hinnant, chrono-compatible low-level date algorithms: days_from_civil and its inverse. */
long eval_day_of(int year, int month, int day)
{
    long y = month <= 2 ? year - 1 : year;
    long era = (y >= 0 ? y : y - 399) / 400;
    long year_of_era = y - era * 400;
    long day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

void eval_civil(long day, int *year, int *month, int *day_of_month)
{
    long z = day + 719468;
    long era = (z >= 0 ? z : z - 146096) / 146097;
    long day_of_era = z - era * 146097;
    long year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    long day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    long mp = (5 * day_of_year + 2) / 153;
    *day_of_month = (int)(day_of_year - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year = (int)(year_of_era + era * 400 + (*month <= 2));
}

long eval_day(const char *text)
{
    int year, month, day, length = 0;
    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &length) != 3 || length != 10)
        return EVAL_NO_DAY;
    return eval_day_of(year, month, day);
}

struct eval_index {
    char **texts;
    size_t count, capacity;
    size_t *slots; /* Number + 1 of the string at this hash; 0 is free. */
    size_t slot_count;
};

struct eval_index *eval_index_new(void)
{
    struct eval_index *index = eval_alloc(1, sizeof *index);
    index->slot_count = 1024;
    index->slots = eval_alloc(index->slot_count, sizeof *index->slots);
    return index;
}

void eval_index_free(struct eval_index *index)
{
    if (!index)
        return;
    for (size_t i = 0; i < index->count; i++)
        free(index->texts[i]);
    free(index->texts);
    free(index->slots);
    free(index);
}

static size_t slot_of(const struct eval_index *index, const char *text)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (const char *c = text; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 1099511628211u;
    size_t slot = (size_t)hash & (index->slot_count - 1);
    while (index->slots[slot] && strcmp(index->texts[index->slots[slot] - 1], text) != 0)
        slot = (slot + 1) & (index->slot_count - 1);
    return slot;
}

size_t eval_index_find(const struct eval_index *index, const char *text)
{
    size_t number = index->slots[slot_of(index, text)];
    return number ? number - 1 : EVAL_UNSEEN;
}

size_t eval_index_add(struct eval_index *index, const char *text)
{
    size_t found = eval_index_find(index, text);
    if (found != EVAL_UNSEEN)
        return found;
    index->texts = eval_grow(index->texts, index->count, &index->capacity, sizeof *index->texts);
    index->texts[index->count] = strdup(text);
    if (!index->texts[index->count])
        exit(1);
    index->count++;
    if (index->count * 2 > index->slot_count) {
        free(index->slots);
        index->slot_count *= 2;
        index->slots = eval_alloc(index->slot_count, sizeof *index->slots);
        for (size_t i = 0; i < index->count; i++)
            index->slots[slot_of(index, index->texts[i])] = i + 1;
    } else {
        index->slots[slot_of(index, text)] = index->count;
    }
    return index->count - 1;
}

size_t eval_index_count(const struct eval_index *index)
{
    return index->count;
}

const char *eval_index_text(const struct eval_index *index, size_t number)
{
    return index->texts[number];
}
