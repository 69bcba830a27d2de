#include "cli/runs.h"

#include "base/text.h"
#include "cli/clean.h"
#include "cli/display.h"
#include "cli/predict.h"
#include "cli/request_file.h"
#include "cli/table.h"

#include <promoteros/v1/deal_optimizer_service.pb-c.h>
#include <string.h>

/* ---- settle ---- */

static void line(struct cli *cli, const char *label, int64_t minor, const char *currency,
                 bool strong)
{
    char *amount = display_money(&cli->arena, minor, currency);

    fprintf(cli->out, "  %-34s %18s\n", label,
            strong ? display_styled(cli, DISPLAY_BOLD, cli_format(cli, "%18s", amount)) : amount);
}

/* A line that is left out when there is nothing on it. */
static void some(struct cli *cli, const char *label, int64_t minor, const char *currency)
{
    if (minor != 0)
        line(cli, label, minor, currency, false);
}

static void print_warnings(struct cli *cli, char *const *warnings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        fprintf(cli->out, "\n%s %s\n", display_styled(cli, DISPLAY_BAD, "Note:"),
                display_clean(&cli->arena, warnings[i]));
}

static void print_house(struct cli *cli, const Promoteros__V1__HouseResult *house,
                        const char *money)
{
    if (!house)
        return;
    display_heading(cli, "House");
    fprintf(cli->out, "  %-34s %18s\n", "heads", display_count(&cli->arena, house->heads));
    some(cli, "bar", house->bar_minor, money);
    some(cli, "facility fees", house->facility_minor, money);
    some(cli, "ticketing rebates", house->ticket_rebate_minor, money);
    some(cli, "merchandise", house->merch_minor, money);
    line(cli, "show contribution", house->show_contribution_minor, money, true);
}

static void print_settlement(struct cli *cli, const Promoteros__V1__Settlement *settled)
{
    const char *money = settled->currency_code;

    display_heading(cli, "Box office");
    fprintf(cli->out, "  %-34s %18s\n", "paid tickets",
            display_count(&cli->arena, settled->sold_tickets));
    line(cli, "gross", settled->gross_minor, money, false);
    some(cli, "facility fees", -settled->facility_minor, money);
    some(cli, "other fees", -settled->other_fees_minor, money);
    some(cli, "ticket tax", -settled->tax_minor, money);
    line(cli, "net gross", settled->net_gross_minor, money, true);
    some(cli, "untaxed extra revenue", settled->untaxed_extra_minor, money);
    display_heading(cli, "Costs before the split");
    for (size_t i = 0; i < settled->n_lines; i++)
        line(cli, display_clean(&cli->arena, settled->lines[i]->name),
             settled->lines[i]->amount_minor, money, false);
    line(cli, "all costs as they count", settled->artist_facing_expenses_minor, money, false);
    line(cli, "costs and guarantee", settled->expenses_plus_guarantee_minor, money, false);
    some(cli, "promoter profit", settled->promoter_profit_minor, money);
    if (settled->_split_point_minor_case)
        line(cli, "split point (net gross)", settled->split_point_minor, money, false);
    line(cli, "net to split", settled->net_to_split_minor, money, false);
    display_heading(cli, "Artist");
    line(cli, "what the percentage pays", settled->percentage_payout_minor, money, false);
    fprintf(cli->out, "  %-34s %18s\n", "backend",
            settled->backend_opened ? "opened" : "not opened");
    some(cli, "bonuses", settled->bonus_minor, money);
    line(cli, "artist earns", settled->artist_minor, money, true);
    for (size_t i = 0; i < settled->n_co_headliners; i++)
        line(cli, display_clean(&cli->arena, settled->co_headliners[i]->name),
             settled->co_headliners[i]->amount_minor, money, true);
    some(cli, "withheld", -settled->withholding_minor, money);
    some(cli, "deposit already paid", -settled->deposit_minor, money);
    some(cli, "reimbursements", settled->reimbursements_minor, money);
    line(cli, "cheque on the night", settled->cheque_minor, money, true);
    display_heading(cli, "Promoter");
    some(cli, "co-promoter", settled->partner_minor, money);
    line(cli, "ticket result", settled->promoter_minor, money, true);
    print_house(cli, settled->house, money);
    print_warnings(cli, settled->warnings, settled->n_warnings);
}

int run_deal_settle(struct cli *cli, const struct args *args)
{
    Promoteros__V1__SettleDealRequest *request;
    Promoteros__V1__SettleDealResponse *reply;
    int code =
        request_file_read(cli, args->positionals[0],
                          &promoteros__v1__settle_deal_request__descriptor, (void **)&request);

    if (code != CLI_OK)
        return code;
    if (cli->has_as_of)
        request->as_of_time = cli_as_of(cli);
    code = CALL(cli, "DealOptimizerService/SettleDeal", *request, settle_deal_response, &reply);
    if (runs_ended(cli, &code))
        return code;
    print_settlement(cli, reply->settlement);
    runs_trace_hint(cli, reply->trace_id);
    return CLI_OK;
}

/* ---- demand ---- */

/* "120,180,240": the 10 %, 50 % and 90 % quantiles; the mean by Swanson's rule 0.3, 0.4, 0.3. */
static int parse_demand(struct cli *cli, const char *text, Promoteros__V1__Distribution *demand)
{
    static const double levels[] = {0.1, 0.5, 0.9};
    double *values = arena_alloc_array(&cli->arena, 3, sizeof *values);
    const char *rest = text;

    for (int i = 0; i < 3; i++) {
        size_t size = strcspn(rest, ",");
        if (size == 0 || (i < 2) != (rest[size] == ',') ||
            !text_parse_double(cli_format(cli, "%.*s", (int)size, rest), &values[i]) ||
            values[i] < 0 || (i > 0 && values[i] < values[i - 1]))
            return cli_usage(cli,
                             "--demand \"%s\" is not LOW,LIKELY,HIGH in rising order, such as "
                             "120,180,240.",
                             text);
        rest += size + (i < 2);
    }
    demand->unit = (char *)"tickets";
    demand->levels = (double *)levels;
    demand->values = values;
    demand->n_levels = demand->n_values = 3;
    demand->mean = 0.3 * values[0] + 0.4 * values[1] + 0.3 * values[2];
    return CLI_OK;
}

/* Demand by --demand, or by asking the predictor about --artist, --venue, --date; else as it is. */
static int read_demand(struct cli *cli, const struct args *args,
                       Promoteros__V1__Distribution **demand)
{
    Promoteros__V1__PredictAttendanceResponse *prediction;
    int code;

    if (args_has(args, "demand")) {
        *demand = arena_alloc(&cli->arena, sizeof **demand);
        promoteros__v1__distribution__init(*demand);
        return parse_demand(cli, args_value(args, "demand"), *demand);
    }
    if (args_has(args, "date")) {
        code = predict_attendance(cli, args, &prediction);
        if (code != CLI_OK)
            return code;
        *demand = prediction->paid_tickets;
        if (!cli->json)
            fprintf(cli->out, "Predicted paid tickets: low %s / likely %s / high %s of %s\n",
                    display_count(&cli->arena, prediction->low_tickets),
                    display_count(&cli->arena, prediction->likely_tickets),
                    display_count(&cli->arena, prediction->high_tickets),
                    display_count(&cli->arena, prediction->capacity_tickets));
        return CLI_OK;
    }
    if (!*demand)
        return cli_usage(cli, "How many will come? Write \"demand\" into the file, say --demand "
                              "LOW,LIKELY,HIGH, or name the night with --artist, --venue, --date.");
    return CLI_OK;
}

/* ---- evaluate and optimize ---- */

/* "low -123.06 USD / likely 708.93 USD / high 1,153.13 USD": 10 %, 50 % and 90 %. */
static char *payoff_range(struct cli *cli, const Promoteros__V1__PayoffSummary *payoff,
                          const char *money)
{
    static const struct {
        double level;
        const char *name;
    } shown[] = {{0.1, "low"}, {0.5, "likely"}, {0.9, "high"}};
    char *text = arena_string(&cli->arena, "");

    for (size_t k = 0; k < 3; k++)
        for (size_t i = 0; i < payoff->n_levels && i < payoff->n_values_minor; i++)
            if (payoff->levels[i] > shown[k].level - 1e-9 &&
                payoff->levels[i] < shown[k].level + 1e-9)
                text = cli_format(cli, "%s%s%s %s", text, *text ? " / " : "", shown[k].name,
                                  display_money(&cli->arena, payoff->values_minor[i], money));
    return text;
}

static void print_evaluation(struct cli *cli, const Promoteros__V1__DealEvaluation *evaluation)
{
    const char *money = evaluation->terms ? evaluation->terms->currency_code : "";
    struct arena *arena = &cli->arena;

    fprintf(cli->out, "%s\n",
            display_styled(cli, DISPLAY_BOLD, display_clean(arena, evaluation->label)));
    display_field(cli, "expected tickets", display_number(arena, evaluation->expected_tickets));
    display_field(cli, "promoter expects",
                  display_money(arena, evaluation->promoter->expected_minor, money));
    display_field(cli, "", payoff_range(cli, evaluation->promoter, money));
    display_field(cli, "worst 5 % mean",
                  display_money(arena, evaluation->promoter->worst_mean_minor, money));
    display_field(cli, "P(loss)", display_percent(arena, evaluation->loss_probability));
    display_field(cli, "artist expects",
                  display_money(arena, evaluation->artist->expected_minor, money));
    if (evaluation->show_contribution)
        display_field(cli, "with the house",
                      display_money(arena, evaluation->show_contribution->expected_minor, money));
    if (evaluation->internal_break_even)
        display_field(cli, "no loss from",
                      display_counted(arena, evaluation->internal_break_even->tickets, "ticket"));
    if (evaluation->external_break_even)
        display_field(cli, "split opens at",
                      display_counted(arena, evaluation->external_break_even->tickets, "ticket"));
    for (size_t i = 0; i < evaluation->n_kinks; i++)
        if (evaluation->kinks[i]->_tickets_case)
            display_field(
                cli,
                cli_format(cli, "at %s",
                           display_counted(arena, evaluation->kinks[i]->tickets, "ticket")),
                evaluation->kinks[i]->name);
    print_warnings(cli, evaluation->warnings, evaluation->n_warnings);
}

int run_deal_evaluate(struct cli *cli, const struct args *args)
{
    Promoteros__V1__EvaluateDealRequest *request;
    Promoteros__V1__EvaluateDealResponse *reply;
    int code =
        request_file_read(cli, args->positionals[0],
                          &promoteros__v1__evaluate_deal_request__descriptor, (void **)&request);

    if (code == CLI_OK)
        code = read_demand(cli, args, &request->demand);
    if (code != CLI_OK)
        return code;
    if (cli->has_as_of)
        request->as_of_time = cli_as_of(cli);
    code = CALL(cli, "DealOptimizerService/EvaluateDeal", *request, evaluate_deal_response, &reply);
    if (runs_ended(cli, &code))
        return code;
    print_evaluation(cli, reply->evaluation);
    runs_trace_hint(cli, reply->trace_id);
    return CLI_OK;
}

static bool any_house(const Promoteros__V1__OptimizeDealResponse *reply)
{
    for (size_t i = 0; i < reply->n_options; i++)
        if (reply->options[i]->evaluation->show_contribution)
            return true;
    return false;
}

static void print_options(struct cli *cli, const Promoteros__V1__OptimizeDealResponse *reply)
{
    static const struct table_column columns[] = {{"", false, 0},
                                                  {"structure", false, 16},
                                                  {"tickets bring", true, 0},
                                                  {"worst 5 %", true, 0},
                                                  {"P(loss)", true, 0},
                                                  {"artist expects", true, 0},
                                                  {"no loss from", true, 0},
                                                  {"with the house", true, 0}};
    struct arena *arena = &cli->arena;
    bool house = any_house(reply);
    struct table table;

    table_open(&table, cli, columns, house ? 8 : 7);
    for (size_t i = 0; i < reply->n_options; i++) {
        const Promoteros__V1__DealOption *option = reply->options[i];
        const Promoteros__V1__DealEvaluation *deal = option->evaluation;
        const char *money = deal->terms ? deal->terms->currency_code : "";
        table_add(&table, option->recommended ? "->" : option->qualifies ? "" : "x");
        table_add(&table, deal->label);
        table_add(&table, display_money(arena, deal->promoter->expected_minor, money));
        table_add(&table, display_money(arena, deal->promoter->worst_mean_minor, money));
        table_add(&table, display_percent(arena, deal->loss_probability));
        table_add(&table, display_money(arena, deal->artist->expected_minor, money));
        table_add(&table, deal->internal_break_even
                              ? display_count(arena, deal->internal_break_even->tickets)
                              : "never");
        if (house)
            table_add(&table,
                      deal->show_contribution
                          ? display_money(arena, deal->show_contribution->expected_minor, money)
                          : "");
    }
    table_print_indented(&table, 2, "");
    fprintf(cli->out, "%s\n",
            display_styled(cli, DISPLAY_DIM,
                           "  -> recommended   x beyond the loss limit, or below "
                           "what was asked"));
    display_heading(cli, "Why");
    for (size_t i = 0; i < reply->n_options; i++) {
        fprintf(cli->out, "  %s\n",
                display_styled(cli, DISPLAY_BOLD,
                               display_clean(arena, reply->options[i]->evaluation->label)));
        display_paragraph(cli, 4, reply->options[i]->reason);
    }
}

static int read_offer(struct cli *cli, const struct args *args,
                      Promoteros__V1__OptimizeDealRequest *request)
{
    const char *ask = args_value(args, "ask"), *max_loss = args_value(args, "max-loss");
    char currency[4], why[CLEAN_WHY_SIZE];

    if (ask) {
        if (!clean_price(ask, &request->ask_minor, currency, why))
            return cli_usage(cli, "--ask: %s.", why);
        request->_ask_minor_case = PROMOTEROS__V1__OPTIMIZE_DEAL_REQUEST___ASK_MINOR_ASK_MINOR;
    }
    if (max_loss) {
        if (!clean_share(max_loss, &request->max_loss_probability, why))
            return cli_usage(cli, "--max-loss: %s.", why);
        request->_max_loss_probability_case =
            PROMOTEROS__V1__OPTIMIZE_DEAL_REQUEST___MAX_LOSS_PROBABILITY_MAX_LOSS_PROBABILITY;
    }
    return CLI_OK;
}

int run_deal_optimize(struct cli *cli, const struct args *args)
{
    Promoteros__V1__OptimizeDealRequest *request;
    Promoteros__V1__OptimizeDealResponse *reply;
    int code =
        request_file_read(cli, args->positionals[0],
                          &promoteros__v1__optimize_deal_request__descriptor, (void **)&request);

    if (code == CLI_OK)
        code = read_offer(cli, args, request);
    if (code == CLI_OK)
        code = read_demand(cli, args, &request->demand);
    if (code != CLI_OK)
        return code;
    if (cli->has_as_of)
        request->as_of_time = cli_as_of(cli);
    code = CALL(cli, "DealOptimizerService/OptimizeDeal", *request, optimize_deal_response, &reply);
    if (runs_ended(cli, &code))
        return code;
    display_paragraph(cli, 0, reply->recommendation);
    fputc('\n', cli->out);
    print_options(cli, reply);
    print_warnings(cli, reply->warnings, reply->n_warnings);
    runs_trace_hint(cli, reply->trace_id);
    return CLI_OK;
}
