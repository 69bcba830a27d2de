#include "http/body.h"

void body_open(struct body *body, const struct head *head)
{
    *body = (struct body){.chunked = head->chunked, .left = head->content_length};
    if (head->chunked)
        body->part = BODY_SIZE;
    else if (head->content_length == 0)
        body->part = BODY_COMPLETE;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool take_size_digit(struct body *body, char c)
{
    int digit = hex_digit(c);
    if (digit >= 0 && body->digit_count < 8) {
        body->digit_count++;
        body->left = body->left * 16 + (unsigned)digit;
        return true;
    }
    if (body->digit_count == 0 || (c != ';' && c != '\r'))
        return false;
    body->part = c == '\r' ? BODY_SIZE_LF : BODY_EXTENSION;
    return true;
}

/* Extensions and trailers are read over: they mean nothing to us. */
static bool take_extra(struct body *body, char c, enum body_part next)
{
    if (c == '\r')
        body->part = next;
    else if ((c < ' ' && c != '\t' && c >= 0) || c == 0x7f)
        return false;
    else if (next == BODY_TRAILER_LF)
        body->trailer_size++;
    return ++body->extra_bytes <= BODY_MAX_EXTRA;
}

static bool take_line_feed(struct body *body, char c)
{
    if (c != '\n')
        return false;
    if (body->part == BODY_SIZE_LF) {
        body->part = body->left ? BODY_DATA : BODY_TRAILER;
    } else if (body->part == BODY_DATA_LF) {
        body->part = BODY_SIZE;
        body->digit_count = 0;
    } else {
        body->part = body->trailer_size ? BODY_TRAILER : BODY_COMPLETE;
        body->trailer_size = 0;
    }
    return true;
}

static bool take_framing(struct body *body, char c)
{
    switch (body->part) {
    case BODY_SIZE:
        return take_size_digit(body, c);
    case BODY_EXTENSION:
        return take_extra(body, c, BODY_SIZE_LF);
    case BODY_TRAILER:
        return take_extra(body, c, BODY_TRAILER_LF);
    case BODY_DATA_CR:
        body->part = BODY_DATA_LF;
        return c == '\r';
    case BODY_SIZE_LF:
    case BODY_DATA_LF:
    case BODY_TRAILER_LF:
        return take_line_feed(body, c);
    case BODY_DATA:
    case BODY_COMPLETE:
        break;
    }
    return false;
}

enum body_result body_feed(struct body *body, const char *data, size_t size, size_t *taken,
                           struct buffer *content)
{
    size_t at = 0;
    enum body_result result = BODY_MORE;
    while (at < size && body->part != BODY_COMPLETE && result == BODY_MORE) {
        if (body->part != BODY_DATA) {
            if (!take_framing(body, data[at++]))
                result = BODY_BAD;
            continue;
        }
        size_t piece = size - at < body->left ? size - at : (size_t)body->left;
        if (!buffer_add(content, data + at, piece))
            result = BODY_TOO_LARGE;
        at += piece;
        body->left -= piece;
        if (body->left == 0)
            body->part = body->chunked ? BODY_DATA_CR : BODY_COMPLETE;
    }
    *taken = at;
    return result == BODY_MORE && body->part == BODY_COMPLETE ? BODY_END : result;
}
