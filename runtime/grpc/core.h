/*
 * Starting and ending the C core, for the door and the client alike.
 *
 * Why: the core logs in its own format to standard error, a line for each failed connection; it
 * shall speak through base/log, and not more often than anyone reads.
 *
 * Memory: the core counts its users. Threads: any. Errors: none.
 */
#ifndef PROMOTEROS_GRPC_CORE_H
#define PROMOTEROS_GRPC_CORE_H

#include "base/failure.h"
#include <grpc/grpc.h>

void core_open(void);
void core_close(void);

grpc_byte_buffer *core_buffer(struct pros_bytes bytes);
/* The bytes of a received buffer in one piece: in the buffer itself, or in *joined, which the
 * caller unrefs with the buffer's end. */
struct pros_bytes core_bytes(grpc_byte_buffer *buffer, grpc_slice *joined);

#endif
