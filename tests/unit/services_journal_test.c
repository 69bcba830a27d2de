/* Traces are checked, events are followed without a gap, the host describes itself. */
#include "unit/services_fixture.h"

#include "base/id.h"

#include <promoteros/v1/agent_service.pb-c.h>
#include <promoteros/v1/event_service.pb-c.h>
#include <promoteros/v1/trace_service.pb-c.h>
#include <pthread.h>
#include <unistd.h>

/* ---- traces: each case spoils a good one in one way ---- */

struct good_trace {
    Promoteros__V1__ReasoningTrace trace;
    Promoteros__V1__TraceInput input, *inputs[1];
    Promoteros__V1__TraceStep step, *steps[1];
    Promoteros__V1__TraceConclusion conclusion, *conclusions[1];
    Promoteros__V1__TraceContribution contribution, *contributions[1];
    char *uses[1];
    char digest[DIGEST_TEXT_SIZE];
    const char *reply;
};

static void nothing(struct good_trace *t)
{
    (void)t;
}
static void other_schema(struct good_trace *t)
{
    t->trace.schema = (char *)"about:blank";
}
static void other_method(struct good_trace *t)
{
    t->trace.method = (char *)"a.B/C";
}
static void other_reply(struct good_trace *t)
{
    t->reply = "forged";
}
static void lost_input(struct good_trace *t)
{
    t->uses[0] = (char *)"i9";
}
static void own_step(struct good_trace *t)
{
    t->uses[0] = (char *)"s1";
}
static void lost_use(struct good_trace *t)
{
    t->contribution.use_id = (char *)"s7";
}
static void other_value(struct good_trace *t)
{
    t->conclusion.value = 31;
}
static void hidden_residual(struct good_trace *t)
{
    t->conclusion.residual = 1;
}
static void no_link(struct good_trace *t)
{
    t->conclusion.link = PROMOTEROS__V1__LINK__LINK_UNSPECIFIED;
}

static void good_trace_open(struct good_trace *t, const char *trace_id)
{
    memset(t, 0, sizeof *t);
    t->reply = "the reply";
    digest_text((struct pros_bytes){t->reply, strlen(t->reply)}, t->digest);
    promoteros__v1__reasoning_trace__init(&t->trace);
    promoteros__v1__trace_input__init(&t->input);
    promoteros__v1__trace_step__init(&t->step);
    promoteros__v1__trace_conclusion__init(&t->conclusion);
    promoteros__v1__trace_contribution__init(&t->contribution);
    t->trace.schema = (char *)"https://promoteros.dev/reasoning-trace/v1";
    t->trace.trace_id = (char *)trace_id;
    /* Any method that is served and leaves nothing unexplained will do. */
    t->trace.method = (char *)"promoteros.v1.CatalogService/GetArtist";
    t->trace.reply_sha256 = t->digest;
    t->trace.inputs = t->inputs;
    t->trace.steps = t->steps;
    t->trace.conclusions = t->conclusions;
    t->trace.n_inputs = t->trace.n_steps = t->trace.n_conclusions = 1;
    t->inputs[0] = &t->input;
    t->steps[0] = &t->step;
    t->conclusions[0] = &t->conclusion;
    t->input.id = (char *)"i1";
    t->step.id = (char *)"s1";
    t->uses[0] = (char *)"i1";
    t->step.use_ids = t->uses;
    t->step.n_use_ids = 1;
    t->conclusion.name = (char *)"paid_tickets";
    t->conclusion.link = PROMOTEROS__V1__LINK__LINK_IDENTITY;
    t->conclusion.baseline = 10;
    t->conclusion.value = 30;
    t->conclusion.contributions = t->contributions;
    t->conclusion.n_contributions = 1;
    t->contributions[0] = &t->contribution;
    t->contribution.amount = 20;
    t->contribution.use_id = (char *)"s1";
}

static void store_it(struct fixture *f, const struct good_trace *t, const char *trace_id,
                     int64_t start_ms)
{
    size_t size = protobuf_c_message_get_packed_size(&t->trace.base);
    uint8_t *data = arena_alloc(&f->arena, size);
    protobuf_c_message_pack(&t->trace.base, data);
    struct store_trace stored = {.trace_id = trace_id,
                                 .agent = "an-agent",
                                 .method = "promoteros.v1.CatalogService/GetArtist",
                                 .summary = "Thirty.",
                                 .start_ms = start_ms,
                                 .duration_us = 1500,
                                 .trace = {data, size},
                                 .reply = {t->reply, strlen(t->reply)}};
    struct store_batch *batch = store_batch_new();
    store_add_trace(batch, &stored);
    CHECK_INT(store_commit(f->store, batch, NULL, &f->failure), PROS_OK);
}

static void test_verify(void)
{
    struct {
        void (*spoil)(struct good_trace *trace);
        const char *failing; /* NULL: none */
    } cases[] = {{nothing, NULL},
                 {other_schema, "schema"},
                 {other_method, "identity"},
                 {other_reply, "reply digest"},
                 {lost_input, "references"},
                 {own_step, "references"},
                 {lost_use, "references"},
                 {other_value, "arithmetic"},
                 {hidden_residual, "arithmetic"},
                 {no_link, "arithmetic"}};
    struct fixture f;
    fixture_open(&f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct good_trace trace;
        char trace_id[40];
        snprintf(trace_id, sizeof trace_id, "%032zx", i);
        good_trace_open(&trace, trace_id);
        cases[i].spoil(&trace);
        store_it(&f, &trace, trace_id, NOW_MS + (int64_t)i);
        Promoteros__V1__VerifyTraceRequest request = PROMOTEROS__V1__VERIFY_TRACE_REQUEST__INIT;
        Promoteros__V1__VerifyTraceResponse *response = NULL;
        request.trace_id = trace_id;
        EXPECT_OK(&f, "TraceService/VerifyTrace", &request, &response);
        CHECK_INT(response->n_checks, 5);
        CHECK((response->valid != 0) == (cases[i].failing == NULL));
        const char *failing = NULL;
        for (size_t j = 0; j < response->n_checks && !failing; j++)
            if (!response->checks[j]->passed)
                failing = response->checks[j]->name;
        check_str(failing ? failing : "none", cases[i].failing ? cases[i].failing : "none",
                  "first check that failed", __FILE__, (int)i);
    }
    Promoteros__V1__ListTracesRequest list = PROMOTEROS__V1__LIST_TRACES_REQUEST__INIT;
    Promoteros__V1__ListTracesResponse *page = NULL;
    size_t seen = 0, pages = 0;
    list.page_size = 3;
    list.agent = (char *)"an-agent";
    do {
        EXPECT_OK(&f, "TraceService/ListTraces", &list, &page);
        CHECK(page->n_traces == 0 || page->traces[0]->duration_ms == 1.5);
        seen += page->n_traces;
        list.page_token = page->next_page_token;
        pages++;
    } while (*list.page_token && pages < 20);
    CHECK(seen == 10 && pages == 4);
    Promoteros__V1__GetTraceRequest get = PROMOTEROS__V1__GET_TRACE_REQUEST__INIT;
    get.trace_id = (char *)"short";
    EXPECT_REFUSED(&f, "TraceService/GetTrace", &get, PROS_INVALID_ARGUMENT, "BAD_ID");
    get.trace_id = (char *)"ffffffffffffffffffffffffffffffff";
    EXPECT_REFUSED(&f, "TraceService/GetTrace", &get, PROS_NOT_FOUND, "UNKNOWN_TRACE");
    fixture_close(&f);
}

/* ---- events ---- */

static void add_events(struct fixture *f, const char *type, int count)
{
    for (int i = 0; i < count; i++) {
        Promoteros__V1__Event event = PROMOTEROS__V1__EVENT__INIT;
        uint8_t data[256];
        event.type = (char *)type;
        struct store_event stored = {
            .time_ms = NOW_MS, .type = type, .trace_id = "", .subject = ""};
        stored.body = (struct pros_bytes){data, protobuf_c_message_pack(&event.base, data)};
        struct store_batch *batch = store_batch_new();
        store_add_event(batch, &stored);
        CHECK_INT(store_commit(f->store, batch, NULL, &f->failure), PROS_OK);
    }
}

static void test_list_events(void)
{
    struct fixture f;
    fixture_open(&f);
    add_events(&f, "run.started", 300);
    add_events(&f, "import.committed", 2);
    add_events(&f, "run.started", 5);
    Promoteros__V1__ListEventsRequest list = PROMOTEROS__V1__LIST_EVENTS_REQUEST__INIT;
    Promoteros__V1__ListEventsResponse *page = NULL;
    char *prefixes[] = {(char *)"import."};
    EXPECT_OK(&f, "EventService/ListEvents", &list, &page);
    CHECK_INT(page->n_events, 100);
    CHECK_INT(page->events[99]->sequence, 100);
    CHECK_INT(page->newest_sequence, 307);
    list.type_prefixes = prefixes;
    list.n_type_prefixes = 1;
    EXPECT_OK(&f, "EventService/ListEvents", &list, &page);
    CHECK_INT(page->n_events, 2);
    CHECK_INT(page->events[0]->sequence, 301);
    list.after_sequence = -1;
    EXPECT_REFUSED(&f, "EventService/ListEvents", &list, PROS_INVALID_ARGUMENT, "NEGATIVE_COUNT");
    fixture_close(&f);
}

static void *add_later(void *fixture)
{
    usleep(100000);
    for (int i = 0; i < 20; i++) {
        Promoteros__V1__Event event = PROMOTEROS__V1__EVENT__INIT;
        uint8_t data[256];
        event.type = (char *)"run.started";
        struct store_event stored = {
            .time_ms = NOW_MS, .type = "run.started", .trace_id = "", .subject = ""};
        stored.body = (struct pros_bytes){data, protobuf_c_message_pack(&event.base, data)};
        struct store_batch *batch = store_batch_new();
        store_add_event(batch, &stored);
        store_submit(((struct fixture *)fixture)->store, batch, NULL, NULL);
    }
    return NULL;
}

/* Past, then live, no gap between; it ends when the caller goes or the deadline comes. */
static void test_watch(void)
{
    struct fixture f;
    fixture_open(&f);
    add_events(&f, "run.started", 10);
    Promoteros__V1__WatchEventsRequest request = PROMOTEROS__V1__WATCH_EVENTS_REQUEST__INIT;
    struct fixture_stream stream = {.most = 25};
    request._after_sequence_case =
        PROMOTEROS__V1__WATCH_EVENTS_REQUEST___AFTER_SEQUENCE_AFTER_SEQUENCE;
    request.after_sequence = 3;
    pthread_t adder;
    pthread_create(&adder, NULL, add_later, &f);
    fixture_stream(&f, "EventService/WatchEvents", &request.base, 20000, &stream);
    pthread_join(adder, NULL);
    CHECK_INT(stream.count, 25);
    for (size_t i = 0; i < stream.count; i++) {
        const Promoteros__V1__WatchEventsResponse *response = (const void *)fixture_unpack(
            &f, &promoteros__v1__watch_events_response__descriptor, stream.replies[i]);
        CHECK_INT(response->event->sequence, 4 + (int64_t)i);
    }
    /* Only new ones, and there are none: the deadline ends it. */
    request._after_sequence_case = PROMOTEROS__V1__WATCH_EVENTS_REQUEST___AFTER_SEQUENCE__NOT_SET;
    stream.most = 1;
    fixture_stream(&f, "EventService/WatchEvents", &request.base, 300, &stream);
    CHECK_INT(stream.count, 0);
    fixture_close(&f);
}

/* A host that stops does not wait for those who follow: what is there is sent, then it ends. */
static void test_watch_ends_at_shutdown(void)
{
    struct fixture f;
    fixture_open(&f);
    add_events(&f, "run.started", 2);
    Promoteros__V1__WatchEventsRequest request = PROMOTEROS__V1__WATCH_EVENTS_REQUEST__INIT;
    struct fixture_stream stream = {.most = 25};
    request._after_sequence_case =
        PROMOTEROS__V1__WATCH_EVENTS_REQUEST___AFTER_SEQUENCE_AFTER_SEQUENCE;
    services_stop(f.services);
    fixture_stream(&f, "EventService/WatchEvents", &request.base, 20000, &stream);
    CHECK_INT(stream.count, 2);
    CHECK_INT(stream.status, PROS_UNAVAILABLE);
    fixture_close(&f);
}

/* ---- messages ---- */

static void test_publish(void)
{
    struct fixture f;
    fixture_open(&f);
    Promoteros__V1__PublishEventRequest request = PROMOTEROS__V1__PUBLISH_EVENT_REQUEST__INIT;
    request.request_id = (char *)"once";
    request.channel = (char *)"booking-alerts";
    request.title = (char *)"Luna Vale may break out";
    request.body = (char *)"{\n\t\"viralProbability\": 0.91\n}";
    request.subject = (char *)"artist/ar_1";
    for (int i = 0; i < 2; i++) { /* repeated: the first answer, and nothing published again */
        Promoteros__V1__PublishEventResponse *response = NULL;
        EXPECT_OK(&f, "EventService/PublishEvent", &request, &response);
        CHECK_STR(response->event->type, "message.published");
        CHECK_STR(response->event->message->channel, "booking-alerts");
        CHECK_INT(response->event->message->priority,
                  PROMOTEROS__V1__MESSAGE_PRIORITY__MESSAGE_PRIORITY_NORMAL);
    }
    request.request_id = (char *)"";
    request.priority = PROMOTEROS__V1__MESSAGE_PRIORITY__MESSAGE_PRIORITY_HIGH;
    EXPECT_OK(&f, "EventService/PublishEvent", &request, NULL);
    Promoteros__V1__WatchEventsRequest watch = PROMOTEROS__V1__WATCH_EVENTS_REQUEST__INIT;
    struct fixture_stream stream = {.most = 3};
    watch._after_sequence_case =
        PROMOTEROS__V1__WATCH_EVENTS_REQUEST___AFTER_SEQUENCE_AFTER_SEQUENCE;
    fixture_stream(&f, "EventService/WatchEvents", &watch.base, 300, &stream);
    CHECK_INT(stream.count, 2);
    for (size_t i = 0; i < stream.count; i++) {
        const Promoteros__V1__WatchEventsResponse *response = (const void *)fixture_unpack(
            &f, &promoteros__v1__watch_events_response__descriptor, stream.replies[i]);
        CHECK_INT(response->event->sequence, 1 + (int64_t)i);
        CHECK_INT(response->event->message->priority, 1 + (int64_t)i);
        CHECK_STR(response->event->subject, "artist/ar_1");
        CHECK_STR(response->event->message->body, request.body);
    }
    fixture_close(&f);
}

static void test_publish_refuses(void)
{
    static char long_channel[65], long_body[8194], long_title[502];
    memset(long_channel, 'a', 64);
    memset(long_body, 'a', 8193);
    memset(long_title, 'a', 501);
    struct {
        const char *channel, *title, *body, *subject;
        int priority;
        const char *reason;
    } cases[] = {{"", "t", "", "", 1, "BAD_CHANNEL"},
                 {"-alerts", "t", "", "", 1, "BAD_CHANNEL"},
                 {"Alerts", "t", "", "", 1, "BAD_CHANNEL"},
                 {long_channel, "t", "", "", 1, "BAD_CHANNEL"},
                 {"a", "t", "", "", 3, "BAD_PRIORITY"},
                 {"a", "t", "", "", -1, "BAD_PRIORITY"},
                 {"a", "", "", "", 2, "EMPTY"},
                 {"a", long_title, "", "", 2, "TOO_LONG"},
                 {"a", "two\nlines", "", "", 2, "CONTROL_CHARACTER"},
                 {"a", "", long_body, "", 2, "TOO_LONG"},
                 {"a", "", "\x1b[2J", "", 2, "CONTROL_CHARACTER"},
                 {"a", "", "\xff", "", 2, "NOT_UTF8"},
                 {"a", "t", "", "a\x7f", 2, "CONTROL_CHARACTER"}};
    struct fixture f;
    fixture_open(&f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Promoteros__V1__PublishEventRequest request = PROMOTEROS__V1__PUBLISH_EVENT_REQUEST__INIT;
        request.channel = (char *)cases[i].channel;
        request.title = (char *)cases[i].title;
        request.body = (char *)cases[i].body;
        request.subject = (char *)cases[i].subject;
        request.priority = (Promoteros__V1__MessagePriority)cases[i].priority;
        EXPECT_REFUSED(&f, "EventService/PublishEvent", &request, PROS_INVALID_ARGUMENT,
                       cases[i].reason);
    }
    long_body[8192] = '\0'; /* the largest that fits */
    Promoteros__V1__PublishEventRequest request = PROMOTEROS__V1__PUBLISH_EVENT_REQUEST__INIT;
    long_channel[63] = '\0';
    request.channel = long_channel;
    request.body = long_body;
    EXPECT_OK(&f, "EventService/PublishEvent", &request, NULL);
    fixture_close(&f);
}

/* ---- the host itself ---- */

static void test_agents(void)
{
    struct fixture f;
    fixture_open(&f);
    fixture_artist(&f, "The Examples");
    Promoteros__V1__ListAgentsRequest list = PROMOTEROS__V1__LIST_AGENTS_REQUEST__INIT;
    Promoteros__V1__ListAgentsResponse *agents = NULL;
    EXPECT_OK(&f, "AgentService/ListAgents", &list, &agents);
    CHECK_INT(agents->n_agents, 0);
    list.include_builtin = true;
    EXPECT_OK(&f, "AgentService/ListAgents", &list, &agents);
    CHECK_INT(agents->n_agents, 7);
    CHECK_STR(agents->agents[0]->service, "promoteros.v1.SignalService");
    CHECK_INT(agents->agents[0]->n_methods, 7);
    CHECK(agents->agents[0]->methods[5]->server_streaming);
    CHECK(agents->agents[0]->methods[5]->side_effect_free);
    Promoteros__V1__GetHostStatusRequest status = PROMOTEROS__V1__GET_HOST_STATUS_REQUEST__INIT;
    Promoteros__V1__GetHostStatusResponse *figures = NULL;
    EXPECT_OK(&f, "AgentService/GetHostStatus", &status, &figures);
    CHECK_INT(figures->artist_count, 1);
    CHECK_INT(figures->event_sequence, 1); /* catalog.changed */
    CHECK_STR(figures->version, PROMOTEROS_VERSION);
    CHECK(strncmp(figures->store, "sqlite", 6) == 0 && !figures->has_simulated_data);
    fixture_close(&f);
}

CHECK_MAIN(test_verify, test_list_events, test_watch, test_watch_ends_at_shutdown, test_publish,
           test_publish_refuses, test_agents)
