/* AgentService: which agents the host serves, and how it is doing. */
#include "services/work.h"

#include <promoteros/v1/agent_service.pb-c.h>

static Promoteros__V1__AgentMethod *method_new(struct arena *arena,
                                               const struct host_method *method)
{
    Promoteros__V1__AgentMethod *described = arena_alloc(arena, sizeof *described);
    promoteros__v1__agent_method__init(described);
    described->name = (char *)method->entry->name;
    described->summary = (char *)method->entry->summary;
    described->server_streaming = (method->entry->flags & PROS_STREAMS) != 0;
    described->side_effect_free = (method->entry->flags & PROS_SIDE_EFFECT_FREE) != 0;
    return described;
}

static Promoteros__V1__Agent *agent_new(struct work *work, const struct host_agent *agent)
{
    struct arena *arena = work->arena;
    const struct pros_agent *table = agent->table;
    Promoteros__V1__Agent *described = arena_alloc(arena, sizeof *described);
    promoteros__v1__agent__init(described);
    described->name = (char *)table->name;
    described->title = (char *)table->title;
    described->summary = (char *)table->summary;
    described->version = (char *)table->version;
    described->service = (char *)table->service;
    described->module_sha256 = (char *)agent->module_sha256;
    described->builtin = agent->builtin;
    described->calls = (char **)(uintptr_t)table->calls;
    described->n_calls = table->call_count;
    described->methods = arena_alloc_array(arena, table->method_count, sizeof *described->methods);
    const struct host_method *method;
    for (size_t i = 0; (method = host_method_at(work->services->host, i)); i++)
        if (method->agent == agent)
            described->methods[described->n_methods++] = method_new(arena, method);
    return described;
}

static enum pros_status list_agents(struct work *work,
                                    const Promoteros__V1__ListAgentsRequest *request,
                                    Promoteros__V1__ListAgentsResponse *response)
{
    const struct host_agent *agent;
    size_t capacity = 0;
    for (size_t i = 0; (agent = host_agent_at(work->services->host, i)); i++) {
        if (agent->builtin && !request->include_builtin)
            continue;
        response->agents = arena_grow(work->arena, response->agents, response->n_agents, &capacity,
                                      sizeof *response->agents);
        response->agents[response->n_agents++] = agent_new(work, agent);
    }
    return PROS_OK;
}
SERVICE_METHOD(list_agents, Promoteros__V1__ListAgentsRequest, promoteros__v1__list_agents_request,
               Promoteros__V1__ListAgentsResponse, promoteros__v1__list_agents_response)

static enum pros_status get_host_status(struct work *work,
                                        const Promoteros__V1__GetHostStatusRequest *request,
                                        Promoteros__V1__GetHostStatusResponse *response)
{
    (void)request;
    struct store_counts counts;
    TRY(store_get_counts(work->store, &counts, &work->failure));
    struct host_figures figures = host_get_figures(work->services->host);
    response->version = (char *)PROMOTEROS_VERSION;
    response->start_time = timestamp_new(work->arena, figures.start_ms);
    response->store = (char *)store_description(work->store);
    response->commit_seq = counts.commit_seq;
    response->event_sequence = counts.event_sequence;
    response->artist_count = counts.artists;
    response->track_count = counts.tracks;
    response->venue_count = counts.venues;
    response->show_count = counts.shows;
    response->point_count = counts.points;
    response->run_count = figures.run_count;
    response->active_run_count = figures.active_run_count;
    response->has_simulated_data = counts.has_simulated;
    return PROS_OK;
}
SERVICE_METHOD(get_host_status, Promoteros__V1__GetHostStatusRequest,
               promoteros__v1__get_host_status_request, Promoteros__V1__GetHostStatusResponse,
               promoteros__v1__get_host_status_response)

static const struct pros_method methods[] = {
    {.name = "ListAgents",
     .summary = "Lists the agents that the host serves.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .journal = PROS_JOURNAL_NONE,
     .handle = list_agents_bytes},
    {.name = "GetHostStatus",
     .summary = "Returns how the host is doing.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .journal = PROS_JOURNAL_NONE,
     .handle = get_host_status_bytes},
};

const struct pros_agent agent_service_table = {
    .size = sizeof(struct pros_agent),
    .abi = PROS_ABI,
    .method_size = sizeof(struct pros_method),
    .name = "agents",
    .title = "Agents",
    .summary = "Describes the host and its agents.",
    .version = PROMOTEROS_VERSION,
    .service = "promoteros.v1.AgentService",
    .methods = methods,
    .method_count = sizeof methods / sizeof *methods,
};
