// Rights and promises between whole nodes, one story each.
#include "node/open_evidence.hpp"
#include "support/federation_story.hpp"

#include <fmt/format.h>

#include <span>

using namespace comity;
using namespace comity::test;

namespace {

constexpr std::size_t to_production = 6;

struct Told : Story {
    explicit Told(const std::string& procedure, bool third = false) : Story(11, procedure, third) {}

    void pass(Milliseconds span) {
        federation.pass(span);
        REQUIRE(quiet());
    }

    std::set<std::string> owed(const std::string& id) {
        std::set<std::string> out;
        auto& station = federation.at(id);
        const auto state = *station.find(plot->id);
        for (const auto& item :
             procedure::owed(*node::graph_of(station.node(), state), state.marking))
            out.insert(item.name);
        return out;
    }

    std::vector<std::string> kinds(const std::string& id) {
        std::vector<std::string> out;
        for (const auto& row : federation.at(id).acts(plot->id))
            out.push_back(row.kind);
        return out;
    }

    // Whether the first item that was released opens.
    std::string opening() {
        auto& here = federation.at(arcadia);
        std::vector<node::EvidenceRow> rows;
        here.disk.read([&](node::StoreReader& reader) { rows = reader.evidence(plot->id); });
        for (const auto& row : rows)
            if (row.size > 0) return code(here.run.openings->open(plot->id, row.hash));
        return "nothing is here";
    }
};

const std::vector<std::pair<std::string, std::string>> urgent = {
    {arcadia, "certify"}, {arcadia, "transmit"}, {arcadia, "confirm"}, {borealia, "acknowledge"},
    {borealia, "accept"}, {borealia, "order"},   {vault, "produce"},   {borealia, "release"},
    {arcadia, "receive"}, {arcadia, "open"}};

bool holds(const std::vector<std::string>& list, const std::string& what) {
    return std::find(list.begin(), list.end(), what) != list.end();
}

} // namespace

TEST_CASE(
    "T03 without a judge by hour 48 the data is locked, owed deletion, and oversight is told") {
    Told world("emergency");
    const Instant begun = world.federation.time;
    for (const auto& [id, name] : urgent)
        world.act(id, name);
    CHECK(world.opening() == "accepted");
    const auto rows = world.federation.at(arcadia).acts(world.plot->id);
    const Instant certified = rows.at(1).admitted;
    REQUIRE(rows.at(1).kind == "certify");
    CHECK(begun <= certified);
    world.federation.time = certified + std::chrono::hours{48} - std::chrono::minutes{5};
    REQUIRE(world.quiet());
    CHECK(world.opening() == "accepted");
    CHECK_FALSE(holds(world.kinds(arcadia), "lapse-authorisation"));
    world.pass(std::chrono::minutes{6});
    CHECK(holds(world.kinds(arcadia), "lapse-authorisation"));
    CHECK(world.opening() == "evidence_locked");
    CHECK(world.owed(arcadia).contains("delete"));
    for (const auto& overseer : {arcadia_overseer, borealia_overseer})
        CHECK(holds(world.kinds(overseer), "lapse-authorisation"));
    // Too late: the judge cannot mend it.
    CHECK_FALSE(world.perform(*world.plot, world.federation.at(arcadia), "authorise"));
    // What the receiving country held goes by itself; what was received is deleted by who has it.
    world.pass(std::chrono::hours{25});
    CHECK(holds(world.kinds(borealia), "purge"));
    if (world.owed(arcadia).contains("delete")) world.act(arcadia, "delete");
    CHECK(world.opening() == "evidence_deleted");
    for (const auto& [name, bytes] : world.federation.at(arcadia).files.all())
        CHECK_FALSE(name.starts_with("evidence/"));
}

TEST_CASE("N2 N3_ the receiving country and a third one stop production, each before it happens") {
    for (const auto& [who, how] : std::vector<std::pair<std::string, std::string>>{
             {borealia, "oppose"}, {cascadia, "oppose-third"}}) {
        Told world("extraordinary", true);
        world.act(arcadia, "authorise");
        world.act(arcadia, "transmit");
        // All see the case at the same moment.
        for (const auto& id : {borealia, cascadia, vault, arcadia_overseer, borealia_overseer})
            CHECK(world.kinds(id).size() == 3);
        world.act(borealia, "acknowledge");
        world.act(borealia, "clear");
        world.act(cascadia, "clear-third");
        world.act(who, how);
        CHECK_FALSE(world.perform(*world.plot, world.federation.at(vault), "produce"));
        REQUIRE(world.quiet());
        CHECK_FALSE(holds(world.kinds(vault), "produce"));
    }
}

TEST_CASE(
    "T33 S31 notice is sent by the node itself on its day, and a judge's deferral only moves it") {
    for (const bool deferred : {false, true}) {
        Told world("mla");
        for (const auto& [id, name] : std::span(ordinary_road).first(to_production))
            world.act(id, name);
        if (deferred) world.act(arcadia, "defer-notice");
        auto& here = world.federation.at(arcadia);
        const auto state = *here.find(world.plot->id);
        Instant due;
        for (const auto& item : procedure::owed(*node::graph_of(here.node(), state), state.marking))
            if (item.name == "notify") due = item.due;
        REQUIRE(due > world.federation.time);
        world.federation.time = due - Milliseconds{1};
        here.work();
        CHECK_FALSE(holds(world.kinds(borealia), "notify"));
        world.federation.time = due;
        here.work();
        REQUIRE(world.quiet());
        CHECK(holds(world.kinds(borealia), "notify"));
        // Never again silent: it cannot be deferred any more.
        CHECK_FALSE(world.perform(*world.plot, here, "defer-notice"));
    }
}

TEST_CASE("M1_ both sides see at every step who has the case, what comes next and by when") {
    Told world("mla");
    int human = 1;
    for (const auto& [id, name] : ordinary_road) {
        CHECK(world.owed(arcadia).contains(name == "open" ? "delete" : name));
        world.act(id, name);
        ++human;
        if (!world.federation.at(borealia).find(world.plot->id)) continue;
        const auto here = *world.federation.at(arcadia).find(world.plot->id);
        const auto there = *world.federation.at(borealia).find(world.plot->id);
        CHECK(here == there); // holder, marking and deadlines
        CHECK(here.keeper.str() == borealia);
        std::vector<node::ObligationRow> rows[2];
        std::size_t i = 0;
        for (const auto& side : {arcadia, borealia})
            world.federation.at(side).disk.read(
                [&](node::StoreReader& reader) { rows[i++] = reader.obligations(100); });
        REQUIRE(rows[0].size() == rows[1].size());
        CHECK_FALSE(rows[0].empty());
        for (std::size_t k = 0; k < rows[0].size(); ++k) {
            CHECK(rows[0][k].act == rows[1][k].act);
            CHECK(rows[0][k].due == rows[1][k].due);
            CHECK(rows[0][k].due.has_value());
        }
    }
    CHECK(world.opening() == "accepted");
    CHECK(human == 10); // acts of people from draft to opened evidence, none of them twice
}

TEST_CASE("T46 what is not for a participant looks to it like what does not exist") {
    Told world("mla");
    world.act(arcadia, "authorise");
    world.act(arcadia, "transmit");
    world.act(borealia, "acknowledge");
    world.act(borealia, "accept");
    world.act(borealia, "order");
    world.act(vault, "produce");
    std::vector<node::EvidenceRow> rows;
    world.federation.at(borealia).disk.read(
        [&](node::StoreReader& reader) { rows = reader.evidence(world.plot->id); });
    REQUIRE_FALSE(rows.empty());
    const std::string id = world.plot->id.str();
    const std::string unknown_case(id.size(), 'a');
    const std::string hash = text(rows.front().hash);
    const std::string unknown_hash = text(Digest{});
    // The answer with the names that were asked for taken out.
    const auto plain = [&](const http::Response& response, std::vector<std::string> names) {
        std::string body = response.body;
        for (const auto& name : names)
            for (auto at = body.find(name); at != std::string::npos; at = body.find(name))
                body.replace(at, name.size(), "*");
        return fmt::format("{} {} {}", response.status, response.content_type, body);
    };
    for (const auto& holder : {arcadia, borealia, vault, arcadia_overseer})
        for (const auto& asker : {cascadia, vault, arcadia_overseer}) {
            auto& station = world.federation.at(holder);
            const auto ask = [&](const std::string& target) {
                return station.answer(asker, {"GET", target, {}, {}, "application/json"});
            };
            if (asker == cascadia)
                CHECK(
                    plain(ask("/exchange/v1/cases/" + id + "/acts"), {id}) ==
                    plain(ask("/exchange/v1/cases/" + unknown_case + "/acts"), {unknown_case}));
            // Nobody but the addressee has evidence, also not who takes part in the case.
            CHECK(
                plain(ask("/exchange/v1/evidence/" + id + "/" + hash), {id, hash}) ==
                plain(
                    ask("/exchange/v1/evidence/" + unknown_case + "/" + unknown_hash),
                    {unknown_case, unknown_hash}));
        }
}
