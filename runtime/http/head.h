/*
 * The head of an HTTP/1.1 request: request line and header fields, read strictly.
 *
 * Why: a server and the proxy before it must agree where a request ends, or one caller's bytes
 * become another's request (smuggling). libwebsockets' own parser takes bare line feeds, blanks
 * before colons, folded lines and any text behind Content-Length's digits, so this door reads heads
 * itself and refuses whatever can be read in two ways (RFC 9112).
 *
 * Memory: names and values point into the bytes that were given. Threads: any. Errors: a refusal
 * names the HTTP status, a reason and a sentence; the connection cannot go on after it.
 */
#ifndef PROMOTEROS_HTTP_HEAD_H
#define PROMOTEROS_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEAD_MAX_BYTES  ((size_t)16384)
#define HEAD_MAX_TARGET ((size_t)2048)
#define HEAD_MAX_FIELDS 64

struct span {
    const char *text;
    size_t size;
};

struct head_field {
    struct span name, value;
};

struct head {
    struct span method;
    struct span path; /* of the target, as it came; begins with '/' */
    int minor_version;
    struct head_field fields[HEAD_MAX_FIELDS];
    size_t field_count;
    struct span host;      /* without one (HTTP/1.0): empty */
    bool keep_alive;       /* as the caller wishes */
    bool chunked;          /* else the body has content_length bytes */
    bool expects_continue; /* waits for 100 before it sends the body */
    uint64_t content_length;
};

struct refusal {
    int status; /* of HTTP */
    const char *reason;
    const char *sentence;
};

enum head_result { HEAD_INCOMPLETE, HEAD_READ, HEAD_REFUSED };

/*
 * Reads the head at the start of the bytes. *scanned is where the search for its end left off (0
 * for a new head) and is kept between calls, so that one byte at a time costs no more than all at
 * once. *head_size includes the empty line.
 */
enum head_result head_read(const char *data, size_t size, size_t *scanned, struct head *head,
                           size_t *head_size, struct refusal *refusal);

/* The value of the only field of this name (lower case); text is NULL when there is none. Of
 * several, the first; *count, which may be NULL, says how many. */
struct span head_find(const struct head *head, const char *name, size_t *count);

bool span_is(struct span span, const char *text); /* exactly */
bool span_is_ignoring_case(struct span span, const char *text);
/* Whether a list separated by commas (and blanks) has this word, in any case. */
bool span_lists(struct span list, const char *word);
/* Copies with a NUL; false when it does not fit. */
bool span_copy(struct span span, char *text, size_t size);

#endif
