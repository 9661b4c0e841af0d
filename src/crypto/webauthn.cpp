// WebAuthn verified from its fixed byte layout (W3C Web Authentication Level 2). Authenticator
// data and the COSE key of an ES256 passkey have exactly one form each; only the attestation
// object needs a reader of CBOR, and a strict one.
#include "crypto/webauthn.hpp"

#include "base/check.hpp"
#include "base/json.hpp"
#include "crypto/certificate.hpp"
#include "crypto/hash.hpp"

namespace comity::crypto {

namespace {

constexpr std::size_t client_data_bytes_max = 4096;
constexpr std::size_t attestation_bytes_max = std::size_t{16} * 1024;
constexpr std::size_t credential_id_bytes_min = 16;
constexpr std::size_t credential_id_bytes_max = 1023;
constexpr std::size_t assertion_data_bytes = 37; // rpIdHash 32, flags 1, counter 4
constexpr std::size_t aaguid_bytes = 16;
constexpr std::size_t coordinate_bytes = 32;

// Section 6.1, and Level 3 for the two about back-up; the other bits are reserved.
constexpr std::uint8_t user_present = 0x01;
constexpr std::uint8_t user_verified = 0x04;
constexpr std::uint8_t backup_eligible = 0x08;
constexpr std::uint8_t backup_state = 0x10;
constexpr std::uint8_t attested_credential = 0x40;
constexpr std::uint8_t has_extensions = 0x80;
constexpr std::uint8_t known_flags = user_present | user_verified | backup_eligible | backup_state |
                                     attested_credential | has_extensions;

// COSE_Key of ES256 in canonical CBOR: a5 01 02 03 26 20 01 21 5820 X 22 5820 Y.
constexpr BytesView cose_head = "\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20";
constexpr BytesView cose_middle = "\x22\x58\x20";
constexpr std::size_t cose_bytes = 77;

auto malformed(Said facts) {
    return refuse(Code::approval_malformed, std::move(facts));
}

std::uint8_t byte_at(BytesView bytes, std::size_t i) {
    return static_cast<std::uint8_t>(bytes[i]);
}

struct ClientData {
    std::string type;
    std::string challenge;
    std::string origin;
    bool cross_origin = false;
};

// Members that we do not know are allowed: browsers add some on purpose (section 5.8.1).
Result<ClientData> read_client_data(BytesView bytes) {
    const auto object = json::parse_object(bytes, client_data_bytes_max);
    if (!object) return malformed(say("the client data: {}", object.error().facts));
    ClientData out;
    const std::pair<const char*, std::string*> members[] = {
        {"type", &out.type}, {"challenge", &out.challenge}, {"origin", &out.origin}};
    for (const auto& [name, to] : members) {
        const auto* value = object->if_contains(name);
        if (value == nullptr || !value->is_string())
            return malformed(say("the client data have no text \"{}\"", name));
        *to = std::string(value->get_string().data(), value->get_string().size());
    }
    if (const auto* value = object->if_contains("crossOrigin"); value != nullptr) {
        if (!value->is_bool())
            return malformed(say("the client data's \"crossOrigin\" is not a boolean"));
        out.cross_origin = value->get_bool();
    }
    return out;
}

struct AuthenticatorData {
    BytesView rp_id_hash;
    std::uint8_t flags = 0;
    std::uint32_t counter = 0;
    BytesView rest; ///< attested credential data
};

Result<AuthenticatorData> read_authenticator_data(BytesView bytes) {
    if (bytes.size() < assertion_data_bytes)
        return malformed(
            say("the authenticator data have {} bytes; at least {} are needed", bytes.size(),
                assertion_data_bytes));
    AuthenticatorData out;
    out.rp_id_hash = bytes.substr(0, 32);
    out.flags = byte_at(bytes, 32);
    for (std::size_t i = 33; i < 37; ++i)
        out.counter = out.counter << 8 | byte_at(bytes, i);
    out.rest = bytes.substr(37);
    const bool backup_makes_sense =
        (out.flags & backup_state) == 0 || (out.flags & backup_eligible) != 0;
    if ((out.flags & ~known_flags) != 0 || (out.flags & has_extensions) != 0 || !backup_makes_sense)
        return malformed(
            say("the authenticator data have the flags {}; extensions and "
                "reserved bits are not accepted",
                fmt::format("{:02x}", out.flags)));
    return out;
}

// Section 7.1 steps 7 to 14, section 7.2 steps 11 to 17, in the order of the header.
Result<void> check_ceremony(
    const ClientData& client, const AuthenticatorData& data, std::string_view type,
    const Passkey& expected, BytesView challenge) {
    if (client.type != type) return malformed(say("the client data's type is not {}", type));
    if (data.rp_id_hash != view(sha256(expected.rp_id)))
        return refuse(
            Code::approval_origin,
            say("the assertion is for another relying party id than {}", expected.rp_id));
    if (client.origin != expected.origin)
        return refuse(
            Code::approval_origin,
            say("the assertion comes from another origin than {}", expected.origin));
    if (client.cross_origin)
        return refuse(
            Code::approval_origin, say("the assertion was made in a frame of another origin"));
    if ((data.flags & user_present) == 0)
        return refuse(
            Code::approval_user_verification, say("the authenticator saw no user present"));
    if ((data.flags & user_verified) == 0)
        return refuse(
            Code::approval_user_verification, say("the authenticator did not verify the user"));
    const auto sent = from_base64url(client.challenge);
    if (!sent) return malformed(say("the client data's challenge is not base64url"));
    if (!equal_in_constant_time(*sent, challenge))
        return refuse(Code::approval_challenge, say("the assertion answers another challenge"));
    return {};
}

Bytes signed_bytes(BytesView authenticator_data, BytesView client_data) {
    Bytes out(authenticator_data);
    out += view(sha256(client_data));
    return out;
}

} // namespace

Result<std::uint32_t> verify_assertion(
    const Passkey& passkey, const Assertion& assertion, BytesView challenge) {
    CHECK_THAT(passkey.key.handle() != nullptr);
    TRY(const auto data, read_authenticator_data(assertion.authenticator_data));
    if (!data.rest.empty() || (data.flags & attested_credential) != 0)
        return malformed(say("the authenticator data of an assertion have exactly 37 bytes"));
    TRY(const auto client, read_client_data(assertion.client_data));
    if (assertion.credential_id != passkey.credential_id)
        return malformed(say("the assertion is by another credential than the one registered"));
    TRY_VOID(check_ceremony(client, data, "webauthn.get", passkey, challenge));
    const Bytes message = signed_bytes(assertion.authenticator_data, assertion.client_data);
    if (!passkey.key.verify_es256_der(message, assertion.signature))
        return refuse(
            Code::approval_signature, say("the signature does not verify with the passkey"));
    return data.counter;
}

namespace {

// CBOR (RFC 8949) as CTAP2 writes it: definite lengths, shortest forms, small unsigned and
// negative integers, texts and byte strings; maps and arrays are entered by the caller.
class Cbor {
public:
    explicit Cbor(BytesView bytes) : rest_(bytes) {}

    std::size_t map() { return count(5); }

    std::size_t array() { return count(4); }

    BytesView byte_string() { return string(2); }

    BytesView text() { return string(3); }

    std::int64_t integer() {
        if (!rest_.empty() && byte_at(rest_, 0) >> 5 == 1)
            return -1 - static_cast<std::int64_t>(head(1));
        return static_cast<std::int64_t>(head(0));
    }

    [[nodiscard]] bool ok() const { return ok_; }

    [[nodiscard]] bool finished() const { return ok_ && rest_.empty(); }

    void fail() { ok_ = false; }

private:
    // The argument of the next head, if it is of this major type, in its shortest form, and at
    // most 32 bits long.
    std::uint64_t head(unsigned major) {
        if (!ok_ || rest_.empty() || byte_at(rest_, 0) >> 5 != major) return failed();
        const unsigned low = byte_at(rest_, 0) & 0x1f;
        rest_.remove_prefix(1);
        if (low < 24) return low;
        if (low > 26) return failed(); // 64-bit, reserved, or indefinite
        const std::size_t size = std::size_t{1} << (low - 24);
        if (rest_.size() < size) return failed();
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < size; ++i)
            value = value << 8 | byte_at(rest_, i);
        rest_.remove_prefix(size);
        const std::uint64_t needs_more_than = size == 1 ? 23 : size == 2 ? 0xff : 0xffff;
        return value > needs_more_than ? value : failed();
    }

    std::uint64_t failed() {
        ok_ = false;
        return 0;
    }

    std::size_t count(unsigned major) {
        constexpr std::uint64_t items_max = 16; // ours have three at most
        const std::uint64_t value = head(major);
        return value <= items_max ? value : failed();
    }

    BytesView string(unsigned major) {
        const std::uint64_t size = head(major);
        if (!ok_ || size > rest_.size()) {
            ok_ = false;
            return {};
        }
        const BytesView out = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return out;
    }

    BytesView rest_;
    bool ok_ = true;
};

struct Statement {
    bool has_algorithm = false;
    std::int64_t algorithm = 0;
    BytesView signature;
    std::vector<BytesView> chain;
    bool has_chain = false;
};

struct Attestation {
    BytesView format;
    std::size_t statement_members = 0;
    Statement statement;
    BytesView authenticator_data;
};

// The members of attStmt in the formats "none" and "packed" (sections 8.7 and 8.2).
void read_statement(Cbor& in, Attestation& out) {
    std::set<BytesView> seen;
    out.statement_members = in.map();
    for (std::size_t i = 0; in.ok() && i < out.statement_members; ++i) {
        const BytesView name = in.text();
        if (!seen.insert(name).second) in.fail();
        if (name == "alg") {
            out.statement.has_algorithm = true;
            out.statement.algorithm = in.integer();
        } else if (name == "sig") {
            out.statement.signature = in.byte_string();
        } else if (name == "x5c") {
            out.statement.has_chain = true;
            const std::size_t certificates = in.array();
            for (std::size_t k = 0; in.ok() && k < certificates; ++k)
                out.statement.chain.push_back(in.byte_string());
        } else {
            in.fail();
        }
    }
}

Result<Attestation> read_attestation(BytesView bytes) {
    if (bytes.size() > attestation_bytes_max)
        return malformed(say("the attestation object is too large"));
    Attestation out;
    Cbor in(bytes);
    std::set<BytesView> seen;
    const std::size_t members = in.map();
    for (std::size_t i = 0; in.ok() && i < members; ++i) {
        const BytesView name = in.text();
        if (!seen.insert(name).second) in.fail();
        if (name == "fmt")
            out.format = in.text();
        else if (name == "attStmt")
            read_statement(in, out);
        else if (name == "authData")
            out.authenticator_data = in.byte_string();
        else
            in.fail();
    }
    if (!in.finished() || members != 3)
        return malformed(
            say("the attestation object is not canonical CBOR of fmt, attStmt and authData"));
    return out;
}

// Attested credential data (section 6.5.1): AAGUID, length, credential id, COSE key; then nothing.
Result<Passkey> read_credential(BytesView bytes, std::string_view rp_id, std::string_view origin) {
    if (bytes.size() < aaguid_bytes + 2)
        return malformed(say("the attested credential data are cut"));
    const std::size_t id_size = static_cast<std::size_t>(
        byte_at(bytes, aaguid_bytes) << 8 | byte_at(bytes, aaguid_bytes + 1));
    bytes.remove_prefix(aaguid_bytes + 2);
    if (id_size < credential_id_bytes_min || id_size > credential_id_bytes_max)
        return malformed(
            say("the credential id has {} bytes; {} to {} are accepted", id_size,
                credential_id_bytes_min, credential_id_bytes_max));
    if (bytes.size() != id_size + cose_bytes)
        return malformed(say("the attested credential data have another length"));
    const BytesView cose = bytes.substr(id_size);
    const std::size_t middle_at = cose_head.size() + coordinate_bytes;
    if (!cose.starts_with(cose_head) || cose.substr(middle_at, cose_middle.size()) != cose_middle)
        return malformed(
            say("the credential's key is not an ES256 key (alg -7, crv P-256) in canonical CBOR"));
    Bytes point = "\x04";
    point += cose.substr(cose_head.size(), coordinate_bytes);
    point += cose.substr(middle_at + cose_middle.size());
    auto key = PublicKey::from_point(point);
    if (!key) return malformed(key.error().facts);
    return Passkey{
        Bytes(bytes.substr(0, id_size)), std::move(*key), std::string(rp_id), std::string(origin)};
}

// The attestation says which make of authenticator it is. No make is trusted more than another
// here (two people on the roll vouch for the passkey), so a chain is not followed to a root; but
// what is signed must verify, or the registration was changed on its way.
Result<void> check_statement(
    const Attestation& attestation, const Passkey& passkey, BytesView client_data) {
    const auto& statement = attestation.statement;
    if (attestation.format == "none") {
        if (attestation.statement_members != 0)
            return malformed(say("an attestation of format none has a statement"));
        return {};
    }
    if (attestation.format != "packed")
        return malformed(say("the attestation is neither of format none nor packed"));
    constexpr std::int64_t es256 = -7;
    if (!statement.has_algorithm || statement.algorithm != es256)
        return malformed(say("the attestation statement is not by ES256 (alg -7)"));
    const Bytes message = signed_bytes(attestation.authenticator_data, client_data);
    PublicKey signer = passkey.key;
    if (statement.has_chain) {
        if (statement.chain.empty())
            return malformed(say("the attestation statement's x5c is empty"));
        auto certificate = Certificate::from_der(statement.chain.front());
        if (!certificate)
            return malformed(say("the attestation's certificate: {}", certificate.error().facts));
        signer = certificate->public_key();
    }
    if (!signer.verify_es256_der(message, statement.signature))
        return refuse(Code::approval_signature, say("the attestation's signature does not verify"));
    return {};
}

} // namespace

Result<Passkey> verify_registration(
    const Registration& registration, std::string_view rp_id, std::string_view origin,
    BytesView challenge) {
    TRY(const auto attestation, read_attestation(registration.attestation_object));
    TRY(const auto data, read_authenticator_data(attestation.authenticator_data));
    if ((data.flags & attested_credential) == 0)
        return malformed(say("the authenticator data hold no credential"));
    TRY(const auto client, read_client_data(registration.client_data));
    TRY(auto passkey, read_credential(data.rest, rp_id, origin));
    TRY_VOID(check_ceremony(client, data, "webauthn.create", passkey, challenge));
    TRY_VOID(check_statement(attestation, passkey, registration.client_data));
    return passkey;
}

namespace {

// The serialisation that browsers must follow (section 5.8.1.1), member for member.
Bytes client_data_json(std::string_view type, BytesView challenge, std::string_view origin) {
    return fmt::format(
        R"({{"type":"{}","challenge":"{}","origin":{},"crossOrigin":false}})", type,
        to_base64url(challenge),
        json::print(json::Value(boost::json::string_view(origin.data(), origin.size()))));
}

Bytes authenticator_data(std::string_view rp_id, unsigned flags) {
    Bytes out(view(sha256(rp_id)));
    out.push_back(static_cast<char>(flags));
    put_be32(out, 0); // a synced passkey never counts, so neither does this one
    return out;
}

} // namespace

SoftwareAuthenticator SoftwareAuthenticator::create(std::string rp_id, std::string origin) {
    SoftwareAuthenticator out;
    out.key_ = PrivateKey::generate();
    out.credential_id_ = random_bytes(32);
    out.rp_id_ = std::move(rp_id);
    out.origin_ = std::move(origin);
    return out;
}

Bytes SoftwareAuthenticator::save() const {
    return json::pretty(json::Object{
        {"credential_id", to_base64url(credential_id_)},
        {"rp_id", rp_id_},
        {"origin", origin_},
        {"key", key_.to_pem()}});
}

Result<SoftwareAuthenticator> SoftwareAuthenticator::load(BytesView saved) {
    TRY(const auto object, json::parse_object(saved, client_data_bytes_max));
    json::Reader in(object, "software passkey");
    SoftwareAuthenticator out;
    out.credential_id_ = from_base64url(in.string("credential_id")).value_or(Bytes());
    out.rp_id_ = in.string("rp_id");
    out.origin_ = in.string("origin");
    const std::string pem = in.string("key");
    if (out.credential_id_.size() < credential_id_bytes_min ||
        out.credential_id_.size() > credential_id_bytes_max)
        in.complain("credential_id", say("is not base64url of 16 to 1023 bytes"));
    TRY_VOID(in.done());
    TRY(out.key_, PrivateKey::from_pem(pem));
    return out;
}

Passkey SoftwareAuthenticator::passkey() const {
    return {credential_id_, key_.public_key(), rp_id_, origin_};
}

Registration SoftwareAuthenticator::registration(BytesView challenge) const {
    Bytes data = authenticator_data(rp_id_, user_present | user_verified | attested_credential);
    data.append(aaguid_bytes, '\0'); // format none tells no make
    put_be16(data, static_cast<std::uint16_t>(credential_id_.size()));
    data += credential_id_;
    const Bytes point = key_.public_key().point();
    data += cose_head;
    data += point.substr(1, coordinate_bytes);
    data += cose_middle;
    data += point.substr(1 + coordinate_bytes);
    Registration out;
    out.attestation_object = "\xa3\x63"
                             "fmt"
                             "\x64"
                             "none"
                             "\x67"
                             "attStmt"
                             "\xa0\x68"
                             "authData";
    // A byte string of 24 to 255 bytes has one byte of length, a longer one two.
    out.attestation_object += data.size() < 256 ? '\x58' : '\x59';
    if (data.size() < 256)
        out.attestation_object.push_back(static_cast<char>(data.size()));
    else
        put_be16(out.attestation_object, static_cast<std::uint16_t>(data.size()));
    out.attestation_object += data;
    out.client_data = client_data_json("webauthn.create", challenge, origin_);
    return out;
}

Assertion SoftwareAuthenticator::sign(BytesView challenge, const Options& options) const {
    Assertion out;
    out.credential_id = credential_id_;
    out.authenticator_data = authenticator_data(
        rp_id_, options.user_verified ? user_present | user_verified : user_present);
    out.client_data = client_data_json(
        "webauthn.get", challenge, options.origin.empty() ? origin_ : options.origin);
    out.signature = key_.sign_es256_der(signed_bytes(out.authenticator_data, out.client_data));
    return out;
}

} // namespace comity::crypto
