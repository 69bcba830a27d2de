#include "json/writer.h"

#include "base/text.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <string.h>

bool writer_refuse(struct writer *writer, const char *name, const char *problem)
{
    failure_set(writer->failure, PROS_INVALID_ARGUMENT, "MALFORMED_MESSAGE",
                "A message of type %s cannot be shown: field \"%s\" %s.", writer->root->full_name,
                name, problem);
    return false;
}

/* ---- layout ---- */

void writer_new_line(struct writer *writer)
{
    if (!writer->options->pretty)
        return;
    buffer_add_char(writer->out, '\n');
    for (unsigned i = 0; i < writer->indent; i++)
        buffer_add_string(writer->out, "  ");
}

void writer_open(struct writer *writer, char bracket)
{
    buffer_add_char(writer->out, bracket);
    writer->indent++;
}

void writer_close(struct writer *writer, char bracket, bool empty)
{
    writer->indent--;
    if (!empty)
        writer_new_line(writer);
    buffer_add_char(writer->out, bracket);
}

bool writer_name(struct writer *writer, const char *name, size_t size, size_t *written)
{
    if ((*written)++)
        buffer_add_char(writer->out, ',');
    writer_new_line(writer);
    if (!writer_text(writer, name, size))
        return false;
    buffer_add_string(writer->out, writer->options->pretty ? ": " : ":");
    return true;
}

/* ---- texts and bytes ---- */

static void write_escape(struct buffer *out, char c)
{
    static const char letters[] = "\"\"\\\\\nn\tt\rr"; /* what is meant, what is written */
    for (const char *pair = letters; *pair; pair += 2)
        if (*pair == c) {
            buffer_add_char(out, '\\');
            buffer_add_char(out, pair[1]);
            return;
        }
    buffer_add_format(out, "\\u%04x", (unsigned)(unsigned char)c);
}

static bool needs_escape(char c)
{
    return (unsigned char)c < 0x20 || c == '"' || c == '\\' || c == 0x7F;
}

bool writer_text(struct writer *writer, const char *text, size_t size)
{
    size_t written = 0; /* what is plain is added in runs */
    buffer_add_char(writer->out, '"');
    for (size_t i = 0; i < size;) {
        uint32_t point = 0;
        size_t length = utf8_read(text + i, size - i, &point);
        if (length == 0 || point == 0)
            return false;
        if (needs_escape(text[i])) {
            buffer_add(writer->out, text + written, i - written);
            write_escape(writer->out, text[i]);
            written = i + 1;
        }
        i += length;
    }
    if (size > written)
        buffer_add(writer->out, text + written, size - written);
    buffer_add_char(writer->out, '"');
    return true;
}

void writer_base64(struct buffer *out, const uint8_t *bytes, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    buffer_add_char(out, '"');
    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        uint32_t group = (uint32_t)bytes[i] << 16 | (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
                         (left > 2 ? (uint32_t)bytes[i + 2] : 0);
        char text[4] = {digits[group >> 18], digits[group >> 12 & 63],
                        left > 1 ? digits[group >> 6 & 63] : '=',
                        left > 2 ? digits[group & 63] : '='};
        buffer_add(out, text, sizeof text);
    }
    buffer_add_char(out, '"');
}

/* ---- numbers ---- */

/* An open enum: a number without a name is written as the number. */
static void write_enum(struct writer *writer, const struct schema_enum *enumeration, int64_t number)
{
    if (wellknown_is_null(enumeration) && number == 0) {
        buffer_add_string(writer->out, "null");
        return;
    }
    for (size_t i = 0; i < enumeration->value_count; i++)
        if (enumeration->values[i].number == number) {
            buffer_add_format(writer->out, "\"%s\"", enumeration->values[i].name);
            return;
        }
    buffer_add_format(writer->out, "%" PRId64, number);
}

static void write_double(struct writer *writer, double value)
{
    char text[32];
    text_format_double(value, text);
    bool word = text[0] == 'N' || text[0] == 'I' || text[1] == 'I';
    buffer_add_format(writer->out, word ? "\"%s\"" : "%s", text);
}

void writer_number(struct writer *writer, const struct schema_field *field, uint64_t value)
{
    switch (field->type) {
    case SCHEMA_DOUBLE:
    case SCHEMA_FLOAT:
        write_double(writer, record_double(field->type, value));
        return;
    case SCHEMA_BOOL:
        buffer_add_string(writer->out, value ? "true" : "false");
        return;
    case SCHEMA_ENUM:
        write_enum(writer, field->enumeration, (int64_t)value);
        return;
    case SCHEMA_INT64:
    case SCHEMA_SINT64:
    case SCHEMA_SFIXED64:
        buffer_add_format(writer->out, "\"%" PRId64 "\"", (int64_t)value);
        return;
    case SCHEMA_UINT64:
    case SCHEMA_FIXED64:
        buffer_add_format(writer->out, "\"%" PRIu64 "\"", value);
        return;
    default:
        buffer_add_format(writer->out, "%" PRId64, (int64_t)value);
    }
}
