/*
 * Where in a JSON document we are: "shows[3].showDate".
 *
 * Why: an error in a long document is found by its path and line. A place is a link to the one
 * around it, kept on the stack of whoever walks, so that walking costs nothing and only an error
 * makes text.
 *
 * Memory: names are the document's. Threads: plain data. Errors: a path that is too long is cut.
 */
#ifndef PROMOTEROS_JSON_PLACE_H
#define PROMOTEROS_JSON_PLACE_H

#include <stddef.h>

#define JSON_PATH_SIZE 192
#define JSON_SPOT_SIZE 80
#define JSON_NAME_SIZE 61

struct json_place {
    const struct json_place *outer; /* NULL: the document */
    const char *name;               /* of a member; NULL: an element of a list */
    size_t name_size;
    size_t index; /* of an element */
};

/* A stranger's name or value for a sentence: cut between characters, no control characters. */
void json_place_copy_name(const char *text, size_t size, char name[JSON_NAME_SIZE]);
/* place may be NULL: "the JSON document". */
void json_place_path(const struct json_place *place, char path[JSON_PATH_SIZE]);
/* "at character 7"; in a document of several lines "at line 2, character 7". */
void json_place_spot(const char *text, size_t size, const char *at, char spot[JSON_SPOT_SIZE]);

#endif
