/*
 * audience-predictor: what an artist would draw in one particular room. A table of contents; the
 * maths is in the files beside it, see README.md.
 */
#include "audience-predictor/explain.h"

extern const unsigned char audience_predictor_descriptors[], audience_predictor_descriptors_end[];

static void *from_arena(void *run, size_t size)
{
    return pros_alloc(run, size);
}

static enum pros_status predict_attendance(struct pros_run *run,
                                           const Promoteros__V1__PredictAttendanceRequest *request,
                                           Promoteros__V1__PredictAttendanceResponse *response)
{
    struct evidence *evidence = pros_alloc(run, sizeof *evidence);
    struct attendance *attendance = pros_alloc(run, sizeof *attendance);
    struct drop_count drop;
    enum pros_status status = evidence_gather(run, request, evidence);
    if (status != PROS_OK)
        return status;
    attendance_predict(&evidence->request, evidence->shows, evidence->count, from_arena, run,
                       attendance);
    drop_count_predict(&attendance->demand, (double)evidence->request.coming.capacity,
                       &evidence->rate, evidence->comps, &drop);
    explain_prediction(run, request, evidence, attendance, &drop, response);
    return PROS_OK;
}

PROS_TYPED_METHOD(predict_attendance, Promoteros__V1__PredictAttendanceRequest,
                  promoteros__v1__predict_attendance_request,
                  Promoteros__V1__PredictAttendanceResponse,
                  promoteros__v1__predict_attendance_response)

static const struct pros_method methods[] = {
    {.name = "PredictAttendance",
     .summary = "Predicts paid tickets, heads and the chance of a sell-out for an artist in a "
                "room, from comparable shows.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .handle = predict_attendance_bytes}};

static const char *const calls[] = {
    "promoteros.v1.CatalogService/GetVenue", "promoteros.v1.CatalogService/GetArtist",
    "promoteros.v1.CatalogService/QueryShowOutcomes", "promoteros.v1.SignalService/QuerySignals"};

const struct pros_agent *promoteros_agent(void)
{
    static struct pros_agent agent = {
        .size = sizeof agent,
        .abi = PROS_ABI,
        .method_size = sizeof(struct pros_method),
        .name = "audience-predictor",
        .title = "Audience predictor",
        .summary = "Predicts what an artist would draw in one particular room.",
        .version = PROMOTEROS_VERSION,
        .service = "promoteros.v1.AudiencePredictorService",
        .methods = methods,
        .method_count = sizeof methods / sizeof *methods,
        .calls = calls,
        .call_count = sizeof calls / sizeof *calls,
    };
    agent.descriptor_set = (struct pros_bytes){
        audience_predictor_descriptors,
        (size_t)(audience_predictor_descriptors_end - audience_predictor_descriptors)};
    return &agent;
}
