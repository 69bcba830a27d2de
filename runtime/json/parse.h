/*
 * JSON text to cJSON's tree, strictly: the one way by which JSON enters.
 *
 * Why: cJSON accepts what loses data: \u0000 that cuts a text, bytes that are not UTF-8, duplicate
 * members, leading zeros, text behind the value, 1e400 as infinity; and it takes 80 bytes for a
 * value of two. So the text is checked first, in one pass and within limits; then cJSON parses;
 * then the tree is checked for what only decoded names and numbers show.
 *
 * The tree differs from a plain one in one point: a number's valuestring is its text as written
 * (json_number_text() copies it), so that no digit is lost; valueint is not its value. Look up
 * members with cJSON_GetObjectItemCaseSensitive() only, and never print with cJSON, which writes 15
 * digits.
 *
 * Memory: the caller frees the tree with cJSON_Delete(); the text must live as long as the tree. A
 * value costs at most about 150 bytes beside its text. Threads: any, as long as nobody uses cJSON's
 * global error pointer or sets its hooks. Errors: INVALID_ARGUMENT and RESOURCE_EXHAUSTED (too
 * large, too many values) say where: "shows[3].name: has a text without an end (at line 2,
 * character 7)."
 */
#ifndef PROMOTEROS_JSON_PARSE_H
#define PROMOTEROS_JSON_PARSE_H

#include "base/failure.h"

#include <stddef.h>

/* cJSON reads no longer numbers; the NUL included. */
#define JSON_NUMBER_SIZE 64

struct cJSON;

struct json_parse_limits {
    size_t max_bytes;       /* 0 means 16 MiB */
    unsigned max_depth;     /* lists and objects within one another; 0 means 64, at most 512 */
    size_t max_value_count; /* 0 means 1000000 */
};

/*
 * Accepts RFC 8259 in UTF-8 without a byte order mark, and of that only what keeps its meaning: no
 * \u0000, no half surrogate pairs, unique names in each object, numbers that are finite as doubles
 * and have at most 63 characters. limits may be NULL. On failure the tree is NULL.
 */
enum pros_status json_parse(const char *text, size_t size, const struct json_parse_limits *limits,
                            struct cJSON **tree, struct failure *failure);

/* The text of a number of a parsed tree, as it was written. */
void json_number_text(const struct cJSON *number, char text[JSON_NUMBER_SIZE]);

#endif
