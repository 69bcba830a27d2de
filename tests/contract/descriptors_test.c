/* The descriptor set that the daemon embeds: it parses, and the contract keeps its own rules. */
#include "unit/check.h"
#include "json/schema.h"

extern const unsigned char promoteros_descriptor_set[], promoteros_descriptor_set_end[];

static struct schema *schema;

static const char *short_name(const char *full_name)
{
    return strrchr(full_name, '.') + 1;
}

static void test_loads(void)
{
    struct failure failure = {0};
    schema = schema_load(
        (struct pros_bytes){promoteros_descriptor_set,
                            (size_t)(promoteros_descriptor_set_end - promoteros_descriptor_set)},
        &failure);
    if (!CHECK(schema != NULL)) {
        fprintf(stderr, "%s\n", failure.sentence);
        exit(1);
    }
}

/* Each rpc its own Request and Response, named after it. */
static void test_methods(void)
{
    const struct schema_method *method;
    size_t count = 0;
    for (size_t i = 0; (method = schema_method_at(schema, i)); i++) {
        if (strncmp(method->path, "promoteros.v1.", 14) != 0)
            continue;
        char want[128];
        const char *name = strchr(method->path, '/') + 1;
        count++;
        snprintf(want, sizeof want, "%sRequest", name);
        CHECK_STR(short_name(method->input->full_name), want);
        snprintf(want, sizeof want, "%sResponse", name);
        CHECK_STR(short_name(method->output->full_name), want);
        CHECK(!method->client_streaming);
        CHECK(schema_find_method(schema, method->path) == method);
    }
    CHECK(count > 0);
}

/* Depth first; a message that meets itself is recursive, which protobuf-c must never see. */
static bool is_recursive(const struct schema_message *message, const struct schema_message *trail[],
                         size_t depth)
{
    if (depth == 32)
        return true;
    for (size_t i = 0; i < depth; i++)
        if (trail[i] == message)
            return true;
    trail[depth] = message;
    for (size_t i = 0; i < message->field_count; i++)
        if (message->fields[i].message &&
            is_recursive(message->fields[i].message, trail, depth + 1))
            return true;
    return false;
}

static void test_no_recursion(void)
{
    const struct schema_message *trail[32];
    const struct schema_method *method;
    for (size_t i = 0; (method = schema_method_at(schema, i)); i++) {
        CHECK(!is_recursive(method->input, trail, 0));
        CHECK(!is_recursive(method->output, trail, 0));
    }
}

static void test_doors(void)
{
    static const char *const paths[] = {
        "grpc.health.v1.Health/Check", "grpc.health.v1.Health/Watch",
        "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (!CHECK(schema_find_method(schema, paths[i]) != NULL))
            fprintf(stderr, "%s is missing\n", paths[i]);
    const struct schema_file *file = schema_find_file_of(schema, "promoteros.v1.ReasoningTrace");
    CHECK_STR(file ? file->name : NULL, "promoteros/v1/trace.proto");
    schema_close(schema);
}

CHECK_MAIN(test_loads, test_methods, test_no_recursion, test_doors)
