#include "config/config.h"

#include "base/text.h"
#include "config/table.h"
#include "config/tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define REASON_TYPE    "CONFIG_TYPE"
#define REASON_UNKNOWN "CONFIG_UNKNOWN_KEY"
/* Further away than this a name is not a misspelling. */
#define NEAR_DISTANCE 3

/* What the functions of one reading share. */
struct reading {
    struct config *config;
    const char *name;
    struct failure *failure;
};

static enum pros_status read_text(struct reading *reading, const struct config_key *key,
                                  const struct tree_node *node, void *base)
{
    size_t size = node->kind == TREE_SCALAR ? strlen(node->text) : 0;
    if (node->kind != TREE_SCALAR || (int64_t)size < key->min || (int64_t)size > key->max)
        return failure_set(reading->failure, PROS_INVALID_ARGUMENT, REASON_TYPE,
                           "%s line %d: %s must be a text of %lld to %lld bytes", reading->name,
                           node->line, key->name, (long long)key->min, (long long)key->max);
    *(const char **)((char *)base + key->offset) = node->text;
    return PROS_OK;
}

static enum pros_status read_integer(struct reading *reading, const struct config_key *key,
                                     const struct tree_node *node, void *base)
{
    int64_t value;
    if (node->kind != TREE_SCALAR || node->quoted || !text_parse_int(node->text, &value) ||
        value < key->min || value > key->max)
        return failure_set(reading->failure, PROS_INVALID_ARGUMENT, REASON_TYPE,
                           "%s line %d: %s must be a whole number from %lld to %lld", reading->name,
                           node->line, key->name, (long long)key->min, (long long)key->max);
    *(int64_t *)((char *)base + key->offset) = value;
    return PROS_OK;
}

static enum pros_status read_choice(struct reading *reading, const struct config_key *key,
                                    const struct tree_node *node, void *base)
{
    bool scalar = node->kind == TREE_SCALAR;
    if (scalar && config_is_choice(key->choices, node->text)) {
        *(const char **)((char *)base + key->offset) = node->text;
        return PROS_OK;
    }
    if (scalar && strcmp(key->name, "isolation") == 0 && strcmp(node->text, "process") == 0)
        return failure_set(reading->failure, PROS_INVALID_ARGUMENT, "CONFIG_ISOLATION",
                           "%s line %d: isolation: process is not available in this version; write "
                           "isolation: thread for an agent that you trust, or leave the agent out",
                           reading->name, node->line);
    return failure_set(reading->failure, PROS_INVALID_ARGUMENT, REASON_TYPE,
                       "%s line %d: %s must be one of: %s", reading->name, node->line, key->name,
                       key->choices);
}

static enum pros_status read_object(struct reading *reading, const struct config_key *key,
                                    const struct tree_node *node, void *base)
{
    if (node->kind != TREE_MAPPING)
        return failure_set(reading->failure, PROS_INVALID_ARGUMENT, REASON_TYPE,
                           "%s line %d: %s must be a mapping of settings, for example {level: 2}",
                           reading->name, node->line, key->name);
    struct buffer json;
    buffer_open(&json, 8 * CONFIG_MAX_BYTES); /* escaping may lengthen it sixfold */
    tree_write_json(node, &json);
    *(const char **)((char *)base + key->offset) =
        arena_string(&reading->config->memory, json.data);
    buffer_close(&json);
    return PROS_OK;
}

static enum pros_status read_agents(struct reading *reading, const struct config_key *key,
                                    const struct tree_node *node);

static enum pros_status read_value(struct reading *reading, const struct config_key *key,
                                   const struct tree_node *node, void *base)
{
    switch (key->type) {
    case CONFIG_TEXT:
        return read_text(reading, key, node, base);
    case CONFIG_INTEGER:
        return read_integer(reading, key, node, base);
    case CONFIG_CHOICE:
        return read_choice(reading, key, node, base);
    case CONFIG_OBJECT:
        return read_object(reading, key, node, base);
    case CONFIG_LIST:
        break;
    }
    return read_agents(reading, key, node);
}

static const struct config_key *find_key(const struct config_key *keys, size_t count,
                                         const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(keys[i].name, name) == 0)
            return &keys[i];
    return NULL;
}

static enum pros_status refuse_unknown(struct reading *reading, const struct config_key *keys,
                                       size_t count, const char *name, int line)
{
    const char *nearest = NULL;
    size_t least = NEAR_DISTANCE + 1;
    for (size_t i = 0; i < count; i++) {
        const char *dot = strchr(keys[i].name, '.');
        const char *last = dot && !strchr(name, '.') ? dot + 1 : keys[i].name;
        size_t distance = text_distance(name, last);
        size_t whole = text_distance(name, keys[i].name);
        distance = whole < distance ? whole : distance;
        if (distance < least) {
            least = distance;
            nearest = keys[i].name;
        }
    }
    if (nearest)
        return failure_set(reading->failure, PROS_INVALID_ARGUMENT, REASON_UNKNOWN,
                           "%s line %d: there is no key %.80s; did you mean %s?", reading->name,
                           line, name, nearest);
    return failure_set(reading->failure, PROS_INVALID_ARGUMENT, REASON_UNKNOWN,
                       "%s line %d: there is no key %.80s; promoterosd --help lists all keys",
                       reading->name, line, name);
}

static enum pros_status read_agent(struct reading *reading, const struct tree_node *item,
                                   struct config_agent *agent)
{
    *agent = (struct config_agent){.isolation = "thread", .configuration = "{}"};
    if (item->kind != TREE_MAPPING)
        return failure_set(reading->failure, PROS_INVALID_ARGUMENT, REASON_TYPE,
                           "%s line %d: an agent is written as `- path: FILE.so`", reading->name,
                           item->line);
    for (const struct tree_node *node = item->first; node; node = node->next) {
        const struct config_key *key =
            find_key(config_agent_keys, config_agent_key_count, node->key);
        enum pros_status status =
            key ? read_value(reading, key, node, agent)
                : refuse_unknown(reading, config_agent_keys, config_agent_key_count, node->key,
                                 node->key_line);
        if (status != PROS_OK)
            return status;
    }
    if (!agent->path)
        return failure_set(reading->failure, PROS_INVALID_ARGUMENT, REASON_TYPE,
                           "%s line %d: this agent has no path; add `path: FILE.so`", reading->name,
                           item->line);
    return PROS_OK;
}

static enum pros_status read_agents(struct reading *reading, const struct config_key *key,
                                    const struct tree_node *node)
{
    size_t count = 0;
    if (node->kind == TREE_LIST)
        for (const struct tree_node *item = node->first; item; item = item->next)
            count++;
    if (node->kind != TREE_LIST || (int64_t)count > key->max)
        return failure_set(reading->failure, PROS_INVALID_ARGUMENT, REASON_TYPE,
                           "%s line %d: agents must be a list of at most %lld items `- path: "
                           "FILE.so`, or [] for none",
                           reading->name, node->line, (long long)key->max);
    struct config *config = reading->config;
    struct config_agent *agents = arena_alloc_array(&config->memory, count + 1, sizeof *agents);
    size_t i = 0;
    for (const struct tree_node *item = node->first; item; item = item->next) {
        enum pros_status status = read_agent(reading, item, &agents[i++]);
        if (status != PROS_OK)
            return status;
    }
    config->agents = agents;
    config->agent_count = count;
    config->agents_given = true;
    return PROS_OK;
}

/* Whether the table has keys "section.*". */
static bool is_section(const char *name)
{
    size_t size = strlen(name);
    for (size_t i = 0; i < config_key_count; i++)
        if (strncmp(config_keys[i].name, name, size) == 0 && config_keys[i].name[size] == '.')
            return true;
    return false;
}

static enum pros_status read_section(struct reading *reading, const struct tree_node *section)
{
    if (section->kind != TREE_MAPPING)
        return failure_set(reading->failure, PROS_INVALID_ARGUMENT, REASON_TYPE,
                           "%s line %d: %.80s is a section; write its keys below it, indented",
                           reading->name, section->line, section->key);
    for (const struct tree_node *node = section->first; node; node = node->next) {
        const char *name = arena_format(&reading->config->memory, "%s.%s", section->key, node->key);
        const struct config_key *key = find_key(config_keys, config_key_count, name);
        enum pros_status status =
            key ? read_value(reading, key, node, reading->config)
                : refuse_unknown(reading, config_keys, config_key_count, name, node->key_line);
        if (status != PROS_OK)
            return status;
    }
    return PROS_OK;
}

enum pros_status config_read(struct config *config, const char *text, size_t size, const char *name,
                             struct failure *failure)
{
    struct reading reading = {config, name, failure};
    if (size > CONFIG_MAX_BYTES)
        return failure_set(
            failure, PROS_INVALID_ARGUMENT, "CONFIG_TOO_LARGE",
            "%s line 1: the file is larger than 64 KiB; it cannot be a configuration", name);
    struct tree_node *root;
    enum pros_status status = tree_read(text, size, name, &config->memory, &root, failure);
    if (status != PROS_OK || !root)
        return status;
    if (root->kind != TREE_MAPPING && !(root->kind == TREE_SCALAR && !*root->text))
        return failure_set(failure, PROS_INVALID_ARGUMENT, REASON_TYPE,
                           "%s line %d: a configuration is written as `key: value`", name,
                           root->line);
    for (const struct tree_node *node = root->first; node; node = node->next) {
        const struct config_key *key = find_key(config_keys, config_key_count, node->key);
        if (key && !strchr(key->name, '.'))
            status = read_value(&reading, key, node, config);
        else if (!key && is_section(node->key))
            status = read_section(&reading, node);
        else if (key)
            status = failure_set(failure, PROS_INVALID_ARGUMENT, REASON_UNKNOWN,
                                 "%s line %d: write %.80s as a section with the key below it, "
                                 "indented",
                                 name, node->key_line, node->key);
        else
            status =
                refuse_unknown(&reading, config_keys, config_key_count, node->key, node->key_line);
        if (status != PROS_OK)
            return status;
    }
    return PROS_OK;
}

enum pros_status config_load(struct config *config, const char *path, struct failure *failure)
{
    FILE *file = fopen(path, "rbe");
    if (!file)
        return failure_set(failure, PROS_NOT_FOUND, "CONFIG_UNREADABLE",
                           "The configuration %s cannot be read (%s); check the path after "
                           "--config",
                           path, strerror(errno));
    char *text = arena_alloc(&config->memory, CONFIG_MAX_BYTES + 1);
    size_t size = fread(text, 1, CONFIG_MAX_BYTES + 1, file);
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed)
        return failure_set(failure, PROS_NOT_FOUND, "CONFIG_UNREADABLE",
                           "The configuration %s cannot be read; is it a file?", path);
    return config_read(config, text, size, path, failure);
}
