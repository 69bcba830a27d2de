/*
 * google.rpc.ErrorInfo: the reason of a failure, for programs.
 *
 * Why: every door sends the same detail (gRPC in grpc-status-details-bin, Connect in "details"), so
 * its type, domain and bytes stand in one place.
 *
 * Memory: the bytes go to the caller's buffer. Threads: any. Errors: none.
 */
#ifndef PROMOTEROS_HOST_ERROR_INFO_H
#define PROMOTEROS_HOST_ERROR_INFO_H

#include "base/buffer.h"
#include "base/failure.h"

#define ERROR_INFO_TYPE   "google.rpc.ErrorInfo"
#define ERROR_INFO_DOMAIN "promoteros.dev"

/* The packed message with reason and domain. */
void error_info_pack(const struct failure *failure, struct buffer *out);

#endif
