#include "deal-optimizer/money.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* ISO 4217, active codes, by number of minor digits. */
static const struct {
    int digits;
    const char *codes;
} currencies[] = {
    {0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"},
    {2, "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD "
        "CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP "
        "GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD "
        "LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB "
        "PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC "
        "SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG"},
    {3, "BHD IQD JOD KWD LYD OMR TND"},
    {4, "CLF UYW"},
};

int currency_digits(const char *code)
{
    if (!code || strlen(code) != 3 || strchr(code, ' '))
        return -1;
    for (size_t i = 0; i < sizeof currencies / sizeof *currencies; i++) {
        if (strstr(currencies[i].codes, code))
            return currencies[i].digits;
    }
    return -1;
}

int64_t currency_unit(int digits)
{
    int64_t unit = 1;
    while (digits-- > 0)
        unit *= 10;
    return unit;
}

static const char *print(int64_t minor, int digits, bool grouped, char *text)
{
    char reversed[MONEY_TEXT_SIZE];
    size_t length = 0;
    uint64_t rest = minor < 0 ? -(uint64_t)minor : (uint64_t)minor;
    for (int place = 0; place <= digits || rest; place++) {
        if (digits > 0 && place == digits)
            reversed[length++] = '.';
        else if (grouped && place > digits && (place - digits) % 3 == 0)
            reversed[length++] = ',';
        reversed[length++] = (char)('0' + rest % 10);
        rest /= 10;
    }
    if (minor < 0)
        reversed[length++] = '-';
    for (size_t i = 0; i < length; i++)
        text[i] = reversed[length - 1 - i];
    text[length] = '\0';
    return text;
}

const char *money_plain(int64_t minor, int digits, char *text)
{
    return print(minor, digits, false, text);
}

const char *money_text(int64_t minor, int digits, char *text)
{
    return print(minor, digits, true, text);
}
