/* One simulated night as the catalog's message. */
#include "demo/demo.h"

#include "base/clock.h"

#include <string.h>

static Promoteros__V1__Money *usd(struct cli *cli, int64_t cents)
{
    Promoteros__V1__Money *money = arena_alloc(&cli->arena, sizeof *money);
    promoteros__v1__money__init(money);
    money->currency_code = (char *)"USD";
    money->amount_minor = cents;
    return money;
}

static void add_tier(struct cli *cli, Promoteros__V1__Show *message, const char *name, int cents)
{
    Promoteros__V1__PriceTier *tier = arena_alloc(&cli->arena, sizeof *tier);
    promoteros__v1__price_tier__init(tier);
    tier->name = (char *)name;
    tier->price = usd(cli, cents);
    message->price_tiers[message->n_price_tiers++] = tier;
}

static void add_status(struct cli *cli, Promoteros__V1__Show *message,
                       Promoteros__V1__ShowStatus status, int day, int hour)
{
    Promoteros__V1__ShowStatusChange *change = arena_alloc(&cli->arena, sizeof *change);
    promoteros__v1__show_status_change__init(change);
    change->status = status;
    change->observed_time = cli_timestamp(cli, day * CLOCK_DAY_MS + hour * INT64_C(3600000));
    message->status_history[message->n_status_history++] = change;
}

static void fill_counts(struct cli *cli, const struct city_show *show,
                        Promoteros__V1__Show *message)
{
    message->ticket_counts =
        arena_alloc_array(&cli->arena, CITY_MAX_COUNTS, sizeof *message->ticket_counts);
    for (int i = 0; i < show->count_total; i++) {
        Promoteros__V1__TicketCount *count = arena_alloc(&cli->arena, sizeof *count);
        promoteros__v1__ticket_count__init(count);
        count->observed_time =
            cli_timestamp(cli, show->count_days[i] * CLOCK_DAY_MS + INT64_C(75600000));
        count->sold_tickets = show->counts[i];
        message->ticket_counts[message->n_ticket_counts++] = count;
    }
}

static void fill_deal(struct cli *cli, const struct city_show *show, Promoteros__V1__Show *message)
{
    static const Promoteros__V1__DealType types[] = {
        [CITY_FLAT] = PROMOTEROS__V1__DEAL_TYPE__DEAL_TYPE_FLAT,
        [CITY_DOOR] = PROMOTEROS__V1__DEAL_TYPE__DEAL_TYPE_DOOR,
        [CITY_VERSUS] = PROMOTEROS__V1__DEAL_TYPE__DEAL_TYPE_VERSUS,
        [CITY_PLUS] = PROMOTEROS__V1__DEAL_TYPE__DEAL_TYPE_PLUS,
    };
    Promoteros__V1__DealTerms *terms = arena_alloc(&cli->arena, sizeof *terms);
    promoteros__v1__deal_terms__init(terms);
    terms->currency_code = (char *)"USD";
    terms->type = types[show->deal];
    if (show->deal != CITY_DOOR) {
        terms->_guarantee_minor_case = PROMOTEROS__V1__DEAL_TERMS___GUARANTEE_MINOR_GUARANTEE_MINOR;
        terms->guarantee_minor = show->guarantee_cents;
    }
    if (show->deal != CITY_FLAT) {
        terms->_share_ppm_case = PROMOTEROS__V1__DEAL_TERMS___SHARE_PPM_SHARE_PPM;
        terms->share_ppm = show->share_percent * 10000;
        terms->share_base = show->deal == CITY_DOOR
                                ? PROMOTEROS__V1__SHARE_BASE__SHARE_BASE_NET_GROSS
                                : PROMOTEROS__V1__SHARE_BASE__SHARE_BASE_NET;
    }
    if (show->deal == CITY_PLUS) {
        terms->_promoter_profit_ppm_case =
            PROMOTEROS__V1__DEAL_TERMS___PROMOTER_PROFIT_PPM_PROMOTER_PROFIT_PPM;
        terms->promoter_profit_ppm = 150000;
    }
    message->deal = terms;
}

static void fill_outcome(struct cli *cli, const struct city_show *show,
                         Promoteros__V1__Show *message)
{
    Promoteros__V1__Attendance *attendance = arena_alloc(&cli->arena, sizeof *attendance);
    promoteros__v1__attendance__init(attendance);
    attendance->_paid_tickets_case = PROMOTEROS__V1__ATTENDANCE___PAID_TICKETS_PAID_TICKETS;
    attendance->paid_tickets = show->paid;
    attendance->_heads_case = PROMOTEROS__V1__ATTENDANCE___HEADS_HEADS;
    attendance->heads = show->heads;
    attendance->_comp_tickets_case = PROMOTEROS__V1__ATTENDANCE___COMP_TICKETS_COMP_TICKETS;
    attendance->comp_tickets = show->comps;
    attendance->gross = usd(cli, show->gross_cents);
    attendance->known_time = cli_timestamp(cli, (show->day + 1) * CLOCK_DAY_MS + INT64_C(36000000));
    message->attendance = attendance;
    message->artist_payout = usd(cli, show->payout_cents);
}

void demo_fill_show(struct cli *cli, const struct city *city, const struct city_show *show,
                    Promoteros__V1__Show *message)
{
    const struct city_room *room = &city_rooms[show->room];
    char date[CLOCK_TEXT_SIZE];
    clock_format_date(show->day, date);
    promoteros__v1__show__init(message);
    message->venue_id = (char *)demo_venue_id(cli, room);
    message->room_id = (char *)room->room;
    message->show_date = arena_string(&cli->arena, date);
    message->performance_count = 1;
    message->genre = (char *)city_scene_names[city->artists[show->artist].scene];
    message->capacity_tickets = room->capacity;
    message->simulated = true;
    message->price_tiers = arena_alloc_array(&cli->arena, 2, sizeof *message->price_tiers);
    add_tier(cli, message, "advance", show->price_cents);
    if (show->door_price_cents != show->price_cents)
        add_tier(cli, message, "door", show->door_price_cents);
    message->status_history = arena_alloc_array(&cli->arena, 3, sizeof *message->status_history);
    add_status(cli, message, PROMOTEROS__V1__SHOW_STATUS__SHOW_STATUS_ON_SALE, show->announce_day,
               10);
    if (show->cancelled && show->day <= city->last_day)
        add_status(cli, message, PROMOTEROS__V1__SHOW_STATUS__SHOW_STATUS_CANCELLED, show->day - 5,
                   16);
    if (room->own) { /* rivals' counts, deals and settlements are not ours to know */
        fill_counts(cli, show, message);
        fill_deal(cli, show, message);
    }
    if (show->played) {
        add_status(cli, message, PROMOTEROS__V1__SHOW_STATUS__SHOW_STATUS_PLAYED, show->day + 1, 8);
        if (room->own)
            fill_outcome(cli, show, message);
    }
}
