// A header has exactly one text; everything else is refused.
#include "act/header.hpp"
#include "act/opening.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "support/outcome.hpp"

#include <fmt/format.h>

#include <functional>
#include <random>

using namespace comity;
using namespace comity::act;
using comity::test::code;
using comity::test::moment;

namespace {

Header first_header() {
    Header out;
    out.federation = "practice";
    out.case_id = CaseId("abcdefghijklmnopqrstuvwxyz");
    out.sequence = 1;
    out.act = "request";
    out.procedure = "mla";
    out.law_pack = text(crypto::sha256("pack"));
    out.performer = ParticipantId("arcadia-authority");
    out.office = OfficeId("arcadia-police");
    out.side = "requesting";
    out.role = "issuing-officer";
    out.person = PersonId("officer");
    out.time = moment("2026-03-01T09:30:00.123Z");
    out.keeper = ParticipantId("arcadia-authority");
    out.parts = {
        {{"requesting", "requested"},
         {ParticipantId("arcadia-authority"), ParticipantId("borealia-authority")},
         crypto::sha256("part"),
         crypto::sha256("sealed"),
         1234}};
    out.dates = {{"retention_end", moment("2027-03-01T00:00:00Z")}};
    out.opening = Opening{
        ParticipantId("arcadia-authority"),
        ParticipantId("borealia-authority"),
        ParticipantId("vault-provider"),
        {ParticipantId("cascadia-authority")},
        "subscriber",
        OfficeId("arcadia-police")};
    return out;
}

Header later_header() {
    Header out = first_header();
    out.sequence = 7;
    out.act = "consult";
    out.opening.reset();
    out.after = {crypto::sha256("act 6"), crypto::sha256("act 2")};
    out.joining = ParticipantId("cascadia-authority");
    return out;
}

json::Object parsed(const Header& header) {
    return json::parse_object(print_header(header), limits::act_header_bytes).value();
}

// The members in another order: Boost.JSON keeps the order of insertion.
json::Object reordered(const json::Object& object, std::size_t first) {
    json::Object out;
    std::vector<std::string> names;
    for (const auto& member : object)
        names.emplace_back(member.key());
    std::swap(names[first], names[first + 1]);
    for (const auto& name : names)
        out[name] = object.at(name);
    return out;
}

std::string read(const json::Object& object) {
    return code(parse_header(json::print(object)));
}

} // namespace

TEST_CASE("N1_ the text of a header is exactly this") {
    CHECK(
        print_header(first_header()) ==
        fmt::format(
            R"({{"comity":"act/1","federation":"practice","case":"abcdefghijklmnopqrstuvwxyz",)"
            R"("sequence":1,"act":"request","procedure":"mla","law_pack":"{}",)"
            R"("performer":"arcadia-authority","office":"arcadia-police","side":"requesting",)"
            R"("role":"issuing-officer","person":"officer","time":"2026-03-01T09:30:00.123Z",)"
            R"("keeper":"arcadia-authority","after":[],"parts":[{{"audience":["requesting","requested"],)"
            R"("readers":["arcadia-authority","borealia-authority"],"hash":"{}","sealed":"{}","size":1234}}],)"
            R"("dates":{{"retention_end":"2027-03-01T00:00:00.000Z"}},)"
            R"("opening":{{"requesting":"arcadia-authority","requested":"borealia-authority",)"
            R"("provider":"vault-provider","third":["cascadia-authority"],"category":"subscriber",)"
            R"("recipient":"arcadia-police"}}}})",
            text(crypto::sha256("pack")), text(crypto::sha256("part")),
            text(crypto::sha256("sealed"))));
}

TEST_CASE("a header that was printed reads back as it was") {
    Header clock = later_header();
    clock.office = {};
    clock.role = {};
    clock.person = {};
    clock.side = "clock";
    clock.joining.reset();
    clock.parts.clear();
    clock.dates.clear();
    for (const auto& header : {first_header(), later_header(), clock}) {
        const auto back = parse_header(print_header(header));
        REQUIRE_MESSAGE(back, (back ? "" : back.error().facts.text()));
        CHECK(*back == header);
    }
}

TEST_CASE("T09 no two texts mean one header: members in another order are refused") {
    for (const auto& header : {first_header(), later_header()}) {
        const auto object = parsed(header);
        for (std::size_t i = 0; i + 1 < object.size(); ++i)
            CHECK(read(reordered(object, i)) == "header_malformed");
        auto inner = object;
        for (std::size_t i = 0; i < 4; ++i) {
            inner["parts"].as_array()[0] =
                reordered(object.at("parts").as_array()[0].as_object(), i);
            CHECK(read(inner) == "header_malformed");
        }
    }
    auto inner = parsed(first_header());
    inner["opening"] = reordered(inner["opening"].as_object(), 2);
    CHECK(read(inner) == "header_malformed");
}

TEST_CASE("T09 white space, escapes, duplicates and trailing bytes are refused at every place") {
    const Bytes good = print_header(first_header());
    for (std::size_t at = 0; at <= good.size(); ++at)
        for (const char c : {' ', '\n', '\t', '\r'}) {
            Bytes bad = good;
            bad.insert(at, 1, c);
            CHECK_FALSE(parse_header(bad).has_value());
        }
    Bytes escaped = good;
    escaped.replace(escaped.find("practice"), 1, "\\u0070");
    CHECK(code(parse_header(escaped)) == "header_malformed");
    Bytes twice = good;
    twice.insert(1, R"("comity":"act/1",)");
    CHECK(code(parse_header(twice)) == "json_malformed");
    CHECK(code(parse_header(good + "{}")) == "json_malformed");
    CHECK(code(parse_header("\xef\xbb\xbf" + good)) == "json_malformed");
    CHECK(code(parse_header("")) == "json_malformed");
    CHECK(code(parse_header("[]")) == "json_malformed");
}

TEST_CASE("T08 a member missing, unknown or of another type is refused, each by itself") {
    for (const auto& header : {first_header(), later_header()}) {
        const auto object = parsed(header);
        for (const auto& member : object) {
            const std::string name(member.key());
            INFO(name);
            auto without = object;
            without.erase(name);
            // A header without the member is refused, or it is another header with another hash
            // (only the country that joins may be left out).
            CHECK(
                read(without) == (name == "comity"    ? "protocol_unsupported"
                                  : name == "joining" ? "accepted"
                                                      : "header_malformed"));
            for (const json::Value& other :
                 {json::Value(nullptr), json::Value(true), json::Value(-1),
                  json::Value(json::Array{1}), json::Value(json::Object{{"x", 1}}),
                  json::Value("not a Name")}) {
                auto changed = object;
                changed[name] = other;
                CHECK_FALSE(read(changed) == "accepted");
            }
            auto more = object;
            more[name + "x"] = member.value();
            CHECK(read(more) == "header_malformed");
        }
    }
}

TEST_CASE("T12 a header of another version is refused as unsupported") {
    for (const std::string version : {"act/2", "act/0", "act", "", "ACT/1"}) {
        auto object = parsed(first_header());
        object["comity"] = version;
        CHECK(read(object) == "protocol_unsupported");
    }
}

TEST_CASE("each rule of a header is refused when it alone is broken") {
    using Change = std::function<void(Header&)>;
    const std::vector<std::pair<std::string, Change>> changes = {
        {"federation",
         [](Header& h) {
             h.federation = "Practice";
         }},
        {"case",
         [](Header& h) {
             h.case_id = CaseId("");
         }},
        {"case with a path",
         [](Header& h) {
             h.case_id = CaseId("../x");
         }},
        {"act",
         [](Header& h) {
             h.act = "re quest";
         }},
        {"procedure",
         [](Header& h) {
             h.procedure = "-mla";
         }},
        {"law pack",
         [](Header& h) {
             h.law_pack.pop_back();
         }},
        {"performer",
         [](Header& h) {
             h.performer = ParticipantId(std::string(65, 'a'));
         }},
        {"side",
         [](Header& h) {
             h.side = "sender";
         }},
        {"office without person",
         [](Header& h) {
             h.person = {};
         }},
        {"person without office",
         [](Header& h) {
             h.office = {};
         }},
        {"person without role",
         [](Header& h) {
             h.role = {};
         }},
        {"keeper",
         [](Header& h) {
             h.keeper = {};
         }},
        {"sequence zero",
         [](Header& h) {
             h.sequence = 0;
         }},
        {"first act with a second's number",
         [](Header& h) {
             h.sequence = 2;
         }},
        {"no opening",
         [](Header& h) {
             h.opening.reset();
         }},
        {"first act after another",
         [](Header& h) {
             h.after = {crypto::sha256("x")};
         }},
        {"audience clock",
         [](Header& h) {
             h.parts[0].audience = {"clock"};
         }},
        {"audience twice",
         [](Header& h) {
             h.parts[0].audience = {"requesting", "requesting"};
         }},
        {"no audience",
         [](Header& h) {
             h.parts[0].audience.clear();
         }},
        {"no readers",
         [](Header& h) {
             h.parts[0].readers.clear();
         }},
        {"reader twice",
         [](Header& h) {
             h.parts[0].readers[1] = h.parts[0].readers[0];
         }},
        {"readers not sorted",
         [](Header& h) {
             std::swap(h.parts[0].readers[0], h.parts[0].readers[1]);
         }},
        {"part of no bytes",
         [](Header& h) {
             h.parts[0].size = 0;
         }},
        {"part over the limit",
         [](Header& h) {
             h.parts[0].size = limits::act_part_bytes + 1;
         }},
        {"requested is requesting",
         [](Header& h) {
             h.opening->requested = h.opening->requesting;
         }},
        {"third is requested",
         [](Header& h) {
             h.opening->third = {h.opening->requested};
         }},
        {"third is requesting",
         [](Header& h) {
             h.opening->third = {h.opening->requesting};
         }},
        {"third twice",
         [](Header& h) {
             h.opening->third = {ParticipantId("x"), ParticipantId("x")};
         }},
        {"recipient",
         [](Header& h) {
             h.opening->recipient = {};
         }},
        {"category",
         [](Header& h) {
             h.opening->category = "A B";
         }},
        {"date without a name",
         [](Header& h) {
             h.dates[""] = h.time;
         }},
        {"date with a space",
         [](Header& h) {
             h.dates["retention end"] = h.time;
         }},
        {"date in capitals",
         [](Header& h) {
             h.dates["Until"] = h.time;
         }},
        {"date with a direction override",
         [](Header& h) {
             h.dates["\u202euntil"] = h.time;
         }},
        {"date with a long name",
         [](Header& h) {
             h.dates[std::string(65, 'd')] = h.time;
         }},
        {"joining",
         [](Header& h) {
             h.joining = ParticipantId("");
         }},
    };
    for (const auto& [name, change] : changes) {
        INFO(name);
        Header header = first_header();
        change(header);
        CHECK(code(parse_header(print_header(header))) == "header_malformed");
    }
    Header later = later_header();
    later.after.clear();
    CHECK(code(parse_header(print_header(later))) == "header_malformed");
    later = later_header();
    later.opening = first_header().opening;
    CHECK(code(parse_header(print_header(later))) == "header_malformed");
}

TEST_CASE("limits of a header below, at and above") {
    const auto parts = [](std::size_t count) {
        Header header = first_header();
        header.parts.resize(count, header.parts[0]);
        return code(parse_header(print_header(header)));
    };
    CHECK(parts(limits::act_parts - 1) == "accepted");
    CHECK(parts(limits::act_parts) == "accepted");
    CHECK(parts(limits::act_parts + 1) == "header_malformed");
    const auto sequence = [](std::int64_t number) {
        Header header = later_header();
        header.sequence = number;
        return code(parse_header(print_header(header)));
    };
    const auto last = static_cast<std::int64_t>(limits::acts_per_case);
    CHECK(sequence(last - 1) == "accepted");
    CHECK(sequence(last) == "accepted");
    CHECK(sequence(last + 1) == "header_malformed");
    const auto part_size = [](std::size_t size) {
        Header header = first_header();
        header.parts[0].size = size;
        return code(parse_header(print_header(header)));
    };
    CHECK(part_size(limits::act_part_bytes) == "accepted");
    CHECK(part_size(limits::act_part_bytes + 1) == "header_malformed");
    // The size of the whole: hashes of earlier acts fill it roughly, a name fills it to the byte.
    const auto whole = [](std::size_t size) {
        Header header = later_header();
        header.federation = "f";
        const std::size_t hash_bytes =
            text(header.after[0]).size() + 3; // quotation marks and comma
        const std::size_t missing = size - print_header(header).size();
        header.after.resize(header.after.size() + missing / hash_bytes, header.after[0]);
        header.federation += std::string(missing % hash_bytes, 'f');
        const Bytes bytes = print_header(header);
        REQUIRE(bytes.size() == size);
        return code(parse_header(bytes));
    };
    CHECK(whole(limits::act_header_bytes - 1) == "accepted");
    CHECK(whole(limits::act_header_bytes) == "accepted");
    CHECK(whole(limits::act_header_bytes + 1) == "json_malformed");
}

TEST_CASE("T08 a flipped bit of a header is refused or makes another act with another hash") {
    const Bytes good = print_header(first_header());
    const Digest hash = act_hash(good);
    for (std::size_t at = 0; at < good.size(); ++at)
        for (unsigned bit = 0; bit < 8; ++bit) {
            Bytes bad = good;
            bad[at] = static_cast<char>(bad[at] ^ static_cast<char>(1u << bit));
            const auto header = parse_header(bad);
            if (!header) continue;
            CHECK_FALSE(*header == first_header());
            CHECK(act_hash(bad) != hash);
            CHECK(approval_challenge(bad) != approval_challenge(good));
        }
}

TEST_CASE("T11 the act's name and the person's challenge are hashes of two domains") {
    const Bytes bytes = print_header(first_header());
    CHECK(act_hash(bytes) == crypto::sha256(Bytes("comity/act/v1\0", 14) + bytes));
    CHECK(
        approval_challenge(bytes) == crypto::sha256(Bytes("comity/act/approval/v1\0", 23) + bytes));
    CHECK(act_hash(bytes) != approval_challenge(bytes));
    Header other = first_header();
    other.federation = "production";
    CHECK(act_hash(print_header(other)) != act_hash(bytes));
}

TEST_CASE("property: random headers read back as they were") {
    const std::uint64_t seed = std::random_device{}();
    MESSAGE("seed " << seed);
    std::mt19937_64 random(seed);
    const auto name = [&] {
        std::string out;
        for (std::size_t i = 0, n = 1 + random() % 64; i < n; ++i)
            out += "abcdefghijklmnopqrstuvwxyz0123456789"[random() % 36];
        return out;
    };
    for (int i = 0; i < 300; ++i) {
        Header header = random() % 2 == 0 ? first_header() : later_header();
        header.federation = name();
        header.act = name();
        header.keeper = ParticipantId(name());
        header.time =
            Instant(Milliseconds(static_cast<std::int64_t>(random() % 4'000'000'000'000)));
        header.dates.emplace(name(), header.time);
        header.parts.resize(random() % (limits::act_parts + 1), header.parts[0]);
        for (auto& part : header.parts)
            part.hash = crypto::sha256(name());
        const auto back = parse_header(print_header(header));
        REQUIRE(back.has_value());
        CHECK(*back == header);
    }
}

TEST_CASE(
    "an intent's opening that states no third country names none, and what else is missing is refused") {
    const json::Object whole{
        {"requesting", "arcadia"},
        {"requested", "borealis"},
        {"provider", "mail"},
        {"category", "access"},
        {"recipient", "arcadia-unit"}};
    const auto read = read_opening(whole);
    REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error().text()));
    CHECK(read->third.empty());
    auto lacking = whole;
    lacking.erase("provider");
    CHECK_FALSE(read_opening(lacking).has_value());
    auto mistyped = whole;
    mistyped["third"] = "cordia";
    CHECK_FALSE(read_opening(mistyped).has_value());
}
