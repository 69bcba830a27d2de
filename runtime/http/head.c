#include "http/head.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

bool span_is(struct span span, const char *text)
{
    return span.text && span.size == strlen(text) && memcmp(span.text, text, span.size) == 0;
}

bool span_is_ignoring_case(struct span span, const char *text)
{
    return span.text && span.size == strlen(text) && strncasecmp(span.text, text, span.size) == 0;
}

static struct span trim(struct span span)
{
    while (span.size && (*span.text == ' ' || *span.text == '\t')) {
        span.text++;
        span.size--;
    }
    while (span.size && (span.text[span.size - 1] == ' ' || span.text[span.size - 1] == '\t'))
        span.size--;
    return span;
}

bool span_lists(struct span list, const char *word)
{
    const char *at = list.text, *end = at ? at + list.size : at;
    while (at < end) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const char *stop = comma ? comma : end;
        if (span_is_ignoring_case(trim((struct span){at, (size_t)(stop - at)}), word))
            return true;
        at = comma ? comma + 1 : end;
    }
    return false;
}

bool span_copy(struct span span, char *text, size_t size)
{
    if (span.size >= size)
        return false;
    if (span.size)
        memcpy(text, span.text, span.size);
    text[span.size] = '\0';
    return true;
}

struct span head_find(const struct head *head, const char *name, size_t *count)
{
    struct span found = {0};
    size_t seen = 0;
    for (size_t i = 0; i < head->field_count; i++)
        if (span_is_ignoring_case(head->fields[i].name, name) && seen++ == 0)
            found = head->fields[i].value;
    if (count)
        *count = seen;
    return found;
}

static bool refuse(struct refusal *refusal, int status, const char *reason, const char *sentence)
{
    *refusal = (struct refusal){status, reason, sentence};
    return false;
}

static bool refuse_line(struct refusal *refusal)
{
    return refuse(refusal, 400, "BAD_REQUEST_LINE",
                  "The first line of the request is not \"METHOD /path HTTP/1.1\"; check the "
                  "client that sent it.");
}

static bool refuse_field(struct refusal *refusal)
{
    return refuse(refusal, 400, "BAD_HEADER",
                  "A header line is not \"Name: value\" (no blank before the colon, no folded "
                  "lines, no control characters); check the client or proxy that sent it.");
}

/* RFC 9110, section 5.6.2. */
static bool is_token(struct span span)
{
    static const char marks[] = "!#$%&'*+-.^_`|~";
    for (size_t i = 0; i < span.size; i++) {
        char c = span.text[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (!c || !strchr(marks, c)))
            return false;
    }
    return span.size > 0;
}

static bool read_request_line(struct span line, struct head *head, struct refusal *refusal)
{
    const char *end = line.text + line.size;
    const char *first = memchr(line.text, ' ', line.size);
    if (!first)
        return refuse_line(refusal);
    head->method = (struct span){line.text, (size_t)(first - line.text)};
    const char *target = first + 1;
    const char *second = memchr(target, ' ', (size_t)(end - target));
    if (!second || !is_token(head->method) || head->method.size > 16)
        return refuse_line(refusal);
    struct span version = {second + 1, (size_t)(end - second - 1)};
    size_t target_size = (size_t)(second - target);
    if (version.size != 8 || memcmp(version.text, "HTTP/", 5) != 0)
        return refuse_line(refusal);
    if (!span_is(version, "HTTP/1.1") && !span_is(version, "HTTP/1.0"))
        return refuse(refusal, 505, "HTTP_VERSION", "This door speaks HTTP/1.1; use that.");
    head->minor_version = version.text[7] - '0';
    if (target_size > HEAD_MAX_TARGET)
        return refuse(refusal, 414, "TARGET_TOO_LONG",
                      "The address of the request is longer than 2048 characters; send data in "
                      "the body.");
    for (size_t i = 0; i < target_size; i++)
        if (target[i] <= ' ' || target[i] >= 0x7f || target[i] == '#')
            return refuse_line(refusal);
    if (target_size == 0 || (*target != '/' && !(target_size == 1 && *target == '*')))
        return refuse(refusal, 400, "BAD_TARGET",
                      "The request names no path that begins with \"/\"; this is a server, not a "
                      "proxy.");
    const char *query = memchr(target, '?', target_size);
    head->path = (struct span){target, query ? (size_t)(query - target) : target_size};
    return true;
}

static bool read_field(struct span line, struct head *head, struct refusal *refusal)
{
    const char *colon = memchr(line.text, ':', line.size);
    if (!colon)
        return refuse_field(refusal);
    struct head_field field;
    field.name = (struct span){line.text, (size_t)(colon - line.text)};
    field.value = trim((struct span){colon + 1, line.size - field.name.size - 1});
    if (!is_token(field.name))
        return refuse_field(refusal);
    for (size_t i = 0; i < field.value.size; i++) {
        unsigned char c = (unsigned char)field.value.text[i];
        if ((c < ' ' && c != '\t') || c == 0x7f)
            return refuse_field(refusal);
    }
    if (head->field_count == HEAD_MAX_FIELDS)
        return refuse(refusal, 431, "TOO_MANY_HEADERS",
                      "The request has more than 64 header lines; send fewer.");
    head->fields[head->field_count++] = field;
    return true;
}

static bool read_length(struct span text, uint64_t *length)
{
    uint64_t value = 0;
    if (text.size == 0 || text.size > 18)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        if (text.text[i] < '0' || text.text[i] > '9')
            return false;
        value = value * 10 + (uint64_t)(text.text[i] - '0');
    }
    *length = value;
    return true;
}

static bool read_framing(struct head *head, struct refusal *refusal)
{
    size_t lengths, codings;
    struct span length = head_find(head, "content-length", &lengths);
    struct span coding = head_find(head, "transfer-encoding", &codings);
    if (lengths && codings)
        return refuse(refusal, 400, "AMBIGUOUS_LENGTH",
                      "The request has both Content-Length and Transfer-Encoding, so its end is "
                      "not certain; send one of them.");
    if (lengths > 1 || (lengths && !read_length(length, &head->content_length)))
        return refuse(refusal, 400, "BAD_CONTENT_LENGTH",
                      "Content-Length is not one decimal number; check the client or proxy that "
                      "sent it.");
    if (!codings)
        return true;
    if (codings > 1 || head->minor_version == 0)
        return refuse(refusal, 400, "AMBIGUOUS_LENGTH",
                      "Transfer-Encoding is given twice or in HTTP/1.0, so the end of the request "
                      "is not certain; send Content-Length.");
    if (!span_is_ignoring_case(coding, "chunked"))
        return refuse(refusal, 501, "TRANSFER_ENCODING",
                      "The only transfer encoding that is understood is chunked; send that, or "
                      "Content-Length.");
    head->chunked = true;
    return true;
}

static bool read_meaning(struct head *head, struct refusal *refusal)
{
    size_t hosts, expectations;
    head->host = head_find(head, "host", &hosts);
    if (hosts > 1 || (hosts == 0 && head->minor_version > 0))
        return refuse(refusal, 400, "BAD_HOST",
                      "The request must have exactly one Host header; check the client or proxy "
                      "that sent it.");
    struct span connection = head_find(head, "connection", NULL);
    head->keep_alive = head->minor_version > 0 ? !span_lists(connection, "close")
                                               : span_lists(connection, "keep-alive");
    struct span expectation = head_find(head, "expect", &expectations);
    head->expects_continue = expectations && span_is_ignoring_case(expectation, "100-continue");
    if (expectations && !head->expects_continue)
        return refuse(refusal, 417, "EXPECTATION",
                      "The only expectation that is understood is 100-continue; leave Expect out.");
    return read_framing(head, refusal);
}

/* The line at *at without its CR LF; false for a line that ends or goes on in another way. */
static bool next_line(const char **at, const char *end, struct span *line)
{
    const char *stop = memchr(*at, '\n', (size_t)(end - *at));
    if (!stop || stop == *at || stop[-1] != '\r')
        return false;
    *line = (struct span){*at, (size_t)(stop - 1 - *at)};
    *at = stop + 1;
    return !memchr(line->text, '\r', line->size) && !memchr(line->text, '\0', line->size);
}

static bool read_lines(const char *data, size_t size, struct head *head, struct refusal *refusal)
{
    const char *at = data, *end = data + size;
    struct span line;
    if (!next_line(&at, end, &line))
        return refuse_line(refusal);
    if (!read_request_line(line, head, refusal))
        return false;
    while (at < end) {
        if (!next_line(&at, end, &line))
            return refuse_field(refusal);
        if (line.size == 0)
            break;
        if (!read_field(line, head, refusal))
            return false;
    }
    return read_meaning(head, refusal);
}

enum head_result head_read(const char *data, size_t size, size_t *scanned, struct head *head,
                           size_t *head_size, struct refusal *refusal)
{
    size_t from = *scanned > 3 ? *scanned - 3 : 0;
    const char *end = size > from ? memmem(data + from, size - from, "\r\n\r\n", 4) : NULL;
    *head = (struct head){0};
    *scanned = size;
    if ((!end && size > HEAD_MAX_BYTES) || (end && (size_t)(end - data) + 4 > HEAD_MAX_BYTES)) {
        refuse(refusal, 431, "HEADERS_TOO_LARGE",
               "The headers of the request are larger than 16 KiB; send less in them, for example "
               "fewer cookies.");
        return HEAD_REFUSED;
    }
    if (!end) {
        /* What ends lines by LF alone would otherwise wait here for its time-out. */
        if (size > from && memmem(data + from, size - from, "\n\n", 2)) {
            refuse_field(refusal);
            return HEAD_REFUSED;
        }
        return HEAD_INCOMPLETE;
    }
    *head_size = (size_t)(end - data) + 4;
    return read_lines(data, *head_size, head, refusal) ? HEAD_READ : HEAD_REFUSED;
}
