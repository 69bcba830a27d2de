#include "audience-predictor/respond.h"

#include <math.h>

#include "numerics/calendar.h"

#define LEVELS_REPORTED 19 /* 0.05 .. 0.95 */

/* The proto's kinds are the levels in the same order. */
_Static_assert((int)LEVEL_MARKET + 1 == PROMOTEROS__V1__COMPARABLE_KIND__COMPARABLE_KIND_MARKET,
               "first level");
_Static_assert((int)LEVEL_HERE + 1 == PROMOTEROS__V1__COMPARABLE_KIND__COMPARABLE_KIND_ARTIST_HERE,
               "last level");
_Static_assert(DROP_QUANTILES == LEVELS_REPORTED, "heads and tickets have the same levels");

static Promoteros__V1__Distribution *new_distribution(struct pros_run *run, const char *unit)
{
    Promoteros__V1__Distribution *d = pros_alloc(run, sizeof *d);
    promoteros__v1__distribution__init(d);
    d->unit = (char *)(uintptr_t)unit; /* packed, never changed */
    d->n_levels = d->n_values = LEVELS_REPORTED;
    d->levels = pros_alloc(run, LEVELS_REPORTED * sizeof *d->levels);
    d->values = pros_alloc(run, LEVELS_REPORTED * sizeof *d->values);
    for (size_t i = 0; i < LEVELS_REPORTED; i++)
        d->levels[i] = (double)(i + 1) / (LEVELS_REPORTED + 1);
    return d;
}

Promoteros__V1__Distribution *respond_paid(struct pros_run *run, const struct demand *demand,
                                           double capacity)
{
    Promoteros__V1__Distribution *d = new_distribution(run, "tickets");
    for (size_t i = 0; i < LEVELS_REPORTED; i++)
        d->values[i] = capacity * demand_quantile(demand, d->levels[i]);
    d->mean = fmin(capacity, capacity * demand_mean(demand));
    d->_capacity_case = PROMOTEROS__V1__DISTRIBUTION___CAPACITY_CAPACITY;
    d->capacity = capacity;
    d->_mass_at_capacity_case = PROMOTEROS__V1__DISTRIBUTION___MASS_AT_CAPACITY_MASS_AT_CAPACITY;
    d->mass_at_capacity = fmin(1.0, demand_sold_out(demand));
    return d;
}

Promoteros__V1__Distribution *respond_heads(struct pros_run *run, const struct drop_count *drop)
{
    Promoteros__V1__Distribution *d = new_distribution(run, "heads");
    for (size_t i = 0; i < LEVELS_REPORTED; i++)
        d->values[i] = drop->quantiles[i];
    d->mean = drop->mean;
    return d;
}

static Promoteros__V1__ComparableShow *show_of(struct pros_run *run,
                                               const struct evidence_show *past, double weight)
{
    Promoteros__V1__ComparableShow *show = pros_alloc(run, sizeof *show);
    char *date = pros_alloc(run, CALENDAR_TEXT_SIZE);
    promoteros__v1__comparable_show__init(show);
    calendar_format(past->show.day, date);
    show->show_id = (char *)(uintptr_t)past->id;
    show->show_date = date;
    show->artist_name = (char *)(uintptr_t)past->artist;
    show->venue_name = (char *)(uintptr_t)past->venue;
    show->paid_tickets = past->show.paid;
    show->capacity_tickets = past->show.capacity;
    show->weight = weight;
    return show;
}

/* The last shows of a level are its newest: evidence is ascending by day. */
static void name_shows(struct pros_run *run, const struct evidence *evidence,
                       const struct level_evidence *level, Promoteros__V1__ComparableLevel *message)
{
    size_t named = level->count < RESPOND_SHOWS_MAX ? level->count : RESPOND_SHOWS_MAX;
    message->shows = pros_alloc(run, (named + 1) * sizeof *message->shows);
    for (size_t i = 0; i < named; i++) {
        size_t at = level->count - 1 - i;
        message->shows[message->n_shows++] =
            show_of(run, &evidence->details[level->shows[at]], level->observations[at].weight);
    }
}

static Promoteros__V1__ComparableLevel *new_level(struct pros_run *run, int kind)
{
    Promoteros__V1__ComparableLevel *message = pros_alloc(run, sizeof *message);
    promoteros__v1__comparable_level__init(message);
    message->kind = (Promoteros__V1__ComparableKind)kind;
    return message;
}

static void respond_own_weeks(struct pros_run *run, const struct evidence *evidence,
                              const struct attendance *attendance,
                              Promoteros__V1__PredictAttendanceResponse *response)
{
    Promoteros__V1__ComparableLevel *message =
        new_level(run, PROMOTEROS__V1__COMPARABLE_KIND__COMPARABLE_KIND_OWN_WEEKS);
    message->effective_count = (double)attendance->own_weeks;
    message->show_count = (int64_t)attendance->own_weeks;
    message->sold_out_count = (int64_t)attendance->comparables.levels[LEVEL_HERE].sold_out;
    message->weight = RUNNING_SMOOTHING;
    message->mean_share = attendance->running.level;
    message->spread_share = attendance->running.scale;
    message->contribution_tickets = (attendance->running.level - attendance->baseline) *
                                    (double)evidence->request.coming.capacity;
    name_shows(run, evidence, &attendance->comparables.levels[LEVEL_HERE], message);
    response->levels[response->n_levels++] = message;
}

void respond_levels(struct pros_run *run, const struct evidence *evidence,
                    const struct attendance *attendance,
                    Promoteros__V1__PredictAttendanceResponse *response)
{
    response->levels = pros_alloc(run, LEVELS * sizeof *response->levels);
    if (attendance->basis == BASIS_RUNNING_SHOW) {
        respond_own_weeks(run, evidence, attendance, response);
        return;
    }
    for (int i = 0; i < LEVELS; i++) {
        const struct level_result *level = &attendance->shrinkage.levels[i];
        if (!level->count)
            continue;
        Promoteros__V1__ComparableLevel *message = new_level(run, i + 1);
        message->show_count = (int64_t)level->count;
        message->sold_out_count = (int64_t)level->sold_out;
        message->effective_count = level->effective_count;
        message->weight = level->weight;
        message->mean_share = level->mean;
        message->spread_share = level->spread;
        message->contribution_tickets =
            level->contribution * (double)evidence->request.coming.capacity;
        name_shows(run, evidence, &attendance->comparables.levels[i], message);
        response->levels[response->n_levels++] = message;
    }
}
