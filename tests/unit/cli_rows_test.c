/* Rows out of CSV and JSON lines: what is read, what is refused, and that reading goes on behind
 * it. */
#include "cli/rows.h"
#include "unit/check.h"

/* Bytes in pieces of a given size, so that every boundary is met. */
struct bytes {
    const char *data;
    size_t size, at, piece;
};

static long read_bytes(void *context, void *data, size_t size, struct failure *failure)
{
    struct bytes *bytes = context;
    size_t left = bytes->size - bytes->at;
    size_t count = bytes->piece && bytes->piece < size ? bytes->piece : size;

    (void)failure;
    if (count > left)
        count = left;
    memcpy(data, bytes->data + bytes->at, count);
    bytes->at += count;
    return (long)count;
}

/* All rows as "line:a|b;", refused ones as "line!;", in the end "." or "failed". */
static const char *read_all(enum rows_format format, const char *data, size_t size, size_t piece)
{
    static char text[4096];
    struct bytes bytes = {data, size, 0, piece};
    size_t used = 0;
    struct rows rows;
    enum rows_result result;

    rows_open(&rows, format, ',', read_bytes, &bytes);
    result = rows_read_header(&rows);
    while (result == ROWS_ROW && used < sizeof text - 512) {
        result = rows_next(&rows);
        if (result == ROWS_END || result == ROWS_FAILED)
            break;
        used += (size_t)snprintf(text + used, sizeof text - used, "%lld%s", (long long)rows.line,
                                 result == ROWS_REFUSED ? "!" : ":");
        for (size_t i = 0; result == ROWS_ROW && i < rows.count; i++)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s%s%.60s", i ? "|" : "",
                                     format == ROWS_JSONL ? rows.names[i] : "",
                                     format == ROWS_JSONL ? "=" : "", rows.values[i]);
        used += (size_t)snprintf(text + used, sizeof text - used, ";");
        result = ROWS_ROW;
    }
    snprintf(text + used, sizeof text - used, "%s", result == ROWS_END ? "." : "failed");
    rows_close(&rows);
    return text;
}

struct row_case {
    const char *name, *data, *want;
};

static void check_cases(enum rows_format format, const struct row_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const size_t pieces[] = {0, 1, 3};
        for (size_t k = 0; k < 3; k++)
            if (!CHECK_STR(read_all(format, cases[i].data, strlen(cases[i].data), pieces[k]),
                           cases[i].want))
                fprintf(stderr, "    in case \"%s\", pieces of %zu\n", cases[i].name, pieces[k]);
    }
}

static void csv_rows(void)
{
    static const struct row_case cases[] = {
        {"plain", "a,b\n1,2\n3,4\n", "2:1|2;3:3|4;."},
        {"no line feed at the end", "a,b\n1,2", "2:1|2;."},
        {"CRLF", "a,b\r\n1,2\r\n", "2:1|2;."},
        {"BOM",
         "\xef\xbb\xbf"
         "a,b\n1,2\n",
         "2:1|2;."},
        {"quotes", "a,b\n\"x,y\",\"he said \"\"hi\"\"\"\n", "2:x,y|he said \"hi\";."},
        {"empty quoted", "a,b\n\"\",\n", "2:|;."},
        {"line break in quotes", "a,b\n\"x\ny\",2\n3,4\n", "2:x\ny|2;4:3|4;."},
        {"CRLF in quotes", "a,b\r\n\"x\r\ny\",2\r\n3,4\r\n", "2:x\r\ny|2;4:3|4;."},
        {"quote within a field", "a,b\n5\" vinyl,2\n", "2:5\" vinyl|2;."},
        {"empty lines are no rows", "a,b\n\n1,2\n\r\n3,4\n", "3:1|2;5:3|4;."},
        {"too few", "a,b\n1\n3,4\n", "2!;3:3|4;."},
        {"too many", "a,b\n1,2,3\n3,4\n", "2!;3:3|4;."},
        {"text behind a quote", "a,b\n\"x\"y,2\n3,4\n", "2!;3:3|4;."},
        {"unterminated quote costs one line", "a,b\n\"x,2\n3,4\n5,6\n", "2!;3:3|4;4:5|6;."},
        {"unterminated quote at the end", "a,b\n1,2\n\"x,2", "2:1|2;3!;."},
        {"not UTF-8", "a,b\n\xff,2\n3,4\n", "2!;3:3|4;."},
        {"only a header", "a,b\n", "."},
        {"empty", "", "failed"},
        {"column twice", "a,a\n1,2\n", "failed"},
        {"broken header", "\"a,b\n", "failed"},
    };
    check_cases(ROWS_CSV, cases, sizeof cases / sizeof *cases);
    CHECK_STR(read_all(ROWS_CSV, "a,b\n1\0,2\n3,4\n", 13, 0), "2!;3:3|4;.");
}

static void json_rows(void)
{
    static const struct row_case cases[] = {
        {"flat", "{\"a\":\"x\",\"b\":12}\n", "1:a=x|b=12;."},
        {"blanks", "  { \"a\" : true , \"b\" : -1.5e3 }  \r\n", "1:a=true|b=-1.5e3;."},
        {"nested",
         "{\"v\":1,\"entity\":{\"kind\":\"artist\",\"ids\":{\"tiktok\":\"h\"}},\"value\":3}",
         "1:v=1|entity.kind=artist|entity.ids.tiktok=h|value=3;."},
        {"null is absent", "{\"a\":null,\"b\":\"\"}", "1:b=;."},
        {"a list", "{\"a\":[\"x\",\"y\",3],\"b\":[]}",
         "1:a=x\x1fy\x1f"
         "3|b=;."},
        {"escapes", "{\"a\":\"\\u00e9\\n\\\"\\ud83d\\ude00\"}",
         "1:a=\xc3\xa9\n\"\xf0\x9f\x98\x80;."},
        {"digits are kept", "{\"a\":12345678901234567890,\"b\":1.50}",
         "1:a=12345678901234567890|b=1.50;."},
        {"null in a list", "{\"a\":[null,\"x\",null,true]}",
         "1:a=x\x1f"
         "true;."},
        {"case matters", "{\"a\":1,\"A\":2}", "1:a=1|A=2;."},
        {"too large a number", "{\"a\":1e400}", "1!;."},
        {"twice by its path", "{\"a.b\":1,\"a\":{\"b\":2}}", "1!;."},
        {"lists in lists", "{\"a\":[[]]}", "1!;."},
        {"empty lines", "\n{\"a\":1}\n  \n{\"a\":2}\n", "2:a=1;4:a=2;."},
        {"empty object", "{}", "1:;."},
        {"twice", "{\"a\":1,\"a\":2}\n{\"a\":3}", "1!;2:a=3;."},
        {"behind", "{\"a\":1} x\n{\"a\":3}", "1!;2:a=3;."},
        {"two objects", "{\"a\":1}{\"a\":2}", "1!;."},
        {"no object", "[1]\n\"x\"\n", "1!;2!;."},
        {"comma at the end", "{\"a\":1,}", "1!;."},
        {"no colon", "{\"a\" 1}", "1!;."},
        {"bad numbers",
         "{\"a\":01}\n{\"a\":1.}\n{\"a\":NaN}\n{\"a\":+1}\n{\"a\":1e}\n{\"a\":.5}\n{\"a\":-}",
         "1!;2!;3!;4!;5!;6!;7!;."},
        {"half a surrogate", "{\"a\":\"\\ud83d\"}", "1!;."},
        {"lone low surrogate", "{\"a\":\"\\ude00\"}", "1!;."},
        {"NUL by escape", "{\"a\":\"\\u0000\"}", "1!;."},
        {"open text", "{\"a\":\"x\n{\"a\":1}", "1!;2:a=1;."},
        {"bad escape", "{\"a\":\"\\x\"}\n{\"a\":\"\\u00g0\"}\n{\"a\":\"\\", "1!;2!;3!;."},
        {"objects in lists", "{\"a\":[{}]}", "1!;."},
        {"too deep", "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}",
         "1!;."},
        {"not UTF-8", "{\"a\":\"\xff\"}", "1!;."},
    };
    check_cases(ROWS_JSONL, cases, sizeof cases / sizeof *cases);
}

/* head, 10 MB of x, tail. */
static char *with_long_line(const char *head, const char *tail, size_t *size)
{
    size_t middle = 10u << 20, before = strlen(head), after = strlen(tail);
    char *text = malloc(before + middle + after + 1);

    memcpy(text, head, before);
    memset(text + before, 'x', middle);
    memcpy(text + before + middle, tail, after + 1);
    *size = before + middle + after;
    return text;
}

static void long_lines(void)
{
    size_t size;
    char *text = with_long_line("a,b\n1,2\n", ",2\n3,4\n", &size);

    CHECK_STR(read_all(ROWS_CSV, text, size, 0), "2:1|2;3!;4:3|4;.");
    CHECK_STR(read_all(ROWS_CSV, text, size, 65536), "2:1|2;3!;4:3|4;.");
    free(text);
    text = with_long_line("a,b\n\"", "", &size);
    CHECK_STR(read_all(ROWS_CSV, text, size, 0), "2!;.");
    free(text);
    text = with_long_line("{\"a\":\"", "\"}\n{\"a\":1}\n", &size);
    CHECK_STR(read_all(ROWS_JSONL, text, size, 0), "1!;2:a=1;.");
    free(text);
    text = with_long_line("", "\n1\n", &size);
    CHECK_STR(read_all(ROWS_CSV, text, size, 0), "failed");
    free(text);
}

/* A record that would swallow the file is given up after a hundred lines. */
static void many_lines(void)
{
    char text[2048] = "a,b\n\"x\n";

    for (int i = 0; i < 150; i++)
        memcpy(text + 7 + 4 * i, "1,2\n", 5);
    CHECK(strncmp(read_all(ROWS_CSV, text, strlen(text), 0), "2!;3:1|2;4:1|2;", 15) == 0);
}

CHECK_MAIN(csv_rows, json_rows, long_lines, many_lines)
