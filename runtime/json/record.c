#include "json/record.h"

#include <string.h>

static bool read_varint(struct record_cursor *cursor, size_t max_size, uint64_t *value)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < max_size; i++) {
        if (cursor->at == cursor->end) {
            cursor->problem = "ends in the middle of a number";
            return false;
        }
        uint8_t byte = *cursor->at++;
        if (i == 9 && byte > 1)
            break;
        sum |= (uint64_t)(byte & 0x7F) << (7 * i);
        if (byte < 0x80) {
            *value = sum;
            return true;
        }
    }
    cursor->problem = "has a number that is too long";
    return false;
}

static bool read_fixed(struct record_cursor *cursor, size_t size, uint64_t *value)
{
    if ((size_t)(cursor->end - cursor->at) < size) {
        cursor->problem = "ends in the middle of a number";
        return false;
    }
    uint64_t sum = 0;
    for (size_t i = 0; i < size; i++)
        sum |= (uint64_t)cursor->at[i] << (8 * i);
    cursor->at += size;
    *value = sum;
    return true;
}

static bool read_bytes(struct record_cursor *cursor, struct record *record)
{
    uint64_t size = 0;
    if (!read_varint(cursor, 5, &size)) /* as protobuf-c: no message is that long */
        return false;
    if (size > (uint64_t)(cursor->end - cursor->at)) {
        cursor->problem = "has a length that reaches past its end";
        return false;
    }
    record->bytes = cursor->at;
    record->size = (size_t)size;
    cursor->at += size;
    return true;
}

enum record_result record_next(struct record_cursor *cursor, struct record *record)
{
    if (cursor->at == cursor->end)
        return RECORD_END;
    uint64_t tag = 0;
    if (!read_varint(cursor, 5, &tag))
        return RECORD_BAD;
    if (tag > UINT32_MAX || tag >> 3 == 0) {
        cursor->problem = "has a field number that cannot be";
        return RECORD_BAD;
    }
    *record = (struct record){.number = (uint32_t)(tag >> 3)};
    bool read = false;
    switch (tag & 7) {
    case RECORD_VARINT:
        record->kind = RECORD_VARINT;
        read = read_varint(cursor, 10, &record->value);
        break;
    case RECORD_FIXED64:
        record->kind = RECORD_FIXED64;
        read = read_fixed(cursor, 8, &record->value);
        break;
    case RECORD_BYTES:
        record->kind = RECORD_BYTES;
        read = read_bytes(cursor, record);
        break;
    case RECORD_FIXED32:
        record->kind = RECORD_FIXED32;
        read = read_fixed(cursor, 4, &record->value);
        break;
    default:
        cursor->problem = "uses groups or an unknown wire type";
    }
    return read ? RECORD_READ : RECORD_BAD;
}

enum record_type record_type_of(enum schema_type type)
{
    switch (type) {
    case SCHEMA_DOUBLE:
    case SCHEMA_FIXED64:
    case SCHEMA_SFIXED64:
        return RECORD_FIXED64;
    case SCHEMA_FLOAT:
    case SCHEMA_FIXED32:
    case SCHEMA_SFIXED32:
        return RECORD_FIXED32;
    case SCHEMA_STRING:
    case SCHEMA_BYTES:
    case SCHEMA_MESSAGE:
        return RECORD_BYTES;
    case SCHEMA_GROUP:
        return RECORD_NONE;
    default:
        return RECORD_VARINT;
    }
}

bool record_is_packable(enum schema_type type)
{
    return type != SCHEMA_STRING && type != SCHEMA_BYTES && type != SCHEMA_MESSAGE &&
           type != SCHEMA_GROUP;
}

enum record_result record_next_packed(struct record_cursor *cursor, enum schema_type type,
                                      uint64_t *value)
{
    if (cursor->at == cursor->end)
        return RECORD_END;
    enum record_type kind = record_type_of(type);
    bool read = kind == RECORD_VARINT ? read_varint(cursor, 10, value)
                                      : read_fixed(cursor, kind == RECORD_FIXED64 ? 8 : 4, value);
    return read ? RECORD_READ : RECORD_BAD;
}

/* Two's complement without relying on the compiler's conversion. */
static uint64_t extend_32(uint64_t value)
{
    value &= UINT32_MAX;
    return value & 0x80000000u ? value | UINT64_C(0xFFFFFFFF00000000) : value;
}

uint64_t record_typed_value(enum schema_type type, uint64_t value)
{
    switch (type) {
    case SCHEMA_INT32:
    case SCHEMA_SFIXED32:
    case SCHEMA_ENUM:
        return extend_32(value);
    case SCHEMA_UINT32:
        return value & UINT32_MAX;
    case SCHEMA_SINT32:
        value &= UINT32_MAX;
        return extend_32((value >> 1) ^ (~(value & 1) + 1));
    case SCHEMA_SINT64:
        return (value >> 1) ^ (~(value & 1) + 1);
    case SCHEMA_BOOL:
        return value != 0;
    default:
        return value;
    }
}

double record_double(enum schema_type type, uint64_t bits)
{
    if (type == SCHEMA_FLOAT) {
        uint32_t narrow = (uint32_t)bits;
        float number;
        memcpy(&number, &narrow, sizeof number);
        return (double)number;
    }
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static size_t write_varint(uint8_t text[10], uint64_t value)
{
    size_t size = 0;
    while (value >= 0x80) {
        text[size++] = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    text[size++] = (uint8_t)value;
    return size;
}

size_t record_varint_size(uint64_t value)
{
    uint8_t text[10];
    return write_varint(text, value);
}

bool record_add_varint(struct buffer *out, uint64_t value)
{
    uint8_t text[10];
    return buffer_add(out, text, write_varint(text, value));
}

bool record_add_tag(struct buffer *out, uint32_t number, enum record_type kind)
{
    return record_add_varint(out, (uint64_t)number << 3 | (uint64_t)kind);
}

bool record_add_value(struct buffer *out, enum schema_type type, uint64_t value)
{
    enum record_type kind = record_type_of(type);
    if (type == SCHEMA_SINT32)
        value = (value << 1 ^ (value >> 63 ? UINT64_MAX : 0)) & UINT32_MAX;
    else if (type == SCHEMA_SINT64)
        value = value << 1 ^ (value >> 63 ? UINT64_MAX : 0);
    if (kind == RECORD_VARINT)
        return record_add_varint(out, value);
    uint8_t bytes[8];
    for (size_t i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(value >> (8 * i));
    return buffer_add(out, bytes, kind == RECORD_FIXED64 ? 8 : 4);
}

bool record_insert_length(struct buffer *out, size_t start)
{
    uint8_t text[10];
    size_t size = out->size - start;
    size_t length_size = write_varint(text, size);
    if (!buffer_extend(out, length_size))
        return false;
    memmove(out->data + start + length_size, out->data + start, size);
    memcpy(out->data + start, text, length_size);
    return true;
}
