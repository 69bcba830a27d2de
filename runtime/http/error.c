#include "http/error.h"

#include "config/tree.h"
#include "host/error_info.h"

#include <sodium.h>

#define MAX_INFO_BYTES 512

static const struct {
    const char *name;
    int http;
} codes[] = {
    [PROS_OK] = {"ok", 200},
    [PROS_CANCELLED] = {"canceled", 499},
    [PROS_UNKNOWN] = {"unknown", 500},
    [PROS_INVALID_ARGUMENT] = {"invalid_argument", 400},
    [PROS_DEADLINE_EXCEEDED] = {"deadline_exceeded", 504},
    [PROS_NOT_FOUND] = {"not_found", 404},
    [PROS_ALREADY_EXISTS] = {"already_exists", 409},
    [PROS_PERMISSION_DENIED] = {"permission_denied", 403},
    [PROS_RESOURCE_EXHAUSTED] = {"resource_exhausted", 429},
    [PROS_FAILED_PRECONDITION] = {"failed_precondition", 400},
    [PROS_ABORTED] = {"aborted", 409},
    [PROS_OUT_OF_RANGE] = {"out_of_range", 400},
    [PROS_UNIMPLEMENTED] = {"unimplemented", 501},
    [PROS_INTERNAL] = {"internal", 500},
    [PROS_UNAVAILABLE] = {"unavailable", 503},
    [PROS_DATA_LOSS] = {"data_loss", 500},
    [PROS_UNAUTHENTICATED] = {"unauthenticated", 401},
};

static size_t place_of(enum pros_status code)
{
    return (size_t)code < sizeof codes / sizeof *codes ? (size_t)code : PROS_UNKNOWN;
}

const char *error_code_name(enum pros_status code)
{
    return codes[place_of(code)].name;
}

int error_http_status(enum pros_status code)
{
    return codes[place_of(code)].http;
}

enum pros_status error_code_of(int http_status)
{
    switch (http_status) {
    case 401:
        return PROS_UNAUTHENTICATED;
    case 403:
        return PROS_PERMISSION_DENIED;
    case 404:
        return PROS_NOT_FOUND;
    case 405:
    case 501:
        return PROS_UNIMPLEMENTED;
    case 408:
        return PROS_DEADLINE_EXCEEDED;
    case 413:
    case 414:
    case 431:
        return PROS_RESOURCE_EXHAUSTED;
    case 503:
        return PROS_UNAVAILABLE;
    default:
        return http_status >= 500 ? PROS_INTERNAL : PROS_INVALID_ARGUMENT;
    }
}

static void write_detail(const struct failure *failure, struct buffer *out)
{
    char text[sodium_base64_ENCODED_LEN(MAX_INFO_BYTES, sodium_base64_VARIANT_ORIGINAL_NO_PADDING)];
    struct buffer info;
    buffer_open(&info, MAX_INFO_BYTES);
    error_info_pack(failure, &info);
    sodium_bin2base64(text, sizeof text, (const unsigned char *)info.data, info.size,
                      sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    buffer_close(&info);
    buffer_add_format(
        out, "{\"type\":\"%s\",\"value\":\"%s\",\"debug\":{\"reason\":", ERROR_INFO_TYPE, text);
    tree_write_quoted(failure->reason, out);
    buffer_add_format(out, ",\"domain\":\"%s\"}}", ERROR_INFO_DOMAIN);
}

void error_write(const struct failure *failure, struct buffer *out)
{
    buffer_add_format(out, "{\"code\":\"%s\",\"message\":", error_code_name(failure->code));
    tree_write_quoted(failure->sentence, out);
    if (failure->reason[0]) {
        buffer_add_string(out, ",\"details\":[");
        write_detail(failure, out);
        buffer_add_char(out, ']');
    }
    buffer_add_char(out, '}');
}
