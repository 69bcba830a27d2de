/* Where the door listens, and in which words it refuses. */
#include "unit/check.h"
#include "unit/grpc_fixture.h"

#include <unistd.h>

static enum pros_status try_open(struct fixture *fixture, const char *address,
                                 struct failure *failure)
{
    struct grpc_door *door = NULL;
    struct grpc_door_options options = {.address = address};
    enum pros_status status = grpc_door_open(fixture->host, &options, &door, failure);
    grpc_door_close(door, 0);
    return status;
}

static void test_refused(void)
{
    static const struct {
        const char *address;
        const char *reason;
    } cases[] = {
        {"0.0.0.0:50051", "ADDRESS_NOT_LOOPBACK"},
        {"[::]:50051", "ADDRESS_NOT_LOOPBACK"},
        {"192.168.1.5:50051", "ADDRESS_NOT_LOOPBACK"},
        {"example.com:50051", "ADDRESS_NOT_LOOPBACK"},
        {"1127.0.0.1:50051", "ADDRESS_NOT_LOOPBACK"},
        {"127.0.0.1", "BAD_ADDRESS"},
        {"127.0.0.1:", "BAD_ADDRESS"},
        {"127.0.0.1:65536", "BAD_ADDRESS"},
        {"127.0.0.1:-1", "BAD_ADDRESS"},
        {"127.0.0.1:50051x", "BAD_ADDRESS"},
        {":50051", "BAD_ADDRESS"},
        {"", "BAD_ADDRESS"},
        {"unix:", "BAD_ADDRESS"},
        {"unix:/no/such/folder/socket", "CANNOT_LISTEN"},
    };
    struct fixture fixture;
    fixture_open(&fixture, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct failure failure = {0};
        CHECK(try_open(&fixture, cases[i].address, &failure) != PROS_OK);
        if (!CHECK_STR(failure.reason, cases[i].reason))
            fprintf(stderr, "    %s: %s\n", cases[i].address, failure.sentence);
    }
    CHECK_INT(try_open(&fixture, "localhost:0", NULL), PROS_OK);
    fixture_close(&fixture, 1000);
}

static void test_port_in_use(void)
{
    struct fixture fixture;
    struct failure failure = {0};
    fixture_open(&fixture, NULL);
    CHECK_INT(try_open(&fixture, fixture.target, &failure), PROS_UNAVAILABLE);
    CHECK_STR(failure.reason, "ADDRESS_IN_USE");
    CHECK(strstr(failure.sentence, strrchr(fixture.target, ':') + 1) != NULL);
    fixture_close(&fixture, 1000);
}

static void test_unix_socket(void)
{
    struct fixture fixture;
    struct failure failure = {0};
    char address[64];
    snprintf(address, sizeof address, "unix:/tmp/promoteros-test-%d.sock", (int)getpid());
    fixture_open(&fixture, address);
    CHECK_INT(grpc_door_port(fixture.door), 0);
    struct grpc_client *client = grpc_client_open(address);
    CHECK_INT(fixture_list(client, ECHO, 5, 5000, &failure), 5);
    CHECK_INT(try_open(&fixture, address, &failure), PROS_UNAVAILABLE);
    CHECK_STR(failure.reason, "ADDRESS_IN_USE");
    CHECK_INT(fixture_list(client, ECHO, 6, 5000, NULL), 6);
    grpc_client_close(client);
    fixture_close(&fixture, 1000);
    CHECK(access(address + 5, F_OK) != 0); /* the socket is gone */
}

CHECK_MAIN(test_refused, test_port_in_use, test_unix_socket)
