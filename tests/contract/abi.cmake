promoteros_test(contract abi SOURCES abi_test.c LINKS promoteros_proto)
