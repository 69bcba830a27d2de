/* Heads of requests: what is read, and everything that can be read in two ways and is refused. */
#include "unit/check.h"

#include "http/head.h"

static enum head_result read_text(const char *text, struct head *head, struct refusal *refusal)
{
    size_t scanned = 0, size = 0;
    *refusal = (struct refusal){0};
    return head_read(text, strlen(text), &scanned, head, &size, refusal);
}

static void plain(void)
{
    static const char text[] = "POST /a.B/C?x=1 HTTP/1.1\r\nHost: localhost:8080\r\n"
                               "CONTENT-length:  12 \r\nX-Odd: a\tb\r\n\r\nrest";
    struct head head;
    struct refusal refusal;
    size_t scanned = 0, size = 0, count;
    CHECK_INT(head_read(text, strlen(text), &scanned, &head, &size, &refusal), HEAD_READ);
    CHECK_INT(size, strlen(text) - 4);
    CHECK(span_is(head.method, "POST"));
    CHECK(span_is(head.path, "/a.B/C"));
    CHECK(span_is(head.host, "localhost:8080"));
    CHECK_INT(head.content_length, 12);
    CHECK(head.keep_alive && !head.chunked && !head.expects_continue);
    CHECK(span_is(head_find(&head, "x-odd", &count), "a\tb"));
    CHECK_INT(count, 1);
    CHECK(!head_find(&head, "absent", &count).text);
    CHECK_INT(count, 0);
}

static void byte_by_byte(void)
{
    static const char text[] = "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Close\r\n\r\n";
    struct head head;
    struct refusal refusal;
    size_t scanned = 0, size = 0;
    for (size_t i = 1; i < strlen(text); i++)
        CHECK_INT(head_read(text, i, &scanned, &head, &size, &refusal), HEAD_INCOMPLETE);
    CHECK_INT(head_read(text, strlen(text), &scanned, &head, &size, &refusal), HEAD_READ);
    CHECK(!head.keep_alive);
}

static void meanings(void)
{
    struct head head;
    struct refusal refusal;
    CHECK_INT(read_text("GET / HTTP/1.0\r\n\r\n", &head, &refusal), HEAD_READ);
    CHECK(!head.keep_alive && head.minor_version == 0);
    CHECK_INT(read_text("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n"
                        "Expect: 100-Continue\r\n\r\n",
                        &head, &refusal),
              HEAD_READ);
    CHECK(head.chunked && head.expects_continue && head.content_length == 0);
}

static void refusals(void)
{
    static const struct {
        const char *text;
        int status;
        const char *reason;
    } cases[] = {
        {"GET /\r\n\r\n", 400, "BAD_REQUEST_LINE"},
        {"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "BAD_REQUEST_LINE"},
        {"G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "BAD_REQUEST_LINE"},
        {"GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400, "BAD_REQUEST_LINE"},
        {"GET / http/1.1\r\nHost: a\r\n\r\n", 400, "BAD_REQUEST_LINE"},
        {"GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "BAD_REQUEST_LINE"},
        {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505, "HTTP_VERSION"},
        {"GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "BAD_TARGET"},
        {"GET / HTTP/1.1\r\n\r\n", 400, "BAD_HOST"},
        {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "BAD_HOST"},
        {"GET / HTTP/1.1\nHost: a\n\n", 400, "BAD_HEADER"},
        {"GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", 400, "BAD_HEADER"},
        {"GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", 400, "BAD_HEADER"},
        {"GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", 400, "BAD_HEADER"},
        {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400, "BAD_HEADER"},
        {"GET / HTTP/1.1\r\nHost\r\n\r\n", 400, "BAD_HEADER"},
        {"GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400, "BAD_HEADER"},
        {"GET / HTTP/1.1\r\nHost: a\x7f\r\n\r\n", 400, "BAD_HEADER"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
         400, "AMBIGUOUS_LENGTH"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 400,
         "BAD_CONTENT_LENGTH"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n", 400, "BAD_CONTENT_LENGTH"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", 400, "BAD_CONTENT_LENGTH"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\n", 400, "BAD_CONTENT_LENGTH"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", 400, "BAD_CONTENT_LENGTH"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999999999999\r\n\r\n", 400,
         "BAD_CONTENT_LENGTH"},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: "
         "chunked\r\n\r\n",
         400, "AMBIGUOUS_LENGTH"},
        {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "AMBIGUOUS_LENGTH"},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501,
         "TRANSFER_ENCODING"},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n", 501,
         "TRANSFER_ENCODING"},
        {"POST / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n", 417, "EXPECTATION"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct head head;
        struct refusal refusal;
        CHECK_INT(read_text(cases[i].text, &head, &refusal), HEAD_REFUSED);
        CHECK_INT(refusal.status, cases[i].status);
        if (!CHECK_STR(refusal.reason, cases[i].reason))
            fprintf(stderr, "    case %zu: %s\n", i, cases[i].text);
    }
}

static void nul_bytes(void)
{
    static const char text[] = "GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n";
    struct head head;
    struct refusal refusal;
    size_t scanned = 0, size = 0;
    CHECK_INT(head_read(text, sizeof text - 1, &scanned, &head, &size, &refusal), HEAD_REFUSED);
    CHECK_INT(refusal.status, 400);
}

static void sizes(void)
{
    static char text[HEAD_MAX_BYTES + 100];
    struct head head;
    struct refusal refusal;
    size_t scanned = 0, size = 0;
    memset(text, 'a', sizeof text);
    CHECK_INT(head_read(text, HEAD_MAX_BYTES, &scanned, &head, &size, &refusal), HEAD_INCOMPLETE);
    CHECK_INT(head_read(text, HEAD_MAX_BYTES + 1, &scanned, &head, &size, &refusal), HEAD_REFUSED);
    CHECK_INT(refusal.status, 431);

    int at = snprintf(text, sizeof text, "GET / HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < HEAD_MAX_FIELDS; i++)
        at += snprintf(text + at, sizeof text - (size_t)at, "X: y\r\n");
    snprintf(text + at, sizeof text - (size_t)at, "\r\n");
    CHECK_INT(read_text(text, &head, &refusal), HEAD_REFUSED);
    CHECK_STR(refusal.reason, "TOO_MANY_HEADERS");

    at = snprintf(text, sizeof text, "GET /");
    memset(text + at, 'a', HEAD_MAX_TARGET);
    snprintf(text + at + HEAD_MAX_TARGET, 100, " HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK_INT(read_text(text, &head, &refusal), HEAD_REFUSED);
    CHECK_INT(refusal.status, 414);
}

static void words(void)
{
    CHECK(span_lists((struct span){"a, Close ,b", 11}, "close"));
    CHECK(!span_lists((struct span){"closed", 6}, "close"));
    CHECK(!span_lists((struct span){0}, "close"));
}

CHECK_MAIN(plain, byte_by_byte, meanings, refusals, nul_bytes, sizes, words)
