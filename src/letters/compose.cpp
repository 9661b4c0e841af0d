// From forms to letters. A field becomes an entry, an object a group of entries one step further
// in, a list of objects a table where its columns fit and numbered groups where they do not.
#include "letters/compose.hpp"

#include "base/limits.hpp"
#include "base/said.hpp"
#include "letters/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::letters {

namespace {

constexpr std::size_t table_columns_max = 5; ///< more do not fit on A4 beside one another
constexpr std::size_t table_cell_max = 180;  ///< longer texts are set over the width instead

const json::Object* object_in(const json::Object& schema, std::string_view name) {
    const auto* value = schema.if_contains(name);
    return value && value->is_object() ? &value->as_object() : nullptr;
}

std::string string_in(const json::Object& schema, std::string_view name) {
    const auto* value = schema.if_contains(name);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

// "ar" of "ar-EG".
std::string_view tongue(std::string_view language) {
    return language.substr(0, language.find('-'));
}

class Composer {
public:
    Composer(const Frame& frame, std::vector<Block>& blocks) : frame_(frame), blocks_(blocks) {}

    void field(
        std::string_view name, const json::Object& schema, const json::Value& value, int depth) {
        const Both label = title(schema, name);
        if (value.is_object()) return group(label, schema, value.as_object(), depth);
        if (value.is_array()) return list(label, schema, value.as_array(), depth);
        blocks_.emplace_back(Entry{label, scalar(schema, value), depth, is_mono(schema)});
    }

private:
    Both texts(const json::Object* texts, std::string_view otherwise) const {
        const auto in = [&](std::string_view language) {
            std::string out = texts ? string_in(*texts, tongue(language)) : "";
            if (out.empty() && texts) {
                // The Arabic of a form is by its English.
                out = string_in(*texts, "en");
                if (const auto arabic = form_arabic(out);
                    tongue(language) == "ar" && !arabic.empty())
                    out = arabic;
            }
            return out.empty() ? std::string(otherwise) : out;
        };
        return {in(frame_.languages[0]), in(frame_.languages[1])};
    }

    Both title(const json::Object& schema, std::string_view name) const {
        return texts(object_in(schema, "x-title"), name);
    }

    static bool is_mono(const json::Object& schema) {
        const auto pattern = string_in(schema, "pattern");
        return pattern.starts_with("^[A-Za-z0-9_-]{43}") || pattern.starts_with("^[A-Z2-7]{4}");
    }

    // A row of the grid: forms count them from 0, people from 1.
    static bool is_row(const json::Object& schema) {
        const auto* least = schema.if_contains("minimum");
        const auto* most = schema.if_contains("maximum");
        return least && most && *least == json::Value(0) &&
               *most == json::Value(static_cast<std::int64_t>(limits::grid_rows) - 1);
    }

    // A coded value in both languages, or what stands there, once.
    std::variant<Both, std::string> scalar(
        const json::Object& schema, const json::Value& value) const {
        if (value.is_bool()) return both(value.as_bool() ? Word::yes : Word::no, frame_.languages);
        if (value.is_int64()) return std::to_string(value.as_int64() + (is_row(schema) ? 1 : 0));
        if (!value.is_string()) return both(Word::not_stated, frame_.languages);
        const std::string text(value.as_string());
        if (const auto* labels = object_in(schema, "x-labels"))
            return texts(object_in(*labels, text), text);
        const auto pattern = string_in(schema, "pattern");
        if (pattern == "^[A-Z]{2}$" && frame_.country) return frame_.country(text);
        if (pattern == "^[a-z0-9][a-z0-9-]*$" && frame_.coded) {
            const Both named = frame_.coded(text);
            if (named.first != text) return named;
        }
        if (string_in(schema, "format") == "date-time")
            if (const auto at = instant_from(text)) return to_text(*at).substr(0, 16) + "Z";
        return text;
    }

    // For table cells: coded values in one language below the other.
    std::string plain(const json::Object& schema, const json::Value& value) const {
        if (value.is_object()) {
            std::string out;
            const auto* properties = object_in(schema, "properties");
            for (const auto& member : value.as_object()) {
                const auto* property = properties ? object_in(*properties, member.key()) : nullptr;
                const auto text = plain(property ? *property : json::Object{}, member.value());
                out += (out.empty() ? "" : "\n") + text;
            }
            return out;
        }
        if (value.is_array()) {
            std::string out;
            const auto* items = object_in(schema, "items");
            for (const auto& item : value.as_array())
                out += (out.empty() ? "" : ", ") + plain(items ? *items : json::Object{}, item);
            return out;
        }
        const auto shown = scalar(schema, value);
        if (const auto* text = std::get_if<std::string>(&shown)) return *text;
        const auto& two = std::get<Both>(shown);
        return two.first == two.second ? two.first : two.first + "\n" + two.second;
    }

    void group(
        const Both& label, const json::Object& schema, const json::Object& members, int depth) {
        blocks_.emplace_back(Heading{label, std::min(depth + 2, 3), depth});
        const auto* properties = object_in(schema, "properties");
        if (!properties) return;
        // In the order of the schema: the same form reads the same in every letter.
        for (const auto& property : *properties)
            if (const auto* value = members.if_contains(property.key());
                value && property.value().is_object())
                field(property.key(), property.value().as_object(), *value, depth + 1);
    }

    void list(const Both& label, const json::Object& schema, const json::Array& values, int depth) {
        const auto* items = object_in(schema, "items");
        if (values.empty())
            return void(blocks_.emplace_back(Entry{label, Both{"—", "—"}, depth, false}));
        const bool objects = values.front().is_object();
        if (!objects) return void(lines(label, items ? *items : json::Object{}, values, depth));
        if (items && table(label, *items, values)) return;
        int number = 0;
        for (const auto& value : values) {
            ++number;
            const Both numbered{
                fmt::format("{} {}", label.first, number),
                fmt::format("{} {}", label.second, number)};
            field_group(numbered, items ? *items : json::Object{}, value, depth);
        }
    }

    void field_group(
        const Both& label, const json::Object& schema, const json::Value& value, int depth) {
        if (value.is_object()) group(label, schema, value.as_object(), depth);
    }

    // A list of words: coded ones in both languages, others once, one a line.
    void lines(
        const Both& label, const json::Object& schema, const json::Array& values, int depth) {
        Both coded;
        std::string once;
        bool all_coded = true;
        for (const auto& value : values) {
            const auto shown = scalar(schema, value);
            if (const auto* two = std::get_if<Both>(&shown)) {
                coded.first += (coded.first.empty() ? "" : "\n") + two->first;
                coded.second += (coded.second.empty() ? "" : "\n") + two->second;
                once += (once.empty() ? "" : "\n") + two->first;
            } else {
                all_coded = false;
                once += (once.empty() ? "" : "\n") + std::get<std::string>(shown);
            }
        }
        if (all_coded)
            blocks_.emplace_back(Entry{label, coded, depth, false});
        else
            blocks_.emplace_back(Entry{label, once, depth, false});
    }

    // Columns are the members that some row has; a table only where every cell is short.
    bool table(const Both& label, const json::Object& items, const json::Array& values) {
        const auto* properties = object_in(items, "properties");
        if (!properties) return false;
        Table out;
        std::vector<std::string> names;
        for (const auto& property : *properties) {
            const auto has = [&](const json::Value& row) {
                return row.is_object() && row.as_object().contains(property.key());
            };
            if (!property.value().is_object() || std::none_of(values.begin(), values.end(), has))
                continue;
            names.emplace_back(property.key());
            out.head.push_back(title(property.value().as_object(), property.key()));
        }
        if (names.empty() || names.size() > table_columns_max) return false;
        for (const auto& value : values) {
            std::vector<std::string> row;
            for (const auto& name : names) {
                const auto* cell =
                    value.is_object() ? value.as_object().if_contains(name) : nullptr;
                row.push_back(cell ? plain(properties->at(name).as_object(), *cell) : "");
                if (row.back().size() > table_cell_max) return false;
            }
            out.rows.push_back(std::move(row));
        }
        blocks_.emplace_back(Heading{label, 2, 0});
        blocks_.emplace_back(std::move(out));
        return true;
    }

    const Frame& frame_;
    std::vector<Block>& blocks_;
};

std::string instant_line(Instant at) {
    return to_text(at).substr(0, 19) + "Z";
}

// What every letter says of its act, above the form.
Letter begin(const Frame& frame, Both title) {
    Letter out;
    out.languages = frame.languages;
    out.title = std::move(title);
    out.from = frame.from;
    out.to = frame.to;
    out.dated = frame.admitted;
    out.reference =
        frame.sequence == 0 ? frame.case_id : fmt::format("{} · {}", frame.case_id, frame.sequence);
    out.verification = frame.act_hash;
    out.verification_url = frame.verification_url;
    const auto add = [&](Word label, const std::string& value, bool mono = false) {
        if (!value.empty())
            out.blocks.emplace_back(Entry{both(label, frame.languages), value, 0, mono});
    };
    add(Word::case_, frame.case_id, true);
    if (frame.sequence != 0) add(Word::number, std::to_string(frame.sequence));
    add(Word::date, instant_line(frame.admitted));
    add(Word::seal, frame.sealed_by);
    add(Word::approved_by, frame.approved_by);
    add(Word::record, frame.record);
    return out;
}

} // namespace

Letter act_letter(const law::Form& form, const json::Object& fields, const Frame& frame) {
    const auto in = [&](const std::string& language) {
        return form.title().in(tongue(language));
    };
    Letter out = begin(frame, {in(frame.languages[0]), in(frame.languages[1])});
    Composer composer(frame, out.blocks);
    const auto* properties = object_in(form.schema(), "properties");
    CHECK_THAT(properties != nullptr); // the lint saw to it
    for (const auto& field : form.fields())
        if (const auto* value = fields.if_contains(field.name))
            composer.field(field.name, properties->at(field.name).as_object(), *value, 0);
    out.attachments.push_back(
        {fmt::format("{}.json", frame.act), "application/json",
         both(Word::attached, frame.languages), json::pretty(json::Value(fields))});
    return out;
}

Letter receipt_letter(const Frame& frame, std::string_view keeper) {
    Letter out = begin(frame, both(Word::receipt, frame.languages));
    out.blocks.emplace_back(Paragraph{both(Word::received_with, frame.languages)});
    out.blocks.emplace_back(Entry{both(Word::act, frame.languages), frame.act, 0, false});
    out.blocks.emplace_back(
        Entry{both(Word::keeper, frame.languages), std::string(keeper), 0, false});
    return out;
}

Result<Letter> custody_letter(const json::Object& certificate, const Frame& frame) {
    json::Reader in(certificate, "custody certificate");
    const auto format = in.string("comity");
    const auto case_id = in.string("case");
    const auto& holdings = in.array("holdings");
    TRY_VOID(in.done());
    if (format != "custody/1") return refuse(Code::envelope_malformed, "not a custody certificate");
    Letter out = begin(frame, both(Word::custody, frame.languages));
    out.blocks.emplace_back(Paragraph{both(Word::custody_of, frame.languages)});
    for (const auto& value : holdings) {
        if (!value.is_object()) return refuse(Code::envelope_malformed, "a holding is no object");
        const auto& holding = value.as_object();
        const auto text = [&](std::string_view name) {
            return string_in(holding, name);
        };
        out.blocks.emplace_back(Heading{{text("name"), text("name")}, 2, 0});
        out.blocks.emplace_back(
            Entry{both(Word::holder, frame.languages), text("holder"), 1, false});
        out.blocks.emplace_back(Entry{both(Word::since, frame.languages), text("from"), 1, false});
        out.blocks.emplace_back(Entry{both(Word::under, frame.languages), text("under"), 1, true});
        if (holding.contains("destroyed")) {
            out.blocks.emplace_back(
                Entry{both(Word::destroyed, frame.languages), text("destroyed"), 1, false});
            out.blocks.emplace_back(
                Entry{both(Word::under, frame.languages), text("destroyed_by"), 1, true});
        } else {
            out.blocks.emplace_back(Entry{
                both(Word::until_, frame.languages), both(Word::held, frame.languages), 1, false});
        }
        out.blocks.emplace_back(Entry{Both{"SHA-256", "SHA-256"}, text("plain_sha256"), 1, true});
    }
    out.attachments.push_back(
        {"custody.json", "application/json", both(Word::attached, frame.languages),
         json::pretty(json::Value(certificate))});
    return out;
}

} // namespace comity::letters
