// Statements of sightings in their text form.
#include "act/sighting.hpp"

#include "base/limits.hpp"
#include "crypto/hash.hpp"

namespace comity::act {

Bytes print_sighting(const Sighting& sighting) {
    return json::print(json::Object{
        {"comity", "sighting/1"},
        {"federation", sighting.federation},
        {"case", sighting.case_id.str()},
        {"participant", sighting.participant.str()},
        {"office", sighting.office.str()},
        {"role", sighting.role},
        {"time", to_text(sighting.time)},
        {"commitment", text(sighting.commitment)},
        {"index", sighting.index}});
}

Digest sighting_hash(BytesView bytes) {
    return crypto::tagged_hash("comity/sighting/v1", {bytes});
}

std::string sign_sighting(const Sighting& sighting, const crypto::JwsSigner& signer) {
    return crypto::sign_jws(print_sighting(sighting), sighting_type, sighting.time, signer);
}

Result<SealedSighting> parse_sighting(std::string_view text) {
    TRY(auto jws, crypto::parse_jws(text, limits::act_seal_bytes));
    if (jws.signatures.size() != 1 || jws.signatures.front().type != sighting_type ||
        !jws.signatures.front().unprotected.empty())
        return refuse(
            Code::seal_malformed, say("a sighting has exactly one seal, of its own type"));
    TRY(const auto object, json::parse_object(jws.payload, limits::act_header_bytes));
    json::Reader in{object, "sighting"};
    SealedSighting out{{}, sighting_hash(jws.payload), std::move(jws.signatures.front())};
    Sighting& sighting = out.sighting;
    if (in.string("comity") != "sighting/1") in.complain("comity", say("is not sighting/1"));
    sighting.federation = in.string("federation");
    sighting.case_id = CaseId(in.string("case"));
    sighting.participant = ParticipantId(in.string("participant"));
    sighting.office = OfficeId(in.string("office"));
    sighting.role = in.string("role");
    const auto time = instant_from(in.string("time"));
    const auto commitment = digest_from_text(in.string("commitment"));
    sighting.index = in.integer("index");
    TRY_VOID(in.done());
    if (!time || !commitment || sighting.index < 0)
        return refuse(
            Code::json_malformed, say("sighting: a hash, a time or a number is not of its form"));
    sighting.time = *time;
    sighting.commitment = *commitment;
    // One statement has one text: else the same could be told twice under two names.
    if (print_sighting(sighting) != jws.payload)
        return refuse(Code::json_malformed, say("sighting: not the text that it is printed as"));
    return out;
}

} // namespace comity::act
