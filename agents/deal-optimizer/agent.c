/*
 * deal-optimizer: settles deals to the cent, weighs them under uncertain demand, compares
 * structures. A table of contents; the maths is in the files beside it, see README.md.
 */
#include <math.h>
#include <string.h>

#include "deal-optimizer/explain.h"
#include "deal-optimizer/money.h"
#include "deal-optimizer/translate.h"

extern const unsigned char deal_optimizer_descriptors[], deal_optimizer_descriptors_end[];

static enum pros_status refuse(struct pros_run *run, const struct deal_error *error)
{
    bool late = strcmp(error->reason, "DEADLINE_EXCEEDED") == 0;
    return pros_fail(run, late ? PROS_DEADLINE_EXCEEDED : PROS_INVALID_ARGUMENT, error->reason,
                     "%s", error->text);
}

static bool time_is_up(void *run)
{
    return pros_remaining_ms(run) <= 0;
}

static enum pros_status settle_deal(struct pros_run *run,
                                    const Promoteros__V1__SettleDealRequest *request,
                                    Promoteros__V1__SettleDealResponse *response)
{
    struct deal_error error;
    if (!request->terms)
        return pros_fail(run, PROS_INVALID_ARGUMENT, "MISSING_TERMS",
                         "There are no terms to settle by; give the deal.");
    struct terms terms = terms_read(run, request->terms);
    struct show *shows = pros_alloc(run, (request->n_shows + 1) * sizeof *shows);
    for (size_t i = 0; i < request->n_shows; i++)
        shows[i] = show_read(run, request->shows[i]);
    struct settled_line *lines =
        pros_alloc(run, (settle_line_capacity(shows, request->n_shows) + 1) * sizeof *lines);
    struct settlement *settlement = pros_alloc(run, sizeof *settlement);
    if (!settle(&terms, shows, request->n_shows, lines, settlement, &error))
        return refuse(run, &error);
    explain_settlement(run, &terms, settlement);
    response->settlement = settlement_write(run, &terms, settlement);
    return PROS_OK;
}

/* A show and its demand, ready to be weighed. */
struct forecast {
    struct show show;
    struct demand demand;
    int64_t room;
    double *pmf;
    double mean;
    enum loss_basis basis;
    void *memory; /* for an evaluator */
};

/* basis: promoteros.v1.LossBasis, unspecified being the ticket result. */
static bool read_forecast(struct pros_run *run, const Promoteros__V1__ShowSheet *sheet,
                          const Promoteros__V1__Distribution *demand, int basis,
                          const char *currency, struct forecast *forecast, struct deal_error *error)
{
    if (!sheet)
        return deal_fail(error, "MISSING_SHOW", "There is no show; give its box office.");
    if (!demand)
        return deal_fail(error, "MISSING_DEMAND",
                         "There is no demand; give quantiles of the paid tickets expected.");
    if (demand->n_levels != demand->n_values)
        return deal_fail(error, "BAD_DISTRIBUTION",
                         "The demand has %zu levels and %zu values; there must be as many.",
                         demand->n_levels, demand->n_values);
    if (demand->unit[0] && strcmp(demand->unit, "tickets") != 0)
        return deal_fail(error, "BAD_DISTRIBUTION",
                         "The demand is in \"%.40s\"; it must be in tickets.", demand->unit);
    if (basis < 0 || basis > LOSS_SHOW_CONTRIBUTION)
        return deal_fail(error, "OUT_OF_RANGE", "loss_basis has the unknown value %d.", basis);
    forecast->show = show_read(run, sheet);
    forecast->demand = demand_read(demand);
    forecast->basis = basis == LOSS_SHOW_CONTRIBUTION ? LOSS_SHOW_CONTRIBUTION : LOSS_TICKET_RESULT;
    if (!shows_valid(currency ? currency : forecast->show.box.currency, &forecast->show, 1,
                     error) ||
        !evaluate_room(&forecast->show, &forecast->room, error))
        return false;
    forecast->pmf = pros_alloc(run, ((size_t)forecast->room + 1) * sizeof(double));
    if (!demand_tickets(&forecast->demand, forecast->room, forecast->pmf, &forecast->mean, error))
        return false;
    forecast->memory = pros_alloc(run, evaluator_size(forecast->room));
    explain_demand(run, &forecast->demand, forecast->room, forecast->mean);
    return true;
}

static bool check_forecast(const struct terms *terms, const struct show *show,
                           struct deal_error *error)
{
    if (!sheet_valid(terms, show, 1, error) || !sheet_complete(terms, show, 1, error))
        return false;
    if (terms->cross_collateralised)
        return deal_fail(error, "CROSS_COLLATERALISED",
                         "A pooled run depends on every show's demand together; weigh the shows "
                         "one by one without cross_collateralised.");
    return true;
}

static enum pros_status evaluate_deal(struct pros_run *run,
                                      const Promoteros__V1__EvaluateDealRequest *request,
                                      Promoteros__V1__EvaluateDealResponse *response)
{
    struct deal_error error;
    struct forecast forecast;
    struct evaluator evaluator;
    struct evaluation *evaluation = pros_alloc(run, sizeof *evaluation);
    struct warnings *warnings = pros_alloc(run, sizeof *warnings);
    if (!request->terms)
        return pros_fail(run, PROS_INVALID_ARGUMENT, "MISSING_TERMS",
                         "There are no terms to weigh; give the deal.");
    struct terms terms = terms_read(run, request->terms);
    if (currency_digits(terms.currency) < 0)
        return pros_fail(run, PROS_INVALID_ARGUMENT, "UNKNOWN_CURRENCY",
                         "The currency \"%.12s\" of the deal is not an ISO 4217 code; write for "
                         "example USD, EUR or GBP.",
                         terms.currency);
    if (!read_forecast(run, request->show, request->demand, (int)request->loss_basis,
                       terms.currency, &forecast, &error) ||
        !check_forecast(&terms, &forecast.show, &error) ||
        !evaluator_open(&evaluator, forecast.memory, &terms, &forecast.show, forecast.room,
                        forecast.pmf, &error) ||
        !evaluate(&evaluator, &terms, forecast.basis, evaluation, &error))
        return refuse(run, &error);
    char label[80];
    option_label(&terms, label, sizeof label);
    explain_evaluation(run, &terms, label, &evaluator, evaluation, forecast.basis);
    response->evaluation =
        evaluation_write(run, label, terms_write(run, &terms, request->terms), &evaluator,
                         evaluation, evaluator.promoter, evaluator.artists);
    sheet_warn(&terms, &forecast.show, 1, warnings);
    warnings_write(run, warnings, &response->evaluation->n_warnings,
                   &response->evaluation->warnings);
    return PROS_OK;
}

/* Clauses that a structure leaves open are those of the request. */
static void inherit_flags(struct flags *flags, const struct flags *common)
{
    int *own[] = {&flags->guarantee, &flags->tax,    &flags->facility,
                  &flags->support,   &flags->profit, &flags->bonus,
                  &flags->comps,     &flags->caps,   &flags->rounding};
    const int from[] = {common->guarantee, common->tax,    common->facility,
                        common->support,   common->profit, common->bonus,
                        common->comps,     common->caps,   common->rounding};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (*own[i] == 0)
            *own[i] = from[i];
}

/* The structures to compare, with the clauses that hold for all. */
static bool choose_structures(struct pros_run *run,
                              const Promoteros__V1__OptimizeDealRequest *request,
                              const struct forecast *forecast, const struct comparison *comparison,
                              struct option *options, size_t *count, struct deal_error *error)
{
    struct terms base = {.currency = forecast->show.box.currency,
                         .label = "",
                         .flags = flags_read(request->flags),
                         .merch = merch_read(run, request->merch, request->n_merch),
                         .merch_count = request->n_merch};
    *count = request->n_structures;
    for (size_t i = 0; i < *count; i++) {
        options[i].terms = terms_read(run, request->structures[i]);
        inherit_flags(&options[i].terms.flags, &base.flags);
        if (options[i].terms.merch_count == 0) {
            options[i].terms.merch = base.merch;
            options[i].terms.merch_count = base.merch_count;
        }
    }
    if (*count == 0) {
        struct terms standard[OPTIMIZE_STANDARD_OPTIONS];
        optimize_standard(&base, &forecast->show, comparison->ask, standard);
        *count = OPTIMIZE_STANDARD_OPTIONS;
        for (size_t i = 0; i < *count; i++)
            options[i].terms = standard[i];
    }
    for (size_t i = 0; i < *count; i++) {
        size_t size = ((size_t)forecast->room + 1) * sizeof(int64_t);
        options[i].promoter = pros_alloc(run, size);
        options[i].artist = pros_alloc(run, size);
        options[i].source = i;
        struct terms sized = options[i].terms; /* an open guarantee is ours to find */
        sized.guarantee.set = true;
        if (!check_forecast(&sized, &forecast->show, error))
            return false;
    }
    return true;
}

static Promoteros__V1__DealOption *option_write(struct pros_run *run, const struct option *option,
                                                const struct evaluator *evaluator,
                                                const Promoteros__V1__DealTerms *original)
{
    Promoteros__V1__DealOption *message = pros_alloc(run, sizeof *message);
    promoteros__v1__deal_option__init(message);
    message->evaluation =
        evaluation_write(run, option->label, terms_write(run, &option->terms, original), evaluator,
                         &option->evaluation, option->promoter, option->artist);
    struct warnings *warnings = pros_alloc(run, sizeof *warnings);
    sheet_warn(&option->terms, evaluator->show, 1, warnings);
    warnings_write(run, warnings, &message->evaluation->n_warnings, &message->evaluation->warnings);
    message->recommended = option->recommended;
    message->qualifies = option->qualifies;
    message->resized = option->resized;
    message->reason = pros_format(run, "%s", option->reason);
    if (option->highest_guarantee.set) {
        message->_highest_guarantee_minor_case =
            PROMOTEROS__V1__DEAL_OPTION___HIGHEST_GUARANTEE_MINOR_HIGHEST_GUARANTEE_MINOR;
        message->highest_guarantee_minor = option->highest_guarantee.value;
    }
    return message;
}

static bool read_comparison(const Promoteros__V1__OptimizeDealRequest *request,
                            struct comparison *comparison, struct deal_error *error)
{
    *comparison = (struct comparison){.limit = OPTIMIZE_LOSS_LIMIT};
    if (request->_max_loss_probability_case)
        comparison->limit = request->max_loss_probability;
    if (!(comparison->limit > 0 && comparison->limit < 1))
        return deal_fail(error, "OUT_OF_RANGE",
                         "max_loss_probability is %g; it lies between 0 and 1, for example 0.2.",
                         comparison->limit);
    if (request->_ask_minor_case)
        comparison->ask = (struct maybe){true, request->ask_minor};
    if (comparison->ask.value < 0 || comparison->ask.value > MONEY_MAX)
        return deal_fail(error, "OUT_OF_RANGE",
                         "ask_minor is %lld; it must be between 0 and 10^12 minor units.",
                         (long long)comparison->ask.value);
    if (request->n_structures > OPTIMIZE_MAX_OPTIONS)
        return deal_fail(error, "TOO_MANY", "There are %zu structures; at most %d are compared.",
                         request->n_structures, OPTIMIZE_MAX_OPTIONS);
    return true;
}

static enum pros_status optimize_deal(struct pros_run *run,
                                      const Promoteros__V1__OptimizeDealRequest *request,
                                      Promoteros__V1__OptimizeDealResponse *response)
{
    struct deal_error error;
    struct forecast forecast;
    struct comparison comparison;
    struct evaluator evaluator;
    size_t count;
    struct option *options = pros_alloc(run, OPTIMIZE_MAX_OPTIONS * sizeof *options);
    if (!read_comparison(request, &comparison, &error) ||
        !read_forecast(run, request->show, request->demand, (int)request->loss_basis, NULL,
                       &forecast, &error))
        return refuse(run, &error);
    comparison.show = &forecast.show;
    comparison.room = forecast.room;
    comparison.pmf = forecast.pmf;
    comparison.basis = forecast.basis;
    comparison.expired = time_is_up;
    comparison.context = run;
    if (!choose_structures(run, request, &forecast, &comparison, options, &count, &error) ||
        !optimize(&comparison, forecast.memory, options, count, &error) ||
        !evaluator_open(&evaluator, forecast.memory, &options[0].terms, &forecast.show,
                        forecast.room, forecast.pmf, &error) ||
        !evaluate(&evaluator, &options[0].terms, forecast.basis, &options[0].evaluation, &error))
        return refuse(run, &error);
    explain_evaluation(run, &options[0].terms, options[0].label, &evaluator, &options[0].evaluation,
                       forecast.basis);
    response->recommendation = (char *)explain_comparison(run, &comparison, options, count);
    response->n_options = count;
    response->options = pros_alloc(run, count * sizeof *response->options);
    for (size_t i = 0; i < count; i++) {
        const Promoteros__V1__DealTerms *original =
            request->n_structures ? request->structures[options[i].source] : NULL;
        response->options[i] = option_write(run, &options[i], &evaluator, original);
    }
    response->n_warnings = response->options[0]->evaluation->n_warnings;
    response->warnings = response->options[0]->evaluation->warnings;
    return PROS_OK;
}

PROS_TYPED_METHOD(settle_deal, Promoteros__V1__SettleDealRequest,
                  promoteros__v1__settle_deal_request, Promoteros__V1__SettleDealResponse,
                  promoteros__v1__settle_deal_response)
PROS_TYPED_METHOD(evaluate_deal, Promoteros__V1__EvaluateDealRequest,
                  promoteros__v1__evaluate_deal_request, Promoteros__V1__EvaluateDealResponse,
                  promoteros__v1__evaluate_deal_response)
PROS_TYPED_METHOD(optimize_deal, Promoteros__V1__OptimizeDealRequest,
                  promoteros__v1__optimize_deal_request, Promoteros__V1__OptimizeDealResponse,
                  promoteros__v1__optimize_deal_response)

static const struct pros_method methods[] = {
    {.name = "SettleDeal",
     .summary = "Settles a show or a pooled run to the cent and shows every line.",
     .flags = PROS_SIDE_EFFECT_FREE | PROS_INLINE,
     .handle = settle_deal_bytes},
    {.name = "EvaluateDeal",
     .summary = "Weighs one deal under uncertain demand: expected result, chance of a loss, "
                "break-even.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .handle = evaluate_deal_bytes},
    {.name = "OptimizeDeal",
     .summary = "Compares deal structures for a show and recommends one within a loss limit.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .handle = optimize_deal_bytes},
};

const struct pros_agent *promoteros_agent(void)
{
    static struct pros_agent agent = {
        .size = sizeof agent,
        .abi = PROS_ABI,
        .method_size = sizeof methods[0],
        .name = "deal-optimizer",
        .title = "Deal optimizer",
        .summary = "Settles every common deal to the cent and finds the structure worth offering.",
        .version = PROMOTEROS_VERSION,
        .service = "promoteros.v1.DealOptimizerService",
        .descriptor_set = {deal_optimizer_descriptors, 0},
        .methods = methods,
        .method_count = sizeof methods / sizeof *methods,
    };
    agent.descriptor_set.size =
        (size_t)(deal_optimizer_descriptors_end - deal_optimizer_descriptors);
    return &agent;
}
