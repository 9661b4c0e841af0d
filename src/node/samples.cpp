// Asking, waiting, drawing.
#include "node/samples.hpp"

#include "base/fault.hpp"
#include "base/limits.hpp"
#include "node/looks.hpp"
#include "node/own_books.hpp"
#include "node/sequence_record.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::node {

namespace {

std::string setting_of(std::int64_t number) {
    return fmt::format("sample/{}", number);
}

void put(StoreWriter& writer, const AskedSample& sample) {
    json::Array cases;
    for (const auto& id : sample.cases)
        cases.emplace_back(id.str());
    json::Object out{
        {"number", sample.number},
        {"size", static_cast<std::int64_t>(sample.size)},
        {"purpose", sample.purpose},
        {"person", sample.person.str()},
        {"office", sample.office.str()},
        {"asked", to_text(sample.asked)},
        {"from", static_cast<std::int64_t>(sample.from)},
        {"to", static_cast<std::int64_t>(sample.to)},
        {"document", sample.document},
        {"cases", std::move(cases)}};
    if (sample.drawn) out["drawn"] = to_text(*sample.drawn);
    writer.put_setting(setting_of(sample.number), json::print(out));
}

AskedSample read(const std::string& stored) {
    const auto object = json::parse_object(stored, limits::catch_up_bytes);
    if (!object) throw Fault("a sample that is kept is not readable");
    const auto text = [&](std::string_view name) {
        return std::string(object->at(name).as_string());
    };
    const auto count = [&](std::string_view name) {
        return static_cast<std::uint64_t>(object->at(name).as_int64());
    };
    AskedSample out;
    out.number = object->at("number").as_int64();
    out.size = count("size");
    out.purpose = text("purpose");
    out.person = PersonId(text("person"));
    out.office = OfficeId(text("office"));
    out.asked = instant_from(text("asked")).value_or(Instant{});
    out.from = count("from");
    out.to = count("to");
    out.document = text("document");
    for (const auto& id : object->at("cases").as_array())
        out.cases.emplace_back(std::string(id.as_string()));
    if (object->contains("drawn")) out.drawn = instant_from(text("drawn"));
    return out;
}

// The seeds that are good for this sample: cosigned after it was asked for, as the policy wants.
std::vector<Bytes> good_seeds(
    const std::vector<Bytes>& shown, const AskedSample& sample, const record::Policy& policy,
    const std::string& origin) {
    std::vector<Bytes> out;
    // Of a frame of one leaf the draw costs nothing; the seed is judged the same.
    const record::SampleFrame one{origin, 0, 1, 1};
    for (const auto& seed : shown)
        if (record::make_sample(one, sample.asked, {seed}, policy)) out.push_back(seed);
    return out;
}

std::vector<CaseId> cases_of(Node& node, const record::Sample& sample) {
    std::vector<CaseId> out;
    const auto acts = sampled_acts(node, sample);
    if (!acts) return out;
    for (const auto& act : *acts) {
        const CaseId id(std::string(act.at("case").as_string()));
        if (std::find(out.begin(), out.end(), id) == out.end()) out.push_back(id);
    }
    return out;
}

} // namespace

Result<AskedSample> ask_sample(Node& node, AskedSample asked) {
    asked.asked = node.now();
    bool full = false;
    node.store().write([&](StoreWriter& writer) {
        const auto last = counted(writer, "samples");
        full = static_cast<std::size_t>(last) >= limits::samples_kept;
        if (full) return;
        asked.number = last + 1;
        asked.from = 0;
        asked.to = static_cast<std::uint64_t>(writer.leaf_count());
        if (last > 0)
            if (const auto before = writer.setting(setting_of(last))) asked.from = read(*before).to;
        if (asked.from >= asked.to) return;
        writer.put_setting("samples", std::to_string(asked.number));
        put(writer, asked);
        Look look;
        look.at = asked.asked;
        look.person = asked.person;
        look.office = asked.office;
        look.what = "sample";
        look.purpose = asked.purpose;
        record_look(node, writer, std::move(look));
    });
    if (full) return refuse(Code::too_large, say("too many samples are kept here"));
    if (asked.from >= asked.to)
        return refuse(Code::not_found, say("nothing came into this record since the last sample"));
    return asked;
}

std::size_t draw_samples(Node& node) {
    std::vector<AskedSample> waiting;
    node.store().read([&](StoreReader& reader) {
        // They are drawn in order; `samples-drawn` is the last that was.
        const auto last = counted(reader, "samples");
        for (auto number = counted(reader, "samples-drawn") + 1; number <= last; ++number)
            if (const auto stored = reader.setting(setting_of(number)))
                waiting.push_back(read(*stored));
    });
    if (waiting.empty()) return 0;
    const auto directory = node.directory();
    const auto* self = directory ? (*directory)->find(node.self()) : nullptr;
    if (!self) return 0;
    const auto policy = witness_policy(**directory);
    if (!policy) return 0;
    const auto shown = fetch_seeds(node);
    std::size_t out = 0;
    for (auto& sample : waiting) {
        auto seeds = good_seeds(shown, sample, *policy, self->record.origin);
        const auto drawn = record::make_sample(
            {self->record.origin, sample.from, sample.to, sample.size}, sample.asked,
            std::move(seeds), *policy);
        if (!drawn) break; // no checkpoint is late enough yet
        sample.document = drawn->print();
        sample.drawn = node.now();
        sample.cases = cases_of(node, *drawn);
        node.store().write([&](StoreWriter& writer) {
            put(writer, sample);
            writer.put_setting("samples-drawn", std::to_string(sample.number));
        });
        ++out;
    }
    return out;
}

std::vector<AskedSample> asked_samples(Node& node, std::size_t limit) {
    std::vector<AskedSample> out;
    node.store().read([&](StoreReader& reader) {
        for (auto number = counted(reader, "samples"); number >= 1 && out.size() < limit; --number)
            if (const auto stored = reader.setting(setting_of(number)))
                out.push_back(read(*stored));
    });
    return out;
}

} // namespace comity::node
