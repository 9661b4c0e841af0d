// Wrapping at blanks; a word that is longer than a line stands alone on it.
#include "apps/sheet.hpp"

#include <algorithm>

namespace comity::apps {

namespace {

bool is_number(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || c == ',' || c == '.';
    });
}

} // namespace

std::size_t columns(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

void Sheet::wrapped(std::string first, std::string_view text, std::size_t column) {
    std::string current = std::move(first);
    std::size_t used = columns(current);
    bool empty = true; // nothing of the text on this line yet
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find(' ', begin), text.size());
        const auto word = text.substr(begin, end - begin);
        begin = end + 1;
        if (word.empty()) continue;
        if (!empty && used + 1 + columns(word) > width) {
            out_ += current + "\n";
            current.assign(column, ' ');
            used = column;
            empty = true;
        }
        if (!empty) {
            current += ' ';
            ++used;
        }
        current += word;
        used += columns(word);
        empty = false;
    }
    while (!current.empty() && current.back() == ' ')
        current.pop_back();
    out_ += current + "\n";
}

void Sheet::heading(std::string_view text) {
    if (!out_.empty()) out_ += "\n";
    wrapped({}, text, 0);
}

void Sheet::row(std::string_view label, std::string_view text, std::size_t indent) {
    std::string first(indent, ' ');
    first += label;
    const std::size_t column = indent + label_width;
    if (columns(first) + 1 > column) {
        out_ += first + "\n";
        first.clear();
    }
    first.append(column - columns(first), ' ');
    wrapped(std::move(first), text, column);
}

void Sheet::line(std::string_view text, std::size_t indent) {
    wrapped(std::string(indent, ' '), text, indent);
}

void Sheet::table(const std::vector<std::vector<std::string>>& rows, std::size_t indent) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], columns(row[i]));
    }
    for (const auto& row : rows) {
        std::string line(indent, ' ');
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::size_t blanks = widths[i] - columns(row[i]);
            if (i > 0) line += "  ";
            if (is_number(row[i])) line.append(blanks, ' ');
            line += row[i];
            if (!is_number(row[i])) line.append(blanks, ' ');
        }
        while (!line.empty() && line.back() == ' ')
            line.pop_back();
        out_ += line + "\n";
    }
}

} // namespace comity::apps
