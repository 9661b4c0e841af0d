// The first two people of a node that was made without their passkeys. Whoever sets the node up is
// given a link for each; each makes two passkeys in one visit and reads a code to whoever set the
// node up; with both codes their four entries are sealed together. Nobody on a roll can vouch for
// them, so the directory names their entries by hash, and the members sign it (decision 024).
#pragma once

#include "node/invite.hpp"

namespace comity::node {

struct Founder {
    PersonId person;
    std::string name; ///< for people; the short name where it is empty
    OfficeId office;
    std::vector<std::string> roles;
};

/// Who they are to be, and what their page calls node and offices before a directory tells it.
struct FoundersPlan {
    std::map<std::string, std::string> participant_names; ///< language to name
    std::map<OfficeId, std::map<std::string, std::string>> office_names;
    std::vector<Founder> founders; ///< two
};

/// Refuses what are not two different people, both administrators, of offices that are named.
Result<void> check_founders(const FoundersPlan& plan);

/// Kept when the node is created; there are no links yet.
void plan_founders(StoreWriter& writer, const FoundersPlan& plan);

/// Nothing where the founders' passkeys were given when the node was created.
std::optional<FoundersPlan> planned_founders(StoreReader& reader);

/// How far one of them is.
struct FounderState {
    enum class Step { not_invited, invited, key_registered, on_roll };

    Founder founder;
    Step step = Step::not_invited;
    std::optional<Instant> expires; ///< the link, or after it the time to confirm
    std::string label;              ///< of the passkeys, as the person called them
};

/// In the plan's order; empty where there is no plan.
std::vector<FounderState> founders(Node& node);

/// Links for those who have made no passkeys; older links of theirs end. With a person, a link for
/// that one, whatever was made before: the code differed, or the device is lost. Refuses with
/// not_allowed without a plan, or when a founder is on the roll; with not_found for somebody else.
Result<std::vector<Invited>> invite_founders(Node& node, const std::optional<PersonId>& person);

/// Puts both on the roll when both codes are those of the passkeys that were made; the same codes
/// again are no error. Returns the hashes of the four entries, which the directory has to name.
/// Refuses with not_allowed while a passkey is missing and when a code differs.
Result<std::vector<Digest>> confirm_founders(
    Node& node, const std::map<PersonId, std::string>& codes);

} // namespace comity::node
