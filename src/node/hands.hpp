// In whose hands a case is at this participant, and who stands in for somebody who is away. It
// stands in this node's own books and travels to nobody. It says who sees to a case; it gives
// nobody a right: who may perform an act is a matter of role, office and four eyes, as ever. Each
// change is a statement that a person signed with their passkey, kept as it was signed.
#pragma once

#include "node/node.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace comity::node {

/// Cases go from hand to hand. Sorted: moves by `from`, cases by id; each case once.
struct HandOver {
    struct Move {
        PersonId from; ///< empty: nobody had them
        std::vector<CaseId> cases;

        bool operator==(const Move&) const = default;
    };

    PersonId to; ///< empty: into nobody's
    std::vector<Move> moves;

    bool operator==(const HandOver&) const = default;
};

/// Somebody stands in for somebody, from `from` up to and not including `until`. It goes no
/// further: who stands in for one person does not get what that one stands in for.
struct StandIn {
    PersonId absent;
    PersonId person; ///< who stands in
    Instant from;
    Instant until;
    std::vector<CaseId> cases; ///< only these of theirs, sorted; empty: whatever they have

    bool operator==(const StandIn&) const = default;
};

/// A stand-in ends before its time.
struct StandInEnd {
    Digest statement{}; ///< by which it began

    bool operator==(const StandInEnd&) const = default;
};

struct HandsStatement {
    std::string federation;
    ParticipantId participant;
    PersonId by; ///< who signs
    Instant at;
    std::variant<HandOver, StandIn, StandInEnd> deed;

    bool operator==(const HandsStatement&) const = default;
};

/// hand-over, stand-in or stand-in-end.
std::string_view deed_name(const HandsStatement& statement);
/// Their ids, as statements and the interface list them.
json::Array case_array(const std::vector<CaseId>& cases);

/// The statement's bytes, in one fixed member order.
Bytes print_statement(const HandsStatement& statement);
/// Strict: refuses with json_malformed whatever our printer would print otherwise.
Result<HandsStatement> parse_statement(BytesView bytes);
/// Names a statement.
Digest statement_hash(BytesView bytes);
/// What the passkey signs: another domain over the same bytes.
Digest statement_challenge(BytesView bytes);

/// What somebody wants to sign.
struct HandOverWish {
    PersonId to;               ///< empty: into nobody's hands
    std::vector<CaseId> cases; ///< in any order
    PersonId all_of;           ///< in place of cases: what is in this person's hands
};

using HandsWish = std::variant<HandOverWish, StandIn, StandInEnd>;

struct PreparedHands {
    Bytes bytes;
    Digest challenge{};
    HandsStatement statement;
    std::size_t left = 0; ///< of `all_of`, what one statement does not hold
};

/// Says over which bytes the person signs, as things are now; a stand-in that was to begin in the
/// past begins now. Writes nothing. Refuses as sign_hands.
Result<PreparedHands> prepare_hands(Node& node, const HandsWish& wish, const PersonId& by);

/// A statement as it is kept.
struct SignedHands {
    Digest hash{};
    HandsStatement statement;
    Bytes bytes;
    Digest entry{}; ///< of the roll, whose passkey signed
    crypto::Assertion assertion;
};

/// Takes the signed statement: all of it or nothing. The same one again is no change. Refuses with
/// - json_malformed, not_addressed, time_unbelievable: not these bytes, not here, not now;
/// - approval codes: not this person's passkey, or not over these bytes;
/// - not_allowed: an administrator decides for others, everybody for their own absence, and who
///   works on cases takes what nobody has and gives back what is theirs;
/// - hands_role, stand_in_role, stand_in_time; case_unknown; too_large: more than the limits;
/// - changed_meanwhile: a case is no longer in the hands that the statement says.
Result<SignedHands> sign_hands(
    Node& node, BytesView statement, const crypto::Assertion& assertion, const PersonId& by);

/// Faults on what is not readable.
SignedHands read_row(const HandStatementRow& row);
/// Whether the kept assertion is that passkey's over these bytes: the entry may have ended since.
bool verifies(StoreReader& reader, const SignedHands& kept);

/// Somebody who works on cases today, with their roles for that.
struct Caseworker {
    PersonId person;
    OfficeId office;
    std::vector<std::string> roles; ///< sorted
};

/// By person; at most limits::caseworkers.
std::vector<Caseworker> caseworkers(Node& node, StoreReader& reader);

/// Whether a stand-in covers a case of theirs at an instant.
bool covers(const StandInRow& row, const CaseId& id, Instant at);

/// What a person sees to now: their own, and that of whom they stand in for.
WorkHands hands_now(StoreReader& reader, const PersonId& person, Instant now);

/// How many cases wait here for an act and are in nobody's hands, counted up to
/// limits::work_counted.
std::size_t open_in_nobodys(StoreReader& reader);

/// For whom a person was standing in when they acted in a case: for who had it then. Nothing when
/// it was their own, or nobody's, or of somebody for whom they were not standing in.
std::optional<PersonId> stood_in_for(
    StoreReader& reader, const CaseId& id, const PersonId& person, Instant at);

/// Takes everything out of the hands of who leaves the roll, and ends their standing in and being
/// stood in for.
void empty_hands(StoreWriter& writer, const PersonId& person, Instant now);

/// The same for whoever is no longer on the roll without having been ended here: an entry's time
/// was up, or the directory revoked it. Returns of how many people.
std::size_t empty_hands_of_gone(Node& node);

} // namespace comity::node
