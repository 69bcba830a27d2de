/* See cli_run.h. */
#include "unit/cli_run.h"

#include "cli/command.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { WORDS_MAX = 64 };

char out_text[1 << 18], err_text[1 << 16];

static void take_text(FILE *file, char *text, size_t size)
{
    rewind(file);
    text[fread(text, 1, size - 1, file)] = '\0';
    fclose(file);
}

int cli_run(const char *line)
{
    char copy[CLI_RUN_LINE_MAX], *words[WORDS_MAX] = {(char *)"promoterosctl"};
    int count = 1, code;
    FILE *out = tmpfile(), *err = tmpfile();
    struct cli cli;

    assert(out && err && strlen(line) < sizeof copy);
    snprintf(copy, sizeof copy, "%s", line);
    for (char *at = copy; *at;) {
        assert(count < WORDS_MAX);
        words[count++] = at;
        at += strcspn(at, " ");
        if (*at)
            *at++ = '\0';
    }
    cli_open(&cli, out, err);
    cli.address = "127.0.0.1:1";
    code = command_main(&cli, count, words);
    cli_close(&cli);
    take_text(out, out_text, sizeof out_text);
    take_text(err, err_text, sizeof err_text);
    return code;
}
