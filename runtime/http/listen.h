/*
 * The socket that the web door listens on.
 *
 * Why: the socket is made here and handed to libwebsockets, so that a port in use or an address
 * that is not allowed is one clear sentence. Only this machine may connect until the door speaks
 * TLS.
 *
 * Memory: none. Threads: any. Errors: INVALID_ARGUMENT for an address that is not allowed,
 * UNAVAILABLE for one that is taken.
 */
#ifndef PROMOTEROS_HTTP_LISTEN_H
#define PROMOTEROS_HTTP_LISTEN_H

#include "base/failure.h"

/* "127.0.0.1:8080", "localhost:0", "[::1]:8080"; *descriptor is listening and non-blocking, *port
 * is what it is bound to. */
enum pros_status listen_open(const char *address, int *descriptor, int *port,
                             struct failure *failure);

#endif
