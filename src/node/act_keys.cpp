// Looking through old acts, some at a time, so that the writer is free in between.
#include "node/act_keys.hpp"

#include "act/seal.hpp"
#include "base/fault.hpp"
#include "directory/roll.hpp"

namespace comity::node {

namespace {

constexpr std::size_t acts_at_once = 500;

std::optional<Digest> entry_of(const act::Sealed& sealed) {
    if (!sealed.approval) return std::nullopt;
    const auto entry = directory::parse_sealed_roll_entry(sealed.approval->roll.front());
    if (!entry) throw Fault("the roll entry of a stored act is not readable");
    return entry->hash;
}

} // namespace

std::size_t note_act_keys(Node& node) {
    std::size_t count = 0;
    for (;;) {
        std::vector<ActRow> rows;
        node.store().read(
            [&](StoreReader& reader) { rows = reader.acts_without_keys(acts_at_once); });
        if (rows.empty()) break;
        node.store().write([&](StoreWriter& writer) {
            for (const auto& row : rows) {
                const auto sealed = act::parse_sealed(row.seal);
                if (!sealed)
                    throw Fault("a stored act is not readable: " + sealed.error().facts.text());
                writer.put_act_keys(
                    row.hash, sealed->seal.certificate.fingerprint(), entry_of(*sealed));
            }
        });
        count += rows.size();
    }
    if (count > 0) node.log("keys of acts noted", {{"acts", std::to_string(count)}});
    return count;
}

} // namespace comity::node
