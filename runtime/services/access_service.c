/* AccessService: API keys for people; what they do is in host/access.h. */
#include "host/access.h"
#include "services/check.h"

#include <promoteros/v1/access_service.pb-c.h>
#include <string.h>

static Google__Protobuf__Timestamp *moment(struct arena *arena, int64_t instant_ms)
{
    return instant_ms ? timestamp_new(arena, instant_ms) : NULL;
}

static Promoteros__V1__ApiKey *key_new(struct arena *arena, const struct access_key *key)
{
    Promoteros__V1__ApiKey *message = arena_alloc(arena, sizeof *message);
    promoteros__v1__api_key__init(message);
    message->id = arena_string(arena, key->id);
    message->name = arena_string(arena, key->name);
    message->n_scopes = key->scope_count;
    message->scopes = arena_alloc_array(arena, key->scope_count, sizeof *message->scopes);
    for (size_t i = 0; i < key->scope_count; i++)
        message->scopes[i] = arena_string(arena, key->scopes[i]);
    message->create_time = moment(arena, key->create_ms);
    message->expire_time = moment(arena, key->expire_ms);
    message->revoke_time = moment(arena, key->revoke_ms);
    message->last_use_time = moment(arena, key->last_use_ms);
    return message;
}

/* ---- create ---- */

static bool is_service(const struct host *host, const char *name, size_t size)
{
    const struct host_agent *agent;
    for (size_t i = 0; (agent = host_agent_at(host, i)); i++)
        if (strlen(agent->table->service) == size && !strncmp(agent->table->service, name, size))
            return true;
    return false;
}

/* A scope that fits nothing is a typing mistake, and a key that surprises its owner later. */
static enum pros_status check_scope(struct work *work, const char *scope)
{
    const struct host *host = work->services->host;
    size_t size = strlen(scope);
    TRY(check_text(&work->failure, "", "scopes", scope, ACCESS_SCOPE_SIZE - 1));
    if (strcmp(scope, "*") == 0 || strcmp(scope, "read") == 0 || host_find_method(host, scope))
        return PROS_OK;
    if (size > 2 && strcmp(scope + size - 2, "/*") == 0 && is_service(host, scope, size - 2))
        return PROS_OK;
    return failure_set(&work->failure, PROS_INVALID_ARGUMENT, "BAD_SCOPE",
                       "\"%s\" is no scope: write * for everything, read, a service as "
                       "promoteros.v1.DealOptimizerService/* or a method as "
                       "promoteros.v1.DealOptimizerService/EvaluateDeal. What there is: "
                       "promoterosctl agents --all",
                       scope);
}

static enum pros_status check_scopes(struct work *work,
                                     const Promoteros__V1__CreateKeyRequest *request)
{
    TRY(check_list(&work->failure, "", "scopes", request->n_scopes, ACCESS_MAX_SCOPES));
    if (request->n_scopes == 0)
        return failure_set(&work->failure, PROS_INVALID_ARGUMENT, "BAD_SCOPE",
                           "scopes says what the key may call and is empty; name at least one, "
                           "for example * for everything.");
    for (size_t i = 0; i < request->n_scopes; i++)
        TRY(check_scope(work, request->scopes[i]));
    return PROS_OK;
}

static enum pros_status create_key(struct work *work,
                                   const Promoteros__V1__CreateKeyRequest *request,
                                   Promoteros__V1__CreateKeyResponse *response)
{
    struct access_key key = {.scope_count = request->n_scopes};
    char secret[ACCESS_SECRET_SIZE];
    TRY(check_name(&work->failure, "", "name", request->name));
    TRY(check_text(&work->failure, "", "name", request->name, ACCESS_NAME_SIZE - 1));
    TRY(check_scopes(work, request));
    TRY(check_timestamp(&work->failure, "", "expire_time", request->expire_time, false,
                        &key.expire_ms));
    if (request->expire_time && key.expire_ms <= work->as_of_ms)
        return failure_set(&work->failure, PROS_INVALID_ARGUMENT, "EXPIRED",
                           "expire_time has passed already; name a moment to come, or none.");
    memcpy(key.name, request->name, strlen(request->name));
    for (size_t i = 0; i < request->n_scopes; i++)
        memcpy(key.scopes[i], request->scopes[i], strlen(request->scopes[i]));
    TRY(access_create(work->services->host, &key, secret, &work->failure));
    response->key = key_new(work->arena, &key);
    response->secret = arena_string(work->arena, secret);
    return PROS_OK;
}
SERVICE_METHOD(create_key, Promoteros__V1__CreateKeyRequest, promoteros__v1__create_key_request,
               Promoteros__V1__CreateKeyResponse, promoteros__v1__create_key_response)

/* ---- list and revoke ---- */

static enum pros_status list_keys(struct work *work, const Promoteros__V1__ListKeysRequest *request,
                                  Promoteros__V1__ListKeysResponse *response)
{
    struct access_key key;
    size_t capacity = 0;
    (void)request;
    while (access_key_at(work->services->host, response->n_keys, &key)) {
        response->keys = arena_grow(work->arena, response->keys, response->n_keys, &capacity,
                                    sizeof *response->keys);
        response->keys[response->n_keys++] = key_new(work->arena, &key);
    }
    return PROS_OK;
}
SERVICE_METHOD(list_keys, Promoteros__V1__ListKeysRequest, promoteros__v1__list_keys_request,
               Promoteros__V1__ListKeysResponse, promoteros__v1__list_keys_response)

static enum pros_status revoke_key(struct work *work,
                                   const Promoteros__V1__RevokeKeyRequest *request,
                                   Promoteros__V1__RevokeKeyResponse *response)
{
    struct access_key key;
    TRY(check_text(&work->failure, "", "id", request->id, ID_BYTES_MAX));
    TRY(access_revoke(work->services->host, request->id, &key, &work->failure));
    response->key = key_new(work->arena, &key);
    return PROS_OK;
}
SERVICE_METHOD(revoke_key, Promoteros__V1__RevokeKeyRequest, promoteros__v1__revoke_key_request,
               Promoteros__V1__RevokeKeyResponse, promoteros__v1__revoke_key_response)

static const struct pros_method methods[] = {
    {.name = "CreateKey",
     .summary = "Makes an API key and returns its secret, this once.",
     .journal = PROS_JOURNAL_NONE,
     .handle = create_key_bytes},
    {.name = "ListKeys",
     .summary = "Lists the API keys, oldest first, revoked ones included.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .journal = PROS_JOURNAL_NONE,
     .handle = list_keys_bytes},
    {.name = "RevokeKey",
     .summary = "Revokes an API key at once and for good.",
     .journal = PROS_JOURNAL_NONE,
     .handle = revoke_key_bytes},
};

const struct pros_agent access_service_table = {
    .size = sizeof(struct pros_agent),
    .abi = PROS_ABI,
    .method_size = sizeof(struct pros_method),
    .name = "access",
    .title = "Access",
    .summary = "Makes, lists and revokes API keys.",
    .version = PROMOTEROS_VERSION,
    .service = "promoteros.v1.AccessService",
    .methods = methods,
    .method_count = sizeof methods / sizeof *methods,
};
