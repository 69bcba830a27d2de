/* Files to start from, printed by "deal example". A test settles each of them. */
#include "cli/deal_examples.h"

#include "cli/runs.h"

#include <string.h>

#define SHOW_COSTS                                                                                 \
    "    expenses:\n"                                                                              \
    "      currencyCode: USD\n"                                                                    \
    "      lines:\n"                                                                               \
    "        - {name: house, expenseBase: fixed, amountMinor: 90000}\n"                            \
    "        - {name: security, kind: security, expenseBase: fixed, amountMinor: 35000}\n"         \
    "        - {name: card fee, kind: card-fee, expenseBase: gross, ratePpm: 3%}\n"                \
    "    house:\n"                                                                                 \
    "      showRatePpm: 92%\n"                                                                     \
    "      barPerHeadMinor: 1400\n"                                                                \
    "      barMarginPpm: 70%\n"                                                                    \
    "      keepsFacilityFee: true\n"

#define TERMS                                                                                      \
    "terms:\n"                                                                                     \
    "  currencyCode: USD\n"                                                                        \
    "  type: versus                 # flat, door, per-ticket, versus, plus, hurdle, rental\n"      \
    "  guaranteeMinor: 200000       # in cents: 2,000.00\n"                                        \
    "  sharePpm: 80%\n"                                                                            \
    "  shareBase: net               # gross, net-gross, net\n" FLAGS("  ")

#define FLAGS(indent)                                                                              \
    indent "flags:\n" indent "  taxMode: divisor\n" indent                                         \
           "  facilityFeePlacement: inside-price\n" indent "  supportTreatment: in-deal\n" indent  \
           "  expenseCapRule: none\n" indent "  roundingRule: half-up-minor-unit\n" indent         \
           "  promoterProfitBase: none\n" indent "  guaranteePlacement: outside-split\n"

#define SETTLE_SHOWS                                                                               \
    "shows:\n"                                                                                     \
    "  - name: Friday\n"                                                                           \
    "    boxOffice:\n"                                                                             \
    "      currencyCode: USD\n"                                                                    \
    "      taxPpm: 6.5%\n"                                                                         \
    "      facilityFeeMinor: 200\n"                                                                \
    "      tiers:\n"                                                                               \
    "        - {name: advance, priceMinor: 2500, soldTickets: 240, allotmentTickets: 300}\n"       \
    "        - {name: door, priceMinor: 3000, soldTickets: 60, allotmentTickets: "                 \
    "100}\n" SHOW_COSTS

#define FUTURE_SHOW                                                                                \
    "show:\n"                                                                                      \
    "    name: Friday\n"                                                                           \
    "    boxOffice:\n"                                                                             \
    "      currencyCode: USD\n"                                                                    \
    "      taxPpm: 6.5%\n"                                                                         \
    "      facilityFeeMinor: 200\n"                                                                \
    "      tiers:\n"                                                                               \
    "        - {name: advance, priceMinor: 2500, allotmentTickets: 300}\n"                         \
    "        - {name: door, priceMinor: 3000, allotmentTickets: 100}\n" SHOW_COSTS

#define DEMAND                                                                                     \
    "demand:                         # or --demand 150,230,330, or --artist, --venue, --date\n"    \
    "  unit: tickets\n"                                                                            \
    "  levels: [0.1, 0.5, 0.9]\n"                                                                  \
    "  values: [150, 230, 330]\n"                                                                  \
    "  mean: 236\n"

static const struct {
    const char *name;
    const char *text;
} examples[] = {
    {"settle", "# promoterosctl deal settle FILE: what everyone gets. Amounts are in cents.\n" TERMS
                   SETTLE_SHOWS},
    {"evaluate",
     "# promoterosctl deal evaluate FILE: one deal before the night.\n" TERMS FUTURE_SHOW DEMAND},
    {"optimize", "# promoterosctl deal optimize FILE --ask \"2500.00 USD\": which deal to offer.\n"
                 "maxLossProbability: 0.2\n" FLAGS("") FUTURE_SHOW DEMAND},
};

const char *deal_example(const char *name)
{
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
        if (strcmp(examples[i].name, name) == 0)
            return examples[i].text;
    return NULL;
}

int run_deal_example(struct cli *cli, const struct args *args)
{
    const char *name = args->count > 0 ? args->positionals[0] : "settle";
    const char *text = deal_example(name);

    if (!text)
        return cli_usage(
            cli, "There are examples for settle, evaluate and optimize, not for \"%s\".", name);
    fputs(text, cli->out);
    return CLI_OK;
}
