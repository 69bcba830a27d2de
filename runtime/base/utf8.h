/*
 * One character of UTF-8 at a time, strictly.
 *
 * Why: validation, folding and cutting must agree on what a character is.
 *
 * Memory: none. Threads: any. Errors: 0 for bytes that are not UTF-8 (surrogates, over-long forms
 * and characters beyond U+10FFFF included).
 */
#ifndef PROMOTEROS_BASE_UTF8_H
#define PROMOTEROS_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Reads the character at the start of size bytes; returns its length in bytes. */
static inline size_t utf8_read(const char *text, size_t size, uint32_t *point)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *bytes = (const unsigned char *)text;
    if (size == 0)
        return 0;
    if (bytes[0] < 0x80) {
        *point = bytes[0];
        return 1;
    }
    size_t length = bytes[0] >= 0xF0 ? 4 : bytes[0] >= 0xE0 ? 3 : 2;
    if (bytes[0] < 0xC2 || bytes[0] > 0xF4 || length > size)
        return 0;
    uint32_t sum = bytes[0] & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return 0;
        sum = sum << 6 | (bytes[i] & 0x3Fu);
    }
    if (sum < least[length] || sum > 0x10FFFF || (sum >= 0xD800 && sum <= 0xDFFF))
        return 0;
    *point = sum;
    return length;
}

#endif
