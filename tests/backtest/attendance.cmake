# Attendance: running shows, cold starts, one theatre's concerts, small rooms.
add_library(backtest_attendance_data STATIC ${CMAKE_CURRENT_LIST_DIR}/attendance_data.c
                                            ${CMAKE_CURRENT_LIST_DIR}/running_fit.c)
target_link_libraries(backtest_attendance_data PUBLIC backtest_eval
                                                      promoteros_audience_predictor_model)

# Not a test: prints the coefficients that ship (agents/audience-predictor/README.md).
add_executable(backtest_attendance_fit ${CMAKE_CURRENT_LIST_DIR}/attendance_fit.c)
target_link_libraries(backtest_attendance_fit PRIVATE backtest_attendance_data)

foreach(task running opening concert smallroom)
  promoteros_test(backtest attendance_${task} SOURCES
                  ${CMAKE_CURRENT_LIST_DIR}/attendance_${task}.c LINKS backtest_attendance_data
                  TIMEOUT 600)
endforeach()
