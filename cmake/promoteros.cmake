# Flags and the helper functions that every room uses; nothing else is global.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

set(PROMOTEROS_SANITIZE "" CACHE STRING "Sanitizers to build with: address,undefined or thread")
option(PROMOTEROS_FUZZ "Build the libFuzzer targets (needs clang)" OFF)

# Asserts stay on in the release build: a located failure beats a wrong answer.
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g")

add_library(promoteros_flags INTERFACE)
target_compile_features(promoteros_flags INTERFACE c_std_17)
target_compile_definitions(promoteros_flags INTERFACE _GNU_SOURCE
                                                      PROMOTEROS_VERSION="${PROJECT_VERSION}")
# -ffp-contract=off: a fused multiply-add gives other bytes, and a replayed run must give the same.
target_compile_options(
  promoteros_flags
  INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes
            -Wpointer-arith -Wwrite-strings -Wvla -Werror -fvisibility=hidden -ffp-contract=off
            -fno-omit-frame-pointer)
target_include_directories(promoteros_flags INTERFACE ${PROJECT_SOURCE_DIR}/runtime
                                                      ${PROJECT_SOURCE_DIR}/runtime/include)
if(PROMOTEROS_SANITIZE)
  target_compile_options(promoteros_flags INTERFACE -fsanitize=${PROMOTEROS_SANITIZE}
                                                    -fno-sanitize-recover=all)
  target_link_options(promoteros_flags INTERFACE -fsanitize=${PROMOTEROS_SANITIZE})
endif()
if(PROMOTEROS_FUZZ)
  target_compile_options(promoteros_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# A room: one static library promoteros_<name>, so that link dependencies are as honest as includes.
#   promoteros_room(store SOURCES a.c b.c LINKS promoteros_base PkgConfig::SQLITE)
function(promoteros_room name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINKS" ${ARGN})
  add_library(promoteros_${name} STATIC ${arg_SOURCES})
  target_link_libraries(promoteros_${name} PUBLIC promoteros_flags ${arg_LINKS})
  set_target_properties(promoteros_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()

# An agent: the maths as a static library promoteros_<name>_model (tests and backtests link it), and a
# module that exports exactly one symbol.
#   promoteros_agent(trend-analyzer SERVICE trend_analyzer MODEL growth.c SOURCES agent.c)
function(promoteros_agent name)
  cmake_parse_arguments(arg "" "SERVICE" "MODEL;SOURCES" ${ARGN})
  string(REPLACE "-" "_" id ${name})
  add_library(promoteros_${id}_model STATIC ${arg_MODEL})
  target_link_libraries(promoteros_${id}_model PUBLIC promoteros_flags promoteros_numerics
                                                      promoteros_proto m)
  set_target_properties(promoteros_${id}_model PROPERTIES POSITION_INDEPENDENT_CODE ON)
  promoteros_descriptors(${id}_descriptors promoteros/v1/${arg_SERVICE}.proto)
  add_library(${id} MODULE ${arg_SOURCES})
  target_link_libraries(${id} PRIVATE promoteros_${id}_model ${id}_descriptors)
  set_target_properties(
    ${id} PROPERTIES PREFIX "" OUTPUT_NAME ${name}
                     LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/agents)
  target_link_options(${id} PRIVATE
                      -Wl,--version-script=${PROJECT_SOURCE_DIR}/agents/agent.version)
  if(NOT PROMOTEROS_SANITIZE)
    target_link_options(${id} PRIVATE -Wl,-z,defs)
  endif()
  install(TARGETS ${id} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/promoteros/agents)
endfunction()

# What the thread sanitizer looks at: the rooms that have threads.
add_custom_target(thread_tests)

# A test program: one executable, one ctest entry. Exit code 77 means skipped, with the reason printed.
#   promoteros_test(unit arena SOURCES arena_test.c LINKS promoteros_base [TIMEOUT 60] [ARGS ...])
function(promoteros_test label name)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;LINKS;ARGS" ${ARGN})
  set(target ${label}_${name})
  add_executable(${target} ${arg_SOURCES})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${target} PRIVATE promoteros_flags ${arg_LINKS})
  add_test(NAME ${label}/${name} COMMAND ${target} ${arg_ARGS})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  set_tests_properties(${label}/${name} PROPERTIES LABELS ${label} TIMEOUT ${arg_TIMEOUT}
                                                   SKIP_RETURN_CODE 77)
  if(label STREQUAL unit AND name MATCHES "^(store|host|services|grpc|http_door)")
    add_dependencies(thread_tests ${target})
  endif()
  # Valgrind sees what sanitizers cannot: uninitialised memory, in builds without them.
  find_program(VALGRIND valgrind)
  if(VALGRIND AND label STREQUAL unit AND NOT PROMOTEROS_SANITIZE)
    add_test(NAME valgrind/${name}
             COMMAND ${VALGRIND} -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite
                     $<TARGET_FILE:${target}> ${arg_ARGS})
    math(EXPR slow "${arg_TIMEOUT} * 5")
    set_tests_properties(valgrind/${name} PROPERTIES LABELS valgrind TIMEOUT ${slow} SKIP_RETURN_CODE 77
                                                     ENVIRONMENT PROMOTEROS_VALGRIND=1)
  endif()
endfunction()

# A fuzz target: tests/fuzz/<name>_fuzz.c with its corpus in tests/fuzz/corpus/<name>/. Built with libFuzzer
# when PROMOTEROS_FUZZ is on; otherwise linked with a driver that replays the corpus.
add_custom_target(fuzz_targets)
function(promoteros_fuzz name)
  cmake_parse_arguments(arg "" "" "LINKS" ${ARGN})
  set(target fuzz_${name})
  set(corpus ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name})
  if(PROMOTEROS_FUZZ)
    add_executable(${target} ${name}_fuzz.c)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    set(command ${target} -max_total_time=${PROMOTEROS_FUZZ_SECONDS} -timeout=10 -rss_limit_mb=1024
                ${CMAKE_CURRENT_BINARY_DIR}/${name}-found ${corpus})
    file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/${name}-found)
  else()
    add_executable(${target} ${name}_fuzz.c replay_main.c)
    set(command ${target} ${corpus})
  endif()
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${target} PRIVATE promoteros_flags ${arg_LINKS})
  add_dependencies(fuzz_targets ${target})
  add_test(NAME fuzz/${name} COMMAND ${command})
  set_tests_properties(fuzz/${name} PROPERTIES LABELS fuzz TIMEOUT 900)
endfunction()
set(PROMOTEROS_FUZZ_SECONDS 20 CACHE STRING "Seconds that each fuzz target runs")
