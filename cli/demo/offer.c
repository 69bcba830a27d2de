/* One candidate in the demo room: attendance, then the offer. */
#include "demo/tour.h"

#include "cli/display.h"
#include "cli/table.h"

#include <promoteros/v1/audience_predictor_service.pb-c.h>
#include <promoteros/v1/deal_optimizer_service.pb-c.h>

#define ASK_SHARE 0.35 /* of the likely gross: what the artist's agent asks for in this demo */

static int predict(struct cli *cli, const struct tour *tour,
                   const Promoteros__V1__BreakoutCandidate *candidate, int64_t price_cents,
                   Promoteros__V1__PredictAttendanceResponse **reply)
{
    Promoteros__V1__PredictAttendanceRequest request =
        PROMOTEROS__V1__PREDICT_ATTENDANCE_REQUEST__INIT;
    Promoteros__V1__Money price = PROMOTEROS__V1__MONEY__INIT;
    price.currency_code = (char *)"USD";
    price.amount_minor = price_cents;
    request.as_of_time = cli_timestamp(cli, tour->as_of_ms);
    request.artist_id = candidate->entity->id;
    request.venue_id = tour->venue->id;
    request.room_id = tour->room->id;
    request.show_date = (char *)tour->show_date;
    request.ticket_price = &price;
    return cli_call(cli, "AudiencePredictorService/PredictAttendance", &request.base,
                    &promoteros__v1__predict_attendance_response__descriptor, (void **)reply);
}

static void print_attendance(struct cli *cli, const Promoteros__V1__BreakoutCandidate *candidate,
                             const Promoteros__V1__PredictAttendanceResponse *answer)
{
    fprintf(cli->out, "\n%s\n", display_styled(cli, DISPLAY_BOLD, candidate->name));
    display_field(cli, "Paid tickets",
                  cli_format(cli, "low %lld / likely %lld / high %lld of %lld",
                             (long long)answer->low_tickets, (long long)answer->likely_tickets,
                             (long long)answer->high_tickets, (long long)answer->capacity_tickets));
    display_field(cli, "Sell-out", display_percent(&cli->arena, answer->sell_out_probability));
    display_field(
        cli, "Starts from",
        cli_format(cli, "%.0f tickets, the market's recent share", answer->baseline_tickets));
    for (size_t i = 0; i < answer->n_reasons && i < 8; i++)
        display_paragraph(cli, 14,
                          cli_format(cli, "%+.0f  %s", answer->reasons[i]->contribution_tickets,
                                     answer->reasons[i]->text));
}

/* The room's own figures as the show's sheet: one price, facility fee, tax, costs, and what the
 * house earns. */
static void fill_sheet(struct cli *cli, const struct tour *tour, int64_t price_cents,
                       Promoteros__V1__ShowSheet *sheet)
{
    const Promoteros__V1__RoomEconomics *economics = tour->room->economics;
    Promoteros__V1__BoxOfficeTier *tier = arena_alloc(&cli->arena, sizeof *tier);
    promoteros__v1__box_office_tier__init(tier);
    tier->name = (char *)"general admission";
    tier->price_minor = price_cents;
    tier->_allotment_tickets_case =
        PROMOTEROS__V1__BOX_OFFICE_TIER___ALLOTMENT_TICKETS_ALLOTMENT_TICKETS;
    tier->allotment_tickets = tour->room->configurations[0]->capacity_tickets;
    Promoteros__V1__BoxOffice *box = arena_alloc(&cli->arena, sizeof *box);
    promoteros__v1__box_office__init(box);
    box->currency_code = (char *)"USD";
    box->tiers = arena_copy(&cli->arena, &tier, sizeof tier);
    box->n_tiers = 1;
    box->_facility_fee_minor_case =
        PROMOTEROS__V1__BOX_OFFICE___FACILITY_FEE_MINOR_FACILITY_FEE_MINOR;
    box->facility_fee_minor = economics->facility_fee ? economics->facility_fee->amount_minor : 0;
    box->_tax_ppm_case = PROMOTEROS__V1__BOX_OFFICE___TAX_PPM_TAX_PPM;
    box->tax_ppm = economics->ticket_tax_ppm;
    Promoteros__V1__ExpenseLine *costs = arena_alloc(&cli->arena, sizeof *costs);
    promoteros__v1__expense_line__init(costs);
    costs->name = (char *)"show costs of the room";
    costs->kind = PROMOTEROS__V1__EXPENSE_KIND__EXPENSE_KIND_PRODUCTION;
    costs->expense_base = PROMOTEROS__V1__EXPENSE_BASE__EXPENSE_BASE_FIXED;
    costs->amount_minor = economics->fixed_cost->amount_minor;
    Promoteros__V1__Expenses *expenses = arena_alloc(&cli->arena, sizeof *expenses);
    promoteros__v1__expenses__init(expenses);
    expenses->currency_code = (char *)"USD";
    expenses->lines = arena_copy(&cli->arena, &costs, sizeof costs);
    expenses->n_lines = 1;
    sheet->box_office = box;
    sheet->expenses = expenses;
}

/* What the building earns on the night: a room lives by its bar as much as by its tickets. */
static void fill_house(const struct tour *tour,
                       const Promoteros__V1__PredictAttendanceResponse *attendance,
                       Promoteros__V1__House *house)
{
    const Promoteros__V1__RoomEconomics *economics = tour->room->economics;
    double paid = attendance->paid_tickets->mean, heads = attendance->heads->mean;
    house->_show_rate_ppm_case = PROMOTEROS__V1__HOUSE___SHOW_RATE_PPM_SHOW_RATE_PPM;
    house->show_rate_ppm = paid > heads ? (int64_t)(heads / paid * 1e6) : 1000000;
    house->_keeps_facility_fee_case = PROMOTEROS__V1__HOUSE___KEEPS_FACILITY_FEE_KEEPS_FACILITY_FEE;
    house->keeps_facility_fee = true;
    house->bar_per_head_minor = economics->bar_per_head ? economics->bar_per_head->amount_minor : 0;
    house->bar_margin_ppm = economics->bar_margin_ppm;
}

static void fill_flags(Promoteros__V1__DealFlags *flags)
{
    flags->tax_mode = PROMOTEROS__V1__TAX_MODE__TAX_MODE_DIVISOR;
    flags->facility_fee_placement =
        PROMOTEROS__V1__FACILITY_FEE_PLACEMENT__FACILITY_FEE_PLACEMENT_INSIDE_PRICE;
    flags->support_treatment = PROMOTEROS__V1__SUPPORT_TREATMENT__SUPPORT_TREATMENT_PROMOTER_COST;
    flags->expense_cap_rule = PROMOTEROS__V1__EXPENSE_CAP_RULE__EXPENSE_CAP_RULE_NONE;
    flags->rounding_rule = PROMOTEROS__V1__ROUNDING_RULE__ROUNDING_RULE_HALF_UP_MINOR_UNIT;
}

static void print_options(struct cli *cli, const Promoteros__V1__OptimizeDealResponse *answer,
                          int64_t ask_cents)
{
    static const struct table_column columns[] = {
        {"Deal", false, 16},   {"To artist", true, 0}, {"Ticket result", true, 0},
        {"With bar", true, 0}, {"P(loss)", true, 0},   {"Worst 5 %", true, 0},
        {"Why", false, 20},
    };
    struct table table;
    display_field(cli, "Asked for",
                  cli_format(cli, "%s flat (invented for this demo: 35 %% of the likely gross)",
                             display_money(&cli->arena, ask_cents, "USD")));
    display_field(cli, "Offer", answer->recommendation);
    table_open(&table, cli, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < answer->n_options; i++) {
        const Promoteros__V1__DealOption *option = answer->options[i];
        const Promoteros__V1__DealEvaluation *deal = option->evaluation;
        table_add(&table, cli_format(cli, "%s%s", option->recommended ? "* " : "  ", deal->label));
        const Promoteros__V1__PayoffSummary *whole =
            deal->show_contribution ? deal->show_contribution : deal->promoter;
        table_add(&table, display_money(&cli->arena, deal->artist->expected_minor, ""));
        table_add(&table, display_money(&cli->arena, deal->promoter->expected_minor, ""));
        table_add(&table, display_money(&cli->arena, whole->expected_minor, ""));
        table_add(&table, display_percent(&cli->arena, deal->loss_probability));
        table_add(&table, display_money(&cli->arena, whole->worst_mean_minor, ""));
        table_add(&table, option->reason);
    }
    table_print_indented(&table, 2, "No structure could be weighed.");
    if (answer->n_options > 0 && answer->options[0]->evaluation->internal_break_even)
        display_field(
            cli, "Break-even",
            cli_format(cli, "%lld tickets",
                       (long long)answer->options[0]->evaluation->internal_break_even->tickets));
}

static int compare_deals(struct cli *cli, const struct tour *tour,
                         const Promoteros__V1__PredictAttendanceResponse *attendance,
                         int64_t price_cents)
{
    Promoteros__V1__OptimizeDealRequest request = PROMOTEROS__V1__OPTIMIZE_DEAL_REQUEST__INIT;
    Promoteros__V1__ShowSheet sheet = PROMOTEROS__V1__SHOW_SHEET__INIT;
    Promoteros__V1__DealFlags flags = PROMOTEROS__V1__DEAL_FLAGS__INIT;
    Promoteros__V1__House house = PROMOTEROS__V1__HOUSE__INIT;
    Promoteros__V1__OptimizeDealResponse *reply = NULL;
    int64_t ask_cents =
        (int64_t)((double)(attendance->likely_tickets * price_cents) * ASK_SHARE / 10000) * 10000;
    fill_sheet(cli, tour, price_cents, &sheet);
    fill_flags(&flags);
    request.as_of_time = cli_timestamp(cli, tour->as_of_ms);
    fill_house(tour, attendance, &house);
    sheet.house = &house;
    request.show = &sheet;
    request.loss_basis = PROMOTEROS__V1__LOSS_BASIS__LOSS_BASIS_SHOW_CONTRIBUTION;
    request.demand = attendance->paid_tickets;
    request._ask_minor_case = PROMOTEROS__V1__OPTIMIZE_DEAL_REQUEST___ASK_MINOR_ASK_MINOR;
    request.ask_minor = ask_cents;
    request.flags = &flags;
    int code = cli_call(cli, "DealOptimizerService/OptimizeDeal", &request.base,
                        &promoteros__v1__optimize_deal_response__descriptor, (void **)&reply);
    if (code != CLI_OK)
        return code;
    if (cli->json)
        return cli_print_json(cli);
    print_options(cli, reply, ask_cents);
    display_field(cli, "Traces", cli_format(cli, "%s, %s", attendance->trace_id, reply->trace_id));
    return CLI_OK;
}

int tour_offer(struct cli *cli, const struct tour *tour,
               const Promoteros__V1__BreakoutCandidate *candidate, int64_t price_cents)
{
    Promoteros__V1__PredictAttendanceResponse *attendance = NULL;
    int code = predict(cli, tour, candidate, price_cents, &attendance);
    if (code != CLI_OK)
        return code;
    if (cli->json)
        cli_print_json(cli);
    else
        print_attendance(cli, candidate, attendance);
    return compare_deals(cli, tour, attendance, price_cents);
}
