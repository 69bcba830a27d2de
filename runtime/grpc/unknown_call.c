/* Paths that nobody serves: without an answer their callers would wait until their deadline. */
#include "grpc/door.h"

static void start(struct call *call)
{
    struct failure failure = {0};
    enum pros_status status = failure_set(
        &failure, PROS_UNIMPLEMENTED, "UNKNOWN_METHOD",
        "No method \"%s\" is served here; server reflection and `promoterosctl agents` list "
        "those that are.",
        call->path[0] == '/' ? call->path + 1 : call->path);
    call_finish(call, status, &failure, NULL);
}

const struct call_handler unknown_call_handler = {.call_size = sizeof(struct call), .start = start};
