#include "cli/table.h"

#include <assert.h>
#include <string.h>

void table_open(struct table *table, struct cli *cli, const struct table_column *columns,
                size_t column_count)
{
    assert(column_count > 0 && column_count <= TABLE_COLUMNS_MAX);
    *table = (struct table){.cli = cli, .columns = columns, .column_count = column_count};
}

void table_add(struct table *table, const char *text)
{
    if (table->cell_count == table->cell_capacity) {
        size_t capacity = table->cell_capacity ? 2 * table->cell_capacity : 64;
        char **cells = arena_alloc_array(&table->cli->arena, capacity, sizeof *cells);
        if (table->cell_count > 0)
            memcpy(cells, table->cells, table->cell_count * sizeof *cells);
        table->cells = cells;
        table->cell_capacity = capacity;
    }
    table->cells[table->cell_count++] = display_clean(&table->cli->arena, text ? text : "");
}

/* Takes what is too much from the widest column that may shrink, one by one. */
static void fit(const struct table *table, int *widths, int limit)
{
    int total = 0;

    for (size_t i = 0; i < table->column_count; i++)
        total += widths[i] + (i > 0 ? 2 : 0);
    while (total > limit) {
        size_t widest = table->column_count;
        for (size_t i = 0; i < table->column_count; i++) {
            int least = table->columns[i].min_width;
            if (least > 0 && widths[i] > least &&
                (widest == table->column_count || widths[i] > widths[widest]))
                widest = i;
        }
        if (widest == table->column_count)
            return;
        widths[widest]--;
        total--;
    }
}

static void print_line(const struct table *table, const int *widths, int indent,
                       const char *const *cells, bool title)
{
    struct cli *cli = table->cli;

    fprintf(cli->out, "%*s", indent, "");
    for (size_t i = 0; i < table->column_count; i++) {
        char *text = display_cut(&cli->arena, cells[i], widths[i]);
        int blank = widths[i] - display_width(text);
        bool last = i + 1 == table->column_count;
        if (table->columns[i].right)
            fprintf(cli->out, "%*s", blank, "");
        fputs(title ? display_styled(cli, DISPLAY_DIM, text) : text, cli->out);
        if (!last)
            fprintf(cli->out, "%*s", (table->columns[i].right ? 0 : blank) + 2, "");
    }
    fputc('\n', cli->out);
}

void table_print_indented(struct table *table, int indent, const char *empty)
{
    const char *titles[TABLE_COLUMNS_MAX];
    int widths[TABLE_COLUMNS_MAX] = {0};

    if (table->cell_count == 0) {
        fprintf(table->cli->out, "%*s%s\n", indent, "", empty);
        return;
    }
    while (table->cell_count % table->column_count != 0)
        table_add(table, "");
    for (size_t i = 0; i < table->column_count; i++) {
        titles[i] = table->columns[i].title;
        widths[i] = display_width(titles[i]);
    }
    for (size_t i = 0; i < table->cell_count; i++) {
        int width = display_width(table->cells[i]);
        if (width > widths[i % table->column_count])
            widths[i % table->column_count] = width;
    }
    if (table->cli->width > 0)
        fit(table, widths, table->cli->width - indent);
    print_line(table, widths, indent, titles, true);
    for (size_t i = 0; i < table->cell_count; i += table->column_count)
        print_line(table, widths, indent, (const char *const *)&table->cells[i], false);
}

void table_print(struct table *table, const char *empty)
{
    table_print_indented(table, 0, empty);
}
