/* Random messages of every type: wire -> JSON -> wire -> JSON gives the same text. */
#include "contract/json_fixture.h"
#include "unit/check.h"
#include "json/wire.h"

#include <google/protobuf/descriptor.pb-c.h>

#define ROUNDS 200 /* of each type */

typedef Google__Protobuf__DescriptorProto message_proto;

static struct buffer set;
static struct schema *schema;
static struct buffer wire, text, again_wire, again;
static size_t type_count, message_count, most_bytes;

static bool is_scan_stricter(const struct failure *failure)
{
    return strcmp(failure->reason, "UNKNOWN_ENUM_VALUE") == 0 ||
           strcmp(failure->reason, "NUMBER_NOT_FINITE") == 0;
}

static void check_message(const struct schema_message *message, uint64_t seed)
{
    static const struct json_options layouts[] = {{0}, {.pretty = true}, {.all_fields = true}};
    const struct json_options *layout = &layouts[seed % 3];
    struct failure failure = {0};
    buffer_clear(&wire);
    buffer_clear(&text);
    buffer_clear(&again_wire);
    buffer_clear(&again);
    random_message_add(message, seed, &wire);
    if (!CHECK_INT(json_write(message, fixture_bytes(&wire), layout, &text, &failure), PROS_OK) ||
        !CHECK_INT(json_read(message, text.data, text.size, &again_wire, &failure), PROS_OK) ||
        !CHECK(wire_scan(message, fixture_bytes(&again_wire), NULL, &failure) == PROS_OK ||
               is_scan_stricter(&failure)) ||
        !CHECK_INT(json_write(message, fixture_bytes(&again_wire), layout, &again, &failure),
                   PROS_OK) ||
        !CHECK_STR(again.data, text.data))
        fprintf(stderr, "    %s, seed %llu: %s\n    %s\n", message->full_name,
                (unsigned long long)seed, failure.sentence, text.data ? text.data : "");
    most_bytes = text.size > most_bytes ? text.size : most_bytes;
    message_count++;
}

static void check_type(const char *scope, const message_proto *proto)
{
    char name[256];
    snprintf(name, sizeof name, "%s.%s", scope, proto->name);
    const struct schema_message *message = schema_find_message(schema, name);
    if (!CHECK(message != NULL) || (proto->options && proto->options->map_entry))
        return;
    type_count++;
    for (int seed = 0; seed < ROUNDS; seed++)
        check_message(message, type_count * 1000003 + (uint64_t)seed);
    for (size_t i = 0; i < proto->n_nested_type; i++)
        check_type(name, proto->nested_type[i]);
}

static void test_every_type(void)
{
    schema = fixture_load(&set);
    buffer_open(&wire, FIXTURE_MAX_BYTES);
    buffer_open(&text, FIXTURE_MAX_BYTES);
    buffer_open(&again_wire, FIXTURE_MAX_BYTES);
    buffer_open(&again, FIXTURE_MAX_BYTES);
    Google__Protobuf__FileDescriptorSet *files = google__protobuf__file_descriptor_set__unpack(
        NULL, set.size, (const unsigned char *)set.data);
    for (size_t i = 0; files && i < files->n_file; i++)
        if (strncmp(files->file[i]->package, "promoteros.", 11) == 0)
            for (size_t j = 0; j < files->file[i]->n_message_type; j++)
                check_type(files->file[i]->package, files->file[i]->message_type[j]);
    google__protobuf__file_descriptor_set__free_unpacked(files, NULL);
    CHECK(type_count > 100);
    printf("%zu messages of %zu types, the largest %zu bytes of JSON\n", message_count, type_count,
           most_bytes);
    buffer_close(&wire);
    buffer_close(&text);
    buffer_close(&again_wire);
    buffer_close(&again);
    schema_close(schema);
    buffer_close(&set);
}

CHECK_MAIN(test_every_type)
