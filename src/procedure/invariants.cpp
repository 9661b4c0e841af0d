// The nine invariants of docs/procedures.md, one function per sentence. Each function returns true
// when the marking breaks it.
#include "procedure/invariants.hpp"

#include <array>

namespace comity::procedure {

Named::Named(const Graph& graph) {
    const auto act = [&](std::string_view name) {
        return graph.mask(name);
    };
    request = act("request"), certify = act("certify"), authorise = act("authorise");
    decline = act("decline"), lapse_authorisation = act("lapse-authorisation");
    transmit = act("transmit"), withdraw = act("withdraw");
    acknowledge = act("acknowledge"), ask = act("ask"), answer = act("answer");
    consult = act("consult"), opine = act("opine"), freeze = act("freeze"),
    preserve = act("preserve");
    confirm = act("confirm"), accept = act("accept"), refuse = act("refuse");
    clear = act("clear"), lapse_clearance = act("lapse-clearance"), oppose = act("oppose");
    clear_third = act("clear-third"), lapse_third = act("lapse-third"),
    oppose_third = act("oppose-third");
    order = act("order"), object = act("object"), uphold_objection = act("uphold-objection");
    dismiss_objection = act("dismiss-objection"), unable = act("unable"), produce = act("produce");
    release = act("release"), receive = act("receive"), open = act("open"), retain = act("retain");
    destroy = act("delete"), purge = act("purge");
    discard = act("discard"), correct = act("correct");
    relay_notice = act("relay-notice");
    notify = act("notify"), defer_notice = act("defer-notice"), challenge = act("challenge");
    uphold_challenge = act("uphold-challenge"), dismiss_challenge = act("dismiss-challenge");
    inspect = act("inspect"), suspend = act("suspend"), resume = act("resume"),
    quash = act("quash"), review = act("review");
    emergency = graph.emergency();
    first_approval = emergency ? certify : authorise;
    country_stops = refuse | oppose;
    fallen =
        uphold_challenge | quash | oppose | oppose_third | decline | lapse_authorisation | correct;
    ended = fallen | withdraw | refuse | uphold_objection | unable;
    road = transmit | accept | order | produce | release | receive | open;
    once = request | certify | authorise | decline | transmit | withdraw | acknowledge | confirm |
           accept | refuse | clear | oppose | clear_third | oppose_third | order | produce |
           release | receive | destroy | purge | notify | quash;
    delivered = release != 0 ? release : produce;
    remembered = request | first_approval | authorise | fallen | ended | transmit | acknowledge |
                 confirm | accept | clear | lapse_clearance | clear_third | lapse_third | order |
                 produce | release | receive | destroy | purge | preserve | discard | notify |
                 relay_notice | challenge | dismiss_challenge | review;
    others = 0;
    delete_soon = 0;
    for (std::size_t i = 0; i < graph.size(); ++i) {
        for (const auto& debt : graph.debts(i))
            if (bit(debt.to) == destroy && debt.until.empty()) delete_soon |= bit(i);
        const auto side = graph.act(i).side;
        if (side == Side::requested || side == Side::provider || side == Side::third)
            others |= bit(i);
    }
}

namespace {

// ── 1. No production without a judge (in an emergency: the judge's decision is owed, and without
// it
//       nothing opens and everything is deleted).

bool produced_without_judge(const View& v) {
    return !v.act.emergency && v.has(v.act.produce) && !v.has(v.act.authorise);
}

bool emergency_decision_not_owed(const View& v) {
    const auto settled = v.act.fallen | v.act.withdraw;
    return v.act.emergency && v.has(v.act.produce) && !v.has(v.act.authorise) &&
           !v.due(v.act.authorise) && !v.has(settled);
}

// The judge who does not decide is decided for: the clock can lapse the authorisation as long as it
// is owed, except while oversight has stopped everything.
bool emergency_never_lapses(const View& v) {
    return v.act.emergency && v.has(v.act.produce) && v.due(v.act.authorise) &&
           !v.due(v.act.resume) && !v.can(v.act.lapse_authorisation);
}

// An approval names the one request it approves, by its hash.
bool decided_without_request(const View& v) {
    return !v.has(v.act.request) && v.can(
                                        v.act.certify | v.act.authorise | v.act.decline |
                                        v.act.lapse_authorisation | v.act.withdraw);
}

bool transmitted_unapproved(const View& v) {
    return v.can(v.act.transmit) && !v.has(v.act.first_approval);
}

// An emergency is confirmed by a call back before anything is handed over.
bool emergency_unconfirmed(const View& v) {
    return (v.act.confirm != 0 && v.can(v.act.produce) && !v.has(v.act.confirm)) ||
           (v.can(v.act.confirm) && !v.has(v.act.transmit));
}

bool decision_undone(const View& v) {
    return v.has(v.act.authorise) && v.can(v.act.decline | v.act.lapse_authorisation);
}

// ── 2. No production before the receiving country has acknowledged the case; and as long as
//       production is possible, an act of the receiving country that stops it is enabled.

bool produced_unacknowledged(const View& v) {
    return v.can(v.act.produce) && !v.has(v.act.acknowledge);
}

bool country_cannot_stop(const View& v) {
    return v.can(v.act.produce) && !v.can(v.act.country_stops);
}

bool third_cannot_stop(const View& v) {
    return v.act.oppose_third != 0 && v.can(v.act.produce) && !v.can(v.act.oppose_third);
}

bool stop_does_not_stop(const View& v) {
    return v.has(v.act.country_stops | v.act.oppose_third) && v.can(v.act.road);
}

bool produced_without_agreement(const View& v) {
    if (!v.can(v.act.produce)) return false;
    const auto lacks = [&](Mask asked, Mask given) {
        return asked != 0 && !v.has(given);
    };
    return lacks(v.act.accept, v.act.accept) || lacks(v.act.order, v.act.order) ||
           lacks(v.act.clear, v.act.clear | v.act.lapse_clearance) ||
           lacks(v.act.clear_third, v.act.clear_third | v.act.lapse_third);
}

bool agreed_while_asking(const View& v) {
    return v.can(v.act.accept) && v.due(v.act.answer | v.act.opine);
}

bool produced_under_objection(const View& v) {
    return v.due(v.act.dismiss_objection) && v.can(v.act.produce);
}

bool objection_ruled_twice(const View& v) {
    return !v.due(v.act.dismiss_objection) &&
           v.can(v.act.uphold_objection | v.act.dismiss_objection);
}

// Bringing it again would start the deadline of the reply again.
bool objection_repeated(const View& v) {
    return (v.can(v.act.object) && v.due(v.act.dismiss_objection)) ||
           (v.can(v.act.freeze) && v.due(v.act.preserve));
}

bool others_act_before_transmission(const View& v) {
    return v.can(v.act.others) && !v.has(v.act.transmit);
}

// ── 3. Once data is produced, notice to the person is owed until it is given. Only a judge defers
//       it, to a date, each time anew.

bool notice_not_owed(const View& v) {
    return v.has(v.act.produce) && !v.has(v.act.notify) && !v.due(v.act.notify);
}

bool notice_impossible(const View& v) {
    return v.has(v.act.produce) && v.due(v.act.notify) && !v.can(v.act.notify);
}

bool notice_deferred_after_it(const View& v) {
    return v.has(v.act.notify) && v.can(v.act.defer_notice);
}

// A deferral before there is anything to defer would be overrun by the production's own deadline.
bool notice_deferred_too_soon(const View& v) {
    return v.can(v.act.defer_notice) && !v.has(v.act.produce);
}

// The provider reaches the account where a state finds no address.
bool notice_not_relayed(const View& v) {
    return v.act.relay_notice != 0 && v.has(v.act.notify) && !v.has(v.act.relay_notice) &&
           !v.due(v.act.relay_notice);
}

bool relayed_before_notice(const View& v) {
    return v.can(v.act.relay_notice) && !v.has(v.act.notify);
}

// What is admitted as an error is not kept from the person: nothing defers that notice.
bool error_kept_quiet(const View& v) {
    return v.has(v.act.correct) && v.can(v.act.defer_notice);
}

bool notice_before_production(const View& v) {
    return v.can(v.act.notify) && !v.has(v.act.produce);
}

// ── 4. Once notified, the person can challenge. A challenge is owed a ruling, and while it is
//       pending nothing is released or opened.

bool unruled(const View& v) {
    return v.due(v.act.dismiss_challenge) ||
           (v.has(v.act.challenge) && !v.has(v.act.uphold_challenge | v.act.dismiss_challenge));
}

bool no_remedy(const View& v) {
    return v.has(v.act.notify) && !v.has(v.act.challenge) && !v.can(v.act.challenge);
}

bool ruling_not_owed(const View& v) {
    return unruled(v) && !(v.can(v.act.uphold_challenge) && v.can(v.act.dismiss_challenge) &&
                           v.due(v.act.dismiss_challenge));
}

bool used_while_challenged(const View& v) {
    return unruled(v) && v.can(v.act.release | v.act.open | v.act.retain);
}

bool challenge_ruled_twice(const View& v) {
    return v.has(v.act.uphold_challenge | v.act.dismiss_challenge) &&
           !v.due(v.act.dismiss_challenge) &&
           v.can(v.act.uphold_challenge | v.act.dismiss_challenge);
}

bool challenge_repeated(const View& v) {
    return v.can(v.act.challenge) && v.due(v.act.dismiss_challenge);
}

bool challenge_before_notice(const View& v) {
    return v.can(v.act.challenge) && !v.has(v.act.notify);
}

// ── 5. After a successful challenge, a quashing, an opposition or an emergency without
//       authorisation, nothing opens, and data already received is owed deletion.

bool opens_after_fall(const View& v) {
    return v.has(v.act.fallen) && v.can(v.act.open);
}

bool kept_after_fall(const View& v) {
    return v.has(v.act.fallen | v.act.withdraw) && v.has(v.act.delivered) &&
           !v.has(v.act.destroy) && !v.due(v.act.destroy);
}

// The date that the receipt set may be years away; what ends the case sets a near one.
bool deletion_not_hastened(const View& v) {
    return v.has(v.act.receive) && !v.has(v.act.destroy) &&
           v.can(v.act.fallen & ~v.act.delete_soon);
}

// The receiving country holds a copy from the production on, where data passes through it.
bool copy_kept_after_fall(const View& v) {
    return v.act.purge != 0 && v.has(v.act.fallen | v.act.withdraw) && v.has(v.act.produce) &&
           !v.has(v.act.purge) && !v.due(v.act.purge);
}

// The provider's: what it preserved, and what it staged and did not hand over.
bool provider_copy_kept_after_fall(const View& v) {
    return v.has(v.act.fallen | v.act.withdraw) && v.open(v.act.discard) && !v.due(v.act.discard);
}

bool error_before_data(const View& v) {
    return v.can(v.act.correct) && !v.has(v.act.produce);
}

bool moves_after_end(const View& v) {
    return v.has(v.act.ended) && v.can(v.act.road | v.act.retain);
}

// ── 6. Received data always has a deletion date. Deleted data does not open.

bool no_deletion_date(const View& v) {
    return v.has(v.act.receive) && !v.has(v.act.destroy) && !v.due(v.act.destroy);
}

bool copy_without_deletion_date(const View& v) {
    return v.act.purge != 0 && v.has(v.act.receive) && !v.has(v.act.purge) && !v.due(v.act.purge);
}

bool deleted_data_lives(const View& v) {
    return v.has(v.act.destroy) && v.can(v.act.receive | v.act.open | v.act.retain);
}

bool deletion_impossible(const View& v) {
    return (v.due(v.act.destroy) && !v.can(v.act.destroy)) ||
           (v.due(v.act.purge) && !v.can(v.act.purge)) ||
           (v.due(v.act.discard) && !v.can(v.act.discard));
}

// What is preserved is preserved to a date; and what a provider holds for a case it can let go.
bool preserved_for_ever(const View& v) {
    const auto closed =
        v.has(v.act.produce | v.act.preserve) && !v.has(v.act.discard) && !v.open(v.act.discard);
    const auto endless = v.open(v.act.discard) && !v.due(v.act.discard) && !v.has(v.act.produce);
    return v.act.discard != 0 && (closed || endless);
}

bool deletes_nothing(const View& v) {
    return (v.can(v.act.destroy) && !v.has(v.act.delivered)) ||
           (v.can(v.act.purge) && !v.has(v.act.produce));
}

bool custody_broken(const View& v) {
    const auto delivered = v.act.delivered;
    return (v.can(v.act.open) && !v.has(v.act.receive)) ||
           (v.can(v.act.receive) && !v.has(delivered)) ||
           (v.can(v.act.release) && !v.has(v.act.produce));
}

// ── 7. Oversight can inspect in every marking, and can suspend in every marking that is not
// already
//       suspended or quashed; while suspended nothing moves.

bool cannot_inspect(const View& v) {
    return !v.can(v.act.inspect);
}

bool cannot_suspend(const View& v) {
    return !v.can(v.act.suspend) && !v.due(v.act.resume) && !v.has(v.act.quash);
}

bool moves_while_suspended(const View& v) {
    return v.due(v.act.resume) && v.can(
                                      v.act.road | v.act.retain | v.act.certify | v.act.authorise |
                                      v.act.decline | v.act.lapse_authorisation);
}

bool suspension_endless(const View& v) {
    return v.due(v.act.resume) && !(v.can(v.act.resume) && v.can(v.act.quash));
}

// Suspending again would put off the deadline by which oversight must decide.
bool suspended_twice(const View& v) {
    return v.due(v.act.resume) && v.can(v.act.suspend);
}

bool resumes_unsuspended(const View& v) {
    return v.can(v.act.resume | v.act.quash) && !v.due(v.act.resume);
}

// Where a clearance, and with it silence, stands in the place of an acceptance, oversight looks at
// every production afterwards.
bool production_unreviewed(const View& v) {
    return v.act.clear != 0 && v.has(v.act.produce) && !v.has(v.act.review) && !v.due(v.act.review);
}

// Oversight looks at every emergency that no judge confirmed, and at every error.
bool failure_unreviewed(const View& v) {
    return v.has(v.act.lapse_authorisation | v.act.correct) && !v.has(v.act.review) &&
           !v.due(v.act.review);
}

// ── 8. From every reachable marking a marking at rest can be reached; every act of the file can
//       happen in some run. (The explorer checks both; what follows keeps rest and road honest.)

// A case that rests without having ended is a case that everybody has forgotten.
bool rests_unfinished(const View& v) {
    return (v.pending & v.included) == 0 && v.has(v.act.request) &&
           !v.has(v.act.ended | v.act.destroy);
}

bool asked_but_not_owed(const View& v) {
    const auto silent = [&](Mask asked, Mask reply) {
        return v.has(asked) && !v.has(reply) && v.open(reply) && !v.due(reply);
    };
    // What is closed until it is asked for is open only while it is owed.
    const auto open_and_silent = [&](Mask reply) {
        return v.open(reply) && !v.due(reply);
    };
    return silent(v.act.transmit, v.act.acknowledge) || silent(v.act.transmit, v.act.confirm) ||
           silent(v.act.transmit, v.act.clear_third) || silent(v.act.acknowledge, v.act.accept) ||
           silent(v.act.acknowledge, v.act.clear) || silent(v.act.accept, v.act.order) ||
           silent(v.act.order, v.act.produce) || silent(v.act.clear, v.act.produce) ||
           open_and_silent(v.act.answer) || open_and_silent(v.act.opine) ||
           open_and_silent(v.act.freeze != 0 ? v.act.preserve : Mask{0}) ||
           (v.act.freeze == 0 && v.has(v.act.transmit) && open_and_silent(v.act.preserve)) ||
           open_and_silent(v.act.dismiss_objection) || silent(v.act.produce, v.act.release) ||
           silent(v.act.release, v.act.receive) || open_and_silent(v.act.resume);
}

bool answered_unasked(const View& v) {
    const auto unasked = [&](Mask reply) {
        return v.can(reply) && !v.due(reply);
    };
    return unasked(v.act.answer) || unasked(v.act.opine) || unasked(v.act.preserve);
}

// Taking a step again would start its deadlines again: nobody could rely on them.
bool step_taken_twice(const View& v) {
    return (v.executed & v.enabled & v.act.once) != 0;
}

constexpr std::array marking_table{
    MarkingCheck{1, "No production without a judge", produced_without_judge},
    MarkingCheck{
        1, "In an emergency the judge's decision is owed once data is produced",
        emergency_decision_not_owed},
    MarkingCheck{1, "In an emergency an owed authorisation can lapse", emergency_never_lapses},
    MarkingCheck{1, "Nothing is decided before there is a request", decided_without_request},
    MarkingCheck{
        1, "Nothing is transmitted before the judge (in an emergency: a second officer) approves",
        transmitted_unapproved},
    MarkingCheck{
        1, "In an emergency nothing is produced before the transmitted request is confirmed",
        emergency_unconfirmed},
    MarkingCheck{1, "What a judge has authorised is neither declined nor lapses", decision_undone},
    MarkingCheck{
        2, "No production before the receiving country has acknowledged the case",
        produced_unacknowledged},
    MarkingCheck{
        2, "As long as production is possible, the receiving country can stop it",
        country_cannot_stop},
    MarkingCheck{
        2, "As long as production is possible, the third country concerned can stop it",
        third_cannot_stop},
    MarkingCheck{2, "After a refusal or an opposition nothing moves", stop_does_not_stop},
    MarkingCheck{
        2, "No production before each country asked has agreed or let its time pass",
        produced_without_agreement},
    MarkingCheck{
        2, "The receiving country does not accept while an answer or opinion is owed to it",
        agreed_while_asking},
    MarkingCheck{2, "No production while an objection is pending", produced_under_objection},
    MarkingCheck{2, "An objection is ruled on once", objection_ruled_twice},
    MarkingCheck{
        2, "An objection or a freeze is not repeated while its answer is owed", objection_repeated},
    MarkingCheck{
        2, "No other side acts before the request is transmitted", others_act_before_transmission},
    MarkingCheck{3, "Once data is produced, notice is owed until it is given", notice_not_owed},
    MarkingCheck{3, "An owed notice can be given at any time", notice_impossible},
    MarkingCheck{3, "Notice that was given is not deferred", notice_deferred_after_it},
    MarkingCheck{3, "Notice is not deferred before data is produced", notice_deferred_too_soon},
    MarkingCheck{3, "No notice before there is production", notice_before_production},
    MarkingCheck{
        3, "Once notice is given, the provider owes passing it on to the account",
        notice_not_relayed},
    MarkingCheck{3, "Only a notice that was given is passed on", relayed_before_notice},
    MarkingCheck{3, "Notice of an error is not deferred", error_kept_quiet},
    MarkingCheck{4, "Once notified, the person can challenge", no_remedy},
    MarkingCheck{4, "A challenge is owed a ruling", ruling_not_owed},
    MarkingCheck{
        4, "While a challenge is pending nothing is released, opened or kept longer",
        used_while_challenged},
    MarkingCheck{4, "A challenge is ruled on once", challenge_ruled_twice},
    MarkingCheck{4, "A challenge is not repeated while its ruling is owed", challenge_repeated},
    MarkingCheck{
        4, "No challenge before the notice that carries its code", challenge_before_notice},
    MarkingCheck{
        5,
        "After a successful challenge, a quashing, an opposition or without authorisation "
        "nothing opens",
        opens_after_fall},
    MarkingCheck{
        5,
        "After a successful challenge, a quashing, an opposition or without authorisation "
        "received data is owed deletion",
        kept_after_fall},
    MarkingCheck{5, "What ends the case sets a near date for the deletion", deletion_not_hastened},
    MarkingCheck{5, "The receiving country's copy is owed deletion too", copy_kept_after_fall},
    MarkingCheck{5, "The provider's copy is owed destruction too", provider_copy_kept_after_fall},
    MarkingCheck{5, "An error is corrected where data was produced", error_before_data},
    MarkingCheck{5, "A request that has ended moves no further", moves_after_end},
    MarkingCheck{6, "Received data always has a deletion date", no_deletion_date},
    MarkingCheck{
        6, "The receiving country's copy has a deletion date once data is delivered",
        copy_without_deletion_date},
    MarkingCheck{6, "Deleted data does not open and is not kept longer", deleted_data_lives},
    MarkingCheck{6, "An owed deletion can be done at any time", deletion_impossible},
    MarkingCheck{6, "What a provider preserves has an end", preserved_for_ever},
    MarkingCheck{6, "Nothing is deleted before it exists", deletes_nothing},
    MarkingCheck{
        6,
        "Only produced data is released, only delivered data received, only received data "
        "opened",
        custody_broken},
    MarkingCheck{7, "Oversight can inspect in every marking", cannot_inspect},
    MarkingCheck{
        7, "Oversight can suspend in every marking that is not suspended or quashed",
        cannot_suspend},
    MarkingCheck{7, "While suspended nothing moves", moves_while_suspended},
    MarkingCheck{7, "Oversight can end a suspension either way", suspension_endless},
    MarkingCheck{7, "A suspension is not repeated while it lasts", suspended_twice},
    MarkingCheck{7, "Only what is suspended is resumed or quashed", resumes_unsuspended},
    MarkingCheck{
        7, "Where silence counts as clearance, oversight reviews every production",
        production_unreviewed},
    MarkingCheck{
        7, "Oversight reviews an emergency without a judge, and every error", failure_unreviewed},
    MarkingCheck{8, "A case rests only when it has ended", rests_unfinished},
    MarkingCheck{8, "Who is asked owes the answer", asked_but_not_owed},
    MarkingCheck{8, "Only what was asked is answered", answered_unasked},
    MarkingCheck{8, "A step of the road is taken once", step_taken_twice},
};

std::optional<std::string> expect_role(
    const Graph& graph, std::string_view name, Side side, std::string_view role) {
    const auto at = graph.find(name);
    if (!at) return std::nullopt;
    const auto& act = graph.act(*at);
    if (act.side == side && act.role == role) return std::nullopt;
    return fmt::format(
        "{} is an act of {} in the role {}, not of {} in the role {}", name, to_text(act.side),
        act.role, to_text(side), role);
}

template <std::size_t n>
std::optional<std::string> expect_roles(
    const Graph& graph, const std::array<std::string_view, n>& names, Side side,
    std::string_view role) {
    for (const auto name : names)
        if (auto wrong = expect_role(graph, name, side, role)) return wrong;
    return std::nullopt;
}

std::optional<std::string> judge_is_a_judge(const Graph& graph) {
    if (auto wrong = expect_roles<2>(graph, {"authorise", "decline"}, Side::requesting, "judge"))
        return wrong;
    if (auto wrong = expect_role(graph, "lapse-authorisation", Side::clock, "")) return wrong;
    return expect_roles<3>(
        graph, {"order", "uphold-objection", "dismiss-objection"}, Side::requested, "judge");
}

std::optional<std::string> country_acts_are_its_own(const Graph& graph) {
    constexpr std::string_view role = "central-authority-officer";
    if (auto wrong = expect_roles<5>(
            graph, {"acknowledge", "accept", "refuse", "clear", "oppose"}, Side::requested, role))
        return wrong;
    return expect_roles<2>(graph, {"clear-third", "oppose-third"}, Side::third, role);
}

// A judge's act that moves a date without setting one would be an empty form.
std::optional<std::string> sets_a_date(
    const Graph& graph, std::string_view name, std::string_view moved) {
    const auto at = graph.find(name);
    if (!at) return std::nullopt;
    for (const auto& debt : graph.debts(*at))
        if (graph.act(debt.to).name == moved && !debt.until.empty()) return std::nullopt;
    return fmt::format("{} sets no date for {}", name, moved);
}

std::optional<std::string> deferral_has_a_date(const Graph& graph) {
    return sets_a_date(graph, "defer-notice", "notify");
}

// However often a judge defers, notice is given in the end (threat T33).
std::optional<std::string> deferrals_end(const Graph& graph) {
    const auto at = graph.find("defer-notice");
    if (!at) return std::nullopt;
    for (const auto& debt : graph.debts(*at))
        if (graph.act(debt.to).name == "notify" && debt.in_all &&
            graph.act(debt.since).name == "produce")
            return std::nullopt;
    return "defer-notice has no total maximum from produce on";
}

// What nobody does is done by the node of its side when its deadline comes.
std::optional<std::string> deletion_goes_by_itself(const Graph& graph) {
    for (const std::string_view name : {"delete", "purge", "discard"})
        if (const auto at = graph.find(name); at && !graph.act(*at).at_deadline)
            return fmt::format("{} is not performed at its deadline", name);
    return std::nullopt;
}

std::optional<std::string> error_is_admitted_by_who_asked(const Graph& graph) {
    return expect_role(graph, "correct", Side::requesting, "central-authority-officer");
}

std::optional<std::string> retention_has_a_date(const Graph& graph) {
    if (auto wrong = sets_a_date(graph, "receive", "delete")) return wrong;
    return sets_a_date(graph, "retain", "delete");
}

// Notice runs from the production; every other deadline for it is a judge's, to a date.
std::optional<std::string> only_a_judge_defers(const Graph& graph) {
    if (auto wrong = expect_role(graph, "defer-notice", Side::requesting, "judge")) return wrong;
    for (std::size_t i = 0; i < graph.size(); ++i) {
        const auto& act = graph.act(i);
        for (const auto& debt : graph.debts(i)) {
            if (graph.act(debt.to).name != "notify" || act.name == "produce") continue;
            // An error that is admitted brings the notice nearer.
            if (act.name == "correct" && debt.until.empty()) continue;
            if (act.role != "judge" || debt.until.empty())
                return fmt::format(
                    "{} moves the notice without being a judge's act to a date", act.name);
        }
    }
    return std::nullopt;
}

// Nobody forgets a notice: the node of its side performs it when its deadline comes.
std::optional<std::string> notice_goes_by_itself(const Graph& graph) {
    const auto at = graph.find("notify");
    if (!at || graph.act(*at).at_deadline) return std::nullopt;
    return "notify is not performed at its deadline";
}

std::optional<std::string> remedy_is_the_persons(const Graph& graph) {
    if (auto wrong = expect_role(graph, "challenge", Side::subject, "subject")) return wrong;
    return expect_roles<2>(
        graph, {"uphold-challenge", "dismiss-challenge"}, Side::requesting, "judge");
}

// Only a judge puts a deletion off, to a date; the receipt sets the first one.
std::optional<std::string> only_a_judge_retains(const Graph& graph) {
    if (auto wrong = expect_role(graph, "retain", Side::requesting, "judge")) return wrong;
    for (std::size_t i = 0; i < graph.size(); ++i) {
        const auto& act = graph.act(i);
        for (const auto& debt : graph.debts(i))
            if (graph.act(debt.to).name == "delete" && !debt.until.empty() &&
                act.name != "receive" && act.role != "judge")
                return fmt::format("{} moves the deletion without being a judge's act", act.name);
    }
    return std::nullopt;
}

std::optional<std::string> oversight_is_oversight(const Graph& graph) {
    return expect_roles<4>(
        graph, {"inspect", "suspend", "resume", "quash"}, Side::oversight, "inspector");
}

// A clock act that stays possible after it happened would happen for ever.
std::optional<std::string> clock_stops(const Graph& graph) {
    for (std::size_t i = 0; i < graph.size(); ++i) {
        const auto& step = graph.step(i);
        if (graph.act(i).side == Side::clock && !(step.excludes & ~step.includes & bit(i)))
            return fmt::format("{} does not close itself", graph.act(i).name);
    }
    return std::nullopt;
}

// A lapse is the end of a time, so a clock act needs a condition with `after`.
std::optional<std::string> clock_has_time(const Graph& graph) {
    for (std::size_t i = 0; i < graph.size(); ++i)
        if (graph.act(i).side == Side::clock && graph.delays(i).empty())
            return fmt::format("{} waits for no time", graph.act(i).name);
    return std::nullopt;
}

constexpr std::array graph_table{
    GraphCheck{1, "Authorisation, order and rulings are a judge's", judge_is_a_judge},
    GraphCheck{2, "Each country agrees and stops by its own officer", country_acts_are_its_own},
    GraphCheck{3, "Only a judge defers notice, to a date", only_a_judge_defers},
    GraphCheck{3, "Notice is deferred to a date", deferral_has_a_date},
    GraphCheck{
        3, "Notice is given at its deadline even if everybody forgot", notice_goes_by_itself},
    GraphCheck{3, "Deferrals of notice have a total maximum", deferrals_end},
    GraphCheck{4, "The challenge is the person's and the ruling a judge's", remedy_is_the_persons},
    GraphCheck{5, "An error is admitted by who asked", error_is_admitted_by_who_asked},
    GraphCheck{6, "Only a judge puts a deletion off", only_a_judge_retains},
    GraphCheck{
        6, "Data is deleted at its deadline even if everybody forgot", deletion_goes_by_itself},
    GraphCheck{6, "Receipt and retention set the date of the deletion", retention_has_a_date},
    GraphCheck{7, "Oversight's acts are an inspector's", oversight_is_oversight},
    GraphCheck{8, "An act of the clock happens once", clock_stops},
    GraphCheck{8, "An act of the clock waits for a stated time", clock_has_time},
};

} // namespace

std::span<const MarkingCheck> marking_checks() {
    return marking_table;
}

std::span<const GraphCheck> graph_checks() {
    return graph_table;
}

} // namespace comity::procedure
