/* Commands that need no daemon. */
#include "cli/runs.h"

int run_completion(struct cli *cli, const struct args *args)
{
    if (help_completion(cli->out, args->positionals[0]))
        return CLI_OK;
    return cli_usage(cli, "There is completion for bash, zsh and fish, not for \"%s\".",
                     args->positionals[0]);
}

int run_man(struct cli *cli, const struct args *args)
{
    (void)args;
    help_man(cli->out);
    return CLI_OK;
}

int run_version(struct cli *cli, const struct args *args)
{
    (void)args;
    fprintf(cli->out, "promoterosctl %s\n", PROMOTEROS_VERSION);
    return CLI_OK;
}
