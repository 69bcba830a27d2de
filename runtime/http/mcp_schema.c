/* Methods as tools: names, descriptions and JSON Schema from the contract. */
#include "http/mcp.h"

#include "config/tree.h"
#include "json/wellknown.h"

#include <stdio.h>

/* Our contract has no recursive message; a stranger's might. */
#define MAX_DEPTH 12

bool mcp_is_tool(const struct host_method *method)
{
    return !method->agent->builtin && (method->entry->flags & PROS_SIDE_EFFECT_FREE) &&
           !method->schema->server_streaming && !method->schema->client_streaming;
}

/* kebab-case and CamelCase to snake_case. */
static size_t add_snake(char *name, size_t at, const char *text)
{
    for (const char *c = text; *c && at + 2 < MCP_TOOL_NAME_SIZE; c++) {
        bool upper = *c >= 'A' && *c <= 'Z';
        if (upper && c != text)
            name[at++] = '_';
        name[at++] = upper ? (char)(*c - 'A' + 'a') : *c == '-' ? '_' : *c;
    }
    return at;
}

void mcp_tool_name(const struct host_method *method, char name[MCP_TOOL_NAME_SIZE])
{
    size_t at = add_snake(name, 0, method->agent->table->name);
    if (at + 2 < MCP_TOOL_NAME_SIZE)
        name[at++] = '_';
    name[add_snake(name, at, method->entry->name)] = '\0';
}

static void write_message(const struct schema_message *message, unsigned depth, struct buffer *out);

static void write_enum(const struct schema_enum *enumeration, struct buffer *out)
{
    buffer_add_string(out, "{\"type\":\"string\",\"enum\":[");
    for (size_t i = 0; i < enumeration->value_count; i++) {
        buffer_add_string(out, i ? "," : "");
        tree_write_quoted(enumeration->values[i].name, out);
    }
    buffer_add_string(out, "]}");
}

static void write_value(const struct schema_field *field, unsigned depth, struct buffer *out)
{
    switch (field->type) {
    case SCHEMA_DOUBLE:
    case SCHEMA_FLOAT:
        buffer_add_string(out, "{\"type\":\"number\"}");
        return;
    case SCHEMA_BOOL:
        buffer_add_string(out, "{\"type\":\"boolean\"}");
        return;
    case SCHEMA_STRING:
        buffer_add_string(out, "{\"type\":\"string\"}");
        return;
    case SCHEMA_BYTES:
        buffer_add_string(out, "{\"type\":\"string\",\"contentEncoding\":\"base64\"}");
        return;
    case SCHEMA_ENUM:
        write_enum(field->enumeration, out);
        return;
    case SCHEMA_MESSAGE:
    case SCHEMA_GROUP:
        write_message(field->message, depth + 1, out);
        return;
    default:
        buffer_add_string(out, "{\"type\":\"integer\"}");
    }
}

static void write_field(const struct schema_field *field, unsigned depth, struct buffer *out)
{
    tree_write_quoted(field->json_name, out);
    buffer_add_char(out, ':');
    if (field->map) {
        buffer_add_string(out, "{\"type\":\"object\",\"additionalProperties\":");
        write_value(schema_find_field(field->message, 2), depth, out);
        buffer_add_char(out, '}');
    } else if (field->repeated) {
        buffer_add_string(out, "{\"type\":\"array\",\"items\":");
        write_value(field, depth, out);
        buffer_add_char(out, '}');
    } else {
        write_value(field, depth, out);
    }
}

static void write_message(const struct schema_message *message, unsigned depth, struct buffer *out)
{
    enum wellknown kind = wellknown_of(message);
    if (kind == WELLKNOWN_TIMESTAMP) {
        buffer_add_string(out, "{\"type\":\"string\",\"format\":\"date-time\"}");
        return;
    }
    if (kind == WELLKNOWN_DURATION) {
        buffer_add_string(out, "{\"type\":\"string\",\"pattern\":\"^-?[0-9]+(\\\\.[0-9]+)?s$\"}");
        return;
    }
    if (depth > MAX_DEPTH) {
        buffer_add_string(out, "{\"type\":\"object\"}");
        return;
    }
    buffer_add_string(out, "{\"type\":\"object\",\"properties\":{");
    for (size_t i = 0; i < message->field_count; i++) {
        buffer_add_string(out, i ? "," : "");
        write_field(&message->fields[i], depth, out);
    }
    buffer_add_string(out, "},\"additionalProperties\":false}");
}

void mcp_write_tool(const struct host_method *method, struct buffer *out)
{
    char name[MCP_TOOL_NAME_SIZE];
    mcp_tool_name(method, name);
    buffer_add_format(out, "{\"name\":\"%s\",\"title\":", name);
    tree_write_quoted(method->entry->name, out);
    buffer_add_string(out, ",\"description\":");
    tree_write_quoted(method->entry->summary ? method->entry->summary : "", out);
    buffer_add_string(out, ",\"inputSchema\":");
    write_message(method->schema->input, 0, out);
    buffer_add_string(out, ",\"annotations\":{\"readOnlyHint\":true,\"openWorldHint\":false}}");
}
