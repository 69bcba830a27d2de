/*
 * The contract at run time: messages, fields, enums and methods, read from a FileDescriptorSet.
 *
 * Why: protobuf-c's own descriptors know no JSON names, maps, presence or streaming, and each
 * module has its own copy. The FileDescriptorSet has everything and is the same bytes that
 * reflection serves, so JSON, the pre-scan, dispatch and reflection all stand on it.
 *
 * Memory: a schema owns all that its functions return; schema_close() frees. Threads: read-only
 * after loading. Errors: a set that does not parse or refers to something missing is
 * INVALID_ARGUMENT with the name.
 */
#ifndef PROMOTEROS_JSON_SCHEMA_H
#define PROMOTEROS_JSON_SCHEMA_H

#include "base/failure.h"

#include <stdbool.h>
#include <stdint.h>

struct schema;

/* Numbers as in FieldDescriptorProto.Type. */
enum schema_type {
    SCHEMA_DOUBLE = 1,
    SCHEMA_FLOAT,
    SCHEMA_INT64,
    SCHEMA_UINT64,
    SCHEMA_INT32,
    SCHEMA_FIXED64,
    SCHEMA_FIXED32,
    SCHEMA_BOOL,
    SCHEMA_STRING,
    SCHEMA_GROUP,
    SCHEMA_MESSAGE,
    SCHEMA_BYTES,
    SCHEMA_UINT32,
    SCHEMA_ENUM,
    SCHEMA_SFIXED32,
    SCHEMA_SFIXED64,
    SCHEMA_SINT32,
    SCHEMA_SINT64
};

/* Whether values are integers below zero too, or enums. */
static inline bool schema_type_is_signed(enum schema_type type)
{
    return type == SCHEMA_INT32 || type == SCHEMA_INT64 || type == SCHEMA_SINT32 ||
           type == SCHEMA_SINT64 || type == SCHEMA_SFIXED32 || type == SCHEMA_SFIXED64 ||
           type == SCHEMA_ENUM;
}

struct schema_enum_value {
    const char *name;
    int32_t number;
};

struct schema_enum {
    const char *full_name;
    const struct schema_enum_value *values;
    size_t value_count;
};

struct schema_field {
    const char *name;
    const char *json_name;
    uint32_t number;
    enum schema_type type;
    bool repeated;
    bool packed;
    bool map;          /* repeated message that is a map entry */
    bool has_presence; /* optional, message, or member of a oneof */
    int oneof_index;   /* -1: none; synthetic oneofs of `optional` count as none */
    const struct schema_message *message;  /* for SCHEMA_MESSAGE */
    const struct schema_enum *enumeration; /* for SCHEMA_ENUM */
};

struct schema_message {
    const char *full_name;             /* without a leading dot */
    const struct schema_field *fields; /* by number */
    size_t field_count;
    const char *const *oneof_names;
    size_t oneof_count;
    const struct schema *schema; /* that it belongs to; an Any holds types of that one */
};

struct schema_method {
    const char *path; /* "promoteros.v1.TrendAnalyzerService/DetectBreakouts" */
    const struct schema_message *input;
    const struct schema_message *output;
    bool client_streaming;
    bool server_streaming;
};

struct schema_file {
    const char *name;
    struct pros_bytes descriptor; /* the FileDescriptorProto's bytes */
    const struct schema_file *const *dependencies;
    size_t dependency_count;
};

/* The set must live as long as the schema. */
struct schema *schema_load(struct pros_bytes descriptor_set, struct failure *failure);
void schema_close(struct schema *schema);

/* NULL when there is none. */
const struct schema_message *schema_find_message(const struct schema *schema,
                                                 const char *full_name);
const struct schema_method *schema_find_method(const struct schema *schema, const char *path);
const struct schema_field *schema_find_field(const struct schema_message *message, uint32_t number);
const struct schema_file *schema_find_file(const struct schema *schema, const char *name);
/* The file that defines a message, enum, service or method of this full name. */
const struct schema_file *schema_find_file_of(const struct schema *schema, const char *symbol);
/* Services by position, for reflection's list; NULL at the end. */
const char *schema_service_name(const struct schema *schema, size_t position);
/* Methods of all services in order of their paths; NULL at the end. */
const struct schema_method *schema_method_at(const struct schema *schema, size_t position);

#endif
