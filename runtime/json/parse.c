#include "json/parse.h"

#include "base/memory.h"
#include "json/check.h"
#include "json/place.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_BYTES ((size_t)16 << 20)
#define DEFAULT_DEPTH 64
#define DEFAULT_COUNT 1000000
#define MAX_DEPTH     512 /* cJSON's own is 1000 */

/* Walks the tree and the numbers of the text in step: both are in the document's order. */
struct finisher {
    const char *start, *at, *end;
    const char **names; /* of one object */
    size_t name_capacity;
    struct failure *failure;
};

static bool refuse(struct finisher *finisher, const struct json_place *place, const char *reason,
                   const char *problem, const char *spot)
{
    char path[JSON_PATH_SIZE];
    json_place_path(place, path);
    failure_set(finisher->failure, PROS_INVALID_ARGUMENT, reason, "%s: %s%s.", path, problem, spot);
    return false;
}

/* ---- numbers ---- */

/* The text has passed the check, so every text in quotes has its end. */
static void skip_text(struct finisher *finisher)
{
    finisher->at++;
    while (finisher->at < finisher->end && *finisher->at != '"')
        finisher->at += *finisher->at == '\\' ? 2 : 1;
    finisher->at++;
}

static bool is_in_number(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

static bool finish_number(struct finisher *finisher, const struct json_place *place, cJSON *number)
{
    while (finisher->at < finisher->end && *finisher->at != '-' &&
           !(*finisher->at >= '0' && *finisher->at <= '9')) {
        if (*finisher->at == '"')
            skip_text(finisher);
        else
            finisher->at++;
    }
    const char *from = finisher->at;
    while (finisher->at < finisher->end && is_in_number(*finisher->at))
        finisher->at++;
    size_t size = (size_t)(finisher->at - from);
    assert(size > 0 && size < JSON_NUMBER_SIZE);
    if (!isfinite(number->valuedouble)) {
        char spot[JSON_SPOT_SIZE], words[JSON_SPOT_SIZE + 4];
        json_place_spot(finisher->start, (size_t)(finisher->end - finisher->start), from, spot);
        snprintf(words, sizeof words, " (%s)", spot);
        return refuse(finisher, place, "INVALID_FIELD", "is too large; it must be a finite number",
                      words);
    }
    /* cJSON frees no texts of references. */
    number->type |= cJSON_IsReference;
    number->valuestring = (char *)(uintptr_t)from;
    number->valueint = (int)size;
    return true;
}

void json_number_text(const struct cJSON *number, char text[JSON_NUMBER_SIZE])
{
    assert(cJSON_IsNumber(number) && number->valuestring);
    size_t size = (size_t)number->valueint;
    memcpy(text, number->valuestring, size);
    text[size] = '\0';
}

/* ---- names ---- */

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool check_names(struct finisher *finisher, const struct json_place *place,
                        const cJSON *object)
{
    size_t count = 0;
    const cJSON *child;
    cJSON_ArrayForEach(child, object)
    {
        if (count == finisher->name_capacity) {
            finisher->name_capacity = 2 * count + 16;
            finisher->names =
                memory_resize(finisher->names, finisher->name_capacity, sizeof *finisher->names);
        }
        finisher->names[count++] = child->string;
    }
    if (count < 2)
        return true;
    qsort(finisher->names, count, sizeof *finisher->names, compare_names);
    for (size_t i = 1; i < count; i++) {
        const char *name = finisher->names[i];
        if (strcmp(finisher->names[i - 1], name) == 0) {
            struct json_place twice = {place, name, strlen(name), 0};
            return refuse(finisher, &twice, "DUPLICATE_MEMBER",
                          "is given twice; an object cannot have the same key twice", "");
        }
    }
    return true;
}

static bool finish(struct finisher *finisher, const struct json_place *place, cJSON *value)
{
    struct json_place inner = {.outer = place};
    if (cJSON_IsNumber(value))
        return finish_number(finisher, place, value);
    if (cJSON_IsObject(value) && !check_names(finisher, place, value))
        return false;
    for (cJSON *child = value->child; child; child = child->next, inner.index++) {
        inner.name = child->string;
        inner.name_size = child->string ? strlen(child->string) : 0;
        if (!finish(finisher, &inner, child))
            return false;
    }
    return true;
}

enum pros_status json_parse(const char *text, size_t size, const struct json_parse_limits *limits,
                            struct cJSON **tree, struct failure *failure)
{
    struct json_parse_limits own = limits ? *limits : (struct json_parse_limits){0};
    own.max_bytes = own.max_bytes ? own.max_bytes : DEFAULT_BYTES;
    own.max_depth = own.max_depth ? own.max_depth : DEFAULT_DEPTH;
    own.max_value_count = own.max_value_count ? own.max_value_count : DEFAULT_COUNT;
    assert(own.max_depth <= MAX_DEPTH);
    *tree = NULL;
    enum pros_status status = json_check(text, size, &own, failure);
    if (status != PROS_OK)
        return status;
    /* The check has seen that nothing stands behind the value. */
    cJSON *root = cJSON_ParseWithLengthOpts(text, size, NULL, 0);
    if (!root)
        return failure_set(failure, PROS_RESOURCE_EXHAUSTED, "OUT_OF_MEMORY",
                           "There is not enough memory for the JSON document; send it in smaller "
                           "parts.");
    struct finisher finisher = {.start = text, .at = text, .end = text + size, .failure = failure};
    bool good = finish(&finisher, NULL, root);
    free(finisher.names);
    if (!good) {
        cJSON_Delete(root);
        return PROS_INVALID_ARGUMENT;
    }
    *tree = root;
    return PROS_OK;
}
