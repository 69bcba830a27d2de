#include "http/guard.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

/* The name without its port; empty when it is none. */
static struct span name_of(struct span host)
{
    const char *end;
    size_t size = host.size;
    if (size && *host.text == '[') {
        end = memchr(host.text, ']', size);
        size = end ? (size_t)(end + 1 - host.text) : 0;
    } else if (size && (end = memchr(host.text, ':', size))) {
        size = (size_t)(end - host.text);
    }
    struct span rest = {host.text + size, host.size - size};
    if (rest.size == 0)
        return (struct span){host.text, size};
    if (size == 0 || *rest.text != ':' || rest.size < 2 || rest.size > 6)
        return (struct span){0};
    for (size_t i = 1; i < rest.size; i++)
        if (rest.text[i] < '0' || rest.text[i] > '9')
            return (struct span){0};
    return (struct span){host.text, size};
}

static bool is_loopback(struct span name)
{
    char text[64];
    struct in_addr four;
    if (span_is_ignoring_case(name, "localhost") || span_is(name, "[::1]"))
        return true;
    return span_copy(name, text, sizeof text) && inet_pton(AF_INET, text, &four) == 1 &&
           ntohl(four.s_addr) >> 24 == 127;
}

/* The next word of a list separated by commas and blanks. */
static bool next_word(const char **at, struct span *word)
{
    *at += strspn(*at, ", \t");
    *word = (struct span){*at, strcspn(*at, ", \t")};
    *at += word->size;
    return word->size > 0;
}

static bool same(struct span a, struct span b)
{
    return a.size == b.size && strncasecmp(a.text, b.text, a.size) == 0;
}

bool guard_host(struct span host, const char *allowed)
{
    struct span name = host.size ? name_of(host) : host, word;
    if (name.size == 0)
        return false;
    if (is_loopback(name))
        return true;
    for (const char *at = allowed ? allowed : ""; next_word(&at, &word);)
        if (same(word, host) || same(word, name))
            return true;
    return false;
}

bool guard_origin(struct span origin, struct span host, const char *allowed)
{
    struct span word;
    for (const char *at = allowed ? allowed : ""; next_word(&at, &word);)
        if (same(word, origin))
            return true;
    size_t scheme = origin.size >= 8 && strncasecmp(origin.text, "https://", 8) == 0  ? 8
                    : origin.size >= 7 && strncasecmp(origin.text, "http://", 7) == 0 ? 7
                                                                                      : 0;
    return scheme && host.size &&
           same((struct span){origin.text + scheme, origin.size - scheme}, host);
}
