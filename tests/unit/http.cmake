# What the web door reads of requests, without a socket.
foreach(part head body guard error)
  promoteros_test(unit http_${part} SOURCES http_${part}_test.c LINKS promoteros_http)
endforeach()
# The door itself, with the test agent of the gRPC door's tests behind it.
promoteros_test(unit http_door SOURCES http_door_test.c LINKS grpc_fixture promoteros_http)
