/*
 * Where the gRPC door may listen.
 *
 * Why: Debian's C core has known weaknesses in HTTP/2, so strangers must not reach it: only this
 * machine and Unix sockets, until the door speaks TLS with client certificates.
 *
 * Memory: text given by the caller. Threads: any. Errors: INVALID_ARGUMENT for an address that is
 * not allowed, UNAVAILABLE for one that is taken.
 */
#ifndef PROMOTEROS_GRPC_ADDRESS_H
#define PROMOTEROS_GRPC_ADDRESS_H

#include "base/failure.h"

#include <stdbool.h>

#define ADDRESS_SIZE 160

/* Writes the form that the C core takes. A Unix socket that another process answers on is refused,
 * since the core would take it away from that process. */
enum pros_status address_check(const char *address, char checked[ADDRESS_SIZE],
                               struct failure *failure);
bool address_is_unix(const char *address);
/* After the core could not listen there: finds out why. */
enum pros_status address_explain(const char *checked, struct failure *failure);

#endif
