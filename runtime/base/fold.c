#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

/* Latin letters without their marks, by ranges of Unicode's blocks Latin-1 Supplement, Latin
 * Extended-A and B (the part used by names) and Latin Extended Additional. */
struct latin_range {
    uint16_t first, last;
    const char *letters;
};

static const struct latin_range latin_ranges[] = {
    {0x00AA, 0x00AA, "a"},  {0x00BA, 0x00BA, "o"},  {0x00C0, 0x00C5, "a"},  {0x00C6, 0x00C6, "ae"},
    {0x00C7, 0x00C7, "c"},  {0x00C8, 0x00CB, "e"},  {0x00CC, 0x00CF, "i"},  {0x00D0, 0x00D0, "d"},
    {0x00D1, 0x00D1, "n"},  {0x00D2, 0x00D6, "o"},  {0x00D8, 0x00D8, "o"},  {0x00D9, 0x00DC, "u"},
    {0x00DD, 0x00DD, "y"},  {0x00DE, 0x00DE, "th"}, {0x00DF, 0x00DF, "ss"}, {0x00E0, 0x00E5, "a"},
    {0x00E6, 0x00E6, "ae"}, {0x00E7, 0x00E7, "c"},  {0x00E8, 0x00EB, "e"},  {0x00EC, 0x00EF, "i"},
    {0x00F0, 0x00F0, "d"},  {0x00F1, 0x00F1, "n"},  {0x00F2, 0x00F6, "o"},  {0x00F8, 0x00F8, "o"},
    {0x00F9, 0x00FC, "u"},  {0x00FD, 0x00FD, "y"},  {0x00FE, 0x00FE, "th"}, {0x00FF, 0x00FF, "y"},
    {0x0100, 0x0105, "a"},  {0x0106, 0x010D, "c"},  {0x010E, 0x0111, "d"},  {0x0112, 0x011B, "e"},
    {0x011C, 0x0123, "g"},  {0x0124, 0x0127, "h"},  {0x0128, 0x0131, "i"},  {0x0132, 0x0133, "ij"},
    {0x0134, 0x0135, "j"},  {0x0136, 0x0138, "k"},  {0x0139, 0x0142, "l"},  {0x0143, 0x014B, "n"},
    {0x014C, 0x0151, "o"},  {0x0152, 0x0153, "oe"}, {0x0154, 0x0159, "r"},  {0x015A, 0x0161, "s"},
    {0x0162, 0x0167, "t"},  {0x0168, 0x0173, "u"},  {0x0174, 0x0175, "w"},  {0x0176, 0x0178, "y"},
    {0x0179, 0x017E, "z"},  {0x017F, 0x017F, "s"},  {0x01A0, 0x01A1, "o"},  {0x01AF, 0x01B0, "u"},
    {0x01CD, 0x01CE, "a"},  {0x01CF, 0x01D0, "i"},  {0x01D1, 0x01D2, "o"},  {0x01D3, 0x01DC, "u"},
    {0x0218, 0x0219, "s"},  {0x021A, 0x021B, "t"},  {0x1E00, 0x1E01, "a"},  {0x1E02, 0x1E07, "b"},
    {0x1E08, 0x1E09, "c"},  {0x1E0A, 0x1E13, "d"},  {0x1E14, 0x1E1D, "e"},  {0x1E1E, 0x1E1F, "f"},
    {0x1E20, 0x1E21, "g"},  {0x1E22, 0x1E2B, "h"},  {0x1E2C, 0x1E2F, "i"},  {0x1E30, 0x1E35, "k"},
    {0x1E36, 0x1E3D, "l"},  {0x1E3E, 0x1E43, "m"},  {0x1E44, 0x1E4B, "n"},  {0x1E4C, 0x1E53, "o"},
    {0x1E54, 0x1E57, "p"},  {0x1E58, 0x1E5F, "r"},  {0x1E60, 0x1E69, "s"},  {0x1E6A, 0x1E71, "t"},
    {0x1E72, 0x1E7B, "u"},  {0x1E7C, 0x1E7F, "v"},  {0x1E80, 0x1E89, "w"},  {0x1E8A, 0x1E8D, "x"},
    {0x1E8E, 0x1E8F, "y"},  {0x1E90, 0x1E95, "z"},  {0x1E9E, 0x1E9E, "ss"}, {0x1EA0, 0x1EB7, "a"},
    {0x1EB8, 0x1EC7, "e"},  {0x1EC8, 0x1ECB, "i"},  {0x1ECC, 0x1EE3, "o"},  {0x1EE4, 0x1EF1, "u"},
    {0x1EF2, 0x1EF9, "y"},
};

/* Blanks, punctuation and symbols: what separates words. */
static const struct {
    uint32_t first, last;
} other_ranges[] = {
    {0x0080, 0x00A9}, {0x00AB, 0x00B9}, {0x00BB, 0x00BF},   {0x00D7, 0x00D7},   {0x00F7, 0x00F7},
    {0x02B0, 0x02FF}, {0x2000, 0x2BFF}, {0x3000, 0x3004},   {0x3008, 0x3020},   {0x30FB, 0x30FB},
    {0xFE00, 0xFE0F}, {0xFF00, 0xFF0F}, {0x1F000, 0x1FAFF}, {0xE0000, 0xE01EF},
};

static const char *latin_letters(uint32_t point)
{
    size_t low = 0, high = sizeof latin_ranges / sizeof *latin_ranges;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (point > latin_ranges[middle].last)
            low = middle + 1;
        else if (point < latin_ranges[middle].first)
            high = middle;
        else
            return latin_ranges[middle].letters;
    }
    return NULL;
}

static int is_other(uint32_t point)
{
    for (size_t i = 0; i < sizeof other_ranges / sizeof *other_ranges; i++)
        if (point >= other_ranges[i].first && point <= other_ranges[i].last)
            return 1;
    return 0;
}

/* What a character becomes: its letters (scratch holds one), or NULL for what separates words, or
 * "" for combining marks, which vanish. */
static const char *fold_character(const char *text, size_t length, uint32_t point, char scratch[8])
{
    if (point < 0x80) {
        int lower = point >= 'A' && point <= 'Z';
        int kept = lower || (point >= 'a' && point <= 'z') || (point >= '0' && point <= '9');
        if (!kept)
            return NULL;
        scratch[0] = (char)(lower ? point + 'a' - 'A' : point);
        scratch[1] = '\0';
        return scratch;
    }
    if (point >= 0x0300 && point <= 0x036F)
        return "";
    if (is_other(point))
        return NULL;
    const char *letters = latin_letters(point);
    if (letters)
        return letters;
    memcpy(scratch, text, length);
    scratch[length] = '\0';
    return scratch;
}

/* Band names such as "!!!" have no letters at all: they stay as they are, without outer blanks. */
static void keep_symbols(const char *name, char *folded, size_t size)
{
    size_t used = 0, end = 0;
    while (*name && (unsigned char)*name <= ' ')
        name++;
    for (size_t left = strlen(name); left;) {
        uint32_t point;
        size_t length = utf8_read(name, left, &point);
        if (length == 0) {
            name++;
            left--;
            continue;
        }
        if (used + length >= size)
            break;
        memcpy(folded + used, name, length);
        used += length;
        if (point > ' ')
            end = used;
        name += length;
        left -= length;
    }
    folded[end] = '\0';
}

void text_fold_name(const char *name, char *folded, size_t size)
{
    if (size == 0)
        return;
    const char *text = name;
    size_t left = strlen(text), used = 0;
    int gap = 0;
    while (left) {
        uint32_t point;
        char scratch[8];
        size_t length = utf8_read(text, left, &point);
        const char *letters = length ? fold_character(text, length, point, scratch) : NULL;
        text += length ? length : 1;
        left -= length ? length : 1;
        if (!letters) {
            gap = used > 0;
            continue;
        }
        size_t count = strlen(letters);
        if (count == 0)
            continue;
        if (used + (size_t)gap + count >= size)
            break;
        if (gap)
            folded[used++] = ' ';
        memcpy(folded + used, letters, count);
        used += count;
        gap = 0;
    }
    folded[used] = '\0';
    if (used == 0)
        keep_symbols(name, folded, size);
}
