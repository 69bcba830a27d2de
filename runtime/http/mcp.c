/* POST /mcp: JSON-RPC 2.0 around the host's methods. */
#include "http/mcp.h"

#include "base/text.h"
#include "config/tree.h"
#include "http/door.h"
#include "json/json.h"
#include "json/parse.h"
#include "json/record.h"

#include <cjson/cJSON.h>
#include <string.h>

#define NEWEST_VERSION "2025-11-25"
#define MAX_VALUES     ((size_t)200000)
/* The text stands in the reply twice, once with its quotes escaped. */
#define MAX_RESULT_BYTES (REPLY_MAX_BYTES / 4)

enum rpc_error {
    RPC_PARSE_ERROR = -32700,
    RPC_INVALID_REQUEST = -32600,
    RPC_NO_METHOD = -32601,
    RPC_INVALID_PARAMS = -32602,
    RPC_VERSION = -32022
};

static const char *const versions[] = {NEWEST_VERSION, "2025-06-18", "2025-03-26", "2024-11-05"};

static const char *known_version(const char *version)
{
    for (size_t i = 0; version && i < sizeof versions / sizeof *versions; i++)
        if (strcmp(versions[i], version) == 0)
            return versions[i];
    return NULL;
}

/* ---- replies ---- */

static void open_result(struct exchange *exchange)
{
    exchange_set(exchange, 200, "application/json");
    buffer_add_format(&exchange->out,
                      "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":", exchange->rpc_id);
}

static void fail_rpc(struct exchange *exchange, int http_status, enum rpc_error code,
                     const char *sentence)
{
    exchange_set(exchange, http_status, "application/json");
    buffer_add_format(&exchange->out,
                      "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":%d,\"message\":",
                      exchange->rpc_id[0] ? exchange->rpc_id : "null", (int)code);
    tree_write_quoted(sentence, &exchange->out);
    buffer_add_string(&exchange->out, "}}");
}

/* A tool that fails is no error of the protocol: the model shall read the sentence and go on. */
static void fail_tool(struct exchange *exchange, const char *sentence)
{
    open_result(exchange);
    buffer_add_string(&exchange->out, "{\"content\":[{\"type\":\"text\",\"text\":");
    tree_write_quoted(sentence, &exchange->out);
    buffer_add_string(&exchange->out, "}],\"isError\":true}}");
}

/* ---- tools/call ---- */

/* A parsed value as text again, numbers as they were written. */
static void write_tree(const cJSON *value, struct buffer *out)
{
    char number[JSON_NUMBER_SIZE];
    bool is_object = cJSON_IsObject(value);
    if (cJSON_IsString(value)) {
        tree_write_quoted(value->valuestring, out);
    } else if (cJSON_IsNumber(value)) {
        json_number_text(value, number);
        buffer_add_string(out, number);
    } else if (is_object || cJSON_IsArray(value)) {
        buffer_add_char(out, is_object ? '{' : '[');
        for (const cJSON *child = value->child; child; child = child->next) {
            buffer_add_string(out, child == value->child ? "" : ",");
            if (is_object) {
                tree_write_quoted(child->string, out);
                buffer_add_char(out, ':');
            }
            write_tree(child, out);
        }
        buffer_add_char(out, is_object ? '}' : ']');
    } else {
        buffer_add_string(out, cJSON_IsTrue(value)    ? "true"
                               : cJSON_IsFalse(value) ? "false"
                                                      : "null");
    }
}

/* The reply without its trace, which would cost a model thousands of tokens; trace_id stays. */
static void copy_without_trace(struct pros_bytes reply, struct buffer *out)
{
    struct record_cursor cursor = record_start(reply);
    struct record record;
    const uint8_t *from = cursor.at;
    while (record_next(&cursor, &record) == RECORD_READ) {
        if (record.number != 2)
            buffer_add(out, from, (size_t)(cursor.at - from));
        from = cursor.at;
    }
}

/* [pool thread] */
static void convert(struct exchange *exchange, enum pros_status status,
                    const struct failure *failure, struct pros_bytes reply)
{
    static const struct json_options options = {0};
    const struct host_method *method = exchange->call.method;
    struct failure problem = {0};
    struct buffer wire, json, *out = &exchange->out;
    buffer_open(&wire, MAX_RESULT_BYTES);
    buffer_open(&json, MAX_RESULT_BYTES);
    if (status == PROS_OK && method->carries_trace) {
        copy_without_trace(reply, &wire);
        reply = (struct pros_bytes){wire.data, wire.size};
    }
    if (status == PROS_OK) {
        status = json_write(method->schema->output, reply, &options, &json, &problem);
        failure = &problem;
    }
    if (status == PROS_OK) {
        open_result(exchange);
        buffer_add_string(out, "{\"content\":[{\"type\":\"text\",\"text\":");
        tree_write_quoted(json.data, out);
        buffer_add_string(out, "}],\"structuredContent\":");
        buffer_add(out, json.data, json.size);
        buffer_add_string(out, ",\"isError\":false}}");
    } else {
        fail_tool(exchange, failure->sentence);
    }
    buffer_close(&json);
    buffer_close(&wire);
}

static const struct host_method *find_tool(const struct host *host, const char *wanted)
{
    char name[MCP_TOOL_NAME_SIZE];
    const struct host_method *method;
    for (size_t i = 0; (method = host_method_at(host, i)) != NULL; i++) {
        mcp_tool_name(method, name);
        if (mcp_is_tool(method) && strcmp(name, wanted) == 0)
            return method;
    }
    return NULL;
}

static bool may_call(struct exchange *exchange, const struct host_method *method,
                     struct failure *failure)
{
    struct access_identity identity;
    return access_check(exchange->door->host,
                        exchange->has_credential ? exchange->credential : NULL, method->path,
                        &identity, failure) == PROS_OK;
}

static bool call_tool(struct exchange *exchange, const cJSON *params)
{
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(params, "name");
    const cJSON *arguments = cJSON_GetObjectItemCaseSensitive(params, "arguments");
    const struct host_method *method =
        cJSON_IsString(name) ? find_tool(exchange->door->host, name->valuestring) : NULL;
    struct failure failure = {0};
    struct buffer text;
    if (!method || (arguments && !cJSON_IsObject(arguments))) {
        fail_rpc(exchange, 200, RPC_INVALID_PARAMS,
                 method ? "\"arguments\" must be an object."
                        : "There is no tool of this name; tools/list says which there are.");
        return true;
    }
    if (!may_call(exchange, method, &failure)) {
        fail_tool(exchange, failure.sentence);
        return true;
    }
    buffer_open(&text, 2 * exchange->door->max_body_bytes);
    if (arguments)
        write_tree(arguments, &text);
    else
        buffer_add_string(&text, "{}");
    exchange->convert = convert;
    bool submitted = connect_submit(exchange, method, text.data, text.size, &failure);
    buffer_close(&text);
    if (!submitted)
        fail_tool(exchange, failure.sentence);
    return !submitted;
}

/* ---- the other methods ---- */

static bool initialize(struct exchange *exchange, const cJSON *params)
{
    const cJSON *asked = cJSON_GetObjectItemCaseSensitive(params, "protocolVersion");
    const char *version = known_version(cJSON_IsString(asked) ? asked->valuestring : NULL);
    open_result(exchange);
    buffer_add_format(&exchange->out,
                      "{\"protocolVersion\":\"%s\",\"capabilities\":{\"tools\":{}},"
                      "\"serverInfo\":{\"name\":\"promoteros\",\"title\":\"PromoterOS\","
                      "\"version\":\"%s\"},\"instructions\":\"Booking tools for music venues. "
                      "Every result has a traceId, which names the reasoning behind it.\"}}",
                      version ? version : NEWEST_VERSION, PROMOTEROS_VERSION);
    return true;
}

static bool ping(struct exchange *exchange, const cJSON *params)
{
    (void)params;
    open_result(exchange);
    buffer_add_string(&exchange->out, "{}}");
    return true;
}

static bool list_tools(struct exchange *exchange, const cJSON *params)
{
    const struct host_method *method;
    struct failure failure = {0};
    size_t count = 0;
    (void)params;
    open_result(exchange);
    buffer_add_string(&exchange->out, "{\"tools\":[");
    for (size_t i = 0; (method = host_method_at(exchange->door->host, i)) != NULL; i++) {
        if (!mcp_is_tool(method) || !may_call(exchange, method, &failure))
            continue;
        buffer_add_string(&exchange->out, count++ ? "," : "");
        mcp_write_tool(method, &exchange->out);
    }
    buffer_add_string(&exchange->out, "]}}");
    return true;
}

static const struct {
    const char *name;
    bool (*answer)(struct exchange *exchange, const cJSON *params); /* as a route's run() */
} methods[] = {
    {"initialize", initialize},
    {"ping", ping},
    {"tools/list", list_tools},
    {"tools/call", call_tool},
};

/* A string or an integer, and comes back as it was. */
static bool take_id(struct exchange *exchange, const cJSON *id)
{
    struct buffer text;
    char number[JSON_NUMBER_SIZE] = "";
    int64_t integer;
    if (cJSON_IsNumber(id))
        json_number_text(id, number);
    if (!cJSON_IsString(id) && !text_parse_int(number, &integer))
        return false;
    buffer_open(&text, RPC_ID_SIZE - 1);
    write_tree(id, &text);
    bool fits = !text.overflowed;
    if (fits)
        snprintf(exchange->rpc_id, sizeof exchange->rpc_id, "%s", text.data);
    buffer_close(&text);
    return fits;
}

static bool dispatch(struct exchange *exchange, const cJSON *request)
{
    const cJSON *version = cJSON_GetObjectItemCaseSensitive(request, "jsonrpc");
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(request, "method");
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(request, "id");
    const cJSON *params = cJSON_GetObjectItemCaseSensitive(request, "params");
    if (!cJSON_IsString(version) || strcmp(version->valuestring, "2.0") != 0 ||
        !cJSON_IsString(name) || (id && !take_id(exchange, id)) ||
        (params && !cJSON_IsObject(params))) {
        fail_rpc(exchange, 400, RPC_INVALID_REQUEST,
                 "This is no request of JSON-RPC 2.0: one object with \"jsonrpc\", \"method\", an "
                 "\"id\" that is a text or an integer, and \"params\" that are an object.");
        return true;
    }
    if (!id) {
        exchange_set(exchange, 202, NULL); /* a notification: there is nothing to say */
        return true;
    }
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(methods[i].name, name->valuestring) == 0)
            return methods[i].answer(exchange, params);
    fail_rpc(exchange, 200, RPC_NO_METHOD,
             "This method is not served; there are initialize, ping, tools/list and tools/call.");
    return true;
}

void mcp_begin(struct exchange *exchange, const struct head *head)
{
    char version[32];
    size_t count;
    struct span asked = head_find(head, "mcp-protocol-version", &count);
    if (!connect_check_type(exchange, head))
        return;
    if (count && (!span_copy(asked, version, sizeof version) || !known_version(version)))
        fail_rpc(exchange, 400, RPC_VERSION,
                 "This revision of MCP is not spoken here; use " NEWEST_VERSION ".");
}

bool mcp_run(struct exchange *exchange)
{
    const struct json_parse_limits limits = {.max_value_count = MAX_VALUES};
    struct failure failure = {0};
    cJSON *request = NULL;
    if (json_parse(exchange->body.size ? exchange->body.data : "", exchange->body.size, &limits,
                   &request, &failure) != PROS_OK)
        fail_rpc(exchange, 400, RPC_PARSE_ERROR, failure.sentence);
    bool answered = !request || dispatch(exchange, request);
    cJSON_Delete(request);
    return answered;
}
