// What happens in each story, act by act.
#include "apps/stories.hpp"

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

// Deletion by the officer, and the proof that nothing is left on the node's disk.
Result<void> delete_all(StoryPlayer& p) {
    TRY(const auto state, p.case_at("arcadia-authority"));
    if (!p.performed(state, "delete")) {
        TRY(auto fields, p.example("delete"));
        fields["items"] = 2;
        fields.erase("manifest_hash");
        fields["destroyed_at"] = to_text(p.world().time().now());
        TRY_VOID(p.act("arcadia-officer", "delete", std::move(fields)));
    }
    p.evidence_is_gone();
    for (const std::string node : {"arcadia-authority", "borealis-authority", "nimbus-mail"})
        TRY_VOID(p.wait_until("the files to be destroyed", [&]() -> Result<bool> {
            return p.evidence_files(node) == 0;
        }));
    p.prove("no file of the evidence is left on the disk of Arcadia, Borealis or Nimbus Mail; the "
            "deletions are acts of the case, sealed and recorded");
    return p.no_longer_opens(Code::evidence_deleted);
}

Result<void> ordinary(StoryPlayer& p) {
    TRY_VOID(to_transmission(p, {}));
    TRY_VOID(to_order(p));
    TRY_VOID(p.produce(true));
    TRY_VOID(p.release());
    TRY_VOID(p.receive());
    TRY_VOID(p.open());
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
    TRY_VOID(p.pass(hours{22}, "another day goes by"));
    TRY_VOID(p.read_back());
    TRY_VOID(p.pass(certified + hours{48} - p.world().time().now() + minutes{1}, "hour 48 comes"));
    TRY_VOID(p.by_itself("borealis-authority", "lapse-authorisation"));
    TRY_VOID(p.everybody_has_it(everybody));
    TRY_VOID(p.no_longer_opens(Code::evidence_locked));
    p.prove("at hour 48 the case was closed by the clock of the country that keeps it, and the "
            "evidence was locked where it lay; the inspectorate has the act");
    TRY_VOID(p.refused("arcadia-judge", "authorise", "authorise", Code::act_closed));
    TRY_VOID(delete_all(p));
    return p.everybody_has_it(everybody);
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

constexpr Story list[] = {
    {"ordinary", "One request by the ordinary road, from draft to opened evidence", 16, ordinary},
    {"emergency", "A life in danger: data at once, and a judge who does not decide in 48 hours", 20,
     emergency},
    {"extraordinary", "The extraordinary mechanism, and a third country that opposes", 11,
     extraordinary},
    {"refused", "A request that is asked about, and refused", 9, refused},
};

} // namespace

std::span<const Story> stories() {
    return list;
}

const Story* find_story(std::string_view name) {
    for (const auto& story : list)
        if (story.name == name) return &story;
    return nullptr;
}

} // namespace comity::apps
