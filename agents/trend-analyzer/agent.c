/* The trend analyzer's table: everything that the host needs to know of it. */
#include "trend-analyzer/trend.h"

PROS_TYPED_METHOD(trend_detect, Promoteros__V1__DetectBreakoutsRequest,
                  promoteros__v1__detect_breakouts_request, Promoteros__V1__DetectBreakoutsResponse,
                  promoteros__v1__detect_breakouts_response)
PROS_TYPED_METHOD(trend_forecast, Promoteros__V1__ForecastGrowthRequest,
                  promoteros__v1__forecast_growth_request, Promoteros__V1__ForecastGrowthResponse,
                  promoteros__v1__forecast_growth_response)
PROS_TYPED_METHOD(trend_analyze, Promoteros__V1__AnalyzeTrendRequest,
                  promoteros__v1__analyze_trend_request, Promoteros__V1__AnalyzeTrendResponse,
                  promoteros__v1__analyze_trend_response)

/* Log-odds are summed and turned into a probability and back: rounding, no more. */
#define ROUNDING_SHARE 1e-6

static const struct pros_method methods[] = {
    {.name = "DetectBreakouts",
     .summary = "Ranks artists or songs by the probability that they break out.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .max_residual_share = ROUNDING_SHARE,
     .handle = trend_detect_bytes},
    {.name = "ForecastGrowth",
     .summary = "Forecasts one daily series up to 90 days ahead.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .max_residual_share = ROUNDING_SHARE,
     .handle = trend_forecast_bytes},
    {.name = "AnalyzeTrend",
     .summary = "Says where an artist or song stands, with the evidence of each series.",
     .flags = PROS_SIDE_EFFECT_FREE,
     .max_residual_share = ROUNDING_SHARE,
     .handle = trend_analyze_bytes},
};

static const char *const calls[] = {
    "promoteros.v1.SignalService/ScanSignals",
    "promoteros.v1.SignalService/QuerySignals",
    "promoteros.v1.CatalogService/GetArtist",
    "promoteros.v1.CatalogService/GetTrack",
};

extern const unsigned char trend_analyzer_descriptors[], trend_analyzer_descriptors_end[];

const struct pros_agent *promoteros_agent(void)
{
    static struct pros_agent agent = {
        .size = sizeof agent,
        .abi = PROS_ABI,
        .method_size = sizeof methods[0],
        .name = "trend-analyzer",
        .title = "Trend analyzer",
        .summary = "Finds artists before they break out, and forecasts their growth.",
        .version = "0.1.0",
        .service = "promoteros.v1.TrendAnalyzerService",
        .methods = methods,
        .method_count = sizeof methods / sizeof methods[0],
        .calls = calls,
        .call_count = sizeof calls / sizeof calls[0],
    };
    agent.descriptor_set.data = trend_analyzer_descriptors;
    agent.descriptor_set.size =
        (size_t)(trend_analyzer_descriptors_end - trend_analyzer_descriptors);
    return &agent;
}
