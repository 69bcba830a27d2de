#include "cli/runs.h"

#include "cli/display.h"
#include "cli/names.h"
#include "cli/table.h"

#include <promoteros/v1/catalog_service.pb-c.h>
#include <string.h>

static char *join(struct cli *cli, char *const *texts, size_t count)
{
    char *joined = arena_string(&cli->arena, "");

    for (size_t i = 0; i < count; i++)
        joined = cli_format(cli, "%s%s%s", joined, i ? ", " : "", texts[i]);
    return joined;
}

static char *join_ids(struct cli *cli, Promoteros__V1__ExternalId *const *ids, size_t count)
{
    char *joined = arena_string(&cli->arena, "");

    for (size_t i = 0; i < count; i++)
        joined = cli_format(cli, "%s%s%s %s", joined, i ? ", " : "", ids[i]->scheme, ids[i]->value);
    return joined;
}

int run_artists(struct cli *cli, const struct args *args)
{
    static const struct table_column columns[] = {{"id", false, 0},
                                                  {"artist", false, 12},
                                                  {"genres", false, 8},
                                                  {"from", false, 8},
                                                  {"", false, 0}};
    Promoteros__V1__ListArtistsRequest request = PROMOTEROS__V1__LIST_ARTISTS_REQUEST__INIT;
    Promoteros__V1__ListArtistsResponse *reply;
    struct table table;
    int code;

    request.page_size = 50;
    if (!runs_limit(cli, args, &request.page_size))
        return CLI_USAGE;
    request.as_of_time = cli_as_of(cli);
    request.query = args->count > 0 ? (char *)args->positionals[0] : request.query;
    request.genre = args_has(args, "genre") ? (char *)args_value(args, "genre") : request.genre;
    code = CALL(cli, "CatalogService/ListArtists", request, list_artists_response, &reply);
    if (runs_ended(cli, &code))
        return code;
    table_open(&table, cli, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < reply->n_artists; i++) {
        const Promoteros__V1__Artist *artist = reply->artists[i];
        table_add(&table, artist->id);
        table_add(&table, artist->name);
        table_add(&table, join(cli, artist->genres, artist->n_genres));
        table_add(&table, artist->home_city);
        table_add(&table, artist->simulated ? "simulated" : "");
    }
    table_print(&table,
                args->count > 0
                    ? "No artist has this in the name."
                    : "There are no artists yet. Bring some in: promoterosctl import signals "
                      "FILE, or promoterosctl artists add --name NAME.");
    runs_more(cli, reply->next_page_token);
    return CLI_OK;
}

static void print_artist(struct cli *cli, const Promoteros__V1__Artist *artist)
{
    fprintf(cli->out, "%s\n",
            display_styled(cli, DISPLAY_BOLD, display_clean(&cli->arena, artist->name)));
    display_field(cli, "id", artist->id);
    display_field(cli, "genres", join(cli, artist->genres, artist->n_genres));
    display_field(cli, "from", artist->home_city);
    display_field(cli, "known as", join_ids(cli, artist->external_ids, artist->n_external_ids));
    display_field(cli, "note", artist->simulated ? "simulated" : "");
}

int run_artists_show(struct cli *cli, const struct args *args)
{
    Promoteros__V1__GetArtistRequest request = PROMOTEROS__V1__GET_ARTIST_REQUEST__INIT;
    Promoteros__V1__GetArtistResponse *reply;
    const char *id = NULL;
    int code = names_artist(cli, args->positionals[0], &id);

    if (code != CLI_OK)
        return code;
    request.id = (char *)id;
    request.as_of_time = cli_as_of(cli);
    code = CALL(cli, "CatalogService/GetArtist", request, get_artist_response, &reply);
    if (runs_ended(cli, &code))
        return code;
    print_artist(cli, reply->artist);
    fprintf(cli->out, "\n%s\n",
            display_styled(cli, DISPLAY_DIM,
                           cli_format(cli, "Its signals: promoterosctl signals %s", id)));
    return CLI_OK;
}

int run_artists_add(struct cli *cli, const struct args *args)
{
    Promoteros__V1__UpsertArtistRequest request = PROMOTEROS__V1__UPSERT_ARTIST_REQUEST__INIT;
    Promoteros__V1__Artist artist = PROMOTEROS__V1__ARTIST__INIT;
    Promoteros__V1__UpsertArtistResponse *reply;
    int code;

    if (!args_has(args, "name"))
        return cli_usage(cli, "An artist needs a name: promoterosctl artists add --name NAME.");
    request.request_id = cli_request_id(cli);
    request.artist = &artist;
    artist.name = (char *)args_value(args, "name");
    artist.home_city = args_has(args, "city") ? (char *)args_value(args, "city") : artist.home_city;
    artist.genres = runs_list(cli, args, "genre", &artist.n_genres);
    if (!runs_external_ids(cli, args, &artist.external_ids, &artist.n_external_ids))
        return CLI_USAGE;
    code = CALL(cli, "CatalogService/UpsertArtist", request, upsert_artist_response, &reply);
    if (runs_ended(cli, &code))
        return code;
    print_artist(cli, reply->artist);
    return CLI_OK;
}
