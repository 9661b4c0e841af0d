// Setting type on pages: pango for shaping, cairo for the PDF. Included by print.cpp and page.cpp
// alone.
#pragma once

#include "letters/letter.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace comity::letters {

/// What a text looks like.
struct Style {
    double size = 9.5; ///< points
    bool bold = false;
    bool mono = false;
    bool faint = false;
};

/// Points on A4 (ISO 216), from the upper left corner.
inline constexpr double page_width = 595.276;
inline constexpr double page_height = 841.890;

/// A document that fills from top to bottom and breaks between lines.
class Pages {
public:
    /// `foot` is called for each page once their number is known.
    using Foot = std::function<void(Pages&, int page, int pages)>;

    explicit Pages(Instant dated, const std::string& title);
    ~Pages();

    /// A column: left edge and width.
    struct Column {
        double left = 0;
        double width = 0;
        std::string language;
        Style style;
        std::string text;
    };

    /// Columns of text beside one another; breaks to the next page between lines. `tag` is the
    /// structure element: H1, H2, H3, P.
    void flow(const std::vector<Column>& columns, std::string_view tag);
    /// The height the columns would take.
    double measure(const std::vector<Column>& columns);
    void space(double points);
    void rule(double left, double width, double weight);
    /// Starts a page unless that much room is left.
    void need(double points);
    /// Set at a fixed place, for heads and feet; does not move the flow.
    void place(const Column& column, double top, bool right_aligned = false);
    /// Dark modules of a QR code.
    void squares(
        double left, double top, double side, const std::vector<std::vector<bool>>& modules);
    [[nodiscard]] double top() const;
    /// Called at the beginning of each page but the first.
    void on_new_page(std::function<void()> again);

    /// The finished file, from pango and cairo alone.
    Bytes finish(const Foot& foot);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace comity::letters
