// Making, answering and checking a test message.
#include "node/try_partner.hpp"

#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "node/open_sealed.hpp"

#include <fmt/format.h>

namespace comity::node {

namespace {

constexpr std::size_t nonce_bytes = 16;

// A test is answered at once: its seal is of now.
Result<json::Object> read_sealed(
    const Node& node, const ParticipantId& sealer, std::string_view type, std::string_view text) {
    TRY(const auto jws, open_sealed(node, sealer, type, text));
    const auto& seal = jws.signatures.front();
    if (std::chrono::abs(seal.signed_at - node.now()) > limits::clock_difference)
        return refuse(
            Code::time_unbelievable, say("signed at {}, and it is {}", seal.signed_at, node.now()));
    return json::parse_object(jws.payload, limits::act_header_bytes);
}

Digest message_hash(std::string_view message) {
    return crypto::tagged_hash("comity/test/v1", {message});
}

} // namespace

Result<std::string> make_test(const Node& node, const ParticipantId& partner) {
    TRY(const auto directory, node.directory());
    const json::Object payload{
        {"comity", "test/1"},
        {"federation", directory->federation()},
        {"from", node.self().str()},
        {"to", partner.str()},
        {"number", to_base64url(crypto::random_bytes(nonce_bytes))}};
    return crypto::sign_jws(json::print(payload), test_type, node.now(), node.signer());
}

Result<std::string> answer_test(
    const Node& node, const ParticipantId& caller, std::string_view message) {
    TRY(const auto directory, node.directory());
    TRY(const auto object, read_sealed(node, caller, test_type, message));
    json::Reader in{object, "test"};
    if (in.string("comity") != "test/1") in.complain("comity", say("is not test/1"));
    const auto federation = in.string("federation");
    const ParticipantId from(in.string("from"));
    const ParticipantId to(in.string("to"));
    if (in.string("number").empty()) in.complain("number", say("is empty"));
    TRY_VOID(in.done());
    if (federation != directory->federation())
        return refuse(Code::federation_other, say("it is of {}", federation));
    if (from != caller)
        return refuse(
            Code::performer_not_signer,
            say("it names {} and was sent by {}", from.str(), caller.str()));
    if (to != node.self()) return refuse(Code::not_addressed, say("it is for {}", to.str()));
    const json::Object payload{
        {"comity", "test-receipt/1"},
        {"federation", directory->federation()},
        {"by", node.self().str()},
        {"of", text(message_hash(message))}};
    return crypto::sign_jws(json::print(payload), test_receipt_type, node.now(), node.signer());
}

Result<void> check_test_receipt(
    const Node& node, const ParticipantId& partner, std::string_view message,
    std::string_view receipt) {
    TRY(const auto directory, node.directory());
    TRY(const auto object, read_sealed(node, partner, test_receipt_type, receipt));
    json::Reader in{object, "test receipt"};
    if (in.string("comity") != "test-receipt/1")
        in.complain("comity", say("is not test-receipt/1"));
    const auto federation = in.string("federation");
    const ParticipantId by(in.string("by"));
    const auto of = digest_from_text(in.string("of"));
    TRY_VOID(in.done());
    if (federation != directory->federation())
        return refuse(Code::federation_other, say("the receipt is of {}", federation));
    if (by != partner)
        return refuse(Code::performer_not_signer, say("the receipt names {}", by.str()));
    if (of != message_hash(message))
        return refuse(Code::not_addressed, say("the receipt is for another message"));
    return {};
}

} // namespace comity::node
