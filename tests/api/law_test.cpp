// The law without a case, for anybody: the answers are those of the library that the gate asks.
#include "law/gaps.hpp"
#include "law/links.hpp"
#include "support/api_world.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace comity;
using namespace comity::test;

namespace {

std::string text_in(const json::Object& object, std::string_view name) {
    return std::string(object.at(name).as_string());
}

std::vector<std::pair<std::string, std::string>> walk(
    ApiWorld& world, const std::string& query, std::int64_t& total) {
    std::vector<std::pair<std::string, std::string>> out;
    std::string after;
    for (int page = 0; page < 200; ++page) {
        const auto answer = object_of(world.get("/law/gaps?limit=200" + query + after));
        total = answer.at("total").to_number<std::int64_t>();
        for (const auto& item : answer.at("items").as_array())
            out.emplace_back(text_in(item.as_object(), "a"), text_in(item.as_object(), "b"));
        if (!answer.contains("next")) return out;
        after = "&after=" + text_in(answer, "next");
    }
    FAIL("the pages have no end");
    return out;
}

} // namespace

TEST_CASE("R5_ every country says with whom it is bound and with whom not, and the map agrees") {
    ApiWorld world;
    const auto first = world.get("/law/countries");
    const auto answer = object_of(first);
    const auto& library = world.node().law().library();
    CHECK(text_in(answer, "law_pack") == library.pack_digest());
    REQUIRE(answer.at("items").as_array().size() == library.countries().size());
    const auto day = std::chrono::floor<std::chrono::days>(world.practice.clock.now());
    for (const auto& value : answer.at("items").as_array()) {
        const auto& item = value.as_object();
        const auto code = text_in(item, "code");
        CAPTURE(code);
        const auto bound = item.at("instruments").to_number<std::int64_t>();
        const auto open = item.at("gaps").to_number<std::int64_t>();
        if (!library.country(code)->invented) CHECK(bound + open == 197);
        CHECK(
            item.at("participates").as_bool() ==
            ((*world.node().directory())->authority_of(code) != nullptr));
        if (code == "XA") CHECK(item.at("participates").as_bool());
        if (code == "FR") CHECK_FALSE(item.at("participates").as_bool());
        CHECK(item.at("profile").as_bool() == (library.profile(code) != nullptr));
        CHECK(static_cast<std::int64_t>(law::links(library, code, day).size()) == bound);
    }
    // Cached: the tag is over the answer.
    const auto tag = first.headers.find("ETag");
    REQUIRE(tag.has_value());
    ApiWorld::Ask again{"GET", "/law/countries", nullptr, "", "", {}};
    again.headers["If-None-Match"] = std::string(*tag);
    CHECK(world.call(again).status == 304);
    again.headers["If-None-Match"] = "\"other\"";
    CHECK(world.call(again).status == 200);
}

TEST_CASE("R5_ the links of a country are exactly the pairs that are no gap") {
    ApiWorld world;
    const auto& library = world.node().law().library();
    const auto day = std::chrono::floor<std::chrono::days>(world.practice.clock.now());
    for (const std::string code : {"FR", "US", "BR", "VA", "KP"}) {
        CAPTURE(code);
        std::set<std::string> others;
        const auto links = object_of(world.get("/law/links/" + code));
        for (const auto& item : links.at("with").as_array()) {
            CHECK_FALSE(item.at("instruments").as_array().empty());
            others.insert(text_in(item.as_object(), "country"));
        }
        for (const auto& gap : law::gaps(library, day, code).list) {
            const auto& other = gap.a->code == code ? gap.b->code : gap.a->code;
            CHECK_FALSE(others.contains(other));
            others.insert(other);
        }
        CHECK(others.size() == 197);
    }
    const auto arcadia = object_of(world.get("/law/links/XA")).at("with").as_array();
    CHECK(std::any_of(arcadia.begin(), arcadia.end(), [](const auto& item) {
        return item.at("country") == "XB";
    }));
    CHECK(world.get("/law/links/QQ").status == 404);
    CHECK(world.get("/law/links/fr").status == 404);
}

TEST_CASE("R5_ all gaps come page by page, each once, in the order that was asked for") {
    ApiWorld world;
    const auto day = std::chrono::floor<std::chrono::days>(world.practice.clock.now());
    auto all = law::gaps(world.node().law().library(), day);
    std::int64_t total = 0;
    const auto by_name = walk(world, "&order=name", total);
    CHECK(by_name.size() == all.list.size());
    CHECK(total == static_cast<std::int64_t>(all.list.size()));
    CHECK(std::is_sorted(by_name.begin(), by_name.end()));
    CHECK(std::set(by_name.begin(), by_name.end()).size() == by_name.size());
    law::by_demand(all);
    const auto first =
        object_of(world.get("/law/gaps?order=demand&limit=3")).at("items").as_array();
    REQUIRE(first.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(text_in(first[i].as_object(), "a") == all.list[i].a->code);
        CHECK(first[i].at("demand").to_number<std::int64_t>() > 0);
        CHECK_FALSE(text_in(first[i].as_object(), "period").empty());
        CHECK(text_in(first[i].as_object(), "nearest").find("Comity") != std::string::npos);
    }
    for (const auto& [a, b] : walk(world, "&country=KP", total))
        CHECK((a == "KP" || b == "KP"));
    CHECK(world.get("/law/gaps?order=size").status >= 400);
    CHECK(world.get("/law/gaps?country=QQ").status == 404);
    CHECK(world.get("/law/gaps?after=nonsense").status >= 400);
    CHECK(world.get("/law/gaps?limit=201").status >= 400);
}

TEST_CASE("M3_ how data is treated between two countries: from the library, each with its source") {
    ApiWorld world;
    const auto& library = world.node().law().library();
    const auto day = std::chrono::floor<std::chrono::days>(world.practice.clock.now());
    const std::vector<std::string> codes{"FR", "US", "BR", "KP", "XA", "XB", "GB"};
    for (const auto& a : codes)
        for (const auto& b : codes) {
            if (a == b) continue;
            CAPTURE(a);
            CAPTURE(b);
            const auto answer = object_of(world.get(
                "/law/between?requesting=" + a + "&requested=" + b + "&category=content"));
            law::Question question;
            question.category = law::Category::content;
            const auto between = library.between(a, b, day, question);
            std::set<std::string> ids;
            for (const auto& item : answer.at("instruments").as_array())
                ids.insert(text_in(item.as_object(), "id"));
            for (const auto& bond : between.bonds)
                CHECK(ids.contains(bond.instrument->id));
            CHECK(answer.contains("without") == between.bonds.empty());
            for (const std::string_view list :
                 {"who_asks", "who_approves", "seriousness", "dual_criminality", "refusal",
                  "languages", "clocks", "notice", "kept", "remedy"})
                for (const auto& item : answer.at(list).as_array()) {
                    CHECK_FALSE(text_in(item.as_object(), "text").empty());
                    CHECK_FALSE(text_in(item.as_object(), "source").empty());
                }
            // The floor is always there: an independent decision, notice, an end.
            for (const std::string_view list : {"who_approves", "seriousness", "notice", "kept"})
                CHECK_FALSE(answer.at(list).as_array().empty());
        }
    const std::string path = "/law/between?requesting=XA&requested=XB";
    const auto english = object_of(world.get(path));
    CHECK(english.at("category") == "subscriber");
    ApiWorld::Ask french{"GET", path, nullptr, "", "", {{"Accept-Language", "fr"}}};
    const auto told = object_of(world.call(french));
    CHECK(told.at("notice") != english.at("notice"));
    CHECK(told.at("instruments").as_array().size() == english.at("instruments").as_array().size());
}

TEST_CASE("M3_ who may do what by when is told in the reader's own words, without ids") {
    ApiWorld world;
    const ApiWorld::Ask ask{"GET",   "/law/between?requesting=XA&requested=XB&category=content",
                            nullptr, "",
                            "",      {{"Accept-Language", "ar"}}};
    const auto answer = object_of(world.call(ask));
    const auto clocks = json::print(answer.at("clocks"));
    CHECK(clocks.find("authorise") == std::string::npos);
    CHECK(clocks.find("mla:") == std::string::npos);
    CHECK(json::print(answer).find("\"english\"") == std::string::npos);
}

TEST_CASE("M3_ names of the law come in English, French and Arabic, whatever has one") {
    ApiWorld world;
    const auto whole = [](const json::Value& value) {
        const auto& title = value.as_object();
        CAPTURE(title.at("en"));
        for (const std::string_view language : {"en", "fr", "ar"})
            CHECK_FALSE(text_in(title, language).empty());
    };
    const auto countries = object_of(world.get("/law/countries"));
    for (const auto& item : countries.at("items").as_array())
        whole(item.as_object().at("name"));
    const auto vocabulary = object_of(world.get("/law/vocabulary"));
    for (const std::string_view list :
         {"offences", "categories", "instruments", "procedures", "data_items"}) {
        CHECK_FALSE(vocabulary.at(list).as_array().empty());
        for (const auto& item : vocabulary.at(list).as_array())
            whole(item.as_object().at("title"));
    }
    // A treaty between two countries says which: its title does not.
    std::size_t treaties = 0;
    for (const auto& item : vocabulary.at("instruments").as_array())
        if (const auto* between = item.as_object().if_contains("between")) {
            CHECK(between->as_array().size() == 2);
            ++treaties;
        }
    CHECK(treaties == 269);
    const auto in = [&](const std::string& path, const std::string& language) {
        const auto response =
            world.call({"GET", path, nullptr, "", "", {{"Accept-Language", language}}});
        CHECK(response.headers.find("Vary") == "Accept-Language");
        return object_of(response);
    };
    const auto between = in("/law/between?requesting=XA&requested=XB", "ar");
    for (const auto& item : between.at("instruments").as_array())
        whole(item.as_object().at("title"));
    const auto asks = text_in(between.at("who_asks").as_array().front().as_object(), "text");
    CHECK(asks.find("أركاديا") != std::string::npos);
    CHECK(asks.find("وزارة العدل") != std::string::npos);
    CHECK(asks.find("Ministry") == std::string::npos);
    const auto gaps = in("/law/gaps?country=TN&limit=5", "ar");
    for (const auto& item : gaps.at("items").as_array()) {
        const auto nearest = text_in(item.as_object(), "nearest");
        CHECK(nearest.find_first_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos);
        CHECK_FALSE(nearest.empty());
    }
    const auto door = [&](const std::string& language) {
        return text_in(
            in("/law/doors?country=TN", language).at("items").as_array().front().as_object(),
            "authority");
    };
    CHECK(door("en") == "Ministry of Justice");
    CHECK(door("fr") == "Ministère de la Justice");
    CHECK(door("ar") == "وزارة العدل");
    CHECK(door("de") == "Ministry of Justice");
}

TEST_CASE("M3_ a question about no country, one country or no category is refused") {
    ApiWorld world;
    const auto status = [&](const std::string& query) {
        return world.get("/law/between" + query).status;
    };
    CHECK(status("?requesting=FR&requested=US") == 200);
    CHECK(status("?requesting=FR&requested=US&date=2001-01-01") == 200);
    CHECK(status("?requesting=FR&requested=FR") == 400);
    CHECK(status("?requesting=FR") == 404);
    CHECK(status("?requesting=FR&requested=France") == 404);
    CHECK(status("?requesting=FR&requested=US&category=everything") == 400);
    CHECK(status("?requesting=FR&requested=US&offence=nothing") == 404);
    CHECK(status("?requesting=FR&requested=US&date=yesterday") == 400);
}
