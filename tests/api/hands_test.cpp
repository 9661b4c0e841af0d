// Whose hands cases are in, as pages ask for it: handed over and stood in for by signed statements,
// shown on the worklist, on the case and in the books.
#include "node/enrol.hpp"
#include "node/hands.hpp"
#include "support/api_world.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>

using namespace comity;
using namespace comity::test;
using std::chrono::days;

namespace {

constexpr auto authority = "arcadia-authority";

std::string case_number(int number) {
    return fmt::format("case{:08}aaaaaaaaaaaaaa", number);
}

json::Array case_numbers(int from, int count) {
    json::Array out;
    for (int i = 0; i < count; ++i)
        out.emplace_back(case_number(from + i));
    return out;
}

/// A node with cases that wait for their judge, a head who leads, and two officers.
struct Handing : ApiWorld {
    explicit Handing(int cases = 6) {
        for (int i = 0; i < cases; ++i) {
            node::WorkRow row;
            row.case_id = CaseId(case_number(i));
            row.direction = "outgoing";
            row.partner = ParticipantId("borealia-authority");
            row.procedure = "mla";
            row.category = "access";
            row.state = "open";
            row.holder = node().self();
            row.act = "authorise";
            row.side = "requesting";
            row.role = "judge";
            row.due = node().now() + std::chrono::hours{i};
            row.opened = row.updated = node().now();
            node().store().write([&](node::StoreWriter& writer) {
                writer.put_case({row.case_id, row.procedure, "{}", 2, std::nullopt, row.updated});
                writer.put_work(row);
            });
        }
        head = signed_in("first-founder");
        ada = signed_in("issuing-officer");
        bram = signed_in("second-issuing-officer");
    }

    std::string head;
    std::string ada;
    std::string bram;

    http::Response sign_prepared(
        const std::string& name, const std::string& cookie, const http::Response& prepared) {
        if (prepared.status != 200) return prepared;
        const auto ready = object_of(prepared);
        return post(
            "/hands",
            json::Object{
                {"statement", ready.at("statement")},
                {"assertion", assertion(
                                  practice.world.person(authority, name),
                                  std::string(ready.at("passkey").at("challenge").as_string()))}},
            cookie);
    }

    http::Response sign(
        const std::string& name, const std::string& cookie, const json::Object& wish) {
        return sign_prepared(name, cookie, post("/hands/prepare", wish, cookie));
    }

    http::Response give(const std::string& to, json::Array cases) {
        return sign(
            "first-founder", head,
            {{"deed", "hand-over"}, {"to", to}, {"cases", std::move(cases)}});
    }

    json::Object away(json::Array cases = {}) {
        return {
            {"deed", "stand-in"},
            {"absent", "issuing-officer"},
            {"person", "second-issuing-officer"},
            {"from", to_text(node().now())},
            {"until", to_text(node().now() + days{5})},
            {"cases", std::move(cases)}};
    }

    std::int64_t total(const std::string& query, const std::string& cookie) {
        const auto response = get("/worklist?" + query, cookie);
        REQUIRE_MESSAGE(response.status == 200, response.body);
        return object_of(response).at("total").as_int64();
    }
};

} // namespace

TEST_CASE(
    "K10_ a clerk's cases go to a colleague with one statement, and the books and each case show it") {
    Handing world(31);
    REQUIRE(world.give("issuing-officer", case_numbers(0, 30)).status == 200);
    world.practice.clock.pass(std::chrono::minutes{1});
    const auto done = world.sign(
        "first-founder", world.head,
        {{"deed", "hand-over"}, {"to", "second-issuing-officer"}, {"all_of", "issuing-officer"}});
    REQUIRE_MESSAGE(done.status == 200, done.body);
    CHECK(world.total("hands=issuing-officer", world.head) == 0);
    CHECK(world.total("hands=second-issuing-officer", world.head) == 30);
    CHECK(world.total("hands=mine", world.bram) == 30);
    CHECK(world.total("hands=mine", world.ada) == 0);
    CHECK(world.total("hands=nobody", world.head) == 1);
    CHECK(world.total("hands=mine&due=late", world.bram) == 1);
    CHECK(world.total("", world.ada) == 31); // the list is as it was for who does not ask
    const auto books = object_of(world.get("/hands/statements?limit=1", world.head));
    REQUIRE(books.at("items").as_array().size() == 1);
    const auto line = books.at("items").as_array()[0].as_object();
    CHECK(line.at("verified") == true);
    const auto& what = line.at("what").as_object();
    CHECK(what.at("by").at("person") == "first-founder");
    CHECK(what.at("to").at("person") == "second-issuing-officer");
    CHECK(what.at("moves").as_array()[0].at("from").at("person") == "issuing-officer");
    CHECK(what.at("moves").as_array()[0].at("cases").as_array().size() == 30);
    const auto rest = object_of(world.get(
        "/hands/statements?after=" + std::string(books.at("next").as_string()), world.head));
    CHECK(rest.at("items").as_array().size() == 1);
    CHECK_FALSE(rest.contains("next"));
    // Again it is no change.
    const auto again = world.post(
        "/hands",
        json::Object{{"statement", line.at("statement")}, {"assertion", line.at("assertion")}},
        world.head);
    CHECK(again.status == 200);
    CHECK(object_of(world.get("/hands/statements", world.head)).at("items").as_array().size() == 2);
    // What is to be verified elsewhere is there, and in our terms verifies.
    const auto bytes = from_base64url(std::string(line.at("statement").as_string()));
    CHECK(text(node::statement_hash(*bytes)) == line.at("hash").as_string());
}

TEST_CASE(
    "O11_ S06_ who stands in finds two delegated cases in their list, marked for whom and until when") {
    Handing world;
    REQUIRE(world.give("issuing-officer", case_numbers(0, 5)).status == 200);
    auto wish = world.away(case_numbers(2, 2));
    const auto done = world.sign("issuing-officer", world.ada, wish);
    REQUIRE_MESSAGE(done.status == 200, done.body);
    CHECK(world.total("hands=mine", world.ada) == 5);
    const auto mine =
        object_of(world.get("/worklist?hands=mine", world.bram)).at("items").as_array();
    REQUIRE(mine.size() == 2);
    for (const auto& item : mine) {
        const auto& hands = item.at("hands").as_object();
        CHECK(hands.at("person") == "issuing-officer");
        CHECK(hands.at("mine") == true);
        CHECK(hands.at("stand_in").at("person") == "second-issuing-officer");
        CHECK(hands.at("until") == wish.at("until"));
    }
    // A third who looks sees who has them, and who stands in.
    const auto third = object_of(world.get("/worklist?hands=issuing-officer", world.head));
    REQUIRE(third.at("items").as_array().size() == 5);
    for (const auto& item : third.at("items").as_array())
        CHECK(item.at("hands").at("mine") == false);
    // Narrowed and searched as any other list.
    CHECK(world.total("hands=mine&q=" + case_number(2), world.bram) == 1);
    CHECK(world.total("hands=mine&q=" + case_number(0), world.bram) == 0);
    CHECK(world.total("hands=mine&mine=true", world.bram) == 0); // his role owes nothing there
    const auto open = object_of(world.get("/hands", world.ada)).at("stand_ins").as_array();
    REQUIRE(open.size() == 1);
    CHECK(open[0].at("cases").as_array().size() == 2);
    world.practice.clock.pass(days{5});
    const auto later = world.signed_in("second-issuing-officer");
    CHECK(world.total("hands=mine", later) == 0);
    CHECK(object_of(world.get("/hands", later)).at("stand_ins").as_array().empty());
}

TEST_CASE(
    "S06_ what who stands in does is shown as theirs for the other, in this house's timeline alone") {
    Handing world(1);
    world.practice.play_until("request");
    const auto id = world.practice.case_id.str();
    const auto case_path = "/cases/" + id;
    CHECK_FALSE(object_of(world.get(case_path + "/hands", world.ada)).contains("hands"));
    REQUIRE(world.give("judge", {json::Value(id)}).status == 200);
    const auto judge = world.signed_in("judge");
    REQUIRE(
        world
            .sign(
                "judge", judge,
                {{"deed", "stand-in"},
                 {"absent", "judge"},
                 {"person", "second-judge"},
                 {"from", to_text(world.node().now())},
                 {"until", to_text(world.node().now() + days{5})}})
            .status == 200);
    auto fields = Practice::fields("authorise");
    fields["request"] = world.practice.request_hash;
    REQUIRE(world.practice.act(authority, "second-judge", "authorise", fields));
    const auto items = object_of(world.get(case_path + "/timeline", judge)).at("items").as_array();
    REQUIRE(items.size() == 2);
    CHECK_FALSE(items[0].as_object().contains("stood_in_for")); // the drafter, before
    CHECK(items[1].at("person") == "second-judge");
    CHECK(items[1].at("stood_in_for").at("person") == "judge");
    const auto hands = object_of(world.get(case_path + "/hands", judge));
    CHECK(hands.at("hands").at("person") == "judge");
    CHECK(hands.at("stand_ins").as_array().size() == 1);
    REQUIRE(hands.at("history").as_array().size() == 1);
    const auto change = hands.at("history").as_array()[0].as_object();
    CHECK(change.at("by").at("person") == "first-founder");
    CHECK(change.at("to").at("person") == "judge");
    CHECK_FALSE(change.contains("from"));
    CHECK(change.at("verified") == true);
    // Nothing of it is in the act: the act names who signed it and no other.
    world.node().store().read([&](node::StoreReader& reader) {
        const auto row = reader.act_at(world.practice.case_id, 2);
        REQUIRE(row);
        const auto sealed = act::parse_sealed(row->seal);
        REQUIRE(sealed);
        CHECK(sealed->header.person == PersonId("second-judge"));
    });
}

TEST_CASE(
    "T04_ what somebody may not decide is refused before and after the passkey, and changes nothing") {
    Handing world;
    REQUIRE(world.give("issuing-officer", case_numbers(0, 2)).status == 200);
    const auto code = [&](const http::Response& response) {
        return code_of(response);
    };
    const auto wish = [](const std::string& to, json::Array cases) {
        return json::Object{{"deed", "hand-over"}, {"to", to}, {"cases", std::move(cases)}};
    };
    CHECK(
        code(world.post(
            "/hands/prepare", wish("second-issuing-officer", case_numbers(0, 1)), world.bram)) ==
        "not_allowed");
    CHECK(code(world.give("second-founder", case_numbers(2, 1))) == "hands_role");
    CHECK(code(world.give("issuing-officer", case_numbers(90, 1))) == "case_unknown");
    // Prepared by one, it is not signed by another, nor with another's passkey.
    const auto prepared = world.post(
        "/hands/prepare", wish("second-issuing-officer", case_numbers(0, 2)), world.head);
    REQUIRE(prepared.status == 200);
    CHECK(code(world.sign_prepared("issuing-officer", world.ada, prepared)) == "not_allowed");
    CHECK(
        code(world.sign_prepared("second-founder", world.head, prepared)) == "approval_roll_entry");
    auto other = object_of(prepared);
    other["statement"] = to_base64url("{\"comity\":\"hands/1\"}");
    CHECK(
        code(world.post(
            "/hands",
            json::Object{
                {"statement", other.at("statement")},
                {"assertion", world.assertion(
                                  world.practice.world.person(authority, "first-founder"),
                                  std::string(other.at("passkey").at("challenge").as_string()))}},
            world.head)) == "json_malformed");
    CHECK(world.total("hands=issuing-officer", world.head) == 2);
    // The passkey for signing in signs nothing.
    const auto& key = world.sign_in_key("first-founder");
    const auto ready = object_of(prepared);
    CHECK(
        code(world.post(
            "/hands",
            json::Object{
                {"statement", ready.at("statement")},
                {"assertion",
                 world.assertion(
                     key, std::string(ready.at("passkey").at("challenge").as_string()))}},
            world.head)) == "approval_purpose");
    CHECK(world.sign_prepared("first-founder", world.head, prepared).status == 200);
    // An own absence is everybody's own matter, and its end too.
    const auto mine = world.sign("second-issuing-officer", world.bram, world.away());
    CHECK(code(mine) == "not_allowed");
    const auto done = object_of(world.sign("issuing-officer", world.ada, world.away()));
    const json::Object end{{"deed", "stand-in-end"}, {"statement", done.at("hash")}};
    CHECK(code(world.sign("second-issuing-officer", world.bram, end)) == "not_allowed");
    CHECK(world.sign("issuing-officer", world.ada, end).status == 200);
    CHECK(code(world.sign("issuing-officer", world.ada, end)) == "not_found");
}

TEST_CASE("what is no wish, no filter and no place of a page about hands is refused") {
    Handing world;
    const auto refused = [&](const json::Object& wish) {
        return code_of(world.post("/hands/prepare", wish, world.head));
    };
    CHECK(refused({{"deed", "steal"}}) == "json_malformed");
    CHECK(refused({{"deed", "hand-over"}, {"to", "judge"}}) == "json_malformed");
    CHECK(
        refused(
            {{"deed", "hand-over"},
             {"to", "judge"},
             {"cases", case_numbers(0, 1)},
             {"all_of", "issuing-officer"}}) == "json_malformed");
    auto away = world.away();
    away["until"] = "tomorrow";
    CHECK(refused(away) == "json_malformed");
    away.erase("until");
    CHECK(refused(away) == "json_malformed");
    CHECK(refused({{"deed", "stand-in-end"}}) == "json_malformed");
    CHECK(refused({{"deed", "hand-over"}, {"odd", "judge"}}) == "json_malformed");
    for (const auto& query : {"hands=A%20B", "hands=MINE", "hands=-"}) {
        CAPTURE(query);
        CHECK(
            code_of(world.get(std::string("/worklist?") + query, world.head)) == "json_malformed");
    }
    CHECK(world.total("hands=unknown-person", world.head) == 0);
    for (const auto& after : {"x", "x.y", "2026-01-01T00:00:00Z.x"}) {
        CAPTURE(after);
        CHECK(
            code_of(world.get(std::string("/hands/statements?after=") + after, world.head)) ==
            "json_malformed");
    }
}

TEST_CASE("when somebody leaves, their cases are in nobody's hands, and the overview counts them") {
    Handing world;
    const auto figure = [&](std::string_view id) -> std::int64_t {
        const auto staff = world.signed_in("central-authority-officer");
        const auto overview = object_of(world.get("/overview", staff));
        for (const auto& one : overview.at("figures").as_array())
            if (one.at("id").as_string() == id) return one.at("value").as_int64();
        return -1;
    };
    CHECK(figure("nobodys") == -1); // a house that does not use hands is not told of them
    REQUIRE(world.give("issuing-officer", case_numbers(0, 4)).status == 200);
    REQUIRE(world.give("judge", case_numbers(4, 1)).status == 200);
    CHECK(figure("nobodys") == 1);
    const auto entry = world.practice.world.person(authority, "issuing-officer").hash;
    REQUIRE(world.post("/people/" + text(entry) + "/end", nullptr, world.head).status == 204);
    CHECK(figure("nobodys") == 5);
    CHECK(world.total("hands=nobody", world.head) == 5);
    const auto hands = object_of(world.get("/hands", world.head));
    CHECK(hands.at("nobody") == 5);
    REQUIRE(hands.at("caseloads").as_array().size() == 1);
    CHECK(hands.at("caseloads").as_array()[0].at("person") == "judge");
    CHECK(hands.at("caseloads").as_array()[0].at("cases") == 1);
    const auto people = object_of(world.get("/hands/people", world.head));
    CHECK(people.at("items").as_array().size() > 3);
    for (const auto& one : people.at("items").as_array()) {
        CHECK(one.at("person") != "issuing-officer");
        CHECK(one.at("person") != "first-founder"); // leads, and works on no case
        CHECK_FALSE(one.at("roles").as_array().empty());
    }
    CHECK(code_of(world.give("issuing-officer", case_numbers(0, 1))) == "hands_role");
}
