/* EventService: the journal, past and live, and the messages that callers put into it. */
#include "base/text.h"
#include "services/check.h"

#include <promoteros/v1/event_service.pb-c.h>
#include <string.h>

enum {
    PREFIXES_MAX = 32,
    READ_AHEAD = 256,
    WAIT_MS = 250,
    CHANNEL_BYTES_MAX = 63,
    BODY_BYTES_MAX = 8192
};

static enum pros_status check_reading(struct work *work, int64_t after_sequence,
                                      char *const *prefixes, size_t prefix_count)
{
    TRY(check_count(&work->failure, "", "after_sequence", after_sequence, INT64_MAX));
    TRY(check_list(&work->failure, "", "type_prefixes", prefix_count, PREFIXES_MAX));
    for (size_t i = 0; i < prefix_count; i++)
        TRY(check_text(&work->failure, "", "type_prefixes", prefixes[i], ID_BYTES_MAX));
    return PROS_OK;
}

static bool type_fits(const char *type, char *const *prefixes, size_t prefix_count)
{
    for (size_t i = 0; i < prefix_count; i++)
        if (strncmp(type, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return prefix_count == 0;
}

static enum pros_status event_unpack(struct work *work, struct arena *arena,
                                     const struct store_event *stored,
                                     Promoteros__V1__Event **event)
{
    TRY(stored_unpack(arena, &promoteros__v1__event__descriptor, stored->body, event,
                      &work->failure));
    (*event)->sequence = stored->sequence;
    return PROS_OK;
}

/* ---- list ---- */

struct event_page {
    struct work *work;
    const Promoteros__V1__ListEventsRequest *request;
    Promoteros__V1__Event **events;
    size_t size, count, capacity;
    int64_t last_sequence; /* the last one looked at */
};

static enum pros_status keep_event(void *context, const struct store_event *stored)
{
    struct event_page *page = context;
    struct arena *arena = page->work->arena;
    if (page->count == page->size)
        return PROS_CANCELLED; /* enough */
    page->last_sequence = stored->sequence;
    if (!type_fits(stored->type, page->request->type_prefixes, page->request->n_type_prefixes))
        return PROS_OK;
    page->events =
        arena_grow(arena, page->events, page->count, &page->capacity, sizeof *page->events);
    return event_unpack(page->work, arena, stored, &page->events[page->count++]);
}

/* Reads in pieces, so that a rare type in a long journal does not hold one long read. */
static enum pros_status fill_page(struct event_page *page, int64_t newest)
{
    while (page->count < page->size && page->last_sequence < newest &&
           pros_remaining_ms(page->work->run) > 0) {
        struct failure failure = {0};
        int64_t before = page->last_sequence;
        enum pros_status status =
            store_read_events(page->work->store, before, READ_AHEAD, keep_event, page, &failure);
        if (status != PROS_OK && page->count < page->size) {
            if (!page->work->failure.sentence[0])
                page->work->failure = failure;
            return status;
        }
        if (page->last_sequence == before)
            return PROS_OK;
    }
    /* An answer with too little would read like the end of the journal. */
    if (page->count < page->size && page->last_sequence < newest)
        return failure_set(&page->work->failure, PROS_DEADLINE_EXCEEDED, "TOO_SLOW",
                           "The journal was not searched in time; begin at a later event, or give "
                           "it a longer deadline.");
    return PROS_OK;
}

static enum pros_status list_events(struct work *work,
                                    const Promoteros__V1__ListEventsRequest *request,
                                    Promoteros__V1__ListEventsResponse *response)
{
    struct event_page page = {
        .work = work, .request = request, .last_sequence = request->after_sequence};
    struct store_counts counts;
    TRY(check_reading(work, request->after_sequence, request->type_prefixes,
                      request->n_type_prefixes));
    TRY(check_page_size(&work->failure, request->page_size, &page.size));
    TRY(store_get_counts(work->store, &counts, &work->failure));
    TRY(fill_page(&page, counts.event_sequence));
    response->events = page.events;
    response->n_events = page.count;
    response->newest_sequence = counts.event_sequence;
    return PROS_OK;
}
SERVICE_METHOD(list_events, Promoteros__V1__ListEventsRequest, promoteros__v1__list_events_request,
               Promoteros__V1__ListEventsResponse, promoteros__v1__list_events_response)

/* ---- watch ---- */

struct watch {
    struct work *work;
    const Promoteros__V1__WatchEventsRequest *request;
    int64_t after_sequence;
    struct arena one;         /* the event at hand */
    enum pros_status sending; /* what the last emit said */
};

static enum pros_status send_event(void *context, const struct store_event *stored)
{
    struct watch *watch = context;
    if (type_fits(stored->type, watch->request->type_prefixes, watch->request->n_type_prefixes)) {
        Promoteros__V1__WatchEventsResponse response = PROMOTEROS__V1__WATCH_EVENTS_RESPONSE__INIT;
        arena_reset(&watch->one);
        TRY(event_unpack(watch->work, &watch->one, stored, &response.event));
        watch->sending = pros_emit(watch->work->run, arena_pack(&watch->one, &response.base));
        TRY(watch->sending);
    }
    watch->after_sequence = stored->sequence;
    return PROS_OK;
}

/* Past events, then new ones: both come from the journal behind the last sequence sent, so none is
 * missed between the two. Ends when the caller has gone, the deadline has come or the host stops.
 */
static enum pros_status follow(struct watch *watch)
{
    struct work *work = watch->work;
    while (pros_remaining_ms(work->run) > 0) {
        struct failure failure = {0};
        enum pros_status status = store_read_events(work->store, watch->after_sequence, READ_AHEAD,
                                                    send_event, watch, &failure);
        if (watch->sending != PROS_OK)
            return watch->sending;
        if (status != PROS_OK) {
            if (!work->failure.sentence[0])
                work->failure = failure;
            return status;
        }
        if (atomic_load(&work->services->stopping))
            return failure_set(&work->failure, PROS_UNAVAILABLE, "SHUTTING_DOWN",
                               "The server is shutting down; once it is back, go on behind event "
                               "%lld.",
                               (long long)watch->after_sequence);
        store_wait_events(work->store, watch->after_sequence, WAIT_MS);
    }
    return PROS_OK;
}

static enum pros_status watch_events(struct work *work,
                                     const Promoteros__V1__WatchEventsRequest *request)
{
    struct watch watch = {.work = work, .request = request};
    if (request->_after_sequence_case) {
        watch.after_sequence = request->after_sequence;
    } else {
        struct store_counts counts;
        TRY(store_get_counts(work->store, &counts, &work->failure));
        watch.after_sequence = counts.event_sequence;
    }
    TRY(check_reading(work, watch.after_sequence, request->type_prefixes,
                      request->n_type_prefixes));
    arena_open(&watch.one, 0);
    enum pros_status status = follow(&watch);
    arena_close(&watch.one);
    return status;
}
SERVICE_STREAM(watch_events, Promoteros__V1__WatchEventsRequest,
               promoteros__v1__watch_events_request)

/* ---- publish ---- */

static enum pros_status check_channel(struct failure *failure, const char *channel)
{
    size_t size = strlen(channel);
    if (size == 0 || size > CHANNEL_BYTES_MAX || *channel == '-' ||
        strspn(channel, "abcdefghijklmnopqrstuvwxyz0123456789-") != size)
        return failure_set(
            failure, PROS_INVALID_ARGUMENT, "BAD_CHANNEL",
            "channel must be 1 to %d lower-case letters, digits and \"-\", and begin "
            "with a letter or digit; write for example \"booking-alerts\".",
            CHANNEL_BYTES_MAX);
    return PROS_OK;
}

/* Line breaks and tabs are welcome in a body, other control characters are not. */
static enum pros_status check_body(struct failure *failure, const char *body)
{
    size_t size = strlen(body);
    if (size > BODY_BYTES_MAX)
        return failure_set(failure, PROS_INVALID_ARGUMENT, "TOO_LONG",
                           "body has %zu bytes; at most %d are allowed. Send a summary and a link.",
                           size, BODY_BYTES_MAX);
    if (!text_is_utf8(body, size))
        return failure_set(failure, PROS_INVALID_ARGUMENT, "NOT_UTF8",
                           "body is not valid UTF-8; send it as UTF-8.");
    for (const char *c = body; *c; c++)
        if (((unsigned char)*c < 0x20 && !strchr("\n\r\t", *c)) || *c == 0x7f)
            return failure_set(failure, PROS_INVALID_ARGUMENT, "CONTROL_CHARACTER",
                               "body holds a control character (code %d); remove it.",
                               (unsigned char)*c);
    return PROS_OK;
}

static enum pros_status check_publish(struct failure *failure,
                                      const Promoteros__V1__PublishEventRequest *request)
{
    TRY(check_channel(failure, request->channel));
    if (!protobuf_c_enum_descriptor_get_value(&promoteros__v1__message_priority__descriptor,
                                              (int)request->priority))
        return failure_set(failure, PROS_INVALID_ARGUMENT, "BAD_PRIORITY",
                           "priority is %d; say normal (1) or high (2).", (int)request->priority);
    TRY(check_text(failure, "", "title", request->title, LABEL_BYTES_MAX));
    TRY(check_body(failure, request->body));
    if (!*request->title && !*request->body)
        return failure_set(failure, PROS_INVALID_ARGUMENT, "EMPTY",
                           "title and body are both empty; give at least one.");
    return check_text(failure, "", "subject", request->subject, ID_BYTES_MAX);
}

static enum pros_status build_message(struct work *work, struct store_batch *batch,
                                      const void *message, void *reply)
{
    const Promoteros__V1__PublishEventRequest *request = message;
    Promoteros__V1__PublishEventResponse *response = reply;
    Promoteros__V1__PublishedMessage *published = arena_alloc(work->arena, sizeof *published);
    Promoteros__V1__Event *event = arena_alloc(work->arena, sizeof *event);
    promoteros__v1__published_message__init(published);
    promoteros__v1__event__init(event);
    published->channel = request->channel;
    published->priority = request->priority
                              ? request->priority
                              : PROMOTEROS__V1__MESSAGE_PRIORITY__MESSAGE_PRIORITY_NORMAL;
    published->title = request->title;
    published->body = request->body;
    event->detail_case = PROMOTEROS__V1__EVENT__DETAIL_MESSAGE;
    event->message = published;
    add_event(work, batch, "message.published", request->subject, event);
    response->event = event;
    return PROS_OK;
}

static enum pros_status publish_event(struct work *work,
                                      const Promoteros__V1__PublishEventRequest *request,
                                      Promoteros__V1__PublishEventResponse *response)
{
    TRY(check_publish(&work->failure, request));
    return write_once(work, request->request_id, "promoteros.v1.EventService/PublishEvent", request,
                      &response->base, build_message);
}
SERVICE_METHOD(publish_event, Promoteros__V1__PublishEventRequest,
               promoteros__v1__publish_event_request, Promoteros__V1__PublishEventResponse,
               promoteros__v1__publish_event_response)

static const struct pros_method methods[] = {
    {.name = "ListEvents",
     .summary = "Lists events in order of their sequence.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .journal = PROS_JOURNAL_NONE,
     .handle = list_events_bytes},
    {.name = "WatchEvents",
     .summary = "Streams events, past ones first, then new ones as they happen.",
     .flags = PROS_SIDE_EFFECT_FREE | PROS_STREAMS | PROS_WAITS,
     .journal = PROS_JOURNAL_NONE,
     .handle = watch_events_streaming_bytes},
    {.name = "PublishEvent",
     .summary = "Publishes a message on a channel.",
     .journal = PROS_JOURNAL_NONE,
     .handle = publish_event_bytes},
};

const struct pros_agent event_service_table = {
    .size = sizeof(struct pros_agent),
    .abi = PROS_ABI,
    .method_size = sizeof(struct pros_method),
    .name = "events",
    .title = "Events",
    .summary =
        "The journal: everything that happened, in one order, and messages to those who follow.",
    .version = PROMOTEROS_VERSION,
    .service = "promoteros.v1.EventService",
    .methods = methods,
    .method_count = sizeof methods / sizeof *methods,
};
