// Hashes against the published vectors, and the two ways of hashing a Merkle tree against each
// other.
#include "crypto/hash.hpp"
#include "crypto/sha_ni.hpp"
#include "crypto_support.hpp"

using namespace comity;
using namespace comity::crypto;
using namespace comity::crypto::test;

TEST_CASE("SHA-256 gives the values of FIPS 180") {
    const auto sha = [](BytesView text) {
        return to_hex(view(sha256(text)));
    };
    CHECK(sha("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(
        sha("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(
        sha(Bytes(1'000'000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE(
    "an incremental hash equals the hash of the whole, however the bytes are cut, and starts fresh") {
    const std::uint64_t seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    Sha256 hash;
    for (int round = 0; round < 200; ++round) {
        const Bytes bytes = random_text(random, random() % 3000);
        BytesView rest = bytes;
        while (!rest.empty()) {
            const std::size_t size = std::min<std::size_t>(rest.size(), random() % 700);
            hash.update(rest.substr(0, size));
            rest.remove_prefix(size);
        }
        CHECK(hash.finish() == sha256(bytes));
    }
    Sha256 moved = std::move(hash);
    moved.update("abc");
    CHECK(moved.finish() == sha256("abc"));
}

TEST_CASE("a tagged hash is bound to its domain and is what the protocol says it is") {
    CHECK(tagged_hash("comity/x/v1", {"ab", "c"}) == sha256(BytesView("comity/x/v1\0abc", 15)));
    CHECK(tagged_hash("comity/x/v1", {"abc"}) != tagged_hash("comity/x/v2", {"abc"}));
    CHECK(tagged_hash("a", {BytesView("b", 1)}) != tagged_hash("ab", {}));
}

TEST_CASE("Merkle hashes are those of RFC 6962") {
    CHECK(
        to_hex(view(merkle_leaf(""))) ==
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    // The eight leaves of the reference tree of Certificate Transparency.
    const std::vector<Bytes> entries = {
        hex(""),
        hex("00"),
        hex("10"),
        hex("2021"),
        hex("3031"),
        hex("40414243"),
        hex("5051525354555657"),
        hex("606162636465666768696a6b6c6d6e6f")};
    std::vector<Digest> level(8);
    merkle_leaves(entries, level);
    for (std::size_t n = 8; n > 1; n /= 2)
        merkle_level(std::span(level).first(n), std::span(level).first(n / 2)); // in place
    CHECK(
        to_hex(view(level[0])) ==
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

TEST_CASE("the processor's SHA instructions and the portable way give the same Merkle hashes") {
    if (!sha_ni::available()) {
        MESSAGE("this processor has no SHA instructions; only the portable way exists here");
        CHECK(merkle_node(Digest{}, Digest{}) == portable::node(Digest{}, Digest{}));
        return;
    }
    const std::uint64_t seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    for (std::size_t count = 0; count < 40; ++count) {
        std::vector<Digest> in(count);
        for (auto& digest : in)
            for (auto& byte : digest)
                byte = static_cast<std::uint8_t>(random());
        std::vector<Digest> fast(count / 2);
        std::vector<Digest> slow(count / 2);
        sha_ni::level(in, fast);
        portable::level(in, slow);
        CHECK(fast == slow);
        for (std::size_t i = 0; i < count / 2; ++i) {
            CHECK(sha_ni::node(in[2 * i], in[2 * i + 1]) == slow[i]);
            CHECK(merkle_node(in[2 * i], in[2 * i + 1]) == slow[i]);
        }
        sha_ni::level(in, in);
        in.resize(count / 2);
        CHECK(in == slow);
    }
}

TEST_CASE("leaves of every length around the block boundaries hash alike in both ways") {
    std::vector<Bytes> entries;
    for (std::size_t size = 0; size < 260; ++size)
        entries.push_back(Bytes(size, static_cast<char>(size)));
    entries.push_back(Bytes(65'535, 'x'));
    for (std::size_t size = 0; size < 40; ++size)
        entries.push_back(Bytes(7, static_cast<char>(size)));
    std::vector<Digest> slow(entries.size());
    portable::leaves(entries, slow);
    std::vector<Digest> chosen(entries.size());
    merkle_leaves(entries, chosen);
    CHECK(chosen == slow);
    for (std::size_t i = 0; i < entries.size(); ++i)
        CHECK(slow[i] == sha256(Bytes(1, '\0') + entries[i]));
    if (sha_ni::available()) {
        std::vector<Digest> fast(entries.size());
        sha_ni::leaves(entries, fast);
        CHECK(fast == slow);
    }
}

TEST_CASE("HMAC-SHA-256 gives the values of RFC 4231") {
    const auto mac = [](const Bytes& key, const Bytes& message) {
        return to_hex(view(hmac_sha256(key, message)));
    };
    CHECK(
        mac(Bytes(20, '\x0b'), "Hi There") ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(
        mac("Jefe", "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(
        mac(Bytes(20, '\xaa'), Bytes(50, '\xdd')) ==
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    CHECK(
        mac(hex("0102030405060708090a0b0c0d0e0f10111213141516171819"), Bytes(50, '\xcd')) ==
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
    CHECK(
        mac(Bytes(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First") ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    CHECK(
        mac(Bytes(131, '\xaa'),
            "This is a test using a larger than block-size key and a larger than "
            "block-size data. The key needs to be hashed before being used by the "
            "HMAC algorithm.") ==
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

TEST_CASE("HKDF-SHA-256 gives the values of RFC 5869") {
    const Bytes ikm(22, '\x0b');
    CHECK(
        to_hex(
            hkdf_sha256(ikm, hex("000102030405060708090a0b0c"), hex("f0f1f2f3f4f5f6f7f8f9"), 42)) ==
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    Bytes secret, salt, info;
    for (int i = 0; i < 80; ++i) {
        secret.push_back(static_cast<char>(i));
        salt.push_back(static_cast<char>(0x60 + i));
        info.push_back(static_cast<char>(0xb0 + i));
    }
    CHECK(
        to_hex(hkdf_sha256(secret, salt, info, 82)) ==
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
        "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");
    CHECK(
        to_hex(hkdf_sha256(ikm, "", "", 42)) ==
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
    CHECK(hkdf_sha256(ikm, "", "", 255 * 32).size() == 255 * 32);
    CHECK(hkdf_sha256(ikm, "", "", 0).empty());
}

TEST_CASE("random bytes and names differ and have their form") {
    CHECK(random_bytes(0).empty());
    CHECK(random_bytes(32) != random_bytes(32));
    std::set<std::string> names;
    for (int i = 0; i < 1000; ++i) {
        const std::string name = random_name();
        CHECK(name.size() == 26);
        CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567") == std::string::npos);
        names.insert(name);
    }
    CHECK(names.size() == 1000);
}

TEST_CASE("names of a time sort as the times do and differ within one") {
    const auto at = [](std::string_view text) {
        return instant_from(text).value();
    };
    std::string before;
    for (const auto* text :
         {"1970-01-01T00:00:00Z", "2026-02-28T23:59:59.999Z", "2026-03-01T00:00:00Z",
          "2026-03-01T00:00:00.001Z", "3084-01-01T00:00:00Z"}) {
        const std::string name = random_name(at(text));
        CHECK(name.size() == 26);
        CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567") == std::string::npos);
        CHECK(before < name);
        CHECK(name.substr(0, 9) == random_name(at(text)).substr(0, 9));
        CHECK(name != random_name(at(text)));
        before = name;
    }
}

TEST_CASE("comparison in constant time compares") {
    CHECK(equal_in_constant_time("", ""));
    CHECK(equal_in_constant_time("abc", "abc"));
    CHECK_FALSE(equal_in_constant_time("abc", "abd"));
    CHECK_FALSE(equal_in_constant_time("abc", "ab"));
    CHECK_FALSE(equal_in_constant_time("", "a"));
}
