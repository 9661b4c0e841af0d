// Fuzz: any JSON against the request form. The check neither crashes nor hangs; what it refuses is
// text; what it accepts splits and merges without loss.
#include "base/bytes.hpp"
#include "base/check.hpp"
#include "base/limits.hpp"
#include "law/form.hpp"

#include <cstdint>
#include <fstream>
#include <iterator>

namespace {

const comity::law::Form& form() {
    static const comity::law::Form loaded = [] {
        std::ifstream in(COMITY_SOURCE_DIR "/law/forms/request.json", std::ios::binary);
        const std::string text{
            std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
        auto read = comity::law::Form::read(text, "forms/request.json");
        CHECK_THAT(read.has_value());
        return std::move(*read);
    }();
    return loaded;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace comity;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto fields = json::parse_object(text, limits::act_part_bytes);
    if (!fields) return 0;
    const auto result = form().validate(*fields);
    if (!result) {
        CHECK_THAT(is_utf8(result.error().facts.text()));
    } else {
        const auto merged = law::merge(form(), law::split(form(), *fields));
        CHECK_THAT(merged && *merged == *fields);
    }
    for (const auto side : law::sides())
        static_cast<void>(form().validate(*fields, side).has_value());
    return 0;
}
