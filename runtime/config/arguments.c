#include "base/text.h"
#include "config/config.h"

#include <string.h>

struct option {
    const char *name;
    const char *value; /* what stands behind it; NULL: nothing */
    size_t offset;
    const char *help;
};

#define AT(member) offsetof(struct arguments, member)

static const struct option options[] = {
    {"--config", "FILE", AT(config_path), "Read the configuration from FILE."},
    {"--store", "ADDRESS", AT(store), "Keep everything at ADDRESS (sqlite:PATH)."},
    {"--listen", "ADDRESS", AT(listen), "Serve gRPC on ADDRESS (127.0.0.1:50051, unix:PATH)."},
    {"--http", "ADDRESS", AT(http), "Serve HTTP on ADDRESS (127.0.0.1:8080), or off."},
    {"--ready-file", "PATH", AT(ready_path), "Write the bound addresses to PATH once serving."},
    {"--print-config", NULL, AT(print_config), "Print the effective configuration and end."},
    {"--version", NULL, AT(version), "Print the version and end."},
    {"--help", NULL, AT(help), "Print this and end."},
};
#define OPTION_COUNT (sizeof options / sizeof *options)

static enum pros_status refuse_unknown(const char *word, size_t size, struct failure *failure)
{
    char name[64];
    const struct option *nearest = &options[OPTION_COUNT - 1];
    snprintf(name, sizeof name, "%.*s", (int)(size < sizeof name ? size : sizeof name - 1), word);
    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (text_distance(name, options[i].name) < text_distance(name, nearest->name))
            nearest = &options[i];
    return failure_set(failure, PROS_INVALID_ARGUMENT, "USAGE",
                       "promoterosd does not know %s; did you mean %s?", name, nearest->name);
}

enum pros_status arguments_read(struct arguments *arguments, int argc, const char *const *argv,
                                struct failure *failure)
{
    *arguments = (struct arguments){0};
    for (int i = 1; i < argc; i++) {
        const char *equals = strchr(argv[i], '=');
        size_t size = equals ? (size_t)(equals - argv[i]) : strlen(argv[i]);
        const struct option *option = NULL;
        for (size_t k = 0; k < OPTION_COUNT; k++)
            if (strlen(options[k].name) == size && strncmp(options[k].name, argv[i], size) == 0)
                option = &options[k];
        if (!option)
            return refuse_unknown(argv[i], size, failure);
        void *at = (char *)arguments + option->offset;
        if (!option->value && equals)
            return failure_set(failure, PROS_INVALID_ARGUMENT, "USAGE", "%s takes no value",
                               option->name);
        if (!option->value) {
            *(bool *)at = true;
            continue;
        }
        const char *value = equals ? equals + 1 : i + 1 < argc ? argv[++i] : "";
        if (!*value)
            return failure_set(failure, PROS_INVALID_ARGUMENT, "USAGE",
                               "%s needs a value: promoterosd %s %s", option->name, option->name,
                               option->value);
        *(const char **)at = value;
    }
    return PROS_OK;
}

void arguments_print(FILE *out)
{
    fputs("promoterosd: the PromoterOS agent host\n\n"
          "usage: promoterosd [options]\n\n",
          out);
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        char left[40];
        snprintf(left, sizeof left, "%s %s", options[i].name,
                 options[i].value ? options[i].value : "");
        fprintf(out, "  %-20s  %s\n", left, options[i].help);
    }
    fputs("\nOptions win over the configuration file. The keys of the file (YAML):\n\n", out);
}
