#include "json/place.h"

#include "base/buffer.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool is_plain(const char *name)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@";
    return *name && name[strspn(name, plain)] == '\0';
}

void json_place_copy_name(const char *text, size_t size, char name[JSON_NAME_SIZE])
{
    size_t cut = size < JSON_NAME_SIZE ? size : JSON_NAME_SIZE - 1;
    while (cut < size && cut > 0 && ((unsigned char)text[cut] & 0xC0) == 0x80)
        cut--;
    for (size_t i = 0; i < cut; i++)
        name[i] = (unsigned char)text[i] < 0x20 || text[i] == 0x7F ? '?' : text[i];
    name[cut] = '\0';
}

static void add(const struct json_place *place, struct buffer *path)
{
    char name[JSON_NAME_SIZE];
    if (place->outer)
        add(place->outer, path);
    if (!place->name) {
        buffer_add_format(path, "[%zu]", place->index);
        return;
    }
    json_place_copy_name(place->name, place->name_size, name);
    bool plain = is_plain(name);
    buffer_add_format(path, plain ? "%s%s" : "%s[\"%s\"]", plain && path->size ? "." : "", name);
}

void json_place_path(const struct json_place *place, char path[JSON_PATH_SIZE])
{
    struct buffer text;
    if (!place) {
        snprintf(path, JSON_PATH_SIZE, "the JSON document");
        return;
    }
    buffer_open(&text, JSON_PATH_SIZE - 1 - strlen("..."));
    add(place, &text);
    snprintf(path, JSON_PATH_SIZE, "%s%s", text.data ? text.data : "",
             text.overflowed ? "..." : "");
    buffer_close(&text);
}

void json_place_spot(const char *text, size_t size, const char *at, char spot[JSON_SPOT_SIZE])
{
    size_t line = 1, character = 1;
    for (const char *c = text; c < at; c++) {
        character += ((unsigned char)*c & 0xC0) != 0x80; /* the first byte of each */
        if (*c == '\n') {
            line++;
            character = 1;
        }
    }
    if (size && memchr(text, '\n', size))
        snprintf(spot, JSON_SPOT_SIZE, "at line %zu, character %zu", line, character);
    else
        snprintf(spot, JSON_SPOT_SIZE, "at character %zu", character);
}
