/* promoterosctl. */
#include "cli/command.h"

int main(int argc, char **argv)
{
    struct cli cli;
    int code;

    cli_open(&cli, stdout, stderr);
    code = command_main(&cli, argc, argv);
    cli_close(&cli);
    return code;
}
