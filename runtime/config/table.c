#include "config/table.h"

#include <string.h>

#define AT(member)       offsetof(struct config, member)
#define AGENT_AT(member) offsetof(struct config_agent, member)

const struct config_key config_keys[] = {
    {"store", CONFIG_TEXT, AT(store), NULL, 1, 4096, NULL,
     "Where everything is kept, as sqlite:PATH. Default: /var/lib/promoteros/promoteros.db for "
     "root, else promoteros/promoteros.db in the user's state folder."},
    {"grpc.listen", CONFIG_TEXT, AT(grpc_listen), "127.0.0.1:50051", 1, 256, NULL,
     "Address of the gRPC door: HOST:PORT on loopback (port 0: any free one), or unix:PATH."},
    {"http.listen", CONFIG_TEXT, AT(http_listen), "127.0.0.1:8080", 1, 256, NULL,
     "Address of the web door: HOST:PORT on loopback (port 0: any free one), or off."},
    {"http.allowed_hosts", CONFIG_TEXT, AT(http_allowed_hosts), "", 0, 4096, NULL,
     "Names beside localhost by which the web door may be called, as a proxy passes them on in "
     "Host; separated by blanks."},
    {"http.allowed_origins", CONFIG_TEXT, AT(http_allowed_origins), "", 0, 4096, NULL,
     "Other origins (https://booking.example) whose pages may call the web door from a browser; "
     "separated by blanks."},
    {"agents", CONFIG_LIST, AT(agents), NULL, 0, 64, NULL,
     "The agents to load. Without this key: every module in the agents folder beside the daemon; "
     "an empty list [] loads none."},
    {"host.threads", CONFIG_INTEGER, AT(host_threads), "0", 0, 256, NULL,
     "Threads that run calls; 0 means twice the cores, at least 4."},
    {"host.queue_limit", CONFIG_INTEGER, AT(host_queue_limit), "1024", 1, 100000, NULL,
     "Calls that may wait for a thread; further ones are refused at once."},
    {"host.run_budget_mb", CONFIG_INTEGER, AT(host_run_budget_mb), "256", 16, 16384, NULL,
     "Memory that one run may use, in MiB; beyond it the run ends with RUN_BUDGET."},
    {"access.require_key", CONFIG_CHOICE, AT(access_require_key), "false", 0, 0, "false true",
     "Whether callers need an API key (true or false). A key that is sent is checked in any case. "
     "Make the first key before you turn this on: promoterosctl keys add NAME."},
    {"log.level", CONFIG_CHOICE, AT(log_level), "info", 0, 0, "debug info warning error none",
     "What is written to standard error: debug, info, warning, error or none."},
    {"shutdown.grace_ms", CONFIG_INTEGER, AT(shutdown_grace_ms), "5000", 0, 600000, NULL,
     "Milliseconds that running calls get to finish after SIGTERM; then they are cancelled."},
};
const size_t config_key_count = sizeof config_keys / sizeof *config_keys;

const struct config_key config_agent_keys[] = {
    {"path", CONFIG_TEXT, AGENT_AT(path), NULL, 1, 4096, NULL,
     "The module (.so); a relative path is relative to the folder that the daemon was started in."},
    {"isolation", CONFIG_CHOICE, AGENT_AT(isolation), "thread", 0, 0, "thread",
     "Where it runs: thread, in the daemon itself. (Worker processes are not available yet.)"},
    {"configuration", CONFIG_OBJECT, AGENT_AT(configuration), "{}", 0, 0, NULL,
     "Settings that are handed to the agent; its README names them."},
};
const size_t config_agent_key_count = sizeof config_agent_keys / sizeof *config_agent_keys;

bool config_is_choice(const char *choices, const char *word)
{
    size_t size = strlen(word);
    if (size == 0 || strchr(word, ' '))
        return false;
    for (const char *at = choices; (at = strstr(at, word)); at += size)
        if ((at == choices || at[-1] == ' ') && (at[size] == ' ' || !at[size]))
            return true;
    return false;
}
