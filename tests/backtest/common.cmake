# What the backtests share: streaming reader of csv and csv.gz, and the metrics of the evaluation guide.
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
add_library(backtest_eval STATIC ${CMAKE_CURRENT_LIST_DIR}/eval_csv.c
                                 ${CMAKE_CURRENT_LIST_DIR}/eval_metrics.c)
target_include_directories(backtest_eval PUBLIC ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(backtest_eval PUBLIC promoteros_flags PkgConfig::ZLIB m)

# The library itself is checked on tables with known answers; it needs no data.
promoteros_test(unit backtest_eval SOURCES ${CMAKE_CURRENT_LIST_DIR}/eval_test.c LINKS backtest_eval)
