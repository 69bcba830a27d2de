#include "contract/random_message.h"

#include "json/record.h"
#include "json/wellknown.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MAX_DEPTH 6

struct maker {
    struct buffer *wire;
    uint64_t state;
};

static void add_message(struct maker *maker, const struct schema_message *message, unsigned depth);

/* SplitMix64 (Steele, Lea and Flood 2014). */
static uint64_t next(struct maker *maker)
{
    uint64_t z = maker->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static size_t below(struct maker *maker, size_t count)
{
    return (size_t)(next(maker) % count);
}

/* ---- values ---- */

static double random_double(struct maker *maker, bool finite)
{
    static const double odd[] = {0.0,
                                 0.1,
                                 -1.0 / 3.0,
                                 1e21,
                                 1e-7,
                                 123456789.125,
                                 9007199254740993.0,
                                 0x1p-1074,
                                 0x1.fffffffffffffp1023,
                                 0x1.fffffep127,
                                 0x1p-149};
    static const double special[] = {(double)NAN, (double)INFINITY, -(double)INFINITY};
    uint64_t bits = next(maker);
    double value;
    size_t choice = below(maker, 20);
    if (choice < sizeof odd / sizeof *odd)
        return odd[choice];
    if (choice < 14 && !finite)
        return special[choice - 11];
    memcpy(&value, &bits, sizeof value);
    return finite && !isfinite(value) ? 0.5 : value;
}

static uint64_t random_integer(struct maker *maker)
{
    static const uint64_t odd[] = {0,
                                   1,
                                   UINT64_MAX,
                                   INT32_MAX,
                                   UINT32_MAX,
                                   UINT64_C(0xFFFFFFFF80000000),
                                   INT64_MAX,
                                   UINT64_C(1) << 63,
                                   (UINT64_C(1) << 53) + 1};
    size_t choice = below(maker, 18);
    if (choice < sizeof odd / sizeof *odd)
        return odd[choice];
    return choice < 14 ? below(maker, 1000) : next(maker);
}

static uint64_t random_enum(struct maker *maker, const struct schema_enum *enumeration)
{
    if (wellknown_is_null(enumeration) || enumeration->value_count == 0)
        return 0;
    if (below(maker, 12) == 0)
        return record_typed_value(SCHEMA_ENUM, random_integer(maker));
    size_t position = below(maker, enumeration->value_count);
    return (uint64_t)(int64_t)enumeration->values[position].number;
}

/* As record_typed_value() would give it. */
static uint64_t random_number(struct maker *maker, const struct schema_field *field)
{
    uint64_t bits = 0;
    if (field->type == SCHEMA_ENUM)
        return random_enum(maker, field->enumeration);
    if (field->type == SCHEMA_DOUBLE) {
        double wide = random_double(maker, false);
        memcpy(&bits, &wide, sizeof wide);
        return bits;
    }
    if (field->type == SCHEMA_FLOAT) {
        float narrow = (float)random_double(maker, false);
        memcpy(&bits, &narrow, sizeof narrow);
        return bits;
    }
    uint64_t value = random_integer(maker);
    switch (field->type) {
    case SCHEMA_SINT32: /* is zigzag on the wire only */
        return record_typed_value(SCHEMA_INT32, value);
    case SCHEMA_SINT64:
        return value;
    case SCHEMA_FIXED32:
        return value & UINT32_MAX;
    default:
        return record_typed_value(field->type, value);
    }
}

static void add_text(struct maker *maker)
{
    static const char *const parts[] = {"a",
                                        "Z",
                                        " ",
                                        "\"",
                                        "\\",
                                        "/",
                                        "\n",
                                        "\t",
                                        "\r",
                                        "<",
                                        "\x01",
                                        "\x1F",
                                        "\x7F",
                                        "\xC3\xA4",
                                        "key",
                                        "\xE2\x80\xA8",
                                        "\xF0\x9F\x98\x80",
                                        "7",
                                        "-1",
                                        "_",
                                        "\xEF\xBB\xBF",
                                        "\xEF\xBF\xBF",
                                        "null"};
    for (size_t count = below(maker, 8); count > 0; count--)
        buffer_add_string(maker->wire, parts[below(maker, sizeof parts / sizeof *parts)]);
}

static void add_bytes(struct maker *maker)
{
    for (size_t count = below(maker, 12); count > 0; count--)
        buffer_add_char(maker->wire, (char)next(maker));
}

/* ---- google.protobuf ---- */

static void add_varint_field(struct maker *maker, uint32_t number, int64_t value)
{
    record_add_tag(maker->wire, number, RECORD_VARINT);
    record_add_varint(maker->wire, (uint64_t)value);
}

static void add_time(struct maker *maker, enum wellknown kind)
{
    static const int64_t units[] = {0, 1000000, 1000, 1};
    bool timestamp = kind == WELLKNOWN_TIMESTAMP;
    int64_t least = timestamp ? INT64_C(-62135596800) : INT64_C(-315576000000);
    int64_t most = timestamp ? INT64_C(253402300799) : INT64_C(315576000000);
    int64_t seconds = least + (int64_t)(next(maker) % (uint64_t)(most - least + 1));
    int64_t unit = units[below(maker, 4)];
    size_t choice = below(maker, 8);
    if (choice < 4)
        seconds = (int64_t[]){0, least, most, -1}[choice];
    int64_t nanos = unit ? (int64_t)below(maker, (size_t)(1000000000 / unit)) * unit : 0;
    if (!timestamp && (seconds < 0 || (seconds == 0 && below(maker, 2))))
        nanos = -nanos;
    if (seconds || below(maker, 4) == 0)
        add_varint_field(maker, 1, seconds);
    if (nanos || below(maker, 4) == 0)
        add_varint_field(maker, 2, nanos);
}

static void add_mask(struct maker *maker)
{
    static const char *const paths[] = {"title", "show_id", "show.starts_at", "a.b_c.d2_e", "x1"};
    for (size_t count = below(maker, 4); count > 0; count--) {
        const char *path = paths[below(maker, sizeof paths / sizeof *paths)];
        record_add_tag(maker->wire, 1, RECORD_BYTES);
        record_add_varint(maker->wire, strlen(path));
        buffer_add_string(maker->wire, path);
    }
}

static void add_any(struct maker *maker, const struct schema *schema, unsigned depth)
{
    static const char *const names[] = {"promoteros.test.Node",       "promoteros.test.Everything",
                                        "google.protobuf.Any",        "google.protobuf.Duration",
                                        "google.protobuf.Struct",     "google.protobuf.Value",
                                        "google.protobuf.Empty",      "google.protobuf.FieldMask",
                                        "google.protobuf.BytesValue", "promoteros.v1.Show"};
    const struct schema_message *type =
        schema_find_message(schema, names[below(maker, sizeof names / sizeof *names)]);
    char url[128];
    if (!type || depth >= MAX_DEPTH)
        return;
    int size = snprintf(url, sizeof url, "type.googleapis.com/%s", type->full_name);
    record_add_tag(maker->wire, 1, RECORD_BYTES);
    record_add_varint(maker->wire, (uint64_t)size);
    buffer_add_string(maker->wire, url);
    record_add_tag(maker->wire, 2, RECORD_BYTES);
    size_t start = maker->wire->size;
    add_message(maker, type, depth + 1);
    record_insert_length(maker->wire, start);
}

/* ---- fields ---- */

static void add_value(struct maker *maker, const struct schema_field *field, unsigned depth)
{
    record_add_tag(maker->wire, field->number, record_type_of(field->type));
    if (record_is_packable(field->type)) {
        record_add_value(maker->wire, field->type, random_number(maker, field));
        return;
    }
    size_t start = maker->wire->size;
    if (field->type == SCHEMA_MESSAGE)
        add_message(maker, field->message, depth + 1);
    else if (field->type == SCHEMA_STRING)
        add_text(maker);
    else
        add_bytes(maker);
    record_insert_length(maker->wire, start);
}

static void add_repeated(struct maker *maker, const struct schema_field *field, unsigned depth)
{
    size_t count = below(maker, depth < 2 ? 5 : 3);
    bool packed = record_is_packable(field->type) && below(maker, 4) != 0;
    if (!packed) {
        while (count-- > 0)
            add_value(maker, field, depth);
        return;
    }
    record_add_tag(maker->wire, field->number, RECORD_BYTES);
    size_t start = maker->wire->size;
    while (count-- > 0)
        record_add_value(maker->wire, field->type, random_number(maker, field));
    record_insert_length(maker->wire, start);
}

/* Always one, and finite; the last two fields, lists and objects, only where there is room. */
static void add_one_of_value(struct maker *maker, const struct schema_message *message,
                             unsigned depth)
{
    const struct schema_field *field =
        &message->fields[below(maker, depth < MAX_DEPTH ? message->field_count : 4)];
    if (field->type != SCHEMA_DOUBLE) {
        add_value(maker, field, depth);
        return;
    }
    double number = random_double(maker, true);
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    record_add_tag(maker->wire, field->number, RECORD_FIXED64);
    record_add_value(maker->wire, SCHEMA_DOUBLE, bits);
}

/* An entry of a map may lack its value, which then is the default; a Value has none. */
static bool is_needed(const struct schema_message *message, const struct schema_field *field)
{
    size_t size = strlen(message->full_name);
    return field->number == 2 && field->type == SCHEMA_MESSAGE &&
           wellknown_of(field->message) == WELLKNOWN_VALUE && size > 5 &&
           strcmp(message->full_name + size - 5, "Entry") == 0;
}

static void add_fields(struct maker *maker, const struct schema_message *message, unsigned depth)
{
    /* Large messages stay readable, and each field gets its turn. */
    size_t share = message->field_count > 12 ? 5 : 2;
    for (size_t i = 0; i < message->field_count; i++) {
        const struct schema_field *field = &message->fields[i];
        bool wide = field->type == SCHEMA_MESSAGE && depth >= MAX_DEPTH &&
                    wellknown_of(field->message) == WELLKNOWN_NONE;
        if (!is_needed(message, field) && (wide || below(maker, share + depth / 2) != 0))
            continue;
        if (field->repeated)
            add_repeated(maker, field, depth);
        else
            add_value(maker, field, depth);
    }
    if (below(maker, 16) == 0)
        add_varint_field(maker, 536870911, (int64_t)next(maker)); /* no field of ours */
}

static void add_message(struct maker *maker, const struct schema_message *message, unsigned depth)
{
    enum wellknown kind = wellknown_of(message);
    switch (kind) {
    case WELLKNOWN_TIMESTAMP:
    case WELLKNOWN_DURATION:
        add_time(maker, kind);
        return;
    case WELLKNOWN_FIELD_MASK:
        add_mask(maker);
        return;
    case WELLKNOWN_VALUE:
        add_one_of_value(maker, message, depth);
        return;
    case WELLKNOWN_ANY:
        if (below(maker, 8) != 0)
            add_any(maker, message->schema, depth);
        return;
    default:
        add_fields(maker, message, depth);
    }
}

void random_message_add(const struct schema_message *message, uint64_t seed, struct buffer *wire)
{
    struct maker maker = {wire, seed};
    add_message(&maker, message, 0);
}
