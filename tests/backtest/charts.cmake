# Breakouts on charts and on daily series, and growth: the trend analyzer on the evaluation data.
add_library(
  backtest_charts STATIC
  ${CMAKE_CURRENT_LIST_DIR}/charts_data.c ${CMAKE_CURRENT_LIST_DIR}/charts_fit.c
  ${CMAKE_CURRENT_LIST_DIR}/charts_hot100.c ${CMAKE_CURRENT_LIST_DIR}/charts_spotify.c
  ${CMAKE_CURRENT_LIST_DIR}/charts_tasks.c ${CMAKE_CURRENT_LIST_DIR}/daily_data.c)
target_link_libraries(backtest_charts PUBLIC promoteros_trend_analyzer_model backtest_eval)

# Writes agents/trend-analyzer/coefficients.h: charts_refit FILE.
add_executable(charts_refit ${CMAKE_CURRENT_LIST_DIR}/charts_refit.c)
target_link_libraries(charts_refit PRIVATE backtest_charts)

foreach(task breakout_charts breakout_daily growth)
  promoteros_test(backtest ${task} SOURCES ${CMAKE_CURRENT_LIST_DIR}/${task}_test.c LINKS
                  backtest_charts TIMEOUT 600)
endforeach()

# Simulated, so it needs no data; skipped from the build where the demo city is not built.
if(TARGET promoteros_demo)
  promoteros_test(backtest breakout_demo SOURCES ${CMAKE_CURRENT_LIST_DIR}/breakout_demo_test.c LINKS
                  promoteros_trend_analyzer_model backtest_eval promoteros_demo TIMEOUT 600)
endif()
