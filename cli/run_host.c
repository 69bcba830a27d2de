/* The host and its agents; any method by name. */
#include "cli/runs.h"

#include "base/clock.h"
#include "cli/display.h"
#include "cli/request_file.h"
#include "cli/table.h"
#include "grpc/client.h"
#include "json/json.h"

#include <promoteros/v1/agent_service.pb-c.h>
#include <stdlib.h>
#include <string.h>

int run_status(struct cli *cli, const struct args *args)
{
    Promoteros__V1__GetHostStatusRequest request = PROMOTEROS__V1__GET_HOST_STATUS_REQUEST__INIT;
    Promoteros__V1__GetHostStatusResponse *status;
    struct arena *arena = &cli->arena;
    int code = CALL(cli, "AgentService/GetHostStatus", request, get_host_status_response, &status);

    (void)args;
    if (runs_ended(cli, &code))
        return code;
    fprintf(cli->out, "%s at %s\n", display_styled(cli, DISPLAY_BOLD, "promoterosd"), cli->address);
    display_field(cli, "version", status->version);
    display_field(cli, "started",
                  cli_format(cli, "%s (%s)", display_time(arena, status->start_time),
                             display_age(arena, status->start_time, clock_now_ms())));
    display_field(cli, "store", status->store);
    display_field(cli, "artists", display_count(arena, status->artist_count));
    display_field(cli, "tracks", display_count(arena, status->track_count));
    display_field(cli, "venues", display_count(arena, status->venue_count));
    display_field(cli, "shows", display_count(arena, status->show_count));
    display_field(cli, "signal points", display_count(arena, status->point_count));
    display_field(cli, "events", display_count(arena, status->event_sequence));
    display_field(cli, "runs",
                  cli_format(cli, "%s since the start, %s now",
                             display_count(arena, status->run_count),
                             display_count(arena, status->active_run_count)));
    if (status->has_simulated_data)
        display_field(cli, "note", "holds simulated data");
    return CLI_OK;
}

static void print_agent(struct cli *cli, const Promoteros__V1__Agent *agent)
{
    fprintf(cli->out, "%s %s\n", display_styled(cli, DISPLAY_BOLD, agent->name), agent->version);
    display_paragraph(cli, 2, agent->summary);
    display_field(cli, "service", agent->service);
    display_field(cli, "module", agent->builtin ? "part of the host" : agent->module_sha256);
    for (size_t i = 0; i < agent->n_calls; i++)
        display_field(cli, "may call", agent->calls[i]);
    for (size_t i = 0; i < agent->n_methods; i++) {
        const Promoteros__V1__AgentMethod *method = agent->methods[i];
        fprintf(cli->out, "  %s%s\n", display_styled(cli, DISPLAY_BOLD, method->name),
                method->server_streaming ? " (streams)" : "");
        display_paragraph(cli, 4, method->summary);
    }
}

static void print_agents(struct cli *cli, const Promoteros__V1__ListAgentsResponse *reply)
{
    static const struct table_column columns[] = {{"agent", false, 0},
                                                  {"version", false, 0},
                                                  {"methods", true, 0},
                                                  {"what it does", false, 20}};
    struct table table;

    table_open(&table, cli, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < reply->n_agents; i++) {
        table_add(&table, reply->agents[i]->name);
        table_add(&table, reply->agents[i]->version);
        table_add(&table, display_count(&cli->arena, (int64_t)reply->agents[i]->n_methods));
        table_add(&table, reply->agents[i]->summary);
    }
    table_print(&table, "No agents are loaded. The daemon's configuration names their folder.");
}

int run_agents(struct cli *cli, const struct args *args)
{
    Promoteros__V1__ListAgentsRequest request = PROMOTEROS__V1__LIST_AGENTS_REQUEST__INIT;
    Promoteros__V1__ListAgentsResponse *reply;
    int code;

    request.include_builtin = args->count > 0 || args_has(args, "all");
    code = CALL(cli, "AgentService/ListAgents", request, list_agents_response, &reply);
    if (runs_ended(cli, &code))
        return code;
    if (args->count == 0) {
        print_agents(cli, reply);
        return CLI_OK;
    }
    for (size_t i = 0; i < reply->n_agents; i++) {
        if (strcmp(reply->agents[i]->name, args->positionals[0]) == 0) {
            print_agent(cli, reply->agents[i]);
            return CLI_OK;
        }
    }
    cli_usage(cli, "There is no agent \"%s\". See promoterosctl agents --all.",
              args->positionals[0]);
    return CLI_NOT_FOUND;
}

/* ---- call ---- */

/* "TrendAnalyzerService/DetectBreakouts", with or without the package, or "/" as "." */
static const struct schema_method *find_method(struct cli *cli, const char *name)
{
    const struct schema_method *method = schema_find_method(cli_schema(cli), name);

    return method ? method
                  : schema_find_method(cli_schema(cli), cli_format(cli, "promoteros.v1.%s", name));
}

/* The text itself, or with "-" or "@FILE" what stands there. */
static enum pros_status read_json_argument(const char *text, struct buffer *json,
                                           struct failure *failure)
{
    if (text[0] == '@')
        return request_file_slurp(text + 1, json, failure);
    if (strcmp(text, "-") == 0)
        return request_file_slurp(text, json, failure);
    if (!buffer_add_string(json, text))
        return failure_set(failure, PROS_RESOURCE_EXHAUSTED, "TOO_LARGE",
                           "The request is larger than a request may be (1 MiB).");
    return PROS_OK;
}

struct call_output {
    struct cli *cli;
    const struct schema_method *method;
};

static enum pros_status print_reply(void *context, struct pros_bytes reply)
{
    struct call_output *output = context;
    struct cli *cli = output->cli;

    if (cli_print_message(cli, output->method->output->full_name, reply,
                          output->method->server_streaming) != CLI_OK)
        return PROS_INTERNAL;
    fflush(cli->out);
    return PROS_OK;
}

static enum pros_status call(struct cli *cli, const struct schema_method *method,
                             struct pros_bytes request, struct failure *failure)
{
    struct call_output output = {cli, method};
    enum pros_status status;

    if (method->server_streaming)
        return grpc_client_stream(cli_client(cli), method->path, request, cli->timeout_ms,
                                  print_reply, &output, failure);
    status = cli_try_call_packed(cli, method->path, request, failure);
    if (status == PROS_OK)
        status = print_reply(&output, (struct pros_bytes){cli->reply.data, cli->reply.size});
    return status;
}

int run_call(struct cli *cli, const struct args *args)
{
    const struct schema_method *method = find_method(cli, args->positionals[0]);
    struct failure failure = {0};
    struct buffer json, wire;
    enum pros_status status;
    int code = CLI_OK;

    if (!method)
        return cli_usage(cli,
                         "There is no method \"%s\". Methods look like "
                         "TrendAnalyzerService/DetectBreakouts; see promoterosctl agents --all.",
                         args->positionals[0]);
    buffer_open(&json, REQUEST_FILE_BYTES_MAX);
    buffer_open(&wire, REQUEST_FILE_BYTES_MAX);
    status = read_json_argument(args->count > 1 ? args->positionals[1] : "{}", &json, &failure);
    if (status == PROS_OK)
        status = json_read(method->input, json.data ? json.data : "", json.size, &wire, &failure);
    if (status != PROS_OK) {
        cli_fail(cli, &failure);
        code = CLI_USAGE;
    } else if (call(cli, method, (struct pros_bytes){wire.data ? wire.data : "", wire.size},
                    &failure) != PROS_OK) {
        code = cli_fail(cli, &failure);
    }
    buffer_close(&json);
    buffer_close(&wire);
    return code;
}
