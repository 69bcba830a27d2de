#include "grpc/details.h"

#include "host/error_info.h"

#include <google/rpc/error_details.pb-c.h>
#include <google/rpc/status.pb-c.h>
#include <stdio.h>
#include <string.h>

#define TYPE_URL "type.googleapis.com/" ERROR_INFO_TYPE

void details_pack(const struct failure *failure, struct buffer *out)
{
    struct buffer inner;
    buffer_open(&inner, DETAILS_MAX_BYTES);
    error_info_pack(failure, &inner);
    /* protobuf-c's strings are not const, though packing only reads them. */
    Google__Protobuf__Any any = GOOGLE__PROTOBUF__ANY__INIT;
    any.type_url = (char *)TYPE_URL;
    any.value = (ProtobufCBinaryData){inner.size, (uint8_t *)inner.data};
    Google__Protobuf__Any *list[] = {&any};
    Google__Rpc__Status status = GOOGLE__RPC__STATUS__INIT;
    status.code = (int32_t)failure->code;
    status.message = (char *)failure->sentence;
    if (failure->reason[0]) {
        status.n_details = 1;
        status.details = list;
    }
    uint8_t *room = buffer_extend(out, google__rpc__status__get_packed_size(&status));
    if (room)
        google__rpc__status__pack(&status, room);
    buffer_close(&inner);
}

static void take_reason(const Google__Protobuf__Any *any, struct failure *failure)
{
    if (strcmp(any->type_url, TYPE_URL) != 0)
        return;
    Google__Rpc__ErrorInfo *info =
        google__rpc__error_info__unpack(NULL, any->value.len, any->value.data);
    if (!info)
        return;
    snprintf(failure->reason, sizeof failure->reason, "%s", info->reason);
    google__rpc__error_info__free_unpacked(info, NULL);
}

bool details_parse(struct pros_bytes bytes, struct failure *failure)
{
    if (bytes.size > DETAILS_MAX_BYTES)
        return false;
    Google__Rpc__Status *status = google__rpc__status__unpack(NULL, bytes.size, bytes.data);
    if (!status)
        return false;
    failure->code = (enum pros_status)status->code;
    failure->reason[0] = '\0';
    snprintf(failure->sentence, sizeof failure->sentence, "%s", status->message);
    for (size_t i = 0; i < status->n_details; i++)
        take_reason(status->details[i], failure);
    google__rpc__status__free_unpacked(status, NULL);
    return true;
}
