#include "deal-optimizer/pay.h"

bool terms_use_share(const struct terms *terms)
{
    return terms->type == DEAL_DOOR || terms->type == DEAL_VERSUS || terms->type == DEAL_PLUS ||
           terms->type == DEAL_HURDLE;
}

bool terms_use_costs(const struct terms *terms)
{
    return terms->type == DEAL_RENTAL || (terms_use_share(terms) && terms->share_base == SHARE_NET);
}

bool terms_use_guarantee(const struct terms *terms)
{
    return terms->type == DEAL_FLAT || terms->type == DEAL_VERSUS || terms->type == DEAL_PLUS ||
           terms->type == DEAL_HURDLE;
}

int64_t sell_through_tickets(const struct terms *terms, const struct takings *takings, int64_t ppm)
{
    bool counted = terms->flags.comps == COMPS_COUNTED;
    int64_t all = takings->allotment.value - (counted ? 0 : takings->comps);
    wide needed = ((wide)all * ppm + PPM - 1) / PPM - (counted ? takings->comps : 0);
    return needed > 0 ? (int64_t)needed : 0;
}

bool bonus_reached(const struct terms *terms, const struct takings *takings,
                   const struct bonus_step *step)
{
    if (step->at_tickets.set)
        return takings->sold >= step->at_tickets.value;
    if (step->at_sell_through_ppm.set)
        return takings->sold >=
               sell_through_tickets(terms, takings, step->at_sell_through_ppm.value);
    return rational_sign(rational_sub(takings->gross, rational_int(step->at_gross.value))) >= 0;
}

static struct rational step_reward(const struct terms *terms, const struct takings *takings,
                                   const struct bonus_step *step)
{
    if (step->amount.set)
        return rational_int(step->amount.value);
    int64_t tickets = takings->sold;
    if (terms->flags.bonus != BONUS_RETROACTIVE)
        tickets -= step->at_tickets.set
                       ? step->at_tickets.value
                       : sell_through_tickets(terms, takings, step->at_sell_through_ppm.value);
    return rational_mul(rational_int(step->per_ticket.value), rational_int(tickets));
}

static struct rational bonuses(const struct terms *terms, const struct takings *takings)
{
    struct rational sum = rational_int(0);
    bool cumulative =
        terms->flags.bonus != BONUS_HIGHEST && terms->flags.bonus != BONUS_RETROACTIVE;
    for (size_t i = terms->bonus_count; i-- > 0;) {
        if (!bonus_reached(terms, takings, &terms->bonuses[i]))
            continue;
        sum = rational_add(sum, step_reward(terms, takings, &terms->bonuses[i]));
        if (!cumulative)
            break;
    }
    return sum;
}

static struct rational ticket_pay(const struct terms *terms, const struct takings *takings)
{
    const struct per_ticket *rule = &terms->per_ticket;
    if (!rule->set)
        return rational_int(0);
    int64_t threshold = rule->above_tickets;
    if (rule->above_sell_through_ppm > 0) {
        int64_t by_share = sell_through_tickets(terms, takings, rule->above_sell_through_ppm);
        threshold = by_share > threshold ? by_share : threshold;
    }
    int64_t tickets = takings->sold > threshold ? takings->sold - threshold : 0;
    if (rule->cap_tickets.set && tickets > rule->cap_tickets.value)
        tickets = rule->cap_tickets.value;
    return rational_mul(rational_int(rule->amount), rational_int(tickets));
}

/* Costs before the split and the promoter's own, with reimbursements where they belong. */
static void count_costs(const struct terms *terms, const struct takings *takings,
                        struct payout *payout)
{
    payout->costs = takings->costs;
    payout->own_costs = takings->own_costs;
    if (terms->flags.caps == CAP_TOTAL && terms->total_cap.set)
        payout->costs = rational_min(payout->costs, rational_int(terms->total_cap.value));
    for (size_t i = 0; i < terms->reimbursement_count; i++) {
        const struct reimbursement *item = &terms->reimbursements[i];
        if (item->affects_split.set && item->affects_split.value)
            payout->costs = rational_add(payout->costs, rational_int(item->amount));
        if (!item->external_only.value)
            payout->own_costs = rational_add(payout->own_costs, rational_int(item->amount));
    }
    payout->guarantees = rational_int(terms_use_guarantee(terms) ? terms->guarantee.value : 0);
    for (size_t i = 0; i < terms->co_headliner_count; i++)
        payout->guarantees =
            rational_add(payout->guarantees, rational_int(terms->co_headliners[i].guarantee));
    payout->promoter_profit = rational_int(0);
    if (!terms_use_costs(terms) || terms->type == DEAL_RENTAL)
        return;
    struct rational base = payout->costs;
    if (terms->flags.profit == PROFIT_EXPENSES_AND_GUARANTEE)
        base = rational_add(base, payout->guarantees);
    if (terms->flags.profit == PROFIT_EXPENSES ||
        terms->flags.profit == PROFIT_EXPENSES_AND_GUARANTEE)
        payout->promoter_profit = rational_ppm(base, terms->profit_ppm.value);
}

/* The share's base, floored at zero, and the point at which the percentage opens. */
static void find_base(const struct terms *terms, const struct takings *takings,
                      struct payout *payout)
{
    const struct rational zero = rational_int(0);
    struct rational before = zero; /* what comes off before the share */
    struct rational whole = terms->share_base == SHARE_GROSS ? takings->gross : takings->receipts;
    if (terms->share_base == SHARE_NET) {
        before = rational_add(payout->costs, payout->promoter_profit);
        if (terms->type == DEAL_PLUS && terms->flags.guarantee == GUARANTEE_INSIDE)
            before = rational_add(before, payout->guarantees);
    }
    payout->net_to_split = rational_max(zero, rational_sub(whole, before));
    payout->percentage = rational_ppm(payout->net_to_split, terms->share_ppm.value);
    payout->split_point = before;
    payout->has_split_point = terms->share_ppm.value > 0;
    if (terms->type == DEAL_HURDLE)
        payout->split_point = rational_add(before, rational_int(terms->hurdle.value));
    else if (terms->type == DEAL_VERSUS && payout->has_split_point)
        payout->split_point =
            rational_add(before, rational_div(rational_int(terms->guarantee.value),
                                              rational_make(terms->share_ppm.value, PPM)));
    payout->opening = rational_sub(whole, payout->split_point);
}

/* One headliner's pay from the shared base. */
static struct rational share_pay(const struct terms *terms, const struct payout *payout,
                                 int64_t guarantee_minor, int64_t share_ppm)
{
    struct rational guarantee = rational_int(guarantee_minor);
    if (terms->type == DEAL_FLAT)
        return guarantee;
    struct rational percentage = rational_ppm(payout->net_to_split, share_ppm);
    switch (terms->type) {
    case DEAL_DOOR:
        return percentage;
    case DEAL_VERSUS:
        return rational_max(guarantee, percentage);
    case DEAL_PLUS:
        return rational_add(guarantee, percentage);
    case DEAL_HURDLE:
        return rational_sign(payout->opening) >= 0 ? percentage : guarantee;
    default:
        return rational_int(0);
    }
}

void pay(const struct terms *terms, const struct takings *takings, struct payout *payout)
{
    *payout = (struct payout){
        .percentage = {0, 1}, .net_to_split = {0, 1}, .opening = {0, 1}, .split_point = {0, 1}};
    count_costs(terms, takings, payout);
    if (terms_use_share(terms))
        find_base(terms, takings, payout);
    payout->artist = share_pay(terms, payout, terms->guarantee.value, terms->share_ppm.value);
    for (size_t i = 0; i < terms->co_headliner_count; i++)
        payout->co_headliners[i] = share_pay(terms, payout, terms->co_headliners[i].guarantee,
                                             terms->co_headliners[i].share_ppm);
    struct rational per_ticket = ticket_pay(terms, takings);
    payout->bonus = bonuses(terms, takings);
    if (terms->type == DEAL_PER_TICKET)
        payout->artist = rational_add(payout->artist, per_ticket);
    else
        payout->bonus = rational_add(payout->bonus, per_ticket);
    if (terms->type == DEAL_RENTAL)
        payout->artist = rational_sub(rational_sub(takings->receipts, payout->costs),
                                      rational_int(terms->rent.value));
    payout->artist = rational_add(payout->artist, payout->bonus);
    struct rational over = payout->percentage;
    if (terms->type == DEAL_VERSUS)
        over = rational_sub(over, rational_int(terms->guarantee.value));
    payout->backend_opened =
        terms->type == DEAL_HURDLE ? rational_sign(payout->opening) >= 0 : rational_sign(over) > 0;
}

bool pay_round(const struct terms *terms, const struct takings *takings,
               const struct payout *payout, int64_t unit, struct shares *shares)
{
    int64_t step = terms->flags.rounding == ROUND_WHOLE ? unit : 1;
    *shares = (struct shares){0};
    bool ok = rational_round(takings->receipts, 1, &shares->receipts) &&
              rational_round(payout->own_costs, 1, &shares->own_costs) &&
              rational_round(payout->artist, step, &shares->artist) && rational_ok(payout->bonus) &&
              rational_ok(payout->opening);
    shares->artists = shares->artist;
    for (size_t i = 0; ok && i < terms->co_headliner_count; i++) {
        ok = rational_round(payout->co_headliners[i], step, &shares->co_headliners[i]) &&
             !__builtin_add_overflow(shares->artists, shares->co_headliners[i], &shares->artists);
    }
    int64_t left;
    if (!ok || __builtin_sub_overflow(shares->receipts, shares->artists, &left) ||
        __builtin_sub_overflow(left, shares->own_costs, &left))
        return false;
    const struct co_promotion *partner = &terms->co_promotion;
    if (partner->set && (left > 0 || partner->shares_losses.value) &&
        !rational_round(rational_ppm(rational_int(left), partner->partner_share_ppm), step,
                        &shares->partner))
        return false;
    shares->promoter = left - shares->partner;
    return true;
}
