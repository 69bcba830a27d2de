/*
 * Names for new things, and digests.
 *
 * Why: ids sort by time of creation (ULID: 48 bits of milliseconds, 80 random bits, Crockford's
 * base 32) and say what they name ("ar_", "sh_"); trace ids are W3C's 16 random bytes; digests bind
 * evidence to traces.
 *
 * Memory: fixed-size text given by the caller. Threads: any. Errors: none; the kernel's randomness
 * does not fail.
 */
#ifndef PROMOTEROS_BASE_ID_H
#define PROMOTEROS_BASE_ID_H

#include <promoteros/agent.h>
#include <stddef.h>
#include <stdint.h>

#define ID_TEXT_SIZE       40 /* prefix, "_", 26 characters, NUL */
#define TRACE_ID_TEXT_SIZE 33
#define DIGEST_TEXT_SIZE   65

/* prefix has at most 8 characters: id_new("ar", id) -> "ar_01JD8Z5Y3M...". */
void id_new(const char *prefix, char id[ID_TEXT_SIZE]);
void trace_id_new(char trace_id[TRACE_ID_TEXT_SIZE]);
uint64_t random_seed(void);
/* SHA-256, lower-case hexadecimal. */
void digest_text(struct pros_bytes bytes, char text[DIGEST_TEXT_SIZE]);
void digest_bytes(struct pros_bytes bytes, uint8_t digest[32]);

#endif
