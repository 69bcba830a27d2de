#include "cli/request_file.h"

#include "base/text.h"
#include "config/tree.h"
#include "json/json.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static const struct schema_field *find_field(const struct schema_message *message, const char *name)
{
    for (size_t i = 0; i < message->field_count; i++)
        if (strcmp(message->fields[i].json_name, name) == 0 ||
            strcmp(message->fields[i].name, name) == 0)
            return &message->fields[i];
    return NULL;
}

/* "versus" -> "DEAL_TYPE_VERSUS", by what the enum's names have in common with its first one. */
static const char *long_enum_name(struct cli *cli, const struct schema_enum *type, const char *text)
{
    const char *zero = type->value_count > 0 ? type->values[0].name : "";
    const char *tail = strstr(zero, "UNSPECIFIED");
    char *name;

    for (size_t i = 0; i < type->value_count; i++)
        if (strcmp(type->values[i].name, text) == 0)
            return text;
    if (!tail || strlen(text) > 80)
        return text;
    name = cli_format(cli, "%.*s%s", (int)(tail - zero), zero, text);
    for (char *c = name; *c; c++)
        *c = *c == '-' || *c == ' ' ? '_' : *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
    for (size_t i = 0; i < type->value_count; i++)
        if (strcmp(type->values[i].name, name) == 0)
            return name;
    return text;
}

/* "85%" -> "850000". */
static const char *parts_per_million(struct cli *cli, const char *text)
{
    size_t size = strlen(text);
    double percent;

    if (size < 2 || size > 24 || text[size - 1] != '%' ||
        !text_parse_double(cli_format(cli, "%.*s", (int)size - 1, text), &percent) ||
        fabs(percent) > 1e6)
        return text;
    return cli_format(cli, "%lld", llround(percent * 10000));
}

static void amend(struct cli *cli, struct tree_node *node, const struct schema_message *message);

static void amend_value(struct cli *cli, struct tree_node *node, const struct schema_field *field)
{
    size_t name_size = strlen(field->name);

    if (node->kind == TREE_LIST) {
        for (struct tree_node *item = node->first; item; item = item->next)
            amend_value(cli, item, field);
    } else if (node->kind == TREE_MAPPING) {
        if (field->message && !field->map)
            amend(cli, node, field->message);
    } else if (field->enumeration) {
        node->text = long_enum_name(cli, field->enumeration, node->text);
        node->quoted = true;
    } else if (name_size > 4 && strcmp(field->name + name_size - 4, "_ppm") == 0) {
        node->text = parts_per_million(cli, node->text);
    } else if (field->type == SCHEMA_STRING) {
        node->quoted = true; /* a name that looks like a number is still a name */
    }
}

static void amend(struct cli *cli, struct tree_node *node, const struct schema_message *message)
{
    if (node->kind != TREE_MAPPING)
        return;
    for (struct tree_node *child = node->first; child; child = child->next) {
        const struct schema_field *field = child->key ? find_field(message, child->key) : NULL;
        if (field)
            amend_value(cli, child, field);
    }
}

enum pros_status request_text_read(struct cli *cli, const char *text, size_t size, const char *name,
                                   const char *type_name, struct buffer *wire,
                                   struct failure *failure)
{
    const struct schema_message *message = schema_find_message(cli_schema(cli), type_name);
    struct tree_node *root = NULL;
    struct failure inner = {0};
    enum pros_status status;
    struct buffer json;

    status = tree_read(text, size, name, &cli->arena, &root, failure);
    if (status != PROS_OK)
        return status;
    if (!root || root->kind != TREE_MAPPING)
        return failure_set(failure, PROS_INVALID_ARGUMENT, "BAD_FILE",
                           "%s holds no request. promoterosctl deal example prints one.", name);
    amend(cli, root, message);
    buffer_open(&json, 4 * REQUEST_FILE_BYTES_MAX);
    tree_write_json(root, &json);
    status = json_read(message, json.data ? json.data : "", json.size, wire, &inner);
    buffer_close(&json);
    if (status != PROS_OK)
        return failure_set(failure, status, inner.reason, "%s: %s", name, inner.sentence);
    return PROS_OK;
}

enum pros_status request_file_slurp(const char *name, struct buffer *text, struct failure *failure)
{
    FILE *file = strcmp(name, "-") == 0 ? fdopen(dup(STDIN_FILENO), "r") : fopen(name, "re");
    char block[8192];
    size_t got;

    if (!file)
        return failure_set(failure, errno == ENOENT ? PROS_NOT_FOUND : PROS_FAILED_PRECONDITION,
                           "BAD_FILE", "%s cannot be read: %s.", name, strerror(errno));
    while ((got = fread(block, 1, sizeof block, file)) > 0)
        if (!buffer_add(text, block, got))
            break;
    fclose(file);
    if (text->overflowed)
        return failure_set(failure, PROS_RESOURCE_EXHAUSTED, "TOO_LARGE",
                           "%s is larger than a request may be (1 MiB).", name);
    return PROS_OK;
}

int request_file_read(struct cli *cli, const char *name, const ProtobufCMessageDescriptor *type,
                      void **message)
{
    struct failure failure = {0};
    struct buffer text, wire;
    int code = CLI_OK;

    buffer_open(&text, REQUEST_FILE_BYTES_MAX);
    buffer_open(&wire, REQUEST_FILE_BYTES_MAX);
    if (request_file_slurp(name, &text, &failure) != PROS_OK) {
        code = cli_fail(cli, &failure);
    } else if (request_text_read(cli, text.data ? text.data : "", text.size, name, type->name,
                                 &wire, &failure) != PROS_OK) {
        cli_fail(cli, &failure);
        code = CLI_USAGE;
    } else {
        *message = cli_unpack(&cli->arena, type,
                              (struct pros_bytes){wire.data ? wire.data : "", wire.size});
        if (!*message)
            code = cli_usage(cli, "%s cannot be read as a %s.", name, type->short_name);
    }
    buffer_close(&text);
    buffer_close(&wire);
    return code;
}
