#include "cli/command.h"

#include "base/text.h"
#include "cli/clean.h"

#include <string.h>

const char *args_value(const struct args *args, const char *name)
{
    for (size_t i = args->option_count; i > 0; i--)
        if (strcmp(args->options[i - 1].name, name) == 0)
            return args->options[i - 1].value;
    return NULL;
}

bool args_has(const struct args *args, const char *name)
{
    return args_value(args, name) != NULL;
}

const char *args_next(const struct args *args, const char *name, size_t *position)
{
    while (*position < args->option_count) {
        size_t at = (*position)++;
        if (strcmp(args->options[at].name, name) == 0)
            return args->options[at].value;
    }
    return NULL;
}

bool args_count(struct cli *cli, const struct args *args, const char *name, int64_t *count)
{
    const char *text = args_value(args, name);
    char why[CLEAN_WHY_SIZE];

    if (text && !clean_count(text, ',', count, why)) {
        cli_usage(cli, "--%s: %s.", name, why);
        return false;
    }
    return true;
}

static const struct option *find_option(const struct option *options, const char *name, size_t size)
{
    for (; options && options->name; options++)
        if (strlen(options->name) == size && strncmp(options->name, name, size) == 0)
            return options;
    return NULL;
}

static const char *nearest_option(const struct command *command, const char *name)
{
    const char *nearest = NULL;
    size_t best = 4;

    for (int pass = 0; pass < 2; pass++) {
        const struct option *option = pass ? global_options : command ? command->options : NULL;
        for (; option && option->name; option++) {
            size_t distance = text_distance(option->name, name);
            if (distance < best) {
                best = distance;
                nearest = option->name;
            }
        }
    }
    return nearest;
}

static int apply_global(struct cli *cli, const struct option *option, const char *value)
{
    char why[CLEAN_WHY_SIZE];
    int64_t seconds;

    if (strcmp(option->name, "address") == 0) {
        cli->address = value;
    } else if (strcmp(option->name, "key") == 0) {
        cli->key = value;
    } else if (strcmp(option->name, "json") == 0) {
        cli->json = true;
    } else if (strcmp(option->name, "no-color") == 0) {
        cli->colour = false;
    } else if (strcmp(option->name, "timeout") == 0) {
        if (!clean_duration(value, &seconds, why) || seconds == 0)
            return cli_usage(cli, "--timeout \"%s\" is no time limit; write 30s or 2m.", value);
        cli->timeout_ms = seconds * 1000;
    } else if (strcmp(option->name, "as-of") == 0) {
        if (!clean_instant(value, &cli->as_of_ms, why))
            return cli_usage(cli, "--as-of: %s.", why);
        cli->has_as_of = true;
    }
    return CLI_OK;
}

/* What one pass over the words has found out. */
struct parse {
    struct cli *cli;
    const struct command *command; /* NULL while it is not known */
    struct args args;
    char **raw; /* words for a command that reads its own */
    int raw_count;
    bool help, version;
};

/* An option at argv[*at]: a global one, one of the command's, or an error. */
static int parse_option(struct parse *parse, int argc, char **argv, int *at)
{
    const char *name = argv[*at] + 2, *equals = strchr(name, '=');
    size_t size = equals ? (size_t)(equals - name) : strlen(name);
    const struct option *global = find_option(global_options, name, size);
    const struct option *own =
        parse->command ? find_option(parse->command->options, name, size) : NULL;
    const struct option *option = own ? own : global;
    const char *value = equals ? equals + 1 : "";
    const char *nearest;

    if (!option && parse->command && parse->command->run_raw) {
        parse->raw[parse->raw_count++] = argv[*at];
        return CLI_OK;
    }
    if (!option) {
        nearest = nearest_option(parse->command, name);
        return cli_usage(
            parse->cli, "There is no option \"%s\"%s%s%s. See promoterosctl %s%s--help.", argv[*at],
            nearest ? "; did you mean --" : "", nearest ? nearest : "", nearest ? "?" : "",
            parse->command ? parse->command->name : "", parse->command ? " " : "");
    }
    if (!option->argument && equals)
        return cli_usage(parse->cli, "--%s takes no value.", option->name);
    if (option->argument && !equals) {
        if (*at + 1 >= argc)
            return cli_usage(parse->cli, "--%s needs a value: --%s %s.", option->name, option->name,
                             option->argument);
        value = argv[++*at];
    }
    if (strcmp(option->name, "help") == 0)
        parse->help = true;
    else if (strcmp(option->name, "version") == 0)
        parse->version = true;
    else if (option == global)
        return apply_global(parse->cli, option, value);
    else if (parse->args.option_count == ARGS_OPTIONS_MAX)
        return cli_usage(parse->cli, "There are more than %d options.", ARGS_OPTIONS_MAX);
    else {
        parse->args.options[parse->args.option_count].name = option->name;
        parse->args.options[parse->args.option_count++].value = value;
    }
    return CLI_OK;
}

const struct command *command_find(int argc, char **argv, int *used)
{
    const struct command *best = NULL;
    size_t best_size = 0;

    for (size_t i = 0; i < command_count; i++) {
        const char *rest = commands[i].name;
        int word = 0;
        while (*rest && word < argc) {
            size_t size = strcspn(rest, " ");
            if (strlen(argv[word]) != size || strncmp(rest, argv[word], size) != 0)
                break;
            rest += size + (rest[size] == ' ');
            word++;
        }
        if (*rest == '\0' && strlen(commands[i].name) > best_size) {
            best = &commands[i];
            best_size = strlen(commands[i].name);
            *used = word;
        }
    }
    return best;
}

static int unknown_command(struct cli *cli, const char *word)
{
    const char *nearest = NULL;
    size_t best = 4;

    for (size_t i = 0; i < command_count; i++) {
        size_t size = strlen(word);
        size_t distance = text_distance(commands[i].name, word);
        if (distance < best) {
            best = distance;
            nearest = commands[i].name;
        }
        if (strncmp(commands[i].name, word, size) == 0 && commands[i].name[size] == ' ')
            return cli_usage(cli, "\"%s\" needs to know what: try promoterosctl %s --help.", word,
                             commands[i].name);
    }
    return cli_usage(cli, "There is no command \"%s\"%s%s%s. See promoterosctl --help.", word,
                     nearest ? "; did you mean \"" : "", nearest ? nearest : "",
                     nearest ? "\"?" : "");
}

static int parse_words(struct parse *parse, int argc, char **argv)
{
    bool options = true;

    for (int at = 1; at < argc; at++) {
        const char *word = argv[at];
        int code = CLI_OK, used = 0;
        if (options && strcmp(word, "--") == 0)
            options = false;
        else if (options &&
                 (strcmp(word, "-h") == 0 || (!parse->command && strcmp(word, "help") == 0)))
            parse->help = true;
        else if (options && strncmp(word, "--", 2) == 0)
            code = parse_option(parse, argc, argv, &at);
        else if (!parse->command) {
            parse->command = command_find(argc - at, argv + at, &used);
            if (!parse->command)
                return unknown_command(parse->cli, word);
            at += used - 1;
        } else if (parse->command->run_raw)
            parse->raw[parse->raw_count++] = argv[at];
        else if (options && word[0] == '-' && word[1] && !(word[1] >= '0' && word[1] <= '9'))
            code = cli_usage(parse->cli, "There is no option \"%s\". See promoterosctl %s --help.",
                             word, parse->command->name);
        else if (parse->args.count == ARGS_POSITIONALS_MAX)
            code = cli_usage(parse->cli, "There are too many arguments.");
        else
            parse->args.positionals[parse->args.count++] = word;
        if (code != CLI_OK)
            return code;
    }
    return CLI_OK;
}

static int run(struct parse *parse)
{
    const struct command *command = parse->command;
    struct cli *cli = parse->cli;

    if (command->run_raw)
        return command->run_raw(cli, parse->raw_count, parse->raw);
    if (parse->args.count < command->least || parse->args.count > command->most)
        return cli_usage(cli, "Use: promoterosctl %s %s\n  See promoterosctl %s --help.",
                         command->name, command->arguments, command->name);
    parse->args.command = command;
    return command->run(cli, &parse->args);
}

int command_main(struct cli *cli, int argc, char **argv)
{
    struct parse parse = {.cli = cli};
    int code;

    parse.raw = arena_alloc_array(&cli->arena, (size_t)argc + 1, sizeof *parse.raw);
    code = parse_words(&parse, argc, argv);
    if (code != CLI_OK)
        return code;
    if (parse.version) {
        fprintf(cli->out, "promoterosctl %s\n", PROMOTEROS_VERSION);
        return CLI_OK;
    }
    if (parse.help && parse.command) {
        help_command(cli, parse.command);
        return CLI_OK;
    }
    if (parse.help || !parse.command) {
        help_overview(cli);
        return parse.help ? CLI_OK : CLI_USAGE;
    }
    code = run(&parse);
    if (fflush(cli->out) != 0 || ferror(cli->out))
        return code == CLI_OK ? CLI_FAILED : code;
    return code;
}
