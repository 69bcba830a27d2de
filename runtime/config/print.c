#include "config/table.h"
#include "config/tree.h"

#include <string.h>

#define WIDTH 96

/* The text in lines of at most WIDTH columns, each after the prefix. */
static void print_wrapped(FILE *out, const char *prefix, const char *text)
{
    size_t room = WIDTH - strlen(prefix);
    while (*text) {
        size_t size = strlen(text);
        if (size > room) {
            size = room;
            while (size > 1 && text[size] != ' ')
                size--;
        }
        fprintf(out, "%s%.*s\n", prefix, (int)size, text);
        text += size;
        while (*text == ' ')
            text++;
    }
}

static void print_quoted(FILE *out, const char *text)
{
    struct buffer quoted;
    buffer_open(&quoted, 8 * CONFIG_MAX_BYTES);
    tree_write_quoted(text, &quoted);
    fprintf(out, "%s\n", quoted.data);
    buffer_close(&quoted);
}

static void print_agents(const struct config *config, FILE *out)
{
    for (size_t i = 0; i < config_agent_key_count; i++) {
        fprintf(out, "#   %s:\n", config_agent_keys[i].name);
        print_wrapped(out, "#     ", config_agent_keys[i].help);
    }
    if (config->agent_count == 0) {
        fputs(config->agents_given ? "agents: []\n" : "# agents: []\n", out);
        return;
    }
    fputs("agents:\n", out);
    for (size_t i = 0; i < config->agent_count; i++) {
        const struct config_agent *agent = &config->agents[i];
        fputs("  - path: ", out);
        print_quoted(out, agent->path);
        fprintf(out, "    isolation: %s\n", agent->isolation);
        /* JSON is YAML. */
        fprintf(out, "    configuration: %s\n", agent->configuration);
    }
}

static void print_value(const struct config *config, const struct config_key *key, FILE *out)
{
    const char *dot = strchr(key->name, '.');
    const char *indent = dot ? "  " : "";
    const char *name = dot ? dot + 1 : key->name;
    const void *at = (const char *)config + key->offset;
    if (key->type == CONFIG_LIST) {
        print_agents(config, out);
        return;
    }
    fprintf(out, "%s%s: ", indent, name);
    if (key->type == CONFIG_INTEGER)
        fprintf(out, "%lld\n", (long long)*(const int64_t *)at);
    else if (key->type == CONFIG_CHOICE)
        fprintf(out, "%s\n", *(const char *const *)at);
    else
        print_quoted(out, *(const char *const *)at);
}

void config_print(const struct config *config, FILE *out)
{
    const char *section = "";
    size_t section_size = 0;
    for (size_t i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        const char *dot = strchr(key->name, '.');
        size_t size = dot ? (size_t)(dot - key->name) : 0;
        if (i > 0)
            fputc('\n', out);
        if (size && (size != section_size || strncmp(section, key->name, size) != 0))
            fprintf(out, "%.*s:\n", (int)size, key->name);
        section = key->name;
        section_size = size;
        print_wrapped(out, size ? "  # " : "# ", key->help);
        print_value(config, key, out);
    }
}

static void print_keys(FILE *out, const struct config_key *keys, size_t count, const char *prefix)
{
    for (size_t i = 0; i < count; i++) {
        const struct config_key *key = &keys[i];
        fprintf(out, "  %s%s", prefix, key->name);
        if (key->default_text)
            fprintf(out, " (default %s)", key->default_text);
        fputc('\n', out);
        print_wrapped(out, "      ", key->help);
        if (key->type == CONFIG_INTEGER)
            fprintf(out, "      From %lld to %lld.\n", (long long)key->min, (long long)key->max);
    }
}

void config_print_keys(FILE *out)
{
    print_keys(out, config_keys, config_key_count, "");
    print_keys(out, config_agent_keys, config_agent_key_count, "agents[].");
}
