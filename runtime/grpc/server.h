/*
 * The gRPC door: serves every method of the host, health and reflection over HTTP/2, on gRPC's C
 * core.
 *
 * Why: programs and orchestrators speak gRPC. The C core's API is private to its project and has
 * traps (docs: the page on the gRPC door), so it stays inside this folder and the transport can be
 * replaced.
 *
 * Memory: one struct a call, freed when its last operation has completed. Threads: one for each
 * completion queue; all events of a call arrive on one queue, so call code has no locks; handlers
 * run on the host's pool. Errors: what the host says, as status plus google.rpc.Status in
 * grpc-status-details-bin.
 */
#ifndef PROMOTEROS_GRPC_SERVER_H
#define PROMOTEROS_GRPC_SERVER_H

#include "host/host.h"

struct grpc_door;

struct grpc_door_options {
    const char *address;  /* "127.0.0.1:50051", port 0 for any, or "unix:PATH"; other addresses are
                             refused */
    unsigned queue_count; /* 0 means the number of cores, at most 4 */
    size_t max_receive_bytes; /* 0 means 1 MiB */
    int64_t
        max_stall_ms; /* a stream whose reader takes nothing for so long is ended; 0 means 60 s */
};

enum pros_status grpc_door_open(struct host *host, const struct grpc_door_options *options,
                                struct grpc_door **door, struct failure *failure);
/* The port that it listens on; 0 for a Unix socket. */
int grpc_door_port(const struct grpc_door *door);
/* Says NOT_SERVING and refuses new calls, gives those in flight grace_ms to finish, sends GOAWAY,
 * cancels the rest, and closes. Waits for handlers that ignore cancellation. */
void grpc_door_close(struct grpc_door *door, int64_t grace_ms);

#endif
