/* Help, manual page and shell completion: three views of the table of commands. */
#include "cli/command.h"
#include "cli/display.h"

#include <string.h>

/* Calls on_line for each line of text. */
#define EACH_LINE(text, line, size)                                                                \
    for (const char *line = (text); line && *line && ((size = strcspn(line, "\n")) || 1);          \
         line += size + (line[size] == '\n'))

static const char *const exit_codes[][2] = {
    {"0", "done"},
    {"1", "failed; the sentence on standard error says why"},
    {"2", "wrong use, or a name that could mean several things"},
    {"3", "not found"},
    {"4", "the daemon does not answer"},
};
static const char *const environment[][2] = {
    {"PROMOTEROS_ADDRESS", "where the daemon is; --address goes before it"},
    {"PROMOTEROS_KEY", "API key; --key goes before it"},
    {"NO_COLOR", "when set, no colour"},
};

static void print_pair(struct cli *cli, const char *left, const char *right, int width)
{
    fprintf(cli->out, "  %s%*s  %s\n", display_styled(cli, DISPLAY_BOLD, left),
            display_width(left) < width ? width - display_width(left) : 0, "", right);
}

static char *option_text(struct cli *cli, const struct option *option)
{
    return cli_format(cli, "--%s%s%s", option->name, option->argument ? " " : "",
                      option->argument ? option->argument : "");
}

static void print_options(struct cli *cli, const struct option *options)
{
    int width = 0;

    for (const struct option *option = options; option->name; option++) {
        int size = display_width(option_text(cli, option));
        width = size > width ? size : width;
    }
    for (const struct option *option = options; option->name; option++)
        print_pair(cli, option_text(cli, option), option->help, width);
}

void help_overview(struct cli *cli)
{
    int width = 0;

    fprintf(cli->out, "promoterosctl talks to promoterosd: artists before they break, what they "
                      "would draw, what to offer.\n\nUse: promoterosctl [options] COMMAND ...\n");
    display_heading(cli, "Commands");
    for (size_t i = 0; i < command_count; i++) {
        int size = display_width(commands[i].name);
        width = size > width ? size : width;
    }
    for (size_t i = 0; i < command_count; i++)
        print_pair(cli, commands[i].name, commands[i].help, width);
    display_heading(cli, "Options of every command");
    print_options(cli, global_options);
    fprintf(cli->out, "\nA command's own help: promoterosctl COMMAND --help. The manual: "
                      "promoterosctl man | man -l -\n");
}

void help_command(struct cli *cli, const struct command *command)
{
    size_t size;

    fprintf(cli->out, "Use: promoterosctl %s%s%s%s\n\n%s\n", command->name,
            *command->arguments ? " " : "", command->arguments,
            command->options ? " [options]" : "", command->help);
    EACH_LINE(command->detail, line, size)
    {
        if (size == 0)
            fputc('\n', cli->out);
        else if (*line == ' ')
            fprintf(cli->out, "%.*s\n", (int)size, line);
        else
            display_paragraph(cli, 0, cli_format(cli, "%.*s", (int)size, line));
    }
    if (command->options) {
        display_heading(cli, "Options");
        print_options(cli, command->options);
    }
    display_heading(cli, "Options of every command");
    print_options(cli, global_options);
    display_heading(cli, "Examples");
    EACH_LINE(command->examples, line, size)
    fprintf(cli->out, "  promoterosctl %.*s\n", (int)size, line);
}

/* ---- the manual page ---- */

/* Text for roff: no line starts with a control character, backslashes and hyphens are literal. */
static void roff(FILE *out, const char *text, size_t size)
{
    if (size > 0 && (*text == '.' || *text == '\''))
        fputs("\\&", out);
    for (size_t i = 0; i < size && text[i]; i++) {
        if (text[i] == '\\')
            fputs("\\e", out);
        else if (text[i] == '-')
            fputs("\\-", out);
        else
            fputc(text[i], out);
    }
}

static void roff_option(FILE *out, const struct option *option)
{
    fputs(".TP\n.B \\-\\-", out);
    roff(out, option->name, SIZE_MAX);
    if (option->argument) {
        fputc(' ', out);
        roff(out, option->argument, SIZE_MAX);
    }
    fputc('\n', out);
    roff(out, option->help, SIZE_MAX);
    fputc('\n', out);
}

static void roff_command(FILE *out, const struct command *command)
{
    size_t size;

    fputs(".SS ", out);
    roff(out, command->name, SIZE_MAX);
    fputc(' ', out);
    roff(out, command->arguments, SIZE_MAX);
    fputc('\n', out);
    roff(out, command->help, SIZE_MAX);
    fputc('\n', out);
    EACH_LINE(command->detail, line, size)
    {
        fputs(size && *line == ' ' ? ".br\n" : ".PP\n", out);
        roff(out, line, size);
        fputc('\n', out);
    }
    for (const struct option *option = command->options; option && option->name; option++)
        roff_option(out, option);
    fputs(".PP\nExamples:\n.RS 4\n.nf\n", out);
    EACH_LINE(command->examples, line, size)
    {
        fputs("promoterosctl ", out);
        roff(out, line, size);
        fputc('\n', out);
    }
    fputs(".fi\n.RE\n", out);
}

void help_man(FILE *out)
{
    fprintf(
        out,
        ".TH PROMOTEROSCTL 1 \"\" \"PromoterOS %s\" \"PromoterOS\"\n.SH NAME\n"
        "promoterosctl \\- talk to the PromoterOS daemon\n.SH SYNOPSIS\n"
        ".B promoterosctl\n[options] COMMAND ...\n.SH DESCRIPTION\n"
        "Every daily task of PromoterOS from a terminal, over gRPC: bring data in, find artists "
        "before they break, predict attendance, settle and compare deals, read the reasoning "
        "behind each answer, and keep score.\n.PP\nNames may stand where ids are asked for. "
        "Figures go to standard output, progress and errors to standard error.\n.SH OPTIONS\n",
        PROMOTEROS_VERSION);
    for (const struct option *option = global_options; option->name; option++)
        roff_option(out, option);
    fputs(".SH COMMANDS\n", out);
    for (size_t i = 0; i < command_count; i++)
        roff_command(out, &commands[i]);
    fputs(".SH EXIT STATUS\n", out);
    for (size_t i = 0; i < sizeof exit_codes / sizeof *exit_codes; i++)
        fprintf(out, ".TP\n.B %s\n%s\n", exit_codes[i][0], exit_codes[i][1]);
    fputs(".SH ENVIRONMENT\n", out);
    for (size_t i = 0; i < sizeof environment / sizeof *environment; i++) {
        fprintf(out, ".TP\n.B %s\n", environment[i][0]);
        roff(out, environment[i][1], SIZE_MAX);
        fputc('\n', out);
    }
}

/* ---- completion ---- */

static void print_words(FILE *out, const struct option *options)
{
    for (; options && options->name; options++)
        fprintf(out, " --%s", options->name);
}

/* The first words of all commands, each once. */
static void print_first_words(FILE *out)
{
    for (size_t i = 0; i < command_count; i++) {
        size_t size = strcspn(commands[i].name, " ");
        bool seen = false;
        for (size_t k = 0; k < i && !seen; k++)
            seen = strcspn(commands[k].name, " ") == size &&
                   strncmp(commands[k].name, commands[i].name, size) == 0;
        if (!seen)
            fprintf(out, " %.*s", (int)size, commands[i].name);
    }
}

/* First words that are no command of their own: what may follow them. */
static void print_groups(FILE *out)
{
    for (size_t i = 0; i < command_count; i++) {
        size_t size = strcspn(commands[i].name, " ");
        bool alone = commands[i].name[size] == '\0';
        for (size_t k = 0; k < command_count && !alone; k++)
            alone = strncmp(commands[k].name, commands[i].name, size) == 0 &&
                    (commands[k].name[size] == '\0' || (k < i && commands[k].name[size] == ' '));
        if (alone)
            continue;
        fprintf(out, "    '%.*s') words='", (int)size, commands[i].name);
        for (size_t k = i; k < command_count; k++)
            if (strncmp(commands[k].name, commands[i].name, size + 1) == 0)
                fprintf(out, " %s", commands[k].name + size + 1);
        fputs("' ;;\n", out);
    }
}

static void complete_bash(FILE *out)
{
    fputs("# promoterosctl completion bash > /etc/bash_completion.d/promoterosctl\n"
          "_promoterosctl() {\n    local cur=${COMP_WORDS[COMP_CWORD]} words= command= word\n"
          "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
          "        case $word in -*) ;; *) command+=\"${command:+ }$word\" ;; esac\n    done\n"
          "    case $command in\n",
          out);
    /* Longer names first, since the first pattern that fits is taken. */
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < command_count; i++) {
            if ((strchr(commands[i].name, ' ') != NULL) != (pass == 0))
                continue;
            fprintf(out, "    '%s'|'%s '*) words='", commands[i].name, commands[i].name);
            print_words(out, commands[i].options);
            for (size_t k = 0; k < command_count; k++) {
                size_t size = strlen(commands[i].name);
                if (strncmp(commands[k].name, commands[i].name, size) == 0 &&
                    commands[k].name[size] == ' ')
                    fprintf(out, " %s", commands[k].name + size + 1);
            }
            fputs("' ;;\n", out);
        }
    }
    print_groups(out);
    fputs("    '') words='", out);
    print_first_words(out);
    fputs("' ;;\n    esac\n    words+='", out);
    print_words(out, global_options);
    fputs("'\n    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
          "    case $command in import*|'deal settle'*|'deal evaluate'*|'deal optimize'*)\n"
          "        COMPREPLY+=($(compgen -f -- \"$cur\")) ;;\n    esac\n}\n"
          "complete -F _promoterosctl promoterosctl\n",
          out);
}

static void complete_zsh(FILE *out)
{
    fputs("#compdef promoterosctl\n# promoterosctl completion zsh > ~/.zfunc/_promoterosctl\n"
          "autoload -U +X bashcompinit && bashcompinit\n",
          out);
    complete_bash(out);
}

/* A text between single quotes of fish. */
static void fish_quote(FILE *out, const char *text)
{
    fputc('\'', out);
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            fputc('\\', out);
        fputc(*text, out);
    }
    fputc('\'', out);
}

static void fish_options(FILE *out, const struct option *options, const char *condition)
{
    for (; options && options->name; options++) {
        fprintf(out, "complete -c promoterosctl%s -l %s%s -d ", condition, options->name,
                options->argument ? " -r" : "");
        fish_quote(out, options->help);
        fputc('\n', out);
    }
}

static void complete_fish(FILE *out)
{
    char condition[256];

    fputs("# promoterosctl completion fish > ~/.config/fish/completions/promoterosctl.fish\n", out);
    fish_options(out, global_options, "");
    for (size_t i = 0; i < command_count; i++) {
        size_t first = strcspn(commands[i].name, " ");
        const char *second = commands[i].name[first] ? commands[i].name + first + 1 : NULL;
        if (second)
            fprintf(out,
                    "complete -c promoterosctl -n '__fish_seen_subcommand_from %.*s' -a '%s' -d ",
                    (int)first, commands[i].name, second);
        else
            fprintf(out, "complete -c promoterosctl -n __fish_use_subcommand -f -a '%s' -d ",
                    commands[i].name);
        fish_quote(out, commands[i].help);
        fputc('\n', out);
        snprintf(condition, sizeof condition, " -n '__fish_seen_subcommand_from %s'",
                 second ? second : commands[i].name);
        fish_options(out, commands[i].options, condition);
    }
}

bool help_completion(FILE *out, const char *shell)
{
    if (strcmp(shell, "bash") == 0)
        complete_bash(out);
    else if (strcmp(shell, "zsh") == 0)
        complete_zsh(out);
    else if (strcmp(shell, "fish") == 0)
        complete_fish(out);
    else
        return false;
    return true;
}
