// Looks as numbered settings; the count is one more.
#include "node/looks.hpp"

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "crypto/hash.hpp"
#include "record/leaf.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::node {

namespace {

std::string setting_of(std::int64_t number) {
    return fmt::format("look/{}", number);
}

std::int64_t count_of(StoreReader& reader) {
    const auto count = reader.setting("looks");
    return count ? std::stoll(*count) : 0;
}

json::Object print(const Look& look) {
    json::Object out{{"number", look.number},       {"at", to_text(look.at)},
                     {"person", look.person.str()}, {"office", look.office.str()},
                     {"what", look.what},           {"purpose", look.purpose}};
    if (look.case_id) out["case"] = look.case_id->str();
    return out;
}

void put(StoreWriter& writer, const Look& look) {
    auto kept = print(look);
    kept["leaf"] = look.leaf;
    kept["nonce"] = to_base64url(look.nonce);
    writer.put_setting(setting_of(look.number), json::print(kept));
    writer.put_setting("looks", std::to_string(look.number));
}

Look read(const std::string& stored) {
    const auto object = json::parse_object(stored, limits::act_header_bytes);
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

std::int64_t record_look(StoreWriter& writer, Look look) {
    look.number = count_of(writer) + 1;
    look.nonce = crypto::random_bytes(record::act_nonce_bytes);
    look.leaf = writer.add_leaf(record::act_leaf(look.nonce, look_text(look)));
    put(writer, look);
    return look.number;
}

void note_inspection(StoreWriter& writer, Look look) {
    look.number = count_of(writer) + 1;
    put(writer, look);
}

std::vector<Look> looks(Node& node, std::optional<std::int64_t> before, std::size_t limit) {
    std::vector<Look> out;
    node.store().read([&](StoreReader& reader) {
        auto number = count_of(reader);
        if (before) number = std::min(number, *before - 1);
        for (; number >= 1 && out.size() < limit; --number)
            if (const auto stored = reader.setting(setting_of(number)))
                out.push_back(read(*stored));
    });
    return out;
}

} // namespace comity::node
