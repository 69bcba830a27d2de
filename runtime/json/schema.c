#include "json/schema.h"

#include "base/arena.h"
#include "base/memory.h"
#include "json/record.h"

#include <google/protobuf/descriptor.pb-c.h>
#include <stdlib.h>
#include <string.h>

typedef Google__Protobuf__FileDescriptorProto file_proto;
typedef Google__Protobuf__DescriptorProto message_proto;
typedef Google__Protobuf__EnumDescriptorProto enum_proto;
typedef Google__Protobuf__FieldDescriptorProto field_proto;
typedef Google__Protobuf__ServiceDescriptorProto service_proto;
typedef Google__Protobuf__MethodDescriptorProto method_proto;

enum symbol_kind { SYMBOL_MESSAGE, SYMBOL_ENUM, SYMBOL_SERVICE, SYMBOL_METHOD };

struct symbol {
    const char *name; /* full, with dots */
    enum symbol_kind kind;
    const struct schema_file *file;
    struct schema_message *message;
    struct schema_enum *enumeration;
    const message_proto *source; /* only while loading */
    bool proto3;
};

struct schema {
    struct arena arena;
    struct schema_file *files;
    size_t file_count;
    struct symbol *symbols; /* by name */
    size_t symbol_count, symbol_capacity;
    const struct schema_method **methods; /* by path */
    size_t method_count;
    const char **services;
    size_t service_count;
};

struct load {
    struct schema *schema;
    file_proto **protos; /* parallel to schema->files */
    struct failure *failure;
};

static enum pros_status refuse(struct load *load, const char *what, const char *name)
{
    return failure_set(load->failure, PROS_INVALID_ARGUMENT, "BAD_DESCRIPTOR_SET",
                       "The descriptor set cannot be used: %s \"%s\"; build the agent again from "
                       "its proto files.",
                       what, name ? name : "");
}

static int compare_symbols(const void *a, const void *b)
{
    return strcmp(((const struct symbol *)a)->name, ((const struct symbol *)b)->name);
}

static int compare_methods(const void *a, const void *b)
{
    return strcmp((*(const struct schema_method *const *)a)->path,
                  (*(const struct schema_method *const *)b)->path);
}

static int compare_fields(const void *a, const void *b)
{
    uint32_t left = ((const struct schema_field *)a)->number;
    uint32_t right = ((const struct schema_field *)b)->number;
    return left < right ? -1 : left > right;
}

static const struct symbol *find_symbol(const struct schema *schema, const char *name)
{
    struct symbol key = {.name = name};
    return schema->symbol_count == 0
               ? NULL
               : bsearch(&key, schema->symbols, schema->symbol_count, sizeof key, compare_symbols);
}

/* ---- pass 1: the files ---- */

static struct schema_file *find_file(const struct schema *schema, const char *name)
{
    for (size_t i = 0; i < schema->file_count; i++)
        if (strcmp(schema->files[i].name, name) == 0)
            return &schema->files[i];
    return NULL;
}

/* Several modules carry the same files; sets may be concatenated as long as these agree. */
static enum pros_status add_file(struct load *load, struct pros_bytes bytes)
{
    struct schema *schema = load->schema;
    file_proto *proto =
        google__protobuf__file_descriptor_proto__unpack(NULL, bytes.size, bytes.data);
    if (!proto)
        return refuse(load, "it does not parse at file", "");
    load->protos[schema->file_count] = proto;
    if (!proto->name || !proto->name[0]) {
        google__protobuf__file_descriptor_proto__free_unpacked(proto, NULL);
        return refuse(load, "a file has no name", "");
    }
    struct schema_file *known = find_file(schema, proto->name);
    if (known) {
        bool same = known->descriptor.size == bytes.size &&
                    memcmp(known->descriptor.data, bytes.data, bytes.size) == 0;
        enum pros_status status =
            same ? PROS_OK : refuse(load, "it holds two different versions of", proto->name);
        google__protobuf__file_descriptor_proto__free_unpacked(proto, NULL);
        return status;
    }
    struct schema_file *file = &schema->files[schema->file_count++];
    file->name = arena_string(&schema->arena, proto->name);
    file->descriptor = bytes;
    return PROS_OK;
}

static enum pros_status read_files(struct load *load, struct pros_bytes set)
{
    struct record_cursor cursor = record_start(set);
    struct record record;
    size_t count = 0;
    enum record_result result;
    while ((result = record_next(&cursor, &record)) == RECORD_READ)
        count += record.number == 1 && record.kind == RECORD_BYTES;
    if (result == RECORD_BAD || count == 0)
        return refuse(load, "it", result == RECORD_BAD ? cursor.problem : "holds no file");
    load->schema->files =
        arena_alloc_array(&load->schema->arena, count, sizeof *load->schema->files);
    load->protos = memory_new(count, sizeof(file_proto *));
    cursor = record_start(set);
    while (record_next(&cursor, &record) == RECORD_READ) {
        if (record.number != 1 || record.kind != RECORD_BYTES)
            continue;
        enum pros_status status = add_file(load, (struct pros_bytes){record.bytes, record.size});
        if (status != PROS_OK)
            return status;
    }
    return PROS_OK;
}

static enum pros_status link_files(struct load *load)
{
    struct schema *schema = load->schema;
    for (size_t i = 0; i < schema->file_count; i++) {
        const file_proto *proto = load->protos[i];
        const struct schema_file **list =
            arena_alloc_array(&schema->arena, proto->n_dependency + 1, sizeof *list);
        for (size_t j = 0; j < proto->n_dependency; j++) {
            list[j] = find_file(schema, proto->dependency[j]);
            if (!list[j])
                return refuse(load, "an imported file is missing,", proto->dependency[j]);
        }
        schema->files[i].dependencies = list;
        schema->files[i].dependency_count = proto->n_dependency;
    }
    return PROS_OK;
}

/* ---- pass 2: the names ---- */

static const char *join(struct schema *schema, const char *scope, char separator, const char *name)
{
    if (!name)
        name = "";
    return scope[0] ? arena_format(&schema->arena, "%s%c%s", scope, separator, name)
                    : arena_string(&schema->arena, name);
}

static struct symbol *add_symbol(struct schema *schema, enum symbol_kind kind, const char *name,
                                 const struct schema_file *file)
{
    if (schema->symbol_count == schema->symbol_capacity) {
        schema->symbol_capacity = schema->symbol_capacity ? schema->symbol_capacity * 2 : 256;
        schema->symbols =
            memory_resize(schema->symbols, schema->symbol_capacity, sizeof *schema->symbols);
    }
    struct symbol *symbol = &schema->symbols[schema->symbol_count++];
    *symbol = (struct symbol){.name = name, .kind = kind, .file = file};
    return symbol;
}

static void add_enum(struct schema *schema, const struct schema_file *file, const char *scope,
                     const enum_proto *proto)
{
    const char *name = join(schema, scope, '.', proto->name);
    struct schema_enum *enumeration = arena_alloc(&schema->arena, sizeof *enumeration);
    struct schema_enum_value *values =
        arena_alloc_array(&schema->arena, proto->n_value + 1, sizeof *values);
    for (size_t i = 0; i < proto->n_value; i++) {
        const char *value_name = proto->value[i]->name;
        values[i].name = arena_string(&schema->arena, value_name ? value_name : "");
        values[i].number = proto->value[i]->number;
    }
    *enumeration = (struct schema_enum){name, values, proto->n_value};
    add_symbol(schema, SYMBOL_ENUM, name, file)->enumeration = enumeration;
}

static void add_message(struct schema *schema, const struct schema_file *file, bool proto3,
                        const char *scope, const message_proto *proto)
{
    const char *name = join(schema, scope, '.', proto->name);
    struct schema_message *message = arena_alloc(&schema->arena, sizeof *message);
    message->full_name = name;
    message->schema = schema;
    struct symbol *symbol = add_symbol(schema, SYMBOL_MESSAGE, name, file);
    symbol->message = message;
    symbol->source = proto;
    symbol->proto3 = proto3;
    for (size_t i = 0; i < proto->n_nested_type; i++)
        add_message(schema, file, proto3, name, proto->nested_type[i]);
    for (size_t i = 0; i < proto->n_enum_type; i++)
        add_enum(schema, file, name, proto->enum_type[i]);
}

static enum pros_status name_everything(struct load *load)
{
    struct schema *schema = load->schema;
    for (size_t i = 0; i < schema->file_count; i++) {
        const file_proto *proto = load->protos[i];
        const struct schema_file *file = &schema->files[i];
        const char *package = proto->package ? proto->package : "";
        bool proto3 = proto->syntax && strcmp(proto->syntax, "proto3") == 0;
        for (size_t j = 0; j < proto->n_message_type; j++)
            add_message(schema, file, proto3, package, proto->message_type[j]);
        for (size_t j = 0; j < proto->n_enum_type; j++)
            add_enum(schema, file, package, proto->enum_type[j]);
        for (size_t j = 0; j < proto->n_service; j++) {
            const service_proto *service = proto->service[j];
            const char *name = join(schema, package, '.', service->name);
            add_symbol(schema, SYMBOL_SERVICE, name, file);
            schema->service_count++;
            schema->method_count += service->n_method;
            for (size_t k = 0; k < service->n_method; k++)
                add_symbol(schema, SYMBOL_METHOD, join(schema, name, '.', service->method[k]->name),
                           file);
        }
    }
    if (schema->symbol_count)
        qsort(schema->symbols, schema->symbol_count, sizeof *schema->symbols, compare_symbols);
    for (size_t i = 1; i < schema->symbol_count; i++)
        if (strcmp(schema->symbols[i - 1].name, schema->symbols[i].name) == 0)
            return refuse(load, "it defines twice", schema->symbols[i].name);
    return PROS_OK;
}

/* ---- pass 3: fields and methods, which refer to names ---- */

static const struct symbol *resolve(struct load *load, const char *type_name)
{
    if (!type_name)
        return NULL;
    return find_symbol(load->schema, type_name[0] == '.' ? type_name + 1 : type_name);
}

static const char *derive_json_name(struct schema *schema, const field_proto *proto)
{
    if (proto->json_name)
        return arena_string(&schema->arena, proto->json_name);
    char *name = arena_string(&schema->arena, proto->name ? proto->name : "");
    char *to = name;
    bool upper = false;
    for (const char *from = name; *from; from++) {
        if (*from == '_') {
            upper = true;
            continue;
        }
        *to++ = (char)(upper && *from >= 'a' && *from <= 'z' ? *from - 'a' + 'A' : *from);
        upper = false;
    }
    *to = '\0';
    return name;
}

static enum pros_status link_type(struct load *load, const field_proto *proto,
                                  struct schema_field *field)
{
    if (field->type != SCHEMA_MESSAGE && field->type != SCHEMA_ENUM)
        return field->type < SCHEMA_DOUBLE || field->type > SCHEMA_SINT64
                   ? refuse(load, "a field has an unknown type,", proto->name)
                   : PROS_OK;
    const struct symbol *target = resolve(load, proto->type_name);
    enum symbol_kind wanted = field->type == SCHEMA_MESSAGE ? SYMBOL_MESSAGE : SYMBOL_ENUM;
    if (!target || target->kind != wanted)
        return refuse(load, "a field refers to a missing type,", proto->type_name);
    field->message = target->message;
    field->enumeration = target->enumeration;
    field->map = field->repeated && target->source && target->source->options &&
                 target->source->options->map_entry;
    if (field->map && target->source->n_field != 2)
        return refuse(load, "a map has no key or no value,", proto->name);
    return PROS_OK;
}

static enum pros_status fill_field(struct load *load, const struct symbol *owner,
                                   const field_proto *proto, struct schema_field *field)
{
    struct schema *schema = load->schema;
    field->name = arena_string(&schema->arena, proto->name ? proto->name : "");
    field->json_name = derive_json_name(schema, proto);
    if (proto->number < 1 || proto->number > 536870911)
        return refuse(load, "a field has a number that cannot be,", field->name);
    field->number = (uint32_t)proto->number;
    field->type = (enum schema_type)proto->type;
    field->repeated =
        proto->label == GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__LABEL__LABEL_REPEATED;
    bool chosen = proto->options && proto->options->has_packed;
    field->packed = field->repeated && record_is_packable(field->type) &&
                    (chosen ? proto->options->packed != 0 : owner->proto3);
    bool member = proto->has_oneof_index && !proto->proto3_optional;
    field->oneof_index = member ? proto->oneof_index : -1;
    field->has_presence = !field->repeated && (member || proto->proto3_optional || !owner->proto3 ||
                                               field->type == SCHEMA_MESSAGE);
    if (member && (size_t)proto->oneof_index >= owner->source->n_oneof_decl)
        return refuse(load, "a field belongs to a missing oneof,", field->name);
    return link_type(load, proto, field);
}

static enum pros_status fill_message(struct load *load, const struct symbol *symbol)
{
    struct schema *schema = load->schema;
    const message_proto *proto = symbol->source;
    struct schema_message *message = symbol->message;
    struct schema_field *fields =
        arena_alloc_array(&schema->arena, proto->n_field + 1, sizeof *fields);
    for (size_t i = 0; i < proto->n_field; i++) {
        enum pros_status status = fill_field(load, symbol, proto->field[i], &fields[i]);
        if (status != PROS_OK)
            return status;
    }
    qsort(fields, proto->n_field, sizeof *fields, compare_fields);
    for (size_t i = 1; i < proto->n_field; i++)
        if (fields[i - 1].number == fields[i].number)
            return refuse(load, "two fields have the same number in", message->full_name);
    message->fields = fields;
    message->field_count = proto->n_field;
    const char **oneofs =
        arena_alloc_array(&schema->arena, proto->n_oneof_decl + 1, sizeof *oneofs);
    /* protoc puts the synthetic oneofs of `optional` behind the real ones. */
    for (size_t i = 0; i < proto->n_field; i++) {
        int position = fields[i].oneof_index;
        if (position < 0)
            continue;
        oneofs[position] = join(schema, "", '.', proto->oneof_decl[position]->name);
        if ((size_t)position >= message->oneof_count)
            message->oneof_count = (size_t)position + 1;
    }
    message->oneof_names = oneofs;
    return PROS_OK;
}

static enum pros_status fill_service(struct load *load, const char *package,
                                     const service_proto *proto)
{
    struct schema *schema = load->schema;
    const char *name = join(schema, package, '.', proto->name);
    schema->services[schema->service_count++] = name;
    for (size_t i = 0; i < proto->n_method; i++) {
        const method_proto *from = proto->method[i];
        const struct symbol *input = resolve(load, from->input_type);
        const struct symbol *output = resolve(load, from->output_type);
        if (!input || input->kind != SYMBOL_MESSAGE || !output || output->kind != SYMBOL_MESSAGE)
            return refuse(load, "a method refers to a missing message,", from->name);
        struct schema_method *method = arena_alloc(&schema->arena, sizeof *method);
        *method = (struct schema_method){
            .path = join(schema, name, '/', from->name),
            .input = input->message,
            .output = output->message,
            .client_streaming = from->client_streaming,
            .server_streaming = from->server_streaming,
        };
        schema->methods[schema->method_count++] = method;
    }
    return PROS_OK;
}

static enum pros_status fill_everything(struct load *load)
{
    struct schema *schema = load->schema;
    enum pros_status status = PROS_OK;
    for (size_t i = 0; i < schema->symbol_count && status == PROS_OK; i++)
        if (schema->symbols[i].kind == SYMBOL_MESSAGE)
            status = fill_message(load, &schema->symbols[i]);
    schema->services =
        arena_alloc_array(&schema->arena, schema->service_count + 1, sizeof *schema->services);
    schema->methods =
        arena_alloc_array(&schema->arena, schema->method_count + 1, sizeof *schema->methods);
    schema->service_count = schema->method_count = 0;
    for (size_t i = 0; i < schema->file_count && status == PROS_OK; i++) {
        const file_proto *proto = load->protos[i];
        for (size_t j = 0; j < proto->n_service && status == PROS_OK; j++)
            status = fill_service(load, proto->package ? proto->package : "", proto->service[j]);
    }
    qsort(schema->methods, schema->method_count, sizeof(struct schema_method *), compare_methods);
    return status;
}

struct schema *schema_load(struct pros_bytes descriptor_set, struct failure *failure)
{
    struct schema *schema = memory_new(1, sizeof *schema);
    arena_open(&schema->arena, 0);
    struct load load = {.schema = schema, .failure = failure};
    enum pros_status status = read_files(&load, descriptor_set);
    if (status == PROS_OK)
        status = link_files(&load);
    if (status == PROS_OK)
        status = name_everything(&load);
    if (status == PROS_OK)
        status = fill_everything(&load);
    for (size_t i = 0; i < schema->file_count; i++)
        google__protobuf__file_descriptor_proto__free_unpacked(load.protos[i], NULL);
    free(load.protos);
    for (size_t i = 0; i < schema->symbol_count; i++)
        schema->symbols[i].source = NULL;
    if (status == PROS_OK)
        return schema;
    schema_close(schema);
    return NULL;
}

void schema_close(struct schema *schema)
{
    if (!schema)
        return;
    free(schema->symbols);
    arena_close(&schema->arena);
    free(schema);
}

/* ---- look-ups ---- */

const struct schema_message *schema_find_message(const struct schema *schema, const char *full_name)
{
    const struct symbol *symbol = find_symbol(schema, full_name);
    return symbol ? symbol->message : NULL;
}

const struct schema_method *schema_find_method(const struct schema *schema, const char *path)
{
    const struct schema_method key = {.path = path};
    const struct schema_method *pointer = &key;
    const struct schema_method **found =
        bsearch(&pointer, schema->methods, schema->method_count, sizeof pointer, compare_methods);
    return found ? *found : NULL;
}

const struct schema_field *schema_find_field(const struct schema_message *message, uint32_t number)
{
    if (number - 1 < message->field_count && message->fields[number - 1].number == number)
        return &message->fields[number - 1];
    const struct schema_field key = {.number = number};
    return message->field_count == 0
               ? NULL
               : bsearch(&key, message->fields, message->field_count, sizeof key, compare_fields);
}

const struct schema_file *schema_find_file(const struct schema *schema, const char *name)
{
    return find_file(schema, name);
}

const struct schema_file *schema_find_file_of(const struct schema *schema, const char *symbol)
{
    const struct symbol *found = find_symbol(schema, symbol);
    return found ? found->file : NULL;
}

const char *schema_service_name(const struct schema *schema, size_t position)
{
    return position < schema->service_count ? schema->services[position] : NULL;
}

const struct schema_method *schema_method_at(const struct schema *schema, size_t position)
{
    return position < schema->method_count ? schema->methods[position] : NULL;
}
