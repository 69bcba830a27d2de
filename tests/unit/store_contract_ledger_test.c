/* What every backend of the store must do: predictions with their outcomes and scores. */
#include "unit/store_fixture.h"

static enum pros_status see_prediction(void *context, const struct store_prediction *p)
{
    return see(context, "%s:%.*s,%.*s,%.*s ", p->id, (int)p->prediction.size,
               (const char *)p->prediction.data, (int)p->outcome.size,
               p->outcome.size ? (const char *)p->outcome.data : "", (int)p->score.size,
               p->score.size ? (const char *)p->score.data : "");
}

static void add_prediction(struct store_batch *batch, const char *id, const char *subject,
                           int64_t issue_ms)
{
    store_add_prediction(batch, &(struct store_prediction){.id = id,
                                                           .target = "heads",
                                                           .subject = subject,
                                                           .agent = "a",
                                                           .issue_ms = issue_ms,
                                                           .due_ms = 100,
                                                           .prediction = BYTES("p")});
}

static void predictions_gather_parts(void)
{
    struct fixture f;
    fixture_open(&f);
    struct store_batch *batch = store_batch_new();
    add_prediction(batch, "pr_1", "show/1", 10);
    add_prediction(batch, "pr_2", "show/2", 20);
    add_prediction(batch, "pr_3", "artist/1", 20);
    store_add_ledger(batch, "pr_1", LEDGER_OUTCOME, BYTES("o1"));
    fixture_commit(&f, batch, PROS_OK);
    batch = store_batch_new();
    store_add_ledger(batch, "pr_1", LEDGER_OUTCOME, BYTES("o2"));
    store_add_ledger(batch, "pr_1", LEDGER_SCORE, BYTES("s"));
    fixture_commit(&f, batch, PROS_OK);
    batch = store_batch_new();
    add_prediction(batch, "pr_1", "show/1", 10);
    fixture_commit(&f, batch, PROS_ALREADY_EXISTS);
    static const struct {
        struct store_prediction_query query;
        const char *want;
    } cases[] = {
        {{.open = -1}, "pr_3:p,, pr_2:p,, pr_1:p,o2,s "},
        {{.open = 1}, "pr_3:p,, pr_2:p,, "},
        {{.open = 0}, "pr_1:p,o2,s "},
        {{.open = -1, .id = "pr_2"}, "pr_2:p,, "},
        {{.open = -1, .subject = "show/2"}, "pr_2:p,, "},
        {{.open = -1, .subject_prefix = "show/"}, "pr_2:p,, pr_1:p,o2,s "},
        {{.open = -1, .target = "other"}, ""},
        {{.open = -1, .agent = "b"}, ""},
        {{.open = -1, .before_issue_ms = 20, .before_id = "pr_3"}, "pr_2:p,, pr_1:p,o2,s "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct seen seen = {0};
        CHECK_INT(store_list_predictions(f.store, &cases[i].query, see_prediction, &seen, NULL),
                  PROS_OK);
        CHECK_STR(seen.text, cases[i].want);
    }
    int64_t count = 0;
    CHECK_INT(store_verify_ledger(f.store, &count, NULL), PROS_OK);
    CHECK_INT(count, 6);
    fixture_reopen(&f);
    CHECK_INT(store_verify_ledger(f.store, NULL, NULL), PROS_OK);
    fixture_close(&f);
}

CHECK_MAIN(predictions_gather_parts)
