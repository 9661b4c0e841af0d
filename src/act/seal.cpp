// Seals, envelopes and receipts in their text forms.
#include "act/seal.hpp"

#include "base/limits.hpp"

#include <fmt/format.h>

namespace comity::act {

namespace {

Bytes bytes_member(json::Reader& in, std::string_view member) {
    auto bytes = from_base64url(in.string(member));
    if (!bytes) in.complain(member, say("is not base64url"));
    return std::move(bytes).value_or(Bytes{});
}

json::Object print_approval(const Approval& approval) {
    json::Array roll;
    for (const auto& entry : approval.roll)
        roll.emplace_back(entry);
    return {{"approval", print_assertion(approval.assertion)}, {"roll", std::move(roll)}};
}

Result<std::optional<Approval>> read_approval(const json::Object& unprotected) {
    if (unprotected.empty()) return std::optional<Approval>{};
    json::Reader in{unprotected, "unprotected header"};
    Approval approval;
    const auto& assertion = in.object("approval");
    approval.roll = in.strings("roll");
    if (approval.roll.empty() || approval.roll.size() > limits::roll_chain_entries)
        in.complain("roll", say("has no entry, or too many"));
    if (auto done = in.done(); !done) return refuse(Code::approval_malformed, done.error().facts);
    TRY(approval.assertion, parse_assertion(assertion));
    return std::optional<Approval>{std::move(approval)};
}

} // namespace

json::Object print_assertion(const crypto::Assertion& assertion) {
    return {
        {"credential", to_base64url(assertion.credential_id)},
        {"authenticator_data", to_base64url(assertion.authenticator_data)},
        {"client_data", to_base64url(assertion.client_data)},
        {"signature", to_base64url(assertion.signature)}};
}

Result<crypto::Assertion> parse_assertion(const json::Object& object) {
    json::Reader in{object, "approval"};
    crypto::Assertion assertion;
    assertion.credential_id = bytes_member(in, "credential");
    assertion.authenticator_data = bytes_member(in, "authenticator_data");
    assertion.client_data = bytes_member(in, "client_data");
    assertion.signature = bytes_member(in, "signature");
    if (auto done = in.done(); !done) return refuse(Code::approval_malformed, done.error().facts);
    return assertion;
}

std::string seal_act(
    BytesView header_bytes, Instant signed_at, const crypto::JwsSigner& signer,
    const std::optional<Approval>& approval) {
    return crypto::sign_jws(
        header_bytes, act_type, signed_at, signer,
        approval ? print_approval(*approval) : json::Object{});
}

Result<Sealed> parse_sealed(std::string_view text) {
    TRY(auto jws, crypto::parse_jws(text, limits::act_seal_bytes));
    if (jws.signatures.size() != 1)
        return refuse(Code::seal_malformed, say("an act has exactly one seal"));
    // Made and not assigned: so the unprotected header stays in the memory it was read into.
    Sealed out{std::string(text), {}, {}, {}, std::move(jws.signatures.front()), {}};
    if (out.seal.type != act_type)
        return refuse(
            Code::seal_malformed, say("the seal is of type {}", out.seal.type.substr(0, 60)));
    if (jws.payload.size() > limits::act_header_bytes)
        return refuse(Code::too_large, say("the header has {} bytes", jws.payload.size()));
    out.header_bytes = std::move(jws.payload);
    TRY(out.header, parse_header(out.header_bytes));
    out.hash = act_hash(out.header_bytes);
    TRY(out.approval, read_approval(out.seal.unprotected));
    return out;
}

Bytes print_envelope(const Envelope& envelope) {
    json::Array parts;
    for (const auto& [place, sealed] : envelope.parts)
        parts.emplace_back(json::Object{
            {"part", static_cast<std::int64_t>(place)}, {"sealed", to_base64url(sealed)}});
    json::Object out{
        {"comity", "envelope/1"}, {"seal", envelope.seal}, {"parts", std::move(parts)}};
    if (!envelope.receipt.empty()) out["receipt"] = envelope.receipt;
    return json::print(out);
}

Result<Envelope> parse_envelope(std::string_view text) {
    if (text.size() > limits::envelope_bytes)
        return refuse(
            Code::too_large, say("the envelope has {} bytes; at most {} are accepted", text.size(),
                                 limits::envelope_bytes));
    TRY(const auto object, json::parse_object(text, limits::envelope_bytes));
    json::Reader in{object, "envelope"};
    Envelope out;
    if (in.string("comity") != "envelope/1") in.complain("comity", say("is not envelope/1"));
    out.seal = in.string("seal");
    out.receipt = in.string_if("receipt").value_or("");
    for (const auto& item : in.array("parts")) {
        if (!item.is_object())
            return refuse(Code::envelope_malformed, say("a part is not an object"));
        json::Reader part{item.as_object(), "part"};
        const auto place = part.integer("part");
        Bytes sealed = bytes_member(part, "sealed");
        if (auto done = part.done(); !done)
            return refuse(Code::envelope_malformed, done.error().facts);
        if (place < 0 || place >= static_cast<std::int64_t>(limits::act_parts) ||
            !out.parts.emplace(static_cast<std::size_t>(place), std::move(sealed)).second)
            return refuse(
                Code::envelope_malformed, say("a part stands twice, or at no place of a header"));
    }
    if (auto done = in.done(); !done) return refuse(Code::envelope_malformed, done.error().facts);
    return out;
}

std::string sign_receipt(const Receipt& receipt, const crypto::JwsSigner& signer) {
    const json::Object payload{
        {"comity", "receipt/1"},
        {"federation", receipt.federation},
        {"case", receipt.case_id.str()},
        {"act", text(receipt.act)},
        {"sequence", receipt.sequence},
        {"keeper", receipt.keeper.str()},
        {"time", to_text(receipt.time)},
        {"record", json::Object{
                       {"origin", receipt.record_origin},
                       {"index", receipt.record_index},
                       {"by", to_text(receipt.record_by)}}}};
    return crypto::sign_jws(json::print(payload), receipt_type, receipt.time, signer);
}

Result<SealedReceipt> parse_receipt(std::string_view text) {
    TRY(auto jws, crypto::parse_jws(text, limits::act_seal_bytes));
    if (jws.signatures.size() != 1 || jws.signatures.front().type != receipt_type)
        return refuse(Code::seal_malformed, say("a receipt has exactly one seal, of its own type"));
    TRY(const auto object, json::parse_object(jws.payload, limits::act_header_bytes));
    json::Reader in{object, "receipt"};
    SealedReceipt out{{}, std::move(jws.signatures.front())};
    Receipt& receipt = out.receipt;
    if (in.string("comity") != "receipt/1") in.complain("comity", say("is not receipt/1"));
    receipt.federation = in.string("federation");
    receipt.case_id = CaseId(in.string("case"));
    const auto act = digest_from_text(in.string("act"));
    receipt.sequence = in.integer("sequence");
    receipt.keeper = ParticipantId(in.string("keeper"));
    const auto time = instant_from(in.string("time"));
    json::Reader record{in.object("record"), "record"};
    receipt.record_origin = record.string("origin");
    receipt.record_index = record.integer("index");
    const auto by = instant_from(record.string("by"));
    TRY_VOID(in.done());
    TRY_VOID(record.done());
    if (!act || !time || !by || receipt.sequence < 1 || receipt.record_index < 0)
        return refuse(
            Code::json_malformed, say("receipt: a hash, a time or a number is not of its form"));
    receipt.act = *act;
    receipt.time = *time;
    receipt.record_by = *by;
    return out;
}

} // namespace comity::act
