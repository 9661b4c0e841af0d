// Looks as numbered settings, each sealed to this node: why somebody looked into a case is content
// of that case. The count is one setting more.
#include "node/looks.hpp"

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "node/own_books.hpp"
#include "record/leaf.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::node {

namespace {

std::string setting_of(std::int64_t number) {
    return fmt::format("look/{}", number);
}

json::Object print(const Look& look) {
    json::Object out{{"number", look.number},       {"at", to_text(look.at)},
                     {"person", look.person.str()}, {"office", look.office.str()},
                     {"what", look.what},           {"purpose", look.purpose}};
    if (look.case_id) out["case"] = look.case_id->str();
    return out;
}

void put(const Node& node, StoreWriter& writer, const Look& look) {
    auto kept = print(look);
    kept["leaf"] = look.leaf;
    kept["nonce"] = to_base64url(look.nonce);
    const auto place = setting_of(look.number);
    writer.put_setting(place, to_base64url(seal_own(node, "looks", json::print(kept), place)));
    writer.put_setting("looks", std::to_string(look.number));
}

Look read(const Node& node, const std::string& place, const std::string& stored) {
    const auto sealed = from_base64url(stored);
    const auto opened = sealed ? open_own(node, "looks", *sealed, place) : std::nullopt;
    const auto object = json::parse_object(opened.value_or(""), limits::act_header_bytes);
    if (!object) throw Fault("a look that is kept is not readable");
    const auto text = [&](std::string_view name) {
        return std::string(object->at(name).as_string());
    };
    Look out;
    out.number = object->at("number").as_int64();
    out.at = instant_from(text("at")).value_or(Instant{});
    out.person = PersonId(text("person"));
    out.office = OfficeId(text("office"));
    out.what = text("what");
    out.purpose = text("purpose");
    if (object->contains("case")) out.case_id = CaseId(text("case"));
    out.leaf = object->at("leaf").as_int64();
    out.nonce = from_base64url(text("nonce")).value_or(Bytes());
    return out;
}

} // namespace

Bytes look_text(const Look& look) {
    return json::print(print(look));
}

std::int64_t record_look(const Node& node, StoreWriter& writer, Look look) {
    look.number = counted(writer, "looks") + 1;
    look.nonce = crypto::random_bytes(record::act_nonce_bytes);
    look.leaf = writer.add_leaf(record::act_leaf(look.nonce, look_text(look)));
    put(node, writer, look);
    return look.number;
}

void note_inspection(const Node& node, StoreWriter& writer, Look look) {
    look.number = counted(writer, "looks") + 1;
    put(node, writer, look);
}

std::vector<Look> looks(Node& node, std::optional<std::int64_t> before, std::size_t limit) {
    std::vector<Look> out;
    node.store().read([&](StoreReader& reader) {
        auto number = counted(reader, "looks");
        if (before) number = std::min(number, *before - 1);
        for (; number >= 1 && out.size() < limit; --number) {
            const auto place = setting_of(number);
            if (const auto stored = reader.setting(place))
                out.push_back(read(node, place, *stored));
        }
    });
    return out;
}

} // namespace comity::node
