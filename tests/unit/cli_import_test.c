/* Dry runs over small files: what is accepted, what is refused and why, and the exit code. */
#include "cli/command.h"
#include "unit/check.h"
#include "unit/cli_run.h"

#include <unistd.h>

/* A dry run over a new file of that text. */
static int run_import(const char *kind, const char *suffix, const char *text, const char *options)
{
    char line[CLI_RUN_LINE_MAX], path[64];
    int fd, code;

    snprintf(path, sizeof path, "/tmp/cli-import-XXXXXX%s", suffix);
    fd = mkstemps(path, (int)strlen(suffix));
    CHECK(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
    CHECK(snprintf(line, sizeof line, "import %s %s --dry-run%s%s", kind, path, *options ? " " : "",
                   options) < CLI_RUN_LINE_MAX);
    code = cli_run(line);
    unlink(path);
    return code;
}

struct import_case {
    const char *name, *suffix, *text, *options;
    int code;
    const char *says; /* on either stream */
};

static void check_cases(const char *kind, const struct import_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int code = run_import(kind, cases[i].suffix, cases[i].text, cases[i].options);
        if (!CHECK_INT(code, cases[i].code) ||
            !CHECK(strstr(out_text, cases[i].says) || strstr(err_text, cases[i].says)))
            fprintf(stderr, "    in case \"%s\":\n%s%s", cases[i].name, out_text, err_text);
    }
}

#define LONG_HEADER "artist,source,metric,observed_at,value\n"
#define LONG_ROW    "Mill Lane,spotify,followers,2026-01-02,100\n"

static void signals(void)
{
    static const struct import_case cases[] = {
        {"long", ".csv", LONG_HEADER LONG_ROW, "", 0, "1 row accepted"},
        {"tsv", ".tsv", "artist\tobserved_at\tvalue\nMill Lane\t2026-01-02\t3\n",
         "--set source=s --set metric=m", 0, "1 row accepted"},
        {"wide", ".csv", "artist,week,streams,rank\nMill Lane,2026-01-02,1000,7\nX,2026-01-02,,8\n",
         "--metrics streams,rank --set source=chart --map observed_at=week", 0, "3 points"},
        {"tracks", ".csv", "track,artist,d,n,source\nSong,\"A, B & C\",2026-01-02,5,Label\n",
         "--map observed_at=d --map value=n --set metric=streams --set source=chart", 0,
         "1 row accepted"},
        {"no artist", ".csv", LONG_HEADER ",spotify,followers,2026-01-02,100\n", "", 1,
         "line 2: artist is empty"},
        {"bad number", ".csv", LONG_HEADER LONG_ROW "Mill Lane,spotify,followers,2026-01-03,many\n",
         "", 1, "line 3: value: \"many\" is not a plain number"},
        {"negative", ".csv", LONG_HEADER "Mill Lane,spotify,followers,2026-01-03,-5\n", "", 1,
         "negative"},
        {"NaN", ".csv", LONG_HEADER "Mill Lane,spotify,followers,2026-01-03,NaN\n", "", 1,
         "\"NaN\" is not a number"},
        {"thousands", ".csv", LONG_HEADER "Mill Lane,spotify,followers,2026-01-03,\"1,234\"\n", "",
         1, "--thousands"},
        {"thousands said", ".csv", LONG_HEADER "Mill Lane,spotify,followers,2026-01-03,\"1,234\"\n",
         "--thousands ,", 0, "1 row accepted"},
        {"date the wrong way round", ".csv",
         LONG_HEADER "Mill Lane,spotify,followers,03/01/2026,5\n", "", 1,
         "line 2: observed_at: \"03/01/2026\" is the wrong way round"},
        {"known before observed", ".csv",
         "artist,source,metric,observed_at,value,known_at\nM,s,m,2026-01-03,5,2026-01-02\n", "", 1,
         "dates are reversed"},
        {"future", ".csv", LONG_HEADER "Mill Lane,spotify,followers,2999-01-03,5\n", "", 1,
         "in the future"},
        {"source no name", ".csv", LONG_HEADER "Mill Lane,Spotify!,followers,2026-01-03,5\n", "", 1,
         "cannot be a source"},
        {"refusals allowed", ".csv", LONG_HEADER LONG_ROW ",s,m,2026-01-02,1\n", "--max-refused 1",
         0, "1 row refused"},
        {"refusals not allowed", ".csv", LONG_HEADER LONG_ROW ",s,m,2026-01-02,1\n",
         "--max-refused 0", 1, "nothing was imported"},
        {"column missing", ".csv", "artist,value\nA,1\n", "", 2, "--map source=THEIRS"},
        {"map to nothing", ".csv", LONG_HEADER LONG_ROW, "--map known_at=nothing", 2,
         "no column \"nothing\""},
        {"unknown column", ".csv", LONG_HEADER LONG_ROW, "--set sauce=x", 2,
         "did you mean \"source\""},
        {"empty file", ".csv", "", "", 1, "empty"},
        {"sidecar", ".jsonl",
         "{\"v\":1,\"source\":\"tiktok\",\"method\":\"scrape\",\"entity\":{\"kind\":\"artist\","
         "\"ids\":{\"tiktok\":\"milllane\"}},\"metric\":\"followers\",\"value\":12345,\"rounded\":"
         "false,\"observed_at\":\"2026-01-02T03:04:05Z\",\"fetch_id\":\"f\"}\n",
         "", 0, "1 row accepted"},
        {"other version", ".jsonl", "{\"v\":2}\n", "", 1, "only form 1"},
        {"json list of artists", ".ndjson",
         "{\"track\":\"Song\",\"artists\":[\"A\",\"B\"],\"source\":\"s\",\"metric\":\"m\","
         "\"observed_at\":\"2026-01-02\",\"value\":3}\n",
         "", 0, "1 row accepted"},
        {"broken line", ".jsonl", "{\"v\":1,\n", "", 1, "line 1: "},
    };
    check_cases("signals", cases, sizeof cases / sizeof *cases);
}

#define SHOW_HEADER "artist,venue,date,capacity,paid,gross\n"

static void shows(void)
{
    static const struct import_case cases[] = {
        {"plain", ".csv", SHOW_HEADER "Mill Lane,Foundry,2026-01-02,400,287,7175.50\n",
         "--set currency=USD", 0, "1 show\n"},
        {"to come", ".csv", SHOW_HEADER "Mill Lane,Foundry,2999-01-02,400,,\n", "", 0, "1 show\n"},
        {"capacity zero", ".csv", SHOW_HEADER "Mill Lane,Foundry,2026-01-02,0,1,\n", "", 1,
         "line 2: capacity is zero"},
        {"no capacity", ".csv", SHOW_HEADER "Mill Lane,Foundry,2026-01-02,,1,\n", "", 1,
         "capacity is empty"},
        {"negative", ".csv", SHOW_HEADER "Mill Lane,Foundry,2026-01-02,400,-1,\n", "", 1,
         "paid: -1 is negative"},
        {"no venue", ".csv", SHOW_HEADER "Mill Lane,,2026-01-02,400,1,\n", "", 1, "venue is empty"},
        {"no currency", ".csv", SHOW_HEADER "Mill Lane,Foundry,2026-01-02,400,1,5\n", "", 1,
         "gross has no currency"},
        {"part of a yen", ".csv", SHOW_HEADER "Mill Lane,Foundry,2026-01-02,400,1,5.5\n",
         "--set currency=JPY", 1, "digits behind the point"},
        {"date", ".csv", SHOW_HEADER "Mill Lane,Foundry,02.01.2026,400,1,\n", "", 1,
         "wrong way round"},
        {"figures from the future", ".csv", SHOW_HEADER "Mill Lane,Foundry,2999-01-02,400,1,\n", "",
         1, "in the future"},
        {"reversed", ".csv",
         "artist,venue,date,capacity,announced_at\nA,B,2026-01-02,9,2026-03-01\n", "", 1,
         "announced_at is after the show"},
        {"known too early", ".csv",
         "artist,venue,date,capacity,paid,known_at\nA,B,2026-03-02,9,3,2026-01-01\n", "", 1,
         "known_at is before the show"},
        {"above capacity", ".csv", SHOW_HEADER "Mill Lane,Foundry,2026-01-02,400,501,\n", "", 1,
         "1.25 times the capacity"},
        {"room", ".csv", "artist,venue,date,capacity,room\nA,B,2026-01-02,9,Main Hall\n", "", 1,
         "cannot be a room"},
        {"zone", ".csv", "artist,venue,date,capacity,time_zone\nA,B,2026-01-02,9,New York\n", "", 1,
         "is no name such as"},
        {"performances", ".csv", "artist,venue,date,capacity,performances\nA,B,2026-01-02,9,400\n",
         "", 1, "in 1 to 366"},
        {"status", ".csv", "artist,venue,date,capacity,status\nA,B,2026-01-02,9,maybe\n", "", 1,
         "none of inquiry"},
        {"status good", ".csv", "artist,venue,date,capacity,status\nA,B,2999-01-02,9,on-sale\n", "",
         0, "1 show\n"},
        {"mapped", ".csv", "week_ending,show,theatre,seats,sold\n2026-01-04,ART,Royale,8576,5789\n",
         "--map artist=show --map venue=theatre --map date=week_ending --map capacity=seats --map "
         "paid=sold --lag 2d",
         0, "1 show\n"},
        {"column missing", ".csv", "artist,date\nA,2026-01-02\n", "", 2, "no column \"venue\""},
        {"json", ".jsonl",
         "{\"artist\":\"A\",\"venue\":\"B\",\"date\":\"2026-01-02\",\"capacity\":9,\"paid\":3}\n",
         "", 0, "1 show\n"},
    };
    check_cases("shows", cases, sizeof cases / sizeof *cases);
}

/* Lines refused beyond twenty are counted, not listed. */
static void many_refusals(void)
{
    static char text[8192];
    size_t used = (size_t)snprintf(text, sizeof text, LONG_HEADER);

    for (int i = 0; i < 30; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "A,s,m,2026-01-02,x\n");
    CHECK_INT(run_import("signals", ".csv", text, ""), 1);
    CHECK(strstr(err_text, "line 21: ") && !strstr(err_text, "line 22: "));
    CHECK(strstr(err_text, "and 10 more") != NULL);
}

CHECK_MAIN(signals, shows, many_refusals)
