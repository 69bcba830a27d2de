/*
 * YAML as a small tree: scalars, lists and mappings with the line of each.
 *
 * Why: configuration needs a corner of YAML. Anchors, aliases, tags, merge keys and second
 * documents are refused, and size, depth and the number of nodes are bounded, so that no file can
 * grow in memory.
 *
 * Memory: in the arena. Threads: any. Errors: INVALID_ARGUMENT with name and line.
 */
#ifndef PROMOTEROS_CONFIG_TREE_H
#define PROMOTEROS_CONFIG_TREE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/failure.h"

#include <stdbool.h>

#define TREE_MAX_DEPTH 16
#define TREE_MAX_NODES 4096

enum tree_kind { TREE_SCALAR, TREE_LIST, TREE_MAPPING };

struct tree_node {
    enum tree_kind kind;
    int line;
    const char *key; /* in a mapping */
    int key_line;
    const char *text; /* of a scalar */
    bool quoted;
    struct tree_node *first, *next; /* children, siblings */
};

/* *root is NULL for an empty file. */
enum pros_status tree_read(const char *text, size_t size, const char *name, struct arena *arena,
                           struct tree_node **root, struct failure *failure);
/* The text in double quotes, as both JSON and YAML read it: what YAML takes for a line break or
 * refuses is written as \\uXXXX. */
void tree_write_quoted(const char *text, struct buffer *out);
/* The node as JSON: plain scalars that are numbers, true, false or null are those, all else text.
 */
void tree_write_json(const struct tree_node *node, struct buffer *out);

#endif
