// Drafts: saved as typed, shared in an office, never overwritten unseen, and ended by their act.
#include "base/limits.hpp"
#include "support/api_world.hpp"
#include "support/memory_tables.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::test;

namespace {

json::Object wanted() {
    return {{"form", "request"}, {"procedure", "mla"}, {"opening", opening()}};
}

http::Response save(
    ApiWorld& world, const std::string& cookie, const std::string& id, const std::string& tag,
    json::Object fields) {
    std::map<std::string, std::string> headers;
    if (!tag.empty()) headers["If-Match"] = tag;
    return world.call(
        {"PUT", "/drafts/" + id,
         json::Object{{"opening", opening()}, {"fields", std::move(fields)}}, cookie,
         "https://arcadia-authority.example", headers});
}

http::Response remove(ApiWorld& world, const std::string& cookie, const std::string& id) {
    return world.call(
        {"DELETE", "/drafts/" + id, nullptr, cookie, "https://arcadia-authority.example", {}});
}

std::string tag_of(const http::Response& response) {
    return std::string(response.headers.find("ETag").value_or(""));
}

struct Begun {
    std::string id;
    std::string tag;
};

Begun begin(ApiWorld& world, const std::string& cookie) {
    const auto response = world.post("/drafts", wanted(), cookie);
    REQUIRE_MESSAGE(response.status == 201, response.body);
    return {std::string(object_of(response).at("id").as_string()), tag_of(response)};
}

} // namespace

TEST_CASE(
    "a draft begins with what the directory knows, is saved as typed, whole or not, and found again") {
    ApiWorld world;
    const auto cookie = world.signed_in("issuing-officer");
    const auto [id, tag] = begin(world, cookie);
    const auto begun = object_of(world.get("/drafts/" + id, cookie));
    CHECK(begun.at("fields").at("requested_country") == "XB");
    CHECK(begun.at("fields").at("recipient").at("office") == "arcadia-police");
    CHECK(begun.at("fields").at("issuing_authority").at("country") == "XA");
    auto saved = save(world, cookie, id, tag, {{"file_number", "AB-1"}, {"facts", "half a sen"}});
    REQUIRE_MESSAGE(saved.status == 200, saved.body);
    CHECK(tag_of(saved) != tag);
    const auto read = world.get("/drafts/" + id, cookie);
    CHECK(object_of(read).at("fields").at("facts") == "half a sen");
    CHECK(tag_of(read) == tag_of(saved));
    // Unchanged since: the page keeps what it has.
    CHECK(
        world.call({"GET", "/drafts/" + id, nullptr, cookie, "", {{"If-None-Match", tag_of(read)}}})
            .status == 304);
    const auto list = object_of(world.get("/drafts", cookie)).at("items").as_array();
    REQUIRE(list.size() == 1);
    CHECK(list[0].at("title") == "AB-1");
    CHECK(list[0].at("requested_name") == "borealia-authority");
    CHECK(list[0].at("open_findings").as_int64() > 0);
    // Who saved it last, as they are called here and not by a pseudonym.
    const PersonId writer(std::string(list[0].at("by").as_string()));
    world.node().store().write([&](node::StoreWriter& books) {
        for (const auto& entry : books.roll_of(writer)) {
            node::RollNote note;
            note.entry = entry.hash;
            note.name = "Ada Brandt";
            books.put_roll_note(note);
        }
    });
    const auto again = object_of(world.get("/drafts", cookie)).at("items").as_array();
    CHECK(again.at(0).at("by_name") == "Ada Brandt");
}

TEST_CASE("of two who save one draft the later hears so, and nothing of the sooner is lost") {
    ApiWorld world;
    const auto cookie = world.signed_in("issuing-officer");
    const auto [id, tag] = begin(world, cookie);
    const auto first = save(world, cookie, id, tag, {{"facts", "first"}});
    REQUIRE(first.status == 200);
    for (const auto& stale :
         std::vector<std::string>{tag, "", "*", "\"2", "W/\"2\"", std::string(5'000, 'x')}) {
        CAPTURE(stale.substr(0, 20));
        const auto second = save(world, cookie, id, stale, {{"facts", "second"}});
        CHECK(second.status == 412);
        CHECK(code_of(second) == "changed_meanwhile");
    }
    CHECK(object_of(world.get("/drafts/" + id, cookie)).at("fields").at("facts") == "first");
    CHECK(save(world, cookie, id, tag_of(first), {{"facts", "second"}}).status == 200);
}

TEST_CASE("T46_ the draft of another office is as unknown as one that is not there") {
    ApiWorld world;
    const auto officer = world.signed_in("issuing-officer");
    const auto judge = world.signed_in("judge");
    const auto [id, tag] = begin(world, officer);
    const auto same = [](const http::Response& there, const http::Response& never) {
        CHECK(there.status == 404);
        CHECK(there.status == never.status);
        CHECK(there.body == never.body);
    };
    const std::string never = "0000000000000-aaaaaaaaaaaaaaaaaaaaaaaaaa";
    same(world.get("/drafts/" + id, judge), world.get("/drafts/" + never, judge));
    same(
        world.get("/drafts/" + id + "/letter", judge),
        world.get("/drafts/" + never + "/letter", judge));
    same(save(world, judge, id, tag, {}), save(world, judge, never, tag, {}));
    same(remove(world, judge, id), remove(world, judge, never));
    CHECK(object_of(world.get("/drafts", judge)).at("items").as_array().empty());
    CHECK(world.get("/drafts/" + id, officer).status == 200);
    // In the reader's language, beside one that the other country accepts.
    const auto letter = [&](const std::string& query, const std::string& language) {
        return world.call(
            {"GET",
             "/drafts/" + id + "/letter" + query,
             nullptr,
             officer,
             "",
             {{"Accept-Language", language}}});
    };
    CHECK(letter("", "en").body == "%PDF of a draft of request, en+fr");
    CHECK(letter("", "fr").body == "%PDF of a draft of request, fr+en");
    CHECK(letter("", "ar").body == "%PDF of a draft of request, ar+en");
    CHECK(letter("?language=es&beside=ar", "en").body == "%PDF of a draft of request, es+ar");
    CHECK(code_of(letter("?language=..%2F", "en")) == "json_malformed");
    CHECK(code_of(letter("?beside=x", "en")) == "json_malformed");
    CHECK(remove(world, officer, id).status == 204);
    CHECK(remove(world, officer, id).status == 404);
}

TEST_CASE("what is no draft is not begun: form, procedure, who takes part") {
    ApiWorld world;
    const auto cookie = world.signed_in("issuing-officer");
    const auto code = [&](const std::function<void(json::Object&)>& change) {
        auto body = wanted();
        change(body);
        return code_of(world.post("/drafts", body, cookie));
    };
    const auto opens = [&](std::string_view name, json::Value value) {
        return code([&](json::Object& body) { body["opening"].as_object()[name] = value; });
    };
    CHECK(code([](auto& body) { body["form"] = "poem"; }) == "form_unknown");
    CHECK(code([](auto& body) { body["procedure"] = "shortcut"; }) == "procedure_unknown");
    CHECK(code([](auto& body) { body["more"] = 1; }) == "json_malformed");
    CHECK(code([](auto& body) { body["case"] = "aaaaaaaaaaaaaaaaaaaaaaaaaa"; }) == "not_found");
    CHECK(opens("requesting", "borealia-authority") == "form_invalid");
    CHECK(opens("requested", "vault-provider") == "form_invalid");
    CHECK(opens("provider", "borealia-authority") == "form_invalid");
    CHECK(opens("provider", "localhost") == "form_invalid");
    CHECK(opens("third", json::Array{"vault-provider"}) == "form_invalid");
    CHECK(opens("category", "everything") == "form_invalid");
    CHECK(opens("third", json::Array{"cascadia-authority"}) == "");

    // A provider that never has such data is not asked for it.
    world.practice.world.participant("vault-provider").capabilities = {
        {"categories", json::Array{"subscriber", "access"}}};
    world.practice.use_directory();
    CHECK(opens("category", "content") == "finding_not_met");
    CHECK(opens("category", "access") == "");
}

TEST_CASE("a draft is bounded in size, at the limit and above, and says so") {
    ApiWorld world;
    const auto cookie = world.signed_in("issuing-officer");
    const auto [id, tag] = begin(world, cookie);
    const auto refused =
        save(world, cookie, id, tag, {{"facts", std::string(limits::draft_bytes, 'a')}});
    CHECK(code_of(refused) == "too_large");
    const auto taken =
        save(world, cookie, id, tag, {{"facts", std::string(limits::draft_bytes - 2'000, 'a')}});
    CHECK(taken.status == 200);
}

TEST_CASE("drafts of an office are bounded in number, the newest come first, page by page") {
    ApiWorld world;
    const auto cookie = world.signed_in("issuing-officer");
    std::vector<std::string> ids;
    for (int i = 0; i < 5; ++i) {
        ids.insert(ids.begin(), begin(world, cookie).id);
        world.practice.clock.pass(Milliseconds{1});
    }
    std::vector<std::string> seen;
    std::string after;
    for (int pages = 0; pages < 4; ++pages) {
        const auto page = object_of(
            world.get("/drafts?limit=2" + (after.empty() ? "" : "&after=" + after), cookie));
        for (const auto& item : page.at("items").as_array())
            seen.emplace_back(item.at("id").as_string());
        const auto* next = page.if_contains("next");
        if (!next) break;
        after = next->as_string();
    }
    CHECK(seen == ids);
    world.node().store().write([&](node::StoreWriter& writer) {
        for (std::size_t i = ids.size(); i < limits::drafts_kept; ++i)
            writer.put_kept(
                {"draft", "arcadia-police", "z" + std::to_string(i), 1, Instant{}, "sealed"});
    });
    CHECK(code_of(world.post("/drafts", wanted(), cookie)) == "too_large");
    CHECK(remove(world, cookie, ids[0]).status == 204);
    CHECK(world.post("/drafts", wanted(), cookie).status == 201);
}

TEST_CASE("T22_ what is typed lies sealed in the store, and opens nowhere else") {
    ApiWorld world;
    const auto cookie = world.signed_in("issuing-officer");
    const auto one = begin(world, cookie);
    const auto two = begin(world, cookie);
    REQUIRE(save(world, cookie, one.id, one.tag, {{"facts", "CANARY-7"}}).status == 200);
    auto state = world.practice.members.at("arcadia-authority")->store.back_up();
    std::string all;
    for (const auto& [key, row] : *state.kept)
        all += row.name + row.sealed;
    CHECK(all.find("CANARY") == std::string::npos);
    // One draft's bytes under another's name are no draft.
    world.node().store().write([&](node::StoreWriter& writer) {
        auto row = *writer.find_kept("draft", "arcadia-police", one.id);
        row.name = two.id;
        writer.put_kept(row);
    });
    CHECK(world.get("/drafts/" + two.id, cookie).status == 404);
}

TEST_CASE("a draft ends when its act is performed, and not before or by another") {
    ApiWorld world;
    const auto cookie = world.signed_in("issuing-officer");
    const auto draft = begin(world, cookie);
    const auto other = begin(world, cookie);
    json::Object intent{
        {"act", "request"},
        {"office", "arcadia-police"},
        {"role", "issuing-officer"},
        {"procedure", "mla"},
        {"opening", opening()},
        {"fields", NodeFederation::fields("request")},
        {"draft", "0000000000000-aaaaaaaaaaaaaaaaaaaaaaaaaa"}};
    CHECK(code_of(world.post("/acts/prepare", intent, cookie)) == "draft_unknown");
    intent["draft"] = draft.id;
    const auto prepared = object_of(world.post("/acts/prepare", intent, cookie));
    CHECK(world.get("/drafts/" + draft.id, cookie).status == 200);
    const auto& signer = world.practice.world.person("arcadia-authority", "issuing-officer");
    const json::Object approval{
        {"act", prepared.at("act")},
        {"assertion", world.assertion(signer, std::string(prepared.at("challenge").as_string()))}};
    REQUIRE(world.post("/acts/perform", approval, cookie).status == 200);
    CHECK(world.get("/drafts/" + draft.id, cookie).status == 404);
    CHECK(world.get("/drafts/" + other.id, cookie).status == 200);
    CHECK(world.post("/acts/perform", approval, cookie).status == 200); // asked again: nothing more
}
