/* One strict JSON object a line (RFC 8259), flattened to named texts. */
#include "cli/rows.h"
#include "json/parse.h"
#include "json/place.h"

#include <cjson/cJSON.h>
#include <string.h>

#define NAME_SIZE_MAX 256

static const struct json_parse_limits line_limits = {
    .max_bytes = LINES_MAX_BYTES,
    .max_depth = 8,
    .max_value_count = 20000,
};

static bool refuse(struct rows *rows, const char *why, const char *name)
{
    char shown[JSON_NAME_SIZE];

    json_place_copy_name(name, strlen(name), shown);
    rows_refuse(rows, "%s: \"%s\"", why, shown);
    return false;
}

/* A text, number, true or false as text: a number in the form in which it was written. NULL for
 * everything else. */
static const char *plain_text(const cJSON *value, char number[JSON_NUMBER_SIZE])
{
    if (cJSON_IsString(value))
        return value->valuestring;
    if (cJSON_IsBool(value))
        return cJSON_IsTrue(value) ? "true" : "false";
    if (!cJSON_IsNumber(value))
        return NULL;
    json_number_text(value, number);
    return number;
}

static bool add_value(struct rows *rows, const char *name, const char *value)
{
    for (size_t i = 0; i < rows->count; i++)
        if (strcmp(rows->names[i], name) == 0)
            return refuse(rows, "a member stands there twice", name);
    if (rows->count == ROWS_COLUMNS_MAX)
        return refuse(rows, "there are too many members, beginning with this one", name);
    rows->names[rows->count] = arena_string(&rows->arena, name);
    rows->values[rows->count++] = value;
    return true;
}

/* A list of texts and numbers becomes one value. */
static bool add_list(struct rows *rows, const char *name, const cJSON *list)
{
    char number[JSON_NUMBER_SIZE], *joined, *out;
    const cJSON *item;
    size_t size = 1;

    cJSON_ArrayForEach(item, list)
    {
        const char *text = plain_text(item, number);
        if (!text && !cJSON_IsNull(item))
            return refuse(rows, "a list may hold texts and numbers only", name);
        size += text ? strlen(text) + 1 : 0;
    }
    joined = out = arena_alloc(&rows->arena, size);
    cJSON_ArrayForEach(item, list)
    {
        const char *text = plain_text(item, number);
        if (!text)
            continue;
        if (out > joined)
            *out++ = ROWS_LIST_SEPARATOR;
        size = strlen(text);
        memcpy(out, text, size);
        out += size;
    }
    return add_value(rows, name, joined);
}

/* name: of the object, with dots, and room for its members'. */
static bool add_members(struct rows *rows, char name[NAME_SIZE_MAX], const cJSON *object)
{
    size_t outer = strlen(name);
    char number[JSON_NUMBER_SIZE];

    for (const cJSON *item = object->child; item; item = item->next) {
        bool good = true;
        if (outer + strlen(item->string) + 2 > NAME_SIZE_MAX)
            return refuse(rows, "a name is too long", item->string);
        snprintf(name + outer, NAME_SIZE_MAX - outer, "%s%s", outer ? "." : "", item->string);
        if (cJSON_IsObject(item))
            good = add_members(rows, name, item);
        else if (cJSON_IsArray(item))
            good = add_list(rows, name, item);
        else if (!cJSON_IsNull(item))
            good = add_value(rows, name, arena_string(&rows->arena, plain_text(item, number)));
        if (!good)
            return false;
        name[outer] = '\0';
    }
    return true;
}

static enum rows_result read_line(struct rows *rows, size_t size)
{
    char name[NAME_SIZE_MAX] = "";
    struct failure failure;
    enum rows_result result = ROWS_ROW;
    cJSON *line;

    if (json_parse(lines_text(&rows->lines), size, &line_limits, &line, &failure) != PROS_OK)
        return rows_refuse(rows, "%.*s", (int)strlen(failure.sentence) - 1, failure.sentence);
    if (!cJSON_IsObject(line))
        result = rows_refuse(rows, "it is not a JSON object");
    else if (!add_members(rows, name, line))
        result = ROWS_REFUSED;
    cJSON_Delete(line);
    return result;
}

enum rows_result jsonl_next(struct rows *rows)
{
    size_t size;
    enum rows_result result;

    for (;;) {
        enum lines_result found = lines_peek(&rows->lines, 0, &size);
        rows->line = rows->lines.number;
        rows->count = 0;
        if (found == LINES_END)
            return ROWS_END;
        if (found == LINES_TOO_LONG && lines_skip(&rows->lines) != LINES_FAILED)
            return rows_refuse(rows, "it is longer than 1 MiB");
        if (found != LINES_LINE) {
            rows->failure = rows->lines.failure;
            return ROWS_FAILED;
        }
        if (strspn(lines_text(&rows->lines), " \t\r") >= size) {
            lines_consume(&rows->lines, size);
            continue;
        }
        result = read_line(rows, size);
        lines_consume(&rows->lines, size);
        return result;
    }
}
