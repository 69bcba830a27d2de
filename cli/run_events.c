/* The journal, past and live. */
#include "cli/runs.h"

#include "cli/display.h"
#include "cli/table.h"
#include "grpc/client.h"

#include <promoteros/v1/event_service.pb-c.h>
#include <stdlib.h>
#include <string.h>

/* A day: whoever follows ends it. */
#define FOLLOW_MS INT64_C(86400000)

static char *describe(struct cli *cli, struct arena *arena, const Promoteros__V1__Event *event)
{
    (void)cli;
    switch (event->detail_case) {
    case PROMOTEROS__V1__EVENT__DETAIL_STEP:
        return arena_format(arena, "%s: %s", event->step->title, event->step->statement);
    case PROMOTEROS__V1__EVENT__DETAIL_RUN:
        if (event->run->status_code != 0)
            return arena_format(arena, "failed: %s", event->run->status_message);
        return arena_string(arena, event->run->summary);
    case PROMOTEROS__V1__EVENT__DETAIL_PREDICTION:
        return arena_format(arena, "%s of %s", event->prediction->target,
                            event->prediction->subject);
    case PROMOTEROS__V1__EVENT__DETAIL_IMPORT_SUMMARY:
        return arena_format(
            arena, "%s added, %s corrected, %s unchanged, %s created",
            display_count(arena, event->import_summary->added_count),
            display_count(arena, event->import_summary->corrected_count),
            display_count(arena, event->import_summary->unchanged_count),
            display_counted(arena, event->import_summary->created_record_count, "record"));
    case PROMOTEROS__V1__EVENT__DETAIL_OUTCOME:
        return display_number(arena, event->outcome->value);
    case PROMOTEROS__V1__EVENT__DETAIL_DECISION:
        return arena_string(arena, event->decision->reason);
    case PROMOTEROS__V1__EVENT__DETAIL_MESSAGE:
        return arena_format(arena, "%s%s: %s", event->message->channel,
                            event->message->priority ==
                                    PROMOTEROS__V1__MESSAGE_PRIORITY__MESSAGE_PRIORITY_HIGH
                                ? " (high)"
                                : "",
                            *event->message->title ? event->message->title : event->message->body);
    default:
        return arena_string(arena, "");
    }
}

static void print_event(struct cli *cli, struct arena *arena, const Promoteros__V1__Event *event)
{
    char *line = arena_format(arena, "%6lld  %s  %-18s  %s  %s", (long long)event->sequence,
                              display_time(arena, event->time), event->type,
                              display_clean(arena, display_method(event->subject)),
                              display_clean(arena, describe(cli, arena, event)));

    fprintf(cli->out, "%s\n", cli->width > 0 ? display_cut(arena, line, cli->width) : line);
}

static enum pros_status on_event(void *context, struct pros_bytes reply)
{
    struct cli *cli = context;
    struct arena arena;
    Promoteros__V1__WatchEventsResponse *message;

    if (cli->json) {
        if (cli_print_message(cli, "promoteros.v1.WatchEventsResponse", reply, true) != CLI_OK)
            return PROS_INTERNAL;
        fflush(cli->out);
        return PROS_OK;
    }
    arena_open(&arena, 0);
    message = cli_unpack(&arena, &promoteros__v1__watch_events_response__descriptor, reply);
    if (message && message->event)
        print_event(cli, &arena, message->event);
    arena_close(&arena);
    fflush(cli->out);
    return ferror(cli->out) ? PROS_CANCELLED : PROS_OK;
}

static int follow(struct cli *cli, const struct args *args, char **types, size_t type_count)
{
    Promoteros__V1__WatchEventsRequest request = PROMOTEROS__V1__WATCH_EVENTS_REQUEST__INIT;
    struct failure failure = {0};
    enum pros_status status;
    int64_t after = -1;
    uint8_t *packed;
    size_t size;

    if (!args_count(cli, args, "after", &after))
        return CLI_USAGE;
    if (after >= 0) {
        request._after_sequence_case =
            PROMOTEROS__V1__WATCH_EVENTS_REQUEST___AFTER_SEQUENCE_AFTER_SEQUENCE;
        request.after_sequence = after;
    }
    request.type_prefixes = types;
    request.n_type_prefixes = type_count;
    size = protobuf_c_message_get_packed_size(&request.base);
    packed = arena_alloc(&cli->arena, size + 1);
    protobuf_c_message_pack(&request.base, packed);
    status =
        grpc_client_stream(cli_client(cli), "promoteros.v1.EventService/WatchEvents",
                           (struct pros_bytes){packed, size}, FOLLOW_MS, on_event, cli, &failure);
    return status == PROS_OK || status == PROS_CANCELLED || status == PROS_DEADLINE_EXCEEDED
               ? CLI_OK
               : cli_fail(cli, &failure);
}

int run_events(struct cli *cli, const struct args *args)
{
    Promoteros__V1__ListEventsRequest request = PROMOTEROS__V1__LIST_EVENTS_REQUEST__INIT;
    Promoteros__V1__ListEventsResponse *reply;
    int64_t after = -1;
    int code;

    request.type_prefixes = runs_list(cli, args, "type", &request.n_type_prefixes);
    if (args_has(args, "follow"))
        return follow(cli, args, request.type_prefixes, request.n_type_prefixes);
    request.page_size = 50;
    if (!args_count(cli, args, "after", &after) || !runs_limit(cli, args, &request.page_size))
        return CLI_USAGE;
    /* Without --after: the newest. A first call tells where the journal ends. */
    request.after_sequence = after >= 0 ? after : INT64_MAX;
    if (after < 0) {
        code = CALL(cli, "EventService/ListEvents", request, list_events_response, &reply);
        if (code != CLI_OK)
            return code;
        request.after_sequence = reply->newest_sequence > request.page_size
                                     ? reply->newest_sequence - request.page_size
                                     : 0;
    }
    code = CALL(cli, "EventService/ListEvents", request, list_events_response, &reply);
    if (runs_ended(cli, &code))
        return code;
    for (size_t i = 0; i < reply->n_events; i++)
        print_event(cli, &cli->arena, reply->events[i]);
    if (reply->n_events == 0)
        fprintf(cli->out, "Nothing has happened yet. Events appear as data comes in and agents "
                          "run.\n");
    return CLI_OK;
}
