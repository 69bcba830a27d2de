#include <stdarg.h>
#include <stdio.h>

#include "deal-optimizer/money.h"
#include "deal-optimizer/settle.h"

__attribute__((format(printf, 2, 3))) static void warn(struct warnings *warnings,
                                                       const char *format, ...)
{
    if (warnings->count >= SETTLE_MAX_WARNINGS)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(warnings->text[warnings->count++], sizeof warnings->text[0], format, arguments);
    va_end(arguments);
}

static void warn_counts(const struct box_office *box, int digits, struct warnings *warnings)
{
    char one[MONEY_TEXT_SIZE], two[MONEY_TEXT_SIZE];
    int64_t sold = 0;
    wide gross = 0;
    for (size_t i = 0; i < box->tier_count; i++) {
        sold += box->tiers[i].sold;
        gross += (wide)box->tiers[i].price * box->tiers[i].sold;
    }
    if (box->tier_count && box->reported_sold.set && box->reported_sold.value != sold)
        warn(warnings, "tiers add up to %lld sold, the reported total is %lld", (long long)sold,
             (long long)box->reported_sold.value);
    if (box->tier_count && box->gross.set && box->gross.value != gross)
        warn(warnings, "tiers add up to a gross of %s, the reported gross is %s",
             money_plain((int64_t)gross, digits, one), money_plain(box->gross.value, digits, two));
    if (!box->tier_count && !box->gross.set)
        warn(warnings, "only the net gross is known; gross, fees and tax are not");
    if (box->gross.set && box->fees_total.set && box->tax.set && box->net_gross.set) {
        int64_t net = box->gross.value - box->fees_total.value - box->tax.value;
        if (net != box->net_gross.value)
            warn(warnings, "gross less fees and tax is %s, the reported net gross is %s",
                 money_plain(net, digits, one), money_plain(box->net_gross.value, digits, two));
    }
}

static void warn_costs(const struct show *show, int digits, struct warnings *warnings)
{
    char one[MONEY_TEXT_SIZE], two[MONEY_TEXT_SIZE];
    int64_t itemised = 0;
    for (size_t i = 0; i < show->line_count; i++)
        if (show->lines[i].base == BASE_FIXED && show->lines[i].kind != EXPENSE_SUPPORT)
            itemised += show->lines[i].amount;
    if (show->reported_fixed.set && show->line_count && show->reported_fixed.value != itemised)
        warn(warnings,
             "the reported expense breakdown (%s) does not add up to the fixed expenses (%s)",
             money_plain(itemised, digits, one),
             money_plain(show->reported_fixed.value, digits, two));
}

static void warn_terms(const struct terms *terms, const struct show *shows, size_t show_count,
                       int digits, struct warnings *warnings)
{
    char one[MONEY_TEXT_SIZE], two[MONEY_TEXT_SIZE];
    int64_t potential = 0;
    bool known = true;
    for (size_t i = 0; i < show_count; i++) {
        struct maybe gross = gross_potential(&shows[i].box);
        known = known && gross.set && gross.value <= MONEY_MAX;
        potential += known ? gross.value : 0;
    }
    if (known && terms_use_guarantee(terms) && terms->guarantee.value > potential)
        warn(warnings, "the guarantee (%s) is above the gross potential (%s)",
             money_plain(terms->guarantee.value, digits, one), money_plain(potential, digits, two));
    if (terms->type == DEAL_HURDLE && terms->share_base != SHARE_NET) {
        wide at = (wide)terms->hurdle.value * terms->share_ppm.value / PPM;
        if (at < terms->guarantee.value)
            warn(warnings, "at the hurdle the share pays %s, less than the guarantee (%s)",
                 money_plain((int64_t)at, digits, one),
                 money_plain(terms->guarantee.value, digits, two));
    }
    if (terms->type == DEAL_VERSUS && terms->flags.guarantee == GUARANTEE_INSIDE)
        warn(warnings,
             "a versus deal pays the higher of the two: guarantee_placement was not used");
    if (terms->type == DEAL_DOOR && terms->guarantee.value > 0)
        warn(warnings, "a door deal has no guarantee: the stated one (%s) was not used",
             money_plain(terms->guarantee.value, digits, one));
    if (terms->deposit.value > terms->guarantee.value && terms_use_guarantee(terms))
        warn(warnings, "the deposit (%s) is above the guarantee (%s)",
             money_plain(terms->deposit.value, digits, one),
             money_plain(terms->guarantee.value, digits, two));
}

void sheet_warn(const struct terms *terms, const struct show *shows, size_t show_count,
                struct warnings *warnings)
{
    int digits = currency_digits(terms->currency);
    for (size_t i = 0; i < show_count; i++) {
        warn_counts(&shows[i].box, digits, warnings);
        warn_costs(&shows[i], digits, warnings);
    }
    warn_terms(terms, shows, show_count, digits, warnings);
}
