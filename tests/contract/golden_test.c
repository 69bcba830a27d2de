/* Golden JSON of every message of promoteros.v1: text -> wire -> text gives the same bytes. */
#include "base/buffer.h"
#include "contract/sample.h"
#include "unit/check.h"
#include "json/json.h"
#include "json/wire.h"

#include <dirent.h>
#include <unistd.h>

#define MAX_BYTES ((size_t)16 << 20)

extern const unsigned char promoteros_descriptor_set[], promoteros_descriptor_set_end[];

static const struct json_options pretty = {.pretty = true};
static const char *folder;
static bool update;
static size_t file_count;

static void read_file(const char *path, struct buffer *text)
{
    FILE *file = fopen(path, "rb");
    char part[4096];
    size_t size;
    while (file && (size = fread(part, 1, sizeof part, file)) > 0)
        buffer_add(text, part, size);
    if (file)
        fclose(file);
}

static void write_file(const char *path, const struct buffer *text)
{
    FILE *file = fopen(path, "wb");
    CHECK(file && fwrite(text->data, 1, text->size, file) == text->size);
    if (file)
        fclose(file);
}

static struct pros_bytes bytes_of(const struct buffer *buffer)
{
    return (struct pros_bytes){buffer->data, buffer->size};
}

/* The file reads back to the same text, and its wire form passes the pre-scan. */
static void check_round_trip(const struct schema_message *message, const struct buffer *text)
{
    struct buffer wire, again;
    struct failure failure = {0};
    buffer_open(&wire, MAX_BYTES);
    buffer_open(&again, MAX_BYTES);
    if (json_read(message, text->data, text->size, &wire, &failure) != PROS_OK ||
        wire_scan(message, bytes_of(&wire), NULL, &failure) != PROS_OK ||
        json_write(message, bytes_of(&wire), &pretty, &again, &failure) != PROS_OK)
        fprintf(stderr, "%s: %s\n", message->full_name, failure.sentence);
    buffer_add_char(&again, '\n');
    CHECK_STR(again.data, text->data);
    buffer_close(&wire);
    buffer_close(&again);
}

static void check_variant(const struct schema_message *message, size_t variant)
{
    char path[1024];
    struct buffer wire, made, found;
    struct failure failure = {0};
    const char *name = strrchr(message->full_name, '.') + 1;
    const struct schema_field *chosen = sample_chosen(message, variant);
    snprintf(path, sizeof path, "%s/%s%s%s.json", folder, name, variant ? "." : "",
             variant && chosen ? chosen->json_name : "");
    buffer_open(&wire, MAX_BYTES);
    buffer_open(&made, MAX_BYTES);
    buffer_open(&found, MAX_BYTES);
    sample_add(message, variant, &wire);
    CHECK(json_write(message, bytes_of(&wire), &pretty, &made, &failure) == PROS_OK);
    buffer_add_char(&made, '\n');
    if (update)
        write_file(path, &made);
    read_file(path, &found);
    file_count++;
    if (!CHECK(found.size > 0)) {
        fprintf(stderr, "%s is missing; run with --update\n", path);
    } else {
        if (!CHECK_STR(found.data, made.data))
            fprintf(stderr, "%s: the contract has changed; run with --update\n", path);
        check_round_trip(message, &found);
    }
    buffer_close(&wire);
    buffer_close(&made);
    buffer_close(&found);
}

/* Every message that a method can reach. */
static const struct schema_message *reached[1024];
static size_t reached_count;

static void reach(const struct schema_message *message)
{
    for (size_t i = 0; i < reached_count; i++)
        if (reached[i] == message)
            return;
    if (strncmp(message->full_name, "promoteros.v1.", 14) != 0 ||
        !CHECK(reached_count < sizeof reached / sizeof *reached))
        return;
    reached[reached_count++] = message;
    for (size_t i = 0; i < message->field_count; i++)
        if (message->fields[i].message)
            reach(message->fields[i].message);
}

static void reach_service(const struct schema *schema, const char *service)
{
    const struct schema_method *method;
    for (size_t i = 0; (method = schema_method_at(schema, i)); i++)
        if (strncmp(method->path, service, strlen(service)) == 0 &&
            method->path[strlen(service)] == '/') {
            reach(method->input);
            reach(method->output);
        }
}

static void check_no_leftovers(void)
{
    size_t count = 0;
    struct dirent *entry;
    DIR *directory = opendir(folder);
    while (directory && (entry = readdir(directory)))
        count += entry->d_name[0] != '.';
    if (directory)
        closedir(directory);
    if (!CHECK_INT(count, file_count))
        fprintf(stderr, "%s holds files of messages that are gone; delete them\n", folder);
}

int main(int argument_count, char **arguments)
{
    update = argument_count == 3 && strcmp(arguments[1], "--update") == 0;
    if (argument_count != 2 + (int)update) {
        fprintf(stderr, "usage: contract_golden [--update] FOLDER\n");
        return 2;
    }
    folder = arguments[argument_count - 1];
    struct failure failure = {0};
    struct schema *schema = schema_load(
        (struct pros_bytes){promoteros_descriptor_set,
                            (size_t)(promoteros_descriptor_set_end - promoteros_descriptor_set)},
        &failure);
    if (!CHECK(schema != NULL)) {
        fprintf(stderr, "%s\n", failure.sentence);
        return 1;
    }
    const char *service;
    for (size_t i = 0; (service = schema_service_name(schema, i)); i++)
        reach_service(schema, service);
    for (size_t i = 0; i < reached_count; i++)
        for (size_t variant = 0; variant < sample_variant_count(reached[i]); variant++)
            check_variant(reached[i], variant);
    check_no_leftovers();
    printf("%zu messages, %zu files, %d checks, %d failed\n", reached_count, file_count,
           check_count, check_failures);
    schema_close(schema);
    return check_failures != 0;
}
