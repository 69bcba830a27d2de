/* Unary calls through the door: answers, errors with their reason, deadlines, and what is refused.
 */
#include "base/clock.h"
#include "unit/check.h"
#include "unit/grpc_fixture.h"

static struct fixture fixture;
static struct grpc_client *client;

static void test_open(void)
{
    fixture_open(&fixture, NULL);
    CHECK(grpc_door_port(fixture.door) > 0);
    client = grpc_client_open(fixture.target);
}

static void test_answer(void)
{
    struct failure failure = {0};
    CHECK_INT(fixture_list(client, ECHO, 42, 5000, &failure), 42);
    for (int i = 1; i <= 100; i++)
        CHECK_INT(fixture_list(client, ECHO, i, 0, &failure), i);
}

static void test_failure(void)
{
    struct failure failure = {0};
    CHECK_INT(fixture_list(client, FAIL, 1, 5000, &failure), -1);
    CHECK_INT(failure.code, PROS_NOT_FOUND);
    CHECK_STR(failure.reason, "NO_SUCH_SHOW");
    CHECK_STR(failure.sentence, "The show \"M\xC3\xBCnchen\" is not known; add it first.");
}

static void test_deadline(void)
{
    struct failure failure = {0};
    int64_t start_us = clock_monotonic_us();
    CHECK_INT(fixture_list(client, SLEEP, 60000, 200, &failure), -1);
    CHECK_INT(failure.code, PROS_DEADLINE_EXCEEDED);
    CHECK(clock_monotonic_us() - start_us < 5000000);
    CHECK(fixture_reaches(&fixture_counters.noticed_cancel, 1));
}

static enum pros_status call(const char *method, struct pros_bytes request, struct failure *failure)
{
    struct buffer reply;
    buffer_open(&reply, 1 << 20);
    enum pros_status status = grpc_client_call(client, method, request, 5000, &reply, failure);
    buffer_close(&reply);
    return status;
}

#define BYTES(text)                                                                                \
    {                                                                                              \
        text, sizeof text - 1                                                                      \
    }

static void test_refused(void)
{
    static const struct {
        const char *method;
        struct pros_bytes request;
        enum pros_status status;
        const char *reason;
    } cases[] = {
        {"promoteros.v1.EventService/Nothing", {"", 0}, PROS_UNIMPLEMENTED, "UNKNOWN_METHOD"},
        {"no.such.Service/Nothing", {"", 0}, PROS_UNIMPLEMENTED, "UNKNOWN_METHOD"},
        {FIXTURE_LIST, BYTES("\x08"), PROS_INVALID_ARGUMENT, "MALFORMED_MESSAGE"},
        {FIXTURE_LIST, BYTES("\x0B\x0C"), PROS_INVALID_ARGUMENT, "MALFORMED_MESSAGE"},
        {FIXTURE_LIST, BYTES("\x12\x01\xFF"), PROS_INVALID_ARGUMENT, "TEXT_NOT_UTF8"},
        {FIXTURE_WATCH, BYTES("\x08"), PROS_INVALID_ARGUMENT, "MALFORMED_MESSAGE"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct failure failure = {0};
        CHECK_INT(call(cases[i].method, cases[i].request, &failure), cases[i].status);
        if (!CHECK_STR(failure.reason, cases[i].reason))
            fprintf(stderr, "    %s: %s\n", cases[i].method, failure.sentence);
    }
    CHECK_INT(fixture_list(client, ECHO, 7, 5000, NULL), 7);
}

/* A little too much is refused in our words, very much by the core. */
static void test_too_large(void)
{
    struct failure failure = {0};
    size_t sizes[] = {(size_t)3 << 19, (size_t)3 << 20};
    for (size_t i = 0; i < 2; i++) {
        char *zeros = calloc(sizes[i], 1);
        CHECK_INT(call(FIXTURE_LIST, (struct pros_bytes){zeros, sizes[i]}, &failure),
                  PROS_RESOURCE_EXHAUSTED);
        free(zeros);
        if (i == 0)
            CHECK_STR(failure.reason, "MESSAGE_TOO_LARGE");
    }
    CHECK_INT(fixture_list(client, ECHO, 8, 5000, NULL), 8);
}

static void test_small_reply_buffer(void)
{
    struct failure failure = {0};
    struct buffer request, reply;
    buffer_open(&request, 64);
    buffer_open(&reply, 1);
    fixture_list_request(&request, ECHO, 100000);
    CHECK_INT(
        grpc_client_call(client, FIXTURE_LIST, fixture_bytes(&request), 5000, &reply, &failure),
        PROS_RESOURCE_EXHAUSTED);
    CHECK_STR(failure.reason, "REPLY_TOO_LARGE");
    buffer_close(&request);
    buffer_close(&reply);
}

static void test_key(void)
{
    static const char *const unfit[] = {"two words", "line\n", "caf\xC3\xA9", "tab\t", "\x7F"};
    struct failure failure = {0};
    char endless[2000];
    memset(endless, 'A', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    for (size_t i = 0; i < sizeof unfit / sizeof *unfit; i++)
        CHECK(!grpc_client_set_key(client, unfit[i]));
    CHECK(!grpc_client_set_key(client, endless));
    CHECK_INT(fixture_list(client, ECHO, 1, 5000, &failure), 1); /* none is sent */
    static const char *const wrong[] = {"", "pros_x", "x"};
    endless[900] = '\0'; /* a header can carry it, a key is shorter */
    for (size_t i = 0; i <= sizeof wrong / sizeof *wrong; i++) {
        bool longest = i == sizeof wrong / sizeof *wrong;
        CHECK(grpc_client_set_key(client, longest ? endless : wrong[i]));
        CHECK_INT(fixture_list(client, ECHO, 1, 5000, &failure), -1);
        CHECK_INT(failure.code, PROS_UNAUTHENTICATED);
        CHECK_STR(failure.reason, "KEY_INVALID");
    }
    CHECK(grpc_client_set_key(client, NULL));
    CHECK_INT(fixture_list(client, ECHO, 7, 5000, &failure), 7);
}

static void test_nobody_there(void)
{
    struct failure failure = {0};
    grpc_client_close(client);
    char target[64];
    snprintf(target, sizeof target, "%s", fixture.target);
    fixture_close(&fixture, 1000);
    client = grpc_client_open(target);
    CHECK_INT(fixture_list(client, ECHO, 1, 5000, &failure), -1);
    CHECK_INT(failure.code, PROS_UNAVAILABLE);
    CHECK_STR(failure.reason, "NO_SERVER");
    CHECK(strstr(failure.sentence, target) && strstr(failure.sentence, "Start it"));
    grpc_client_close(client);
}

CHECK_MAIN(test_open, test_answer, test_failure, test_deadline, test_refused, test_too_large,
           test_small_reply_buffer, test_key, test_nobody_there)
