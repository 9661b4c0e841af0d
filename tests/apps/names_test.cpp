// What a node and its offices are called in each language: from the plan of `comity init` through
// the directory's document.
#include "apps/now.hpp"
#include "apps/setup.hpp"
#include "crypto/webauthn.hpp"
#include "support/outcome.hpp"
#include "support/store_temporary.hpp"

#include <doctest/doctest.h>

#include <filesystem>

using namespace comity;
using namespace comity::test;
namespace fs = std::filesystem;

namespace {

json::Object plan_with(const json::Object& names, const json::Object& office_names) {
    json::Array founders;
    for (const std::string person : {"ann", "ben"}) {
        const auto passkey =
            crypto::SoftwareAuthenticator::create("sign.xa.localhost", "https://sign.xa.localhost")
                .passkey();
        founders.emplace_back(json::Object{
            {"person", person},
            {"office", "court"},
            {"roles", json::Array{"administrator"}},
            {"passkey", json::Object{
                            {"id", to_base64url(passkey.credential_id)},
                            {"point", to_base64url(passkey.key.point())},
                            {"rp_id", passkey.rp_id},
                            {"origin", passkey.origin}}}});
    }
    json::Object office{{"id", "court"}, {"roles", json::Array{"judge"}}};
    for (const auto& name : office_names)
        office[name.key()] = name.value();
    json::Object out{
        {"participant", "xa-authority"},
        {"federation", "practice"},
        {"kind", "authority"},
        {"country", "XA"},
        {"host", "xa.localhost"},
        {"port", 8443},
        {"law", COMITY_SOURCE_DIR "/law"},
        {"pages", ""},
        {"offices", json::Array{std::move(office)}},
        {"founders", std::move(founders)}};
    for (const auto& name : names)
        out[name.key()] = name.value();
    return out;
}

using Names = std::map<std::string, std::string>;

struct Row {
    json::Object names;
    json::Object office;
    Names called;
    Names office_called;
};

} // namespace

TEST_CASE(
    "a node and its offices have the names of the plan, and English stands for what is not given") {
    const Row rows[] = {
        {{{"name_en", "Arcadia"}, {"name_fr", "Arcadie"}, {"name_ar", "أركاديا"}},
         {{"name", "Court"}, {"name_fr", "Tribunal"}, {"name_ar", "محكمة"}},
         {{"en", "Arcadia"}, {"fr", "Arcadie"}, {"ar", "أركاديا"}},
         {{"en", "Court"}, {"fr", "Tribunal"}, {"ar", "محكمة"}}},
        // As plans were before there was a third language, or a second.
        {{{"name_en", "Arcadia"}, {"name_fr", "Arcadie"}},
         {{"name", "Court"}},
         {{"en", "Arcadia"}, {"fr", "Arcadie"}},
         {{"en", "Court"}}},
        {{{"name_en", "Arcadia"}}, {{"name", "Court"}}, {{"en", "Arcadia"}}, {{"en", "Court"}}}};
    for (const auto& row : rows) {
        const TemporaryDirectory place;
        const auto plan = apps::parse_plan(json::print(plan_with(row.names, row.office)));
        REQUIRE_MESSAGE(plan.has_value(), plan.error().text());
        const auto made =
            apps::create_node(fs::path(place.path()) / "node", *plan, apps::system_now());
        REQUIRE_MESSAGE(made.has_value(), made.error().text());
        CHECK(made->names == row.called);
        REQUIRE(made->offices.size() == 1);
        CHECK(made->offices.front().names == row.office_called);
        // The directory's document says the same.
        const auto printed = directory::print_participant(*made);
        CHECK(printed.at("names").as_object().size() == row.called.size());
        CHECK(
            printed.at("offices").as_array().at(0).at("names").as_object().size() ==
            row.office_called.size());
    }
}

TEST_CASE("a plan without an English name, or with one that is no name, is refused") {
    const auto code = [](const json::Object& names, const json::Object& office) {
        const TemporaryDirectory place;
        const auto plan = apps::parse_plan(json::print(plan_with(names, office)));
        if (!plan) return std::string(plan.error().name());
        const auto made =
            apps::create_node(fs::path(place.path()) / "node", *plan, apps::system_now());
        return made ? std::string("made") : std::string(made.error().name());
    };
    const json::Object court{{"name", "Court"}};
    const json::Object arcadia{{"name_en", "Arcadia"}};
    CHECK(code(arcadia, court) == "made");
    CHECK(code({{"name_fr", "Arcadie"}}, court) == "json_malformed");
    CHECK(code({{"name_en", ""}, {"name_fr", "Arcadie"}}, court) == "setting_invalid");
    CHECK(code(arcadia, {{"name", ""}, {"name_ar", "محكمة"}}) == "setting_invalid");
    CHECK(code(arcadia, {{"name_ar", "محكمة"}}) == "json_malformed");
    CHECK(code({{"name_en", "Arcadia"}, {"name_ar", 7}}, court) == "json_malformed");
    CHECK(code({{"name_en", "Arcadia\nBorealis"}}, court) == "setting_invalid");
    const std::string most(200, 'x');
    CHECK(code({{"name_en", most}}, court) == "made");
    CHECK(code({{"name_en", most + "x"}}, court) == "setting_invalid");
    CHECK(code({{"name_en", "Arcadia"}, {"name_de", "Arkadien"}}, court) == "json_malformed");
}
