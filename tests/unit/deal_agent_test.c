/*
 * The deal optimizer as a module: loaded as the host loads it, called with bytes, its reasoning
 * checked by the host's own rule (baseline + contributions = value), on good sheets and hostile
 * ones.
 */
#include "promoteros/v1/deal_optimizer_service.pb-c.h"
#include "unit/agent_host.h"
#include "unit/check.h"

const struct agent_world agent_world = {.module = DEAL_AGENT};

static enum pros_status call(const char *method, const ProtobufCMessage *request,
                             const ProtobufCMessageDescriptor *descriptor, ProtobufCMessage **reply)
{
    struct pros_bytes bytes = {NULL, 0};
    enum pros_status status = agent_call(method, request, &bytes);
    CHECK_STR(record.fault, "");
    if (status == PROS_OK) {
        *reply = pros_unpack(&the_run, descriptor, bytes);
        CHECK(*reply != NULL);
        CHECK(record.worst_residual < 1e-9);
        CHECK(record.conclusions > 0 && record.steps > 0 && record.summary[0]);
    } else {
        CHECK(record.reason[0] && record.sentence[0]);
    }
    return status;
}

#define SET_MAYBE(message, field, value, Constant)                                                 \
    ((message)->_##field##_case = (Constant), (message)->field = (value))

/* Worked settlement W4 as a request. */
static struct {
    Promoteros__V1__DealTerms terms;
    Promoteros__V1__DealFlags flags;
    Promoteros__V1__BoxOffice box;
    Promoteros__V1__BoxOfficeTier tiers[2], *tier_list[2];
    Promoteros__V1__Expenses expenses;
    Promoteros__V1__ExpenseLine lines[5], *line_list[5];
    Promoteros__V1__ShowSheet show, *show_list[1];
    Promoteros__V1__Distribution demand;
    double levels[5], values[5];
} w4;

static void fill_expenses(void)
{
    static const struct {
        const char *name;
        int kind, base;
        int64_t amount, rate;
    } lines[5] = {{"house", 0, 1, 265000, 0},
                  {"support", 1, 1, 35000, 0},
                  {"card fee", 3, 4, 0, 30000},
                  {"insurance", 4, 2, 30, 0},
                  {"licence", 2, 6, 0, 11000}};
    promoteros__v1__expenses__init(&w4.expenses);
    w4.expenses.currency_code = (char *)"USD";
    w4.expenses.n_lines = 5;
    w4.expenses.lines = w4.line_list;
    for (int i = 0; i < 5; i++) {
        promoteros__v1__expense_line__init(&w4.lines[i]);
        w4.lines[i].name = (char *)lines[i].name;
        w4.lines[i].kind = (Promoteros__V1__ExpenseKind)lines[i].kind;
        w4.lines[i].expense_base = (Promoteros__V1__ExpenseBase)lines[i].base;
        w4.lines[i].amount_minor = lines[i].amount;
        w4.lines[i].rate_ppm = lines[i].rate;
        w4.line_list[i] = &w4.lines[i];
    }
}

static void fill_box(void)
{
    promoteros__v1__box_office__init(&w4.box);
    w4.box.currency_code = (char *)"USD";
    w4.box.n_tiers = 2;
    w4.box.tiers = w4.tier_list;
    for (int i = 0; i < 2; i++) {
        promoteros__v1__box_office_tier__init(&w4.tiers[i]);
        w4.tiers[i].name = (char *)(i ? "day of show" : "advance");
        w4.tiers[i].price_minor = i ? 2500 : 2000;
        w4.tiers[i].sold_tickets = i ? 80 : 300;
        w4.tier_list[i] = &w4.tiers[i];
    }
    SET_MAYBE(&w4.tiers[0], allotment_tickets, 400,
              PROMOTEROS__V1__BOX_OFFICE_TIER___ALLOTMENT_TICKETS_ALLOTMENT_TICKETS);
    SET_MAYBE(&w4.box, facility_fee_minor, 200,
              PROMOTEROS__V1__BOX_OFFICE___FACILITY_FEE_MINOR_FACILITY_FEE_MINOR);
    SET_MAYBE(&w4.box, tax_ppm, 65000, PROMOTEROS__V1__BOX_OFFICE___TAX_PPM_TAX_PPM);
    SET_MAYBE(&w4.box, capacity_tickets, 500,
              PROMOTEROS__V1__BOX_OFFICE___CAPACITY_TICKETS_CAPACITY_TICKETS);
    promoteros__v1__show_sheet__init(&w4.show);
    w4.show.box_office = &w4.box;
    w4.show.expenses = &w4.expenses;
    w4.show_list[0] = &w4.show;
}

static void fill(void)
{
    memset(&w4, 0, sizeof w4);
    fill_expenses();
    fill_box();
    promoteros__v1__deal_flags__init(&w4.flags);
    w4.flags.tax_mode = PROMOTEROS__V1__TAX_MODE__TAX_MODE_DIVISOR;
    w4.flags.facility_fee_placement =
        PROMOTEROS__V1__FACILITY_FEE_PLACEMENT__FACILITY_FEE_PLACEMENT_INSIDE_PRICE;
    w4.flags.support_treatment = PROMOTEROS__V1__SUPPORT_TREATMENT__SUPPORT_TREATMENT_IN_DEAL;
    w4.flags.promoter_profit_base = PROMOTEROS__V1__PROMOTER_PROFIT_BASE__PROMOTER_PROFIT_BASE_NONE;
    w4.flags.expense_cap_rule = PROMOTEROS__V1__EXPENSE_CAP_RULE__EXPENSE_CAP_RULE_NONE;
    w4.flags.rounding_rule = PROMOTEROS__V1__ROUNDING_RULE__ROUNDING_RULE_HALF_UP_MINOR_UNIT;
    promoteros__v1__deal_terms__init(&w4.terms);
    w4.terms.currency_code = (char *)"USD";
    w4.terms.type = PROMOTEROS__V1__DEAL_TYPE__DEAL_TYPE_VERSUS;
    w4.terms.share_base = PROMOTEROS__V1__SHARE_BASE__SHARE_BASE_NET;
    w4.terms.flags = &w4.flags;
    SET_MAYBE(&w4.terms, guarantee_minor, 250000,
              PROMOTEROS__V1__DEAL_TERMS___GUARANTEE_MINOR_GUARANTEE_MINOR);
    SET_MAYBE(&w4.terms, share_ppm, 800000, PROMOTEROS__V1__DEAL_TERMS___SHARE_PPM_SHARE_PPM);
    promoteros__v1__distribution__init(&w4.demand);
    for (int i = 0; i < 5; i++) {
        static const double levels[] = {.1, .25, .5, .75, .9}, values[] = {190, 245, 320, 410, 500};
        w4.levels[i] = levels[i];
        w4.values[i] = values[i];
    }
    w4.demand.unit = (char *)"tickets";
    w4.demand.levels = w4.levels;
    w4.demand.values = w4.values;
    w4.demand.n_levels = w4.demand.n_values = 5;
    w4.demand.mean = 330;
}

static enum pros_status settle_w4(Promoteros__V1__SettleDealResponse **reply)
{
    Promoteros__V1__SettleDealRequest request = PROMOTEROS__V1__SETTLE_DEAL_REQUEST__INIT;
    request.terms = &w4.terms;
    request.n_shows = 1;
    request.shows = w4.show_list;
    return call("SettleDeal", &request.base, &promoteros__v1__settle_deal_response__descriptor,
                (ProtobufCMessage **)(void *)reply);
}

static enum pros_status evaluate_w4(Promoteros__V1__EvaluateDealResponse **reply)
{
    Promoteros__V1__EvaluateDealRequest request = PROMOTEROS__V1__EVALUATE_DEAL_REQUEST__INIT;
    request.terms = &w4.terms;
    request.show = &w4.show;
    request.demand = &w4.demand;
    return call("EvaluateDeal", &request.base, &promoteros__v1__evaluate_deal_response__descriptor,
                (ProtobufCMessage **)(void *)reply);
}

static Promoteros__V1__OptimizeDealRequest optimize_request(void)
{
    Promoteros__V1__OptimizeDealRequest request = PROMOTEROS__V1__OPTIMIZE_DEAL_REQUEST__INIT;
    request.show = &w4.show;
    request.demand = &w4.demand;
    request.flags = &w4.flags;
    return request;
}

static enum pros_status optimize(const Promoteros__V1__OptimizeDealRequest *request,
                                 Promoteros__V1__OptimizeDealResponse **reply)
{
    return call("OptimizeDeal", &request->base, &promoteros__v1__optimize_deal_response__descriptor,
                (ProtobufCMessage **)(void *)reply);
}

static void describes_itself(void)
{
    CHECK_STR(agent()->name, "deal-optimizer");
    CHECK_STR(agent()->service, "promoteros.v1.DealOptimizerService");
    CHECK_INT(agent()->abi, PROS_ABI);
    CHECK_INT(agent()->method_count, 3);
    CHECK(agent()->descriptor_set.size > 10000);
}

static void settles(void)
{
    Promoteros__V1__SettleDealResponse *reply;
    fill();
    CHECK_INT(settle_w4(&reply), PROS_OK);
    CHECK_INT(reply->settlement->artist_minor, 269547);
    CHECK_INT(reply->settlement->promoter_minor, 67387);
    CHECK_INT(reply->settlement->net_gross_minor, 679812);
    CHECK_INT(reply->settlement->n_lines, 5);
    CHECK_STR(reply->settlement->lines[4]->name, "licence");
    CHECK_INT(reply->settlement->lines[4]->amount_minor, 7478);
    CHECK_STR(record.summary,
              "The artist earns 2,695.47 USD and the promoter keeps 673.87 USD; the "
              "percentage pays.");
    CHECK_INT(record.conclusions, 3);
    w4.terms.type = PROMOTEROS__V1__DEAL_TYPE__DEAL_TYPE_FLAT;
    CHECK_INT(settle_w4(&reply), PROS_OK);
    CHECK_INT(reply->settlement->artist_minor, 250000);
}

static void weighs(void)
{
    Promoteros__V1__EvaluateDealResponse *reply;
    fill();
    CHECK_INT(evaluate_w4(&reply), PROS_OK);
    const Promoteros__V1__DealEvaluation *e = reply->evaluation;
    CHECK_STR(e->label, "2,500.00 vs 80 % of net");
    CHECK(e->loss_probability > 0.3 && e->loss_probability < 0.8);
    CHECK(e->internal_break_even && e->external_break_even);
    CHECK(e->internal_break_even->tickets < e->external_break_even->tickets);
    CHECK(e->n_curve_tickets >= 100 && e->n_curve_tickets <= 102);
    CHECK_INT(e->curve_tickets[e->n_curve_tickets - 1], 500);
    CHECK(e->n_kinks == 3);
    CHECK(e->promoter->n_levels == 7 && e->promoter->n_values_minor == 7);
    CHECK(e->show_contribution == NULL);
    CHECK(record.flips == 1);
    w4.demand.n_values = 4;
    CHECK_INT(evaluate_w4(&reply), PROS_INVALID_ARGUMENT);
    CHECK_STR(record.reason, "BAD_DISTRIBUTION");
}

static void compares(void)
{
    Promoteros__V1__OptimizeDealResponse *reply;
    fill();
    Promoteros__V1__OptimizeDealRequest request = optimize_request();
    SET_MAYBE(&request, ask_minor, 250000,
              PROMOTEROS__V1__OPTIMIZE_DEAL_REQUEST___ASK_MINOR_ASK_MINOR);
    CHECK_INT(optimize(&request, &reply), PROS_OK);
    CHECK_INT(reply->n_options, 4);
    CHECK(reply->options[0]->recommended);
    CHECK(reply->options[0]->evaluation->loss_probability <= 0.2);
    CHECK(reply->recommendation[0] != '\0');
    CHECK_INT(record.alternatives, 3);
    CHECK(record.flips >= 1);
    for (size_t i = 0; i < 4; i++) {
        CHECK(reply->options[i]->reason[0] != '\0');
        CHECK(reply->options[i]->evaluation->terms->flags->rounding_rule != 0);
    }
    printf("%s\n", reply->recommendation);
    /* Without an ask; with a structure of one's own. */
    request._ask_minor_case = PROMOTEROS__V1__OPTIMIZE_DEAL_REQUEST___ASK_MINOR__NOT_SET;
    CHECK_INT(optimize(&request, &reply), PROS_OK);
    CHECK(!reply->options[0]->qualifies && !reply->options[0]->resized);
    CHECK(reply->options[0]->evaluation->loss_probability <= 0.2);
    CHECK_INT(reply->options[0]->evaluation->terms->guarantee_minor,
              reply->options[0]->highest_guarantee_minor);
    Promoteros__V1__DealTerms *own[] = {&w4.terms};
    request.n_structures = 1;
    request.structures = own;
    w4.terms.flags = NULL;
    w4.terms.label = (char *)"the agent's offer";
    CHECK_INT(optimize(&request, &reply), PROS_OK);
    CHECK_INT(reply->n_options, 1);
    CHECK(reply->options[0]->resized);
}

static void same_request_same_bytes(void)
{
    Promoteros__V1__OptimizeDealResponse *reply;
    fill();
    Promoteros__V1__OptimizeDealRequest request = optimize_request();
    uint8_t *first = NULL;
    size_t first_size = 0;
    for (int i = 0; i < 2; i++) {
        CHECK_INT(optimize(&request, &reply), PROS_OK);
        size_t size = protobuf_c_message_get_packed_size(&reply->base);
        uint8_t *bytes = malloc(size);
        protobuf_c_message_pack(&reply->base, bytes);
        if (first)
            CHECK(size == first_size && memcmp(bytes, first, size) == 0);
        free(first);
        first = bytes;
        first_size = size;
    }
    free(first);
}

static void refuses(void)
{
    Promoteros__V1__SettleDealResponse *settled;
    Promoteros__V1__EvaluateDealResponse *weighed;
    Promoteros__V1__OptimizeDealResponse *compared;
    Promoteros__V1__SettleDealRequest empty = PROMOTEROS__V1__SETTLE_DEAL_REQUEST__INIT;
    CHECK_INT(call("SettleDeal", &empty.base, &promoteros__v1__settle_deal_response__descriptor,
                   (ProtobufCMessage **)(void *)&settled),
              PROS_INVALID_ARGUMENT);
    CHECK_STR(record.reason, "MISSING_TERMS");
    fill();
    w4.terms.flags = NULL;
    CHECK_INT(settle_w4(&settled), PROS_INVALID_ARGUMENT);
    CHECK_STR(record.reason, "MISSING_FLAG");
    CHECK(strstr(record.sentence, "flags.tax_mode") &&
          strstr(record.sentence, "flags.rounding_rule"));
    fill();
    w4.terms.currency_code = (char *)"";
    CHECK_INT(evaluate_w4(&weighed), PROS_INVALID_ARGUMENT);
    CHECK_STR(record.reason, "UNKNOWN_CURRENCY");
    fill();
    w4.box.capacity_tickets = 0;
    CHECK_INT(evaluate_w4(&weighed), PROS_INVALID_ARGUMENT);
    CHECK_STR(record.reason, "OUT_OF_RANGE");
    fill();
    w4.levels[2] = NAN;
    CHECK_INT(evaluate_w4(&weighed), PROS_INVALID_ARGUMENT);
    CHECK_STR(record.reason, "BAD_DISTRIBUTION");
    fill();
    w4.demand.unit = (char *)"followers";
    CHECK_INT(evaluate_w4(&weighed), PROS_INVALID_ARGUMENT);
    fill();
    w4.terms.cross_collateralised = 1;
    CHECK_INT(evaluate_w4(&weighed), PROS_INVALID_ARGUMENT);
    CHECK_STR(record.reason, "CROSS_COLLATERALISED");
    fill();
    Promoteros__V1__OptimizeDealRequest request = optimize_request();
    SET_MAYBE(&request, max_loss_probability, NAN,
              PROMOTEROS__V1__OPTIMIZE_DEAL_REQUEST___MAX_LOSS_PROBABILITY_MAX_LOSS_PROBABILITY);
    CHECK_INT(optimize(&request, &compared), PROS_INVALID_ARGUMENT);
    request = optimize_request();
    SET_MAYBE(&request, ask_minor, INT64_MAX,
              PROMOTEROS__V1__OPTIMIZE_DEAL_REQUEST___ASK_MINOR_ASK_MINOR);
    CHECK_INT(optimize(&request, &compared), PROS_INVALID_ARGUMENT);
    request = optimize_request();
    request.flags = NULL;
    CHECK_INT(optimize(&request, &compared), PROS_INVALID_ARGUMENT);
    CHECK_STR(record.reason, "MISSING_FLAG");
    CHECK(strstr(record.sentence, "flags.tax_mode") != NULL);
    request = optimize_request();
    request.loss_basis = PROMOTEROS__V1__LOSS_BASIS__LOSS_BASIS_SHOW_CONTRIBUTION;
    CHECK_INT(optimize(&request, &compared), PROS_INVALID_ARGUMENT);
    CHECK_STR(record.reason, "MISSING_HOUSE");
    request = optimize_request();
    remaining_ms = 0;
    CHECK_INT(optimize(&request, &compared), PROS_DEADLINE_EXCEEDED);
    remaining_ms = 1000;
}

static void survives_noise(void)
{
    uint64_t seed = 42;
    fill();
    Promoteros__V1__OptimizeDealRequest request = optimize_request();
    size_t size = protobuf_c_message_get_packed_size(&request.base);
    uint8_t *bytes = malloc(size);
    for (int i = 0; i < check_rounds(3000); i++) {
        protobuf_c_message_pack(&request.base, bytes);
        for (int flips = 0; flips < 3; flips++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            bytes[(seed >> 33) % size] = (uint8_t)(seed >> 24);
        }
        struct pros_bytes reply = {NULL, 0};
        forget();
        enum pros_status status =
            agent()->methods[i % 3].handle(&the_run, (struct pros_bytes){bytes, size}, &reply);
        CHECK(status == PROS_OK || (record.reason[0] && record.sentence[0]));
        CHECK(record.worst_residual < 1e-9);
        CHECK_STR(record.fault, "");
    }
    free(bytes);
    forget();
}

CHECK_MAIN(describes_itself, settles, weighs, compares, same_request_same_bytes, refuses,
           survives_noise)
