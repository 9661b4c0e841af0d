// Leaves: their exact bytes, what a commitment binds, and that nothing else is read as a leaf.
#include "record/leaf.hpp"
#include "record/padding.hpp"
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
    CHECK(leaf == Leaf{Leaf::Kind::act, want});
}

TEST_CASE("a change of roll, directory or key, and a report, is a leaf with version and hash") {
    CHECK(
        change_leaf(Leaf::Kind::roll, 7, Digest{}) ==
        R"({"leaf":"roll","v":1,"version":7,"hash":")" + hash43 + R"("})");
    for (const Leaf::Kind kind :
         {Leaf::Kind::roll, Leaf::Kind::directory, Leaf::Kind::key, Leaf::Kind::report})
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

TEST_CASE("an obligation says what is owed and by which day, in one spelling") {
    const Instant day = day_from("2026-03-01").value();
    CHECK(
        obligation_leaf(Duty::notice, day, Digest{}) ==
        R"({"leaf":"obligation","v":1,"duty":"notice","day":"2026-03-01","case":")" + hash43 +
            R"("})");
    for (const Duty duty : {Duty::notice, Duty::deletion, Duty::authorisation}) {
        const Digest handle = crypto::sha256(name_of(duty));
        const Leaf leaf = Leaf::parse(obligation_leaf(duty, day, handle)).value();
        CHECK(leaf == Leaf{Leaf::Kind::obligation, handle, 0, duty, day});
    }
}

TEST_CASE("a discharge names the leaf it closes and how it ended; only an extension has a day") {
    const Instant day = day_from("2026-08-01").value();
    CHECK(
        discharge_leaf(17, Ending::done, {}, Digest{}) ==
        R"({"leaf":"discharge","v":1,"closes":17,"how":"done","reason":")" + hash43 + R"("})");
    CHECK(
        discharge_leaf(0, Ending::extended, day, Digest{}) ==
        R"({"leaf":"discharge","v":1,"closes":0,"how":"extended","until":"2026-08-01","reason":")" +
            hash43 + R"("})");
    for (const Ending ending : {Ending::done, Ending::extended, Ending::lifted, Ending::lapsed}) {
        const Leaf leaf = Leaf::parse(discharge_leaf(5, ending, day, Digest{})).value();
        CHECK(leaf.closes == 5);
        CHECK(leaf.ending == ending);
        CHECK(leaf.day == (ending == Ending::extended ? day : Instant{}));
    }
}

TEST_CASE("what is due at midnight has its last day before, what is due later has that day") {
    CHECK(day_text(last_day(instant_from("2026-03-01T00:00:00.000Z").value())) == "2026-02-28");
    CHECK(day_text(last_day(instant_from("2026-03-01T00:00:00.001Z").value())) == "2026-03-01");
    CHECK(day_text(last_day(instant_from("2024-03-01T00:00:00.000Z").value())) == "2024-02-29");
    CHECK(day_text(last_day(instant_from("2026-12-31T23:59:59.999Z").value())) == "2026-12-31");
}

TEST_CASE("T38 a case has other handles in other records, and no handle without the key") {
    const Digest first = case_handle(Bytes(32, 'a'), "case-1");
    CHECK(first == case_handle(Bytes(32, 'a'), "case-1"));
    CHECK(first != case_handle(Bytes(32, 'b'), "case-1"));
    CHECK(first != case_handle(Bytes(32, 'a'), "case-2"));
    CHECK(first != crypto::hmac_sha256(Bytes(32, 'a'), "case-1")); // a key for this use only
    CHECK(first != crypto::sha256("case-1"));
}

TEST_CASE("the reason of a discharge opens with the act's nonce and has nothing else of its leaf") {
    CHECK(reason_commitment(nonce, header) == reason_commitment(nonce, header));
    CHECK(reason_commitment(nonce, header) != act_commitment(nonce, header));
    CHECK(reason_commitment(nonce, header) != reason_commitment(Bytes(32, '\x12'), header));
}

TEST_CASE("T41 padding looks like an act's leaf to whoever has not the record's secret") {
    const Bytes secret(32, 's');
    const Bytes padding = padding_leaf(secret, 7);
    const Bytes act = act_leaf(crypto::random_bytes(32), header);
    CHECK(padding.size() == act.size());
    CHECK(Leaf::parse(padding).value().kind == Leaf::Kind::act);
    CHECK(padding.substr(0, 25) == act.substr(0, 25));
    // Another place, another record: another leaf.
    CHECK(padding == padding_leaf(secret, 7));
    CHECK(padding != padding_leaf(secret, 8));
    CHECK(padding != padding_leaf(Bytes(32, 't'), 7));
}

TEST_CASE("T20 T41 padding opens as padding where it stands, and an act's leaf never does") {
    const Bytes secret(32, 's');
    const Bytes padding = padding_leaf(secret, 7);
    CHECK(is_padding(padding, secret, 7));
    CHECK_FALSE(is_padding(padding, secret, 6));
    CHECK_FALSE(is_padding(padding, Bytes(32, 't'), 7));
    CHECK_FALSE(is_padding(act_leaf(crypto::random_bytes(32), header), secret, 7));
    // Somebody else checks one leaf with its nonce alone; the nonce opens no other.
    const Bytes own = padding_nonce(secret, 7);
    CHECK(verify_act_leaf(padding, own, padding_text).has_value());
    CHECK_FALSE(verify_act_leaf(padding_leaf(secret, 8), own, padding_text).has_value());
    CHECK_FALSE(verify_act_leaf(padding, own, header).has_value());
    CHECK_FALSE(verify_act_leaf(act_leaf(own, header), own, padding_text).has_value());
}

TEST_CASE("an unknown kind or version is named as such, so that a monitor can say what it skips") {
    for (const char* bytes :
         {R"({"leaf":"surety","v":1,"due":"2026-03-01"})", R"({"leaf":"act","v":2,"x":0})",
          R"({"leaf":"obligation","v":2})", R"({"leaf":"weather","v":1})",
          R"({"leaf":"act","v":0})"}) {
        const auto leaf = Leaf::parse(bytes);
        CHECK_MESSAGE(code_of(leaf) == Code::leaf_unknown, bytes);
    }
    CHECK(
        Leaf::parse(R"({"leaf":"weather","v":1})").error().facts.text() ==
        "the kind weather, version 1");
}

TEST_CASE("any other spelling of a leaf is refused") {
    const std::string c = R"("c":")" + hash43 + R"(")";
    const std::string h = R"("hash":")" + hash43 + R"(")";
    const std::string start = R"({"leaf":"act","v":1,)";
    REQUIRE(Leaf::parse(start + c + "}").has_value());
    REQUIRE(Leaf::parse(R"({"leaf":"roll","v":1,"version":1,)" + h + "}").has_value());
    for (
        const std::string& bytes : std::initializer_list<std::string>{
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
            R"({"leaf":"obligation","v":1,"duty":"notice","day":"2026-02-30","case":")" + hash43 +
                R"("})",
            R"({"leaf":"obligation","v":1,"duty":"notice","day":"2026-3-1","case":")" + hash43 +
                R"("})",
            R"({"leaf":"obligation","v":1,"duty":"silence","day":"2026-03-01","case":")" + hash43 +
                R"("})",
            R"({"leaf":"obligation","v":1,"duty":"notice","case":")" + hash43 + R"("})",
            R"({"leaf":"obligation","v":1,"day":"2026-03-01","duty":"notice","case":")" + hash43 +
                R"("})",
            R"({"leaf":"obligation","v":1,"duty":"notice","day":"2026-03-01"})",
            R"({"leaf":"discharge","v":1,"closes":-1,"how":"done","reason":")" + hash43 + R"("})",
            R"({"leaf":"discharge","v":1,"closes":"1","how":"done","reason":")" + hash43 + R"("})",
            R"({"leaf":"discharge","v":1,"closes":1,"how":"forgotten","reason":")" + hash43 +
                R"("})",
            R"({"leaf":"discharge","v":1,"closes":1,"how":"extended","reason":")" + hash43 +
                R"("})",
            R"({"leaf":"discharge","v":1,"closes":1,"how":"done","until":"2026-08-01","reason":")" +
                hash43 + R"("})",
            R"({"leaf":"discharge","v":1,"closes":1,"how":"done"})",
            R"({"leaf":"act","leaf":"act","v":1,)" + c + "}",
            std::string("\xff"),
            Bytes(70'000, ' ')})
        CHECK_MESSAGE(code_of(Leaf::parse(bytes)) == Code::leaf_malformed, bytes.substr(0, 120));
}
