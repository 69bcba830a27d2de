#include "cli/columns.h"

#include "base/text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

void columns_open(struct columns *columns, const struct column_name *known, size_t known_count)
{
    assert(known_count <= COLUMNS_KNOWN_MAX);
    memset(columns, 0, sizeof *columns);
    columns->known = known;
    columns->known_count = known_count;
}

static bool is_ours(const struct columns *columns, const char *name, const char *const *extra,
                    size_t extra_count)
{
    if (strncmp(name, "id:", 3) == 0 && name[3])
        return true;
    for (size_t i = 0; i < columns->known_count; i++)
        if (strcmp(columns->known[i].name, name) == 0)
            return true;
    for (size_t i = 0; i < extra_count; i++)
        if (strcmp(extra[i], name) == 0)
            return true;
    return false;
}

static enum pros_status unknown_column(const struct columns *columns, const char *name,
                                       struct failure *failure)
{
    const char *nearest = columns->known[0].name;
    char list[512] = "";
    size_t used = 0;

    for (size_t i = 0; i < columns->known_count; i++) {
        if (text_distance(columns->known[i].name, name) < text_distance(nearest, name))
            nearest = columns->known[i].name;
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "",
                                 columns->known[i].name);
    }
    return failure_set(
        failure, PROS_INVALID_ARGUMENT, "UNKNOWN_COLUMN",
        "There is no column \"%.60s\"; did you mean \"%s\"? The columns are: %s, and "
        "id:SCHEME.",
        name, nearest, list);
}

enum pros_status columns_add_rule(struct columns *columns, const char *text, bool constant,
                                  const char *const *extra, size_t extra_count,
                                  struct failure *failure)
{
    struct column_rule *rule = &columns->rules[columns->rule_count];
    const char *equals = strchr(text, '=');

    if (columns->rule_count == COLUMNS_RULES_MAX)
        return failure_set(failure, PROS_INVALID_ARGUMENT, "TOO_MANY",
                           "There are more than %d --map and --set options.", COLUMNS_RULES_MAX);
    if (!equals || equals == text || !equals[1] || (size_t)(equals - text) >= sizeof rule->ours)
        return failure_set(failure, PROS_INVALID_ARGUMENT, "BAD_RULE",
                           "\"%.80s\" is not of the form %s. For example: %s.", text,
                           constant ? "COLUMN=VALUE" : "OURS=THEIRS",
                           constant ? "--set source=spotify" : "--map observed_at=week");
    snprintf(rule->ours, sizeof rule->ours, "%.*s", (int)(equals - text), text);
    rule->theirs = equals + 1;
    rule->constant = constant;
    if (!is_ours(columns, rule->ours, extra, extra_count))
        return unknown_column(columns, rule->ours, failure);
    for (size_t i = 0; i < columns->rule_count; i++)
        if (strcmp(columns->rules[i].ours, rule->ours) == 0)
            return failure_set(failure, PROS_INVALID_ARGUMENT, "TWICE",
                               "The column \"%s\" is given twice by --map or --set.", rule->ours);
    columns->rule_count++;
    return PROS_OK;
}

static int find_name(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return (int)i;
    return -1;
}

/* Whether a rule took this header for something. */
static bool is_taken(const struct columns *columns, const char *name)
{
    for (size_t i = 0; i < columns->rule_count; i++)
        if (!columns->rules[i].constant && strcmp(columns->rules[i].theirs, name) == 0)
            return true;
    return false;
}

static const struct column_rule *find_rule(const struct columns *columns, const char *ours)
{
    for (size_t i = 0; i < columns->rule_count; i++)
        if (strcmp(columns->rules[i].ours, ours) == 0)
            return &columns->rules[i];
    return NULL;
}

int columns_find(struct columns *columns, const char *const *names, size_t count, const char *name)
{
    const struct column_rule *rule = find_rule(columns, name);
    int index;

    if (rule && rule->constant)
        return -1;
    if (!rule && is_taken(columns, name))
        return -1;
    index = find_name(names, count, rule ? rule->theirs : name);
    if (index >= 0)
        columns->used[index] = 1;
    return index;
}

static void add_id(struct columns *columns, const char *scheme, int index, const char *constant)
{
    for (size_t i = 0; i < columns->id_count; i++)
        if (strcmp(columns->ids[i].scheme, scheme) == 0)
            return;
    if (columns->id_count == COLUMNS_IDS_MAX)
        return;
    columns->ids[columns->id_count++] = (struct column_id){scheme, index, constant};
    if (index >= 0)
        columns->used[index] = 1;
}

/* "id:SCHEME", or "ids.SCHEME" and the sidecar's "entity.ids.SCHEME". */
static const char *scheme_of(const char *name)
{
    static const char *const prefixes[] = {"id:", "ids.", "entity.ids."};

    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0 && name[strlen(prefixes[i])])
            return name + strlen(prefixes[i]);
    return NULL;
}

static enum pros_status missing_header(const char *theirs, const char *const *names, size_t count,
                                       struct failure *failure)
{
    char list[512] = "";
    size_t used = 0;

    for (size_t i = 0; i < count && used < sizeof list - 1; i++)
        used +=
            (size_t)snprintf(list + used, sizeof list - used, "%s%.60s", i ? ", " : "", names[i]);
    return failure_set(failure, PROS_INVALID_ARGUMENT, "NO_SUCH_HEADER",
                       "The file has no column \"%.80s\". It has: %s.", theirs, list);
}

enum pros_status columns_bind(struct columns *columns, const char *const *names, size_t count,
                              bool strict, struct failure *failure)
{
    columns->id_count = 0;
    memset(columns->used, 0, sizeof columns->used);
    for (size_t i = 0; i < columns->known_count; i++) {
        const struct column_name *known = &columns->known[i];
        const struct column_rule *rule = find_rule(columns, known->name);
        columns->constant[i] = rule && rule->constant ? rule->theirs : NULL;
        columns->index[i] = columns_find(columns, names, count, known->name);
        if (columns->index[i] < 0 && !rule && known->alias)
            columns->index[i] = columns_find(columns, names, count, known->alias);
    }
    for (size_t i = 0; i < columns->rule_count; i++) {
        const struct column_rule *rule = &columns->rules[i];
        int index = rule->constant ? -1 : find_name(names, count, rule->theirs);
        if (strict && !rule->constant && index < 0)
            return missing_header(rule->theirs, names, count, failure);
        if (scheme_of(rule->ours) && (rule->constant || index >= 0))
            add_id(columns, scheme_of(rule->ours), index, rule->constant ? rule->theirs : NULL);
    }
    for (size_t i = 0; i < count && i < sizeof columns->used; i++)
        if (scheme_of(names[i]) && !is_taken(columns, names[i]))
            add_id(columns, scheme_of(names[i]), (int)i, NULL);
    return PROS_OK;
}

const char *columns_value(const struct columns *columns, const char *const *values, size_t known)
{
    if (columns->constant[known])
        return columns->constant[known];
    return columns->index[known] >= 0 ? values[columns->index[known]] : "";
}

bool columns_has(const struct columns *columns, size_t known)
{
    return columns->constant[known] || columns->index[known] >= 0;
}
