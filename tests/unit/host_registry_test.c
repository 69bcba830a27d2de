/* Who is let in, who is refused, and with which words. */
#include "host/host_state.h"
#include "unit/check.h"
#include "unit/host_fixture.h"

static const struct pros_bytes nothing = {"", 0};

static enum pros_status unused(struct pros_run *run, struct pros_bytes request,
                               struct pros_bytes *reply)
{
    (void)run;
    (void)request;
    *reply = nothing;
    return PROS_OK;
}

static struct host *open_host(struct pros_bytes set)
{
    struct host *host = NULL;
    struct failure failure = {0};
    struct host_options options = {.descriptor_set = set, .thread_count = 1};
    if (!CHECK_INT(host_open(&options, &host, &failure), PROS_OK))
        fprintf(stderr, "    %s\n", failure.sentence);
    return host;
}

/* ---- tables ---- */

enum table_flaw {
    ABI,
    SIZE,
    STRIDE,
    STRIDE_ODD,
    NAME,
    NAME_NULL,
    SERVICE,
    SERVICE_UNKNOWN,
    VERSION,
    NO_METHODS,
    METHOD_TWICE,
    METHOD_UNKNOWN,
    HANDLE,
    SUMMARY,
    FLAGS,
    JOURNAL,
    SHARE,
    SHARE_NAN,
    STREAMS_NOT,
    STREAMS_NOT_IN_PROTO,
    CALL_FORM,
    TABLE_FLAW_COUNT
};

static void spoil(enum table_flaw flaw, struct pros_agent *table, struct pros_method *methods)
{
    static const char *const bad_calls[] = {"QuerySignals"};
    switch (flaw) {
    case ABI:
        table->abi = 9;
        break;
    case SIZE:
        table->size -= 1;
        break;
    case STRIDE:
        table->method_size -= 8;
        break;
    case STRIDE_ODD:
        table->method_size += 3;
        break;
    case NAME:
        table->name = "Signal Agent";
        break;
    case NAME_NULL:
        table->name = NULL;
        break;
    case SERVICE:
        table->service = "promoteros..v1";
        break;
    case SERVICE_UNKNOWN:
        table->service = "promoteros.v1.OracleService";
        break;
    case VERSION:
        table->version = "";
        break;
    case NO_METHODS:
        table->method_count = 0;
        break;
    case METHOD_TWICE:
        methods[1] = methods[0];
        break;
    case METHOD_UNKNOWN:
        methods[0].name = "QueryStars";
        break;
    case HANDLE:
        methods[0].handle = NULL;
        break;
    case SUMMARY:
        methods[0].summary = "";
        break;
    case FLAGS:
        methods[0].flags = 1u << 20;
        break;
    case JOURNAL:
        methods[0].journal = (enum pros_journal)3;
        break;
    case SHARE:
        methods[0].max_residual_share = -0.1;
        break;
    case SHARE_NAN:
        methods[0].max_residual_share = NAN;
        break;
    case STREAMS_NOT:
        methods[1].flags = 0;
        break;
    case STREAMS_NOT_IN_PROTO:
        methods[0].flags = PROS_STREAMS;
        break;
    default:
        table->calls = bad_calls;
        table->call_count = 1;
        break;
    }
}

static void test_tables(void)
{
    static const char *const words[TABLE_FLAW_COUNT] = {
        [ABI] = "built for ABI 9, this host speaks ABI 0",
        [SIZE] = "its table has",
        [STRIDE] = "its methods have",
        [STRIDE_ODD] = "its methods have",
        [NAME] = "joined by hyphens",
        [NAME_NULL] = "joined by hyphens",
        [SERVICE] = "no proper full name",
        [SERVICE_UNKNOWN] = "no method promoteros.v1.OracleService/QuerySignals",
        [VERSION] = "version is missing",
        [NO_METHODS] = "no methods",
        [METHOD_TWICE] = "two methods named QuerySignals",
        [METHOD_UNKNOWN] = "no method promoteros.v1.SignalService/QueryStars",
        [HANDLE] = "QuerySignals has no function",
        [SUMMARY] = "QuerySignals has no summary",
        [FLAGS] = "flags that this host does not know",
        [JOURNAL] = "journal level",
        [SHARE] = "residual share",
        [SHARE_NAN] = "residual share",
        [STREAMS_NOT] = "streams its replies in the contract only",
        [STREAMS_NOT_IN_PROTO] = "streams its replies in the table only",
        [CALL_FORM] = "package.Service/Method"};
    struct host *host = open_host(fixture_descriptor_set());
    for (int i = 0; i < TABLE_FLAW_COUNT; i++) {
        struct pros_method methods[3];
        struct pros_agent table = fixture_signals;
        struct failure failure = {0};
        memcpy(methods, fixture_signals.methods, sizeof methods);
        table.methods = methods;
        spoil((enum table_flaw)i, &table, methods);
        CHECK_INT(host_add_service(host, &table, NULL, &failure), PROS_FAILED_PRECONDITION);
        if (!CHECK(strstr(failure.sentence, words[i]) != NULL) ||
            !CHECK(strstr(failure.sentence, "The agent ") != NULL))
            fprintf(stderr, "    flaw %d said: %s\n", i, failure.sentence);
    }
    struct failure failure = {0};
    CHECK_INT(host_add_service(host, NULL, NULL, &failure), PROS_FAILED_PRECONDITION);
    /* A later build with larger methods is welcome. */
    struct wide {
        struct pros_method method;
        char later[16];
    } wide[3];
    for (int i = 0; i < 3; i++)
        wide[i].method = fixture_signals.methods[i];
    struct pros_agent table = fixture_signals;
    table.methods = &wide[0].method;
    table.method_size = sizeof *wide;
    CHECK_INT(host_add_service(host, &table, NULL, &failure), PROS_OK);
    CHECK_INT(host_add_service(host, &table, NULL, &failure), PROS_FAILED_PRECONDITION);
    CHECK_STR(failure.reason, "AGENT_TWICE");
    CHECK_INT(host_seal(host, &failure), PROS_OK);
    const struct host_method *scan = host_find_method(host, SCAN);
    CHECK(scan && scan->entry == &wide[1].method && scan->schema->server_streaming);
    CHECK(!host_find_method(host, "promoteros.v1.SignalService/"));
    CHECK_INT(host_add_service(host, &fixture_deal, NULL, &failure), PROS_FAILED_PRECONDITION);
    CHECK_STR(failure.reason, "HOST_SEALED");
    host_close(host);
}

/* ---- calls ---- */

static void test_calls(void)
{
    static const char *const unknown[] = {"promoteros.v1.OracleService/Ask"};
    static const char *const changing[] = {"promoteros.v1.SignalService/BeginSignalImport"};
    static const char *const waiting[] = {WATCH};
    static const char *const deal[] = {OPTIMIZE};
    static const char *const itself[] = {PREDICT};
    static const struct {
        const char *const *audience_calls;
        const char *reason, *words;
        bool answers; /* what waits does not, this time */
    } cases[] = {
        {unknown, "AGENT_CALLS", "calls promoteros.v1.OracleService/Ask, which nobody serves",
         false},
        {changing, "AGENT_CALLS", "which changes things", false},
        {waiting, "AGENT_CALLS", "which waits for things to happen", false},
        {waiting, "AGENT_CALLS", "which cannot be asked as of a past moment", true},
        {deal, "AGENT_CYCLE", "must not go in a circle", false},
        {itself, "AGENT_CYCLE", "must not go in a circle", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct host *host = open_host(fixture_descriptor_set());
        struct pros_agent audience = fixture_audience;
        struct failure failure = {0};
        audience.calls = cases[i].audience_calls;
        audience.call_count = 1;
        struct pros_agent events = fixture_events;
        struct pros_method watch = events.methods[0];
        if (cases[i].answers)
            watch.flags &= ~(uint32_t)PROS_WAITS;
        events.methods = &watch;
        events.method_count = 1;
        CHECK_INT(host_add_service(host, &fixture_signals, NULL, &failure), PROS_OK);
        CHECK_INT(host_add_service(host, &events, NULL, &failure), PROS_OK);
        CHECK_INT(fixture_add_agent(host, &audience, NULL, &failure), PROS_OK);
        CHECK_INT(fixture_add_agent(host, &fixture_deal, NULL, &failure), PROS_OK);
        CHECK_INT(host_seal(host, &failure), PROS_FAILED_PRECONDITION);
        CHECK_STR(failure.reason, cases[i].reason);
        if (!CHECK(strstr(failure.sentence, cases[i].words) != NULL) ||
            !CHECK(strstr(failure.sentence, "audience-predictor") != NULL))
            fprintf(stderr, "    said: %s\n", failure.sentence);
        host_close(host);
    }
}

static void test_facts(void)
{
    struct fixture fixture = {.query = unused};
    if (!CHECK(fixture_open(&fixture)))
        return;
    CHECK_STR(host_agent_at(fixture.host, 0)->table->name, "signals");
    CHECK(host_agent_at(fixture.host, 1)->builtin && !host_agent_at(fixture.host, 2)->builtin);
    CHECK(!host_agent_at(fixture.host, 4));
    CHECK_STR(host_method_at(fixture.host, 7)->path, EVALUATE);
    CHECK(!host_method_at(fixture.host, 8));
    const struct host_method *optimize = host_find_method(fixture.host, OPTIMIZE);
    CHECK(optimize && optimize->carries_as_of && optimize->carries_trace);
    const struct host_method *scan = host_find_method(fixture.host, SCAN);
    CHECK(scan && scan->carries_as_of && !scan->carries_trace);
    fixture_close(&fixture);
}

/* ---- modules ---- */

static void test_modules(void)
{
    static const struct {
        const char *file, *configuration;
        enum pros_status status;
        const char *reason, *words;
    } cases[] = {
        {"wrong-abi.so", "{}", PROS_FAILED_PRECONDITION, "AGENT_ABI",
         "was built for ABI 7, this host speaks ABI 0"},
        {"short-table.so", "{}", PROS_FAILED_PRECONDITION, "AGENT_ABI", "its table has"},
        {"unknown-method.so", "{}", PROS_FAILED_PRECONDITION, "AGENT_CONTRACT", "DetectMiracles"},
        {"no-symbol.so", "{}", PROS_FAILED_PRECONDITION, "AGENT_SYMBOL", "promoteros_agent()"},
        {"open-fails.so", "{\"a\":1}", PROS_FAILED_PRECONDITION, "AGENT_OPEN",
         "the setting level is missing in {\"a\":1}"},
        {"bad-contract.so", "{}", PROS_FAILED_PRECONDITION, "AGENT_CONTRACT",
         "its contract cannot be read"},
        {"absent.so", "{}", PROS_NOT_FOUND, "AGENT_FILE", "No such file"},
        {".", "{}", PROS_NOT_FOUND, "AGENT_FILE", "not a module file"},
        {"good.so", "[]", PROS_FAILED_PRECONDITION, "AGENT_OPEN", "not an object: []"},
    };
    struct host *host = open_host(fixture_descriptor_set());
    char path[4096];
    struct failure failure = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(path, sizeof path, "%s/%s", HOST_MODULES, cases[i].file);
        CHECK_INT(host_load_agent(host, path, cases[i].configuration, &failure), cases[i].status);
        CHECK_STR(failure.reason, cases[i].reason);
        if (!CHECK(strstr(failure.sentence, cases[i].words) != NULL) ||
            !CHECK(strstr(failure.sentence, cases[i].file) != NULL))
            fprintf(stderr, "    %s said: %s\n", cases[i].file, failure.sentence);
    }
    CHECK(!host_agent_at(host, 0));
    snprintf(path, sizeof path, "%s/good.so", HOST_MODULES);
    CHECK_INT(host_load_agent(host, path, NULL, &failure), PROS_OK);
    CHECK_INT(strlen(host_agent_at(host, 0)->module_sha256), 64);
    CHECK_INT(host_load_agent(host, path, NULL, &failure), PROS_FAILED_PRECONDITION);
    CHECK_STR(failure.reason, "AGENT_TWICE");
    CHECK_INT(host_seal(host, &failure), PROS_OK);
    struct arena arena;
    struct pros_bytes reply;
    arena_open(&arena, 0);
    CHECK_INT(host_call_sync(host, "promoteros.v1.TrendAnalyzerService/DetectBreakouts", nothing,
                             &arena, &reply, &failure),
              PROS_OK);
    CHECK(reply.size > 34); /* trace_id and trace */
    arena_close(&arena);
    host_close(host);
}

/* A host that knows no contract takes it from the agent. */
static void test_contract_comes_with_the_agent(void)
{
    struct host *host = open_host(nothing);
    struct failure failure = {0};
    CHECK(!host_schema(host));
    CHECK_INT(host_add_service(host, &fixture_signals, NULL, &failure), PROS_FAILED_PRECONDITION);
    CHECK_STR(failure.reason, "AGENT_CONTRACT");
    CHECK_INT(host_load_agent(host, HOST_MODULES "/good.so", "{}", &failure), PROS_OK);
    CHECK(schema_find_message(host_schema(host), "promoteros.v1.DetectBreakoutsRequest") != NULL);
    struct pros_agent signals = fixture_signals;
    signals.descriptor_set = fixture_descriptor_set();
    CHECK_INT(host_add_service(host, &signals, NULL, &failure), PROS_OK);
    CHECK_INT(host_seal(host, &failure), PROS_OK);
    const struct host_method *detect =
        host_find_method(host, "promoteros.v1.TrendAnalyzerService/DetectBreakouts");
    CHECK(detect && detect->schema == schema_find_method(host_schema(host), detect->path));
    host_close(host);
}

CHECK_MAIN(test_tables, test_calls, test_facts, test_modules, test_contract_comes_with_the_agent)
