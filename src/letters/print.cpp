// The look of a letter: head with sender and addressee, title in two languages, blocks, and on each
// page a foot with the reference, the verification code and the page's number.
#include "letters/print.hpp"

#include "base/fault.hpp"
#include "letters/attach.hpp"
#include "letters/page.hpp"
#include "letters/words.hpp"

#include <fmt/format.h>
#include <qrencode.h>

#include <memory>

namespace comity::letters {

namespace {

constexpr double left_edge = 57;
constexpr double right_edge = page_width - 57;
constexpr double whole = right_edge - left_edge;
constexpr double gutter = 22;
constexpr double half = (whole - gutter) / 2;
constexpr double indent = 12;
constexpr double qr_side = 62;
constexpr std::size_t beside_max = 44; ///< bytes; what is longer has the width for itself
constexpr Style label_style{8, false, false, true};

// Four letters at a time: people compare codes in groups.
std::string grouped(std::string_view code) {
    std::string out;
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (i != 0 && i % 4 == 0) out += ' ';
        out += code[i];
    }
    return out;
}

std::string joined(const std::vector<std::string>& lines) {
    return fmt::format("{}", fmt::join(lines, "\n"));
}

std::vector<std::vector<bool>> qr_modules(const std::string& text) {
    const std::unique_ptr<QRcode, void (*)(QRcode*)> code(
        QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M), QRcode_free);
    if (!code) throw Fault("qrencode failed");
    const auto width = static_cast<std::size_t>(code->width);
    std::vector<std::vector<bool>> out(width, std::vector<bool>(width));
    for (std::size_t y = 0; y < width; ++y)
        for (std::size_t x = 0; x < width; ++x)
            out[y][x] = (code->data[y * width + x] & 1) != 0;
    return out;
}

class Setter {
public:
    Setter(Pages& pages, const Letter& letter) : pages_(pages), letter_(letter) {}

    void head() {
        pair(
            {std::string(word(Word::from, letter_.languages[0])) + " / " +
                 std::string(word(Word::from, letter_.languages[1])),
             std::string(word(Word::to, letter_.languages[0])) + " / " +
                 std::string(word(Word::to, letter_.languages[1]))},
            {8, false, false, true}, "P", 0, false);
        pair({joined(letter_.from), joined(letter_.to)}, {9.5, false, false, false}, "P", 0, false);
        pages_.space(16);
        pages_.rule(left_edge, whole, 0.8);
        pages_.space(12);
        pair(letter_.title, {15, true, false, false}, "H1", 0);
        pages_.space(10);
    }

    void operator()(const Heading& heading) {
        set_waiting();
        const double size = heading.level == 1 ? 12.5 : heading.level == 2 ? 11 : 9.5;
        pages_.need(84); // never alone at the foot of a page
        pages_.space(heading.level == 3 ? 4 : 9);
        if (heading.level <= 2) {
            pages_.rule(left_edge, whole, 0.4);
            pages_.space(5);
        }
        const auto tag = heading.level == 1 ? "H1" : heading.level == 2 ? "H2" : "H3";
        const Style style{size, true, false, false};
        if (heading.text.first == heading.text.second) // a name: once
            pages_.flow(
                {{left_edge + indent * heading.depth, whole - indent * heading.depth,
                  letter_.languages[0], style, heading.text.first}},
                tag);
        else
            pair(heading.text, style, tag, indent * heading.depth);
        pages_.space(2);
    }

    void operator()(const Paragraph& paragraph) {
        set_waiting();
        pair(paragraph.text, {9.5, false, false, false}, "P", 0);
        pages_.space(6);
    }

    // What is said once and is short waits for a neighbour: two stand beside one another.
    void operator()(const Entry& entry) {
        const auto* once = std::get_if<std::string>(&entry.value);
        if (once && once->size() <= beside_max && once->find('\n') == std::string::npos) {
            if (waiting_ && waiting_->depth == entry.depth)
                return set_beside(*std::exchange(waiting_, nullptr), entry);
            set_waiting();
            waiting_ = &entry;
            return;
        }
        set_waiting();
        const double inset = indent * entry.depth;
        pages_.need(28);
        const Style style{9.5, false, entry.mono, false};
        if (once) {
            over_width(label_of(entry), label_style, inset);
            over_width(*once, style, inset);
        } else {
            pair(entry.label, label_style, "P", inset);
            pair(std::get<Both>(entry.value), style, "P", inset);
        }
        pages_.space(5);
    }

    void end() { set_waiting(); }

    void operator()(const Table& table) {
        set_waiting();
        const auto widths = widths_of(table);
        const auto row = [&](const std::vector<std::string>& cells, const Style& style,
                             const char* tag) {
            std::vector<Pages::Column> columns;
            double left = left_edge;
            for (std::size_t i = 0; i < cells.size(); ++i) {
                columns.push_back({left, widths[i] - 8, letter_.languages[0], style, cells[i]});
                left += widths[i];
            }
            pages_.need(std::min(pages_.measure(columns) + 6, 200.0)); // a row stays on one page
            pages_.space(3);
            pages_.flow(columns, tag);
            pages_.space(3);
        };
        const auto head = [&] {
            std::vector<std::string> cells;
            for (const auto& cell : table.head)
                cells.push_back(
                    cell.first == cell.second ? cell.first : cell.first + "\n" + cell.second);
            row(cells, {8, false, false, true}, "P");
            pages_.rule(left_edge, whole, 0.4);
        };
        head();
        pages_.on_new_page(head);
        for (const auto& cells : table.rows) {
            row(cells, {9, false, false, false}, "P");
            pages_.rule(left_edge, whole, 0.25);
        }
        pages_.on_new_page(nullptr);
        pages_.space(5);
    }

    void verification() {
        if (letter_.verification.empty()) return;
        pages_.need(150);
        pages_.space(12);
        pages_.rule(left_edge, whole, 0.8);
        pages_.space(8);
        const double begun = pages_.top();
        const bool with_qr = !letter_.verification_url.empty();
        const double room = with_qr ? whole - qr_side - gutter : whole;
        const double column = (room - gutter) / 2;
        const auto two = [&](const Both& text, const Style& style, const char* tag) {
            pages_.flow(
                {{left_edge, column, letter_.languages[0], style, text.first},
                 {left_edge + column + gutter, column, letter_.languages[1], style, text.second}},
                tag);
        };
        two(both(Word::verification, letter_.languages), {11, true, false, false}, "H2");
        pages_.space(2);
        two(both(Word::verify_how, letter_.languages), {8, false, false, false}, "P");
        pages_.space(4);
        pages_.flow(
            {{left_edge, room, "en", {9.5, true, true, false}, grouped(letter_.verification)}},
            "P");
        if (with_qr) {
            pages_.flow(
                {{left_edge, room, "en", {8, false, false, true}, letter_.verification_url}}, "P");
            // Beside the text where all of it stands on one page, which the room asked for above
            // ensures.
            if (pages_.top() > begun)
                pages_.squares(
                    right_edge - qr_side, begun, qr_side, qr_modules(letter_.verification_url));
            pages_.space(std::max(0.0, begun + qr_side - pages_.top()));
        }
        pages_.space(4);
        two(both(Word::accessible, letter_.languages), {8, false, false, true}, "P");
    }

    void foot(int page, int count) {
        const double top = page_height - 46;
        pages_.place(
            {left_edge,
             whole - 70,
             "en",
             {7.5, false, false, true},
             letter_.reference + "   " + grouped(letter_.verification.substr(0, 16))},
            top);
        pages_.place(
            {right_edge - 90,
             90,
             "en",
             {7.5, false, false, true},
             fmt::format("{} / {}", page, count)},
            top, true);
    }

private:
    // Columns share the width by their longest lines, none less than a date wants and none much
    // more than a sentence does.
    static std::vector<double> widths_of(const Table& table) {
        std::vector<double> out(table.head.size(), 9);
        for (const auto& cells : table.rows)
            for (std::size_t i = 0; i < cells.size() && i < out.size(); ++i)
                for (std::size_t from = 0; from < cells[i].size();) {
                    const auto end = std::min(cells[i].find('\n', from), cells[i].size());
                    out[i] = std::max(
                        out[i], static_cast<double>(std::min<std::size_t>(end - from, 34)));
                    from = end + 1;
                }
        double sum = 0;
        for (double& weight : out)
            sum += weight += 5; // the space between columns, too
        for (double& weight : out)
            weight *= whole / sum;
        return out;
    }

    static std::string label_of(const Entry& entry) {
        return entry.label.first == entry.label.second
                   ? entry.label.first
                   : entry.label.first + "  ·  " + entry.label.second;
    }

    void over_width(const std::string& text, const Style& style, double inset) {
        pages_.flow({{left_edge + inset, whole - inset, letter_.languages[0], style, text}}, "P");
    }

    void set_waiting() {
        if (!waiting_) return;
        const Entry& entry = *std::exchange(waiting_, nullptr);
        pages_.need(28);
        over_width(label_of(entry), label_style, indent * entry.depth);
        over_width(
            std::get<std::string>(entry.value), {9.5, false, entry.mono, false},
            indent * entry.depth);
        pages_.space(5);
    }

    void set_beside(const Entry& first, const Entry& second) {
        const double inset = indent * first.depth;
        const auto column = [&](double left, const std::string& text, const Style& style) {
            return Pages::Column{left + inset, half - inset, letter_.languages[0], style, text};
        };
        pages_.need(28);
        pages_.flow(
            {column(left_edge, label_of(first), label_style),
             column(left_edge + half + gutter, label_of(second), label_style)},
            "P");
        pages_.flow(
            {column(left_edge, std::get<std::string>(first.value), {9.5, false, first.mono, false}),
             column(
                 left_edge + half + gutter, std::get<std::string>(second.value),
                 {9.5, false, second.mono, false})},
            "P");
        pages_.space(5);
    }

    void pair(
        const Both& text, const Style& style, std::string_view tag, double inset,
        bool languages = true) {
        pages_.flow(
            {{left_edge + inset, half - inset, languages ? letter_.languages[0] : "", style,
              text.first},
             {left_edge + half + gutter + inset, half - inset,
              languages ? letter_.languages[1] : "", style, text.second}},
            tag);
    }

    Pages& pages_;
    const Letter& letter_;
    const Entry* waiting_ = nullptr;
};

} // namespace

Bytes print_pdf(const Letter& letter) {
    Bytes bare;
    {
        Pages pages(letter.dated, letter.title.first);
        Setter setter(pages, letter);
        setter.head();
        for (const auto& block : letter.blocks)
            std::visit(setter, block);
        setter.end();
        setter.verification();
        bare = pages.finish([&](Pages&, int page, int count) { setter.foot(page, count); });
    }
    return attach(bare, letter);
}

} // namespace comity::letters
