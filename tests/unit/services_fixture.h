/*
 * The host's own services on a new store in a temporary folder, called as any door would.
 *
 * Why: what a service promises (nothing half-written, nothing shown too early) only shows on a real
 * store. The clock stands where a test puts it. Threads: the test's own; streams run on the pool.
 */
#ifndef PROMOTEROS_TESTS_UNIT_SERVICES_FIXTURE_H
#define PROMOTEROS_TESTS_UNIT_SERVICES_FIXTURE_H

#include "services/services.h"
#include "unit/check.h"

#include <promoteros/v1/catalog_service.pb-c.h>
#include <promoteros/v1/signal_service.pb-c.h>

#define DAY_MS INT64_C(86400000)
/* 2026-06-01T12:00:00Z, where the clock stands at first. */
#define NOW_MS INT64_C(1780315200000)

struct fixture {
    char folder[64];
    char address[128];
    struct store *store;
    struct host *host;
    struct services *services;
    size_t run_budget_bytes; /* 0: the host's own */
    struct arena arena;      /* replies */
    struct failure failure;
};

extern int64_t fixture_now_ms;

void fixture_open(struct fixture *fixture);
void fixture_close(struct fixture *fixture);
/* As after a crash: everything from the file, and with another budget where one was set. */
void fixture_reopen(struct fixture *fixture);

/* path without "promoteros.v1."; *reply in the arena, its type is that of the path. */
enum pros_status fixture_call(struct fixture *fixture, const char *path,
                              const ProtobufCMessage *request, void *reply);
/* The same, and the status is checked; for a refusal also its reason. */
void fixture_expect(struct fixture *fixture, const char *path, const ProtobufCMessage *request,
                    void *reply, enum pros_status status, const char *reason, int line);
#define EXPECT_OK(fixture, path, request, reply)                                                   \
    fixture_expect(fixture, path, &(request)->base, reply, PROS_OK, "", __LINE__)
#define EXPECT_REFUSED(fixture, path, request, status, reason)                                     \
    fixture_expect(fixture, path, &(request)->base, NULL, status, reason, __LINE__)

/* A streaming call: at most `most` replies are taken, then the caller goes away. */
struct fixture_stream {
    struct pros_bytes replies[64];
    size_t count, most;
    enum pros_status status;
};
void fixture_stream(struct fixture *fixture, const char *path, const ProtobufCMessage *request,
                    int64_t deadline_ms, struct fixture_stream *stream);

Google__Protobuf__Timestamp *fixture_time(struct fixture *fixture, int64_t instant_ms);
const ProtobufCMessage *fixture_unpack(struct fixture *fixture,
                                       const ProtobufCMessageDescriptor *descriptor,
                                       struct pros_bytes bytes);

/* An artist and a venue "Hall" in "Oakland" with the room "main" of 500. */
const char *fixture_artist(struct fixture *fixture, const char *name);
const char *fixture_venue(struct fixture *fixture);
/* A show of 500 tickets; paid -1: attendance not known. */
Promoteros__V1__Show *fixture_show(struct fixture *fixture, const char *artist_id,
                                   const char *venue_id, const char *date, int64_t paid);

#endif
