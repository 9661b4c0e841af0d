// The fold of a case over the procedures of the law pack.
#include "act/code.hpp"
#include "casefile/casefile.hpp"
#include "casefile/sentences.hpp"
#include "crypto/hash.hpp"
#include "procedure/files.hpp"
#include "support/outcome.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

using namespace comity;
using namespace comity::casefile;
using comity::procedure::Graph;
using comity::procedure::Side;
using comity::test::code;
using comity::test::moment;

namespace {

const ParticipantId arcadia("arcadia-authority");
const ParticipantId borealia("borealia-authority");
const ParticipantId cascadia("cascadia-authority");
const ParticipantId vault("vault-provider");
const ParticipantId oversight("arcadia-oversight");

// A case that is run act by act, each checked before it is performed.
class Run {
public:
    explicit Run(const std::string& procedure = "mla", std::vector<ParticipantId> third = {}) {
        opening_ = {arcadia,          borealia,     vault,
                    std::move(third), "subscriber", OfficeId("arcadia-police")};
        graph_ = Graph::make(procedure::test::law(procedure), parameters(opening_));
        procedure_ = procedure;
        state = open_case(header("request"), graph_);
    }

    // A correct header for the act as the case stands, its person named after the act.
    [[nodiscard]] act::Header header(const std::string& name) const {
        act::Header out;
        const auto index = graph_.find(name);
        REQUIRE_MESSAGE(index, name);
        const auto& act = graph_.act(*index);
        out.federation = "practice";
        out.case_id = CaseId("abcdefghijklmnopqrstuvwxyz");
        out.sequence = state.next_sequence;
        out.act = name;
        out.procedure = procedure_;
        out.law_pack = "pack";
        out.side = std::string(to_text(act.side));
        out.role = act.role;
        out.performer = performer(act.side);
        if (act.side != Side::clock) {
            out.person = PersonId("person-of-" + name);
            out.office = OfficeId("office");
        }
        out.time = now;
        out.keeper = state.keeper;
        if (out.sequence == 1)
            out.opening = opening_;
        else
            out.after = {state.last};
        for (const auto& debt : graph_.debts(*index))
            if (!debt.until.empty()) out.dates[debt.until] = now + std::chrono::hours(24 * 30);
        if (name == "consult") out.joining = cascadia;
        const auto proof = crypto::sha256("what the code proves");
        if (name == "notify") out.code = act::code_commitment(proof);
        if (name == "challenge") out.code = proof;
        return out;
    }

    [[nodiscard]] std::string check(const act::Header& header, bool overseer = false) const {
        auto four = check_four_eyes(state, header);
        if (!four) return code(four);
        return code(check_procedure(state, graph_, {header, now, overseer}));
    }

    // Checks and performs; `check` has the code.
    std::string perform(const act::Header& header, bool overseer = false) {
        const auto answer = check(header, overseer);
        if (answer != "accepted") return answer;
        const auto next = casefile::perform(
            state, graph_, header, crypto::sha256(act::print_header(header)), now);
        REQUIRE_MESSAGE(next, (next ? "" : next.error().facts.text()));
        state = *next;
        return answer;
    }

    std::string perform(const std::string& act) { return perform(header(act), true); }

    void all(const std::vector<std::string>& acts) {
        for (const auto& act : acts) {
            INFO(act);
            REQUIRE(perform(act) == "accepted");
            now += std::chrono::hours(1);
        }
    }

    [[nodiscard]] const Graph& graph() const { return graph_; }

    Case state;
    Instant now = moment("2026-03-01T09:00:00Z");

private:
    [[nodiscard]] ParticipantId performer(Side side) const {
        switch (side) {
        case Side::requesting:
        case Side::subject: return arcadia;
        case Side::requested: return borealia;
        case Side::provider: return vault;
        case Side::third: return cascadia;
        case Side::oversight: return oversight;
        case Side::clock: return state.keeper;
        }
        return {};
    }

    act::Opening opening_;
    Graph graph_;
    std::string procedure_;
};

const std::vector<std::string> ordinary = {
    "request", "authorise", "transmit", "acknowledge", "accept", "order",        "produce",
    "release", "receive",   "open",     "purge",       "notify", "relay-notice", "delete"};

Result<Case> reread(const Run& run, const json::Object& object) {
    return read_case(
        object, [&](std::string_view procedure, const procedure::Parameters& parameters) {
            return procedure == run.state.procedure
                       ? std::make_shared<const Graph>(
                             Graph::make(procedure::test::law(std::string(procedure)), parameters))
                       : nullptr;
        });
}

} // namespace

TEST_CASE("R3_ an ordinary case runs from request to open and purge, and comes to rest") {
    Run run;
    CHECK(run.state.keeper == arcadia);
    CHECK(run.state.joined == std::vector<std::string>{"requesting"});
    CHECK(run.state.next_sequence == 1);
    for (std::size_t i = 0; i < ordinary.size(); ++i) {
        INFO(ordinary[i]);
        const auto header = run.header(ordinary[i]);
        REQUIRE(run.perform(header) == "accepted");
        CHECK(run.state.next_sequence == static_cast<std::int64_t>(i) + 2);
        CHECK(run.state.last == crypto::sha256(act::print_header(header)));
        CHECK(run.state.latest.at(ordinary[i]) == run.state.last);
        CHECK(run.state.last_admitted == run.now);
        // From transmit on the requested country keeps the thread, to the end.
        CHECK(run.state.keeper == (i < 2 ? arcadia : borealia));
        run.now += std::chrono::hours(1);
    }
    CHECK(procedure::at_rest(run.state.marking));
    CHECK(run.state.signatories.size() == 3);
    CHECK(run.state.signatories.at("authorise") == PersonId("person-of-authorise"));
}

TEST_CASE("N1_ sides join with the first act that asks something of them") {
    Run run;
    const std::map<std::string, std::vector<std::string>> table = {
        {"request", {"requesting"}},
        {"authorise", {"requesting"}},
        {"transmit", {"requested", "requesting"}},
        {"acknowledge", {"requested", "requesting"}},
        {"freeze", {"provider", "requested", "requesting"}},
        {"consult", {"provider", "requested", "requesting", "third"}},
        {"opine", {"provider", "requested", "requesting", "third"}}};
    for (const std::string act :
         {"request", "authorise", "transmit", "acknowledge", "freeze", "consult", "opine"}) {
        INFO(act);
        REQUIRE(run.perform(act) == "accepted");
        CHECK(run.state.joined == table.at(act));
    }
    CHECK(run.state.consulted == std::vector{cascadia});
    CHECK(side_of(run.state, cascadia) == "third");
    Run without;
    without.all({"request", "authorise", "transmit", "acknowledge", "accept"});
    CHECK(
        std::find(without.state.joined.begin(), without.state.joined.end(), "third") ==
        without.state.joined.end());
    without.all({"order"});
    CHECK(
        std::find(without.state.joined.begin(), without.state.joined.end(), "provider") !=
        without.state.joined.end());
    CHECK_FALSE(names(without.state, cascadia));
}

TEST_CASE("N1_ each participant stands on one side and each side names its participants") {
    const Run run("extraordinary", {cascadia});
    CHECK(participant_of(run.state, "requesting") == arcadia);
    CHECK(participant_of(run.state, "requested") == borealia);
    CHECK(participant_of(run.state, "provider") == vault);
    CHECK(participant_of(run.state, "third") == cascadia);
    CHECK(participant_of(run.state, "oversight").empty());
    CHECK(participant_of(run.state, "clock").empty());
    CHECK(side_of(run.state, vault) == "provider");
    CHECK(side_of(run.state, oversight).empty());
    CHECK_FALSE(names(run.state, oversight));
    CHECK(parameters(run.state.opening) == procedure::Parameters{"subscriber", true});
    const Run two("extraordinary", {cascadia, ParticipantId("delphia-authority")});
    CHECK(participant_of(two.state, "third").empty());
    CHECK(participants_of_side(two.state, "third").size() == 2);
}

TEST_CASE("T04 nobody performs two of request, certify, authorise and transmit in one case") {
    const std::vector<std::string> acts = {"request", "certify", "authorise", "transmit"};
    for (const auto& earlier : acts)
        for (const auto& later : acts) {
            INFO(earlier << " then " << later);
            Run run("emergency");
            run.state.signatories[earlier] = PersonId("one");
            auto header = run.header(later);
            header.person = PersonId("one");
            CHECK(
                code(check_four_eyes(run.state, header)) ==
                (earlier == later ? "accepted" : "four_eyes"));
            header.person = PersonId("another");
            CHECK(code(check_four_eyes(run.state, header)) == "accepted");
        }
    for (const std::string act : {"acknowledge", "open", "withdraw", "answer"}) {
        Run run("emergency");
        run.state.signatories["request"] = PersonId("one");
        auto header = run.header(act);
        header.person = PersonId("one");
        CHECK(code(check_four_eyes(run.state, header)) == "accepted");
        CHECK_FALSE(needs_other_eyes(act));
    }
}

TEST_CASE("T04 the fold remembers who signed, so one officer alone does not get a case out") {
    Run run;
    auto request = run.header("request");
    request.person = PersonId("one");
    REQUIRE(run.perform(request) == "accepted");
    auto authorise = run.header("authorise");
    authorise.person = PersonId("one");
    CHECK(run.perform(authorise) == "four_eyes");
    authorise.person = PersonId("two");
    REQUIRE(run.perform(authorise) == "accepted");
    auto transmit = run.header("transmit");
    for (const std::string who : {"one", "two"}) {
        transmit.person = PersonId(who);
        CHECK(run.perform(transmit) == "four_eyes");
    }
    transmit.person = PersonId("three");
    CHECK(run.perform(transmit) == "accepted");
}

TEST_CASE(
    "T07 an act by a participant that does not stand on its side is refused, over all pairs") {
    Run run;
    for (std::size_t i = 0; i < ordinary.size(); ++i) {
        for (const auto& who :
             {arcadia, borealia, vault, cascadia, oversight, ParticipantId("nobody")}) {
            auto header = run.header(ordinary[i]);
            if (header.performer == who) continue;
            header.performer = who;
            INFO(ordinary[i] << " by " << who.str());
            CHECK(run.check(header) == "act_side");
            CHECK(run.check(header, true) == "act_side");
        }
        for (const std::string side :
             {"requesting", "requested", "provider", "third", "subject", "oversight", "clock"}) {
            auto header = run.header(ordinary[i]);
            if (header.side == side) continue;
            header.side = side;
            CHECK(run.check(header) == "act_side");
        }
        auto header = run.header(ordinary[i]);
        header.role = "registrar";
        CHECK(run.check(header) == "act_role");
        header.role.clear();
        CHECK(run.check(header) == "act_role");
        REQUIRE(run.perform(ordinary[i]) == "accepted");
    }
}

TEST_CASE("X6_ only an oversight body of a country in the case inspects, suspends and resumes it") {
    Run run;
    run.all({"request"});
    auto inspect = run.header("inspect");
    CHECK(run.check(inspect, false) == "act_side");
    CHECK(run.check(inspect, true) == "accepted");
    run.all({"suspend"});
    CHECK(run.check(run.header("authorise")) == "act_held_by");
    run.all({"resume"});
    CHECK(run.check(run.header("authorise")) == "accepted");
}

TEST_CASE("T01 acts out of turn and unknown acts are refused by the procedure") {
    Run run;
    CHECK(run.check(run.header("authorise")) == "act_waits_for");
    CHECK(run.check(run.header("purge")) == "act_closed");
    run.all({"request"});
    CHECK(run.check(run.header("request")) == "act_closed");
    auto unknown = run.header("authorise");
    unknown.act = "certify"; // an act of the emergency procedure only
    CHECK(run.check(unknown) == "act_unknown");
    Run early;
    early.all(
        {"request", "authorise", "transmit", "acknowledge", "accept", "order", "produce",
         "release"});
    auto receive = early.header("receive");
    receive.dates.clear();
    CHECK(early.check(receive) == "deadline_missing");
    receive.dates["retention_end"] = add(early.now, Period{.years = 5}) + Milliseconds{1};
    CHECK(early.check(receive) == "deadline_too_far");
    receive.dates["retention_end"] = add(early.now, Period{.years = 5});
    CHECK(early.check(receive) == "accepted");
}

TEST_CASE(
    "X6_ a node performs an act at its deadline by itself only once it is due: below, at, above") {
    Run run;
    run.all(
        {"request", "authorise", "transmit", "acknowledge", "accept", "order", "produce", "release",
         "receive"});
    Instant due{};
    for (const auto& owed : procedure::owed(run.graph(), run.state.marking))
        if (owed.name == "purge") due = owed.due;
    REQUIRE(due > run.now);
    auto purge = run.header("purge");
    const auto at = [&](const act::Header& header, Instant when) {
        return code(check_procedure(run.state, run.graph(), {header, when, false}));
    };
    CHECK(at(purge, due - Milliseconds{1}) == "accepted"); // a person may, at any time
    purge.person = {};
    purge.office = {};
    purge.role = {};
    CHECK(at(purge, due - Milliseconds{1}) == "act_role");
    CHECK(at(purge, due) == "accepted");
    CHECK(at(purge, due + Milliseconds{1}) == "accepted");
    purge.performer = arcadia;
    CHECK(at(purge, due) == "act_side");
    // An act that is owed and not marked so is never a node's, however late it is.
    Run waiting;
    waiting.all(
        {"request", "authorise", "transmit", "acknowledge", "accept", "order", "produce",
         "release"});
    auto receive = waiting.header("receive");
    receive.person = {};
    receive.office = {};
    receive.role = {};
    CHECK(waiting.check(receive) == "act_role");
}

TEST_CASE("T34 a notice commits to a code, and only who shows the proof for it challenges") {
    Run run;
    run.all({"request", "authorise", "transmit", "acknowledge", "accept", "order", "produce"});
    auto notify = run.header("notify");
    const auto commitment = notify.code;
    notify.code.reset();
    CHECK(run.check(notify) == "header_malformed");
    auto release = run.header("release");
    release.code = commitment;
    CHECK(run.check(release) == "header_malformed");
    auto early = run.header("challenge");
    CHECK(run.check(early) == "code_wrong");
    run.all({"notify"});
    CHECK(run.state.code == commitment);
    auto challenge = run.header("challenge");
    challenge.person = {};
    challenge.office = {};
    challenge.role = {};
    CHECK(run.check(challenge) == "accepted");
    for (const auto& wrong :
         {std::optional<Digest>{}, commitment, std::optional<Digest>{crypto::sha256("guessed")}}) {
        auto other = challenge;
        other.code = wrong;
        CHECK(run.check(other) != "accepted");
    }
    for (const auto& who : {borealia, vault}) {
        auto other = challenge;
        other.performer = who;
        CHECK(run.check(other) == "act_side");
    }
    CHECK(*reread(run, print_case(run.state, run.graph())) == run.state);
}

TEST_CASE("X6_ the clock's acts are the keeper's, and not before their time") {
    Run run;
    run.all({"request", "authorise", "transmit", "acknowledge"});
    const Instant consulted = run.now;
    run.all({"consult"});
    const auto lapse = run.header("lapse-consultation");
    CHECK(lapse.performer == borealia);
    const auto at = [&](const act::Header& header, Instant when) {
        return code(check_procedure(run.state, run.graph(), {header, when, false}));
    };
    const Instant due = consulted + std::chrono::hours(24 * 10);
    CHECK(at(lapse, due - Milliseconds{1}) == "act_too_early");
    CHECK(at(lapse, due) == "accepted");
    auto other = lapse;
    other.performer = arcadia; // kept the case before, and does no more
    CHECK(at(other, due) == "act_side");
    other = lapse;
    other.person = PersonId("somebody");
    other.role = "judge";
    CHECK(at(other, due) == "act_role");
}

TEST_CASE("N1_ a country joins by the act that consults it, and no side of the case is consulted") {
    Run run;
    run.all({"request", "authorise", "transmit", "acknowledge"});
    auto consult = run.header("consult");
    CHECK(run.check(consult) == "accepted");
    for (const auto& side : {arcadia, borealia, vault}) {
        consult.joining = side;
        CHECK(run.check(consult) == "header_malformed");
    }
    consult.joining.reset();
    CHECK(run.check(consult) == "header_malformed");
    auto ask = run.header("ask");
    ask.joining = cascadia;
    CHECK(run.check(ask) == "header_malformed");
    CHECK(run.state.consulted.empty());
}

TEST_CASE("property: a case is the same after print and read, at every step of random runs") {
    const std::uint64_t seed = std::random_device{}();
    MESSAGE("seed " << seed);
    std::mt19937_64 random(seed);
    std::size_t steps = 0;
    for (int i = 0; i < 60; ++i) {
        const std::string procedure = std::array{"mla", "emergency", "extraordinary"}[random() % 3];
        Run run(
            procedure, random() % 2 == 0 ? std::vector<ParticipantId>{} : std::vector{cascadia});
        for (int step = 0; step < 25; ++step) {
            std::vector<std::string> possible;
            const auto mask = procedure::enabled(run.graph(), run.state.marking, run.now);
            for (std::size_t a = 0; a < run.graph().size(); ++a)
                if ((mask >> a & 1) != 0) possible.push_back(run.graph().act(a).name);
            if (possible.empty()) break;
            const auto header = run.header(possible[random() % possible.size()]);
            if (run.perform(header, true) == "accepted") ++steps;
            run.now += std::chrono::hours(random() % 72);
            const auto printed = json::parse_object(
                json::print(print_case(run.state, run.graph())), std::size_t{1} << 20);
            REQUIRE(printed.has_value());
            const auto back = reread(run, *printed);
            REQUIRE_MESSAGE(back, (back ? "" : back.error().facts.text()));
            REQUIRE(*back == run.state);
        }
    }
    CHECK(steps > 300);
}

TEST_CASE("a stored case of another form is refused") {
    Run run;
    run.all({"request", "authorise", "transmit"});
    const auto good = print_case(run.state, run.graph());
    CHECK(code(reread(run, good)) == "accepted");
    for (const auto& member : good) {
        INFO(std::string(member.key()));
        auto changed = good;
        changed.erase(member.key());
        CHECK_FALSE(reread(run, changed).has_value());
        changed[member.key()] = true;
        CHECK_FALSE(reread(run, changed).has_value());
    }
    const auto with = [&](std::string_view name, const json::Value& value) {
        auto changed = good;
        changed[name] = value;
        return code(reread(run, changed));
    };
    CHECK(with("more", 1) == "json_malformed");
    CHECK(with("latest", json::Object{{"request", "x"}}) == "json_malformed");
    CHECK(with("latest", json::Object{{"request", 1}}) == "json_malformed");
    CHECK(with("signatories", json::Object{{"request", 1}}) == "json_malformed");
    CHECK(with("opening", json::Object{}) == "json_malformed");
    CHECK(with("last", "x") == "json_malformed");
    CHECK(with("procedure", "other") == "procedure_unknown");
}

TEST_CASE("R3_ each act of the three procedures has a sentence in English, French and Arabic") {
    for (const std::string id : {"mla", "emergency", "extraordinary"}) {
        const auto procedure = procedure::test::law(id);
        for (const auto& act : procedure.acts()) {
            INFO(id << " " << act.name);
            const auto en = sentence(act.name, "Arcadia", "en");
            const auto fr = sentence(act.name, "Arcadia", "fr");
            CHECK(en != fr);
            CHECK(en != sentence("no-such-act", "Arcadia", "en"));
            CHECK(en != fmt::format("Arcadia: {}", act.name));
            CHECK(fr != fmt::format("Arcadia: {}", act.name));
            CHECK(en.find("Arcadia") != std::string::npos);
            CHECK(fr.find("Arcadia") != std::string::npos);
            CHECK(en.find_first_of("{}") == std::string::npos);
        }
        // Two acts never read alike, in either language.
        for (const std::string_view language : {"en", "fr", "ar"}) {
            std::map<std::string, std::string> seen;
            for (const auto& act : procedure.acts())
                CHECK_MESSAGE(
                    seen.emplace(sentence(act.name, "X", language), act.name).second, act.name);
        }
    }
    CHECK(sentence("new-act", "Arcadia", "fr") == "Arcadia : new-act");
}

TEST_CASE("deadlines are worded by their distance, to the minute below, at and above the steps") {
    const Instant now = moment("2026-03-01T09:00:00Z");
    const auto in = [&](std::chrono::minutes distance, std::string_view language = "en") {
        return relative(now + distance, now, language);
    };
    using std::chrono::minutes;
    CHECK(in(minutes(0)) == "in 0 min");
    CHECK(in(minutes(59)) == "in 59 min");
    CHECK(in(minutes(60)) == "in 1 h");
    CHECK(in(minutes(48 * 60 - 1)) == "in 47 h");
    CHECK(in(minutes(48 * 60)) == "in 2 days");
    CHECK(in(minutes(-1)) == "1 min late");
    CHECK(in(minutes(-48 * 60)) == "2 days late");
    CHECK(in(minutes(72 * 60), "fr") == "dans 3 jours");
    CHECK(in(minutes(-120), "fr") == "2 h de retard");
}
