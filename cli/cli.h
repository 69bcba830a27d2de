/*
 * What every command of promoterosctl shares: where the daemon is, how to ask it, how to show it.
 *
 * Why: commands differ in what they ask and how they lay it out; connection, time limit, JSON
 * output, errors and exit codes are the same for all, and stand here once.
 *
 * Memory: replies and texts live in cli->arena until the command ends. Threads: one.
 * Errors: calls print the server's sentence and how to go on to cli->err, and return an exit code;
 * commands return exit codes all the way up.
 */
#ifndef PROMOTEROS_CLI_CLI_H
#define PROMOTEROS_CLI_CLI_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/failure.h"

#include <google/protobuf/timestamp.pb-c.h>
#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdio.h>

enum cli_exit {
    CLI_OK = 0,
    CLI_FAILED = 1,
    CLI_USAGE = 2,
    CLI_NOT_FOUND = 3,
    CLI_UNREACHABLE = 4,
};

struct cli {
    const char *address; /* "127.0.0.1:50051" or "unix:PATH" */
    const char *key;     /* API key; NULL: none */
    bool json;           /* print replies as ProtoJSON */
    bool colour;         /* only on a terminal, and not with NO_COLOR */
    int width;           /* columns of the terminal; 0: not a terminal, no limit */
    int64_t timeout_ms;  /* of one call */
    bool has_as_of;
    int64_t as_of_ms; /* --as-of */
    FILE *out;
    FILE *err;
    struct arena arena;
    struct grpc_client *client; /* opened by the first call */
    struct schema *schema;      /* loaded on first use */
    struct buffer reply;        /* bytes of the latest reply */
    const char *method;         /* method of the latest reply */
};

/* Reads the environment (PROMOTEROS_ADDRESS, PROMOTEROS_KEY, NO_COLOR, COLUMNS) and the terminal.
 */
void cli_open(struct cli *cli, FILE *out, FILE *err);
void cli_close(struct cli *cli);

/*
 * Calls a method of package promoteros.v1, "CatalogService/GetArtist", or of another by its full
 * name. On success *reply (unless NULL) is the unpacked message, in the arena. cli_try_call says
 * why it failed; cli_call prints that and returns an exit code.
 */
enum pros_status cli_try_call(struct cli *cli, const char *method, const ProtobufCMessage *request,
                              const ProtobufCMessageDescriptor *reply_type, void **reply,
                              struct failure *failure);
/* The same with packed bytes; the answer stands in cli->reply. */
enum pros_status cli_try_call_packed(struct cli *cli, const char *method, struct pros_bytes request,
                                     struct failure *failure);
int cli_call(struct cli *cli, const char *method, const ProtobufCMessage *request,
             const ProtobufCMessageDescriptor *reply_type, void **reply);
/* Prints the latest reply as ProtoJSON. */
int cli_print_json(struct cli *cli);
/* Prints other bytes of the same contract, as the next line (not indented) when compact. */
int cli_print_message(struct cli *cli, const char *message_name, struct pros_bytes wire,
                      bool compact);
/* The contract; aborts when the embedded descriptors are broken, which is a bug. */
struct schema *cli_schema(struct cli *cli);
struct grpc_client *cli_client(struct cli *cli);

/* Prints a failure with the hint that fits it, and returns its exit code. */
int cli_fail(struct cli *cli, const struct failure *failure);
/* Prints a sentence about wrong use; returns CLI_USAGE. */
__attribute__((format(printf, 2, 3))) int cli_usage(struct cli *cli, const char *format, ...);
/* Text in the arena. */
__attribute__((format(printf, 2, 3))) char *cli_format(struct cli *cli, const char *format, ...);
/* A fresh request id, in the arena. */
char *cli_request_id(struct cli *cli);

/* Unpacks into an arena; NULL for malformed bytes. */
void *cli_unpack(struct arena *arena, const ProtobufCMessageDescriptor *type,
                 struct pros_bytes bytes);
/* A timestamp message in the arena. */
Google__Protobuf__Timestamp *cli_timestamp(struct cli *cli, int64_t instant_ms);
/* The timestamp of --as-of, or NULL. */
Google__Protobuf__Timestamp *cli_as_of(struct cli *cli);
int64_t cli_instant_ms(const Google__Protobuf__Timestamp *timestamp);

#endif
