/* API keys. */
#include "cli/runs.h"

#include "base/clock.h"
#include "cli/clean.h"
#include "cli/display.h"
#include "cli/table.h"

#include <promoteros/v1/access_service.pb-c.h>
#include <string.h>

static const char *state_of(const Promoteros__V1__ApiKey *key, int64_t now_ms)
{
    if (key->revoke_time)
        return "revoked";
    return key->expire_time && cli_instant_ms(key->expire_time) <= now_ms ? "expired" : "good";
}

static char *join_scopes(struct cli *cli, const Promoteros__V1__ApiKey *key)
{
    char *joined = cli_format(cli, "%s", "");
    for (size_t i = 0; i < key->n_scopes; i++)
        joined = cli_format(cli, "%s%s%s", joined, i ? " " : "", display_method(key->scopes[i]));
    return joined;
}

int run_keys(struct cli *cli, const struct args *args)
{
    static const struct table_column columns[] = {{"id", false, 0},      {"name", false, 12},
                                                  {"state", false, 0},   {"may call", false, 12},
                                                  {"expires", false, 0}, {"last used", false, 0}};
    Promoteros__V1__ListKeysRequest request = PROMOTEROS__V1__LIST_KEYS_REQUEST__INIT;
    Promoteros__V1__ListKeysResponse *reply;
    int64_t now_ms = clock_now_ms();
    struct table table;
    int code;

    (void)args;
    code = CALL(cli, "AccessService/ListKeys", request, list_keys_response, &reply);
    if (runs_ended(cli, &code))
        return code;
    table_open(&table, cli, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < reply->n_keys; i++) {
        const Promoteros__V1__ApiKey *key = reply->keys[i];
        table_add(&table, key->id);
        table_add(&table, key->name);
        table_add(&table, state_of(key, now_ms));
        table_add(&table, join_scopes(cli, key));
        table_add(&table, key->expire_time ? display_time(&cli->arena, key->expire_time) : "never");
        table_add(&table, key->last_use_time ? display_age(&cli->arena, key->last_use_time, now_ms)
                                             : "never");
    }
    table_print(&table, "There are no API keys yet. Make one: promoterosctl keys add NAME.");
    return CLI_OK;
}

/* Scopes may leave out the package, as methods of promoterosctl call do. */
static void complete_scopes(struct cli *cli, char **scopes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strchr(scopes[i], '/') && !strchr(scopes[i], '.'))
            scopes[i] = cli_format(cli, "promoteros.v1.%s", scopes[i]);
}

int run_keys_add(struct cli *cli, const struct args *args)
{
    static char everything[] = "*";
    char *all[] = {everything};
    Promoteros__V1__CreateKeyRequest request = PROMOTEROS__V1__CREATE_KEY_REQUEST__INIT;
    Promoteros__V1__CreateKeyResponse *reply;
    const char *expires = args_value(args, "expires");
    char why[CLEAN_WHY_SIZE];
    int64_t seconds;
    int code;

    request.name = (char *)args->positionals[0];
    request.scopes = runs_list(cli, args, "scope", &request.n_scopes);
    complete_scopes(cli, request.scopes, request.n_scopes);
    if (request.n_scopes == 0) {
        request.scopes = all;
        request.n_scopes = 1;
    }
    if (expires && (!clean_duration(expires, &seconds, why) || seconds <= 0 ||
                    seconds > INT64_C(100) * 366 * 86400))
        return cli_usage(cli, "--expires \"%s\" is no span of time; write 90d or 12h.", expires);
    if (expires)
        request.expire_time = cli_timestamp(cli, clock_now_ms() + seconds * 1000);
    code = CALL(cli, "AccessService/CreateKey", request, create_key_response, &reply);
    if (runs_ended(cli, &code))
        return code;
    fprintf(cli->out, "%s\n", reply->secret);
    display_field(cli, "id", reply->key->id);
    display_field(cli, "may call", join_scopes(cli, reply->key));
    display_field(cli, "expires",
                  reply->key->expire_time ? display_time(&cli->arena, reply->key->expire_time)
                                          : "never");
    display_paragraph(
        cli, 2,
        "The key is shown this once and is not kept; copy it now. Programs send it as "
        "authorization: Bearer KEY; promoterosctl takes it from PROMOTEROS_KEY.");
    return CLI_OK;
}

int run_keys_revoke(struct cli *cli, const struct args *args)
{
    Promoteros__V1__RevokeKeyRequest request = PROMOTEROS__V1__REVOKE_KEY_REQUEST__INIT;
    Promoteros__V1__RevokeKeyResponse *reply;
    int code;

    request.id = (char *)args->positionals[0];
    code = CALL(cli, "AccessService/RevokeKey", request, revoke_key_response, &reply);
    if (runs_ended(cli, &code))
        return code;
    fprintf(cli->out, "The key \"%s\" (%s) is revoked since %s.\n",
            display_clean(&cli->arena, reply->key->name), reply->key->id,
            display_time(&cli->arena, reply->key->revoke_time));
    return CLI_OK;
}
