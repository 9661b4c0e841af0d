// Who at a provider was shown a case (threat T28): each person once a case and day, in the
// provider's own books with the name; told at once, without it, to the sides that ask and are asked
// and to the bodies that oversee these; and committed to in the provider's record.
#pragma once

#include "node/node.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace comity::limits {

// What a node takes of one case: three people a day over the nine years that a case may be kept.
// Above it somebody floods.
inline constexpr std::size_t sightings_per_case = 10'000;

} // namespace comity::limits

namespace comity::node {

/// A person who is shown something, as the session knows her.
struct Viewer {
    PersonId person;
    OfficeId office;
    std::vector<std::string> roles; ///< in force
};

/// Whether this node is one that notes sightings: a provider's.
bool notes_sightings(const Node& node);

/// That a person was shown these cases now; to be called before anything of them leaves the node.
/// At a provider's node the first time on a day (UTC) writes the sighting, its leaf and what is to
/// be told, in one transaction, and later ones its `last`, to the minute; elsewhere it does
/// nothing. Returns whether there is something to tell. A case that is not known here is passed
/// over. Refuses with not_initialised; faults when the store does.
Result<bool> note_sightings(Node& node, const std::vector<CaseId>& cases, const Viewer& viewer);

/// The text that the leaf of a sighting commits to: with the person.
Bytes sighting_text(const SightingRow& row);

/// Who is told of what people at the case's provider are shown: the sides that ask and are asked,
/// as far as they have joined, and the bodies that oversee these countries. Sorted.
std::vector<ParticipantId> told_of_sightings(
    const directory::Directory& directory, const casefile::Case& state);

/// Takes a statement that `from` sent (its TLS certificate is in the directory); the same again
/// changes nothing. Returns whether it is new. Refuses
/// - as act::parse_sighting and crypto::verify_jws;
/// - performer_not_signer: it is another participant's;
/// - federation_other, directory_expired, and what directory::check_seal refuses with: the seal is
///   not the provider's today, the office not its own, or not competent for that role on that day;
/// - time_unbelievable: it lies ahead, before the case, or is not sealed when it happened;
/// - case_unknown: no case here of which it is the provider, which are one answer for all: a
///   stranger does not learn which cases there are;
/// - not_addressed: this node is not one that is told;
/// - too_large: above limits::sightings_per_case.
Result<bool> receive_sighting(Node& node, const ParticipantId& from, std::string_view text);

} // namespace comity::node
