// The office's own pages: what stands, who can be reached, what was put off and until when, what
// became of the cases of a month.
#include "base/limits.hpp"
#include "node/check_rights.hpp"
#include "node/count_cases.hpp"
#include "node/deliver_outbox.hpp"
#include "node/drill.hpp"
#include "support/api_world.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::test;

namespace {

const std::string officer = "central-authority-officer";

double figure_of(const json::Object& overview, std::string_view id) {
    for (const auto& figure : overview.at("figures").as_array())
        if (figure.at("id") == json::Value(id)) return figure.at("value").to_number<double>();
    return -1;
}

json::Object partner(ApiWorld& world, const std::string& cookie, std::string_view id) {
    const auto answer = object_of(world.get("/partners", cookie));
    for (const auto& item : answer.at("items").as_array())
        if (item.at("id") == json::Value(id)) return item.as_object();
    FAIL("no such partner: ", std::string(id));
    return {};
}

std::map<std::string, std::string> steps_of(const json::Object& test) {
    std::map<std::string, std::string> out;
    for (const auto& step : test.at("steps").as_array())
        out[std::string(step.at("step").as_string())] = step.at("outcome").as_string();
    return out;
}

/// Something waits for a partner that cannot be reached.
void transmit_to_one_away(ApiWorld& world) {
    world.practice.play_until("authorise");
    world.practice.away.insert("borealia-authority");
    world.practice.play("transmit");
    world.practice.deliver();
}

} // namespace

TEST_CASE(
    "S02_ the overview counts what is open, due and late, its age, and what waits for others") {
    ApiWorld world;
    world.practice.play_until("transmit"); // delivered
    world.practice.away.insert("borealia-authority");
    const auto cookie = world.signed_in(officer);
    auto seen = object_of(world.get("/overview", cookie));
    CHECK(figure_of(seen, "open") == 0);
    CHECK(figure_of(seen, "late") == 0);
    CHECK(figure_of(seen, "waiting") == 0);
    CHECK(figure_of(seen, "failed") == 0);
    CHECK(figure_of(seen, "keys") == 0);
    // Three acts stand in the record and no beat has published them.
    CHECK(figure_of(seen, "record") >= 3);
    CHECK(seen.at("by_age").at("week") == 1);
    CHECK(seen.at("by_age").at("longer") == 0);
    CHECK(seen.at("stuck").as_array().empty());
    CHECK(seen.at("extraordinary").as_object().empty());
    world.practice.clock.pass(std::chrono::days{20});
    const auto later = world.signed_in(officer);
    seen = object_of(world.get("/overview", later));
    CHECK(figure_of(seen, "late") == 1);
    CHECK(seen.at("by_age").at("week") == 0);
    CHECK(seen.at("by_age").at("month") == 1);
    REQUIRE(seen.at("stuck").as_array().size() == 1);
    CHECK(seen.at("stuck").as_array()[0].at("stuck") == "no-act");
}

TEST_CASE("S02_ a case sent back is counted by its reasons, and a question unanswered is stuck") {
    ApiWorld world("borealia-authority");
    world.practice.play_until("acknowledge");
    REQUIRE(world.practice.act("borealia-authority", officer, "ask", NodeFederation::fields("ask"))
                .has_value());
    const auto cookie = world.signed_in(officer);
    auto seen = object_of(world.get("/overview", cookie));
    CHECK(seen.at("returned").as_object().size() >= 1);
    for (const auto& reason : seen.at("returned").as_object())
        CHECK(reason.value() == 1);
    CHECK(seen.at("stuck").as_array().empty());
    world.practice.clock.pass(std::chrono::days{11}); // the answer was due in ten
    seen = object_of(world.get("/overview", world.signed_in(officer)));
    REQUIRE(seen.at("stuck").as_array().size() == 1);
    CHECK(seen.at("stuck").as_array()[0].at("stuck") == "question");
}

TEST_CASE(
    "T26_ members are told when a country comes near its ceiling and when the mechanism pauses") {
    ApiWorld world;
    const auto cookie = world.signed_in(officer);
    const auto directory = *world.node().directory();
    const auto& rule = *directory->rules().extraordinary;
    const auto open = [&](const std::string& country, std::int64_t cases) {
        world.node().store().write([&](node::StoreWriter& writer) {
            act::Header header;
            header.sequence = 1;
            header.procedure = "extraordinary";
            header.opening.emplace();
            header.opening->requesting = ParticipantId(country);
            for (std::int64_t i = 0; i < cases; ++i)
                node::count_opening(writer, *directory, header, world.node().now());
        });
        return object_of(world.get("/overview", cookie)).at("extraordinary").as_object();
    };
    const std::int64_t near = rule.ceiling_cases * 4 / 5;
    auto seen = open("arcadia-authority", near - 1);
    CHECK(seen.at("used") == near - 1);
    CHECK(seen.at("ceiling") == rule.ceiling_cases);
    CHECK_FALSE(seen.contains("near"));
    seen = open("arcadia-authority", 1);
    CHECK(seen.at("near") == 1);
    CHECK_FALSE(seen.contains("paused"));
    // Another country's pause is told too.
    seen = open("borealia-authority", rule.ceiling_cases);
    CHECK(seen.at("near") == 1);
    CHECK(seen.at("paused") == 1);
    CHECK(seen.at("used") == near);
    seen = open("arcadia-authority", rule.ceiling_cases - near);
    CHECK(seen.at("paused") == 2);
    CHECK_FALSE(seen.contains("near"));
}

TEST_CASE("keys that end soon are counted for this participant and its partners") {
    ApiWorld world;
    world.practice.clock.set(practice_end() - std::chrono::days{30} - Milliseconds{1});
    const auto before =
        figure_of(object_of(world.get("/overview", world.signed_in(officer))), "keys");
    world.practice.clock.set(practice_end() - std::chrono::days{30});
    const auto at = figure_of(object_of(world.get("/overview", world.signed_in(officer))), "keys");
    CHECK(before == 0);
    CHECK(at > 10);
}

TEST_CASE("a partner that answers passes the test, and its last contact is shown") {
    ApiWorld world;
    const auto cookie = world.signed_in(officer);
    CHECK(partner(world, cookie, "borealia-authority").at("state") == "unknown");
    const auto test = object_of(world.post("/partners/borealia-authority/test", nullptr, cookie));
    CHECK(test.at("passed") == true);
    const auto steps = steps_of(test);
    for (const std::string step :
         {"name", "connect", "certificate", "directory", "law-pack", "clock", "receipt"})
        CHECK(steps.at(step) == "passed");
    const auto seen = partner(world, cookie, "borealia-authority");
    CHECK(seen.at("state") == "reachable");
    CHECK(seen.contains("last_contact"));
}

TEST_CASE("a partner that is away fails the test, and what waits for it is told") {
    ApiWorld world;
    transmit_to_one_away(world);
    const auto cookie = world.signed_in(officer);
    auto seen = partner(world, cookie, "borealia-authority");
    CHECK(seen.at("state") == "unreachable");
    CHECK(seen.at("waiting").as_int64() >= 1);
    CHECK(seen.at("cause") == "away");
    const auto test = object_of(world.post("/partners/borealia-authority/test", nullptr, cookie));
    CHECK(test.at("passed") == false);
    const auto steps = steps_of(test);
    CHECK(steps.at("name") == "passed");
    CHECK(steps.at("connect") == "failed");
    CHECK(steps.at("certificate") == "skipped");
    CHECK(steps.at("clock") == "skipped");
    CHECK(partner(world, cookie, "borealia-authority").contains("since"));

    // It is back and takes what waited: nobody has to test it to see that.
    world.practice.away.clear();
    world.practice.clock.pass(std::chrono::hours{1});
    const auto later = world.signed_in(officer);
    CHECK(partner(world, later, "borealia-authority").at("state") == "unreachable");
    const auto back = to_text(world.node().now());
    world.practice.deliver();
    seen = partner(world, later, "borealia-authority");
    CHECK(seen.at("state") == "reachable");
    CHECK(seen.at("waiting") == 0);
    CHECK(seen.at("last_contact").as_string() >= back);
    CHECK_FALSE(seen.contains("cause"));
    CHECK_FALSE(seen.contains("since"));
}

TEST_CASE("what waits for a partner goes at once when somebody says so") {
    ApiWorld world;
    transmit_to_one_away(world);
    world.practice.away.clear();
    const auto cookie = world.signed_in(officer);
    const auto rows = [&] {
        return object_of(world.get("/outbox", cookie)).at("items").as_array();
    };
    REQUIRE_FALSE(rows().empty());
    node::deliver_outbox(world.node()); // the next try is not due yet
    const auto waiting = rows();
    REQUIRE_FALSE(waiting.empty());
    for (const auto& row : waiting)
        CHECK(
            world
                .post(
                    "/outbox/" + std::to_string(row.at("id").as_int64()) + "/resend", nullptr,
                    cookie)
                .status == 204);
    node::deliver_outbox(world.node());
    CHECK(rows().empty());
    CHECK(world.post("/outbox/987654/resend", nullptr, cookie).status == 404);
}

TEST_CASE("T50_ only a participant of the directory is called, whatever the address says") {
    ApiWorld world;
    const auto cookie = world.signed_in(officer);
    const auto never = world.post("/partners/nobody/test", nullptr, cookie);
    CHECK(never.status == 404);
    for (const std::string name :
         {"localhost", "127.0.0.1:22", "169.254.169.254", "http:", "arcadia-authority", "..",
          "borealia-authority.example", "BOREALIA-AUTHORITY", "borealia-authority "}) {
        CAPTURE(name);
        const auto response = world.post("/partners/" + name + "/test", nullptr, cookie);
        CHECK(response.status == 404);
        CHECK(response.body == never.body);
    }
}

TEST_CASE("T46_ overview, partners, deferrals and statistics are not for who has no such role") {
    ApiWorld world;
    for (const std::string name : {"issuing-officer", "judge"}) {
        const auto cookie = world.signed_in(name);
        for (const std::string path : {"/overview", "/partners", "/deferrals", "/statistics"})
            CHECK(code_of(world.get(path, cookie)) == "not_found");
        CHECK(
            code_of(world.post("/partners/borealia-authority/test", nullptr, cookie)) ==
            "not_found");
    }
}

TEST_CASE("the provider sees which notices were put off, until when, for which account") {
    ApiWorld world("vault-provider");
    world.practice.play_until("order");
    const Instant ends = world.node().now() + std::chrono::days{30};
    world.node().store().write([&](node::StoreWriter& writer) {
        auto row = *writer.find_work(world.practice.case_id);
        row.seal_end = ends;
        writer.put_work(row);
    });
    const auto cookie = world.signed_in("response-officer");
    const auto items = object_of(world.get("/deferrals", cookie)).at("items").as_array();
    REQUIRE(items.size() == 1);
    CHECK(items[0].at("case") == json::Value(world.practice.case_id.str()));
    CHECK(items[0].at("ends") == json::Value(to_text(ends)));
    CHECK(items[0].at("account").as_string().find("@") != std::string_view::npos);
    CHECK(items[0].at("text_ready") == false);
    const auto until = [&](Instant day) {
        return object_of(world.get("/deferrals?until=" + to_text(day).substr(0, 10), cookie))
            .at("items")
            .as_array()
            .size();
    };
    CHECK(until(ends - std::chrono::days{1}) == 0);
    CHECK(until(ends) == 1);
    CHECK(until(ends + std::chrono::days{1}) == 1);
    CHECK(code_of(world.get("/deferrals?until=soon", cookie)) == "json_malformed");
    CHECK(code_of(world.get("/deferrals?after=x", cookie)) == "json_malformed");
}

TEST_CASE(
    "the statistics of a month say what was sent, refused, how long it took and whether in time") {
    ApiWorld world;
    world.practice.play_until("produce");
    const auto cookie = world.signed_in(officer);
    auto rows = object_of(world.get("/statistics", cookie)).at("rows").as_array();
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].at("month") == json::Value(node::month_of(world.node().now())));
    CHECK(rows[0].at("partner") == "borealia-authority");
    CHECK(rows[0].at("procedure") == "mla");
    CHECK(rows[0].at("category") == "access");
    CHECK(rows[0].at("sent") == 1);
    CHECK(rows[0].at("received") == 0);
    CHECK(rows[0].at("refused") == 0);
    CHECK(rows[0].at("median_days") == 1);
    CHECK(rows[0].at("on_time") == 100);
    CHECK(object_of(world.get("/statistics?to=2020-01", cookie)).at("rows").as_array().empty());
    for (const std::string query :
         {"from=x", "to=2026-13", "to=2026-1", "after=x", "after=2026-11/a/b"})
        CHECK(code_of(world.get("/statistics?" + query, cookie)) == "json_malformed");
    CHECK(code_of(world.get("/statistics?from=2000-01&to=2026-11", cookie)) == "too_large");
}

TEST_CASE("statistics come month by month, the newest first, and page without a gap") {
    ApiWorld world;
    world.node().store().write([&](node::StoreWriter& writer) {
        for (const std::string month : {"2026-09", "2026-10", "2026-11"})
            for (const std::string to : {"borealia-authority", "cascadia-authority"})
                for (const std::string category : {"access", "content"}) {
                    const auto line = "cases/" + month + "/" + to + "/mla/" + category + "/";
                    writer.count(line + "sent", 4);
                    writer.count(line + "refused", 1);
                    writer.count(line + "days-0002", 1);
                    writer.count(line + "days-0005", 1);
                    writer.count(line + "days-0030", 1);
                    writer.count(line + "in-time", 3);
                    writer.count(line + "late", 1);
                }
    });
    const auto cookie = world.signed_in(officer);
    const auto all = object_of(world.get("/statistics?to=2026-11", cookie)).at("rows").as_array();
    REQUIRE(all.size() == 12);
    CHECK(all[0].at("month") == "2026-11");
    CHECK(all[11].at("month") == "2026-09");
    CHECK(all[0].at("median_days") == 5);
    CHECK(all[0].at("on_time") == 75);
    for (const std::size_t limit : {1U, 2U, 3U, 5U, 11U, 12U}) {
        json::Array seen;
        std::string after;
        for (int pages = 0; pages < 13; ++pages) {
            const auto page = object_of(world.get(
                "/statistics?to=2026-11&limit=" + std::to_string(limit) +
                    (after.empty() ? "" : "&after=" + after),
                cookie));
            for (const auto& row : page.at("rows").as_array())
                seen.push_back(row);
            const auto* next = page.if_contains("next");
            if (!next) break;
            after = next->as_string();
        }
        CHECK(seen == all);
    }
}

TEST_CASE("the middle of days is that of the cases, for odd and even numbers of them") {
    CHECK_FALSE(node::median_days({}).has_value());
    CHECK(node::median_days({{3, 1}}) == 3);
    CHECK(node::median_days({{3, 1}, {5, 1}}) == 4);
    CHECK(node::median_days({{1, 2}, {9, 1}}) == 1);
    CHECK(node::median_days({{1, 1}, {9, 2}}) == 9);
    CHECK_FALSE(node::per_cent_in_time(0, 0).has_value());
    CHECK(node::per_cent_in_time(1, 3) == 25);
}

namespace {

json::Object told(
    ApiWorld& world, const std::string& path, const std::string& cookie,
    const std::string& language) {
    return object_of(
        world.call({"GET", path, nullptr, cookie, "", {{"Accept-Language", language}}, {}}));
}

} // namespace

TEST_CASE(
    "what another node refused is told at the desk and in the case in the reader's language") {
    ApiWorld world;
    world.practice.play_until("authorise");
    world.practice.refuses = {"borealia-authority"};
    world.practice.play("transmit");
    world.practice.move_all();
    const auto cookie = world.signed_in(officer);
    const auto facts = say("{} waits for {}", Said::act("order"), Said::act("transmit"));
    for (const std::string language : {"en", "fr", "ar"}) {
        CAPTURE(language);
        const auto items = told(world, "/outbox", cookie, language).at("items").as_array();
        REQUIRE_FALSE(items.empty());
        const auto& row = items[0].as_object();
        CHECK(row.at("failed") == true);
        const std::string problem(row.at("problem").as_string());
        CHECK(problem.find(facts.in(language)) != std::string::npos);
        CHECK((problem.find("refused it") != std::string::npos) == (language == "en"));
    }
}

TEST_CASE("the directory of a day says who was competent on that day, and not who is now") {
    ApiWorld world;
    world.practice.play_until("request");
    const auto ends = world.node().now() + std::chrono::days{10};
    for (auto& participant : world.practice.world.draft.participants)
        for (auto& office : participant.offices)
            if (office.id.str() == "arcadia-central")
                for (auto& competence : office.competences)
                    competence.validity.until = ends;
    world.practice.use_directory();
    auto& federation = world.practice.world;
    const auto signed_text = federation.sign_directory(
        directory::print_directory(federation.draft),
        {"arcadia-authority", "borealia-authority", "cascadia-authority"}, practice_start());
    world.node().store().write([&](node::StoreWriter& writer) {
        writer.put_directory(federation.draft.version, signed_text);
    });
    world.practice.clock.pass(std::chrono::days{12});
    const auto cookie = world.signed_in(officer);
    const auto roles = [&](const std::string& query) {
        const auto seen = object_of(world.get("/directory" + query, cookie));
        for (const auto& participant : seen.at("participants").as_array())
            for (const auto& office : participant.at("offices").as_array())
                if (office.at("id") == "arcadia-central")
                    return office.at("roles").as_array().size();
        return std::size_t{99};
    };
    const auto day = [&](int after) {
        return "?on=" + to_text(ends + std::chrono::days{after}).substr(0, 10);
    };
    CHECK(roles("") == 0);
    CHECK(roles(day(-1)) > 0);
    CHECK(roles(day(1)) == 0);
    CHECK(world.get("/directory?on=2001-01-01", cookie).status == 404);
}

TEST_CASE("participants and offices are called as the directory has it for the reader's language") {
    ApiWorld world;
    world.practice.play_until("request");
    auto& participants = world.practice.world.draft.participants;
    for (auto& participant : participants) {
        if (participant.id.str() == "borealia-authority")
            participant.names = {{"en", "Borealis"}, {"fr", "Boréalie"}, {"ar", "بورياليس"}};
        if (participant.id.str() == "vault-provider") participant.names = {{"en", "Vault"}};
        for (auto& office : participant.offices)
            if (office.id.str() == "arcadia-central")
                office.names = {{"en", "Central"}, {"fr", "Centrale"}, {"ar", "المركزية"}};
    }
    world.practice.use_directory();
    const auto cookie = world.signed_in(officer);

    struct Row {
        std::string language;
        std::string partner;
        std::string office;
    };

    for (const auto& row :
         {Row{"en", "Borealis", "Central"}, Row{"fr", "Boréalie", "Centrale"},
          Row{"ar", "بورياليس", "المركزية"}, Row{"de", "Borealis", "Central"}}) {
        CAPTURE(row.language);
        CHECK(
            told(world, "/session", cookie, row.language).at("office_name") ==
            json::Value(row.office));
        const auto items = told(world, "/worklist", cookie, row.language).at("items").as_array();
        REQUIRE(items.size() == 1);
        CHECK(items[0].at("partner_name") == json::Value(row.partner));
        const auto seen =
            told(world, "/cases/" + world.practice.case_id.str(), cookie, row.language);
        CHECK(seen.at("requested_name") == json::Value(row.partner));
        CHECK(seen.at("provider_name") == "Vault"); // no other name than the English
    }
}

TEST_CASE(
    "K12_ what a drill found is taken down from the page, and the overview says how old it is") {
    ApiWorld world;
    world.practice.play_until("transmit");
    auto& node = world.node();
    auto& record = world.api().services.record;
    REQUIRE(record.start().has_value());
    REQUIRE(record.beat().has_value());
    const auto admin = world.signed_in("first-founder");
    const auto drill_on = [&](const std::string& cookie) {
        return object_of(world.get("/overview", cookie)).at("drill").as_object();
    };
    const auto never = drill_on(world.signed_in(officer));
    CHECK(never.at("due").as_bool());
    CHECK(never.size() == 1);
    const node::Drill found{
        node.now() - std::chrono::hours{9},
        node.now(),
        std::chrono::seconds{51},
        record.size(),
        record.root_at(record.size()).value(),
        1,
        3};
    const json::Object told{{"sealed", node::seal_drill(node.self(), found, node.signer())}};
    CHECK(world.post("/drill", told, world.signed_in(officer)).status == 404); // administrators'
    CHECK(world.post("/drill", json::Object{{"sealed", "x"}}, admin).status == 422);
    const auto taken = object_of(world.post("/drill", told, admin));
    CHECK_FALSE(taken.at("due").as_bool());
    CHECK(taken.at("drilled").as_string() == to_text(found.drilled));
    CHECK(drill_on(admin) == taken);
    // Below, at and above thirty days.
    const auto due_after = [&](Milliseconds pause) {
        world.practice.clock.pass(pause);
        return drill_on(world.signed_in(officer)).at("due").as_bool();
    };
    CHECK_FALSE(due_after(node::drill_beat - Milliseconds{1}));
    CHECK(due_after(Milliseconds{1}));
    CHECK(due_after(Milliseconds{1}));
}
