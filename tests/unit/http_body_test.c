/* Bodies of requests, by length and in chunks, in pieces of any size. */
#include "unit/check.h"

#include "http/body.h"

#define MAX_BYTES 16

struct outcome {
    enum body_result result;
    size_t taken;
    char content[MAX_BYTES + 1];
};

static struct outcome feed(const struct head *head, const char *text, size_t piece)
{
    struct outcome outcome = {.result = BODY_MORE};
    struct body body;
    struct buffer content;
    size_t size = strlen(text);
    buffer_open(&content, MAX_BYTES);
    body_open(&body, head);
    while (outcome.result == BODY_MORE && outcome.taken < size) {
        size_t taken = 0, left = size - outcome.taken;
        outcome.result =
            body_feed(&body, text + outcome.taken, left < piece ? left : piece, &taken, &content);
        outcome.taken += taken;
        if (taken == 0)
            break;
    }
    if (content.size)
        memcpy(outcome.content, content.data, content.size);
    buffer_close(&content);
    return outcome;
}

static void by_length(void)
{
    const struct head head = {.content_length = 5}, none = {0}, large = {.content_length = 17};
    struct outcome outcome = feed(&head, "helloGET", 3);
    CHECK_INT(outcome.result, BODY_END);
    CHECK_INT(outcome.taken, 5);
    CHECK_STR(outcome.content, "hello");
    CHECK_INT(feed(&head, "hell", 100).result, BODY_MORE);
    CHECK_INT(feed(&none, "x", 1).result, BODY_END);
    CHECK_INT(feed(&none, "x", 1).taken, 0);
    CHECK_INT(feed(&large, "0123456789abcdefg", 100).result, BODY_TOO_LARGE);
}

static void in_chunks(void)
{
    static const struct {
        const char *text;
        enum body_result result;
        const char *content;
    } cases[] = {
        {"5\r\nhello\r\n0\r\n\r\n", BODY_END, "hello"},
        {"0\r\n\r\n", BODY_END, ""},
        {"00002\r\nhe\r\n3;x=\"y\"\r\nllo\r\n000\r\nTrailer: 1\r\nB: 2\r\n\r\n", BODY_END, "hello"},
        {"A\r\n0123456789\r\na\r\n0123456789\r\n", BODY_TOO_LARGE, NULL},
        {"5\r\nhel", BODY_MORE, "hel"},
        {"5\nhello\r\n0\r\n\r\n", BODY_BAD, ""},
        {"5\r\nhelloX0\r\n\r\n", BODY_BAD, "hello"},
        {"5\r\nhello\n0\r\n\r\n", BODY_BAD, "hello"},
        {"\r\n", BODY_BAD, ""},
        {"-1\r\n", BODY_BAD, ""},
        {"0x5\r\nhello", BODY_BAD, ""},
        {" 5\r\nhello", BODY_BAD, ""},
        {"5 \r\nhello", BODY_BAD, ""},
        {"100000000\r\n", BODY_BAD, ""},
        {"5;\x01\r\nhello", BODY_BAD, ""},
        {"0\r\nTrailer\n\r\n", BODY_BAD, ""},
    };
    const struct head head = {.chunked = true};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t piece = 1; piece < 40; piece++) {
            struct outcome outcome = feed(&head, cases[i].text, piece);
            CHECK_INT(outcome.result, cases[i].result);
            /* How much was kept of what is too large depends on the pieces. */
            if (cases[i].content && !CHECK_STR(outcome.content, cases[i].content))
                fprintf(stderr, "    case %zu in pieces of %zu\n", i, piece);
        }
}

static void costs(void)
{
    static char text[BODY_MAX_EXTRA + 100];
    const struct head head = {.chunked = true};
    memset(text, 'x', sizeof text - 1);
    memcpy(text, "5;", 2);
    CHECK_INT(feed(&head, text, 1000).result, BODY_BAD);
    memcpy(text, "0\r\n", 3);
    CHECK_INT(feed(&head, text, 1000).result, BODY_BAD);
}

CHECK_MAIN(by_length, in_chunks, costs)
