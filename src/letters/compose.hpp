// Letters from what the exchange holds: an act by its form, the receipt for it, the chain of
// custody. Pure: the same data gives the same letter.
#pragma once

#include "base/json.hpp"
#include "base/refusal.hpp"
#include "law/form.hpp"
#include "letters/letter.hpp"

#include <functional>

namespace comity::letters {

/// What stands around the form: known from the header, the directory and the record.
struct Frame {
    std::array<std::string, 2> languages;
    std::vector<std::string> from; ///< names and address of the performer
    std::vector<std::string> to;
    std::string case_id;
    std::int64_t sequence = 0;
    std::string act;         ///< kind: authorise, order, notify …
    std::string act_hash;    ///< text form
    std::string sealed_by;   ///< participant and certificate fingerprint
    std::string approved_by; ///< office and person; empty for acts of the node
    Instant admitted;
    std::string record; ///< origin and index of the leaf; empty while it is not recorded
    std::string verification_url;
    /// A country's names by its code; the code itself where the law pack does not know it.
    std::function<Both(std::string_view)> country;
    /// An offence's, instrument's or other coded id's titles, where the schema has no labels for
    /// it.
    std::function<Both(std::string_view)> coded;
};

/// Request, order, notice, refusal and every other act with a form: each field with its title in
/// both languages, coded values in both, tables for lists of rows, nothing left out and nothing
/// added. The fields have passed the form.
Letter act_letter(const law::Form& form, const json::Object& fields, const Frame& frame);

/// The keeper's receipt for an act: number, time, hash, place in the record.
Letter receipt_letter(const Frame& frame, std::string_view keeper);

/// The certificate for the court, from node::custody_certificate. Refuses envelope_malformed when
/// the object is not one.
Result<Letter> custody_letter(const json::Object& certificate, const Frame& frame);

} // namespace comity::letters
