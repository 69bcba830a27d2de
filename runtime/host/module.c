/* Thread isolation: an agent's module in this process, for agents that its owner trusts. */
#include "base/id.h"
#include "base/memory.h"
#include "host/registry.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_MODULE_BYTES (64L * 1024 * 1024)

static enum pros_status run_here(const struct host_method *method, struct pros_run *run,
                                 struct pros_bytes request, struct pros_bytes *reply)
{
    return method->entry->handle(run, request, reply);
}

static void close_here(struct registered *agent)
{
    /* The host's own services close their state themselves. */
    if (agent->agent.table->close && !agent->agent.builtin)
        agent->agent.table->close(agent->agent.state);
    if (agent->module)
        dlclose(agent->module);
}

const struct isolation thread_isolation = {"thread", run_here, close_here};

/* The trace names the very binary that reasoned. */
static enum pros_status digest_file(const char *path, char text[DIGEST_TEXT_SIZE],
                                    struct failure *failure)
{
    struct stat facts;
    FILE *file = fopen(path, "rbe");
    if (!file || fstat(fileno(file), &facts) != 0 || !S_ISREG(facts.st_mode) ||
        facts.st_size > MAX_MODULE_BYTES) {
        int error = errno;
        if (file)
            fclose(file);
        return failure_set(failure, PROS_NOT_FOUND, "AGENT_FILE",
                           "The agent %s cannot be read (%s); check the path under agents.", path,
                           file ? "not a module file of at most 64 MiB" : strerror(error));
    }
    size_t size = (size_t)facts.st_size;
    char *bytes = memory_new(size + 1, 1);
    size_t got = fread(bytes, 1, size, file);
    fclose(file);
    digest_text((struct pros_bytes){bytes, got}, text);
    free(bytes);
    if (got == size)
        return PROS_OK;
    return failure_set(failure, PROS_NOT_FOUND, "AGENT_FILE",
                       "The agent %s could not be read to its end; try again.", path);
}

static enum pros_status open_agent(struct registered *agent, const char *path,
                                   const char *configuration, struct failure *failure)
{
    char error[512] = "";
    const struct pros_agent *table = agent->agent.table;
    if (!table->open || table->open(configuration ? configuration : "{}", &agent->agent.state,
                                    error, sizeof error) == 0)
        return PROS_OK;
    error[sizeof error - 1] = '\0';
    return failure_set(failure, PROS_FAILED_PRECONDITION, "AGENT_OPEN",
                       "The agent %s does not start: %s", path,
                       error[0] ? error : "it does not say why");
}

static enum pros_status add_module(struct registry *registry, struct registered *agent,
                                   const char *path, const char *configuration,
                                   struct failure *failure)
{
    /* The one way from an object pointer to a function pointer that C allows. */
    const struct pros_agent *(*describe)(void) = NULL;
    void *symbol = dlsym(agent->module, "promoteros_agent");
    memcpy(&describe, &symbol, sizeof describe);
    if (!describe)
        return failure_set(failure, PROS_FAILED_PRECONDITION, "AGENT_SYMBOL",
                           "The agent %s is refused: it does not export promoteros_agent().", path);
    agent->agent.table = describe();
    enum pros_status status = registry_check(registry, agent->agent.table, path, failure);
    if (status == PROS_OK)
        status = open_agent(agent, path, configuration, failure);
    if (status == PROS_OK)
        registry_add(registry, agent);
    return status;
}

enum pros_status registry_load_module(struct registry *registry, const char *path,
                                      const char *configuration, struct failure *failure)
{
    struct registered agent = {.isolation = &thread_isolation};
    enum pros_status status = digest_file(path, agent.agent.module_sha256, failure);
    if (status != PROS_OK)
        return status;
    /* Without a slash dlopen() would search the library path. */
    char here[4096 + 2];
    snprintf(here, sizeof here, "%s%s", strchr(path, '/') ? "" : "./", path);
    agent.module = dlopen(here, RTLD_NOW | RTLD_LOCAL);
    if (!agent.module)
        return failure_set(failure, PROS_FAILED_PRECONDITION, "AGENT_FILE",
                           "The agent %s cannot be loaded: %s", path, dlerror());
    status = add_module(registry, &agent, path, configuration, failure);
    if (status != PROS_OK)
        dlclose(agent.module);
    return status;
}
