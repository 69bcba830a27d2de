/* --map and --set: which column of a file is which of ours. */
#include "cli/columns.h"
#include "unit/check.h"

enum { ARTIST, SOURCE, OBSERVED_AT, KIND, COUNT };
static const struct column_name known[COUNT] = {{"artist", NULL, ""},
                                                {"source", NULL, ""},
                                                {"observed_at", NULL, ""},
                                                {"kind", "entity.kind", ""}};

static const char *const header[] = {"week",  "artist",     "source",
                                     "plays", "id:spotify", "entity.kind"};
static const char *const values[] = {"2026-01-02", "Mill Lane", "A Label", "12", "4abc", "track"};
#define HEADER_COUNT (sizeof header / sizeof *header)

static void by_name(void)
{
    struct columns columns;

    columns_open(&columns, known, COUNT);
    CHECK_INT(columns_bind(&columns, header, HEADER_COUNT, true, NULL), PROS_OK);
    CHECK_STR(columns_value(&columns, values, ARTIST), "Mill Lane");
    CHECK_STR(columns_value(&columns, values, SOURCE), "A Label");
    CHECK_STR(columns_value(&columns, values, OBSERVED_AT), "");
    CHECK(!columns_has(&columns, OBSERVED_AT));
    CHECK_STR(columns_value(&columns, values, KIND), "track");
    CHECK_INT(columns.id_count, 1);
    CHECK_STR(columns.ids[0].scheme, "spotify");
    CHECK_INT(columns.ids[0].index, 4);
    CHECK(!columns.used[0] && columns.used[1] && !columns.used[3] && columns.used[4]);
}

static void by_rules(void)
{
    static const char *const metrics[] = {"streams"};
    struct columns columns;
    struct failure failure = {0};

    columns_open(&columns, known, COUNT);
    CHECK_INT(columns_add_rule(&columns, "observed_at=week", false, NULL, 0, &failure), PROS_OK);
    CHECK_INT(columns_add_rule(&columns, "source=chart-us-weekly", true, NULL, 0, &failure),
              PROS_OK);
    CHECK_INT(columns_add_rule(&columns, "streams=plays", false, metrics, 1, &failure), PROS_OK);
    CHECK_INT(columns_add_rule(&columns, "id:own=artist", false, NULL, 0, &failure), PROS_OK);
    CHECK_INT(columns_bind(&columns, header, HEADER_COUNT, true, &failure), PROS_OK);
    CHECK_STR(columns_value(&columns, values, OBSERVED_AT), "2026-01-02");
    CHECK_STR(columns_value(&columns, values, SOURCE), "chart-us-weekly");
    /* A header that is mapped serves there only. */
    CHECK_STR(columns_value(&columns, values, ARTIST), "");
    CHECK_INT(columns_find(&columns, header, HEADER_COUNT, "streams"), 3);
    CHECK_INT(columns_find(&columns, header, HEADER_COUNT, "plays"), -1);
    CHECK_INT(columns.id_count, 2);
}

static void refusals(void)
{
    static const struct {
        const char *rule;
        bool constant;
        const char *reason;
    } cases[] = {
        {"artist", false, "BAD_RULE"},         {"=x", false, "BAD_RULE"},
        {"artist=", true, "BAD_RULE"},         {"artits=name", false, "UNKNOWN_COLUMN"},
        {"id:=name", false, "UNKNOWN_COLUMN"}, {"source=b", true, "TWICE"},
    };
    struct columns columns;
    struct failure failure;

    columns_open(&columns, known, COUNT);
    CHECK_INT(columns_add_rule(&columns, "source=a", true, NULL, 0, &failure), PROS_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        failure = (struct failure){0};
        CHECK(columns_add_rule(&columns, cases[i].rule, cases[i].constant, NULL, 0, &failure) !=
              PROS_OK);
        CHECK_STR(failure.reason, cases[i].reason);
    }
    CHECK_INT(columns_add_rule(&columns, "artist=nobody", false, NULL, 0, &failure), PROS_OK);
    CHECK(columns_bind(&columns, header, HEADER_COUNT, true, &failure) != PROS_OK);
    CHECK(strstr(failure.sentence, "nobody") && strstr(failure.sentence, "plays"));
    CHECK_INT(columns_bind(&columns, header, HEADER_COUNT, false, &failure), PROS_OK);
}

CHECK_MAIN(by_name, by_rules, refusals)
