// Edge cases of reading ProtoJSON. reads: whether we accept it. Without differs, @bufbuild/protobuf does the same and
// reads the same message; with differs, it does not, and differs says why we do.
const field = (name, value) => `{"${name}":${value}}`;
const all = (reads, name, values, more = {}) => values.map((value) => ({ text: field(name, value), reads, ...more }));
const any = (type, rest) => field('anything', `{"@type":"type.googleapis.com/${type}"${rest}}`);

const strictJson = 'json_parse() accepts only what keeps its meaning';
const strictNumber = 'a number in quotes has the grammar of JSON numbers';

export const cases = [
  // integers
  ...all(true, 'anInt32', ['0', '-0', '1', '"1"', '1e2', '1.0', '100.000', '"1e2"', '"1.0"', '-2147483648', '2147483647', 'null']),
  ...all(false, 'anInt32', ['1.5', '"1.5"', '2147483648', '-2147483649', '""', '" 1"', '"1 "', '"x"', 'true', '{}', '[]', '"NaN"']),
  ...all(true, 'aUint32', ['4294967295', '"4294967295"', '0']),
  ...all(false, 'aUint32', ['-1', '4294967296', '"-1"']),
  ...all(true, 'anInt64', ['"9223372036854775807"', '"-9223372036854775808"', '9007199254740991', '"0"', '1']),
  ...all(false, 'anInt64', ['"9223372036854775808"', '"x"', '""', '1.5', 'true']),
  ...all(true, 'aUint64', ['"18446744073709551615"', '1']),
  ...all(false, 'aUint64', ['"18446744073709551616"', '"-1"', '-1']),
  ...all(true, 'anSint32', ['-1', '1', '-2147483648', '2147483647']),
  ...all(true, 'anSint64', ['"-1"', '1', '"-9223372036854775808"', '"9223372036854775807"']),
  ...all(true, 'anSfixed32', ['-1', '-2147483648', '2147483647']),
  ...all(true, 'anSfixed64', ['"-1"', '"-9223372036854775808"']),
  ...all(true, 'aFixed32', ['1', '4294967295']),
  ...all(true, 'aFixed64', ['"1"', '"18446744073709551615"']),
  ...all(false, 'anSint32', ['-2147483649', '2147483648']),
  ...all(false, 'aFixed32', ['-1', '4294967296']),
  // floating point
  ...all(true, 'aDouble', ['0', '1.5', '"1.5"', '"NaN"', '"Infinity"', '"-Infinity"', '1e308', '"-1e-3"', '5e-324', 'null']),
  ...all(false, 'aDouble', ['"nan"', '"inf"', '""', '" 1"', '"1 "', '"x"', 'true', '{}', '"-NaN"', '"+Infinity"']),
  ...all(true, 'aFloat', ['1.5', '3.4028234663852886e38', '3.4028235e38', '"NaN"', '1e-50']),
  ...all(false, 'aFloat', ['1e39', '-1e39', '"1e39"']),
  // booleans, texts, bytes
  ...all(true, 'aBool', ['true', 'false', 'null']),
  ...all(false, 'aBool', ['"true"', '1', '0', '"false"']),
  ...all(true, 'aString', ['""', '"\\u00e4"', '"\\ud83d\\ude00"', 'null', '"\\/\\b\\f"']),
  ...all(false, 'aString', ['"\\ud83d"', '"\\ude00"', '1', 'true', '{}', '[]']),
  ...all(true, 'someBytes', ['""', '"AAE="', '"AAE"', '"-_-_"', '"+/+/"']),
  ...all(false, 'someBytes', ['1', '"*"', '"A*=="', '"A"', '"AA=A"', '[]']),
  // enums
  ...all(true, 'aColour', ['"COLOUR_RED"', '1', '-5', '9', '0', 'null']),
  ...all(false, 'aColour', ['"RED"', '"colour_red"', 'true', '1.5', '2147483648', '{}']),
  // names, null, oneof
  { text: '{"an_int32":1}', reads: true },
  { text: '{"@odd":"x"}', reads: true },
  { text: '{"renamed":"x"}', reads: true },
  { text: '{"AnInt32":1}', reads: false },
  { text: '{"unknown":1}', reads: false },
  { text: '{"unknown":{"a":[1]},"anInt32":1}', reads: true, ignore: true },
  { text: '{"left":"a","right":{}}', reads: false },
  { text: '{"left":null,"right":{}}', reads: true },
  { text: '{"right":null}', reads: true },
  ...all(true, 'maybe', ['null', '0']),
  ...all(false, 'packed', ['[null]', '1', '{}', '[1.5]']),
  ...all(true, 'packed', ['[]', 'null', '["1",2]']),
  ...all(false, 'texts', ['[null]', '"a"']),
  // unknown enum names, when what is unknown is ignored
  { text: '{"aColour":"PINK"}', reads: true, ignore: true },
  { type: 'promoteros.test.Choices', text: '{"aColour":"PINK","oneColour":"PINK"}', reads: true, ignore: true },
  { type: 'promoteros.test.Lists', text: '{"colours":["PINK","COLOUR_RED"]}', reads: true, ignore: true },
  { type: 'promoteros.test.Maps', text: '{"bySint64":{"1":"PINK","2":"COLOUR_RED"}}', reads: true, ignore: true },
  // maps
  ...all(true, 'byName', ['{}', '{"":1}', '{"a":1}', 'null']),
  ...all(false, 'byName', ['{"a":null}', '[]', '{"a":"x"}']),
  ...all(true, 'byNumber', ['{"-1":{}}', '{"7":{"name":"x"}}']),
  ...all(false, 'byNumber', ['{"x":{}}', '{"1.5":{}}', '{"2147483648":{}}', '{"":{}}']),
  ...all(true, 'byTruth', ['{"true":"a","false":"b"}']),
  ...all(false, 'byTruth', ['{"1":"a"}', '{"TRUE":"a"}']),
  // Timestamp, Duration
  ...all(true, 'when', ['"2026-11-24T19:30:00Z"', '"2026-11-24T19:30:00.123456789Z"', '"2026-11-24T19:30:00.5Z"',
    '"2026-11-24T19:30:00+01:30"', '"0001-01-01T00:00:00Z"', '"9999-12-31T23:59:59.999999999Z"', '"2024-02-29T00:00:00-08:00"', 'null']),
  ...all(false, 'when', ['"2026-11-24"', '"2026-11-24T19:30:00"', '"2026-11-24t19:30:00Z"', '"2026-11-24T19:30:00z"',
    '"2026-13-01T00:00:00Z"', '"2026-11-24 19:30:00Z"', '"0000-01-01T00:00:00Z"', '"10000-01-01T00:00:00Z"', '""', '1',
    '"0001-01-01T00:00:00+01:00"', '"9999-12-31T23:59:59-01:00"', '"2026-11-24T25:00:00Z"']),
  ...all(true, 'howLong', ['"1s"', '"-1.5s"', '"0s"', '"-0.5s"', '"315576000000s"', '"1.123456789s"', '"-0s"']),
  ...all(false, 'howLong', ['"1"', '"1.5"', '"s"', '""', '"315576000001s"', '"1.s"', '" 1s"', '"+1s"', '1', '"1.1234567890s"']),
  // FieldMask, wrappers, Empty
  ...all(true, 'mask', ['""', '"a"', '"showId,deal.netPot"', 'null']),
  ...all(false, 'mask', ['"show_id"', '1', '[]', '{}']),
  ...all(true, 'int32Value', ['1', '"1"', '0', 'null']),
  ...all(false, 'int32Value', ['{"value":1}', '"x"', 'true']),
  ...all(true, 'boolValue', ['false', 'null']),
  ...all(true, 'bytesValue', ['"AA=="', '""']),
  ...all(true, 'doubleValue', ['"NaN"', '0']),
  ...all(true, 'empty', ['{}', 'null']),
  ...all(false, 'empty', ['{"a":1}', '1', '[]']),
  { type: 'promoteros.test.Lists', text: '{"stringValues":[null]}', reads: false },
  // Struct, Value, ListValue, NullValue
  ...all(true, 'value', ['null', '1', '"x"', 'true', '[]', '{}', '[null,{"a":null}]']),
  ...all(true, 'structure', ['{}', '{"a":{"b":[1]}}', 'null']),
  ...all(false, 'structure', ['[]', '1', '"x"']),
  ...all(true, 'list', ['[]', '[null]', 'null']),
  ...all(false, 'list', ['{}', '1']),
  ...all(true, 'null', ['null', '"NULL_VALUE"']),
  { type: 'promoteros.test.Choices', text: '{"oneNull":null}', reads: true },
  { type: 'promoteros.test.Choices', text: '{"oneValue":null}', reads: true },
  { type: 'promoteros.test.Choices', text: '{"oneValue":null,"oneBool":true}', reads: false },
  { type: 'promoteros.test.Choices', text: '{"oneBoolValue":null}', reads: true },
  { type: 'promoteros.test.Lists', text: '{"values":[null,1],"nulls":[null]}', reads: true },
  { type: 'promoteros.test.Maps', text: '{"nulls":{"a":null}}', reads: true },
  // Any
  { text: '{"anything":{}}', reads: true },
  { text: any('promoteros.test.Node', ',"name":"x"'), reads: true },
  { text: any('google.protobuf.Duration', ',"value":"1s"'), reads: true },
  { text: any('google.protobuf.Struct', ',"value":{"a":1}'), reads: true },
  { text: any('google.protobuf.Any', ',"value":{"@type":"type.googleapis.com/promoteros.test.Node"}'), reads: true },
  { text: any('no.such.Type', ''), reads: false },
  { text: any('promoteros.test.Node', ',"nome":"x"'), reads: false },
  { text: any('google.protobuf.Duration', ',"value":1'), reads: false },
  { text: '{"anything":{"name":"x"}}', reads: false },
  { text: '{"anything":{"@type":1}}', reads: false },
  { text: '{"anything":[]}', reads: false },
  // JSON itself
  ...['', '[]', 'null', '1', '{"aBool":true,}', '{aBool:true}', "{'aBool':true}", '{} x', '{"anInt32":01}', '{"aDouble":NaN}',
    '{"aDouble":.5}', '{"aDouble":1.}', '{"aString":"\t"}', '// x\n{}'].map((text) => ({ text, reads: false })),
  ...['{}', ' {\n}\t'].map((text) => ({ text, reads: true })),
  // duplicates
  { text: '{"anInt32":1,"anInt32":2}', reads: false },
  { text: '{"anInt32":1,"an_int32":2}', reads: false },
  { text: '{"byNumber":{"1":{},"1":{}}}', reads: false },

  // Where we differ on purpose.
  { text: '{"aString":"\\u0000"}', reads: false, differs: strictJson },
  { text: '{"anInt64":9007199254740993}', reads: false, differs: 'bare integers beyond 2^53 are another number to most programs' },
  ...all(false, 'anInt32', ['"+1"', '"01"', '"0x1"'], { differs: strictNumber }),
  ...all(false, 'aDouble', ['"+1"', '".5"'], { differs: strictNumber }),
  { text: '{"mask":"a,,b"}', reads: false, differs: 'an empty path would not come back' },
  { text: '{"anything":{"@type":"promoteros.test.Node"}}', reads: false, differs: 'the specification asks for a slash' },
  { text: '{"anything":{"@type":"a.b/promoteros.test.Node"}}', reads: true, differs: 'we keep the URL; they write their own prefix' },
];
