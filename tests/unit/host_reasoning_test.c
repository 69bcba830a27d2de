/* Reasoning that is refused: an agent with one flaw at a time. */
#include "unit/host_optimize.h"

enum flaw {
    SUM_OFF,
    VALUE_NAN,
    AMOUNT_INFINITE,
    LOGIT_ONE,
    LOG_ZERO,
    LINK_NONE,
    INTERVAL_TURNED,
    INTERVAL_HALF,
    INTERVAL_LEVEL,
    CONFIDENCE_NONE,
    USE_UNKNOWN,
    USE_FUTURE,
    CONTRIBUTION_UNKNOWN,
    STEP_KIND,
    STEP_NAN,
    INPUT_STATUS,
    FLIP_NAN,
    TEXT_BYTES,
    PREDICTION_SUBJECT,
    PREDICTION_PROBABILITY,
    PREDICTION_DUE,
    PREDICTION_DISTRIBUTION,
    PREDICTION_LEVELS,
    PREDICTION_NAN,
    FLAW_COUNT
};

static void conclude_badly(struct pros_run *run, enum flaw flaw)
{
    double low = 1, high = 2;
    struct pros_contribution part = {1, "one", NULL};
    struct pros_conclusion bad = {.name = "margin",
                                  .value = 3,
                                  .link = PROS_LINK_IDENTITY,
                                  .baseline = 2,
                                  .contributions = &part,
                                  .contribution_count = 1,
                                  .low = &low,
                                  .high = &high,
                                  .interval_level = 0.8,
                                  .confidence = PROS_CONFIDENCE_EXACT};
    switch (flaw) {
    case SUM_OFF:
        bad.value = 3.0001;
        break;
    case VALUE_NAN:
        bad.value = NAN;
        break;
    case AMOUNT_INFINITE:
        part.amount = INFINITY;
        break;
    case LOGIT_ONE:
        bad.value = 1;
        bad.link = PROS_LINK_LOGIT;
        break;
    case LOG_ZERO:
        bad.value = 0;
        bad.link = PROS_LINK_LOG;
        break;
    case LINK_NONE:
        bad.link = (enum pros_link)0;
        break;
    case INTERVAL_TURNED:
        low = 4;
        break;
    case INTERVAL_HALF:
        bad.high = NULL;
        break;
    case INTERVAL_LEVEL:
        bad.interval_level = 1;
        break;
    case CONFIDENCE_NONE:
        bad.confidence = (enum pros_confidence)0;
        break;
    default:
        part.use = "i7";
        break;
    }
    pros_conclude(run, bad);
}

static void predict_badly(struct pros_run *run, enum flaw flaw)
{
    struct pros_prediction bad = {
        .target = "sell-out", .subject = "show/sh_1", .due_at_ms = 1, .probability = 0.5};
    /* Distribution{levels: [0.5, 0.5], values: [1, 2]} */
    static const unsigned char equal_levels[] = {
        0x12, 16, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f,
        0x1a, 16, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0,    0x40};
    /* Distribution{levels: [0.5], values: [NaN]} */
    static const unsigned char no_number[] = {0x12, 8, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f,
                                              0x1a, 8, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f};
    if (flaw == PREDICTION_SUBJECT)
        bad.subject = "";
    if (flaw == PREDICTION_PROBABILITY)
        bad.probability = 1.5;
    if (flaw == PREDICTION_DUE)
        bad.due_at_ms = 0;
    if (flaw == PREDICTION_DISTRIBUTION)
        bad.distribution = (struct pros_bytes){"\xff", 1};
    if (flaw == PREDICTION_LEVELS)
        bad.distribution = (struct pros_bytes){equal_levels, sizeof equal_levels};
    if (flaw == PREDICTION_NAN)
        bad.distribution = (struct pros_bytes){no_number, sizeof no_number};
    pros_predict(run, bad);
}

static enum pros_status reason_badly(struct pros_run *run, struct pros_bytes request,
                                     struct pros_bytes *reply)
{
    enum flaw flaw = *(const enum flaw *)fixture_of(run)->context;
    double nan = NAN;
    (void)request;
    *reply = ok_reply;
    switch (flaw) {
    case USE_UNKNOWN:
    case USE_FUTURE:
    case STEP_NAN:
    case STEP_KIND:
        pros_step(run, (struct pros_step){.kind = flaw == STEP_KIND ? (enum pros_step_kind)9
                                                                    : PROS_STEP_RULE,
                                          .uses = flaw == USE_UNKNOWN  ? "i1"
                                                  : flaw == USE_FUTURE ? "s1"
                                                                       : NULL,
                                          .value = flaw == STEP_NAN ? &nan : NULL});
        break;
    case INPUT_STATUS:
        pros_input(run, (struct pros_input){.name = "x"});
        break;
    case FLIP_NAN:
        pros_flip(run, (struct pros_flip){"x", NAN, 1, "", ""});
        break;
    case TEXT_BYTES:
        pros_limit(run, "\xff");
        break;
    case PREDICTION_SUBJECT:
    case PREDICTION_PROBABILITY:
    case PREDICTION_DUE:
    case PREDICTION_DISTRIBUTION:
    case PREDICTION_LEVELS:
    case PREDICTION_NAN:
        predict_badly(run, flaw);
        break;
    default:
        conclude_badly(run, flaw);
        break;
    }
    return PROS_OK;
}

static void test_bad_reasoning_is_refused(void)
{
    static const char *const reasons[FLAW_COUNT] = {[SUM_OFF] = "TRACE_ARITHMETIC",
                                                    [VALUE_NAN] = "TRACE_ARITHMETIC",
                                                    [AMOUNT_INFINITE] = "TRACE_ARITHMETIC",
                                                    [LOGIT_ONE] = "TRACE_ARITHMETIC",
                                                    [LOG_ZERO] = "TRACE_ARITHMETIC",
                                                    [LINK_NONE] = "TRACE_ARITHMETIC",
                                                    [INTERVAL_TURNED] = "TRACE_INTERVAL",
                                                    [INTERVAL_HALF] = "TRACE_INTERVAL",
                                                    [INTERVAL_LEVEL] = "TRACE_INTERVAL",
                                                    [CONFIDENCE_NONE] = "TRACE_KIND",
                                                    [USE_UNKNOWN] = "TRACE_REFERENCE",
                                                    [USE_FUTURE] = "TRACE_REFERENCE",
                                                    [CONTRIBUTION_UNKNOWN] = "TRACE_REFERENCE",
                                                    [STEP_KIND] = "TRACE_KIND",
                                                    [STEP_NAN] = "TRACE_ARITHMETIC",
                                                    [INPUT_STATUS] = "TRACE_KIND",
                                                    [FLIP_NAN] = "TRACE_ARITHMETIC",
                                                    [TEXT_BYTES] = "TRACE_TEXT",
                                                    [PREDICTION_SUBJECT] = "TRACE_PREDICTION",
                                                    [PREDICTION_PROBABILITY] = "TRACE_PREDICTION",
                                                    [PREDICTION_DUE] = "TRACE_PREDICTION",
                                                    [PREDICTION_DISTRIBUTION] = "TRACE_PREDICTION",
                                                    [PREDICTION_LEVELS] = "TRACE_PREDICTION",
                                                    [PREDICTION_NAN] = "TRACE_PREDICTION"};
    enum flaw flaw;
    struct fixture fixture = {.optimize = reason_badly, .context = &flaw};
    struct failure failure;
    if (!CHECK(fixture_open(&fixture)))
        return;
    for (int i = 0; i < FLAW_COUNT; i++) {
        flaw = (enum flaw)i;
        int before = check_failures;
        release(optimize(&fixture, nothing, PROS_INTERNAL, reasons[i], &failure));
        if (check_failures != before)
            fprintf(stderr, "    flaw %d\n", i);
        if (flaw <= LINK_NONE)
            CHECK(strstr(failure.sentence, "margin") != NULL);
    }
    fixture_close(&fixture);
}

CHECK_MAIN(test_bad_reasoning_is_refused)
