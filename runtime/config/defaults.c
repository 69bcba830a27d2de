#include "base/text.h"
#include "config/table.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *default_store(struct arena *arena)
{
    if (geteuid() == 0)
        return "sqlite:/var/lib/promoteros/promoteros.db";
    const char *state = getenv("XDG_STATE_HOME");
    if (state && state[0] == '/')
        return arena_format(arena, "sqlite:%s/promoteros/promoteros.db", state);
    const char *home = getenv("HOME");
    if (home && home[0] == '/')
        return arena_format(arena, "sqlite:%s/.local/state/promoteros/promoteros.db", home);
    return "sqlite:promoteros.db";
}

void config_open(struct config *config)
{
    *config = (struct config){0};
    arena_open(&config->memory, 0);
    for (size_t i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        void *at = (char *)config + key->offset;
        if (!key->default_text)
            continue;
        if (key->type == CONFIG_INTEGER)
            text_parse_int(key->default_text, at);
        else
            *(const char **)at = key->default_text;
    }
    config->store = default_store(&config->memory);
}

void config_close(struct config *config)
{
    arena_close(&config->memory);
    *config = (struct config){0};
}

const char *config_agents_folder(struct config *config)
{
    static const char *const places[] = {PROMOTEROS_AGENTS_FOLDER, "../lib/promoteros/agents",
                                         "../agents"};
    char binary[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", binary, sizeof binary - 1);
    if (size <= 0)
        return NULL;
    binary[size] = '\0';
    char *slash = strrchr(binary, '/');
    if (!slash)
        return NULL;
    *slash = '\0';
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        char resolved[PATH_MAX];
        struct stat facts;
        const char *folder = arena_format(&config->memory, "%s/%s", binary, places[i]);
        if (realpath(folder, resolved) && stat(resolved, &facts) == 0 && S_ISDIR(facts.st_mode))
            return arena_string(&config->memory, resolved);
    }
    return NULL;
}

static int is_module(const struct dirent *entry)
{
    size_t size = strlen(entry->d_name);
    return entry->d_name[0] != '.' && size > 3 && strcmp(entry->d_name + size - 3, ".so") == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

enum pros_status config_list_agents(struct config *config, const char *folder,
                                    struct failure *failure)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_module, by_name);
    if (count < 0)
        return failure_set(failure, PROS_NOT_FOUND, "AGENTS_FOLDER",
                           "The agents folder %s cannot be read (%s)", folder, strerror(errno));
    struct config_agent *agents =
        arena_alloc_array(&config->memory, (size_t)count + 1, sizeof *agents);
    for (int i = 0; i < count; i++) {
        agents[i] = (struct config_agent){
            .path = arena_format(&config->memory, "%s/%s", folder, entries[i]->d_name),
            .isolation = "thread",
            .configuration = "{}"};
        free(entries[i]);
    }
    free(entries);
    config->agents = agents;
    config->agent_count = (size_t)count;
    return PROS_OK;
}

enum pros_status config_make_store_folder(const struct config *config, struct failure *failure)
{
    static const char scheme[] = "sqlite:";
    if (strncmp(config->store, scheme, sizeof scheme - 1) != 0)
        return PROS_OK;
    char path[PATH_MAX];
    int size = snprintf(path, sizeof path, "%s", config->store + sizeof scheme - 1);
    if (size < 0 || (size_t)size >= sizeof path)
        return failure_set(failure, PROS_INVALID_ARGUMENT, "STORE_PATH",
                           "The path of the store is too long");
    for (char *at = strchr(path + 1, '/'); at; at = strchr(at + 1, '/')) {
        *at = '\0';
        if (mkdir(path, 0700) != 0 && errno != EEXIST)
            return failure_set(failure, PROS_UNAVAILABLE, "STORE_FOLDER",
                               "The folder %s for the store cannot be made (%s); choose another "
                               "place with --store sqlite:PATH",
                               path, strerror(errno));
        *at = '/';
    }
    return PROS_OK;
}
