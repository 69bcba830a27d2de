#include "host/table_check.h"

#include <math.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define MAX_METHODS     256
#define MAX_CALLS       256
#define MAX_METHOD_SIZE 4096
#define REASON          "AGENT_TABLE"

const struct pros_method *table_method(const struct pros_agent *table, size_t position)
{
    const char *methods = (const char *)table->methods;
    return (const struct pros_method *)(const void *)(methods + position * table->method_size);
}

/* Lower-case words joined by single hyphens. */
static bool is_kebab(const char *name)
{
    size_t size = strlen(name);
    if (size == 0 || size > 64 || name[0] < 'a' || name[0] > 'z' || name[size - 1] == '-')
        return false;
    for (size_t i = 0; i < size; i++) {
        char c = name[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && name[i + 1] != '-')))
            return false;
    }
    return true;
}

/* Letters, digits and underscores, in parts joined by `joint` (0: one part). */
static bool is_identifier(const char *name, char joint)
{
    size_t size = strlen(name);
    if (size == 0 || size > 200)
        return false;
    bool start = true;
    for (size_t i = 0; i < size; i++) {
        char c = name[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!(letter || (c >= '0' && c <= '9' && !start) || (joint && c == joint && !start)))
            return false;
        start = joint && c == joint;
    }
    return !start;
}

static enum pros_status refuse(const char *who, struct failure *failure, const char *what)
{
    return failure_set(failure, PROS_FAILED_PRECONDITION, REASON, "The agent %s is refused: %s.",
                       who, what);
}

static enum pros_status check_method(const struct pros_method *method, const char *who,
                                     struct failure *failure)
{
    const uint32_t known = PROS_STREAMS | PROS_SIDE_EFFECT_FREE | PROS_INLINE | PROS_WAITS;
    const char *what = NULL;
    if (!method->name || !is_identifier(method->name, 0))
        return refuse(who, failure, "one of its methods has no proper name");
    if (!method->handle)
        what = "has no function";
    else if (!method->summary || !*method->summary)
        what = "has no summary";
    else if (method->flags & ~known)
        what = "has flags that this host does not know";
    else if ((int)method->journal < PROS_JOURNAL_FULL || method->journal > PROS_JOURNAL_NONE)
        what = "names a journal level that does not exist";
    else if (!(method->max_residual_share >= 0 && method->max_residual_share <= 1))
        what = "declares a residual share outside [0, 1]";
    if (!what)
        return PROS_OK;
    return failure_set(failure, PROS_FAILED_PRECONDITION, REASON,
                       "The agent %s is refused: its method %s %s.", who, method->name, what);
}

static enum pros_status check_methods(const struct pros_agent *table, const char *who,
                                      struct failure *failure)
{
    for (size_t i = 0; i < table->method_count; i++) {
        const struct pros_method *method = table_method(table, i);
        enum pros_status status = check_method(method, who, failure);
        if (status != PROS_OK)
            return status;
        for (size_t k = 0; k < i; k++)
            if (strcmp(table_method(table, k)->name, method->name) == 0)
                return failure_set(failure, PROS_FAILED_PRECONDITION, REASON,
                                   "The agent %s is refused: it has two methods named %s.", who,
                                   method->name);
    }
    for (size_t i = 0; i < table->call_count; i++)
        if (!table->calls[i] || !strchr(table->calls[i], '/'))
            return refuse(who, failure,
                          "a call that it declares is not written as package.Service/Method");
    return PROS_OK;
}

enum pros_status table_check_shape(const struct pros_agent *table, const char *who,
                                   struct failure *failure)
{
    if (!table || table->size < offsetof(struct pros_agent, method_size))
        return refuse(who, failure, "it hands out no table");
    if (table->abi != PROS_ABI)
        return failure_set(failure, PROS_FAILED_PRECONDITION, "AGENT_ABI",
                           "The agent %s is refused: it was built for ABI %u, this host speaks ABI "
                           "%u; build it again against this host's agent.h.",
                           who, (unsigned)table->abi, PROS_ABI);
    if (table->size < sizeof *table)
        return failure_set(failure, PROS_FAILED_PRECONDITION, "AGENT_ABI",
                           "The agent %s is refused: its table has %zu bytes, this host expects at "
                           "least %zu; build it again against this host's agent.h.",
                           who, table->size, sizeof *table);
    if (table->method_size < sizeof(struct pros_method) || table->method_size > MAX_METHOD_SIZE ||
        table->method_size % alignof(struct pros_method) != 0)
        return failure_set(failure, PROS_FAILED_PRECONDITION, "AGENT_ABI",
                           "The agent %s is refused: its methods have %u bytes each, this host "
                           "expects at least %zu; build it again against this host's agent.h.",
                           who, (unsigned)table->method_size, sizeof(struct pros_method));
    if (!table->name || !is_kebab(table->name))
        return refuse(who, failure, "its name is not lower-case words joined by hyphens");
    if (!table->service || !is_identifier(table->service, '.'))
        return refuse(who, failure, "its service has no proper full name");
    if (!table->title || !*table->title || !table->summary || !*table->summary || !table->version ||
        !*table->version)
        return refuse(who, failure, "title, summary or version is missing");
    if (!table->methods || table->method_count == 0 || table->method_count > MAX_METHODS)
        return refuse(who, failure, "it has no methods, or more than 256");
    if (table->call_count > MAX_CALLS || (table->call_count && !table->calls))
        return refuse(who, failure,
                      "it declares more than 256 calls, or none where it counts some");
    return check_methods(table, who, failure);
}

enum pros_status table_check_schema(const struct pros_agent *table, const struct schema *schema,
                                    const char *who, struct failure *failure)
{
    for (size_t i = 0; i < table->method_count; i++) {
        const struct pros_method *entry = table_method(table, i);
        char path[512];
        snprintf(path, sizeof path, "%s/%s", table->service, entry->name);
        const struct schema_method *method = schema_find_method(schema, path);
        if (!method)
            return failure_set(failure, PROS_FAILED_PRECONDITION, "AGENT_CONTRACT",
                               "The agent %s is refused: its contract has no method %s.", who,
                               path);
        if (method->client_streaming)
            return failure_set(failure, PROS_FAILED_PRECONDITION, "AGENT_CONTRACT",
                               "The agent %s is refused: %s takes a stream of requests, which "
                               "agents cannot serve.",
                               who, path);
        if (method->server_streaming != ((entry->flags & PROS_STREAMS) != 0))
            return failure_set(failure, PROS_FAILED_PRECONDITION, "AGENT_CONTRACT",
                               "The agent %s is refused: %s streams its replies in %s only.", who,
                               path, method->server_streaming ? "the contract" : "the table");
    }
    return PROS_OK;
}
