// Pango shapes, cairo writes. Pages are recorded first and drawn when their number is known, so
// that each foot can say "3 / 7".
#include "letters/page.hpp"

#include "base/fault.hpp"
#include "letters/words.hpp"

#include <cairo/cairo-pdf.h>
#include <fmt/format.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <mutex>

namespace comity::letters {

namespace {

constexpr double margin_top = 51;
constexpr double margin_bottom = 74;

template <auto release>
struct Releases {
    template <class T>
    void operator()(T* object) const {
        release(object);
    }
};

using Layout = std::unique_ptr<PangoLayout, Releases<g_object_unref>>;
using Font = std::unique_ptr<PangoFontDescription, Releases<pango_font_description_free>>;

// Fontconfig's and pango's caches are not safe from several threads on every version in use; a
// letter takes some twenty milliseconds, so one at a time is enough.
std::mutex& type_mutex() {
    static std::mutex mutex;
    return mutex;
}

cairo_status_t collect(void* closure, const unsigned char* data, unsigned length) {
    static_cast<Bytes*>(closure)->append(reinterpret_cast<const char*>(data), length);
    return CAIRO_STATUS_SUCCESS;
}

} // namespace

struct Pages::Impl {
    std::unique_lock<std::mutex> lock{type_mutex()};
    Bytes bytes;
    cairo_surface_t* surface = nullptr;
    cairo_t* cairo = nullptr;
    PangoContext* context = nullptr;
    double top = margin_top;
    int page = 0;
    std::vector<std::vector<std::function<void()>>> pages{1}; ///< what is drawn on each
    std::function<void()> again;
    bool in_head = false;

    ~Impl() {
        if (context) g_object_unref(context);
        if (cairo) cairo_destroy(cairo);
        if (surface) cairo_surface_destroy(surface);
    }

    Layout layout(const Column& column) const {
        Layout out(pango_layout_new(context));
        const bool arabic = right_to_left(column.language);
        Font font(pango_font_description_new());
        pango_font_description_set_family(
            font.get(), column.style.mono ? "DejaVu Sans Mono, Noto Sans Mono, monospace"
                        : arabic          ? "Noto Naskh Arabic, Noto Sans, DejaVu Sans, sans-serif"
                                          : "Noto Sans, Noto Sans CJK JP, DejaVu Sans, sans-serif");
        // The Arabic script needs a point more to be read as easily.
        const double size = column.style.size * (column.style.mono ? 0.9 : 1) + (arabic ? 1 : 0);
        pango_font_description_set_absolute_size(font.get(), size * PANGO_SCALE);
        if (column.style.bold) pango_font_description_set_weight(font.get(), PANGO_WEIGHT_BOLD);
        pango_layout_set_font_description(out.get(), font.get());
        pango_layout_set_width(out.get(), static_cast<int>(column.width * PANGO_SCALE));
        pango_layout_set_wrap(out.get(), PANGO_WRAP_WORD_CHAR);
        pango_layout_set_auto_dir(out.get(), TRUE);
        pango_layout_set_line_spacing(out.get(), arabic ? 0.95F : 1.0F);
        PangoAttrList* attributes = pango_attr_list_new();
        if (!column.language.empty())
            pango_attr_list_insert(
                attributes,
                pango_attr_language_new(pango_language_from_string(column.language.c_str())));
        pango_layout_set_attributes(out.get(), attributes);
        pango_attr_list_unref(attributes);
        pango_layout_set_text(out.get(), column.text.data(), static_cast<int>(column.text.size()));
        return out;
    }

    struct Set {
        Column column;
        std::shared_ptr<PangoLayout> layout;
        std::vector<double> heights;
    };

    Set set(const Column& column) const {
        Set out{column, std::shared_ptr<PangoLayout>(layout(column).release(), g_object_unref), {}};
        PangoLayoutIter* iter = pango_layout_get_iter(out.layout.get());
        do {
            PangoRectangle logical;
            pango_layout_iter_get_line_extents(iter, nullptr, &logical);
            out.heights.push_back(static_cast<double>(logical.height) / PANGO_SCALE + 1.2);
        } while (pango_layout_iter_next_line(iter));
        pango_layout_iter_free(iter);
        return out;
    }

    void colour(bool faint) const {
        if (faint)
            cairo_set_source_rgb(cairo, 0.36, 0.40, 0.45);
        else
            cairo_set_source_rgb(cairo, 0.10, 0.12, 0.15);
    }

    void draw_line(const Set& text, int index, double at) const {
        PangoLayoutIter* iter = pango_layout_get_iter(text.layout.get());
        for (int i = 0; i < index; ++i)
            pango_layout_iter_next_line(iter);
        PangoRectangle logical;
        pango_layout_iter_get_line_extents(iter, nullptr, &logical);
        const double baseline =
            static_cast<double>(pango_layout_iter_get_baseline(iter) - logical.y) / PANGO_SCALE;
        colour(text.column.style.faint);
        cairo_move_to(
            cairo, text.column.left + static_cast<double>(logical.x) / PANGO_SCALE, at + baseline);
        pango_cairo_show_layout_line(cairo, pango_layout_iter_get_line_readonly(iter));
        pango_layout_iter_free(iter);
    }

    void record(std::function<void()> draw) { pages.back().push_back(std::move(draw)); }

    void new_page() {
        pages.emplace_back();
        top = margin_top;
        if (again && !in_head) {
            in_head = true; // a head that is longer than a page must not call itself
            again();
            in_head = false;
        }
    }
};

Pages::Pages(Instant dated, const std::string& title) : impl_(std::make_unique<Impl>()) {
    auto& in = *impl_;
    in.surface = cairo_pdf_surface_create_for_stream(collect, &in.bytes, page_width, page_height);
    cairo_pdf_surface_restrict_to_version(in.surface, CAIRO_PDF_VERSION_1_5);
    cairo_pdf_surface_set_metadata(in.surface, CAIRO_PDF_METADATA_TITLE, title.c_str());
    cairo_pdf_surface_set_metadata(in.surface, CAIRO_PDF_METADATA_CREATOR, "Comity");
    // The act's date, not the day of printing: the same letter has the same bytes.
    cairo_pdf_surface_set_metadata(
        in.surface, CAIRO_PDF_METADATA_CREATE_DATE, (to_text(dated).substr(0, 19) + "Z").c_str());
    in.cairo = cairo_create(in.surface);
    in.context = pango_cairo_create_context(in.cairo);
    pango_cairo_context_set_resolution(in.context, 72);
    pango_context_set_round_glyph_positions(in.context, FALSE);
    if (cairo_status(in.cairo) != CAIRO_STATUS_SUCCESS)
        throw Fault(fmt::format("cairo: {}", cairo_status_to_string(cairo_status(in.cairo))));
}

Pages::~Pages() = default;

double Pages::top() const {
    return impl_->top;
}

void Pages::space(double points) {
    impl_->top += points;
}

void Pages::need(double points) {
    if (impl_->top + points > page_height - margin_bottom && impl_->top > margin_top)
        impl_->new_page();
}

void Pages::on_new_page(std::function<void()> again) {
    impl_->again = std::move(again);
}

double Pages::measure(const std::vector<Column>& columns) {
    double most = 0;
    for (const auto& column : columns) {
        double height = 0;
        for (const double line : impl_->set(column).heights)
            height += line;
        most = std::max(most, height);
    }
    return most;
}

void Pages::flow(const std::vector<Column>& columns, std::string_view tag) {
    auto& in = *impl_;
    std::vector<Impl::Set> sets;
    std::size_t lines = 0;
    for (const auto& column : columns) {
        sets.push_back(in.set(column));
        lines = std::max(lines, sets.back().heights.size());
    }
    for (std::size_t line = 0; line < lines; ++line) {
        double height = 0;
        for (const auto& text : sets)
            if (line < text.heights.size()) height = std::max(height, text.heights[line]);
        need(height);
        const double at = in.top;
        for (const auto& text : sets) {
            if (line >= text.heights.size()) continue;
            in.record([&in, text, line, at, tag = std::string(tag)] {
                cairo_tag_begin(in.cairo, tag.c_str(), nullptr);
                in.draw_line(text, static_cast<int>(line), at);
                cairo_tag_end(in.cairo, tag.c_str());
            });
        }
        in.top += height;
    }
}

void Pages::rule(double left, double width, double weight) {
    auto& in = *impl_;
    in.record([&in, left, width, weight, at = in.top] {
        cairo_set_source_rgb(in.cairo, 0.62, 0.66, 0.70);
        cairo_rectangle(in.cairo, left, at, width, weight);
        cairo_fill(in.cairo);
    });
    in.top += weight;
}

void Pages::place(const Column& column, double top, bool right_aligned) {
    auto& in = *impl_;
    auto text = in.set(column);
    if (right_aligned) pango_layout_set_alignment(text.layout.get(), PANGO_ALIGN_RIGHT);
    in.record([&in, text = std::move(text), top] {
        double at = top;
        for (std::size_t i = 0; i < text.heights.size(); ++i) {
            in.draw_line(text, static_cast<int>(i), at);
            at += text.heights[i];
        }
    });
}

void Pages::squares(
    double left, double top, double side, const std::vector<std::vector<bool>>& modules) {
    auto& in = *impl_;
    in.record([&in, left, top, side, modules] {
        cairo_set_source_rgb(in.cairo, 0, 0, 0);
        const double unit = side / static_cast<double>(modules.size());
        for (std::size_t y = 0; y < modules.size(); ++y)
            for (std::size_t x = 0; x < modules[y].size(); ++x)
                if (modules[y][x])
                    cairo_rectangle(
                        in.cairo, left + static_cast<double>(x) * unit,
                        top + static_cast<double>(y) * unit, unit, unit);
        cairo_fill(in.cairo);
    });
}

Bytes Pages::finish(const Foot& foot) {
    auto& in = *impl_;
    const int pages = static_cast<int>(in.pages.size());
    // A foot is recorded on its own page: the recorder always appends to the last, so swap.
    for (int page = 1; page <= pages; ++page) {
        auto drawn = std::move(in.pages);
        in.pages.assign(1, {});
        foot(*this, page, pages);
        auto feet = std::move(in.pages.front());
        in.pages = std::move(drawn);
        auto& here = in.pages[static_cast<std::size_t>(page - 1)];
        here.insert(here.end(), feet.begin(), feet.end());
    }
    for (const auto& page : in.pages) {
        cairo_tag_begin(in.cairo, "Document", nullptr);
        for (const auto& draw : page)
            draw();
        cairo_tag_end(in.cairo, "Document");
        cairo_show_page(in.cairo);
    }
    cairo_surface_finish(in.surface);
    const auto status = cairo_surface_status(in.surface);
    if (status != CAIRO_STATUS_SUCCESS)
        throw Fault(fmt::format("cairo: {}", cairo_status_to_string(status)));
    return std::move(in.bytes);
}

} // namespace comity::letters
