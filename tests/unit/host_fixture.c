#include "unit/host_fixture.h"

#include "host/host_state.h"

#include <stdio.h>

extern const unsigned char promoteros_descriptor_set[], promoteros_descriptor_set_end[];

struct pros_bytes fixture_descriptor_set(void)
{
    return (struct pros_bytes){promoteros_descriptor_set,
                               (size_t)(promoteros_descriptor_set_end - promoteros_descriptor_set)};
}

#define HANDLER(name)                                                                              \
    static enum pros_status handle_##name(struct pros_run *run, struct pros_bytes request,         \
                                          struct pros_bytes *reply)                                \
    {                                                                                              \
        return fixture_of(run)->name(run, request, reply);                                         \
    }
HANDLER(query)
HANDLER(scan)
HANDLER(predict)
HANDLER(optimize)
HANDLER(watch)

static const struct pros_method signal_methods[] = {
    {.name = "QuerySignals",
     .summary = "Series.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .handle = handle_query},
    {.name = "ScanSignals",
     .summary = "All series.",
     .flags = PROS_SIDE_EFFECT_FREE | PROS_STREAMS,
     .handle = handle_scan},
    {.name = "BeginSignalImport", .summary = "Opens an import.", .handle = handle_query},
};
static const struct pros_method audience_methods[] = {{.name = "PredictAttendance",
                                                       .summary = "Attendance.",
                                                       .flags = PROS_SIDE_EFFECT_FREE,
                                                       .handle = handle_predict}};
static const struct pros_method deal_methods[] = {
    {.name = "OptimizeDeal",
     .summary = "The best deal.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .handle = handle_optimize},
    {.name = "SettleDeal",
     .summary = "A settlement.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .max_residual_share = 0.1,
     .journal = PROS_JOURNAL_NONE,
     .handle = handle_optimize},
    {.name = "EvaluateDeal",
     .summary = "An evaluation.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .journal = PROS_JOURNAL_SUMMARY,
     .handle = handle_optimize},
};
static const struct pros_method event_methods[] = {
    {.name = "WatchEvents",
     .summary = "Events.",
     .flags = PROS_SIDE_EFFECT_FREE | PROS_STREAMS | PROS_WAITS,
     .handle = handle_watch}};
static const char *const audience_calls[] = {QUERY, SCAN};
static const char *const deal_calls[] = {PREDICT, SCAN, QUERY};

#define TABLE(id, service_name, list)                                                              \
    .size = sizeof(struct pros_agent), .abi = PROS_ABI, .method_size = sizeof(struct pros_method), \
    .name = id, .title = id, .summary = "For tests.", .version = "1.2.3",                          \
    .service = "promoteros.v1." service_name, .methods = list,                                     \
    .method_count = sizeof list / sizeof *list

const struct pros_agent fixture_signals = {TABLE("signals", "SignalService", signal_methods)};
const struct pros_agent fixture_audience = {
    TABLE("audience-predictor", "AudiencePredictorService", audience_methods),
    .calls = audience_calls, .call_count = 2};
const struct pros_agent fixture_deal = {
    TABLE("deal-optimizer", "DealOptimizerService", deal_methods), .calls = deal_calls,
    .call_count = 3};

const struct pros_agent fixture_events = {TABLE("events", "EventService", event_methods)};

static int64_t fixture_now_ms(void)
{
    return FIXTURE_NOW_MS;
}

enum pros_status fixture_add_agent(struct host *host, const struct pros_agent *table, void *state,
                                   struct failure *failure)
{
    struct registered agent = {.agent = {.table = table, .state = state},
                               .isolation = &thread_isolation};
    enum pros_status status = registry_check(&host->registry, table, table->name, failure);
    if (status == PROS_OK)
        registry_add(&host->registry, &agent);
    return status;
}

bool fixture_open(struct fixture *fixture)
{
    struct failure failure = {0};
    fixture->options.descriptor_set = fixture_descriptor_set();
    if (!fixture->options.now_ms)
        fixture->options.now_ms = fixture_now_ms;
    if (host_open(&fixture->options, &fixture->host, &failure) == PROS_OK &&
        host_add_service(fixture->host, &fixture_signals, fixture, &failure) == PROS_OK &&
        host_add_service(fixture->host, &fixture_events, fixture, &failure) == PROS_OK &&
        fixture_add_agent(fixture->host, &fixture_audience, fixture, &failure) == PROS_OK &&
        fixture_add_agent(fixture->host, &fixture_deal, fixture, &failure) == PROS_OK &&
        host_seal(fixture->host, &failure) == PROS_OK)
        return true;
    fprintf(stderr, "fixture: %s\n", failure.sentence);
    return false;
}

void fixture_close(struct fixture *fixture)
{
    host_close(fixture->host);
    fixture->host = NULL;
}
