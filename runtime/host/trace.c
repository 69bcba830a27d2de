#include "host/trace.h"

#include "base/memory.h"
#include "host/envelope.h"
#include "host/host_state.h"
#include "host/journal.h"
#include "json/wire.h"

#include <stdlib.h>

static void set_time(Google__Protobuf__Timestamp *time, int64_t instant_ms)
{
    google__protobuf__timestamp__init(time);
    int64_t milliseconds = instant_ms % 1000;
    if (milliseconds < 0)
        milliseconds += 1000;
    time->seconds = (instant_ms - milliseconds) / 1000;
    time->nanos = (int32_t)(milliseconds * 1000000);
}

Google__Protobuf__Timestamp *trace_time(struct run *run, int64_t instant_ms)
{
    Google__Protobuf__Timestamp *time = run_note(run, sizeof *time);
    set_time(time, instant_ms);
    return time;
}

enum pros_status trace_check_reply(const struct run *run, struct pros_bytes reply,
                                   struct failure *failure)
{
    struct failure inner = {0};
    if (wire_scan(run->method->schema->output, reply, NULL, &inner) == PROS_OK)
        return PROS_OK;
    return failure_set(failure, PROS_INTERNAL, "BAD_REPLY",
                       "%s gave a reply that is no sound message: %s", run->method->path,
                       inner.sentence);
}

/* What lives only while the trace is packed. */
struct frame {
    Promoteros__V1__TraceAgent agent;
    Google__Protobuf__Timestamp start, end, as_of;
    char request_sha256[DIGEST_TEXT_SIZE], reply_sha256[DIGEST_TEXT_SIZE];
};

/* Nothing here ends the run: it is over. */
static void complete(struct run *run, struct frame *frame, enum pros_status status,
                     struct pros_bytes request, struct pros_bytes reply)
{
    Promoteros__V1__ReasoningTrace *trace = &run->trace;
    const struct host_agent *agent = run->method->agent;
    promoteros__v1__trace_agent__init(&frame->agent);
    frame->agent.name = (char *)agent->table->name;
    frame->agent.version = (char *)agent->table->version;
    frame->agent.module_sha256 = (char *)agent->module_sha256;
    frame->agent.runtime_version = (char *)PROMOTEROS_VERSION;
    frame->agent.seed = run->seed;
    set_time(&frame->start, run->start_ms);
    set_time(&frame->end, run->host->now_ms());
    set_time(&frame->as_of, run->as_of_ms);
    digest_text(request, frame->request_sha256);
    frame->reply_sha256[0] = '\0';
    if (run->method->schema->server_streaming)
        run_chain_text(&run->sent, frame->reply_sha256);
    else if (status == PROS_OK)
        digest_text(reply, frame->reply_sha256);
    trace->schema = (char *)TRACE_SCHEMA;
    trace->trace_id = run->trace_id;
    if (run->caller)
        trace->parent_trace_id = run->caller->trace_id;
    trace->method = (char *)run->method->path;
    trace->agent = &frame->agent;
    trace->start_time = &frame->start;
    trace->end_time = &frame->end;
    trace->as_of_time = &frame->as_of;
    trace->request_sha256 = frame->request_sha256;
    trace->reply_sha256 = frame->reply_sha256;
    trace->status_code = (int32_t)status;
}

static enum pros_status judge(struct run *run, struct pros_bytes reply)
{
    struct failure failure;
    if (run->defect.code != PROS_OK) {
        run->failure = run->defect;
        return run->failure.code;
    }
    if (run->method->schema->server_streaming)
        return PROS_OK; /* each reply was checked when it was sent */
    enum pros_status status = trace_check_reply(run, reply, &failure);
    if (status != PROS_OK)
        run->failure = failure;
    return status;
}

enum pros_status trace_finish(struct run *run, enum pros_status status, struct pros_bytes request,
                              struct pros_bytes *reply)
{
    struct frame frame;
    if (status == PROS_OK)
        status = judge(run, *reply);
    complete(run, &frame, status, request, *reply);
    size_t size = protobuf_c_message_get_packed_size(&run->trace.base);
    uint8_t *packed = memory_new(size + 1, 1);
    struct pros_bytes trace = {packed, protobuf_c_message_pack(&run->trace.base, packed)};
    if (status == PROS_OK && run->method->carries_trace) {
        status = envelope_add_trace(*reply, run->trace_id, trace, &run->reply, &run->failure);
        if (status == PROS_OK) {
            status = journal_finished(run, status, trace, *reply);
            *reply = (struct pros_bytes){run->reply.data, run->reply.size};
        }
    } else {
        status = journal_finished(run, status, trace, *reply);
    }
    free(packed);
    return status;
}
