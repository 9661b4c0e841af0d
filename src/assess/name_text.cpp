// Code points, tables of ranges, and Punycode both ways.
#include "assess/name_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <vector>

namespace comity::assess {

namespace {

struct Range {
    char32_t first;
    char32_t last;
};

bool in(std::span<const Range> ranges, char32_t c) {
    const auto after =
        std::upper_bound(ranges.begin(), ranges.end(), c, [](char32_t x, const Range& range) {
            return x < range.first;
        });
    return after != ranges.begin() && c <= std::prev(after)->last;
}

// C1 controls, soft hyphen, spaces, zero width, bidirectional controls, fillers, byte-order mark,
// variation selectors, private use, noncharacters and tags.
constexpr std::array invisible = std::to_array<Range>({
    {0x00, 0x1F},        {0x7F, 0xA0},     {0xAD, 0xAD},     {0x34F, 0x34F},   {0x61C, 0x61C},
    {0x115F, 0x1160},    {0x1680, 0x1680}, {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x2000, 0x200F},
    {0x2028, 0x202F},    {0x205F, 0x206F}, {0x2800, 0x2800}, {0x3000, 0x3000}, {0x3164, 0x3164},
    {0xD800, 0xF8FF},    {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFF},
    {0xE0000, 0x10FFFF},
});

// A letter with its mark also exists as one character (NFC), and so does a Korean syllable.
constexpr std::array combining = std::to_array<Range>({
    {0x300, 0x36F},
    {0x1100, 0x11FF},
    {0x1AB0, 0x1AFF},
    {0x1DC0, 0x1DFF},
    {0x20D0, 0x20FF},
    {0x3099, 0x309A},
    {0xA960, 0xA97F},
    {0xD7B0, 0xD7FF},
    {0xFE20, 0xFE2F},
});

// Second spellings of plain characters: superscripts, long s, digraphs, modifier and small capital
// letters, letter-like signs, circled, full-width, presentation and mathematical forms (NFKC
// changes them, RFC 5892 does not allow them).
constexpr std::array compatibility = std::to_array<Range>({
    {0xAA, 0xAA},       {0xB2, 0xB3},       {0xB5, 0xB5},       {0xB9, 0xBA},
    {0x132, 0x133},     {0x13F, 0x140},     {0x149, 0x149},     {0x17F, 0x17F},
    {0x1C4, 0x1CC},     {0x1F1, 0x1F3},     {0x2B0, 0x2FF},     {0x640, 0x640},
    {0x1D00, 0x1DBF},   {0x2070, 0x209F},   {0x2100, 0x218F},   {0x2460, 0x24FF},
    {0x2E80, 0x2FDF},   {0x3130, 0x318F},   {0x3200, 0x33FF},   {0xF900, 0xFAFF},
    {0xFB00, 0xFDFF},   {0xFE10, 0xFE1F},   {0xFE30, 0xFE6F},   {0xFE70, 0xFEFE},
    {0xFF00, 0xFF9F},   {0xFFA1, 0xFFEF},   {0x1D400, 0x1D7FF}, {0x1EE00, 0x1EEFF},
    {0x1F100, 0x1F2FF}, {0x2F800, 0x2FA1F},
});

// Punctuation, currency, arrows, shapes and pictures: no part of a name, and many of them look like
// '.', '-', '/' or '@'.
constexpr std::array symbols = std::to_array<Range>({
    {0xA1, 0xA9},     {0xAB, 0xAC},       {0xAE, 0xB1},       {0xB4, 0xB4},     {0xB6, 0xB8},
    {0xBB, 0xBF},     {0xD7, 0xD7},       {0xF7, 0xF7},       {0x37E, 0x37E},   {0x387, 0x387},
    {0x55A, 0x55F},   {0x589, 0x58A},     {0x5BE, 0x5BE},     {0x60C, 0x60D},   {0x61B, 0x61B},
    {0x61E, 0x61F},   {0x66A, 0x66D},     {0x6D4, 0x6D4},     {0x964, 0x965},   {0x2010, 0x2027},
    {0x2030, 0x205E}, {0x20A0, 0x20CF},   {0x2190, 0x245F},   {0x2500, 0x27FF}, {0x2900, 0x2BFF},
    {0x2E00, 0x2E7F}, {0x3001, 0x3004},   {0x3008, 0x3020},   {0x3030, 0x303F}, {0x30A0, 0x30A0},
    {0x30FB, 0x30FB}, {0x1F000, 0x1F0FF}, {0x1F300, 0x1FAFF},
});

// Scripts whose letters pass for those of one another: аеорсух are not aeopcyx.
enum class Script { other, latin, greek, cyrillic, armenian, georgian, cherokee, coptic, lisu };

struct ScriptRange {
    Range range;
    Script script;
};

constexpr std::array scripts = std::to_array<ScriptRange>({
    {{'A', 'Z'}, Script::latin},          {{'a', 'z'}, Script::latin},
    {{0xC0, 0x24F}, Script::latin},       {{0x250, 0x2AF}, Script::latin},
    {{0x370, 0x3FF}, Script::greek},      {{0x400, 0x52F}, Script::cyrillic},
    {{0x531, 0x58F}, Script::armenian},   {{0x10A0, 0x10FF}, Script::georgian},
    {{0x13A0, 0x13FF}, Script::cherokee}, {{0x1C80, 0x1C8F}, Script::cyrillic},
    {{0x1C90, 0x1CBF}, Script::georgian}, {{0x1E00, 0x1EFF}, Script::latin},
    {{0x1F00, 0x1FFF}, Script::greek},    {{0x2C60, 0x2C7F}, Script::latin},
    {{0x2C80, 0x2CFF}, Script::coptic},   {{0x2D00, 0x2D2F}, Script::georgian},
    {{0x2DE0, 0x2DFF}, Script::cyrillic}, {{0xA4D0, 0xA4FF}, Script::lisu},
    {{0xA640, 0xA69F}, Script::cyrillic}, {{0xA720, 0xA7FF}, Script::latin},
    {{0xAB30, 0xAB6F}, Script::latin},    {{0xAB70, 0xABBF}, Script::cherokee},
});

Script script_of(char32_t c) {
    for (const auto& [range, script] : scripts)
        if (c >= range.first && c <= range.last) return script;
    return Script::other;
}

// The code points of the text; nothing when it is not UTF-8 in its shortest form (RFC 3629).
std::optional<std::vector<char32_t>> code_points(std::string_view text) {
    std::vector<char32_t> out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80   ? 1
                                   : lead < 0xC2 ? 0
                                   : lead < 0xE0 ? 2
                                   : lead < 0xF0 ? 3
                                                 : 4;
        if (length == 0 || lead > 0xF4 || i + length > text.size()) return std::nullopt;
        char32_t c = length == 1 ? lead : lead & (0xFFU >> (length + 1));
        for (std::size_t k = 1; k < length; ++k) {
            const auto next = static_cast<unsigned char>(text[i + k]);
            if ((next & 0xC0U) != 0x80) return std::nullopt;
            c = (c << 6U) | (next & 0x3FU);
        }
        constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
        if (c < least.at(length) || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
            return std::nullopt;
        out.push_back(c);
        i += length;
    }
    return out;
}

// RFC 3492 section 5.
namespace punycode {

constexpr std::uint32_t base = 36;
constexpr std::uint32_t first_code = 0x80;
constexpr std::uint32_t first_bias = 72;

std::uint32_t adapt(std::uint32_t delta, std::uint32_t points, bool first) {
    delta = first ? delta / 700 : delta / 2;
    delta += delta / points;
    std::uint32_t k = 0;
    for (; delta > 455; k += base)
        delta /= 35;
    return k + 36 * delta / (delta + 38);
}

std::uint32_t threshold(std::uint32_t k, std::uint32_t bias) {
    return k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
}

std::optional<std::uint32_t> digit_of(char c) {
    if (c >= 'a' && c <= 'z') return static_cast<std::uint32_t>(c - 'a');
    if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0') + 26;
    return std::nullopt;
}

char digit(std::uint32_t value) {
    return static_cast<char>(value < 26 ? 'a' + value : '0' + (value - 26));
}

std::optional<std::vector<char32_t>> decode(std::string_view text) {
    std::vector<char32_t> out;
    if (const auto dash = text.rfind('-'); dash != std::string_view::npos) {
        if (dash == 0) return std::nullopt;
        for (const char c : text.substr(0, dash))
            out.push_back(static_cast<unsigned char>(c));
        text.remove_prefix(dash + 1);
    }
    std::uint64_t code = first_code;
    std::uint64_t at = 0;
    std::uint32_t bias = first_bias;
    while (!text.empty()) {
        const std::uint64_t before = at;
        std::uint64_t weight = 1;
        for (std::uint32_t k = base;; k += base) {
            const auto value = text.empty() ? std::nullopt : digit_of(text.front());
            if (!value) return std::nullopt;
            text.remove_prefix(1);
            at += *value * weight;
            const std::uint32_t t = threshold(k, bias);
            // A label has at most 63 characters, so nothing real comes near this.
            if (at > 0x7FFF'FFFF) return std::nullopt;
            if (*value < t) break;
            weight *= base - t;
            if (weight > 0x7FFF'FFFF) return std::nullopt;
        }
        const auto points = static_cast<std::uint32_t>(out.size() + 1);
        bias = adapt(static_cast<std::uint32_t>(at - before), points, before == 0);
        code += at / points;
        at %= points;
        if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return std::nullopt;
        out.insert(out.begin() + static_cast<std::ptrdiff_t>(at), static_cast<char32_t>(code));
        ++at;
    }
    return out;
}

void append_number(std::string& out, std::uint32_t number, std::uint32_t bias) {
    for (std::uint32_t k = base;; k += base) {
        const std::uint32_t t = threshold(k, bias);
        if (number < t) break;
        out += digit(t + (number - t) % (base - t));
        number = (number - t) / (base - t);
    }
    out += digit(number);
}

std::string encode(std::span<const char32_t> name) {
    std::string out;
    for (const char32_t c : name)
        if (c < first_code) out += static_cast<char>(c);
    const auto basic = static_cast<std::uint32_t>(out.size());
    if (basic > 0) out += '-';
    std::uint32_t done = basic;
    std::uint32_t delta = 0;
    char32_t code = first_code;
    std::uint32_t bias = first_bias;
    while (done < name.size()) {
        char32_t next = 0x110000;
        for (const char32_t c : name)
            if (c >= code) next = std::min(next, c);
        delta += static_cast<std::uint32_t>(next - code) * (done + 1);
        code = next;
        for (const char32_t c : name) {
            if (c < code) ++delta;
            if (c != code) continue;
            append_number(out, delta, bias);
            bias = adapt(delta, done + 1, done == basic);
            delta = 0;
            ++done;
        }
        ++delta;
        ++code;
    }
    return out;
}

} // namespace punycode

} // namespace

Said script_problem(std::string_view text) {
    const auto points = code_points(text);
    if (!points) return say("is not UTF-8");
    std::set<Script> found;
    for (const char32_t c : *points) {
        if (in(invisible, c)) return say("holds a character that cannot be seen");
        if (in(combining, c))
            return say(
                "holds a loose accent or letter part; write each letter as one character (NFC)");
        if (in(compatibility, c))
            return say("holds a second form of a plain character (NFKC); write the plain one");
        if (in(symbols, c)) return say("holds a sign that is no letter or digit");
        if (const Script script = script_of(c); script != Script::other) found.insert(script);
    }
    if (found.size() > 1)
        return say(
            "mixes scripts whose letters look alike; copy it from the record, or name the account "
            "by the provider's own number");
    return {};
}

bool has_invisible(std::string_view text) {
    const auto points = code_points(text);
    return !points ||
           std::any_of(points->begin(), points->end(), [](char32_t c) { return in(invisible, c); });
}

bool is_a_label(std::string_view label) {
    if (!label.starts_with("xn--")) return false;
    const auto name = punycode::decode(label.substr(4));
    if (!name) return false;
    const bool needed =
        std::any_of(name->begin(), name->end(), [](char32_t c) { return c >= 0x80; });
    // Joiners have their place in Persian and Indic names (RFC 5892, appendix A).
    const bool unseen = std::any_of(name->begin(), name->end(), [](char32_t c) {
        return in(invisible, c) && c != 0x200C && c != 0x200D;
    });
    // What decodes but is not what its name encodes to has a second spelling.
    return needed && !unseen && punycode::encode(*name) == label.substr(4);
}

} // namespace comity::assess
