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
// file before those of each.
constexpr std::string_view lines[] = {
#include "base/texts.inc"
};

constexpr std::string_view bar = " | ";
constexpr std::string_view forms_file = "forms.ar"; // English | Arabic, without a key

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

std::vector<TextRow> read_rows() {
    std::vector<TextRow> out;
    each_line([&out](std::string_view line, std::string_view file) {
        if (file == forms_file) return;
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
    static const std::vector<TextRow> all = read_rows();
    return all;
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

} // namespace

Said Said::value(std::string text) {
    Said out;
    out.text_ = std::move(text);
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

// Parameters hold texts that hold values: two or three steps, as deep as they were written.
std::string Said::in(std::string_view language) const {
    const std::size_t place = place_of(language);
    if (kind_ == Kind::value) return text_;
    if (kind_ == Kind::list) {
        std::string out;
        for (const auto& item : parameters_)
            out += (out.empty() ? "" : between_in(text_, place)) + item.in(language);
        return out;
    }
    const auto* row = row_of(text_);
    const std::string_view pattern = row ? row->texts.at(place) : std::string_view(text_);
    if (parameters_.empty()) return std::string(pattern);
    fmt::dynamic_format_arg_store<fmt::format_context> store;
    for (const auto& item : parameters_) {
        auto text = item.in(language);
        const bool foreign =
            row && text_languages.at(place) == "ar" && item.kind_ == Kind::value && !text.empty();
        store.push_back(foreign ? isolated(std::move(text)) : std::move(text));
    }
    return fmt::vformat(pattern, store);
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
