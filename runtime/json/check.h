/*
 * Is this text strict JSON, within limits?
 *
 * Why: it decides before any memory is spent; see json/parse.h for what a general parser lets pass.
 *
 * Memory: none; recursion is as deep as the limit. Threads: any. Errors: as of json_parse().
 */
#ifndef PROMOTEROS_JSON_CHECK_H
#define PROMOTEROS_JSON_CHECK_H

#include "json/parse.h"

/* Everything of json_parse() that does not need the tree: not the uniqueness of names and not the
 * range of numbers. All limits are set. */
enum pros_status json_check(const char *text, size_t size, const struct json_parse_limits *limits,
                            struct failure *failure);

#endif
