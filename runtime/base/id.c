#include "base/id.h"

#include "base/clock.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ULID_CHARACTERS  26
#define MAX_PREFIX_BYTES 8

static void random_bytes(void *data, size_t size)
{
    if (sodium_init() < 0)
        abort(); /* no source of randomness: a broken machine */
    randombytes_buf(data, size);
}

void id_new(const char *prefix, char id[ID_TEXT_SIZE])
{
    static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    size_t length = strlen(prefix);
    assert(length <= MAX_PREFIX_BYTES);
    uint8_t ulid[16];
    random_bytes(ulid, sizeof ulid);
    uint64_t now_ms = (uint64_t)clock_now_ms();
    for (int i = 0; i < 6; i++)
        ulid[i] = (uint8_t)(now_ms >> (8 * (5 - i)));
    memcpy(id, prefix, length);
    id[length++] = '_';
    /* 26 characters of 5 bits are 130 bits: two zero bits come first. */
    for (int i = 0; i < ULID_CHARACTERS; i++) {
        int digit = 0;
        for (int bit = i * 5 - 2; bit < i * 5 + 3; bit++)
            digit = digit << 1 | (bit < 0 ? 0 : ulid[bit / 8] >> (7 - bit % 8) & 1);
        id[length++] = alphabet[digit];
    }
    id[length] = '\0';
}

void trace_id_new(char trace_id[TRACE_ID_TEXT_SIZE])
{
    uint8_t bytes[16];
    random_bytes(bytes, sizeof bytes);
    bytes[0] |= 1; /* W3C: all zero is no trace id */
    sodium_bin2hex(trace_id, TRACE_ID_TEXT_SIZE, bytes, sizeof bytes);
}

uint64_t random_seed(void)
{
    uint64_t seed;
    random_bytes(&seed, sizeof seed);
    return seed;
}

void digest_bytes(struct pros_bytes bytes, uint8_t digest[32])
{
    static const uint8_t nothing[1];
    crypto_hash_sha256(digest, bytes.size ? bytes.data : nothing, bytes.size);
}

void digest_text(struct pros_bytes bytes, char text[DIGEST_TEXT_SIZE])
{
    uint8_t digest[32];
    digest_bytes(bytes, digest);
    sodium_bin2hex(text, DIGEST_TEXT_SIZE, digest, sizeof digest);
}
