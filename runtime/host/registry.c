#include "host/registry.h"

#include "base/memory.h"
#include "host/envelope.h"
#include "host/figures.h"
#include "host/table_check.h"

#include <stdlib.h>
#include <string.h>

#define MAX_SET_BYTES ((size_t)64 * 1024 * 1024)

static enum pros_status load_schema(struct registry *registry, struct failure *failure)
{
    struct schema *schema =
        schema_load((struct pros_bytes){registry->set.data, registry->set.size}, failure);
    if (!schema)
        return failure->code;
    for (size_t i = 0; i < registry->method_count; i++)
        registry->methods[i]->schema = schema_find_method(schema, registry->methods[i]->path);
    schema_close(registry->schema);
    registry->schema = schema;
    return PROS_OK;
}

/* Adds the files of the set that are not there yet. The schema refers to the bytes it was loaded
 * from, so they are built aside and swapped. */
static enum pros_status merge_set(struct registry *registry, struct pros_bytes set,
                                  struct failure *failure)
{
    struct buffer old = registry->set, merged;
    size_t count;
    buffer_open(&merged, MAX_SET_BYTES);
    buffer_add(&merged, old.data, old.size);
    enum pros_status status = envelope_merge_files(set, registry->schema, &merged, &count, failure);
    if (status != PROS_OK || count == 0) {
        buffer_close(&merged);
        return status;
    }
    registry->set = merged;
    status = load_schema(registry, failure);
    if (status != PROS_OK) {
        registry->set = old;
        old = merged;
    }
    buffer_close(&old);
    return status;
}

enum pros_status registry_open(struct registry *registry, struct pros_bytes descriptor_set,
                               struct failure *failure)
{
    *registry = (struct registry){0};
    arena_open(&registry->memory, 0);
    buffer_open(&registry->set, MAX_SET_BYTES);
    return merge_set(registry, descriptor_set, failure);
}

void registry_close(struct registry *registry)
{
    /* Later agents may rest on earlier ones. */
    for (size_t i = registry->agent_count; i-- > 0;)
        registry->agents[i]->isolation->close(registry->agents[i]);
    free(registry->agents);
    free(registry->methods);
    free(registry->by_path);
    schema_close(registry->schema);
    buffer_close(&registry->set);
    arena_close(&registry->memory);
    *registry = (struct registry){0};
}

static enum pros_status check_own_set(const struct pros_agent *table, const char *who,
                                      struct failure *failure)
{
    struct failure inner = {0};
    struct schema *own = schema_load(table->descriptor_set, &inner);
    if (!own)
        return failure_set(failure, PROS_FAILED_PRECONDITION, "AGENT_CONTRACT",
                           "The agent %s is refused: its contract cannot be read. %s", who,
                           inner.sentence);
    enum pros_status status = table_check_schema(table, own, who, failure);
    schema_close(own);
    return status;
}

enum pros_status registry_check(struct registry *registry, const struct pros_agent *table,
                                const char *who, struct failure *failure)
{
    if (registry->sealed)
        return failure_set(failure, PROS_FAILED_PRECONDITION, "HOST_SEALED",
                           "The agent %s is refused: agents are added before the host serves.",
                           who);
    enum pros_status status = table_check_shape(table, who, failure);
    if (status != PROS_OK)
        return status;
    for (size_t i = 0; i < registry->agent_count; i++) {
        const struct pros_agent *other = registry->agents[i]->agent.table;
        if (strcmp(other->name, table->name) == 0 || strcmp(other->service, table->service) == 0)
            return failure_set(failure, PROS_FAILED_PRECONDITION, "AGENT_TWICE",
                               "The agent %s is refused: %s already serves %s; list each agent "
                               "once.",
                               who, other->name, other->service);
    }
    if (table->descriptor_set.size) {
        status = check_own_set(table, who, failure);
        if (status == PROS_OK)
            status = merge_set(registry, table->descriptor_set, failure);
    }
    if (status != PROS_OK)
        return status;
    if (!registry->schema)
        return failure_set(failure, PROS_FAILED_PRECONDITION, "AGENT_CONTRACT",
                           "The agent %s is refused: neither it nor the host brings its contract.",
                           who);
    /* Against what is served: an older contract of the host wins over the agent's newer one. */
    return table_check_schema(table, registry->schema, who, failure);
}

static void add_method(struct registry *registry, const struct host_agent *agent,
                       const struct pros_method *entry)
{
    struct host_method *method = arena_alloc(&registry->memory, sizeof *method);
    method->figures = arena_alloc(&registry->memory, sizeof *method->figures);
    method->agent = agent;
    method->entry = entry;
    method->path = arena_format(&registry->memory, "%s/%s", agent->table->service, entry->name);
    method->schema = schema_find_method(registry->schema, method->path);
    method->carries_as_of = envelope_carries_as_of(method->schema->input);
    /* A stream has no one reply to carry the trace. */
    method->carries_trace = !agent->builtin && !method->schema->server_streaming &&
                            envelope_carries_trace(method->schema->output);
    registry->methods =
        memory_resize(registry->methods, registry->method_count + 1, sizeof *registry->methods);
    registry->methods[registry->method_count++] = method;
}

void registry_add(struct registry *registry, const struct registered *agent)
{
    struct registered *copy = arena_copy(&registry->memory, agent, sizeof *agent);
    registry->agents =
        memory_resize(registry->agents, registry->agent_count + 1, sizeof *registry->agents);
    registry->agents[registry->agent_count++] = copy;
    for (size_t i = 0; i < copy->agent.table->method_count; i++)
        add_method(registry, &copy->agent, table_method(copy->agent.table, i));
}

static int by_path(const void *a, const void *b)
{
    return strcmp((*(struct host_method *const *)a)->path, (*(struct host_method *const *)b)->path);
}

const struct host_method *registry_find(const struct registry *registry, const char *path)
{
    size_t low = 0, high = registry->sealed ? registry->method_count : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(registry->by_path[middle]->path, path);
        if (order == 0)
            return registry->by_path[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static const struct host_method *find_unsealed(const struct registry *registry, const char *path)
{
    for (size_t i = 0; i < registry->method_count; i++)
        if (strcmp(registry->methods[i]->path, path) == 0)
            return registry->methods[i];
    return NULL;
}

static enum pros_status check_calls(const struct registry *registry, const struct pros_agent *table,
                                    struct failure *failure)
{
    for (size_t i = 0; i < table->call_count; i++) {
        const struct host_method *method = find_unsealed(registry, table->calls[i]);
        if (!method)
            return failure_set(failure, PROS_FAILED_PRECONDITION, "AGENT_CALLS",
                               "The agent %s is refused: it calls %s, which nobody serves; load "
                               "the agent that does, or leave %s out.",
                               table->name, table->calls[i], table->name);
        if (!(method->entry->flags & PROS_SIDE_EFFECT_FREE))
            return failure_set(failure, PROS_FAILED_PRECONDITION, "AGENT_CALLS",
                               "The agent %s is refused: it calls %s, which changes things; agents "
                               "may call only methods that do not.",
                               table->name, table->calls[i]);
        if (method->entry->flags & PROS_WAITS)
            return failure_set(failure, PROS_FAILED_PRECONDITION, "AGENT_CALLS",
                               "The agent %s is refused: it calls %s, which waits for things to "
                               "happen; agents may call only methods that answer.",
                               table->name, table->calls[i]);
        if (!method->carries_as_of)
            return failure_set(
                failure, PROS_FAILED_PRECONDITION, "AGENT_CALLS",
                "The agent %s is refused: it calls %s, which cannot be asked as of a "
                "past moment; agents may see only what was known then.",
                table->name, table->calls[i]);
    }
    return PROS_OK;
}

/* Depth-first: marks 1 while an agent is on the way, 2 when all behind it is free of cycles. */
static enum pros_status check_cycle(const struct registry *registry, size_t position,
                                    unsigned char *marks, struct failure *failure)
{
    const struct pros_agent *table = registry->agents[position]->agent.table;
    marks[position] = 1;
    for (size_t i = 0; i < table->call_count; i++) {
        const struct host_method *method = find_unsealed(registry, table->calls[i]);
        size_t next = 0;
        while (&registry->agents[next]->agent != method->agent)
            next++;
        if (marks[next] == 1)
            return failure_set(failure, PROS_FAILED_PRECONDITION, "AGENT_CYCLE",
                               "The agent %s is refused: it calls %s, and %s waits for %s in turn; "
                               "calls must not go in a circle.",
                               table->name, table->calls[i], method->agent->table->name,
                               table->name);
        if (marks[next] == 0) {
            enum pros_status status = check_cycle(registry, next, marks, failure);
            if (status != PROS_OK)
                return status;
        }
    }
    marks[position] = 2;
    return PROS_OK;
}

enum pros_status registry_seal(struct registry *registry, struct failure *failure)
{
    enum pros_status status = PROS_OK;
    for (size_t i = 0; status == PROS_OK && i < registry->agent_count; i++)
        status = check_calls(registry, registry->agents[i]->agent.table, failure);
    unsigned char *marks = memory_new(registry->agent_count + 1, 1);
    for (size_t i = 0; status == PROS_OK && i < registry->agent_count; i++)
        if (!marks[i])
            status = check_cycle(registry, i, marks, failure);
    free(marks);
    if (status != PROS_OK)
        return status;
    free(registry->by_path);
    registry->by_path = memory_new(registry->method_count + 1, sizeof *registry->by_path);
    if (registry->method_count) {
        memcpy(registry->by_path, registry->methods,
               registry->method_count * sizeof *registry->methods);
        qsort(registry->by_path, registry->method_count, sizeof *registry->by_path, by_path);
    }
    registry->sealed = true;
    return PROS_OK;
}
