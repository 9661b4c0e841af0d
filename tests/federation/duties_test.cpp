// What each node owes in public, as somebody outside sees it who has nothing but the records that
// the nodes publish: the duties of an emergency from the transaction that brings them to the one
// that ends them, on the day and the day after.
#include "apps/monitor.hpp"
#include "support/federation_story.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

using namespace comity;
using namespace comity::test;
using record::Duty;
using record::Ending;
using std::chrono::days;
using std::chrono::hours;

namespace {

/// The files of a station's record, as anybody fetches them.
class Published final : public apps::RecordSource {
public:
    explicit Published(Station& station) : station_(station) {}

    std::optional<Bytes> get(const std::string& path) override {
        return station_.files.read("record/" + path);
    }

private:
    Station& station_;
};

const std::vector<std::pair<std::string, std::string>> urgent = {
    {arcadia, "certify"}, {arcadia, "transmit"}, {arcadia, "confirm"}, {borealia, "acknowledge"},
    {borealia, "accept"}, {borealia, "order"},   {vault, "produce"},   {borealia, "release"},
    {arcadia, "receive"}, {arcadia, "open"}};

struct Watched : Story {
    explicit Watched(const std::string& procedure = "emergency") : Story(13, procedure) {}

    /// Everybody works until nothing falls due any more: a node performs one act of a case at a
    /// time.
    void go(Instant to) {
        federation.time = to;
        for (int i = 0; i < 4; ++i)
            REQUIRE(quiet());
    }

    apps::MonitorReport visit() {
        for (int i = 0; i < 2; ++i)
            for (auto& [id, station] : federation.stations)
                station->beat();
        apps::MonitorOptions options;
        options.policy = node::witness_policy(*practice_cast().directory).value();
        for (const auto& witness : options.policy->witnesses())
            options.witnesses.push_back({witness.key, nullptr});
        for (const auto& participant : practice_cast().directory->participants()) {
            auto& station = federation.at(participant.id.str());
            // A provider that nothing was sent to yet has published an empty record, too.
            options.records.push_back(
                {station.id,
                 participant.country,
                 {record::VerifierKey::parse(participant.record.vkey).value()},
                 std::make_shared<Published>(station)});
        }
        options.now = federation.time;
        options.date = federation.time;
        const auto report = apps::monitor(options);
        for (const auto& one : report.records)
            CHECK_MESSAGE(one.problems.empty(), one.name, ": ", fmt::format("{}", one.problems));
        return report;
    }

    static const apps::RecordReport& record_of(
        const apps::MonitorReport& report, const std::string& id) {
        const auto at =
            std::find_if(report.records.begin(), report.records.end(), [&](const auto& one) {
                return one.name == id;
            });
        REQUIRE(at != report.records.end());
        return *at;
    }

    /// "notice 2026-04-01, deletion 2026-03-05": what a record says is open, by duty and day.
    static std::string open(const apps::MonitorReport& report, const std::string& id) {
        std::vector<std::string> out;
        for (const auto& [index, item] : record_of(report, id).obligations.open())
            out.push_back(fmt::format("{} {}", record::name_of(item.duty), day_text(item.day)));
        std::sort(out.begin(), out.end());
        return fmt::format("{}", fmt::join(out, ", "));
    }

    static std::uint64_t ended(
        const apps::MonitorReport& report, const std::string& id, Duty duty, Ending ending) {
        return record_of(report, id).obligations.ended(duty, ending);
    }

    static std::size_t overdue(
        const apps::MonitorReport& report, const std::string& country, Duty duty) {
        const auto at = report.overdue.find(country);
        return at == report.overdue.end() ? 0 : at->second[static_cast<std::size_t>(duty)];
    }

    Instant admitted(const std::string& kind) {
        for (const auto& row : federation.at(arcadia).acts(plot->id))
            if (row.kind == kind) return row.admitted;
        FAIL(kind);
        return {};
    }
};

std::string last(Instant due) {
    return day_text(record::last_day(due));
}

} // namespace

TEST_CASE(
    "T03 R1_ an emergency owes its judge in public from the certificate on, and a judge in time "
    "discharges it") {
    Watched world;
    CHECK(Watched::open(world.visit(), arcadia).empty());
    world.act(arcadia, "certify");
    const Instant due = world.admitted("certify") + hours{48};
    const auto owed = world.visit();
    CHECK(Watched::open(owed, arcadia) == "authorisation " + last(due));
    // Of nobody else, and in no other record.
    for (const auto& id : {borealia, vault, arcadia_overseer, borealia_overseer, cascadia})
        CHECK(Watched::record_of(owed, id).obligations.open().empty());
    world.act(arcadia, "authorise");
    const auto decided = world.visit();
    CHECK(Watched::open(decided, arcadia).empty());
    CHECK(Watched::ended(decided, arcadia, Duty::authorisation, Ending::done) == 1);
    CHECK(decided.overdue.empty());
}

TEST_CASE("T03 R1_ a judge who declines has decided, and a withdrawal lifts what was owed") {
    for (const auto& [act, ending] :
         {std::pair{"decline", Ending::done}, std::pair{"withdraw", Ending::lifted}}) {
        Watched world;
        world.act(arcadia, "certify");
        world.act(arcadia, act);
        const auto seen = world.visit();
        CHECK(Watched::open(seen, arcadia).empty());
        CHECK_MESSAGE(Watched::ended(seen, arcadia, Duty::authorisation, ending) == 1, act);
    }
}

TEST_CASE(
    "T32 T03 R1_ without a judge the duty is overdue while the keeper sleeps, lapses when it wakes, "
    "and every copy is owed deletion by who holds it") {
    Watched world;
    for (const auto& [id, name] : urgent)
        world.act(id, name);
    const Instant due = world.admitted("certify") + hours{48};
    const Instant purge = world.admitted("receive") + hours{24};
    const Instant notice = world.admitted("produce") + days{30};
    auto seen = world.visit();
    CHECK(
        Watched::open(seen, arcadia) == fmt::format(
                                            "authorisation {}, deletion {}, notice {}", last(due),
                                            last(world.plot->retention_end), last(notice)));
    CHECK(Watched::open(seen, borealia) == "deletion " + last(purge));
    CHECK(Watched::open(seen, vault).empty());
    // All sleep when the time is over: on the last day nothing is overdue, the day after it is.
    const auto look = [&](Instant now) {
        world.federation.time = now;
        return world.visit();
    };
    CHECK(
        Watched::overdue(look(record::last_day(due) + hours{23}), "XA", Duty::authorisation) == 0);
    const auto late = look(record::last_day(due) + days{1});
    CHECK(Watched::overdue(late, "XA", Duty::authorisation) == 1);
    CHECK(Watched::overdue(late, "XB", Duty::deletion) == (purge < due ? 1 : 0));
    CHECK_FALSE(late.is_clean());
    // They wake: the authorisation has lapsed, which is told apart from lifted and from done.
    world.go(world.federation.time);
    seen = world.visit();
    CHECK(Watched::ended(seen, arcadia, Duty::authorisation, Ending::lapsed) == 1);
    CHECK(Watched::overdue(seen, "XA", Duty::authorisation) == 0);
    // Deletion is owed within a day now, by each who holds a copy: what was due later moved to it.
    CHECK(Watched::ended(seen, arcadia, Duty::deletion, Ending::extended) == 1);
    CHECK(Watched::open(seen, vault).starts_with("deletion "));
    CHECK(Watched::open(seen, borealia).empty());
    CHECK(Watched::ended(seen, borealia, Duty::deletion, Ending::done) == 1);
    // The day after everybody has deleted by itself, and only the notice is open.
    world.go(world.federation.time + hours{49});
    world.go(world.federation.time + hours{1});
    seen = world.visit();
    for (const auto& id : {arcadia, borealia, vault})
        CHECK_MESSAGE(Watched::ended(seen, id, Duty::deletion, Ending::done) >= 1, id);
    CHECK(Watched::open(seen, arcadia) == "notice " + last(notice));
    CHECK(Watched::open(seen, borealia).empty());
    CHECK(Watched::open(seen, vault).empty());
    CHECK(seen.is_clean());
}

TEST_CASE(
    "T33 R1_ a notice put off is extended in public to its new day, is overdue only while its "
    "node is down, and is discharged when the node sends it by itself") {
    Watched world;
    for (const auto& [id, name] : urgent)
        world.act(id, name);
    world.act(arcadia, "authorise");
    const Instant first = world.admitted("produce") + days{30};
    CHECK(Watched::open(world.visit(), arcadia).find("notice " + last(first)) != std::string::npos);
    world.act(arcadia, "defer-notice");
    auto& here = world.federation.at(arcadia);
    const auto state = *here.find(world.plot->id);
    Instant until;
    for (const auto& item : procedure::owed(*node::graph_of(here.node(), state), state.marking))
        if (item.name == "notify") until = item.due;
    auto seen = world.visit();
    const bool moved = last(until) != last(first);
    CHECK(Watched::ended(seen, arcadia, Duty::notice, Ending::extended) == (moved ? 1u : 0u));
    CHECK(Watched::open(seen, arcadia).find("notice " + last(until)) != std::string::npos);
    // Down on the day: what others publish goes on, and its own record says what is overdue.
    world.federation.time = record::last_day(until) + days{1};
    seen = world.visit();
    CHECK(Watched::overdue(seen, "XA", Duty::notice) == 1);
    world.go(world.federation.time);
    seen = world.visit();
    CHECK(Watched::overdue(seen, "XA", Duty::notice) == 0);
    CHECK(Watched::ended(seen, arcadia, Duty::notice, Ending::done) == 1);
    CHECK(Watched::open(seen, arcadia).find("notice") == std::string::npos);
}
