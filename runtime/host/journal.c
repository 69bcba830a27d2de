#include "host/journal.h"

#include "base/clock.h"
#include "base/memory.h"
#include "host/host_state.h"

#include <stdlib.h>

static bool keeps_events(const struct run *run)
{
    return run->host->store && run_is_traced(run) &&
           run->method->entry->journal != PROS_JOURNAL_NONE;
}

static bool keeps_progress(const struct run *run)
{
    return keeps_events(run) && run->method->entry->journal == PROS_JOURNAL_FULL;
}

static struct pros_bytes pack(const ProtobufCMessage *message)
{
    uint8_t *data = memory_new(protobuf_c_message_get_packed_size(message) + 1, 1);
    return (struct pros_bytes){data, protobuf_c_message_pack(message, data)};
}

void journal_add_event(const struct host *host, struct store_batch *batch, const char *type,
                       const char *trace_id, const char *subject, Promoteros__V1__Event *event)
{
    int64_t now_ms = host->now_ms();
    Google__Protobuf__Timestamp time = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    time.seconds = now_ms / 1000; /* the clock is past 1970 */
    time.nanos = (int32_t)(now_ms % 1000 * 1000000);
    event->type = (char *)type;
    event->time = &time;
    event->trace_id = (char *)trace_id;
    event->subject = (char *)subject;
    struct pros_bytes body = pack(&event->base);
    struct store_event stored = {
        .time_ms = now_ms, .type = type, .trace_id = trace_id, .subject = subject, .body = body};
    store_add_event(batch, &stored);
    free((void *)body.data);
    event->time = NULL;
}

static void add_event(const struct run *run, struct store_batch *batch, const char *type,
                      const char *subject, Promoteros__V1__Event *event)
{
    journal_add_event(run->host, batch, type, run->trace_id, subject, event);
}

void journal_started(const struct run *run)
{
    if (!keeps_progress(run))
        return;
    Promoteros__V1__RunDetail detail = PROMOTEROS__V1__RUN_DETAIL__INIT;
    Promoteros__V1__Event event = PROMOTEROS__V1__EVENT__INIT;
    detail.method = (char *)run->method->path;
    event.detail_case = PROMOTEROS__V1__EVENT__DETAIL_RUN;
    event.run = &detail;
    struct store_batch *batch = store_batch_new();
    add_event(run, batch, "run.started", run->method->path, &event);
    store_submit(run->host->store, batch, NULL, NULL);
}

void journal_step(const struct run *run, Promoteros__V1__TraceStep *step)
{
    if (!keeps_progress(run))
        return;
    Promoteros__V1__Event event = PROMOTEROS__V1__EVENT__INIT;
    event.detail_case = PROMOTEROS__V1__EVENT__DETAIL_STEP;
    event.step = step;
    struct store_batch *batch = store_batch_new();
    add_event(run, batch, "step.taken", run->method->path, &event);
    store_submit(run->host->store, batch, NULL, NULL);
}

static void add_trace(const struct run *run, struct store_batch *batch, enum pros_status status,
                      struct pros_bytes trace, struct pros_bytes reply)
{
    struct store_trace stored = {.trace_id = run->trace_id,
                                 .agent = run->method->agent->table->name,
                                 .method = run->method->path,
                                 .summary = run->trace.summary,
                                 .start_ms = run->start_ms,
                                 .duration_us = clock_monotonic_us() - run->start_us,
                                 .status_code = (int32_t)status,
                                 .trace = trace,
                                 .reply = reply};
    if (status != PROS_OK) {
        stored.summary = run->failure.sentence;
        stored.reply = (struct pros_bytes){"", 0};
    }
    store_add_trace(batch, &stored);
}

static void add_predictions(const struct run *run, struct store_batch *batch)
{
    for (size_t i = 0; i < run->prediction_count; i++) {
        Promoteros__V1__Prediction *prediction = run->predictions[i];
        struct pros_bytes body = pack(&prediction->base);
        struct store_prediction stored = {
            .id = prediction->id,
            .target = prediction->target,
            .subject = prediction->subject,
            .agent = prediction->agent,
            .issue_ms =
                prediction->issue_time->seconds * 1000 + prediction->issue_time->nanos / 1000000,
            .due_ms = prediction->due_time->seconds * 1000 + prediction->due_time->nanos / 1000000,
            .prediction = body};
        store_add_prediction(batch, &stored);
        free((void *)body.data);
        Promoteros__V1__Event event = PROMOTEROS__V1__EVENT__INIT;
        event.detail_case = PROMOTEROS__V1__EVENT__DETAIL_PREDICTION;
        event.prediction = prediction;
        add_event(run, batch, "prediction.issued", prediction->id, &event);
    }
}

static void add_finished(const struct run *run, struct store_batch *batch, enum pros_status status)
{
    Promoteros__V1__RunDetail detail = PROMOTEROS__V1__RUN_DETAIL__INIT;
    Promoteros__V1__Event event = PROMOTEROS__V1__EVENT__INIT;
    detail.method = (char *)run->method->path;
    detail.status_code = (int32_t)status;
    detail.status_message = status == PROS_OK ? (char *)"" : (char *)run->failure.sentence;
    detail.duration_us = clock_monotonic_us() - run->start_us;
    detail.summary = run->trace.summary;
    event.detail_case = PROMOTEROS__V1__EVENT__DETAIL_RUN;
    event.run = &detail;
    add_event(run, batch, "run.finished", run->method->path, &event);
}

enum pros_status journal_finished(struct run *run, enum pros_status status, struct pros_bytes trace,
                                  struct pros_bytes reply)
{
    bool predicted = status == PROS_OK && run->prediction_count > 0;
    /* A prediction without the trace that explains it would be worth nothing. */
    if (!run->host->store || (!keeps_events(run) && !predicted))
        return status;
    struct store_batch *batch = store_batch_new();
    add_trace(run, batch, status, trace, reply);
    if (predicted)
        add_predictions(run, batch);
    if (keeps_events(run))
        add_finished(run, batch, status);
    if (status != PROS_OK) {
        store_submit(run->host->store, batch, NULL, NULL);
        return status;
    }
    struct failure failure = {0};
    status = store_commit(run->host->store, batch, NULL, &failure);
    if (status != PROS_OK)
        run->failure = failure;
    return status;
}
