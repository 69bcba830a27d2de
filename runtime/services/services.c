/* Adds the host's own services to the host. */
#include "services/services.h"

#include "base/memory.h"
#include "services/work.h"

#include <stdlib.h>

static const struct pros_agent *const tables[] = {
    &signal_service_table, &catalog_service_table, &ledger_service_table, &trace_service_table,
    &event_service_table,  &agent_service_table,   &access_service_table,
};

enum pros_status services_open(struct host *host, struct services **services,
                               struct failure *failure)
{
    struct services *opened = memory_new(1, sizeof *opened);
    opened->host = host;
    opened->store = host_store(host);
    pthread_mutex_init(&opened->writing, NULL);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        enum pros_status status = host_add_service(host, tables[i], opened, failure);
        if (status != PROS_OK) {
            services_close(opened);
            return status;
        }
    }
    *services = opened;
    return PROS_OK;
}

void services_stop(struct services *services)
{
    atomic_store(&services->stopping, true);
}

void services_close(struct services *services)
{
    if (!services)
        return;
    pthread_mutex_destroy(&services->writing);
    free(services);
}
