// What a closed case leaves in the records, and the report over a quarter.
#include "base/limits.hpp"
#include "node/clock_due.hpp"
#include "node/gate.hpp"
#include "node/statistics.hpp"
#include "record/leaf.hpp"
#include "support/node_practice.hpp"

#include <fmt/format.h>

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";
const std::string vault = "vault-provider";
const std::string overseer = "arcadia-oversight";

struct Counting : Practice {
    std::vector<record::Tally> tallies(const std::string& id) {
        std::vector<record::Tally> out;
        node(id).store().read([&](node::StoreReader& reader) {
            for (const auto& entry : reader.leaves(0, 10'000))
                if (auto tally = record::Tally::parse(entry)) out.push_back(std::move(*tally));
        });
        for (const auto& tally : out)
            REQUIRE(record::verify_tally(tally, id + ".example/record"));
        return out;
    }

    void perform(const std::string& who, const std::string& role, const std::string& name) {
        const auto done = act(who, role, name, fields(name));
        REQUIRE_MESSAGE(done.has_value(), name, ": ", (done ? "" : done.error().text()));
        move_all();
    }

    /// The names of a case's categories, in the schema's order.
    std::vector<std::string> categories(
        const casefile::Case& state, const procedure::Graph& graph,
        const node::TallyFacts& facts = {}) {
        std::vector<std::string> out;
        const auto indexes = node::tally_categories(state, graph, facts);
        for (std::size_t i = 0; i < indexes.size(); ++i)
            out.emplace_back(record::tally_attributes()[i].categories.at(indexes[i]));
        return out;
    }

    /// What this participant counts the case as when this act has closed it.
    std::vector<std::string> categories(const std::string& id, const std::string& closing) {
        const auto seen = state(id);
        node::TallyFacts facts;
        node(id).store().read([&](node::StoreReader& reader) {
            const auto fields = node::readable_fields(node(id), reader, case_id, closing);
            facts = node::tally_facts(
                node(id), reader, *seen, closing, fields.value_or(json::Object()));
        });
        return categories(*seen, *node::graph_of(node(id), *seen), facts);
    }

    /// What was committed: which categories open the tally with the record's key.
    std::vector<std::string> committed(const std::string& id) {
        const auto all = tallies(id);
        REQUIRE(all.size() == 1);
        std::vector<std::string> out;
        const auto& attributes = record::tally_attributes();
        for (std::size_t i = 0; i < attributes.size(); ++i)
            for (std::size_t j = 0; j < attributes[i].categories.size(); ++j) {
                auto categories = std::vector<std::size_t>(attributes.size(), 0);
                categories[i] = j;
                const auto made = record::make_tally(
                    node(id).keys().record->seed(),
                    {id + ".example/record", all[0].group, all[0].period}, all[0].id, categories);
                if (made.commitments[i] == all[0].commitments[i])
                    out.emplace_back(attributes[i].categories[j]);
            }
        return out;
    }
};

using Names = std::vector<std::string>;

} // namespace

TEST_CASE("R4_ a refused case is counted once, in the record of each side that takes part") {
    Counting world;
    world.play_until("acknowledge");
    CHECK(world.tallies(arcadia).empty());
    world.perform(borealia, "central-authority-officer", "refuse");
    REQUIRE(world.tallies(arcadia).size() == 1);
    CHECK(world.tallies(arcadia)[0].group == "requesting");
    CHECK(world.tallies(arcadia)[0].period == record::quarter_of(practice_now()));
    REQUIRE(world.tallies(borealia).size() == 1);
    CHECK(world.tallies(borealia)[0].group == "requested");
    CHECK(world.tallies(overseer).empty()); // stands on no side
    CHECK(world.tallies(arcadia)[0].id != world.tallies(borealia)[0].id);
    // Of the practice world's countries neither lies in a region.
    const Names refused{"mla",  "access", "refused", "none", "none",
                        "none", "other",  "fraud",   "form"};
    CHECK(world.categories(arcadia, "refuse") == refused);
    CHECK(world.committed(arcadia) == refused);
    CHECK(world.committed(borealia) == refused);
    // What comes after does not count it again.
    const auto suspended = world.act(overseer, "inspector", "suspend", world.fields("suspend"));
    world.move_all();
    if (suspended) {
        CHECK(world.act(overseer, "inspector", "quash", world.fields("suspend")).has_value());
        world.move_all();
    }
    CHECK(world.tallies(arcadia).size() == 1);
}

TEST_CASE("R4_ a delivered case is counted when its data is there and the person has been told") {
    Counting world;
    world.play_until("receive");
    CHECK(world.tallies(arcadia).empty());
    world.clock.pass(std::chrono::days{31});
    for (const auto& id : {borealia, arcadia}) { // the copy in between goes first
        node::clock_due(world.node(id));
        world.move_all();
    }
    REQUIRE(world.state(arcadia)->latest.contains("notify"));
    for (const auto& id : {arcadia, borealia, vault})
        CHECK(world.tallies(id).size() == 1);
    const Names delivered{"mla",  "access", "delivered", "given", "1",
                          "none", "other",  "fraud",     "none"};
    CHECK(world.categories(arcadia, "notify") == delivered);
    CHECK(world.committed(arcadia) == delivered);
    // A provider reads neither the offence nor why somebody refused.
    auto at_provider = delivered;
    at_provider[7] = "not-read";
    CHECK(world.committed(vault) == at_provider);
}

TEST_CASE("T03 an emergency whose authorisation lapsed counts as lapsed, and not as withdrawn") {
    Counting world;
    const auto graph = world.node(arcadia).law().graph("emergency", {"access", false});
    REQUIRE(graph);
    casefile::Case state;
    state.procedure = "emergency";
    state.opening.category = "access";
    state.marking = procedure::start(*graph);
    const auto with = [&](std::initializer_list<const char*> acts) {
        state.latest.clear();
        for (const auto* name : acts)
            state.latest[name] = {};
        return world.categories(state, *graph);
    };
    CHECK(
        with({"request", "certify", "lapse-authorisation"}) == Names{
                                                                   "emergency", "access", "lapsed",
                                                                   "none", "none", "lapsed",
                                                                   "other", "not-read", "none"});
    CHECK(
        with({"request", "certify", "decline"}) == Names{
                                                       "emergency", "access", "declined", "none",
                                                       "none", "declined", "other", "not-read",
                                                       "none"});
    CHECK(
        with({"request", "certify", "withdraw"}) == Names{
                                                        "emergency", "access", "withdrawn", "none",
                                                        "none", "open", "other", "not-read",
                                                        "none"});
    CHECK(
        with({"request", "authorise", "receive"}) == Names{
                                                         "emergency", "access", "delivered", "none",
                                                         "none", "validated", "other", "not-read",
                                                         "none"});
    state.opening.category = "something-new";
    state.procedure = "bilateral-1";
    CHECK(with({"request", "refuse"})[0] == "other");
    CHECK(with({"request", "refuse"})[1] == "other");
}

TEST_CASE("T40 a quarter is reported once it has ended, and the report is that of the leaves") {
    Counting world;
    world.play_until("acknowledge");
    world.perform(borealia, "central-authority-officer", "refuse");
    const std::string quarter = record::quarter_of(practice_now());
    const Instant end = record::quarter_end(quarter);
    CHECK(code(node::make_statistics(world.node(arcadia), "requesting", quarter)) == "not_found");
    world.clock.set(end - Milliseconds{1});
    CHECK(code(node::make_statistics(world.node(arcadia), "requesting", quarter)) == "not_found");
    world.clock.set(end);
    const auto report = node::make_statistics(world.node(arcadia), "requesting", quarter);
    REQUIRE_MESSAGE(report.has_value(), (report ? "" : report.error().text()));
    const auto told =
        record::verify_report(*report, "arcadia-authority.example/record", world.tallies(arcadia));
    REQUIRE_MESSAGE(told.has_value(), (told ? "" : told.error().text()));
    CHECK(told->at("outcome") == "withheld"); // one case is nobody's statistic
    CHECK(!record::verify_report(*report, "arcadia-authority.example/record", {}));
    const auto other = node::make_statistics(world.node(arcadia), "requested", quarter);
    REQUIRE(other.has_value());
    CHECK(other->at("cases").as_int64() == 0);
    CHECK(code(node::make_statistics(world.node(arcadia), "everybody", quarter)) == "not_found");
    CHECK(code(node::make_statistics(world.node(arcadia), "requesting", "2026")) == "not_found");
}

TEST_CASE("R4_ partners are counted by region, and every ground and offence has its category") {
    Counting world;
    world.play_until("acknowledge");
    const auto seen = *world.state(arcadia);
    const auto facts = [&](std::string_view act, json::Object fields) {
        node::TallyFacts out;
        world.node(arcadia).store().read([&](node::StoreReader& reader) {
            out = node::tally_facts(world.node(arcadia), reader, seen, act, fields);
        });
        return out;
    };
    CHECK(facts("refuse", {{"ground", "ne_bis_in_idem"}}).ground == "tried-already");
    CHECK(facts("oppose", {{"ground", "press"}}).ground == "privilege");
    CHECK(facts("oppose-third", {{"ground", "something_new"}}).ground == "other");
    CHECK(facts("refuse", {}).ground == "not-read");
    CHECK(facts("withdraw", {{"ground", "trivial"}}).ground == "none");
    CHECK(facts("uphold-objection", {{"ground", "trivial"}}).ground == "not-read");
    // Every word of the law pack is a category of the schema, and every ground of the forms is
    // named.
    const auto has = [](std::size_t attribute, std::string_view name) {
        const auto& all = record::tally_attributes().at(attribute).categories;
        return std::find(all.begin(), all.end(), name) != all.end();
    };
    const auto& pack = world.node(arcadia).law();
    for (const auto& country : pack.library().countries())
        CHECK_MESSAGE(has(6, country.region), country.code, " ", country.region);
    for (const auto& offence : pack.library().offences())
        CHECK_MESSAGE(has(7, offence.counted_as), offence.id, " ", offence.counted_as);
    for (const auto* form : {"refuse", "object"}) {
        const auto file = pack.pack().files().at(fmt::format("forms/{}.json", form));
        const auto schema = json::parse_object(file, limits::law_file_bytes);
        REQUIRE(schema.has_value());
        const auto grounds = schema->at("properties").at("ground").at("enum").as_array();
        CHECK(grounds.size() > 5);
        for (const auto& ground : grounds) {
            const auto counted = facts("refuse", {{"ground", ground}}).ground;
            CHECK_MESSAGE(has(8, counted), json::print(ground));
            CHECK_MESSAGE(counted != "other", json::print(ground));
        }
    }
}
