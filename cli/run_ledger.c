#include "cli/runs.h"

#include "base/text.h"
#include "cli/display.h"
#include "cli/table.h"

#include <promoteros/v1/ledger_service.pb-c.h>
#include <string.h>

static char *said(struct cli *cli, const Promoteros__V1__Prediction *prediction)
{
    struct arena *arena = &cli->arena;

    if (prediction->_probability_case)
        return display_percent(arena, prediction->probability);
    if (!prediction->distribution)
        return arena_string(arena, "");
    return cli_format(cli, "%s / %s / %s",
                      display_rounded(arena, display_quantile(prediction->distribution, 0.1)),
                      display_rounded(arena, display_quantile(prediction->distribution, 0.5)),
                      display_rounded(arena, display_quantile(prediction->distribution, 0.9)));
}

static char *happened(struct cli *cli, const Promoteros__V1__Prediction *prediction)
{
    if (!prediction->outcome)
        return arena_string(&cli->arena, "");
    if (prediction->_probability_case)
        return arena_string(&cli->arena, prediction->outcome->value > 0 ? "yes" : "no");
    return cli_format(cli, "%s%s", prediction->outcome->at_least ? "at least " : "",
                      display_number(&cli->arena, prediction->outcome->value));
}

static void print_predictions(struct cli *cli, Promoteros__V1__Prediction *const *predictions,
                              size_t count, const char *empty)
{
    static const struct table_column columns[] = {
        {"id", false, 0},  {"target", false, 0},  {"about", false, 16}, {"said", true, 0},
        {"due", false, 0}, {"happened", true, 0}, {"decided", false, 0}};
    struct arena *arena = &cli->arena;
    struct table table;

    table_open(&table, cli, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < count; i++) {
        const Promoteros__V1__Prediction *prediction = predictions[i];
        table_add(&table, prediction->id);
        table_add(&table, prediction->target);
        table_add(&table, prediction->subject);
        table_add(&table, said(cli, prediction));
        table_add(&table, display_date(arena, prediction->due_time));
        table_add(&table, happened(cli, prediction));
        table_add(&table, prediction->decision
                              ? display_enum(arena, &promoteros__v1__decision_kind__descriptor,
                                             (int)prediction->decision->kind)
                              : "");
    }
    table_print(&table, empty);
}

int run_predictions(struct cli *cli, const struct args *args)
{
    Promoteros__V1__ListPredictionsRequest request = PROMOTEROS__V1__LIST_PREDICTIONS_REQUEST__INIT;
    Promoteros__V1__ListPredictionsResponse *reply;
    int code;

    request.page_size = 30;
    if (!runs_limit(cli, args, &request.page_size))
        return CLI_USAGE;
    if (args->count > 0)
        request.target = (char *)args->positionals[0];
    if (args_has(args, "subject"))
        request.subject_prefix = (char *)args_value(args, "subject");
    if (args_has(args, "open") || args_has(args, "scored")) {
        request.open = args_has(args, "open");
        request._open_case = PROMOTEROS__V1__LIST_PREDICTIONS_REQUEST___OPEN_OPEN;
    }
    code = CALL(cli, "LedgerService/ListPredictions", request, list_predictions_response, &reply);
    if (runs_ended(cli, &code))
        return code;
    print_predictions(cli, reply->predictions, reply->n_predictions,
                      "No such predictions yet. detect and predict issue them.");
    runs_more(cli, reply->next_page_token);
    return CLI_OK;
}

int run_outcome(struct cli *cli, const struct args *args)
{
    Promoteros__V1__RecordOutcomeRequest request = PROMOTEROS__V1__RECORD_OUTCOME_REQUEST__INIT;
    Promoteros__V1__RecordOutcomeResponse *reply;
    int code;

    request.request_id = cli_request_id(cli);
    request.target = (char *)args->positionals[0];
    request.subject = (char *)args->positionals[1];
    request.at_least = args_has(args, "at-least");
    if (strcmp(args->positionals[2], "yes") == 0)
        request.value = 1;
    else if (strcmp(args->positionals[2], "no") != 0 &&
             !text_parse_double(args->positionals[2], &request.value))
        return cli_usage(cli, "\"%s\" is not a number, yes or no.", args->positionals[2]);
    code = CALL(cli, "LedgerService/RecordOutcome", request, record_outcome_response, &reply);
    if (runs_ended(cli, &code))
        return code;
    print_predictions(cli, reply->scored_predictions, reply->n_scored_predictions,
                      "Recorded. No open prediction was about this.");
    return CLI_OK;
}

int run_decide(struct cli *cli, const struct args *args)
{
    static const struct {
        const char *word;
        Promoteros__V1__DecisionKind kind;
    } kinds[] = {{"booked", PROMOTEROS__V1__DECISION_KIND__DECISION_KIND_BOOKED},
                 {"passed", PROMOTEROS__V1__DECISION_KIND__DECISION_KIND_PASSED},
                 {"overridden", PROMOTEROS__V1__DECISION_KIND__DECISION_KIND_OVERRIDDEN}};
    Promoteros__V1__RecordDecisionRequest request = PROMOTEROS__V1__RECORD_DECISION_REQUEST__INIT;
    Promoteros__V1__RecordDecisionResponse *reply;
    int code;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(args->positionals[1], kinds[i].word) == 0)
            request.kind = kinds[i].kind;
    if (!request.kind)
        return cli_usage(cli, "\"%s\" is no decision: it is booked, passed or overridden.",
                         args->positionals[1]);
    if (!args_has(args, "reason"))
        return cli_usage(cli,
                         "Say why with --reason \"...\": reasons are what can be learned from.");
    request.request_id = cli_request_id(cli);
    request.prediction_id = (char *)args->positionals[0];
    request.reason = (char *)args_value(args, "reason");
    code = CALL(cli, "LedgerService/RecordDecision", request, record_decision_response, &reply);
    if (runs_ended(cli, &code))
        return code;
    fprintf(cli->out, "Recorded: %s %s.\n", args->positionals[0], args->positionals[1]);
    return CLI_OK;
}

int run_scorecard(struct cli *cli, const struct args *args)
{
    Promoteros__V1__GetScorecardRequest request = PROMOTEROS__V1__GET_SCORECARD_REQUEST__INIT;
    Promoteros__V1__GetScorecardResponse *card;
    struct arena *arena = &cli->arena;
    int code;

    request.target = (char *)args->positionals[0];
    if (args_has(args, "agent"))
        request.agent = (char *)args_value(args, "agent");
    code = CALL(cli, "LedgerService/GetScorecard", request, get_scorecard_response, &card);
    if (runs_ended(cli, &code))
        return code;
    fprintf(cli->out, "%s\n", display_styled(cli, DISPLAY_BOLD, args->positionals[0]));
    display_field(cli, "scored", display_count(arena, card->scored_count));
    display_field(cli, "open", display_count(arena, card->open_count));
    if (card->_mean_score_case)
        display_field(
            cli, "mean score",
            cli_format(cli, "%s (0 is perfect)", display_number(arena, card->mean_score)));
    if (card->_mean_baseline_score_case)
        display_field(cli, "naive baseline", display_number(arena, card->mean_baseline_score));
    if (card->_skill_case)
        display_field(cli, "skill",
                      cli_format(cli, "%+.0f %% against the baseline", 100 * card->skill));
    if (card->_coverage_80_case)
        display_field(cli, "within 80 %",
                      cli_format(cli, "%s of outcomes", display_percent(arena, card->coverage_80)));
    if (card->_within_10_percent_case)
        display_field(
            cli, "within 10 %",
            cli_format(cli, "%s of outcomes%s", display_percent(arena, card->within_10_percent),
                       card->_within_10_percent_floor_case
                           ? cli_format(cli, " (%s at best)",
                                        display_percent(arena, card->within_10_percent_floor))
                           : ""));
    if (card->scored_count == 0) {
        fprintf(cli->out, "\nNothing is scored yet: outcomes come with attendance (promoterosctl "
                          "shows attendance) or by promoterosctl outcome.\n");
        return CLI_OK;
    }
    display_heading(cli, "Worst misses");
    print_predictions(cli, card->worst_predictions, card->n_worst_predictions, "None.");
    return CLI_OK;
}
