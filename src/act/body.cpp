// Sealing and opening of body parts.
#include "act/body.hpp"

#include "base/limits.hpp"
#include "base/said_list.hpp"
#include "crypto/cms.hpp"
#include "crypto/hash.hpp"

#include <algorithm>

namespace comity::act {

namespace {

Digest part_hash(BytesView opened) {
    return crypto::tagged_hash("comity/act/part/v1", {opened});
}

Result<Bytes> open_bytes(const PartRef& ref, BytesView sealed, const Opener& opener) {
    TRY(auto opened, crypto::open_sealed(sealed, opener.key, opener.certificate));
    if (part_hash(opened) != ref.hash)
        return refuse(Code::part_hash, say("the opened part does not have the hash in the header"));
    return opened;
}

// What has the hash of the header, read.
Result<Part> read_hashed(const PartRef& ref, BytesView opened, std::string_view act) {
    TRY(auto document, json::parse_object(opened, limits::act_part_bytes));
    json::Reader in{document, "part"};
    const std::string format = in.string("comity");
    const auto salt = from_base64url(in.string("salt"));
    Part part{in.string("act"), in.string("form"), in.strings("audience"), {}};
    in.object("fields");
    TRY_VOID(in.done());
    if (format != "part/1" || !salt || salt->size() != 32 || part.act != act)
        return refuse(Code::part_hash, say("the opened part is not a part of this act"));
    if (part.audience != ref.audience)
        return refuse(
            Code::part_audience, say("the opened part names another audience than the header"));
    // The fields stay in the memory they were read into.
    return Part{
        std::move(part.act), std::move(part.form), std::move(part.audience),
        std::move(document.at("fields").as_object())};
}

} // namespace

SealedPart seal_part(const Part& part, std::span<const Reader> readers) {
    json::Object document;
    document["comity"] = "part/1";
    document["salt"] = to_base64url(crypto::random_bytes(32));
    document["act"] = part.act;
    document["form"] = part.form;
    json::Array audience;
    for (const auto& side : part.audience)
        audience.emplace_back(side);
    document["audience"] = std::move(audience);
    document["fields"] = part.fields;
    const Bytes opened = json::print(document);

    SealedPart out;
    std::vector<crypto::Certificate> certificates;
    for (const auto& reader : readers) {
        out.ref.readers.push_back(reader.participant);
        certificates.push_back(reader.sealing);
    }
    std::sort(out.ref.readers.begin(), out.ref.readers.end());
    out.sealed = crypto::seal_to(opened, certificates);
    out.ref.audience = part.audience;
    out.ref.hash = part_hash(opened);
    out.ref.sealed_hash = crypto::sha256(out.sealed);
    out.ref.size = out.sealed.size();
    return out;
}

Result<void> check_sealed(const PartRef& ref, BytesView sealed) {
    if (sealed.size() != ref.size || crypto::sha256(sealed) != ref.sealed_hash)
        return refuse(
            Code::part_sealed_hash,
            say("the part for {} has {} bytes and another hash than the header says",
                listed_names("side", ref.audience), sealed.size()));
    return {};
}

Result<Part> open_part(
    const PartRef& ref, BytesView sealed, std::string_view act, const Opener& opener) {
    TRY_VOID(check_sealed(ref, sealed));
    return open_checked_part(ref, sealed, act, opener);
}

Result<Part> open_checked_part(
    const PartRef& ref, BytesView sealed, std::string_view act, const Opener& opener) {
    TRY(const auto opened, open_bytes(ref, sealed, opener));
    return read_hashed(ref, opened, act);
}

Result<Bytes> open_part_bytes(const PartRef& ref, BytesView sealed, const Opener& opener) {
    TRY_VOID(check_sealed(ref, sealed));
    return open_bytes(ref, sealed, opener);
}

Result<Part> read_opened(const PartRef& ref, BytesView opened, std::string_view act) {
    if (part_hash(opened) != ref.hash)
        return refuse(Code::part_hash, say("the opened part does not have the hash in the header"));
    return read_hashed(ref, opened, act);
}

} // namespace comity::act