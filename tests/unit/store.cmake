foreach(part batches catalog journal kept ledger signals)
  promoteros_test(unit store_contract_${part} SOURCES store_contract_${part}_test.c LINKS promoteros_store)
endforeach()
promoteros_test(unit store_block SOURCES store_block_test.c LINKS promoteros_store)
promoteros_test(unit store_sqlite SOURCES store_sqlite_test.c LINKS promoteros_store)
target_compile_definitions(
  unit_store_sqlite PRIVATE PROMOTEROS_FIXTURES="${PROJECT_SOURCE_DIR}/tests/fixtures")
promoteros_test(bench store SOURCES store_bench.c LINKS promoteros_store)
