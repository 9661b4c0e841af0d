// Rows for tests of a store, and everything a store holds as one text, to compare two of them.
#pragma once

#include "base/said_json.hpp"
#include "node/ports.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string>

namespace comity::test {

/// Digests that differ by their number; the number stands in the first bytes, so they sort by it.
inline Digest digest_number(std::uint32_t number) {
    Digest digest{};
    for (std::size_t i = 0; i < 4; ++i)
        digest.at(i) = static_cast<std::uint8_t>(number >> (24 - 8 * i));
    digest.back() = 0x5a;
    return digest;
}

inline Instant at(std::int64_t milliseconds) {
    return Instant(Milliseconds(milliseconds));
}

inline CaseId case_number(std::uint32_t number) {
    return CaseId(fmt::format("case-{:06}", number));
}

inline node::CaseRow sample_case(std::uint32_t number, std::int64_t changed = 1000) {
    return {
        .id = case_number(number),
        .procedure = "order",
        .state = R"({"a":1})",
        .next_sequence = 1,
        .wakes = std::nullopt,
        .changed = at(changed)};
}

inline node::ActRow sample_act(std::uint32_t number, const CaseId& id, std::int64_t sequence) {
    return {
        .hash = digest_number(number),
        .case_id = id,
        .sequence = sequence,
        .kind = "issue",
        .seal = "seal-" + std::to_string(number),
        .receipt = "receipt",
        .admitted = at(number),
        .nonce = Bytes(32, '\xff'),
        .leaf = number};
}

inline node::OutboxRow sample_outbox(
    const std::string& to, std::uint32_t case_, std::int64_t next_try) {
    node::OutboxRow row;
    row.destination = ParticipantId(to);
    row.case_id = case_number(case_);
    row.act = digest_number(case_);
    row.next_try = at(next_try);
    return row;
}

inline std::string show(const std::optional<Instant>& instant) {
    return instant ? std::to_string(instant->time_since_epoch().count()) : "-";
}

inline std::string show(const node::CaseRow& row) {
    return fmt::format(
        "case {} {} {} {} wakes {} changed {}\n", row.id.str(), row.procedure, row.state,
        row.next_sequence, show(row.wakes), show(row.changed));
}

inline std::string show(const node::ActRow& row) {
    return fmt::format(
        "act {} {} {} {} {} {} {} {} {}\n", text(row.hash), row.case_id.str(), row.sequence,
        row.kind, row.seal, row.receipt, show(row.admitted), to_hex(row.nonce), row.leaf);
}

inline std::string show(const node::SubmissionRow& row) {
    return fmt::format(
        "submission {} {} {} {} {} {} {}\n", text(row.hash), row.case_id.str(), row.kind, row.seal,
        static_cast<int>(row.state), row.answer, show(row.created));
}

inline std::string show(const node::OutboxRow& row) {
    return fmt::format(
        "outbox {} {} {} {} {} {} {} {} {}\n", row.id, row.destination.str(),
        static_cast<int>(row.kind), row.case_id.str(), text(row.act), row.attempts,
        show(row.next_try), json::print(said_value(row.problem)), row.failed);
}

inline std::string show(const node::EvidenceRow& row) {
    return fmt::format(
        "evidence {} {} {} {} {} {} {}\n", row.case_id.str(), text(row.hash), row.size,
        static_cast<int>(row.state), text(row.act), row.from.str(), row.to.str());
}

inline std::string show(const node::RollRow& row) {
    return fmt::format("roll {} {} {} {}\n", text(row.hash), row.person.str(), row.text, row.ended);
}

inline std::string show(const node::ObligationRow& row) {
    return fmt::format(
        "obligation {} {} {} {} {} {}\n", row.case_id.str(), row.act, row.side, row.role,
        show(row.due), row.leaf.value_or(-1));
}

inline std::string show(const node::WitnessRow& row) {
    return fmt::format("witnessed {} {} {} {}\n", row.origin, row.size, text(row.root), row.note);
}

inline std::string show(const node::DraftRow& row) {
    std::string out =
        fmt::format("draft {} {} {}\n", text(row.hash), to_hex(row.header), show(row.created));
    for (const auto& [place, sealed] : row.parts)
        out += fmt::format("  {} {}\n", place, to_hex(sealed));
    return out;
}

inline std::string show(const node::WorkRow& row) {
    std::string duties;
    for (const auto& duty : row.duties)
        duties += fmt::format(
            "  {} {} {} due {} since {}\n", duty.role, duty.act, duty.side, show(duty.due),
            show(duty.since));
    return fmt::format(
        "work {} {} {} {} {} {} {} {} {} {} {} due {} stuck {} sealed until {} {} {} {} {} {}\n{}",
        row.case_id.str(), row.direction, row.partner.str(), row.procedure, row.category, row.state,
        row.holder.str(), row.act, row.side, row.role, row.ours, show(row.due), show(row.stuck),
        show(row.seal_end), row.acts, show(row.opened), show(row.updated), to_hex(row.sealed),
        row.token ? text(*row.token) : "-", duties);
}

inline std::string show(const node::KeptRow& row) {
    return fmt::format(
        "kept {} {} {} {} {} {}\n", row.kind, row.owner, row.name, row.version, show(row.updated),
        to_hex(row.sealed));
}

template <class Row>
std::string show(const std::vector<Row>& rows) {
    std::string out;
    for (const auto& row : rows)
        out += show(row);
    return out;
}

/// What every query answers, for case numbers and digest numbers below `numbers`.
inline std::string dump(node::StoreReader& reader, std::uint32_t numbers) {
    constexpr std::size_t all = 100'000;
    std::string out;
    const auto one = [&out](const auto& row) {
        out += row ? show(*row) : std::string("none\n");
    };
    out += show(reader.cases(all)) + show(reader.cases(3)) + show(reader.cases_from({}, all));
    for (const auto by : {node::WorkRange::By::due, node::WorkRange::By::updated})
        out += show(reader.work({}, {by, {}, {}}, {}, all));
    out += show(reader.kept("view", "p", "", all));
    for (const std::int64_t now : {-1, 0, 5, 10, 1'000'000})
        out += fmt::format("at {}\n", now) + show(reader.waking(at(now), all)) +
               show(reader.waking(at(now), 2));
    for (const auto& to : reader.outbox_destinations())
        for (const std::int64_t now : {-1, 0, 5, 10, 1'000'000})
            out += fmt::format("for {} at {}\n", to.str(), now) +
                   show(reader.outbox_due(to, at(now), all)) +
                   show(reader.outbox_due(to, at(now), 2));
    for (std::uint32_t i = 0; i < numbers; ++i) {
        const CaseId id = case_number(i);
        const Digest hash = digest_number(i);
        one(reader.find_case(id));
        one(reader.find_work(id));
        one(reader.act_at(id, 2));
        one(reader.find_act(hash));
        one(reader.find_submission(hash));
        one(reader.find_draft(hash));
        one(reader.find_roll(hash));
        one(reader.find_evidence(id, hash));
        one(reader.witnessed("origin-" + std::to_string(i)));
        out += show(reader.acts(id, 0, all)) + show(reader.acts(id, 1, 2)) +
               show(reader.submissions(id)) + show(reader.evidence(id)) +
               show(reader.obligations_of(id));
        for (const auto& [place, sealed] : reader.parts(hash))
            out += fmt::format("part {} {} {}\n", i, place, to_hex(sealed));
        out += fmt::format("part 1: {}\n", to_hex(reader.part(hash, 1).value_or("none")));
        out += fmt::format(
            "directory {} setting {}\n", reader.directory(i).value_or("none"),
            reader.setting("name-" + std::to_string(i)).value_or("none"));
    }
    out += show(reader.outbox(all)) + show(reader.outbox(2)) + show(reader.roll()) +
           show(reader.obligations(all)) + show(reader.obligations(3)) +
           reader.directory(std::nullopt).value_or("none") + "\n";
    out += show(reader.evidence_to_remove(all)) + show(reader.evidence_to_remove(2));
    for (const char* from : {"a", "b", "c"})
        for (const auto& to : reader.evidence_recipients(ParticipantId(from))) {
            out += fmt::format("evidence of {} for {}\n", from, to.str()) +
                   show(reader.evidence_to_send(ParticipantId(from), to, std::nullopt, all));
            // In pages, as who sends reads it.
            std::optional<node::EvidencePlace> after;
            for (;;) {
                const auto page = reader.evidence_to_send(ParticipantId(from), to, after, 2);
                if (page.empty()) break;
                out += "page\n" + show(page);
                after = node::EvidencePlace{page.back().case_id, page.back().hash};
            }
        }
    for (const auto& leaf : reader.leaves(0, all))
        out += "leaf " + to_hex(leaf) + "\n";
    for (const auto& leaf : reader.leaves(2, 2))
        out += "leaf from 2 " + to_hex(leaf) + "\n";
    return out + std::to_string(reader.leaf_count()) + "\n";
}

} // namespace comity::test
