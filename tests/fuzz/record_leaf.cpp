// Any bytes as a leaf: never a crash, and what is read is written back to the same bytes.
#include "base/check.hpp"
#include "record/leaf.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace comity;
    using namespace comity::record;
    const BytesView bytes(reinterpret_cast<const char*>(data), size);
    if (const auto leaf = Leaf::parse(bytes)) CHECK_THAT(leaf->print() == bytes);
    static_cast<void>(verify_act_leaf(bytes, Bytes(32, 'n'), "header"));
    return 0;
}
