/* What several commands have in common. */
#include "cli/runs.h"

#include "cli/clean.h"
#include "cli/display.h"
#include "cli/names.h"

#include <string.h>

bool runs_ended(struct cli *cli, int *code)
{
    if (*code == CLI_OK && !cli->json)
        return false;
    if (*code == CLI_OK)
        *code = cli_print_json(cli);
    return true;
}

int runs_entity(struct cli *cli, const char *text, Promoteros__V1__EntityRef *entity)
{
    static const struct {
        const char *prefix;
        Promoteros__V1__EntityKind kind;
    } kinds[] = {{"tr_", PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_TRACK},
                 {"ve_", PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_VENUE},
                 {"sh_", PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_SHOW}};
    const char *id = NULL;
    int code;

    promoteros__v1__entity_ref__init(entity);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strncmp(text, kinds[i].prefix, 3) == 0 && !strchr(text, ' ')) {
            entity->kind = kinds[i].kind;
            entity->id = (char *)text;
            return CLI_OK;
        }
    }
    code = names_artist(cli, text, &id);
    entity->kind = PROMOTEROS__V1__ENTITY_KIND__ENTITY_KIND_ARTIST;
    entity->id = (char *)id;
    return code;
}

bool runs_limit(struct cli *cli, const struct args *args, int32_t *page_size)
{
    int64_t count = *page_size;

    if (!args_count(cli, args, "limit", &count))
        return false;
    if (count < 1 || count > 1000) {
        cli_usage(cli, "--limit must be in 1 to 1000.");
        return false;
    }
    *page_size = (int32_t)count;
    return true;
}

bool runs_external_ids(struct cli *cli, const struct args *args, Promoteros__V1__ExternalId ***ids,
                       size_t *count)
{
    size_t position = 0;
    const char *text;
    char why[CLEAN_WHY_SIZE];

    *ids = arena_alloc_array(&cli->arena, ARGS_OPTIONS_MAX, sizeof **ids);
    *count = 0;
    while ((text = args_next(args, "id", &position))) {
        const char *equals = strchr(text, '=');
        Promoteros__V1__ExternalId *id = arena_alloc(&cli->arena, sizeof *id);
        promoteros__v1__external_id__init(id);
        if (!equals || !equals[1]) {
            cli_usage(cli,
                      "--id \"%s\" is not SCHEME=VALUE, such as spotify=4Z8W4fKeB5YxbusRsdQVPb.",
                      text);
            return false;
        }
        id->scheme = cli_format(cli, "%.*s", (int)(equals - text), text);
        id->value = (char *)equals + 1;
        if (!clean_kebab("scheme", id->scheme, why)) {
            cli_usage(cli, "--id: %s.", why);
            return false;
        }
        (*ids)[(*count)++] = id;
    }
    return true;
}

char **runs_list(struct cli *cli, const struct args *args, const char *name, size_t *count)
{
    char **list = arena_alloc_array(&cli->arena, 1000, sizeof *list);
    size_t position = 0;
    const char *text;

    *count = 0;
    while ((text = args_next(args, name, &position))) {
        while (*text && *count < 1000) {
            size_t size = strcspn(text, ",");
            if (size > 0)
                list[(*count)++] = cli_format(cli, "%.*s", (int)size, text);
            text += size + (text[size] == ',');
        }
    }
    return list;
}

void runs_trace_hint(struct cli *cli, const char *trace_id)
{
    if (*trace_id)
        fprintf(cli->out, "\n%s\n",
                display_styled(cli, DISPLAY_DIM,
                               cli_format(cli, "The reasoning: promoterosctl trace %s", trace_id)));
}

void runs_limits(struct cli *cli, char *const *limits, size_t count)
{
    if (count == 0)
        return;
    display_heading(cli, "What this does not know");
    for (size_t i = 0; i < count; i++)
        display_paragraph(cli, 2, limits[i]);
}

void runs_more(struct cli *cli, const char *next_page_token)
{
    if (*next_page_token)
        fprintf(
            cli->out, "%s\n",
            display_styled(cli, DISPLAY_DIM,
                           "There are more: narrow the search, or raise --limit (at most 1000)."));
}
