/* An agent's module for the registry's tests; MODULE_* says what is wrong with it. */
#include <promoteros/agent.h>
#include <string.h>

extern const unsigned char host_module_descriptors[], host_module_descriptors_end[];

static enum pros_status detect(struct pros_run *run, struct pros_bytes request,
                               struct pros_bytes *reply)
{
    (void)request;
    pros_summary(run, "Nothing breaks out.");
    reply->data = "";
    reply->size = 0;
    return PROS_OK;
}

static const struct pros_method methods[] = {
#ifdef MODULE_UNKNOWN_METHOD
    {.name = "DetectMiracles", .summary = "None.", .handle = detect},
#else
    {.name = "DetectBreakouts", .summary = "None.", .handle = detect},
#endif
};

static int open_module(const char *configuration, void **state, char *error, size_t error_size)
{
    *state = NULL;
#ifdef MODULE_OPEN_FAILS
    snprintf(error, error_size, "the setting level is missing in %s", configuration);
    return -1;
#else
    snprintf(error, error_size, "not an object: %s", configuration);
    return configuration[0] == '{' ? 0 : -1;
#endif
}

static struct pros_agent table = {
#ifdef MODULE_SHORT_TABLE
    .size = sizeof(struct pros_agent) - 8,
#else
    .size = sizeof(struct pros_agent),
#endif
#ifdef MODULE_WRONG_ABI
    .abi = PROS_ABI + 7,
#else
    .abi = PROS_ABI,
#endif
    .method_size = sizeof(struct pros_method),
    .name = "trend-analyzer",
    .title = "Trend analyzer",
    .summary = "For tests.",
    .version = "0.0.1",
    .service = "promoteros.v1.TrendAnalyzerService",
    .methods = methods,
    .method_count = 1,
    .open = open_module,
};

#ifdef MODULE_NO_SYMBOL
#define promoteros_agent promoteros_agent_of_another_name
const struct pros_agent *promoteros_agent_of_another_name(void);
#endif

const struct pros_agent *promoteros_agent(void)
{
#ifdef MODULE_BAD_CONTRACT
    table.descriptor_set.data = "\x0a\x7f";
    table.descriptor_set.size = 2;
#else
    table.descriptor_set.data = host_module_descriptors;
    table.descriptor_set.size = (size_t)(host_module_descriptors_end - host_module_descriptors);
#endif
    return &table;
}
