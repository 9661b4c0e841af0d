// Which characters stay out of what others read.
#include "base/plain_text.hpp"

namespace comity {

bool turns_writing(std::string_view at) {
    if (at.size() < 3 || at[0] != '\xe2') return false;
    const auto last = static_cast<unsigned char>(at[2]);
    return (at[1] == '\x80' && last >= 0xa8 && last <= 0xae) ||
           (at[1] == '\x81' && last >= 0xa6 && last <= 0xa9);
}

bool is_plain(std::string_view text) {
    for (; !text.empty(); text.remove_prefix(1)) {
        const auto c = static_cast<unsigned char>(text.front());
        if (c < 0x20 || c == 0x7f || turns_writing(text)) return false;
    }
    return true;
}

} // namespace comity
