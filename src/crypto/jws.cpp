// Reading, verifying and writing JWS (RFC 7515). Written texts are put together from their parts
// by hand, so that what was signed is never serialised a second time.
#include "crypto/jws.hpp"

#include "base/check.hpp"
#include "crypto/der.hpp"
#include "crypto/hash.hpp"

namespace comity::crypto {

namespace {

constexpr std::size_t signatures_max = 64;
constexpr std::size_t chain_max = 4;
constexpr std::size_t type_bytes_max = 100;
constexpr std::size_t signature_bytes = 64;

constexpr std::string_view protected_names[] = {"alg", "typ", "x5c", "x5t#S256", "sigT"};
// Each names or carries a key. Ours comes from x5c alone, and the directory decides about it.
constexpr std::string_view key_names[] = {"jwk", "jku", "x5u", "kid"};

template <std::size_t size>
bool among(const std::string_view (&names)[size], std::string_view name) {
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

std::string_view sv(const boost::json::string& text) {
    return {text.data(), text.size()};
}

std::string_view sv(boost::json::string_view text) {
    return {text.data(), text.size()};
}

auto malformed(Said facts) {
    return refuse(Code::seal_malformed, std::move(facts));
}

// A name as it may stand in a message: what comes from outside is cut and printable.
std::string shown(std::string_view name) {
    std::string out;
    for (const char c : name.substr(0, 40))
        out.push_back(c >= ' ' && c <= '~' ? c : '?');
    return out;
}

// JSON for a seal: the refusal is about the seal, wherever in it the text stood.
Result<json::Object> object_in_seal(
    std::string_view text, std::size_t bytes_max, const char* what) {
    auto object = json::parse_object(text, bytes_max);
    if (!object) return malformed(say("{}: {}", what, object.error().facts));
    return object;
}

Result<std::string_view> string_member(const json::Object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr) return malformed(say("the member \"{}\" is missing", name));
    if (!value->is_string()) return malformed(say("the member \"{}\" is not a string", name));
    return sv(value->get_string());
}

Result<Bytes> base64url_member(const json::Object& object, std::string_view name) {
    TRY(const auto text, string_member(object, name));
    auto bytes = from_base64url(text);
    if (!bytes) return malformed(say("the member \"{}\" is not base64url without padding", name));
    return std::move(*bytes);
}

Result<void> only_members(
    const json::Object& object, std::initializer_list<std::string_view> names, const char* what) {
    for (const auto& member : object)
        if (std::find(names.begin(), names.end(), sv(member.key())) == names.end())
            return malformed(say("{} has the member \"{}\"", what, shown(sv(member.key()))));
    return {};
}

// What no header may hold, protected or not.
Result<void> check_names(const json::Object& header, bool is_protected) {
    if (header.contains("crit"))
        return refuse(Code::seal_critical_header, say("the header has the parameter \"crit\""));
    for (const auto& member : header) {
        const auto name = sv(member.key());
        if (among(key_names, name))
            return refuse(
                Code::seal_algorithm, say("the header names a key by \"{}\"; only x5c does", name));
        const bool known = among(protected_names, name);
        if (is_protected && !known)
            return malformed(say("the protected header has the parameter \"{}\"", shown(name)));
        if (!is_protected && (known || name == "b64"))
            return malformed(say("the parameter \"{}\" stands in the unprotected header", name));
    }
    return {};
}

Result<Certificate> read_chain(const json::Object& header) {
    const auto* chain = header.if_contains("x5c");
    if (chain == nullptr || !chain->is_array()) return malformed(say("x5c is not an array"));
    const auto& items = chain->get_array();
    if (items.empty() || items.size() > chain_max)
        return malformed(
            say("x5c has {} certificates; 1 to {} are accepted", items.size(), chain_max));
    Certificate signer;
    for (const auto& item : items) {
        const auto bytes = item.is_string() ? from_base64(sv(item.get_string())) : std::nullopt;
        if (!bytes || !der::well_formed(*bytes))
            return malformed(say("x5c holds something that is not base64 of DER"));
        if (!signer.empty())
            continue; // the rest of a chain is the directory's matter, if anybody's
        auto certificate = Certificate::from_der(*bytes);
        if (!certificate) return malformed(say("x5c: {}", certificate.error().facts));
        signer = std::move(*certificate);
    }
    const auto* thumbprint = header.if_contains("x5t#S256");
    if (thumbprint == nullptr || !thumbprint->is_string())
        return malformed(say("x5t#S256 is missing"));
    if (digest_from_text(sv(thumbprint->get_string())) != signer.fingerprint())
        return malformed(say("x5t#S256 is not the thumbprint of the first certificate of x5c"));
    return signer;
}

Result<void> read_protected(JwsSignature& out) {
    TRY(const auto header,
        object_in_seal(out.protected_bytes, out.protected_bytes.size(), "the protected header"));
    TRY_VOID(check_names(header, true));
    const auto* algorithm = header.if_contains("alg");
    if (algorithm == nullptr || !algorithm->is_string() || sv(algorithm->get_string()) != "ES256")
        return refuse(Code::seal_algorithm, say("the parameter \"alg\" is not ES256"));
    TRY(const auto type, string_member(header, "typ"));
    if (type.empty() || type.size() > type_bytes_max)
        return malformed(say("the parameter \"typ\" is empty or too long"));
    out.type = std::string(type);
    TRY(out.certificate, read_chain(header));
    TRY(const auto time, string_member(header, "sigT"));
    const auto instant = instant_from(time);
    if (!instant) return malformed(say("the parameter \"sigT\" is not a time of RFC 3339"));
    out.signed_at = *instant;
    return {};
}

Result<JwsSignature> read_signature(json::Value& value, std::string_view payload_text) {
    if (!value.is_object()) return malformed(say("a signature is not an object"));
    auto& object = value.get_object();
    TRY_VOID(only_members(object, {"protected", "header", "signature"}, "a signature"));
    JwsSignature out;
    TRY(const auto protected_text, string_member(object, "protected"));
    TRY(out.protected_bytes, base64url_member(object, "protected"));
    TRY(out.signature, base64url_member(object, "signature"));
    if (auto* header = object.if_contains("header"); header != nullptr) {
        if (!header->is_object()) return malformed(say("the unprotected header is not an object"));
        // It stays in the memory it was read into.
        json::adopt(out.unprotected, std::move(header->get_object()));
        // First the unprotected one: a parameter that is critical there must be told as such.
        TRY_VOID(check_names(out.unprotected, false));
    }
    TRY_VOID(read_protected(out));
    if (out.signature.size() != signature_bytes)
        return malformed(
            say("the signature has {} bytes; ES256 has {}", out.signature.size(), signature_bytes));
    out.signing_input.reserve(protected_text.size() + 1 + payload_text.size());
    out.signing_input.append(protected_text).append(".").append(payload_text);
    return out;
}

// One signature's text, from its parts.
std::string signature_text(
    std::string_view protected_text, const json::Object& unprotected,
    std::string_view signature_base64url) {
    std::string out = R"({"protected":")";
    out.append(protected_text);
    if (!unprotected.empty())
        out.append(R"(","header":)").append(json::print(unprotected)).append(",");
    else
        out.append("\",");
    return out.append(R"("signature":")").append(signature_base64url).append("\"}");
}

std::string jws_text(
    std::string_view payload_base64url, const std::vector<std::string>& signatures) {
    std::size_t size = payload_base64url.size() + 64;
    for (const auto& signature : signatures)
        size += signature.size() + 1;
    std::string out;
    out.reserve(size);
    out.append(R"({"payload":")").append(payload_base64url).append(R"(","signatures":[)");
    for (std::size_t i = 0; i < signatures.size(); ++i) {
        if (i != 0) out.append(",");
        out.append(signatures[i]);
    }
    return out.append("]}");
}

std::string new_signature(
    std::string_view payload_base64url, std::string_view type, Instant signed_at,
    const JwsSigner& signer, const json::Object& unprotected) {
    CHECK_THAT(!type.empty() && type.size() <= type_bytes_max);
    CHECK_THAT(signer.key.public_key() == signer.certificate.public_key());
    CHECK_THAT(check_names(unprotected, false).has_value());
    const std::string header = fmt::format(
        R"({{"alg":"ES256","typ":{},"x5c":["{}"],"x5t#S256":"{}","sigT":"{}"}})",
        json::print(json::Value(boost::json::string_view(type.data(), type.size()))),
        to_base64(signer.certificate.der()), text(signer.certificate.fingerprint()),
        to_text(signed_at));
    std::string signing_input = to_base64url(header);
    const std::size_t protected_size = signing_input.size();
    signing_input.append(".").append(payload_base64url);
    const std::string signature = to_base64url(signer.key.sign_es256(signing_input));
    return signature_text(
        std::string_view(signing_input).substr(0, protected_size), unprotected, signature);
}

// The signatures of a JWS that was read, each written again from its own parts.
std::vector<std::string> texts(const std::vector<JwsSignature>& signatures) {
    std::vector<std::string> out;
    out.reserve(signatures.size());
    for (const auto& signature : signatures)
        out.push_back(signature_text(
            to_base64url(signature.protected_bytes), signature.unprotected,
            to_base64url(signature.signature)));
    return out;
}

} // namespace

Result<Jws> parse_jws(std::string_view text, std::size_t bytes_max) {
    TRY(auto object, object_in_seal(text, bytes_max, "the seal"));
    TRY_VOID(only_members(object, {"payload", "signatures"}, "the seal"));
    Jws out;
    TRY(const auto payload_text, string_member(object, "payload"));
    TRY(out.payload, base64url_member(object, "payload"));
    auto* signatures = object.if_contains("signatures");
    if (signatures == nullptr || !signatures->is_array())
        return malformed(say("the seal has no list of signatures"));
    auto& list = signatures->get_array();
    if (list.empty() || list.size() > signatures_max)
        return malformed(
            say("the seal has {} signatures; 1 to {} are accepted", list.size(), signatures_max));
    for (auto& value : list) {
        TRY(auto signature, read_signature(value, payload_text));
        out.signatures.push_back(std::move(signature));
    }
    return out;
}

Result<void> verify_jws(const JwsSignature& signature) {
    const auto& certificate = signature.certificate;
    if (!certificate.public_key().verify_es256(signature.signing_input, signature.signature))
        return refuse(
            Code::seal_signature,
            say("the signature does not verify with the key of certificate {}",
                text(certificate.fingerprint())));
    if (!certificate.valid_at(signature.signed_at))
        return refuse(
            Code::seal_certificate,
            say("certificate {} is valid from {} to {}, and the signing time is {}",
                text(certificate.fingerprint()), to_text(certificate.not_before()),
                to_text(certificate.not_after()), to_text(signature.signed_at)));
    return {};
}

std::string sign_jws(
    BytesView payload, std::string_view type, Instant signed_at, const JwsSigner& signer,
    const json::Object& unprotected) {
    const std::string payload_text = to_base64url(payload);
    return jws_text(
        payload_text, {new_signature(payload_text, type, signed_at, signer, unprotected)});
}

Result<std::string> add_signature(
    std::string_view jws, std::string_view type, Instant signed_at, const JwsSigner& signer,
    std::size_t bytes_max) {
    TRY(const auto read, parse_jws(jws, bytes_max));
    if (read.signatures.size() == signatures_max)
        return malformed(say("the seal has {} signatures already", signatures_max));
    const std::string payload_text = to_base64url(read.payload);
    auto list = texts(read.signatures);
    list.push_back(new_signature(payload_text, type, signed_at, signer, {}));
    return jws_text(payload_text, list);
}

Result<std::string> with_unprotected(
    std::string_view jws, const json::Object& unprotected, std::size_t bytes_max) {
    TRY(auto read, parse_jws(jws, bytes_max));
    TRY_VOID(check_names(unprotected, false));
    read.signatures.front().unprotected = unprotected;
    return jws_text(to_base64url(read.payload), texts(read.signatures));
}

} // namespace comity::crypto
