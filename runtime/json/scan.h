/*
 * JSON's tokens, strictly.
 *
 * Why: general parsers accept what loses data: \u0000 that cuts a text, duplicate members, raw
 * control characters, numbers that do not fit. Reading straight from the text also needs no tree,
 * so a stranger's document costs no more memory than the message that it becomes.
 *
 * Memory: decoded text goes to a buffer of the caller's. Threads: any. Errors: false; problem says
 * what is wrong at the place where the scan stands.
 */
#ifndef PROMOTEROS_JSON_SCAN_H
#define PROMOTEROS_JSON_SCAN_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

#define SCAN_NUMBER_SIZE 128

struct json_scan {
    const char *start, *at, *end;
    const char *problem;
};

/* The character that the next token starts with, behind blanks; 0 at the end. */
char json_scan_peek(struct json_scan *scan);
/* Takes one character of punctuation; false, without a problem, when it is another one. */
bool json_scan_take(struct json_scan *scan, char wanted);
/* true, false or null. */
bool json_scan_take_word(struct json_scan *scan, const char *word);
/* Decodes a text; it contains no NUL. */
bool json_scan_text(struct json_scan *scan, struct buffer *text);
/* Copies a number as it is written. */
bool json_scan_number(struct json_scan *scan, char number[SCAN_NUMBER_SIZE]);

#endif
