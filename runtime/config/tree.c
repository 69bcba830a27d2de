#include "config/tree.h"

#include "base/text.h"

#include <string.h>
#include <yaml.h>

struct reader {
    yaml_parser_t parser;
    const char *name;
    struct arena *arena;
    struct failure *failure;
    int node_count;
};

static enum pros_status refuse(struct reader *reader, int line, const char *reason,
                               const char *sentence)
{
    return failure_set(reader->failure, PROS_INVALID_ARGUMENT, reason, "%s line %d: %s",
                       reader->name, line, sentence);
}

static int line_of(yaml_mark_t mark)
{
    return mark.line < 1000000 ? (int)mark.line + 1 : 1000000;
}

static enum pros_status next_event(struct reader *reader, yaml_event_t *event)
{
    if (yaml_parser_parse(&reader->parser, event))
        return PROS_OK;
    const yaml_parser_t *parser = &reader->parser;
    return failure_set(
        reader->failure, PROS_INVALID_ARGUMENT, "CONFIG_SYNTAX",
        "%s line %d: this is not YAML (%s); check the indentation and the quotes", reader->name,
        line_of(parser->error == YAML_READER_ERROR ? parser->mark : parser->problem_mark),
        parser->problem ? parser->problem : "unreadable");
}

/* What we do not speak: anchors, aliases and tags. */
static enum pros_status check_plain(struct reader *reader, const yaml_event_t *event)
{
    const yaml_char_t *anchor = NULL, *tag = NULL;
    switch (event->type) {
    case YAML_ALIAS_EVENT:
        anchor = event->data.alias.anchor;
        break;
    case YAML_SCALAR_EVENT:
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
        break;
    default:
        break;
    }
    if (anchor)
        return refuse(reader, line_of(event->start_mark), "CONFIG_ALIAS",
                      "anchors (&) and aliases (*) are not supported; write the value out, or put "
                      "quotes around a text that begins with & or *");
    if (tag)
        return refuse(reader, line_of(event->start_mark), "CONFIG_TAG",
                      "tags (!) are not supported; write the plain value, or put quotes around a "
                      "text that begins with !");
    return PROS_OK;
}

static enum pros_status scalar_text(struct reader *reader, const yaml_event_t *event,
                                    const char **text)
{
    const char *value = (const char *)event->data.scalar.value;
    size_t size = event->data.scalar.length;
    if (!text_is_utf8(value, size))
        return refuse(reader, line_of(event->start_mark), "CONFIG_TEXT",
                      "the text holds a NUL or bytes that are not UTF-8");
    *text = arena_string(reader->arena, value);
    return PROS_OK;
}

static enum pros_status read_node(struct reader *reader, const yaml_event_t *event, int depth,
                                  struct tree_node **node);

static enum pros_status read_key(struct reader *reader, const yaml_event_t *event,
                                 struct tree_node *parent, const char **key)
{
    int line = line_of(event->start_mark);
    if (event->type != YAML_SCALAR_EVENT)
        return refuse(reader, line, "CONFIG_KEY", "a key must be a word, not a list or a mapping");
    enum pros_status status = check_plain(reader, event);
    if (status == PROS_OK)
        status = scalar_text(reader, event, key);
    for (struct tree_node *child = parent->first; status == PROS_OK && child; child = child->next)
        if (strcmp(child->key, *key) == 0)
            status = failure_set(reader->failure, PROS_INVALID_ARGUMENT, "CONFIG_DUPLICATE",
                                 "%s line %d: %.80s stands here a second time; it was set in line "
                                 "%d; remove one of the two",
                                 reader->name, line, *key, child->key_line);
    return status;
}

static enum pros_status read_child(struct reader *reader, const yaml_event_t *event, int depth,
                                   struct tree_node *parent, struct tree_node **child)
{
    if (parent->kind == TREE_LIST)
        return read_node(reader, event, depth, child);
    const char *key = NULL;
    enum pros_status status = read_key(reader, event, parent, &key);
    if (status != PROS_OK)
        return status;
    int key_line = line_of(event->start_mark);
    yaml_event_t value;
    status = next_event(reader, &value);
    if (status != PROS_OK)
        return status;
    status = read_node(reader, &value, depth, child);
    yaml_event_delete(&value);
    if (status == PROS_OK) {
        (*child)->key = key;
        (*child)->key_line = key_line;
    }
    return status;
}

static enum pros_status read_children(struct reader *reader, int depth, struct tree_node *parent)
{
    struct tree_node **end = &parent->first;
    for (;;) {
        yaml_event_t event;
        enum pros_status status = next_event(reader, &event);
        if (status != PROS_OK)
            return status;
        bool last = event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT;
        if (!last)
            status = read_child(reader, &event, depth + 1, parent, end);
        yaml_event_delete(&event);
        if (last || status != PROS_OK)
            return status;
        end = &(*end)->next;
    }
}

static enum pros_status read_node(struct reader *reader, const yaml_event_t *event, int depth,
                                  struct tree_node **node)
{
    int line = line_of(event->start_mark);
    enum pros_status status = check_plain(reader, event);
    if (status != PROS_OK)
        return status;
    if (depth > TREE_MAX_DEPTH || ++reader->node_count > TREE_MAX_NODES)
        return refuse(reader, line, "CONFIG_TOO_DEEP",
                      "the file is nested too deeply or has too many values; a configuration needs "
                      "neither");
    struct tree_node *made = arena_alloc(reader->arena, sizeof *made);
    made->line = line;
    if (event->type == YAML_SCALAR_EVENT) {
        made->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
        status = scalar_text(reader, event, &made->text);
    } else {
        made->kind = event->type == YAML_SEQUENCE_START_EVENT ? TREE_LIST : TREE_MAPPING;
        status = read_children(reader, depth, made);
    }
    /* Linked when it is whole: the duplicate check walks siblings that have keys. */
    if (status == PROS_OK)
        *node = made;
    return status;
}

static enum pros_status read_stream(struct reader *reader, struct tree_node **root)
{
    bool has_document = false;
    for (;;) {
        yaml_event_t event;
        enum pros_status status = next_event(reader, &event);
        if (status != PROS_OK)
            return status;
        yaml_event_type_t type = event.type;
        if (type == YAML_DOCUMENT_START_EVENT) {
            if (has_document)
                status = refuse(reader, line_of(event.start_mark), "CONFIG_DOCUMENTS",
                                "a second document starts here; keep one");
            has_document = true;
        } else if (type != YAML_STREAM_START_EVENT && type != YAML_STREAM_END_EVENT &&
                   type != YAML_DOCUMENT_END_EVENT) {
            status = read_node(reader, &event, 0, root);
        }
        yaml_event_delete(&event);
        if (status != PROS_OK || type == YAML_STREAM_END_EVENT)
            return status;
    }
}

enum pros_status tree_read(const char *text, size_t size, const char *name, struct arena *arena,
                           struct tree_node **root, struct failure *failure)
{
    struct reader reader = {.name = name, .arena = arena, .failure = failure};
    *root = NULL;
    if (!yaml_parser_initialize(&reader.parser))
        return failure_set(failure, PROS_INTERNAL, "CONFIG_READER", "%s: no memory for the reader",
                           name);
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)text, size);
    enum pros_status status = read_stream(&reader, root);
    yaml_parser_delete(&reader.parser);
    return status;
}

/* U+0080 to U+009F, U+2028, U+2029 and the byte order mark: bytes and code point; 0 for others. */
static size_t special_size(const unsigned char *c, unsigned *point)
{
    if (c[0] == 0xC2 && c[1] >= 0x80 && c[1] <= 0x9F) {
        *point = c[1];
        return 2;
    }
    bool separator = c[0] == 0xE2 && c[1] == 0x80 && (c[2] == 0xA8 || c[2] == 0xA9);
    bool mark = c[0] == 0xEF && ((c[1] == 0xBB && c[2] == 0xBF) ||
                                 (c[1] == 0xBF && (c[2] == 0xBE || c[2] == 0xBF)));
    *point = separator || mark ? (c[0] & 0x0Fu) << 12 | (c[1] & 0x3Fu) << 6 | (c[2] & 0x3Fu) : 0;
    return *point ? 3 : 0;
}

void tree_write_quoted(const char *text, struct buffer *out)
{
    buffer_add_char(out, '"');
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        unsigned point = *c;
        size_t size = special_size(c, &point);
        if (size)
            c += size - 1;
        else
            point = *c;
        if (*c == '"' || *c == '\\')
            buffer_add_format(out, "\\%c", *c);
        else if (size || *c < 0x20 || *c == 0x7f)
            buffer_add_format(out, "\\u%04x", point);
        else
            buffer_add_char(out, (char)*c);
    }
    buffer_add_char(out, '"');
}

static void write_scalar(const struct tree_node *node, struct buffer *out)
{
    double number;
    int64_t integer;
    char digits[32];
    const char *text = node->text;
    if (node->quoted)
        tree_write_quoted(text, out);
    else if (!*text || strcmp(text, "~") == 0 || strcmp(text, "null") == 0)
        buffer_add_string(out, "null");
    else if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
        buffer_add_string(out, text);
    else if (text_parse_int(text, &integer))
        buffer_add_format(out, "%lld", (long long)integer);
    else if (text_parse_double(text, &number)) {
        text_format_double(number, digits);
        buffer_add_string(out, digits);
    } else
        tree_write_quoted(text, out);
}

void tree_write_json(const struct tree_node *node, struct buffer *out)
{
    if (node->kind == TREE_SCALAR) {
        write_scalar(node, out);
        return;
    }
    buffer_add_char(out, node->kind == TREE_LIST ? '[' : '{');
    for (const struct tree_node *child = node->first; child; child = child->next) {
        if (child != node->first)
            buffer_add_char(out, ',');
        if (node->kind == TREE_MAPPING) {
            tree_write_quoted(child->key, out);
            buffer_add_char(out, ':');
        }
        tree_write_json(child, out);
    }
    buffer_add_char(out, node->kind == TREE_LIST ? ']' : '}');
}
