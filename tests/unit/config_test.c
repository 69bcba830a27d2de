#include "config/config.h"
#include "unit/check.h"

#include <sys/stat.h>
#include <unistd.h>

static enum pros_status read_text(struct config *config, const char *text, struct failure *failure)
{
    *failure = (struct failure){0};
    config_open(config);
    return config_read(config, text, strlen(text), "promoterosd.yaml", failure);
}

static void test_defaults(void)
{
    struct config config;
    struct failure failure;
    CHECK_INT(read_text(&config, "", &failure), PROS_OK);
    CHECK_STR(config.grpc_listen, "127.0.0.1:50051");
    CHECK(strncmp(config.store, "sqlite:", 7) == 0);
    CHECK_INT(config.host_threads, 0);
    CHECK_INT(config.host_queue_limit, 1024);
    CHECK_INT(config.host_run_budget_mb, 256);
    CHECK_STR(config.log_level, "info");
    CHECK_INT(config.shutdown_grace_ms, 5000);
    CHECK(!config.agents_given);
    config_close(&config);
}

static void test_every_key(void)
{
    struct config config;
    struct failure failure;
    static const char text[] = "store: 'sqlite:/tmp/x.db'\n"
                               "grpc:\n  listen: unix:/tmp/s\n"
                               "agents:\n"
                               "  - path: /opt/a.so\n"
                               "    isolation: thread\n"
                               "    configuration:\n"
                               "      level: 2\n"
                               "      share: 0.5\n"
                               "      on: true\n"
                               "      note: \"7\"\n"
                               "      quote: say \"hi\"\n"
                               "      rooms: [a, 1, null]\n"
                               "  - path: b.so\n"
                               "host: {threads: 3, queue_limit: 5, run_budget_mb: 64}\n"
                               "log:\n  level: warning\n"
                               "shutdown:\n  grace_ms: 0\n";
    if (!CHECK_INT(read_text(&config, text, &failure), PROS_OK))
        fprintf(stderr, "    %s\n", failure.sentence);
    CHECK_STR(config.store, "sqlite:/tmp/x.db");
    CHECK_STR(config.grpc_listen, "unix:/tmp/s");
    CHECK(config.agents_given);
    if (CHECK_INT(config.agent_count, 2)) {
        CHECK_STR(config.agents[0].path, "/opt/a.so");
        CHECK_STR(config.agents[0].configuration,
                  "{\"level\":2,\"share\":0.5,\"on\":true,\"note\":\"7\","
                  "\"quote\":\"say \\\"hi\\\"\",\"rooms\":[\"a\",1,null]}");
        CHECK_STR(config.agents[1].path, "b.so");
        CHECK_STR(config.agents[1].isolation, "thread");
        CHECK_STR(config.agents[1].configuration, "{}");
    }
    CHECK_INT(config.host_threads, 3);
    CHECK_INT(config.host_queue_limit, 5);
    CHECK_INT(config.host_run_budget_mb, 64);
    CHECK_STR(config.log_level, "warning");
    CHECK_INT(config.shutdown_grace_ms, 0);
    config_close(&config);
}

static void test_refusals(void)
{
    static const struct {
        const char *text, *reason, *sentence_part;
    } cases[] = {
        {"stor: x\n", "CONFIG_UNKNOWN_KEY", "line 1: there is no key stor; did you mean store?"},
        {"\nhost:\n  thread: 3\n", "CONFIG_UNKNOWN_KEY",
         "line 3: there is no key host.thread; did"},
        {"thread: 3\n", "CONFIG_UNKNOWN_KEY", "did you mean host.threads?"},
        {"grpc.listen: x\n", "CONFIG_UNKNOWN_KEY", "line 1: write grpc.listen as a section"},
        {"quantum: 3\n", "CONFIG_UNKNOWN_KEY", "promoterosd --help lists all keys"},
        {"<<: {store: x}\n", "CONFIG_UNKNOWN_KEY", "line 1"},
        {"store: a\nstore: b\n", "CONFIG_DUPLICATE", "line 2: store stands here a second time"},
        {"log: {level: info}\nlog: {level: none}\n", "CONFIG_DUPLICATE", "set in line 1"},
        {"store: [a]\n", "CONFIG_TYPE", "line 1: store must be a text"},
        {"store:\n", "CONFIG_TYPE", "line 1: store must be a text"},
        {"host:\n  threads: many\n", "CONFIG_TYPE", "line 2: host.threads must be a whole number"},
        {"host:\n  threads: '4'\n", "CONFIG_TYPE", "host.threads"},
        {"host: {threads: 257}\n", "CONFIG_TYPE", "from 0 to 256"},
        {"host: {threads: -1}\n", "CONFIG_TYPE", "from 0 to 256"},
        {"host: {queue_limit: 99999999999999999999}\n", "CONFIG_TYPE", "host.queue_limit"},
        {"host: 3\n", "CONFIG_TYPE", "host is a section"},
        {"log: {level: loud}\n", "CONFIG_TYPE", "debug info warning error none"},
        {"log: {level: 'info warning'}\n", "CONFIG_TYPE", "log.level"},
        {"log: {level: ''}\n", "CONFIG_TYPE", "log.level"},
        {"agents: a.so\n", "CONFIG_TYPE", "agents must be a list"},
        {"agents:\n  - a.so\n", "CONFIG_TYPE", "line 2: an agent is written as"},
        {"agents:\n  - isolation: thread\n", "CONFIG_TYPE", "line 2: this agent has no path"},
        {"agents:\n  - path: a.so\n    isolation: process\n", "CONFIG_ISOLATION",
         "line 3: isolation: process is not available"},
        {"agents:\n  - path: a.so\n    configuration: [1]\n", "CONFIG_TYPE", "configuration"},
        {"agents:\n  - path: a.so\n    paht: b\n", "CONFIG_UNKNOWN_KEY", "did you mean path?"},
        {"a: &x {b: 1}\nc: *x\n", "CONFIG_ALIAS", "line 1: anchors"},
        {"store: *x\n", "CONFIG_ALIAS", "line 1: anchors"},
        {"store: !!str x\n", "CONFIG_TAG", "line 1: tags"},
        {"store: [[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]\n", "CONFIG_TOO_DEEP", "line 1"},
        {"store: a\n---\nstore: b\n", "CONFIG_DOCUMENTS", "line 2: a second document"},
        {"store: \"a\n", "CONFIG_SYNTAX", "this is not YAML"},
        {"store: a\n  b: c\n", "CONFIG_SYNTAX", "line 2"},
        {"store: \xff\xfe\n", "CONFIG_SYNTAX", "line 1"},
        {"store: \"a\\0b\"\n", "CONFIG_TEXT", "line 1: the text holds a NUL"},
        {"? [a]\n: b\n", "CONFIG_KEY", "line 1"},
        {"- store\n", "CONFIG_TYPE", "line 1: a configuration is written as"},
        {"just words\n", "CONFIG_TYPE", "line 1: a configuration is written as"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct config config;
        struct failure failure;
        bool ok = CHECK_INT(read_text(&config, cases[i].text, &failure), PROS_INVALID_ARGUMENT);
        ok &= CHECK_STR(failure.reason, cases[i].reason);
        ok &= CHECK(strstr(failure.sentence, cases[i].sentence_part) != NULL);
        if (!ok)
            fprintf(stderr, "    case %zu: %s    said: %s\n", i, cases[i].text, failure.sentence);
        config_close(&config);
    }
}

static void test_bounds(void)
{
    struct config config;
    struct failure failure = {0};
    size_t size = CONFIG_MAX_BYTES + 1;
    char *text = malloc(size);
    memset(text, '#', size);
    config_open(&config);
    CHECK_INT(config_read(&config, text, size, "big", &failure), PROS_INVALID_ARGUMENT);
    CHECK_STR(failure.reason, "CONFIG_TOO_LARGE");
    CHECK_INT(config_read(&config, text, size - 1, "big", &failure), PROS_OK);
    /* Many values. */
    size_t length = 0;
    length += (size_t)snprintf(text, size, "store: [");
    while (length + 3 < size)
        length += (size_t)snprintf(text + length, size - length, "1,");
    CHECK_INT(config_read(&config, text, length, "big", &failure), PROS_INVALID_ARGUMENT);
    CHECK_STR(failure.reason, "CONFIG_TOO_DEEP");
    free(text);
    config_close(&config);
}

static char *print(const struct config *config)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    config_print(config, out);
    fclose(out);
    return text;
}

/* Every comment and key that --print-config writes stands in the example, which so cannot fall
 * behind; store has no fixed default and agents depend on the place. */
static void test_example(void)
{
    struct config config;
    struct failure failure = {0};
    config_open(&config);
    if (!CHECK_INT(config_load(&config, PROMOTEROS_EXAMPLE_CONFIG, &failure), PROS_OK))
        fprintf(stderr, "    %s\n", failure.sentence);
    char *printed = print(&config), example[16384];
    FILE *file = fopen(PROMOTEROS_EXAMPLE_CONFIG, "r");
    size_t size = file ? fread(example, 1, sizeof example - 1, file) : 0;
    example[size] = '\0';
    if (file)
        fclose(file);
    for (char *line = printed, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = '\0';
        if (!CHECK(strstr(example, line) != NULL))
            fprintf(stderr, "    the example lacks: %s\n", line);
    }
    free(printed);
    config_close(&config);
}

static void test_print_reads_again(void)
{
    struct config config, again;
    struct failure failure;
    CHECK_INT(read_text(&config,
                        "store: \"a\\tb\\\"c\\\\d\"\nagents: [{path: 'x y.so', configuration: {a: "
                        "{b: \"q\\\"\"}}}]\nhost: {threads: 7}\n",
                        &failure),
              PROS_OK);
    char *first = print(&config);
    if (!CHECK_INT(read_text(&again, first, &failure), PROS_OK))
        fprintf(stderr, "    %s\n%s", failure.sentence, first);
    char *second = print(&again);
    CHECK_STR(second, first);
    CHECK_STR(again.store, "a\tb\"c\\d");
    free(first);
    free(second);
    config_close(&again);
    config_close(&config);
}

static void test_folders(void)
{
    char folder[] = "/tmp/promoteros-config-XXXXXX", path[128];
    struct failure failure = {0};
    struct config config;
    config_open(&config);
    if (!CHECK(mkdtemp(folder) != NULL))
        return;
    static const char *const names[] = {"b.so", "a.so", "README.md", ".hidden.so"};
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        FILE *file = fopen(path, "w");
        if (file)
            fclose(file);
    }
    CHECK_INT(config_list_agents(&config, folder, &failure), PROS_OK);
    if (CHECK_INT(config.agent_count, 2)) {
        CHECK(strstr(config.agents[0].path, "/a.so") != NULL);
        CHECK_STR(config.agents[1].configuration, "{}");
    }
    CHECK_INT(config_list_agents(&config, "/nowhere/at/all", &failure), PROS_NOT_FOUND);
    snprintf(path, sizeof path, "sqlite:%s/x/y/p.db", folder);
    config.store = path;
    CHECK_INT(config_make_store_folder(&config, &failure), PROS_OK);
    char made[128];
    struct stat facts;
    snprintf(made, sizeof made, "%s/x/y", folder);
    CHECK(stat(made, &facts) == 0 && S_ISDIR(facts.st_mode));
    rmdir(made);
    snprintf(made, sizeof made, "%s/x", folder);
    rmdir(made);
    for (size_t i = 0; i < 4; i++) {
        snprintf(made, sizeof made, "%s/%s", folder, names[i]);
        unlink(made);
    }
    rmdir(folder);
    CHECK_INT(config_load(&config, "/nowhere/promoterosd.yaml", &failure), PROS_NOT_FOUND);
    CHECK_INT(config_load(&config, "/", &failure), PROS_NOT_FOUND);
    config_close(&config);
}

static void test_arguments(void)
{
    struct arguments arguments;
    struct failure failure;
    const char *good[] = {"promoterosd", "--config", "a.yaml", "--listen=127.0.0.1:0",
                          "--print-config"};
    CHECK_INT(arguments_read(&arguments, 5, good, &failure), PROS_OK);
    CHECK_STR(arguments.config_path, "a.yaml");
    CHECK_STR(arguments.listen, "127.0.0.1:0");
    CHECK(arguments.print_config && !arguments.help && !arguments.store);
    static const struct {
        const char *word, *sentence_part;
    } cases[] = {{"--confg", "did you mean --config?"},
                 {"--store", "--store needs a value"},
                 {"--store=", "--store needs a value"},
                 {"--help=yes", "--help takes no value"},
                 {"serve", "promoterosd does not know serve"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char word[32];
        snprintf(word, sizeof word, "%s", cases[i].word);
        const char *bad[] = {"promoterosd", word};
        CHECK_INT(arguments_read(&arguments, 2, bad, &failure), PROS_INVALID_ARGUMENT);
        CHECK(strstr(failure.sentence, cases[i].sentence_part) != NULL);
    }
}

CHECK_MAIN(test_defaults, test_every_key, test_refusals, test_bounds, test_example,
           test_print_reads_again, test_folders, test_arguments)
