// Reads a procedure file strictly: what is not known here is refused, with file, act and relation
// named, because a member that nobody reads is a rule that nobody keeps.
#include "base/id.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "procedure/procedure.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace comity::procedure {

namespace {

std::string join(const std::vector<std::string>& names) {
    return fmt::format("{}", fmt::join(names, ", "));
}

template <class T>
bool has_duplicate(std::vector<T> items) {
    std::sort(items.begin(), items.end());
    return std::adjacent_find(items.begin(), items.end()) != items.end();
}

// A field of a form: snake_case, as in the forms' schemas.
bool is_field(std::string_view text) {
    if (text.empty() || text.size() > 64 || text.front() < 'a' || text.front() > 'z') return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

bool is_language(std::string_view text) {
    return text.size() == 2 && text[0] >= 'a' && text[0] <= 'z' && text[1] >= 'a' && text[1] <= 'z';
}

std::optional<RelationKind> kind_from(std::string_view text) {
    for (const auto kind :
         {RelationKind::condition, RelationKind::response, RelationKind::milestone,
          RelationKind::include, RelationKind::exclude})
        if (to_text(kind) == text) return kind;
    return std::nullopt;
}

} // namespace

class ProcedureReader {
public:
    ProcedureReader(std::string_view file_name, std::span<const std::string> country_words)
        : file_(file_name), country_words_(country_words) {}

    Result<Procedure> read(const json::Value& value) {
        if (!value.is_object()) return malformed("the file is not an object");
        json::Reader in{value.as_object(), file_};
        out_.id_ = in.string("id");
        const auto& titles = in.object("title");
        const auto& acts = in.object("acts");
        const auto* groups = in.object_if("groups");
        const auto* start = in.object_if("start");
        const auto& relations = in.array("relations");
        TRY_VOID(finish(in));
        if (!is_name(out_.id_)) return malformed("\"id\" is not a name (a-z, 0-9, inner hyphens)");
        TRY_VOID(read_titles(titles));
        TRY_VOID(read_acts(acts));
        if (groups) TRY_VOID(read_groups(*groups));
        if (start) TRY_VOID(read_start(*start));
        TRY_VOID(read_relations(relations));
        if (const auto place = out_.country_named(country_words_))
            return malformed(fmt::format("{} names a country", *place));
        return std::move(out_);
    }

private:
    [[nodiscard]] tl::unexpected<Refusal> malformed(std::string_view problem) const {
        return refuse(Code::procedure_malformed, fmt::format("{}: {}", file_, problem));
    }

    // What json::Reader found is a fault of the procedure, not of the JSON.
    static Result<void> finish(json::Reader& in) {
        auto done = in.done();
        if (!done) return refuse(Code::procedure_malformed, done.error().facts);
        return {};
    }

    Result<void> read_titles(const json::Object& titles) {
        for (const auto& member : titles) {
            const std::string language(member.key());
            if (!is_language(language))
                return malformed(fmt::format("title: \"{}\" is not a language tag", language));
            if (!member.value().is_string() || member.value().as_string().empty())
                return malformed(fmt::format("title: \"{}\" is not a text", language));
            out_.titles_[language] = std::string(member.value().as_string());
        }
        for (const char* language : {"en", "fr"})
            if (!out_.titles_.contains(language))
                return malformed(fmt::format("title: \"{}\" is missing", language));
        return {};
    }

    Result<void> read_acts(const json::Object& acts) {
        if (acts.empty()) return malformed("acts: there is none");
        if (acts.size() > limits::acts_per_procedure)
            return malformed(fmt::format(
                "acts: there are {}; at most {} fit a marking", acts.size(),
                limits::acts_per_procedure));
        for (const auto& member : acts)
            TRY_VOID(read_act(std::string(member.key()), member.value()));
        return {};
    }

    Result<void> read_act(const std::string& name, const json::Value& value) {
        const auto what = fmt::format("{}: acts.{}", file_, name);
        const auto wrong = [&](std::string_view problem) {
            return refuse(Code::procedure_malformed, fmt::format("{}: {}", what, problem));
        };
        if (!is_name(name)) return wrong("is not a name (a-z, 0-9, inner hyphens)");
        if (!value.is_object()) return wrong("is not an object");
        json::Reader in{value.as_object(), what};
        Act act;
        act.name = name;
        const auto side_text = in.string("side");
        const auto role = in.string_if("role");
        const auto form = in.string_if("form");
        const auto clock = in.string_if("clock");
        const auto* when = in.object_if("when");
        TRY_VOID(finish(in));
        const auto side = side_from(side_text);
        if (!side) return wrong(fmt::format("\"side\" is \"{}\", which is not a side", side_text));
        act.side = *side;
        if (act.side == Side::clock && (role || form || clock))
            return wrong("an act of the clock has no role, form or clock");
        if (act.side != Side::clock && (!role || !is_name(*role)))
            return wrong("\"role\" is missing or not a name");
        if (act.side != Side::clock && (!form || !is_name(*form)))
            return wrong("\"form\" is missing or not a name");
        if (clock && *clock != "at-deadline") return wrong("\"clock\" can only be \"at-deadline\"");
        act.role = role.value_or("");
        act.form = form.value_or("");
        act.at_deadline = clock.has_value();
        if (when) TRY_VOID(read_when(*when, what, act.when));
        out_.acts_.push_back(std::move(act));
        return {};
    }

    static Result<void> read_when(const json::Object& object, const std::string& what, When& when) {
        const auto where = what + ", when";
        const auto wrong = [&](std::string_view problem) {
            return refuse(Code::procedure_malformed, fmt::format("{}: {}", where, problem));
        };
        json::Reader in{object, where};
        when.categories = in.strings_if("category");
        for (const auto& item : in.array_if("third")) {
            if (!item.is_bool())
                return wrong("\"third\" holds something that is not true or false");
            when.third.push_back(item.as_bool());
        }
        TRY_VOID(finish(in));
        if (object.empty()) return wrong("is empty");
        if ((in.has("category") && when.categories.empty()) ||
            (in.has("third") && when.third.empty()))
            return wrong("a list is empty, so no case would match");
        if (has_duplicate(when.categories) || has_duplicate(when.third))
            return wrong("a value stands there twice");
        for (const auto& category : when.categories)
            if (!is_name(category))
                return wrong(fmt::format("\"{}\" is not a category's name", category));
        return {};
    }

    Result<void> read_groups(const json::Object& groups) {
        for (const auto& member : groups) {
            const std::string name(member.key());
            if (!is_name(name)) return malformed(fmt::format("groups: \"{}\" is not a name", name));
            if (!member.value().is_array())
                return malformed(fmt::format("groups.{}: is not a list", name));
            std::vector<std::string> acts;
            for (const auto& item : member.value().as_array())
                if (item.is_string()) acts.emplace_back(item.as_string());
            TRY_VOID(check_acts(fmt::format("groups.{}", name), member.value().as_array(), acts));
            out_.groups_[name] = std::move(acts);
        }
        return {};
    }

    // A list of acts: texts, each an act of this file, none twice, at least one.
    Result<void> check_acts(
        const std::string& where, const json::Array& raw,
        const std::vector<std::string>& acts) const {
        if (raw.empty()) return malformed(where + ": is empty");
        if (acts.size() != raw.size())
            return malformed(where + ": holds something that is not an act's name");
        for (const auto& act : acts)
            if (!out_.act(act))
                return malformed(fmt::format("{}: \"{}\" is not an act of this file", where, act));
        if (has_duplicate(acts)) return malformed(where + ": names an act twice");
        return {};
    }

    Result<void> read_start(const json::Object& start) {
        json::Reader in{start, file_ + ": start"};
        out_.excluded_ = in.strings("excluded");
        const auto& raw = in.array("excluded");
        TRY_VOID(finish(in));
        if (raw.empty()) return {};
        return check_acts("start.excluded", raw, out_.excluded_);
    }

    Result<void> read_relations(const json::Array& relations) {
        if (relations.size() > limits::relations_per_procedure)
            return malformed(fmt::format(
                "relations: there are {}; at most {} are accepted", relations.size(),
                limits::relations_per_procedure));
        for (std::size_t i = 0; i < relations.size(); ++i) {
            TRY_VOID(read_relation(i, relations[i]));
            TRY_VOID(check_arrows(i));
        }
        return {};
    }

    Result<void> read_relation(std::size_t index, const json::Value& value) {
        const auto plain = fmt::format("{}: relations[{}]", file_, index);
        if (!value.is_object())
            return refuse(Code::procedure_malformed, plain + ": is not an object");
        json::Reader first{value.as_object(), plain};
        const auto kind_text = first.string("is");
        Relation relation;
        relation.from = first.strings("from");
        relation.to = first.strings("to");
        for (const char* name : {"after", "within", "until", "at_most", "in_all", "since"})
            (void)first.string_if(name);
        const auto* when = first.object_if("when");
        TRY_VOID(finish(first));
        const auto kind = kind_from(kind_text);
        if (!kind)
            return refuse(
                Code::procedure_malformed,
                fmt::format(
                    "{}: \"{}\" is not a relation; it is one of condition, response, "
                    "milestone, include, exclude",
                    plain, kind_text));
        relation.kind = *kind;
        out_.relations_.push_back(std::move(relation));
        where_ = fmt::format("{}: {}", file_, out_.describe(index));
        auto& stored = out_.relations_.back();
        TRY_VOID(check_ends("from", stored.from));
        TRY_VOID(check_ends("to", stored.to));
        TRY_VOID(read_times(value.as_object(), stored));
        if (when) TRY_VOID(read_when(*when, where_, stored.when));
        return {};
    }

    [[nodiscard]] tl::unexpected<Refusal> wrong_relation(std::string_view problem) const {
        return refuse(Code::procedure_malformed, fmt::format("{}: {}", where_, problem));
    }

    Result<void> check_ends(std::string_view member, const std::vector<std::string>& names) const {
        if (names.empty()) return wrong_relation(fmt::format("\"{}\" is empty", member));
        for (const auto& name : names) {
            if (name.starts_with('@') && !out_.groups_.contains(name.substr(1)))
                return wrong_relation(fmt::format("\"{}\" is not a group of this file", name));
            if (!name.starts_with('@') && !out_.act(name))
                return wrong_relation(fmt::format("\"{}\" is not an act of this file", name));
        }
        if (has_duplicate(out_.expand(names)))
            return wrong_relation(fmt::format("\"{}\" names an act twice", member));
        return {};
    }

    Result<void> read_times(const json::Object& object, Relation& relation) const {
        TRY_VOID(read_period(object, "after", RelationKind::condition, relation, relation.after));
        TRY_VOID(read_period(object, "within", RelationKind::response, relation, relation.within));
        TRY_VOID(
            read_period(object, "at_most", RelationKind::response, relation, relation.at_most));
        TRY_VOID(read_period(object, "in_all", RelationKind::response, relation, relation.in_all));
        if (const auto* since = object.if_contains("since")) {
            relation.since = std::string(since->as_string());
            if (!out_.act(relation.since))
                return wrong_relation(
                    fmt::format("\"since\": \"{}\" is not an act of this file", relation.since));
        }
        if (relation.in_all.has_value() == relation.since.empty())
            return wrong_relation("\"in_all\" and \"since\" stand together");
        if (relation.in_all && !object.contains("until"))
            return wrong_relation("\"in_all\" limits a date, which \"until\" names");
        if (const auto* until = object.if_contains("until")) {
            if (relation.kind != RelationKind::response)
                return wrong_relation("\"until\" belongs to a response");
            relation.until = std::string(until->as_string());
            if (!is_field(relation.until))
                return wrong_relation("\"until\" is not a field of a form");
        }
        if (relation.kind != RelationKind::response) return {};
        if (relation.within.has_value() == !relation.until.empty())
            return wrong_relation("a response has either \"within\" or \"until\"");
        if (relation.at_most.has_value() == relation.until.empty())
            return wrong_relation("\"until\" and \"at_most\" stand together");
        return {};
    }

    Result<void> read_period(
        const json::Object& object, std::string_view member, RelationKind belongs,
        const Relation& relation, std::optional<Period>& out) const {
        const auto* value = object.if_contains(member);
        if (!value) return {};
        if (relation.kind != belongs)
            return wrong_relation(fmt::format("\"{}\" belongs to a {}", member, to_text(belongs)));
        out = period_from(std::string_view(value->as_string()));
        if (!out) return wrong_relation(fmt::format("\"{}\" is not an ISO 8601 duration", member));
        if (*out == Period{})
            return wrong_relation(fmt::format("\"{}\" is no time at all", member));
        const auto days = std::int64_t{out->years} * 366 + std::int64_t{out->months} * 31 +
                          out->days + out->seconds / 86'400;
        if (days > limits::procedure_period_days)
            return wrong_relation(fmt::format("\"{}\" is longer than a century", member));
        return {};
    }

    // An arrow is said once. Only a condition may stand beside itself with `after`: one sentence
    // says that the act comes later, another how much later.
    Result<void> check_arrows(std::size_t index) {
        const auto& relation = out_.relations_[index];
        const bool holds_itself =
            relation.kind == RelationKind::condition || relation.kind == RelationKind::milestone;
        for (const auto& from : out_.expand(relation.from)) {
            for (const auto& to : out_.expand(relation.to)) {
                if (holds_itself && from == to)
                    return wrong_relation(fmt::format("\"{}\" would wait for itself", from));
                auto& said = arrows_[{relation.kind, relation.after.has_value(), from, to}];
                for (const auto other : said)
                    if (out_.relations_[other].when.overlaps(relation.when))
                        return wrong_relation(fmt::format(
                            "{} -> {} is said already by relations[{}]", from, to, other));
                said.push_back(index);
            }
        }
        return {};
    }

    std::string file_;
    std::span<const std::string> country_words_;
    Procedure out_;
    std::string where_;
    std::map<std::tuple<RelationKind, bool, std::string, std::string>, std::vector<std::size_t>>
        arrows_;
};

Result<Procedure> Procedure::read(
    std::string_view text, std::string_view file_name, std::span<const std::string> country_words) {
    auto value = json::parse(text, limits::procedure_bytes);
    if (!value)
        return refuse(
            Code::procedure_malformed,
            fmt::format("{}: {}", file_name, value.error().facts.text()));
    return read(*value, file_name, country_words);
}

Result<Procedure> Procedure::read(
    const boost::json::value& value, std::string_view file_name,
    std::span<const std::string> country_words) {
    return ProcedureReader(file_name, country_words).read(value);
}

std::string Procedure::describe(std::size_t relation) const {
    const auto& r = relations_[relation];
    return fmt::format(
        "relations[{}] ({} {} -> {})", relation, to_text(r.kind), join(r.from), join(r.to));
}

} // namespace comity::procedure
