/*
 * A gRPC client for programs of this project: the command line, and later remote agents.
 *
 * Why: promoterosctl uses the public door like everybody else.
 *
 * Memory: replies go to the caller's buffer. Threads: one call at a time for a client.
 * Errors: the server's status with its reason and sentence (from grpc-status-details-bin);
 * UNAVAILABLE says how to start the daemon.
 */
#ifndef PROMOTEROS_GRPC_CLIENT_H
#define PROMOTEROS_GRPC_CLIENT_H

#include "base/buffer.h"
#include "base/failure.h"

#include <stdbool.h>

struct grpc_client;

/* target: "127.0.0.1:50051" or "unix:PATH". Connects on first use. */
struct grpc_client *grpc_client_open(const char *target);
/* Sends the key as "authorization: Bearer KEY" with each call from now on; NULL: none. False for a
 * text that no header can carry. */
bool grpc_client_set_key(struct grpc_client *client, const char *key);
void grpc_client_close(struct grpc_client *client);

/* method: "promoteros.v1.AgentService/ListAgents". */
enum pros_status grpc_client_call(struct grpc_client *client, const char *method,
                                  struct pros_bytes request, int64_t timeout_ms,
                                  struct buffer *reply, struct failure *failure);
/* on_reply returns PROS_OK to go on; anything else cancels the stream and is returned. */
enum pros_status grpc_client_stream(struct grpc_client *client, const char *method,
                                    struct pros_bytes request, int64_t timeout_ms,
                                    enum pros_status (*on_reply)(void *context,
                                                                 struct pros_bytes reply),
                                    void *context, struct failure *failure);

#endif
