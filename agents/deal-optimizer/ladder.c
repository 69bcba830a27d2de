#include "deal-optimizer/ladder.h"

struct maybe tier_sellable(const struct tier *tier)
{
    if (!tier->allotment.set)
        return (struct maybe){false, 0};
    return (struct maybe){true, tier->allotment.value - tier->comps - tier->kills};
}

struct maybe box_sellable(const struct box_office *box)
{
    bool all = box->tier_count > 0;
    int64_t sum = 0, held = 0;
    for (size_t i = 0; i < box->tier_count; i++) {
        struct maybe sellable = tier_sellable(&box->tiers[i]);
        all = all && sellable.set;
        sum += sellable.value;
        held += box->tiers[i].comps + box->tiers[i].kills;
    }
    if (!box->capacity.set)
        return (struct maybe){all, sum};
    int64_t room = box->capacity.value > held ? box->capacity.value - held : 0;
    return (struct maybe){true, all && sum < room ? sum : room};
}

void ladder_fill(const struct box_office *box, int64_t tickets, int64_t *sold)
{
    for (size_t i = 0; i < box->tier_count; i++) {
        struct maybe sellable = tier_sellable(&box->tiers[i]);
        sold[i] = sellable.set && sellable.value < tickets ? sellable.value : tickets;
        tickets -= sold[i];
    }
}

struct maybe gross_potential(const struct box_office *box)
{
    int64_t sum = 0;
    for (size_t i = 0; i < box->tier_count; i++) {
        struct maybe sellable = tier_sellable(&box->tiers[i]);
        int64_t amount;
        if (!sellable.set || __builtin_mul_overflow(sellable.value, box->tiers[i].price, &amount) ||
            __builtin_add_overflow(sum, amount, &sum))
            return (struct maybe){false, 0};
    }
    return (struct maybe){box->tier_count > 0, sum};
}

/* Tickets, comps and gross from the tiers, then what the report says instead. */
static void count_tickets(const struct box_office *box, const int64_t *sold, struct ladder *ladder)
{
    struct takings *takings = &ladder->takings;
    bool all = box->tier_count > 0;
    int64_t allotment = 0, kills = 0;
    takings->gross = rational_int(0);
    for (size_t i = 0; i < box->tier_count; i++) {
        const struct tier *tier = &box->tiers[i];
        int64_t count = sold ? sold[i] : tier->sold;
        takings->sold += count;
        takings->comps += tier->comps;
        kills += tier->kills;
        all = all && tier->allotment.set;
        allotment += tier->allotment.value;
        takings->gross = rational_add(takings->gross,
                                      rational_mul(rational_int(tier->price), rational_int(count)));
    }
    if (box->tier_count == 0 && box->reported_sold.set)
        takings->sold = box->reported_sold.value;
    if (all)
        takings->allotment = (struct maybe){true, allotment - kills};
    else if (box->capacity.set)
        takings->allotment = (struct maybe){true, box->capacity.value - kills};
    if (!sold && box->gross.set)
        takings->gross = rational_int(box->gross.value);
    else if (!sold && box->tier_count == 0 && box->net_gross.set)
        takings->gross = rational_int(box->net_gross.value);
}

static void take_fees(const struct box_office *box, const struct flags *flags, bool reported,
                      struct ladder *ladder)
{
    const struct rational gross = ladder->takings.gross;
    const struct rational tickets = rational_int(ladder->takings.sold);
    ladder->facility = rational_int(0);
    ladder->other_fees = rational_int(0);
    if (box->facility_fee.set && flags->facility == FACILITY_INSIDE)
        ladder->facility = rational_mul(rational_int(box->facility_fee.value), tickets);
    if (reported && box->fees_total.set) {
        ladder->other_fees = rational_sub(rational_int(box->fees_total.value), ladder->facility);
        return;
    }
    for (size_t i = 0; i < box->fee_count; i++) {
        const struct fee *fee = &box->fees[i];
        struct rational amount =
            fee->per_ticket.set ? rational_mul(rational_int(fee->per_ticket.value), tickets)
                                : rational_mul(gross, rational_make(fee->included_ppm.value,
                                                                    PPM + fee->included_ppm.value));
        ladder->other_fees = rational_add(ladder->other_fees, amount);
    }
}

static void take_tax(const struct box_office *box, const struct flags *flags, bool reported,
                     struct ladder *ladder)
{
    struct takings *takings = &ladder->takings;
    ladder->adjusted =
        rational_sub(rational_sub(takings->gross, ladder->facility), ladder->other_fees);
    ladder->tax = rational_int(0);
    if (reported && box->tax.set)
        ladder->tax = rational_int(box->tax.value);
    else if (box->tax_ppm.set && flags->tax == TAX_DIVISOR)
        ladder->tax = rational_mul(ladder->adjusted,
                                   rational_make(box->tax_ppm.value, PPM + box->tax_ppm.value));
    else if (box->tax_ppm.set && flags->tax == TAX_MULTIPLIER)
        ladder->tax = rational_ppm(ladder->adjusted, box->tax_ppm.value);
    ladder->net = reported && box->net_gross.set ? rational_int(box->net_gross.value)
                                                 : rational_sub(ladder->adjusted, ladder->tax);
    ladder->extra = rational_int(box->untaxed_extra);
    takings->receipts = rational_add(ladder->net, ladder->extra);
}

static struct rational line_amount(const struct expense_line *line, const struct ladder *ladder)
{
    const struct takings *takings = &ladder->takings;
    struct rational amount = rational_int(line->amount);
    switch (line->base) {
    case BASE_PER_TICKET:
        return rational_mul(amount, rational_int(takings->sold));
    case BASE_PER_HEAD:
        return rational_mul(amount, rational_int(takings->sold + takings->comps));
    case BASE_GROSS:
        return rational_ppm(takings->gross, line->rate_ppm);
    case BASE_ADJUSTED_GROSS:
        return rational_ppm(ladder->adjusted, line->rate_ppm);
    case BASE_NET_GROSS:
        return rational_ppm(ladder->net, line->rate_ppm);
    default:
        return amount;
    }
}

static struct rational against_artist(const struct expense_line *line, const struct flags *flags,
                                      struct rational actual)
{
    if (line->internal_only ||
        (line->kind == EXPENSE_SUPPORT && flags->support == SUPPORT_PROMOTER))
        return rational_int(0);
    if (flags->caps == CAP_PER_LINE && line->cap.set)
        return rational_min(actual, rational_int(line->cap.value));
    return actual;
}

static void add_costs(const struct show *show, const struct flags *flags, struct ladder *ladder,
                      struct rational *lines)
{
    struct takings *takings = &ladder->takings;
    struct rational itemised = rational_int(0), missing = rational_int(0);
    ladder->fixed = ladder->variable = takings->own_costs = rational_int(0);
    for (size_t i = 0; i < show->line_count; i++) {
        const struct expense_line *line = &show->lines[i];
        struct rational actual = line_amount(line, ladder);
        struct rational counted = against_artist(line, flags, actual);
        struct rational *part = line->base == BASE_FIXED ? &ladder->fixed : &ladder->variable;
        *part = rational_add(*part, counted);
        takings->own_costs = rational_add(takings->own_costs, actual);
        if (line->base == BASE_FIXED && line->kind != EXPENSE_SUPPORT)
            itemised = rational_add(itemised, actual);
        if (lines)
            lines[i] = counted;
    }
    if (show->reported_fixed.set)
        missing = rational_sub(rational_int(show->reported_fixed.value), itemised);
    ladder->fixed = rational_add(ladder->fixed, missing);
    takings->own_costs = rational_add(takings->own_costs, missing);
    takings->costs = rational_add(ladder->fixed, ladder->variable);
    if (lines)
        lines[show->line_count] = missing;
}

void ladder_compute(const struct show *show, const struct flags *flags, const int64_t *sold,
                    struct ladder *ladder, struct rational *lines)
{
    *ladder = (struct ladder){0};
    count_tickets(&show->box, sold, ladder);
    take_fees(&show->box, flags, !sold, ladder);
    take_tax(&show->box, flags, !sold, ladder);
    add_costs(show, flags, ladder, lines);
}

void ladder_add(struct ladder *sum, const struct ladder *ladder)
{
    const struct rational *from[] = {&ladder->takings.gross, &ladder->takings.receipts,
                                     &ladder->takings.costs, &ladder->takings.own_costs,
                                     &ladder->facility,      &ladder->other_fees,
                                     &ladder->adjusted,      &ladder->tax,
                                     &ladder->net,           &ladder->extra,
                                     &ladder->fixed,         &ladder->variable};
    struct rational *to[] = {&sum->takings.gross, &sum->takings.receipts,
                             &sum->takings.costs, &sum->takings.own_costs,
                             &sum->facility,      &sum->other_fees,
                             &sum->adjusted,      &sum->tax,
                             &sum->net,           &sum->extra,
                             &sum->fixed,         &sum->variable};
    for (size_t i = 0; i < sizeof from / sizeof *from; i++)
        *to[i] = rational_add(*to[i], *from[i]);
    sum->takings.sold += ladder->takings.sold;
    sum->takings.comps += ladder->takings.comps;
    sum->takings.allotment.set = sum->takings.allotment.set && ladder->takings.allotment.set;
    sum->takings.allotment.value += ladder->takings.allotment.value;
}
