# What the web door reads of requests, without a socket.
foreach(part head body guard error)
  promoteros_test(unit http_${part} SOURCES http_${part}_test.c LINKS promoteros_http)
endforeach()
