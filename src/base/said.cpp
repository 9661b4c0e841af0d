// The built-in texts, and putting parameters into them.
#include "base/said.hpp"

#include "base/check.hpp"

#include <fmt/args.h>

#include <algorithm>
#include <map>
#include <ostream>

namespace comity {

namespace {

// The generated file holds the lines of texts/*.txt, with a line that begins with = and names the
// file before those of each. As pointers: measuring them all is too much for a constant expression.
constexpr const char* lines[] = {
#include "base/texts.inc"
};

constexpr std::string_view bar = " | ";
constexpr std::string_view forms_file = "forms.ar"; // English | Arabic, without a key

// Names stand apart from patterns: two of them may be written alike, and no source says them.
constexpr std::array<std::string_view, 3> name_files{"countries.txt", "acts.txt", "common.txt"};
constexpr std::array<std::string_view, 6> name_kinds{"country.", "act.",      "role.",
                                                     "side.",    "category.", "selector."};

bool has_names(std::string_view file) {
    return std::find(name_files.begin(), name_files.end(), file) != name_files.end();
}

bool is_name(std::string_view key) {
    return std::any_of(name_kinds.begin(), name_kinds.end(), [key](std::string_view kind) {
        return key.starts_with(kind);
    });
}

// Calls `take` with each line that is no comment, and its file.
template <class Take>
void each_line(Take take) {
    std::string_view file;
    for (const std::string_view line : lines) {
        if (line.empty() || line.front() == '#') continue;
        if (line.front() == '=')
            file = line.substr(1);
        else
            take(line, file);
    }
}

std::vector<TextRow> read_rows(bool names) {
    std::vector<TextRow> out;
    each_line([&out, names](std::string_view line, std::string_view file) {
        if (file == forms_file || has_names(file) != names) return;
        if (names && !is_name(line)) return; // the pages' own texts
        TextRow row;
        row.file = file;
        std::array<std::string_view, 4> parts;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const auto end = i + 1 == parts.size() ? line.size() : line.find(bar);
            CHECK_THAT(end != std::string_view::npos); // a line that is none is found by any test
            parts.at(i) = line.substr(0, end);
            line.remove_prefix(std::min(end + bar.size(), line.size()));
        }
        row.key = parts[0];
        row.texts = {parts[1], parts[2], parts[3]};
        out.push_back(row);
    });
    return out;
}

const std::vector<TextRow>& rows() {
    static const std::vector<TextRow> all = read_rows(false);
    return all;
}

const std::vector<TextRow>& names() {
    static const std::vector<TextRow> all = read_rows(true);
    return all;
}

const TextRow* row_with(std::string_view key) {
    static const auto index = [] {
        std::map<std::string_view, const TextRow*> out;
        for (const auto* from : {&rows(), &names()})
            for (const auto& row : *from)
                out.emplace(row.key, &row);
        return out;
    }();
    const auto at = index.find(key);
    return at == index.end() ? nullptr : at->second;
}

const TextRow* row_of(std::string_view english) {
    static const auto index = [] {
        std::map<std::string_view, const TextRow*> out;
        for (const auto& row : rows())
            out.emplace(row.texts[0], &row);
        return out;
    }();
    const auto at = index.find(english);
    return at == index.end() ? nullptr : at->second;
}

std::size_t place_of(std::string_view language) {
    const auto at = std::find(text_languages.begin(), text_languages.end(), language);
    return at == text_languages.end() ? 0 : static_cast<std::size_t>(at - text_languages.begin());
}

// A value between words that run the other way keeps its own direction (Unicode TR9, isolates).
std::string isolated(std::string text) {
    return "\u2068" + std::move(text) + "\u2069";
}

std::string between_in(const std::string& between, std::size_t place) {
    if (text_languages.at(place) == "ar") {
        if (between == ", ") return "، ";
        if (between == "; ") return "؛ ";
        if (between == " or ") return " أو ";
    }
    if (text_languages.at(place) == "fr") {
        if (between == "; ") return " ; ";
        if (between == " or ") return " ou ";
    }
    return between;
}

// A day in words. The twelve patterns stand in texts/words.txt; French has its "1er" by hand.
std::string day_in(std::string_view language, Instant at) {
    constexpr std::array<std::string_view, 12> months{
        "{} January {}",   "{} February {}", "{} March {}",    "{} April {}",
        "{} May {}",       "{} June {}",     "{} July {}",     "{} August {}",
        "{} September {}", "{} October {}",  "{} November {}", "{} December {}"};
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(at)};
    const auto number = static_cast<unsigned>(date.day());
    const auto day = number == 1 && language == "fr" ? std::string("1er") : std::to_string(number);
    const auto month = months.at(static_cast<unsigned>(date.month()) - 1);
    const auto* row = row_of(month);
    const std::string_view pattern = row ? row->texts.at(place_of(language)) : month;
    return fmt::format(fmt::runtime(pattern), day, static_cast<int>(date.year()));
}

std::string moment_in(std::string_view language, Instant at) {
    const auto minutes =
        std::chrono::floor<std::chrono::minutes>(at) - std::chrono::floor<std::chrono::days>(at);
    const auto* row = row_of("{}, {} UTC");
    const std::string_view pattern = row ? row->texts.at(place_of(language)) : "{}, {} UTC";
    const auto clock = fmt::format("{:02}:{:02}", minutes.count() / 60, minutes.count() % 60);
    return fmt::format(fmt::runtime(pattern), day_in(language, at), clock);
}

// Whole hours where there are some, else seconds.
std::string period_in(std::string_view language, const Period& period) {
    std::vector<Said> parts;
    const auto add = [&parts](std::int64_t count, Said one, Said many) {
        if (count != 0) parts.push_back(count == 1 ? std::move(one) : std::move(many));
    };
    const std::int64_t hours = period.seconds % 3600 == 0 ? period.seconds / 3600 : 0;
    const std::int64_t seconds = hours == 0 ? period.seconds : 0;
    add(period.years, say("{} year", period.years), say("{} years", period.years));
    add(period.months, say("{} month", period.months), say("{} months", period.months));
    add(period.days, say("{} day", period.days), say("{} days", period.days));
    add(hours, say("{} hour", hours), say("{} hours", hours));
    add(seconds, say("{} second", seconds), say("{} seconds", seconds));
    if (parts.empty()) return say("{} seconds", 0).in(language);
    return Said::list(std::move(parts), " ").in(language);
}

} // namespace

Said Said::value(std::string text) {
    Said out;
    out.text_ = std::move(text);
    return out;
}

Said Said::moment(Instant at) {
    Said out;
    out.kind_ = Kind::moment;
    out.text_ = to_text(at);
    return out;
}

Said Said::day(Instant at) {
    Said out;
    out.kind_ = Kind::day;
    out.text_ = day_text(at);
    return out;
}

Said Said::period(const Period& period) {
    Said out;
    out.kind_ = Kind::period;
    out.text_ = to_text(period);
    return out;
}

Said Said::name(std::string_view kind, std::string_view code) {
    Said out;
    out.kind_ = Kind::name;
    out.text_ = fmt::format("{}.{}", kind, code);
    return out;
}

Said Said::titled(std::string code, std::array<std::string, 3> titles) {
    Said out;
    out.kind_ = Kind::titled;
    out.text_ = std::move(code);
    for (auto& title : titles)
        out.parameters_.push_back(value(std::move(title)));
    return out;
}

Said Said::list(std::vector<Said> items, std::string between) {
    Said out;
    out.kind_ = Kind::list;
    out.text_ = std::move(between);
    out.parameters_ = std::move(items);
    return out;
}

Said said(std::string_view pattern, std::vector<Said> parameters) {
    Said out;
    out.kind_ = Said::Kind::pattern;
    out.text_ = pattern;
    out.parameters_ = std::move(parameters);
    return out;
}

std::string Said::in(std::string_view language) const {
    return render(language, true);
}

std::string Said::text() const {
    return render(text_languages.front(), false);
}

// Parameters hold texts that hold values: two or three steps, as deep as they were written.
std::string Said::render(std::string_view language, bool for_reader) const {
    const std::size_t place = place_of(language);
    switch (kind_) {
    case Kind::value: return text_;
    case Kind::moment:
    case Kind::day: {
        if (!for_reader) return text_;
        const auto at = kind_ == Kind::day ? day_from(text_) : instant_from(text_);
        CHECK_THAT(at.has_value()); // it was made of one
        return kind_ == Kind::day ? day_in(language, *at) : moment_in(language, *at);
    }
    case Kind::period: {
        const auto period = period_from(text_);
        return for_reader && period ? period_in(language, *period) : text_;
    }
    case Kind::name: {
        const auto code = std::string_view(text_).substr(text_.find('.') + 1);
        if (!for_reader) return std::string(code);
        std::string key = text_;
        std::replace(key.begin(), key.end(), '_', '-');
        const auto* row = row_with(key);
        return std::string(row ? row->texts.at(place) : code);
    }
    case Kind::titled: {
        if (!for_reader) return text_;
        const auto& own = parameters_.at(place).text_;
        const auto& english = parameters_.front().text_;
        return !own.empty() ? own : !english.empty() ? english : text_;
    }
    case Kind::list: {
        std::string out;
        for (const auto& item : parameters_) {
            if (!out.empty()) out += between_in(text_, place);
            out += item.render_in(place, for_reader, for_reader);
        }
        return out;
    }
    case Kind::pattern: break;
    }
    const auto* row = row_of(text_);
    const std::string_view pattern = row ? row->texts.at(place) : std::string_view(text_);
    if (parameters_.empty()) return std::string(pattern);
    fmt::dynamic_format_arg_store<fmt::format_context> store;
    for (const auto& item : parameters_)
        store.push_back(item.render_in(place, for_reader, row != nullptr));
    return fmt::vformat(pattern, store);
}

std::string Said::render_in(std::size_t place, bool for_reader, bool isolates) const {
    auto text = render(text_languages.at(place), for_reader);
    const bool own = kind_ == Kind::titled && !parameters_.at(place).text_.empty();
    const bool foreign = kind_ == Kind::value || (kind_ == Kind::titled && !own);
    if (!isolates || text_languages.at(place) != "ar" || !foreign || text.empty()) return text;
    return isolated(std::move(text));
}

std::string_view Said::key() const {
    const auto* row = kind_ == Kind::pattern ? row_of(text_) : nullptr;
    return row ? row->key : std::string_view();
}

std::ostream& operator<<(std::ostream& out, const Said& said) {
    return out << said.text();
}

std::span<const TextRow> text_rows() {
    return rows();
}

const TextRow* text_row(std::string_view key) {
    const auto* row = row_with(key);
    return row && !is_name(row->key) ? row : nullptr;
}

std::span<const TextRow> name_rows() {
    return names();
}

std::string_view form_arabic(std::string_view english) {
    static const auto all = [] {
        std::map<std::string_view, std::string_view> out;
        each_line([&out](std::string_view line, std::string_view file) {
            const auto end = line.find(bar);
            if (file == forms_file && end != std::string_view::npos)
                out.emplace(line.substr(0, end), line.substr(end + bar.size()));
        });
        return out;
    }();
    const auto at = all.find(english);
    return at == all.end() ? std::string_view() : at->second;
}

} // namespace comity
