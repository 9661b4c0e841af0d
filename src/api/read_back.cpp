// Header, grid and fields of a draft, line by line.
#include "api/read_back.hpp"

#include "act/body.hpp"
#include "api/case_view.hpp"
#include "api/names.hpp"
#include "base/fault.hpp"
#include "base/said.hpp"
#include "casefile/sentences.hpp"

#include <algorithm>
#include <set>

namespace comity::api {

namespace {

// What is longer stands in the form that the person filled in a moment ago.
constexpr std::size_t value_bytes = 400;
constexpr std::size_t selectors_shown = 20;

json::Object text_of(const Said& said) {
    json::Object out;
    for (const auto language : text_languages)
        out[language] = said.in(language);
    return out;
}

// A title or label of a form; its Arabic is by the English text.
json::Object text_of(const json::Object& titles) {
    json::Object out;
    for (const std::string_view language : {"en", "fr"})
        if (const auto* text = titles.if_contains(language); text && text->is_string())
            out[language] = *text;
    if (const auto* english = out.if_contains("en"))
        if (const auto arabic = form_arabic(english->as_string()); !arabic.empty())
            out["ar"] = arabic;
    return out;
}

std::string in(const json::Object& text, std::string_view language) {
    const auto* there = text.if_contains(language);
    if (!there) there = text.if_contains("en");
    return there ? std::string(there->as_string()) : std::string();
}

const json::Object* object_at(const json::Object* object, std::string_view name) {
    const auto* value = object ? object->if_contains(name) : nullptr;
    return value ? value->if_object() : nullptr;
}

std::string string_at(const json::Object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

class Lines {
public:
    explicit Lines(std::string_view language) : language_(language) {}

    void add(json::Object label, std::string value) {
        if (!value.empty())
            out_.emplace_back(
                json::Object{{"label", std::move(label)}, {"value", std::move(value)}});
    }

    void add(const Said& label, std::string value) { add(text_of(label), std::move(value)); }

    void add(const Said& label, const Said& value) { add(label, value.in(language_)); }

    [[nodiscard]] std::string_view language() const { return language_; }

    json::Array done() { return std::move(out_); }

private:
    std::string language_;
    json::Array out_;
};

struct Draft {
    act::Header header;
    json::Object fields;
    std::set<ParticipantId> readers;
};

// The draft as it is stored: the row's header is what is signed, and each part is opened against
// the hash that stands in that header.
Draft open_draft(Api& api, const Digest& hash) {
    std::optional<node::DraftRow> row;
    api.node().store().read([&](node::StoreReader& reader) { row = reader.find_draft(hash); });
    if (!row) throw Fault("a draft was prepared and is not there");
    CHECK_THAT(act::act_hash(row->header) == hash);
    auto header = act::parse_header(row->header);
    if (!header) throw Fault("a draft is not readable: " + header.error().facts.text());
    Draft out{std::move(*header), {}, {}};
    const auto& keys = api.node().keys().sealing;
    for (std::size_t i = 0; i < out.header.parts.size(); ++i) {
        const auto& ref = out.header.parts[i];
        out.readers.insert(ref.readers.begin(), ref.readers.end());
        const auto sealed = row->parts.find(i);
        const bool ours = std::find(ref.readers.begin(), ref.readers.end(), api.node().self()) !=
                          ref.readers.end();
        if (!ours || sealed == row->parts.end()) continue;
        auto part =
            act::open_part(ref, sealed->second, out.header.act, {keys.key, keys.certificate});
        if (!part) throw Fault("a draft's part does not open: " + part.error().facts.text());
        for (auto& field : part->fields)
            out.fields[field.key()] = field.value();
    }
    return out;
}

// The parties of the case as the header states them, or as the case holds them.
struct Parties {
    act::Opening opening;
    std::string reference;
};

Parties parties_of(Api& api, const Draft& draft) {
    Parties out;
    out.reference = string_at(draft.fields, "file_number");
    if (draft.header.opening) {
        out.opening = *draft.header.opening;
        return out;
    }
    std::optional<casefile::Case> state;
    api.node().store().read([&](node::StoreReader& reader) {
        state = node::find_case(api.node(), reader, draft.header.case_id);
    });
    if (!state) throw Fault("a draft's case is not there");
    out.opening = state->opening;
    OpenedActs opened(api, *state);
    if (out.reference.empty()) out.reference = reference_of(opened, state->id);
    return out;
}

Said category_data(std::string_view category) {
    if (category == "subscriber") return say("subscriber data");
    if (category == "access") return say("access data");
    if (category == "traffic") return say("traffic data");
    if (category == "content") return say("stored content");
    if (category == "preservation") return say("data to be preserved");
    return Said::value(std::string(category));
}

// How many rows, how far they reach into a life, over which time, and whose they are.
void add_grid(Lines& lines, const json::Array& grid) {
    std::optional<law::Category> most;
    std::string from;
    std::string to;
    std::vector<std::string> selectors;
    for (const auto& item : grid) {
        const auto* row = item.if_object();
        if (!row) continue;
        if (const auto category = law::category_from(string_at(*row, "category")))
            most = std::max(most.value_or(law::Category::preservation), *category);
        // Instants of one form: as texts they are in the order of time.
        const auto begins = string_at(*row, "from");
        const auto ends = string_at(*row, "to");
        if (!begins.empty() && (from.empty() || begins < from)) from = begins;
        if (!ends.empty() && ends > to) to = ends;
        const auto* selector = object_at(row, "selector");
        auto value = selector ? string_at(*selector, "value") : std::string();
        if (!value.empty() &&
            std::find(selectors.begin(), selectors.end(), value) == selectors.end())
            selectors.push_back(std::move(value));
    }
    lines.add(say("Rows of data"), std::to_string(grid.size()));
    if (most) lines.add(say("Most intrusive data"), category_data(law::to_text(*most)));
    if (!from.empty() && !to.empty()) lines.add(say("Period"), say("{} to {}", from, to));
    std::vector<Said> shown;
    for (std::size_t i = 0; i < std::min(selectors.size(), selectors_shown); ++i)
        shown.push_back(Said::value(selectors[i]));
    if (selectors.size() > selectors_shown)
        shown.push_back(say("and {} more", selectors.size() - selectors_shown));
    lines.add(say("Accounts, addresses and devices"), Said::list(std::move(shown), ", "));
}

// A field that one line can hold; the choices of the form by their label.
std::string line_of(
    const json::Object& schema, const json::Value& value, std::string_view language) {
    if (value.is_bool()) return (value.as_bool() ? say("yes") : say("no")).in(language);
    if (value.is_int64()) return std::to_string(value.as_int64());
    if (!value.is_string() || value.as_string().size() > value_bytes) return {};
    const std::string text(value.as_string());
    const auto* labels = object_at(&schema, "x-labels");
    if (const auto* label = object_at(labels, text)) return in(text_of(*label), language);
    return text;
}

void add_fields(Lines& lines, const law::Form& form, const json::Object& fields) {
    const auto* properties = object_at(&form.schema(), "properties");
    for (const auto& field : form.fields()) {
        const auto* value = fields.if_contains(field.name);
        const auto* schema = object_at(properties, field.name);
        if (!value || !schema || field.name == "file_number") continue;
        auto line = line_of(*schema, *value, lines.language());
        if (line.empty()) continue;
        lines.add(field.title.all(), std::move(line));
    }
}

const law::Form* form_of(Api& api, const act::Header& header, const act::Opening& opening) {
    const auto graph = api.node().law().graph(header.procedure, casefile::parameters(opening));
    const auto index = graph ? graph->find(header.act) : std::nullopt;
    return index ? api.node().law().pack().form(graph->act(*index).form) : nullptr;
}

} // namespace

json::Array reads_back(Api& api, const Digest& draft, std::string_view language) {
    const auto opened = open_draft(api, draft);
    const auto& header = opened.header;
    const auto parties = parties_of(api, opened);
    const auto directory = api.node().directory();
    if (!directory) throw Fault("an act was prepared without a directory");
    const auto& book = **directory;
    const auto named = [&](const ParticipantId& id) {
        return name_of(book, id, language);
    };
    Lines lines(language);
    lines.add(
        say("What the case will say"),
        casefile::sentence(header.act, named(header.performer), language));
    lines.add(say("Case"), say("{} ({})", parties.reference, header.case_id.str()));
    lines.add(say("Number in the case"), std::to_string(header.sequence));
    lines.add(say("Office"), office_name(book, header.performer, header.office, language));
    lines.add(say("Asking"), named(parties.opening.requesting));
    lines.add(say("Asked"), named(parties.opening.requested));
    lines.add(say("Provider"), named(parties.opening.provider));
    if (const auto* grid = opened.fields.if_contains("grid"); grid && grid->is_array())
        add_grid(lines, grid->as_array());
    if (const auto* form = form_of(api, header, parties.opening))
        add_fields(lines, *form, opened.fields);
    std::vector<Said> readers;
    for (const auto& reader : opened.readers)
        readers.push_back(Said::value(named(reader)));
    lines.add(say("Who can read it"), Said::list(std::move(readers), ", "));
    return lines.done();
}

} // namespace comity::api
