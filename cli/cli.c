#include "cli/cli.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"
#include "grpc/client.h"
#include "json/json.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DEFAULT_ADDRESS    "127.0.0.1:50051"
#define DEFAULT_TIMEOUT_MS 30000
#define PACKAGE            "promoteros.v1."
#define REPLY_BYTES_MAX    (256u << 20)

extern const unsigned char promoteros_descriptor_set[], promoteros_descriptor_set_end[];

static int terminal_width(FILE *out)
{
    struct winsize size;
    const char *columns = getenv("COLUMNS");
    int64_t value = 0;

    if (!isatty(fileno(out)))
        return 0;
    if (columns && text_parse_int(columns, &value) && value >= 20 && value <= 1000)
        return (int)value;
    if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
        return size.ws_col;
    return 80;
}

void cli_open(struct cli *cli, FILE *out, FILE *err)
{
    const char *address = getenv("PROMOTEROS_ADDRESS");
    const char *key = getenv("PROMOTEROS_KEY");
    const char *no_colour = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");

    memset(cli, 0, sizeof *cli);
    cli->address = address && *address ? address : DEFAULT_ADDRESS;
    cli->key = key && *key ? key : NULL;
    cli->timeout_ms = DEFAULT_TIMEOUT_MS;
    cli->out = out;
    cli->err = err;
    cli->width = terminal_width(out);
    cli->colour = cli->width > 0 && !(no_colour && *no_colour) &&
                  !(terminal && strcmp(terminal, "dumb") == 0);
    arena_open(&cli->arena, 0);
    buffer_open(&cli->reply, REPLY_BYTES_MAX);
}

void cli_close(struct cli *cli)
{
    if (cli->client)
        grpc_client_close(cli->client);
    if (cli->schema)
        schema_close(cli->schema);
    buffer_close(&cli->reply);
    arena_close(&cli->arena);
}

struct schema *cli_schema(struct cli *cli)
{
    struct failure failure;

    if (cli->schema)
        return cli->schema;
    cli->schema = schema_load(
        (struct pros_bytes){promoteros_descriptor_set,
                            (size_t)(promoteros_descriptor_set_end - promoteros_descriptor_set)},
        &failure);
    if (!cli->schema) {
        fprintf(cli->err, "promoterosctl: the built-in contract is broken: %s\n", failure.sentence);
        abort();
    }
    return cli->schema;
}

struct grpc_client *cli_client(struct cli *cli)
{
    if (cli->client)
        return cli->client;
    cli->client = grpc_client_open(cli->address);
    if (!grpc_client_set_key(cli->client, cli->key))
        fprintf(cli->err, "promoterosctl: The API key holds characters that no key has, so it is "
                          "not sent; copy it again, or make one with promoterosctl keys add.\n");
    return cli->client;
}

static void *allocate(void *context, size_t size)
{
    return arena_alloc(context, size);
}

static void forget(void *context, void *pointer)
{
    (void)context;
    (void)pointer;
}

void *cli_unpack(struct arena *arena, const ProtobufCMessageDescriptor *type,
                 struct pros_bytes bytes)
{
    ProtobufCAllocator allocator = {allocate, forget, arena};

    return protobuf_c_message_unpack(type, &allocator, bytes.size, bytes.data);
}

enum pros_status cli_try_call_packed(struct cli *cli, const char *method, struct pros_bytes request,
                                     struct failure *failure)
{
    cli->method = strchr(method, '.') ? method : cli_format(cli, PACKAGE "%s", method);
    buffer_clear(&cli->reply);
    return grpc_client_call(cli_client(cli), cli->method, request, cli->timeout_ms, &cli->reply,
                            failure);
}

enum pros_status cli_try_call(struct cli *cli, const char *method, const ProtobufCMessage *request,
                              const ProtobufCMessageDescriptor *reply_type, void **reply,
                              struct failure *failure)
{
    size_t size = protobuf_c_message_get_packed_size(request);
    uint8_t *packed = malloc(size + 1);
    enum pros_status status;

    if (!packed)
        abort();
    protobuf_c_message_pack(request, packed);
    status = cli_try_call_packed(cli, method, (struct pros_bytes){packed, size}, failure);
    free(packed);
    if (status != PROS_OK || !reply)
        return status;
    *reply =
        cli_unpack(&cli->arena, reply_type, (struct pros_bytes){cli->reply.data, cli->reply.size});
    if (!*reply)
        return failure_set(failure, PROS_INTERNAL, "BAD_REPLY",
                           "The daemon's answer to %s cannot be read. Check that promoterosctl and "
                           "promoterosd have the same version (promoterosctl status).",
                           method);
    return PROS_OK;
}

int cli_call(struct cli *cli, const char *method, const ProtobufCMessage *request,
             const ProtobufCMessageDescriptor *reply_type, void **reply)
{
    struct failure failure = {0};

    if (cli_try_call(cli, method, request, reply_type, reply, &failure) != PROS_OK)
        return cli_fail(cli, &failure);
    return CLI_OK;
}

static int print_wire(struct cli *cli, const struct schema_message *message, struct pros_bytes wire,
                      bool pretty)
{
    struct json_options options = {.pretty = pretty};
    struct failure failure = {0};
    struct buffer text;
    int code = CLI_OK;

    buffer_open(&text, SIZE_MAX / 4);
    if (json_write(message, wire, &options, &text, &failure) != PROS_OK)
        code = cli_fail(cli, &failure);
    else
        fprintf(cli->out, "%.*s\n", (int)text.size, text.data ? text.data : "{}");
    buffer_close(&text);
    return code;
}

int cli_print_json(struct cli *cli)
{
    const struct schema_method *method = schema_find_method(cli_schema(cli), cli->method);

    if (!method)
        return cli_usage(cli, "There is no method \"%s\".", cli->method);
    return print_wire(cli, method->output, (struct pros_bytes){cli->reply.data, cli->reply.size},
                      true);
}

int cli_print_message(struct cli *cli, const char *message_name, struct pros_bytes wire,
                      bool compact)
{
    const struct schema_message *message = schema_find_message(cli_schema(cli), message_name);

    if (!message)
        return cli_usage(cli, "There is no message \"%s\".", message_name);
    return print_wire(cli, message, wire, !compact);
}

int cli_fail(struct cli *cli, const struct failure *failure)
{
    fflush(cli->out);
    fprintf(cli->err, "promoterosctl: %s\n",
            failure->sentence[0] ? failure->sentence : status_name(failure->code));
    switch (failure->code) {
    case PROS_UNAVAILABLE:
        return CLI_UNREACHABLE;
    case PROS_NOT_FOUND:
        if (failure->reason[0] && strcmp(failure->reason, "BAD_FILE") != 0 &&
            strcmp(failure->reason, "KEY_NOT_FOUND") != 0)
            fprintf(cli->err, "  What there is: promoterosctl artists, venues, shows, predictions, "
                              "trace list.\n");
        return CLI_NOT_FOUND;
    case PROS_DEADLINE_EXCEEDED:
        fprintf(cli->err, "  Give it more time with --timeout, for example --timeout 2m.\n");
        return CLI_FAILED;
    case PROS_UNIMPLEMENTED:
        fprintf(cli->err, "  See which agents run there with promoterosctl agents.\n");
        return CLI_FAILED;
    default:
        return CLI_FAILED;
    }
}

int cli_usage(struct cli *cli, const char *format, ...)
{
    va_list arguments;

    fflush(cli->out);
    fprintf(cli->err, "promoterosctl: ");
    va_start(arguments, format);
    vfprintf(cli->err, format, arguments);
    va_end(arguments);
    fprintf(cli->err, "\n");
    return CLI_USAGE;
}

char *cli_format(struct cli *cli, const char *format, ...)
{
    va_list arguments, again;
    char *text;
    int size;

    va_start(arguments, format);
    va_copy(again, arguments);
    size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    text = arena_alloc(&cli->arena, (size_t)size + 1);
    vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    return text;
}

char *cli_request_id(struct cli *cli)
{
    char id[ID_TEXT_SIZE];

    id_new("rq", id);
    return arena_string(&cli->arena, id);
}

Google__Protobuf__Timestamp *cli_timestamp(struct cli *cli, int64_t instant_ms)
{
    Google__Protobuf__Timestamp *timestamp = arena_alloc(&cli->arena, sizeof *timestamp);
    int64_t rest = instant_ms % 1000;

    google__protobuf__timestamp__init(timestamp);
    timestamp->seconds = instant_ms / 1000 - (rest < 0);
    timestamp->nanos = (int32_t)((rest < 0 ? rest + 1000 : rest) * 1000000);
    return timestamp;
}

Google__Protobuf__Timestamp *cli_as_of(struct cli *cli)
{
    return cli->has_as_of ? cli_timestamp(cli, cli->as_of_ms) : NULL;
}

int64_t cli_instant_ms(const Google__Protobuf__Timestamp *timestamp)
{
    int64_t instant_ms;

    if (!timestamp || __builtin_mul_overflow(timestamp->seconds, INT64_C(1000), &instant_ms) ||
        __builtin_add_overflow(instant_ms, (int64_t)(timestamp->nanos / 1000000), &instant_ms))
        return 0;
    return instant_ms;
}
