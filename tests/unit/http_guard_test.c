/* Names and origins that may, and those that may not. */
#include "unit/check.h"

#include "http/guard.h"

static struct span span(const char *text)
{
    return (struct span){text, strlen(text)};
}

static void hosts(void)
{
    static const char allowed[] = "booking.example, box.example:8443";
    static const char *const good[] = {
        "localhost", "LOCALHOST:8080", "127.0.0.1",       "127.0.0.1:8080",     "127.9.9.9",
        "[::1]",     "[::1]:8080",     "booking.example", "Booking.Example:99", "box.example:8443"};
    static const char *const bad[] = {"",
                                      "evil.example",
                                      "localhost.evil.example",
                                      "127.0.0.1.evil.example",
                                      "evil.example:8080",
                                      "xbooking.example",
                                      "booking.example.evil",
                                      "box.example",
                                      "box.example:8444",
                                      "localhost:",
                                      "localhost:80x",
                                      "localhost:808080",
                                      "localhost:80:90",
                                      "[::1",
                                      "[::2]",
                                      "user@localhost",
                                      "2130706433",
                                      "0.0.0.0",
                                      ","};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!CHECK(guard_host(span(good[i]), allowed)))
            fprintf(stderr, "    %s\n", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (!CHECK(!guard_host(span(bad[i]), allowed)))
            fprintf(stderr, "    %s\n", bad[i]);
    CHECK(!guard_host(span("booking.example"), NULL));
}

static void origins(void)
{
    static const char allowed[] = "https://booking.example http://localhost:5678";
    const struct span host = span("127.0.0.1:8080");
    CHECK(guard_origin(span("http://127.0.0.1:8080"), host, allowed));
    CHECK(guard_origin(span("https://127.0.0.1:8080"), host, NULL));
    CHECK(guard_origin(span("https://booking.example"), host, allowed));
    CHECK(guard_origin(span("http://localhost:5678"), host, allowed));
    CHECK(!guard_origin(span("http://localhost:5679"), host, allowed));
    CHECK(!guard_origin(span("http://booking.example"), host, allowed));
    CHECK(!guard_origin(span("http://127.0.0.1"), host, allowed));
    CHECK(!guard_origin(span("http://127.0.0.1:8080.evil"), host, allowed));
    CHECK(!guard_origin(span("null"), host, allowed));
    CHECK(!guard_origin(span(""), host, allowed));
    CHECK(!guard_origin(span("file://"), host, allowed));
    CHECK(!guard_origin(span("ftp://127.0.0.1:8080"), host, NULL));
}

CHECK_MAIN(hosts, origins)
