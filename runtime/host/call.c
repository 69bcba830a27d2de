/* One run calls another method: evidence, noted with its digest. */
#include "base/memory.h"
#include "host/envelope.h"
#include "host/host_state.h"
#include "host/run.h"
#include "host/trace.h"

#include <string.h>

/* Replies of a callee on their way to the caller's on_reply(). */
struct stream {
    struct run *caller;
    enum pros_status (*on_reply)(void *context, struct pros_bytes reply);
    void *context;
    struct pros_bytes reply;  /* the one at hand */
    enum pros_status stopped; /* what on_reply() said, when not PROS_OK */
    struct envelope_facts facts;
};

/* What is left of a call once the callee's run is gone. */
struct outcome {
    enum pros_status status;
    struct failure failure;
    char trace_id[TRACE_ID_TEXT_SIZE];
    char sha256[DIGEST_TEXT_SIZE];
    struct envelope_facts facts;
    struct pros_bytes reply; /* in the caller's arena */
    bool too_large;          /* for the caller's budget */
};

static enum pros_status hand_over(void *context)
{
    struct stream *stream = context;
    return stream->on_reply(stream->context, stream->reply);
}

/* send() of a nested run: enters the caller's code, behind a barrier of its own. */
static enum pros_status send_to_caller(struct run *callee, struct pros_bytes reply)
{
    struct stream *stream = callee->send_context;
    envelope_add_facts(callee->method->schema->output, reply, &stream->facts);
    stream->reply = reply;
    enum pros_status status = run_guard(stream->caller, hand_over, stream);
    if (stream->caller->ended)
        status = PROS_RESOURCE_EXHAUSTED;
    stream->stopped = status;
    return status;
}

static const struct host_method *find_callable(struct run *caller, const char *path, bool streams)
{
    const struct pros_agent *table = caller->method->agent->table;
    const struct host_method *method = NULL;
    for (size_t i = 0; !method && i < table->call_count; i++)
        if (strcmp(table->calls[i], path) == 0)
            method = registry_find(&caller->host->registry, path);
    if (!method) {
        failure_set(&caller->failure, PROS_PERMISSION_DENIED, "CALL_NOT_DECLARED",
                    "The agent %s calls %.200s without having declared it.", table->name, path);
        return NULL;
    }
    if (method->schema->server_streaming != streams) {
        failure_set(&caller->failure, PROS_INTERNAL, "CALL_KIND",
                    "The agent %s calls %s, which %s.", table->name, path,
                    streams ? "has one reply, as a stream" : "streams, for one reply");
        return NULL;
    }
    return method;
}

/* Runs the callee and keeps what the caller needs of it. Holds nothing when it returns. */
static void run_callee(struct run *caller, const struct host_method *method,
                       struct pros_bytes request, struct stream *stream, struct outcome *outcome)
{
    struct buffer framed;
    buffer_open(&framed, RUN_MESSAGE_BYTES);
    struct run *callee = run_new(caller->host, method, caller);
    if (stream) {
        callee->send = send_to_caller;
        callee->send_context = stream;
    }
    outcome->status = PROS_OK;
    if (method->carries_as_of) {
        outcome->status = envelope_set_as_of(request, caller->as_of_ms, &framed, &callee->failure);
        request = (struct pros_bytes){framed.data, framed.size};
    }
    struct pros_bytes reply = {0};
    if (outcome->status == PROS_OK)
        outcome->status = run_execute(callee, request, &reply);
    outcome->failure = callee->failure;
    memcpy(outcome->trace_id, callee->trace_id, sizeof outcome->trace_id);
    if (stream) {
        outcome->facts = stream->facts;
        run_chain_text(&callee->sent, outcome->sha256);
    } else if (outcome->status == PROS_OK) {
        digest_text(reply, outcome->sha256);
        envelope_add_facts(method->schema->output, reply, &outcome->facts);
        void *copy = arena_try_alloc(&caller->arena, reply.size);
        outcome->too_large = !copy;
        if (copy && reply.size)
            memcpy(copy, reply.data, reply.size);
        outcome->reply = (struct pros_bytes){copy, reply.size};
    }
    run_free(callee);
    buffer_close(&framed);
}

/* Notes the call in the caller's trace; the id of the input, or NULL when there is no reply. */
static const char *note_call(struct run *caller, const struct host_method *method,
                             const struct outcome *outcome, bool has_reply)
{
    if (!has_reply && !outcome->trace_id[0])
        return NULL;
    Promoteros__V1__TraceChild *child = run_note(caller, sizeof *child);
    promoteros__v1__trace_child__init(child);
    child->method = (char *)method->path;
    child->trace_id = trace_text(caller, outcome->trace_id);
    child->reply_sha256 = trace_text(caller, has_reply ? outcome->sha256 : "");
    TRACE_ADD(caller, caller->trace.children, caller->trace.n_children, child);
    if (outcome->facts.commit_seq > caller->trace.commit_seq)
        caller->trace.commit_seq = outcome->facts.commit_seq;
    if (!has_reply)
        return NULL;
    Promoteros__V1__TraceInput *input = trace_add_input(caller, method->entry->name, method->path);
    input->sha256 = child->reply_sha256;
    input->observation_count = outcome->facts.observation_count;
    if (outcome->facts.simulated)
        input->status = PROMOTEROS__V1__INPUT_STATUS__INPUT_STATUS_SIMULATED;
    return input->id;
}

static enum pros_status call(struct run *caller, const char *path, struct pros_bytes request,
                             struct stream *stream, struct pros_bytes *reply, const char **input_id)
{
    struct outcome outcome = {0};
    *input_id = NULL;
    const struct host_method *method = find_callable(caller, path, stream != NULL);
    if (!method)
        return caller->failure.code;
    enum pros_status status = run_check_time(caller, &caller->failure);
    if (status != PROS_OK)
        return status;
    run_callee(caller, method, request, stream, &outcome);
    if (caller->ended)
        run_end(caller); /* on_reply() went beyond the budget; the callee has unwound */
    if (outcome.too_large)
        run_exhaust(caller);
    bool stopped = stream && stream->stopped != PROS_OK;
    *input_id = note_call(caller, method, &outcome, outcome.status == PROS_OK || stopped);
    if (stopped)
        return stream->stopped; /* the caller's own reason, if it gave one, stands */
    if (outcome.status != PROS_OK)
        caller->failure = outcome.failure;
    else if (reply)
        *reply = outcome.reply;
    return outcome.status;
}

enum pros_status call_once(struct pros_run *face, const char *path, struct pros_bytes request,
                           struct pros_bytes *reply, const char **input_id)
{
    const char *id;
    *reply = (struct pros_bytes){0};
    enum pros_status status = call(run_of(face), path, request, NULL, reply, &id);
    if (input_id)
        *input_id = id;
    return status;
}

enum pros_status call_stream(struct pros_run *face, const char *path, struct pros_bytes request,
                             enum pros_status (*on_reply)(void *context, struct pros_bytes reply),
                             void *context, const char **input_id)
{
    const char *id;
    struct stream stream = {.caller = run_of(face), .on_reply = on_reply, .context = context};
    enum pros_status status = call(run_of(face), path, request, &stream, NULL, &id);
    if (input_id)
        *input_id = id;
    return status;
}
