// A test message and its receipt: good for saying that the way is open, and for nothing else.
#include "act/seal.hpp"
#include "base/limits.hpp"
#include "node/receive_act.hpp"
#include "node/try_partner.hpp"
#include "support/node_federation.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::test;

namespace {

const std::string arcadia = "arcadia-authority";
const std::string borealia = "borealia-authority";
const std::string vault = "vault-provider";

template <class T>
std::string code_of(const Result<T>& result) {
    return result ? "accepted" : std::string(result.error().name());
}

struct Pair : NodeFederation {
    std::string message() { return *node::make_test(node(arcadia), ParticipantId(borealia)); }

    Result<std::string> answered(const std::string& caller, std::string_view text) {
        return node::answer_test(node(borealia), ParticipantId(caller), text);
    }

    Result<void> checked(std::string_view text, std::string_view receipt) {
        return node::check_test_receipt(node(arcadia), ParticipantId(borealia), text, receipt);
    }

    /// The same payload under another type or signer.
    std::string resealed(const std::string& text, std::string_view type, const std::string& by) {
        const auto jws = crypto::parse_jws(text, limits::act_seal_bytes);
        return crypto::sign_jws(jws->payload, type, clock.now(), node(by).signer());
    }
};

} // namespace

TEST_CASE("T07_ a test message is answered with a receipt that is for it alone") {
    Pair world;
    const auto message = world.message();
    const auto receipt = world.answered(arcadia, message);
    REQUIRE(receipt.has_value());
    CHECK(world.checked(message, *receipt).has_value());
    CHECK(code_of(world.checked(world.message(), *receipt)) == "not_addressed");
    CHECK(
        code_of(node::check_test_receipt(
            world.node(arcadia), ParticipantId(vault), message, *receipt)) ==
        "performer_not_signer");
    CHECK(
        code_of(world.checked(message, world.resealed(*receipt, node::test_receipt_type, vault))) ==
        "performer_not_signer");
    auto changed = *receipt;
    changed[changed.size() / 2] = changed[changed.size() / 2] == 'A' ? 'B' : 'A';
    CHECK(!world.checked(message, changed));
    // Nothing of it stays.
    std::int64_t leaves = 0;
    world.node(borealia).store().read(
        [&](node::StoreReader& reader) { leaves = reader.leaf_count(); });
    const auto before = leaves;
    CHECK(world.answered(arcadia, world.message()).has_value());
    world.node(borealia).store().read(
        [&](node::StoreReader& reader) { leaves = reader.leaf_count(); });
    CHECK(leaves == before);
}

TEST_CASE("T07_ a test message of somebody else, for somebody else or of another day is refused") {
    Pair world;
    const auto message = world.message();
    CHECK(code_of(world.answered(vault, message)) == "performer_not_signer");
    CHECK(
        code_of(world.answered(vault, world.resealed(message, node::test_type, vault))) ==
        "performer_not_signer");
    CHECK(
        code_of(node::answer_test(world.node(vault), ParticipantId(arcadia), message)) ==
        "not_addressed");
    CHECK(code_of(world.answered(arcadia, "no message")) == "seal_malformed");
    CHECK(code_of(world.answered("nobody", message)) == "performer_unknown");
    world.clock.pass(limits::clock_difference + std::chrono::seconds{1});
    CHECK(code_of(world.answered(arcadia, message)) == "time_unbelievable");
}

TEST_CASE("T07_ what was signed as a test passes for no act, and an act's seal for no test") {
    Pair world;
    const auto message = world.message();
    CHECK(!act::parse_sealed(message).has_value());
    CHECK(!node::receive_act(world.node(borealia), ParticipantId(arcadia), message).has_value());
    CHECK(
        code_of(world.answered(arcadia, world.resealed(message, "comity-act+jws", arcadia))) ==
        "seal_malformed");
    const auto receipt = *world.answered(arcadia, message);
    CHECK(!act::parse_receipt(receipt).has_value());
    CHECK(
        code_of(world.checked(message, world.resealed(receipt, act::receipt_type, borealia))) ==
        "seal_malformed");
}
