// Every text that the program says to people is there in English, French and Arabic, once; what the
// sources say stands in texts/*.txt, and nothing stands there that no source says. The sources are
// read as text: each literal, with the literals beside it joined as the compiler joins them.
#include "base/bytes.hpp"
#include "base/json.hpp"
#include "base/refusal_said.hpp"
#include "base/said.hpp"
#include "base/said_json.hpp"
#include "base/said_list.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>

using namespace comity;

namespace {

namespace fs = std::filesystem;

/// A literal of a source, and whether it is the pattern of say(…).
struct Literal {
    std::string text;
    bool said = false;
};

void skip_blanks(std::string_view source, std::size_t& at) {
    while (at < source.size() && (source[at] == ' ' || source[at] == '\n'))
        ++at;
}

// The literal that begins at `at`, with those that follow it.
std::optional<std::string> literal_at(std::string_view source, std::size_t& at) {
    std::string out;
    bool any = false;
    for (std::size_t next = at; next < source.size() && source[next] == '"';) {
        ++next;
        while (next < source.size() && source[next] != '"') {
            if (source[next] == '\\') ++next;
            if (next < source.size()) out += source[next++];
        }
        at = ++next;
        any = true;
        skip_blanks(source, next);
    }
    if (!any) return std::nullopt;
    return out;
}

// The end of a raw literal whose quote stands at `at`, or `at`: the sources of JSON and JavaScript
// in tests and printers are not read for what is said.
std::size_t past_raw(std::string_view source, std::size_t at) {
    if (source[at] != '"' || at == 0 || source[at - 1] != 'R') return at;
    const auto open = source.find('(', at);
    if (open == std::string_view::npos) return at;
    const auto end = ")" + std::string(source.substr(at + 1, open - at - 1)) + "\"";
    const auto close = source.find(end, open);
    return close == std::string_view::npos ? source.size() : close + end.size();
}

std::vector<Literal> literals_of(std::string_view source) {
    std::vector<Literal> out;
    for (std::size_t at = 0; at < source.size();) {
        if (source.substr(at).starts_with("//")) {
            at = std::min(source.find('\n', at), source.size());
            continue;
        }
        if (source[at] == '\'' && at + 2 < source.size()) {
            const std::size_t width = source[at + 1] == '\\' ? 4 : 3;
            at += at + width <= source.size() && source[at + width - 1] == '\'' ? width : 1;
            continue;
        }
        if (source[at] != '"') {
            ++at;
            continue;
        }
        if (const auto past = past_raw(source, at); past != at) {
            at = past;
            continue;
        }
        const auto before = source.substr(0, at);
        auto end = before.find_last_not_of(" \n");
        const bool said =
            end != std::string_view::npos && before.substr(0, end + 1).ends_with("say(");
        if (auto text = literal_at(source, at)) out.push_back({std::move(*text), said});
    }
    return out;
}

std::string read_file(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

const std::map<std::string, std::string>& files() {
    static const auto all = [] {
        std::map<std::string, std::string> out;
        for (const auto& entry : fs::recursive_directory_iterator(COMITY_SOURCE_DIR "/src")) {
            const auto kind = entry.path().extension();
            if (kind == ".cpp" || kind == ".hpp")
                out[fs::relative(entry.path(), COMITY_SOURCE_DIR "/src").string()] =
                    read_file(entry.path());
        }
        return out;
    }();
    return all;
}

const std::map<std::string, std::vector<Literal>>& sources() {
    static const auto all = [] {
        std::map<std::string, std::vector<Literal>> out;
        for (const auto& [file, text] : files())
            out[file] = literals_of(text);
        return out;
    }();
    return all;
}

// ---- refusals that a reader of the pages may meet

// These refuse before there is a page, or where only who runs a node reads: at the command line,
// when the law, a store or the settings are loaded, and in the checks of records and policies by
// monitors and witnesses (docs/decisions/032-facts-in-three-languages.md).
constexpr std::array<std::string_view, 26> english_only{
    "apps/",
    "store/",
    "plan/",
    "letters/",
    "api/pages.cpp",
    "crypto/keys.cpp",
    "law/floor.cpp",
    "law/form_lint.cpp",
    "law/instrument.cpp",
    "law/library.cpp",
    "law/pack.cpp",
    "law/profile.cpp",
    "law/record.cpp",
    "law/terms.cpp",
    "http/stream.cpp",
    "http/wire.cpp",
    "procedure/explorer.cpp",
    "procedure/invariants.cpp",
    "procedure/reader.cpp",
    "post/",
    "record/policy.cpp",
    "record/tally",
    "record/proof.cpp",
    "record/tiles.cpp",
    "record/tree.cpp",
    "record/witness.cpp"};

bool for_readers(std::string_view file) {
    return std::none_of(english_only.begin(), english_only.end(), [file](std::string_view one) {
        return file.starts_with(one);
    });
}

// The end of a literal that begins at `at`, or `at`: a quote of a character is none.
std::size_t past_literal(std::string_view source, std::size_t at) {
    if (source[at] == '\'' && at + 2 < source.size() && source[at + 1] != '\\' &&
        source[at + 2] == '\'')
        return at + 3;
    if (const auto past = past_raw(source, at); past != at) return past;
    if (source[at] != '"') return at;
    for (++at; at < source.size() && source[at] != '"'; ++at)
        if (source[at] == '\\') ++at;
    return std::min(at + 1, source.size());
}

// The arguments in the bracket that opens at `at`.
std::vector<std::string_view> arguments(std::string_view source, std::size_t at) {
    std::vector<std::string_view> out;
    std::size_t depth = 0;
    std::size_t begin = at + 1;
    while (at < source.size()) {
        if (const auto past = past_literal(source, at); past != at) {
            at = past;
            continue;
        }
        const char c = source[at];
        const bool closes = c == ')' || c == '}' || c == ']';
        if ((c == ',' && depth == 1) || (closes && depth == 1)) {
            out.push_back(source.substr(begin, at - begin));
            begin = at + 1;
        }
        if (c == '(' || c == '{' || c == '[') ++depth;
        if (closes && --depth == 0) break;
        ++at;
    }
    return out;
}

// Words with a blank between them, outside braces: a sentence, or a part of one.
bool is_sentence(std::string_view text) {
    return text.find(' ') != std::string_view::npos &&
           std::any_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

struct Found {
    std::string literal;
    bool facts = false; ///< an English sentence in the facts; else a rule or remedy
};

// What stands in refuse(code, facts, rule, source, remedy) and Refusal{…} without being said.
std::vector<Found> unsaid(std::string_view source) {
    std::vector<Found> out;
    for (const std::string_view call : {"refuse(", "Refusal{"})
        for (auto at = source.find(call); at != std::string_view::npos;
             at = source.find(call, at + 1)) {
            const auto list = arguments(source, at + call.size() - 1);
            if (list.size() > 1)
                for (const auto& literal : literals_of(list[1]))
                    if (!literal.said && is_sentence(literal.text))
                        out.push_back({literal.text, true});
            for (const std::size_t place : {2u, 4u})
                if (place < list.size())
                    for (const auto& literal : literals_of(list[place]))
                        if (!literal.said && is_sentence(literal.text))
                            out.push_back({literal.text, false});
        }
    return out;
}

std::size_t places(std::string_view text) {
    std::size_t out = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
        out += text[i] == '{' ? 1u : 0u;
    return out;
}

std::set<std::string, std::less<>> english() {
    std::set<std::string, std::less<>> out;
    for (const auto& row : text_rows())
        out.emplace(row.texts[0]);
    return out;
}

} // namespace

TEST_CASE("a text in one language is a text in three, under a key of its own") {
    CHECK(text_rows().size() > 500);
    std::set<std::string_view> keys;
    std::set<std::string_view> texts;
    for (const auto& row : text_rows()) {
        CAPTURE(std::string(row.key));
        CHECK(keys.insert(row.key).second);
        CHECK(texts.insert(row.texts[0]).second);
        CHECK(row.key.find('.') != std::string_view::npos);
        for (const auto text : row.texts) {
            CHECK(!text.empty());
            CHECK(text.find(" | ") == std::string_view::npos);
            CHECK(places(text) == places(row.texts[0]));
        }
        // The parameters are taken, in any order, and nothing else stands in braces.
        std::vector<Said> parameters;
        for (std::size_t i = 0; i < places(row.texts[0]); ++i)
            parameters.push_back(Said::value("<" + std::to_string(i) + ">"));
        for (const auto language : text_languages) {
            const auto told = said(row.texts[0], parameters).in(language);
            for (const auto& parameter : parameters)
                CHECK(told.find(parameter.text()) != std::string::npos);
            CHECK(told.find('{') == std::string::npos);
        }
        // Arabic is written in Arabic letters, unless there are no words in it.
        const bool words = std::any_of(row.texts[0].begin(), row.texts[0].end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        });
        const bool arabic = std::any_of(row.texts[2].begin(), row.texts[2].end(), [](char c) {
            const auto byte = static_cast<unsigned char>(c);
            return byte >= 0xd8 && byte <= 0xdb;
        });
        CHECK(words == arabic);
    }
}

TEST_CASE("what the sources say has its text, and no text is left that none says") {
    const auto known = english();
    std::set<std::string> written;
    std::size_t said = 0;
    for (const auto& [file, literals] : sources())
        for (const auto& literal : literals) {
            written.insert(literal.text);
            if (!literal.said || file.ends_with("said.hpp")) continue;
            ++said;
            CHECK_MESSAGE(known.contains(literal.text), file, " says: ", literal.text);
        }
    CHECK(said > 300);
    for (const auto& row : text_rows())
        if (row.file !=
            "notes.txt") // what the law data says; web/test/unit/texts.test.ts looks there
            CHECK_MESSAGE(
                written.contains(std::string(row.texts[0])), row.file, ": nobody says ", row.key);
}

TEST_CASE("every refusal is told in three languages: what was refused, the rule and the remedy") {
    const auto known = english();
    for (const auto& entry : refusal_table())
        for (const auto text : {entry.what, entry.rule, entry.remedy})
            CHECK_MESSAGE(known.contains(text), entry.name, ": ", text);
}

TEST_CASE("a refusal that a reader of the pages may meet has no English sentence of facts") {
    const auto known = english();
    std::size_t asked = 0;
    for (const auto& [file, text] : files()) {
        if (!for_readers(file) || file == "base/refusal.hpp") continue;
        ++asked;
        for (const auto& found : unsaid(text)) {
            if (found.facts)
                FAIL_CHECK(file, ": facts are said by pattern, say(…): ", found.literal);
            else
                CHECK_MESSAGE(
                    known.contains(found.literal), file,
                    ": a rule or remedy is a text of texts/: ", found.literal);
        }
        // What is the same in every language is no sentence.
        for (auto at = text.find("Said::value(\""); at != std::string::npos;
             at = text.find("Said::value(\"", at + 1))
            for (const auto& literal : literals_of(arguments(text, at + 11).front()))
                CHECK_MESSAGE(!is_sentence(literal.text), file, ": ", literal.text);
    }
    CHECK(asked > 150);
    // It sees what it is to see.
    CHECK(unsaid(R"(return refuse(Code::x, "the act is late");)").size() == 1);
    CHECK(unsaid(R"(refuse(Code::x, fmt::format("{} is {}", f(a, b), c));)").size() == 1);
    CHECK(unsaid(R"(refuse(Code::x, good ? say("a b") : "c " + d, {}, {}, "Do it"))").size() == 2);
    CHECK(unsaid(R"(Refusal{Code::x, say("{} is, {}", a), {}, "RFC 1, 2", {}})").empty());
    CHECK(unsaid(R"(refuse(Code::x, fmt::format("{}/{}", a, ' ')))").empty());
}

TEST_CASE("countries, acts, roles and sides have a name in each language") {
    std::set<std::string_view> keys;
    for (const auto& row : name_rows()) {
        CHECK(keys.insert(row.key).second);
        for (const auto text : row.texts)
            CHECK(!text.empty());
        CHECK(text_row(row.key) == nullptr); // they are no patterns
    }
    const auto countries =
        json::parse(read_file(COMITY_SOURCE_DIR "/law/countries.json"), std::size_t{1} << 22);
    REQUIRE(countries.has_value());
    std::size_t count = 0;
    for (const auto& country : countries->at("records").as_array()) {
        ++count;
        const auto key = "country." + std::string(country.at("alpha2").as_string());
        CHECK_MESSAGE(keys.contains(key), key);
    }
    CHECK(count > 190);
    for (const auto& entry : fs::directory_iterator(COMITY_SOURCE_DIR "/law/procedures")) {
        const auto procedure = json::parse(read_file(entry.path()), std::size_t{1} << 22);
        REQUIRE(procedure.has_value());
        for (const auto& member : procedure->at("acts").as_object()) {
            const auto name = Said::act(member.key());
            const auto& act = member.value().as_object();
            CHECK_MESSAGE(name.in("ar") != name.text(), std::string(member.key()));
            if (const auto* role = act.if_contains("role"))
                CHECK(
                    Said::role(role->as_string()).in("ar") != Said::role(role->as_string()).text());
            const auto side = Said::side(act.at("side").as_string());
            CHECK(side.in("ar") != side.text());
        }
    }
    CHECK(Said::country("FR").in("ar") == "فرنسا");
    CHECK(Said::country("FR").text() == "FR");
    CHECK(Said::country("XA").in("fr") == "Arcadie");
    CHECK(Said::country("QQ").in("fr") == "QQ");
    CHECK(Said::role("central-authority-officer").in("en") == "central authority officer");
}

TEST_CASE("an instant, a day and a period are written as their reader writes them") {
    const auto at = *instant_from("2026-03-01T09:05:07.250Z");
    const auto moment = say("the act is dated {}, here it is {}", at, Said::day(at));
    CHECK(moment.text() == "the act is dated 2026-03-01T09:05:07.250Z, here it is 2026-03-01");
    CHECK(moment.in("en") == "the act is dated 1 March 2026, 09:05 UTC, here it is 1 March 2026");
    CHECK(
        moment.in("fr") ==
        "l’acte est daté du 1er mars 2026 à 09:05 UTC, ici on est le 1er mars 2026");
    CHECK(moment.in("ar").find("1 مارس 2026") != std::string::npos);
    CHECK(Said::day(*day_from("2024-12-31")).in("fr") == "31 décembre 2024");
    CHECK(
        Said::moment(*instant_from("1969-12-31T23:59:59Z")).in("en") ==
        "31 December 1969, 23:59 UTC");
    const auto period = Said::period(*period_from("P1Y2M10DT36H"));
    CHECK(period.text() == to_text(*period_from("P1Y2M10DT36H")));
    CHECK(period.in("en") == "1 year 2 months 10 days 36 hours");
    CHECK(period.in("fr") == "1 an 2 mois 10 jours 36 heures");
    CHECK(Said::period(Period{.seconds = 90}).in("en") == "90 seconds");
    CHECK(Said::period(Period{}).in("en") == "0 seconds");
}

TEST_CASE("a refusal keeps its English and is told in the language of its reader") {
    const auto at = *instant_from("2026-03-01T09:05:00Z");
    const auto refused =
        refuse(Code::act_waits_for, say("{} waits for {}", Said::act("transmit"), at));
    const auto& refusal = refused.value();
    CHECK(refusal.facts.text() == "transmit waits for 2026-03-01T09:05:00.000Z");
    CHECK(refusal.text().find(refusal.facts.text()) != std::string::npos);
    CHECK(refusal.facts.key() == "fact.waits");
    CHECK(refusal.facts.in("fr") == "« Transmettre » attend : 1er mars 2026 à 09:05 UTC");
    // A name or a hash is the same in every language, and has no key.
    const auto name = refuse(Code::not_found, "xa-police");
    CHECK(name.value().facts.key().empty());
    CHECK(name.value().facts.in("ar") == "xa-police");
}

TEST_CASE("what was said is kept as JSON by key, and told later in every language") {
    const auto at = *instant_from("2026-03-01T09:05:00Z");
    const auto said =
        say("{} is closed by {} of {}", Said::act("order"),
            Said::list({Said::country("FR"), say("nobody"), Said::period(Period{.days = 3})}, ", "),
            Said::day(at));
    const auto kept = said_value(said);
    const auto again = said_from(kept);
    REQUIRE(again.has_value());
    for (const auto language : text_languages)
        CHECK(again->in(language) == said.in(language));
    CHECK(again->text() == said.text());
    CHECK(
        said_from(said_value(say("the act is dated {}, over {} days ago", at, 3)))->text() ==
        "the act is dated 2026-03-01T09:05:00.000Z, over 3 days ago");
    CHECK(said_from(json::Value("as it is"))->in("fr") == "as it is");
    // What is not of this program's texts is not guessed at.
    for (const auto* text :
         {R"({"key":"fact.none-such","with":[]})", R"({"key":"fact.waits","with":["a"]})",
          R"({"key":"fact.waits","with":["a","b","c"]})", R"({"key":"fact.waits"})",
          R"({"key":"country.FR","with":[]})", R"({"moment":"yesterday"})", R"({"name":"nodot"})",
          R"({"list":"a","between":", "})", R"({})", R"(7)", R"(null)"})
        CHECK_MESSAGE(!said_from(*json::parse(text, 1000)), text);
    std::string deep = R"("x")";
    for (int i = 0; i < 12; ++i)
        deep = R"({"list":[)" + deep + R"(],"between":""})";
    CHECK(!said_from(*json::parse(deep, 10'000)));
}

TEST_CASE(
    "a list in a sentence is joined as its reader's language joins, its items named where they have names") {
    const std::vector<std::string> ids{"a-1", "b-2"};
    const auto text = say("these do: {}", listed(ids));
    CHECK(text.text() == "these do: a-1, b-2");
    CHECK(text.in("fr") == "ceux-ci le font : a-1, b-2");
    CHECK(text.in("ar").find("\u2068a-1\u2069، \u2068b-2\u2069") != std::string::npos);
    CHECK(listed(ids, "; ").in("fr") == "a-1 ; b-2");
    CHECK(listed(std::vector<int>{1, 2}).text() == "1, 2");
    CHECK(listed(std::vector<std::string>{}).in("ar").empty());
    const auto roles =
        listed_names("role", std::vector<std::string>{"judge", "inspector", "none-such"});
    CHECK(roles.text() == "judge, inspector, none-such");
    CHECK(roles.in("fr") == "juge, inspecteur, none-such");
    const auto sides = listed_names("side", std::vector<std::string>{"requesting", "provider"});
    CHECK(sides.text() == "requesting, provider");
    CHECK(sides.in("fr") == "Pays requérant, Fournisseur");
}

TEST_CASE("what another program sends is told by its pattern, cleaned, and no other is believed") {
    const auto peer = [](std::string_view text) {
        return said_from_peer(*json::parse(text, 100'000));
    };
    const auto sent =
        say("{} waits for {}", Said::act("transmit"),
            Said::list({Said::country("XA"), Said::value("a\nb\u202ec\u2069d")}, ", "));
    const auto told = said_from_peer(said_value(sent));
    REQUIRE(told.has_value());
    CHECK(told->in("fr") == "« Transmettre » attend : Arcadie, abcd");
    CHECK(told->in("ar").find("«تحويل") == std::string::npos); // as the pattern has it, not quoted
    CHECK(peer(R"("value")")->text() == "value");
    for (const auto* text :
         {R"({"key":"fact.none-such","with":[]})", R"({"key":"fact.waits","with":["a"]})",
          R"({"list":["a","b"],"between":" and the judge allowed "})", R"({"name":"refusal.what"})",
          R"({"name":"fact.waits"})", R"(7)", R"(null)", R"({})"})
        CHECK_MESSAGE(!peer(text), text);
    // At and above the bounds of a value and of the number of parts.
    const std::string most(1'000, 'x');
    CHECK(said_from_peer(json::Value(most)).has_value());
    CHECK_FALSE(said_from_peer(json::Value(most + "x")).has_value());
    for (const std::size_t items : {199u, 200u}) {
        json::Array list(items, json::Value("x"));
        const json::Value whole = json::Object{{"list", std::move(list)}, {"between", ", "}};
        CHECK(said_from_peer(whole).has_value() == (items == 199));
    }
    CHECK(said_from_peer(json::Object{{"name", "country." + std::string(92, 'x')}}).has_value());
    CHECK_FALSE(
        said_from_peer(json::Object{{"name", "country." + std::string(93, 'x')}}).has_value());
    // What is no pattern is marked as the other's words, and cut between two characters.
    CHECK(quoted_from_peer("").empty());
    CHECK(
        quoted_from_peer("it is late").in("fr") ==
        "dans les termes de l’autre nœud : « it is late »");
    CHECK(is_utf8(quoted_from_peer(std::string(999, 'x') + "é").text()));
    CHECK(quoted_from_peer(std::string(999, 'x') + "é").parameters().front().text().size() == 999);
}

TEST_CASE("a whole refusal is kept as one text, and told in each language") {
    const Refusal refusal{
        Code::act_waits_for,
        say("{} waits for {}", Said::act("order"), Said::act("transmit")),
        {},
        {},
        {}};
    const auto sentence = sentence_of(refusal);
    CHECK(sentence.text() == refusal.text());
    const auto again = said_from(said_value(sentence));
    REQUIRE(again.has_value());
    CHECK(again->text() == refusal.text());
    const auto french = again->in("fr");
    CHECK(french.find(refusal.facts.in("fr")) != std::string::npos);
    CHECK(french.find(said(refusal_entry(refusal.code).remedy, {}).in("fr")) != std::string::npos);
    CHECK(french.find("was not admitted") == std::string::npos);
}

TEST_CASE("parameters stand where each language has them, and other texts may be parameters") {
    const auto inner = say("these do: {}", "a, b");
    const auto outer = say("instruments bind both countries; {}", inner);
    CHECK(outer.text() == "instruments bind both countries; these do: a, b");
    CHECK(outer.in("fr") == "des instruments lient les deux pays ; ceux-ci le font : a, b");
    CHECK(outer.in("ar").find("\u2068a, b\u2069") != std::string::npos);
    CHECK(outer.in("de") == outer.text());
    CHECK(outer.key() == "finding.instruments-bind-both-countries");
    CHECK(outer.parameters().size() == 1);
    // What a person wrote is a value, whatever it looks like.
    const auto braces = say("these do: {}", "{}{0}%s {");
    for (const auto language : text_languages)
        CHECK(braces.in(language).find("{}{0}%s {") != std::string::npos);
    CHECK(Said::value("{}").in("ar") == "{}");
    CHECK(Said().empty());
    const auto list = Said::list({say("none does"), say("no offence is named")}, "; ");
    CHECK(list.text() == "none does; no offence is named");
    CHECK(list.in("ar").find("؛ ") != std::string::npos);
    // A text that is not there yet is told in English.
    CHECK(said("something new {}", {Said::value("x")}).in("ar") == "something new x");
    // Between words that run the other way each value keeps its own direction.
    const auto values = Said::list({Said::value("law/a.json"), say("none does")}, "; ");
    CHECK(values.in("ar").starts_with("\u2068law/a.json\u2069؛ "));
    CHECK(values.in("fr").starts_with("law/a.json ; "));
}

TEST_CASE("what has titles of its own is told by them, and kept by its code") {
    const auto treaty = Said::titled("a-b-2011", {"Treaty of A", "Traité de A", "معاهدة أ"});
    const auto sentence = say("{} ({})", treaty, "x");
    CHECK(treaty.text() == "a-b-2011");
    CHECK(treaty.in("en") == "Treaty of A");
    CHECK(treaty.in("fr") == "Traité de A");
    CHECK(treaty.in("ar") == "معاهدة أ");
    CHECK(Said::titled("a-b-2011", {"Treaty of A", "", ""}).in("fr") == "Treaty of A");
    CHECK(Said::titled("a-b-2011", {"", "", ""}).in("ar") == "a-b-2011");
    const auto kept = said_from(said_value(sentence));
    REQUIRE(kept);
    for (const auto language : text_languages)
        CHECK(kept->in(language) == sentence.in(language));
    CHECK(kept->text() == sentence.text());
    // A title that is missing is foreign in an Arabic sentence, and keeps its direction there.
    const auto listed = [](const Said& one) {
        return Said::list({one}, ", ").in("ar");
    };
    CHECK(listed(treaty) == "معاهدة أ");
    CHECK(listed(Said::titled("a-b-2011", {"Treaty of A", "", ""})) != "Treaty of A");
}

TEST_CASE("what another node calls a treaty is told by its code") {
    const auto sent = said_value(Said::titled("a-b-2011", {"Anything", "at", "all"}));
    const auto told = said_from_peer(sent);
    REQUIRE(told);
    CHECK(told->in("en") == "a-b-2011");
    for (const std::string broken :
         {R"({"code":"a","titles":["one","two"]})", R"({"code":"a","titles":[1,2,3]})",
          R"({"code":"a","titles":"x"})"})
        CHECK_FALSE(said_from(json::parse(broken, 1000).value()));
}
