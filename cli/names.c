#include "cli/names.h"

#include "base/text.h"
#include "cli/display.h"

#include <promoteros/v1/catalog_service.pb-c.h>
#include <string.h>

#define CANDIDATES_MAX 10

/* What artists and venues have in common here. */
struct candidate {
    const char *id;
    const char *name;
    const char *detail;
};

static bool is_id(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0 && !strchr(text, ' ');
}

/* One exact name, else one candidate at all, else a list of candidates. */
static int choose(struct cli *cli, const char *what, const char *plural, const char *text,
                  const struct candidate *candidates, size_t count, const char **id)
{
    char wanted[256], name[256];
    size_t exact = 0;

    text_fold_name(text, wanted, sizeof wanted);
    for (size_t i = 0; i < count; i++) {
        text_fold_name(candidates[i].name, name, sizeof name);
        if (strcmp(name, wanted) == 0) {
            exact++;
            *id = candidates[i].id;
        }
    }
    if (exact == 1)
        return CLI_OK;
    if (exact == 0 && count == 1) {
        *id = candidates[0].id;
        return CLI_OK;
    }
    if (count == 0) {
        cli_usage(cli, "No %s is called \"%s\". See promoterosctl %s, with a part of the name.",
                  what, display_clean(&cli->arena, text), plural);
        return CLI_NOT_FOUND;
    }
    cli_usage(cli, "\"%s\" could be several %s. Give one of these ids instead:",
              display_clean(&cli->arena, text), plural);
    for (size_t i = 0; i < count && i < CANDIDATES_MAX; i++)
        fprintf(cli->err, "  %s  %s%s%s\n", candidates[i].id,
                display_clean(&cli->arena, candidates[i].name), *candidates[i].detail ? ", " : "",
                display_clean(&cli->arena, candidates[i].detail));
    if (count > CANDIDATES_MAX)
        fprintf(cli->err, "  and more; see promoterosctl %s \"%s\"\n", plural,
                display_clean(&cli->arena, text));
    return CLI_USAGE;
}

int names_artist(struct cli *cli, const char *text, const char **id)
{
    Promoteros__V1__ListArtistsRequest request = PROMOTEROS__V1__LIST_ARTISTS_REQUEST__INIT;
    Promoteros__V1__ListArtistsResponse *reply;
    struct candidate *candidates;
    int code;

    if (is_id(text, "ar_")) {
        *id = text;
        return CLI_OK;
    }
    request.query = (char *)text;
    request.page_size = 1000;
    code = cli_call(cli, "CatalogService/ListArtists", &request.base,
                    &promoteros__v1__list_artists_response__descriptor, (void **)&reply);
    if (code != CLI_OK)
        return code;
    candidates = arena_alloc_array(&cli->arena, reply->n_artists + 1, sizeof *candidates);
    for (size_t i = 0; i < reply->n_artists; i++)
        candidates[i] = (struct candidate){reply->artists[i]->id, reply->artists[i]->name,
                                           reply->artists[i]->home_city};
    return choose(cli, "artist", "artists", text, candidates, reply->n_artists, id);
}

int names_venue(struct cli *cli, const char *text, const char **id)
{
    Promoteros__V1__ListVenuesRequest request = PROMOTEROS__V1__LIST_VENUES_REQUEST__INIT;
    Promoteros__V1__ListVenuesResponse *reply;
    struct candidate *candidates;
    int code;

    if (is_id(text, "ve_")) {
        *id = text;
        return CLI_OK;
    }
    request.query = (char *)text;
    request.page_size = 1000;
    code = cli_call(cli, "CatalogService/ListVenues", &request.base,
                    &promoteros__v1__list_venues_response__descriptor, (void **)&reply);
    if (code != CLI_OK)
        return code;
    candidates = arena_alloc_array(&cli->arena, reply->n_venues + 1, sizeof *candidates);
    for (size_t i = 0; i < reply->n_venues; i++)
        candidates[i] = (struct candidate){reply->venues[i]->id, reply->venues[i]->name,
                                           reply->venues[i]->city};
    return choose(cli, "venue", "venues", text, candidates, reply->n_venues, id);
}

const char *names_of_artist(struct cli *cli, const char *id)
{
    Promoteros__V1__GetArtistRequest request = PROMOTEROS__V1__GET_ARTIST_REQUEST__INIT;
    Promoteros__V1__GetArtistResponse *reply;
    struct failure ignored;

    request.id = (char *)id;
    if (!*id || cli_try_call(cli, "CatalogService/GetArtist", &request.base,
                             &promoteros__v1__get_artist_response__descriptor, (void **)&reply,
                             &ignored) != PROS_OK)
        return id;
    return reply->artist && *reply->artist->name ? reply->artist->name : id;
}

const char *names_of_venue(struct cli *cli, const char *id)
{
    Promoteros__V1__GetVenueRequest request = PROMOTEROS__V1__GET_VENUE_REQUEST__INIT;
    Promoteros__V1__GetVenueResponse *reply;
    struct failure ignored;

    request.id = (char *)id;
    if (!*id || cli_try_call(cli, "CatalogService/GetVenue", &request.base,
                             &promoteros__v1__get_venue_response__descriptor, (void **)&reply,
                             &ignored) != PROS_OK)
        return id;
    return reply->venue && *reply->venue->name ? reply->venue->name : id;
}
