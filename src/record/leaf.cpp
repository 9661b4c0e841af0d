// The lines of the record: printed in one spelling, and read in that spelling only.
#include "record/leaf.hpp"

#include "base/json.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"

#include <array>
#include <optional>

namespace comity::record {

namespace {

constexpr std::array<Leaf::Kind, 4> kinds{
    Leaf::Kind::act, Leaf::Kind::roll, Leaf::Kind::directory, Leaf::Kind::key};
constexpr std::int64_t leaf_version = 1;

tl::unexpected<Refusal> malformed(std::string facts) {
    return refuse(Code::leaf_malformed, std::move(facts));
}

std::optional<Leaf::Kind> kind_from(std::string_view name) {
    for (const Leaf::Kind kind : kinds)
        if (name_of(kind) == name) return kind;
    return std::nullopt;
}

// Names of leaves are ours; a text that is none is not repeated in a message.
bool is_leaf_name(std::string_view name) {
    return !name.empty() && name.size() <= 32 &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
}

} // namespace

std::string_view name_of(Leaf::Kind kind) {
    switch (kind) {
    case Leaf::Kind::act: return "act";
    case Leaf::Kind::roll: return "roll";
    case Leaf::Kind::directory: return "directory";
    case Leaf::Kind::key: return "key";
    }
    CHECK_THAT(false);
    return {};
}

Digest act_commitment(BytesView nonce, BytesView header) {
    CHECK_THAT(nonce.size() == act_nonce_bytes);
    return crypto::tagged_hash(act_domain, {nonce, header});
}

Bytes Leaf::print() const {
    Bytes out = R"({"leaf":")";
    out += name_of(kind);
    out += R"(","v":1,)";
    if (kind == Kind::act) return out + R"("c":")" + text(hash) + R"("})";
    return out + R"("version":)" + std::to_string(version) + R"(,"hash":")" + text(hash) + R"("})";
}

Result<Leaf> Leaf::parse(BytesView entry) {
    const auto parsed = json::parse_object(entry, limits::record_entry_bytes);
    if (!parsed) return malformed(parsed.error().facts);
    const json::Value* name = parsed->if_contains("leaf");
    const json::Value* version = parsed->if_contains("v");
    if (name == nullptr || !name->is_string() || version == nullptr || !version->is_int64())
        return malformed("no kind or no version");
    const std::string_view kind_name = name->get_string();
    if (!is_leaf_name(kind_name)) return malformed("the kind is no name");
    const auto kind = kind_from(kind_name);
    if (!kind || version->get_int64() != leaf_version)
        return refuse(
            Code::leaf_unknown, "the kind " + std::string(kind_name) + ", version " +
                                    std::to_string(version->get_int64()));
    Leaf leaf;
    leaf.kind = *kind;
    const json::Value* hash = parsed->if_contains(leaf.kind == Kind::act ? "c" : "hash");
    const auto digest = hash != nullptr && hash->is_string()
                            ? digest_from_text(std::string_view(hash->get_string()))
                            : std::nullopt;
    if (!digest) return malformed("the hash is not base64url of 32 bytes");
    leaf.hash = *digest;
    if (leaf.kind != Kind::act) {
        const json::Value* number = parsed->if_contains("version");
        if (number == nullptr || !number->is_int64() || number->get_int64() < 1)
            return malformed("the version of what changed is not a number from 1 on");
        leaf.version = number->get_int64();
    }
    // Order, white space, escapes, more members: anything else is a second spelling.
    if (leaf.print() != entry) return malformed("another spelling than the one exact one");
    return leaf;
}

Bytes act_leaf(BytesView nonce, BytesView header) {
    return Leaf{Leaf::Kind::act, act_commitment(nonce, header), 0}.print();
}

Bytes padding_leaf(BytesView random) {
    const auto commitment = digest_from(random);
    CHECK_THAT(commitment.has_value());
    return Leaf{Leaf::Kind::act, *commitment, 0}.print();
}

Bytes change_leaf(Leaf::Kind kind, std::int64_t version, const Digest& hash) {
    CHECK_THAT(kind != Leaf::Kind::act && version >= 1);
    return Leaf{kind, hash, version}.print();
}

Result<void> verify_act_leaf(BytesView entry, BytesView nonce, BytesView header) {
    TRY(const Leaf leaf, Leaf::parse(entry));
    if (leaf.kind != Leaf::Kind::act) return malformed("not the leaf of an act");
    if (nonce.size() != act_nonce_bytes)
        return malformed("a nonce of " + std::to_string(nonce.size()) + " bytes");
    if (leaf.hash != act_commitment(nonce, header))
        return refuse(Code::proof_wrong, "the leaf commits to another act");
    return {};
}

} // namespace comity::record
