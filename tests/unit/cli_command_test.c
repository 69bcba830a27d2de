/* The table of commands and what comes from it; files with deals. */
#include "cli/command.h"
#include "cli/deal_examples.h"
#include "cli/request_file.h"
#include "unit/check.h"
#include "unit/cli_run.h"

static void table(void)
{
    for (size_t i = 0; i < command_count; i++) {
        const struct command *command = &commands[i];
        char line[128];
        CHECK(command->help && *command->help && command->examples && *command->examples);
        CHECK((command->run != NULL) != (command->run_raw != NULL));
        snprintf(line, sizeof line, "%s --help", command->name);
        CHECK_INT(cli_run(line), CLI_OK);
        CHECK(strstr(out_text, command->help) && strstr(out_text, "Examples"));
        for (size_t k = 0; k < i; k++)
            CHECK(strcmp(commands[k].name, command->name) != 0);
    }
}

/* Every command and option appears in each generated text. */
static void generated(void)
{
    static const char *const lines[] = {"--help", "man", "completion bash", "completion zsh",
                                        "completion fish"};

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        CHECK_INT(cli_run(lines[i]), CLI_OK);
        for (size_t k = 0; k < command_count; k++) {
            const char *last = strrchr(commands[k].name, ' ');
            CHECK(strstr(out_text, last ? last + 1 : commands[k].name) != NULL);
        }
    }
    CHECK_INT(cli_run("man"), CLI_OK);
    CHECK(strncmp(out_text, ".TH PROMOTEROSCTL 1", 19) == 0);
    CHECK(strstr(out_text, "\\-\\-max\\-refused") != NULL);
    CHECK_INT(cli_run("completion tcsh"), CLI_USAGE);
}

static void usage(void)
{
    static const struct {
        const char *line;
        int code;
        const char *says;
    } cases[] = {
        {"", CLI_USAGE, ""},
        {"version", CLI_OK, ""},
        {"help", CLI_OK, ""},
        {"help deal settle", CLI_OK, ""},
        {"--version", CLI_OK, ""},
        {"statsu", CLI_USAGE, "did you mean \"status\""},
        {"import", CLI_USAGE, "needs to know what"},
        {"import signals", CLI_USAGE, "FILE"},
        {"artists a b", CLI_USAGE, "[QUERY]"},
        {"detect --topp 3", CLI_USAGE, "did you mean --top?"},
        {"detect --top", CLI_USAGE, "needs a value"},
        {"detect --top=x", CLI_USAGE, "not a whole number"},
        {"status --json=1", CLI_USAGE, "takes no value"},
        {"status --timeout soon", CLI_USAGE, "--timeout"},
        {"status --as-of 24-11-2026", CLI_USAGE, "wrong way round"},
        {"predict --date 2027-03-12", CLI_USAGE, "--venue"},
        {"predict --venue x", CLI_USAGE, "--date"},
        {"decide pr_1 maybe --reason x", CLI_USAGE, "no decision"},
        {"decide pr_1 booked", CLI_USAGE, "--reason"},
        {"outcome paid-tickets show/sh_1 many", CLI_USAGE, "not a number"},
        {"call NoService/Nothing", CLI_USAGE, "no method"},
        {"call AgentService/GetHostStatus {\"x\":1}", CLI_USAGE, "x"},
        {"deal settle /no/such/file.yaml", CLI_NOT_FOUND, "cannot be read"},
        {"import signals /no/such/file.csv", CLI_NOT_FOUND, "cannot be read"},
        {"shows sold sh_1 -4", CLI_USAGE, "negative"},
        {"-x", CLI_USAGE, "\"-x\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (!CHECK_INT(cli_run(cases[i].line), cases[i].code) ||
            !CHECK(strstr(err_text, cases[i].says) != NULL))
            fprintf(stderr, "    for \"%s\": %s", cases[i].line, err_text);
    }
}

static void find(void)
{
    char deal[] = "deal", settle[] = "settle", other[] = "x", *words[] = {deal, settle, other};
    int used = 0;

    CHECK_STR(command_find(3, words, &used)->name, "deal settle");
    CHECK_INT(used, 2);
    CHECK(!command_find(1, words, &used));
}

static void deal_files(void)
{
    static const char *const cases[][2] = {{"settle", "promoteros.v1.SettleDealRequest"},
                                           {"evaluate", "promoteros.v1.EvaluateDealRequest"},
                                           {"optimize", "promoteros.v1.OptimizeDealRequest"}};
    struct failure failure = {0};
    struct buffer wire;
    struct cli cli;

    cli_open(&cli, stdout, stderr);
    for (size_t i = 0; i < 3; i++) {
        const char *text = deal_example(cases[i][0]);
        buffer_open(&wire, 1u << 20);
        if (!CHECK_INT(request_text_read(&cli, text, strlen(text), "example", cases[i][1], &wire,
                                         &failure),
                       PROS_OK))
            fprintf(stderr, "    %s: %s\n", cases[i][0], failure.sentence);
        CHECK(wire.size > 100);
        buffer_close(&wire);
    }
    for (size_t i = 0; i < 3; i++) {
        static const char *const bad[] = {"terms: {nonsense: 1}", "- 1", "terms: {sharePpm: much}"};
        buffer_open(&wire, 1u << 20);
        CHECK(request_text_read(&cli, bad[i], strlen(bad[i]), "f.yaml", cases[0][1], &wire,
                                &failure) != PROS_OK);
        CHECK(strstr(failure.sentence, "f.yaml") != NULL);
        buffer_close(&wire);
    }
    cli_close(&cli);
}

CHECK_MAIN(table, generated, usage, find, deal_files)
