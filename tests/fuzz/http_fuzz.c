/* Requests of a stranger: whatever the bytes, heads and bodies are read within their bounds, and
 * the pieces in which the bytes come make no difference (two readers that differ are how requests
 * are smuggled). The first byte is the size of the pieces. */
#include "http/body.h"
#include "http/guard.h"
#include "http/head.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MAX_CONTENT 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct request {
    enum head_result head_result;
    int refusal;
    size_t head_size;
    enum body_result body_result;
    size_t taken;
    struct buffer content;
};

static void expect(bool condition)
{
    if (!condition)
        abort();
}

static void check_head(const struct head *head, const char *text, size_t head_size)
{
    expect(head_size <= HEAD_MAX_BYTES && head->field_count <= HEAD_MAX_FIELDS);
    expect(head->path.size > 0 && head->path.size <= HEAD_MAX_TARGET);
    expect(!head->chunked || head->content_length == 0);
    for (size_t i = 0; i < head->field_count; i++) {
        struct span name = head->fields[i].name, value = head->fields[i].value;
        expect(name.text >= text && value.text + value.size <= text + head_size);
        expect(name.size > 0 && !memchr(value.text, '\n', value.size));
    }
    if (guard_host(head->host, "booking.example"))
        expect(head->host.size > 0);
    guard_origin(head_find(head, "origin", NULL), head->host, "https://booking.example");
}

static void read_body(struct request *request, const struct head *head, const char *text,
                      size_t size, size_t piece)
{
    struct body body;
    body_open(&body, head);
    request->body_result = body.part == BODY_COMPLETE ? BODY_END : BODY_MORE;
    while (request->body_result == BODY_MORE && request->taken < size) {
        size_t taken = 0, left = size - request->taken;
        request->body_result = body_feed(&body, text + request->taken, left < piece ? left : piece,
                                         &taken, &request->content);
        expect(taken > 0 && taken <= left);
        request->taken += taken;
    }
}

static void read_request(struct request *request, const char *text, size_t size, size_t piece)
{
    struct head head;
    struct refusal refusal = {0};
    size_t scanned = 0, given = 0;
    *request = (struct request){.head_result = HEAD_INCOMPLETE};
    buffer_open(&request->content, MAX_CONTENT);
    while (request->head_result == HEAD_INCOMPLETE && given < size) {
        given = size - given < piece ? size : given + piece;
        request->head_result =
            head_read(text, given, &scanned, &head, &request->head_size, &refusal);
    }
    request->refusal = refusal.status;
    if (request->head_result == HEAD_REFUSED)
        expect(refusal.status >= 400 && refusal.status <= 505 && refusal.reason &&
               refusal.sentence);
    if (request->head_result != HEAD_READ)
        return;
    check_head(&head, text, request->head_size);
    read_body(request, &head, text + request->head_size, size - request->head_size, piece);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct request whole, pieces;
    if (size < 2)
        return 0;
    /* A copy of the exact size, so that a read past its end is seen. */
    char *text = malloc(size - 1);
    expect(text != NULL);
    memcpy(text, data + 1, size - 1);
    read_request(&whole, text, size - 1, size);
    read_request(&pieces, text, size - 1, data[0] ? data[0] : 1);
    /* What is refused may be refused earlier, for another reason. */
    expect((whole.head_result == HEAD_READ) == (pieces.head_result == HEAD_READ));
    if (whole.head_result == HEAD_READ) {
        expect(whole.head_size == pieces.head_size && whole.body_result == pieces.body_result);
        if (whole.body_result == BODY_END)
            expect(whole.taken == pieces.taken && whole.content.size == pieces.content.size &&
                   (whole.content.size == 0 ||
                    memcmp(whole.content.data, pieces.content.data, whole.content.size) == 0));
    }
    buffer_close(&whole.content);
    buffer_close(&pieces.content);
    free(text);
    return 0;
}
