/* What adds up and what does not. */
#include "host/arithmetic.h"
#include "unit/check.h"

#include <stdbool.h>

static void test_table(void)
{
    static const struct {
        int link;
        double value, baseline, amounts[3];
        size_t count;
        double share;
        enum pros_status status;
        double residual;
    } cases[] = {
        {PROS_LINK_IDENTITY, 2240, 1500, {1200, -460}, 2, 0, PROS_OK, 0},
        {PROS_LINK_IDENTITY, 0, 0, {0}, 0, 0, PROS_OK, 0},
        {PROS_LINK_IDENTITY, 5, 5, {0}, 0, 0, PROS_OK, 0},
        {PROS_LINK_IDENTITY, 0.3, 0.1, {0.2}, 1, 0, PROS_OK, 0}, /* rounding is no mistake */
        {PROS_LINK_IDENTITY, 1e300, 1e300, {1e-300}, 1, 0, PROS_OK, 0},
        {PROS_LINK_IDENTITY, 1000.0000005, 1000, {0}, 0, 0, PROS_OK, 5e-7},
        {PROS_LINK_IDENTITY, 1000.00001, 1000, {0}, 0, 0, PROS_INTERNAL, 0},
        {PROS_LINK_IDENTITY, 5, 0, {0}, 0, 0, PROS_INTERNAL, 0},
        {PROS_LINK_IDENTITY, 105, 100, {0}, 0, 0.05, PROS_OK, 5},
        {PROS_LINK_IDENTITY, 106, 100, {0}, 0, 0.05, PROS_INTERNAL, 0},
        /* The largest magnitude counts, not the total. */
        {PROS_LINK_IDENTITY, 9, 0, {100, -100}, 2, 0.1, PROS_OK, 9},
        {PROS_LINK_LOG, M_E, 0.25, {0.75}, 1, 0, PROS_OK, 0},
        {PROS_LINK_LOG, 0, 0, {0}, 0, 1, PROS_INTERNAL, 0},
        {PROS_LINK_LOG, -1, 0, {0}, 0, 1, PROS_INTERNAL, 0},
        {PROS_LINK_LOGIT, 0.5, -1, {0.25, 0.75}, 2, 0, PROS_OK, 0},
        {PROS_LINK_LOGIT, 1e-300, -690.77552789821368, {0}, 0, 0, PROS_OK, 0},
        {PROS_LINK_LOGIT, 0, 0, {0}, 0, 1, PROS_INTERNAL, 0},
        {PROS_LINK_LOGIT, 1, 0, {0}, 0, 1, PROS_INTERNAL, 0},
        {PROS_LINK_LOGIT, 1.5, 0, {0}, 0, 1, PROS_INTERNAL, 0},
        {PROS_LINK_IDENTITY, NAN, 0, {0}, 0, 1, PROS_INTERNAL, 0},
        {PROS_LINK_IDENTITY, 1, INFINITY, {0}, 0, 1, PROS_INTERNAL, 0},
        {PROS_LINK_IDENTITY, 1, 0, {NAN}, 1, 1, PROS_INTERNAL, 0},
        {PROS_LINK_IDENTITY, 1, 1.7e308, {1.7e308}, 1, 1, PROS_INTERNAL, 0}, /* overflows */
        {0, 1, 1, {0}, 0, 1, PROS_INTERNAL, 0},
        {4, 1, 1, {0}, 0, 1, PROS_INTERNAL, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct failure failure = {0};
        double residual = 0;
        struct arithmetic_sum sum = {"expected_margin", cases[i].link,    cases[i].value,
                                     cases[i].baseline, cases[i].amounts, cases[i].count,
                                     cases[i].share};
        bool ok = CHECK_INT(arithmetic_residual(&sum, &residual, &failure), cases[i].status);
        if (cases[i].status == PROS_OK)
            ok &= CHECK_NEAR(residual, cases[i].residual, 1e-9);
        else {
            ok &= CHECK_STR(failure.reason, "TRACE_ARITHMETIC");
            ok &= CHECK(strstr(failure.sentence, "expected_margin") != NULL);
        }
        if (!ok)
            fprintf(stderr, "    case %zu\n", i);
    }
}

CHECK_MAIN(test_table)
