/*
 * A request written down as YAML or JSON, by the contract's JSON names.
 *
 * Why: a deal has more clauses than a command line should carry, and people keep offers as files.
 * On top of ProtoJSON, enum values may be short ("versus" for "DEAL_TYPE_VERSUS", "on-top") and
 * fields in parts per million may be written as percent ("85%").
 *
 * Memory: the message lives in the cli's arena. Threads: one.
 * Errors: printed, with file and line where it is known; exit codes.
 */
#ifndef PROMOTEROS_CLI_REQUEST_FILE_H
#define PROMOTEROS_CLI_REQUEST_FILE_H

#include "cli/cli.h"

#define REQUEST_FILE_BYTES_MAX (1u << 20)

/* All of a file, or of standard input for "-", into a buffer born with the maximum. */
enum pros_status request_file_slurp(const char *name, struct buffer *text, struct failure *failure);
/* name: a file, or "-" for standard input; at most 1 MiB. type_name: "SettleDealRequest". */
int request_file_read(struct cli *cli, const char *name, const ProtobufCMessageDescriptor *type,
                      void **message);
/* The same from text, as the JSON of the message type; for tests. */
enum pros_status request_text_read(struct cli *cli, const char *text, size_t size, const char *name,
                                   const char *type_name, struct buffer *wire,
                                   struct failure *failure);

#endif
