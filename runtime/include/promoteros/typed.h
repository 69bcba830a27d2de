/*
 * The typed side of the plugin interface, for agents that use protobuf-c (any other codec can sit
 * on agent.h alone).
 *
 * Why: bytes cross the border between host and agent, so that no protobuf-c layout is part of the
 * ABI; agent authors see messages all the same.
 *
 * Memory: everything is unpacked into the run's arena; never call *_free_unpacked().
 * Threads: the run's thread. Errors: as in agent.h; a reply that cannot be unpacked is
 * PROS_INTERNAL.
 *
 *     static enum pros_status detect(struct pros_run *run, const
 * Promoteros__V1__DetectBreakoutsRequest *request, Promoteros__V1__DetectBreakoutsResponse
 * *response) { ... } PROS_TYPED_METHOD(detect, Promoteros__V1__DetectBreakoutsRequest,
 * promoteros__v1__detect_breakouts_request, Promoteros__V1__DetectBreakoutsResponse,
 * promoteros__v1__detect_breakouts_response)
 *     ... { .name = "DetectBreakouts", .handle = detect_bytes, ... }
 */
#ifndef PROMOTEROS_TYPED_H
#define PROMOTEROS_TYPED_H

#include <promoteros/agent.h>
#include <protobuf-c/protobuf-c.h>

static inline void *pros_typed_alloc(void *run, size_t size)
{
    return pros_alloc((struct pros_run *)run, size);
}

static inline void pros_typed_free(void *run, void *memory)
{
    (void)run;
    (void)memory;
}

/* Packs into the run's arena. */
static inline struct pros_bytes pros_pack(struct pros_run *run, const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *data = (uint8_t *)pros_alloc(run, size ? size : 1);
    protobuf_c_message_pack(message, data);
    struct pros_bytes bytes = {data, size};
    return bytes;
}

/* Unpacks into the run's arena; NULL when the bytes are not such a message. */
static inline ProtobufCMessage *pros_unpack(struct pros_run *run,
                                            const ProtobufCMessageDescriptor *descriptor,
                                            struct pros_bytes bytes)
{
    ProtobufCAllocator allocator = {pros_typed_alloc, pros_typed_free, run};
    return protobuf_c_message_unpack(descriptor, &allocator, bytes.size,
                                     (const uint8_t *)bytes.data);
}

/* A request as its message; NULL after saying that the bytes are none. */
static inline const void *pros_read_request(struct pros_run *run,
                                            const ProtobufCMessageDescriptor *descriptor,
                                            struct pros_bytes bytes)
{
    const ProtobufCMessage *request = pros_unpack(run, descriptor, bytes);
    if (!request)
        pros_fail(run, PROS_INVALID_ARGUMENT, "BAD_MESSAGE",
                  "The request is not a valid %s message.", descriptor->name);
    return request;
}

/* Calls a method of another service and unpacks its reply; NULL input_id when the id is of no
 * interest. */
static inline enum pros_status pros_call(struct pros_run *run, const char *method,
                                         const ProtobufCMessage *request,
                                         const ProtobufCMessageDescriptor *reply_descriptor,
                                         ProtobufCMessage **reply, const char **input_id)
{
    struct pros_bytes bytes = {NULL, 0};
    const char *id = NULL;
    enum pros_status status = run->host->call(run, method, pros_pack(run, request), &bytes, &id);
    if (input_id)
        *input_id = id;
    if (status != PROS_OK)
        return status;
    *reply = pros_unpack(run, reply_descriptor, bytes);
    return *reply ? PROS_OK
                  : pros_fail(run, PROS_INTERNAL, "BAD_REPLY",
                              "The reply of %s could not be read; the host and the agent may be of "
                              "different versions.",
                              method);
}

/* Defines function_bytes(), the form of a typed method that a method table takes. */
#define PROS_TYPED_METHOD(function, Request, request_prefix, Response, response_prefix)            \
    static enum pros_status function##_bytes(struct pros_run *run, struct pros_bytes bytes,        \
                                             struct pros_bytes *reply)                             \
    {                                                                                              \
        const Request *request =                                                                   \
            (const Request *)pros_read_request(run, &request_prefix##__descriptor, bytes);         \
        if (!request)                                                                              \
            return PROS_INVALID_ARGUMENT;                                                          \
        Response response;                                                                         \
        response_prefix##__init(&response);                                                        \
        enum pros_status status = function(run, request, &response);                               \
        if (status == PROS_OK)                                                                     \
            *reply = pros_pack(run, &response.base);                                               \
        return status;                                                                             \
    }

/* The same for a streaming method: it sends its replies with pros_emit(run, pros_pack(run,
 * &message.base)). */
#define PROS_TYPED_STREAM(function, Request, request_prefix)                                       \
    static enum pros_status function##_bytes(struct pros_run *run, struct pros_bytes bytes,        \
                                             struct pros_bytes *reply)                             \
    {                                                                                              \
        const Request *request =                                                                   \
            (const Request *)pros_read_request(run, &request_prefix##__descriptor, bytes);         \
        if (!request)                                                                              \
            return PROS_INVALID_ARGUMENT;                                                          \
        reply->data = NULL;                                                                        \
        reply->size = 0;                                                                           \
        return function(run, request);                                                             \
    }

#endif
