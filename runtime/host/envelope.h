/*
 * What the host reads from and puts into other people's messages, on the wire.
 *
 * Why: the host knows two conventions of the contract (field 1 of a request is as_of_time; fields 1
 * and 2 of a response are trace_id and trace) and must follow them for messages whose types it was
 * not compiled with. Bytes are walked by the schema; nothing is unpacked.
 *
 * Memory: results go to the caller's buffer; read-only otherwise. Threads: any. Errors:
 * INVALID_ARGUMENT for bytes that are no message.
 */
#ifndef PROMOTEROS_HOST_ENVELOPE_H
#define PROMOTEROS_HOST_ENVELOPE_H

#include "base/buffer.h"
#include "base/failure.h"
#include "json/schema.h"

#include <stdbool.h>
#include <stdint.h>

bool envelope_carries_as_of(const struct schema_message *request);
bool envelope_carries_trace(const struct schema_message *response);

/* as_of_time of a request that carries one; *given is false when it is unset. */
enum pros_status envelope_read_as_of(struct pros_bytes request, bool *given, int64_t *as_of_ms,
                                     struct failure *failure);
/*
 * The request with this as_of_time and no other. The field is replaced, not appended: readers
 * differ in how they merge two of them (protobuf-c keeps the older one's nanos where the newer one
 * has 0).
 */
enum pros_status envelope_set_as_of(struct pros_bytes request, int64_t as_of_ms, struct buffer *out,
                                    struct failure *failure);
/* trace_id and trace in front of the reply's own bytes; fields 1 and 2 of those are left out. */
enum pros_status envelope_add_trace(struct pros_bytes reply, const char *trace_id,
                                    struct pros_bytes trace, struct buffer *out,
                                    struct failure *failure);

/* What can be said about any reply. */
struct envelope_facts {
    int64_t observation_count; /* points of its series, else elements of its lists of messages */
    int64_t commit_seq;        /* of its field of that name; 0: none */
    bool simulated;            /* some of it says that a simulation made it */
};
void envelope_add_facts(const struct schema_message *response, struct pros_bytes reply,
                        struct envelope_facts *facts);

/* Appends the files of a FileDescriptorSet that `known` (may be NULL) lacks; *count says how many.
 */
enum pros_status envelope_merge_files(struct pros_bytes set, const struct schema *known,
                                      struct buffer *out, size_t *count, struct failure *failure);

#endif
