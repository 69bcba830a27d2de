/* Amounts: exact fractions, how they are rounded, and how they are written. */
#include "deal-optimizer/money.h"
#include "deal-optimizer/rational.h"
#include "unit/check.h"

static void rounding_and_text(void)
{
    int64_t value;
    CHECK(rational_round(rational_make(1, 2), 1, &value));
    CHECK_INT(value, 1);
    CHECK(rational_round(rational_make(-1, 2), 1, &value));
    CHECK_INT(value, -1);
    CHECK(rational_round(rational_make(149, 1), 100, &value));
    CHECK_INT(value, 100);
    CHECK(rational_round(rational_make(150, 1), 100, &value));
    CHECK_INT(value, 200);
    CHECK(!rational_ok(rational_div(rational_int(1), rational_int(0))));
    CHECK(!rational_round((struct rational){(wide)1 << 100, 1}, 1, &value));
    struct rational big = {((wide)1 << 126), 1};
    CHECK(!rational_ok(rational_mul(big, rational_int(3))));
    CHECK(!rational_ok(rational_add(big, big)));
    char text[MONEY_TEXT_SIZE];
    CHECK_STR(money_plain(-2103186, 2, text), "-21031.86");
    CHECK_STR(money_text(123456789, 2, text), "1,234,567.89");
    CHECK_STR(money_text(5, 2, text), "0.05");
    CHECK_STR(money_text(1234567, 0, text), "1,234,567");
    CHECK_STR(money_text(1234567, 3, text), "1,234.567");
    CHECK_STR(money_text(INT64_MIN, 2, text), "-92,233,720,368,547,758.08");
    CHECK_INT(currency_digits("JPY"), 0);
    CHECK_INT(currency_digits("KWD"), 3);
    CHECK_INT(currency_digits("D A"), -1);
    CHECK_INT(currency_digits(""), -1);
}

CHECK_MAIN(rounding_and_text)
