#include "cli/runs.h"

#include "cli/display.h"
#include "cli/table.h"

#include <promoteros/v1/trace_service.pb-c.h>
#include <string.h>

static char *figure(struct cli *cli, double value, const char *unit)
{
    return cli_format(cli, "%s%s%s", display_number(&cli->arena, value), *unit ? " " : "", unit);
}

static void print_inputs(struct cli *cli, const Promoteros__V1__ReasoningTrace *trace)
{
    static const struct table_column columns[] = {
        {"", false, 0},      {"what", false, 16}, {"figure", true, 0}, {"from", false, 16},
        {"as of", false, 0}, {"trust", false, 0}, {"N", true, 0}};
    struct arena *arena = &cli->arena;
    struct table table;

    if (trace->n_inputs == 0)
        return;
    display_heading(cli, "What went in");
    table_open(&table, cli, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < trace->n_inputs; i++) {
        const Promoteros__V1__TraceInput *input = trace->inputs[i];
        table_add(&table, input->id);
        table_add(&table, input->name);
        table_add(&table, input->_value_case ? figure(cli, input->value, input->unit) : "");
        table_add(&table, display_method(input->source));
        table_add(&table, display_date(arena, input->observed_time));
        table_add(&table, display_enum(arena, &promoteros__v1__input_status__descriptor,
                                       (int)input->status));
        table_add(&table,
                  input->observation_count ? display_count(arena, input->observation_count) : "");
    }
    table_print_indented(&table, 2, "");
}

static void print_steps(struct cli *cli, const Promoteros__V1__ReasoningTrace *trace)
{
    if (trace->n_steps == 0)
        return;
    display_heading(cli, "What was done");
    for (size_t i = 0; i < trace->n_steps; i++) {
        const Promoteros__V1__TraceStep *step = trace->steps[i];
        fprintf(cli->out, "  %s  %s  %s\n", step->id,
                display_styled(cli, DISPLAY_BOLD, display_clean(&cli->arena, step->title)),
                display_styled(cli, DISPLAY_DIM,
                               display_enum(&cli->arena, &promoteros__v1__step_kind__descriptor,
                                            (int)step->kind)));
        if (*step->statement)
            display_paragraph(cli, 6, step->statement);
        if (*step->formula)
            display_paragraph(cli, 6, step->formula);
    }
}

static const char *scale_text(Promoteros__V1__Link link)
{
    switch (link) {
    case PROMOTEROS__V1__LINK__LINK_LOG:
        return ", in natural logarithms";
    case PROMOTEROS__V1__LINK__LINK_LOGIT:
        return ", in log-odds";
    default:
        return "";
    }
}

static void print_conclusion(struct cli *cli, const Promoteros__V1__TraceConclusion *conclusion)
{
    struct arena *arena = &cli->arena;
    char *range = arena_string(arena, "");

    if (conclusion->_low_case && conclusion->_high_case)
        range = cli_format(
            cli, "  (%s to %s%s)", display_number(arena, conclusion->low),
            display_number(arena, conclusion->high),
            conclusion->_interval_level_case
                ? cli_format(cli, ", %s", display_percent(arena, conclusion->interval_level))
                : "");
    fprintf(cli->out, "  %s: %s%s%s\n", display_styled(cli, DISPLAY_BOLD, conclusion->name),
            figure(cli, conclusion->value, conclusion->unit), range, scale_text(conclusion->link));
    fprintf(cli->out, "    %12s  %s\n", cli_format(cli, "%.4g", conclusion->baseline),
            *conclusion->baseline_text ? display_clean(arena, conclusion->baseline_text)
                                       : "where the sum starts");
    for (size_t i = 0; i < conclusion->n_contributions; i++)
        fprintf(cli->out, "    %12s  %s\n",
                cli_format(cli, "%+.4g", conclusion->contributions[i]->amount),
                display_clean(arena, conclusion->contributions[i]->text));
    fprintf(cli->out, "    %12s  what is left over, computed by the host\n",
            cli_format(cli, "%+.2g", conclusion->residual));
    if (conclusion->confidence_kind)
        fprintf(cli->out, "    %12s  %s%s\n", "confidence",
                display_enum(arena, &promoteros__v1__confidence_kind__descriptor,
                             (int)conclusion->confidence_kind),
                conclusion->sample_size
                    ? cli_format(cli, ", N = %s", display_count(arena, conclusion->sample_size))
                    : "");
}

static void print_rest(struct cli *cli, const Promoteros__V1__ReasoningTrace *trace)
{
    if (trace->n_alternatives > 0)
        display_heading(cli, "What lost");
    for (size_t i = 0; i < trace->n_alternatives; i++) {
        const Promoteros__V1__TraceAlternative *lost = trace->alternatives[i];
        fprintf(cli->out, "  %s: %s\n", display_clean(&cli->arena, lost->label),
                figure(cli, lost->value, lost->unit));
        display_paragraph(cli, 4, lost->rejected_because);
    }
    if (trace->n_flips > 0)
        display_heading(cli, "What would change it");
    for (size_t i = 0; i < trace->n_flips; i++) {
        const Promoteros__V1__TraceFlip *flip = trace->flips[i];
        display_paragraph(cli, 2,
                          cli_format(cli, "%s from %s to %s: %s", flip->input,
                                     display_number(&cli->arena, flip->from_value),
                                     figure(cli, flip->to_value, flip->unit), flip->new_outcome));
    }
    runs_limits(cli, trace->limits, trace->n_limits);
    if (trace->n_children > 0)
        display_heading(cli, "What it asked for");
    for (size_t i = 0; i < trace->n_children; i++)
        fprintf(cli->out, "  %s  %s\n", display_method(trace->children[i]->method),
                *trace->children[i]->trace_id
                    ? trace->children[i]->trace_id
                    : cli_format(cli, "reply %.16s", trace->children[i]->reply_sha256));
}

static void print_trace(struct cli *cli, const Promoteros__V1__ReasoningTrace *trace)
{
    struct arena *arena = &cli->arena;

    display_paragraph(cli, 0, trace->summary);
    fputc('\n', cli->out);
    display_field(cli, "trace", trace->trace_id);
    display_field(cli, "method", display_method(trace->method));
    if (trace->agent)
        display_field(cli, "agent",
                      cli_format(cli, "%s %s", trace->agent->name, trace->agent->version));
    display_field(cli, "started", display_time(arena, trace->start_time));
    display_field(cli, "as of", display_time(arena, trace->as_of_time));
    display_field(cli, "asked by", trace->parent_trace_id);
    if (trace->commit_seq)
        display_field(cli, "store at", display_count(arena, trace->commit_seq));
    if (trace->status_code)
        display_field(cli, "ended with", status_name((enum pros_status)trace->status_code));
    print_inputs(cli, trace);
    print_steps(cli, trace);
    if (trace->n_conclusions > 0)
        display_heading(cli, "What came out");
    for (size_t i = 0; i < trace->n_conclusions; i++)
        print_conclusion(cli, trace->conclusions[i]);
    print_rest(cli, trace);
}

int run_trace(struct cli *cli, const struct args *args)
{
    Promoteros__V1__GetTraceRequest request = PROMOTEROS__V1__GET_TRACE_REQUEST__INIT;
    Promoteros__V1__GetTraceResponse *reply;
    int code;

    request.trace_id = (char *)args->positionals[0];
    code = CALL(cli, "TraceService/GetTrace", request, get_trace_response, &reply);
    if (runs_ended(cli, &code))
        return code;
    print_trace(cli, reply->trace);
    return CLI_OK;
}

int run_trace_list(struct cli *cli, const struct args *args)
{
    static const struct table_column columns[] = {{"trace", false, 0},
                                                  {"when", false, 0},
                                                  {"method", false, 16},
                                                  {"ms", true, 0},
                                                  {"result", false, 24}};
    Promoteros__V1__ListTracesRequest request = PROMOTEROS__V1__LIST_TRACES_REQUEST__INIT;
    Promoteros__V1__ListTracesResponse *reply;
    struct table table;
    int code;

    request.page_size = 20;
    if (!runs_limit(cli, args, &request.page_size))
        return CLI_USAGE;
    if (args_has(args, "agent"))
        request.agent = (char *)args_value(args, "agent");
    code = CALL(cli, "TraceService/ListTraces", request, list_traces_response, &reply);
    if (runs_ended(cli, &code))
        return code;
    table_open(&table, cli, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < reply->n_traces; i++) {
        const Promoteros__V1__TraceSummary *trace = reply->traces[i];
        const char *method = strrchr(trace->method, '/');
        table_add(&table, trace->trace_id);
        table_add(&table, display_time(&cli->arena, trace->start_time));
        table_add(&table, method ? method + 1 : trace->method);
        table_add(&table, cli_format(cli, "%.1f", trace->duration_ms));
        table_add(&table, trace->status_code
                              ? cli_format(cli, "failed: %s",
                                           status_name((enum pros_status)trace->status_code))
                              : trace->summary);
    }
    table_print(&table, "There are no traces yet. Every answer of an agent leaves one.");
    runs_more(cli, reply->next_page_token);
    return CLI_OK;
}

int run_trace_verify(struct cli *cli, const struct args *args)
{
    Promoteros__V1__VerifyTraceRequest request = PROMOTEROS__V1__VERIFY_TRACE_REQUEST__INIT;
    Promoteros__V1__VerifyTraceResponse *reply;
    int code;

    request.trace_id = (char *)args->positionals[0];
    code = CALL(cli, "TraceService/VerifyTrace", request, verify_trace_response, &reply);
    if (code != CLI_OK)
        return code;
    if (cli->json) {
        code = cli_print_json(cli);
        return code != CLI_OK || reply->valid ? code : CLI_FAILED;
    }
    for (size_t i = 0; i < reply->n_checks; i++)
        fprintf(cli->out, "%s  %s: %s\n",
                reply->checks[i]->passed ? display_styled(cli, DISPLAY_GOOD, "passed")
                                         : display_styled(cli, DISPLAY_BAD, "FAILED"),
                display_clean(&cli->arena, reply->checks[i]->name),
                display_clean(&cli->arena, reply->checks[i]->detail));
    fprintf(cli->out, "%s\n", reply->valid ? "The trace is sound." : "The trace is NOT sound.");
    return reply->valid ? CLI_OK : CLI_FAILED;
}
