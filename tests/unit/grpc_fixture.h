/*
 * A door with a test agent behind it, on a free port, for the tests of runtime/grpc.
 *
 * The agent serves promoteros.v1.EventService in a way of its own. ListEvents does what
 * after_sequence says (see enum behaviour) and answers newest_sequence = page_size; WatchEvents
 * sends after_sequence events whose subject has FIXTURE_SUBJECT_BYTES bytes.
 *
 * Memory: fixture_close() frees. Threads: the counters may be read from any. Errors: the test ends.
 */
#ifndef PROMOTEROS_TESTS_UNIT_GRPC_FIXTURE_H
#define PROMOTEROS_TESTS_UNIT_GRPC_FIXTURE_H

#include "base/buffer.h"
#include "grpc/client.h"
#include "grpc/server.h"

#include <stdatomic.h>

#define FIXTURE_SUBJECT_BYTES ((size_t)10000)
#define FIXTURE_STALL_MS      1000
#define FIXTURE_LIST          "promoteros.v1.EventService/ListEvents"
#define FIXTURE_WATCH         "promoteros.v1.EventService/WatchEvents"

enum behaviour {
    ECHO = 0,
    SLEEP,      /* page_size milliseconds, unless the caller has gone */
    FAIL,       /* with NOT_FOUND */
    SLEEP_DEAF, /* page_size milliseconds, whatever the caller does */
};

struct fixture {
    struct host *host;
    struct grpc_door *door;
    char target[64];
};

struct fixture_counters {
    atomic_int started, ended, noticed_cancel; /* of both methods */
    atomic_int emitted;
};

extern struct fixture_counters fixture_counters;

/* address NULL: 127.0.0.1 and a free port. */
void fixture_open(struct fixture *fixture, const char *address);
/* Closes the door, if that was not done, and the host. */
void fixture_close(struct fixture *fixture, int64_t grace_ms);
void fixture_sleep_ms(int ms);
/* Waits until the counter has reached the number; false after five seconds. */
bool fixture_reaches(atomic_int *counter, int number);

/* A packed ListEventsRequest or WatchEventsRequest. */
void fixture_list_request(struct buffer *request, enum behaviour behaviour, int page_size);
void fixture_watch_request(struct buffer *request, int count);
/* Calls ListEvents; newest_sequence of the reply, or -1 and the failure. */
int64_t fixture_list(struct grpc_client *client, enum behaviour behaviour, int page_size,
                     int64_t timeout_ms, struct failure *failure);

static inline struct pros_bytes fixture_bytes(const struct buffer *buffer)
{
    return (struct pros_bytes){buffer->data, buffer->size};
}

#endif
