/* Codes, HTTP statuses and the JSON of errors. */
#include "unit/check.h"

#include "http/error.h"

static void statuses(void)
{
    /* https://connectrpc.com/docs/protocol#error-codes */
    static const struct {
        enum pros_status code;
        const char *name;
        int http;
    } cases[] = {
        {PROS_CANCELLED, "canceled", 499},
        {PROS_UNKNOWN, "unknown", 500},
        {PROS_INVALID_ARGUMENT, "invalid_argument", 400},
        {PROS_DEADLINE_EXCEEDED, "deadline_exceeded", 504},
        {PROS_NOT_FOUND, "not_found", 404},
        {PROS_ALREADY_EXISTS, "already_exists", 409},
        {PROS_PERMISSION_DENIED, "permission_denied", 403},
        {PROS_RESOURCE_EXHAUSTED, "resource_exhausted", 429},
        {PROS_FAILED_PRECONDITION, "failed_precondition", 400},
        {PROS_ABORTED, "aborted", 409},
        {PROS_OUT_OF_RANGE, "out_of_range", 400},
        {PROS_UNIMPLEMENTED, "unimplemented", 501},
        {PROS_INTERNAL, "internal", 500},
        {PROS_UNAVAILABLE, "unavailable", 503},
        {PROS_DATA_LOSS, "data_loss", 500},
        {PROS_UNAUTHENTICATED, "unauthenticated", 401},
        {(enum pros_status)99, "unknown", 500},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK_STR(error_code_name(cases[i].code), cases[i].name);
        CHECK_INT(error_http_status(cases[i].code), cases[i].http);
    }
    CHECK_INT(error_code_of(413), PROS_RESOURCE_EXHAUSTED);
    CHECK_INT(error_code_of(415), PROS_INVALID_ARGUMENT);
    CHECK_INT(error_code_of(505), PROS_INTERNAL);
}

static void json(void)
{
    struct failure failure = {0};
    struct buffer out;
    buffer_open(&out, 4096);
    failure_set(&failure, PROS_NOT_FOUND, "NO_ARTIST", "There is no \"%s\".\n", "M\xc3\xbc");
    error_write(&failure, &out);
    CHECK_STR(out.data,
              "{\"code\":\"not_found\",\"message\":\"There is no \\\"M\xc3\xbc\\\".\\u000a\","
              "\"details\":[{\"type\":\"google.rpc.ErrorInfo\","
              "\"value\":\"CglOT19BUlRJU1QSDnByb21vdGVyb3MuZGV2\","
              "\"debug\":{\"reason\":\"NO_ARTIST\",\"domain\":\"promoteros.dev\"}}]}");
    buffer_clear(&out);
    failure_set(&failure, PROS_INTERNAL, "", "Odd.");
    error_write(&failure, &out);
    CHECK_STR(out.data, "{\"code\":\"internal\",\"message\":\"Odd.\"}");
    buffer_close(&out);
}

CHECK_MAIN(statuses, json)
