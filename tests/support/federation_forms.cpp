// Filling in forms, and planting canaries.
#include "support/federation_forms.hpp"

#include "base/limits.hpp"
#include "node/gate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace comity::test {

namespace {

using std::chrono::days;
using std::chrono::hours;

// Acts whose example bears another name.
const std::map<std::string, std::string, std::less<>> alike = {
    {"clear", "dismiss-objection"},
    {"clear-third", "dismiss-objection"},
    {"oppose", "refuse"},
    {"oppose-third", "refuse"},
    {"uphold-objection", "dismiss-objection"},
    {"uphold-challenge", "dismiss-challenge"},
    {"resume", "suspend"},
    {"quash", "suspend"},
};

const json::Object* example(const std::string& name) {
    static std::map<std::string, std::optional<json::Object>> known;
    auto& place = known[name];
    if (place) return &*place;
    const std::string path = COMITY_SOURCE_DIR "/law/examples/" + name + ".json";
    if (!std::filesystem::exists(path)) return nullptr;
    std::ifstream in(path);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    const auto object = json::parse_object(text, limits::act_part_bytes);
    REQUIRE_MESSAGE(object.has_value(), name);
    place = object->at("fields").as_object();
    return &*place;
}

// Keys under which people write freely: a word more changes nothing that is checked.
bool free_text(std::string_view key) {
    static const std::set<std::string_view> keys = {
        "reasons",     "facts",     "conduct",        "text",        "note",
        "examined",    "necessity", "adequacy",       "imminence",   "data_relation",
        "custodian",   "by",        "copies",         "purpose",     "scope",
        "objection",   "findings",  "what",           "why",         "grounds",
        "question",    "summary",   "reason",         "law",         "nexus",
        "other_means", "consulted", "to_provider",    "to_person",   "what_would_help",
        "evidence",    "post",      "public_summary", "file_number", "legal_basis",
        "called_post"};
    return keys.contains(key);
}

// Every string under a free key, in the order of the form.
void collect(json::Value& value, bool free, std::vector<json::Value*>& out) {
    if (value.is_object())
        for (auto& member : value.as_object())
            collect(member.value(), free_text(member.key()), out);
    else if (value.is_array())
        for (auto& item : value.as_array())
            collect(item, free, out);
    else if (value.is_string() && free)
        out.push_back(&value);
}

// Every member of that name, however deep.
void each(
    json::Value& value, std::string_view name, const std::function<void(json::Value&)>& work) {
    if (value.is_object())
        for (auto& member : value.as_object()) {
            if (member.key() == name) work(member.value());
            each(member.value(), name, work);
        }
    else if (value.is_array())
        for (auto& item : value.as_array())
            each(item, name, work);
}

json::Array rows_for(const json::Array& rows, std::size_t count) {
    json::Array out;
    for (const auto& row : rows) {
        const auto cell = row.is_object() ? row.as_object().at("cell").as_int64() : row.as_int64();
        if (cell < static_cast<std::int64_t>(count)) out.push_back(row);
    }
    return out;
}

} // namespace

Instant last_day() {
    return moment("2026-12-10T00:00:00Z");
}

act::Opening Plot::opening() const {
    act::Opening out{
        ParticipantId(arcadia),    ParticipantId(borealia), ParticipantId(vault), {}, category,
        OfficeId("arcadia-police")};
    if (third) out.third = {ParticipantId(cascadia)};
    return out;
}

std::optional<json::Object> read_latest(Station& station, const CaseId& id, std::string_view act) {
    std::optional<json::Object> out;
    station.disk.read([&](node::StoreReader& reader) {
        out = node::readable_fields(station.node(), reader, id, act);
    });
    return out;
}

Result<json::Object> Forms::fill(const Scene& scene) {
    const auto& name = scene.act.name;
    const auto* base = example(scene.plot.procedure + "-" + name);
    if (!base) base = example(name);
    if (!base && alike.contains(name)) base = example(alike.at(name));
    REQUIRE_MESSAGE(base != nullptr, "no example for ", name);
    auto out = *base;
    if (name == "request" && out.contains("recipient"))
        out["recipient"].as_object()["office"] = "arcadia-police";
    if (name == "request" && scene.plot.procedure == "emergency") {
        auto& urgency = out["urgency"].as_object();
        urgency["level"] = "emergency";
        urgency["kinds"] = json::Array{"threat_to_life"};
        urgency["reasons"] = "A child is held; the demand runs out tomorrow at noon.";
    }
    if (out.contains("request") && name != "request") out["request"] = scene.plot.request_hash;
    if (name == "confirm") {
        const auto directory = scene.station.node().directory();
        REQUIRE(directory.has_value());
        const auto* asking = (*directory)->find(ParticipantId(arcadia));
        REQUIRE(asking != nullptr);
        out["contact"] = asking->callback;
    }
    // The example names a third country that may be the person's; without one nothing points there.
    if (name == "request" && scene.plot.procedure == "extraordinary" && !scene.plot.third)
        out["third_countries"] = json::Array{};
    // Each extension rests on facts of its own.
    if (out.contains("new_facts"))
        out["new_facts"] = fmt::format("What came to light: {}.", ++facts_);
    grids(scene, out);
    dates(scene, out);
    return out;
}

void Forms::grids(const Scene& scene, json::Object& fields) {
    const auto& plot = scene.plot;
    const std::string name = scene.act.name;
    const bool granted = name != "request" && name != "freeze";
    const auto given = read_latest(scene.station, plot.id, "authorise");
    const bool narrowed = name == "authorise" ? plot.cut : granted && given.has_value() && plot.cut;
    const std::size_t rows = plot.category == "subscriber" || narrowed ? 1 : 2;
    json::Value all(std::move(fields));
    each(all, "grid", [&](json::Value& grid) {
        auto& list = grid.as_array();
        while (list.size() > rows)
            list.erase(list.end() - 1);
        if (rows == 2) list[1].as_object()["category"] = plot.category;
        for (auto& row : list)
            row.as_object().at("selector").as_object()["value"] = plot.account;
    });
    each(all, "read_back", [&](json::Value& stated) {
        stated.as_object()["rows"] = static_cast<std::int64_t>(rows);
        stated.as_object()["most_intrusive"] = rows == 1 ? "subscriber" : plot.category;
    });
    if (name == "produce" || name == "preserve" || name == "object" || name == "unable")
        each(all, "rows", [&](json::Value& list) {
            // The rows of the order, which may have been made before the judge cut the grid.
            const auto order =
                read_latest(scene.station, plot.id, name == "preserve" ? "freeze" : "order");
            std::size_t there = rows;
            if (order && order->contains("grid")) there = order->at("grid").as_array().size();
            list = rows_for(list.as_array(), there);
            if (list.as_array().empty()) list = json::Array{0};
        });
    fields = std::move(all.as_object());
}

void Forms::dates(const Scene& scene, json::Object& fields) {
    const Instant now = scene.station.now();
    const auto& name = scene.act.name;
    const auto set = [&](std::string_view field, Instant at) {
        if (fields.contains(field)) fields[field] = to_text(std::min(at, last_day()));
    };
    const auto later = [&](int least, int most) {
        return now + hours{24 * least} + hours{dice_.between(0, (most - least) * 24)};
    };
    for (const std::string_view field : {"received_at", "destroyed_at", "called_at"})
        set(field, now);
    if (name == "request") {
        set("retention_end", scene.plot.retention_end);
        // What is lost is lost before the ordinary route would have ended, however late this
        // begins.
        if (auto* loss = fields.if_contains("loss"))
            loss->as_object()["when"] = to_text(now + days{40});
    }
    if (name == "receive") set("retention_end", scene.plot.retention_end);
    if (name == "authorise") {
        const Instant expires = later(12, 60);
        set("expires", expires);
        if (auto* order = fields.if_contains("provider_order")) {
            order->as_object()["deadline"] = to_text(std::min(expires, now + days{9}));
        }
    }
    if (name == "order") {
        Instant expires = later(8, 30);
        if (const auto given = read_latest(scene.station, scene.plot.id, "authorise"))
            if (const auto* limit = given->if_contains("expires"))
                expires = std::min(
                    expires, instant_from(std::string_view(limit->as_string())).value_or(expires));
        set("expires", expires);
        set("deadline", std::min(expires, now + days{8}));
    }
    if (name == "freeze" || name == "preserve") set("until", later(5, 60));
    if (name == "retain") set("until", later(10, 40));
    if (name == "defer-notice") set("until", later(3, 89));
    if (name == "delete" || name == "purge") fields.erase("manifest_hash");
}

std::string Forms::word() {
    return fmt::format("{}{:06}", mark, ++count_);
}

Bytes Forms::secret_content() {
    secrets_.push_back(word());
    return fmt::format("account,{}\n{}", secrets_.back(), std::string(dice_.below(3'000), 'x'));
}

void Forms::plant(const Scene& scene, json::Object& fields) {
    const auto* form = practice_cast().law->pack().form(scene.act.form);
    if (!form) return;
    std::map<std::vector<std::string>, std::vector<json::Value*>> places;
    for (const auto& field : form->fields())
        if (auto* value = fields.if_contains(field.name))
            collect(*value, free_text(field.name), places[field.audience]);
    const auto& cast = practice_cast();
    for (auto& [audience, list] : places) {
        if (list.empty()) continue;
        json::Value& place = *dice_.pick(list);
        const json::Value before = place;
        Canary canary{word(), scene.plot.id, scene.act.name, {}, false};
        canary.for_subject =
            std::find(audience.begin(), audience.end(), "subject") != audience.end();
        place = std::string(place.as_string()) + " " + canary.word;
        if (!form->problems(fields).empty()) {
            place = before; // no room for a word more
            continue;
        }
        casefile::Case parties;
        if (scene.state)
            parties = *scene.state;
        else
            parties.opening = scene.plot.opening();
        if (scene.joining) parties.consulted.push_back(*scene.joining);
        for (const auto& side : audience)
            for (const auto& id : casefile::participants_of_side(parties, side))
                canary.readers.insert(id.str());
        const auto* performer = cast.directory->find(ParticipantId(scene.station.id));
        for (const auto* body : cast.directory->oversight_of(performer->country))
            canary.readers.insert(body->id.str());
        canaries_.push_back(std::move(canary));
    }
}

} // namespace comity::test
