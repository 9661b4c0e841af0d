// A refusal: the rules say no. It is a value with a stable code, the rule and its source, the
// facts, and what to do; it changes nothing and loses nothing. The codes stand in the order in
// which the gate checks; docs/refusals.md lists them in the same order and a test compares both.
#pragma once

#include "base/check.hpp"
#include "base/said.hpp"

#include <tl/expected.hpp>

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace comity {

/// Never renumbered, never renamed: a code is part of the protocol.
enum class Code {
    // 1. size and form of the envelope
    json_malformed,
    too_large,
    envelope_malformed,
    protocol_unsupported,
    header_malformed,
    // 2. seal: signature, certificate, directory, competence on that day
    seal_malformed,
    seal_algorithm,
    seal_critical_header,
    seal_signature,
    seal_certificate,
    federation_other,
    directory_expired,
    performer_unknown,
    performer_not_signer,
    seal_distrusted,
    office_unknown,
    office_not_competent,
    time_unbelievable,
    // 3. addressed to us, not seen before
    not_addressed,
    not_keeper,
    case_unknown,
    case_exists,
    sequence_taken,
    sequence_ahead,
    builds_on_unknown,
    already_received,
    // 4. the body opens and matches the header
    part_missing,
    part_unexpected,
    part_sealed_hash,
    part_unreadable,
    part_hash,
    part_audience,
    // 5. form
    form_unknown,
    form_invalid,
    date_mismatch,
    // 6. approval and four eyes
    approval_missing,
    approval_malformed,
    approval_roll_entry,
    approval_revoked,
    approval_not_competent,
    approval_training,
    approval_purpose,
    approval_origin,
    approval_user_verification,
    approval_challenge,
    approval_signature,
    four_eyes,
    // 7. procedure
    procedure_unknown,
    law_pack_other,
    act_unknown,
    act_side,
    act_role,
    act_closed,
    act_waits_for,
    act_too_early,
    act_held_by,
    deadline_missing,
    deadline_too_far,
    code_wrong,
    // 8. findings
    finding_not_met,
    finding_open,
    grid_widened,
    grid_outside,
    request_not_named,
    order_expired,
    recipient_unregistered,
    contact_wrong,
    facts_repeated,
    route_paused,
    route_ended,
    // evidence
    evidence_unknown,
    evidence_incomplete,
    evidence_corrupt,
    evidence_outside_grid,
    evidence_locked,
    evidence_deleted,
    // directory and roll
    directory_malformed,
    directory_threshold,
    directory_backward,
    roll_malformed,
    roll_two_people,
    roll_exists,
    hands_role,
    stand_in_role,
    stand_in_time,
    // record
    note_malformed,
    note_signature,
    checkpoint_malformed,
    proof_malformed,
    proof_wrong,
    policy_malformed,
    policy_unmet,
    leaf_malformed,
    leaf_unknown,
    // law data
    law_malformed,
    procedure_malformed,
    invariant_broken,
    form_schema_malformed,
    // the node and its interfaces
    not_allowed,
    inspection_missing,
    not_found,
    rate_exceeded,
    peer_away,
    setting_invalid,
    already_exists,
    not_initialised,
    schema_newer,
    store_in_use,
    draft_unknown,
    draft_changed,
    changed_meanwhile,
    translation_none,
    translation_failed,
    bundle_malformed,
    backup_malformed,
    drill_malformed,
    release_malformed,
    release_other,
};

/// The number of codes: the last one plus one.
inline constexpr std::size_t code_count = static_cast<std::size_t>(Code::release_other) + 1;

struct RefusalEntry {
    Code code;
    std::string_view name;   ///< as in the protocol: the enumerator's spelling
    std::string_view what;   ///< what was refused, a sentence's beginning without a full stop
    std::string_view rule;   ///< the rule, in one sentence
    std::string_view source; ///< where the rule comes from: document and section, article or RFC
    std::string_view remedy; ///< what the reader can do about it
};

/// All codes in gate order, one entry each.
std::span<const RefusalEntry> refusal_table();
const RefusalEntry& refusal_entry(Code code);
/// The entry of that name, or null.
const RefusalEntry* refusal_entry(std::string_view name);

struct Refusal {
    Code code = Code::json_malformed;
    Said facts;         ///< the values that led to it; no secret, nothing of a body
    std::string rule;   ///< empty: the table's
    std::string source; ///< empty: the table's
    std::string remedy; ///< empty: the table's

    [[nodiscard]] std::string_view name() const { return refusal_entry(code).name; }

    /// One or two sentences: what, which rule, the facts, what to do.
    [[nodiscard]] std::string text() const;
};

/// Facts are a sentence by its pattern, `say("the act is dated {}", time)`, so that a reader gets
/// it in her language. A rule, source or remedy closer to the case than the table's may follow;
/// rule and remedy are texts of texts/*.txt.
inline tl::unexpected<Refusal> refuse(
    Code code, Said facts, std::string rule = {}, std::string source = {},
    std::string remedy = {}) {
    return tl::unexpected<Refusal>(
        Refusal{code, std::move(facts), std::move(rule), std::move(source), std::move(remedy)});
}

/// Facts that are the same in every language: a name, a hash, a number.
inline tl::unexpected<Refusal> refuse(
    Code code, std::string facts, std::string rule = {}, std::string source = {},
    std::string remedy = {}) {
    return refuse(
        code, Said::value(std::move(facts)), std::move(rule), std::move(source), std::move(remedy));
}

/// A value or a refusal. tl::expected 1.0 is not [[nodiscard]]; this is.
template <class T>
class [[nodiscard]] Result : public tl::expected<T, Refusal> {
public:
    using tl::expected<T, Refusal>::expected;
};

} // namespace comity

#define COMITY_JOIN_(a, b) a##b
#define COMITY_JOIN(a, b) COMITY_JOIN_(a, b)

/// `TRY(auto value, expression);` binds the value or returns the refusal.
#define TRY(declaration, ...) TRY_(COMITY_JOIN(try_result_, __LINE__), declaration, __VA_ARGS__)
#define TRY_(name, declaration, ...)                                                               \
    auto name = (__VA_ARGS__);                                                                     \
    if (!name) return ::tl::unexpected<::comity::Refusal>(std::move(name.error()));                \
    declaration = std::move(*name)

/// `TRY_VOID(expression);` returns the refusal, if there is one.
#define TRY_VOID(...)                                                                              \
    do {                                                                                           \
        if (auto try_void_ = (__VA_ARGS__); !try_void_)                                            \
            return ::tl::unexpected<::comity::Refusal>(std::move(try_void_.error()));              \
    } while (false)
