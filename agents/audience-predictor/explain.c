#include "audience-predictor/explain.h"

#include <math.h>
#include <string.h>

#include "audience-predictor/respond.h"
#include "numerics/calendar.h"

#define LIMITS_MAX 12
#define DAY_MS     86400000

struct explanation {
    struct pros_run *run;
    const Promoteros__V1__PredictAttendanceRequest *request;
    const struct evidence *evidence;
    const struct attendance *attendance;
    Promoteros__V1__PredictAttendanceResponse *response;
    double capacity;
    const char *step; /* id of the step that made the distribution */
};

static const char *const level_words[LEVELS] = {
    [LEVEL_MARKET] = "recent shows of the market",
    [LEVEL_ROOM] = "shows in this room",
    [LEVEL_PRICE] = "shows in this room at a similar price",
    [LEVEL_GENRE] = "shows of this genre",
    [LEVEL_FOLLOWING] = "shows of other artists (carried over to this following)",
    [LEVEL_OPENING] = "first weeks of other productions",
    [LEVEL_ELSEWHERE] = "shows of this artist in other rooms (scaled)",
    [LEVEL_HERE] = "shows of this artist in this room"};

static const char *term_text(const struct explanation *e, const struct attendance_term *term)
{
    const struct attendance *a = e->attendance;
    const struct level_result *level = &a->shrinkage.levels[term->level];
    switch (term->kind) {
    case TERM_PRIOR:
        return pros_format(e->run, "%zu shows of the market weighed against a neutral prior",
                           a->comparables.market_shows);
    case TERM_LEVEL:
        return pros_format(e->run, "%zu %s: %.0f %% sold, %zu sold out; weight %.2f", level->count,
                           level_words[term->level], 100.0 * level->mean, level->sold_out,
                           level->weight);
    case TERM_OWN_LEVEL:
        return pros_format(e->run, "this show's own %zu weeks, smoothed, sold %.0f %%",
                           a->own_weeks, 100.0 * a->running.level);
    case TERM_SEASON:
        return "the usual season of that week";
    case TERM_CORRECTION:
        return "correction learned from other runs (pull to the run's mean and the market, last "
               "year, price, age)";
    case TERM_SPREAD:
        return "chance of counts, and what the capacity cuts off";
    case TERM_SOLD:
        return pros_format(e->run, "%.0f tickets are sold already",
                           e->evidence->request.sold_tickets);
    }
    return "";
}

static void limit(struct explanation *e, const char *text)
{
    Promoteros__V1__PredictAttendanceResponse *response = e->response;
    if (response->n_limits == LIMITS_MAX)
        return;
    response->limits[response->n_limits++] = (char *)(uintptr_t)text;
    pros_limit(e->run, text);
}

static void list_limits(struct explanation *e)
{
    const struct attendance *a = e->attendance;
    const struct evidence *evidence = e->evidence;
    e->response->limits = pros_alloc(e->run, LIMITS_MAX * sizeof *e->response->limits);
    if (a->basis == BASIS_PRIOR)
        limit(e, "no local data: a wide neutral prior; import past shows to make it narrower");
    else if (a->basis == BASIS_COMPARABLES)
        limit(e, "no past show of this artist is known; the answer is about shows like it");
    if (a->basis == BASIS_RUNNING_SHOW && !a->season_known)
        limit(e, "no season: fewer than two years, or too few shows a week, are known");
    if (a->basis == BASIS_RUNNING_SHOW)
        limit(e, "the correction and the width were fitted on theatre runs in one large city");
    if (a->basis != BASIS_RUNNING_SHOW && a->shrinkage.levels[LEVEL_FOLLOWING].count)
        limit(e, pros_format(e->run,
                             "tickets grow with %s to the power %.2f (+- %.2f) among the shows "
                             "known here; elsewhere it may differ",
                             e->evidence->following_name, a->comparables.following.slope,
                             a->comparables.following.slope_sd));
    if (a->basis != BASIS_RUNNING_SHOW && a->shrinkage.levels[LEVEL_ELSEWHERE].count)
        limit(e, "how tickets carry over between rooms of different sizes is assumed, not "
                 "measured");
    if (evidence->request.coming.price_minor == 0)
        limit(e, "the ticket price is not known");
    if (evidence->comps > 0.0)
        limit(e, "the share of complimentary tickets that are used is assumed (0.7)");
    if (!evidence->rate.shows)
        limit(e, "the share of paid tickets that are used comes from published figures, not from "
                 "this room");
    if (evidence->heads_only)
        limit(e, pros_format(e->run, "of %zu past shows only heads are known; taken as paid",
                             evidence->heads_only));
    if (evidence->truncated)
        limit(e, "there are more past shows than were read; the newest were used");
    if (a->comparables.left_out)
        limit(e, pros_format(e->run, "%zu past shows with impossible figures were left out",
                             a->comparables.left_out));
    if (evidence->simulated)
        limit(e, "simulated data: the artist or the venue was made by a simulation");
}

static void record_levels(struct explanation *e)
{
    const struct attendance *a = e->attendance;
    if (a->basis == BASIS_RUNNING_SHOW) {
        double likely = e->capacity * a->running.likely;
        e->step = pros_step(
            e->run,
            (struct pros_step){.kind = PROS_STEP_MODEL,
                               .title = "Running show",
                               .statement = pros_format(
                                   e->run,
                                   "%zu own weeks, %.0f week(s) ahead: level %.3f of capacity, "
                                   "season %+.3f, correction %+.3f, scale of errors %.3f.",
                                   a->own_weeks, a->running.horizon_weeks, a->running.level,
                                   a->running.season, a->running.correction, a->running.scale),
                               .formula = "share = smoothed share + season + correction",
                               .uses = e->evidence->artist_input,
                               .value = &likely,
                               .unit = "tickets"});
        return;
    }
    for (int i = 0; i < LEVELS; i++) {
        const struct level_result *level = &a->shrinkage.levels[i];
        if (!level->count)
            continue;
        double moved = e->capacity * level->contribution;
        e->step = pros_step(
            e->run,
            (struct pros_step){
                .kind = PROS_STEP_MODEL,
                .title = pros_format(e->run, "Comparables: %s", level_words[i]),
                .statement = pros_format(
                    e->run,
                    "N = %zu (counting as %.1f), %zu sold out; mean share %.3f, spread %.3f; "
                    "weight %.2f against all wider levels.%s",
                    level->count, level->effective_count, level->sold_out, level->mean,
                    level->spread, level->weight,
                    i == LEVEL_HERE
                        ? pros_format(e->run, " Nights of one artist differ here by %.2f in log.",
                                      a->comparables.repeat_spread)
                        : ""),
                .formula = "weight = n / (n + k)",
                .uses = i >= LEVEL_ELSEWHERE   ? e->evidence->artist_input
                        : i == LEVEL_FOLLOWING ? e->evidence->following_input
                                               : e->evidence->market_input,
                .value = &moved,
                .unit = "tickets"});
    }
    if (!e->step)
        e->step = pros_step(
            e->run, (struct pros_step){.kind = PROS_STEP_MODEL,
                                       .title = "Neutral prior",
                                       .statement = "No local data: median share 0.6, wide.",
                                       .uses = e->evidence->capacity_input});
}

/* The mean of the paid tickets with its sum. */
static void conclude_paid(struct explanation *e)
{
    const struct attendance *a = e->attendance;
    Promoteros__V1__PredictAttendanceResponse *response = e->response;
    struct pros_contribution contributions[ATTENDANCE_TERMS_MAX];
    double low = e->capacity * demand_quantile(&a->demand, 0.1);
    double high = e->capacity * demand_quantile(&a->demand, 0.9);
    response->baseline_tickets = e->capacity * a->baseline;
    response->reasons = pros_alloc(e->run, ATTENDANCE_TERMS_MAX * sizeof *response->reasons);
    for (size_t i = 0; i < a->term_count; i++) {
        const char *text = term_text(e, &a->terms[i]);
        Promoteros__V1__AttendanceReason *reason = pros_alloc(e->run, sizeof *reason);
        promoteros__v1__attendance_reason__init(reason);
        reason->text = (char *)(uintptr_t)text;
        reason->contribution_tickets = e->capacity * a->terms[i].share;
        response->reasons[response->n_reasons++] = reason;
        contributions[i] = (struct pros_contribution){
            .amount = e->capacity * a->terms[i].share, .text = text, .use = e->step};
    }
    pros_conclude(
        e->run, (struct pros_conclusion){
                    .name = "paid_tickets",
                    .unit = "tickets",
                    .value = response->paid_tickets->mean,
                    .link = PROS_LINK_IDENTITY,
                    .baseline = response->baseline_tickets,
                    .baseline_text =
                        a->comparables.market_shows
                            ? pros_format(e->run,
                                          "the market sold %.0f %% of its capacity in the last %d "
                                          "days (%zu shows)",
                                          100.0 * a->baseline, a->comparables.market_days,
                                          a->comparables.market_shows)
                            : "no recent show of the market is known; a wide "
                              "neutral prior, or the run's own market",
                    .contributions = contributions,
                    .contribution_count = a->term_count,
                    .low = &low,
                    .high = &high,
                    .interval_level = 0.8,
                    .confidence =
                        a->basis == BASIS_PRIOR ? PROS_CONFIDENCE_HEURISTIC : PROS_CONFIDENCE_MODEL,
                    .sample_size = (int64_t)e->evidence->count});
}

static void conclude_heads(struct explanation *e, const struct drop_count *drop)
{
    double paid = e->response->paid_tickets->mean;
    double used = paid * show_rate_mean(&e->evidence->rate);
    const struct pros_contribution contributions[] = {
        {.amount = used - paid,
         .text = pros_format(e->run, "%.0f %% of paid tickets are used (%zu past shows here)",
                             100.0 * show_rate_mean(&e->evidence->rate), e->evidence->rate.shows)},
        {.amount = drop->mean - used, .text = "complimentary tickets that are used, rounding"}};
    pros_conclude(e->run,
                  (struct pros_conclusion){.name = "heads",
                                           .unit = "heads",
                                           .value = drop->mean,
                                           .link = PROS_LINK_IDENTITY,
                                           .baseline = paid,
                                           .baseline_text = "expected paid tickets",
                                           .contributions = contributions,
                                           .contribution_count = 2,
                                           .low = &drop->quantiles[1],
                                           .high = &drop->quantiles[17],
                                           .interval_level = 0.8,
                                           .confidence = PROS_CONFIDENCE_MODEL,
                                           .sample_size = (int64_t)e->evidence->rate.shows});
}

/* The naive rules that the answer could have been. */
static void list_alternatives(struct explanation *e)
{
    const struct attendance *a = e->attendance;
    double mean = e->response->paid_tickets->mean;
    const struct {
        const char *label, *why;
        double share;
    } rules[] = {
        {"market's recent share x capacity", "knows nothing of the artist or the room",
         a->comparables.market_shows ? a->comparables.market_share : NAN},
        {"mean share of this room x capacity", "knows nothing of the artist",
         a->shrinkage.levels[LEVEL_ROOM].count ? a->shrinkage.levels[LEVEL_ROOM].mean : NAN},
        {"the artist's mean share here x capacity", "a few nights alone swing too far",
         a->shrinkage.levels[LEVEL_HERE].count ? a->shrinkage.levels[LEVEL_HERE].mean : NAN}};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (!isfinite(rules[i].share))
            continue;
        double value = e->capacity * rules[i].share;
        pros_alternative(e->run, (struct pros_alternative){.label = rules[i].label,
                                                           .value = value,
                                                           .unit = "tickets",
                                                           .rejected_because = rules[i].why,
                                                           .delta = value - mean});
    }
}

/* Enters the predictions into the ledger, when artist and venue are known by id. */
static void enter_predictions(struct explanation *e)
{
    const struct coming_show *coming = &e->evidence->request.coming;
    Promoteros__V1__PredictAttendanceResponse *response = e->response;
    if (!e->request->artist_id[0] || !e->request->venue_id[0])
        return;
    const char *subject = pros_format(e->run, "artist/%s/venue/%s/date/%s", e->request->artist_id,
                                      e->request->venue_id, e->request->show_date);
    struct pros_prediction prediction = {.target = "paid-tickets",
                                         .subject = subject,
                                         .due_at_ms = ((int64_t)coming->day + 1) * DAY_MS,
                                         .baseline = &response->baseline_tickets,
                                         .baseline_name = "market's recent share x capacity"};
    prediction.distribution = pros_pack(e->run, &response->paid_tickets->base);
    pros_predict(e->run, prediction);
    prediction.target = "heads";
    prediction.distribution = pros_pack(e->run, &response->heads->base);
    pros_predict(e->run, prediction);
    prediction.target = "sell-out";
    prediction.distribution = (struct pros_bytes){NULL, 0};
    prediction.probability = response->sell_out_probability;
    prediction.baseline = NULL;
    prediction.baseline_name = NULL;
    pros_predict(e->run, prediction);
}

void explain_prediction(struct pros_run *run,
                        const Promoteros__V1__PredictAttendanceRequest *request,
                        const struct evidence *evidence, const struct attendance *attendance,
                        const struct drop_count *drop,
                        Promoteros__V1__PredictAttendanceResponse *response)
{
    struct explanation e = {.run = run,
                            .request = request,
                            .evidence = evidence,
                            .attendance = attendance,
                            .response = response,
                            .capacity = (double)evidence->request.coming.capacity};
    response->paid_tickets = respond_paid(run, &attendance->demand, e.capacity);
    response->heads = respond_heads(run, drop);
    response->sell_out_probability = response->paid_tickets->mass_at_capacity;
    response->low_tickets = llround(e.capacity * demand_quantile(&attendance->demand, 0.1));
    response->likely_tickets = llround(e.capacity * demand_quantile(&attendance->demand, 0.5));
    response->high_tickets = llround(e.capacity * demand_quantile(&attendance->demand, 0.9));
    response->capacity_tickets = evidence->request.coming.capacity;
    response->basis = (Promoteros__V1__PredictionBasis)attendance->basis;
    respond_levels(run, evidence, attendance, response);
    record_levels(&e);
    conclude_paid(&e);
    conclude_heads(&e, drop);
    list_alternatives(&e);
    list_limits(&e);
    enter_predictions(&e);
    pros_summary(
        run, pros_format(run,
                         "%s%s%s in a room of %lld: likely %lld tickets, with 80 %% between "
                         "%lld and %lld; a sell-out has %.0f %%.",
                         evidence->artist_name[0] ? evidence->artist_name : "A new act",
                         evidence->venue_name[0] ? " at " : "", evidence->venue_name,
                         (long long)response->capacity_tickets, (long long)response->likely_tickets,
                         (long long)response->low_tickets, (long long)response->high_tickets,
                         100.0 * response->sell_out_probability));
}
