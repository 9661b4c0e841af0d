// Text for a terminal of 100 columns: headings, rows of a label and a wrapped text, tables.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace comity::apps {

class Sheet {
public:
    static constexpr std::size_t width = 100;

    /// A blank line and the heading.
    void heading(std::string_view text);
    /// The label in a column of its own, `label_width` wide; the text wraps beside it. A label that
    /// does not fit takes a line of its own.
    void row(std::string_view label, std::string_view text, std::size_t indent = 2);
    /// A paragraph.
    void line(std::string_view text, std::size_t indent = 0);
    /// Columns as wide as their widest cell; numbers (cells of digits) stand right.
    void table(const std::vector<std::vector<std::string>>& rows, std::size_t indent = 2);

    [[nodiscard]] const std::string& text() const { return out_; }

private:
    static constexpr std::size_t label_width = 24;

    void wrapped(std::string first, std::string_view text, std::size_t column);

    std::string out_;
};

/// Characters, not bytes.
std::size_t columns(std::string_view text);

} // namespace comity::apps
