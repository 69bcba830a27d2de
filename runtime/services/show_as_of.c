/* What of a show was known at a moment: rules in the header. */
#include "services/show_as_of.h"

#include "base/clock.h"

void show_as_of(Promoteros__V1__Show *show, int64_t as_of_ms)
{
    while (show->n_status_history > 0 &&
           timestamp_ms(show->status_history[show->n_status_history - 1]->observed_time) > as_of_ms)
        show->n_status_history--;
    while (show->n_ticket_counts > 0 &&
           timestamp_ms(show->ticket_counts[show->n_ticket_counts - 1]->observed_time) > as_of_ms)
        show->n_ticket_counts--;
    if (show->attendance && timestamp_ms(show->attendance->known_time) > as_of_ms) {
        show->attendance = NULL;
        show->artist_payout = NULL;
    }
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static bool same_figures(const Promoteros__V1__Attendance *a, const Promoteros__V1__Attendance *b)
{
    struct figure {
        int a_set, b_set;
        int64_t a, b;
    } figures[] = {
        {a->_paid_tickets_case != 0, b->_paid_tickets_case != 0, a->paid_tickets, b->paid_tickets},
        {a->_heads_case != 0, b->_heads_case != 0, a->heads, b->heads},
        {a->_comp_tickets_case != 0, b->_comp_tickets_case != 0, a->comp_tickets, b->comp_tickets},
        {a->gross != NULL, b->gross != NULL, a->gross ? a->gross->amount_minor : 0,
         b->gross ? b->gross->amount_minor : 0}};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        if (figures[i].a_set != figures[i].b_set ||
            (figures[i].a_set && figures[i].a != figures[i].b))
            return false;
    return true;
}

void show_set_attendance_known(struct arena *arena, Promoteros__V1__Show *show,
                               const Promoteros__V1__Show *before, int32_t show_day,
                               struct arrival arrival)
{
    if (!show->attendance || show->attendance->known_time)
        return;
    if (before && before->attendance && same_figures(show->attendance, before->attendance)) {
        show->attendance->known_time = before->attendance->known_time;
        return;
    }
    int64_t known_ms = arrival.now_ms;
    if (arrival.has_lag)
        known_ms = earlier(known_ms, (show_day + INT64_C(1)) * CLOCK_DAY_MS + arrival.lag_ms);
    show->attendance->known_time = timestamp_new(arena, known_ms);
}

int64_t show_version_known_ms(const Promoteros__V1__Show *show, int32_t show_day,
                              struct arrival arrival)
{
    if (!arrival.has_lag)
        return arrival.now_ms;
    int64_t known_ms = earlier(arrival.now_ms, show_day * CLOCK_DAY_MS);
    if (show->n_status_history > 0)
        known_ms = earlier(known_ms, timestamp_ms(show->status_history[0]->observed_time));
    if (show->n_ticket_counts > 0)
        known_ms = earlier(known_ms, timestamp_ms(show->ticket_counts[0]->observed_time));
    if (show->attendance)
        known_ms = earlier(known_ms, timestamp_ms(show->attendance->known_time));
    return known_ms;
}
