/* grpc.reflection.v1 and v1alpha, which are the same on the wire: the contract of what is served.
 */
#include "grpc/door.h"

#include "base/memory.h"
#include "json/wire.h"

#include <grpc/reflection/v1/reflection.pb-c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FILES    512
#define MAX_SERVICES 256

typedef Grpc__Reflection__V1__ServerReflectionRequest reflection_request;
typedef Grpc__Reflection__V1__ServerReflectionResponse reflection_response;

static grpc_byte_buffer *pack(const reflection_response *response)
{
    size_t size = grpc__reflection__v1__server_reflection_response__get_packed_size(response);
    uint8_t *bytes = memory_new(size + 1, 1);
    grpc__reflection__v1__server_reflection_response__pack(response, bytes);
    grpc_byte_buffer *buffer = core_buffer((struct pros_bytes){bytes, size});
    free(bytes);
    return buffer;
}

static grpc_byte_buffer *answer_error(reflection_response *response, enum pros_status status,
                                      const char *problem, const char *name)
{
    char sentence[320];
    Grpc__Reflection__V1__ErrorResponse error = GRPC__REFLECTION__V1__ERROR_RESPONSE__INIT;
    snprintf(sentence, sizeof sentence, "%s \"%.200s\".", problem, name);
    error.error_code = (int32_t)status;
    error.error_message = sentence;
    response->error_response = &error;
    response->message_response_case =
        GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_ERROR_RESPONSE;
    return pack(response);
}

/* A file before what it imports, each once. */
static size_t collect(const struct schema_file *file, ProtobufCBinaryData *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].data == file->descriptor.data)
            return count;
    if (count == MAX_FILES)
        return count;
    list[count++] = (ProtobufCBinaryData){file->descriptor.size, (uint8_t *)file->descriptor.data};
    for (size_t i = 0; i < file->dependency_count; i++)
        count = collect(file->dependencies[i], list, count);
    return count;
}

static grpc_byte_buffer *answer_file(reflection_response *response, const struct schema_file *file,
                                     const char *name)
{
    ProtobufCBinaryData list[MAX_FILES];
    Grpc__Reflection__V1__FileDescriptorResponse files =
        GRPC__REFLECTION__V1__FILE_DESCRIPTOR_RESPONSE__INIT;
    if (!file)
        return answer_error(response, PROS_NOT_FOUND, "Nothing here is called", name);
    files.n_file_descriptor_proto = collect(file, list, 0);
    files.file_descriptor_proto = list;
    response->file_descriptor_response = &files;
    response->message_response_case =
        GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_FILE_DESCRIPTOR_RESPONSE;
    return pack(response);
}

/* The descriptor set may know services whose agent was not loaded; those are not listed. */
static grpc_byte_buffer *answer_services(reflection_response *response,
                                         const struct grpc_door *door)
{
    Grpc__Reflection__V1__ServiceResponse services[MAX_SERVICES];
    Grpc__Reflection__V1__ServiceResponse *list[MAX_SERVICES];
    Grpc__Reflection__V1__ListServiceResponse answer =
        GRPC__REFLECTION__V1__LIST_SERVICE_RESPONSE__INIT;
    const struct schema *schema = host_schema(door->host);
    const char *name;
    size_t count = 0;
    for (size_t i = 0; count < MAX_SERVICES && (name = schema_service_name(schema, i)); i++) {
        if (!door_serves(door, name, strlen(name)))
            continue;
        services[count] =
            (Grpc__Reflection__V1__ServiceResponse)GRPC__REFLECTION__V1__SERVICE_RESPONSE__INIT;
        services[count].name = (char *)name;
        list[count] = &services[count];
        count++;
    }
    answer.n_service = count;
    answer.service = list;
    response->list_services_response = &answer;
    response->message_response_case =
        GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__MESSAGE_RESPONSE_LIST_SERVICES_RESPONSE;
    return pack(response);
}

static grpc_byte_buffer *answer(const struct grpc_door *door, reflection_request *request)
{
    reflection_response response = GRPC__REFLECTION__V1__SERVER_REFLECTION_RESPONSE__INIT;
    const struct schema *schema = host_schema(door->host);
    response.valid_host = request->host;
    response.original_request = request;
    switch (request->message_request_case) {
    case GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_FILE_BY_FILENAME:
        return answer_file(&response, schema_find_file(schema, request->file_by_filename),
                           request->file_by_filename);
    case GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_FILE_CONTAINING_SYMBOL:
        return answer_file(&response, schema_find_file_of(schema, request->file_containing_symbol),
                           request->file_containing_symbol);
    case GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_LIST_SERVICES:
        return answer_services(&response, door);
    case GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_FILE_CONTAINING_EXTENSION:
        return answer_error(&response, PROS_NOT_FOUND, "No extensions are known of",
                            request->file_containing_extension->containing_type);
    case GRPC__REFLECTION__V1__SERVER_REFLECTION_REQUEST__MESSAGE_REQUEST_ALL_EXTENSION_NUMBERS_OF_TYPE:
        return answer_error(&response, PROS_NOT_FOUND, "No extensions are known of",
                            request->all_extension_numbers_of_type);
    default:
        return answer_error(&response, PROS_INVALID_ARGUMENT, "The request asks for nothing of",
                            request->host);
    }
}

static void start(struct call *call)
{
    call_watch_close(call);
    call_receive(call);
}

static void received(struct call *call, struct pros_bytes message, bool more)
{
    struct failure failure = {0};
    if (!more) {
        call_finish(call, call->is_gone ? PROS_CANCELLED : PROS_OK, NULL, NULL);
        return;
    }
    enum pros_status status = wire_scan(call->method->schema->input, message, NULL, &failure);
    reflection_request *request = status == PROS_OK
                                      ? grpc__reflection__v1__server_reflection_request__unpack(
                                            NULL, message.size, message.data)
                                      : NULL;
    if (!request) {
        call_finish(call, PROS_INVALID_ARGUMENT, &failure, NULL);
        return;
    }
    call_send(call, answer(call->queue->door, request), false);
    grpc__reflection__v1__server_reflection_request__free_unpacked(request, NULL);
}

const struct call_handler reflection_call_handler = {
    .call_size = sizeof(struct call),
    .start = start,
    .received = received,
    .sent = call_receive,
};
