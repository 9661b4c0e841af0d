// Whose seal it is, before anything of it is read.
#include "node/open_sealed.hpp"

#include "base/limits.hpp"

namespace comity::node {

Result<crypto::Jws> open_sealed(
    const Node& node, const ParticipantId& sealer, std::string_view type, std::string_view text) {
    TRY(const auto directory, node.directory());
    TRY(auto jws, crypto::parse_jws(text, limits::act_seal_bytes));
    if (jws.signatures.size() != 1 || jws.signatures.front().type != type)
        return refuse(Code::seal_malformed, say("it has not one seal of type {}", type));
    const auto& seal = jws.signatures.front();
    TRY_VOID(directory::check_seal(
        *directory, seal.certificate, {sealer, {}, {}, seal.signed_at, node.now()}));
    TRY_VOID(crypto::verify_jws(seal));
    return jws;
}

} // namespace comity::node
