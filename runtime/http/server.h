/*
 * The web door: Connect JSON for every method of the host, MCP for agents of others, a page, health
 * and figures, over HTTP/1.1.
 *
 * Why: n8n, browsers and scripts speak HTTP and JSON. libwebsockets gives the loop, sockets, timers
 * and back-pressure (and TLS and WebSocket when their time comes); what a request means is ours.
 *
 * Memory: a struct a connection and one a request; bodies and replies are bounded singly and in
 * sum. Threads: one of the door's own, and one that reads large bodies;
 * handlers run on the host's pool. Errors: as http/error.h
 * says.
 */
#ifndef PROMOTEROS_HTTP_SERVER_H
#define PROMOTEROS_HTTP_SERVER_H

#include "host/host.h"

struct http_door;

struct http_door_options {
    const char *address;         /* "127.0.0.1:8080", port 0 for any; only loopback */
    const char *allowed_hosts;   /* see http/guard.h; NULL: none but this machine */
    const char *allowed_origins; /* NULL: none but the door's own */
    size_t max_body_bytes;       /* 0 means 1 MiB */
    int64_t max_wait_ms;         /* for the rest of a head or body, and for a reader that does not
                                    read; 0 means the defaults (tests set it) */
};

enum pros_status http_door_open(struct host *host, const struct http_door_options *options,
                                struct http_door **door, struct failure *failure);
/* The port that it listens on. */
int http_door_port(const struct http_door *door);
/* Accepts nothing new, gives calls in flight grace_ms to finish, cancels the rest, and closes.
 * Waits for handlers that ignore cancellation. */
void http_door_close(struct http_door *door, int64_t grace_ms);

#endif
