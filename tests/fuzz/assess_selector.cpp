// Fuzz: any text as a selector of each type. What is accepted holds no wildcard, no space and no
// separator, reads back the same, and is contained in itself alone.
#include "assess/grid.hpp"
#include "base/bytes.hpp"
#include "base/check.hpp"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace comity;
    if (size < 1 || size > 4096) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
    if (!is_utf8(text) || text.find('\0') != std::string_view::npos) return 0;
    constexpr const char* types[] = {"email", "phone",  "account", "ipv4",
                                     "ipv6",  "device", "url",     "domain"};
    const std::string type = types[data[0] % 8];
    const std::size_t bar = text.find('\n');
    json::Object object{{"type", type}, {"value", std::string(text.substr(0, bar))}};
    if (type == "account" || type == "device")
        object["namespace"] =
            bar == std::string_view::npos ? "nimbus.example" : std::string(text.substr(bar + 1));
    if (type.starts_with("ip")) object["seen_at"] = "2026-03-01T00:00:00Z";
    const auto selector = assess::read_selector(object);
    if (!selector) {
        CHECK_THAT(selector.error().code == Code::finding_not_met);
        return 0;
    }
    CHECK_THAT(selector->value == text.substr(0, bar));
    CHECK_THAT(
        selector->value.find_first_of(type == "url" ? "* \t\r" : "*? \t\r,;|") ==
        std::string::npos);
    const assess::Cell cell{*selector, "subscriber", {}, {}};
    CHECK_THAT(assess::contains(cell, cell));
    assess::Cell other = cell;
    other.selector.value += "x";
    CHECK_THAT(!assess::contains(cell, other) && !assess::contains(other, cell));
    return 0;
}
