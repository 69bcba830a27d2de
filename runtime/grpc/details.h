/*
 * The rich error of gRPC: google.rpc.Status with one ErrorInfo, as it travels in
 * grpc-status-details-bin.
 *
 * Why: a status code is too coarse for programs and a sentence is not for programs at all; the
 * reason of struct failure must survive the wire in both directions.
 *
 * Memory: the bytes go to the caller's buffer. Threads: any. Errors: parsing returns false for
 * bytes that are no such status and leaves the failure alone.
 */
#ifndef PROMOTEROS_GRPC_DETAILS_H
#define PROMOTEROS_GRPC_DETAILS_H

#include "base/buffer.h"
#include "base/failure.h"

#include <stdbool.h>

#define DETAILS_KEY       "grpc-status-details-bin"
#define DETAILS_MAX_BYTES ((size_t)8192)

void details_pack(const struct failure *failure, struct buffer *out);
bool details_parse(struct pros_bytes bytes, struct failure *failure);

#endif
