promoteros_test(unit store_contract SOURCES store_contract_test.c LINKS promoteros_store)
promoteros_test(unit store_block SOURCES store_block_test.c LINKS promoteros_store)
promoteros_test(unit store_sqlite SOURCES store_sqlite_test.c LINKS promoteros_store)
promoteros_test(bench store SOURCES store_bench.c LINKS promoteros_store)
