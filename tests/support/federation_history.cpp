// Each invariant a function over the events.
#include "support/federation_history.hpp"

#include "support/outcome.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

namespace comity::test {

namespace {

using Names = std::set<std::string, std::less<>>;

// After these nothing is opened, received or produced.
const Names ends_use = {"uphold-challenge", "quash",   "oppose",
                        "oppose-third",     "decline", "lapse-authorisation"};
const Names moving = {"authorise", "decline", "certify", "lapse-authorisation",
                      "transmit",  "accept",  "order",   "produce",
                      "release",   "receive", "open",    "retain",
                      "suspend"};

class Check {
public:
    explicit Check(const History& history) : h_(history) {}

    std::vector<std::string> run() {
        basics();
        judge_before_production();
        receiving_country();
        notice();
        challenge();
        ended_use();
        retention();
        deletion();
        suspension();
        return std::move(broken_);
    }

private:
    using Place = std::optional<std::size_t>;

    [[nodiscard]] Place first(std::string_view act) const {
        for (std::size_t i = 0; i < h_.events.size(); ++i)
            if (h_.events[i].act == act) return i;
        return std::nullopt;
    }

    // The last of these acts before a place.
    [[nodiscard]] Place before(std::size_t place, const Names& acts) const {
        for (std::size_t i = place; i-- > 0;)
            if (acts.contains(h_.events[i].act)) return i;
        return std::nullopt;
    }

    [[nodiscard]] bool after(std::size_t place, std::string_view act) const {
        return std::any_of(
            h_.events.begin() + static_cast<std::ptrdiff_t>(place) + 1, h_.events.end(),
            [&](const Event& event) { return event.act == act; });
    }

    void say(int number, std::size_t place, std::string_view what) {
        broken_.push_back(fmt::format(
            "invariant {}: {} (act {}, {})", number, what, place + 1, h_.events[place].act));
    }

    template <class Work>
    void each(const Names& acts, Work work) {
        for (std::size_t i = 0; i < h_.events.size(); ++i)
            if (acts.contains(h_.events[i].act)) work(i, h_.events[i]);
    }

    // Four eyes, and admissions one after the other.
    void basics() {
        std::map<std::string, std::string> people;
        for (std::size_t i = 0; i < h_.events.size(); ++i) {
            const auto& event = h_.events[i];
            if (i > 0 && event.at + std::chrono::minutes{2} < h_.events[i - 1].at)
                say(0, i, "admitted before the act before it");
            if (!Names{"request", "certify", "authorise", "transmit"}.contains(event.act)) continue;
            for (const auto& [act, person] : people)
                if (person == event.person && !person.empty())
                    say(0, i, "by the same person as " + act);
            people[event.act] = event.person;
        }
    }

    [[nodiscard]] bool by_judge(std::size_t place) const {
        return h_.events[place].role == "judge" && !h_.events[place].person.empty();
    }

    void judge_before_production() {
        each({"produce"}, [&](std::size_t i, const Event&) {
            const auto judge = before(i, {"authorise"});
            if (h_.procedure == "emergency") {
                if (!before(i, {"certify"}) || !before(i, {"confirm"}))
                    say(1, i, "an emergency without second officer or call-back");
            } else if (!judge || !by_judge(*judge)) {
                say(1, i, "data was produced without a judge");
            }
            if (h_.procedure == "extraordinary") return;
            const auto order = before(i, {"order"});
            if (!order || !by_judge(*order)) say(1, i, "data was produced without an order");
        });
        if (h_.procedure != "emergency") return;
        each({"open"}, [&](std::size_t i, const Event& event) {
            const auto certified = before(i, {"certify"});
            const bool late = certified && event.at > h_.events[*certified].at +
                                                          std::chrono::hours{48} +
                                                          std::chrono::minutes{2};
            if (late && !before(i, {"authorise"}))
                say(1, i, "opened more than 48 hours after the certificate without a judge");
        });
    }

    void receiving_country() {
        each({"produce"}, [&](std::size_t i, const Event& event) {
            if (!before(i, {"acknowledge"}))
                say(2, i, "produced before the receiving country acknowledged");
            if (before(i, {"refuse", "withdraw", "oppose", "oppose-third", "uphold-objection"}))
                say(2, i, "produced after somebody had stopped it");
            if (h_.procedure != "extraordinary") return;
            cleared(i, event, {"clear", "lapse-clearance"}, "lapse-clearance", "acknowledge");
            if (h_.third)
                cleared(i, event, {"clear-third", "lapse-third"}, "lapse-third", "transmit");
        });
    }

    // Clearance, or silence for the whole of its time.
    void cleared(
        std::size_t i, const Event& event, const Names& acts, std::string_view lapse,
        std::string_view from) {
        const auto clearance = before(i, acts);
        if (!clearance) return say(2, i, "produced before it was cleared");
        if (h_.events[*clearance].act != lapse) return;
        if (lapse == "lapse-clearance" && h_.category != "subscriber" && h_.category != "access")
            say(2, i, "traffic or content by silence");
        const auto begun = before(*clearance, {std::string(from)});
        if (!begun || h_.events[*clearance].at < h_.events[*begun].at + std::chrono::hours{96} ||
            event.at < h_.events[*clearance].at - std::chrono::minutes{2})
            say(2, i, "silence counted before its time");
    }

    void notice() {
        each({"defer-notice"}, [&](std::size_t i, const Event& event) {
            const auto most = h_.procedure == "extraordinary" ? 90 : 180;
            const auto until = event.dates.find("until");
            if (!by_judge(i)) say(3, i, "notice deferred by somebody who is no judge");
            if (until == event.dates.end() || until->second <= event.at ||
                until->second > event.at + std::chrono::hours{24 * most} + std::chrono::minutes{2})
                say(3, i, "notice deferred without an end, or too far");
        });
        const auto produced = first("produce");
        if (!produced) return;
        const auto told = first("notify");
        Instant due = h_.events[*produced].at + std::chrono::hours{24 * 30};
        for (std::size_t i = 0; i < h_.events.size(); ++i)
            if (h_.events[i].act == "defer-notice" && i > *produced && (!told || i < *told) &&
                h_.events[i].dates.contains("until"))
                due = h_.events[i].dates.at("until");
        // However often it was put off, the total has an end.
        const Instant last =
            add(h_.events[*produced].at,
                h_.procedure == "extraordinary" ? Period{.days = 180} : Period{.years = 1});
        if (due > last + std::chrono::minutes{2}) say(3, *produced, "put off beyond the total");
        if (h_.at_rest && !told) say(3, *produced, "the person was never told");
        if (told && *told < *produced) say(3, *told, "told before anything was produced");
        // The node sends it by itself; what may come between is the network and a restart.
        if (told && h_.events[*told].at > due + std::chrono::hours{24})
            say(3, *told,
                fmt::format(
                    "told on {}, after the date {}", to_text(h_.events[*told].at), to_text(due)));
    }

    void challenge() {
        each({"challenge"}, [&](std::size_t i, const Event&) {
            if (!before(i, {"notify"})) say(4, i, "challenged before any notice");
            if (h_.at_rest && !after(i, "dismiss-challenge") && !after(i, "uphold-challenge") &&
                !first("quash"))
                say(4, i, "a challenge without a ruling");
        });
        each({"open", "release", "retain"}, [&](std::size_t i, const Event&) {
            const auto last = before(i, {"challenge", "dismiss-challenge", "uphold-challenge"});
            if (last && h_.events[*last].act == "challenge")
                say(4, i, "used while a challenge was pending");
        });
    }

    void ended_use() {
        each(ends_use, [&](std::size_t i, const Event&) {
            for (std::size_t j = i + 1; j < h_.events.size(); ++j)
                if (Names{"open", "retain", "release", "receive"}.contains(h_.events[j].act))
                    say(5, j, "after " + h_.events[i].act);
            if (!h_.at_rest) return;
            if (before(i, {"receive"}) && !first("delete"))
                say(5, i, "received data was never deleted");
            if (before(i, {"produce"}) && h_.procedure != "extraordinary" && !first("purge"))
                say(5, i, "the receiving country's copies were never deleted");
        });
    }

    void retention() {
        each({"receive"}, [&](std::size_t i, const Event& event) {
            if (!event.dates.contains("retention_end"))
                say(6, i, "received without an end of retention");
            if (h_.at_rest && !after(i, "delete")) say(6, i, "kept for ever");
        });
        each({"open", "retain"}, [&](std::size_t i, const Event&) {
            if (before(i, {"delete"})) say(6, i, "after the data had been deleted");
        });
    }

    // What people forget the nodes destroy by themselves, at the latest date that the acts gave.
    void deletion() {
        const auto by = [&](std::string_view act, const Names& starts, std::chrono::days within) {
            const auto done = first(act);
            if (!done) return;
            std::optional<Instant> due;
            for (std::size_t i = 0; i < *done; ++i) {
                const auto& event = h_.events[i];
                std::optional<Instant> at;
                if (starts.contains(event.act)) at = event.at + within;
                if (ends_use.contains(event.act) || event.act == "withdraw" ||
                    event.act == "correct")
                    at = event.at + std::chrono::days{10};
                for (const auto name : {"retention_end", "until"})
                    if (act == "delete" && (event.act == "receive" || event.act == "retain") &&
                        event.dates.contains(name))
                        at = event.dates.find(name)->second;
                if (at && (!due || *at > *due)) due = at;
            }
            if (due && h_.events[*done].at > *due + std::chrono::hours{24})
                say(6, *done, "later than it was owed");
        };
        by("delete", {}, {});
        by("purge", {"receive"}, std::chrono::days{1});
    }

    void suspension() {
        bool suspended = false;
        for (std::size_t i = 0; i < h_.events.size(); ++i) {
            const auto& act = h_.events[i].act;
            if (suspended && moving.contains(act)) say(7, i, "moved while suspended");
            if (act == "suspend") suspended = true;
            if (act == "resume" || act == "quash") suspended = false;
        }
    }

    const History& h_;
    std::vector<std::string> broken_;
};

} // namespace

std::vector<std::string> broken_rights(const History& history) {
    return Check(history).run();
}

bool may_be_open(const History& history) {
    bool suspended = false;
    bool challenged = false;
    bool received = false;
    for (const auto& event : history.events) {
        if (ends_use.contains(event.act) || event.act == "delete" || event.act == "refuse")
            return false;
        if (event.act == "receive") received = true;
        if (event.act == "suspend") suspended = true;
        if (event.act == "resume") suspended = false;
        if (event.act == "challenge") challenged = true;
        if (event.act == "dismiss-challenge") challenged = false;
    }
    return received && !suspended && !challenged;
}

} // namespace comity::test
