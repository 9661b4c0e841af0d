// Leaves: their exact bytes, what a commitment binds, and that nothing else is read as a leaf.
#include "record/leaf.hpp"
#include "record_support.hpp"

using namespace comity;
using namespace comity::record;
using namespace comity::record::test;

namespace {

const Bytes nonce(32, '\x11');
const Bytes header = R"({"v":1,"act":"request"})";
const std::string hash43 = text(Digest{}); // 43 characters of zeros

} // namespace

TEST_CASE("an act's leaf is the hash of domain, zero, nonce and header, in one spelling") {
    Bytes input = "comity/record/act/v1";
    input += '\0';
    input += nonce;
    input += header;
    const Digest want = crypto::sha256(input);
    CHECK(act_commitment(nonce, header) == want);
    CHECK(act_leaf(nonce, header) == R"({"leaf":"act","v":1,"c":")" + text(want) + R"("})");
    const Leaf leaf = Leaf::parse(act_leaf(nonce, header)).value();
    CHECK(leaf == Leaf{Leaf::Kind::act, want, 0});
}

TEST_CASE("a change of roll, directory or key is a leaf with version and hash") {
    CHECK(
        change_leaf(Leaf::Kind::roll, 7, Digest{}) ==
        R"({"leaf":"roll","v":1,"version":7,"hash":")" + hash43 + R"("})");
    for (const Leaf::Kind kind : {Leaf::Kind::roll, Leaf::Kind::directory, Leaf::Kind::key})
        for (const std::int64_t version : {std::int64_t{1}, std::int64_t{2}, INT64_MAX}) {
            const Digest hash = crypto::sha256(std::to_string(version));
            const Bytes bytes = change_leaf(kind, version, hash);
            CHECK(Leaf::parse(bytes).value() == Leaf{kind, hash, version});
            CHECK(bytes.find(name_of(kind)) != Bytes::npos);
        }
}

TEST_CASE("a commitment opens with its nonce and header and with no other") {
    const Bytes leaf = act_leaf(nonce, header);
    CHECK(verify_act_leaf(leaf, nonce, header));
    CHECK(code_of(verify_act_leaf(leaf, Bytes(32, '\x12'), header)) == Code::proof_wrong);
    CHECK(code_of(verify_act_leaf(leaf, nonce, header + " ")) == Code::proof_wrong);
    // The border between nonce and header is fixed, so no other division opens it.
    CHECK(
        code_of(verify_act_leaf(leaf, nonce + header.substr(0, 1), header.substr(1))) ==
        Code::leaf_malformed);
    CHECK(
        code_of(verify_act_leaf(leaf, nonce.substr(0, 31), "\x11" + header)) ==
        Code::leaf_malformed);
    CHECK(
        code_of(verify_act_leaf(change_leaf(Leaf::Kind::key, 1, Digest{}), nonce, header)) ==
        Code::leaf_malformed);
    CHECK(code_of(verify_act_leaf("", nonce, header)) == Code::leaf_malformed);
}

TEST_CASE("padding looks like an act's leaf") {
    const Bytes padding = padding_leaf(crypto::random_bytes(32));
    const Bytes act = act_leaf(crypto::random_bytes(32), header);
    CHECK(padding.size() == act.size());
    CHECK(Leaf::parse(padding).value().kind == Leaf::Kind::act);
    CHECK(padding.substr(0, 25) == act.substr(0, 25));
    CHECK(padding != padding_leaf(crypto::random_bytes(32)));
}

TEST_CASE("an unknown kind or version is named as such, so that a monitor can say what it skips") {
    for (const char* bytes :
         {R"({"leaf":"obligation","v":1,"due":"2026-03-01"})", R"({"leaf":"act","v":2,"x":0})",
          R"({"leaf":"discharge","v":1})", R"({"leaf":"tally","v":1})",
          R"({"leaf":"act","v":0})"}) {
        const auto leaf = Leaf::parse(bytes);
        CHECK_MESSAGE(code_of(leaf) == Code::leaf_unknown, bytes);
    }
    CHECK(Leaf::parse(R"({"leaf":"tally","v":1})").error().facts == "the kind tally, version 1");
}

TEST_CASE("any other spelling of a leaf is refused") {
    const std::string c = R"("c":")" + hash43 + R"(")";
    const std::string h = R"("hash":")" + hash43 + R"(")";
    const std::string start = R"({"leaf":"act","v":1,)";
    REQUIRE(Leaf::parse(start + c + "}").has_value());
    REQUIRE(Leaf::parse(R"({"leaf":"roll","v":1,"version":1,)" + h + "}").has_value());
    for (const std::string& bytes : std::initializer_list<std::string>{
             std::string(),
             std::string("{}"),
             std::string("[]"),
             std::string("null"),
             std::string("act"),
             start + c + "}\n",
             " " + start + c + "}",
             start + " " + c + "}",
             R"({"v":1,"leaf":"act",)" + c + "}",
             R"({"leaf":"act",)" + c + R"(,"v":1})",
             start + c + R"(,"x":1})",
             start + c + "," + c + "}",
             start + R"("c":""})",
             start + R"("c":7})",
             R"({"leaf":"act","v":1})",
             R"({"leaf":"act",)" + c + "}",
             R"({"leaf":"\u0061ct","v":1,)" + c + "}",
             R"({"leaf":"act","v":"1",)" + c + "}",
             R"({"leaf":"act","v":1.0,)" + c + "}",
             R"({"leaf":1,"v":1,)" + c + "}",
             R"({"leaf":"","v":1,)" + c + "}",
             R"({"leaf":"Act!","v":1,)" + c + "}",
             start + R"("c":")" + hash43.substr(1) + R"("})",
             start + R"("c":")" + hash43 + R"(="})",
             start + R"("c":")" + hash43.substr(1) + R"(B"})", // unused bits set
             start + h + "}",
             R"({"leaf":"roll","v":1,"version":0,)" + h + "}",
             R"({"leaf":"roll","v":1,"version":-1,)" + h + "}",
             R"({"leaf":"roll","v":1,"version":01,)" + h + "}",
             R"({"leaf":"roll","v":1,"version":"1",)" + h + "}",
             R"({"leaf":"roll","v":1,)" + h + "}",
             R"({"leaf":"roll","v":1,)" + h + R"(,"version":1})",
             R"({"leaf":"roll","v":1,"version":1})",
             R"({"leaf":"roll","v":1,"version":9223372036854775808,)" + h + "}",
             R"({"leaf":"act","leaf":"act","v":1,)" + c + "}",
             std::string("\xff"),
             Bytes(70'000, ' ')})
        CHECK_MESSAGE(code_of(Leaf::parse(bytes)) == Code::leaf_malformed, bytes.substr(0, 120));
}
