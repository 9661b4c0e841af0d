// Any bytes as a sealed sighting: never a crash, and what is read has the one text that it is
// printed as.
#include "act/sighting.hpp"
#include "base/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace comity;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto read = act::parse_sighting(text))
        CHECK_THAT(act::sighting_hash(act::print_sighting(read->sighting)) == read->hash);
    return 0;
}
