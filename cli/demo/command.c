#include "demo/demo.h"

#include "base/clock.h"
#include "base/text.h"

#include <promoteros/v1/agent_service.pb-c.h>
#include <string.h>

#define DEFAULT_SEED 7

/* A second city in one store would mix truths, and a later day would rewrite every series. */
static int holds_city(struct cli *cli, bool *there)
{
    Promoteros__V1__GetHostStatusRequest request = PROMOTEROS__V1__GET_HOST_STATUS_REQUEST__INIT;
    Promoteros__V1__GetHostStatusResponse *status = NULL;
    int code = cli_call(cli, "AgentService/GetHostStatus", &request.base,
                        &promoteros__v1__get_host_status_response__descriptor, (void **)&status);
    if (code != CLI_OK)
        return code;
    *there = status->has_simulated_data && status->show_count > 0;
    if (*there)
        fprintf(cli->err,
                "The store holds a simulated city already (%lld artists, %lld shows); nothing was "
                "changed.\n",
                (long long)status->artist_count, (long long)status->show_count);
    return CLI_OK;
}

static int load(struct cli *cli, int argc, char **argv)
{
    int64_t seed = DEFAULT_SEED;
    int32_t last_day = (int32_t)(clock_now_ms() / CLOCK_DAY_MS) - 1;
    for (int i = 0; i < argc; i += 2) {
        bool known = false;
        if (i + 1 < argc && strcmp(argv[i], "--seed") == 0)
            known = text_parse_int(argv[i + 1], &seed) && seed >= 0;
        else if (i + 1 < argc && strcmp(argv[i], "--last-day") == 0)
            known = clock_parse_date(argv[i + 1], &last_day);
        if (!known)
            return cli_usage(
                cli, "demo load takes --seed N (0 or more) and --last-day YYYY-MM-DD, not \"%s\".",
                argv[i]);
    }
    bool there = false;
    int code = holds_city(cli, &there);
    if (code != CLI_OK || there)
        return code;
    struct city *city = city_make((uint64_t)seed, last_day);
    code = demo_load(cli, city);
    city_free(city);
    return code;
}

int demo_command(struct cli *cli, int argc, char **argv)
{
    if (argc >= 1 && strcmp(argv[0], "load") == 0)
        return load(cli, argc - 1, argv + 1);
    if (argc == 1 && strcmp(argv[0], "tour") == 0)
        return demo_tour(cli);
    return cli_usage(
        cli, "demo load fills the store with a simulated city; demo tour runs the viral detection "
             "pipeline on it.");
}
