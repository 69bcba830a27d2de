#include "base/failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A cut sentence must not end within a character: gRPC refuses text that is not UTF-8. */
static void trim_partial_character(char *text)
{
    size_t end = strlen(text);
    size_t start = end;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0)
        return;
    unsigned char lead = (unsigned char)text[start - 1];
    size_t want = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (end - (start - 1) < want)
        text[start - 1] = '\0';
}

enum pros_status failure_set(struct failure *failure, enum pros_status code, const char *reason,
                             const char *format, ...)
{
    if (!failure)
        return code;
    failure->code = code;
    snprintf(failure->reason, sizeof failure->reason, "%s", reason ? reason : "");
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(failure->sentence, sizeof failure->sentence, format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof failure->sentence)
        trim_partial_character(failure->sentence);
    return code;
}

const char *status_name(enum pros_status code)
{
    static const char *const names[] = {
        "OK",
        "CANCELLED",
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "DEADLINE_EXCEEDED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATA_LOSS",
        "UNAUTHENTICATED",
    };
    size_t index = (size_t)code;
    return index < sizeof names / sizeof *names ? names[index] : "UNKNOWN";
}
