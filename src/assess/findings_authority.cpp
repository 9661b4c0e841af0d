// Who asks, who decides and who receives: F7 (competent and independent authority), F13
// (recipient).
#include "assess/findings.hpp"

#include <fmt/format.h>

namespace comity::assess {

namespace {

bool is_court(std::string_view kind) {
    return kind == "court" || kind == "judge" || kind == "investigating_judge";
}

} // namespace

// Necessary and Proportionate, principle 6: "a competent judicial authority that is impartial and
// independent", separate from who conducts the surveillance. The floor asks a court for every
// category; R1543 Art. 4 lets others issue less intrusive ones, and the floor is stricter. In an
// emergency (R1543 Art. 4(5)) the judge decides within 48 hours.
Finding competent_authority(const Matter& matter) {
    Making out("F7");
    if (matter.request.provision.empty() || matter.request.provision_text.empty())
        out.not_met(
            say("the power of the authority is not named with its text"), "/competence/law",
            say("Name the provision that empowers the authority, with its text"));
    out.source(Said::value(matter.rules.floor_source));
    const auto& authoriser = matter.facts.authoriser;
    if (!authoriser) {
        out.open(
            say("no court has decided yet"), "the case", say("A court decides on this request"));
        return out.done();
    }
    const bool supervised = authoriser->kind == "supervisor" && matter.route == Route::emergency;
    if (!supervised && !is_court(authoriser->kind))
        out.not_met(
            say("{} is no independent court", say(authoriser->kind)), "the directory",
            say("An independent court authorises"));
    if (!supervised && !authoriser->other_office)
        out.not_met(
            say("the office that authorises issued the request"), "the directory",
            say("Another office, independent of the one that asks, authorises"));
    if (!authoriser->other_people)
        out.not_met(
            say("one person stands on both sides, where it is asked and where it is authorised"),
            "the roll", say("Nobody who asks also authorises, or works in the office that does"));
    if (out.outcome() != Outcome::met) return out.done();
    if (supervised)
        out.fact(say("a supervisor certifies; the judge is owed within 48 hours"), "the case");
    else
        out.fact(say("an independent court decides"), "the directory");
    return out.done();
}

// Directive (EU) 2016/680 Art. 29 (security of processing), R1543 Art. 20 and its implementing
// Regulation (EU) 2025/1550: the data is encrypted to the registered key of one office, whose
// people are trained.
Finding recipient(const Matter& matter) {
    Making out("F13");
    if (matter.request.recipient_office.empty()) {
        out.not_met(
            say("no office receives the data"), "/recipient/office",
            say("Name the receiving office"));
        return out.done();
    }
    if (!matter.facts.recipient_office.empty() &&
        matter.facts.recipient_office != matter.request.recipient_office)
        out.not_met(
            say("the case was opened for another receiving office"), "/recipient/office",
            say("Name the office for which the case was opened"));
    const Said look = say("The node looks it up before the act");
    switch (matter.facts.recipient_key) {
    case Validity::valid:
        out.fact(say("the office's sealing key is valid"), "the directory");
        break;
    case Validity::unchecked:
        out.open(say("the office's sealing key was not looked up"), "the directory", look);
        break;
    case Validity::expired:
        out.not_met(
            say("the office's sealing key has run out"), "the directory",
            say("Have the directory name a new sealing key of the office"));
        break;
    case Validity::missing:
        out.not_met(
            say("the office has no sealing key"), "the directory",
            say("Have the office's sealing key entered in the directory"));
        break;
    }
    switch (matter.facts.training) {
    case Validity::valid: out.fact(say("the holder's training is valid"), "the roll"); break;
    case Validity::unchecked:
        out.open(say("the holder's training was not looked up"), "the roll", look);
        break;
    case Validity::expired:
        out.not_met(
            say("the holder's training has run out"), "the roll",
            say("The holder is trained anew and enrolled again"));
        break;
    case Validity::missing:
        out.not_met(
            say("nobody trained holds the key"), "the roll",
            say("Enrol a trained person of that office"));
        break;
    }
    return out.done();
}

} // namespace comity::assess
