/* TraceService: get, list and check stored traces. */
#include "services/check.h"
#include "services/page.h"
#include "services/trace_check.h"

#include <inttypes.h>
#include <string.h>

static enum pros_status load_trace(struct work *work, const char *trace_id,
                                   struct store_trace *stored,
                                   Promoteros__V1__ReasoningTrace **trace)
{
    if (strlen(trace_id) != 32 || strspn(trace_id, "0123456789abcdef") != 32)
        return failure_set(&work->failure, PROS_INVALID_ARGUMENT, "BAD_ID",
                           "trace_id has 32 lower-case hexadecimal digits; take it from an answer "
                           "or from the list of traces.");
    enum pros_status status =
        store_get_trace(work->store, trace_id, work->arena, stored, &work->failure);
    if (status == PROS_NOT_FOUND)
        return failure_set(
            &work->failure, PROS_NOT_FOUND, "UNKNOWN_TRACE",
            "There is no trace \"%s\"; look it up in the list of those that were kept.", trace_id);
    TRY(status);
    return stored_unpack(work->arena, &promoteros__v1__reasoning_trace__descriptor, stored->trace,
                         trace, &work->failure);
}

static enum pros_status get_trace(struct work *work, const Promoteros__V1__GetTraceRequest *request,
                                  Promoteros__V1__GetTraceResponse *response)
{
    struct store_trace stored;
    return load_trace(work, request->trace_id, &stored, &response->trace);
}
SERVICE_METHOD(get_trace, Promoteros__V1__GetTraceRequest, promoteros__v1__get_trace_request,
               Promoteros__V1__GetTraceResponse, promoteros__v1__get_trace_response)

struct trace_page {
    struct arena *arena;
    Promoteros__V1__TraceSummary **traces;
    size_t size, count, capacity;
    int64_t last_start_ms;
    bool more;
};

static enum pros_status keep_trace(void *context, const struct store_trace *stored)
{
    struct trace_page *page = context;
    if (page->count == page->size) {
        page->more = true;
        return PROS_CANCELLED; /* enough */
    }
    Promoteros__V1__TraceSummary *summary = arena_alloc(page->arena, sizeof *summary);
    promoteros__v1__trace_summary__init(summary);
    summary->trace_id = arena_string(page->arena, stored->trace_id);
    summary->method = arena_string(page->arena, stored->method);
    summary->summary = arena_string(page->arena, stored->summary);
    summary->start_time = timestamp_new(page->arena, stored->start_ms);
    summary->status_code = stored->status_code;
    summary->duration_ms = (double)stored->duration_us / 1000;
    page->last_start_ms = stored->start_ms;
    page->traces =
        arena_grow(page->arena, page->traces, page->count, &page->capacity, sizeof *page->traces);
    page->traces[page->count++] = summary;
    return PROS_OK;
}

static enum pros_status list_traces(struct work *work,
                                    const Promoteros__V1__ListTracesRequest *request,
                                    Promoteros__V1__ListTracesResponse *response)
{
    struct trace_page page = {.arena = work->arena};
    int64_t before_ms = 0;
    const char *before_id = NULL;
    TRY(check_page_size(&work->failure, request->page_size, &page.size));
    TRY(check_text(&work->failure, "", "agent", request->agent, ID_BYTES_MAX));
    if (*request->page_token)
        TRY(page_token_parse_number(work->arena, 't', request->page_token, &before_ms, &before_id,
                                    &work->failure));
    struct failure failure = {0};
    enum pros_status status =
        store_list_traces(work->store, *request->agent ? request->agent : NULL, before_ms,
                          before_id, keep_trace, &page, &failure);
    if (status != PROS_OK && !page.more) {
        work->failure = failure;
        return status;
    }
    response->traces = page.traces;
    response->n_traces = page.count;
    if (page.more)
        response->next_page_token = page_token_new(
            work->arena, 't', arena_format(work->arena, "%" PRId64, page.last_start_ms),
            page.traces[page.count - 1]->trace_id);
    return PROS_OK;
}
SERVICE_METHOD(list_traces, Promoteros__V1__ListTracesRequest, promoteros__v1__list_traces_request,
               Promoteros__V1__ListTracesResponse, promoteros__v1__list_traces_response)

static enum pros_status verify_trace(struct work *work,
                                     const Promoteros__V1__VerifyTraceRequest *request,
                                     Promoteros__V1__VerifyTraceResponse *response)
{
    struct store_trace stored;
    Promoteros__V1__ReasoningTrace *trace = NULL;
    TRY(load_trace(work, request->trace_id, &stored, &trace));
    trace_check(work, &stored, trace, response);
    return PROS_OK;
}
SERVICE_METHOD(verify_trace, Promoteros__V1__VerifyTraceRequest,
               promoteros__v1__verify_trace_request, Promoteros__V1__VerifyTraceResponse,
               promoteros__v1__verify_trace_response)

static const struct pros_method methods[] = {
    {.name = "GetTrace",
     .summary = "Returns the reasoning behind an answer.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .journal = PROS_JOURNAL_NONE,
     .handle = get_trace_bytes},
    {.name = "ListTraces",
     .summary = "Lists traces, newest first.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .journal = PROS_JOURNAL_NONE,
     .handle = list_traces_bytes},
    {.name = "VerifyTrace",
     .summary = "Checks a stored trace: arithmetic, references, and the digest of the reply.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .journal = PROS_JOURNAL_NONE,
     .handle = verify_trace_bytes},
};

const struct pros_agent trace_service_table = {
    .size = sizeof(struct pros_agent),
    .abi = PROS_ABI,
    .method_size = sizeof(struct pros_method),
    .name = "traces",
    .title = "Traces",
    .summary = "Serves and checks the reasoning behind answers.",
    .version = PROMOTEROS_VERSION,
    .service = "promoteros.v1.TraceService",
    .methods = methods,
    .method_count = sizeof methods / sizeof *methods,
};
