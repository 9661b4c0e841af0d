// Delivery of submissions to keepers, of admitted acts to participants, and of sightings.
#include "node/deliver_outbox.hpp"

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "base/refusal_said.hpp"
#include "base/said_json.hpp"
#include "node/describe_case.hpp"
#include "node/gate.hpp"
#include "node/own_books.hpp"
#include "node/receive_act.hpp"
#include "node/retry.hpp"

#include <fmt/format.h>

namespace comity::node {

namespace {

// A person's challenge that waits here for another country's node (carry_challenge.cpp).
constexpr std::string_view filing_kind = "filing-out";

// The other side said "not yet": a matter of time, not of the act.
bool transient(const Refusal& refusal) {
    switch (refusal.code) {
    case Code::sequence_ahead:
    case Code::case_unknown:
    case Code::directory_expired:
    case Code::rate_exceeded:
    case Code::not_initialised:
    case Code::performer_unknown: // our newer directory has not reached it
    case Code::not_allowed: return true;
    default: return false;
    }
}

// Of the partner as a whole and not of what was sent.
bool of_the_whole(const Refusal& refusal) {
    return refusal.code == Code::rate_exceeded || refusal.code == Code::not_initialised;
}

void retry_later(Node& node, OutboxRow row, Said problem) {
    row.attempts += 1;
    row.problem = std::move(problem);
    row.next_try = node.now() + retry_wait(node.settings(), row.attempts);
    node.store().write([&](StoreWriter& writer) { writer.update_outbox(row); });
}

// The row says why, and goes after those that have not been tried: one that its receiver cannot
// bear keeps no other back.
void partner_waits(Node& node, OutboxRow row, Said problem) {
    row.attempts += 1;
    row.problem = std::move(problem);
    row.next_try = node.reach().no_answer(row.destination, node.now());
    node.store().write([&](StoreWriter& writer) { writer.update_outbox(row); });
}

void fail(Node& node, OutboxRow row, const Refusal& refusal) {
    node.log(
        "delivery refused", {{"to", row.destination.str()},
                             {"act", text(row.act)},
                             {"code", std::string(refusal.name())}});
    row.attempts += 1;
    row.problem = refused_there(refusal);
    row.failed = true;
    node.store().write([&](StoreWriter& writer) { writer.update_outbox(row); });
}

void done(Node& node, const OutboxRow& row) {
    node.store().write([&](StoreWriter& writer) { writer.remove_outbox(row.id); });
}

std::string answered_setting(const ParticipantId& id) {
    return "answered:" + id.str();
}

// That it took something is kept to the minute; after a time of silence, at once.
void note_answer(Node& node, const OutboxRow& row) {
    const Instant now = node.now();
    if (row.attempts == 0) {
        std::optional<Instant> last;
        node.store().read(
            [&](StoreReader& reader) { last = last_answered(reader, row.destination); });
        if (last && now - *last < std::chrono::minutes{1}) return;
    }
    node.store().write([&](StoreWriter& writer) {
        writer.put_setting(answered_setting(row.destination), to_text(now));
    });
}

// A refused submission is an answer, not a failure: its performer sees it and acts on it.
void submission_refused(Node& node, const OutboxRow& row, const Refusal& refusal) {
    node.log("submission refused", {{"act", text(row.act)}, {"code", std::string(refusal.name())}});
    node.store().write([&](StoreWriter& writer) {
        writer.remove_outbox(row.id);
        if (auto submission = writer.find_submission(row.act)) {
            submission->state = SubmissionRow::State::refused;
            submission->answer = kept_answer(refusal);
            writer.put_submission(*submission);
        }
    });
}

void filing_taken(Node& node, const OutboxRow& row) {
    node.store().write([&](StoreWriter& writer) {
        writer.remove_outbox(row.id);
        if (auto own = writer.find_submission(row.act)) {
            own->state = SubmissionRow::State::admitted;
            own->seal.clear(); // the person's words are the other node's now
            writer.put_submission(*own);
        }
        if (const auto queued = counted(writer, "filings-queued"); queued > 0)
            writer.put_setting("filings-queued", std::to_string(queued - 1));
    });
}

std::optional<Bytes> body_of(Node& node, const OutboxRow& row, act::Envelope& submission) {
    std::optional<Bytes> out;
    node.store().read([&](StoreReader& reader) {
        if (row.kind == OutboxRow::Kind::sighting) {
            if (auto sighting = reader.find_sighting(row.act)) out = std::move(sighting->text);
        } else if (row.kind == OutboxRow::Kind::admitted) {
            if (const auto act = reader.find_act(row.act)) {
                // The participant that will keep the case gets every part, to pass them on.
                const auto state = find_case(node, reader, row.case_id);
                const bool keeper = state && state->opening.requested == row.destination;
                out = envelope_for(reader, *act, row.destination, keeper);
            }
        } else if (const auto own = reader.find_submission(row.act)) {
            if (own->kind == filing_kind) {
                out = own->seal; // a challenge on its way to another country, not an act
                return;
            }
            submission = {own->seal, reader.parts(row.act), ""};
            out = act::print_envelope(submission);
        }
    });
    return out;
}

// The keeper has admitted our act: with its receipt the act passes our own gate and is ours.
void take_receipt(
    Node& node, const OutboxRow& row, act::Envelope submission, std::string_view answer) {
    const auto object = json::parse_object(answer, limits::act_seal_bytes * 2);
    const auto* receipt = object ? object->if_contains("receipt") : nullptr;
    if (!receipt || !receipt->is_string()) {
        retry_later(node, row, say("the answer holds no receipt"));
        return;
    }
    submission.receipt = receipt->as_string();
    const auto passage = pass_gate(node, submission, Way::follower);
    if (passage) {
        done(node, row);
        return;
    }
    if (passage.error().code == Code::sequence_ahead)
        catch_up(node, row.case_id, row.destination); // acts before ours are still on their way
    retry_later(
        node, row, say("its receipt was not accepted here: {}", sentence_of(passage.error())));
}

enum class Outcome {
    done,          ///< taken, or refused for good: the case's next row comes up
    row_waits,     ///< "not yet" for this case; the partner's other cases go on
    partner_waits, ///< no answer, or "not now" for everything
};

Outcome deliver(Node& node, const OutboxRow& row, Delivery& count) {
    act::Envelope submission;
    const auto body = body_of(node, row, submission);
    if (!body) {
        done(node, row); // nothing left to send: the submission was withdrawn
        return Outcome::done;
    }
    Said problem;
    const bool filing = row.kind == OutboxRow::Kind::submit && submission.seal.empty();
    const bool sighting = row.kind == OutboxRow::Kind::sighting;
    const auto answer = node.peers().call(
        row.destination,
        {"POST",
         filing     ? "/exchange/v1/filings"
         : sighting ? "/exchange/v1/sightings"
                    : "/exchange/v1/acts",
         {},
         *body,
         sighting ? "application/jose+json" : "application/json"},
        problem);
    if (!answer) {
        partner_waits(node, row, problem);
        ++count.waiting;
        return Outcome::partner_waits;
    }
    node.reach().answered(row.destination);
    if (answer->status == 200) {
        note_answer(node, row);
        if (filing)
            filing_taken(node, row);
        else if (row.kind == OutboxRow::Kind::submit)
            take_receipt(node, row, std::move(submission), answer->body);
        else
            done(node, row);
        ++count.delivered;
        return Outcome::done;
    }
    const auto refusal = refusal_in(answer->body);
    if (refusal && of_the_whole(*refusal)) {
        partner_waits(node, row, refused_there(*refusal));
        ++count.waiting;
        return Outcome::partner_waits;
    }
    if (!refusal || transient(*refusal)) {
        retry_later(
            node, row,
            refusal ? refused_there(*refusal) : say("answered with status {}", answer->status));
        ++count.waiting;
        return Outcome::row_waits;
    }
    if (row.kind == OutboxRow::Kind::submit)
        submission_refused(node, row, *refusal);
    else
        fail(node, row, *refusal);
    ++count.failed;
    return Outcome::done;
}

// What is due for one partner, up to a page, so that a long queue leaves the others their turn.
// True when something moved: a case's next row comes up when the one before it is done.
bool deliver_to(Node& node, const ParticipantId& to, Delivery& count) {
    constexpr std::size_t rows_at_once = 64;
    const auto turn = node.reach().turn(Reach::Line::acts, to, node.now());
    if (!turn) return false;
    std::vector<OutboxRow> rows;
    node.store().read(
        [&](StoreReader& reader) { rows = reader.outbox_due(to, turn->due(), rows_at_once); });
    bool moved = false;
    for (const auto& row : rows) {
        const auto outcome = deliver(node, row, count);
        if (outcome == Outcome::partner_waits) return false;
        moved |= outcome == Outcome::done;
    }
    node.reach().caught_up(to);
    return moved;
}

// What the other node found: by pattern where it is one of ours, else as it put it in English. A
// sentence that is no pattern, of an older or a newer program, is a quotation too.
Said facts_in(const json::Object& problem) {
    if (const auto* sent = problem.if_contains("facts_said")) {
        auto told = said_from_peer(*sent);
        const bool sentence =
            told && told->kind() == Said::Kind::value && told->raw().find(' ') != std::string::npos;
        if (told && !sentence) return std::move(*told);
    }
    const auto* facts = problem.if_contains("facts");
    return facts && facts->is_string() ? quoted_from_peer(std::string_view(facts->as_string()))
                                       : Said();
}

// A rule or remedy closer to the case than the table's, where it is a text of ours; else the
// table's.
std::string text_in(const json::Object& problem, std::string_view name) {
    const auto* value = problem.if_contains(name);
    if (!value || !value->is_string()) return {};
    std::string text(value->as_string());
    return said(text, {}).key().starts_with("refusal.") && text.find('{') == std::string::npos
               ? text
               : std::string();
}

} // namespace

std::optional<Refusal> refusal_in(std::string_view body) {
    constexpr std::size_t problem_bytes = 64 * 1024;
    const auto object = json::parse_object(body, problem_bytes);
    if (!object) return std::nullopt;
    const auto* code = object->if_contains("code");
    if (!code || !code->is_string()) return std::nullopt;
    const auto* entry = refusal_entry(std::string_view(code->as_string()));
    if (!entry) return std::nullopt;
    return Refusal{
        entry->code, facts_in(*object), text_in(*object, "rule"), {}, text_in(*object, "remedy")};
}

Said refused_there(const Refusal& refusal) {
    return say("the other node refused it: {}", sentence_of(refusal));
}

Delivery deliver_outbox(Node& node) {
    Delivery count;
    for (bool moved = true; moved;) {
        moved = false;
        std::vector<ParticipantId> partners;
        node.store().read([&](StoreReader& reader) { partners = reader.outbox_destinations(); });
        for (const auto& to : partners)
            moved |= deliver_to(node, to, count);
    }
    return count;
}

std::optional<Instant> last_answered(StoreReader& reader, const ParticipantId& id) {
    const auto stored = reader.setting(answered_setting(id));
    if (!stored) return std::nullopt;
    const auto at = instant_from(*stored);
    if (!at) throw Fault("when a partner last answered is not readable");
    return *at;
}

Result<void> resend(Node& node, std::int64_t id) {
    std::optional<OutboxRow> row;
    node.store().write([&](StoreWriter& writer) {
        row = writer.find_outbox(id);
        if (!row) return;
        row->failed = false;
        row->next_try = node.now();
        writer.update_outbox(*row);
    });
    if (!row) return refuse(Code::not_found, say("no delivery {} waits", id));
    node.reach().answered(row->destination); // tried at once, whatever is known against it
    return {};
}

Instant next_try(const Node& node, const OutboxRow& row) {
    return std::max(row.next_try, node.reach().next_try(row.destination).value_or(row.next_try));
}

} // namespace comity::node
