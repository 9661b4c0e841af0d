// Making and reading codes of notices.
#include "act/code.hpp"

#include "crypto/hash.hpp"

#include <array>

namespace comity::act {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::size_t group = 4;
constexpr std::size_t random_letters = 24;
constexpr std::size_t letters = random_letters + group;

// 32 letters divide 256, so a byte's remainder is as random as the byte.
void put_letters(std::string& out, BytesView bytes, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(alphabet[static_cast<unsigned char>(bytes[i]) % alphabet.size()]);
}

std::string check_group(std::string_view country, std::string_view random) {
    std::string out;
    put_letters(out, view(crypto::tagged_hash("comity/notice/check/v1", {country, random})), group);
    return out;
}

std::string spell(std::string_view country, std::string_view all) {
    std::string out(country);
    for (std::size_t i = 0; i < all.size(); i += group) {
        out.push_back('-');
        out.append(all.substr(i, group));
    }
    return out;
}

char letter(char c) {
    if (c >= 'a' && c <= 'z') return static_cast<char>(c - 'a' + 'A');
    if (c == '0') return 'O';
    if (c == '1') return 'I';
    if (c == '8') return 'B';
    return c;
}

} // namespace

std::string make_code(std::string_view country) {
    std::string random;
    put_letters(random, crypto::random_bytes(random_letters), random_letters);
    return spell(country, random + check_group(country, random));
}

std::optional<std::string> read_code(std::string_view typed) {
    std::string plain;
    for (const char c : typed) {
        if (c == '-' || c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
        plain.push_back(letter(c));
        if (plain.size() > 2 + letters) return std::nullopt;
    }
    if (plain.size() != 2 + letters ||
        plain.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != std::string::npos)
        return std::nullopt;
    const std::string country = plain.substr(0, 2);
    const std::string random = plain.substr(2, random_letters);
    if (plain.substr(2 + random_letters) != check_group(country, random)) return std::nullopt;
    return spell(country, plain.substr(2));
}

std::string code_country(std::string_view code) {
    return std::string(code.substr(0, 2));
}

Digest code_proof(std::string_view code) {
    return crypto::tagged_hash("comity/notice/proof/v1", {code});
}

Digest code_commitment(const Digest& proof) {
    return crypto::tagged_hash("comity/notice/commitment/v1", {view(proof)});
}

Digest code_look_up(std::string_view code) {
    return crypto::tagged_hash("comity/notice/look-up/v1", {code});
}

} // namespace comity::act
