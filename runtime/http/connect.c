/* The Connect protocol's unary calls: JSON in, the host's pool, JSON out. */
#include "http/door.h"

#include "base/clock.h"
#include "base/text.h"
#include "http/error.h"
#include "json/json.h"
#include "json/wire.h"

#define MAX_PATH_SIZE 256
/* Packed numbers grow fourfold from JSON to wire bytes. */
#define MAX_WIRE_BYTES ((size_t)8 * 1024 * 1024)

static bool is_json(struct span type)
{
    const char *semicolon = type.text ? memchr(type.text, ';', type.size) : NULL;
    if (semicolon)
        type.size = (size_t)(semicolon - type.text);
    while (type.size && type.text[type.size - 1] == ' ')
        type.size--;
    return span_is_ignoring_case(type, "application/json");
}

bool connect_check_type(struct exchange *exchange, const struct head *head)
{
    size_t types, encodings;
    struct span type = head_find(head, "content-type", &types);
    struct span encoding = head_find(head, "content-encoding", &encodings);
    if (types == 1 && is_json(type) && (!encodings || span_is_ignoring_case(encoding, "identity")))
        return true;
    exchange_refuse(exchange, 415, encodings ? "CONTENT_ENCODING" : "CONTENT_TYPE",
                    encodings ? "The body is compressed, which this door does not read; send it as "
                                "it is."
                              : "The body must be JSON; send Content-Type: application/json.");
    return false;
}

static bool read_timeout(struct exchange *exchange, const struct head *head)
{
    char text[12];
    int64_t ms;
    size_t count;
    struct span timeout = head_find(head, "connect-timeout-ms", &count);
    if (count == 0)
        return true;
    if (count == 1 && timeout.size <= 10 && span_copy(timeout, text, sizeof text) &&
        text[0] >= '0' && text[0] <= '9' && text_parse_int(text, &ms)) {
        exchange->call.deadline_us = clock_monotonic_us() + ms * 1000;
        return true;
    }
    exchange_refuse(exchange, 400, "BAD_TIMEOUT",
                    "Connect-Timeout-Ms must be a number of milliseconds with at most 10 digits.");
    return false;
}

static bool check_version(struct exchange *exchange, const struct head *head)
{
    size_t count;
    struct span version = head_find(head, "connect-protocol-version", &count);
    if (count == 0 || span_is(version, "1"))
        return true;
    exchange_refuse(exchange, 400, "CONNECT_VERSION",
                    "This door speaks version 1 of the Connect protocol; send "
                    "Connect-Protocol-Version: 1, or leave it out.");
    return false;
}

static void refuse_unknown(struct exchange *exchange, const char *path)
{
    struct failure failure = {0};
    failure_set(&failure, PROS_UNIMPLEMENTED, "NO_SUCH_METHOD",
                "Nobody serves %s; promoterosctl agents lists what is served.", path);
    exchange_fail(exchange, 404, &failure);
}

void connect_begin(struct exchange *exchange, const struct head *head)
{
    char path[MAX_PATH_SIZE] = "";
    struct span name = {head->path.text + 1, head->path.size - 1};
    const struct host_method *method =
        span_copy(name, path, sizeof path) ? host_find_method(exchange->door->host, path) : NULL;
    if (!exchange_may_call(exchange, method ? method->path : NULL))
        return;
    if (!method) {
        refuse_unknown(exchange, path);
        return;
    }
    if (method->schema->server_streaming || method->schema->client_streaming) {
        exchange_refuse(exchange, 501, "STREAMING",
                        "%s streams its replies, which this door does not do; call it by gRPC.",
                        method->path);
        return;
    }
    if (!connect_check_type(exchange, head) || !check_version(exchange, head) ||
        !read_timeout(exchange, head))
        return;
    exchange->call.method = method;
}

bool connect_submit(struct exchange *exchange, const struct host_method *method, const char *json,
                    size_t size, struct failure *failure)
{
    const struct schema_message *input = method->schema->input;
    buffer_open(&exchange->wire, MAX_WIRE_BYTES);
    enum pros_status status = json_read(input, size ? json : "", size, &exchange->wire, failure);
    if (status == PROS_OK)
        status = wire_scan(input, (struct pros_bytes){exchange->wire.data, exchange->wire.size},
                           NULL, failure);
    if (status == PROS_OK)
        status = exchange_submit(exchange, method, exchange->call.deadline_us, failure);
    return status == PROS_OK;
}

static void convert(struct exchange *exchange, enum pros_status status,
                    const struct failure *failure, struct pros_bytes reply)
{
    static const struct json_options options = {0};
    struct failure problem = {0};
    if (status == PROS_OK) {
        exchange_set(exchange, 200, "application/json");
        status = json_write(exchange->call.method->schema->output, reply, &options, &exchange->out,
                            &problem);
        failure = &problem;
    }
    if (status != PROS_OK)
        exchange_fail(exchange, error_http_status(status), failure);
}

bool connect_run(struct exchange *exchange)
{
    struct failure failure = {0};
    exchange->convert = convert;
    if (connect_submit(exchange, exchange->call.method, exchange->body.data, exchange->body.size,
                       &failure))
        return false;
    exchange_fail(exchange, error_http_status(failure.code), &failure);
    return true;
}
