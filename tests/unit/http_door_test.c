/* The web door and time: deadlines, callers who go away or do not read, and closing while busy. */
#include "base/clock.h"
#include "http/server.h"
#include "unit/check.h"
#include "unit/grpc_fixture.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#define CALLERS 8

struct web {
    struct fixture fixture;
    struct http_door *door;
};

static void open_web(struct web *web, int64_t max_wait_ms)
{
    struct failure failure = {0};
    const struct http_door_options options = {.address = "127.0.0.1:0", .max_wait_ms = max_wait_ms};
    fixture_open(&web->fixture, NULL);
    if (http_door_open(web->fixture.host, &options, &web->door, &failure) != PROS_OK) {
        fprintf(stderr, "%s\n", failure.sentence);
        exit(1);
    }
}

static void close_web(struct web *web, int64_t grace_ms)
{
    http_door_close(web->door, grace_ms);
    fixture_close(&web->fixture, 0);
}

static int dial(const struct web *web)
{
    struct sockaddr_in name = {.sin_family = AF_INET,
                               .sin_port = htons((uint16_t)http_door_port(web->door)),
                               .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval wait = {.tv_sec = 20};
    setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    CHECK(connect(made, (struct sockaddr *)&name, sizeof name) == 0);
    return made;
}

/* Calls ListEvents, which does what the request says. */
static int send_call(const struct web *web, enum behaviour behaviour, int ms, const char *fields)
{
    char body[100], text[600];
    int body_size = snprintf(body, sizeof body, "{\"afterSequence\":\"%d\",\"pageSize\":%d}",
                             (int)behaviour, ms);
    int size = snprintf(text, sizeof text,
                        "POST /" FIXTURE_LIST " HTTP/1.1\r\nHost: localhost\r\n"
                        "Content-Type: application/json\r\nContent-Length: %d\r\n%s\r\n%s",
                        body_size, fields, body);
    int made = dial(web);
    CHECK_INT(send(made, text, (size_t)size, MSG_NOSIGNAL), size);
    return made;
}

/* The status of the reply; 0 when the connection ended without one. */
static int read_status(int from, char *text, size_t size)
{
    size_t have = 0;
    ssize_t got;
    text[0] = '\0';
    while (have + 1 < size && (got = recv(from, text + have, size - 1 - have, 0)) > 0) {
        have += (size_t)got;
        text[have] = '\0';
        const char *body = strstr(text, "\r\n\r\n");
        if (body && body[4] && body[strlen(body) - 1] == '}')
            break;
    }
    close(from);
    return have > 12 ? (int)strtol(text + 9, NULL, 10) : 0;
}

static void test_calls(void)
{
    struct web web;
    char text[4096];
    open_web(&web, 0);
    CHECK_INT(read_status(send_call(&web, ECHO, 7, ""), text, sizeof text), 200);
    CHECK(strstr(text, "{\"newestSequence\":\"7\"}") != NULL);
    CHECK_INT(read_status(send_call(&web, FAIL, 0, ""), text, sizeof text), 404);
    CHECK(strstr(text, "\"code\":\"not_found\",\"message\":\"The show \\\"M\xC3\xBCnchen\\\"") !=
          NULL);
    int64_t start_us = clock_monotonic_us();
    CHECK_INT(
        read_status(send_call(&web, SLEEP, 15000, "Connect-Timeout-Ms: 50\r\n"), text, sizeof text),
        504);
    CHECK(clock_monotonic_us() - start_us < 5000000);
    close_web(&web, 0);
}

static void test_gone_caller_cancels(void)
{
    struct web web;
    open_web(&web, 0);
    for (int i = 0; i < CALLERS; i++) {
        int made = send_call(&web, SLEEP, 15000, "");
        CHECK(fixture_reaches(&fixture_counters.started, i + 1));
        close(made);
    }
    CHECK(fixture_reaches(&fixture_counters.noticed_cancel, CALLERS));
    close_web(&web, 0);
}

static void test_closing_answers_calls_in_flight(void)
{
    struct web web;
    char text[4096];
    int calls[CALLERS];
    open_web(&web, 0);
    int idle = dial(&web);
    for (int i = 0; i < CALLERS; i++)
        calls[i] = send_call(&web, SLEEP, 300, "");
    CHECK(fixture_reaches(&fixture_counters.started, CALLERS));
    int64_t start_us = clock_monotonic_us();
    http_door_close(web.door, 10000);
    CHECK(clock_monotonic_us() - start_us < 5000000);
    for (int i = 0; i < CALLERS; i++) {
        CHECK_INT(read_status(calls[i], text, sizeof text), 200);
        CHECK(strstr(text, "Connection: close") != NULL);
    }
    CHECK_INT(read_status(idle, text, sizeof text), 0);
    fixture_close(&web.fixture, 0);
}

static void test_grace_ends(void)
{
    struct web web;
    char text[4096];
    open_web(&web, 0);
    int call = send_call(&web, SLEEP, 25000, ""), deaf = send_call(&web, SLEEP_DEAF, 1000, "");
    CHECK(fixture_reaches(&fixture_counters.started, 2));
    int64_t start_us = clock_monotonic_us();
    http_door_close(web.door, 100);
    CHECK(clock_monotonic_us() - start_us < 8000000);
    CHECK_INT(atomic_load(&fixture_counters.noticed_cancel), 1);
    CHECK_INT(atomic_load(&fixture_counters.ended), 2);
    CHECK_INT(read_status(call, text, sizeof text), 0);
    CHECK_INT(read_status(deaf, text, sizeof text), 0);
    fixture_close(&web.fixture, 0);
}

/* Whoever asks for more and more and never reads is left, and what waits for it stays bounded. */
static void test_reader_that_does_not_read(void)
{
    static const char get[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    struct web web;
    char text[4096];
    size_t sent = 0;
    open_web(&web, 500);
    int made = dial(&web);
    struct timeval wait = {.tv_sec = 10};
    setsockopt(made, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    while (sent < 100000000 && send(made, get, sizeof get - 1, MSG_NOSIGNAL) > 0)
        sent += sizeof get - 1;
    CHECK(sent < 100000000);
    close(made);
    /* A head that does not end, and a body that does not come. */
    made = dial(&web);
    CHECK(send(made, get, 20, MSG_NOSIGNAL) == 20);
    CHECK_INT(read_status(made, text, sizeof text), 408);
    made = send_call(&web, ECHO, 1, "X-Odd: 1\r\nExpect: 100-continue\r\n");
    CHECK(read_status(made, text, sizeof text) > 0);
    made = dial(&web); /* says nothing */
    CHECK_INT(read_status(made, text, sizeof text), 0);
    close_web(&web, 0);
}

static void test_addresses(void)
{
    static const struct {
        const char *address, *reason;
    } cases[] = {{"0.0.0.0:0", "ADDRESS_NOT_LOOPBACK"}, {"192.168.1.1:80", "ADDRESS_NOT_LOOPBACK"},
                 {"[::]:0", "ADDRESS_NOT_LOOPBACK"},    {"example.com:80", "ADDRESS_NOT_LOOPBACK"},
                 {"unix:/tmp/x", "BAD_ADDRESS"},        {"127.0.0.1", "BAD_ADDRESS"},
                 {"127.0.0.1:99999", "BAD_ADDRESS"}};
    struct web web;
    struct http_door *door;
    struct failure failure = {0};
    struct http_door_options options = {0};
    char taken[40];
    open_web(&web, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        options.address = cases[i].address;
        CHECK_INT(http_door_open(web.fixture.host, &options, &door, &failure),
                  PROS_INVALID_ARGUMENT);
        CHECK_STR(failure.reason, cases[i].reason);
    }
    snprintf(taken, sizeof taken, "127.0.0.1:%d", http_door_port(web.door));
    options.address = taken;
    CHECK_INT(http_door_open(web.fixture.host, &options, &door, &failure), PROS_UNAVAILABLE);
    CHECK_STR(failure.reason, "ADDRESS_IN_USE");
    close_web(&web, 0);
}

CHECK_MAIN(test_calls, test_gone_caller_cancels, test_closing_answers_calls_in_flight,
           test_grace_ends, test_reader_that_does_not_read, test_addresses)
