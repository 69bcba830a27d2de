#include "deal-optimizer/settle.h"

#include "deal-optimizer/money.h"

size_t settle_line_capacity(const struct show *shows, size_t show_count)
{
    size_t count = 0;
    for (size_t i = 0; i < show_count && i < SHEET_MAX_SHOWS; i++)
        count += shows[i].line_count + 1;
    return count;
}

static const struct merch_terms *merch_of(const struct terms *terms, int kind)
{
    for (size_t i = 0; i < terms->merch_count; i++)
        if (terms->merch[i].kind == kind)
            return &terms->merch[i];
    return NULL;
}

static bool earn_merch(const struct terms *terms, const struct house *house,
                       struct house_result *result)
{
    for (size_t i = 0; i < house->merch_count; i++) {
        const struct house_merch *goods = &house->merch[i];
        const struct merch_terms *rule = merch_of(terms, goods->kind);
        if (!rule)
            continue;
        struct rational sales =
            rational_mul(rational_int(result->heads), rational_int(goods->per_head));
        struct rational taxed = rational_mul(sales, rational_make(PPM, PPM + goods->tax_ppm));
        struct rational card = rational_ppm(sales, goods->card_fee_ppm);
        struct rational left = rational_sub(taxed, card);
        struct rational base = rule->base == MERCH_GROSS_SALES ? sales
                               : rule->base == MERCH_AFTER_TAX ? taxed
                                                               : left;
        struct rational venue = rational_ppm(base, rule->venue_share_ppm.value);
        int64_t venue_minor, artist_minor;
        if (!rational_round(venue, 1, &venue_minor) ||
            !rational_round(rational_sub(left, venue), 1, &artist_minor))
            return false;
        result->merch += venue_minor;
        result->artist_merch += artist_minor;
    }
    return true;
}

bool house_earn(const struct terms *terms, const struct show *show, int64_t sold, int64_t comps,
                struct house_result *result)
{
    const struct house *house = show->house;
    *result = (struct house_result){.set = true};
    struct rational holders = rational_int(sold + comps + house->extra_comps);
    struct rational fee =
        rational_int(house->keeps_facility_fee.value ? show->box.facility_fee.value : 0);
    struct rational rebate = rational_int(house->ticket_rebate);
    if (!rational_round(rational_ppm(holders, house->show_rate_ppm.value), 1, &result->heads))
        return false;
    struct rational bar =
        rational_mul(rational_int(result->heads), rational_int(house->bar_per_head));
    return rational_round(rational_ppm(bar, house->bar_margin_ppm), 1, &result->bar) &&
           rational_round(rational_mul(fee, rational_int(sold)), 1, &result->facility) &&
           rational_round(rational_mul(rebate, rational_int(sold)), 1, &result->ticket_rebate) &&
           earn_merch(terms, house, result);
}

/* Adds up the shows' ladders and writes their lines. */
static bool add_shows(const struct terms *terms, const struct show *shows, size_t show_count,
                      struct settlement *settlement, struct ladder *sum)
{
    for (size_t i = 0; i < show_count; i++) {
        struct rational amounts[SHEET_MAX_LINES + 1];
        struct ladder ladder;
        ladder_compute(&shows[i], &terms->flags, NULL, &ladder, amounts);
        if (i == 0)
            *sum = ladder;
        else
            ladder_add(sum, &ladder);
        for (size_t l = 0; l <= shows[i].line_count; l++) {
            bool rest = l == shows[i].line_count;
            if (rest && rational_sign(amounts[l]) == 0)
                continue;
            struct settled_line *line = &settlement->lines[settlement->line_count++];
            line->name = rest ? "not itemised" : shows[i].lines[l].name;
            if (!rational_round(amounts[l], 1, &line->amount))
                return false;
        }
    }
    return true;
}

static bool add_house(const struct terms *terms, const struct show *shows, size_t show_count,
                      struct settlement *settlement)
{
    struct house_result *house = &settlement->house;
    for (size_t i = 0; i < show_count; i++) {
        if (!shows[i].house)
            continue;
        struct ladder ladder;
        struct house_result one;
        ladder_compute(&shows[i], &terms->flags, NULL, &ladder, NULL);
        if (!house_earn(terms, &shows[i], ladder.takings.sold, ladder.takings.comps, &one))
            return false;
        house->set = true;
        house->heads += one.heads;
        house->bar += one.bar;
        house->facility += one.facility;
        house->ticket_rebate += one.ticket_rebate;
        house->merch += one.merch;
        house->artist_merch += one.artist_merch;
    }
    house->contribution = settlement->shares.promoter + house->bar + house->facility +
                          house->ticket_rebate + house->merch;
    return true;
}

/* From earnings to the cheque on the night. */
static bool write_cheque(const struct terms *terms, struct settlement *settlement)
{
    int64_t taxable = settlement->shares.artist;
    for (size_t i = 0; i < terms->reimbursement_count; i++) {
        const struct reimbursement *item = &terms->reimbursements[i];
        settlement->reimbursements += item->amount;
        if (item->affects_withholding.value)
            taxable += item->amount;
    }
    if (terms->withholding_ppm.set && taxable > 0 &&
        (!terms->withholding_threshold.set || taxable > terms->withholding_threshold.value) &&
        !rational_round(rational_ppm(rational_int(taxable), terms->withholding_ppm.value), 1,
                        &settlement->withholding))
        return false;
    settlement->deposit = terms->deposit.value;
    settlement->cheque = settlement->shares.artist - settlement->withholding - settlement->deposit +
                         settlement->reimbursements;
    return true;
}

static bool report(const struct terms *terms, const struct ladder *ladder,
                   const struct payout *payout, struct settlement *settlement)
{
    const struct {
        struct rational exact;
        int64_t *reported;
    } figures[] = {
        {ladder->takings.gross, &settlement->gross},
        {ladder->facility, &settlement->facility},
        {ladder->other_fees, &settlement->other_fees},
        {ladder->adjusted, &settlement->adjusted},
        {ladder->tax, &settlement->tax},
        {ladder->net, &settlement->net_gross},
        {ladder->extra, &settlement->extra},
        {payout->costs, &settlement->costs},
        {ladder->fixed, &settlement->fixed},
        {ladder->variable, &settlement->variable},
        {payout->own_costs, &settlement->own_costs},
        {rational_add(payout->costs, payout->guarantees), &settlement->costs_plus_guarantee},
        {payout->promoter_profit, &settlement->promoter_profit},
        {payout->split_point, &settlement->split_point.value},
        {payout->net_to_split, &settlement->net_to_split},
        {payout->percentage, &settlement->percentage},
        {payout->bonus, &settlement->bonus},
    };
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        if (!rational_round(figures[i].exact, 1, figures[i].reported))
            return false;
    settlement->sold = ladder->takings.sold;
    settlement->split_point.set = payout->has_split_point;
    settlement->backend_opened = payout->backend_opened;
    int64_t unit = currency_unit(currency_digits(terms->currency));
    return pay_round(terms, &ladder->takings, payout, unit, &settlement->shares);
}

bool settle(const struct terms *terms, const struct show *shows, size_t show_count,
            struct settled_line *lines, struct settlement *settlement, struct deal_error *error)
{
    *settlement = (struct settlement){.lines = lines};
    if (!sheet_valid(terms, shows, show_count, error) ||
        !sheet_complete(terms, shows, show_count, error))
        return false;
    struct ladder ladder;
    struct payout payout;
    bool ok = add_shows(terms, shows, show_count, settlement, &ladder);
    if (ok)
        pay(terms, &ladder.takings, &payout);
    if (!ok || !report(terms, &ladder, &payout, settlement) || !write_cheque(terms, settlement) ||
        !add_house(terms, shows, show_count, settlement))
        return deal_fail(error, "AMOUNT_TOO_LARGE",
                         "The amounts are too large for the fineness of the rates to be settled "
                         "exactly; state rates with fewer digits or settle the shows one by one.");
    sheet_warn(terms, shows, show_count, &settlement->warnings);
    return true;
}
