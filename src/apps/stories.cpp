// What happens in each story, act by act.
#include "apps/stories.hpp"

#include "apps/story_outside.hpp"

#include <fmt/format.h>

namespace comity::apps {

namespace {

using std::chrono::hours;
using std::chrono::minutes;

const std::vector<std::string> everybody = {
    "arcadia-authority", "borealis-authority", "nimbus-mail", "inspectorate"};

Result<void> to_transmission(StoryPlayer& p, const Opening& opening) {
    TRY_VOID(p.request(opening));
    TRY_VOID(p.act(
        "arcadia-judge", "authorise",
        opening.procedure == "extraordinary" ? "extraordinary-authorise" : "authorise"));
    return p.act("arcadia-clerk", "transmit");
}

Result<void> to_order(StoryPlayer& p) {
    TRY_VOID(p.act("borealis-clerk", "acknowledge"));
    TRY_VOID(p.act("borealis-clerk", "accept"));
    return p.act("borealis-judge", "order");
}

Result<void> purge(StoryPlayer& p, std::int64_t items) {
    TRY(auto fields, p.example("purge"));
    fields["items"] = items;
    fields.erase("manifest_hash");
    fields["destroyed_at"] = to_text(p.world().time().now());
    return p.act("borealis-clerk", "purge", std::move(fields));
}

// Every holder has destroyed what it had: nothing is left on a disk, and nothing opens.
Result<void> nothing_left(StoryPlayer& p) {
    p.evidence_is_gone();
    for (const std::string node : {"arcadia-authority", "borealis-authority", "nimbus-mail"})
        TRY_VOID(p.wait_until("the files to be destroyed", [&]() -> Result<bool> {
            return p.evidence_files(node) == 0;
        }));
    p.prove(
        "no file of the evidence is left on the disk of Arcadia, Borealis or Nimbus Mail, and no "
        "key to it; each holder's deletion is an act of the case, sealed and recorded");
    return p.no_longer_opens(Code::evidence_deleted);
}

// From the request to evidence that the officer has read.
Result<void> to_opening(StoryPlayer& p, bool extra) {
    TRY_VOID(to_transmission(p, {}));
    TRY_VOID(to_order(p));
    TRY_VOID(p.produce(extra));
    TRY_VOID(p.release());
    TRY_VOID(p.receive());
    return p.open();
}

// The alarm that the inspectorate's node raises by itself.
Result<void> alarm(StoryPlayer& p, const std::string& kind) {
    return p.wait_until("the alarm", [&]() -> Result<bool> {
        TRY(const auto list, p.world().control("inspectorate").get("/oversight/alarms"));
        for (const auto& item : list.at("alarms").as_array()) {
            const auto& alarm = item.as_object();
            const auto* id = alarm.if_contains("case");
            if (id && id->as_string() == p.case_id() && alarm.at("kind").as_string() == kind)
                return true;
        }
        return false;
    });
}

// What a stranger with the monitor finds in the public records, in which nothing may be wrong.
// (Between a checkpoint and its cosignature is a moment, so it is looked at again.)
Result<void> in_records(
    StoryPlayer& p, const std::function<std::string(const MonitorReport&)>& missing) {
    std::string last;
    const auto seen = p.wait_until("the records", [&]() -> Result<bool> {
        TRY(const auto report, watch(p.world()));
        last = missing(report);
        for (const auto& record : report.records)
            if (!record.problems.empty()) last = record.name + ": " + record.problems.front();
        return last.empty();
    });
    if (!seen && !last.empty()) return refuse(Code::proof_wrong, last);
    return seen;
}

Result<void> nothing_overdue(StoryPlayer& p) {
    TRY_VOID(in_records(p, [](const MonitorReport& report) -> std::string {
        return report.is_clean() ? "" : "something is overdue";
    }));
    p.prove("from the public records alone a monitor finds no notice, deletion or authorisation "
            "overdue in any country");
    return {};
}

Result<void> ordinary(StoryPlayer& p) {
    TRY_VOID(to_opening(p, true));
    TRY_VOID(purge(p, 3));
    TRY_VOID(p.act("arcadia-clerk", "notify"));
    TRY_VOID(p.act("inspector", "inspect"));
    return p.everybody_has_it(everybody);
}

// Life in danger: data before the judge, and no judge.
Result<void> emergency(StoryPlayer& p) {
    TRY_VOID(p.request({"emergency", "request", {}}));
    TRY_VOID(p.act("arcadia-supervisor", "certify"));
    const Instant certified = p.world().time().now();
    TRY_VOID(p.act("arcadia-clerk", "transmit"));
    TRY_VOID(p.act("arcadia-duty", "confirm"));
    TRY_VOID(to_order(p));
    TRY_VOID(p.produce(false));
    TRY_VOID(p.release());
    TRY_VOID(p.receive());
    TRY_VOID(p.open());
    p.prove(
        "with a second officer's certificate and a call-back to the registered duty officer the "
        "data was there within the hour, and no judge had decided yet");
    TRY_VOID(p.pass(hours{25}, "a day passes, and the judge does not decide"));
    TRY_VOID(p.by_itself("borealis-authority", "purge"));
    TRY_VOID(
        p.pass(certified + hours{48} - p.world().time().now() - minutes{5}, "hour 48 is near"));
    TRY_VOID(p.read_back());
    TRY_VOID(p.pass(certified + hours{48} - p.world().time().now() + minutes{1}, "hour 48 comes"));
    TRY_VOID(p.by_itself("borealis-authority", "lapse-authorisation"));
    TRY_VOID(p.everybody_has_it(everybody));
    TRY_VOID(p.no_longer_opens(Code::evidence_locked));
    p.prove("at hour 48 the case was closed by the clock of the country that keeps it, and the "
            "evidence was locked where it lay");
    TRY_VOID(p.refused("arcadia-judge", "authorise", "authorise", Code::act_closed));
    TRY_VOID(alarm(p, "emergency-without-judge"));
    p.prove(
        "the inspectorate's node had the act and raised the alarm \"emergency without a judge\" "
        "by itself");
    TRY_VOID(p.pass(hours{25}, "a day passes, and nobody deletes"));
    TRY_VOID(p.by_itself("arcadia-authority", "delete"));
    TRY_VOID(p.by_itself("nimbus-mail", "discard"));
    TRY_VOID(nothing_left(p));
    TRY_VOID(p.everybody_has_it(everybody));
    TRY_VOID(in_records(p, [](const MonitorReport& report) -> std::string {
        for (const auto& record : report.records) {
            if (record.name != "arcadia-authority") continue;
            const auto lapsed =
                record.obligations.ended(record::Duty::authorisation, record::Ending::lapsed);
            const auto tallies = record.leaves[static_cast<std::size_t>(record::Leaf::Kind::tally)];
            if (lapsed == 1 && tallies > 0) return "";
            return fmt::format("lapsed authorisations: {}, tallies: {}", lapsed, tallies);
        }
        return "no record of Arcadia";
    }));
    p.prove("the public record of Arcadia says that one authorisation lapsed, and a tally of the "
            "case is in it for the statistics of the quarter");
    return nothing_overdue(p);
}

// Straight to the provider, and a third country says no.
Result<void> extraordinary(StoryPlayer& p) {
    const std::vector<std::string> watching = {
        "borealis-authority", "cordia-authority", "nimbus-mail", "inspectorate"};
    TRY_VOID(to_transmission(p, {"extraordinary", "extraordinary-request", {"cordia-authority"}}));
    TRY_VOID(p.everybody_has_it(watching));
    p.prove("Borealis, Cordia, Nimbus Mail and the inspectorate had the case at the same moment, "
            "with the third act");
    TRY_VOID(p.refused("nimbus-officer", "produce", "produce", Code::act_waits_for));
    TRY_VOID(p.act("borealis-clerk", "acknowledge"));
    TRY_VOID(p.pass(hours{97}, "four days pass, and Borealis is silent"));
    TRY_VOID(p.by_itself("borealis-authority", "lapse-third"));
    TRY_VOID(p.by_itself("borealis-authority", "lapse-clearance"));
    TRY_VOID(p.act("cordia-clerk", "oppose-third", "refuse"));
    TRY_VOID(p.everybody_has_it(watching));
    TRY_VOID(p.refused("nimbus-officer", "produce", "produce", Code::act_closed));
    p.prove("Cordia's opposition stopped the production before it happened, though silence had "
            "already let it through");
    for (const std::string node : {"arcadia-authority", "borealis-authority", "nimbus-mail"})
        if (p.evidence_files(node) != 0)
            return refuse(Code::evidence_unknown, "evidence lies at " + node);
    p.prove("nothing was produced: no node holds a file of evidence of this case");
    return p.everybody_has_it({"arcadia-authority"});
}

// A request that does not pass.
Result<void> refused(StoryPlayer& p) {
    TRY_VOID(to_transmission(p, {}));
    TRY_VOID(p.act("borealis-clerk", "acknowledge"));
    TRY_VOID(p.act("borealis-clerk", "ask"));
    TRY_VOID(p.refused("borealis-clerk", "accept", "accept", Code::act_held_by));
    TRY_VOID(p.pass(hours{24 * 3}, "three days pass; Borealis waits for Arcadia"));
    TRY_VOID(p.act("arcadia-clerk", "answer"));
    TRY_VOID(p.act("borealis-clerk", "refuse"));
    TRY_VOID(p.everybody_has_it({"arcadia-authority", "inspectorate"}));
    TRY_VOID(p.refused("borealis-judge", "order", "order", Code::act_closed));
    const auto unseen = p.case_at("nimbus-mail");
    if (unseen || unseen.error().code != Code::not_found)
        return refuse(Code::not_allowed, "the provider knows a case that never concerned it");
    p.prove(
        "Borealis refused with a ground and the article it rests on; nobody there can order the "
        "data any more");
    p.prove("Nimbus Mail never learned of the case: its node does not know it");
    return {};
}

// Nobody remembers the notice, the authority's node is down on its day; and the person goes to
// court.
Result<void> challenged(StoryPlayer& p) {
    TRY_VOID(to_opening(p, false));
    const Instant opened = p.world().time().now();
    TRY_VOID(p.pass(hours{25}, "a day passes"));
    TRY_VOID(p.by_itself("borealis-authority", "purge"));
    TRY_VOID(p.pass(
        opened + hours{24 * 30} - p.world().time().now() - hours{2},
        "thirty days pass, and nobody thinks of the notice"));
    TRY_VOID(p.without(
        "arcadia-authority", hours{48}, "Arcadia's node is down for two days, over the deadline"));
    TRY(const auto down, watch(p.world()));
    const auto overdue = down.overdue.find("XA");
    if (overdue == down.overdue.end() ||
        overdue->second[static_cast<std::size_t>(record::Duty::notice)] == 0)
        return refuse(Code::not_found, "the monitor does not see the notice that is overdue");
    p.stage().line(fmt::format(
        "A stranger with the monitor counts from the public record: notices overdue in Arcadia: {}",
        overdue->second[static_cast<std::size_t>(record::Duty::notice)]));
    p.prove(
        "that a notice was overdue in Arcadia was public, with the day, while its node was down "
        "and though the case is sealed");
    p.world().start("arcadia-authority");
    TRY_VOID(p.by_itself("arcadia-authority", "notify"));
    p.prove("the notice was sent by Arcadia's node itself, the moment that it was up again");
    TRY_VOID(p.act("nimbus-officer", "relay-notice"));
    TRY(const auto code, p.code_in_account());
    TRY(const auto notice, p.shown_to_person("cordia-authority", code));
    if (!notice.at("found").as_bool())
        return refuse(Code::not_found, "the code does not show the notice");
    p.stage().line(
        "Emil, who lives in Cordia, reads the notice there, with the code from the account");
    p.prove(
        "the code shows the notice at the node of the person's own country; an unknown code gets "
        "an answer of the same length");
    TRY_VOID(p.challenge("cordia-authority", code));
    TRY_VOID(p.no_longer_opens(Code::evidence_locked));
    p.prove(
        "the challenge went from Cordia to the court's node with a signed receipt, and from that "
        "moment nothing opened");
    TRY_VOID(p.ruled(
        "uphold-challenge",
        "The court finds that the account was not yours when the offence was committed. What was "
        "obtained may not be used and is destroyed by everybody who holds it."));
    TRY_VOID(p.no_longer_opens(Code::evidence_locked));
    p.prove("the court upheld it, and the evidence stayed locked from the same act on");
    TRY_VOID(p.pass(hours{24 * 10 + 1}, "ten days pass"));
    TRY_VOID(p.by_itself("arcadia-authority", "delete"));
    TRY_VOID(p.by_itself("nimbus-mail", "discard"));
    TRY_VOID(nothing_left(p));
    TRY_VOID(p.everybody_has_it(everybody));
    TRY(const auto after, p.shown_to_person("cordia-authority", code));
    const auto& challenge = after.at("challenge").as_object();
    if (challenge.at("state").as_string() != "upheld" ||
        after.at("destroyed").as_array().size() != 3)
        return refuse(Code::not_found, "the person is not told how it ended");
    p.stage().line(
        "Emil looks again and reads the ruling, and when each of three copies was destroyed");
    p.prove(
        "with the same code the person reads the ruling and the three attestations: of Arcadia, "
        "Borealis and Nimbus Mail");
    return nothing_overdue(p);
}

// The same, and the court finds that all was in order.
Result<void> dismissed(StoryPlayer& p) {
    TRY_VOID(to_opening(p, false));
    TRY_VOID(p.act("arcadia-clerk", "notify"));
    TRY_VOID(p.act("nimbus-officer", "relay-notice"));
    TRY(const auto code, p.code_in_account());
    TRY_VOID(p.challenge("borealis-authority", code));
    TRY_VOID(p.no_longer_opens(Code::evidence_locked));
    const std::string reasons =
        "The court finds that the data was lawfully obtained. You may appeal to the Court of Appeal "
        "of Port Alder within 30 days; the appeal is free.";
    TRY_VOID(p.ruled("dismiss-challenge", reasons));
    TRY_VOID(p.read_back());
    TRY(const auto after, p.shown_to_person("cordia-authority", code));
    const auto& challenge = after.at("challenge").as_object();
    if (challenge.at("state").as_string() != "dismissed" ||
        challenge.at("ruling").as_string() != reasons)
        return refuse(Code::not_found, "the person is not told the reasons");
    p.stage().line("Emil reads the court's reasons with the code, and where to appeal");
    p.prove(
        "while the challenge was pending nothing opened; it was dismissed with reasons, which the "
        "person reads at any authority's node; then the officer went on");
    return p.everybody_has_it(everybody);
}

constexpr Story list[] = {
    {"ordinary", "One request by the ordinary road, from draft to opened evidence", 16, ordinary},
    {"emergency", "A life in danger: data at once, and a judge who does not decide in 48 hours", 21,
     emergency},
    {"extraordinary", "The extraordinary mechanism, and a third country that opposes", 11,
     extraordinary},
    {"refused", "A request that is asked about, and refused", 9, refused},
    {"challenged", "The person is told, goes to court from home, and wins", 25, challenged},
    {"dismissed", "The person goes to court, and is told why not", 18, dismissed},
};

} // namespace

std::span<const Story> stories() {
    return list;
}

} // namespace comity::apps
