/* Page tokens: the list's letter, then the two keys in hexadecimal with a NUL between. */
#include "services/page.h"

#include "base/text.h"

#include <string.h>

enum { TOKEN_BYTES_MAX = 1024 };

char *page_token_new(struct arena *arena, char list, const char *first, const char *second)
{
    static const char digits[] = "0123456789abcdef";
    size_t first_size = strlen(first) + 1, size = first_size + strlen(second);
    char *token = arena_alloc(arena, 2 * size + 2), *out = token;
    *out++ = list;
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)(i < first_size ? first[i] : second[i - first_size]);
        *out++ = digits[byte >> 4];
        *out++ = digits[byte & 15];
    }
    return token;
}

static int digit_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* The text that the hexadecimal digits stand for; NULL when they are none. */
static char *decode(struct arena *arena, const char *digits, size_t size)
{
    char *text = arena_alloc(arena, size + 1);
    for (size_t i = 0; i < size; i++) {
        int high = digit_value(digits[2 * i]), low = digit_value(digits[2 * i + 1]);
        if (high < 0 || low < 0)
            return NULL;
        text[i] = (char)(high << 4 | low);
    }
    return text;
}

enum pros_status page_token_parse(struct arena *arena, char list, const char *token,
                                  const char **first, const char **second, struct failure *failure)
{
    size_t length = strlen(token);
    if (length >= 3 && length <= TOKEN_BYTES_MAX && token[0] == list && length % 2 == 1) {
        size_t size = length / 2;
        char *text = decode(arena, token + 1, size);
        const char *end = text ? memchr(text, 0, size) : NULL;
        /* Exactly one NUL, and something behind it. */
        if (end && end + 1 < text + size && strlen(end + 1) == (size_t)(text + size - end - 1)) {
            *first = text;
            *second = end + 1;
            return PROS_OK;
        }
    }
    return failure_set(failure, PROS_INVALID_ARGUMENT, "BAD_PAGE_TOKEN",
                       "page_token is none of this list's; take next_page_token of the previous "
                       "answer, or leave it empty for the first page.");
}

enum pros_status page_token_parse_number(struct arena *arena, char list, const char *token,
                                         int64_t *first, const char **second,
                                         struct failure *failure)
{
    const char *number = NULL;
    TRY(page_token_parse(arena, list, token, &number, second, failure));
    if (text_parse_int(number, first))
        return PROS_OK;
    return failure_set(failure, PROS_INVALID_ARGUMENT, "BAD_PAGE_TOKEN",
                       "page_token is damaged; leave it empty for the first page.");
}
