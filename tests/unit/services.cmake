# The host's own services on a real store; services_fixture.h says how.
add_library(services_fixture STATIC services_fixture.c)
target_include_directories(services_fixture PUBLIC ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(services_fixture PUBLIC promoteros_services promoteros_descriptor_set)

promoteros_test(unit services_score SOURCES services_score_test.c LINKS promoteros_services)
foreach(topic access show catalog signal import ledger journal hostile)
  promoteros_test(unit services_${topic} SOURCES services_${topic}_test.c LINKS services_fixture)
endforeach()
