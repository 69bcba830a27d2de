# cmake -DIN=a.proto -DOUT=b.proto -P rewrite_optional.cmake
# `optional T f = n;` -> `oneof _f { T f = n; }`: the same bytes on the wire, and protoc-c accepts it.
file(READ ${IN} text)
string(REGEX REPLACE "(\n *)optional ([a-zA-Z0-9_.]+) ([a-z0-9_]+) = ([0-9]+);" "\\1oneof _\\3 { \\2 \\3 = \\4; }" text "${text}")
file(WRITE ${OUT} "${text}")
