// The answers of `comity law` laid out for a terminal, each fact with where it comes from.
#include "apps/law_command.hpp"
#include "apps/sheet.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

namespace comity::apps {

namespace {

std::string text(const json::Value& value) {
    if (value.is_null()) return "not known";
    if (value.is_string()) return std::string(value.as_string());
    if (value.is_bool()) return value.as_bool() ? "yes" : "no";
    if (value.is_int64()) return std::to_string(value.as_int64());
    if (value.is_uint64()) return std::to_string(value.as_uint64());
    if (value.is_array()) {
        std::vector<std::string> parts;
        for (const auto& item : value.as_array())
            parts.push_back(text(item));
        return parts.empty() ? "none" : fmt::format("{}", fmt::join(parts, ", "));
    }
    const auto& object = value.as_object();
    if (object.contains("months")) {
        const auto months = object.at("months").as_int64();
        const auto& listed = object.at("or_listed").as_array();
        const auto list = text(object.at("or_listed"));
        if (months == 0 && listed.empty()) return "any offence";
        if (months == 0) return "only: " + list;
        return fmt::format(
            "a maximum of at least {} months{}", months, listed.empty() ? "" : ", or: " + list);
    }
    return json::print(value);
}

std::string at(const json::Object& object, std::string_view key) {
    return text(object.at(key));
}

std::string with_article(const std::string& what, const json::Value& article) {
    return article.is_null() ? what : fmt::format("{} (Art. {})", what, text(article));
}

std::string spaced(std::string_view word) {
    std::string out(word);
    std::replace(out.begin(), out.end(), '_', ' ');
    return out;
}

std::string source_of(const json::Object& source) {
    return fmt::format(
        "{}; as of {}, {}", at(source, "text"), at(source, "as_of"), at(source, "confidence"));
}

void bond(Sheet& sheet, const json::Object& one) {
    sheet.row(at(one, "id"), at(one.at("title").as_object(), "en"));
    const auto row = [&](std::string_view label, const std::string& what) {
        sheet.row(label, what, 4);
    };
    row("since",
        fmt::format(
            "{}{}", at(one, "since"),
            one.at("since_is_exact").as_bool() ? "" : " at the latest; the day is not known"));
    if (!one.at("offence_listed_at").is_null())
        row("offence", "listed at Art. " + at(one, "offence_listed_at"));
    const auto& penalty = one.at("minimum_penalty").as_object();
    const auto& months = penalty.at("months");
    row("minimum penalty",
        with_article(
            months.is_null() ? "not known: " + at(penalty, "rule")
            : months.as_int64() == 0
                ? "none for this; the rule: " + at(penalty, "rule")
                : fmt::format("{} months; the rule: {}", months.as_int64(), at(penalty, "rule")),
            penalty.at("article")));
    const auto& dual = one.at("dual_criminality").as_object();
    row("dual criminality", with_article(spaced(at(dual, "rule")), dual.at("article")) +
                                (dual.at("note").is_null() ? "" : "; " + at(dual, "note")));
    std::vector<std::string> grounds;
    for (const auto& ground : one.at("grounds_of_refusal").as_array())
        grounds.push_back(
            with_article(spaced(at(ground.as_object(), "ground")), ground.at("article")));
    row("grounds of refusal", grounds.empty() ? std::string("none named, or not read")
                                              : fmt::format("{}", fmt::join(grounds, "; ")));
    const auto& languages = one.at("languages").as_object();
    row("languages", with_article(at(languages, "rule"), languages.at("article")));
    std::vector<std::string> articles;
    for (const auto& article : one.at("articles").as_object())
        articles.push_back(fmt::format("{} {}", spaced(article.key()), text(article.value())));
    if (!articles.empty()) row("articles", fmt::format("{}", fmt::join(articles, "; ")));
    row("straight to a provider", one.at("direct_to_provider").as_bool() ? "yes" : "no");
    for (const auto& caveat : one.at("caveats").as_array())
        row("note", text(caveat));
    row("source", source_of(one.at("source").as_object()));
}

void instruments(Sheet& sheet, const json::Object& answer) {
    const auto& binds = answer.at("binds").as_array();
    sheet.heading("BINDS BOTH");
    if (binds.empty()) sheet.line("Nothing in the data.", 2);
    for (const auto& one : binds)
        bond(sheet, one.as_object());
    const auto& misses = answer.at("does_not_bind").as_array();
    if (!misses.empty()) sheet.heading("DOES NOT BIND, AND WHY");
    for (const auto& one : misses)
        sheet.row(
            at(one.as_object(), "id"),
            fmt::format(
                "{}: {}", spaced(at(one.as_object(), "reason")), at(one.as_object(), "because")));
    sheet.heading("COULD SERVE, WITHOUT BINDING");
    for (const auto& one : answer.at("could_serve").as_array())
        sheet.row(at(one.as_object(), "id"), at(one.as_object(), "because"));
    sheet.row("own law", at(answer, "domestic_law"));
}

void authority(Sheet& sheet, std::string_view label, const json::Value& value) {
    if (value.is_null()) {
        sheet.row(label, "not in the data");
        return;
    }
    const auto& one = value.as_object();
    sheet.row(
        label, at(one, "authority") + (one.at("unit").is_null() ? "" : ", " + at(one, "unit")));
    sheet.row(
        "", fmt::format(
                "languages {}; at all hours: {}", at(one, "languages"), at(one, "contact_24_7")));
    sheet.row("", source_of(one.at("source").as_object()));
}

std::string demand_text(const json::Object& demand) {
    const auto origin = at(demand, "origin");
    const auto& basis = demand.at("sources").as_array();
    if (at(demand, "demand") == "longest_period" && demand.at("value").is_null() && !basis.empty())
        return "none: " + text(demand.at("sources"));
    std::string out = spaced(at(demand, "value"));
    while (out.ends_with('.'))
        out.pop_back();
    // The note of a category belongs to all that it asks; it is said once.
    const auto name = at(demand, "demand");
    if (!demand.at("note").is_null() && name != "standard" && name != "seriousness_country")
        out += "; " + at(demand, "note");
    if (origin != "unknown")
        out += fmt::format(
            " [{}{}{}]",
            origin == "both"    ? "profile and floor: "
            : origin == "floor" ? "floor: "
                                : "profile: ",
            basis.empty() ? "no article" : text(demand.at("sources")),
            demand.at("confidence").is_null() ? "" : ", " + at(demand, "confidence"));
    if (demand.at("unknown").as_bool() && origin == "floor")
        out += "; what the country itself asks is not known";
    return out;
}

// What is the same for each category is said once.
void requirements(Sheet& sheet, const json::Object& answer, const std::string& name) {
    const auto& list = answer.at("requirements").as_array();
    sheet.heading(fmt::format(
        "WHAT IS ASKED OF A REQUEST: THE PROFILE OF {} AND THE FLOOR, THE STRICTER EACH TIME",
        name));
    if (!list.front().at("has_profile").as_bool())
        sheet.line(
            "No profile of this country is in the data: beyond the floor nothing is known.", 2);
    std::map<std::string, std::size_t> same;
    for (const auto& category : list)
        for (const auto& demand : category.at("demands").as_array())
            ++same[at(demand.as_object(), "demand") + demand_text(demand.as_object())];
    const auto shared = [&](const json::Object& demand) {
        return same.at(at(demand, "demand") + demand_text(demand)) == list.size();
    };
    for (const auto& category : list) {
        if (list.size() > 1) sheet.line(at(category.as_object(), "category"), 2);
        for (const auto& demand : category.at("demands").as_array())
            if (list.size() == 1 || !shared(demand.as_object()))
                sheet.row(
                    spaced(at(demand.as_object(), "demand")), demand_text(demand.as_object()), 4);
    }
    if (list.size() > 1) {
        sheet.line("every category", 2);
        for (const auto& demand : list.front().at("demands").as_array())
            if (shared(demand.as_object()))
                sheet.row(
                    spaced(at(demand.as_object(), "demand")), demand_text(demand.as_object()), 4);
    }
    std::vector<std::string> grounds;
    for (const auto& ground : list.front().at("grounds_of_refusal").as_array())
        grounds.push_back(fmt::format(
            "{} ({}; {})", spaced(at(ground.as_object(), "ground")), at(ground.as_object(), "rule"),
            at(ground.as_object(), "articles")));
    sheet.row(
        "grounds of its own law",
        grounds.empty() ? std::string("not known") : fmt::format("{}", fmt::join(grounds, "; ")),
        list.size() > 1 ? 2 : 4);
}

void clocks(Sheet& sheet, const json::Object& answer) {
    sheet.heading("CLOCKS");
    std::string last;
    for (const auto& item : answer.at("clocks").as_array()) {
        const auto& one = item.as_object();
        const auto procedure = at(one, "procedure");
        if (procedure != last) sheet.line(procedure, 2);
        last = procedure;
        const auto when =
            one.contains("within")
                ? "within " + at(one, "within")
                : fmt::format("until the date given, at most {} away", at(one, "at_most"));
        sheet.row(at(one, "to"), fmt::format("{} of {}", when, at(one, "from")), 4);
    }
}

void rights(Sheet& sheet, std::string_view label, const json::Value& list) {
    std::vector<std::string> parts;
    for (const auto& one : list.as_array())
        parts.push_back(fmt::format(
            "{} (Arts {})", at(one.as_object(), "id"), at(one.as_object(), "privacy_articles")));
    sheet.row(
        label,
        parts.empty() ? std::string("none known") : fmt::format("{}", fmt::join(parts, "; ")));
}

std::string percent(std::size_t part, std::size_t whole) {
    return whole == 0
               ? "-"
               : fmt::format(
                     "{:.1f}", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string_view joined_word(law::Joined joined) {
    switch (joined) {
    case law::Joined::none: return "none";
    case law::Joined::only_listed: return "only_listed";
    case law::Joined::any_offence: break;
    }
    return "any_offence";
}

std::string group_name(law::Group group) {
    return std::string(law::group_words[static_cast<std::size_t>(group)]);
}

std::size_t of(const std::array<std::size_t, 3>& counts, law::Joined joined) {
    return counts[static_cast<std::size_t>(joined)];
}

std::string demand_of(const law::Gap& gap) {
    if (gap.demand.empty()) return "";
    const auto* most =
        *std::max_element(gap.demand.begin(), gap.demand.end(), [](const auto* x, const auto* y) {
            return *x->number < *y->number;
        });
    return fmt::format("{} {} ({})", *most->number, most->unit, most->id);
}

} // namespace

std::string between_text(const json::Object& answer) {
    Sheet sheet;
    const auto& question = answer.at("question").as_object();
    const auto name = [&](std::string_view side) {
        return at(answer.at(side).at("name").as_object(), "en");
    };
    std::string title = fmt::format(
        "{} asks {}, on {}", name("requesting"), name("requested"), at(question, "date"));
    for (const std::string_view key : {"category", "offence", "territory"})
        if (!question.at(key).is_null()) title += fmt::format(", {} {}", key, at(question, key));
    sheet.heading(title);
    for (const std::string_view side : {"requesting", "requested"})
        if (answer.at(side).at("invented").as_bool())
            sheet.line(name(side) + " is an invented country.", 2);
    instruments(sheet, answer);
    sheet.heading("WHO ASKS WHOM");
    authority(sheet, name("requesting"), answer.at("central_authorities").at("requesting"));
    authority(sheet, name("requested"), answer.at("central_authorities").at("requested"));
    sheet.row(
        "death penalty",
        fmt::format(
            "{}: {}; {}: {}", name("requesting"),
            spaced(at(answer.at("requesting").as_object(), "death_penalty")), name("requested"),
            spaced(at(answer.at("requested").as_object(), "death_penalty"))));
    requirements(sheet, answer, name("requested"));
    clocks(sheet, answer);
    sheet.heading("HUMAN-RIGHTS STANDARDS");
    rights(sheet, name("requesting"), answer.at("human_rights").at("requesting"));
    rights(sheet, name("requested"), answer.at("human_rights").at("requested"));
    sheet.line("");
    sheet.line("law pack " + at(answer, "pack"));
    return sheet.text();
}

json::Object gaps_json(const law::Gaps& gaps, law::Day day, std::size_t most) {
    json::Array groups;
    for (const auto& one : gaps.groups)
        groups.push_back(json::Object{
            {"a", group_name(one.a)},
            {"b", group_name(one.b)},
            {"pairs", one.pairs},
            {"none", of(one.joined, law::Joined::none)},
            {"only_listed", of(one.joined, law::Joined::only_listed)}});
    json::Array list;
    for (const auto& gap : gaps.list) {
        if (list.size() == most) break;
        json::Array figures;
        for (const auto* volume : gap.demand)
            figures.push_back(json::Object{
                {"id", volume->id},
                {"value", *volume->number},
                {"unit", volume->unit},
                {"period", volume->period},
                {"source", volume->source.text}});
        list.push_back(json::Object{
            {"a", gap.a->code},
            {"b", gap.b->code},
            {"joined", joined_word(gap.joined)},
            {"demand", std::move(figures)}});
    }
    return {
        {"date", law::to_text(day)},
        {"pairs", gaps.pairs},
        {"none", of(gaps.joined, law::Joined::none)},
        {"only_listed", of(gaps.joined, law::Joined::only_listed)},
        {"any_offence", of(gaps.joined, law::Joined::any_offence)},
        {"groups", std::move(groups)},
        {"gaps", std::move(list)},
        {"gaps_in_all", gaps.list.size()}};
}

std::string gaps_text(const law::Gaps& gaps, law::Day day, std::size_t most) {
    Sheet sheet;
    const auto count = [&](law::Joined joined) {
        return of(gaps.joined, joined);
    };
    sheet.heading(fmt::format("{} pairs of real countries on {}", gaps.pairs, law::to_text(day)));
    sheet.table(
        {{"no binding instrument", std::to_string(count(law::Joined::none)),
          percent(count(law::Joined::none), gaps.pairs), "%"},
         {"only for listed offences", std::to_string(count(law::Joined::only_listed)),
          percent(count(law::Joined::only_listed), gaps.pairs), "%"},
         {"for any offence", std::to_string(count(law::Joined::any_offence)),
          percent(count(law::Joined::any_offence), gaps.pairs), "%"}});
    sheet.line(
        "An upper bound: most bilateral treaties between other states than those listed in law/NOTES.md are not in the data.",
        2);
    sheet.heading("BY MEMBERSHIP");
    std::vector<std::vector<std::string>> rows{
        {"between", "and", "pairs", "none", "only listed", "gap %"}};
    for (const auto& one : gaps.groups)
        rows.push_back(
            {group_name(one.a), group_name(one.b), std::to_string(one.pairs),
             std::to_string(of(one.joined, law::Joined::none)),
             std::to_string(of(one.joined, law::Joined::only_listed)),
             percent(one.pairs - of(one.joined, law::Joined::any_offence), one.pairs)});
    sheet.table(rows);
    const auto shown = std::min(most, gaps.list.size());
    sheet.heading(fmt::format("GAPS ({} of {})", shown, gaps.list.size()));
    rows = {{"", "", "", "joined", "published figure"}};
    for (std::size_t i = 0; i < shown; ++i) {
        const auto& gap = gaps.list[i];
        rows.push_back(
            {fmt::format("{}-{}", gap.a->code, gap.b->code), gap.a->name.en, gap.b->name.en,
             spaced(joined_word(gap.joined)), demand_of(gap)});
    }
    sheet.table(rows);
    return sheet.text();
}

json::Object diff_json(const std::vector<law::Change>& changes) {
    json::Array list;
    for (const auto& one : changes)
        list.push_back(json::Object{
            {"kind", one.kind == law::ChangeKind::added     ? "added"
                     : one.kind == law::ChangeKind::removed ? "removed"
                                                            : "changed"},
            {"file", one.file},
            {"record", one.record},
            {"field", one.field},
            {"before", one.before},
            {"after", one.after}});
    return {{"changes", std::move(list)}};
}

std::string diff_text(const std::vector<law::Change>& changes) {
    Sheet sheet;
    if (changes.empty()) sheet.line("No difference.");
    const auto cut = [](const std::string& value) {
        return columns(value) <= 60 ? value
                                    : std::string("…") + fmt::format(" ({} bytes)", value.size());
    };
    std::string file;
    for (const auto& one : changes) {
        if (one.file != file) sheet.heading(one.file);
        file = one.file;
        const char sign = one.kind == law::ChangeKind::added     ? '+'
                          : one.kind == law::ChangeKind::removed ? '-'
                                                                 : '~';
        std::string where = one.record;
        if (!one.field.empty()) where += (where.empty() ? "" : " ") + one.field;
        std::string what = where.empty() ? "the file" : where;
        if (!one.field.empty() && one.kind == law::ChangeKind::changed)
            what += fmt::format(": {} -> {}", cut(one.before), cut(one.after));
        else if (!one.field.empty())
            what += ": " + cut(one.before + one.after);
        sheet.line(fmt::format("{} {}", sign, what), 2);
    }
    return sheet.text();
}

std::string counts_text(const json::Object& counts) {
    Sheet sheet;
    sheet.heading("pack " + at(counts, "pack"));
    std::vector<std::vector<std::string>> rows;
    for (const auto& one : counts.at("counts").as_object())
        rows.push_back({spaced(one.key()), text(one.value())});
    sheet.table(rows);
    sheet.heading("NOT KNOWN");
    rows.clear();
    for (const auto& one : counts.at("unknown").as_object())
        rows.push_back({spaced(one.key()), text(one.value())});
    sheet.table(rows);
    return sheet.text();
}

} // namespace comity::apps
