#include "base/clock.h"
#include "base/memory.h"
#include "host/dispatch.h"
#include "host/host_state.h"

#include <stdlib.h>
#include <unistd.h>

#define DEFAULT_QUEUE_LIMIT  1024
#define DEFAULT_BUDGET_BYTES ((size_t)256 * 1024 * 1024)
#define DEFAULT_DEADLINE_MS  60000
#define MIN_THREADS          4

static unsigned default_threads(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned twice = cores > 0 && cores <= 128 ? (unsigned)cores * 2 : MIN_THREADS;
    return twice > MIN_THREADS ? twice : MIN_THREADS;
}

enum pros_status host_open(const struct host_options *options, struct host **host,
                           struct failure *failure)
{
    struct host *made = memory_new(1, sizeof *made);
    int64_t deadline_ms =
        options->default_deadline_ms ? options->default_deadline_ms : DEFAULT_DEADLINE_MS;
    made->store = options->store;
    made->run_budget_bytes =
        options->run_budget_bytes ? options->run_budget_bytes : DEFAULT_BUDGET_BYTES;
    made->default_deadline_us = deadline_ms * 1000;
    made->now_ms = options->now_ms ? options->now_ms : clock_now_ms;
    made->start_ms = made->now_ms();
    *host = NULL;
    enum pros_status status = registry_open(&made->registry, options->descriptor_set, failure);
    if (status == PROS_OK)
        status =
            access_open(made->store, options->require_key, made->now_ms, &made->access, failure);
    if (status == PROS_OK) {
        made->pool = pool_open(options->thread_count ? options->thread_count : default_threads(),
                               options->queue_limit ? options->queue_limit : DEFAULT_QUEUE_LIMIT,
                               dispatch_run, made);
        if (!made->pool)
            status = failure_set(failure, PROS_RESOURCE_EXHAUSTED, "NO_THREADS",
                                 "The system does not give the host its threads; lower "
                                 "host.threads.");
    }
    if (status != PROS_OK) {
        host_close(made);
        return status;
    }
    *host = made;
    return PROS_OK;
}

void host_close(struct host *host)
{
    if (!host)
        return;
    pool_free(host->pool);
    registry_close(&host->registry);
    access_close(host->access);
    free(host);
}

enum pros_status host_add_service(struct host *host, const struct pros_agent *service, void *state,
                                  struct failure *failure)
{
    const char *who = service && service->service ? service->service : "(unnamed)";
    struct registered agent = {.agent = {.table = service, .state = state, .builtin = true},
                               .isolation = &thread_isolation};
    enum pros_status status = registry_check(&host->registry, service, who, failure);
    if (status == PROS_OK)
        registry_add(&host->registry, &agent);
    return status;
}

enum pros_status host_load_agent(struct host *host, const char *path, const char *configuration,
                                 struct failure *failure)
{
    return registry_load_module(&host->registry, path, configuration, failure);
}

enum pros_status host_seal(struct host *host, struct failure *failure)
{
    return registry_seal(&host->registry, failure);
}

const struct host_agent *host_agent_at(const struct host *host, size_t position)
{
    return position < host->registry.agent_count ? &host->registry.agents[position]->agent : NULL;
}

const struct host_method *host_method_at(const struct host *host, size_t position)
{
    return position < host->registry.method_count ? host->registry.methods[position] : NULL;
}

const struct host_method *host_find_method(const struct host *host, const char *path)
{
    return registry_find(&host->registry, path);
}

const struct schema *host_schema(const struct host *host)
{
    return host->registry.schema;
}

struct host_figures host_get_figures(const struct host *host)
{
    return (struct host_figures){.start_ms = host->start_ms,
                                 .run_count = atomic_load(&host->run_count),
                                 .active_run_count = atomic_load(&host->active_run_count),
                                 .waiting_count = (int64_t)pool_waiting_count(host->pool)};
}

struct store *host_store(const struct host *host)
{
    return host->store;
}
