// Printing and strict reading of manifests.
#include "evidence/manifest.hpp"

#include "base/limits.hpp"
#include "crypto/hash.hpp"

#include <fmt/format.h>

#include <set>

namespace comity::evidence {

namespace {

Digest digest(json::Reader& in, std::string_view member) {
    const auto value = digest_from_text(in.string(member));
    if (!value) in.complain(member, say("is not a hash in base64url"));
    return value.value_or(Digest{});
}

// A label that a page can show: no control characters (the C1 set, U+0080 to U+009F, stands in
// UTF-8 as c2 80 to c2 9f), no line separators, and none of the direction marks and overrides of
// Unicode's Bidi_Control that would make "fdp.exe" read as "exe.pdf".
bool is_label(std::string_view name) {
    if (name.empty() || name.size() > 255 || !is_utf8(name)) return false;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const auto byte = static_cast<unsigned char>(name[i]);
        if (byte < 0x20 || byte == 0x7f) return false;
        if (byte == 0xc2 && static_cast<unsigned char>(name[i + 1]) < 0xa0) return false;
    }
    for (const std::string_view hidden :
         {"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069",
          "\u200e", "\u200f", "\u061c", "\u2028", "\u2029"})
        if (name.find(hidden) != std::string_view::npos) return false;
    return true;
}

} // namespace

json::Array print_items(const std::vector<Item>& items) {
    json::Array out;
    for (const auto& item : items)
        out.emplace_back(json::Object{
            {"name", item.name},
            {"size", static_cast<std::int64_t>(item.size)},
            {"media_type", item.media_type},
            {"plain_sha256", text(item.plain)},
            {"cipher_sha256", text(item.sealed)},
            {"envelope_sha256", text(item.envelope)},
            {"cell", item.cell}});
    return out;
}

Result<std::vector<Item>> parse_items(const json::Array& items) {
    if (items.size() > limits::evidence_items)
        return refuse(
            Code::form_invalid,
            say("/items: {} items; at most {} are accepted", items.size(), limits::evidence_items));
    std::vector<Item> out;
    std::set<Digest> seen;
    for (const auto& value : items) {
        if (!value.is_object())
            return refuse(Code::form_invalid, say("/items: an item is not an object"));
        json::Reader in{value.as_object(), fmt::format("/items/{}", out.size())};
        Item item;
        item.name = in.string("name");
        if (!is_label(item.name)) in.complain("name", say("is not a name that can be shown"));
        const auto size = in.integer("size");
        if (size < 0 || static_cast<std::uint64_t>(size) > limits::evidence_item_bytes)
            in.complain("size", say("is not within the limit for an item"));
        item.size = size < 0 ? 0 : static_cast<std::uint64_t>(size);
        item.media_type = in.string("media_type");
        item.plain = digest(in, "plain_sha256");
        item.sealed = digest(in, "cipher_sha256");
        item.envelope = digest(in, "envelope_sha256");
        item.cell = in.integer("cell");
        if (item.cell < 0) in.complain("cell", say("is not a row of the grid"));
        if (!seen.insert(item.sealed).second) in.complain("cipher_sha256", say("stands twice"));
        if (auto done = in.done(); !done) return refuse(Code::form_invalid, done.error().facts);
        out.push_back(std::move(item));
    }
    return out;
}

Digest manifest_hash(const std::vector<Item>& items) {
    return crypto::tagged_hash("comity/evidence/manifest/v1", {json::print(print_items(items))});
}

} // namespace comity::evidence
