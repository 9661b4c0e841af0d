// The worklist as people see it: put with each act, asked by filter, page by page; and saved views
// of it, which belong to a person or an office.
#include "base/limits.hpp"
#include "node/worklist.hpp"
#include "support/api_world.hpp"
#include "support/memory_tables.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <set>

using namespace comity;
using namespace comity::test;

namespace {

json::Object only_item(ApiWorld& world, const std::string& path, const std::string& cookie) {
    const auto items = object_of(world.get(path, cookie)).at("items").as_array();
    REQUIRE(items.size() == 1);
    return items[0].as_object();
}

std::int64_t count_of(const json::Object& page, std::string_view name) {
    return page.at("counts").as_object().at(name).as_int64();
}

// How many cases the session says that its person owes, which is what the worklist shows as theirs.
std::int64_t unread(ApiWorld& world, const std::string& cookie) {
    const auto says = object_of(world.get("/session", cookie)).at("unread").as_int64();
    CHECK(says == object_of(world.get("/worklist?mine=true", cookie)).at("total").as_int64());
    return says;
}

// A row as acts would have left it, for questions about many.
void put_row(
    ApiWorld& world, std::uint32_t number, std::optional<Milliseconds> due_in,
    const std::function<void(node::WorkRow&)>& change = [](node::WorkRow&) {}) {
    const Instant now = world.node().now();
    node::WorkRow row;
    row.case_id = CaseId(fmt::format("case{:08}aaaaaaaaaaaaaa", number));
    row.direction = "outgoing";
    row.partner = ParticipantId("borealia-authority");
    row.procedure = "mla";
    row.category = "access";
    row.state = due_in ? "open" : "at-rest";
    row.holder = world.node().self();
    row.acts = 1;
    row.opened = now - std::chrono::days{3};
    row.updated = now - std::chrono::minutes{number};
    if (due_in) {
        row.act = "authorise";
        row.side = "requesting";
        row.role = "judge";
        row.ours = true;
        row.due = now + *due_in;
        row.duties = {{row.role, row.act, row.side, row.due, row.updated}};
    }
    change(row);
    world.node().store().write([&](node::StoreWriter& writer) {
        writer.put_case({row.case_id, row.procedure, "{}", 2, std::nullopt, row.updated});
        writer.put_work(row);
    });
}

http::Response save_view(
    ApiWorld& world, const std::string& cookie, const std::string& name, const std::string& query,
    bool shared) {
    return world.call(
        {"PUT",
         "/worklist/views/" + name,
         json::Object{{"name", name}, {"query", query}, {"shared", shared}},
         cookie,
         "https://arcadia-authority.example",
         {}});
}

http::Response delete_view(ApiWorld& world, const std::string& cookie, const std::string& name) {
    return world.call(
        {"DELETE",
         "/worklist/views/" + name,
         nullptr,
         cookie,
         "https://arcadia-authority.example",
         {}});
}

std::vector<std::string> view_names(ApiWorld& world, const std::string& cookie) {
    std::vector<std::string> out;
    const auto answer = object_of(world.get("/worklist/views", cookie));
    for (const auto& view : answer.at("items").as_array())
        out.emplace_back(view.at("name").as_string());
    return out;
}

} // namespace

TEST_CASE("S02_ the worklist says of each case who owes what next, by when, and whether I do") {
    ApiWorld world;
    ApiWorld* theirs = &world;
    world.practice.play_until("request");
    const auto judge = world.signed_in("judge");
    const auto officer = world.signed_in("issuing-officer");
    auto item = only_item(world, "/worklist", judge);
    CHECK(item.at("reference") == "PA-CY-2026-00417");
    CHECK(item.at("direction") == "outgoing");
    CHECK(item.at("partner") == "borealia-authority");
    CHECK(item.at("state") == "open");
    CHECK(item.at("holder") == "arcadia-authority");
    CHECK(item.at("next").at("act") == "authorise");
    CHECK(item.at("next").at("mine") == true);
    CHECK(item.at("acts") == 1);
    CHECK(only_item(world, "/worklist", officer).at("next").at("mine") == false);
    CHECK(only_item(world, "/worklist?mine=true", judge).at("case") == item.at("case"));
    CHECK(object_of(world.get("/worklist?mine=true", officer)).at("items").as_array().empty());

    world.practice.play("authorise");
    world.practice.play("transmit");
    world.practice.move_all();
    item = only_item(world, "/worklist", judge);
    CHECK(item.at("state") == "waiting");
    CHECK(item.at("holder") == "borealia-authority");
    CHECK(item.at("next").at("act") == "acknowledge");
    CHECK(item.at("next").at("mine") == false);
    CHECK(item.at("acts") == 3);
    // The same case at the other side: there it is theirs to do.
    theirs->practice.node("borealia-authority").store().read([&](node::StoreReader& reader) {
        const auto row = reader.find_work(world.practice.case_id);
        REQUIRE(row.has_value());
        CHECK(row->direction == "incoming");
        CHECK(row->partner == ParticipantId("arcadia-authority"));
        CHECK(row->state == "open");
        CHECK(row->ours);
        CHECK(
            node::reference_of(world.practice.node("borealia-authority"), *row) ==
            "PA-CY-2026-00417");
    });
}

TEST_CASE(
    "S02_ the session counts what its person owes, and not what another country owes in the same role") {
    ApiWorld world;
    world.practice.play_until("request");
    const auto judge = world.signed_in("judge");
    const auto officer = world.signed_in("central-authority-officer");
    CHECK(unread(world, judge) == 1);
    CHECK(unread(world, officer) == 0);
    world.practice.play("authorise");
    world.practice.move_all();
    CHECK(unread(world, judge) == 0);
    CHECK(unread(world, officer) == 1); // to transmit
    world.practice.play("transmit");
    world.practice.move_all();
    // The central authority of the other country has to acknowledge it: the same role, not this
    // one.
    CHECK(
        only_item(world, "/worklist", officer).at("next").at("role") ==
        "central-authority-officer");
    CHECK(unread(world, officer) == 0);
    // As many as the worklist has, each case once, with and without a date.
    for (std::uint32_t i = 1; i <= 120; ++i)
        put_row(world, i, Milliseconds{std::chrono::hours{i}});
    put_row(world, 121, std::nullopt);
    CHECK(unread(world, judge) == 120);
}

TEST_CASE("the worklist's row is that of the case after every act, on every node") {
    ApiWorld world;
    for (const std::string act :
         {"request", "authorise", "transmit", "acknowledge", "accept", "order", "produce",
          "release", "receive", "open"}) {
        world.practice.play(act);
        world.practice.move_all();
        for (auto& [id, member] : world.practice.members) {
            CAPTURE(act);
            CAPTURE(id);
            auto& node = *member->node;
            node.store().read([&](node::StoreReader& reader) {
                const auto state = node::find_case(node, reader, world.practice.case_id);
                const auto row = reader.find_work(world.practice.case_id);
                REQUIRE(state.has_value() == row.has_value());
                if (!state) return;
                const auto directory = node.directory().value();
                auto fresh =
                    node::work_row(node, *state, *node::graph_of(node, *state), directory.get());
                fresh.sealed = row->sealed;
                fresh.token = row->token;
                REQUIRE(fresh.duties.size() == row->duties.size());
                for (std::size_t i = 0; i < fresh.duties.size(); ++i) {
                    CHECK(row->duties[i].since <= fresh.duties[i].since);
                    fresh.duties[i].since = row->duties[i].since;
                }
                CHECK(*row == fresh);
                CHECK(row->acts == state->next_sequence - 1);
            });
        }
    }
    // The provider may not read the file number and shows the beginning of the case's id.
    auto& vault = world.practice.node("vault-provider");
    vault.store().read([&](node::StoreReader& reader) {
        const auto row = reader.find_work(world.practice.case_id);
        REQUIRE(row.has_value());
        CHECK(row->sealed.empty());
        CHECK(node::reference_of(vault, *row) == world.practice.case_id.str().substr(0, 8));
    });
}

TEST_CASE("a store from before the worklist is filled once, with the same rows") {
    ApiWorld world;
    world.practice.play_until("accept");
    auto& member = *world.practice.members.at("arcadia-authority");
    auto state = member.store.back_up();
    const auto row = state.work->at(world.practice.case_id);
    state.work.edit().clear();
    state.counters.edit().clear();
    MemoryStore old;
    old.restore(state);
    const auto again = world.practice.node_over("arcadia-authority", old, member.files);
    CHECK(node::fill_worklist(*again) == 1);
    CHECK(node::fill_worklist(*again) == 0);
    const auto filled = old.back_up();
    auto there = filled.work->at(world.practice.case_id);
    CHECK(node::reference_of(*again, there) == "PA-CY-2026-00417");
    CHECK(there.token == row.token);
    there.sealed = row.sealed; // sealed anew
    CHECK(there == row);
    // What was counted since the request is counted from the case alone.
    CHECK(filled.counters->size() == 1);
    CHECK(filled.counters->begin()->second == 1);
}

TEST_CASE(
    "rows from before each role's duties stood in them are put anew, once, and nothing is counted twice") {
    ApiWorld world;
    world.practice.play_until("accept");
    auto& member = *world.practice.members.at("arcadia-authority");
    auto state = member.store.back_up();
    const auto row = state.work->at(world.practice.case_id);
    REQUIRE_FALSE(row.act.empty());
    state.work.edit().at(world.practice.case_id).duties.clear();
    state.settings.edit()["worklist"] = "1";
    MemoryStore old;
    old.restore(state);
    const auto again = world.practice.node_over("arcadia-authority", old, member.files);
    CHECK(node::fill_worklist(*again) == 1);
    CHECK(node::fill_worklist(*again) == 0);
    const auto filled = old.back_up();
    auto there = filled.work->at(world.practice.case_id);
    REQUIRE(there.duties.size() == row.duties.size());
    for (std::size_t i = 0; i < there.duties.size(); ++i)
        there.duties[i].since = row.duties[i].since;
    CHECK(there == row);
    CHECK(*filled.counters == *state.counters);
}

TEST_CASE("T22_ the database alone does not tell a file number or a view's name") {
    ApiWorld world;
    world.practice.play_until("request");
    const auto cookie = world.signed_in("issuing-officer");
    REQUIRE(
        save_view(world, cookie, "Operation-Canary", "q=PA-CY-2026-00417", false).status == 204);
    const auto state = world.practice.members.at("arcadia-authority")->store.back_up();
    std::string all;
    for (const auto& [id, row] : *state.work)
        all += row.sealed + row.partner.str() + row.role;
    for (const auto& [key, row] : *state.kept)
        all += row.kind + row.owner + row.name + row.sealed;
    for (const auto& [name, value] : *state.counters)
        all += name;
    CHECK(all.size() > 100);
    CHECK(all.find("00417") == std::string::npos);
    CHECK(all.find("Canary") == std::string::npos);
}

TEST_CASE("S02_ the worklist is counted and cut by deadline: late, today, this week, stuck") {
    ApiWorld world;
    const auto cookie = world.signed_in("judge");
    const Instant now = world.node().now();
    const Instant tomorrow =
        std::chrono::floor<std::chrono::days>(now) + Milliseconds{std::chrono::days{1}};
    put_row(world, 1, -Milliseconds{1});
    put_row(world, 2, Milliseconds{0});
    put_row(world, 3, tomorrow - now - Milliseconds{1});
    put_row(world, 4, tomorrow - now);
    put_row(world, 5, std::chrono::days{7} - Milliseconds{1});
    put_row(world, 6, std::chrono::days{7});
    put_row(world, 7, std::nullopt);
    put_row(world, 8, -Milliseconds{9}, [&](auto& row) { row.stuck = now; });
    put_row(world, 9, -Milliseconds{8}, [&](auto& row) { row.stuck = now + Milliseconds{1}; });
    const auto page = object_of(world.get("/worklist", cookie));
    CHECK(page.at("total") == 9);
    CHECK(count_of(page, "late") == 3);
    CHECK(count_of(page, "today") == 2);
    CHECK(count_of(page, "week") == 4);
    CHECK(count_of(page, "stuck") == 1);
    CHECK(count_of(page, "all") == 9);
    for (const std::string due : {"late", "today", "week", "stuck", "all"}) {
        CAPTURE(due);
        const auto cut = object_of(world.get("/worklist?due=" + due, cookie));
        CHECK(cut.at("total") == count_of(page, due));
        CHECK(static_cast<std::int64_t>(cut.at("items").as_array().size()) == count_of(page, due));
        CHECK(cut.at("counts") == page.at("counts"));
    }
    const auto stuck = only_item(world, "/worklist?due=stuck", cookie);
    CHECK(stuck.at("stuck") == "no-act");
    // By deadline, and what owes nothing at the end.
    const auto items = page.at("items").as_array();
    CHECK(items.front().at("case").as_string().starts_with("case00000008"));
    CHECK(items.back().at("state") == "at-rest");
    CHECK_FALSE(items.back().as_object().contains("next"));
}

TEST_CASE("the worklist comes page by page without losing or repeating a case") {
    ApiWorld world;
    const auto cookie = world.signed_in("judge");
    for (std::uint32_t i = 0; i < 23; ++i)
        put_row(
            world, i,
            i % 5 == 0 ? std::nullopt
                       : std::optional<Milliseconds>(std::chrono::minutes{i / 3 * 7}));
    for (const std::string order :
         {"", "&sort=updated", "&state=open", "&q=case", "&q=case&sort=updated"}) {
        CAPTURE(order);
        std::vector<std::string> seen;
        std::string after;
        for (int pages = 0; pages < 10; ++pages) {
            const auto page = object_of(world.get(
                "/worklist?limit=5" + order + (after.empty() ? "" : "&after=" + after), cookie));
            for (const auto& item : page.at("items").as_array())
                seen.emplace_back(item.at("case").as_string());
            const auto* next = page.if_contains("next");
            if (!next) break;
            after = next->as_string();
        }
        CHECK(seen.size() == (order == "&state=open" ? 18 : 23));
        CHECK(std::set<std::string>(seen.begin(), seen.end()).size() == seen.size());
    }
}

TEST_CASE(
    "S02_ a judge whose ruling is due later than another's act finds the case, with the ruling's date") {
    ApiWorld world;
    const auto judge = world.signed_in("judge");
    const auto officer = world.signed_in("issuing-officer");
    const auto own = [&](Milliseconds due_in) {
        return [&world, due_in](node::WorkRow& row) {
            row.act = "acknowledge"; // of the other country, and next
            row.side = "requested";
            row.role = "central-authority-officer";
            row.state = "waiting";
            row.ours = false;
            row.duties = {
                {"judge", "dismiss-challenge", "requesting", world.node().now() + due_in,
                 row.updated}};
        };
    };
    put_row(world, 1, -std::chrono::hours{1}, own(std::chrono::days{9}));
    put_row(world, 2, std::chrono::hours{1}, own(std::chrono::days{3}));
    const auto page = object_of(world.get("/worklist?mine=true", judge));
    const auto& items = page.at("items").as_array();
    REQUIRE(items.size() == 2);
    CHECK(items[0].at("case").as_string().starts_with("case00000002")); // by the rulings' dates
    CHECK(items[0].at("next").at("act") == "dismiss-challenge");
    CHECK(items[0].at("next").at("mine") == true);
    CHECK(
        std::string(items[0].at("next").at("due").as_string()) ==
        to_text(world.node().now() + std::chrono::days{3}));
    CHECK(count_of(page, "late") == 0);
    CHECK(count_of(page, "week") == 1);
    CHECK(object_of(world.get("/worklist?mine=true&limit=1&q=case", judge)).at("total") == 2);
    const std::string next(page.at("items").as_array()[0].at("case").as_string());
    const auto first = object_of(world.get("/worklist?mine=true&limit=1", judge));
    const auto second = object_of(world.get(
        "/worklist?mine=true&limit=1&after=" + std::string(first.at("next").as_string()), judge));
    const auto case_of = [](const json::Object& shown) {
        return std::string(shown.at("items").as_array()[0].at("case").as_string());
    };
    CHECK(case_of(first) == next);
    CHECK(case_of(second) != next);
    // In the whole list the case goes by what anybody owes next, and says what I owe beside it.
    const auto all = object_of(world.get("/worklist", judge));
    const auto& late = all.at("items").as_array()[0].as_object();
    CHECK(late.at("case").as_string().starts_with("case00000001"));
    CHECK(late.at("next").at("act") == "acknowledge");
    CHECK(late.at("next").at("mine") == false);
    CHECK(late.at("own").at("act") == "dismiss-challenge");
    CHECK(late.at("own").at("mine") == true);
    CHECK(count_of(all, "late") == 1);
    // Who owes nothing there sees neither.
    CHECK(object_of(world.get("/worklist?mine=true", officer)).at("items").as_array().empty());
    const auto seen = object_of(world.get("/worklist", officer));
    CHECK_FALSE(seen.at("items").as_array()[0].as_object().contains("own"));
}

TEST_CASE("every filter of the worklist finds what it names and nothing else") {
    ApiWorld world;
    const auto cookie = world.signed_in("judge");
    put_row(world, 1, Milliseconds{1});
    put_row(world, 2, Milliseconds{2}, [](auto& row) {
        row.direction = "incoming";
        row.partner = ParticipantId("cordia-authority");
        row.procedure = "emergency";
        row.category = "content";
        row.state = "suspended";
        row.holder = ParticipantId("arcadia-oversight");
        row.role = "inspector";
        row.ours = false;
        row.duties.clear();
    });
    for (const std::string filter :
         {"direction=incoming", "partner=cordia-authority", "procedure=emergency",
          "category=content", "state=suspended", "holder=arcadia-oversight", "q=case00000002"}) {
        CAPTURE(filter);
        const auto item = only_item(world, "/worklist?" + filter, cookie);
        CHECK(item.at("case").as_string().starts_with("case00000002"));
        CHECK(object_of(world.get("/worklist?" + filter + "&mine=true", cookie)).at("total") == 0);
    }
    CHECK(only_item(world, "/worklist?mine=true", cookie)
              .at("case")
              .as_string()
              .starts_with("case00000001"));
    for (const std::string filter :
         {"state=draft", "partner=nobody", "holder=x", "procedure=none", "q=zzz",
          "direction=outgoing&procedure=emergency"})
        CHECK(object_of(world.get("/worklist?" + filter, cookie)).at("total") == 0);
}

TEST_CASE(
    "a case is found by its whole file number, in any case and spacing, and by no part of it") {
    ApiWorld world;
    world.practice.play_until("request");
    const auto cookie = world.signed_in("issuing-officer");
    for (const std::string q : {"PA-CY-2026-00417", "pa-cy-2026-00417", " PA-CY-2026-00417 "})
        CHECK(object_of(world.get("/worklist?q=" + q, cookie)).at("total") == 1);
    for (const std::string q : {"PA-CY-2026-0041", "PA-CY-2026-004171", "PA"})
        CHECK(object_of(world.get("/worklist?q=" + q, cookie)).at("total") == 0);
    const auto id = world.practice.case_id.str();
    CHECK(object_of(world.get("/worklist?q=" + id.substr(0, 6), cookie)).at("total") == 1);
    CHECK(object_of(world.get("/worklist?q=" + id, cookie)).at("total") == 1);
}

TEST_CASE("what is no filter, order or place of the worklist is refused") {
    ApiWorld world;
    const auto cookie = world.signed_in("judge");
    put_row(world, 1, Milliseconds{1});
    for (const auto& query : std::vector<std::string>{
             "direction=up", "state=lost", "category=all", "due=never", "sort=reference",
             "mine=yes", "limit=0", "limit=201", "after=", "after=x", "after=1", "after=1.",
             "after=.case", "after=12x.case", "after=99999999999999999999.case",
             "q=" + std::string(201, 'a'), "partner=" + std::string(201, 'a')}) {
        CAPTURE(query);
        CHECK(code_of(world.get("/worklist?" + query, cookie)) == "json_malformed");
    }
    CHECK(world.get("/worklist?after=none.zzzz", cookie).status == 200);
    CHECK(world.get("/worklist?limit=200", cookie).status == 200);
}

// ---- views

TEST_CASE("a view is its person's, a shared one the office's, and neither another's") {
    ApiWorld world;
    const auto judge = world.signed_in("judge");
    const auto officer = world.signed_in("issuing-officer");
    REQUIRE(save_view(world, officer, "Mine", "due=late", false).status == 204);
    REQUIRE(save_view(world, officer, "Ours", "due=week&mine=true", true).status == 204);
    CHECK(view_names(world, officer) == std::vector<std::string>{"Mine", "Ours"});
    CHECK(view_names(world, judge).empty()); // of another office
    // Saved again it is replaced; shared, it moves.
    REQUIRE(save_view(world, officer, "Mine", "due=today", true).status == 204);
    CHECK(view_names(world, officer) == std::vector<std::string>{"Mine", "Ours"});
    const auto views = object_of(world.get("/worklist/views", officer)).at("items").as_array();
    CHECK(views[0].at("query") == "due=today");
    CHECK(views[0].at("shared") == true);
}

TEST_CASE(
    "T46_ the view of another office, and a colleague's shared one, are neither changed nor removed") {
    ApiWorld world;
    const auto judge = world.signed_in("judge");
    const auto officer = world.signed_in("issuing-officer");
    REQUIRE(save_view(world, officer, "Ours", "due=week", true).status == 204);
    CHECK(delete_view(world, judge, "Ours").status == 404);
    CHECK(delete_view(world, judge, "Ours").body == delete_view(world, judge, "Never").body);
    // A colleague in the same office.
    world.practice.world.organisation("arcadia-authority").people.emplace("colleague", [&] {
        Enrolment enrolment;
        enrolment.person = "colleague";
        enrolment.office =
            world.practice.world.person("arcadia-authority", "issuing-officer").entry.office.str();
        enrolment.roles = {"issuing-officer"};
        return world.practice.world.enrol(
            "arcadia-authority", enrolment,
            {&world.practice.world.person("arcadia-authority", "first-founder"),
             &world.practice.world.person("arcadia-authority", "second-founder")});
    }());
    const auto colleague = world.signed_in("colleague");
    CHECK(view_names(world, colleague) == std::vector<std::string>{"Ours"});
    CHECK(code_of(save_view(world, colleague, "Ours", "due=late", true)) == "changed_meanwhile");
    CHECK(code_of(save_view(world, colleague, "Ours", "due=late", false)) == "changed_meanwhile");
    CHECK(delete_view(world, colleague, "Ours").status == 404);
    CHECK(delete_view(world, officer, "Ours").status == 204);
    CHECK(view_names(world, colleague).empty());
}

TEST_CASE(
    "T42_ a view's name is one line of plain text and its query only the worklist's address") {
    ApiWorld world;
    const auto cookie = world.signed_in("judge");
    const auto save = [&](const std::string& name, const std::string& query) {
        return code_of(save_view(world, cookie, name, query, false));
    };
    for (const auto& name : std::vector<std::string>{
             "two\nlines", "nul\x01", "\xe2\x80\xaegnp.exe", "\xe2\x80\x8bhidden", "\x7f",
             std::string(limits::view_name_bytes + 1, 'a')}) {
        CAPTURE(name);
        CHECK(save(name, "due=late") == "json_malformed");
    }
    for (const auto& query : std::vector<std::string>{
             "due=late#x", "\"onload", "a b", "<script>", "due=late&q=\xc3\xa9", "javascript:x",
             "//evil", std::string(limits::view_query_bytes + 1, 'a')}) {
        CAPTURE(query);
        CHECK(save("name", query) == "json_malformed");
    }
    CHECK(save(std::string(limits::view_name_bytes, 'a'), "") == "");
    CHECK(save("<img src=x onerror=alert(1)>", "q=%3Cscript%3E") == ""); // text, shown as text
    CHECK(save("مستحقة هذا الأسبوع", "due=week") == "");
    CHECK(
        code_of(world.call(
            {"PUT",
             "/worklist/views/one",
             json::Object{{"name", "two"}, {"query", ""}, {"shared", false}},
             cookie,
             "https://arcadia-authority.example",
             {}})) == "json_malformed");
}

TEST_CASE("views are bounded: at the limit one must go before another comes") {
    ApiWorld world;
    const auto cookie = world.signed_in("judge");
    for (std::size_t i = 0; i < limits::views_kept; ++i)
        REQUIRE(save_view(world, cookie, "view-" + std::to_string(i), "", false).status == 204);
    CHECK(code_of(save_view(world, cookie, "one-more", "", false)) == "too_large");
    CHECK(save_view(world, cookie, "view-7", "due=late", false).status == 204); // replaced
    REQUIRE(delete_view(world, cookie, "view-7").status == 204);
    CHECK(save_view(world, cookie, "one-more", "", false).status == 204);
    CHECK(view_names(world, cookie).size() == limits::views_kept);
}

TEST_CASE("T37 nothing that a request asks about finds its case, for anybody who works here") {
    ApiWorld world;
    world.practice.play_until("transmit");
    std::set<std::string> words;
    const std::function<void(const json::Value&)> collect = [&](const json::Value& value) {
        if (value.is_object())
            for (const auto& [name, inner] : value.as_object())
                collect(inner);
        else if (value.is_array())
            for (const auto& inner : value.as_array())
                collect(inner);
        else if (value.is_string() && value.as_string().size() >= 6) {
            const std::string word(value.as_string());
            words.insert(word.substr(0, std::min<std::size_t>(word.find_first_of("&#%+"), 60)));
        }
    };
    const auto request = NodeFederation::fields("request");
    collect(request.at("grid"));
    collect(request.at("persons"));
    collect(request.at("facts"));
    REQUIRE(words.size() > 5);
    const std::string reference = "PA-CY-2026-00417";
    REQUIRE_FALSE(words.contains(reference));
    for (const std::string name : {"issuing-officer", "judge", "central-authority-officer"}) {
        const auto cookie = world.signed_in(name);
        const auto found = [&](std::string_view q) {
            const auto response = world.get(fmt::format("/worklist?q={}", q), cookie);
            return response.status == 200 ? object_of(response).at("total").as_int64() : 0;
        };
        for (const auto& word : words) {
            CAPTURE(word);
            CHECK(found(word) == 0);
        }
        CHECK(found(reference) == 1); // what the house itself calls it
    }
    // The only question that takes words of anybody's is this one.
    for (const auto& operation : api::operations())
        CHECK_MESSAGE((operation.path.find("search") == std::string::npos), operation.id);
}
