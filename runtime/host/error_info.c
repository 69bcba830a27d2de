#include "host/error_info.h"

#include <google/rpc/error_details.pb-c.h>

void error_info_pack(const struct failure *failure, struct buffer *out)
{
    /* protobuf-c's strings are not const, though packing only reads them. */
    Google__Rpc__ErrorInfo info = GOOGLE__RPC__ERROR_INFO__INIT;
    info.reason = (char *)failure->reason;
    info.domain = (char *)ERROR_INFO_DOMAIN;
    uint8_t *room = buffer_extend(out, google__rpc__error_info__get_packed_size(&info));
    if (room)
        google__rpc__error_info__pack(&info, room);
}
