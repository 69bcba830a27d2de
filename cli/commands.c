/* The table of commands: help, completion, manual page and parsing come from it. */
#include "cli/import.h"
#include "cli/runs.h"

#ifdef PROMOTEROS_DEMO
#include "cli/demo/demo.h"
#endif

#define OPTIONS(...)                                                                               \
    (const struct option[])                                                                        \
    {                                                                                              \
        __VA_ARGS__,                                                                               \
        {                                                                                          \
            NULL, NULL, NULL                                                                       \
        }                                                                                          \
    }

const struct option global_options[] = {
    {"address", "HOST:PORT", "where the daemon is; default $PROMOTEROS_ADDRESS or 127.0.0.1:50051"},
    {"key", "KEY", "API key; default $PROMOTEROS_KEY, which other users of the machine cannot see"},
    {"json", NULL, "print the answer as ProtoJSON"},
    {"as-of", "DATE", "answer from what was known then: a date or RFC 3339"},
    {"timeout", "TIME", "time limit of a call, such as 30s (the default) or 2m"},
    {"no-color", NULL, "no colour, as NO_COLOR does"},
    {"help", NULL, "help about the command"},
    {"version", NULL, "print the version"},
    {NULL, NULL, NULL},
};

#define IMPORT_OPTIONS                                                                             \
    {"map", "OURS=THEIRS", "our column is called THEIRS in the file; repeatable"},                 \
        {"set", "COLUMN=VALUE", "the column's value for all rows; repeatable"},                    \
        {"lag", "TIME", "declare how long after the fact a value could be known, such as 7d"},     \
        {"simulated", NULL, "the data was made by a simulation"},                                  \
        {"dry-run", NULL, "read and check all of it, send nothing; needs no daemon"},              \
        {"max-refused", "N", "import nothing when more than N lines are refused"},                 \
        {"thousands", "CHARACTER", "what separates thousands in the file's numbers, such as ,"},   \
    {                                                                                              \
        "format", "FORMAT", "csv, tsv or jsonl; else told by the file's name"                      \
    }

#define NIGHT_OPTIONS                                                                              \
    {"artist", "NAME", "who; without it: a new act"}, {"venue", "NAME", "where"},                  \
        {"date", "DATE", "local date, YYYY-MM-DD"},                                                \
        {"room", "ID", "room; else the venue's first"},                                            \
        {"configuration", "ID", "how the room is set up; else the usual way"},                     \
        {"capacity", "N", "tickets that can be sold; else the room's"},                            \
        {"price", "\"25.00 USD\"", "face price of a usual ticket"},                                \
        {"genre", "GENRE", "genre; else the artist's main one"},                                   \
        {"city", "CITY", "city of an ad-hoc room"},                                                \
        {"performances", "N", "performances predicted together"},                                  \
        {"sold", "N", "tickets sold so far"},                                                      \
    {                                                                                              \
        "comps", "N", "complimentary tickets"                                                      \
    }

#define EXIT_TEXT                                                                                  \
    "Lines that are refused are listed with number and reason, and the rest is imported; the "     \
    "exit "                                                                                        \
    "code is then 1, or 0 when --max-refused allows that many. All of the import becomes visible " \
    "at once or not at all. The same file with the same options is the same import: run it again " \
    "to go on after an interruption; running it twice changes nothing.\n"

const struct command commands[] = {
    {.name = "status",
     .arguments = "",
     .help = "how the daemon is doing and what it holds",
     .examples = "status\nstatus --json",
     .run = run_status},
    {.name = "agents",
     .arguments = "[NAME]",
     .help = "the agents, or one with its methods",
     .examples = "agents\nagents trend-analyzer\nagents --all",
     .options = OPTIONS({"all", NULL, "the host's own services too"}),
     .most = 1,
     .run = run_agents},
    {.name = "import signals",
     .arguments = "FILE",
     .help = "bring in series about artists or tracks, from CSV or JSON lines",
     .detail =
         "FILE is CSV with a header (.tsv: tab-separated) or JSON lines (.jsonl, .ndjson), plain "
         "or "
         ".gz; - is standard input. Columns:\n"
         "  artist            name of the artist (for a track: of its artists)\n"
         "  track             title; makes the row about a track\n"
         "  artists           the track's artists, split at & , or ;\n"
         "  entity_id         id in the catalog, where known\n"
         "  id:SCHEME         id elsewhere, such as id:spotify\n"
         "  kind              artist or track; else told by the other columns\n"
         "  source            where it comes from, such as spotify\n"
         "  metric            what is measured, such as followers, streams or rank\n"
         "  observed_at       when it was true: YYYY-MM-DD or RFC 3339\n"
         "  value             1234, 12.5; 97.9K, 1.2M and 3B are marked as rounded\n"
         "  known_at          when it could be known; else --lag, else now\n"
         "  rounded           true when the platform rounded it\n"
         "  genres            of a new artist, separated by ;\n"
         "With --metrics A,B the columns A and B are metrics, many to a row, and metric and value "
         "are not needed. JSON lines use the same names; the sidecar form {\"v\":1,\"source\":...,"
         "\"entity\":{\"kind\":...,\"ids\":{...}},...} is taken as it is.\n" EXIT_TEXT,
     .examples = "import signals series.csv\n"
                 "import signals chart.csv.gz --dry-run --metrics streams,rank --set "
                 "source=chart-us-weekly --map observed_at=week\n"
                 "import signals - --format jsonl < sidecar.jsonl",
     .options =
         OPTIONS(IMPORT_OPTIONS, {"kind", "KIND", "what rows are about: artist or track"},
                 {"metrics", "A,B", "columns that are metrics: the wide form"},
                 {"artist-separator", "CHARACTERS", "between a track's artists; default &,;"}),
     .least = 1,
     .most = 1,
     .run = import_signals},
    {.name = "import shows",
     .arguments = "FILE",
     .help = "bring in shows with what they drew, from CSV or JSON lines",
     .detail = "FILE as in import signals. Columns; artist, venue, date and capacity are needed:\n"
               "  artist, venue     names; unknown ones are created (or artist_id, venue_id)\n"
               "  date              local date, YYYY-MM-DD; of a block its last\n"
               "  capacity          tickets that could be sold, in all performances\n"
               "  paid, heads, comps  who came\n"
               "  gross, price, currency  12500.00, 25.00, USD\n"
               "  performances      counted together; empty: 1\n"
               "  city, country, time_zone  of a new venue\n"
               "  room, genre, status\n"
               "  announced_at      when it was announced\n"
               "  known_at          when the figures could be known; else --lag, else now\n"
               "  id:SCHEME         id elsewhere\n" EXIT_TEXT,
     .examples = "import shows shows.csv --set city=Leeds --set country=GB\n"
                 "import shows weeks.csv --dry-run --map artist=show --map venue=theatre --map "
                 "date=week_ending --lag 2d",
     .options = OPTIONS(IMPORT_OPTIONS),
     .least = 1,
     .most = 1,
     .run = import_shows},
    {.name = "artists",
     .arguments = "[QUERY]",
     .help = "artists whose name contains QUERY",
     .examples = "artists\nartists \"mill lane\"\nartists --genre indie",
     .options = OPTIONS({"genre", "GENRE", "only this genre"}, {"limit", "N", "at most so many"}),
     .most = 1,
     .run = run_artists},
    {.name = "artists show",
     .arguments = "ARTIST",
     .help = "one artist, by name or id",
     .examples = "artists show \"Mill Lane\"",
     .least = 1,
     .most = 1,
     .run = run_artists_show},
    {.name = "artists add",
     .arguments = "",
     .help = "add an artist",
     .examples = "artists add --name \"Mill Lane\" --genre indie --city Leeds --id spotify=4abc",
     .options = OPTIONS({"name", "NAME", "name as billed"},
                        {"genre", "GENRE", "genre, the main one first; repeatable"},
                        {"city", "CITY", "where the artist comes from"},
                        {"id", "SCHEME=VALUE", "id elsewhere; repeatable"}),
     .run = run_artists_add},
    {.name = "venues",
     .arguments = "[QUERY]",
     .help = "venues whose name contains QUERY",
     .examples = "venues\nvenues --own",
     .options = OPTIONS({"own", NULL, "only our own"}, {"limit", "N", "at most so many"}),
     .most = 1,
     .run = run_venues},
    {.name = "venues show",
     .arguments = "VENUE",
     .help = "one venue with its rooms, by name or id",
     .examples = "venues show \"The Foundry\"",
     .least = 1,
     .most = 1,
     .run = run_venues_show},
    {.name = "venues add",
     .arguments = "",
     .help = "add a venue with one room",
     .examples = "venues add --name \"The Foundry\" --city Leeds --country GB --time-zone "
                 "Europe/London --capacity 400",
     .options = OPTIONS({"name", "NAME", "name"}, {"city", "CITY", "city"},
                        {"country", "CODE", "two letters: GB"},
                        {"time-zone", "ZONE", "IANA name: Europe/London; default UTC"},
                        {"capacity", "N", "tickets that can be sold"},
                        {"room", "ID", "id of its room; default main"},
                        {"seated", NULL, "people sit"}, {"competitor", NULL, "not one of ours"},
                        {"id", "SCHEME=VALUE", "id elsewhere; repeatable"}),
     .run = run_venues_add},
    {.name = "shows",
     .arguments = "",
     .help = "shows, newest first",
     .examples = "shows --venue \"The Foundry\"\nshows --artist \"Mill Lane\" --from 2026-01-01",
     .options =
         OPTIONS({"artist", "NAME", "only by this artist; repeatable"},
                 {"venue", "NAME", "only in this venue; repeatable"},
                 {"genre", "GENRE", "only this genre"}, {"city", "CITY", "only in this city"},
                 {"from", "DATE", "on or after this date"}, {"until", "DATE", "before this date"},
                 {"own", NULL, "only in our venues"}, {"limit", "N", "at most so many"}),
     .run = run_shows},
    {.name = "shows show",
     .arguments = "ID",
     .help = "one show with prices, pacing and attendance",
     .examples = "shows show sh_01JD8Z5Y3M",
     .least = 1,
     .most = 1,
     .run = run_shows_show},
    {.name = "shows add",
     .arguments = "",
     .help = "add a show",
     .examples =
         "shows add --artist \"Mill Lane\" --venue \"The Foundry\" --date 2027-03-12 --price "
         "\"25.00 USD\"",
     .options = OPTIONS({"artist", "NAME", "headliner"}, {"venue", "NAME", "venue"},
                        {"date", "DATE", "local date"}, {"room", "ID", "room; else the first"},
                        {"capacity", "N", "tickets that can be sold; else the room's"},
                        {"genre", "GENRE", "genre; else the artist's"},
                        {"price", "\"25.00 USD\"", "face price"}),
     .run = run_shows_add},
    {.name = "shows sold",
     .arguments = "ID COUNT",
     .help = "enter how many tickets are sold by now",
     .examples = "shows sold sh_01JD8Z5Y3M 180\nshows sold sh_01JD8Z5Y3M 210 --at 2026-11-23",
     .options = OPTIONS({"at", "TIME", "when they were counted; default now"}),
     .least = 2,
     .most = 2,
     .run = run_shows_sold},
    {.name = "shows attendance",
     .arguments = "ID",
     .help = "enter who came; predictions are scored by it",
     .examples = "shows attendance sh_01JD8Z5Y3M --paid 287 --heads 265 --gross \"7175.00 USD\"",
     .options = OPTIONS({"paid", "N", "tickets paid for"}, {"heads", "N", "people in the room"},
                        {"comps", "N", "complimentary tickets"},
                        {"gross", "\"7175.00 USD\"", "gross box office"}),
     .least = 1,
     .most = 1,
     .run = run_shows_attendance},
    {.name = "signals",
     .arguments = "ENTITY",
     .help = "the series about an artist (by name) or a track (by id)",
     .examples =
         "signals \"Mill Lane\"\nsignals \"Mill Lane\" --metric followers --as-of 2026-06-01",
     .options = OPTIONS({"source", "NAME", "only this source; repeatable"},
                        {"metric", "NAME", "only this metric; repeatable"},
                        {"from", "DATE", "points at or after"}, {"until", "DATE", "points before"}),
     .least = 1,
     .most = 1,
     .run = run_signals},
    {.name = "sources",
     .arguments = "",
     .help = "where signals come from, and how fresh they are",
     .examples = "sources",
     .run = run_sources},
    {.name = "detect",
     .arguments = "",
     .help = "artists and songs that may break out, with probability and reasons",
     .detail =
         "Definitions: audience-x2 (default), audience-x5, audience-x40, posts-viral for daily "
         "series; chart-top-50, chart-top-10, chart-streams-x2, chart-artist-top-10 for weekly "
         "charts.\n",
     .examples = "detect --top 10\ndetect --artist \"Mill Lane\" --horizon-days 60\n"
                 "detect --definition chart-top-10 --as-of 2022-06-01",
     .options = OPTIONS({"artist", "NAME", "only this artist; repeatable"},
                        {"track", "ID", "only this track; repeatable"},
                        {"definition", "NAME", "what counts as a breakout"},
                        {"horizon-days", "N", "days within which it must happen, 7 to 90"},
                        {"top", "N", "how many candidates; default 10"},
                        {"target", "MULTIPLE", "for an audience definition: the multiple to reach"},
                        {"source", "NAME", "only series of this source; repeatable"},
                        {"metric", "NAME", "only series of this metric; repeatable"}),
     .run = run_detect},
    {.name = "forecast",
     .arguments = "ENTITY",
     .help = "how a series will grow, up to 90 days ahead",
     .examples = "forecast \"Mill Lane\" --source spotify --metric followers",
     .options = OPTIONS({"source", "NAME", "source; else the one with the most days"},
                        {"metric", "NAME", "metric; else the one with the most days"},
                        {"horizon-days", "N", "how far ahead, 1 to 90"}),
     .least = 1,
     .most = 1,
     .run = run_forecast},
    {.name = "analyze",
     .arguments = "ENTITY",
     .help = "where an artist or track stands: stage, growth, evidence",
     .examples = "analyze \"Mill Lane\"",
     .options = OPTIONS({"source", "NAME", "only series of this source; repeatable"},
                        {"metric", "NAME", "only series of this metric; repeatable"}),
     .least = 1,
     .most = 1,
     .run = run_analyze},
    {.name = "predict",
     .arguments = "",
     .help = "what an artist would draw in a room on a night: low, likely, high, and why",
     .examples =
         "predict --artist \"Mill Lane\" --venue \"The Foundry\" --date 2027-03-12\n"
         "predict --artist \"Mill Lane\" --capacity 600 --city Leeds --date 2027-03-12 --price "
         "\"25.00 GBP\"",
     .options = OPTIONS(NIGHT_OPTIONS),
     .run = run_predict},
    {.name = "deal settle",
     .arguments = "FILE",
     .help = "settle a show, or a pooled run, to the cent",
     .detail = "FILE is YAML or JSON by the names of SettleDealRequest; - is standard input. "
               "promoterosctl deal example settle prints one to start from. Amounts are in minor "
               "units (cents); shares may be written as 85%.\n",
     .examples = "deal example settle > friday.yaml\ndeal settle friday.yaml",
     .least = 1,
     .most = 1,
     .run = run_deal_settle},
    {.name = "deal evaluate",
     .arguments = "FILE",
     .help = "weigh one deal before the night: expected result, P(loss), break-even",
     .detail = "FILE is YAML or JSON by the names of EvaluateDealRequest. The demand stands in the "
               "file, comes from --demand, or is predicted for the night that is named.\n",
     .examples = "deal evaluate offer.yaml --demand 150,230,330\n"
                 "deal evaluate offer.yaml --artist \"Mill Lane\" --venue \"The Foundry\" --date "
                 "2027-03-12",
     .options = OPTIONS({"demand", "LOW,LIKELY,HIGH", "paid tickets: 10 %, 50 % and 90 % quantile"},
                        NIGHT_OPTIONS),
     .least = 1,
     .most = 1,
     .run = run_deal_evaluate},
    {.name = "deal optimize",
     .arguments = "FILE",
     .help = "compare deal structures and recommend one",
     .detail = "FILE is YAML or JSON by the names of OptimizeDealRequest; demand as in deal "
               "evaluate.\n",
     .examples = "deal optimize show.yaml --ask \"2500.00 USD\" --max-loss 20%\n"
                 "deal optimize show.yaml --artist \"Mill Lane\" --venue \"The Foundry\" --date "
                 "2027-03-12",
     .options = OPTIONS({"ask", "\"2500.00 USD\"", "what the agent asks for"},
                        {"max-loss", "SHARE", "highest acceptable P(loss); default 20%"},
                        {"demand", "LOW,LIKELY,HIGH", "paid tickets: 10 %, 50 % and 90 % quantile"},
                        NIGHT_OPTIONS),
     .least = 1,
     .most = 1,
     .run = run_deal_optimize},
    {.name = "deal example",
     .arguments = "[settle|evaluate|optimize]",
     .help = "print a file to start from",
     .examples = "deal example optimize > show.yaml",
     .most = 1,
     .run = run_deal_example},
    {.name = "trace list",
     .arguments = "",
     .help = "the latest answers and their traces",
     .examples = "trace list --agent deal-optimizer",
     .options = OPTIONS({"agent", "NAME", "only this agent"}, {"limit", "N", "at most so many"}),
     .run = run_trace_list},
    {.name = "trace",
     .arguments = "ID",
     .help = "the reasoning behind an answer",
     .examples = "trace 4bf92f3577b34da6a3ce929d0e0e4736",
     .least = 1,
     .most = 1,
     .run = run_trace},
    {.name = "trace verify",
     .arguments = "ID",
     .help = "check a trace: arithmetic, references, digest of the reply",
     .examples = "trace verify 4bf92f3577b34da6a3ce929d0e0e4736",
     .least = 1,
     .most = 1,
     .run = run_trace_verify},
    {.name = "predictions",
     .arguments = "[TARGET]",
     .help = "what was predicted, when it is due, what happened",
     .examples = "predictions\npredictions paid-tickets --open",
     .options = OPTIONS({"open", NULL, "only open ones"}, {"scored", NULL, "only scored ones"},
                        {"subject", "PREFIX", "only subjects that start with this"},
                        {"limit", "N", "at most so many"}),
     .most = 1,
     .run = run_predictions},
    {.name = "outcome",
     .arguments = "TARGET SUBJECT VALUE",
     .help = "record what happened; open predictions are scored",
     .examples = "outcome paid-tickets show/sh_01JD8Z5Y3M 287\noutcome breakout "
                 "artist/ar_01JD8Z5Y3M/followers-x2 yes",
     .options = OPTIONS({"at-least", NULL, "the value is only a lower bound, as at a sell-out"}),
     .least = 3,
     .most = 3,
     .run = run_outcome},
    {.name = "decide",
     .arguments = "PREDICTION booked|passed|overridden",
     .help = "record what was decided, and why",
     .examples = "decide pr_01JD8Z5Y3M passed --reason \"same night as the derby\"",
     .options = OPTIONS({"reason", "TEXT", "why"}),
     .least = 2,
     .most = 2,
     .run = run_decide},
    {.name = "scorecard",
     .arguments = "TARGET",
     .help = "how good the predictions were, beside the naive baseline",
     .examples = "scorecard paid-tickets\nscorecard breakout --agent trend-analyzer",
     .options = OPTIONS({"agent", "NAME", "only this agent"}),
     .least = 1,
     .most = 1,
     .run = run_scorecard},
    {.name = "events",
     .arguments = "",
     .help = "what happened, newest last; live with --follow",
     .examples = "events --limit 20\nevents --follow --type prediction.",
     .options = OPTIONS({"follow", NULL, "go on as things happen, until Ctrl-C"},
                        {"after", "N", "only events after this sequence"},
                        {"type", "PREFIX", "only types that start with this; repeatable"},
                        {"limit", "N", "at most so many"}),
     .run = run_events},
    {.name = "keys",
     .arguments = "",
     .help = "the API keys: what they may call, when they were last used",
     .examples = "keys",
     .run = run_keys},
    {.name = "keys add",
     .arguments = "NAME",
     .help = "make an API key and show it, this once",
     .detail = "A scope is * (everything), read (all methods without side effects), a service as "
               "DealOptimizerService/* or a method as DealOptimizerService/EvaluateDeal; write "
               "quotes around a star. Without --scope the key may call everything.\n",
     .examples = "keys add n8n\nkeys add dashboard --scope read --expires 90d\n"
                 "keys add settlement --scope \"DealOptimizerService/*\" --scope "
                 "LedgerService/RecordOutcome",
     .options = OPTIONS({"scope", "SCOPE", "what it may call; repeatable"},
                        {"expires", "TIME", "refuse it after this time, such as 90d or 12h"}),
     .least = 1,
     .most = 1,
     .run = run_keys_add},
    {.name = "keys revoke",
     .arguments = "ID",
     .help = "refuse a key from now on, for good",
     .examples = "keys revoke 5f0c3a9be21d7748",
     .least = 1,
     .most = 1,
     .run = run_keys_revoke},
    {.name = "call",
     .arguments = "METHOD [JSON]",
     .help = "call any method: ProtoJSON in, ProtoJSON out",
     .detail = "JSON may be @FILE or - for standard input. Streams print a line an answer.\n",
     .examples = "call AgentService/GetHostStatus\n"
                 "call TrendAnalyzerService/DetectBreakouts '{\"maxCandidateCount\": 3}'",
     .least = 1,
     .most = 2,
     .run = run_call},
#ifdef PROMOTEROS_DEMO
    {.name = "demo",
     .arguments = "load|tour",
     .help = "fill the store with a simulated city, and look around in it",
     .examples = "demo load\ndemo load --seed 7\ndemo tour",
     .run_raw = demo_command},
#endif
    {.name = "completion",
     .arguments = "bash|zsh|fish",
     .help = "print completion for a shell",
     .examples = "completion bash > /etc/bash_completion.d/promoterosctl\n"
                 "completion zsh > ~/.zfunc/_promoterosctl\n"
                 "completion fish > ~/.config/fish/completions/promoterosctl.fish",
     .least = 1,
     .most = 1,
     .run = run_completion},
    {.name = "man",
     .arguments = "",
     .help = "print the manual page",
     .examples = "man | man -l -",
     .run = run_man},
    {.name = "version",
     .arguments = "",
     .help = "print the version",
     .examples = "version",
     .run = run_version},
};
const size_t command_count = sizeof commands / sizeof *commands;
