// The predicates of the rights can fail: from a good history one thing at a time is made wrong, and
// the right invariant is named.
#include "support/federation_history.hpp"
#include "support/outcome.hpp"

#include <algorithm>

using namespace comity;
using namespace comity::test;

namespace {

using std::chrono::days;
using std::chrono::hours;

const Instant begun = *instant_from("2026-03-02T09:00:00Z");

// Acts an hour apart, by the people of their roles.
History told(const std::string& procedure, const std::vector<std::string>& acts) {
    static const std::map<std::string, std::string> roles = {
        {"authorise", "judge"}, {"order", "judge"}, {"defer-notice", "judge"}, {"retain", "judge"}};
    History out{procedure, "access", false, true, {}};
    for (const auto& act : acts) {
        const auto role = roles.contains(act) ? roles.at(act) : "officer";
        const bool clock = act.starts_with("lapse");
        out.events.push_back(
            {act,
             "side",
             clock ? "" : role,
             "node",
             clock ? "" : act + "-person",
             begun + hours{out.events.size()},
             {}});
        if (act == "receive") out.events.back().dates["retention_end"] = begun + days{60};
        if (act == "defer-notice") out.events.back().dates["until"] = begun + days{50};
    }
    return out;
}

Event& event(History& history, const std::string& act) {
    const auto at =
        std::find_if(history.events.begin(), history.events.end(), [&](const Event& one) {
            return one.act == act;
        });
    REQUIRE(at != history.events.end());
    return *at;
}

const std::vector<std::string> ordinary = {
    "request", "authorise", "transmit", "acknowledge", "accept", "order", "produce",
    "release", "receive",   "open",     "purge",       "notify", "delete"};
const std::vector<std::string> urgent = {
    "request", "certify", "transmit", "confirm",   "acknowledge", "accept", "order", "produce",
    "release", "receive", "open",     "authorise", "purge",       "notify", "delete"};
const std::vector<std::string> direct = {"request", "authorise", "transmit", "acknowledge",
                                         "clear",   "produce",   "receive",  "open",
                                         "notify",  "delete"};

bool names(const std::vector<std::string>& broken, int number) {
    const std::string start = "invariant " + std::to_string(number) + ":";
    return std::any_of(broken.begin(), broken.end(), [&](const std::string& sentence) {
        return sentence.starts_with(start);
    });
}

History without(History history, const std::string& act) {
    std::erase_if(history.events, [&](const Event& one) { return one.act == act; });
    return history;
}

} // namespace

TEST_CASE("M4_ histories that keep every right are not complained about") {
    CHECK(broken_rights(told("mla", ordinary)).empty());
    CHECK(broken_rights(told("emergency", urgent)).empty());
    CHECK(broken_rights(told("extraordinary", direct)).empty());
    CHECK(may_be_open(told("mla", {"request", "receive"})));
}

TEST_CASE("M4_ each act that a right rests on is missed when it is left out") {
    struct Row {
        std::string procedure;
        std::vector<std::string> acts;
        std::string left_out;
        int invariant;
    };

    const std::vector<Row> rows = {
        {"mla", ordinary, "authorise", 1},
        {"mla", ordinary, "order", 1},
        {"emergency", urgent, "certify", 1},
        {"emergency", urgent, "confirm", 1},
        {"extraordinary", direct, "authorise", 1},
        {"mla", ordinary, "acknowledge", 2},
        {"extraordinary", direct, "clear", 2},
        {"mla", ordinary, "notify", 3},
        {"mla", ordinary, "delete", 6}};
    for (const auto& row : rows)
        CHECK_MESSAGE(
            names(
                broken_rights(without(told(row.procedure, row.acts), row.left_out)), row.invariant),
            row.procedure, " without ", row.left_out);
}

TEST_CASE("M4_ what happens too late, too early or by the wrong person breaks its right") {
    auto late = told("mla", ordinary);
    event(late, "notify").at = event(late, "produce").at + days{30} + hours{24};
    CHECK_FALSE(names(broken_rights(late), 3));
    event(late, "notify").at += Milliseconds{1};
    CHECK(names(broken_rights(late), 3));

    auto clerk = told("mla", ordinary);
    event(clerk, "authorise").role = "issuing-officer";
    CHECK(names(broken_rights(clerk), 1));
    auto nobody = told("mla", ordinary);
    event(nobody, "order").person.clear();
    CHECK(names(broken_rights(nobody), 1));

    auto silent = told("extraordinary", direct);
    auto& lapse = event(silent, "clear");
    lapse.act = "lapse-clearance";
    CHECK(names(broken_rights(silent), 2));
    const Instant full = event(silent, "acknowledge").at + hours{96};
    const Instant before = lapse.at;
    for (auto& one : silent.events)
        if (one.at >= before) one.at = full + (one.at - before) + days{1};
    lapse.at = full;
    CHECK_FALSE(names(broken_rights(silent), 2));
    silent.category = "content";
    CHECK(names(broken_rights(silent), 2));

    auto unjudged = told("emergency", urgent);
    event(unjudged, "open").at = event(unjudged, "certify").at + hours{49};
    CHECK(names(broken_rights(unjudged), 1));
}

TEST_CASE("T33 a deferral has an end, is a judge's, and is not endless") {
    auto acts = ordinary;
    acts.insert(acts.begin() + 7, "defer-notice");
    auto history = told("mla", acts);
    CHECK(broken_rights(history).empty());
    auto endless = history;
    event(endless, "defer-notice").dates.clear();
    CHECK(names(broken_rights(without(endless, "notify")), 3));
    auto far = history;
    event(far, "defer-notice").dates["until"] = event(far, "defer-notice").at + days{181};
    CHECK(names(broken_rights(far), 3));
    auto officer = history;
    event(officer, "defer-notice").role = "issuing-officer";
    CHECK(names(broken_rights(officer), 3));
}

TEST_CASE("T33 S31 a notice that is put off beyond the total of all deferrals is seen") {
    for (const auto& [procedure, list, most] :
         {std::tuple{"mla", ordinary, 365}, std::tuple{"extraordinary", direct, 180}}) {
        auto several = list;
        several.insert(std::find(several.begin(), several.end(), "notify"), 4, "defer-notice");
        auto history = told(procedure, several);
        const Instant produced = event(history, "produce").at;
        std::size_t count = 0;
        for (auto& one : history.events)
            if (one.act == "defer-notice") {
                one.at = produced + days{most} * count / 5;
                one.dates["until"] = produced + days{most} * ++count / 4;
            }
        event(history, "notify").at = produced + days{most};
        event(history, "delete").at = produced + days{most} + hours{1};
        event(history, "receive").dates["retention_end"] = produced + days{most};
        const auto late = [&](const History& one) {
            const auto broken = broken_rights(one);
            return std::any_of(broken.begin(), broken.end(), [](const std::string& sentence) {
                return sentence.find("beyond the total") != std::string::npos;
            });
        };
        CHECK_FALSE(late(history));
        for (auto& one : history.events)
            if (one.act == "defer-notice") one.dates["until"] += std::chrono::minutes{3};
        CHECK(late(history));
    }
}

TEST_CASE("X5_ a deletion that nobody remembered is seen when it is late") {
    auto history = told("mla", ordinary);
    event(history, "delete").at = begun + days{61};
    CHECK(broken_rights(history).empty());
    event(history, "delete").at = begun + days{61} + std::chrono::milliseconds{1};
    CHECK(names(broken_rights(history), 6));
    auto copies = told(
        "mla", {"request", "authorise", "transmit", "acknowledge", "accept", "order", "produce",
                "release", "receive", "notify", "delete", "purge"});
    const Instant received = event(copies, "receive").at;
    event(copies, "purge").at = received + days{2};
    CHECK(broken_rights(copies).empty());
    event(copies, "purge").at = received + days{2} + std::chrono::milliseconds{1};
    CHECK(names(broken_rights(copies), 6));
}

TEST_CASE("R2_ use during a challenge, after it was upheld, or while suspended is seen") {
    const auto with = [](std::vector<std::string> middle) {
        std::vector<std::string> acts = {"request", "authorise", "transmit", "acknowledge",
                                         "accept",  "order",     "produce",  "release",
                                         "receive", "notify"};
        acts.insert(acts.end(), middle.begin(), middle.end());
        acts.insert(acts.end(), {"purge", "delete"});
        return broken_rights(told("mla", acts));
    };
    CHECK(with({"challenge", "dismiss-challenge", "open"}).empty());
    CHECK(names(with({"challenge", "open", "dismiss-challenge"}), 4));
    CHECK(names(with({"challenge"}), 4)); // without a ruling
    CHECK(with({"challenge", "uphold-challenge"}).empty());
    CHECK(names(with({"challenge", "uphold-challenge", "open"}), 5));
    CHECK(names(with({"quash", "retain"}), 5));
    CHECK(with({"suspend", "resume", "open"}).empty());
    CHECK(names(with({"suspend", "open", "resume"}), 7));
    auto kept = told(
        "mla", {"request", "authorise", "transmit", "acknowledge", "accept", "order", "produce",
                "release", "receive", "notify", "challenge", "uphold-challenge"});
    CHECK(names(broken_rights(kept), 5));
    CHECK_FALSE(may_be_open(kept));
    CHECK_FALSE(may_be_open(told("mla", {"request", "receive", "suspend"})));
    CHECK_FALSE(may_be_open(told("mla", {"request", "receive", "challenge"})));
    CHECK_FALSE(may_be_open(told("mla", {"request", "receive", "delete"})));
}
