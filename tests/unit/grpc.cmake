# A door on a free port with a test agent behind it; grpc_fixture.h says how.
add_library(grpc_fixture STATIC grpc_fixture.c)
target_include_directories(grpc_fixture PUBLIC ${PROJECT_SOURCE_DIR}/tests)
target_link_libraries(grpc_fixture PUBLIC promoteros_grpc promoteros_descriptor_set)

foreach(part unary stream shutdown address)
  promoteros_test(unit grpc_${part} SOURCES grpc_${part}_test.c LINKS grpc_fixture)
endforeach()
promoteros_test(bench grpc SOURCES grpc_bench.c LINKS grpc_fixture)
