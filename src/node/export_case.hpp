// The whole of a case in one file, for a court or anybody else to check offline.
#pragma once

#include "node/sequence_record.hpp"

namespace comity::node {

/// The bundle (docs/protocol.md, Bundle): directory, the list of the law pack's files with the
/// procedure, every act with its receipt, the parts this node reads in the clear beside their
/// sealed form, nonces and inclusion proofs from this node's record; then a line with this node's
/// seal over the first. Refuses proof_wrong while the last act is not yet in the published record.
Result<Bytes> export_case(Node& node, const Sequencer& record, const CaseId& id);

/// The same for the person concerned, once told: every act with its seal, receipt, nonce and proof,
/// so that anybody sees who decided what in which order; of the content only the parts that the
/// forms open to the person.
Result<Bytes> export_notice(Node& node, const Sequencer& record, const CaseId& id);

/// Who held what, when, under which act, as far as this node can read.
Result<json::Object> custody_certificate(Node& node, const CaseId& id);

} // namespace comity::node
